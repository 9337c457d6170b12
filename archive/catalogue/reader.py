"""Reading the catalogue, lightly: SQLite through the standard library, any other database through SQLAlchemy.

Commands that only read need no more than this; importing SQLAlchemy would cost them more than the query.
"""

import contextlib
import datetime as dt
import re
import sqlite3
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any, Literal
from urllib.parse import quote

from archive.catalogue.place import sqlite_file
from archive.catalogue.schema import VERSION
from archive.errors import Error, NotFound
from archive.home.home import Home
from archive.wording import NAMELESS

Row = Mapping[str, Any]
REBUILD = "`archive reindex` builds it again from the files"


class Stale(Error):
    """The catalogue is missing, damaged, or was made by another version of this program; nothing is lost by it."""


@dataclass(frozen=True, slots=True)
class Reader:
    """Lives as long as a command reads. The values of a SELECT stand in it as ``:name``."""

    dialect: Literal["sqlite", "postgresql"]
    run: Callable[[str, Mapping[str, Any], bool], Iterator[Row]]
    """A SELECT, its values, and whether a server keeps the rows until they are asked for."""

    def each(self, sql: str, **values: Any) -> Iterator[Row]:
        """Row by row, however many there are."""
        return self.run(sql, values, True)

    def rows(self, sql: str, **values: Any) -> list[Row]:
        """All rows at once."""
        return list(self.run(sql, values, False))

    def one(self, sql: str, **values: Any) -> Row | None:
        """The first row; None where there is none."""
        return next(iter(self.rows(sql, **values)), None)

    def upto(self) -> tuple[int, str]:
        """Up to which statement it is current: tree size and root hash, as in a checkpoint."""
        (found,) = self.rows("SELECT statements, root FROM catalogue")
        return found["statements"], found["root"]


@contextlib.contextmanager
def opened(home: Home) -> Iterator[Reader]:
    """The catalogue as it is. Raises `Stale`, or `Error` where the database does not answer."""
    file = sqlite_file(home)
    with _sqlite(file) if file else _server(home) as reader:
        found = reader.one("SELECT * FROM catalogue")
        if found:
            its_own(home, found["origin"])
        if found is None or found["version"] != VERSION:
            raise Stale(f"the catalogue was made by another version of this program; {REBUILD}")
        yield reader


def its_own(home: Home, origin: str) -> None:
    """Raises `Error` where the catalogue that is there is another archive's, which is not to be made anew."""
    own = home.configuration.archive.origin
    if origin != own:
        what = f"expected the catalogue of {own}, found that of {origin}"
        raise Error(f"archive.toml [database] url: {what}; give each archive a database of its own")


@contextlib.contextmanager
def _sqlite(file: Path) -> Iterator[Reader]:
    if not file.is_file():
        raise Stale(f"{file}: expected the catalogue, found none; {REBUILD}")
    # Not read-only: what a killed run left half written can only be taken back by one who may write.
    try:
        connection = sqlite3.connect(f"file:{quote(str(file))}?mode=rw", uri=True, timeout=30)
    except sqlite3.OperationalError as error:
        raise Error(f"{file}: the catalogue cannot be read: {error}; let yourself read and write it") from None
    connection.row_factory = sqlite3.Row
    connection.create_function("contains", -1, contains, deterministic=True)
    connection.create_function("matches", -1, matches, deterministic=True)
    try:
        connection.execute("PRAGMA query_only = on")
        if not connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'catalogue'").fetchone():
            raise Stale(f"{file}: expected the catalogue, found another database; {REBUILD}")
        yield Reader("sqlite", lambda sql, values, _: map(dict, connection.execute(sql, values)))
    except sqlite3.OperationalError as error:
        if error.sqlite_errorcode == sqlite3.SQLITE_ERROR:  # it lacks a table or a column
            raise Stale(f"{file}: the catalogue is damaged ({error}); {REBUILD}") from None
        raise Error(f"{file}: the catalogue cannot be read: {error}") from None
    except sqlite3.DatabaseError as error:
        raise Stale(f"{file}: the catalogue is damaged ({error}); {REBUILD}") from None
    finally:
        connection.close()


@contextlib.contextmanager
def _server(home: Home) -> Iterator[Reader]:
    from sqlalchemy import text
    from sqlalchemy.exc import SQLAlchemyError

    from archive.catalogue import database

    # What a question reads in several steps is of one moment.
    options = {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}
    engine = database.engine(home).execution_options(**options)
    try:
        with engine.connect() as connection:

            def run(sql: str, values: Mapping[str, Any], kept: bool) -> Iterator[Row]:
                found = connection.execute(text(sql), values, execution_options={"stream_results": kept})
                return map(_as_sqlite, found.mappings())

            yield Reader("postgresql", run)
    except SQLAlchemyError as error:
        raise (Stale if database.damaged(error) else Error)(database.failed(error, "read")) from None
    finally:
        engine.dispose()


def _as_sqlite(row: Mapping[Any, Any]) -> Row:
    """The values of a row as SQLite has them: days as text, sums as numbers."""
    return {name: _value(value) for name, value in row.items()}


def _value(value: Any) -> Any:
    if type(value) is dt.date:
        return value.isoformat()
    return int(value) if isinstance(value, Decimal) else value


def contains(needle: str, *texts: str | None) -> bool:
    """Whether `needle`, in lower case, stands in one of `texts`, whatever the case."""
    return any(needle in text.lower() for text in texts if text)


def matches(pattern: str, *texts: str | None) -> bool:
    """Whether the regular expression `pattern`, in lower case, fits somewhere in one of `texts`, whatever the case."""
    return any(re.search(pattern, text.lower()) for text in texts if text)


# ── numbers of rows ───────────────────────────────────────────────────────────────────────────────────────────────────


def newest_first(day: dt.date | None, index: int, place: int) -> int:
    """A number that is the higher the later the day and the filing, and the lower the later the place in the folder.

    16 bits of `day_number`, 22 of the intake's index in the register, 25 of the place: with these as row numbers a
    full-text index gives the newest hits first without sorting, and a span of days is a span of numbers.
    """
    return day_number(day) << 47 | index << 25 | (1 << 25) - 1 - place


def day_number(day: dt.date | None) -> int:
    """Days since 1970, from 1 to 65535; 0 where there is no day."""
    return 0 if day is None else max(1, min(65535, day.toordinal() - dt.date(1970, 1, 1).toordinal()))


def day(value: object) -> dt.date | None:
    """A day as a row has it, which every database gives in its own way."""
    return dt.date.fromisoformat(str(value)[:10]) if value else None


# ── names ────────────────────────────────────────────────────────────────────────────────────────────────────────────


def model_id(reader: Reader, name: str) -> str:
    """The id of the model that goes by `name`, an id or an alias. Raises `NotFound`."""
    from archive.wording import NAMELESS, suggestion

    known = reader.rows("SELECT id, aliases FROM ai_model")
    ids = {row["id"] for row in known} | {row["model"] for row in reader.rows("SELECT DISTINCT model FROM interview")}
    if name in ids:
        return name
    aliases = {alias: row["id"] for row in known for alias in row["aliases"].split()}
    if name in aliases:
        return str(aliases[name])
    remedy = suggestion(name, [*ids, *aliases], "`archive list --models` shows them")
    raise NotFound(f"{name or NAMELESS}: no model goes by that name here; {remedy}")


def deposit_folder(reader: Reader, accession: str) -> str:
    """The folder of a deposit, relative to the home. Raises `NotFound`."""
    found = reader.one("SELECT folder FROM deposit WHERE accession = :accession", accession=accession)
    if found is None:
        last = reader.one("SELECT accession FROM deposit ORDER BY filed DESC, accession DESC LIMIT 1")
        known = f"the last one is {last['accession']}, `archive list` shows all" if last else "nothing was filed yet"
        raise NotFound(f"{accession or NAMELESS}: no deposit has this number; {known}")
    return str(found["folder"])
