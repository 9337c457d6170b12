"""Merkle tree hashes and proofs of RFC 6962, over leaf hashes that the caller has at hand; pure.

A register of a few thousand statements is hashed anew in milliseconds, so nothing is kept between calls.
Verification follows RFC 9162 §2.1.3.2 and §2.1.4.2 step by step.
"""

import hashlib
from collections.abc import Sequence

from archive.errors import VerificationError


def leaf_hash(leaf: bytes) -> bytes:
    """RFC 6962 §2.1: SHA-256(0x00 ‖ leaf)."""
    return hashlib.sha256(b"\0" + leaf).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """RFC 6962 §2.1: SHA-256(0x01 ‖ left ‖ right)."""
    return hashlib.sha256(b"\1" + left + right).digest()


def root(hashes: Sequence[bytes]) -> bytes:
    """Root hash of the tree with these leaf hashes; of none: SHA-256 of nothing."""
    if not hashes:
        return hashlib.sha256().digest()
    level = list(hashes)
    while len(level) > 1:
        parents = [node_hash(level[i], level[i + 1]) for i in range(0, len(level) - 1, 2)]
        if len(level) & 1:
            parents.append(level[-1])
        level = parents
    return level[0]


def _split(n: int) -> int:
    return 1 << ((n - 1).bit_length() - 1)  # the largest power of two smaller than n


def inclusion(hashes: Sequence[bytes], index: int) -> list[bytes]:
    """Audit path of leaf `index` in the tree with these leaf hashes (RFC 6962 §2.1.1)."""
    if len(hashes) == 1:
        return []
    k = _split(len(hashes))
    if index < k:
        return [*inclusion(hashes[:k], index), root(hashes[k:])]
    return [*inclusion(hashes[k:], index - k), root(hashes[:k])]


def consistency(hashes: Sequence[bytes], size: int) -> list[bytes]:
    """Proof that the first `size` leaves are a prefix of the tree with these leaf hashes (RFC 6962 §2.1.2)."""

    def subproof(m: int, part: Sequence[bytes], whole: bool) -> list[bytes]:
        if m == len(part):
            return [] if whole else [root(part)]
        k = _split(len(part))
        if m <= k:
            return [*subproof(m, part[:k], whole), root(part[k:])]
        return [*subproof(m - k, part[k:], False), root(part[:k])]

    return [] if size in (0, len(hashes)) else subproof(size, hashes, True)


def root_from_inclusion(index: int, size: int, leaf: bytes, path: Sequence[bytes]) -> bytes:
    """The root hash that an audit path leads to from a leaf hash. Raises `VerificationError` if it cannot be one.

    The path alone does not fix the tree size (one for 8 leaves also folds for 7): compare with a *signed* root.
    """
    if not 0 <= index < size:
        raise VerificationError(f"expected an index below the tree size {size}, found {index}")
    if any(len(h) != 32 for h in (leaf, *path)):
        raise VerificationError("expected hashes of 32 bytes")
    fn, sn, r = index, size - 1, leaf
    for p in path:
        if sn == 0:
            raise VerificationError("the inclusion proof is longer than the tree is high")
        if fn & 1 or fn == sn:
            r = node_hash(p, r)
            while fn and not fn & 1:
                fn, sn = fn >> 1, sn >> 1
        else:
            r = node_hash(r, p)
        fn, sn = fn >> 1, sn >> 1
    if sn:
        raise VerificationError("the inclusion proof is shorter than the tree is high")
    return r


def check_consistency(size1: int, size2: int, root1: bytes, root2: bytes, path: Sequence[bytes]) -> None:
    """Raises `VerificationError` unless tree 1 is proved to be a prefix of tree 2. Nothing is a prefix of all."""
    if not 0 <= size1 <= size2:
        raise VerificationError(f"expected a tree of at most {size2} leaves, found {size1}")
    if size1 == 0 and root1 != root([]):
        raise VerificationError("a tree of nothing has another root")
    if size1 in (0, size2):
        if path or (size1 == size2 and root1 != root2):
            raise VerificationError("two trees of the same size differ" if root1 != root2 else "expected no path")
        return
    steps = ([root1] if size1 & (size1 - 1) == 0 else []) + list(path)
    if not path:
        raise VerificationError("the consistency proof is empty")
    fn, sn = size1 - 1, size2 - 1
    while fn & 1:
        fn, sn = fn >> 1, sn >> 1
    fr = sr = steps[0]
    for c in steps[1:]:
        if sn == 0:
            raise VerificationError("the consistency proof is longer than the tree is high")
        if fn & 1 or fn == sn:
            fr, sr = node_hash(c, fr), node_hash(c, sr)
            while fn and not fn & 1:
                fn, sn = fn >> 1, sn >> 1
        else:
            sr = node_hash(sr, c)
        fn, sn = fn >> 1, sn >> 1
    if sn or fr != root1 or sr != root2:
        raise VerificationError("the earlier tree is not a prefix of the later one")
