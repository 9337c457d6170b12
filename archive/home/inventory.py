"""Which copies lie on other machines, and how large each is: ``.archive/store.db``, asked instead of those machines.

A cache, made again from their list where it is missing, damaged, or of another address. What a check has verified so
far is kept here too, so that one that was stopped goes on.
"""

import contextlib
import errno
import fcntl
import os
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from archive.register import durable

NAME = "store.db"
_VERSION = 1
"""Of the tables; another one is made again."""
_TABLES = """
CREATE TABLE address (url TEXT NOT NULL);
CREATE TABLE copy (digest TEXT PRIMARY KEY, size INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE verified (digest TEXT NOT NULL, how TEXT NOT NULL, PRIMARY KEY (digest, how)) WITHOUT ROWID;
"""


class Inventory:
    """Lives as long as a command."""

    def __init__(self, file: Path, url: str, listed: Callable[[], Mapping[str, int]]) -> None:
        """`listed` asks for the size of every copy, by its SHA-256."""
        self._file, self._url, self._listed = file, url, listed
        self._connection: sqlite3.Connection | None = None

    def __del__(self) -> None:
        if self._connection:
            self._connection.close()

    def size(self, digest: str) -> int | None:
        """Of a copy; None where none is known."""
        found = self._rows("SELECT size FROM copy WHERE digest = ?", digest)
        return found[0][0] if found else None

    def digests(self) -> list[str]:
        """Of every copy."""
        return [row[0] for row in self._rows("SELECT digest FROM copy ORDER BY digest")]

    def add(self, sizes: Mapping[str, int]) -> None:
        """These copies are there too; that lasts when this returns."""
        self._write("INSERT OR REPLACE INTO copy VALUES (?, ?)", sizes.items())

    def list_again(self) -> Mapping[str, int]:
        """The size of every copy, by its SHA-256, asked anew; what another command adds meanwhile stays."""
        before = self.digests()
        sizes = self._listed()
        self.add(sizes)
        self._write("DELETE FROM copy WHERE digest = ?", [(digest,) for digest in before if digest not in sizes])
        return sizes

    def verified(self, how: str) -> set[str]:
        """What a check that was stopped had found to be good; `how` it looked."""
        return {row[0] for row in self._rows("SELECT digest FROM verified WHERE how = ?", how)}

    def note(self, digests: Iterable[str], how: str) -> None:
        """These are good, should the check be stopped."""
        rows = [(digest, how) for digest in digests]
        self._write("INSERT OR IGNORE INTO verified VALUES (?, ?)", rows)

    def finished(self, how: str) -> None:
        """The check came to its end: the next one begins anew."""
        self._write("DELETE FROM verified WHERE how = ?", [(how,)])

    def _rows(self, sql: str, *values: str) -> list[tuple[Any, ...]]:
        with self._told():
            try:
                return self._database.execute(sql, values).fetchall()
            except sqlite3.DatabaseError:  # damaged where nobody looked before
                self._make_again()
                return self._database.execute(sql, values).fetchall()

    def _write(self, sql: str, rows: Iterable[tuple[object, ...]]) -> None:
        """For each row, whole or not at all."""
        with self._told(), self._database as database:
            database.executemany(sql, rows)

    @contextlib.contextmanager
    def _told(self) -> Iterator[None]:
        """Raises `OSError`, for what a disk that is full or may not be written makes of a database."""
        try:
            yield
        except sqlite3.Error as error:
            raise OSError(errno.EIO, str(error), str(self._file)) from None

    @property
    def _database(self) -> sqlite3.Connection:
        if self._connection is None:
            durable.folder(self._file.parent)
            with open(os.open(self._file.with_suffix(".lock"), os.O_RDWR | os.O_CREAT, durable.PRIVATE)) as lock:
                fcntl.flock(lock, fcntl.LOCK_EX)  # or one that is made meanwhile would lack what is added to another
                self._connection = self._known()
                if self._connection is None:
                    self._make_again()
        assert self._connection
        return self._connection

    def _known(self) -> sqlite3.Connection | None:
        """The one that lies there; None where it says nothing of this address."""
        if not self._file.exists():
            return None
        connection = _opened(self._file)
        with contextlib.suppress(sqlite3.DatabaseError):
            if connection.execute("PRAGMA user_version").fetchone() == (_VERSION,):
                found: Any = connection.execute("SELECT url FROM address").fetchone()
                if found == (self._url,):
                    return connection
        connection.close()
        return None

    def _make_again(self) -> None:
        """Beside its place, so that a run that is killed meanwhile leaves none that lacks something."""
        sizes = self._listed()
        if self._connection:
            self._connection.close()
        beside = self._file.with_name(f".{self._file.name}.new")
        for leftover in (beside, Path(f"{beside}-journal"), Path(f"{self._file}-journal")):
            leftover.unlink(missing_ok=True)
        os.close(os.open(beside, os.O_WRONLY | os.O_CREAT, durable.PRIVATE))  # SQLite makes files for everybody
        with contextlib.closing(_opened(beside)) as made, made:
            made.executescript(_TABLES)
            made.execute("INSERT INTO address VALUES (?)", (self._url,))
            made.executemany("INSERT INTO copy VALUES (?, ?)", sizes.items())
            made.execute(f"PRAGMA user_version = {_VERSION}")
        os.replace(beside, self._file)
        durable.sync(self._file.parent)
        self._connection = _opened(self._file)


def _opened(file: Path) -> sqlite3.Connection:
    return sqlite3.connect(file, timeout=30, check_same_thread=False)
