// Showing it.

function shown(result) {
  const made = element("article", element("h2", result.title), { class: result.state });
  made.append(...result.said.map(said => element("p", said, { dir: "auto" })));
  const list = (rows, tag) =>
    element(
      tag,
      rows.flatMap(([name, value]) => [element("dt", name), element("dd", element("code", value))]),
    );
  if (result.steps)
    made.append(
      element("details", [
        element("summary", "What was checked, step by step"),
        element(
          "ol",
          result.steps.map(([name, said]) => element("li", [element("b", name), ` ${said}.`])),
        ),
        list(result.facts, "dl"),
      ]),
    );
  else if (result.facts?.length) made.append(list(result.facts, "dl"));
  made.append(...(result.after ?? []).map(said => element("p", said)));
  return made;
}

function shownRegister(found) {
  const notes = (found.notes ?? []).map(note => element("pre", note, { tabindex: "0" }));
  return element(
    "article",
    [
      element("h2", found.state === "bad" ? "The register disagrees with itself" : "The register"),
      element("p", found.said),
      ...notes,
    ],
    { class: found.state },
  );
}

const LETTER =
  "Of a mail, the texts in its plain part and those attached were checked, and not the part with the layout, which most programs show. To compare what you saw, copy it from there and paste it below.";

let turn = 0,
  words = null;

async function check() {
  const mine = ++turn,
    said = [];
  $("result").setAttribute("aria-busy", "true");
  try {
    if (!globalThis.crypto?.subtle)
      refuse(
        "this browser",
        "one that can check signatures here",
        "none on an address without https; save this page and open the file",
      );
    const keys = await keysGiven();
    if (!keys.length) refuse(KEY_STEP, "a key", "none");
    const asked = ONLINE ? registerHere(keys) : Promise.resolve(null),
      register = await asked.catch(() => null);
    const { results, checkpoints, letter } = await judge([...FILES.values()], keys, register);
    words = results.find(result => result.words)?.words ?? null;
    said.push(...results.map(shown));
    if (letter) said.push(element("p", LETTER));
    try {
      if (ONLINE || checkpoints.length) said.push(shownRegister(await follow(checkpoints, keys, await asked)));
    } catch (error) {
      said.push(shownRegister({ state: "more", said: `The register itself could not be looked at: ${error.message}` }));
    }
  } catch (error) {
    said.push(shown(refused("This page", error)));
  }
  if (mine !== turn) return;
  $("given").replaceChildren(...[...FILES.keys()].map(name => element("li", element("bdi", name))));
  $("anew").hidden = !FILES.size;
  $("result").replaceChildren(...said);
  $("result").setAttribute("aria-busy", "false");
  compare();
}

function compare() {
  const pasted = $("words").value;
  if (!pasted.trim()) return $("compared").replaceChildren();
  if (!words)
    return $("compared").replaceChildren(
      element(
        "p",
        "Add the essay’s words.txt too (with its text and proof), or come here from the essay’s page: there is nothing to compare with yet.",
      ),
    );
  const { whole, said } = compareWords(words.expected, wordsOf(pasted));
  const rests = words.listed
    ? ""
    : " That words.txt was not proved itself: add the issue’s SHA256SUMS and SHA256SUMS.tlog-proof.";
  $("compared").replaceChildren(
    element(
      "p",
      `${whole ? "The words are those of the text" : "The words are not those of the text"}: ${said}.${rests}`,
      { class: whole ? "good" : "bad", dir: "auto" },
    ),
  );
}

async function add(files) {
  for (const file of files) {
    if (file.size > LARGEST) continue;
    FILES.set(file.name, { name: file.name, bytes: new Uint8Array(await file.arrayBuffer()) });
  }
  await check();
}

async function start() {
  // #essays/on-commas/2026-W48
  const [, slug, week] = /^#essays\/([a-z0-9-]+)\/(\d{4}-W\d\d)?$/.exec(location.hash) ?? [];
  FILES.clear();
  if (slug && ONLINE) {
    try {
      for (const file of await essayOf(slug, week)) FILES.set(file.name, file);
    } catch (error) {
      $("result").replaceChildren(shown(refused(`essays/${slug}`, error)));
      return;
    }
  }
  if (slug && !ONLINE)
    $("result").replaceChildren(
      element("p", "A page that was opened from a file cannot fetch anything: drop the text and its proof here."),
    );
  else await check();
}

addEventListener("dragover", event => event.preventDefault());
addEventListener("drop", event => {
  event.preventDefault();
  add(event.dataTransfer.files);
});
addEventListener("hashchange", start);
$("files").addEventListener("change", event => add(event.target.files));
$("compare").addEventListener("click", compare);
$("key").addEventListener("change", check);
$("anew").addEventListener("click", () => {
  FILES.clear();
  $("files").value = "";
  check();
});
start();
