"""Kinds of value that stand in records, each with its rule: text, choices, slugs, sums, dates, shares, answers."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any, TypeVar
from urllib.parse import quote

from pydantic import AfterValidator, BeforeValidator, PlainValidator
from pydantic import Field as PydanticField

from archive.records.answer import fault
from archive.records.field import Field, Values
from archive.records.record import Fault, Faults, refuse
from archive.records.toml import shown
from archive.wording import one_of, suggestion

T = TypeVar("T")
Many = Annotated[tuple[T, ...], PydanticField(strict=False)]
"""A TOML list, or tables under one ``[[name]]``."""


def _said(text: str) -> str:
    if not text.strip():
        raise Faults([Fault("is blank", "fill it in")])
    return text


Text = Annotated[str, AfterValidator(_said)]
"""Not blank."""


def _filled(text: str, belongs: str) -> None:
    if not text.strip():
        raise Faults([Fault("is blank", f"say there {belongs}")])


def choice(values: Values) -> AfterValidator:
    """One of `values`."""

    def check(word: str) -> str:
        _filled(word, one_of(values))
        if word not in values:
            raise Faults([Fault(f"expected {one_of(values)}, found {shown(word)}", suggestion(word, values))])
        return word

    return AfterValidator(check)


def pattern(regex: str, expected: str, remedy: str = "") -> AfterValidator:
    """Text that matches `regex` as a whole; `expected` is what a message calls it."""

    def check(text: str) -> str:
        _filled(text, f"{expected}, {remedy}" if remedy else expected)
        if not re.fullmatch(regex, text):
            raise Faults([Fault(f"expected {expected}, found {shown(text)}", remedy)])
        return text

    return AfterValidator(check)


SLUG = r"[a-z0-9]+(?:-[a-z0-9]+)*"
ADDRESSED = r"[A-Za-z0-9]+(?:[._-]+[A-Za-z0-9]+)*"
"""What a part of an address can be without being written otherwise there: ``first-reading``, ``open_one``."""
Slug = Annotated[str, pattern(SLUG, "lower-case letters, digits and single hyphens", "as in first-reading")]


def _short(text: str) -> str:
    if len(quote(text)) > LONGEST_ID:
        found = f"found one of {len(text)} characters"
        raise Faults(
            [Fault(f"expected a model's id that a folder can be named by, {LONGEST_ID} bytes at most, {found}")]
        )
    return text


LONGEST_ID = 200
"""Bytes of a model's id, percent-encoded: what every file system takes as a name."""
ModelId = Annotated[
    str,
    pattern(r"[^\s\x00-\x1f\x7f]+", "a model's id as its maker writes it, without spaces"),
    AfterValidator(_short),
]
Sha256 = Annotated[str, pattern(r"[0-9a-f]{64}", "a SHA-256 as 64 lower-case hex digits", "as sha256sum prints it")]


def _from_one(number: int) -> int:
    if number < 1:
        raise Faults([Fault(f"expected a number from 1, found {number}")])
    return number


Ordinal = Annotated[int, AfterValidator(_from_one)]
"""1, 2, 3 …"""


def _day_or_silence(value: object) -> object:
    return None if value == "not_recorded" else value


Day = date
"""A date under a name that no field has: records have fields called ``date``."""

DayOrSilence = Annotated[date | None, BeforeValidator(_day_or_silence)]
"""A date, or ``"not_recorded"`` (then None)."""


@dataclass(frozen=True, slots=True)
class Share:
    """So many of so many, as in ``expression_rate = "3 of 10"``."""

    k: int
    n: int

    def __str__(self) -> str:
        return f"{self.k} of {self.n}"

    plain = __str__


def _share(value: object) -> Share:
    numbers = re.fullmatch(r"(0|[1-9]\d{0,8}) of ([1-9]\d{0,8})", value) if isinstance(value, str) else None
    if numbers is None:
        raise Faults([Fault(f"expected k of n, found {shown(value)}", 'write for instance "3 of 10"')])
    share = Share(*map(int, numbers.groups()))
    if share.k > share.n:
        raise Faults([Fault(f"{share} is more than all", "the first number counts within the second")])
    return share


ShareOf = Annotated[Share, PlainValidator(_share)]


def answers(fields: Iterable[Field], *, complete: bool = False) -> BeforeValidator:
    """A table of field → answer, each as `archive.records.answer` wants it; `complete` asks for every field."""
    known = {f.key: f for f in fields}

    def check(table: object) -> object:
        if isinstance(table, dict):
            refuse([*answer_faults(table, known), *(_missing(table, known) if complete else ())])
        return table

    return BeforeValidator(check)


def _missing(table: Mapping[str, Any], known: Mapping[str, Field]) -> Iterator[Fault]:
    for key in known:
        if key not in table:
            yield Fault("is missing", f'answer it, or add {key} = "not_recorded"', (key,))


def answer_faults(
    table: Mapping[str, Any], known: Mapping[str, Field], *, otherwise: str = "`archive vocabulary` lists them"
) -> Iterator[Fault]:
    """What is wrong with a table of field → answer, or field → answers where the field takes several.

    `otherwise` is what to do about a field that is not known and looks like none that is.
    """
    for key, said in table.items():
        if key not in known:
            yield Fault("there is no such field", suggestion(key, known, otherwise), (key,))
        elif isinstance(said, list) and not known[key].many:
            yield Fault("expected one answer, found a list", "write one text in quotes", (key,))
        else:
            for item in said if isinstance(said, list) else [said]:
                if not isinstance(item, str):
                    yield Fault(f"expected text in quotes, found {shown(item)}", "", (key,))
                elif wrong := fault(item, known[key]):
                    yield Fault(*wrong, key=(key,))
