"""Writing the catalogue where it is a file of SQLite's, through the standard library."""

import contextlib
import datetime as dt
import os
import re
import sqlite3
from collections.abc import Collection, Iterator, Mapping
from pathlib import Path
from typing import Any

from archive.catalogue import schema
from archive.catalogue.parts import pairs
from archive.catalogue.query import unspaced
from archive.catalogue.reader import Stale
from archive.catalogue.rows import Row, Rows
from archive.catalogue.tokens import tokens
from archive.errors import Error
from archive.register import durable

_HASHED = 24 << 20
"""Bytes of words that SQLite gathers before it writes them, while all of an index is made."""
_MERGED = 200
"""Pages of each word index that are merged after filing: about as many as keep up with it."""
_NAMES = tuple(f"{table}_{index}" for table in schema.SEARCHED for index in schema.INDEXES)
_ASKED = re.compile("[a-z0-9]")
"""What a word has that may be asked for by a part of it (see `parts`)."""
_DATES = {"date", "filed"}
_KEPT = "nothing that was filed is touched"


class Local:
    """A catalogue that is being written; lives as long as one of `built` and `changed`."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        connection.create_function("unspaced", -1, unspaced, deterministic=True)
        connection.create_function("pairs", -1, pairs, deterministic=True)

    def add(self, rows: Rows) -> None:
        """Bring in the rows of a folder, not yet into the word indexes."""
        for table, columns in schema.columns().items():
            given: Collection[Row] | Iterator[Row] = rows.get(table, ())
            if not given:
                continue
            if _DATES.intersection(columns):
                given = map(stored, given)
            marks = ", ".join(f":{column}" for column in columns)
            self._connection.executemany(f"INSERT INTO {table} VALUES ({marks})", given)

    def index(self, accession: str) -> None:
        """Bring the rows of a folder into the word indexes."""
        self._index("", accession)
        words: set[str] = set()
        for table, columns in schema.SEARCHED.items():
            rows = self._connection.execute(
                f"SELECT {', '.join(columns)} FROM {table} WHERE accession = ?", [accession]
            )
            words.update(word for row in rows for text in row if text for word in tokens(text))
        asked = filter(_ASKED.search, words)
        self._connection.executemany("INSERT OR IGNORE INTO word VALUES (?)", zip(asked, strict=False))

    def drop(self, accession: str) -> None:
        """Take the rows of a folder out, and out of the word indexes first."""
        self._index("'delete', ", accession)
        for table, columns in reversed(list(schema.columns().items())):
            if "accession" in columns:
                self._connection.execute(f"DELETE FROM {table} WHERE accession = ?", [accession])

    def index_all(self) -> None:
        """Make the word indexes of all rows."""
        run = self._connection.execute
        for table in schema.SEARCHED:
            for index, options in schema.INDEXES.items():
                name = f"{table}_{index}"
                content = f"content = '{table}', content_rowid = 'id'" if index == "words" else "content = ''"
                run(f"CREATE VIRTUAL TABLE {name} USING fts5({_columns(table, index)}, {content}, {options})")
                for option, value in (("hashsize", _HASHED), ("automerge", 0), ("crisismerge", 1000)):
                    run(f"INSERT INTO {name}({name}, rank) VALUES (?, ?)", [option, value])
        self._index("", None)
        for name in _NAMES:
            run(f"INSERT INTO {name}({name}, rank) VALUES ('hashsize', {1 << 20})")
        run("CREATE TABLE word (word TEXT PRIMARY KEY) WITHOUT ROWID")
        for table in schema.SEARCHED:
            run(f"CREATE VIRTUAL TABLE temp.{table}_vocabulary USING fts5vocab(main, {table}_words, row)")
            known = f"SELECT term FROM temp.{table}_vocabulary WHERE term GLOB '*[a-z0-9]*'"
            run(f"INSERT OR IGNORE INTO main.word {known}")
            run(f"DROP TABLE temp.{table}_vocabulary")

    def current(self, upto: Row) -> None:
        """Note up to which statement it is current, and let SQLite merge a little of its word indexes.

        Left to itself it merges all at once, seconds long.
        """
        self._connection.execute("UPDATE catalogue SET statements = :statements, root = :root", upto)
        for name in _NAMES:
            self._connection.execute(f"INSERT INTO {name}({name}, rank) VALUES ('merge', {_MERGED})")

    def _index(self, command: str, accession: str | None) -> None:
        """Bring rows into the word indexes, of one folder or all; with FTS5's command ``delete``, out of them."""
        for table, columns in schema.SEARCHED.items():
            for index in schema.INDEXES:
                name, own = f"{table}_{index}", ", ".join(columns)
                given = own if index == "words" else f"pairs({own})"
                wanted = ["accession = :accession"] if accession else []
                wanted += [f"unspaced({own})"] if index == "pairs" else []
                where = f"WHERE {' AND '.join(wanted)}" if wanted else ""
                into = f"{name}({f'{name}, ' if command else ''}rowid, {_columns(table, index)})"
                found = f"SELECT {command}id, {given} FROM {table} {where} ORDER BY id"
                self._connection.execute(f"INSERT INTO {into} {found}", {"accession": accession} if accession else ())


def _columns(table: str, index: str) -> str:
    return ", ".join(schema.SEARCHED[table]) if index == "words" else "pairs"


def stored(row: Mapping[str, Any]) -> Row:
    """A row as SQLite keeps it: days and times as text."""
    return {name: _text(value) for name, value in row.items()}


def _text(value: object) -> object:
    if isinstance(value, dt.datetime):
        return value.strftime("%Y-%m-%d %H:%M:%S.%f")
    return value.isoformat() if isinstance(value, dt.date) else value


@contextlib.contextmanager
def built(file: Path) -> Iterator[Local]:
    """A new one, made beside the old one, which readers keep until the new one is whole. Raises `Error`."""
    beside = file.with_name(f".{file.name}.new")
    with untouched():
        durable.folder(beside.parent)
        beside.unlink(missing_ok=True)
        os.close(os.open(beside, os.O_WRONLY | os.O_CREAT, durable.PRIVATE))  # SQLite makes files for everybody
    with _writing(beside) as connection:
        for pragma in ("journal_mode = off", "synchronous = off", "locking_mode = exclusive"):
            connection.execute(f"PRAGMA {pragma}")
        connection.executescript(schema.SQL)
        connection.execute("BEGIN")
        yield Local(connection)
        connection.execute("COMMIT")
    with untouched():
        durable.sync(beside)
        for rest in ("", "-journal", "-wal", "-shm"):  # a journal left of the old file would be played into the new one
            file.with_name(file.name + rest).unlink(missing_ok=True)
        os.replace(beside, file)
        durable.sync(file.parent)


@contextlib.contextmanager
def untouched() -> Iterator[None]:
    """What the operating system answers is told with what became of the files."""
    try:
        yield
    except OSError as error:
        error.add_note(_KEPT)
        raise


@contextlib.contextmanager
def changed(file: Path) -> Iterator[Local]:
    """The one that is there, in one transaction. Raises `Error`; `Stale` where it is damaged."""
    with _writing(file) as connection:
        connection.execute("BEGIN IMMEDIATE")
        yield Local(connection)
        connection.execute("COMMIT")


@contextlib.contextmanager
def _writing(file: Path) -> Iterator[sqlite3.Connection]:
    connection = sqlite3.connect(file, timeout=30, isolation_level=None)
    try:
        connection.execute("PRAGMA foreign_keys = on")
        connection.execute("PRAGMA cache_size = -16000")
        yield connection
    except sqlite3.DatabaseError as error:
        lacking = error.sqlite_errorcode == sqlite3.SQLITE_ERROR  # a table, or a column
        if isinstance(error, sqlite3.OperationalError) and not lacking:
            raise unwritten(file, error) from None
        raise Stale(f"{file}: the catalogue is damaged, or contradicts the files ({error})") from None
    finally:
        connection.close()  # what was not committed is taken back


def unwritten(where: object, error: object) -> Error:
    """That the database does not take what is written, in its own words."""
    return Error(f"{where}: the catalogue cannot be written ({error}); {_KEPT}; when that is mended, `archive reindex`")
