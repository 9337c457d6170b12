"""One model as a page shows it: its facts by kind with who says so, and where they contradict each other."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from archive.desk.models.keys import KINDS, Kind
from archive.documents.words import leads_out
from archive.home.home import Home
from archive.records.ai_model import AIModel, Conflict, Fact, facts_of
from archive.records.typed import text_of
from archive.research import timeline
from archive.research.ledger import Entry
from archive.research.life import Life, short

_ORDER = ("open", "undecided", "decided")
_PLAIN = {"precision": "exact", "surface": "maker", "duration": "not_recorded"}
"""What goes without saying."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """One fact."""

    number: int
    """Among those of its kind, from 0, as in the file."""
    cells: tuple[str, ...]
    """What it says, by the columns of its table."""
    source: str
    leads: bool
    """Whether its source is an address."""
    retrieved: str
    disputed: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """All facts of one kind."""

    name: str
    kind: Kind
    columns: tuple[str, ...]
    rows: tuple[Said, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Side:
    """One of the facts that cannot all be true."""

    says: str
    source: str
    leads: bool
    retrieved: str


def life(home: Home, name: str) -> Life:
    """The life of the model that goes by a name. Raises `NotFound`, `Error`."""
    return timeline.timeline(home, [name]).lives[0]


def facts(model: AIModel, disputed: tuple[Conflict, ...]) -> Iterator[Facts]:
    """Those of each kind of which there are any."""
    contradicted = [fact for conflict in disputed for fact in conflict.facts]
    for name, kind in KINDS.items():
        held = [fact for _, fact in facts_of(model, [name])]
        keys = [key for key in kind.keys[:-2] if any(_says(fact, key.name) for fact in held)]
        rows = tuple(
            Said(
                number=number,
                cells=tuple(_says(fact, key.name) for key in keys),
                source=fact.source,
                leads=leads_out(fact.source),
                retrieved=str(fact.retrieved),
                disputed=fact in contradicted,
            )
            for number, fact in enumerate(held)
        )
        if rows:
            yield Facts(name=name, kind=kind, columns=tuple(key.label for key in keys), rows=rows)


def _says(fact: Fact, key: str) -> str:
    value: Any = getattr(fact, key)
    if value is None or _PLAIN.get(key) == value:
        return ""
    return f"{value:,.10g}" if isinstance(value, int | float) else text_of(value)


def sides(conflict: Conflict) -> list[Side]:
    """What each of the facts says that cannot all be true."""
    return [
        Side(says=short(fact), source=fact.source, leads=leads_out(fact.source), retrieved=str(fact.retrieved))
        for fact in conflict.facts
    ]


def wishes(found: Life) -> list[Entry]:
    """Its preferences, those first that wait longest for an answer."""
    return sorted(found.wishes, key=lambda entry: (_ORDER.index(entry.group), entry.wish.date))


def address(model: str) -> str:
    """The page of a model: ``models/example%2Fheron``"""
    return f"models/{quote(model, safe='@:+,=')}"
