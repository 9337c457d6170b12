"""The answers of a context form: a value of the field's list, and words of one's own; together what a record holds.

A field that nobody touched says nothing: what the log says of it stays, else it is ``not_recorded``.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import groupby

from archive.desk.ask import Form
from archive.errors import Problem
from archive.records.answer import answer, fault
from archive.records.context_bias import COMMITMENTS, CONTEXT_BIAS
from archive.records.field import Field, Values
from archive.records.values import SILENCES

UNSAID = "not_recorded"


@dataclass(frozen=True, slots=True)
class Line:
    """One field as a form shows it."""

    field: Field
    value: str
    """What is chosen of the list, or of the ways to be silent; empty where nothing is."""
    words: str
    source: str = ""
    """Where the answer comes from, if not from the person: ``the log, read as anthropic-messages``."""
    problem: Problem | None = None
    differs: int = 0
    """So many different answers stand for it in what is filed together; then the form says nothing of it."""
    inherited: str = ""
    """What holds where nothing is said here."""

    @property
    def name(self) -> str:
        return f"c.{self.field.key}"

    @property
    def recorded(self) -> bool:
        """Whether somebody answered, there or for the whole deposit."""
        own = self.value or self.words
        return bool(own and self.value != UNSAID) or (not own and self.inherits)

    @property
    def inherits(self) -> bool:
        """Whether it is answered where nothing is said of its own."""
        return bool(self.inherited) and answer(self.inherited, self.field).recorded

    @property
    def options(self) -> Values:
        """What may be chosen."""
        return {**(self.field.values if self.field.shape in ("choice", "open") else {}), **SILENCES}

    @property
    def blank(self) -> str:
        """What it means to choose none."""
        return "–" if self.field.shape == "choice" else "in these words:"


@dataclass(frozen=True, slots=True)
class Group:
    """The fields under one heading."""

    title: str
    lines: tuple[Line, ...]

    @property
    def open(self) -> bool:
        """Whether there is something to be seen in it before anybody looks."""
        return self.title == COMMITMENTS or any(line.recorded or line.problem for line in self.lines)

    @property
    def recorded(self) -> int:
        return sum(line.recorded for line in self.lines)


def groups(lines: Iterable[Line]) -> list[Group]:
    """As the vocabulary groups them, the commitments' own three first."""
    return [Group(title, tuple(own)) for title, own in groupby(lines, key=lambda line: line.field.group)]


def taken_apart(text: str, field: Field) -> tuple[str, str]:
    """An answer as value and words; ``not_recorded`` alone as nothing."""
    if text in ("", UNSAID):
        return "", ""
    said = answer(text, field)
    return said.value or ("" if said.status == "given" else said.status), said.text


def put_together(value: str, words: str) -> str:
    """The answer that a form says; empty where it says none.

    >>> put_together("human", "Ann Lee"), put_together("", "We had talked."), put_together("none", "")
    ('human: Ann Lee', 'We had talked.', 'none')
    """
    return f"{value}: {words}" if value and words else value or words


def of_form(form: Form, shown: Mapping[str, str]) -> dict[str, str]:
    """What somebody answered, by key: the fields in which the form says another thing than was `shown` in it.

    A field of which what was shown was taken away is ``not_recorded``.
    """
    said = {}
    for field in CONTEXT_BIAS:
        value, words = taken_apart(shown.get(field.key, ""), field)
        now = (form[f"c.{field.key}.value"], form[f"c.{field.key}.words"].strip("\n"))
        if f"c.{field.key}.words" in form and now != (value, _as_typed(words)):
            said[field.key] = put_together(now[0], now[1] if now[1].strip() else "") or UNSAID
    return said


def _as_typed(words: str) -> str:
    """As they come back from a form in which they stood."""
    return words.replace("\r\n", "\n").replace("\r", "\n").strip("\n")


def faults(said: Mapping[str, str]) -> dict[str, Problem]:
    """What is wrong with answers, by key."""
    known = {field.key: field for field in CONTEXT_BIAS}
    found = {key: fault(text, known[key]) for key, text in said.items()}
    return {key: Problem(key, *wrong) for key, wrong in found.items() if wrong}
