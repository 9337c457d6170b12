// Taking words of a turn by keys: arrows go from word to word and from line to line, with Shift they take more, with
// Shift and Ctrl single letters; Enter acts on them, Escape leaves, `v` goes on to the reasoning.

import { say } from "../desk/desk.js";
import { said, shown } from "./said.js";
import { light, takeWords } from "./taking.js";
import { go, here } from "./turns.js";

/** Which words are taken: from the word it began with, `anchor`, to that where the keys are, `at`, and `more` letters. */
export let walking = null;

const selection = document.getSelection();

/** Begins with the first word of the turn; again, of its next part. */
export function begin() {
  const turn = here();
  const parts = turn ? [...turn.querySelectorAll(".said")] : [];
  const next = walking ? parts[(parts.indexOf(walking.part) + 1) % parts.length] : null;
  const part = next ?? parts.find(({ dataset }) => dataset.part === "text") ?? parts[0];
  if (!part) return;
  for (let fold = closed(part); fold; fold = closed(part)) fold.open = true;
  go(turn);
  const there = said(part);
  const words = [...new Intl.Segmenter(undefined, { granularity: "word" }).segment(there.text)].filter((word) => word.isWordLike);
  if (!words.length) return;
  const places = words.map(({ index, segment }) => [index, index + segment.length]);
  walking = { part, ...there, words: places, anchor: 0, at: 0, more: 0 };
  say("Words by keys: arrows go on, with Shift they take more, Enter acts, Escape leaves.");
  show();
}

const closed = (element) => element.closest("details:not([open])");

/** Leaves off; what was taken stays. */
export function leave() {
  if (!walking) return;
  walking = null;
  say("");
}

/** From where to where the words reach that are taken. */
function reach() {
  const { words, anchor, at, more, text } = walking;
  const [start, end] = [words[Math.min(anchor, at)][0], words[Math.max(anchor, at)][1]];
  if (at >= anchor) return [start, Math.min(text.length, Math.max(start + 1, end + more))];
  return [Math.max(0, Math.min(end - 1, start + more)), end];
}

function show() {
  const range = shown(walking, ...reach());
  light(range);
  selection.removeAllRanges();
  selection.addRange(range);
  const { top, bottom } = box(walking.at);
  if (top < 90) scrollBy(0, top - 120);
  else if (bottom > innerHeight - 40) scrollBy(0, bottom - innerHeight + 80);
}

const box = (word) => shown(walking, ...walking.words[word]).getBoundingClientRect();

/** The word that stands nearest in the line below or above the one where the keys are. */
function across(by) {
  const own = box(walking.at);
  let best = walking.at;
  let line, distance;
  for (let word = walking.at + by; word >= 0 && word < walking.words.length; word += by) {
    const each = box(word);
    if (by > 0 ? each.top < own.bottom - 2 : each.bottom > own.top + 2) continue;
    line ??= each.top;
    if (Math.abs(each.top - line) > 4) break;
    const off = Math.abs(each.left - own.left);
    if (distance === undefined || off < distance) [best, distance] = [word, off];
  }
  return best;
}

const STEPS = {
  ArrowRight: () => walking.at + 1,
  ArrowLeft: () => walking.at - 1,
  ArrowDown: () => across(1),
  ArrowUp: () => across(-1),
  Home: () => 0,
  End: () => walking.words.length - 1,
};

/** What a key does; whether it does something. */
function walk({ key, shiftKey, ctrlKey }) {
  if (key === "v") begin();
  else if (key === "Escape") {
    leave();
    light(null);
    selection.removeAllRanges();
  } else if (key === "Enter") {
    const { part } = walking;
    const place = reach();
    leave();
    takeWords(part, place, true);
  } else if (shiftKey && ctrlKey && /^Arrow(Left|Right)$/.test(key)) {
    walking.more += key === "ArrowRight" ? 1 : -1;
    show();
  } else if (key in STEPS && !ctrlKey) {
    walking.at = Math.max(0, Math.min(walking.words.length - 1, STEPS[key]()));
    walking.more = 0;
    if (!shiftKey) walking.anchor = walking.at;
    show();
  } else return false;
  return true;
}

document.addEventListener(
  "keydown",
  (event) => {
    if (!walking || event.altKey || event.metaKey || document.querySelector("dialog[open]")) return;
    if (walk(event)) {
      event.preventDefault();
      event.stopPropagation();
    } else if (!["Shift", "Control"].includes(event.key)) leave();
  },
  true,
);
