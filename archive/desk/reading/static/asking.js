// Which turn asks a question: the question is chosen, then the turn. What comes of it is a note, as any coder's.

import { say } from "../desk/desk.js";
import { go, here, turn, turns } from "./turns.js";

const list = () => document.getElementById("coverage");

function pressed() {
  for (const button of list().querySelectorAll(".question")) {
    button.setAttribute("aria-pressed", String(button.dataset.question === turns.dataset.question));
  }
}

/** Begins to ask which turn puts a question, or leaves off. */
function choose(question) {
  if (question) turns.dataset.question = question;
  else delete turns.dataset.question;
  pressed();
  say(question ? `Which turn asks “${question}”? Click it, or go there with j and k and press Enter. Escape leaves.` : "");
}

/** Says that a turn asks the question that was chosen, or that it does not, where it is in the list as asking it. */
async function asks(element) {
  const { question } = turns.dataset;
  const number = Number(element.id.slice(1));
  const links = list().querySelectorAll(`.question[data-question="${CSS.escape(question)}"] ~ .depth [data-asks]`);
  const says = [...links].some((link) => link.hash === `#t${number}`) ? "not_asked" : "asks";
  choose("");
  const values = { question, turn: number, says };
  await htmx.ajax("POST", `${turns.dataset.place}/coverage`, { target: "#coverage", swap: "none", values });
}

document.addEventListener("click", ({ target }) => {
  const button = target.closest("button.question");
  const element = target.closest("#turns li.turn");
  const link = target.closest("#coverage a[href^='#t'], .way a, .setting a");
  if (button) {
    choose(button.getAttribute("aria-pressed") === "true" ? "" : button.dataset.question);
    if (turns.dataset.question && here()) go(here());
  } else if (element && turns.dataset.question && !target.closest("a, summary")) asks(element);
  else if (link) turn(Number(link.hash.slice(2))).then((there) => there && go(there, "start"));
});

document.addEventListener(
  "keydown",
  (event) => {
    if (!turns.dataset.question) return;
    if (event.key === "Escape") choose("");
    else if (event.key === "Enter" && event.target.matches("li.turn")) asks(event.target);
    else return;
    event.preventDefault();
    event.stopPropagation();
  },
  true,
);

// ── the list anew ───────────────────────────────────────────────────────────────────────────────────────────────────

/** Puts the list that came in the place of the one that is there: unfolded as that was, keys where they were. */
function renew(html) {
  const made = document.createElement("template");
  made.innerHTML = html;
  const fresh = made.content.querySelector("#coverage");
  if (!fresh) return;
  const focused = document.activeElement?.closest?.("#coverage .question")?.dataset.question;
  fresh.querySelector("details").open = list().querySelector("details").open;
  list().replaceWith(fresh);
  pressed();
  if (focused) fresh.querySelector(`.question[data-question="${CSS.escape(focused)}"]`)?.focus();
}

document.addEventListener("coverage", async () => {
  const answer = await fetch(`${turns.dataset.place}/coverage`, { headers: { "HX-Request": "true" } });
  if (answer.ok) renew(await answer.text());
});

if (matchMedia("(width >= 64rem)").matches) list().querySelector("details").open = true;
