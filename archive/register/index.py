"""The register's index: which statements are about what, asked without reading the others.

``index.db``, a SQLite file beside the tiles. It is a cache: it takes in what was logged since whenever it is opened,
and is made again from the leaves where it is missing, damaged, or knows another history.
"""

import base64
import contextlib
import os
import re
import sqlite3
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

from . import durable
from .statement import IntakeKind, Statement
from .tree import Tree

_VERSION = 1
"""Of the tables; another one is made again."""
_TABLES = """
CREATE TABLE upto (size INTEGER NOT NULL, root TEXT NOT NULL);
INSERT INTO upto VALUES (0, '');
CREATE TABLE statement (
    position INTEGER PRIMARY KEY, kind TEXT NOT NULL, notice TEXT, week TEXT, time TEXT NOT NULL);
CREATE INDEX statement_kind ON statement (kind, notice);
CREATE INDEX statement_time ON statement (time);
CREATE TABLE subject (digest TEXT NOT NULL, name TEXT NOT NULL, position INTEGER NOT NULL);
CREATE INDEX subject_digest ON subject (digest);
CREATE TABLE about (
    accession TEXT NOT NULL, position INTEGER NOT NULL, PRIMARY KEY (accession, position)) WITHOUT ROWID;
CREATE TABLE accession (
    number TEXT PRIMARY KEY, kind TEXT NOT NULL, series TEXT NOT NULL, serial INTEGER NOT NULL,
    position INTEGER NOT NULL, published INTEGER, withdrawn INTEGER) WITHOUT ROWID;
CREATE INDEX accession_kind ON accession (kind, position);
CREATE INDEX accession_series ON accession (series, serial);
"""
_NUMBER = re.compile(r"([CEMP]?\d{4}-)(\d{4,})", re.ASCII)


class Index:
    """Answers about the first `size` statements of a register."""

    def __init__(self, database: "Database", size: int) -> None:
        self._database, self._size = database, size

    def until(self, size: int) -> "Index":
        """What it would have said when the register had `size` statements."""
        return Index(self._database, min(size, self._size))

    def newest(self) -> str:
        """The latest time of all statements: ``2026-11-15T09:00:04Z``; empty before the first."""
        return self._one("SELECT max(time) FROM statement WHERE position < ?") or ""

    def of_kind(self, kind: str, notice: str | None = None) -> list[int]:
        """Where the statements of a kind stand, or the notices of one, in the order of the register."""
        sql = "SELECT position FROM statement WHERE kind = ?1 AND (?2 IS NULL OR notice = ?2) AND position < ?3"
        return self._column(f"{sql} ORDER BY position", kind, notice)

    def weeks(self, kind: str, notice: str | None = None) -> dict[str, int]:
        """Week → where the first statement of a kind about it stands, in the order of the register."""
        sql = "SELECT week, min(position) FROM statement WHERE kind = ?1 AND (?2 IS NULL OR notice = ?2)"
        rows = self._rows(f"{sql} AND week IS NOT NULL AND position < ?3 GROUP BY week ORDER BY 2", (kind, notice))
        return dict(rows)

    def about(self, accession: str) -> list[int]:
        """Where the statements about an accession stand, in the order of the register."""
        return self._column("SELECT position FROM about WHERE accession = ? AND position < ?", accession)

    def listed(self, digest: str) -> str | None:
        """The accession that has an intake list with this SHA-256."""
        sql = "SELECT name FROM subject JOIN statement USING (position) WHERE digest = ? AND kind = 'intake' "
        name = self._one(f"{sql} AND position < ? ORDER BY position", digest)
        return name.split("/")[0] if name else None

    def numbers(self, kind: IntakeKind | None = None) -> list[str]:
        """Every accession, or those of one kind, in the order of filing."""
        sql = "SELECT number FROM accession WHERE (?1 IS NULL OR kind = ?1) AND position < ?2 ORDER BY position"
        return self._column(sql, kind)

    def course(self) -> list[tuple[str, int]]:
        """Every accession in the order of filing, and where the newest statement about it stands."""
        newest = "SELECT max(position) FROM about WHERE accession = number AND position < ?1"
        return self._rows(f"SELECT number, ({newest}) FROM accession WHERE position < ?1 ORDER BY position", ())

    def count(self) -> dict[IntakeKind, int]:
        """How many accessions there are of each kind."""
        return dict(self._rows("SELECT kind, count(*) FROM accession WHERE position < ? GROUP BY kind", ()))

    def unpublished(self) -> list[str]:
        """The essays that were neither published nor withdrawn, in the order of intake."""
        sql = "SELECT number FROM accession WHERE kind = 'essay' AND coalesce(min(published, withdrawn), published,"
        return self._column(f"{sql} withdrawn, ?1) >= ?1 AND position < ?1 ORDER BY position")

    def last(self, series: str) -> int:
        """The highest number given in a series (``E2026-``), 0 before the first."""
        return self._one("SELECT max(serial) FROM accession WHERE series = ? AND position < ?", series) or 0

    def _column(self, sql: str, *values: Any) -> list[Any]:
        return [row[0] for row in self._rows(sql, values)]

    def _one(self, sql: str, *values: Any) -> Any:
        return next((row[0] for row in self._rows(sql, values)), None)

    def _rows(self, sql: str, values: tuple[Any, ...]) -> list[tuple[Any, ...]]:
        return self._database.rows(sql, (*values, self._size))


class Database:
    """``index.db``, brought up to a tree. Lives as long as its register."""

    def __init__(self, file: Path | None, tree: Tree, newest: Callable[[], int]) -> None:
        """In memory, where there is no `file`; `newest` says how many statements the register holds by now."""
        self._file, self._tree, self._newest = file, tree, newest
        self._connection = _opened(file, tree, newest)

    def __del__(self) -> None:
        if hasattr(self, "_connection"):
            self._connection.close()

    def rows(self, sql: str, values: tuple[Any, ...]) -> list[tuple[Any, ...]]:
        """What a query finds."""
        try:
            return self._connection.execute(sql, values).fetchall()
        except sqlite3.DatabaseError:  # damaged where nobody looked before
            self.make_again()
            return self._connection.execute(sql, values).fetchall()

    def differs(self) -> bool:
        """Whether it says something else than the leaves do: it was damaged, or changed by hand."""
        with contextlib.closing(sqlite3.connect(":memory:", isolation_level=None, check_same_thread=False)) as anew:
            _catch_up(anew, self._tree, self._newest)
            try:
                return _content(anew) != _content(self._connection)
            except sqlite3.DatabaseError:
                return True

    def make_again(self) -> None:
        """From the leaves."""
        self._connection.close()
        if self._file:
            _forget(self._file)
        self._connection = _opened(self._file, self._tree, self._newest)


def _opened(file: Path | None, tree: Tree, newest: Callable[[], int]) -> sqlite3.Connection:
    """The index in a file, brought up to a tree; one in memory where no file can be written."""
    if file and (connection := _in_file(file, tree, newest)):
        return connection
    connection = sqlite3.connect(":memory:", isolation_level=None, check_same_thread=False)
    _catch_up(connection, tree, newest)
    return connection


def _in_file(file: Path, tree: Tree, newest: Callable[[], int]) -> sqlite3.Connection | None:
    for _ in range(2):
        connection = _connect(file)
        try:
            if _catch_up(connection, tree, newest):
                return connection
        except sqlite3.OperationalError:  # the disk is full, or may not be written
            break
        except sqlite3.DatabaseError:  # no database
            pass
        connection.close()
        try:
            _forget(file)
        except OSError:
            break
    return None


def _forget(file: Path) -> None:
    for rest in ("", "-journal"):
        file.with_name(file.name + rest).unlink(missing_ok=True)


def _connect(file: Path) -> sqlite3.Connection:
    with contextlib.suppress(OSError):
        os.close(os.open(file, os.O_RDWR | os.O_CREAT, durable.PRIVATE))  # SQLite makes files for everybody
    try:
        return sqlite3.connect(file, timeout=30, isolation_level=None, check_same_thread=False)
    except sqlite3.OperationalError:
        return sqlite3.connect(":memory:", isolation_level=None, check_same_thread=False)


def _catch_up(connection: sqlite3.Connection, tree: Tree, newest: Callable[[], int]) -> bool:
    """Take in the leaves since the index was current; False where it knows another history, or is of another version.

    Raises `sqlite3.Error`.
    """
    known = _known(connection, tree, newest)
    if known is not None and known >= tree.size:
        return True
    connection.execute("BEGIN IMMEDIATE")
    try:
        if not connection.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]:
            for table in _TABLES.split(";\n"):
                connection.execute(table)
            connection.execute(f"PRAGMA user_version = {_VERSION}")
        known = _known(connection, tree, newest)
        if known is None:
            return False
        if known < tree.size:
            for position, leaf in enumerate(tree.since(known), known):
                _take_in(connection, position, Statement.decode(leaf))
            connection.execute("UPDATE upto SET size = ?, root = ?", (tree.size, _root(tree, tree.size)))
        connection.execute("COMMIT")
        return True
    finally:
        if connection.in_transaction:
            connection.execute("ROLLBACK")


def _known(connection: sqlite3.Connection, tree: Tree, newest: Callable[[], int]) -> int | None:
    """Up to where the index is current; None where it has no tables, or holds statements that are not in the tree.

    It may be ahead of a tree that was opened before another command logged something.
    """
    if connection.execute("PRAGMA user_version").fetchone()[0] != _VERSION:
        return None
    match connection.execute("SELECT size, root FROM upto").fetchone():
        case (int(size), str(root)) if size >= 0:
            pass
        case _:  # damaged, in what SQLite takes for a row
            return None
    if size > tree.size:
        return size if size <= newest() else None
    return size if size == 0 or root == _root(tree, size) else None


def _root(tree: Tree, size: int) -> str:
    return base64.b64encode(tree.root(size)).decode()


def _content(connection: sqlite3.Connection) -> list[list[tuple[Any, ...]]]:
    """Every row of every table."""
    names = [row[0] for row in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name")]
    return [connection.execute(f"SELECT * FROM {name} ORDER BY 1, 2").fetchall() for name in names]


def _take_in(connection: sqlite3.Connection, position: int, statement: Statement) -> None:
    said, kind = statement.predicate, statement.kind
    notice = said["kind"] if kind == "notice" else None
    values = (position, kind, notice, said.get("week"), said["time"])
    connection.execute("INSERT INTO statement VALUES (?, ?, ?, ?, ?)", values)
    subjects = [(digest, name, position) for name, digest in statement.subjects.items()]
    numbers = dict.fromkeys(said["essays"] if kind == "issue" else _named(connection, statement))
    if kind == "intake":
        for number in numbers:
            series, serial = _NUMBER.fullmatch(number).groups()  # type: ignore[union-attr]  # the grammar says so
            row = (number, said["kind"], series, int(serial), position)
            connection.execute("INSERT OR IGNORE INTO accession VALUES (?, ?, ?, ?, ?, NULL, NULL)", row)
    connection.executemany("INSERT INTO subject VALUES (?, ?, ?)", subjects)
    connection.executemany("INSERT INTO about VALUES (?, ?)", [(number, position) for number in numbers])
    column = "published" if kind == "issue" else "withdrawn" if notice == "withdrawn" else None
    if column:
        sql = f"UPDATE accession SET {column} = coalesce({column}, ?) WHERE number = ?"
        connection.executemany(sql, [(position, number) for number in numbers])


def _named(connection: sqlite3.Connection, statement: Statement) -> Iterator[str]:
    """The accessions that a statement's subjects name: as ``E2026-0007/essay.md``, or by the hash of an intake list."""
    for name, digest in statement.subjects.items():
        if _NUMBER.fullmatch(number := name.split("/")[0]):
            yield number
        elif statement.kind == "notice":
            sql = "SELECT name FROM subject JOIN statement USING (position) WHERE digest = ? AND kind = 'intake'"
            found: Iterable[tuple[str]] = connection.execute(sql, (digest,))
            yield from (listed.split("/")[0] for (listed,) in found)
