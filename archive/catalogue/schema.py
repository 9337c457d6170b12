"""The catalogue's tables in SQLite without SQLAlchemy: ``schema.sql`` is what `archive.catalogue.tables` says."""

import hashlib
import sqlite3
from collections.abc import Mapping
from contextlib import closing
from functools import cache
from pathlib import Path

SQL = Path(__file__).with_name("schema.sql").read_text(encoding="utf-8")

SEARCHED = {
    "turn": ("text", "reasoning"),
    "note": ("code", "value", "text"),
    "analysis": ("title", "text"),
    "claim": ("text",),
}
"""Table → the columns whose words are searched."""
INDEXES = {
    "words": "tokenize = 'unicode61 remove_diacritics 2'",
    "pairs": "tokenize = 'ascii', detail = none",
}
"""What SQLite keeps of each table that is searched: its words; and of rows in scripts without spaces (see
`query.unspaced`) every two letters, without their places (see `parts`)."""

_MEANING = 3
"""Raised when rows come to mean something else though the tables stay as they are."""

VERSION = hashlib.sha256(repr((_MEANING, SQL, SEARCHED, INDEXES)).encode()).hexdigest()[:12]
"""What tables and rows look like."""


@cache
def columns() -> Mapping[str, tuple[str, ...]]:
    """The columns of each table; those that others point at stand first."""
    with closing(sqlite3.connect(":memory:")) as made:
        made.executescript(SQL)
        names = [name for (name,) in made.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        return {name: tuple(row[1] for row in made.execute(f"PRAGMA table_info({name})")) for name in names}
