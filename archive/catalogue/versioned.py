"""Protocols and codebooks as they are listed and shown: those that were filed."""

import re
from dataclasses import dataclass

from archive.deposits.shelf import SHELVES, Shelf
from archive.documents.document import Block, Document, Facts, Items, Paragraph, Section
from archive.documents.table import Table
from archive.home.home import Home
from archive.records.codebook import Code, Codebook
from archive.records.field import Field
from archive.records.protocol import Protocol
from archive.wording import many


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """A version in a list."""

    name: str
    """``themes@1``"""
    accession: str
    title: str
    holds: str
    """``4 codes``"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """A version with all it holds."""

    accession: str
    record: Protocol | Codebook


def versions(home: Home, shelf: Shelf[Protocol] | Shelf[Codebook]) -> list[Listed]:
    """Every version of a kind."""
    numbers = shelf.accessions(home)
    return [
        Listed(name=ref, accession=numbers.get(record.id, ""), title=record.title, holds=_holds(record))
        for ref, record in shelf.filed(home).items()
    ]


def find(home: Home, target: str) -> Shown | None:
    """What goes by ``retirement-interview@1``, by its id or its accession number (the newest version); None if none."""
    if not re.fullmatch(r"[a-z0-9-]+(@[1-9]\d*)?|[CP]\d{4}-\d{4,}", target):
        return None
    for shelf in SHELVES:
        numbers = shelf.accessions(home)
        found = [r for ref, r in shelf.filed(home).items() if target in (ref, r.id, numbers.get(r.id))]
        if found:
            return Shown(accession=numbers[found[-1].id], record=found[-1])
    return None


def _holds(record: Protocol | Codebook) -> str:
    return many(len(record.question), "question") if isinstance(record, Protocol) else many(len(record.code), "code")


def listing(rows: list[Listed]) -> Document:
    """A line for each version."""
    if not rows:
        return Document(sort="Versions", blocks=(Paragraph("None was filed yet."),))
    head = ("", "accession", "title", "holds")
    table = Table(head, tuple((row.name, row.accession, row.title, row.holds) for row in rows))
    return Document(sort="Versions", blocks=(table,))


def document(shown: Shown) -> Document:
    """The questions of a protocol, or the codes of a codebook, each with what it means."""
    record = shown.record
    facts = {"Accession": shown.accession, "Title": record.title, "Source": record.source}
    if isinstance(record, Protocol):
        facts |= {"Order": record.order, "Told first": record.disclosure}
        blocks: list[Block] = [
            Section(title=f"{q.id} ({q.topic})", blocks=(Paragraph(q.text),)) for q in record.question
        ]
    else:
        blocks = [_code(code, field) for code, field in zip(record.code, record.fields, strict=True)]
    front = Facts(tuple((term, words) for term, words in facts.items() if words))
    sort = "Protocol" if isinstance(record, Protocol) else "Codebook"
    return Document(sort=sort, title=record.ref, blocks=(front, *blocks))


def _code(code: Code, field: Field) -> Section:
    items = tuple(f"{value}: {meaning}" for value, meaning in field.values.items())
    said = Paragraph(f"{code.definition.rstrip('.')}. Kind {code.kind}, on {code.on}.")
    return Section(title=f"{field.name}: {code.label}", blocks=(said, Items(items)) if items else (said,))
