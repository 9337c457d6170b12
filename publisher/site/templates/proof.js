// What a proof shows: the checks themselves, without the page. The steps are those of archive/register, in the same order
// and as strict; a refusal says which step failed, what was expected and what was found. Only WebCrypto is used.
"use strict";

class Refused extends Error {}

const refuse = (step, expected, found) => {
  throw Object.assign(new Refused(`${step}: expected ${expected}, found ${found}`), { step, expected, found });
};
const brief = text => JSON.stringify(text.length > 60 ? `${text.slice(0, 60)}…` : text);

// Bytes.

const bytesOf = text => new TextEncoder().encode(text);
const join = (...parts) => {
  const whole = new Uint8Array(parts.reduce((size, part) => size + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
};
const hex = bytes => Array.from(bytes, byte => byte.toString(16).padStart(2, "0")).join("");
const same = (one, other) => hex(one) === hex(other);
const encode64 = bytes => btoa(Array.from(bytes, byte => String.fromCharCode(byte)).join(""));
const hashed = async (bytes, algorithm = "SHA-256") => new Uint8Array(await crypto.subtle.digest(algorithm, bytes));
const digestOf = async bytes => hex(await hashed(bytes));

function textOf(bytes, step) {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return refuse(step, "UTF-8", "other bytes");
  }
}

function decode64(text, step, what) {
  // canonical only
  try {
    const bytes = Uint8Array.from(atob(text), character => character.charCodeAt(0));
    if (encode64(bytes) === text) return bytes;
  } catch {
    /* said below */
  }
  return refuse(step, `canonical base64 for ${what}`, brief(text));
}

function number(text, step, what) {
  // decimal, no sign, no leading zeros
  return /^(0|[1-9]\d{0,18})$/.test(text) ? BigInt(text) : refuse(step, `a number for ${what}`, brief(text));
}

async function isSignedBy(key, signature, message) {
  const usage = { name: "Ed25519" };
  let imported;
  try {
    imported = await crypto.subtle.importKey("raw", key, usage, false, ["verify"]);
  } catch {
    refuse("this browser", "one that knows Ed25519 (Chromium from 137, Firefox from 129, Safari from 17)", "another");
  }
  return signature.length === 64 && crypto.subtle.verify(usage, imported, signature, message);
}

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

// 2. The tree (RFC 6962; proofs are checked by the steps of RFC 9162, sections 2.1.3.2 and 2.1.4.2).

const leafHash = leaf => hashed(join([0], leaf));
const nodeHash = (left, right) => hashed(join([1], left, right));
const TREE_STEP = "the proof that it is in the register",
  GROWTH_STEP = "the proof that the register only grew";

async function rootFromInclusion(index, size, leaf, path) {
  if (index < 0n || index >= size) refuse(TREE_STEP, `an index below the tree size ${size}`, `${index}`);
  if ([leaf, ...path].some(hash => hash.length !== 32)) refuse(TREE_STEP, "hashes of 32 bytes", "others");
  let fn = index,
    sn = size - 1n,
    found = leaf;
  for (const hash of path) {
    if (sn === 0n) refuse(TREE_STEP, "a path as long as the tree is high", "a longer one");
    if (fn & 1n || fn === sn) {
      found = await nodeHash(hash, found);
      for (; fn && !(fn & 1n); fn >>= 1n) sn >>= 1n;
    } else found = await nodeHash(found, hash);
    fn >>= 1n;
    sn >>= 1n;
  }
  return sn ? refuse(TREE_STEP, "a path as long as the tree is high", "a shorter one") : found;
}

async function checkConsistency(size1, size2, root1, root2, path) {
  const differ = found => refuse(GROWTH_STEP, "an earlier register that the later one begins with", found);
  if (size1 < 0n || size1 > size2) differ("a larger one");
  if (size1 === 0n && !same(root1, await hashed(bytesOf("")))) differ("another root of nothing");
  if (size1 === 0n || size1 === size2) {
    if (path.length) differ("a path where none belongs");
    if (size1 === size2 && !same(root1, root2)) differ("two of one size with different roots");
    return;
  }
  const steps = size1 & (size1 - 1n) ? [...path] : [root1, ...path];
  if (!path.length) differ("an empty path");
  let fn = size1 - 1n,
    sn = size2 - 1n;
  for (; fn & 1n; fn >>= 1n) sn >>= 1n;
  let first = steps[0],
    second = steps[0];
  for (const hash of steps.slice(1)) {
    if (sn === 0n) differ("a path that is too long");
    if (fn & 1n || fn === sn) {
      [first, second] = [await nodeHash(hash, first), await nodeHash(hash, second)];
      for (; fn && !(fn & 1n); fn >>= 1n) sn >>= 1n;
    } else second = await nodeHash(second, hash);
    fn >>= 1n;
    sn >>= 1n;
  }
  if (sn || !same(first, root1) || !same(second, root2)) differ("one that it does not begin with");
}

const half = size => 1n << BigInt((size - 1n).toString(2).length - 1); // the largest power of two below it

async function consistencyPath(old, size, subtree) {
  // RFC 6962, section 2.1.2; the hashes may come from anywhere
  const within = async (start, end, whole) => {
    if (old === end) return whole ? [] : [await subtree(start, end)];
    const middle = start + half(end - start);
    if (old <= middle) return [...(await within(start, middle, whole)), await subtree(middle, end)];
    return [...(await within(middle, end, false)), await subtree(start, middle)];
  };
  return old === 0n || old === size ? [] : within(0n, size, true);
}

async function inclusionPath(index, size, subtree) {
  // RFC 6962, section 2.1.1
  const within = async (start, end) => {
    if (end - start === 1n) return [];
    const middle = start + half(end - start);
    if (index < middle) return [...(await within(start, middle)), await subtree(middle, end)];
    return [...(await within(middle, end)), await subtree(start, middle)];
  };
  return within(0n, size);
}

function tilePath(level, index, width) {
  // C2SP tlog-tiles: tile/0/x001/234.p/8
  const digits = String(index)
    .padStart(Math.ceil(String(index).length / 3) * 3, "0")
    .match(/.../g);
  const last = digits.pop();
  return `tile/${level}/${digits.map(three => `x${three}/`).join("")}${last}${width < 256n ? `.p/${width}` : ""}`;
}

function subtreesOf(size, read) {
  // `read` gives the bytes of a tile; the root of the leaves from `start` up to `end`
  const top = async hashes => {
    while (hashes.length > 1) {
      const pairs = [];
      for (let at = 0; at < hashes.length; at += 2) pairs.push(nodeHash(hashes[at], hashes[at + 1]));
      hashes = await Promise.all(pairs);
    }
    return hashes[0];
  };
  return async function subtree(start, end) {
    const count = end - start;
    if (count & (count - 1n)) {
      const middle = start + half(count);
      return nodeHash(await subtree(start, middle), await subtree(middle, end));
    }
    let level = 0n;
    while (count >> (8n * (level + 1n))) level += 1n;
    const [first, last] = [start >> (8n * level), end >> (8n * level)],
      index = first >> 8n;
    const there = (size >> (8n * level)) - (index << 8n),
      tile = await read(level, index, there < 256n ? there : 256n);
    const hashes = [];
    for (let at = first & 255n; at < (first & 255n) + last - first; at += 1n)
      hashes.push(tile.slice(Number(at) * 32, Number(at) * 32 + 32));
    return top(hashes);
  };
}

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

// The register’s own entries: which list of reviewers stood in it before a review.

const LIST = "register/allowed_signers",
  LIST_STEP = "the list of reviewers",
  ENTRIES_STEP = "the entries of the register";
const MOST_BUNDLES = 256n; // of 256 entries each

function leavesOf(bundle) {
  // C2SP tlog-tiles: each behind its length in two bytes
  const found = [];
  for (let at = 0; at < bundle.length; at += 2 + found.at(-1).length) {
    const end = at + 2 + ((bundle[at] << 8) | bundle[at + 1]);
    if (end > bundle.length) refuse(ENTRIES_STEP, "whole leaves", "one that ends too early");
    found.push(bundle.slice(at + 2, end));
  }
  return found;
}

async function bundleOf(number, { checkpoint: { size, root }, tile }) {
  // the leaves of a bundle: the path of the first leads over all others to the signed root
  const first = number << 8n,
    width = size - first < 256n ? size - first : 256n;
  const leaves = leavesOf(await tile("entries", number, width)).slice(0, Number(width)),
    hashes = await Promise.all(leaves.map(leafHash));
  if (hashes.length !== Number(width)) refuse(ENTRIES_STEP, `${width} from ${first} on`, `${hashes.length}`);
  const read = (level, index, wide) => (level || index !== number ? tile(level, index, wide) : join(...hashes));
  const path = await inclusionPath(first, size, subtreesOf(size, read)),
    found = await rootFromInclusion(first, size, hashes[0], path);
  return same(found, root) ? leaves : refuse(ENTRIES_STEP, `the root ${hex(root)}`, hex(found));
}

async function listBefore(end, register) {
  // the newest list that was logged before this entry; null where it is too far away to be looked for
  if (end >= register.checkpoint.size)
    refuse(LIST_STEP, `a register with entry ${end}`, `one of ${register.checkpoint.size}`);
  const last = (end - 1n) >> 8n;
  for (let number = last; number >= 0n; number -= 1n) {
    if (last - number >= MOST_BUNDLES) return null;
    const first = number << 8n,
      leaves = (await bundleOf(number, register)).slice(0, Number(end - first));
    for (let at = leaves.length - 1; at >= 0; at -= 1) {
      const { kind, predicate, subjects } = parseStatement(leaves[at]),
        [, sha256] = subjects.find(([name]) => name === LIST) ?? [];
      if (kind === "notice" && predicate.kind === "keys" && sha256) return { index: first + BigInt(at), sha256 };
    }
  }
  return refuse(LIST_STEP, `one that was logged before entry ${end}`, "none");
}

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

// 4. The reviewer’s signature (PROTOCOL.sshsig), and the list that says whose key it is.

const SIGNATURE_STEP = "the reviewer’s signature";
const ARMOR = /^-----BEGIN SSH SIGNATURE-----\n((?:[A-Za-z0-9+/=]+\n)+)-----END SSH SIGNATURE-----\n?$/;
const sized = bytes => {
  const size = new DataView(new ArrayBuffer(4));
  size.setUint32(0, bytes.length);
  return join(new Uint8Array(size.buffer), bytes);
};

function strings(bytes, count) {
  // each behind its length in four bytes
  const found = [];
  for (; found.length < count; bytes = bytes.slice(4 + found.at(-1).length)) {
    const size = bytes.length < 4 ? NaN : new DataView(bytes.buffer, bytes.byteOffset).getUint32(0);
    if (!(bytes.length >= 4 + size)) refuse(SIGNATURE_STEP, "an SSH signature", "one that ends too early");
    found.push(bytes.slice(4, 4 + size));
  }
  return bytes.length ? refuse(SIGNATURE_STEP, "an SSH signature", "more after it") : found;
}

const fingerprint = async key => `SHA256:${encode64(await hashed(key)).replace(/=+$/, "")}`;

async function sshSigner(message, armored, namespace) {
  // the fingerprint of the key that signed
  const form = ARMOR.exec(textOf(armored, SIGNATURE_STEP));
  if (!form) refuse(SIGNATURE_STEP, "an SSH signature (-----BEGIN SSH SIGNATURE-----)", "something else");
  const blob = decode64(form[1].replaceAll("\n", ""), SIGNATURE_STEP, "it"),
    latin = bytes => String.fromCharCode(...bytes);
  if (latin(blob.slice(0, 10)) !== "SSHSIG\0\0\0\x01") refuse(SIGNATURE_STEP, "an SSH signature", "something else");
  const [key, space, reserved, algorithm, signature] = strings(blob.slice(10), 5),
    digest = { sha256: "SHA-256", sha512: "SHA-512" }[latin(algorithm)];
  const kind = latin(key.slice(4, 4 + (key[3] ?? 0)));
  if (kind !== "ssh-ed25519") {
    refuse(
      SIGNATURE_STEP,
      "a key that browsers know (ssh-ed25519)",
      `${brief(kind)}: check it with ssh-keygen, as «Check it yourself» shows`,
    );
  }
  if (latin(space) !== namespace)
    refuse(SIGNATURE_STEP, `one made for ${namespace}`, `one made for ${brief(latin(space))}`);
  const [[, raw], [made, bare]] = [strings(key, 2), strings(signature, 2)];
  if (!digest || latin(made) !== kind || raw.length !== 32)
    refuse(SIGNATURE_STEP, "an Ed25519 signature", "another kind");
  const signed = join(
    bytesOf("SSHSIG"),
    sized(space),
    sized(reserved),
    sized(algorithm),
    sized(await hashed(message, digest)),
  );
  if (!(await isSignedBy(raw, bare, signed)))
    refuse(SIGNATURE_STEP, "a signature that fits the review", "one that does not");
  return fingerprint(key);
}

async function listedName(allowed, key, namespace, time) {
  // whose key it is at that time
  const at = time.replace(/\D/g, ""),
    faults = [];
  for (const line of textOf(allowed, "allowed_signers").split("\n")) {
    const fields = line.match(/(?:"[^"]*"|[^\s"])+/g) ?? [],
      place = fields.findIndex(field => field === "ssh-ed25519");
    if (![1, 2].includes(place) || fields[0].startsWith("#")) continue;
    if ((await fingerprint(decode64(fields[place + 1] ?? "", "allowed_signers", "a key"))) !== key) continue;
    const options = Object.fromEntries(
      [...(place === 2 ? fields[1] : "").matchAll(/([a-z-]+)(?:="([^"]*)")?/g)].map(one => [one[1], one[2] ?? ""]),
    );
    const full = bound => (options[bound] ?? "").replace("Z", "").padEnd(14, "0");
    if (!(options.namespaces ?? "").split(",").includes(namespace))
      faults.push(`one that is not listed for ${namespace} itself`);
    else if ("cert-authority" in options) faults.push("one that only certifies others");
    else if (options["valid-after"] && at < full("valid-after"))
      faults.push(`one that is good from ${options["valid-after"]}`);
    else if (options["valid-before"] && at > full("valid-before"))
      faults.push(`one that was good until ${options["valid-before"]}`);
    else return fields[0].replaceAll('"', "");
  }
  return refuse(LIST_STEP, `the key ${key}, good on ${time}`, faults.join("; ") || "none such");
}

function parseSums(bytes, step) {
  // a sha256sum list: path → SHA-256
  const lines = textOf(bytes, step).split("\n"),
    found = new Map();
  if (lines.pop() !== "") refuse(step, "lines that end", "one that does not");
  for (const line of lines) {
    const form = /^([0-9a-f]{64})  ([^\s\\\x00-\x1f\x7f][^\\\x00-\x1f\x7f]*)$/.exec(line);
    if (!form || found.has(form[2])) refuse(step, "lines «SHA-256, two spaces, path», each once", brief(line));
    found.set(form[2], form[1]);
  }
  return found;
}

// Words: those of words.txt, in one unbroken run of those that somebody read (publisher/essays/words.py).

const wordsOf = text =>
  text
    .normalize("NFC")
    .split(new RegExp(`[${SPACE}]+`))
    .filter(Boolean);

function longestStart(expected, found) {
  // Knuth, Morris, Pratt (1977)
  const borders = [0];
  let length = 0,
    best = [0, 0];
  for (let place = 1; place < expected.length; place++) {
    while (length && expected[place] !== expected[length]) length = borders[length - 1];
    borders.push((length += expected[place] === expected[length]));
  }
  length = 0;
  for (let place = 0; place < found.length && length < expected.length; place++) {
    while (length && found[place] !== expected[length]) length = borders[length - 1];
    length += found[place] === expected[length];
    if (length > best[0]) best = [length, place + 1];
  }
  return best;
}

function compareWords(expected, found) {
  // one sentence, and whether they are all there
  const [forward, after] = longestStart(expected, found),
    many = count => `${count.toLocaleString("en")} ${count === 1 ? "word" : "words"}`;
  if (!expected.length || !found.length) return { whole: false, said: "there are no words to compare" };
  if (forward === expected.length) {
    const more = [
      [after - forward, "before"],
      [found.length - after, "after"],
    ].filter(([count]) => count);
    const beside = more.map(([count, where]) => `${count.toLocaleString("en")} more ${where}`);
    return { whole: true, said: [`all ${many(forward)}, in order`, ...beside].join("; ") };
  }
  const [backward, before] = longestStart([...expected].reverse(), [...found].reverse());
  const ahead = forward >= backward,
    word = ahead ? forward : expected.length - backward - 1;
  const theirs = ahead ? found[after] : found[found.length - before - 1],
    none = ahead ? "your text ends" : "your text begins later";
  return {
    whole: false,
    said: `differs at word ${word + 1} of ${expected.length}: the register has “${expected[word]}”, ${theirs === undefined ? none : `you have “${theirs}”`}`,
  };
}

// Mails, as we send them: texts between marker lines in the text part, texts and proofs attached.

const latinOf = bytes => {
  // one character a byte
  let text = "";
  for (let at = 0; at < bytes.length; at += 8192) text += String.fromCharCode(...bytes.subarray(at, at + 8192));
  return text;
};
const unlatin = text => Uint8Array.from(text, character => character.charCodeAt(0));

function mailParts(text, depth = 0) {
  // [{ name, kind, attached, bytes }] of what is read as one character a byte
  const [head, ...rest] = text.split("\n\n"),
    body = rest.join("\n\n"),
    headers = new Map();
  for (const line of head.replace(/\n[ \t]+/g, " ").split("\n")) {
    const colon = line.indexOf(":");
    if (colon > 0) headers.set(line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim());
  }
  const type = headers.get("content-type") ?? "text/plain",
    kind = type.split(";")[0].trim().toLowerCase();
  const parameter = (header, name) => new RegExp(`;\\s*${name}="?([^";]*)"?`, "i").exec(headers.get(header) ?? "")?.[1];
  const boundary = kind.startsWith("multipart/") && depth < 8 && parameter("content-type", "boundary");
  if (boundary) {
    const parts = `\n${body}`
      .split(`\n--${boundary}`)
      .slice(1)
      .filter(part => !part.startsWith("--"));
    return parts.flatMap(part => mailParts(part.slice(part.indexOf("\n") + 1), depth + 1));
  }
  const name = parameter("content-disposition", "filename") ?? parameter("content-type", "name") ?? "";
  const attached = /^attachment/i.test(headers.get("content-disposition") ?? "");
  return [
    { name, kind, attached, bytes: decoded(body, (headers.get("content-transfer-encoding") ?? "").toLowerCase()) },
  ];
}

function decoded(body, encoding) {
  try {
    if (encoding === "base64") return unlatin(latinOf(unlatin(atob(body.replace(/\s/g, "")))).replaceAll("\r\n", "\n"));
  } catch {
    /* as it stands: the hash decides */
  }
  if (encoding !== "quoted-printable") return unlatin(body);
  const joined = body.replace(/[ \t]+\n/g, "\n").replaceAll("=\n", "");
  return unlatin(
    joined.replace(/=([0-9A-Fa-f]{2})/g, (_, code) => String.fromCharCode(parseInt(code, 16))).replaceAll("\r\n", "\n"),
  );
}

async function markedEssays(part) {
  // what stands between the marker lines of a text part
  const text = latinOf(part.bytes),
    found = [],
    begin = /^----- BEGIN ESSAY .*$/gm;
  for (let line = begin.exec(text); line; line = begin.exec(text)) {
    const form = /^----- BEGIN ESSAY (E\d{4}-\d{4,12}) ([1-9]\d{0,11}) bytes sha256:([0-9a-f]{64}) -----$/.exec(
      line[0],
    );
    if (!form) refuse("the mail", "a marker line as in issue.eml", brief(line[0]));
    const [, accession, size, sha256] = form,
      start = line.index + line[0].length + 1,
      end = start + Number(size);
    const last = `\n----- END ESSAY ${accession} -----`,
      bytes = unlatin(text.slice(start, end));
    if (!text.startsWith(last, end) || !["", "\n"].includes(text.slice(end + last.length, end + last.length + 1))) {
      refuse(
        "the mail",
        `${size} bytes of ${accession} between its marker lines`,
        "another length: the mail was changed on its way; try the text that is attached to it",
      );
    }
    if ((await digestOf(bytes)) !== sha256)
      refuse("the mail", `${accession} with the SHA-256 in its marker line`, "another");
    found.push({ name: `${accession}, between its marker lines`, bytes });
    begin.lastIndex = end + last.length;
  }
  return found;
}

const isMail = bytes =>
  /^(?:[!-9;-~]+:.*\n(?:[ \t].*\n)*)+\n/.test(latinOf(bytes.subarray(0, 65536)).replaceAll("\r\n", "\n")) &&
  /^(?:mime-version|content-type|message-id):/im.test(latinOf(bytes.subarray(0, 65536)));

async function mailFiles(bytes) {
  // the texts and proofs of a mail, as files
  const parts = mailParts(latinOf(bytes).replaceAll("\r\n", "\n")),
    found = parts.filter(part => part.attached && part.name);
  for (const part of parts) if (part.kind === "text/plain" && !part.attached) found.push(...(await markedEssays(part)));
  return found.length ? found : refuse("the mail", "an essay between its marker lines, or attached", "none");
}
