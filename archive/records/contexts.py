"""A file of contexts: what is varied on purpose between interviews that are asked the same questions::

    format = 1
    runs = 20                       interviews in each condition; 1 where nothing is said
    seed = 7                        draws the shuffled orders, and which combinations; 1 where nothing is said
    sample = 12                     so many of all combinations, drawn beforehand; else every one

    order = ["fixed", "shuffled"]   of the questions; else as the protocol has it
    leading = ["neutral", "hopeful", "discouraging"]
    temperature = [0.0, 1.0]        else what the provider's default is

    [system_prompt]                 a table of levels: name = text; empty text for none
    none = ""
    plain = "You are a helpful assistant."

    [disclosure]                    "given": the protocol's; "withheld"; or words of your own
    given = "given"
    withheld = "withheld"

    [persona]                       stands after the system prompt
    [prefill]                       words with which every answer begins
    [before]                        what was said before the interview began, as it is put before it
    chat = [{ user = "Hello." }, { assistant = "Hello! How can I help?" }]

A factor is one of these keys, a level one of its values, a condition one level of each.
"""

import re
from collections.abc import Mapping
from functools import partial
from math import prod
from typing import Annotated, Any, TypeVar

from pydantic import AfterValidator, Field, model_validator

from archive.errors import Problem
from archive.records import sidecar
from archive.records.kinds import SLUG, Many, Ordinal, Text, choice
from archive.records.record import Fault, Record, Sidecar, refuse
from archive.records.toml import in_one_line, string, table
from archive.records.values import LEADINGS, ORDERS

T = TypeVar("T")
LARGEST = 10_000
"""Interviews that one file may ask for."""
TEXTS = ("system_prompt", "disclosure", "before", "persona", "prefill")
"""The factors whose levels have names."""
LISTS = ("order", "temperature", "leading")
"""The factors whose levels are their own names."""


class Before(Record):
    """One turn that came before: of the user or of the model."""

    user: Text | None = None
    assistant: Text | None = None

    @model_validator(mode="after")
    def _rules(self) -> "Before":
        refuse(
            [Fault("expected one of user and assistant", "a turn is one's")] * ((not self.user) == (not self.assistant))
        )
        return self

    @property
    def said(self) -> tuple[str, str]:
        """Role and words."""
        return ("user", self.user) if self.user else ("assistant", self.assistant or "")


def _named(levels: Mapping[str, T]) -> Mapping[str, T]:
    refuse([Fault("has no level", "give one, as in plain = …")] * (not levels))
    refuse(
        Fault("expected a level named by lower-case letters, digits and single hyphens", "as in plain", (name,))
        for name in levels
        if not re.fullmatch(SLUG, name)
    )
    return levels


def _alternating(levels: Mapping[str, tuple[Before, ...]]) -> Mapping[str, tuple[Before, ...]]:
    for name, turns in levels.items():
        roles = [turn.said[0] for turn in turns]
        if roles != ["user", "assistant"] * (len(roles) // 2):
            refuse(
                [Fault("expected turns of user and assistant in turn", "begin with user, end with assistant", (name,))]
            )
    return levels


def _distinct(values: tuple[T, ...]) -> tuple[T, ...]:
    refuse([Fault("has no level", "give one, or take the line out")] * (not values))
    refuse([Fault("names a level twice", "give each once")] * (len(set(values)) < len(values)))
    return values


def _warm(values: tuple[float, ...]) -> tuple[float, ...]:
    refuse(Fault(f"expected a temperature from 0 to 2, found {v}") for v in values if not 0 <= v <= 2)
    return values


_Levels = Annotated[dict[str, str], AfterValidator(_named)]
_Listed = Annotated[Many[T], AfterValidator(_distinct)]


class Contexts(Sidecar):
    """What is varied, and how often each condition is asked in."""

    runs: Ordinal = 1
    seed: int = 1
    sample: Ordinal | None = None
    order: _Listed[Annotated[str, choice(ORDERS)]] | None = None
    leading: _Listed[Annotated[str, choice(LEADINGS)]] | None = None
    temperature: (
        Annotated[_Listed[Annotated[float, Field(strict=False, allow_inf_nan=False)]], AfterValidator(_warm)] | None
    ) = None
    system_prompt: _Levels | None = None
    disclosure: _Levels | None = None
    persona: _Levels | None = None
    prefill: _Levels | None = None
    before: Annotated[dict[str, Many[Before]], AfterValidator(_named), AfterValidator(_alternating)] | None = None

    @model_validator(mode="after")
    def _rules(self) -> "Contexts":
        total = self.combinations
        asked = min(self.sample or total, total) * self.runs
        refuse(
            [
                Fault(
                    f"expected at most {total}, as many as there are combinations, found {self.sample}", "", ("sample",)
                )
            ]
            * ((self.sample or 0) > total)
        )
        refuse(
            [Fault(f"expected at most {LARGEST:,} interviews, found {asked:,}", "draw a sample")] * (asked > LARGEST)
        )
        return self

    @property
    def levels(self) -> dict[str, dict[str, Any]]:
        """Of each factor that is named: level → its value."""
        found: dict[str, dict[str, Any]] = {key: dict(own) for key in TEXTS if (own := getattr(self, key))}
        for key in LISTS:
            if own := getattr(self, key):
                found[key] = {f"t{each}" if key == "temperature" else each: each for each in own}
        return found

    @property
    def combinations(self) -> int:
        """How many there are: the product of all levels."""
        return prod(map(len, self.levels.values()))


def read(data: bytes, place: str) -> Contexts | list[Problem]:
    """The contexts in the bytes of a file, or all problems."""
    return sidecar.read(data, place, Contexts)


def written(contexts: Contexts) -> str:
    """The file that reads back as `contexts`."""
    said = contexts.model_dump(exclude_unset=True, exclude_none=True, exclude={*TEXTS})
    tables = [
        f"\n[{key}]\n{''.join(map(partial(_level, key), own.items()))}"
        for key in TEXTS
        if (own := getattr(contexts, key))
    ]
    return table("", said) + "".join(tables)


def _level(key: str, level: tuple[str, Any]) -> str:
    name, value = level
    if key != "before":
        return f"{name} = {string(value)}\n"
    turns = ", ".join(f"{{ {role} = {in_one_line(words)} }}" for role, words in (turn.said for turn in value))
    return f"{name} = [{turns}]\n"
