// 1. The checkpoint: a note (C2SP signed-note, tlog-checkpoint) that the register signed under its own name.

const SPACE = "\\t-\\r \\x85\\xa0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000";
const NAME = new RegExp(`^[^${SPACE}+\\x00-\\x1f\\x7f\\ud800-\\udfff]+$`, "u");
const KEY_STEP = "the register’s key",
  NOTE_STEP = "the checkpoint";

async function verifierKey(text) {
  // name+id+base64(algorithm ‖ key)
  const [name, id, ...rest] = text.split("+"),
    key = rest.join("+");
  if (!key || !NAME.test(name)) refuse(KEY_STEP, "a key such as name+0123abcd+AZ…", brief(text));
  const data = decode64(key, KEY_STEP, "it");
  if (data.length !== 33 || ![1, 4].includes(data[0])) refuse(KEY_STEP, "an Ed25519 key", brief(text));
  const right = hex((await hashed(join(bytesOf(`${name}\n`), data))).slice(0, 4));
  if (right !== id) refuse(KEY_STEP, `the id ${right}`, brief(id));
  return { name, id, algorithm: data[0], public: data.slice(1), text };
}

async function openNote(note, keys) {
  // its text, and which of the keys signed: name → time of a cosignature, or null
  if (/[\x00-\x09\x0b-\x1f]|[\ud800-\udfff]/u.test(note))
    refuse(NOTE_STEP, "a signed note", "a control character in it");
  const gap = note.lastIndexOf("\n\n"),
    block = note.slice(gap + 2),
    signed = new Map();
  if (gap < 0 || !block.endsWith("\n")) refuse(NOTE_STEP, "text, an empty line, lines of signatures", "none");
  const text = note.slice(0, gap + 1);
  for (const line of block.slice(0, -1).split("\n")) {
    const parts = line.split(" ");
    if (parts.length !== 3 || parts[0] !== "—" || !NAME.test(parts[1]))
      refuse(NOTE_STEP, "a line «— name base64»", brief(line));
    const data = decode64(parts[2], NOTE_STEP, `the signature of ${parts[1]}`);
    if (data.length < 5) refuse(NOTE_STEP, `a signature of ${parts[1]}`, "one that is too short");
    const key = keys.find(each => each.name === parts[1] && each.id === hex(data.slice(0, 4)));
    if (key) signed.set(key.name, await signatureTime(key, text, data.slice(4))); // others’ lines are passed over
  }
  if (!signed.size) refuse(NOTE_STEP, `a signature of ${keys.map(key => key.name).join(", ")}`, "none by that key");
  return { text, signed };
}

async function signatureTime(key, text, signature) {
  let time = null,
    message = text;
  if (key.algorithm === 4) {
    if (signature.length !== 72) refuse(NOTE_STEP, `a cosignature of ${key.name}`, "one of another length");
    time = new DataView(signature.buffer, signature.byteOffset).getBigUint64(0);
    [message, signature] = [`cosignature/v1\ntime ${time}\n${text}`, signature.slice(8)];
  }
  if (!(await isSignedBy(key.public, signature, bytesOf(message)))) {
    refuse(NOTE_STEP, `a signature of ${key.name} that fits it`, "one that does not");
  }
  return time;
}

function parseCheckpoint(text) {
  const lines = text.split("\n");
  if (lines.length < 4 || lines.pop() !== "" || lines.includes(""))
    refuse(NOTE_STEP, "origin, tree size, root hash, a line each", "other lines");
  const root = decode64(lines[2], NOTE_STEP, "the root hash");
  if (root.length !== 32) refuse(NOTE_STEP, "a root hash of 32 bytes", `${root.length}`);
  return { origin: lines[0], size: number(lines[1], NOTE_STEP, "the tree size"), root };
}

async function openCheckpoint(note, keys) {
  const checkpoint = parseCheckpoint((await openNote(note, keys)).text);
  if (!keys.some(key => key.name === checkpoint.origin))
    refuse(NOTE_STEP, `the origin ${keys[0].name}`, brief(checkpoint.origin));
  return { ...checkpoint, note };
}
