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
