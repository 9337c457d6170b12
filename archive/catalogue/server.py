"""Writing the catalogue where it lies on a PostgreSQL server, through SQLAlchemy."""

import contextlib
from collections.abc import Iterator
from itertools import islice
from typing import Any

from sqlalchemy import Connection, CursorResult, delete, insert, text
from sqlalchemy.exc import DBAPIError, SQLAlchemyError

from archive.catalogue import database, tables, vectors
from archive.catalogue.place import SCHEMA
from archive.catalogue.reader import Stale, its_own
from archive.catalogue.rows import Row, Rows
from archive.catalogue.schema import SEARCHED
from archive.catalogue.tables import TABLES
from archive.errors import Error, Problem
from archive.home.home import Home

_BATCH = 4000
"""Rows that are sent together."""
_NEW = f"{SCHEMA}_new"
"""Where tables are made; nobody else ever sees it."""
_LETTERS = f"{SCHEMA}_letters"
"""Where pg_trgm goes if it is not there yet: it stays when the tables go."""


class Server:
    """A catalogue that is being written; lives as long as one of `built` and `changed`."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self.dialect = connection.dialect

    def run(self, sql: str, **values: Any) -> CursorResult[Any]:
        """One statement, whose values stand in it as ``:name``."""
        return self._connection.execute(text(sql), values)

    def attempt(self) -> contextlib.AbstractContextManager[object]:
        """What fails within it is taken back, and no more."""
        return self._connection.begin_nested()

    def add(self, rows: Rows) -> None:
        """Bring in the rows of a folder."""
        for name, table in TABLES.items():
            given = iter(rows.get(name, ()))
            while batch := list(islice(given, _BATCH)):
                self._connection.execute(insert(table), batch)
                if name in SEARCHED:
                    words = [vectors.row(name, row) for row in batch]
                    self._connection.execute(text(vectors.insert(name)), words)

    def index(self, accession: str) -> None:
        """Nothing: its indexes keep up by themselves."""

    def drop(self, accession: str) -> None:
        """Take the rows of a folder out."""
        for name in SEARCHED:
            own = f"SELECT id FROM {name} WHERE accession = :accession"
            self.run(f"DELETE FROM {name}_words WHERE rowid IN ({own})", accession=accession)
        for table in reversed(TABLES.values()):
            if "accession" in table.columns:
                self._connection.execute(delete(table).where(table.c.accession == accession))

    def index_all(self) -> None:
        """Make the word indexes of all rows."""
        self.run("SET LOCAL maintenance_work_mem = '256MB'")
        for statement in vectors.indexes(_trigrams(self)):
            self.run(statement)

    def current(self, upto: Row) -> None:
        """Note up to which statement it is current."""
        self._connection.execute(TABLES["catalogue"].update().values(**upto))


@contextlib.contextmanager
def built(home: Home) -> Iterator[Server]:
    """A new one, made beside the old one, which readers keep until the new one is whole. Raises `Error`."""
    with changed(home) as server:
        run = server.run
        old = f"{SCHEMA}.catalogue"
        if known := run(f"SELECT to_regclass('{old}') IS NOT NULL").scalar():
            for (origin,) in run(f"SELECT origin FROM {old}").all():
                its_own(home, origin)
        run(f"CREATE SCHEMA {_NEW}")
        run(f"SET LOCAL search_path TO {_NEW}")
        for statement in (*tables.statements(server.dialect), *vectors.tables()):
            run(statement.replace("VARCHAR", 'VARCHAR COLLATE "C"'))  # sorted by code points, as SQLite does
        yield server
        if known:  # which every reader reads first, so that none is in the middle of something
            run(f"LOCK TABLE {old} IN ACCESS EXCLUSIVE MODE")
        run(f"DROP SCHEMA IF EXISTS {SCHEMA} CASCADE")
        run(f"ALTER SCHEMA {_NEW} RENAME TO {SCHEMA}")


@contextlib.contextmanager
def changed(home: Home) -> Iterator[Server]:
    """The one that is there, in one transaction. Raises `Error`; `Stale` where it contradicts the files."""
    made = database.engine(home)
    try:
        with made.begin() as connection:
            server = Server(connection)
            server.run("SELECT pg_advisory_xact_lock(hashtext('emeritus catalogue'))")
            server.run("SET LOCAL lock_timeout = '60s'")
            yield server
    except SQLAlchemyError as error:
        raise (Stale if database.damaged(error) else Error)(database.failed(error, "written")) from None
    finally:
        made.dispose()


def lacking(home: Home) -> list[Problem]:
    """What the server could have and has not, so that something takes longer. Raises `Error`."""
    with changed(home) as server:
        if _trigrams(server):
            return []
    found = "the server has no pg_trgm, so --substring and scripts without spaces are looked for in every row"
    remedy = "install postgresql-contrib there, have `CREATE EXTENSION pg_trgm` run, then `archive reindex`"
    return [Problem(database.PLACE, found, remedy)]


def _trigrams(server: Server) -> str | None:
    """The schema of pg_trgm, in a quotation; brought in where it may be; None where it is not there."""
    known = (
        "SELECT quote_ident(nspname) FROM pg_extension e JOIN pg_namespace n ON n.oid = e.extnamespace "
        "WHERE e.extname = 'pg_trgm'"
    )
    if not server.run(known).scalar():
        with contextlib.suppress(DBAPIError), server.attempt():
            server.run(f"CREATE SCHEMA IF NOT EXISTS {_LETTERS}")
            server.run(f"CREATE EXTENSION pg_trgm SCHEMA {_LETTERS}")
    found = server.run(known).scalar()
    return str(found) if found else None
