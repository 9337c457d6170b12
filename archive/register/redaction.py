"""The commitment that makes later redactions checkable: a salted RFC 6962 tree over the words of ``turns.jsonl``.

At intake only the root is logged (by way of ``intake.sums``); the seed stays private. A redacted copy can then be
proved to be the committed original minus the marked words: it gives a seed for every visible run and a hash for every
hidden one. Salts come from a binary tree of seeds (GGM): SHA-256(2 ‖ seed) to the left, SHA-256(3 ‖ seed) to the right.
"""

import hashlib
import re
from collections.abc import Sequence

from . import merkle

_SEGMENT = re.compile(rb"""(?:\s|\\[nrt])*(?:"|(?:\\[^nrt]|[^\s\\"])+|\\\Z)|(?:\s|\\[nrt])+\Z""")


def split(data: bytes) -> list[bytes]:
    """JSON lines → segments, each one word with the white space before it; joined they are `data` again.

    White space written as an escape (``\\\\n``) counts as white space and a quotation mark that delimits a string is a
    segment of its own, so that a word can be hidden without hiding the structure it stands in.
    """
    return _SEGMENT.findall(data)


def salts(seed: bytes, count: int) -> list[bytes]:
    """`count` salts of 16 bytes."""
    if count == 1:
        return [seed[:16]]
    left = 1 << ((count - 1).bit_length() - 1)
    half = salts(hashlib.sha256(b"\2" + seed).digest(), left)
    return half + salts(hashlib.sha256(b"\3" + seed).digest(), count - left)


def root(data: bytes, seed: bytes) -> bytes:
    """The commitment to `data`; `seed` has 32 random bytes. At least one segment."""
    segments: Sequence[bytes] = split(data)
    pairs = zip(salts(seed, len(segments)), segments, strict=True)
    return merkle.root([merkle.leaf_hash(salt + segment) for salt, segment in pairs])
