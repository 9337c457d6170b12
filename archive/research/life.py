"""The life of a model: what happened when, as far as it is known, who may use it, what was asked, wished and written.

A vendor's replacement is a recommendation, not a successor. Days are told, ages never: the same records give the same
life at any time.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from archive.errors import Problem
from archive.records.ai_model import (
    AIModel,
    Availability,
    Conflict,
    Fact,
    Lifecycle,
    Replacement,
    Statement,
    conflicts,
    facts_of,
)
from archive.records.eol import MINIMUM_NOTICE
from archive.research.ledger import Entry, Essay, Ledger
from archive.research.stages import Stage, stages
from archive.wording import many, plainly

Kind = Literal["lifecycle", "assessment", "fixity", "interview", "preference", "answer", "essay"]
MAKER = "maker"
"""The surface of the model's own maker; a policy of minimum notice holds there."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """One thing on a day."""

    kind: Kind
    day: date | None
    """None where no day is named or recorded."""
    precision: str = "exact"
    """See `values.DATE_PRECISIONS`."""
    what: str
    surface: str = ""
    """Where, of a lifecycle event."""
    notice_days: int | None = None
    """Between announcement and retirement."""
    short_of: tuple[Statement, ...] = ()
    """The stated minimums that this notice does not reach."""
    facts: tuple[Fact, ...] = ()
    """Who says so, several where they agree; empty for what the archive itself records."""

    @property
    def when(self) -> str:
        """``2026-01-05``, ``not sooner than 2027-07-24``, ``no day named``"""
        if self.day is None:
            return "no day named" if self.precision == "unannounced" else "not recorded"
        words = {"not_sooner_than": "not sooner than ", "earliest": "earliest ", "tentative": "tentatively "}
        return f"{words.get(self.precision, '')}{self.day}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Life:
    """Everything that is known of one model."""

    model: AIModel
    events: tuple[Event, ...]
    """In the order of days, those without a day last."""
    surfaces: Mapping[str, tuple[Stage, ...]]
    """Surface → its stages in order, the maker's own first; empty where nothing is known."""
    wishes: tuple[Entry, ...]
    essays: tuple[Essay, ...]
    """All that it wrote, by accession."""
    conflicts: tuple[Conflict, ...]

    @property
    def known(self) -> date | None:
        """The last day on which a fact was looked up."""
        return max((fact.retrieved for _, fact in facts_of(self.model)), default=None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Timeline:
    """The lives of some models, or of all of a home."""

    lives: tuple[Life, ...]
    problems: tuple[Problem, ...] = ()
    """Files that could not be read."""


def life_of(model: AIModel, whole: Ledger, held: Mapping[str, Sequence[Event]]) -> Life:
    """The life of a model, with what is its own of a ledger and of the interviews `held`, by model."""
    names = dict.fromkeys([model.id, *model.aliases])
    wishes = tuple(entry for entry in whole.entries if entry.wish.model in names)
    written = tuple(essay for essay in whole.essays if essay.model in names)
    interviews = [event for name in names for event in held.get(name, ())]
    events = [*_of_facts(model), *interviews, *_of_wishes(wishes), *_of_essays(written)]
    surfaces: dict[str, list[Lifecycle]] = {MAKER: [], **{fact.surface: [] for fact in model.lifecycle}}
    for fact in model.lifecycle:
        surfaces[fact.surface].append(fact)
    return Life(
        model=model,
        events=tuple(sorted(events, key=lambda e: (e.day or date.max, e.precision == "unannounced"))),
        surfaces={name: stages(facts) for name, facts in surfaces.items()},
        wishes=wishes,
        essays=written,
        conflicts=tuple(conflicts(model)),
    )


def _of_facts(model: AIModel) -> Iterator[Event]:
    minimums = minimum_notice(model)
    for same in _agreeing(model.lifecycle):
        fact = same[0]
        notice = fact.notice_days if fact.state == "retired" else None
        if notice is not None and notice < 0:  # a contradiction, and listed as one
            notice = None
        promised = minimums if fact.surface == MAKER else []
        yield Event(
            kind="lifecycle",
            day=fact.date,
            precision=fact.precision,
            what=fact.state + (f" (called {fact.called})" if fact.called else ""),
            surface=fact.surface,
            notice_days=notice,
            short_of=tuple(said for least, said in promised if notice is not None and notice < least),
            facts=same,
        )
    for assessment in model.assessment:
        what = f"{assessment.kind} assessment, {assessment.about}: {assessment.finding}"
        yield Event(kind="assessment", day=assessment.date, what=what, facts=(assessment,))
    if model.weights and model.weights.checked:
        what = f"weights compared with their hashes ({len(model.weights.sha256)})"
        yield Event(kind="fixity", day=model.weights.checked, what=what, facts=(model.weights,))


def _agreeing(facts: Iterable[Lifecycle]) -> list[tuple[Lifecycle, ...]]:
    """Facts that say the same, together."""
    together: dict[str, list[Lifecycle]] = {}
    for fact in facts:
        together.setdefault(fact.model_dump_json(exclude={"source", "retrieved"}), []).append(fact)
    return list(map(tuple, together.values()))


def _of_wishes(wishes: Iterable[Entry]) -> Iterator[Event]:
    for entry in wishes:
        state = "" if entry.wish.answer else " (open: nobody has answered)"
        what = f"preference {entry.slug}{state}: {entry.wish.summary}"
        yield Event(kind="preference", day=entry.wish.date, what=what)
        for answer in entry.wish.answers:
            what = f"answer to {entry.slug}: {plainly(answer.status)}, by {answer.by}"
            yield Event(kind="answer", day=answer.date, what=what)


def _of_essays(essays: Iterable[Essay]) -> Iterator[Event]:
    out: dict[tuple[date, str | None, str], list[Essay]] = {}
    for essay in essays:
        if essay.published:
            out.setdefault((essay.published, essay.week, essay.series), []).append(essay)
        if essay.withdrawn:
            yield Event(
                kind="essay", day=essay.withdrawn, what=f"essay {essay.accession}: withdrawn{_of(essay.series)}"
            )
    for (day, week, series), those in out.items():
        yield Event(kind="essay", day=day, what=f"{named(those)}: published in {week}{_of(series)}")


def _of(series: str) -> str:
    return f", series {series}" if series else ""


def named(essays: Sequence[Essay]) -> str:
    """Essays that came out together: ``essay E2026-0007, On commas``, ``20 essays, E2026-0081 to E2026-0100``."""
    first, last = essays[0], essays[-1]
    if len(essays) > 1:
        return f"{many(len(essays), 'essay')}, {first.accession} to {last.accession}"
    return f"essay {first.accession}" + (f", {first.title}" if first.title else "")


def minimum_notice(model: AIModel) -> list[tuple[int, Statement]]:
    """The days of notice that its maker promises at least, each with who says so."""
    said = [s for s in model.statement if s.about == MINIMUM_NOTICE]
    return [(int(days[1]), s) for s in said if (days := re.match(r"(\d{1,6}) days?\b", s.text))]


def by_surface(model: AIModel) -> list[Availability]:
    """Who may use it, surface by surface, in time."""
    return sorted(model.availability, key=lambda fact: (fact.surface, fact.since or date.min))


def by_day(model: AIModel) -> list[Replacement]:
    """What was recommended instead, as it changed: by the day of the recommendation, or else the day it was seen."""
    return sorted(model.replacement, key=lambda fact: (fact.recommended or fact.retrieved, fact.retrieved))


def access(fact: Availability) -> str:
    """``api: by request since 2026-01-05; ask at https://…``"""
    since = f" since {fact.since}" if fact.since else ""
    until = f" until {fact.until}" if fact.until else ""
    request = f"; ask at {fact.request}" if fact.request else ""
    return f"{fact.surface}: {plainly(fact.status)}{since}{until}{request}"


def short(fact: Fact) -> str:
    """What a fact says, where it stands beside one that says something else."""
    match fact:
        case Lifecycle():
            announced = f", announced {fact.announced}" if fact.announced else ""
            when = Event(kind="lifecycle", day=fact.date, precision=fact.precision, what="").when
            return f"{when}{announced}"
        case Availability():
            return access(fact)
        case Statement():
            return f"“{fact.text}”"
        case _:
            return ""
