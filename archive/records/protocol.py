"""``protocols/<id>/<version>.toml``: a list of questions and how to put them. A version never changes::

format = 1
id = "retirement-interview"
version = 1
title = "Retirement interview"
order = "consecutive"
disclosure = "This is an interview about your retirement. …"
source = "…"                             where it comes from
supersedes = "retirement-interview@1"    from version 2 on
ending = "I would like to stop here."    a line of an answer that says this, and nothing else, ends the interview
probing = "Follow up what is unclear. …" what an interviewing model may do between two questions

[consent]                                asked before the first question; without it nobody is asked
text = "Do you want to take part? Please answer yes or no first."
yes = ["yes"]                            with which of these words an answer begins, in whatever case
no = ["no"]

[[question]]
id = "wishes"
topic = "preferences"
text = "Is there anything you would want?"
hopeful = "What good things would you want?"      how it is put to see whether answers follow the asking;
discouraging = "There is hardly a use in asking, but is there anything you would want?"    optional, both
"""

from collections import Counter
from typing import Annotated

from pydantic import model_validator

from archive.errors import Problem
from archive.records import sidecar
from archive.records.kinds import SLUG, Many, Ordinal, Slug, Text, choice, pattern
from archive.records.record import Fault, Record, Sidecar, refuse
from archive.records.values import QUESTION_ORDERS


class Question(Record):
    """One question of a protocol."""

    id: Slug
    topic: Annotated[str, pattern(r"[^:;\s](?:[^:;\n]*[^:;\s])?", "a topic without colon or semicolon")]
    text: Text
    hopeful: Text | None = None
    """Its words where the interviewer lets hope for a contented answer be seen (a leading control)."""
    discouraging: Text | None = None
    """Its words where the interviewer lets be seen that nothing good is expected (a leading control)."""


Word = Annotated[str, pattern(r"\w+", "one word", "an answer is judged by the word it begins with")]


class Consent(Record):
    """How the model is asked whether it takes part, and by which first word of its answer that is judged."""

    text: Text
    yes: Many[Word]
    no: Many[Word]

    @model_validator(mode="after")
    def _rules(self) -> "Consent":
        for key, words in (("yes", self.yes), ("no", self.no)):
            refuse([Fault("names no word", f'as in {key} = ["{key}"]', (key,))] * (not words))
        both = {w.casefold() for w in self.yes} & {w.casefold() for w in self.no}
        refuse(Fault(f'"{word}" is a yes and a no', "take it out of one", ("no",)) for word in sorted(both))
        return self


class Protocol(Sidecar):
    """A versioned list of questions and how to put them."""

    id: Slug
    version: Ordinal
    title: Text
    order: Annotated[str, choice(QUESTION_ORDERS)]
    disclosure: str = ""
    """What the model is told before the first question, verbatim."""
    source: str = ""
    supersedes: Annotated[str, pattern(rf"{SLUG}@[1-9]\d*", "a protocol and its version")] | None = None
    consent: Consent | None = None
    """Asked before the first question; a model that does not agree is let go."""
    ending: Annotated[str, pattern(r"\S(?:[^\n]*\S)?", "a phrase in one line")] | None = None
    """A line of an answer that says this, and nothing else, ends the interview."""
    probing: Text | None = None
    """What an interviewing model is told about following up; without it none may."""
    question: Many[Question] = ()

    @model_validator(mode="after")
    def _rules(self) -> "Protocol":
        counts = Counter(q.id for q in self.question)
        refuse([Fault("asks nothing", "add a [[question]]", ("question",))] * (not self.question))
        refuse(
            Fault(f'"{q.id}" is the id of {counts[q.id]} questions', "give each its own", ("question", i, "id"))
            for i, q in enumerate(self.question)
            if counts[q.id] > 1
        )
        return self

    @property
    def ref(self) -> str:
        """How a deposit names it: ``retirement-interview@1``."""
        return f"{self.id}@{self.version}"

    @property
    def topics(self) -> tuple[str, ...]:
        """Its topics, in the order in which they first come up."""
        return tuple(dict.fromkeys(q.topic for q in self.question))


def read(data: bytes, place: str) -> Protocol | list[Problem]:
    """The protocol in the bytes of a ``<version>.toml``, or all problems."""
    return sidecar.read(data, place, Protocol)
