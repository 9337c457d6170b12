"""``notes/<coder>.toml``: what one coder says about single turns. Several coders may disagree; all are kept::

    format = 1
    coder = "ann"
    date = 2026-11-20

    [[note]]
    interview = 1
    turn = 12
    code.elicitation = "responsive_interviewer_opened: after a long silence"
    code.hedges = ["uncertain_experience", "trained_positivity"]
    quote = "as far as I can tell"
    text = "Asked twice; the second answer is firmer."
    confidence = "medium"

The codes are `vocabulary.TURN_CODES`. Words of a quote must stand exactly in the turn.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Annotated, Any

from pydantic import Field, ValidationInfo, model_validator

from archive.errors import Problem
from archive.records import known, quotation, sidecar
from archive.records.known import Known
from archive.records.quotation import Part, Quote, Turns
from archive.records.sidecar import Day, Fault, Many, Ordinal, Record, Sha256, Sidecar, Slug, answers, choice, refuse
from archive.records.vocabulary import CONFIDENCE, TURN_CODES, answer, turn_code
from archive.wording import one_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Coded:
    """One code on one turn, as it is counted: ``elicitation``, ``spontaneous``, and what was added."""

    code: str
    value: str
    """A value of the code's list, or a silence such as ``not_applicable``; the free text where it has no list."""
    text: str = ""


class Note(Record):
    """What a coder says about one turn."""

    interview: Ordinal
    turn: Ordinal
    code: Annotated[dict[str, Any], answers(TURN_CODES)] = Field(default_factory=dict)
    """Code → answer, or a list of answers where the code takes several."""
    quote: str = ""
    """The exact words meant; empty where the whole turn is."""
    prefix: str = ""
    suffix: str = ""
    part: Part = "text"
    sha256: Sha256 | None = None
    text: str = ""
    confidence: Annotated[str, choice(CONFIDENCE)] | None = None

    @property
    def quotation(self) -> Quote | None:
        """The quote with its place; None where the note is on the whole turn."""
        if not self.quote.strip():
            return None
        return Quote(
            interview=self.interview, turn=self.turn, part=self.part, exact=self.quote, prefix=self.prefix,
            suffix=self.suffix, sha256=self.sha256,
        )  # fmt: skip

    @property
    def coded(self) -> tuple[Coded, ...]:
        """Every code of the note, one value each."""
        return tuple(
            Coded(code=key, value=said.value or (said.text if said.status == "given" else said.status),
                  text=said.text if said.value or said.status != "given" else "")
            for key, value in self.code.items()
            for item in (value if isinstance(value, list) else [value])
            for said in [answer(item, turn_code(key))]
        )  # fmt: skip

    @model_validator(mode="after")
    def _rules(self, info: ValidationInfo) -> "Note":
        there = known.of(info)
        refuse([*self._faults(), *(self._references(there.turns) if there else ())])
        return self

    def _faults(self) -> Iterator[Fault]:
        if not (self.code or self.text.strip()):
            yield Fault("this note says nothing yet", 'add a code, as in code.leading = "none", or a text')

    def _references(self, turns: Turns) -> Iterator[Fault]:
        turn = turns.get((self.interview, self.turn))
        if said := self.quotation:
            for fault in quotation.faults(said, turns):
                yield Fault(fault.found, fault.remedy, ("quote",) if fault.key == ("exact",) else fault.key)
        elif turn is None:
            yield quotation.no_turn(self.interview, self.turn, turns)
        for key in self.code:
            roles = turn_code(key).roles
            if turn and roles and turn.role not in roles:
                found = f"{key} is said of turns by {one_of(roles)}, and {self.interview}#{self.turn} is by {turn.role}"
                yield Fault(found, "correct the turn, or take the code out", ("code", key))


class Notes(Sidecar):
    """All notes of one coder on one deposit."""

    coder: Slug
    date: Day
    note: Many[Note] = ()

    @model_validator(mode="after")
    def _rules(self, info: ValidationInfo) -> "Notes":
        refuse(there.day_faults(self.date, "date") if (there := known.of(info)) else ())
        return self


def read(data: bytes, place: str, *, there: Known | None = None) -> Notes | list[Problem]:
    """The notes in the bytes of a ``notes/<coder>.toml``, or all problems; what they name must be `there`, if given."""
    return sidecar.read(data, place, Notes, **known.context(there))
