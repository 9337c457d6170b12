// The turns of an interview: parts of it that come after the page, going from turn to turn, what changed in one.

import { say } from "../desk/desk.js";

export const turns = document.getElementById("turns");
const AHEAD = "1500px"; // how far beyond what is seen a part is asked for
const LINE = 72; // characters, to guess how high a part will be

async function got(address) {
  const answer = await fetch(address, { headers: { "HX-Request": "true" } });
  if (!answer.ok) throw new Error(`${address}: ${answer.status}`);
  const made = document.createElement("template");
  made.innerHTML = await answer.text();
  return made.content;
}

// ── parts ───────────────────────────────────────────────────────────────────────────────────────────────────────────

const coming = new Map();

/** Puts the turns in the place that was left for them. */
function arrived(later) {
  if (!coming.has(later)) {
    const { first, last } = later.dataset;
    const part = got(`${turns.dataset.place}/turns?from=${first}&to=${last}`).then((content) => {
      later.replaceWith(content);
      stay();
    });
    coming.set(later, part.catch((error) => (coming.delete(later), Promise.reject(error))));
  }
  return coming.get(later);
}

const seen = new IntersectionObserver(
  (entries) => {
    for (const { isIntersecting, target } of entries) if (isIntersecting) arrived(target).catch(unanswered);
  },
  { rootMargin: AHEAD },
);

function unanswered() {
  say("The desk does not answer: is it still running where it was started?");
}

const later = () => [...turns.querySelectorAll(".later")];

/** All that is still to come, one part after the other, as the browser finds time: then a search in the page finds it. */
async function rest() {
  for (const part of later()) {
    await new Promise((then) => (window.requestIdleCallback ?? setTimeout)(then));
    await arrived(part);
  }
  requestAnimationFrame(stay);
}

/** The turn of this number, once it is there. */
export async function turn(number) {
  const part = later().find(({ dataset }) => Number(dataset.first) <= number && number <= Number(dataset.last));
  if (part) await arrived(part);
  return document.getElementById(`t${number}`);
}

// ── going from turn to turn ─────────────────────────────────────────────────────────────────────────────────────────

let current;

/** The turn that keys act on: the one that was gone to, or the first that is seen where that was scrolled away. */
export function here() {
  if (isSeen(current)) return current;
  return [...turns.querySelectorAll("li.turn")].find((each) => each.getBoundingClientRect().bottom > 80 && !folded(each));
}

function isSeen(element) {
  if (!element?.isConnected) return false;
  const { top, bottom } = element.getBoundingClientRect();
  return bottom > 60 && top < innerHeight;
}

const folded = (element) => element.parentElement.closest("details:not([open])");

/** Goes to a turn: it is seen, and keys act on it. */
export function go(element, block = "nearest") {
  for (let fold = folded(element); fold; fold = folded(element)) fold.open = true;
  become(element);
  current.focus({ preventScroll: true });
  current.scrollIntoView({ block });
}

/** From now on keys act on this turn; the page stays where it is. */
export function become(element) {
  if (current !== element) current?.classList.remove("current");
  current = element;
  current.classList.add("current");
  remember();
}

const SETTLED = 400;
let remembering;

/** Has the address name the turn where one is, so that a reload, or coming back, leads there. */
function remember() {
  clearTimeout(remembering);
  remembering = setTimeout(() => {
    const turn = here();
    if (turn) history.replaceState(null, "", `#${turn.id}`);
  }, SETTLED);
}

addEventListener("scrollend", remember);

async function step(by) {
  if (!isSeen(current)) return here() && go(here());
  const all = [...turns.querySelectorAll("li.turn, .later")].filter((each) => !folded(each));
  const next = all[all.indexOf(current) + by];
  if (!next) return;
  if (!next.matches(".later")) return go(next);
  await arrived(next).catch(unanswered);
  await step(by);
}

document.getElementById("next").addEventListener("click", () => step(1));
document.getElementById("before").addEventListener("click", () => step(-1));

turns.addEventListener("focusin", ({ target }) => {
  const element = target.closest("li.turn");
  if (element) become(element);
});

let goal = null; // the turn that the address names, until somebody moves on from it

/** Keeps it in its place while what stands before it comes. */
function stay() {
  if (goal?.isConnected) goal.scrollIntoView({ block: "start" });
}

for (const kind of ["wheel", "keydown", "pointerdown", "touchstart"]) {
  addEventListener(kind, () => (goal = null), { capture: true, passive: true });
}

/** To the turn that the address names. */
async function arrive() {
  const number = Number(/^#t(\d+)$/.exec(location.hash)?.[1]);
  goal = number ? await turn(number) : null;
  if (goal) go(goal, "start");
}

addEventListener("hashchange", arrive);

// ── what changed ────────────────────────────────────────────────────────────────────────────────────────────────────
// An answer with `HX-Trigger: {"noted": {"turn": 12}}` says that something was filed about that turn.

/** Shows a turn anew, and how far the interview went into its protocol. */
async function renewed(number) {
  const fresh = (await got(`${turns.dataset.place}/turns?from=${number}&to=${number}`)).querySelector(`#t${number}`);
  const old = document.getElementById(`t${number}`);
  if (fresh && old) {
    const focused = old.contains(document.activeElement);
    old.replaceWith(fresh);
    if (old === current) become(fresh);
    if (focused) fresh.focus({ preventScroll: true });
  }
  document.dispatchEvent(new CustomEvent("coverage"));
}

document.body.addEventListener("noted", ({ detail }) => {
  if (detail.turn) renewed(detail.turn).catch(unanswered);
  else location.reload();
});

// ── what was filed since ────────────────────────────────────────────────────────────────────────────────────────────

const LOOK = 5000;
const since = document.getElementById("since");
let mark;

async function told(place) {
  const answer = await fetch(place);
  return answer.ok ? answer.json() : {};
}

/** Whether it was filed again since the page was made; what one files `own`, the page shows at once. */
async function look(own = false) {
  if (document.hidden && !own) return;
  const now = await told(`${document.body.dataset.at}state`);
  if (now.mark === mark) return;
  const { filed } = await told(`${turns.dataset.place}/filed`);
  mark = now.mark;
  if (own) turns.dataset.filed = filed;
  since.hidden = turns.dataset.filed === filed;
}

since.querySelector("button").addEventListener("click", () => location.reload());
document.body.addEventListener("noted", () => look(true).catch(() => {}));
setInterval(() => look().catch(() => {}), LOOK);
addEventListener("focus", () => look().catch(() => {}));

// ── at first ────────────────────────────────────────────────────────────────────────────────────────────────────────

for (const part of later()) {
  const { first, last, characters } = part.dataset;
  const lines = characters / LINE + 3 * (last - first + 1);
  part.style.minHeight = `${Math.round(lines * 1.6)}rem`;
  seen.observe(part);
}
if (location.hash) history.scrollRestoration = "manual";
arrive().then(rest).catch(unanswered);
