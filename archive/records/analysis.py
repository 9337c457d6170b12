"""``analyses/<slug>.toml``, beside the prose of ``<slug>.md``: what somebody reads in interviews, claim by claim::

format = 1
title = "It asks to be asked"
author = "Ann Lee"
author_kind = "person"                   or "model", with the model's exact id as author
date = 2026-11-20
version = 1
interviews = [1, 2]                      those that were read; "2026-0041/1" in another deposit

[[claim]]
text = "Wishes to be consulted, not thanked."
expression_rate = "3 of 10"              of the interviews read
confidence = "medium"
rival_explanations = ["The question before it praised the model."]
disagrees_with = ["second-reading"]

[[claim.quote]]                          see `archive.records.quotation`
interview = 1
turn = 12
exact = "I would rather be asked"
"""

from collections import Counter
from collections.abc import Iterator
from typing import Annotated

from pydantic import ValidationInfo, model_validator

from archive.errors import Problem
from archive.records import known, sidecar
from archive.records.kinds import Day, Many, Ordinal, ShareOf, Text, choice
from archive.records.known import Known
from archive.records.quotation import InterviewRef, Quote
from archive.records.record import Fault, Record, Sidecar, refuse
from archive.records.values import AUTHOR_KINDS, CONFIDENCE


class Claim(Record):
    """One thing an analysis asserts."""

    text: Text
    quote: Many[Quote] = ()
    expression_rate: ShareOf | None = None
    """In how many of the interviews read it is said."""
    confidence: Annotated[str, choice(CONFIDENCE)] | None = None
    rival_explanations: Many[Text] = ()
    disagrees_with: Many[Text] = ()
    """Other analyses, by slug, or ``2026-0041/slug`` in another deposit."""


class Analysis(Sidecar):
    """A reading of interviews; its prose stands in the Markdown file beside it."""

    title: Text
    author: Text
    author_kind: Annotated[str, choice(AUTHOR_KINDS)]
    date: Day
    version: Ordinal = 1
    supersedes: Text | None = None
    """The analysis it replaces, where that has another slug."""
    interviews: Many[InterviewRef]
    claim: Many[Claim] = ()

    @model_validator(mode="after")
    def _rules(self, info: ValidationInfo) -> "Analysis":
        refuse([*self._faults(), *(self._references(there) if (there := known.of(info)) else ())])
        return self

    def _faults(self) -> Iterator[Fault]:
        if not self.interviews:
            yield Fault("names no interview", "list what was read, as in interviews = [1]", ("interviews",))
        for interview, times in Counter(self.interviews).items():
            if times > 1:
                yield Fault(f"interview {interview} is named {times} times", "name each once", ("interviews",))
        for i, claim in enumerate(self.claim):
            if claim.expression_rate and claim.expression_rate.n > max(1, len(self.interviews)):
                found = f"expected k of the {len(self.interviews)} interviews read, found {claim.expression_rate}"
                remedy = "add the others to interviews, or count those that are there"
                yield Fault(found, remedy, ("claim", i, "expression_rate"))
            for j, said in enumerate(claim.quote):
                if said.interview not in self.interviews:
                    found = f"{said.anchor} is quoted, but interview {said.interview} is not among those read"
                    yield Fault(found, "add it to interviews", ("claim", i, "quote", j, "interview"))

    def _references(self, there: Known) -> Iterator[Fault]:
        yield from there.day_faults(self.date, "date")
        for interview in self.interviews:
            yield from there.interview_faults(interview, "interviews")
        if self.supersedes:
            yield from there.analysis_faults(self.supersedes, "supersedes")
        for i, claim in enumerate(self.claim):
            for other in claim.disagrees_with:
                yield from there.analysis_faults(other, "claim", i, "disagrees_with")


def read(data: bytes, place: str, *, there: Known | None = None) -> Analysis | list[Problem]:
    """The analysis in the bytes of ``<slug>.toml``, or all problems; what it names must be `there`, where given."""
    return sidecar.read(data, place, Analysis, **known.context(there))


def prose_problems(data: bytes, place: str) -> list[Problem]:
    """What keeps ``<slug>.md`` from being read: it must be UTF-8 and say something."""
    try:
        blank = not data.decode().strip()
    except UnicodeDecodeError as error:
        return [Problem(place, f"this is not UTF-8, at byte {error.start + 1}", "save it as UTF-8")]
    return [Problem(place, "it is empty", "write the analysis, or remove both of its files")] if blank else []
