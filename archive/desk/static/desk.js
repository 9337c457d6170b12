// What all pages of the desk do: keys, forms that outlive a reload, files that changed meanwhile, dropping files.
// Pages are made by the server; htmx puts parts of them in place. Nothing here knows what a page is about.

const at = document.body.dataset.at;
const KEEP = 400; // milliseconds after the last key
const LOOK = 3000; // between two looks at what changed on disk

/** Says something where a screen reader hears it, and for as long as somebody may be looking. */
export function say(text) {
  document.getElementById("said").textContent = text;
}

// Once this desk does not answer, another program may listen where it did: nothing more is sent there.
let ended = false;

function end() {
  if (ended) return;
  ended = true;
  const text = "This desk has ended. Nothing typed here is kept any more: start archive desk again, and open the address that it prints.";
  const box = document.createElement("p");
  box.className = "wrong";
  box.textContent = text;
  document.getElementById("problems").replaceChildren(box);
}

// A browser fails requests of a page that is being left, too.
async function lookForDesk() {
  await new Promise((resolve) => setTimeout(resolve, 300));
  try {
    if ((await fetch(`${at}state`)).ok) return;
  } catch {}
  if (!leaving) end();
}

async function ask(place, options = {}) {
  if (ended) throw new Error("the desk has ended");
  let answer;
  try {
    answer = await fetch(at + place, options);
  } catch (error) {
    await lookForDesk();
    throw error;
  }
  if (answer.status === 403) end(); // another desk, or another program
  if (!answer.ok) throw new Error(`${place}: ${answer.status}`);
  return answer;
}

const SMALL = 60000; // bytes that a browser sends for a page that is left

async function post(place, fields) {
  const body = new URLSearchParams(fields);
  return ask(place, { method: "POST", body, keepalive: body.toString().length < SMALL });
}

let leaving = false;
addEventListener("pagehide", () => (leaving = true));
addEventListener("pageshow", () => (leaving = false));

// ── keys ────────────────────────────────────────────────────────────────────────────────────────────────────────────
// <a data-keys="g i">: followed when g and then i is pressed, where nobody is writing. `?` lists them.

const MAPPED = { ArrowDown: "↓", ArrowUp: "↑", ArrowLeft: "←", ArrowRight: "→" };
let pressed = [];

function writing(target) {
  return target.closest?.("input:not([type=checkbox], [type=radio], [type=button], [type=submit], [type=file]), textarea, select, [contenteditable=true]");
}

function keyed() {
  return [...document.querySelectorAll("[data-keys]")].filter((element) => element.checkVisibility() || element.dataset.keysAlways !== undefined);
}

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
  if (writing(event.target)) {
    if (event.key === "Escape") event.target.blur();
    return;
  }
  if (document.querySelector("dialog[open]")) return;
  pressed = [...pressed, MAPPED[event.key] ?? event.key].slice(-2);
  const found =
    keyed().find((element) => element.dataset.keys === pressed.join(" ")) ??
    keyed().find((element) => element.dataset.keys === pressed.at(-1));
  if (!found) return;
  event.preventDefault();
  pressed = [];
  if (found.matches("input, textarea, select, [data-keys-focus]")) found.focus();
  else found.click();
});

function named(element) {
  const label = element.dataset.keysSay ?? element.getAttribute("aria-label") ?? element.labels?.[0]?.textContent ?? element.textContent;
  return label.trim().replace(/\s+/g, " ");
}

document.getElementById("keys-button").addEventListener("click", () => {
  const dialog = document.getElementById("keys");
  const said = new Map();
  for (const element of keyed()) if (!said.has(element.dataset.keys)) said.set(element.dataset.keys, named(element));
  const rows = [...said].map(([keys, what]) => {
    const row = document.createElement("div");
    const term = row.appendChild(document.createElement("dt"));
    for (const key of keys.split(" ")) term.appendChild(document.createElement("kbd")).textContent = key;
    row.appendChild(document.createElement("dd")).textContent = what;
    return row;
  });
  dialog.querySelector("dl").replaceChildren(...rows);
  dialog.showModal();
});

// ── forms that were begun ───────────────────────────────────────────────────────────────────────────────────────────
// <form data-form="deposit:2026-0041">: what is typed is kept in the home until it was sent and did its work.

const fresh = () => crypto.randomUUID().replaceAll("-", "");
let tab = fresh();
try {
  tab = sessionStorage.tab ??= tab;
} catch {
  // where nothing may be stored, a reload is another tab
}

/** Whether the id of a tab is this page's: one that was duplicated came with the other's. */
function held(id) {
  if (!navigator.locks) return true;
  return new Promise((resolve) => {
    navigator.locks.request(`tab:${id}`, { ifAvailable: true }, (lock) => {
      resolve(Boolean(lock));
      return lock && new Promise(() => {}); // until the page goes
    });
  });
}

for (let tries = 0; !(await held(tab)); tries += 1) {
  if (tries < 3) await new Promise((resolve) => setTimeout(resolve, 100)); // a page that is loaded anew lets go of it
  else tab = sessionStorage.tab = fresh();
}

// Which fields somebody typed into: what they said, beside what the page had said.
const typed = new WeakMap();

function touched(form) {
  if (!typed.has(form)) typed.set(form, new Set());
  return typed.get(form);
}

document.addEventListener("formdata", (event) => {
  const form = event.target;
  if (form.dataset.form) for (const name of touched(form)) event.formData.append("_typed", name);
});

function fields(form) {
  return [...new FormData(form)].filter(([, value]) => typeof value === "string");
}

/** Puts what was kept into a form: all of it, or the fields of these names. */
function fill(form, kept, names) {
  const taken = {};
  for (const element of form.elements) {
    const { name, type } = element;
    if (!name || name === "_tab" || type === "submit" || type === "file" || (names && !names.includes(name))) continue;
    const values = kept[name] ?? [];
    if (type === "checkbox" || type === "radio") element.checked = values.includes(element.value);
    else if (type === "select-multiple") for (const option of element.options) option.selected = values.includes(option.value);
    else if (name in kept) element.value = values[(taken[name] = (taken[name] ?? -1) + 1)] ?? "";
  }
  for (const name of kept._typed ?? []) touched(form).add(name);
  form.dispatchEvent(new Event("filled", { bubbles: true }));
}

function unfold(element) {
  for (let each = element.closest("details"); each; each = each.parentElement.closest("details")) each.open = true;
}

function offer(form, begun, mine) {
  const box = form.querySelector(".begun");
  if (!box) return;
  const when = new Date(begun.time * 1000).toLocaleString();
  const button = (text, does) => {
    const made = document.createElement("button");
    made.type = "button";
    made.textContent = text;
    made.addEventListener("click", does);
    return made;
  };
  const away = button(mine ? "Discard it" : "Put it away", async () => {
    await post("forms/forget", { key: form.dataset.form, tab: begun.tab });
    if (mine) location.reload();
    else box.hidden = true;
  });
  const text = document.createElement("span");
  text.textContent = mine ? `As you left it on ${when}, not sent yet. ` : `Begun on ${when} and not sent. `;
  const take = button("Take it up", () => {
    fill(form, begun.fields);
    keep(form);
    box.hidden = true;
    post("forms/forget", { key: form.dataset.form, tab: begun.tab });
  });
  box.replaceChildren(text, ...(mine ? [away] : [take, " ", away]));
  box.hidden = false;
  unfold(form);
}

// Forms that came back with what is wrong in them: what they hold was sent later than what was kept.
const refused = new WeakSet();

async function open(form) {
  if (form.dataset.opened) return;
  form.dataset.opened = "yes";
  const own = form.elements._tab;
  if (own) own.value = tab;
  const again = retaken(form);
  if (again) {
    fill(form, again, again._typed);
    keep(form);
    unfold(form);
  }
  const answer = await ask(`forms?key=${encodeURIComponent(form.dataset.form)}`);
  const begun = await answer.json();
  const mine = begun.find((each) => each.tab === tab);
  if (refused.has(form)) {
    for (const name of mine?.fields._typed ?? []) touched(form).add(name);
    keep(form);
  } else if (mine && !again) {
    const typed = touched(form); // while it was asked for
    fill(form, mine.fields, [...form.elements].map((each) => each.name).filter((name) => !typed.has(name)));
    offer(form, mine, true);
  } else if (begun.length && !again) offer(form, begun[0], false);
  form.dataset.ready = "yes";
}

const waiting = new Map();
let keeping = Promise.resolve(); // one after the other, so that what was typed last is what is kept

function keep(form) {
  clearTimeout(waiting.get(form));
  waiting.delete(form);
  if (!form.isConnected) return;
  const said = fields(form);
  const sent = () => post("forms/keep", said).then(
    () => (form.dataset.kept = "yes"),
    () => ended || say("What you typed could not be kept: is there room on the disk?"),
  );
  keeping = leaving ? sent() : keeping.then(sent);
}

document.addEventListener("input", (event) => {
  const form = event.target.closest?.("form[data-form]");
  if (!form || !event.target.name) return; // what has no name is not sent: it only finds something
  touched(form).add(event.target.name);
  delete form.dataset.kept;
  clearTimeout(waiting.get(form));
  waiting.set(form, setTimeout(keep, KEEP, form));
});

addEventListener("pagehide", () => {
  for (const form of waiting.keys()) keep(form);
});

// Sent: what becomes of it, its answer says.
document.addEventListener("submit", (event) => {
  clearTimeout(waiting.get(event.target));
  waiting.delete(event.target);
  if (ended) event.preventDefault();
});

function opened(root) {
  for (const form of root.querySelectorAll?.("form[data-form]") ?? []) open(form).catch(() => {});
  if (root.matches?.("form[data-form]")) open(root).catch(() => {});
}
opened(document);
document.addEventListener("htmx:load", (event) => opened(event.detail.elt));

// A form that stays on the page may be sent once more when what it began with is over (its _once).
document.addEventListener("htmx:afterSettle", () => {
  if (document.querySelector(".job[hx-get]")) return;
  for (const field of document.querySelectorAll("input[name=_once]")) field.value = crypto.randomUUID();
});

// ── problems ────────────────────────────────────────────────────────────────────────────────────────────────────────

document.addEventListener("htmx:beforeRequest", (event) => {
  if (ended) event.preventDefault();
  else document.getElementById("problems").replaceChildren();
});
document.addEventListener("htmx:afterSwap", (event) => {
  if (event.detail.xhr?.status === 422) for (const form of event.detail.target.querySelectorAll("form[data-form]")) refused.add(form);
  if (event.detail.target.id === "problems") event.detail.target.focus();
  else event.detail.target.querySelector?.("[aria-invalid=true]")?.focus();
});
document.addEventListener("htmx:sendError", lookForDesk);
document.addEventListener("htmx:afterRequest", (event) => {
  if (event.detail.xhr?.status === 409) look().catch(() => {});
});

// ── what changed on disk ────────────────────────────────────────────────────────────────────────────────────────────
// A form that was made from files (its _base) says so when one of them is another.

async function look() {
  if (document.hidden || ended) return;
  const forms = [...document.querySelectorAll("form[data-form]")];
  if (!forms.length) return;
  const made = forms.filter((form) => form.elements._base?.value);
  const bases = made.flatMap((form) => form.elements._base.value.split("\n").map((line) => [form, ...split(line)]));
  const asked = new URLSearchParams(bases.map(([, name]) => ["file", name]));
  const { files } = await (await ask(`state?${asked}`)).json();
  for (const [form, name, digest] of bases) {
    const now = files[name] ?? "-";
    let box = [...form.querySelectorAll(".changed")].find((each) => each.dataset.file === name);
    if (now === digest) {
      box?.remove();
      continue;
    }
    if (box?.dataset.now === now) continue;
    const shown = await ask(`difference?${new URLSearchParams({ file: name, base: digest })}`);
    const html = await shown.text();
    if (!form.isConnected) return;
    box ??= form.insertAdjacentElement("afterbegin", document.createElement("div"));
    box.className = "changed";
    box.setAttribute("role", "status");
    box.dataset.file = name;
    box.dataset.now = now;
    box.innerHTML = html;
    const button = box.appendChild(document.createElement("button"));
    button.type = "button";
    button.textContent = "Take the file as it is now, and what I typed";
    button.addEventListener("click", () => retake(form));
  }
}

// The form is made again from the file as it is now, and into it is put what was typed, nothing else of the old one.
async function retake(form) {
  const names = [...touched(form)];
  const said = fields(form).filter(([name]) => names.includes(name));
  const kept = { _typed: names };
  for (const [name, value] of said) (kept[name] ??= []).push(value);
  sessionStorage.setItem(`retake ${form.dataset.form}`, JSON.stringify(kept));
  clearTimeout(waiting.get(form));
  waiting.delete(form);
  await keeping;
  await post("forms/forget", { key: form.dataset.form, tab });
  location.reload();
}

function retaken(form) {
  const name = `retake ${form.dataset.form}`;
  const kept = sessionStorage.getItem(name);
  sessionStorage.removeItem(name);
  return kept && JSON.parse(kept);
}

function split(line) {
  const end = line.lastIndexOf(" ");
  return [line.slice(0, end), line.slice(end + 1)];
}

setInterval(() => look().catch(() => {}), LOOK);

// ── dropping files ──────────────────────────────────────────────────────────────────────────────────────────────────
// <div data-drop="taking-in/files"> with an <input type=file> in it: each file is sent to PUT …/NAME, then `dropped`
// is dispatched with the answers, or the page is loaded again.

function sent(zone, file) {
  return new Promise((resolve, reject) => {
    if (ended) return reject(new Error("This desk has ended."));
    const request = new XMLHttpRequest();
    request.open("PUT", `${at}${zone.dataset.drop}/${encodeURIComponent(file.name)}`);
    const bar = zone.querySelector("progress");
    request.upload.onprogress = ({ loaded, total }) => {
      if (!bar) return;
      bar.hidden = false;
      bar.max = total;
      bar.value = loaded;
    };
    request.onload = () => (request.status < 400 ? resolve(request.responseText) : reject(new Error(request.responseText)));
    request.onerror = () => reject(new Error("The desk does not answer."));
    request.send(file);
  });
}

async function dropped(zone, files) {
  const problems = document.getElementById("problems");
  problems.replaceChildren();
  zone.dataset.busy = "yes";
  const answers = [];
  for (const file of files) {
    say(`Taking ${file.name} …`);
    try {
      answers.push(await sent(zone, file));
    } catch (error) {
      const made = document.createElement("template");
      made.innerHTML = error.message;
      problems.append(made.content.querySelector(".problems") ?? error.message);
      problems.focus();
    }
  }
  delete zone.dataset.busy;
  say("");
  const chosen = zone.querySelector("input[type=file]");
  if (chosen) chosen.value = ""; // some browsers keep it over a reload, which would send it again
  if (answers.length < files.length) return say(`${answers.length} of ${files.length} came in.`); // what is wrong stays to be read
  const event = new CustomEvent("dropped", { bubbles: true, cancelable: true, detail: { answers } });
  if (zone.dispatchEvent(event)) location.reload();
}

function takes(zone) {
  if (zone.dataset.takes) return;
  zone.dataset.takes = "yes";
  const input = zone.querySelector("input[type=file]");
  input?.addEventListener("change", () => dropped(zone, [...input.files]));
  if (input?.files.length) dropped(zone, [...input.files]); // chosen before this was loaded
  zone.addEventListener("dragover", (event) => {
    event.preventDefault();
    zone.dataset.over = "yes";
  });
  zone.addEventListener("dragleave", () => delete zone.dataset.over);
  zone.addEventListener("drop", (event) => {
    event.preventDefault();
    delete zone.dataset.over;
    dropped(zone, [...event.dataTransfer.files]);
  });
}

function zones(root) {
  for (const zone of root.querySelectorAll?.("[data-drop]") ?? []) takes(zone);
}
zones(document);
document.addEventListener("htmx:load", (event) => zones(event.detail.elt));

// A file that misses the zone would take the page's place, and what was typed with it: it goes where there is one zone.
addEventListener("dragover", (event) => event.preventDefault());
addEventListener("drop", (event) => {
  if (event.defaultPrevented) return;
  event.preventDefault();
  const zones = document.querySelectorAll("[data-drop]");
  if (zones.length === 1 && event.dataTransfer.files.length) dropped(zones[0], [...event.dataTransfer.files]);
});
