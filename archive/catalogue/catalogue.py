"""The catalogue: a database of what the files say, made for finding. It can be dropped and built again at any time.

Filing refreshes the folders it touched; a catalogue that is missing, damaged or of another version is built anew then.
Commands that only read never write it: they say that `archive reindex` does (see `archive.catalogue.reader`).
"""

import contextlib
import os
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, Engine, delete, event, insert, select, text
from sqlalchemy.exc import ArgumentError, DatabaseError, OperationalError, SQLAlchemyError
from sqlmodel import SQLModel, create_engine

from archive.catalogue.reader import SEARCHED, VERSION, Stale, reading, sqlite_file
from archive.catalogue.rows import Row, Rows, of_folder
from archive.catalogue.tables import INDEXES, TABLES
from archive.deposits import deposit
from archive.errors import Error, Problem
from archive.home.home import Accession, Home, accession_of, accessions
from archive.register import durable
from archive.register.register import Register

SCHEMA = "emeritus"
"""Where a database server keeps the tables: nobody else's are touched."""
_BATCH = 4000
"""Turns that are inserted together."""
_MERGED = 200
"""Pages of each word index that are merged after filing: about as many as keep up with it."""


def refresh(home: Home, register: Register, folders: Iterable[str]) -> None:
    """Read these folders of ``transcripts/`` again, in one transaction. Raises `Error` if no database answers."""
    logged, folders = accessions(register), tuple(folders)
    try:
        with reading(home) as reader:
            held = reader.rows("SELECT accession FROM deposit")
        if len(folders) > max(len(held), 50):  # in bulk all is built sooner than these are brought in
            reindex(home, register)
            return
        with _transaction(home) as connection:
            for folder in folders:
                if accession := accession_of(home.root / folder, logged):
                    _drop(connection, accession.number)
                    _insert(connection, of_folder(home, home.root / folder, accession)[0])
                    _index(connection, accession.number)
            _tidy(connection)
    except Stale:
        reindex(home, register)
    except OperationalError as error:
        raise _unwritten(error) from None
    except DatabaseError:  # damaged, or it contradicts the files
        reindex(home, register)


def reindex(home: Home, register: Register) -> dict[str, int]:
    """Build the catalogue from the files alone; how much it holds then, by what it is called.

    Files that cannot be read are left out and counted as ``unreadable``; `archive check` says what is wrong with them.
    Raises `Error` if no database answers.
    """
    try:
        file = sqlite_file(home)
        if file:
            return _reindex_file(file, home, register)
        with _transaction(home) as connection:
            connection.execute(text(f"DROP SCHEMA IF EXISTS {SCHEMA} CASCADE"))
            connection.execute(text(f"CREATE SCHEMA {SCHEMA}"))
            return _build(connection, home, register)
    except SQLAlchemyError as error:
        raise _unwritten(error) from None


def problems(home: Home, register: Register) -> list[Problem]:
    """Where the catalogue says something else than the files."""
    folders: dict[str, str] = {}
    here: Counter[str] = Counter()
    for folder, accession in _filed(home, register):
        folders[accession.number] = home.relative(folder)
        for name, rows in of_folder(home, folder, accession)[0].items():
            for row in rows:
                here[accession.number] += hash((name, *row.values()))
    there: Counter[str] = Counter()
    try:
        with reading(home):
            pass
        with _transaction(home) as connection:
            for name, table in TABLES.items():
                for found in connection.execute(select(table)).mappings() if "accession" in table.columns else ():
                    there[found["accession"]] += hash((name, *found.values()))
    except Stale as stale:
        return [Problem("catalogue", str(stale).split(";")[0], "archive reindex")] if folders else []
    except SQLAlchemyError as error:
        return [Problem("catalogue", f"cannot be read: {said(error)}", "archive reindex")]
    differ = sorted(number for number in here.keys() | there.keys() if here[number] != there[number])
    return [
        Problem(folders.get(n, n), "the catalogue says something else than its files", "archive reindex")
        for n in differ
    ]


# ── the database ─────────────────────────────────────────────────────────────────────────────────────────────────────


def engine(home: Home) -> Engine:
    """The home's database, not yet connected. Raises `Error` where the configuration names none that can be used."""
    file = sqlite_file(home)
    return _engine(URL.create("sqlite", database=str(file)) if file else home.configuration.database.url)


def _engine(url: URL | str) -> Engine:
    place = "archive.toml [database] url"
    try:
        made = create_engine(url)
    except ModuleNotFoundError as error:
        raise Error(f"{place}: needs {error.name}, which is not installed; pip install 'emeritus[postgres]'") from None
    except ArgumentError:
        example = "postgresql+psycopg://user@host/archive"
        raise Error(f"{place}: expected an address such as {example}, or none at all for SQLite") from None
    if made.dialect.name not in ("sqlite", "postgresql"):
        raise Error(f"{place}: expected SQLite or PostgreSQL, found {made.dialect.name}")
    prepare = "PRAGMA foreign_keys = on" if made.dialect.name == "sqlite" else f"SET search_path TO {SCHEMA}"

    @event.listens_for(made, "connect")
    def _prepare(connection: Any, _: object) -> None:
        connection.execute(prepare)
        connection.commit()

    return made


@contextlib.contextmanager
def _transaction(home: Home) -> Iterator[Connection]:
    made = engine(home)
    try:
        with made.begin() as connection:
            yield connection
    finally:
        made.dispose()


def said(error: SQLAlchemyError) -> str:
    """The database's own words, in one line."""
    return str(getattr(error, "orig", None) or error).strip().split("\n")[0]


def _unwritten(error: SQLAlchemyError) -> Error:
    return Error(f"the catalogue cannot be written: {said(error)}; when that is mended, `archive reindex`")


# ── writing ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def _reindex_file(file: Path, home: Home, register: Register) -> dict[str, int]:
    """Built beside the old one, which readers keep until the new one is whole."""
    beside = file.with_name(f".{file.name}.new")
    beside.parent.mkdir(parents=True, exist_ok=True)
    beside.unlink(missing_ok=True)
    made = _engine(URL.create("sqlite", database=str(beside)))
    try:
        with made.connect() as connection:
            for pragma in ("journal_mode = off", "synchronous = off", "locking_mode = exclusive"):
                connection.execute(text(f"PRAGMA {pragma}"))
            counts = _build(connection, home, register)
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


def _build(connection: Connection, home: Home, register: Register) -> dict[str, int]:
    SQLModel.metadata.create_all(connection, checkfirst=False)
    counts: Counter[str] = Counter()
    waiting: Rows = {"catalogue": [{"version": VERSION, "origin": home.configuration.archive.origin}]}
    for folder, accession in _filed(home, register):
        rows, unreadable = of_folder(home, folder, accession)
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


def _filed(home: Home, register: Register) -> Iterator[tuple[Path, Accession]]:
    """Every folder of ``transcripts/`` that was filed; of a folder and its copy, the first."""
    logged = accessions(register)
    seen = set()
    models = sorted(path.parent for path in (home.root / "transcripts").glob("*/intake.sums"))
    for folder in (*models, *deposit.folders(home)):
        accession = accession_of(folder, logged)
        if accession and accession.number not in seen:
            seen.add(accession.number)
            yield folder, accession


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


def vector(table: str, prefix: str = "") -> str:
    """The words of a row as PostgreSQL indexes them; not of a whole book, because its vectors end at a megabyte."""
    columns = " || chr(10) || ".join(f"coalesce({prefix}{column}, '')" for column in SEARCHED[table])
    # Marks are taken out, or PostgreSQL would keep addresses and hyphenated words whole, unlike SQLite.
    return (
        f"to_tsvector('simple', regexp_replace({unaccented(f'left({columns}, 200000)')}, '[!-/:-@[-`{{-~]', ' ', 'g'))"
    )


def unaccented(expression: str) -> str:
    """SQL for a text without its accents."""
    return f"regexp_replace(normalize({expression}, NFD), '[\\u0300-\\u036f]', '', 'g')"
