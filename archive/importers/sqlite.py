"""SQLite files from outside: read only, never changed or locked, real tables alone, and within bounds.

A file that its program still had open may have a ``-wal`` beside it, whose rows are not in it: only what was received
is read.
"""

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import Any, Self
from urllib.parse import quote

from archive.errors import Problem, Refused
from archive.importers.checks import shown

_EVERY = 50_000
_STEPS, _STEPS_A_BYTE = 10_000_000, 50
"""Steps of SQLite's machine that reading any file may take, and for each of its bytes; more is what an attack takes."""


class Database:
    """An SQLite file that is open for reading; to be closed, as by ``with``."""

    def __init__(self, content: bytes | Path, place: str) -> None:
        """Raises `Refused` where it cannot be read."""
        self._place, self._left = place, 0
        with self._refusing():
            size = len(content) if isinstance(content, bytes) else content.stat().st_size
            self._left = (_STEPS + _STEPS_A_BYTE * size) // _EVERY
            self._db = _opened(content)
            self._db.set_progress_handler(self._stepped, _EVERY)
            self._db.execute("PRAGMA trusted_schema = OFF")
            self._db.execute("PRAGMA query_only = ON")
            self.tables = self._tables()
            """Each table's columns; no view, and nothing that would be worked out while it is read."""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._db.close()

    def rows(
        self, table: str, columns: Sequence[str], by: str | None = None, value: object = None
    ) -> Iterator[tuple[Any, ...]]:
        """The `columns` of each row, or of those in which column `by` has this value, in the order of the file.

        A column that the table does not have is None in every row, and a table that is not there has no rows.
        Raises `Refused` where the file is damaged.
        """
        held = self.tables.get(table, frozenset())
        if not held or (by is not None and by not in held) or (isinstance(value, int) and value.bit_length() > 63):
            return
        wanted = ", ".join(_named(column) if column in held else "NULL" for column in columns)
        where = f" WHERE {_named(by)} = ?" if by is not None else ""
        with self._refusing():
            yield from self._db.execute(f"SELECT {wanted} FROM main.{_named(table)}{where}", (value,) if by else ())

    def _tables(self) -> dict[str, frozenset[str]]:
        listed = "SELECT name FROM main.sqlite_schema WHERE type = 'table' AND sql NOT LIKE 'CREATE VIRTUAL%'"
        names = [str(name) for (name,) in self._db.execute(listed)]
        columns = "SELECT name FROM pragma_table_xinfo(?) WHERE hidden = 0"
        return {name: frozenset(str(c) for (c,) in self._db.execute(columns, (name,))) for name in names}

    def _stepped(self) -> bool:
        self._left -= 1
        return self._left < 0

    @contextmanager
    def _refusing(self) -> Iterator[None]:
        try:
            yield
        except (sqlite3.Error, sqlite3.Warning, OSError, ValueError) as error:
            if self._left < 0:
                what = "is an SQLite database that takes far more work to read than its size explains"
            elif "UTF-8" in str(error):
                what = "is an SQLite database with text in it that is not UTF-8"
            else:
                what = f"is an SQLite database that cannot be read: {shown(str(error))}"
            raise Refused(
                [Problem(self._place, what, "is it whole? copy it again, while no program uses it")]
            ) from None


def _opened(content: bytes | Path) -> sqlite3.Connection:
    if isinstance(content, Path):
        address = f"file:{quote(str(content.resolve()))}?mode=ro&immutable=1"
        return sqlite3.connect(address, uri=True, isolation_level=None)
    db = sqlite3.connect(":memory:", isolation_level=None)
    # Two bytes say that there was a write-ahead log; in memory SQLite would look for it in vain.
    db.deserialize(content[:18] + (b"\1\1" if content[18:20] == b"\2\2" else content[18:20]) + content[20:])
    return db


def _named(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'
