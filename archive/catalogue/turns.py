"""Single turns, out of the catalogue: who said what."""

from collections.abc import Sequence
from dataclasses import dataclass

from archive.catalogue.catalogue import ask
from archive.catalogue.reader import Reader
from archive.home.home import Home


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """One turn."""

    address: str
    """``2026-0041/3#12``"""
    role: str
    text: str


def said(home: Home, addresses: Sequence[str]) -> list[Said]:
    """Those at these addresses, in this order, as far as they are here. Raises `NotFound`, `Stale` as `ask`."""
    return ask(home, lambda reader: [turn for each in addresses for turn in _at(reader, each)]) if addresses else []


def _at(reader: Reader, address: str) -> list[Said]:
    interview, _, turn = address.partition("#")
    accession, _, number = interview.partition("/")
    if not (number.isdecimal() and turn.isdecimal()):
        return []
    where = "accession = :accession AND interview = :interview AND turn = :turn"
    values = {"accession": accession, "interview": int(number), "turn": int(turn)}
    rows = reader.rows(f"SELECT role, text FROM turn WHERE {where}", **values)
    return [Said(address=address, role=row["role"], text=row["text"]) for row in rows]
