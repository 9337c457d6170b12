"""The stages of a model's life on one surface: what the facts of its lifecycle come to."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import Literal

from archive.records.ai_model import Lifecycle


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage:
    """A stretch of a model's life on one surface; it lasts until the next one begins."""

    state: Literal["in use", "deprecated", "retired"]
    begins: date | None
    """None: before anything that is known."""
    disputed_until: date | None = None
    """The last day that a source gives, where sources give several; `begins` is the first."""
    firm: bool = True
    """False where the day may still move."""


_ORDER = ("released", "active", "legacy", "deprecated", "retired", "restored")


def stages(facts: Sequence[Lifecycle]) -> tuple[Stage, ...]:
    """What the facts of one surface come to. Where a day is known exactly, promises made before count no more."""
    turns = [(fact.date, fact.state, fact.precision == "exact") for fact in _current(facts) if fact.date]
    if not any(state == "deprecated" for _, state, _ in turns):
        told = {
            f.announced for f in facts if f.state == "retired" and f.announced and f.announced <= (f.date or date.max)
        }
        turns += [(day, "deprecated", True) for day in told]
    turns.sort(key=lambda turn: (turn[0], _ORDER.index(turn[1])))
    undated = {fact.state for fact in facts if fact.date is None}
    before = Stage(state="deprecated" if "deprecated" in undated else "in use", begins=None)
    found: list[Stage] = [] if turns or not undated else [before]
    for state, same in groupby(turns, key=lambda turn: turn[1]):
        days = list(same)
        stage = Stage(
            state="deprecated" if state == "deprecated" else "retired" if state == "retired" else "in use",
            begins=days[0][0],
            disputed_until=days[-1][0] if days[-1][0] > days[0][0] else None,
            firm=all(firm for _, _, firm in days),
        )
        if not found and stage.state not in ("in use", before.state):
            found.append(before)
        if not found or found[-1].state != stage.state:
            found.append(stage)
    return tuple(found)


def _current(facts: Sequence[Lifecycle]) -> Iterator[Lifecycle]:
    for state in dict.fromkeys(fact.state for fact in facts):
        same = [fact for fact in facts if fact.state == state]
        exact = [fact for fact in same if fact.precision == "exact"]
        newest = max(fact.retrieved for fact in same)
        yield from exact or [fact for fact in same if fact.retrieved == newest]
