// Taking in: how much is recorded moves while one types; what was dropped alone leads to its form.

const at = document.body.dataset.at;
const UNSAID = "not_recorded";

function recorded(answer) {
  const value = answer.querySelector("select").value;
  return value !== UNSAID && Boolean(value || answer.querySelector("textarea").value.trim());
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
  const found = [...answers.slice(here + 1), ...answers.slice(0, here + 1)].find((answer) => !recorded(answer));
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
    if (recorded(answer)) answer.closest("details").open = true;
  }
  count();
});
document.addEventListener("click", (event) => {
  if (event.target.id === "next") next();
  if (event.target.id === "unfold") for (const group of document.querySelectorAll(".group")) group.open = true;
});
document.addEventListener("htmx:load", count);

document.addEventListener("dropped", (event) => {
  const places = new Set(event.detail.answers);
  if (places.size !== 1) return;
  event.preventDefault();
  location.assign(at + [...places][0]);
});
