"""A table: a head, and rows of cells; and how its columns are lined up where every character is as wide as another."""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import ClassVar

from archive.documents.words import Words, bare


@dataclass(frozen=True, slots=True)
class Table:
    kind: ClassVar[str] = "table"
    head: tuple[str, ...]
    rows: tuple[tuple[Words, ...], ...]
    numbers: frozenset[int] = frozenset()
    """Columns that hold numbers."""

    @property
    def narrow(self) -> frozenset[int]:
        """Columns so narrow that nothing in them need be broken."""
        columns = enumerate(zip(*self.rows, strict=True))
        return frozenset(n for n, cells in columns if all(len(bare(words)) <= 16 for words in cells))


def table(head: Sequence[str], rows: Iterable[Sequence[Words]], *numbers: int) -> Table:
    """A table of any rows; `numbers` are the columns that hold numbers."""
    return Table(tuple(head), tuple(map(tuple, rows)), frozenset(numbers))


WIDE = (
    "\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff01-\uff60\uffe0-\uffe6"
    "\U0001f300-\U0001faff\U00020000-\U0003fffd"
)
"""Characters that take two columns, and between which a line may be broken: Chinese, Japanese, Korean, emoji."""


@cache
def _wide() -> re.Pattern[str]:
    """Made when a text asks for it: it takes longer than most commands need for all they print."""
    return re.compile(f"[{WIDE}]")


def columns(text: str) -> int:
    """How many columns of a terminal a text takes."""
    if text.isascii():
        return len(text)
    highest = max(text)
    if highest < "\u0300":  # the first that is set on another
        return len(text)
    wide = len(_wide().findall(text)) if highest >= WIDE[0] else 0
    return len(text) + wide - sum(map(bool, map(unicodedata.combining, text)))


def padded(text: str, width: int, *, right: bool = False) -> str:
    """`text` filled up to `width` columns, before it if it is to stand at the right."""
    space = " " * (width - columns(text))
    return space + text if right else text + space


def widths(rows: Iterable[Sequence[str]]) -> list[int]:
    """How wide each column is."""
    return [max(map(columns, cells)) for cells in zip(*rows, strict=True)]
