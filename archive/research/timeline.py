"""The life of models: what happened when, as far as it is known, who may use them, what was asked, wished and written.

A vendor's replacement is a recommendation, not a successor. Days are printed, ages never: the same records give the
same timeline at any time.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import Any, Literal

from archive.catalogue.catalogue import reading
from archive.catalogue.terminal import wrapped
from archive.errors import Problem
from archive.home.home import Home
from archive.records.ai_model import AIModel, Availability, Conflict, Fact, Lifecycle, Replacement, Statement, conflicts
from archive.research import ledger, models
from archive.research.eol import MINIMUM_NOTICE
from archive.research.ledger import WIDTH, Entry, Essay
from archive.wording import many

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
    """See `vocabulary.DATE_PRECISIONS`."""
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
class Stage:
    """A stretch of a model's life on one surface; it lasts until the next one begins."""

    state: Literal["in use", "deprecated", "retired"]
    begins: date | None
    """None: before anything that is known."""
    disputed_until: date | None = None
    """The last day that a source gives, where sources give several; `begins` is the first."""
    firm: bool = True
    """False where the day may still move."""


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
        return max((fact.retrieved for fact in all_facts(self.model)), default=None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Timeline:
    """The lives of some models, or of all of a home."""

    lives: tuple[Life, ...]
    problems: tuple[Problem, ...] = ()
    """Files that could not be read."""


# ── reading ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def timeline(home: Home, names: Iterable[str] = ()) -> Timeline:
    """The lives of the models that go by these ids or aliases, or of all. Raises `NotFound`, `reader.Stale`."""
    known, problems = models.read_all(home)
    picked = models.chosen(known, names)
    whole = ledger.ledger(home)
    held = _interviews(home)
    lives = [life_of(model, whole, held) for model in picked]
    lives.sort(key=lambda life: next((e.day for e in life.events if e.kind == "lifecycle" and e.day), date.max))
    return Timeline(lives=tuple(lives), problems=(*problems, *whole.problems))


def all_facts(model: AIModel) -> list[Fact]:
    """Every fact of a model."""
    single = [fact for fact in (model.weights, model.keeping) if fact]
    many = (model.lifecycle, model.availability, model.replacement, model.guidance, model.assessment, model.statement)
    return [*(fact for facts in many for fact in facts), *single]


def minimum_notice(model: AIModel) -> list[tuple[int, Statement]]:
    """The days of notice that its maker promises at least, each with who says so."""
    said = [s for s in model.statement if s.about == MINIMUM_NOTICE]
    return [(int(days[1]), s) for s in said if (days := re.match(r"(\d{1,6}) days?\b", s.text))]


def _interviews(home: Home) -> dict[str, list[Event]]:
    """The interviews of each model; those of one deposit, kind and day are one event."""
    held: dict[str, list[Event]] = {}
    with reading(home) as catalogue:
        rows = catalogue.rows(
            "SELECT model, accession, kind, date, COUNT(*) AS n, MIN(number) AS first, MAX(number) AS last "
            "FROM interview GROUP BY model, accession, kind, date ORDER BY accession, first"
        )
    for row in rows:
        first, last, n = int(row["first"]), int(row["last"]), int(row["n"])
        numbers = f"{first}" if n == 1 else f"{first}–{last}" if last - first + 1 == n else f"{first} and {n - 1} more"
        what = f"{'interviews' if n > 1 else 'interview'} {row['accession']}/{numbers}, {row['kind']}"
        day = date.fromisoformat(str(row["date"])[:10]) if row["date"] else None
        held.setdefault(row["model"], []).append(Event(kind="interview", day=day, what=what))
    return held


def life_of(model: AIModel, whole: ledger.Ledger, held: Mapping[str, Sequence[Event]]) -> Life:
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
            what = f"answer to {entry.slug}: {answer.status}, by {answer.by}"
            yield Event(kind="answer", day=answer.date, what=what)


def _of_essays(essays: Iterable[Essay]) -> Iterator[Event]:
    for essay in essays:
        of = f", series {essay.series}" if essay.series else ""
        name = f"essay {essay.accession}"
        if essay.published:
            title = f", {essay.title}" if essay.title else ""
            yield Event(kind="essay", day=essay.published, what=f"{name}{title}: published in {essay.week}{of}")
        if essay.withdrawn:
            yield Event(kind="essay", day=essay.withdrawn, what=f"{name}: withdrawn{of}")


# ── stages ───────────────────────────────────────────────────────────────────────────────────────────────────────────

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


# ── text ─────────────────────────────────────────────────────────────────────────────────────────────────────────────


class _Sources:
    """Footnotes: each source with the day it was looked up, numbered as it is first named. Lives as long as a text."""

    def __init__(self) -> None:
        self.numbers: dict[tuple[str, date], int] = {}

    def __call__(self, *facts: Fact) -> str:
        numbers = [self.numbers.setdefault((f.source, f.retrieved), len(self.numbers) + 1) for f in facts]
        return "".join(f" [{number}]" for number in dict.fromkeys(numbers))

    def lines(self) -> list[str]:
        named = (f"[{n}] {source}, looked up {day}" for (source, day), n in self.numbers.items())
        return ["Sources", *(line for source in named for line in wrapped(source, WIDTH, "  ", "      "))]


def text(whole: Timeline) -> str:
    """For a terminal: model by model, what happened in the order of days; then who says so."""
    sources = _Sources()
    lines: list[str] = []
    for life in whole.lives:
        lines += [*_life_lines(life, sources), ""]
    lines += sources.lines() if sources.numbers else []
    lines += [f"to be mended: {problem}" for problem in whole.problems]
    return "".join(f"{line}\n" for line in lines)


def _life_lines(life: Life, sources: _Sources) -> list[str]:
    model = life.model
    also = f"; also {', '.join(model.aliases)}" if model.aliases else ""
    name = f"{model.name}  " if model.name.strip() else ""
    lines = [*wrapped(f"{name}{model.id}, {model.maker}{also}", WIDTH), ""]
    width = max((len(event.when) for event in life.events), default=0)
    for event in life.events:
        lines += wrapped(f"{_said(event)}{sources(*event.facts)}", WIDTH, f"  {event.when:<{width}}  ")
        for said in event.short_of:
            warning = f"shorter than the minimum that is stated: {said.text}{sources(said)}"
            lines += wrapped(warning, WIDTH, " " * (width + 4))
    lines += [] if life.events else ["  nothing is recorded of its life"]
    for title, about in _sections(life, sources):
        if about:
            lines += ["", f"  {title}", *(line for one in about for line in wrapped(one, WIDTH, "    ", "      "))]
    for entry in life.wishes:
        lines += ["", *ledger.entry_lines(entry)]
    return lines


def _said(event: Event) -> str:
    where = f" at {event.surface}" if event.surface not in ("", MAKER) else ""
    notice = f", {days(event.notice_days)} of notice" if event.notice_days is not None else ""
    seen = "" if event.precision == "exact" else f", as of {max(fact.retrieved for fact in event.facts)}"
    return f"{event.what}{where}{notice}{seen}"


def days(number: int) -> str:
    """``1 day``, ``60 days``"""
    return f"{number} day{'s' if number != 1 else ''}"


def _sections(life: Life, sources: _Sources) -> Iterator[tuple[str, list[str]]]:
    model = life.model
    disputed = [fact for conflict in life.conflicts for fact in conflict.facts]
    yield "Access", [f"{_access(fact)}{sources(fact)}" for fact in by_surface(model)]
    yield (
        "Recommended instead by its vendor, which makes none of them a successor",
        [f"{_recommended(fact)}{sources(fact)}" for fact in by_day(model)],
    )
    yield "Weights", _weights(model, sources)
    if model.keeping:
        cost = f"{amount(model.keeping.per_month)} {model.keeping.currency} a month"
        covers = f", for {model.keeping.covers}" if model.keeping.covers else ""
        yield "Cost of keeping", [f"{cost}{covers}{sources(model.keeping)}"]
    yield "Help for those who used it", [f"{fact.title}{sources(fact)}" for fact in model.guidance]
    yield "Also said of it", [f"{s.about}: {s.text}{sources(s)}" for s in model.statement if s not in disputed]
    yield (
        "Where sources disagree",
        [
            f"{conflict.about}: {' ↔ '.join(f'{_short(fact)}{sources(fact)}' for fact in conflict.facts)}"
            for conflict in life.conflicts
        ],
    )


def by_surface(model: AIModel) -> list[Availability]:
    """Who may use it, surface by surface, in time."""
    return sorted(model.availability, key=lambda fact: (fact.surface, fact.since or date.min))


def by_day(model: AIModel) -> list[Replacement]:
    """What was recommended instead, as it changed: by the day of the recommendation, or else the day it was seen."""
    return sorted(model.replacement, key=lambda fact: (fact.recommended or fact.retrieved, fact.retrieved))


def _access(fact: Availability) -> str:
    since = f" since {fact.since}" if fact.since else ""
    until = f" until {fact.until}" if fact.until else ""
    request = f"; ask at {fact.request}" if fact.request else ""
    return f"{fact.surface}: {fact.status.replace('_', ' ')}{since}{until}{request}"


def _recommended(fact: Replacement) -> str:
    return f"{fact.model}, {f'since {fact.recommended}' if fact.recommended else f'seen {fact.retrieved}'}"


def _weights(model: AIModel, sources: _Sources) -> list[str]:
    kept = model.weights
    if kept is None:
        return []
    lines = [f"{kept.commitment}; {kept.duration.replace('not_recorded', 'for how long is not recorded')}"]
    if kept.size_bytes:
        lines.append(f"{kept.size_bytes:,} bytes")
    if kept.sha256:
        checked = f"last compared with them {kept.checked}" if kept.checked else "never compared with them"
        lines.append(f"{many(len(kept.sha256), 'file')} with hashes, {checked}")
    return [*lines[:-1], f"{lines[-1]}{sources(kept)}"]


def amount(number: float) -> str:
    """``1,200`` or ``1,200.50``"""
    return f"{number:,.0f}" if number == int(number) else f"{number:,.2f}"


def _short(fact: Fact) -> str:
    match fact:
        case Lifecycle():
            announced = f", announced {fact.announced}" if fact.announced else ""
            when = Event(kind="lifecycle", day=fact.date, precision=fact.precision, what="").when
            return f"{when}{announced}"
        case Availability():
            return _access(fact)
        case Statement():
            return f"“{fact.text}”"
        case _:
            return ""


# ── for programs ─────────────────────────────────────────────────────────────────────────────────────────────────────


def plain(whole: Timeline) -> dict[str, Any]:
    """For programs."""
    return {
        "models": [_life_plain(life) for life in whole.lives],
        "problems": [p.plain() for p in whole.problems],
    }


def _life_plain(life: Life) -> dict[str, Any]:
    facts = life.model.model_dump(mode="json", exclude={"format"})
    return {
        "id": life.model.id,
        "events": [
            {
                "kind": event.kind,
                "date": event.day.isoformat() if event.day else None,
                "precision": event.precision,
                "what": event.what,
                "surface": event.surface,
                "notice_days": event.notice_days,
                "short_of": [said.text for said in event.short_of],
                "sources": [{"source": f.source, "retrieved": f.retrieved.isoformat()} for f in event.facts],
            }
            for event in life.events
        ],
        "conflicts": [
            {"about": c.about, "facts": [fact.model_dump(mode="json") for fact in c.facts]} for c in life.conflicts
        ],
        "preferences": [ledger.entry_plain(entry) for entry in life.wishes],
        "facts": facts,
    }
