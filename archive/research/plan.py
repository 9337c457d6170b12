"""`archive plan`: what is due for the retirement of one model, by when, and what of it is done.

Nothing of it is stored. What is due follows from `rules.RULES` and the days in the model's life; what is done is read
out of what was filed (`done.DONE`). Only what is overdue today depends on the day on which it is asked.

Where sources give several days, the first counts for what must come before the retirement, the last for what comes
after it. A day that is not exact counts as what it is at the earliest, and what rests on it may move.
"""

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, Literal

from archive.catalogue.catalogue import ask
from archive.catalogue.catalogued import each
from archive.catalogue.reader import Reader
from archive.deposits.shelf import PROTOCOLS
from archive.documents.plain import by_field
from archive.documents.plain import plain as as_plain
from archive.errors import Problem
from archive.home.home import Home
from archive.records.ai_model import Availability, Fact, Lifecycle
from archive.records.deposit_record import Setting
from archive.register.statement import decode_time
from archive.research.done import DONE, Done
from archive.research.held import Held, first_day
from archive.research.life import MAKER, Event, Life, access, by_surface
from archive.research.rules import RULES, Anchor, Moment, Rule
from archive.research.stages import Stage
from archive.research.timeline import timeline
from archive.research.wording import addresses
from archive.wording import written

State = Literal["overdue", "due", "later", "unknown", "done"]
STATES: Mapping[State, str] = {
    "overdue": "Overdue",
    "due": "Due",
    "later": "Later",
    "unknown": "What the archive cannot know",
    "done": "Done",
}
"""In the order in which they are told."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """One rule, as it stands for one model, or for one preference of it."""

    id: str
    """Of its rule, with what it is about: ``answer/keep-the-corrections``; stays the same while all else changes."""
    rule: Rule
    found: Done
    state: State
    after: dt.date | None
    """The first day; None where there is none, or where it is not known yet."""
    before: dt.date | None
    """The last day; None likewise."""
    movable: bool
    """Whether these days rest on one that is not exact."""

    @property
    def title(self) -> str:
        """``Answer to a preference: keep-the-corrections``"""
        return self.rule.title + (f": {self.found.about}" if self.found.about else "")

    def plain(self) -> dict[str, Any]:
        """For programs."""
        found = by_field(self.found)
        del found["about"], found["since"]
        about = {"id": self.id, "title": self.title, "state": self.state, "after": self.after, "before": self.before}
        rule = {"movable": self.movable, "rule": self.rule.says, "source": self.rule.source}
        return {**as_plain(about), **rule, **found}


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """Everything that is due for one model."""

    life: Life
    today: dt.date
    origin: str
    """Of the register, for ever; names the plan's entries in calendars."""
    size: int
    """Statements in the register: the plan rests on them, and another one has more."""
    time: dt.datetime
    """Of the newest statement."""
    announced: dt.date | None
    retirement: Stage | None
    """On its maker's surfaces; None where no day is named."""
    tasks: tuple[Task, ...]
    """By state, then by day."""
    problems: tuple[Problem, ...]
    """Files that could not be read."""

    def of(self, state: State) -> tuple[Task, ...]:
        """The tasks in one state."""
        return tuple(task for task in self.tasks if task.state == state)

    @property
    def ends(self) -> list[Event]:
        """What is said of its retirement, on every surface."""
        return [event for event in self.life.events if any(_retires(fact) for fact in event.facts)]

    @property
    def remarks(self) -> Iterator[str]:
        """What a reader must know of the days: that one is not known, moves, or is disputed; who can be asked."""
        stage = self.retirement
        if stage is None or stage.begins is None:
            again = any(each.state == "retired" for each in self.life.surfaces[MAKER])
            known = "It was retired and is there again; no new date" if again else "The date of its retirement"
            yield f"{known} is {'' if again else 'not '}announced. What must come before it can be done at any time."
        elif stage.disputed_until:
            yield (
                f"Sources disagree on the day of its retirement. What must come before it counts from the first, "
                f"{written(stage.begins)}; what comes after it from the last, {written(stage.disputed_until)}."
            )
        if stage and stage.begins and not stage.firm:
            yield f"The day is not fixed: the plan counts from {written(stage.begins)}, as it is given now."
        if stage and stage.begins and stage.begins <= self.today:
            yield self._asked

    @property
    def _asked(self) -> str:
        """Who can still ask a model that is retired."""
        if open_ := _open(self.life, self.today):
            return f"It can still be asked: {'; '.join(map(access, open_))}."
        if self.life.model.availability:
            return "It can no longer be asked, as far as is recorded: every surface is closed."
        return "Whether it can still be asked is not recorded."


def _retires(fact: Fact) -> bool:
    return isinstance(fact, Lifecycle) and fact.state == "retired"


def _open(life: Life, today: dt.date) -> list[Availability]:
    """Where it can still be used after it was retired, as far as is recorded."""
    facts = by_surface(life.model)
    return [fact for fact in facts if fact.status != "closed" and (fact.until is None or fact.until >= today)]


# ── reading ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def plan(home: Home, model: str) -> Plan:
    """The plan for the model that goes by `model`, id or alias, on this day. Raises `NotFound`, `Stale`."""
    whole = timeline(home, [model])
    (life,) = whole.lives
    stages = life.surfaces[MAKER]
    retirement = stages[-1] if stages and stages[-1].state == "retired" else None
    interviews, analyses = ask(home, lambda reader: _filed(reader, [life.model.id, *life.model.aliases]))
    held = Held(
        life=life,
        interviews=interviews,
        protocols=PROTOCOLS.filed(home),
        analyses=analyses,
        retired=(retirement.disputed_until or retirement.begins) if retirement else None,
    )
    today = home.now().date()
    tasks = [task for name, rule in RULES.items() for task in _tasks(name, rule, held, retirement, today)]
    tasks.sort(key=lambda task: (list(STATES).index(task.state), task.before or task.after or dt.date.max))
    return Plan(
        life=life,
        today=today,
        origin=home.register.key.name,
        size=home.register.size,
        time=decode_time(home.register.index.newest()),
        announced=_days(held, retirement).get("announced"),
        retirement=retirement,
        tasks=tuple(tasks),
        problems=whole.problems,
    )


def _filed(reader: Reader, names: list[str]) -> tuple[dict[str, Setting], list[str]]:
    """The interviews of a model by address, and the analyses that read one of them."""
    values = {f"name{n}": name for n, name in enumerate(names)}
    among = f"i.model IN ({', '.join(f':{name}' for name in values)})"
    rows = reader.rows(_ANALYSES.format(among=among), **values)
    interviews = {held.address: held.setting for held, _ in each(reader, among, **values)}
    return interviews, [f"{row['accession']}/{row['slug']}" for row in rows]


_ANALYSES = """SELECT DISTINCT a.accession, a.slug FROM interview i
    JOIN analysed a ON a.read = i.accession AND a.interview = i.number
    WHERE {among} ORDER BY a.accession, a.slug"""


def _days(held: Held, retirement: Stage | None) -> dict[Anchor, dt.date]:
    """The days that rules count from, as far as they are known."""
    said = [f.announced or f.date for f in held.model.lifecycle if f.surface == MAKER and f.state == "deprecated"]
    said += [f.announced for f in held.model.lifecycle if f.surface == MAKER and f.state == "retired"]
    days: dict[Anchor, dt.date | None] = {
        "announced": min((day for day in said if day), default=None),
        "retirement": retirement.begins if retirement else None,
        "retired": held.retired,
        "interviewed": first_day(held.of_kind("retirement_interview")),
    }
    return {name: day for name, day in days.items() if day}


def _tasks(name: str, rule: Rule, held: Held, retirement: Stage | None, today: dt.date) -> Iterator[Task]:
    days = _days(held, retirement)
    gone = held.retired is not None and held.retired <= today
    silent = gone and bool(held.model.availability) and not _open(held.life, today)
    for read in DONE[name](held):
        found = _asked(read, held, silent=silent) if rule.asks else read
        own: dict[Anchor, dt.date] = {**days, "since": found.since} if found.since else days
        after, before = _day(rule.after, own), _day(rule.before, own)
        anchors = {moment[0] for moment in (rule.after, rule.before) if moment}
        yield Task(
            id=f"{name}/{found.about}" if found.about else name,
            rule=rule,
            found=found,
            state=_state(rule, found, after, before, today),
            after=after,
            before=before,
            movable=bool(retirement and not retirement.firm and anchors & {"retirement", "retired"}),
        )


def _asked(found: Done, held: Held, *, silent: bool) -> Done:
    """What the model is asked for: a model that declined is let go, and nobody asks one that cannot answer."""
    if held.declined and not found.done:
        return Done(done=True, said=f"it declined in {addresses(held.declined)}, and is not asked again")
    return replace(found, next="") if silent else found


def _day(moment: Moment | None, days: Mapping[Anchor, dt.date]) -> dt.date | None:
    if moment is None or moment[0] not in days:
        return None
    day = days[moment[0]].toordinal() + moment[1]
    return dt.date.fromordinal(min(max(day, 1), dt.date.max.toordinal() - 1))  # what a record says may be any day


def _state(rule: Rule, found: Done, after: dt.date | None, before: dt.date | None, today: dt.date) -> State:
    """A window that nobody announced is open; one that begins with something that has not happened is not."""
    if found.done:
        return "done"
    waits = after is None and rule.after is not None and rule.after[0] != "announced"
    if waits or (after and after > today):
        return "later"
    if found.done is None:
        return "unknown"
    return "overdue" if before and before < today else "due"


def plain(plan: Plan) -> dict[str, Any]:
    """For programs."""
    stage = plan.retirement
    return {
        "model": plan.life.model.id,
        "today": as_plain(plan.today),
        "announced": as_plain(plan.announced),
        "retirement": as_plain(stage.begins if stage else None),
        "retirement_until": as_plain(stage.disputed_until if stage else None),
        "exact": bool(stage and stage.begins and stage.firm),
        "remarks": list(plan.remarks),
        "tasks": [task.plain() for task in plan.tasks],
        "problems": as_plain(plan.problems),
    }
