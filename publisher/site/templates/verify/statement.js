// 3. The statement: exactly the bytes that the register writes, of one of four kinds (archive/register/statement.py).

const PREFIX = "https://emeritus.example/",
  STATEMENT_STEP = "the statement";
const ID = "[CEMP]?\\d{4}-\\d{4,}",
  WEEK = "\\d{4}-W\\d\\d",
  CODE = "[a-z0-9]+(?:-[a-z0-9]+)*";
const AT = '"time":"\\d{4}-\\d\\d-\\d\\dT(?:[01]\\d|2[0-3]):[0-5]\\d:[0-5]\\dZ"',
  PATH = "[^\\x00-\\x1f\\x7f]+";
const review = decision =>
  `\\{"criteria":\\[(?:"${CODE}"(?:,"${CODE}")*)?\\],"decision":"${decision}","edited":false,` +
  `"intake":(?:0|[1-9]\\d{0,14}),"reviewer":"SHA256:[A-Za-z0-9+/]{43}",${AT}\\}\\n(${ID})/intake\\.sums`;
const FORMS = {
  intake: [`\\{"kind":"(?:deposit|essay|model|protocol|codebook)",${AT}\\}\\n${ID}/intake(?:-[1-9]\\d*)?\\.sums`],
  review: [`${review("publish")}\\n\\1/essay\\.md\\n\\1/essay\\.toml`, review("(?:withhold|hold)")],
  issue: [
    `\\{"essays":\\["${ID}"(?:,"${ID}")*\\],"renderer":"[ !#-\\[\\]-~]+",${AT},"week":"(${WEEK})"\\}\\nissues/\\1/SHA256SUMS\\nSHA256SUMS`,
  ],
  notice: [
    `\\{"kind":"(?:site|no-issue|withdrawn|released|redacted|keys|sent|verifier)","reason":"${CODE}",${AT}(?:,"week":"${WEEK}")?\\}\\n${PATH}(?:\\n${PATH})*`,
    `\\{"candidates":[1-9]\\d{0,2},"kind":"asked","reason":"sampling",${AT}\\}\\nsampling\\.toml`,
    `\\{"kind":"asked","reason":"candidate",${AT}\\}\\nsampling\\.toml\\nE\\d{4}-\\d{4,}/intake\\.sums`,
  ],
};

function canonical(value) {
  // RFC 8785, of what statements hold
  if (Array.isArray(value)) return `[${value.map(canonical).join(",")}]`;
  if (value === null || typeof value !== "object") return JSON.stringify(value);
  return `{${Object.keys(value)
    .sort()
    .map(key => `${JSON.stringify(key)}:${canonical(value[key])}`)
    .join(",")}}`;
}

function isTime(text) {
  const time = new Date(text);
  return !text.startsWith("0000") && !Number.isNaN(time.getTime()) && time.toISOString() === text.replace("Z", ".000Z");
}

function parseStatement(leaf) {
  const unlike = found =>
    refuse(STATEMENT_STEP, `a statement ${PREFIX}intake|review|issue|notice/v1 in canonical JSON`, found);
  if (leaf.length > 65535) unlike("more than 65,535 bytes");
  const text = textOf(leaf, STATEMENT_STEP);
  let value, subjects;
  try {
    value = JSON.parse(text);
    subjects = value.subject.map(each => [each.name, each.digest.sha256]);
  } catch {
    unlike("other bytes");
  }
  const { predicate, predicateType } = value,
    kind = String(predicateType).slice(PREFIX.length, -3);
  const again = {
    _type: "https://in-toto.io/Statement/v1",
    predicate,
    predicateType: `${PREFIX}${kind}/v1`,
    subject: subjects.map(([name, sha256]) => ({ digest: { sha256 }, name })),
  };
  const names = subjects.map(([name]) => name),
    said = [canonical(predicate), ...names].join("\n");
  if (canonical(again) !== text || !Object.hasOwn(FORMS, kind) || new Set(names).size !== names.length)
    unlike("other bytes");
  if (!subjects.every(([, sha256]) => /^[0-9a-f]{64}$/.test(sha256))) unlike("another hash");
  if (/[\ud800-\udfff]/u.test(said) || !FORMS[kind].some(form => new RegExp(`^(?:${form})$`).test(said)))
    unlike(brief(said));
  if (!isTime(predicate.time)) unlike(`the time ${brief(predicate.time)}`);
  return { kind, predicate, subjects };
}
