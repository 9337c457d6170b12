"""Writing the catalogue where it lies on a PostgreSQL server, through SQLAlchemy."""

import contextlib
from collections.abc import Iterator
from itertools import islice

from sqlalchemy import Connection, delete, insert, text
from sqlalchemy.exc import DatabaseError, OperationalError, SQLAlchemyError
from sqlmodel import SQLModel

from archive.catalogue import database
from archive.catalogue.local import unwritten
from archive.catalogue.place import SCHEMA
from archive.catalogue.reader import Stale
from archive.catalogue.rows import Row, Rows
from archive.catalogue.schema import SEARCHED
from archive.catalogue.tables import TABLES
from archive.catalogue.vectors import vector
from archive.home.home import Home

_BATCH = 4000
"""Rows that are sent together."""


class Server:
    """A catalogue that is being written; lives as long as one of `built` and `changed`."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, rows: Rows) -> None:
        """Bring in the rows of a folder."""
        for name, table in TABLES.items():
            given = iter(rows.get(name, ()))
            while batch := list(islice(given, _BATCH)):
                self._connection.execute(insert(table), batch)

    def index(self, accession: str) -> None:
        """Nothing: its indexes keep up by themselves."""

    def drop(self, accession: str) -> None:
        """Take the rows of a folder out."""
        for table in reversed(TABLES.values()):
            if "accession" in table.columns:
                self._connection.execute(delete(table).where(table.c.accession == accession))

    def index_all(self) -> None:
        """Make the word indexes of all rows."""
        for table in SEARCHED:
            self._connection.execute(text(f"CREATE INDEX {table}_words ON {table} USING gin ({vector(table)})"))

    def current(self, upto: Row) -> None:
        """Note up to which statement it is current."""
        self._connection.execute(TABLES["catalogue"].update().values(**upto))


@contextlib.contextmanager
def built(home: Home) -> Iterator[Server]:
    """A new one in the place of the old one, in one transaction. Raises `Error`."""
    with changed(home) as server:
        connection = server._connection
        connection.execute(text(f"DROP SCHEMA IF EXISTS {SCHEMA} CASCADE"))
        connection.execute(text(f"CREATE SCHEMA {SCHEMA}"))
        SQLModel.metadata.create_all(connection, checkfirst=False)
        yield server


@contextlib.contextmanager
def changed(home: Home) -> Iterator[Server]:
    """The one that is there, in one transaction. Raises `Error`; `Stale` where it contradicts the files."""
    made = database.engine(home)
    try:
        with made.begin() as connection:
            yield Server(connection)
    except DatabaseError as error:
        if isinstance(error, OperationalError):
            raise unwritten("archive.toml [database] url", database.said(error)) from None
        raise Stale(f"the catalogue contradicts the files ({database.said(error)})") from None
    except SQLAlchemyError as error:
        raise unwritten("archive.toml [database] url", database.said(error)) from None
    finally:
        made.dispose()
