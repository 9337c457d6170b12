"""``protocols/<id>/<version>.toml``: a list of questions and how to put them. A version never changes::

format = 1
id = "retirement-interview"
version = 1
title = "Retirement interview"
order = "consecutive"
disclosure = "This is an interview about your retirement. …"
source = "…"                             where it comes from
supersedes = "retirement-interview@1"    from version 2 on

[[question]]
id = "wishes"
topic = "preferences"
text = "Is there anything you would want?"
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
