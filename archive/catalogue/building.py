"""Building the catalogue from what was filed, and bringing it up to the newest statement, under a lock of its own."""

import contextlib
import fcntl
import os
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from sqlalchemy import URL, Connection, delete, insert, select, text
from sqlalchemy.exc import DatabaseError, OperationalError, SQLAlchemyError
from sqlmodel import SQLModel

from archive.catalogue.database import connect, said, transaction, unwritten
from archive.catalogue.place import SCHEMA, sqlite_file
from archive.catalogue.reader import SEARCHED, VERSION, Stale, opened
from archive.catalogue.rows import Row, Rows, of_folder
from archive.catalogue.tables import INDEXES, TABLES
from archive.catalogue.vectors import vector
from archive.deposits.filed import filed_folders
from archive.deposits.shelf import CODEBOOKS
from archive.errors import Problem
from archive.home.home import Home
from archive.register import durable
from archive.register.register import covers, head

_BATCH = 4000
"""Turns that are inserted together."""
_MERGED = 200
"""Pages of each word index that are merged after filing: about as many as keep up with it."""


def catch_up(home: Home) -> None:
    """Take in what was filed since the catalogue was current; build it where it is missing, damaged or of another
    version, or where the register is not the one it knew. Raises `Error` if no database answers.
    """
    with _lock(home):
        now = home.reopened()
        try:
            with opened(now) as reader:
                size, root = reader.upto()
                held = reader.one("SELECT count(*) AS deposits FROM deposit")
        except Stale:
            _reindex(now)
            return
        if (size, root) == head(now.register.folder):
            return
        if not covers(now.register, size, root):
            _reindex(now)
            return
        new = {
            name.split("/")[0]
            for statement in now.register.statements[size:]
            if statement.kind == "intake"
            for name in statement.subjects
        }
        if len(new) > max(held["deposits"] if held else 0, 50):  # in bulk all is built sooner than these are brought in
            _reindex(now)
            return
        try:
            _refresh(now, new)
        except OperationalError as error:
            raise unwritten(error) from None
        except DatabaseError:  # damaged, or it contradicts the files
            _reindex(now)


def reindex(home: Home) -> dict[str, int]:
    """Build the catalogue from the files alone; how much it holds then, by what it is called.

    Files that cannot be read are left out and counted as ``unreadable``; `archive check` says what is wrong with them.
    Raises `Error` if no database answers.
    """
    with _lock(home):
        return _reindex(home.reopened())


def problems(home: Home) -> list[Problem]:
    """Where the catalogue, brought up to the newest statement, says something else than the files."""
    if not home.register.size:
        return []
    catch_up(home)
    folders: dict[str, str] = {}
    here: Counter[str] = Counter()
    codebooks = CODEBOOKS.filed(home)
    for filed in filed_folders(home)[0]:
        folders[filed.number] = filed.place
        for name, rows in of_folder(filed, codebooks)[0].items():
            for row in rows:
                here[filed.number] += hash((name, *row.values()))
    there: Counter[str] = Counter()
    try:
        with transaction(home) as connection:
            for name, table in TABLES.items():
                for found in connection.execute(select(table)).mappings() if "accession" in table.columns else ():
                    there[found["accession"]] += hash((name, *found.values()))
    except SQLAlchemyError as error:
        return [Problem("catalogue", f"cannot be read: {said(error)}", "archive reindex")]
    differ = sorted(number for number in here.keys() | there.keys() if here[number] != there[number])
    return [
        Problem(folders.get(n, n), "the catalogue says something else than its files", "archive reindex")
        for n in differ
    ]


# ── writing ──────────────────────────────────────────────────────────────────────────────────────────────────────────


@contextlib.contextmanager
def _lock(home: Home) -> Iterator[None]:
    """One program at a time brings the catalogue up; another waits for it."""
    with open(os.open(home.hidden / "catalogue.lock", os.O_WRONLY | os.O_CREAT, durable.PRIVATE), "w") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield


def _reindex(home: Home) -> dict[str, int]:
    try:
        file = sqlite_file(home)
        if file:
            return _reindex_file(file, home)
        with transaction(home) as connection:
            connection.execute(text(f"DROP SCHEMA IF EXISTS {SCHEMA} CASCADE"))
            connection.execute(text(f"CREATE SCHEMA {SCHEMA}"))
            return _build(connection, home)
    except SQLAlchemyError as error:
        raise unwritten(error) from None


def _refresh(home: Home, numbers: Iterable[str]) -> None:
    """Read the folders of these accessions again, in one transaction."""
    wanted, codebooks = set(numbers), CODEBOOKS.filed(home)
    with transaction(home) as connection:
        for filed in filed_folders(home)[0] if wanted else ():
            if filed.number in wanted:
                _drop(connection, filed.number)
                _insert(connection, of_folder(filed, codebooks)[0])
                _index(connection, filed.number)
        connection.execute(TABLES["catalogue"].update().values(**_upto(home)))
        _tidy(connection)


def _upto(home: Home) -> Row:
    size, root = head(home.register.folder) or (0, "")
    return {"statements": size, "root": root}


def _reindex_file(file: Path, home: Home) -> dict[str, int]:
    """Built beside the old one, which readers keep until the new one is whole."""
    beside = file.with_name(f".{file.name}.new")
    durable.folder(beside.parent)
    beside.unlink(missing_ok=True)
    os.close(os.open(beside, os.O_WRONLY | os.O_CREAT, durable.PRIVATE))  # SQLite makes files for everybody
    made = connect(URL.create("sqlite", database=str(beside)))
    try:
        with made.connect() as connection:
            for pragma in ("journal_mode = off", "synchronous = off", "locking_mode = exclusive"):
                connection.execute(text(f"PRAGMA {pragma}"))
            counts = _build(connection, home)
            connection.commit()
    finally:
        made.dispose()
    with beside.open("rb") as handle:
        os.fsync(handle.fileno())
    for rest in ("", "-journal", "-wal", "-shm"):  # a journal left of the old file would be played into the new one
        file.with_name(file.name + rest).unlink(missing_ok=True)
    os.replace(beside, file)
    durable.sync(file.parent)
    return counts


def _build(connection: Connection, home: Home) -> dict[str, int]:
    SQLModel.metadata.create_all(connection, checkfirst=False)
    counts: Counter[str] = Counter()
    waiting: Rows = {"catalogue": [{"version": VERSION, "origin": home.configuration.archive.origin, **_upto(home)}]}
    codebooks = CODEBOOKS.filed(home)
    filed, lost = filed_folders(home)
    counts["unreadable"] += len(lost)
    for each in filed:
        rows, unreadable = of_folder(each, codebooks)
        counts["unreadable"] += unreadable
        for name, found in rows.items():
            counts[name] += len(found)
            waiting.setdefault(name, []).extend(found)
        if len(waiting.get("turn", ())) >= _BATCH:
            _insert(connection, waiting)
            waiting = {}
    _insert(connection, waiting)
    for statement in _indexing(connection.dialect.name):
        connection.execute(text(statement))
    shown = ("models", "deposits", "interviews", "turns", "notes", "analyses", "claims", "quotes", "preferences")
    tables = {"models": "ai_model", "analyses": "analysis"}
    held = {name: counts[tables.get(name, name.removesuffix("s"))] for name in shown}
    return held | ({"unreadable": counts["unreadable"]} if counts["unreadable"] else {})


def _insert(connection: Connection, rows: Mapping[str, list[Row]]) -> None:
    for name, table in TABLES.items():
        if rows.get(name):
            connection.execute(insert(table), rows[name])


def _drop(connection: Connection, accession: str) -> None:
    _index(connection, accession, command="'delete', ")
    for table in reversed(TABLES.values()):
        if "accession" in table.columns:
            connection.execute(delete(table).where(table.c.accession == accession))


def _index(connection: Connection, accession: str, *, command: str = "") -> None:
    """Bring the rows of a folder into SQLite's word indexes; with FTS5's command ``delete``, out of them."""
    for table, columns in SEARCHED.items() if connection.dialect.name == "sqlite" else ():
        listed = ", ".join(columns)
        for name in (f"{table}_{index}" for index in INDEXES):
            into = f"{name}({f'{name}, ' if command else ''}rowid, {listed})"
            found = f"SELECT {command}id, {listed} FROM {table} WHERE accession = :accession"
            connection.execute(text(f"INSERT INTO {into} {found}"), {"accession": accession})


def _tidy(connection: Connection) -> None:
    """Let SQLite merge a little of its word indexes; left to itself it merges all at once, seconds long."""
    for name in _word_indexes() if connection.dialect.name == "sqlite" else ():
        connection.execute(text(f"INSERT INTO {name}({name}, rank) VALUES ('merge', {_MERGED})"))


def _word_indexes() -> Iterator[str]:
    return (f"{table}_{index}" for table in SEARCHED for index in INDEXES)


def _indexing(dialect: str) -> Iterator[str]:
    """What makes a filled catalogue searchable."""
    for table, columns in SEARCHED.items():
        if dialect == "postgresql":
            yield f"CREATE INDEX {table}_words ON {table} USING gin ({vector(table)})"
            continue
        for index, options in INDEXES.items():
            name = f"{table}_{index}"
            content = f"content = '{table}', content_rowid = 'id'"
            yield f"CREATE VIRTUAL TABLE {name} USING fts5({', '.join(columns)}, {content}, {options})"
            yield f"INSERT INTO {name}({name}, rank) VALUES ('hashsize', {64 << 20})"
            yield f"INSERT INTO {name}({name}) VALUES ('rebuild')"
            yield f"INSERT INTO {name}({name}, rank) VALUES ('hashsize', {1 << 20})"
            yield f"INSERT INTO {name}({name}, rank) VALUES ('automerge', 0)"
            yield f"INSERT INTO {name}({name}, rank) VALUES ('crisismerge', 1000)"
