// Words that somebody selects in a turn by mouse or touch, and the turn as a whole.

import { say } from "../desk/desk.js";
import { said, trimmed, within } from "./said.js";
import { takeNote, takeWhole, takeWords } from "./taking.js";
import { become, here, turns } from "./turns.js";
import { begin, leave, walking } from "./walking.js";

const SETTLED = 250; // milliseconds after which a selection is what was meant
const selection = document.getSelection();

/** The words that are selected in a turn; of several turns, those of the first. */
function selected() {
  if (!selection.rangeCount || selection.isCollapsed) return null;
  const range = selection.getRangeAt(0);
  const reached = [...turns.querySelectorAll("li.turn .said")].filter((part) => range.intersectsNode(part));
  const found = [];
  for (const part of reached) {
    const there = said(part);
    const place = within(there, range);
    const words = place && trimmed(there.text, place);
    if (words && words[0] < words[1]) found.push([part, words]);
  }
  if (found.length > 1) say("The words of one turn at a time: those of the first were taken.");
  return found[0] ?? null;
}

function takeSelected(enter = false, among = turns) {
  const found = selected();
  if (!found || !among.contains(found[0])) return false;
  become(found[0].closest("li.turn"));
  takeWords(...found, enter);
  return true;
}

/** Acts on the words of a turn that are selected, or on the turn. */
function actOn(turn) {
  if (turn && !takeSelected(true, turn)) takeWhole(turn, true);
}

let held = false; // the pointer, so that a selection is not done yet
let changed = false; // since it went down: where it does something else, words stay as they were taken
let settled;

function settle() {
  clearTimeout(settled);
  if (!held && !walking) settled = setTimeout(() => !walking && takeSelected(), SETTLED);
}

function down() {
  leave();
  [held, changed] = [true, false];
}

function up() {
  held = false;
  if (changed) settle();
}

addEventListener("pointerdown", down, true);
for (const kind of ["pointerup", "pointercancel"]) addEventListener(kind, up, true);
document.addEventListener("selectionchange", () => {
  changed = true;
  settle();
});

turns.addEventListener("click", ({ target }) => {
  const turn = target.closest("li.turn");
  const note = target.closest("button.correct");
  if (target.closest("button.whole")) takeWhole(turn, true);
  if (note) takeNote(turn, note.dataset.note);
});
document.getElementById("whole").addEventListener("click", () => actOn(here()));
document.getElementById("by-keys").addEventListener("click", begin);

document.addEventListener(
  "keydown",
  (event) => {
    if (event.key !== "Enter" || event.defaultPrevented || !event.target.matches?.("li.turn") || turns.dataset.question) return;
    event.preventDefault();
    event.stopPropagation();
    actOn(event.target);
  },
  true,
);
