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
