// A proof (C2SP tlog-proof): its statement, where that stands, and the checkpoint.

const PROOF_STEP = "the proof";

function parseProof(bytes) {
  const text = textOf(bytes, PROOF_STEP),
    gap = text.indexOf("\n\n");
  const [magic, extra = "", index = "", ...rest] = text.slice(0, gap < 0 ? 0 : gap).split("\n");
  if (magic !== "c2sp.org/tlog-proof@v1")
    refuse(PROOF_STEP, "c2sp.org/tlog-proof@v1 as its first line", brief(text.split("\n")[0]));
  if (!extra.startsWith("extra ")) refuse(PROOF_STEP, "the statement on a line «extra …»", brief(extra));
  const leaf = decode64(extra.slice(6), PROOF_STEP, "the statement");
  if (!index.startsWith("index ")) refuse(PROOF_STEP, "a line «index N»", brief(index));
  const path = rest.map(line => decode64(line, PROOF_STEP, "a hash"));
  if (path.length > 63 || path.some(hash => hash.length !== 32))
    refuse(PROOF_STEP, "at most 63 hashes of 32 bytes", "others");
  return { leaf, index: number(index.slice(6), PROOF_STEP, "the index"), path, note: text.slice(gap + 2) };
}

async function logged(proof, keys) {
  // steps 1 to 3, all but the file itself
  const checkpoint = await openCheckpoint(proof.note, keys);
  const root = await rootFromInclusion(proof.index, checkpoint.size, await leafHash(proof.leaf), proof.path);
  if (!same(root, checkpoint.root)) refuse(TREE_STEP, `the root ${hex(checkpoint.root)}`, hex(root));
  return { ...proof, checkpoint, statement: parseStatement(proof.leaf) };
}

async function subjectOf(statement, bytes) {
  // the name that a statement gives these bytes
  if (!bytes.length) refuse("the text", "a text", "an empty file, of which nothing can be checked");
  const digest = await digestOf(bytes),
    found = statement.subjects.find(([, sha256]) => sha256 === digest);
  const expected = statement.subjects.map(([name, sha256]) => `${sha256} (${name})`).join(", ");
  return found ? found[0] : refuse("the text is the one that was logged", `SHA-256 ${expected}`, digest);
}
