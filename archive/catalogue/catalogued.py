"""Interviews as the catalogue holds them: their setting, how much was said, how far they went into their protocol."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache

from archive.catalogue.catalogue import ask
from archive.catalogue.interviews import context_bias
from archive.catalogue.reader import Reader, Row, day, model_id
from archive.deposits import adherence
from archive.home.home import Home
from archive.records.deposit_record import Setting


@dataclass(frozen=True, slots=True, kw_only=True)
class Catalogued:
    """One interview."""

    address: str
    """``2026-0041/3``"""
    entry: int
    """Where the intake of its deposit stands in the register; 0 where that was not asked."""
    number: int
    """In its deposit."""
    setting: Setting
    access: str
    """Of its deposit: ``embargo 2027-01-01``."""
    adherence: adherence.Row


def interviews(home: Home, model: str | None = None) -> list[Catalogued]:
    """All that were filed, in that order, or those of the model that goes by `model`, id or alias.

    Raises `NotFound` where none does, `Stale`.
    """
    if not home.register.size:
        return []
    return ask(home, lambda reader: _found(reader, model))


def at(reader: Reader, address: str) -> list[Catalogued]:
    """The one at an address; none where none is there."""
    accession, _, number = address.partition("/")
    where = "i.accession = :accession AND i.number = :number"
    return [held for held, _ in each(reader, where, accession=accession, number=int(number))]


def each(reader: Reader, where: str = "1 = 1", **values: object) -> Iterator[tuple[Catalogued, Row]]:
    """Those of which a condition on interviews ``i`` holds, in the order of filing, each with its row."""
    setting = cache(context_bias)  # most are the same
    for row in reader.each(_SQL.format(where=where), **values):
        yield _catalogued(row, setting(row["answers"])), row


_SQL = """SELECT i.*, d.access, d.entry, c.answers
    FROM interview i
    JOIN deposit d ON d.accession = i.accession
    JOIN context c ON c.accession = i.accession AND c.number = i.context
    WHERE {where}
    ORDER BY d.entry, i.number"""


def _found(reader: Reader, model: str | None) -> list[Catalogued]:
    found = each(reader) if model is None else each(reader, "i.model = :model", model=model_id(reader, model))
    return [held for held, _ in found]


def _catalogued(row: Row, context_bias: Mapping[str, str]) -> Catalogued:
    address = f"{row['accession']}/{row['number']}"
    about = {name: row[name] for name in ("model", "protocol", "kind")} | {"date": day(row["date"])}
    return Catalogued(
        address=address,
        entry=row["entry"],
        number=row["number"],
        setting=Setting(**about, title=row["title"], context_bias=context_bias),
        access=row["access"],
        adherence=adherence.unpacked(row["adherence"], interview=address, **about),
    )
