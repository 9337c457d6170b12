"""What was said in interviews, out of the catalogue: their turns, the notes on them; and where words were asked."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import groupby
from operator import itemgetter
from typing import Any

from archive.catalogue import catalogued, fts5, vectors
from archive.catalogue.catalogued import Catalogued
from archive.catalogue.query import Group, Term, Words
from archive.catalogue.reader import Reader, Row
from archive.deposits import adherence
from archive.deposits.asked import Coders, coders, folded, interviews, words
from archive.deposits.deposit import Deposit
from archive.importers.turns import Turn
from archive.records.codes import CODES
from archive.records.field import Field
from archive.records.notes import Coded
from archive.records.protocol import Protocol


@dataclass(frozen=True, slots=True, kw_only=True)
class Conversation:
    """One interview with what was said in it."""

    about: Catalogued
    turns: tuple[Turn, ...]
    """Without what was called and came back, names and times."""
    notes: Coders


@dataclass(frozen=True, slots=True, kw_only=True)
class Noted:
    """One note on a turn."""

    interview: int
    turn: int
    coded: tuple[Coded, ...]
    quote: str
    text: str
    confidence: str | None


def conversations(
    reader: Reader, addresses: Iterable[str], codebooks: Mapping[str, Field] = CODES
) -> Iterator[Conversation]:
    """Those at `addresses` (``2026-0041/3``), in the order of filing, as far as they are here.

    `codebooks` are the codes of the home by name.
    """
    found = [about for each in addresses for about in catalogued.at(reader, each)]
    for about in sorted(found, key=lambda about: (about.entry, about.number)):
        key = {"accession": about.address.split("/")[0], "interview": about.number}
        yield Conversation(about=about, turns=tuple(_turns(reader, key)), notes=_notes(reader, key, codebooks))


def of_deposit(deposit: Deposit, protocols: Mapping[str, Protocol]) -> Iterator[Conversation]:
    """The same out of the files of a deposit."""
    access = str(deposit.record.access)
    for number, turns in interviews(deposit):
        address, setting = f"{deposit.accession}/{number}", deposit.record.setting(number)
        notes = coders(deposit, number)
        row = adherence.of_interview(address, setting, protocols.get(setting.protocol), turns, notes)
        about = Catalogued(address=address, entry=0, number=number, setting=setting, access=access, adherence=row)
        yield Conversation(about=about, turns=tuple(turns), notes=notes)


_WITHIN = "WHERE accession = :accession AND interview = :interview"


def _turns(reader: Reader, key: Mapping[str, Any]) -> Iterator[Turn]:
    columns = "interview, turn, role, text, reasoning, parent"
    return (Turn(**row) for row in reader.each(f"SELECT {columns} FROM turn {_WITHIN} ORDER BY turn", **key))


def _notes(reader: Reader, key: Mapping[str, Any], codes: Mapping[str, Field]) -> Coders:
    # Numbers of rows fall from place to place (`reader.newest_first`).
    rows = reader.each(f"SELECT * FROM note {_WITHIN} ORDER BY coder, number, id DESC", **key)
    return {
        coder: [_noted([*same], codes) for _, same in groupby(own, key=itemgetter("number"))]
        for coder, own in groupby(rows, key=itemgetter("coder"))
    }


def _noted(rows: list[Row], codes: Mapping[str, Field]) -> Noted:
    first = rows[0]
    return Noted(
        interview=first["interview"],
        turn=first["turn"],
        coded=tuple(Coded(field=codes[r["code"]], value=r["value"], text=r["text"]) for r in rows if r["code"]),
        quote=first["quote"],
        text=next((row["text"] for row in rows if not row["code"]), ""),
        confidence=first["confidence"],
    )


# ── in which words ───────────────────────────────────────────────────────────────────────────────────────────────────


def asking(reader: Reader, text: str) -> list[str]:
    """The interviews in which the words of `text` stand in a turn of the interviewer, but for folding (`asked`)."""
    wanted = folded(text)
    if not wanted:
        return []
    values: dict[str, Any] = {}
    index, holds = "", ""
    if sure := _indexed(wanted):
        query = Words(Group("AND", sure) if len(sure) > 1 else sure[0])
        index, holds = (fts5 if reader.dialect == "sqlite" else vectors).condition(reader, query, "turn", values)
    table = f"{index} w JOIN turn x ON x.id = w.rowid" if index else "turn x"
    where = " AND ".join(filter(None, ("x.role = 'user'", holds)))
    found = reader.each(f"SELECT x.accession, x.interview, x.text FROM {table} WHERE {where}", **values)
    stands = words(wanted)
    said = (row for row in found if stands.search(folded(row["text"])))
    return [*dict.fromkeys(f"{row['accession']}/{row['interview']}" for row in said)]


def following(reader: Reader, protocol: str) -> list[str]:
    """The interviews that follow a protocol (``retirement-interview@1``)."""
    rows = reader.each("SELECT accession, number FROM interview WHERE protocol = :protocol", protocol=protocol)
    return [f"{row['accession']}/{row['number']}" for row in rows]


_LIGATURES = re.compile("ff|fi|fl|ss|st|[^a-z0-9]")


def _indexed(wanted: str) -> tuple[Term, ...]:
    """The words of a folded text that the index has by the same letters, however a turn wrote them.

    Folding makes two letters of some (``ß``, ``ﬁ``), and a mark of others that the index takes for a letter (``ʼ``).
    """
    runs = (run[0] for run in re.finditer(r"[a-z0-9'\x80-\U0010ffff]+", wanted))
    found: list[list[str]] = [[]]
    for run in runs:
        if _LIGATURES.search(run):
            found.append([])
        else:
            found[-1].append(run)
    return tuple(Term(tuple(phrase)) for phrase in found if phrase)
