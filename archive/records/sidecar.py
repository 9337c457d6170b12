"""What is said about a text lies beside it in TOML: sidecars are read strictly, in plain English.

A record is a `Record` class. Reading one gives the record, or every problem of the file at once, each with its line::

    deposit.toml:31 [context_bias] method: expected manual or survey, found "manuel"; did you mean "manual"?
    notes/ann.toml:9 [[note]] 2 turn: is missing; add turn = …
"""

import re
import tomllib
from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Any, TypeVar, get_args

from pydantic import BaseModel, ValidationError

from archive.errors import Problem
from archive.records import places
from archive.records.places import Place
from archive.records.record import Fault, Faults, Record, Sidecar
from archive.records.toml import shown
from archive.wording import shorten, suggestion

FORMAT = 1
LARGEST = 8 << 20
"""Bytes; a sidecar is read whole, and no honest one comes near."""

MOST_PARTS = 64
"""Of a key: ``context_bias.system_prompt`` has two."""

R = TypeVar("R", bound=Record)


def read(data: bytes, place: str, record: type[R], **context: Any) -> R | list[Problem]:
    """The record that `data` is, or all its problems in the order of the file.

    `place` names the file in problems. `context` is handed to the record's rules (see `quotation.Quote`).
    """
    table = parse(data, place)
    if isinstance(table, list):
        return table
    if issubclass(record, Sidecar) and (type(table.get("format")) is not int or table["format"] != FORMAT):
        found = "is missing" if "format" not in table else f"expected {FORMAT}, found {shown(table['format'])}"
        remedy = f"add format = {FORMAT} as the first line" if "format" not in table else "a newer program may read it"
        return [Problem(f"{place} format", found, remedy)]
    try:
        return record.model_validate(table, context=context)
    except ValidationError as error:
        lines = places.lines(data.decode())
        faults = [(places.line(lines, f.key), f) for f in faults_of(error, record)]
        return [
            Problem(f"{place}{f':{line}' if line else ''} {places.path(f.key, table)}".rstrip(), f.found, f.remedy)
            for line, f in sorted(faults, key=lambda pair: pair[0])
        ]


def parse(data: bytes, place: str) -> Mapping[str, Any] | list[Problem]:
    """The TOML document that `data` is, which others read too, or the one problem that keeps it from being read."""
    if len(data) > LARGEST:
        return [Problem(place, f"expected at most {LARGEST:,} bytes, found {len(data):,}", "keep long texts beside it")]
    if data.startswith(b"\xef\xbb\xbf"):
        return [Problem(f"{place}:1:1", "it begins with a byte order mark", "save it as UTF-8 without one")]
    if row := _endless_key(data):
        return [Problem(f"{place}:{row}", f"a key in it has more than {MOST_PARTS} parts", "no sidecar has such a key")]
    try:
        return _document(data)
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        column = len(data[data.rfind(b"\n", 0, error.start) + 1 : error.start].decode()) + 1
        return [Problem(f"{place}:{line}:{column}", "this is not UTF-8", "save it as UTF-8")]
    except RecursionError:
        return [Problem(place, "it is nested too deeply to be read", "a sidecar needs no more than three levels")]
    except tomllib.TOMLDecodeError as error:
        return [_syntax_problem(str(error), data.decode(), place)]
    except ValueError:
        return [Problem(place, "a number in it is too long to be read", "write it as text in quotes")]


def _endless_key(data: bytes) -> int:
    """The line, from 1, of a key like ``a.a.a.a``, for which tomllib needs time by the square of its parts; else 0."""
    if all(row.count(b".") < MOST_PARTS for row in data.split(b"\n")):  # of what is mostly looked at no more
        return 0
    rows = places.blank(data.decode(errors="replace")).split("\n")
    keys = ((number, key) for number, row in enumerate(rows, 1) for key in re.split(r"[,=\[\]{}]", row))
    return next((number for number, key in keys if key.count(".") >= MOST_PARTS), 0)


@lru_cache(maxsize=1)  # what a batch is filed with is often the same to the letter
def _document(data: bytes) -> Mapping[str, Any]:
    return tomllib.loads(data.decode())


def _syntax_problem(message: str, text: str, place: str) -> Problem:
    what, _, where = message.partition(" (at ")
    if numbers := re.fullmatch(r"line (\d+), column (\d+)\)", where):
        line, column = map(int, numbers.groups())
    else:
        line, column = text.rstrip("\n").count("\n") + 1, 1
    shows = (text.split("\n")[line - 1 : line] or [""])[0]
    return Problem(
        f"{place}:{line}:{column}",
        f"this is not TOML: {what[:1].lower()}{what[1:]}, in “{shorten(shows)}”",
        'text stands in "quotes", text of several lines in """three"""' if "llegal" in what or "alue" in what else "",
    )


_EXPECTED = {
    "string_type": "text in quotes",
    "int_type": "a whole number",
    "float_type": "a number",
    "bool_type": "true or false",
    "date_type": "a date like 2026-11-22, without quotes",
    "tuple_type": "a list",
    "dict_type": "a table",
    "model_type": "a table",
    "finite_number": "a finite number",
}


def faults_of(error: ValidationError, record: type[BaseModel]) -> Iterator[Fault]:
    """What pydantic found, in our words."""
    for e in error.errors(include_url=False):
        loc = e["loc"]
        cause = e.get("ctx", {}).get("error")
        if isinstance(cause, Faults):
            yield from (Fault(f.found, f.remedy, (*loc, *f.key)) for f in cause.faults)
        elif e["type"] == "missing":
            yield Fault("is missing", f"add {loc[-1]} = …", loc)
        elif e["type"] == "extra_forbidden":
            known = _keys(_model_at(record, loc[:-1]))
            yield Fault("there is no such key", suggestion(str(loc[-1]), known, f"known are {', '.join(known)}"), loc)
        else:
            yield Fault(f"expected {_EXPECTED.get(e['type'], 'something else')}, found {shown(e['input'])}", "", loc)


def _model_at(record: type[BaseModel], loc: Place) -> type[BaseModel]:
    for key in loc:
        if isinstance(key, str) and key in _keys(record):
            record = _model_in(_keys(record)[key]) or record
    return record


def _keys(record: type[BaseModel]) -> dict[str, Any]:
    """Key, as a file has it → its type."""
    return {info.alias or name: info.annotation for name, info in record.model_fields.items()}


def _model_in(annotation: Any) -> type[BaseModel] | None:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    return next(filter(None, map(_model_in, get_args(annotation))), None)
