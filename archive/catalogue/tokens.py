"""The words of a text as SQLite's FTS5 cuts them, for a database that should find what SQLite finds.

Which characters belong to words, and how case and accents are taken off them, is asked of FTS5 itself, once for each
character: it looks at one at a time, so a text's words follow from its characters'. A test compares whole texts.
"""

import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import closing
from functools import cache

from archive.catalogue.schema import INDEXES


def tokens(text: str) -> list[str]:
    """``Don’t ask; the Café!`` → don, t, ask, the, cafe."""
    return text.translate(_folding()).split()


class _Folding(dict[int, str]):
    """Each character's code → as it stands in a word; a space where it ends one."""

    def __missing__(self, code: int) -> str:
        self.update(_asked(range(code & ~0xFF, (code | 0xFF) + 1)))
        return self[code]


@cache
def _folding() -> _Folding:
    return _Folding()


def _asked(codes: Iterable[int]) -> Iterator[tuple[int, str]]:
    """What FTS5 makes of each between an ``a`` and a ``b``: two words or one, and how it stands in that."""
    with closing(sqlite3.connect(":memory:")) as made:
        made.execute(f"CREATE VIRTUAL TABLE written USING fts5(text, {INDEXES['words']})")
        made.execute("CREATE VIRTUAL TABLE word USING fts5vocab(written, instance)")
        written = ((code, f"a{chr(code)}b") for code in codes if not 0xD800 <= code <= 0xDFFF)
        made.executemany("INSERT INTO written (rowid, text) VALUES (?, ?)", written)
        for code, words, term in made.execute("SELECT doc, count(*), min(term) FROM word GROUP BY doc"):
            yield code, term[1:-1] if words == 1 else " "
