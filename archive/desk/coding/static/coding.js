// The pane in which words become a note, a claim, a preference, or are covered: finding a code, sending by keys, what is
// shown of a code that is folded. The forms work without all this.

const pane = () => document.getElementById("act");

// ── finding a code ──────────────────────────────────────────────────────────────────────────────────────────────────

const plain = (text) => text.toLowerCase().replace(/[_\s]+/g, " ");

/** Shows the codes that hold all these words, and of those only the values that do, where one does. */
function find(input) {
  const wanted = plain(input.value).trim().split(" ").filter(Boolean);
  const holds = (text) => wanted.every((word) => plain(text).includes(word));
  let none = true;
  for (const code of pane().querySelectorAll(".code")) {
    const name = code.querySelector("summary").textContent;
    const options = [...code.querySelectorAll(".option")];
    const fits = options.filter((option) => holds(`${name} ${option.textContent}`));
    const shown = !wanted.length || holds(code.textContent) || fits.length > 0;
    code.hidden = !shown;
    code.open = wanted.length ? shown : given(code);
    const some = wanted.length && fits.length && !holds(name);
    for (const option of options) option.hidden = some && !fits.includes(option) && !option.querySelector(":checked");
    none &&= !shown;
  }
  pane().querySelector(".codes .none").hidden = !none;
}

/** The first value that is found is taken, and keys go on there; of a code of free text, that is where one writes. */
function takeFirst(input) {
  if (!input.value.trim()) return;
  const code = [...pane().querySelectorAll(".code")].find((each) => !each.hidden);
  const first = [...(code?.querySelectorAll("input:not(.more), textarea") ?? [])].find(
    (each) => each.value !== "" || !each.matches("[type=radio]"),
  );
  const wanted = [...(code?.querySelectorAll(".option:not([hidden]) input:not(.more)") ?? [])].find((each) => each.value);
  const chosen = wanted ?? first;
  if (!chosen) return;
  input.value = "";
  if (chosen.matches("[type=radio], [type=checkbox]")) chosen.checked = true;
  find(input);
  code.open = true;
  chosen.dispatchEvent(new Event("input", { bubbles: true }));
  chosen.focus();
}

// ── what is said, where a code is folded ────────────────────────────────────────────────────────────────────────────

const given = (code) => [...code.querySelectorAll("input:checked, input[type=text]:not(.more), textarea")].some((each) => each.value.trim());

function said(code) {
  const chosen = [...code.querySelectorAll("input:checked")].filter((each) => each.value);
  const written = [...code.querySelectorAll("input[type=text]:not(.more), textarea")].map((each) => each.value.trim());
  const words = [...chosen.map((each) => each.labels[0].textContent), ...written].filter(Boolean);
  code.querySelector(".said").textContent = words.join(", ");
}

function all(form) {
  for (const code of form.querySelectorAll(".code")) {
    said(code);
    if (given(code)) code.open = true;
  }
  later(form);
}

/** What is asked of a claim or a wish that is new is not asked of one that is there. */
function later(form) {
  for (const [name, block] of [["claim", ".new-claim"], ["wish", ".new-wish"]]) {
    const part = form.querySelector(block);
    if (part) part.hidden = Boolean(form.elements[name]?.value);
  }
}

// ── events ──────────────────────────────────────────────────────────────────────────────────────────────────────────

document.addEventListener("input", ({ target }) => {
  if (target.id === "act-find") find(target);
  const code = target.closest?.("#act .code");
  if (code) said(code);
  if (target.matches?.("#act select")) later(target.form);
});

document.addEventListener("keydown", (event) => {
  const { target } = event;
  if (!target.closest?.("#act")) return;
  if (target.id === "act-find" && event.key === "Enter" && !event.ctrlKey && !event.metaKey) {
    event.preventDefault();
    takeFirst(target);
  } else if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
    event.preventDefault();
    target.closest("form")?.requestSubmit();
  } else if (event.key === "Escape") back();
});

let chosen = ""; // what to make of the words, as an address: keys go on in its form

document.addEventListener("click", ({ target }) => {
  chosen = target.closest?.("#act nav a, #act .mine a")?.getAttribute("hx-get") ?? chosen;
});

/** Keys go on at the turn. */
function back() {
  const turn = pane().querySelector("[name=turn]")?.value ?? pane().querySelector("[data-turn]")?.dataset.turn;
  document.getElementById(`t${turn}`)?.focus({ preventScroll: true });
}

document.addEventListener("filled", ({ target }) => {
  if (target.closest?.("#act")) all(target);
});

document.addEventListener("htmx:afterSettle", ({ detail }) => {
  if (detail.target.id !== "act") return;
  for (const form of pane().querySelectorAll("form")) all(form);
  if (pane().querySelector(".done")) back();
  else if (chosen && chosen === detail.pathInfo?.requestPath) {
    chosen = "";
    (pane().querySelector("[data-first]") ?? pane().querySelector("form :is(input:not([type=hidden]), textarea)"))?.focus();
  }
});

for (const form of pane()?.querySelectorAll("form") ?? []) all(form);

// Who has said who they are comes back to the page of the interview, which may look different to them, and to the words.
const MEANT = "meant";

document.addEventListener("submit", ({ target }) => {
  if (target.dataset.meant) sessionStorage.setItem(MEANT, target.dataset.meant);
});

const meant = sessionStorage.getItem(MEANT);
sessionStorage.removeItem(MEANT);
if (meant && pane()) htmx.ajax("GET", document.body.dataset.at + meant, "#act");
