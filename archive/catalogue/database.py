"""The PostgreSQL server that archive.toml may name for the catalogue, through SQLAlchemy."""

from typing import Any

from sqlalchemy import URL, Engine, NullPool, event, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, SQLAlchemyError
from sqlmodel import create_engine

from archive.catalogue.place import SCHEMA
from archive.errors import Error, not_installed
from archive.home.home import Home

PLACE = "archive.toml [database] url"
OLDEST = 13
"""The version of PostgreSQL that is needed: since then pg_trgm may be brought in by whoever owns a database."""
_EXAMPLE = "postgresql+psycopg://user@host/archive"
_PATIENCE = 10
"""Seconds until a server that says nothing counts as not there; the address may say another ``connect_timeout``."""


def engine(home: Home) -> Engine:
    """The home's database, not yet connected. Raises `Error` where the configuration names none that can be used."""
    url = _url(home.configuration.database.url)
    if url.get_backend_name() != "postgresql":
        raise Error(f"{PLACE}: expected SQLite or PostgreSQL, found {url.get_backend_name()}; write it as {_EXAMPLE}")
    given = {"client_encoding": "utf8"} | ({} if "connect_timeout" in url.query else {"connect_timeout": _PATIENCE})
    try:
        made = create_engine(url, connect_args=given, poolclass=NullPool, use_native_hstore=False)
    except ModuleNotFoundError as error:
        if error.name == "psycopg":
            raise not_installed(PLACE, "psycopg[binary]") from None
        raise Error(f"{PLACE}: needs {error.name}, which is not installed; write it as {_EXAMPLE}") from None
    except ArgumentError:
        raise _unreadable() from None

    @event.listens_for(made, "connect")
    def _prepare(connection: Any, _: object) -> None:
        try:
            _usable(connection.info.server_version, connection.info.parameter_status("server_encoding"))
        except Error:
            connection.close()
            raise
        connection.execute(f"SET search_path TO {SCHEMA}")
        connection.commit()

    return made


def _url(address: str) -> URL:
    try:
        url = make_url(address)
    except (ArgumentError, ValueError):
        raise _unreadable() from None
    # As most servers' owners write it; SQLAlchemy would take it for another library than ours.
    return url.set(drivername="postgresql+psycopg") if url.drivername in ("postgresql", "postgres") else url


def _unreadable() -> Error:
    # What stands there is not shown: there may be a password in it.
    return Error(f"{PLACE}: expected an address such as {_EXAMPLE}, or none at all for SQLite")


def _usable(version: int, encoding: str | None) -> None:
    """Raises `Error` where the server is too old, or its texts cannot hold every character."""
    if version < OLDEST * 10_000:
        found = f"expected PostgreSQL {OLDEST} or newer, found {version // 10_000}"
        raise Error(f"{PLACE}: {found}; name a newer server, or none at all for SQLite")
    if encoding != "UTF8":
        what = f"expected a database in UTF8, found {encoding}"
        raise Error(f"{PLACE}: {what}; make one for it: CREATE DATABASE … ENCODING 'UTF8' TEMPLATE template0")


def failed(error: SQLAlchemyError, doing: str) -> str:
    """What is told of an error while the catalogue is ``read``, or ``written``."""
    if damaged(error):
        return f"{PLACE}: the catalogue is missing, damaged, or contradicts the files ({_said(error)})"
    remedy = _RIGHTS if _state(error) == "42501" else _REMEDY
    return f"{PLACE}: the catalogue cannot be {doing}: {_said(error)}; nothing that was filed is touched; {remedy}"


_REMEDY = "see that the server runs and lets you in, and ask again, or take the line out: then SQLite does it"
_RIGHTS = f"the user needs `GRANT CREATE ON DATABASE`, and owns the schema {SCHEMA} if it is there"


def damaged(error: SQLAlchemyError) -> bool:
    """Whether something is missing, contradictory or broken in the tables, which building them anew mends.

    Source: https://www.postgresql.org/docs/current/errcodes-appendix.html
    """
    state = _state(error)
    return state in ("42P01", "42703", "42704", "3F000") or state.startswith(("23", "XX"))


def _state(error: SQLAlchemyError) -> str:
    """What the server calls it; empty where it did not come from there."""
    return getattr(error.orig, "sqlstate", None) or "" if isinstance(error, DBAPIError) else ""


def _said(error: SQLAlchemyError) -> str:
    """The database's own words, in one line."""
    return str(getattr(error, "orig", None) or error).strip().split("\n")[0]
