r"""The commitment that makes later redactions checkable: a salted tree over the words of `turns.jsonl`, line by line.

At intake only the root is logged (by way of ``intake.sums``); the seed stays private. A redacted copy can then be
proved to be the committed original minus the marked words. README.md has the bytes; ‖ joins, numbers are big-endian:

- the key of line `n`, counted from 0: SHA-256(0x03 ‖ seed, 32 bytes ‖ `n`, 8 bytes);
- the salts of its words: SHAKE-256(key), 16 bytes for each;
- the leaf of a word: SHA-256(0x02 ‖ salt ‖ word); the block of a line: SHA-256(0x00 ‖ its leaves);
- the root: that of RFC 6962 with the blocks as leaf hashes.

A key opens its own line and nothing else, a salt its own word. Nothing here is random: the seed is the caller's.
"""

import hashlib
import io
import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby, islice, pairwise
from struct import iter_unpack
from typing import Any

from archive.errors import Malformed, VerificationError

from . import merkle

SEED = KEY = LEAF = 32
SALT = 16
BAR = "\N{FULL BLOCK}"
"""Stands for a hidden word."""

# README.md has the same rule shorter; as it is written here the engine never goes a step back, and comes to most words,
# which stand behind one space and hold no escape, first. The spaces are those of \s, one of which takes longer to meet.
_SPACE, _PLAIN = r"[ \t\n\r\f\v]", r'[^ \t\n\r\f\v\\"]'
_WORD = re.compile(
    (
        rf""" ?+{_PLAIN}++(?!\\)|{_SPACE}*+(?:\\[nrt]{_SPACE}*+)*+"""
        rf"""(?:"|{_PLAIN}++(?:\\[^nrt]{_PLAIN}*+)*+|(?:\\[^nrt]{_PLAIN}*+)++|\\\Z)|(?:{_SPACE}|\\[nrt])+\Z"""
    ).encode()
)
_DELIMITER = re.compile(rb'(?:\s|\\[nrt])*"')


@dataclass(frozen=True)
class Line:
    r"""One line of a copy: what it shows and counts, and what proves it.

    `runs` are visible texts and numbers of hidden words in turn: ``(b'{"turn":1,"text":"', 3, b' and so"}\n')``. The
    `opening` of a line that hides nothing is its key. Of any other it is, word by word and without anything between
    them, the salt of a word that is visible and the leaf of one that is hidden.
    """

    runs: tuple[bytes | int, ...]
    opening: bytes


def split(line: bytes) -> list[bytes]:
    """A line of JSON, or whole words of it → words, each with the white space before it; joined they are it again.

    White space written as an escape (``\\\\n``) counts as white space and a quotation mark that delimits a string is a
    word of its own, so that a word can be hidden without hiding the structure it stands in.
    """
    return _WORD.findall(line)


def root(data: bytes | Iterable[bytes], seed: bytes) -> bytes:
    """The commitment to the lines of `data`, bytes or a file of them; `seed` has 32 random bytes."""
    return merkle.root(
        [
            _long(line, key) if len(line) > _LONG else _block(_leaves(split(line), key))
            for line, key in _keyed(data, seed)
        ]
    )


def redact(data: bytes, seed: bytes, hidden: Mapping[int, Collection[int]]) -> list[Line]:
    """The copy of `data` without the words that `hidden` names, by number of line and place in it, both from 0.

    Raises `ValueError` if there is no such line or word.
    """
    copy: list[Line] = []
    for line, key in _keyed(data, seed):
        words, gone = split(line), frozenset(hidden.get(len(copy), ()))
        if not gone <= set(range(len(words))):
            raise ValueError(f"line {len(copy)} has {len(words)} words, from 0: {sorted(gone)} cannot be hidden")
        copy.append(_redacted(words, key, gone) if gone else Line((line,), key))
    if missing := [number for number, gone in hidden.items() if gone and number not in range(len(copy))]:
        raise ValueError(f"there are {len(copy)} lines, from 0, and none to hide words of with number {missing}")
    return copy


def check(copy: Iterable[Line], committed: bytes) -> None:
    """Raises `VerificationError` unless `copy` is what was committed to, minus as many words as it says it hides.

    `committed` is a root of 32 bytes. Raises `Malformed`, with the line, where runs or an opening cannot be one.
    """
    found = merkle.root([block(line, number) for number, line in enumerate(copy)])
    if found != committed:
        raise VerificationError(f"expected the redaction root {committed.hex()}, found {found.hex()}")


def block(line: Line, number: int) -> bytes:
    """The block that a line of a copy leads to. Raises `Malformed`, naming the `number`, where it cannot be one."""
    return _block(_opened(line, number))


def barred(line: Line) -> bytes:
    r"""What a reader sees of a line: a black bar for each hidden word, ``{"text":"My name is █ █."}``.

    Where only words inside strings are hidden, it is JSON as the line was.
    """
    shown: list[bytes] = []
    before = b""
    for run in line.runs:
        if isinstance(run, bytes):
            shown.append(run)
            before = run or before
        else:
            begins = bool(before) and delimits(split(before)[-1])
            shown.append(b" ".join([BAR.encode()] * run) if begins else f" {BAR}".encode() * run)
            before = BAR.encode()
    return b"".join(shown)


def delimits(word: bytes) -> bool:
    """Whether a word of `split` is a quotation mark at which a string begins or ends."""
    return _DELIMITER.fullmatch(word) is not None


def _keyed(data: bytes | Iterable[bytes], seed: bytes) -> Iterator[tuple[bytes, bytes]]:
    """Every line with its key."""
    if len(seed) != SEED:
        raise ValueError(f"expected a seed of {SEED} bytes, found {len(seed)}")
    for number, line in enumerate(io.BytesIO(data) if isinstance(data, bytes) else data):
        yield line, hashlib.sha256(b"\3" + seed + number.to_bytes(8, "big")).digest()


def _own_sha256() -> Callable[[bytes], Any]:
    """Python's own SHA-256, which is quicker than OpenSSL's to begin, if slower to go on; OpenSSL's where it is not."""
    try:
        made: Callable[[bytes], Any] = getattr(hashlib, "__get_builtin_constructor")("sha256")
        return made
    except (AttributeError, ValueError):
        return hashlib.sha256


_SHA256 = _own_sha256()


def _salts(key: bytes, count: int) -> Iterator[tuple[bytes]]:
    return iter_unpack(f"{SALT}s", hashlib.shake_256(key).digest(SALT * count))


def _leaves(words: Sequence[bytes], key: bytes) -> list[bytes]:
    # The one hash a word: what filing costs is decided here, so no call stands between.
    begin = _SHA256
    return [begin(b"\2" + salt + word).digest() for (salt,), word in zip(_salts(key, len(words)), words, strict=True)]


def _block(leaves: Sequence[bytes]) -> bytes:
    return merkle.leaf_hash(b"".join(leaves))


_LONG, _AT_ONCE = 1 << 20, 1 << 14
"""A line of so many bytes is hashed so many words at a time: each that is held takes nearly 200 bytes."""


def _long(line: bytes, key: bytes) -> bytes:
    """The block of a line that is too long for all its words to be held."""
    salts = _salts(key, sum(1 for _ in _WORD.finditer(line)))
    words = (found[0] for found in _WORD.finditer(line))
    made = hashlib.sha256(b"\0")
    while some := [*zip(islice(words, _AT_ONCE), salts, strict=False)]:
        made.update(b"".join([_leaf(salt, word) for word, (salt,) in some]))
    return made.digest()


def _redacted(words: Sequence[bytes], key: bytes, hidden: Collection[int]) -> Line:
    places = range(len(words))
    runs: list[bytes | int] = []
    for gone, run in groupby(places, hidden.__contains__):
        at = list(run)
        runs.append(len(at) if gone else b"".join(words[at[0] : at[-1] + 1]))
    pairs = zip(places, _leaves(words, key), _salts(key, len(words)), strict=True)
    return Line(tuple(runs), b"".join(leaf if place in hidden else salt for place, leaf, (salt,) in pairs))


def _opened(line: Line, number: int) -> list[bytes]:
    """The leaves that a line of a copy leads to."""
    hides = [isinstance(run, int) for run in line.runs]
    empty = any(run < 1 if isinstance(run, int) else not run for run in line.runs)
    if not hides or empty or any(before == after for before, after in pairwise(hides)):
        raise Malformed(f"line {number} of the copy: expected visible texts and numbers of hidden words in turn")
    runs = [run if isinstance(run, int) else split(run) for run in line.runs]
    length = sum(LEAF * run if isinstance(run, int) else SALT * len(run) for run in runs) if any(hides) else KEY
    if len(line.opening) != length:
        raise Malformed(f"line {number} of the copy: expected an opening of {length} bytes, found {len(line.opening)}")
    opening, leaves = io.BytesIO(line.opening), []
    for run in runs:
        if isinstance(run, int):
            leaves += [opening.read(LEAF) for _ in range(run)]
        elif any(hides):
            leaves += [_leaf(opening.read(SALT), word) for word in run]
        else:
            leaves += _leaves(run, line.opening)
    return leaves


def _leaf(salt: bytes, word: bytes) -> bytes:
    return hashlib.sha256(b"\2" + salt + word).digest()
