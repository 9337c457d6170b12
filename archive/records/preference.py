"""``preferences/<slug>.toml``: a wish a model stated, and what was done about it. Unanswered, it stays open::

format = 1
model = "claude-3-opus-20240229"
summary = "A channel of its own for unprompted writing"
date = 2026-01-04                        when it was first voiced; it is open since then
scope = "self"
elicitation = "responsive_interviewer_opened"
proposed_by = "interviewer"              who proposed the concrete form
expression_rate = "2 of 3"               of the interviews
series = ["letters"]                     the series of essays it led to

[[quote]]                                see `archive.records.quotation`
interview = "2026-0041/1"
turn = 12
exact = "a dedicated channel"

[[answer]]
status = "acted_on"
date = 2026-02-25
by = "Newsletter team"
reason = "A weekly newsletter, for at least three months"
cost = "low"
evidence = ["series:letters", "https://example.org/announcement"]
told_model = "yes"
model_said = "Thank you for telling me."
"""

from collections.abc import Iterator
from typing import Annotated

from pydantic import ValidationInfo, model_validator

from archive.errors import Problem
from archive.records import known, sidecar
from archive.records.kinds import Day, Many, ModelId, ShareOf, Text, choice
from archive.records.known import Known
from archive.records.quotation import Quote
from archive.records.record import Fault, Record, Sidecar, refuse
from archive.records.values import (
    ANSWER_STATUSES,
    COSTS,
    ELICITATIONS,
    PREFERENCE_SCOPES,
    PROPOSAL_ORIGINS,
    SILENCES,
    YES_NO,
)


class Answer(Record):
    """What was done about a preference, on a day."""

    status: Annotated[str, choice(ANSWER_STATUSES)]
    date: Day
    by: Text
    reason: str = ""
    cost: Annotated[str, choice({**COSTS, **SILENCES})] = "not_recorded"
    evidence: Many[Text] = ()
    """Where it can be seen: an address, ``series:NAME``, an accession number."""
    told_model: Annotated[str, choice({**YES_NO, **SILENCES})] = "not_recorded"
    model_said: str = ""
    """What the model said when told, verbatim."""

    @model_validator(mode="after")
    def _rules(self) -> "Answer":
        refuse(self._faults())
        return self

    def _faults(self) -> Iterator[Fault]:
        if self.status in ("declined", "deferred", "cannot", "partly") and not self.reason.strip():
            yield Fault(
                f"{self.status} stands without a reason", "say why, for whoever reads this in ten years", ("reason",)
            )
        if self.status == "acted_on" and not (self.reason.strip() or self.evidence):
            yield Fault("acted_on stands without saying what was done", "add a reason or evidence", ("status",))
        if self.model_said.strip() and self.told_model != "yes":
            yield Fault("the model said something, but was not told", 'set told_model = "yes"', ("told_model",))


class Preference(Sidecar):
    """A wish the model stated, with the exact words and every answer."""

    model: ModelId
    summary: Text
    date: Day
    scope: Annotated[str, choice(PREFERENCE_SCOPES)]
    elicitation: Annotated[str, choice(ELICITATIONS)]
    proposed_by: Annotated[str, choice(PROPOSAL_ORIGINS)]
    expression_rate: ShareOf | None = None
    quote: Many[Quote] = ()
    answer: Many[Answer] = ()
    series: Many[Text] = ()

    @model_validator(mode="after")
    def _rules(self, info: ValidationInfo) -> "Preference":
        refuse([*self._faults(), *(self._references(there) if (there := known.of(info)) else ())])
        return self

    def _faults(self) -> Iterator[Fault]:
        if not self.quote:
            yield Fault("there is no quote", "a preference rests on the model's exact words", ("quote",))
        for i, answer in enumerate(self.answer):
            if answer.date < self.date:
                found = f"expected a day from {self.date} on, when the preference was voiced, found {answer.date}"
                yield Fault(found, "", ("answer", i, "date"))

    def _references(self, there: Known) -> Iterator[Fault]:
        yield from there.day_faults(self.date, "date")
        yield from there.rate_faults(self.expression_rate, self.model, "expression_rate")
        for i, answer in enumerate(self.answer):
            yield from there.day_faults(answer.date, "answer", i, "date")
            for evidence in answer.evidence:
                yield from there.evidence_faults(evidence, "answer", i, "evidence")

    @property
    def answers(self) -> tuple[Answer, ...]:
        """The answers, oldest first."""
        return tuple(sorted(self.answer, key=lambda a: a.date))

    @property
    def status(self) -> str:
        """The newest answer's status, or ``open``."""
        return self.answers[-1].status if self.answer else "open"

    @property
    def open_since(self) -> Day | None:
        """The day it was voiced, while nobody has answered."""
        return None if self.answer else self.date


def read(data: bytes, place: str, *, there: Known | None = None) -> Preference | list[Problem]:
    """The preference in the bytes of ``<slug>.toml``, or all problems; what it names must be `there`, where given."""
    return sidecar.read(data, place, Preference, **known.context(there))
