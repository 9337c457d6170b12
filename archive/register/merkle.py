"""Merkle tree hashes and proofs of RFC 6962; pure.

Where the hashes come from is the caller's business: proofs ask for the roots of subtrees (`Subtree`).
Verification follows RFC 9162 §2.1.3.2 and §2.1.4.2 step by step.
"""

import hashlib
from collections.abc import Callable, Iterable, Sequence
from functools import reduce

from archive.errors import VerificationError

Subtree = Callable[[int, int], bytes]
"""Root hash of the tree over the leaves from one index up to, and without, another."""


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


def among(hashes: Sequence[bytes]) -> Subtree:
    """The subtrees over leaf hashes that are at hand."""
    return lambda start, end: root(hashes[start:end])


def split(size: int) -> int:
    """How many of `size` leaves are left of the root: the largest power of two smaller than `size` (RFC 6962 §2.1)."""
    return 1 << ((size - 1).bit_length() - 1)


def peaks(size: int, subtree: Subtree) -> list[bytes]:
    """Root hashes of the full subtrees that a tree of `size` leaves is made of, from the largest to the smallest."""
    found, start = [], 0
    for bit in reversed(range(size.bit_length())):
        if size >> bit & 1:
            found.append(subtree(start, start + (1 << bit)))
            start += 1 << bit
    return found


def grown(size: int, tops: Sequence[bytes], hashes: Iterable[bytes]) -> bytes:
    """Root hash of the tree whose first `size` leaves have these `peaks`, and whose other leaves have these hashes."""
    stack = list(tops)
    for index, right in enumerate(hashes, size):
        push(stack, index, right)
    return folded(stack)


def push(tops: list[bytes], size: int, leaf: bytes) -> None:
    """Make the `peaks` of a tree of `size` leaves those of one with this leaf hash more."""
    while size & 1:
        size, leaf = size >> 1, node_hash(tops.pop(), leaf)
    tops.append(leaf)


def folded(tops: Sequence[bytes]) -> bytes:
    """Root hash of the tree with these `peaks`."""
    return reduce(lambda right, left: node_hash(left, right), reversed(tops)) if tops else root(())


def inclusion(index: int, size: int, subtree: Subtree) -> list[bytes]:
    """Audit path of leaf `index` in the tree of the first `size` leaves (RFC 6962 §2.1.1)."""

    def path(start: int, end: int) -> list[bytes]:
        if end - start == 1:
            return []
        middle = start + split(end - start)
        if index < middle:
            return [*path(start, middle), subtree(middle, end)]
        return [*path(middle, end), subtree(start, middle)]

    return path(0, size)


def consistency(old: int, size: int, subtree: Subtree) -> list[bytes]:
    """Proof that the first `old` leaves are a prefix of the tree of the first `size` (RFC 6962 §2.1.2)."""

    def subproof(start: int, end: int, whole: bool) -> list[bytes]:
        if old == end:
            return [] if whole else [subtree(start, end)]
        middle = start + split(end - start)
        if old <= middle:
            return [*subproof(start, middle, whole), subtree(middle, end)]
        return [*subproof(middle, end, False), subtree(start, middle)]

    return [] if old in (0, size) else subproof(0, size, True)


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
