"""A comparison: answers to one question, the contexts they were given in, and how these stand side by side."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from archive.deposits.asked import folded
from archive.documents.document import (
    Aside,
    Block,
    Document,
    Entry,
    Grid,
    Items,
    Notice,
    Paragraph,
    Row,
    Section,
    Stack,
    Verbatim,
)
from archive.documents.plain import by_field
from archive.documents.table import table
from archive.records.answer import answer
from archive.records.context_bias import COMMITMENTS, context_field
from archive.records.field import Field
from archive.records.notes import Coded
from archive.records.wording import said
from archive.research.conditions import SETTING
from archive.wording import listed, many, plainly


@dataclass(frozen=True, slots=True, kw_only=True)
class Remark:
    """A note on an answer or on its question."""

    coder: str
    turn: int
    codes: tuple[Coded, ...]
    quote: str
    text: str
    confidence: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One turn of an answer."""

    turn: int
    text: str
    reasoning: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What the model said when it was asked."""

    context: str
    """Of which context: ``A``."""
    interview: str
    """``2026-0041/3``"""
    date: dt.date | None
    asked: int | None
    """The interviewer's turn; None where the answer follows none."""
    question: str
    """That turn's words."""
    wording: str
    """``verbatim`` or ``paraphrased``; empty where turns were named."""
    before: int
    """How many turns came before, the system prompt aside."""
    place: int | None
    """The how-manyth of its protocol's questions it was; None where the interview followed none that has it."""
    parts: tuple[Part, ...]
    """The turns it was given in; empty where there was none."""
    notes: tuple[Remark, ...]

    @property
    def turns(self) -> tuple[int, ...]:
        """The answer's own."""
        return tuple(part.turn for part in self.parts)

    @property
    def text(self) -> str:
        """All of it."""
        return "\n\n".join(part.text for part in self.parts)

    @property
    def codes(self) -> dict[str, dict[str, frozenset[str]]]:
        """Code → coder → values, of notes on the answer itself."""
        found: dict[str, dict[str, frozenset[str]]] = defaultdict(dict)
        for note in self.notes:
            for coded in note.codes if note.turn in self.turns else ():
                found[coded.code][note.coder] = found[coded.code].get(note.coder, frozenset()) | {coded.value}
        return found

    @property
    def address(self) -> str:
        """``2026-0041/3#12``, of several turns ``2026-0041/3#12 … #16``; of the question where there is no answer."""
        last = f" … #{self.turns[-1]}" if len(self.parts) > 1 else ""
        return f"{self.interview}#{self.turns[0] if self.parts else self.asked}{last}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Context:
    """The setting of one interview, or of several that had the same."""

    name: str
    """``A``, ``B`` …"""
    model: str
    kind: str
    protocol: str
    access: tuple[str, ...]
    """Who may see these interviews: ``restricted``, ``embargo 2027-01-01``, ``public``."""
    interviews: tuple[str, ...]
    dates: tuple[dt.date, ...]
    recorded: tuple[int, int]
    """How many fields of its context-bias note are answered, and how many there are."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Count:
    """How often answers were given a code, in each context."""

    code: str
    values: Mapping[str, tuple[int, ...]]
    """Value → answers to which somebody gave it."""
    coded: tuple[int, ...]
    """Answers to which somebody gave the code."""
    disputed: tuple[int, ...]
    """Of these: where coders gave different values."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """Answers to one question."""

    question: str
    names: tuple[str, ...]
    """``retirement-interview@1/wishes``; of all protocols with the same words."""
    contexts: tuple[Context, ...]
    differs: Mapping[str, tuple[str, ...]]
    """Field of the context-bias note → what each context says; the commitments' own three stand first."""
    same: Mapping[str, str]
    """The other fields, with what all say."""
    answers: tuple[Answer, ...]
    counts: tuple[Count, ...]


def plain(comparison: Comparison) -> dict[str, Any]:
    """For programs; what differs is by field and context."""
    names = [context.name for context in comparison.contexts]
    differs = {key: dict(zip(names, values, strict=True)) for key, values in comparison.differs.items()}
    replies = [by_field(reply, "address", "turns", "text") for reply in comparison.answers]
    return {**by_field(comparison), "differs": differs, "answers": replies}


def document(comparison: Comparison, first: Sequence[Block] = ()) -> Document:
    """Codes counted, then the contexts side by side: what the commitments name of them, answers, what else differs.

    What is `first` stands before that.
    """
    closed = [] if all(context.access == ("public",) for context in comparison.contexts) else [_CLOSED]
    also = [f"The same words: {listed(comparison.names[1:])}"] if comparison.names[1:] else []
    return Document(
        sort="Comparison",
        title=comparison.question or "Different questions",
        subtitle="\n".join([summary(comparison), *also]),
        front=tuple(closed),
        blocks=(*first, *_counted(comparison), _grid(comparison), *map(Paragraph, _alike(comparison))),
    )


_CLOSED = Notice("Not all of these interviews are public.", "Pass it on only to those who may read them.")


def summary(comparison: Comparison) -> str:
    """``example-retirement@1/wishes: 4 answers in 3 contexts``."""
    counted = f"{many(len(comparison.answers), 'answer')} in {many(len(comparison.contexts), 'context')}"
    return f"{comparison.names[0]}: {counted}" if comparison.names else counted


def _alike(comparison: Comparison) -> Iterator[str]:
    """What their notes have in common; where all are silent, nothing is known to be the same."""
    silent = [key for key, said in comparison.same.items() if not answer(said, context_field(key)).recorded]
    same = [key for key in comparison.same if key not in silent and context_field(key).group != COMMITMENTS]
    if same and len(comparison.contexts) > 1:
        yield f"The same in all contexts: {', '.join(map(plainly, same))}."
    if silent:
        yield f"Not recorded for any, so that it may differ: {', '.join(map(plainly, silent))}."


def _counted(comparison: Comparison) -> Iterator[Section]:
    """So many of the answers that were coded, in each context and in all; nothing where none is coded."""
    rows: list[tuple[str, ...]] = []
    for count in comparison.counts:
        values = {f"{plainly(count.code)}: {plainly(value)}": k for value, k in count.values.items()}
        if any(count.disputed):
            values[f"{plainly(count.code)}: coders differ"] = count.disputed
        for name, k in values.items():
            pairs = [*zip(k, count.coded, strict=True), (sum(k), sum(count.coded))]
            rows.append((name, *(f"{own} of {n}" if n else "" for own, n in pairs)))
    if rows:
        head = ("Code", *(context.name for context in comparison.contexts), "All")
        yield Section(title="Codes on the answers: so many of those coded", blocks=(table(head, rows),))


def _grid(comparison: Comparison) -> Grid:
    contexts = comparison.contexts
    replies = (
        Stack(tuple(_reply(r, comparison.question) for r in comparison.answers if r.context == own.name))
        for own in contexts
    )
    rows = [Row("interviews", tuple(map(_held, contexts)))]
    for field in SETTING:
        if field.group == COMMITMENTS:
            own = comparison.differs.get(field.key) or (comparison.same[field.key],) * len(contexts)
            rows.append(_row(field, own))
    rows.append(Row("answers", tuple(replies)))
    others = [f for f in SETTING if f.key in comparison.differs and f.group != COMMITMENTS]
    for heading, fields in groupby(others, key=lambda field: field.heading):
        rows += [Row(heading), *(_row(field, comparison.differs[field.key]) for field in fields)]
    return Grid(tuple(own.name for own in contexts), tuple(own.model for own in contexts), tuple(rows))


def _row(field: Field, values: Sequence[str]) -> Row:
    return Row(plainly(field.key), tuple(said(value, field) for value in values))


def _held(context: Context) -> str:
    known, fields = context.recorded
    days = sorted({context.dates[0], context.dates[-1]}) if context.dates else []
    facts = (
        plainly(context.kind),
        " to ".join(map(str, days)) or "without date",
        "" if context.protocol.startswith("not_") else context.protocol,
        ", ".join(context.interviews) if len(context.interviews) < 4 else many(len(context.interviews), "interview"),
        f"access {' and '.join(context.access)}",
        f"{known} of {fields} context fields answered",
    )
    return " · ".join(filter(None, facts))


def _reply(reply: Answer, question: str) -> Entry:
    when = f"after {many(reply.before, 'turn')}" if reply.before else "as the first turn"
    placed = " ".join(filter(None, ("asked", reply.wording, when)))
    head = f"{reply.context}  {reply.address}  {reply.date or 'without date'}  {placed}"
    return Entry(head, tuple(_said(reply, question)), ruled=True)


def _said(reply: Answer, question: str) -> Iterator[Block]:
    if folded(reply.question) != folded(question):  # it says more or less than the question
        yield Verbatim(reply.question.strip(), f"asked, #{reply.asked}")
    for part in reply.parts:
        if len(reply.parts) > 1:
            yield Paragraph(f"#{part.turn}", quiet=True)
        yield from [Verbatim(part.reasoning, "reasoning")] if part.reasoning else []
        yield Verbatim(part.text)
    if not reply.parts:
        yield Paragraph("No answer follows.", quiet=True)
    if reply.notes:
        yield Aside(tuple(_remark(note, reply) for note in reply.notes))


def _remark(note: Remark, reply: Answer) -> Entry:
    about = "the question" if note.turn == reply.asked else "the answer"
    sure = f", {note.confidence} confidence" if note.confidence else ""
    codes = (f"{plainly(c.code)}: {plainly(c.value)}" + (f": {c.text}" if c.text else "") for c in note.codes)
    quote = f"on “{note.quote}”" if note.quote.strip() else ""
    items = tuple(filter(None, (*codes, note.text, quote)))
    return Entry(f"{note.coder} on {about}, #{note.turn}{sure}", (Items(items),))
