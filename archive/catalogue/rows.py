"""What the catalogue holds of one filed folder: rows made from its files, and nothing else.

Keys come from the files too, so that filing step by step and building anew give the same rows.
"""

import datetime as dt
import json
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import count
from typing import Any, TypeVar

from archive.catalogue.interviews import interviews
from archive.catalogue.reader import newest_first
from archive.catalogue.schema import columns
from archive.deposits.filed import FiledFolder
from archive.deposits.shelf import CODEBOOKS, PROTOCOLS
from archive.errors import Malformed, Problem, Refused, accepted
from archive.home.home import Home
from archive.records import ai_model, analysis, deposit_record, notes, preference
from archive.records.codebook import Codebooks
from archive.records.notes import Notes
from archive.records.protocol import Protocol
from archive.records.quotation import Quote

Row = dict[str, Any]
Rows = Mapping[str, Collection[Row]]
"""By table. Of turns there may be so many that they are read one by one, each time they are asked for."""
_Made = dict[str, list[Row]]
_HELD = 1 << 20
"""Bytes of a ``turns.jsonl`` that is read once, and held until its rows are made."""


@dataclass(frozen=True, slots=True)
class Versions:
    """What was filed by version, and decides how other folders are read."""

    protocols: Mapping[str, Protocol]
    codebooks: Codebooks

    @classmethod
    def of(cls, home: Home) -> "Versions":
        """Those of a home, as they stand now."""
        return cls(PROTOCOLS.filed(home), CODEBOOKS.filed(home))


def of_folder(filed: FiledFolder, versions: Versions) -> tuple[Rows, int]:
    """Its rows, and how many of its files could not be read; `archive check` says what is wrong with these."""
    made: _Made = {name: [] for name in columns()}
    try:
        match filed.accession.kind:
            case "model":
                return made, _model(made, filed)
            case "deposit":
                return _deposit(made, filed, versions)
        return made, 0
    except (Refused, Malformed, OSError):
        return {}, 1


def counted(rows: Rows) -> Counter[str]:
    """How many there are of each."""
    return Counter({name: len(found) for name, found in rows.items()})


def _model(rows: _Made, filed: FiledFolder) -> int:
    record = accepted(ai_model.read(filed.read("model.toml"), f"{filed.place}/model.toml"))
    own = filed.number
    aliases = " ".join(record.aliases)
    rows["ai_model"].append(_row("ai_model", record, accession=own, folder=filed.place, aliases=aliases))
    unreadable = 0
    for name, slug in _named(filed, "preferences/"):
        wish = _readable(filed, name, preference.read)
        if wish is None:
            unreadable += 1
            continue
        rows["preference"].append(_row("preference", wish, accession=own, slug=slug))
        for n, answer in enumerate(wish.answers, 1):
            rows["answer"].append(_row("answer", answer, accession=own, slug=slug, number=n))
        rows["quote"] += _quotes(wish.quote, accession=own, slug=slug, claim=0)
    return unreadable


_R = TypeVar("_R")


def _named(filed: FiledFolder, start: str) -> list[tuple[str, str]]:
    """The sidecars below `start`, each with its slug."""
    return [(name, name.removeprefix(start).removesuffix(".toml")) for name in filed.named(start, ".toml")]


def _readable(filed: FiledFolder, name: str, read: Callable[[bytes, str], _R | list[Problem]]) -> _R | None:
    """One of its sidecars, where that can be read."""
    try:
        record = read(filed.read(name), name)
    except Refused:
        return None
    return None if isinstance(record, list) else record


def _deposit(rows: _Made, filed: FiledFolder, versions: Versions) -> tuple[Rows, int]:
    accession, place = filed.accession, f"{filed.place}/deposit.toml"
    last = filed.head.interviews
    record = accepted(deposit_record.read(filed.read("deposit.toml"), place, interviews=last))
    identity = {"accession": filed.number, "folder": filed.place, "slug": filed.slug, "filed": accession.time}
    identity |= {"entry": accession.index, "access": str(record.access), "lost": json.dumps(filed.head.lost)}
    files = json.dumps(filed.received | {filed.turns_file: filed.files[filed.turns_file]})
    rows["deposit"].append(_row("deposit", record, **identity, files=files))
    small = filed.path("turns.jsonl").stat().st_size <= _HELD
    held = [*filed.turns()] if small else None
    read = partial(notes.read, codebooks=versions.codebooks)
    coded = [_readable(filed, name, read) for name, _ in _named(filed, "notes/")]
    said = filed.turns() if held is None else held
    whole = [own for own in coded if own]
    counted, contexts = interviews(filed.number, record, last, said, whole, versions.protocols)
    rows["interview"] += (_row("interview", **own) for own in counted)
    rows["context"] += (_row("context", **own) for own in contexts)
    days = {own["number"]: (own["date"], own["turns"]) for own in rows["interview"]}
    turns = _Turns(filed, days, held)
    places = count(len(turns))
    unreadable = _notes(rows, filed, coded, days, places) + _analyses(rows, filed, places)
    return {**rows, "turn": turns}, unreadable


@dataclass(frozen=True, slots=True)
class _Words:
    """What a note says in words: a row without a code."""

    text: str
    code: str = ""
    value: str = ""


Days = Mapping[int, tuple[dt.date | None, int]]
"""The interviews of a deposit, each with its day and the number of its turns."""


@dataclass(frozen=True, slots=True)
class _Turns:
    """The rows of the turns of a deposit, read anew each time unless they are `held`."""

    filed: FiledFolder
    days: Days
    held: Sequence[Row] | None

    def __len__(self) -> int:
        return sum(turns for _, turns in self.days.values())

    def __contains__(self, row: object) -> bool:
        return any(row == each for each in self)

    def __iter__(self) -> Iterator[Row]:
        own, index = self.filed.number, self.filed.accession.index
        turns = enumerate(self.filed.turns() if self.held is None else self.held)
        # The last first, as its number is the lowest: then SQLite only ever adds at the end.
        for place, turn in turns if self.held is None else reversed([*turns]):
            yield {  # written out, because there are so many
                "id": newest_first(self.days[turn["interview"]][0], index, place),
                "accession": own,
                "interview": turn["interview"],
                "turn": turn["turn"],
                "role": turn["role"],
                "parent": turn.get("parent"),
                "text": _kept(turn["text"]),
                "reasoning": _kept(turn.get("reasoning")),
            }


def _notes(rows: _Made, filed: FiledFolder, coded: Iterable[Notes | None], days: Days, places: Iterator[int]) -> int:
    unreadable = 0
    for said in coded:
        if said is None or not all(1 <= note.turn <= days.get(note.interview, (None, 0))[1] for note in said.note):
            unreadable += 1
            continue
        for n, note in enumerate(said.note, 1):
            for coded_ in (*note.coded, *([_Words(text=note.text)] if note.text.strip() else [])):
                number = newest_first(days[note.interview][0], filed.accession.index, next(places))
                rows["note"].append(_row("note", coded_, note, said, id=number, accession=filed.number, number=n))
    return unreadable


def _analyses(rows: _Made, filed: FiledFolder, places: Iterator[int]) -> int:
    unreadable = 0
    for name, slug in _named(filed, "analyses/"):
        read = _readable(filed, name, analysis.read)
        prose = f"{name.removesuffix('.toml')}.md"
        if read is None or prose not in filed.files:
            unreadable += 1
            continue
        key: Row = {"accession": filed.number, "slug": slug}
        number = newest_first(read.date, filed.accession.index, next(places))
        text = filed.read(prose).decode(errors="replace")
        rows["analysis"].append(_row("analysis", read, **key, id=number, text=text))
        for n, ref in enumerate(read.interviews, 1):
            there, interview = _interview(ref, filed.number)
            rows["analysed"].append(_row("analysed", **key, number=n, read=there, interview=interview))
        for n, claim in enumerate(read.claim, 1):
            number = newest_first(read.date, filed.accession.index, next(places))
            rows["claim"].append(_row("claim", claim, read, **key, id=number, number=n))
            rows["quote"] += _quotes(claim.quote, **key, claim=n)
    return unreadable


def _quotes(quotes: Sequence[Quote], *, accession: str, slug: str, claim: int) -> Iterator[Row]:
    for n, quote in enumerate(quotes, 1):
        there, interview = _interview(quote.interview, accession)
        target = {"quoted": there, "interview": interview}
        yield _row("quote", quote, accession=accession, slug=slug, claim=claim, number=n, **target)


def _interview(ref: int | str, accession: str) -> tuple[str, int]:
    """Deposit and number of an interview, which is named by number in its own deposit, elsewhere as 2026-0041/3."""
    there, _, interview = str(ref).rpartition("/")
    return there or accession, int(interview)


def _row(table: str, *records: object, **given: Any) -> Row:
    """A row whose columns are `given`, or else come from the first of `records` that has them."""
    return {column: _kept(_value(column, records, given)) for column in columns()[table]}


def _value(column: str, records: Sequence[object], given: Row) -> Any:
    if column in given:
        return given[column]
    return getattr(next(record for record in records if hasattr(record, column)), column)


def _kept(value: Any) -> Any:
    """Text as every database takes it: PostgreSQL knows no NUL."""
    return value.replace("\0", "\ufffd") if isinstance(value, str) else value
