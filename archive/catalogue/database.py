"""The catalogue's database, through SQLAlchemy: SQLite unless archive.toml names a PostgreSQL server."""

import contextlib
from collections.abc import Iterator
from typing import Any

from sqlalchemy import URL, Connection, Engine, event
from sqlalchemy.exc import ArgumentError, SQLAlchemyError
from sqlmodel import create_engine

from archive.catalogue.place import SCHEMA, sqlite_file
from archive.errors import Error, not_installed
from archive.home.home import Home


def engine(home: Home) -> Engine:
    """The home's database, not yet connected. Raises `Error` where the configuration names none that can be used."""
    file = sqlite_file(home)
    return connect(URL.create("sqlite", database=str(file)) if file else home.configuration.database.url)


def connect(url: URL | str) -> Engine:
    place = "archive.toml [database] url"
    try:
        made = create_engine(url)
    except ModuleNotFoundError as error:
        if error.name == "psycopg":
            raise not_installed(place, "psycopg[binary]") from None
        example = "postgresql+psycopg://user@host/archive"
        raise Error(f"{place}: needs {error.name}, which is not installed; write it as {example}") from None
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
def transaction(home: Home) -> Iterator[Connection]:
    made = engine(home)
    try:
        with made.begin() as connection:
            yield connection
    finally:
        made.dispose()


def said(error: SQLAlchemyError) -> str:
    """The database's own words, in one line."""
    return str(getattr(error, "orig", None) or error).strip().split("\n")[0]


def unwritten(error: SQLAlchemyError) -> Error:
    return Error(f"the catalogue cannot be written: {said(error)}; when that is mended, `archive reindex`")
