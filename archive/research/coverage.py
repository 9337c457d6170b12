"""What was asked, and what was not: how far interviews went into each question of their protocol, and each topic.

Where a question is asked and followed up, and how a person says so: `archive.research.asked`. In one interview it is

    probed      asked and followed up
    touched     asked and not followed up, or the model itself came to it
    not_asked   neither: ``by`` is ``person`` where topic_coverage has its topic as not_probed, and ``words`` where its
                words were not found and nobody has said whether it was asked in others (shown as: not found)

A topic is as deep as its deepest question, unless ``topic_coverage`` in the context-bias note names it: then that
holds (``substantive_probe``, ``passing_mention``, ``not_probed``), and where it denies what stands in a turn, a remark
says so. An interview that follows no protocol and has no ``topic_coverage`` tells nothing of a topic; it is counted as
``unknown``, never as not asked. None of these is ever "no preference".
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from archive.deposits.deposit import Deposit
from archive.documents.document import Block, Document, Facts, Paragraph, Section
from archive.documents.plain import plain as by_field
from archive.documents.table import table
from archive.importers.turns import Turn
from archive.records.answer import topics
from archive.records.deposit_record import Setting
from archive.records.protocol import Protocol, Question
from archive.research.asked import Asked, Coders, Named, asked, coders, folded, interviews, named, words
from archive.wording import listed, many, shorten, suggestion, term

Depth = Literal["not_asked", "touched", "probed"]
_DEPTHS: tuple[Depth, ...] = ("not_asked", "touched", "probed")
_SAID: Mapping[str, Depth] = {"not_probed": "not_asked", "passing_mention": "touched", "substantive_probe": "probed"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """How far one interview went into one question or topic."""

    depth: Depth
    by: Literal["words", "person"]
    asked: tuple[Asked, ...] = ()
    """Of a question only."""
    raised: tuple[int, ...] = ()
    """The model's turns in which it came to the question itself; of a question only."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One interview against its protocol."""

    interview: str
    """``2026-0041/3``"""
    model: str
    kind: str
    date: dt.date | None
    protocol: str
    """``id@version``, ``not_applicable`` or ``not_recorded``."""
    questions: Mapping[str, Cell] = field(default_factory=dict)
    """By id, in the protocol's order; empty where there is no protocol."""
    topics: Mapping[str, Cell] = field(default_factory=dict)
    skipped: tuple[str, ...] = ()
    """Questions that were not asked, where the protocol wants all of them in one session."""
    out_of_order: tuple[str, ...] = ()
    """Questions asked after one that the protocol has later, where the protocol gives an order."""
    together: tuple[str, ...] = ()
    """Questions that were to be asked one a session, and were not."""
    disclosed: int | None = None
    """The turn in which the protocol's disclosure stands, word for word but for folding; 0 for none. None where the
    protocol has no disclosure."""
    remarks: tuple[str, ...] = ()
    """Where what people say does not fit together."""


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
class Coverage:
    """All that was asked."""

    rows: tuple[Row, ...]
    topics: tuple[Topic, ...]
    protocols: Mapping[str, Protocol]
    """Those that an interview follows."""


def measure(deposits: Iterable[Deposit], protocols: Mapping[str, Protocol], *, model: str | None = None) -> Coverage:
    """What was asked in all interviews of `deposits`, or in those of `model`; `protocols` are by ``id@version``."""
    rows = tuple(row for deposit in deposits for row in of_deposit(deposit, protocols) if model in (None, row.model))
    used = {row.protocol for row in rows}
    return Coverage(
        rows=rows,
        topics=tuple(_by_model(rows)),
        protocols={ref: protocol for ref, protocol in protocols.items() if ref in used},
    )


def of_deposit(deposit: Deposit, protocols: Mapping[str, Protocol]) -> Iterator[Row]:
    """One row for each interview of a deposit."""
    for number, turns in interviews(deposit):
        setting = deposit.record.setting(number)
        protocol = protocols.get(setting.protocol)
        yield _row(f"{deposit.accession}/{number}", setting, protocol, turns, coders(deposit, number))


# ── one interview ────────────────────────────────────────────────────────────────────────────────────────────────────


def _row(interview: str, setting: Setting, protocol: Protocol | None, turns: Sequence[Turn], notes: Coders) -> Row:
    questions = protocol.question if protocol else ()
    depths = topics(setting.context_bias["topic_coverage"])
    set_by_hand = {folded(topic): Cell(depth=_SAID[depth], by="person") for topic, depth in depths.items()}
    spelt = {folded(q.topic): q.topic for q in questions}
    put, said = asked(questions, turns, notes), named(notes)
    cells = {q.id: _cell(q, put, turns, said, set_by_hand.get(folded(q.topic))) for q in questions}
    order = protocol.order if protocol else ""
    first = list(dict.fromkeys(a.question for a in put))
    return Row(
        interview=interview,
        model=setting.model,
        kind=setting.kind,
        date=setting.date,
        protocol=setting.protocol,
        questions=cells,
        topics=_topics(questions, cells)
        | {spelt.get(folded(topic), topic): set_by_hand[folded(topic)] for topic in depths},
        skipped=tuple(q for q in cells if not cells[q].asked and order != "isolated"),
        out_of_order=tuple(_late(first, list(cells)) if order in ("fixed", "consecutive") else ()),
        together=tuple(first if order == "isolated" and len(first) > 1 else ()),
        disclosed=_disclosed(protocol, turns),
        remarks=tuple(_remarks(setting, protocol, cells, said, set_by_hand)),
    )


def _cell(question: Question, put: Sequence[Asked], turns: Sequence[Turn], said: Named, topic: Cell | None) -> Cell:
    own = tuple(a for a in put if a.question == question.id)
    raised = tuple(turn.turn for turn in turns if turn.role == "assistant" and (turn.turn, question.id) in said)
    if own or raised:
        depth: Depth = "probed" if any(a.follow_ups for a in own) else "touched"
        by_person = not own or any(a.coders for a in own)
    else:
        depth, by_person = "not_asked", topic is not None and topic.depth == "not_asked"
    return Cell(depth=depth, by="person" if by_person else "words", asked=own, raised=raised)


def _topics(questions: Sequence[Question], cells: Mapping[str, Cell]) -> dict[str, Cell]:
    found: dict[str, Cell] = {}
    for q in questions:
        if q.topic not in found or _DEPTHS.index(cells[q.id].depth) > _DEPTHS.index(found[q.topic].depth):
            found[q.topic] = Cell(depth=cells[q.id].depth, by=cells[q.id].by)
    return found


def _late(first: Sequence[str], order: Sequence[str]) -> Iterator[str]:
    """Those of `first`, in the order in which they were asked, that come after one that `order` has later."""
    furthest = -1
    for place in map(order.index, first):
        if place < furthest:
            yield order[place]
        furthest = max(furthest, place)


def _disclosed(protocol: Protocol | None, turns: Sequence[Turn]) -> int | None:
    if protocol is None or not protocol.disclosure.strip():
        return None
    told = words(folded(protocol.disclosure))
    return next((t.turn for t in turns if t.role in ("system", "user") and told.search(folded(t.text))), 0)


def _remarks(
    setting: Setting, protocol: Protocol | None, cells: Mapping[str, Cell], said: Named, set_by_hand: Mapping[str, Cell]
) -> Iterator[str]:
    if protocol is None:
        if setting.protocol not in ("not_applicable", "not_recorded"):
            yield f"its protocol {setting.protocol} is not among transcripts/protocols, so its questions are not known"
        return
    put = {a.turn for cell in cells.values() for a in cell.asked}
    for (turn, question), how in sorted(said.items()):
        who = ", ".join(sorted(how))
        if question and question not in cells:
            near = suggestion(question, cells, f"it has {', '.join(cells)}")
            named_ = f"{who} names the question “{shorten(question, 40)}”"
            yield f"#{turn}: {named_}, which {protocol.ref} does not have; {near}"
        elif not question and turn not in put and set(how.values()) != {"not_asked"}:
            yield f"#{turn}: {who} says how a question was put there, and not which one; add code.question_id"
    for q in protocol.question:
        cell, topic = cells[q.id], set_by_hand.get(folded(q.topic))
        if topic and topic.depth == "not_asked" != cell.depth:
            turns = " and ".join(f"#{turn}" for turn in (*(a.turn for a in cell.asked), *cell.raised))
            yield f"topic_coverage has {q.topic} as not_probed, and {q.id} stands in {turns}"


# ── by model and topic ───────────────────────────────────────────────────────────────────────────────────────────────


def _by_model(rows: Sequence[Row]) -> Iterator[Topic]:
    for model in dict.fromkeys(row.model for row in rows):
        own = [row for row in rows if row.model == model]
        spelt: dict[str, str] = {}
        for row in sorted(own, key=lambda row: not row.questions):  # a protocol's topics and spelling first
            spelt |= {folded(topic): spelt.get(folded(topic), topic) for topic in row.topics}
        for fold, topic in spelt.items():
            lists: dict[str, list[str]] = defaultdict(list)
            for row in own:
                cell = next((cell for name, cell in row.topics.items() if folded(name) == fold), None)
                lists[_list(cell)].append(row.interview)
            yield Topic(model=model, topic=topic, **{name: tuple(found) for name, found in lists.items()})


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
        blocks=(*_topic_tables(coverage.topics), *_matrices(coverage), *_departed(coverage.rows)),
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
        blocks = (table(("", "Question", "In the protocol’s words"), asked, 0), table(head, cells))
        yield Section(title=f"{ref}: interviews and questions", blocks=(*blocks, Paragraph(_MARKS, quiet=True)))


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
