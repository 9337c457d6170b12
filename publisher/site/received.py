"""A text as it was received, for showing with nothing interpreted: what does not show is marked and listed."""

import unicodedata
from functools import lru_cache

from archive import characters


def runs(text: str) -> list[tuple[str, str]]:
    """A text in pieces, so that what does not show can be marked: (piece, name of the unseen character or "")."""
    pieces, end = [], 0
    for start, character in _unseen(text):
        pieces += [(text[end:start], ""), (character, characters.code(character))]
        end = start + 1
    return [(piece, mark) for piece, mark in (*pieces, (text[end:], "")) if piece]


def unseen(text: str) -> list[dict[str, object]]:
    """The unseen characters of a text, each once: its code, name, how often, and line and column where it is first."""
    places: dict[str, list[int]] = {}
    for start, character in _unseen(text):
        places.setdefault(character, []).append(start)
    return [
        {
            "code": characters.code(character),
            "name": unicodedata.name(character, ""),
            "times": len(starts),
            "line": text.count("\n", 0, starts[0]) + 1,
            "column": starts[0] - (text.rfind("\n", 0, starts[0]) + 1) + 1,
        }
        for character, starts in places.items()
    ]


@lru_cache(maxsize=1)  # a page asks twice, and one page is made after the other
def _unseen(text: str) -> tuple[tuple[int, str], ...]:
    return tuple(characters.unseen(text))
