// The page: what is dropped, opened or pasted is checked by what stands above, and said in a sentence. Text of strangers
// is only ever the content of a text node. What this browser remembers is one checkpoint a register, in its own storage.

const $ = id => document.getElementById(id);
const ONLINE = /^https?:$/.test(location.protocol),
  ROOT = new URL("../", location.href).href;
const LARGEST = 32 << 20,
  MOST_NOTES = 50;
const FILES = new Map();

function element(tag, content, attributes = {}) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  made.append(...[content].flat());
  return made;
}

const day = time =>
  new Date(time).toLocaleDateString("en-GB", { timeZone: "UTC", day: "numeric", month: "long", year: "numeric" });
const plural = (count, one, more) => `${count.toLocaleString("en")} ${Number(count) === 1 ? one : more}`;
const keysGiven = () => Promise.all($("key").value.split(/\s+/).filter(Boolean).map(verifierKey));

// What was given: proofs with the files they are about, and what lies beside these.

const beginsWith = (file, text) => latinOf(file.bytes.subarray(0, text.length)) === text;
const isProof = file => file.name.endsWith(".tlog-proof") || beginsWith(file, "c2sp.org/tlog-proof@v1\n");
const isSignature = file => file.name.endsWith(".sig") || beginsWith(file, "-----BEGIN SSH SIGNATURE-----");
const lastName = name => name.split("/").at(-1);

async function attempted(files, work) {
  // what is made of each, and a result for each that is refused
  const made = [],
    results = [];
  for (const file of files) {
    try {
      made.push(await work(file));
    } catch (error) {
      results.push(refused(file.name, error));
    }
  }
  return [made, results];
}

async function judge(given, keys, register) {
  // the results, one a text
  const letters = given.filter(file => isMail(file.bytes)),
    [inside, unread] = await attempted(letters, letter => mailFiles(letter.bytes));
  const files = [...given.filter(file => !letters.includes(file)), ...inside.flat()],
    texts = files.filter(file => !isProof(file) && !isSignature(file)),
    digests = new Map(await Promise.all(texts.map(async file => [file, await digestOf(file.bytes)])));
  const [proved, unproved] = await attempted(files.filter(isProof), async file => {
    const one = { ...(await logged(parseProof(file.bytes), keys)), name: file.name };
    return { ...one, texts: about(one, texts, digests) };
  });
  const used = new Set(proved.flatMap(one => one.texts).map(text => digests.get(text))),
    alone = texts.filter(text => !used.has(digests.get(text))),
    reviews = proved.filter(one => one.statement.kind === "review"),
    results = [...unread, ...unproved];
  for (const one of reviews.length ? reviews : proved) {
    if (!one.texts.length) results.push(await without(one, alone));
    const beside = { files, digests, proved, register };
    for (const text of one.texts) results.push(await told(one, text, beside).catch(error => refused(text.name, error)));
  }
  if (!results.length) results.push(...lacking(texts));
  if (letters.length) results.push(...alone.filter(text => /\.md$|marker lines/.test(text.name)).map(unaccompanied));
  return { results, checkpoints: proved.map(one => one.checkpoint), letter: letters.length > 0 };
}

function unaccompanied(text) {
  // of a mail, a text without a proof
  const step = "the proof of each text in the mail";
  return refused(text.name, Object.assign(new Refused(), { step, expected: "one that fits it", found: "none" }));
}

function about({ name, statement }, texts, digests) {
  // the files that a proof is about: one of its name, whatever it holds, and those it names
  const { kind, predicate, subjects } = statement;
  const wanted = kind === "review" && predicate.decision === "publish" ? subjects.slice(1, 2) : subjects; // of a review, the essay
  const hashes = new Set(wanted.map(([, sha256]) => sha256)),
    beside = name.replace(/\.tlog-proof$/, "");
  const found = texts.filter(text => text.name === beside || hashes.has(digests.get(text)));
  return found.filter((text, place) => found.findIndex(other => digests.get(other) === digests.get(text)) === place);
}

function lacking(texts) {
  // nothing could be checked yet
  const wanted = texts.find(text => text.name.endsWith(".md")) ?? texts[0];
  if (wanted && /\.(atom|rss|xml|html?|mhtml?)$/i.test(wanted.name))
    return [
      {
        state: "more",
        title: "A text, or its words",
        said: [
          `This page does not read ${wanted.name}. Follow “Check this text” on the essay’s own page and paste the words that you read, or add the text and its proof here; the program (publisher verify) reads feeds and saved pages.`,
        ],
      },
    ];
  return wanted
    ? [
        {
          state: "more",
          title: "One more file is needed",
          said: [
            `${wanted.name} says nothing by itself. Add its proof, ${lastName(wanted.name)}.tlog-proof: it is linked beside the text, and attached to the mail.`,
          ],
        },
      ]
    : [];
}

async function without(one, texts) {
  // a proof, and no file that it is about
  const name = lastName(one.name).replace(/\.tlog-proof$/, ""),
    named = texts.find(text => lastName(text.name) === name) ?? (texts.length === 1 ? texts[0] : undefined);
  try {
    if (named) await subjectOf(one.statement, named.bytes);
  } catch (error) {
    return refused(named.name, error);
  }
  const subjects = one.statement.subjects.map(([subject]) => subject).join(", ");
  return {
    state: "more",
    title: "One more file is needed",
    said: [
      `${one.name} is a good proof of ${subjects}. Add that file: a proof without it says nothing about what you read.`,
    ],
  };
}

const refused = (name, error) => ({
  state: "bad",
  title: "Not verified",
  said: error instanceof Refused ? [`${name}: ${error.step} failed.`] : [`${name} cannot be read: ${error.message}`],
  facts:
    error instanceof Refused
      ? [
          ["Expected", error.expected],
          ["Found", error.found],
        ]
      : [],
  after: [
    "It is not the text of the register, or not its proof, or it was damaged on its way. Download both files again. If it stays so, keep them and show them to others.",
  ],
});

async function told(one, text, beside) {
  // what a text’s proof shows, with all that lies beside it
  const { statement, index, checkpoint } = one,
    subject = await subjectOf(statement, text.bytes),
    where = `entry ${index} of ${checkpoint.origin}`;
  const steps = [
    ["The checkpoint", `is signed by ${checkpoint.origin}, over ${plural(checkpoint.size, "entry", "entries")}`],
    [
      "The statement",
      `is ${where}: ${plural(one.path.length, "hash leads", "hashes lead")} from it to the signed root`,
    ],
    [
      "The text",
      `is ${subject}, byte for byte: ${plural(text.bytes.length, "byte", "bytes")}, SHA-256 ${beside.digests.get(text)}`,
    ],
  ];
  const facts = [
    ["Key", $("key").value.trim()],
    ["Root hash", hex(checkpoint.root)],
    ["Statement", new TextDecoder().decode(one.leaf)],
  ];
  const approved = statement.kind === "review" && statement.predicate.decision === "publish",
    own = approved && subject.endsWith("/essay.md") ? await reviewed(one, text, beside) : listed(statement, text, where);
  return { state: "good", ...own, steps: [...steps, ...(own.steps ?? [])], facts };
}

function listed({ kind, predicate }, text, where) {
  // of what is no essay that was approved
  const what =
    {
      intake: "is the list of what arrived",
      issue: `belongs to the issue ${predicate.week}`,
      notice: `is named in a notice «${predicate.kind}»`,
    }[kind] ?? `was decided on: «${predicate.decision}»`;
  return { title: "It stands in the register", said: [`${text.name} ${what}, on ${day(predicate.time)}: ${where}.`] };
}

async function reviewed(one, text, beside) {
  // of an essay: when it came, who approved it, its words
  const { predicate } = one.statement,
    { origin } = one.checkpoint,
    intake = await intakeOf(one, text, beside),
    by = await reviewerOf(one, beside),
    words = await wordsBeside(beside.digests.get(text), beside);
  const said = [
      intake
        ? `This text was fixed on ${day(intake.time)} as entry ${intake.index} of ${origin}, before the review on ${day(predicate.time)} that approved it, unedited (entry ${one.index}).`
        : `This text is the one that a review of ${day(predicate.time)} approved, unedited: entry ${one.index} of ${origin}. To see since when it was fixed, add intake.sums and intake.sums.tlog-proof.`,
      by
        ? `${by.name} signed that review.`
        : "The reviewer’s signature was not checked: add the review (1.json), 1.json.sig and allowed_signers.",
    ],
    steps = [];
  if (intake) steps.push(["The intake", `is entry ${intake.index}, ${intake.time}; its list names this text`]);
  if (by) {
    const listedAs = `listed as ${by.name} for ${document.body.dataset.namespace} at ${predicate.time}`;
    steps.push(["The review", `is signed by ${predicate.reviewer}, ${listedAs}`]);
    const how = by.logged ? "the last that was logged before the review" : "as it was given";
    steps.push(["The list of reviewers", `is ${by.list}, ${how}`]);
    if (!by.logged)
      said.push(
        `Whose key that is was read in ${by.list}. Whether that is the list that stood in the register before the review was not looked up.`,
      );
  }
  return { title: "This is the text that was reviewed", said, steps, words };
}

async function intakeOf(one, text, { digests, proved }) {
  const STEP = "the intake of the text",
    wanted = one.statement.subjects[0][1];
  const found = proved.find(each => each.statement.kind === "intake" && each.statement.subjects[0][1] === wanted);
  if (!found || !found.texts.length) return null;
  const {
      statement: { predicate },
      index,
    } = found,
    reviewed = one.statement.predicate;
  if (index !== BigInt(reviewed.intake))
    refuse(STEP, `entry ${reviewed.intake}, which the review names`, `entry ${index}`);
  if (index >= one.index || predicate.time > reviewed.time) refuse(STEP, "an intake before the review", "one after it");
  if (!same(found.checkpoint.root, one.checkpoint.root) && found.checkpoint.size === one.checkpoint.size)
    refuse(STEP, "one register", "two of one size");
  if (![...parseSums(found.texts[0].bytes, STEP).values()].includes(digests.get(text)))
    refuse(STEP, `${digests.get(text)} in intake.sums`, "none such");
  return { index, time: predicate.time };
}

async function reviewerOf(one, { files, register }) {
  // whose signature it is, and by which list; what is given beside it may only take from what was logged before
  const statement = files.find(file => same(file.bytes, one.leaf)),
    signatures = files.filter(isSignature);
  const signature = statement && (signatures.find(file => file.name === `${statement.name}.sig`) ?? signatures[0]);
  const given = files.find(file => lastName(file.name) === "allowed_signers"),
    logged = signature && register && (await loggedList(one.index, register)),
    list = logged || given;
  if (!signature || !list) return null;
  const { namespace } = document.body.dataset,
    { reviewer, time } = one.statement.predicate,
    key = await sshSigner(one.leaf, signature.bytes, namespace);
  if (key !== reviewer) refuse(SIGNATURE_STEP, `one by ${reviewer}, which the review names`, `one by ${key}`);
  const name = await listedName(list.bytes, key, namespace, time);
  if (given) await listedName(given.bytes, key, namespace, time);
  return { name, list: `${list.name} (SHA-256 ${await digestOf(list.bytes)})`, logged: Boolean(logged) };
}

async function loggedList(index, register) {
  // the list that stood in the register before this entry
  const notice = await listBefore(index, register);
  if (!notice) return null;
  const name = `register/keys/${notice.index}/allowed_signers`,
    bytes = await register.file(name),
    digest = await digestOf(bytes);
  if (digest !== notice.sha256) refuse(LIST_STEP, `${name} with SHA-256 ${notice.sha256}`, digest);
  return { name, bytes };
}

async function wordsBeside(digest, { files, digests, proved }) {
  // words.txt, and whether an issue’s list names it beside this text
  const file = files.find(each => lastName(each.name) === "words.txt");
  if (!file) return null;
  const lists = proved.filter(one => one.statement.kind === "issue").flatMap(one => one.texts);
  const listed = lists.some(list => {
    const sums = [...parseSums(list.bytes, "the issue’s list")],
      folders = sums.filter(([name, sha256]) => sha256 === digest && name.endsWith("/essay.md"));
    return folders.some(([name]) =>
      sums.some(([path, sha256]) => path === name.replace(/essay\.md$/, "words.txt") && sha256 === digests.get(file)),
    );
  });
  return { expected: wordsOf(textOf(file.bytes, "words.txt")), listed };
}
