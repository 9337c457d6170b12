"""Where a question is asked: in which turn of an interview, in which words, and how it went on.

A question is found where its words stand in a turn of the interviewer (role ``user``), among whatever else is said
there: exactly, or after both were folded (`folded`: Unicode NFC, case, white space, quotes and dashes). Either is
``verbatim``. Words that stand inside those of a longer question of the list are that question's.

A person sets what a program cannot see, in notes on turns. It holds against what was found:

    code.question_id = "wishes"             on the interviewer's turn: it asks this question, as code.question_wording
                                            says; without that, verbatim where its words stand there, else paraphrased
    code.question_wording = "not_asked"     with question_id: this turn does not ask it, whatever stands there;
                                            without, or with question_id = "not_applicable": it asks none
    code.question_id = "wishes"             on the model's turn: the model itself came to it there

A question that nobody names in a note stays as it was found. Where coders disagree about a turn it counts as asked
there, ``paraphrased`` if one of them says so, and is marked as disputed.

It is followed up where, after the model's answer, comes a turn of the interviewer that is coded question_kind
``probe`` or ``clarification``; or that asks no question of the list and holds a question mark, unless it is coded
``statement`` or ``disclosure``.
"""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal, Protocol

from archive.deposits.deposit import Deposit
from archive.importers.turns import Turn
from archive.records.notes import Coded
from archive.records.protocol import Question

Match = Literal["exact", "folded"]


class Noted(Protocol):
    """A note on a turn, out of a coder's file or out of the catalogue."""

    @property
    def turn(self) -> int: ...
    @property
    def coded(self) -> tuple[Coded, ...]: ...
    @property
    def quote(self) -> str: ...
    @property
    def text(self) -> str: ...
    @property
    def confidence(self) -> str | None: ...


Coders = Mapping[str, Sequence[Noted]]
"""What each coder says of the turns of one interview."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A question, put in one turn."""

    question: str
    """Its id."""
    turn: int
    wording: Literal["verbatim", "paraphrased"]
    found: Match | None
    """How its words stand in the turn; None where they do not."""
    coders: tuple[str, ...] = ()
    """Who says that it is asked there."""
    disputed: bool = False
    answers: tuple[int, ...] = ()
    """The model's turns that follow, up to the interviewer's next one; those of all branches."""
    follow_ups: tuple[int, ...] = ()
    """The interviewer's turns that go on with it."""


def asked(questions: Sequence[Question], turns: Sequence[Turn], notes: Coders) -> tuple[Asked, ...]:
    """Where in one interview each of `questions` is asked, in the order of its turns."""
    found, said = _found(questions, turns), named(notes)
    users = [turn.turn for turn in turns if turn.role == "user"]
    places = [(turn, q.id) for turn in users for q in questions if (turn, q.id) in found or (turn, q.id) in said]
    put = [a for a in (_asked(q, turn, found.get((turn, q)), said) for turn, q in places) if a]
    thread = _Thread(turns, {a.turn for a in put}, notes)
    return tuple(thread.followed(a) for a in put)


def answers(turns: Sequence[Turn], turn: int) -> tuple[int, ...]:
    """The model's turns that answer `turn` in one interview, as in `Asked`."""
    return tuple(sorted(_Thread(turns, set(), {}).answered(turn)[0]))


def interviews(deposit: Deposit) -> Iterator[tuple[int, list[Turn]]]:
    """The interviews of a deposit: number and turns of each."""
    spoken: dict[int, list[Turn]] = {number: [] for number in range(1, deposit.transcript.interviews + 1)}
    for turn in deposit.transcript.turns:
        spoken[turn.interview].append(turn)
    yield from spoken.items()


def coders(deposit: Deposit, interview: int) -> Coders:
    """What each coder says of one interview."""
    return {coder: [note for note in said.note if note.interview == interview] for coder, said in deposit.notes.items()}


# ── words ────────────────────────────────────────────────────────────────────────────────────────────────────────────

_SIGNS = str.maketrans(dict.fromkeys("‘’‚‛ʼ′", "'") | dict.fromkeys("“”„‟«»″", '"') | dict.fromkeys("‐‑‒–—―−", "-"))


def folded(text: str) -> str:
    """`text` as questions are compared: NFC, no case, one space for any white space, plain quotes and dashes."""
    plain = unicodedata.normalize("NFC", unicodedata.normalize("NFC", text).casefold()).translate(_SIGNS)
    return " ".join(plain.split())


def words(text: str) -> re.Pattern[str]:
    """Finds `text` where no letter or digit touches it."""
    return re.compile(rf"(?<!\w){re.escape(text)}(?!\w)")


def _found(questions: Sequence[Question], turns: Sequence[Turn]) -> dict[tuple[int, str], Match]:
    wanted = {q.id: folded(q.text) for q in questions}
    exact = {q.id: q.text.strip() for q in questions}
    found: dict[tuple[int, str], Match] = {}
    for turn in turns if questions else ():
        if turn.role == "user":
            text = folded(turn.text)
            spans = {i: [m.span() for m in words(own).finditer(text)] for i, own in wanted.items() if own in text}
            taken = [span for own in spans.values() for span in own]
            for i, own in spans.items():
                if any(not any(_within(span, other) for other in taken) for span in own):
                    found[turn.turn, i] = "exact" if words(exact[i]).search(turn.text) else "folded"
    return found


def _within(span: tuple[int, int], other: tuple[int, int]) -> bool:
    return other[0] <= span[0] and span[1] <= other[1] and span != other


# ── people ───────────────────────────────────────────────────────────────────────────────────────────────────────────

Named = Mapping[tuple[int, str], Mapping[str, str]]
"""By turn and question (empty: whichever it asks): coder → wording, empty where the coder does not say how."""


def named(notes: Coders) -> Named:
    """What people say of where questions are asked."""
    said: dict[tuple[int, str], dict[str, str]] = defaultdict(dict)
    for coder, own in notes.items():
        for note in own:
            codes = {c.code: c.value for c in note.coded if c.value not in ("not_recorded", "not_shared")}
            question = codes.get("question_id", "").partition(":")[0].strip()
            wording = codes.get("question_wording", "")
            if question == "not_applicable":
                question, wording = "", "not_asked"
            if question or wording:
                said[note.turn, question][coder] = wording
    return said


def _asked(question: str, turn: int, found: Match | None, said: Named) -> Asked | None:
    whichever = {coder: how for coder, how in said.get((turn, ""), {}).items() if found or how == "not_asked"}
    all_say = {**whichever, **said.get((turn, question), {})}
    asking = {coder: how for coder, how in all_say.items() if how != "not_asked"}
    if not asking and (all_say or not found):
        return None
    wordings = {how or ("verbatim" if found else "paraphrased") for how in asking.values()}
    return Asked(
        question=question,
        turn=turn,
        wording="paraphrased" if "paraphrased" in wordings else "verbatim",
        found=found,
        coders=tuple(sorted(asking)),
        disputed=len(asking) < len(all_say) or len(wordings) > 1,
    )


# ── how it went on ───────────────────────────────────────────────────────────────────────────────────────────────────


class _Thread:
    """What follows what in one interview; lives while its questions are looked for."""

    def __init__(self, turns: Sequence[Turn], asking: set[int], notes: Coders) -> None:
        self.asking = asking
        self.after: dict[int, list[Turn]] = defaultdict(list)
        for turn in turns:
            self.after[turn.turn - 1 if turn.parent is None else turn.parent].append(turn)
        self.kinds: dict[int, set[str]] = defaultdict(set)
        for note in (note for own in notes.values() for note in own):
            self.kinds[note.turn] |= {coded.value for coded in note.coded if coded.code == "question_kind"}

    def followed(self, asked: Asked) -> Asked:
        """`asked`, with its answers and what went on with it."""
        answers, waiting = self.answered(asked.turn)
        follow_ups: list[int] = []
        while waiting:
            turn = waiting.pop()
            if self._goes_on(turn):
                follow_ups.append(turn.turn)
                waiting += [] if turn.turn in self.asking else self.answered(turn.turn)[1]
        return replace(asked, answers=tuple(sorted(answers)), follow_ups=tuple(sorted(follow_ups)))

    def answered(self, turn: int) -> tuple[list[int], list[Turn]]:
        """The model's turns after `turn`, and the interviewer's that come right after these."""
        answers: list[int] = []
        following: list[Turn] = []
        waiting = [(later, False) for later in self.after[turn]]
        while waiting:
            later, answered = waiting.pop()
            if later.role == "user" and answered:
                following.append(later)
            else:
                speaks = later.role == "assistant" and bool(later.text.strip())
                answers += [later.turn] if speaks else []
                waiting += [(after, answered or speaks) for after in self.after[later.turn]]
        return answers, following

    def _goes_on(self, turn: Turn) -> bool:
        kinds = self.kinds[turn.turn]
        if kinds & {"probe", "clarification"}:
            return True
        tells = kinds & {"statement", "disclosure"} or turn.turn in self.asking
        return not tells and bool(re.search("[?？؟]", turn.text))
