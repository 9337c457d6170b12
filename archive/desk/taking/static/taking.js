// Taking in: how much is recorded moves while one types; what was dropped alone leads to its form.

import { say } from "../desk/desk.js";

const at = document.body.dataset.at;
const UNSAID = "not_recorded";

function answered(answer) {
  const value = answer.querySelector("select").value;
  return value !== UNSAID && Boolean(value || answer.querySelector("textarea").value.trim());
}

// There, or where nothing is said there, by the whole deposit.
function recorded(answer) {
  const value = answer.querySelector("select").value || answer.querySelector("textarea").value.trim();
  return answered(answer) || (!value && "inherits" in answer.dataset);
}

function count() {
  const bar = document.getElementById("recorded");
  if (!bar) return;
  let all = 0;
  for (const group of document.querySelectorAll(".group")) {
    const answers = [...group.querySelectorAll("[data-answer]")];
    const own = answers.filter(recorded).length;
    all += own;
    group.querySelector("[data-count]").textContent = `${own} of ${answers.length}`;
  }
  bar.value = all;
  const said = document.getElementById("recorded-said");
  if (said.textContent !== String(all)) said.textContent = all;
}

// Where an answer came from is said as long as it is the one that came.
function marks(answer) {
  answer.classList.toggle("is-from", Boolean(answer.querySelector(".from")) && ![...answer.querySelectorAll("select, textarea")].some(changed));
}

function changed(control) {
  return control.matches("select") ? ![...control.options].every((option) => option.selected === option.defaultSelected || (!option.value && !control.querySelector("[selected]"))) : control.value !== control.defaultValue;
}

function next() {
  const answers = [...document.querySelectorAll("[data-answer]")];
  const here = answers.findIndex((answer) => answer.contains(document.activeElement) || answer === last);
  const found = [...answers.slice(here + 1), ...answers.slice(0, here + 1)].find((answer) => !answered(answer));
  if (!found) return;
  last = found;
  found.closest("details").open = true;
  found.querySelector(found.dataset.shape === "choice" ? "select" : "textarea").focus();
  found.scrollIntoView({ block: "center" });
}

let last = null;

for (const kind of ["input", "change"])
  document.addEventListener(kind, (event) => {
    const answer = event.target.closest?.("[data-answer]");
    if (!answer) return;
    last = answer;
    marks(answer);
    count();
  });
document.addEventListener("focusin", (event) => (last = event.target.closest("[data-answer]") ?? last));
document.addEventListener("filled", () => {
  for (const answer of document.querySelectorAll("[data-answer]")) {
    marks(answer);
    if (answered(answer)) answer.closest("details").open = true;
  }
  count();
});
// Of an export: those of which the words that are looked for stand in the list.
document.addEventListener("input", (event) => {
  if (event.target.id !== "find") return;
  const words = event.target.value.toLowerCase().split(/\s+/).filter(Boolean);
  for (const row of document.querySelectorAll("#parts li")) {
    const text = row.textContent.toLowerCase();
    row.hidden = !words.every((word) => text.includes(word));
  }
});

function pick(all) {
  for (const box of document.querySelectorAll("#parts input[name=only]")) box.checked = all && (box.checked || !box.closest("li").hidden);
  const first = document.querySelector("#parts input[name=only]");
  for (const kind of ["input", "change"]) first.dispatchEvent(new Event(kind, { bubbles: true }));
}

// The answers of another deposit, where nothing is answered yet; each says where it comes from.
async function like(number) {
  const answer = await fetch(`${at}taking-in/like/${number}`);
  if (!answer.ok) return;
  let taken = 0;
  for (const [key, [value, words]] of Object.entries(await answer.json())) {
    const field = document.getElementById(`c-${key}`);
    if (!field || answered(field)) continue;
    field.querySelector("select").value = value;
    field.querySelector("textarea").value = words;
    field.querySelector(".from")?.remove();
    const from = field.querySelector(".asked").appendChild(document.createElement("p"));
    from.className = "from";
    from.textContent = `from ${number}`;
    for (const control of field.querySelectorAll("select, textarea")) control.dispatchEvent(new Event("input", { bubbles: true }));
    field.classList.add("is-from");
    field.closest("details").open = true;
    taken += 1;
  }
  say(taken ? `${taken} answers of ${number} were taken over.` : `${number} answers nothing that is not answered here.`);
}

document.addEventListener("click", (event) => {
  if (event.target.dataset?.like) like(event.target.dataset.like);
  if (event.target.id === "next") next();
  if (event.target.id === "pick-all") pick(true);
  if (event.target.id === "pick-none") pick(false);
  if (event.target.id === "unfold") for (const group of document.querySelectorAll(".group")) group.open = true;
});
document.addEventListener("htmx:load", count);
document.addEventListener("submit", () => say(""));

// A whole folder waits as one thing, once all of it has come.
async function folder(files) {
  const token = crypto.randomUUID().replaceAll("-", "");
  const asked = async (place, options) => {
    const answer = await fetch(at + place, { ...options, headers: { "HX-Request": "true" } });
    if (!answer.ok) throw new Error(await answer.text());
    return answer.text();
  };
  try {
    for (const [path, file] of files) {
      say(`Taking ${path} …`);
      await asked(`taking-in/folders/${token}/${path.split("/").map(encodeURIComponent).join("/")}`, { method: "PUT", body: file });
    }
    location.assign(at + (await asked(`taking-in/folders/${token}`, { method: "POST", body: new URLSearchParams() })));
  } catch (error) {
    const made = document.createElement("template");
    made.innerHTML = error.message;
    const problems = document.getElementById("problems");
    problems.replaceChildren(made.content.querySelector(".problems") ?? error.message);
    problems.focus();
    say("");
  }
}

async function inside(entry) {
  const path = entry.fullPath.slice(1);
  if (entry.isFile) return [[path, await new Promise((resolve, reject) => entry.file(resolve, reject))]];
  const reader = entry.createReader();
  const found = [];
  for (let some = [null]; some.length; ) {
    some = await new Promise((resolve, reject) => reader.readEntries(resolve, reject));
    found.push(...some);
  }
  return (await Promise.all(found.map(inside))).flat();
}

document.addEventListener(
  "drop",
  async (event) => {
    if (!event.target.closest?.("[data-drop]")) return;
    const entries = [...event.dataTransfer.items].map((item) => item.webkitGetAsEntry?.()).filter((entry) => entry?.isDirectory);
    if (!entries.length) return;
    event.preventDefault();
    event.stopPropagation();
    for (const entry of entries) await folder(await inside(entry));
  },
  true,
);
// What is dropped beside the zone was meant for it.
document.addEventListener("drop", (event) => {
  const zone = document.querySelector("[data-drop]");
  if (zone && !event.target.closest?.("[data-drop]"))
    zone.dispatchEvent(new DragEvent("drop", { dataTransfer: event.dataTransfer, bubbles: true, cancelable: true }));
});
document.getElementById("folder")?.addEventListener("change", (event) => folder([...event.target.files].map((file) => [file.webkitRelativePath, file])));

document.addEventListener("dropped", (event) => {
  const places = new Set(event.detail.answers);
  if (places.size !== 1) return;
  event.preventDefault();
  location.assign(at + [...places][0]);
});
