"""What lies in files that are not filed yet: format, interviews, how each begins, what it says of its own setting.

As much as can be read without knowing which model answered; `archive.deposits.batch.rehearse` says what filing them
would come to.
"""

import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from pathlib import Path
from typing import Any

from archive import importers
from archive.deposits import filing, prefilled
from archive.deposits.arrival import Arrival, arrival, part_arrival
from archive.deposits.batch import is_project
from archive.deposits.deposit import received
from archive.deposits.draft import Draft, Filed, Item, Options
from archive.deposits.drafting import Found, found
from archive.deposits.here import Here, Received
from archive.deposits.names import RECEIVED
from archive.errors import Problem, Refused, accepted
from archive.home.home import Home
from archive.home.store import bytes_of, digest_of
from archive.importers.parts import Part, Passed
from archive.importers.turns import Transcript, Turn
from archive.records import sidecar

_FIRST, _SHOWN = 4, 50
"""Turns that are kept of an interview, and interviews of which any are."""
_LONG = 400
"""Characters of a turn."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Interview:
    """One, from afar."""

    title: str
    model: str
    """Empty where the log does not say it."""
    date: str
    turns: int
    first: tuple[Turn, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """One deposit that may come of it; or why none can."""

    name: str
    """Where it comes from, for a person: ``export.zip/conversations.json [3]``."""
    kind: str = "deposit"
    """Or ``protocol``, ``codebook``, ``codings``; empty where nothing can be made of it."""
    importer: str = ""
    interviews: tuple[Interview, ...] = ()
    lost: Mapping[str, int] = field(default_factory=dict)
    record: Mapping[str, Any] = field(default_factory=dict)
    """Its ``deposit.toml``, as far as the log fills it in."""
    problems: tuple[Problem, ...] = ()
    filed: str = ""
    """Its accession number, where these very bytes were filed before."""
    cut: bool = False
    """Whether it is one of those that a larger file holds, which can be filed without the others."""
    ready: bool = False
    """Whether it has its record already, as a folder that was prepared."""
    passed: str = ""
    """Why it is passed over."""

    @property
    def turns(self) -> int:
        return sum(interview.turns for interview in self.interviews)


def looks(home: Home, paths: Sequence[Path], options: Options) -> list[Look]:
    """At everything that lies at these paths; of the options, what is needed to read: speakers, what the model is."""
    projects = [Look(name=path.name, kind="codings") for path in paths if is_project(path)]
    with home.scratch() as scratch:
        others = [path for path in paths if not is_project(path)]
        return projects + [_look(home, each, options, scratch) for each in found(others, scratch)]


def _look(home: Home, each: Found, options: Options, scratch: Path) -> Look:
    name = each.source.name
    try:
        match each.what:
            case Passed(name, why):
                return Look(name=name, passed=why)
            case Refused() as refused:
                raise refused
            case Path() as path if _numbered(path) or (path.is_dir() and not received(path)):
                return _prepared(home, path, options, scratch)
            case Path() as path:
                return _read(home, arrival(home, path), options, scratch)
            case Part() as part:
                name = part.name
                return _read(home, part_arrival(each.source, part), options, scratch)
    except Refused as refused:
        return Look(name=name, problems=refused.problems)


def _numbered(path: Path) -> bool:
    """Whether it is a version of a protocol or a codebook, as ``1.toml``."""
    return path.suffix == ".toml" and path.stem.isdigit()


def _prepared(home: Home, path: Path, options: Options, scratch: Path) -> Look:
    item = filing.draft(Here(home), path, options, scratch)
    return Look(name=path.name, kind=item.kind if isinstance(item, Draft) else "", filed=_number(item))


def _number(item: Item) -> str:
    return item.accession if isinstance(item, Filed) else ""


def _read(home: Home, arrived: Arrival, options: Options, scratch: Path) -> Look:
    files = {name: data for name, data in arrived.files.items() if RECEIVED.fullmatch(name)}
    turns = scratch / "turns.jsonl"
    name = Path(arrived.name).name if arrived.name == str(arrived.source) else arrived.name
    shown = {name if len(files) == 1 else f"{name}: {part}": data for part, data in files.items()}
    read = importers.read(shown, turns, speakers=options.speakers, model=prefilled.called(home, options.model))
    before = Received().before(home, frozenset(map(digest_of, files.values())))
    record = bytes_of(arrived.files["deposit.toml"]) if "deposit.toml" in arrived.files else b""
    said = accepted(sidecar.parse(record, f"{name}/deposit.toml")) if record else {}
    return Look(
        name=name,
        ready=bool(record),
        cut=bool(arrived.part),
        filed=before[0].number if before else "",
        importer=read.importer,
        interviews=tuple(_interviews(read)),
        lost=dict(read.lost),
        record={**tomllib.loads(prefilled.form(read, Options(), {})), **said},
    )


def _interviews(read: Transcript) -> Iterator[Interview]:
    for number, own in groupby(read.turns, key=lambda turn: turn.interview):
        first: list[Turn] = []
        count = 0
        for count, turn in enumerate(own, 1):
            if count <= _FIRST and number <= _SHOWN:
                first.append(turn)
        yield Interview(
            title=read.title[number - 1] or "",
            model=read.model[number - 1] or "",
            date=read.date[number - 1] or "",
            turns=count,
            first=tuple(_shortened(turn) for turn in first),
        )


def _shortened(turn: Turn) -> Turn:
    """Its words, as much as is looked at; the first lines are what tells conversations apart."""
    words = turn.text if turn.text.strip() else turn.reasoning or ""
    text = words if len(words) <= _LONG else f"{words[:_LONG]} …"
    return Turn(interview=turn.interview, turn=turn.turn, role=turn.role, text=text, name=turn.name)
