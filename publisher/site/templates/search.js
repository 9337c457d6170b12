// Asks pagefind's index, in the folder beside this script, and shows what it finds. Everything is put on the page as
// text, never as HTML. Nothing is fetched before a word is looked for.

const SINGLE = "{single}"; // such characters are indexed one by one, with a space between them
const BETWEEN = new RegExp(`(?<=${SINGLE})(?=${SINGLE})`, "gu");
const APART = new RegExp(`(?<=${SINGLE}(?:</mark>)?) (?=(?:<mark>)?${SINGLE})`, "gu");
const AT_ONCE = 10;

const form = document.getElementById("search");
const [query, found, results, more] = ["query", "found", "results", "more"].map((id) => document.getElementById(id));
const choices = ["author", "year", "kind"].map((id) => document.getElementById(id));
let opening = null; // pagefind and the table, once a word was looked for
let shown = { pages: null, rest: [] };
let asked = 0; // the newest question: what answers an older one is dropped

async function open() {
  const [pagefind, table] = await Promise.all([
    import("./pagefind/pagefind.js"),
    fetch("pages.json", { cache: "no-cache" }).then((answer) => answer.json()),
  ]);
  const index = pagefind.createInstance({ noWorker: true, excerptLength: 24 });
  await index.init();
  return { index, table };
}

function ready() {
  opening ??= open().catch((error) => {
    opening = null;
    throw error;
  });
  return opening;
}

function fill({ authors, kinds, pages }) {
  const years = [...new Set(Object.values(pages).map(([, , day]) => day.slice(0, 4)))].sort().reverse();
  [authors, years, kinds].forEach((words, place) => {
    const choice = choices[place];
    if (choice.length === 1) choice.append(...words.map((word) => new Option(word, word)));
  });
}

function fits({ authors, kinds, pages }, id) {
  const page = pages[id];
  const [author, year, kind] = choices.map((choice) => choice.value);
  const said = page && [authors[page[0]], page[2].slice(0, 4), kinds[page[1]]];
  return said && [author, year, kind].every((wanted, place) => !wanted || said[place] === wanted);
}

async function search() {
  const number = ++asked;
  const words = query.value.trim();
  const address = new URL(location.href);
  words ? address.searchParams.set("q", words) : address.searchParams.delete("q");
  history.replaceState(null, "", address);
  if (!words) return tell(number, "", []);
  try {
    const { index, table } = await ready();
    fill(table);
    const { results: all } = await index.search(words.replace(BETWEEN, " "));
    const fitting = all.filter(({ id }) => fits(table, id));
    const many = fitting.length === 1 ? "1 result" : `${fitting.length} results`;
    await tell(number, `${fitting.length ? many : "Nothing"} for “${words}”`, fitting, table);
  } catch (error) {
    tell(number, `Searching did not work here: ${error.message}. The list below is complete.`, []);
  }
}

async function tell(number, sentence, fitting, table) {
  const first = await items(fitting.slice(0, AT_ONCE), table);
  if (number !== asked) return;
  results.replaceChildren(...first);
  found.textContent = sentence;
  keep(fitting.slice(AT_ONCE), table);
}

function keep(rest, table) {
  shown = { rest, table };
  more.hidden = rest.length === 0;
}

async function showMore() {
  const number = asked;
  const { rest, table } = shown;
  const next = await items(rest.slice(0, AT_ONCE), table);
  if (number !== asked) return;
  results.append(...next);
  keep(rest.slice(AT_ONCE), table);
  next[0].querySelector("a").focus();
}

function items(some, table) {
  return Promise.all(some.map(async ({ id, data }) => item(await data(), table, table.pages[id])));
}

function item(result, { authors }, [author, , day, language]) {
  const root = new URL("../", location.href);
  const line = document.createElement("li");
  const title = link(new URL(result.raw_url, root), result.meta.title.replace(APART, ""));
  title.lang = language;
  const by = element("span", `${authors[author]}, ${day}`);
  by.className = "by";
  const parts = result.sub_results.filter(({ anchor }) => anchor).slice(0, 3);
  line.append(title, " ", by, excerpt(result.excerpt, language));
  for (const { title: name, anchor, excerpt: said } of parts) {
    const part = element("p", "");
    part.append(link(new URL(`${result.raw_url}#${anchor.id}`, root), name.replace(APART, "")));
    line.append(part, excerpt(said, language));
  }
  return line;
}

// pagefind gives an excerpt as text in which only < and > are written as references, and <mark> around what was found.
function excerpt(marked, language) {
  const line = element("p", "");
  line.lang = language;
  line.dir = "auto";
  marked.replace(APART, "").split(/(<mark>.*?<\/mark>)/s).forEach((piece) => {
    const inner = piece.match(/^<mark>(.*)<\/mark>$/s);
    const text = (inner ? inner[1] : piece).replaceAll("&lt;", "<").replaceAll("&gt;", ">");
    line.append(inner ? element("mark", text) : text);
  });
  return line;
}

function link(address, text) {
  const made = element("a", text);
  made.href = address;
  made.dir = "auto";
  return made;
}

function element(name, text) {
  const made = document.createElement(name);
  made.textContent = text;
  return made;
}

let waiting;
function soon() {
  clearTimeout(waiting);
  waiting = setTimeout(search, 200);
}

form.hidden = false;
query.addEventListener("input", soon);
query.addEventListener("focus", () => ready().then(({ table }) => fill(table), () => {}), { once: true });
choices.forEach((choice) => choice.addEventListener("change", search));
more.addEventListener("click", showMore);
form.addEventListener("submit", (event) => {
  event.preventDefault();
  clearTimeout(waiting);
  search();
});
query.value = new URL(location.href).searchParams.get("q") ?? "";
if (query.value) search();
