// The frame in which a week is looked at: which view it shows, and how large it is. Where a job ends, what came of it.

const stage = () => document.querySelector("[data-stage]");
const frame = () => stage()?.querySelector("iframe");

function show(link) {
  const place = stage();
  for (const each of place.querySelectorAll("[aria-current]")) each.removeAttribute("aria-current");
  link.setAttribute("aria-current", "true");
  place.dataset.look = link.dataset.look;
  const title = link.closest("section").querySelector("h3").textContent;
  place.querySelector("[data-caption]").textContent = `${title} · ${link.textContent}`;
  place.querySelector("[data-alone]").href = link.href;
}

// A phone's scroll bar takes no room.
function widen() {
  const root = frame().contentDocument?.documentElement;
  frame().style.setProperty("--bar-width", root ? `${frame().clientWidth - root.clientWidth}px` : "0px");
}

document.addEventListener("click", (event) => {
  const link = event.target.closest?.("a[target=stage]");
  if (link) show(link);
});

if (frame()) {
  frame().addEventListener("load", widen);
  const first = [...stage().querySelectorAll("a[target=stage]")].find((link) => link.href === frame().src);
  if (first) show(first);
}

// What a place of the address names is opened, and what a job came to is read next.
function reveal() {
  const named = location.hash && document.getElementById(location.hash.slice(1));
  if (named && named.matches("details")) named.open = true;
}
reveal();
addEventListener("hashchange", reveal);

document.addEventListener("htmx:afterSettle", (event) => {
  const came = event.detail.elt.matches?.("[data-came]") ? event.detail.elt : event.detail.elt.querySelector?.("[data-came]");
  const shown = came ?? event.detail.elt.querySelector?.(".problems");
  if (!shown) return;
  shown.tabIndex = -1;
  shown.focus();
});

// What somebody saved since the page was made, in an editor, a terminal or another tab: said, looked at when wanted.
const news = document.querySelector("[data-news]");
const PAUSE = 5000;
let mark = "";

async function ask() {
  if (document.hidden || !news.hidden) return;
  const answer = await fetch(`${document.body.dataset.at}week/saved`);
  if (!answer.ok) return;
  const now = await answer.text();
  if (mark && now !== mark && !document.querySelector("[data-came], .job")) news.hidden = false;
  mark = now;
}

if (news) {
  news.setAttribute("role", "status");
  ask().catch(() => {});
  setInterval(() => ask().catch(() => {}), PAUSE);
  document.addEventListener("visibilitychange", () => ask().catch(() => {})); // who comes back is told at once
}
