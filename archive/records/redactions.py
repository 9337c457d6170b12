"""``redactions.toml``: which words of a deposit's turns stay covered wherever they are shown to others, and why::

    format = 1

    [[redaction]]
    text = "Ines Halloran"            exact words, as they stand in the turn
    reason = "personal-name"          one of `values.REDACTION_REASONS`
    turn = "1#12"                     a turn, or an interview ("1"); left out: wherever the words stand
    occurrence = 2                    the second time in that turn; left out: each time
    by = "Ada Reyes"
    date = 2026-12-01
    lifted = 2027-01-04               a mark that is not wanted any more stays, with the day it ended

The file is never public. A mark covers the words of every string of a turn: its text and reasoning, what tools were
called with and gave back, and the name of who speaks.
"""

import re
from typing import Annotated

from pydantic import ValidationInfo, model_validator

from archive.errors import Problem
from archive.records import known, sidecar
from archive.records.indexed import no_turn
from archive.records.kinds import Day, Many, Ordinal, Text, choice, pattern
from archive.records.known import Known
from archive.records.record import Fault, Record, Sidecar, refuse
from archive.records.toml import table
from archive.records.values import REDACTION_REASONS

NAME = "redactions.toml"
SEVERAL = "several"
"""The reason that the register gives where the marks give more than one."""

TurnRef = Annotated[str, pattern(r"[1-9]\d*(#[1-9]\d*)?", "an interview or a turn", 'as in "1" or "1#12"')]


class Redaction(Record):
    """One mark."""

    text: Text
    reason: Annotated[str, choice(REDACTION_REASONS)]
    turn: TurnRef | None = None
    occurrence: Ordinal | None = None
    by: str = ""
    date: Day | None = None
    lifted: Day | None = None

    @model_validator(mode="after")
    def _rules(self, info: ValidationInfo) -> "Redaction":
        if self.occurrence is not None and (self.turn is None or "#" not in self.turn):
            what, remedy = "counts within one turn, and none is named", 'name it, as in turn = "1#12"'
            refuse([Fault(what, remedy, ("occurrence",))])
        there = known.of(info)
        refuse(there.day_faults(self.date, "date") if there else ())
        if there and self.turn and "#" in self.turn:
            interview, number = map(int, self.turn.split("#"))
            if (interview, number) not in there.turns:
                refuse([Fault(no_turn(interview, number, there.turns).found, "", ("turn",))])
        return self

    @property
    def place(self) -> str:
        """Where it counts, to be shown: ``1#12``, ``interview 1``, ``everywhere``."""
        if self.turn is None:
            return "everywhere"
        return self.turn if "#" in self.turn else f"interview {self.turn}"

    def holds(self, interview: int, turn: int) -> bool:
        """Whether it counts for a turn."""
        return self.turn in (None, f"{interview}", f"{interview}#{turn}")

    def same(self, other: "Redaction") -> bool:
        """Whether another marks the same words of the same turns."""
        return (self.text, self.turn, self.occurrence) == (other.text, other.turn, other.occurrence)


class Redactions(Sidecar):
    """The whole of ``redactions.toml``."""

    redaction: Many[Redaction] = ()

    @property
    def standing(self) -> tuple[Redaction, ...]:
        """Those that were not lifted."""
        return tuple(mark for mark in self.redaction if mark.lifted is None)

    @property
    def reason(self) -> str:
        """The one code of all marks that stand, or `SEVERAL`."""
        codes = {mark.reason for mark in self.standing}
        return codes.pop() if len(codes) == 1 else SEVERAL


def read(data: bytes, place: str, *, there: Known | None = None) -> Redactions | list[Problem]:
    """The marks that a ``redactions.toml`` holds, or all its problems; checked against `there`, if given."""
    return sidecar.read(data, place, Redactions, **known.context(there))


def written(mark: Redaction) -> str:
    """A mark as the TOML table ``[[redaction]]``; it reads back as the same mark."""
    return table("[[redaction]]", mark.model_dump(exclude_defaults=True))


def with_marks(before: bytes, marks: "tuple[Redaction, ...]") -> bytes:
    """The file with more marks at its end; what stands in it stays, byte for byte."""
    whole = before or b"# Words that stay covered wherever others see this interview. Never public.\nformat = 1\n"
    newline = b"\r\n" if b"\r\n" in whole else b"\n"
    added = "".join(f"\n{written(mark)}" for mark in marks).encode().replace(b"\n", newline)
    return whole + (b"" if whole.endswith(b"\n") else newline) + added


def lost(before: Redactions, after: Redactions) -> list[Redaction]:
    """The marks of one version that another does not have, lifted or not."""
    return [mark for mark in before.redaction if not any(mark.same(other) for other in after.redaction)]


def words(text: str) -> list[str]:
    """Letters and digits that stand together: ``ann.lee@x`` → ``ann``, ``lee``, ``x``."""
    return re.findall(r"[^\W_]+", text)


def standing_anyhow(text: str) -> "re.Pattern[str]":
    """What finds words however they are written: in any case, and with anything but letters between them."""
    inner = r"[\W_]*".join(map(re.escape, words(text))) or re.escape(text.strip())
    return re.compile(rf"(?<![A-Za-z0-9]){inner}(?![A-Za-z0-9])", re.IGNORECASE)
