"""Building the catalogue from what was filed, and bringing it up to the newest statement, under a lock of its own."""

import contextlib
import fcntl
import os
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

from archive.catalogue import local
from archive.catalogue.local import Local, stored
from archive.catalogue.place import sqlite_file
from archive.catalogue.reader import Reader, Stale, opened
from archive.catalogue.rows import Row, Versions, counted, of_folder
from archive.catalogue.schema import VERSION, columns
from archive.deposits.filed import FiledFolder, filed_folders, folders
from archive.errors import Error, Problem
from archive.home import change as changes
from archive.home.home import Home
from archive.register import durable
from archive.register.register import covers, root_at

if TYPE_CHECKING:
    from archive.catalogue.server import Server


def catch_up(home: Home) -> None:
    """Take in what was filed since the catalogue was current; build it where it is missing, damaged or of another
    version, or where the register is not the one it knew. Raises `Error` if no database answers.
    """
    with _lock(home):
        now = home.reopened()
        upto = _settled(now)
        try:
            with opened(now) as reader:
                size, root = reader.upto()
                if (size, root) == upto:
                    return
                if not covers(now.register, size, root):
                    raise Stale("the catalogue is of another history")
                new = _filed_between(now, size, upto[0])
                held = reader.one("SELECT count(*) AS deposits FROM deposit")
                if len(new) > max(held["deposits"] if held else 0, 50):  # all is built sooner than these are brought in
                    raise Stale("the catalogue is far behind")
                found = _folders(now, reader, new)
            _refresh(now, found, upto)
        except Stale:
            _reindex(now)


def reindex(home: Home) -> dict[str, int]:
    """Build the catalogue from the files alone; how much it holds then, by what it is called.

    Files that cannot be read are left out and counted as ``unreadable``; `archive check` says what is wrong with them.
    Raises `Error` if no database answers.
    """
    with _lock(home):
        return _reindex(home.reopened())


def lacking(home: Home) -> list[Problem]:
    """What its database could have and has not, so that something takes longer. Raises `Error` if none answers."""
    if sqlite_file(home):
        return []
    from archive.catalogue import server

    return server.lacking(home)


def problems(home: Home) -> list[Problem]:
    """Where the catalogue, brought up to the newest statement, says something else than the files."""
    if not home.register.size:
        return []
    catch_up(home)
    places: dict[str, str] = {}
    here: Counter[str] = Counter()
    versions = Versions.of(home)
    for filed in filed_folders(home)[0]:
        places[filed.number] = filed.place
        for name, rows in of_folder(filed, versions)[0].items():
            for row in rows:
                here[filed.number] += _hash(name, row)
    there: Counter[str] = Counter()
    try:
        with opened(home) as reader:
            for name in columns():
                for kept in reader.each(f"SELECT * FROM {name}") if "accession" in columns()[name] else ():
                    there[kept["accession"]] += _hash(name, kept)
    except Error as error:
        return [Problem("catalogue", str(error), "archive reindex")]
    differ = sorted(number for number in here.keys() | there.keys() if here[number] != there[number])
    return [
        Problem(places.get(n, n), "the catalogue says something else than its files", "archive reindex") for n in differ
    ]


def _hash(table: str, row: Mapping[str, Any]) -> int:
    return hash((table, *stored(row).values()))


# ── what is new ──────────────────────────────────────────────────────────────────────────────────────────────────────


def _settled(home: Home) -> tuple[int, str]:
    """Up to which statement all that was logged lies in its place, as `Reader.upto` says it.

    What a command logs that is filing just now may not be there yet. So the register is read first: then whatever it
    holds and no change is still about is there.
    """
    size = home.register.size
    begun = changes.begun(home.root)
    size = size if begun is None else min(size, begun)
    return size, root_at(home.register, size)


def _filed_between(home: Home, size: int, upto: int) -> set[str]:
    """The accessions that statements from index `size` to before `upto` took in."""
    taken_in = (statement for statement in home.register.since(size)[: upto - size] if statement.kind == "intake")
    return {name.split("/")[0] for statement in taken_in for name in statement.subjects}


def _folders(home: Home, reader: Reader, wanted: Collection[str]) -> list[FiledFolder]:
    """The folders of these accessions; of those that the catalogue knows, the others are not looked at."""
    if not wanted:
        return []
    known = {
        row["folder"]: row["accession"]
        for table in ("deposit", "ai_model")
        for row in reader.each(f"SELECT folder, accession FROM {table}")
    }
    others = known.keys() - {folder for folder, number in known.items() if number in wanted}
    among = [folder for folder in folders(home) if home.relative(folder) not in others]
    return [filed for filed in filed_folders(home, among)[0] if filed.number in wanted]


# ── writing ──────────────────────────────────────────────────────────────────────────────────────────────────────────


@contextlib.contextmanager
def _lock(home: Home) -> Iterator[None]:
    """One program at a time brings the catalogue up; another waits for it."""
    with local.untouched():
        number = os.open(home.hidden / "catalogue.lock", os.O_WRONLY | os.O_CREAT, durable.PRIVATE)
    with open(number, "w") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield


def _writing(home: Home, *, anew: bool) -> "contextlib.AbstractContextManager[Local | Server]":
    if file := sqlite_file(home):
        return local.built(file) if anew else local.changed(file)
    from archive.catalogue import server  # SQLAlchemy, which SQLite does without

    return server.built(home) if anew else server.changed(home)


def _refresh(home: Home, found: Iterable[FiledFolder], upto: tuple[int, str]) -> None:
    """Read these folders again, in one transaction. Raises `Stale` where the catalogue is damaged."""
    versions = Versions.of(home)
    with _writing(home, anew=False) as catalogue:
        for filed in found:
            catalogue.drop(filed.number)
            catalogue.add(of_folder(filed, versions)[0])
            catalogue.index(filed.number)
        catalogue.current(_row(upto))


def _row(upto: tuple[int, str]) -> Row:
    size, root = upto
    return {"statements": size, "root": root}


def _reindex(home: Home) -> dict[str, int]:
    counts: Counter[str] = Counter()
    upto = _row(_settled(home))
    versions = Versions.of(home)
    filed, lost = filed_folders(home)
    counts["unreadable"] += len(lost)
    with _writing(home, anew=True) as catalogue:
        origin = home.configuration.archive.origin
        catalogue.add({"catalogue": [{"version": VERSION, "origin": origin, **upto}]})
        for each in filed:
            rows, unreadable = of_folder(each, versions)
            catalogue.add(rows)
            counts += counted(rows)
            counts["unreadable"] += unreadable
        catalogue.index_all()
    shown = ("models", "deposits", "interviews", "turns", "notes", "analyses", "claims", "quotes", "preferences")
    tables = {"models": "ai_model", "analyses": "analysis"}
    held = {name: counts[tables.get(name, name.removesuffix("s"))] for name in shown}
    return held | ({"unreadable": counts["unreadable"]} if counts["unreadable"] else {})
