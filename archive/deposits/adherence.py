"""One interview against its protocol: how far it went into each question, and where it departed from it.

Where a question is asked and followed up, and how a person says so: `archive.deposits.asked`. In one interview it is

    probed      asked and followed up
    touched     asked and not followed up, or the model itself came to it
    not_asked   neither: ``by`` is ``person`` where topic_coverage has its topic as not_probed, and ``words`` where its
                words were not found and nobody has said whether it was asked in others (shown as: not found)

A topic is as deep as its deepest question, unless ``topic_coverage`` in the context-bias note names it: then that
holds (``substantive_probe``, ``passing_mention``, ``not_probed``), and where it denies what stands in a turn, a remark
says so.
"""

import datetime as dt
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields
from operator import attrgetter
from typing import Any, Literal

from archive.deposits.asked import Asked, Coders, Named, asked, coders, folded, interviews, named, words
from archive.deposits.deposit import Deposit
from archive.importers.turns import Turn
from archive.records.answer import topics
from archive.records.deposit_record import Setting
from archive.records.protocol import Protocol, Question
from archive.wording import shorten, suggestion

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


def of_deposit(deposit: Deposit, protocols: Mapping[str, Protocol]) -> Iterator[Row]:
    """One row for each interview of a deposit."""
    for number, turns in interviews(deposit):
        setting = deposit.record.setting(number)
        protocol = protocols.get(setting.protocol)
        yield of_interview(f"{deposit.accession}/{number}", setting, protocol, turns, coders(deposit, number))


def of_interview(
    interview: str, setting: Setting, protocol: Protocol | None, turns: Sequence[Turn], notes: Coders
) -> Row:
    """One interview (``2026-0041/3``) against its protocol; without one, its turns are not looked at."""
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


# ── kept ─────────────────────────────────────────────────────────────────────────────────────────────────────────────

_OWN = ("questions", "topics", "skipped", "out_of_order", "together", "disclosed", "remarks")
"""What is worked out of the turns; the rest of a `Row` is in the record."""
_ASKED = attrgetter(*(f.name for f in fields(Asked)))
_JSON = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"))


def packed(row: Row) -> str:
    """What was worked out, as one line of JSON for `unpacked`; empty where there is nothing."""
    said = [getattr(row, name) for name in _OWN]
    if not any(each or each == 0 for each in said):
        return ""
    said[:2] = [
        [(name, cell.depth, cell.by, [*map(_ASKED, cell.asked)], cell.raised) for name, cell in cells.items()]
        for cells in said[:2]
    ]
    return _JSON.encode(said)


def unpacked(text: str, **own: Any) -> Row:
    """The row whose `packed` is `text`; `own` is what its record says."""
    if not text:
        return Row(**own)
    questions, topics, skipped, late, together, disclosed, remarks = json.loads(text)
    return Row(
        **own,
        questions={name: _cell_of(*said) for name, *said in questions},
        topics={name: _cell_of(*said) for name, *said in topics},
        skipped=tuple(skipped),
        out_of_order=tuple(late),
        together=tuple(together),
        disclosed=disclosed,
        remarks=tuple(remarks),
    )


def _cell_of(depth: Depth, by: Literal["words", "person"], asked: list[list[Any]], raised: list[int]) -> Cell:
    return Cell(depth=depth, by=by, asked=tuple(map(_asked_of, asked)), raised=tuple(raised))


def _asked_of(said: list[Any]) -> Asked:
    # Written out, because there are so many.
    question, turn, wording, found, coders, disputed, answers, follow_ups = said
    return Asked(
        question=question,
        turn=turn,
        wording=wording,
        found=found,
        coders=tuple(coders),
        disputed=disputed,
        answers=tuple(answers),
        follow_ups=tuple(follow_ups),
    )
