"""What a check finds in a text, and the words in which a reviewer is told of it."""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from typing import TypeVar

from archive import characters
from publisher.essays.source import Source

Finding = tuple[int, str]
"""Offset in the source, and what stands there."""

K = TypeVar("K")
V = TypeVar("V")

_PRIVATE = "means nothing that all readers share: a font shows anything, or nothing"
_WHY = (
    (f"[{characters.DIRECTION}]", "changes the order in which the letters after it are shown"),
    ("[\ufff9-\ufffc]", "stands for something that is not in the text"),
    ("\ufffd", "stands where a character was lost before the text came here"),
    ("[\u2028\u2029]", "breaks the line in some programs and not in others"),
    ("[\xa0\u2007\u202f]", "looks like a space and keeps the words beside it on one line"),
    (f"[{characters.SPACES}]", "looks like a space"),
    ("[\ue000-\uf8ff\U000f0000-\U0010ffff]", _PRIVATE),
    (f"[{characters.UNSEEN}]", "cannot be seen"),
)


def remark(character: str) -> str:
    """What a reviewer should know of a character; empty for one that shows as itself."""
    if character.isascii():
        return ""
    for among, why in _WHY:
        if re.match(among, character):
            return why
    match unicodedata.category(character):
        case "Cf":
            return "cannot be seen"
        case "Zs":
            return "looks like a space"
        case "Cn":
            return _PRIVATE
    return ""


def quoted(text: str) -> str:
    """Short enough for a line: “the first words…”."""
    line = one_line(text)
    return f"“{line}”" if len(line) <= 60 else f"“{line[:60]}…”"


def one_line(text: str) -> str:
    """On one line, with what cannot be seen made visible: ``⟨U+200B⟩``."""
    return "".join(f"⟨{characters.code(c)}⟩" if remark(c) else c for c in " ".join(text.split()))


def named(character: str) -> str:
    """``U+200B ZERO WIDTH SPACE``."""
    return f"{characters.code(character)} {unicodedata.name(character, '')}".strip()


def times(source: Source, offsets: Sequence[int]) -> str:
    """``, 7 times (lines 1, 4, 9, 12, 20, …)``; nothing for once, since that is where the problem stands."""
    if len(offsets) == 1:
        return ""
    lines = list(dict.fromkeys(source.place(offset).split(":")[1] for offset in offsets))
    return (
        f", {len(offsets)} times (line{'s' * (len(lines) > 1)} {', '.join(lines[:5])}{', …' if len(lines) > 5 else ''})"
    )


def grouped(pairs: Iterable[tuple[K, V]]) -> dict[K, list[V]]:
    """Key → its values, in the order in which they come."""
    groups: dict[K, list[V]] = {}
    for key, value in pairs:
        groups.setdefault(key, []).append(value)
    return groups
