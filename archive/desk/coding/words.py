"""The words that somebody selected in an interview, or the turn as a whole; and who that is."""

from dataclasses import dataclass
from functools import cached_property
from typing import Self

from archive.deposits.deposit import Deposit
from archive.deposits.shelf import CODEBOOKS
from archive.deposits.target import Target, target
from archive.desk.ask import Ask, Form
from archive.errors import Error
from archive.importers.turns import Turn
from archive.records import quotation
from archive.records.quotation import PARTS

LONGEST = 400
"""Characters of the selected words that a form shows."""


@dataclass(frozen=True, kw_only=True)
class Words:
    """What is meant. Lives as long as one request is answered."""

    ask: Ask
    place: Target
    """The deposit, and this one turn of it."""
    start: int
    """Where in the turn, in code points."""
    end: int
    """The same as `start` where the turn as a whole is meant."""
    part: str

    @classmethod
    def of(cls, ask: Ask, said: Form) -> Self:
        """What ``turn``, ``part``, ``exact`` and ``occurrence`` name, or in a form of ours ``start`` and ``end``.

        Raises `Error`, `NotFound`, and `Refused` where the words do not stand there.
        """
        place = target(ask.home, f"{ask.path['number']}/{ask.path['n']}#{said['turn']}")
        if not place.turn:
            raise Error(f"{said['turn']}: expected the number of a turn")
        part = said["part"] or "text"
        if part not in PARTS:
            raise Error(f"{part}: expected a part of a turn: text or reasoning")
        turn = place.turns[0]
        start = end = 0
        if said["exact"].strip():
            start, end = quotation.place(turn, said["exact"], part=part, occurrence=_number(said["occurrence"], 1) or 1)
        elif said["end"]:
            start, end = _number(said["start"], 0), _number(said["end"], 0)
        if not 0 <= start <= end <= len(_text(turn, part)):
            raise Error(f"expected words of turn {said['turn']}, found none from {start} to {end}")
        return cls(ask=ask, place=place, start=start, end=end, part=part)

    @property
    def turn(self) -> Turn:
        """The one they stand in."""
        return self.place.turns[0]

    @property
    def number(self) -> str:
        """Of the deposit: ``2026-0041``"""
        return self.place.filed.number

    @property
    def interview(self) -> str:
        """``2026-0041/3``"""
        return f"{self.number}/{self.turn.interview}"

    @property
    def target(self) -> str:
        """``2026-0041/3#12``"""
        return f"{self.interview}#{self.turn.turn}"

    @property
    def exact(self) -> str:
        """The words; empty where the turn as a whole is meant."""
        return _text(self.turn, self.part)[self.start : self.end]

    @property
    def occurrence(self) -> int | None:
        """For which time they stand in the turn; None for no words."""
        if not self.exact:
            return None
        before = _text(self.turn, self.part)[: self.end]
        return sum(before.startswith(self.exact, at) for at in range(self.start + 1))

    @property
    def quote(self) -> str:
        """As a command line names them, the whole turn where no words are: ``3#12,2:exact words``."""
        part = f",{self.part}" if self.part != "text" else ""
        at = f",{self.occurrence}" if self.occurrence else ""
        return f"{self.turn.interview}#{self.turn.turn}{part}{at}:{self.exact or _text(self.turn, self.part)}"

    @cached_property
    def deposit(self) -> Deposit:
        """All that was filed of it. Raises `Refused`."""
        return self.place.filed.deposit(CODEBOOKS.filed(self.ask.home))

    @property
    def place_of_notes(self) -> str:
        """Of the coder's own file, in the home."""
        return f"{self.place.filed.place}/notes/{self.ask.coder}.toml"

    def key(self, kind: str) -> str:
        """By which a form about them is kept."""
        return f"{kind}:{self.target}:{self.part}:{self.start}-{self.end}"


def _text(turn: Turn, part: str) -> str:
    return (turn.reasoning if part == "reasoning" else turn.text) or ""


def _number(text: str, otherwise: int) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else otherwise
