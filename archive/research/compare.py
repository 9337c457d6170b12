"""The same question in different contexts: answers side by side, with what differs between their settings.

What is compared is named in one of three ways:

    retirement-interview@1/wishes    a question of a protocol; its bare id is enough where that names one wording
    "Is there anything you want?"    words that stand in a turn of the interviewer, but for folding (see `asked`)
    2026-0041/3#12 2026-0050/1#4     turns: the interviewer's, whose answers are meant, or the model's own

Answers given in the same setting (model, kind, protocol and every field of the context-bias note but its author and
date) share a context, so that repeated runs stand together. Of the note, only what differs between contexts is shown.
"""

import re
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from archive.catalogue.catalogue import ask
from archive.catalogue.conversations import Conversation, asking, conversations, following
from archive.catalogue.reader import Reader, model_id
from archive.deposits import shelf
from archive.deposits.adherence import Cell
from archive.deposits.asked import Coders, answers, asked, folded
from archive.deposits.shelf import PROTOCOLS
from archive.errors import Error, NotFound
from archive.home.home import Home
from archive.importers.turns import Turn
from archive.records.codes import in_order
from archive.records.context_bias import recorded
from archive.records.deposit_record import Setting
from archive.records.protocol import Protocol, Question
from archive.research.comparison import Answer, Comparison, Context, Count, Part, Remark
from archive.research.conditions import SETTING, letter
from archive.wording import shorten, suggestion

_ADDRESS = re.compile(r"(\d{4}-\d{4,}/[1-9]\d*)#([1-9]\d*)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Chosen:
    """What is compared."""

    text: str = ""
    """The question; empty where turns were named."""
    names: tuple[str, ...] = ()
    """The protocols' questions with these words: ``retirement-interview@1/wishes``."""
    addresses: tuple[str, ...] = ()


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


def compare(home: Home, what: Sequence[str], *, model: str | None = None) -> Comparison:
    """The answers to what the words of a command line name, in all interviews that were filed, or in those of the model
    that goes by `model`, id or alias.

    Raises `Error`; `NotFound` where there are none, or where a turn that was named is not there; `Stale`.
    """
    protocols = PROTOCOLS.filed(home)
    chosen = choose(what, protocols)
    if not home.register.size:
        return compared((), protocols, chosen)
    codes = {field.name: field for field in shelf.codes(home)}

    def found(reader: Reader) -> Comparison:
        own = None if model is None else model_id(reader, model)
        said = (each for each in conversations(reader, _addresses(reader, chosen), codes))
        return compared((each for each in said if own in (None, each.about.setting.model)), protocols, chosen)

    return ask(home, found)


def compared(conversations: Iterable[Conversation], protocols: Mapping[str, Protocol], chosen: Chosen) -> Comparison:
    """The answers to `chosen` in these interviews; protocols by ``id@version``. Raises `NotFound` as `compare`."""
    found = [item for each in conversations for item in _in_interview(each, protocols, chosen)]
    if missing := set(chosen.addresses) - {address for item in found for address in item.named}:
        raise NotFound(f"{', '.join(sorted(missing))}: expected a turn of the interviewer or the model, found none")
    if not found:
        what = "no interview asks this in these words, and no note says so"
        raise NotFound(f"“{shorten(chosen.text, 80)}”: {what}; `archive search` finds turns to name")
    return _compared(chosen, found)


def without(found: Comparison, hidden: Mapping[str, Collection[str]]) -> Comparison:
    """The same without the notes of some coders, by deposit, for one who may not see them; what is counted follows."""
    replies = [
        replace(reply, notes=tuple(n for n in reply.notes if n.coder not in hidden.get(_deposit(reply), ())))
        for reply in found.answers
    ]
    return replace(found, answers=tuple(replies), counts=tuple(_counts(found.contexts, replies)))


def _deposit(reply: Answer) -> str:
    return reply.interview.partition("/")[0]


def _addresses(reader: Reader, chosen: Chosen) -> Iterator[str]:
    """The interviews that may have an answer."""
    yield from dict.fromkeys(address.partition("#")[0] for address in chosen.addresses)
    if chosen.text:
        asked = asking(reader, chosen.text)
        protocols = {name.partition("/")[0] for name in chosen.names}
        yield from dict.fromkeys([*asked, *(a for ref in sorted(protocols) for a in following(reader, ref))])


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
    place: int | None
    answers: tuple[Turn, ...]
    notes: tuple[Remark, ...]
    named: tuple[str, ...]
    """The addresses that stand for it."""


def _in_interview(said: Conversation, protocols: Mapping[str, Protocol], chosen: Chosen) -> Iterator[_Found]:
    about, turns = said.about, said.turns
    by_number = {turn.turn: turn for turn in turns}
    put: dict[tuple[int, tuple[int, ...]], str] = {}
    addresses: dict[tuple[int, tuple[int, ...]], list[str]] = defaultdict(list)
    for address in chosen.addresses:
        place, _, turn = address.partition("#")
        if place == about.address and (exchange := _exchange(turns, by_number, int(turn))):
            put[exchange] = ""
            addresses[exchange].append(address)
    if chosen.text:
        put = _put(chosen, said, protocols.get(about.setting.protocol))
    for (question, own), wording in put.items():
        yield _Found(
            interview=about.address,
            setting=about.setting,
            access=about.access,
            asked=by_number.get(question),
            wording=wording,
            before=_before(by_number, question or own[0]),
            place=_place(said.about.adherence.questions, question),
            answers=tuple(by_number[n] for n in own),
            notes=tuple(_remarks(said.notes, {question, *own})),
            named=tuple(addresses[question, own]),
        )


def _put(chosen: Chosen, said: Conversation, protocol: Protocol | None) -> dict[tuple[int, tuple[int, ...]], str]:
    """Question and answers → wording. What people say of a question counts where the interview's protocol has it."""
    ids = [q.id for q in protocol.question if f"{protocol.ref}/{q.id}" in chosen.names] if protocol else []
    if ids:
        cells = said.about.adherence.questions
        found = sorted((a for each in ids for a in cells[each].asked), key=lambda a: a.turn)
    else:
        found = [*asked([Question.model_construct(id="", topic="", text=chosen.text)], said.turns, {})]
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


def _place(questions: Mapping[str, Cell], turn: int) -> int | None:
    """The how-manyth question it is that is put in this turn."""
    first = sorted(min(a.turn for a in cell.asked) for cell in questions.values() if cell.asked)
    put = [a.turn for cell in questions.values() for a in cell.asked]
    return bisect_right(first, turn) if turn in put else None


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
    contexts = tuple(_context(letter(n), items) for n, items in enumerate(groups.values()))
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
        place=item.place,
        parts=tuple(Part(turn=turn.turn, text=turn.text, reasoning=turn.reasoning or "") for turn in item.answers),
        notes=item.notes,
    )


def _counts(contexts: Sequence[Context], replies: Sequence[Answer]) -> Iterator[Count]:
    given = [(reply.context, reply.codes) for reply in replies]
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


def _each(contexts: Sequence[Context], found: Sequence[str]) -> tuple[int, ...]:
    return tuple(found.count(context.name) for context in contexts)
