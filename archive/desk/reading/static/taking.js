// Words of a turn that somebody means, as they were said: exactly, in code points.
//
// `words` is dispatched on #turns with {interview, turn, part, exact, occurrence, start, end}: `exact` stands in the
// turn's `part` (text, reasoning) for the `occurrence`-th time, from 1, places that overlap counted too. `start` and
// `end` count code points. Of the turn as a whole `exact` is empty. What is to be done with them comes into #act.

import { said, shown, told } from "./said.js";
import { go, here, turns } from "./turns.js";

const act = document.getElementById("act");
const lit = globalThis.Highlight ? new Highlight() : null;
if (lit) CSS.highlights.set("words", lit);

/** Keeps words to be seen, also where the browser takes their selection away. */
export function light(range) {
  lit?.clear();
  if (range) lit?.add(range);
}

// ── acting on them ──────────────────────────────────────────────────────────────────────────────────────────────────

let taken = "";
let coming = null; // what can be done with them, while it is asked for

/** Says which words are meant, and has what can be done with them shown; `entering` where keys go on there. */
function take(words, entering) {
  const same = JSON.stringify(words) === taken && (coming ?? act.querySelector("form")); // else it is done with
  taken = JSON.stringify(words);
  turns.dispatchEvent(new CustomEvent("words", { bubbles: true, detail: words }));
  if (!turns.dataset.act) return;
  if (!same) {
    const { turn, part, exact, occurrence } = words;
    const asked = new URLSearchParams({ turn, exact, occurrence, part });
    const own = htmx.ajax("GET", `${turns.dataset.act}?${asked}`, { target: "#act", swap: "innerHTML" });
    coming = own.finally(() => {
      if (taken === JSON.stringify(words)) coming = null;
    });
  }
  Promise.resolve(coming).then(() => enter(entering));
}

/** Keys go on there. */
function enter(entering) {
  if (entering) (act.querySelector("[data-first]") ?? act.querySelector("input:not([type=hidden]), button, a") ?? act).focus();
}

const about = (turn) => ({ interview: turns.dataset.interview, turn: Number(turn.id.slice(1)) });

/** Takes words of a part of a turn, from one place to another. */
export function takeWords(part, place, entering = false) {
  const there = said(part);
  light(shown(there, ...place));
  take({ ...about(part.closest("li.turn")), part: part.dataset.part, ...told(there.text, place) }, entering);
}

/** Has one's own note on a turn shown, to be corrected. */
export function takeNote(turn, note) {
  taken = "";
  const asked = new URLSearchParams({ turn: about(turn).turn, note });
  const edit = turns.dataset.act?.replace(/act$/, "edit");
  if (edit) htmx.ajax("GET", `${edit}?${asked}`, { target: "#act", swap: "innerHTML" }).then(() => enter(true));
}

/** Takes a turn as a whole. */
export function takeWhole(turn, entering = false) {
  light(null);
  take({ ...about(turn), part: "text", exact: "", occurrence: 1, start: 0, end: 0 }, entering);
}

document.getElementById("close").addEventListener("click", () => {
  act.replaceChildren();
  taken = "";
  light(null);
  document.getSelection().removeAllRanges();
  if (here()) go(here());
});
