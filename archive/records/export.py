"""``export.toml``: of what was cut out of an export, which export that was, and where in it the received bytes stand::

format = 1
name = "export.zip"              as the export was called
sha256 = "9f86d081…"
size = 10485760                  bytes

[[part]]
received = "received.json"
member = ["conversations.json"]  of a zip file: whose bytes are counted; of zip files in each other, one in each
from = 2
to = 51200                       the received file is the bytes from the one up to the other, counted from 0

The program writes it when it files what it cut; like the received file it never changes.
"""

from collections import Counter
from collections.abc import Mapping
from typing import Annotated

from pydantic import Field, ValidationInfo, model_validator

from archive.errors import Problem
from archive.records import sidecar
from archive.records.kinds import Many, Ordinal, Sha256, Text, pattern
from archive.records.record import Fault, Record, Sidecar, refuse
from archive.records.toml import string, toml

NAME = "export.toml"
Received = Annotated[str, pattern(r"received(\.(request|response))?(\.[A-Za-z0-9]+)*", "a received file")]


class Range(Record):
    """Where one received file stands."""

    received: Received
    member: Many[Text] = ()
    from_: Annotated[int, Field(alias="from")]
    to: Ordinal

    @model_validator(mode="after")
    def _rules(self) -> "Range":
        if self.from_ < 0:
            refuse([Fault(f"expected a number from 0, found {self.from_}", "", ("from",))])
        if self.to <= self.from_:
            refuse([Fault(f"expected a byte after {self.from_}, found {self.to}", "", ("to",))])
        return self


class Export(Sidecar):
    """The whole of ``export.toml``."""

    name: Text
    sha256: Sha256
    size: Ordinal
    part: Many[Range]

    @model_validator(mode="after")
    def _rules(self, info: ValidationInfo) -> "Export":
        sizes: Mapping[str, int] | None = (info.context or {}).get("sizes")
        named = Counter(part.received for part in self.part)
        for number, part in enumerate(self.part):
            key = ("part", number)
            if not part.member and part.to > self.size:
                refuse([Fault(f"the export ends at byte {self.size}, found {part.to}", "", (*key, "to"))])
            if named[part.received] > 1:
                refuse([Fault(f"{part.received} stands in two parts", "", (*key, "received"))])
            if sizes is not None and (held := sizes.get(part.received)) != part.to - part.from_:
                there = f"has {held} bytes" if held is not None else "is not there"
                refuse([Fault(f"names {part.to - part.from_} bytes of {part.received}, which {there}", "", key)])
        if sizes is not None and (silent := sorted(sizes.keys() - named.keys())):
            refuse([Fault(f"does not say where {', '.join(silent)} stands", "add a [[part]]", ("part",))])
        return self


def read(data: bytes, place: str, *, sizes: Mapping[str, int] | None = None) -> Export | list[Problem]:
    """The record that the bytes of an ``export.toml`` hold, or all its problems.

    `sizes` are those of the received files, where they lie beside it: what is said of them must fit.
    """
    return sidecar.read(data, place, Export, sizes=sizes)


def written(name: str, sha256: str, size: int, parts: Mapping[str, tuple[tuple[str, ...], int, int]]) -> bytes:
    """An ``export.toml``; `parts` has for each received file its members, where it begins and where it ends."""
    lines = ["format = 1", f"name = {string(_shown(name))}", f"sha256 = {string(sha256)}", f"size = {size}"]
    for received, (members, start, end) in parts.items():
        lines += ["", "[[part]]", f"received = {string(received)}"]
        lines += [f"member = {toml([_shown(member) for member in members])}"] if members else []
        lines += [f"from = {start}", f"to = {end}"]
    return "".join(f"{line}\n" for line in lines).encode()


def _shown(name: str) -> str:
    """A name that may stand in a sidecar, whatever the file system or the zip file holds."""
    return "".join(c if c.isprintable() else "?" for c in name) or "?"
