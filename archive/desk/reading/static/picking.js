// Turns that are picked while one reads, to be compared.

import { here, turns } from "./turns.js";

function pick(element) {
  const values = { turn: `${turns.dataset.interview}#${element.id.slice(1)}` };
  htmx.ajax("POST", turns.dataset.pick, { target: "#picked", swap: "innerHTML", values });
}

turns.addEventListener("click", ({ target }) => {
  if (target.closest("button.pick")) pick(target.closest("li.turn"));
});
document.getElementById("pick").addEventListener("click", () => here() && pick(here()));
