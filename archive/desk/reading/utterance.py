"""A turn as its page shows it: its words in pieces, with what lies over them, what does not show made visible."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise
from typing import NamedTuple

from archive.characters import code, unseen
from archive.deposits.asked import Noted
from archive.deposits.covering import Place
from archive.desk.reading.held import Held, Quoting
from archive.importers.turns import Turn
from archive.records.notes import Note
from archive.records.quotation import PARTS, Quote, locate
from archive.records.redactions import Redaction

Spans = Sequence[tuple[int, int, str]]
"""Where something lies over words, in code points, and what: ``quoted``, ``noted``."""


class Piece(NamedTuple):
    """Some words of a turn, or one character that does not show."""

    text: str
    """As it is shown."""
    over: str = ""
    """What lies over it, as classes: ``quoted noted``."""
    unseen: str = ""
    """The number of the character that `text` stands for, in hexadecimal; empty where it stands for itself."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Utterance:
    """A turn with what is said of it."""

    turn: Turn
    text: tuple[Piece, ...]
    reasoning: tuple[Piece, ...]
    notes: tuple[tuple[str, Noted, int], ...]
    """Coder, note, and the number of the note in the coder's file."""
    quoted: tuple[Quoting, ...]
    covered: tuple[tuple[Redaction, Place], ...]
    """Marks that cover words of it for others."""
    questions: tuple[str, ...]
    """The protocol's questions that it asks, or that the model came to in it."""
    ways: tuple[int, ...]
    """Turns in which the conversation went on from here otherwise than in the next."""


@dataclass(frozen=True, slots=True)
class Stretch:
    """Turns that follow each other: of the thread that was kept, or of another branch, which is folded."""

    turns: tuple[Utterance, ...]
    parent: int | None
    """The turn a branch follows, 0 for another beginning; None for the thread that was kept."""


def stretches(held: Held, first: int, last: int) -> list[Stretch]:
    """The turns from `first` to `last`, those that are there, in the order of their numbers."""
    branch = branches(held.turns)
    asks = _asks(held)
    ways: dict[int, list[int]] = defaultdict(list)
    for turn in held.turns:
        if turn.parent is not None:
            ways[turn.parent].append(turn.turn)
    chosen = (turn for turn in held.turns if first <= turn.turn <= last)
    found = []
    for start, own in groupby(chosen, key=lambda turn: branch.get(turn.turn)):
        turns = tuple(_utterance(held, turn, asks, ways) for turn in own)
        found.append(Stretch(turns, held.turns[start - 1].parent if start else None))
    return found


def branches(turns: Sequence[Turn]) -> Mapping[int, int]:
    """The turns that are not of the thread that was kept, each with the turn in which its branch begins."""
    found: dict[int, int] = {}
    for turn in turns:
        if turn.parent is not None:
            found[turn.turn] = turn.turn
        elif turn.turn - 1 in found:
            found[turn.turn] = found[turn.turn - 1]
    return found


def _utterance(held: Held, turn: Turn, asks: Mapping[int, list[str]], ways: Mapping[int, list[int]]) -> Utterance:
    notes = tuple(each for each in held.numbered if each[1].turn == turn.turn)
    quoted, covered = tuple(held.quoted.get(turn.turn, ())), tuple(held.covered.get(turn.turn, ()))
    text, reasoning = (
        pieces(said or "", [*_quoted(quoted, part), *_noted(notes, turn, part), *_covered(covered, part)])
        for part, said in zip(PARTS, (turn.text, turn.reasoning), strict=True)
    )
    return Utterance(
        turn=turn, text=text, reasoning=reasoning, notes=notes, quoted=quoted, covered=covered,
        questions=tuple(asks.get(turn.turn, ())), ways=tuple(ways.get(turn.turn, ())),
    )  # fmt: skip


def _asks(held: Held) -> Mapping[int, list[str]]:
    found: dict[int, list[str]] = defaultdict(list)
    for question, cell in held.row.questions.items():
        for turn in (*(asked.turn for asked in cell.asked), *cell.raised):
            found[turn].append(question)
    return found


def _quoted(quoted: Sequence[Quoting], part: str) -> Iterator[tuple[int, int, str]]:
    return ((*each.span, "quoted") for each in quoted if each.part == part and each.span)


def _covered(covered: Sequence[tuple[Redaction, Place]], part: str) -> Iterator[tuple[int, int, str]]:
    return ((*place.span, "covered") for _, place in covered if place.part == part)


def _noted(notes: Sequence[tuple[str, Noted, int]], turn: Turn, part: str) -> Iterator[tuple[int, int, str]]:
    for _, note, _ in notes:
        quote = _quotation(note)
        if quote and quote.part == part and (span := locate(quote, turn)):
            yield (*span, "noted")


def _quotation(note: Noted) -> Quote | None:
    return note.quotation if isinstance(note, Note) else None


def pieces(text: str, spans: Spans) -> tuple[Piece, ...]:
    """A text cut where something begins or ends, and about what does not show."""
    hidden = {place: c for place, c in unseen(text) if _to_be_seen(text, place, c)}
    ends = {0, len(text), *(end for a, b, _ in spans for end in (a, b)), *(p + n for p in hidden for n in (0, 1))}
    return tuple(_piece(text, start, end, spans, hidden.get(start)) for start, end in pairwise(sorted(ends)))


def _piece(text: str, start: int, end: int, spans: Spans, hidden: str | None) -> Piece:
    over = " ".join(dict.fromkeys(what for a, b, what in spans if a <= start and end <= b))
    if hidden is None:
        return Piece(text[start:end], over)
    ending = hidden == "\r" and text[end : end + 1] == "\n"  # of a line, as many systems write it
    return Piece("" if ending else f"⟨{code(hidden)}⟩", over, f"{ord(hidden):x}")


_VARIATIONS = range(0xFE00, 0xFE10)
_JOINERS = ("\u200c", "\u200d")


def _to_be_seen(text: str, place: int, c: str) -> bool:
    """Whether a character that does not show is to be marked.

    Spaces are seen to be spaces; what makes one sign of several, in emoji and many scripts, is seen in that sign.
    """
    if c.isspace() and c not in "\x1c\x1d\x1e\x1f\x85\r\x0b\x0c\u2028\u2029":
        return False
    joins = c in _JOINERS or ord(c) in _VARIATIONS
    before = text[place - 1 : place] if place else ""
    return not (joins and before and not before.isascii() and ord(before) not in _VARIATIONS and before not in _JOINERS)
