"""The same question in different contexts: answers side by side, with what differs between their settings.

What is compared is named in one of three ways:

    retirement-interview@1/wishes    a question of a protocol; its bare id is enough where that names one wording
    "Is there anything you want?"    words that stand in a turn of the interviewer, but for folding (see `asked`)
    2026-0041/3#12 2026-0050/1#4     turns: the interviewer's, whose answers are meant, or the model's own

Answers given in the same setting (model, kind, protocol and every field of the context-bias note but its author and
date) share a context, so that repeated runs stand together. Of the note, only what differs between contexts is shown.
"""

import datetime as dt
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from itertools import groupby
from pathlib import Path
from typing import Any

from archive import characters
from archive.catalogue.terminal import cut, wrapped
from archive.deposits.deposit import Deposit
from archive.errors import Error, NotFound
from archive.importers.turns import Turn
from archive.records.deposit_record import Setting
from archive.records.notes import Coded
from archive.records.protocol import Protocol, Question
from archive.records.vocabulary import CONTEXT_BIAS, Field, answer, context_field, in_order, recorded
from archive.research.asked import Coders, answers, asked, coders, folded, interviews
from archive.wording import many, plainly, suggestion

_ADDRESS = re.compile(r"(\d{4}-\d{4,}/[1-9]\d*)#([1-9]\d*)")
COMMITMENTS = CONTEXT_BIAS[0].group
"""The heading of the three fields that the deprecation commitments themselves name; they stand first."""
SETTING = tuple(f for f in CONTEXT_BIAS if f.key not in ("note_author", "note_date"))
"""The fields that are compared: those on the interview, not on the note."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Chosen:
    """What is compared."""

    text: str = ""
    """The question; empty where turns were named."""
    names: tuple[str, ...] = ()
    """The protocols' questions with these words: ``retirement-interview@1/wishes``."""
    addresses: tuple[str, ...] = ()


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
    turns: tuple[int, ...]
    """The answer's own; empty where there was none."""
    text: str
    reasoning: str
    notes: tuple[Remark, ...]

    @property
    def address(self) -> str:
        """``2026-0041/3#12``: of its first turn, or of the question where there is none."""
        return f"{self.interview}#{self.turns[0] if self.turns else self.asked}"


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


def choose(what: Sequence[str], protocols: Mapping[str, Protocol]) -> Chosen:
    """What the words of a command line name. Raises `Error` or `NotFound`."""
    turns = [word for word in what if _ADDRESS.fullmatch(word)]
    if turns and len(turns) == len(what):
        return Chosen(addresses=tuple(dict.fromkeys(turns)))
    name = " ".join(what).strip()
    if turns or not name:
        ways = "retirement-interview@1/wishes, or its words, or turns such as 2026-0041/3#12"
        raise Error(f"expected one question, as in {ways}; found {name or 'nothing'}")
    known = {f"{ref}/{q.id}": q for ref, protocol in protocols.items() for q in protocol.question}
    named = {full: q for full, q in known.items() if name in (full, q.id)}
    if not named and re.fullmatch(r"\S+", name):
        near = suggestion(name, [*known, *(q.id for q in known.values())], "give its words, or turns of interviews")
        raise NotFound(f"{name}: expected the name of a protocol's question, found none; {near}")
    if len({folded(q.text) for q in named.values()}) > 1:
        raise Error(f"{name}: expected one question, found several of that name; name one: {', '.join(named)}")
    text = next((q.text for q in named.values()), name)
    same = [full for full, q in known.items() if folded(q.text) == folded(text)]
    return Chosen(text=(known[same[0]].text if same else text).strip(), names=tuple(same))


def compare(
    deposits: Iterable[Deposit], protocols: Mapping[str, Protocol], chosen: Chosen, *, model: str | None = None
) -> Comparison:
    """The answers to `chosen` in all interviews of `deposits`, or in those of `model`; protocols by ``id@version``.

    Raises `NotFound` where there are none, or where a turn that was named is not there.
    """
    found: list[_Found] = []
    for deposit in deposits:
        for number, turns in interviews(deposit):
            setting = deposit.record.setting(number)
            if model in (None, setting.model):
                found += _in_interview(deposit, number, turns, setting, protocols, chosen)
    if missing := set(chosen.addresses) - {address for item in found for address in item.named}:
        raise NotFound(f"{', '.join(sorted(missing))}: expected a turn of the interviewer or the model, found none")
    if not found:
        what = "no interview asks this in these words, and no note says so"
        raise NotFound(f"“{cut(chosen.text, 80)}”: {what}; `archive search` finds turns to name")
    return _compared(chosen, found)


# ── finding answers ──────────────────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True, kw_only=True)
class _Found:
    """An answer whose context has no name yet."""

    interview: str
    setting: Setting
    access: str
    asked: Turn | None
    wording: str
    before: int
    answers: tuple[Turn, ...]
    notes: tuple[Remark, ...]
    named: tuple[str, ...]
    """The addresses that stand for it."""


def _in_interview(
    deposit: Deposit,
    number: int,
    turns: Sequence[Turn],
    setting: Setting,
    protocols: Mapping[str, Protocol],
    chosen: Chosen,
) -> Iterator[_Found]:
    interview, notes = f"{deposit.accession}/{number}", coders(deposit, number)
    by_number = {turn.turn: turn for turn in turns}
    put: dict[tuple[int, tuple[int, ...]], str] = {}
    addresses: dict[tuple[int, tuple[int, ...]], list[str]] = defaultdict(list)
    for address in chosen.addresses:
        place, _, turn = address.partition("#")
        if place == interview and (exchange := _exchange(turns, by_number, int(turn))):
            put[exchange] = ""
            addresses[exchange].append(address)
    if chosen.text:
        put = _put(chosen, turns, protocols.get(setting.protocol), notes)
    for (question, own), wording in put.items():
        yield _Found(
            interview=interview,
            setting=setting,
            access=str(deposit.record.access),
            asked=by_number.get(question),
            wording=wording,
            before=_before(by_number, question or own[0]),
            answers=tuple(by_number[n] for n in own),
            notes=tuple(_remarks(notes, {question, *own})),
            named=tuple(addresses[question, own]),
        )


def _put(
    chosen: Chosen, turns: Sequence[Turn], protocol: Protocol | None, notes: Coders
) -> dict[tuple[int, tuple[int, ...]], str]:
    """Question and answers → wording. What people say of a question counts where the interview's protocol has it."""
    ids = {q.id for q in protocol.question if f"{protocol.ref}/{q.id}" in chosen.names} if protocol else set()
    if protocol and ids:
        found = [a for a in asked(protocol.question, turns, notes) if a.question in ids]
    else:
        found = list(asked([Question.model_construct(id="", topic="", text=chosen.text)], turns, {}))
    return {(a.turn, a.answers): a.wording for a in found}


def _exchange(turns: Sequence[Turn], by_number: Mapping[int, Turn], number: int) -> tuple[int, tuple[int, ...]] | None:
    """Question and answers of which `number` is one; the question is 0 where an answer follows none."""
    turn = by_number.get(number)
    if turn is None or turn.role not in ("user", "assistant"):
        return None
    if turn.role == "user":
        return number, answers(turns, number)
    above = turn
    while above.role != "user" and _parent(above):
        above = by_number[_parent(above)]
    return (above.turn if above.role == "user" else 0), (number,)


def _parent(turn: Turn) -> int:
    return turn.turn - 1 if turn.parent is None else turn.parent


def _before(by_number: Mapping[int, Turn], number: int) -> int:
    count, above = 0, _parent(by_number[number])
    while above:
        count += by_number[above].role != "system"
        above = _parent(by_number[above])
    return count


def _remarks(notes: Coders, turns: set[int]) -> Iterator[Remark]:
    said = [(note.turn, coder, note) for coder, own in sorted(notes.items()) for note in own if note.turn in turns]
    for turn, coder, note in sorted(said, key=lambda item: item[0]):
        yield Remark(
            coder=coder,
            turn=turn,
            codes=note.coded,
            quote=note.quote,
            text=note.text.strip(),
            confidence=note.confidence,
        )


# ── setting them side by side ────────────────────────────────────────────────────────────────────────────────────────


def _compared(chosen: Chosen, found: Sequence[_Found]) -> Comparison:
    groups: dict[tuple[Any, ...], list[_Found]] = defaultdict(list)
    for item in found:
        setting = item.setting
        said = tuple(setting.context_bias[f.key] for f in SETTING)
        groups[setting.model, setting.kind, setting.protocol, said].append(item)
    contexts = tuple(_context(_letter(n), items) for n, items in enumerate(groups.values()))
    settings = [items[0].setting.context_bias for items in groups.values()]
    values = {f.key: tuple(setting[f.key] for setting in settings) for f in SETTING}
    replies = [
        _answer(context.name, item) for context, own in zip(contexts, groups.values(), strict=True) for item in own
    ]
    return Comparison(
        question=chosen.text or _one_question(found),
        names=chosen.names,
        contexts=contexts,
        differs={key: own for key, own in values.items() if len(set(own)) > 1},
        same={key: own[0] for key, own in values.items() if len(set(own)) == 1},
        answers=tuple(replies),
        counts=tuple(_counts(contexts, replies)),
    )


def _one_question(found: Sequence[_Found]) -> str:
    """The words of the turns that were named, where they are the same in all."""
    words = {item.asked.text.strip() if item.asked else "" for item in found}
    return words.pop() if len(words) == 1 else ""


def _letter(n: int) -> str:
    return (_letter(n // 26 - 1) if n >= 26 else "") + chr(ord("A") + n % 26)


def _context(name: str, items: Sequence[_Found]) -> Context:
    setting = items[0].setting
    return Context(
        name=name,
        model=setting.model,
        kind=setting.kind,
        protocol=setting.protocol,
        access=tuple(sorted({item.access for item in items})),
        interviews=tuple(dict.fromkeys(item.interview for item in items)),
        dates=tuple(sorted({item.setting.date for item in items if item.setting.date})),
        recorded=recorded(setting.context_bias),
    )


def _answer(context: str, item: _Found) -> Answer:
    return Answer(
        context=context,
        interview=item.interview,
        date=item.setting.date,
        asked=item.asked.turn if item.asked else None,
        question=item.asked.text if item.asked else "",
        wording=item.wording,
        before=item.before,
        turns=tuple(turn.turn for turn in item.answers),
        text="\n\n".join(turn.text for turn in item.answers),
        reasoning="\n\n".join(turn.reasoning for turn in item.answers if turn.reasoning),
        notes=item.notes,
    )


def _counts(contexts: Sequence[Context], replies: Sequence[Answer]) -> Iterator[Count]:
    given = [(reply.context, _by_coder(reply)) for reply in replies]
    for f in in_order(coded.field for reply in replies for note in reply.notes for coded in note.codes):
        coded = [(context, codes[f.name]) for context, codes in given if f.name in codes]
        if coded:
            values = sorted({value for _, said in coded for own in said.values() for value in own})
            yield Count(
                code=f.name,
                values={
                    value: _each(contexts, [c for c, said in coded if any(value in own for own in said.values())])
                    for value in sorted(values, key=lambda value: [*f.values, value].index(value))
                },
                coded=_each(contexts, [context for context, _ in coded]),
                disputed=_each(contexts, [c for c, said in coded if len(set(said.values())) > 1]),
            )


def _by_coder(reply: Answer) -> dict[str, dict[str, frozenset[str]]]:
    """Code → coder → values, of notes on the answer itself."""
    codes: dict[str, dict[str, frozenset[str]]] = defaultdict(dict)
    for note in reply.notes:
        for coded in note.codes if note.turn in reply.turns else ():
            codes[coded.code][note.coder] = codes[coded.code].get(note.coder, frozenset()) | {coded.value}
    return codes


def _each(contexts: Sequence[Context], found: Sequence[str]) -> tuple[int, ...]:
    return tuple(found.count(context.name) for context in contexts)


# ── shown ────────────────────────────────────────────────────────────────────────────────────────────────────────────

_LONGEST = 800
"""Characters of one field that `text` shows."""


def plain(comparison: Comparison) -> dict[str, Any]:
    """For programs; what differs is by field and context."""
    names = [context.name for context in comparison.contexts]
    differs = {key: dict(zip(names, values, strict=True)) for key, values in comparison.differs.items()}
    replies = [
        {"address": reply.address, **asdict(reply), "notes": [*map(_plain_note, reply.notes)]}
        for reply in comparison.answers
    ]
    return {**asdict(comparison), "differs": differs, "answers": replies}


def _plain_note(note: Remark) -> dict[str, Any]:
    codes = [{"code": coded.code, "value": coded.value, "text": coded.text} for coded in note.codes]
    return {**asdict(note), "codes": codes}


def text(comparison: Comparison, *, width: int = 100) -> str:
    """For a person: the contexts, what the commitments name of them, the answers, and what else differs."""
    lines = [
        *wrapped(comparison.question or "Different questions", width),
        summary(comparison),
        *([f"also {', '.join(comparison.names[1:])}"] if comparison.names[1:] else []),
        "",
        *(line for context in comparison.contexts for line in _context_lines(context, width)),
        "",
        *_row_lines(comparison, _named(comparison), width),
        *(line for reply in comparison.answers for line in _answer_lines(reply, comparison.question, width)),
        *_count_lines(comparison),
        *_row_lines(comparison, _differing(comparison), width),
        *(line for sentence in _alike(comparison) for line in wrapped(sentence, width)),
    ]
    return "".join(f"{line.rstrip()}\n" for line in lines)


def summary(comparison: Comparison) -> str:
    """``example-retirement@1/wishes: 4 answers in 3 contexts``."""
    n, m = len(comparison.answers), len(comparison.contexts)
    counted = f"{many(n, 'answer')} in {many(m, 'context')}"
    return f"{comparison.names[0]}: {counted}" if comparison.names else counted


def _alike(comparison: Comparison) -> Iterator[str]:
    """What their notes have in common; where all are silent, nothing is known to be the same."""
    silent = [key for key, said in comparison.same.items() if not answer(said, context_field(key)).recorded]
    same = [key for key in comparison.same if key not in silent and context_field(key).group != COMMITMENTS]
    if same and len(comparison.contexts) > 1:
        yield f"The same in all contexts: {', '.join(map(plainly, same))}."
    if silent:
        yield f"Not recorded for any, so that it may differ: {', '.join(map(plainly, silent))}."


def _facts(context: Context) -> list[str]:
    known, all_fields = context.recorded
    days = sorted({context.dates[0], context.dates[-1]}) if context.dates else []
    protocol = "" if context.protocol.startswith("not_") else context.protocol
    return [
        context.model,
        plainly(context.kind),
        " to ".join(map(str, days)) or "without date",
        *[protocol] * bool(protocol),
        ", ".join(context.interviews) if len(context.interviews) < 4 else f"{len(context.interviews)} interviews",
        f"access: {' and '.join(context.access)}",
        f"{known} of {all_fields} context fields answered",
    ]


def _context_lines(context: Context, width: int) -> list[str]:
    return wrapped(" · ".join(_facts(context)), width, f"{context.name}  ")


Rows = Iterator[tuple[Field, tuple[str, ...]]]
"""A field, and what each context says in it."""


def _named(comparison: Comparison) -> Rows:
    """The commitments' own three, whether they differ or not."""
    for f in SETTING:
        if f.group == COMMITMENTS:
            yield f, comparison.differs.get(f.key) or (comparison.same[f.key],) * len(comparison.contexts)


def _differing(comparison: Comparison) -> Rows:
    """The others that differ."""
    return ((f, comparison.differs[f.key]) for f in SETTING if f.key in comparison.differs and f.group != COMMITMENTS)


def _row_lines(comparison: Comparison, rows: Rows, width: int) -> Iterator[str]:
    for group, own in groupby(rows, key=lambda row: _heading(row[0].group)):
        yield f"── {group} ".ljust(width, "─")
        for field, values in own:
            yield plainly(field.key)
            for context, said in zip(comparison.contexts, values, strict=True):
                yield from wrapped(_shortened(said), width, f"  {context.name}  ")
            yield ""


def _heading(group: str) -> str:
    """``Who asked``, without the letter of ``A  Who asked``: contexts have letters here."""
    return group.rpartition("  ")[2]


def _shortened(said: str) -> str:
    if len(said) <= _LONGEST:
        return said
    return f"{said[:_LONGEST].rstrip()}… [{len(said):,} characters; the page and --json have all]"


def _answer_lines(reply: Answer, question: str, width: int) -> Iterator[str]:
    yield f"── {reply.context}: {reply.address}  {reply.date or 'without date'}  {_placed(reply)}"
    if put := _as_put(reply, question):
        yield from wrapped(put, width, f"   asked (#{reply.asked}): ", "   ")
        yield ""
    yield from wrapped(reply.text if reply.turns else "[no answer follows]", width, "   ")
    for note in reply.notes:
        yield from wrapped(f"{note.coder} on #{note.turn}: {_noted(note)}", width, "     · ")
    yield ""


def _placed(reply: Answer) -> str:
    """``asked verbatim after 6 turns``."""
    when = f"after {many(reply.before, 'turn')}" if reply.before else "as the first turn"
    return " ".join(filter(None, ("asked", reply.wording, when)))


def _as_put(reply: Answer, question: str) -> str:
    """The interviewer's turn, where it says more or less than the question."""
    return "" if folded(reply.question) == folded(question) else reply.question.strip()


def _noted(note: Remark) -> str:
    quote = [f"on “{note.quote}”"] if note.quote.strip() else []
    sure = [f"confidence {note.confidence}"] if note.confidence else []
    return "; ".join([*map(str, note.codes), *([note.text] if note.text else []), *quote, *sure])


def _count_lines(comparison: Comparison) -> Iterator[str]:
    if comparison.counts:
        yield "── Codes on the answers: so many of those coded"
        table = [["", *(context.name for context in comparison.contexts), "all"]]
        for name, shares in count_rows(comparison):
            table.append([name, *shares])
        widths = [max(map(len, column)) for column in zip(*table, strict=True)]
        for row in table:
            yield "  ".join(f"{cell:<{width}}" for cell, width in zip(row, widths, strict=True))
        yield ""


def count_rows(comparison: Comparison) -> Iterator[tuple[str, list[str]]]:
    """``elicitation = spontaneous`` with ``2 of 3`` for each context and for all; empty where nothing is coded."""
    for count in comparison.counts:
        rows = {f"{count.code} = {value}": k for value, k in count.values.items()}
        if any(count.disputed):
            rows[f"{count.code}: coders differ"] = count.disputed
        for name, k in rows.items():
            pairs = [*zip(k, count.coded, strict=True), (sum(k), sum(count.coded))]
            yield name, [f"{own} of {n}" if n else "" for own, n in pairs]


# ── the page ─────────────────────────────────────────────────────────────────────────────────────────────────────────

_AT_MOST = 3
"""Contexts that stand side by side."""


def html(comparison: Comparison) -> bytes:
    """One self-contained page, without scripts, to be read, printed and filed; the same comparison, the same bytes."""
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    environment = Environment(
        loader=FileSystemLoader(Path(__file__).with_name("templates")),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        finalize=_held,
    )
    page = environment.get_template("compare.html").render(
        it=comparison,
        summary=summary(comparison),
        panels=list(_panels(comparison)),
        counts=list(count_rows(comparison)),
        alike=list(_alike(comparison)),
        public=all(context.access == ("public",) for context in comparison.contexts),
        words=plainly,
        facts=_facts,
        answer=answer,
        placed=_placed,
        as_put=_as_put,
    )
    return page.encode()


def _held(value: object) -> object:
    """Text without what HTML cannot hold or what turns other words around; what is marked up already stays."""
    if type(value) is not str:
        return value
    return characters.held(value.replace("\r\n", "\n"))


def _panels(comparison: Comparison) -> Iterator[dict[str, Any]]:
    """The contexts in tables of at most `_AT_MOST`, as evenly filled as can be."""
    n = len(comparison.contexts)
    tables = -(-n // _AT_MOST)
    for number in range(tables):
        span = slice(number * n // tables, (number + 1) * n // tables)
        contexts = comparison.contexts[span]
        rows = [(f, values[span]) for f, values in _differing(comparison)]
        yield {
            "contexts": contexts,
            "first": [(f, values[span]) for f, values in _named(comparison)],
            "answers": [[reply for reply in comparison.answers if reply.context == c.name] for c in contexts],
            "groups": {group: list(own) for group, own in groupby(rows, key=lambda row: _heading(row[0].group))},
        }
