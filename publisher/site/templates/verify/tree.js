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
