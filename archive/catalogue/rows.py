"""What the catalogue holds of one filed folder: rows made from its files, and nothing else.

Keys come from the files too, so that filing step by step and building anew give the same rows.
"""

import datetime as dt
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import count
from typing import Any, TypeVar

from archive.catalogue.reader import newest_first
from archive.catalogue.schema import columns
from archive.deposits.filed import FiledFolder
from archive.errors import Malformed, Problem, Refused, accepted
from archive.records import ai_model, analysis, deposit_record, notes, preference
from archive.records.codebook import Codebooks
from archive.records.context_bias import recorded
from archive.records.deposit_record import DepositRecord
from archive.records.quotation import Quote

Row = dict[str, Any]
Rows = Mapping[str, Collection[Row]]
"""By table. Of turns there may be so many that they are read one by one, each time they are asked for."""
_Made = dict[str, list[Row]]
_HELD = 1 << 20
"""Bytes of a ``turns.jsonl`` that is read once, and held until its rows are made."""


def of_folder(filed: FiledFolder, codebooks: Codebooks) -> tuple[Rows, int]:
    """Its rows, and how many of its files could not be read; `archive check` says what is wrong with these.

    `codebooks` are those of the home.
    """
    made: _Made = {name: [] for name in columns()}
    try:
        match filed.accession.kind:
            case "model":
                return made, _model(made, filed, codebooks)
            case "deposit":
                return _deposit(made, filed, codebooks)
            case _:
                return made, 0
    except (Refused, Malformed, OSError):
        return {}, 1


def counted(rows: Rows) -> Counter[str]:
    """How many there are of each."""
    return Counter({name: len(found) for name, found in rows.items()})


def _model(rows: _Made, filed: FiledFolder, _: Codebooks) -> int:
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


def _deposit(rows: _Made, filed: FiledFolder, codebooks: Codebooks) -> tuple[Rows, int]:
    accession, place = filed.accession, f"{filed.place}/deposit.toml"
    interviews = filed.head.interviews
    record = accepted(deposit_record.read(filed.read("deposit.toml"), place, interviews=interviews))
    identity = {"accession": filed.number, "folder": filed.place, "slug": filed.slug, "filed": accession.time}
    rows["deposit"].append(_row("deposit", record, **identity, access=str(record.access)))
    small = filed.path("turns.jsonl").stat().st_size <= _HELD
    held = [*filed.turns()] if small else None
    days = _interviews(rows, record, filed.number, interviews, filed.turns() if held is None else held)
    turns = _Turns(filed, days, held)
    places = count(len(turns))
    unreadable = _notes(rows, filed, codebooks, days, places) + _analyses(rows, filed, places)
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
                "text": _kept(turn["text"]),
                "reasoning": _kept(turn.get("reasoning")),
            }


def _interviews(rows: _Made, record: DepositRecord, accession: str, interviews: int, said: Iterable[Row]) -> Days:
    turns, words = Counter[int](), Counter[int]()
    for turn in said:
        turns[turn["interview"]] += 1
        words[turn["interview"]] += len(turn["text"].split())
    days = {}
    for n in range(1, interviews + 1):
        setting = record.setting(n)
        answered, fields = recorded(setting.context_bias)
        counts = {"turns": turns[n], "words": words[n], "recorded": answered, "fields": fields}
        rows["interview"].append(_row("interview", setting, accession=accession, number=n, **counts))
        days[n] = setting.date, turns[n]
    return days


def _notes(rows: _Made, filed: FiledFolder, codebooks: Codebooks, days: Days, places: Iterator[int]) -> int:
    unreadable = 0
    for name, _ in _named(filed, "notes/"):
        said = _readable(filed, name, partial(notes.read, codebooks=codebooks))
        if said is None or not all(1 <= note.turn <= days.get(note.interview, (None, 0))[1] for note in said.note):
            unreadable += 1
            continue
        for n, note in enumerate(said.note, 1):
            for coded in (*note.coded, *([_Words(text=note.text)] if note.text.strip() else [])):
                number = newest_first(days[note.interview][0], filed.accession.index, next(places))
                rows["note"].append(_row("note", coded, note, said, id=number, accession=filed.number, number=n))
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
        for n, claim in enumerate(read.claim, 1):
            number = newest_first(read.date, filed.accession.index, next(places))
            rows["claim"].append(_row("claim", claim, read, **key, id=number, number=n))
            rows["quote"] += _quotes(claim.quote, **key, claim=n)
    return unreadable


def _quotes(quotes: Sequence[Quote], *, accession: str, slug: str, claim: int) -> Iterator[Row]:
    for n, quote in enumerate(quotes, 1):
        # A quote names an interview of its own deposit by number, any other as 2026-0041/3.
        there, _, interview = str(quote.interview).rpartition("/")
        target = {"quoted": there or accession, "interview": int(interview)}
        yield _row("quote", quote, accession=accession, slug=slug, claim=claim, number=n, **target)


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
