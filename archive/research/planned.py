"""A plan for people: what is overdue, due, to come and done, each with its days, what was filed, and what to type."""

from collections.abc import Iterator

from archive.documents.document import Block, Document, Entry, Facts, Items, Paragraph, Section, to_mend
from archive.documents.words import Span, Words, joined
from archive.research.life import Event
from archive.research.plan import STATES, Plan, State, Task
from archive.research.rules import SOURCES, Anchor
from archive.research.sources import Sources
from archive.research.wording import UNRECORDED, dated
from archive.wording import many

_ONCE: dict[Anchor, str] = {
    "announced": "once its retirement is announced",
    "retirement": "once its retirement has a date",
    "retired": "once it is retired",
    "interviewed": "once it was interviewed",
    "since": "once it is retired",
}


def document(plan: Plan) -> Document:
    """Overdue first, then due, then what is to come, what cannot be known, what is done; then the rules."""
    model, sources = plan.life.model, Sources()
    front: tuple[Block, ...] = (Facts(tuple(_life(plan, sources))), *map(Paragraph, plan.remarks))
    groups = tuple(_group(plan, state) for state in STATES if plan.of(state))
    followed = {task.rule.title: task.rule for task in plan.tasks}
    rules = tuple((title, f"{rule.says}\nSource: {rule.source}") for title, rule in followed.items())
    named = tuple(sources.rows())
    return Document(
        sort="Plan",
        title=f"Plan for {model.name.strip() or model.id}",
        subtitle=f"{model.id}, {model.maker}; as of {plan.today}",
        front=front,
        blocks=(
            *groups,
            Section(title="The rules, and where they come from", blocks=(_commitments(), Facts(rules))),
            *((Section(title="Sources", name="sources", blocks=(Facts(named),)),) if named else ()),
            *to_mend(plan.problems),
        ),
    )


def _life(plan: Plan, sources: Sources) -> Iterator[tuple[str, Words]]:
    """What is said of its end, surface by surface."""
    for event in plan.ends:
        yield f"Retired ({event.surface})", _sourced(event, sources)
    if not plan.ends:
        yield "Retired", UNRECORDED


def _sourced(event: Event, sources: Sources) -> Words:
    return joined(dated(event), " [", sources(*event.facts), "]")


def _commitments() -> Facts:
    return Facts(tuple((title, Span(address, "", address)) for title, address in SOURCES.items()))


def _group(plan: Plan, state: State) -> Section:
    tasks = plan.of(state)
    return Section(title=f"{STATES[state]} ({len(tasks)})", blocks=tuple(_entry(task, plan) for task in tasks))


def _entry(task: Task, plan: Plan) -> Entry:
    blocks: list[Block] = [Paragraph(task.found.said)]
    if task.found.next and task.state != "done":
        blocks.append(Items((Span(task.found.next, "code"),), unbroken=True))
    return Entry((Span(task.title, "strong"), f"  {when(task, plan)}"), tuple(blocks))


def when(task: Task, plan: Plan) -> str:
    """``by 2026-08-04, 116 days ago``, ``from 2026-08-05 to 2026-09-04``, ``once it was interviewed``"""
    moves = "; the day may move" if task.movable else ""
    if task.state == "done":
        return _done(task)
    if task.state == "overdue" and task.before:
        return f"by {task.before}, {many((plan.today - task.before).days, 'day')} ago{moves}"
    if task.after is None and task.state == "later" and task.rule.after:
        ends = f", by {task.before}{moves}" if task.before and task.before >= plan.today else ""
        return _ONCE[task.rule.after[0]] + ends
    if task.after and task.before and task.after > plan.today:
        return f"from {task.after} to {task.before}{moves}"
    return f"by {task.before}{moves}" if task.before else "at any time"


def _done(task: Task) -> str:
    day = task.found.day
    if day is None:
        return ""
    return f"{day}, after {task.before}" if task.before and day > task.before else f"{day}"
