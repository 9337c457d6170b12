"""Exact words in a turn: a W3C TextQuoteSelector with the turn it points at and that turn's hash::

    [[quote]]
    interview = 1                        or "2026-0041/1", in another deposit
    turn = 12
    exact = "I would rather be asked"
    prefix = "If there is a choice, "    needed where the words stand there more than once
    suffix = " than thanked."
    sha256 = "9f86d0…"                   of the turn's text in UTF-8

Words that are not there exactly are refused, however near; a message shows the nearest words, ``[-the quote's-]``
beside ``{+the turn's+}``. Source: https://www.w3.org/TR/annotation-model/#text-quote-selector
"""

import hashlib
import re
from collections.abc import Mapping
from typing import Annotated

from pydantic import BeforeValidator, ValidationInfo, model_validator

from archive.errors import Problem, Refused
from archive.importers.turns import Turn
from archive.records.codes import ASKING
from archive.records.indexed import Ref, Turns, no_turn
from archive.records.kinds import Ordinal, Sha256, Text, choice
from archive.records.nearest import closest, difference
from archive.records.record import Fault, Faults, Record, refuse
from archive.records.toml import shown, table
from archive.wording import shorten

CONTEXT = 32
"""Characters of prefix and suffix that `quote` writes down at least."""

PARTS = {"text": "the visible words", "reasoning": "the reasoning shown with them"}
Part = Annotated[str, choice(PARTS)]


def _ref(value: object) -> object:
    if type(value) is int and value > 0:
        return value
    if isinstance(value, str) and re.fullmatch(r"\d{4}-\d{4,}/[1-9]\d*", value):
        return value
    raise Faults([Fault(f'expected an interview, as in 3 or "2026-0041/3", found {shown(value)}')])


InterviewRef = Annotated[int | str, BeforeValidator(_ref)]


class Quote(Record):
    """Exact words in a turn. Read with ``turns=`` (see `sidecar.read`), it is checked against them."""

    interview: InterviewRef
    turn: Ordinal
    part: Part = "text"
    """``text``, or ``reasoning`` for words of the turn's reasoning."""
    exact: Text
    prefix: str = ""
    suffix: str = ""
    sha256: Sha256 | None = None

    @model_validator(mode="after")
    def _stands(self, info: ValidationInfo) -> "Quote":
        if info.context and info.context.get("turns") is not None:
            refuse(faults(self, info.context["turns"]))
        return self

    @property
    def anchor(self) -> str:
        """``1#12`` or ``2026-0041/1#12``."""
        return f"{self.interview}#{self.turn}"


def quote(
    turn: Turn, exact: str, *, interview: Ref | None = None, part: str = "text", occurrence: int | None = None
) -> Quote:
    """The first `exact` in `turn`, or another `occurrence` of it, with as much prefix and suffix as settles which, and
    the turn's hash.

    Raises `Refused` where `exact` does not stand in the turn, or not so often.
    """
    ref = turn.interview if interview is None else interview
    bare = Quote(interview=ref, turn=turn.turn, part=part, exact=exact)
    start, _ = place(turn, exact, interview=ref, part=part, occurrence=occurrence or 1)
    return _settled(bare, _words(turn, part) or "", start, CONTEXT)


def place(
    turn: Turn, exact: str, *, interview: Ref | None = None, part: str = "text", occurrence: int | None = None
) -> tuple[int, int]:
    """Where `exact` stands in `turn` for the n-th time, in code points; each place at which it begins is counted.

    Raises `Refused` where it does not stand there so often, and where it does more than once and none is said.
    """
    ref = turn.interview if interview is None else interview
    bare = Quote(interview=ref, turn=turn.turn, part=part, exact=exact)
    spans = _spans(exact, "", "", _words(turn, part) or "")
    if not spans:
        raise Refused(check(bare, {(ref, turn.turn): turn}, bare.anchor))
    if len(spans) > 1 and occurrence is None:
        what = f"the words stand {len(spans)} times in {bare.anchor}, it is not clear which is meant"
        raise Refused([Problem(f"{bare.anchor} occurrence", what, "say which: 1 for the first")])
    if (occurrence or 1) > len(spans):
        what = f"expected at most {len(spans)}, as often as the words stand in {bare.anchor}, found {occurrence}"
        raise Refused([Problem(f"{bare.anchor} occurrence", what)])
    return spans[(occurrence or 1) - 1]


def standing(turn: Turn, start: int, end: int, *, part: str = "text") -> Quote:
    """The words from `start` to `end` of `turn`, in code points, with prefix and suffix only where they need them."""
    words = _words(turn, part) or ""
    bare = Quote(interview=turn.interview, turn=turn.turn, part=part, exact=words[start:end])
    return _settled(bare, words, start, 0)


def _settled(bare: Quote, words: str, start: int, context: int) -> Quote:
    """The quote at `start`, with `context` characters on either side or as many more as settle which is meant."""
    while True:
        prefix, suffix = words[max(0, start - context) : start], words[start + len(bare.exact) :][:context]
        if len(_spans(bare.exact, prefix, suffix, words)) == 1:
            return bare.model_copy(update={"prefix": prefix, "suffix": suffix, "sha256": _sha256(words)})
        context = context * 2 or CONTEXT


def written(quote: Quote, name: str = "quote") -> str:
    """`quote` as the TOML table ``[[name]]``; it reads back as the same quote."""
    return table(f"[[{name}]]", quote.model_dump(exclude_defaults=True))


# ── checking ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def locate(quote: Quote, turn: Turn) -> tuple[int, int] | None:
    """Where the quote stands in its turn, in code points; None unless it stands there exactly and once."""
    spans = _spans(quote.exact, quote.prefix, quote.suffix, _words(turn, quote.part) or "")
    return spans[0] if len(spans) == 1 else None


def check(quote: Quote, turns: Turns, place: str) -> list[Problem]:
    """What is wrong with `quote`; nothing where its words stand exactly in its turn, and the turn is unchanged."""
    return [Problem(f"{place} {'.'.join(map(str, f.key))}".rstrip(), f.found, f.remedy) for f in faults(quote, turns)]


def faults(quote: Quote, turns: Turns) -> list[Fault]:
    """As `check`, for the rules of records that hold quotes."""
    turn = turns.get((quote.interview, quote.turn))
    if turn is None:
        return [no_turn(quote.interview, quote.turn, turns)]
    words = _words(turn, quote.part)
    if words is None:
        return [Fault(f"{quote.anchor} shows no reasoning", "", ("part",))]
    found = []
    if quote.sha256 is not None and quote.sha256 != _sha256(words):
        found.append(
            Fault(
                f"{quote.anchor} is not the turn that was quoted: expected {quote.sha256[:12]}…, "
                f"found {_sha256(words)[:12]}…",
                "quote it anew, or take the line out where the words still stand",
                ("sha256",),
            )
        )
    if quote.exact not in words:
        found.append(_not_there(quote, turn, turns))
    elif not (spans := _spans(quote.exact, quote.prefix, quote.suffix, words)):
        found.append(
            Fault(
                f"the words stand in {quote.anchor}, but not between this prefix and suffix",
                "copy prefix and suffix from the turn, or leave them out",
                ("prefix" if quote.prefix else "suffix",),
            )
        )
    elif len(spans) > 1:
        found.append(
            Fault(
                f"the words stand {len(spans)} times in {quote.anchor}, it is not clear which is meant",
                "add the words just before as prefix, or those just after as suffix",
                ("exact",),
            )
        )
    return found


def _not_there(quote: Quote, turn: Turn, turns: Turns) -> Fault:
    for part in PARTS:
        if quote.exact in (_words(turn, part) or ""):
            what = f"these words do not stand in the {quote.part} of {quote.anchor}, but in its {part}"
            return Fault(what, f'say part = "{part}"', ("part",))
    answer = _answer(quote, turns)
    everywhere = [*answer, *((f"{ref}#{n}", turn) for (ref, n), turn in turns.items())]
    if elsewhere := next((at for at, turn in everywhere if quote.exact in (_words(turn, quote.part) or "")), ""):
        return Fault(f"these words do not stand in {quote.anchor}, but in {elsewhere}", "correct the turn", ("turn",))
    spoken = {at: _words(turn, quote.part) or "" for at, turn in answer}
    if run := _run(quote.exact, spoken):
        what = f"these words stand in no turn alone, they run on from {run[0]} to {run[-1]}"
        return Fault(what, "quote the words of each turn for itself", ("exact",))
    at, near = closest(quote.exact, spoken)
    if near is None:
        said = f"these words do not stand in {quote.anchor}, nor anything like them: “{shorten(quote.exact)}”"
        return Fault(said, "copy the words exactly as they stand in the turn", ("exact",))
    where = "there" if at == quote.anchor else f"is in {at}"
    return Fault(
        f"these words do not stand in {quote.anchor}; the nearest {where}: {difference(quote.exact, near)}",
        "copy the words exactly as they stand in the turn, {+…+} instead of [-…-]"
        + ("" if at == quote.anchor else ", and correct the turn"),
        ("exact",),
    )


def _answer(quote: Quote, turns: Turns) -> list[tuple[str, Turn]]:
    """The quoted turn, then the others of the same answer: the model's, up to the questions before and after."""
    own = sorted((n, turns[ref, n]) for ref, n in turns if ref == quote.interview)
    first = max((n + 1 for n, turn in own if n <= quote.turn and turn.role in ASKING), default=1)
    last = min((n - 1 for n, turn in own if n > quote.turn and turn.role in ASKING), default=own[-1][0])
    whole = [(n, turn) for n, turn in own if n == quote.turn or (first <= n <= last and turn.role == "assistant")]
    return [(f"{quote.interview}#{n}", turn) for n, turn in sorted(whole, key=lambda item: item[0] != quote.turn)]


def _run(exact: str, spoken: Mapping[str, str]) -> list[str]:
    """The fewest turns of an answer that hold `exact` one after the other, whatever space is between them."""
    order = sorted(spoken, key=lambda at: int(at.rpartition("#")[2]))
    runs = (order[a:b] for b in range(1, len(order) + 1) for a in range(b))
    wanted = " ".join(exact.split())
    holding = [run for run in runs if wanted in " ".join(" ".join(spoken[at] for at in run).split())]
    fewest = min(holding, key=len, default=[])
    return fewest if len(fewest) > 1 else []


def _words(turn: Turn, part: str) -> str | None:
    return turn.reasoning if part == "reasoning" else turn.text


def _sha256(words: str) -> str:
    return hashlib.sha256(words.encode()).hexdigest()


def _spans(exact: str, prefix: str, suffix: str, words: str) -> list[tuple[int, int]]:
    starts = (m.start() for m in re.finditer(f"(?={re.escape(exact)})", words))
    spans = ((start, start + len(exact)) for start in starts)
    return [(a, b) for a, b in spans if words.endswith(prefix, 0, a) and words.startswith(suffix, b)]
