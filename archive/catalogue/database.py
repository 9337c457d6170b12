"""The PostgreSQL server that archive.toml may name for the catalogue, through SQLAlchemy."""

from typing import Any

from sqlalchemy import Engine, event
from sqlalchemy.exc import ArgumentError, SQLAlchemyError
from sqlmodel import create_engine

from archive.catalogue.place import SCHEMA
from archive.errors import Error, not_installed
from archive.home.home import Home


def engine(home: Home) -> Engine:
    """The home's database, not yet connected. Raises `Error` where the configuration names none that can be used."""
    url = home.configuration.database.url
    place = "archive.toml [database] url"
    try:
        made = create_engine(url or "")
    except ModuleNotFoundError as error:
        if error.name == "psycopg":
            raise not_installed(place, "psycopg[binary]") from None
        example = "postgresql+psycopg://user@host/archive"
        raise Error(f"{place}: needs {error.name}, which is not installed; write it as {example}") from None
    except ArgumentError:
        example = "postgresql+psycopg://user@host/archive"
        raise Error(f"{place}: expected an address such as {example}, or none at all for SQLite") from None
    if made.dialect.name != "postgresql":
        raise Error(f"{place}: expected SQLite or PostgreSQL, found {made.dialect.name}")

    @event.listens_for(made, "connect")
    def _prepare(connection: Any, _: object) -> None:
        connection.execute(f"SET search_path TO {SCHEMA}")
        connection.commit()

    return made


def said(error: SQLAlchemyError) -> str:
    """The database's own words, in one line."""
    return str(getattr(error, "orig", None) or error).strip().split("\n")[0]
