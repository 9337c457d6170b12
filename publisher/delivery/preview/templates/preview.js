// Which view is shown, and how large its frame is; and the page made anew whenever something was saved.
"use strict";

const place = document.getElementById("stage-place");
const HASH = "#show="; // no element goes by that: the browser would scroll to it
let chosen = location.hash.startsWith(HASH) ? decodeURIComponent(location.hash.slice(HASH.length)) : "";

const links = () => [...document.querySelectorAll("#desk a[target=stage]")];
const seen = (link) => link.offsetParent !== null; // of dark and light, one is hidden
const stage = () => place.querySelector("iframe");

// What stands around the frame: its size, its name, the link that is marked.
function mark(link) {
  for (const each of links()) each.removeAttribute("aria-current");
  link.setAttribute("aria-current", "true");
  chosen = link.id;
  place.dataset.look = link.dataset.look;
  const title = link.closest("section").querySelector("h2").textContent;
  document.getElementById("caption").textContent = `${title} · ${link.textContent}`;
  document.getElementById("alone").href = link.href;
  history.replaceState(null, "", HASH + encodeURIComponent(chosen));
}

function start() {
  const frame = stage();
  if (!frame) return;
  frame.addEventListener("load", widen);
  const link = links().find((each) => each.id === chosen) ?? links().find(seen);
  mark(link);
  frame.src = link.href;
}

// A phone's scroll bar takes no room.
function widen() {
  try {
    const { documentElement: root } = stage().contentDocument;
    stage().style.setProperty("--bar", `${stage().clientWidth - root.clientWidth}px`);
  } catch {
    stage().style.removeProperty("--bar");
  }
}

document.addEventListener("click", (event) => {
  const link = event.target.closest("#desk a[target=stage]");
  if (link) mark(link);
});

async function renew() {
  const answer = await fetch("./");
  const made = new DOMParser().parseFromString(await answer.text(), "text/html");
  const held = document.activeElement?.id;
  document.title = made.title;
  document.getElementById("desk").replaceWith(made.getElementById("desk"));
  if (held) document.getElementById(held)?.focus();
  const link = links().find((each) => each.id === chosen);
  if (!link || !stage()) {
    place.replaceChildren(...made.getElementById("stage-place").children);
    start();
    return;
  }
  mark(link);
  try {
    stage().contentWindow.location.reload(); // where it was, at the line that was read
  } catch {
    stage().src = link.href; // a link led to what may not be shown here
  }
}

const news = new EventSource("events");
const following = (text) => { document.getElementById("following").textContent = text; };
news.addEventListener("message", (event) => {
  if (event.data !== document.getElementById("desk").dataset.version) renew();
});
news.addEventListener("open", () => following("It follows what you save."));
news.addEventListener("error", () => following("The preview has ended: this is what it showed last."));

start();
