"""A record as somebody types it, key by key in fields of a form: text that becomes dates, numbers, lists, tables.

    {"state": "retired", "date": "2026-01-05", "called": ""}  →  {"state": "retired", "date": date(2026, 1, 5)}

What is blank was not said. A list has an item a line; a table of file and hash has lines as `sha256sum` prints them.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from datetime import date
from typing import Any, get_args

from pydantic import ValidationError

from archive.errors import Problem, Refused
from archive.records.record import Record
from archive.records.sidecar import faults_of
from archive.records.toml import shown

Said = Mapping[str, str]


def typed(record: type[Record], said: Said, place: str) -> dict[str, Any]:
    """The values of a `record`. Raises `Refused` with all that is wrong, each at ``place key``."""
    given = {key: text.strip() for key, text in said.items() if text.strip()}
    values: dict[str, Any] = {}
    problems: list[Problem] = []
    for key, text in given.items():
        try:
            values[key] = _value(record, key)(text)
        except ValueError as error:
            problems.append(Problem(f"{place} {key}", f"expected {error}, found {shown(text)}"))
    refused = {problem.place.rpartition(" ")[2] for problem in problems}
    problems += [each for each in _wrong(record, values, place) if each.place.rpartition(" ")[2] not in refused]
    if problems:
        raise Refused(problems)
    return values


def _wrong(record: type[Record], values: Mapping[str, Any], place: str) -> Iterator[Problem]:
    try:
        record.model_validate(values)
    except ValidationError as error:
        for fault in faults_of(error, record):
            yield Problem(f"{place} {fault.key[0] if fault.key else ''}".rstrip(), fault.found, fault.remedy)


def text_of(value: Any) -> str:
    """What stands in the field for a value that a file has."""
    match value:
        case None:
            return ""
        case Mapping():
            return "\n".join(f"{digest}  {name}" for name, digest in value.items())
        case list() | tuple():
            return "\n".join(map(str, value))
        case float() if value == int(value):
            return str(int(value))
        case _:
            return str(value)


def _value(record: type[Record], key: str) -> Callable[[str], Any]:
    """How the text of a field is read."""
    field = record.model_fields.get(key)
    kinds = {*_within(field.annotation)} if field else set()
    for kind, read in _KINDS.items():
        if kind in kinds:
            return read
    return str


def _within(annotation: Any) -> Iterator[Any]:
    origin = getattr(annotation, "__origin__", annotation)
    yield origin
    for inner in get_args(annotation):
        yield from _within(inner)


def _day(text: str) -> date:
    try:
        found = date.fromisoformat(text)
    except ValueError:
        found = None
    if found is None or str(found) != text:
        raise ValueError("a day like 2026-11-22")
    return found


def _whole(text: str) -> int:
    plain = re.sub(r"[,_ ](?=\d)", "", text)
    if not re.fullmatch(r"-?\d{1,18}", plain):
        raise ValueError("a whole number")
    return int(plain)


def _amount(text: str) -> float:
    plain = re.sub(r"[,_ ](?=\d{3})", "", text)
    if not re.fullmatch(r"-?\d{1,15}(\.\d{1,6})?", plain):
        raise ValueError("an amount like 1450 or 1450.50")
    return float(plain)


def _lines(text: str) -> list[str]:
    return [line.strip() for line in text.split("\n") if line.strip()]


def _hashes(text: str) -> dict[str, str]:
    rows = [re.fullmatch(r"(\S+)\s+\*?(.+)", line) for line in _lines(text)]
    if not all(rows):
        raise ValueError("lines of a SHA-256 and a file's name, as sha256sum prints them")
    return {row[2]: row[1] for row in rows if row}


_KINDS: Mapping[Any, Callable[[str], Any]] = {
    dict: _hashes, tuple: _lines, date: _day, float: _amount, int: _whole,
}  # fmt: skip
