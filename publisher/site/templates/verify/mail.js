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
