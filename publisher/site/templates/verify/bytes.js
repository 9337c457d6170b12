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
