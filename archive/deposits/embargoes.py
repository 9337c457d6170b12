"""Until when an embargo closes which deposits: ``.archive/embargoes.kept``, a cache that takes in what was filed since.

With it, publishing reads no deposit that was filed before it was made. Its first line is the SHA-256 of the rest, JSON
with the register up to which it is current::

    {"size":12,"root":"qINS1GRF…","until":{"2026-0041":"2027-01-04"}}
"""

import datetime as dt
import json
from collections.abc import Mapping
from dataclasses import dataclass

from archive.errors import Error, accepted
from archive.home.home import Home
from archive.home.store import Store
from archive.records import deposit_record
from archive.register import durable, sums
from archive.register.note import encode64
from archive.register.statement import Statement

NAME = ".archive/embargoes.kept"
_UNKNOWN = dt.date.min
"""What was filed cannot be read out of the store: whether an embargo is over is asked of its folder, each time."""


@dataclass(frozen=True, slots=True)
class Embargoes:
    """The deposits that are closed by what was filed of them last, because of its embargo."""

    size: int
    """How many statements are taken in."""
    root: str
    """Root hash of the register of these, base64."""
    until: Mapping[str, dt.date]
    """Accession → first day on which it may be seen; of one that was opened since, nothing."""

    def over(self, day: dt.date) -> set[str]:
        """The accessions to be opened on a day."""
        return {number for number, first in self.until.items() if first <= day}

    def __bytes__(self) -> bytes:
        until = {number: day.isoformat() for number, day in self.until.items()}
        table = {"size": self.size, "root": self.root, "until": until}
        data = json.dumps(table, separators=(",", ":")).encode()
        return f"{sums.digest(data)}\n".encode() + data


def embargoes(home: Home) -> Embargoes:
    """Those of all that was filed until now; only what is not in the cache yet is read."""
    before = _kept(home)
    until = dict(before.until)
    newest = {
        name.split("/")[0]: statement
        for statement in home.register.since(before.size)
        if statement.kind == "intake" and statement.predicate["kind"] == "deposit"
        for name in statement.subjects
    }
    for number, statement in newest.items():
        until.pop(number, None)
        if day := _until(home.store, statement):
            until[number] = day
    checkpoint = home.register.checkpoint
    return Embargoes(checkpoint.size, encode64(checkpoint.root), until)


def _kept(home: Home) -> Embargoes:
    """What is in the cache; nothing where it is missing, damaged, or knows another history."""
    try:
        head, _, data = durable.content(home.root / NAME).partition(b"\n")
    except OSError:
        head, data = b"", b""
    if head and head == sums.digest(data).encode():
        said = json.loads(data)
        size, root = said["size"], said["root"]
        if size <= home.register.size and encode64(home.register.tree.root(size)) == root:
            return Embargoes(size, root, {n: dt.date.fromisoformat(day) for n, day in said["until"].items()})
    return Embargoes(0, "", {})


def _until(store: Store, intake: Statement) -> dt.date | None:
    """The day on which what this intake logged is to be opened; None where no embargo closes it."""
    ((name, digest),) = intake.subjects.items()
    try:
        listed = sums.parse(store.get(digest), name)
        private = name.rpartition("/")[2].replace("intake", "private")
        hidden = sums.parse(store.get(listed[private]), private) if private in listed else {}
        record = (listed | hidden).get("deposit.toml")
        data = store.get(record) if record else b""
        # Without this word no record is taken apart: most have none.
        day = accepted(deposit_record.read(data, name)).access.until if b"embargo " in data else None
    except Error:
        return _UNKNOWN
    is_open = day is not None and day <= intake.time.date() and "deposit.toml" in listed
    return None if is_open else day
