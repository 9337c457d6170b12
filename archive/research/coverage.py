"""What was asked, and what was not: how far interviews went into each question of their protocol, and each topic.

How far one interview went, `archive.deposits.adherence` says. An interview that follows no protocol and has no
``topic_coverage`` tells nothing of a topic; it is counted as ``unknown``, never as not asked. None of the depths is
ever "no preference".

Where several interviews were held in the same setting, which makes them runs of one condition (`conditions`), it is
also told in how many of them each question of the protocol was put, and in how many it was followed up.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from itertools import product
from typing import Any

from archive.catalogue import catalogued
from archive.deposits.adherence import Cell, Row
from archive.deposits.asked import folded
from archive.deposits.shelf import PROTOCOLS
from archive.documents.document import Block, Document, Facts, Paragraph, Section
from archive.documents.plain import plain as by_field
from archive.documents.table import table
from archive.home.home import Home
from archive.records.deposit_record import Setting
from archive.records.protocol import Protocol
from archive.research.conditions import FIELDS, Condition, before, conditions, letter
from archive.research.levels import differing
from archive.research.proportions import Proportion
from archive.wording import listed, many, term


@dataclass(frozen=True, slots=True, kw_only=True)
class Topic:
    """How far the interviews of one model went into one topic; every interview of the model is in one list."""

    model: str
    topic: str
    probed: tuple[str, ...] = ()
    touched: tuple[str, ...] = ()
    not_asked: tuple[str, ...] = ()
    """Somebody says so."""
    not_found: tuple[str, ...] = ()
    """No words of the protocol were found, and nobody has said more."""
    unknown: tuple[str, ...] = ()
    """The interview follows no protocol with this topic, and nobody has said how far it went."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """One question, in the interviews of one condition."""

    question: str
    """``retirement-interview@1/wishes``"""
    condition: str
    asked: Proportion
    probed: Proportion


@dataclass(frozen=True, slots=True, kw_only=True)
class Coverage:
    """All that was asked."""

    rows: tuple[Row, ...]
    topics: tuple[Topic, ...]
    protocols: Mapping[str, Protocol]
    """Those that an interview follows."""
    conditions: tuple[Condition, ...] = ()
    """The settings in which several interviews were held: ``A``, ``B`` …"""

    @property
    def asked(self) -> tuple[Asked, ...]:
        """Of each question of a protocol, in how many of the interviews of each condition."""
        return tuple(_asked(self.rows, self.protocols, self.conditions))


def coverage(home: Home, *, model: str | None = None) -> Coverage:
    """What was asked in all interviews that were filed, or in those of the model that goes by `model`, id or alias.

    Raises `NotFound`, `Stale`.
    """
    held = catalogued.interviews(home, model)
    found = measured([each.adherence for each in held], PROTOCOLS.filed(home))
    return replace(
        found, conditions=repeated((each.address, each.setting) for each in held if each.adherence.questions)
    )


def measured(rows: Sequence[Row], protocols: Mapping[str, Protocol]) -> Coverage:
    """What interviews come to, each held against its protocol; `protocols` are by ``id@version``."""
    used = {row.protocol for row in rows}
    return Coverage(
        rows=tuple(rows),
        topics=tuple(_by_model(rows)),
        protocols={ref: protocol for ref, protocol in protocols.items() if ref in used},
    )


def repeated(held: Iterable[tuple[str, Setting]]) -> tuple[Condition, ...]:
    """The settings in which several of these interviews were held, with letters."""
    found = conditions(FIELDS, (("", address, before(setting)) for address, setting in held))
    several = (condition for condition in found if len(condition.runs) > 1)
    return tuple(replace(condition, name=letter(n)) for n, condition in enumerate(several))


def _asked(rows: Sequence[Row], protocols: Mapping[str, Protocol], conditions: Sequence[Condition]) -> Iterator[Asked]:
    by_run = {row.interview: row for row in rows}
    for ref, protocol in protocols.items():
        own = [condition for condition in conditions if condition.said["protocol"] == ref]
        for question, condition in product((q.id for q in protocol.question), own):
            cells = [by_run[run].questions[question] for run in condition.runs]
            yield Asked(
                question=f"{ref}/{question}",
                condition=condition.name,
                asked=Proportion(sum(bool(cell.asked) for cell in cells), len(cells)),
                probed=Proportion(sum(cell.depth == "probed" for cell in cells), len(cells)),
            )


# ── by model and topic ───────────────────────────────────────────────────────────────────────────────────────────────


def _by_model(rows: Sequence[Row]) -> Iterator[Topic]:
    by_model: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        by_model[row.model].append(row)
    for model, own in by_model.items():
        spelt: dict[str, str] = {}
        for row in sorted(own, key=lambda row: not row.questions):  # a protocol's topics and spelling first
            for topic in row.topics:
                spelt.setdefault(_folded(topic), topic)
        # Of two topics of an interview that differ in spelling alone, the first holds.
        cells = [{_folded(name): row.topics[name] for name in reversed([*row.topics])} for row in own]
        for fold, topic in spelt.items():
            lists: dict[str, list[str]] = defaultdict(list)
            for row, said in zip(own, cells, strict=True):
                lists[_list(said.get(fold))].append(row.interview)
            yield Topic(model=model, topic=topic, **{name: tuple(found) for name, found in lists.items()})


_folded = cache(folded)
"""The same topics are named in every interview that follows a protocol."""


def _list(cell: Cell | None) -> str:
    if cell is None:
        return "unknown"
    return "not_found" if cell.depth == "not_asked" and cell.by == "words" else cell.depth


# ── shown ────────────────────────────────────────────────────────────────────────────────────────────────────────────


def plain(coverage: Coverage) -> dict[str, Any]:
    """For programs."""
    return {
        "topics": by_field(coverage.topics),
        "protocols": {
            ref: [{"id": q.id, "topic": q.topic, "text": q.text} for q in protocol.question]
            for ref, protocol in coverage.protocols.items()
        },
        "interviews": by_field(coverage.rows),
        "conditions": {condition.name: by_field(condition.runs) for condition in coverage.conditions},
        "asked": by_field(coverage.asked),
    }


DEPTHS: Mapping[str, str] = {
    "probed": "asked, and followed up",
    "touched": "asked and not followed up, or the model came to it itself",
    "not_asked": "the note on the interview says that nobody asked",
    "not_found": "the protocol’s words are not there, and nobody says whether it was asked in others",
    "unknown": "the interview followed no protocol that has the topic, and nobody says how far it went",
}
"""The lists of a `Topic`, and what each means. None of them means that a model has no preference."""
_MARKS = (
    "P probed, t touched, – not asked, · not found; then the turns: ~ paraphrased, ! disputed, * raised by the model"
)


def document(coverage: Coverage) -> Document:
    """Topics by model, then interviews against the questions of each protocol, then departures."""
    if not coverage.rows:
        return Document(sort="Coverage", blocks=(Paragraph("No interview is filed here."),))
    return Document(
        sort="Coverage",
        blocks=(
            *_topic_tables(coverage.topics),
            *_matrices(coverage),
            *_departed(coverage.rows),
        ),
    )


def topic_table(topics: Sequence[Topic]) -> Block:
    """In how many interviews each topic came up, and how far."""
    rows = ((t.topic, *(f"{len(getattr(t, depth)):,}" for depth in DEPTHS)) for t in topics)
    return table(("Topic", *map(term, DEPTHS)), rows, *range(1, 6))


def depths() -> Facts:
    """What the columns of a `topic_table` mean."""
    return Facts(tuple((term(depth), means) for depth, means in DEPTHS.items()))


def _topic_tables(found: Sequence[Topic]) -> Iterator[Block]:
    for model in dict.fromkeys(topic.model for topic in found):
        own = [topic for topic in found if topic.model == model]
        n = sum(len(getattr(own[0], name)) for name in DEPTHS)
        title = f"{model}: how far {many(n, 'interview')} went into each topic"
        yield Section(title=title, blocks=(topic_table(own),))
    if found:
        yield depths()
        yield Paragraph("None of these means that a model has no preference.")
    else:
        yield Paragraph("No interview follows a protocol, and none has a topic_coverage: what was asked is not known.")


def _matrices(coverage: Coverage) -> Iterator[Section]:
    for ref, protocol in coverage.protocols.items():
        asked = ((str(n), q.id, q.text) for n, q in enumerate(protocol.question, 1))
        ids = [q.id for q in protocol.question]
        rows = [row for row in coverage.rows if row.protocol == ref]
        cells = ((row.interview, *(_mark(row.questions[i]) for i in ids), row.model) for row in rows)
        head = ("Interview", *map(str, range(1, len(ids) + 1)), "Model")
        words = table(("", "Question", "In the protocol’s words"), asked, 0)
        blocks = (words, *_runs(coverage, ref), table(head, cells))
        yield Section(title=f"{ref}: interviews and questions", blocks=(*blocks, Paragraph(_MARKS, quiet=True)))


def _runs(coverage: Coverage, protocol: str) -> Iterator[Block]:
    """In how many runs of each condition each question was put."""
    own = [condition for condition in coverage.conditions if condition.said["protocol"] == protocol]
    if own:
        every = [a for a in coverage.asked if a.question.partition("/")[0] == protocol]
        rows = [
            (
                condition.name,
                str(len(condition.runs)),
                *(
                    f"{a.asked.k}{f' ({a.probed.k})' * bool(a.probed.k)}"
                    for a in every
                    if a.condition == condition.name
                ),
            )
            for condition in own
        ]
        head = ("Context", "n", *map(str, range(1, len(rows[0]) - 1)))
        if settings := differing(own):
            yield settings
        yield table(head, rows)
        yield Paragraph(
            "Of n interviews in one context so many were asked; in brackets: and so many probed.", quiet=True
        )


def _mark(cell: Cell) -> str:
    mark = {"probed": "P", "touched": "t", "not_asked": "–" if cell.by == "person" else "·"}[cell.depth]
    turns = [f"{a.turn}{'~' * (a.wording == 'paraphrased')}{'!' * a.disputed}" for a in cell.asked]
    return mark + ",".join([*turns, *(f"{turn}*" for turn in cell.raised)])


def _departed(rows: Sequence[Row]) -> Iterator[Section]:
    said = tuple((row.interview, "\n".join(lines)) for row in rows if (lines := list(departures(row))))
    if said:
        yield Section(title="Departures from the protocol, and what to look at", blocks=(Facts(said),))


def departures(row: Row) -> Iterator[str]:
    """Where an interview departed from its protocol, and where what people say of that does not fit together."""
    for by, how in (("person", "not put"), ("words", "not put, or put in other words")):
        if missed := [q for q in row.skipped if row.questions[q].by == by]:
            yield f"{how}: {listed(missed)}"
    if row.disclosed == 0:
        yield "the disclosure is not there in the protocol’s words"
    if row.out_of_order:
        yield f"out of order: {listed(row.out_of_order)}"
    if row.together:
        yield f"put in one session, and meant for one each: {listed(row.together)}"
    yield from row.remarks
