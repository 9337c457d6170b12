"""What is said about a text lies beside it in TOML: sidecars are read strictly, in plain English, and written.

A record is a `Record` class. Reading one gives the record, or every problem of the file at once, each with its line::

    deposit.toml:31 [context_bias] method: expected manual or survey, found "manuel"; did you mean "manual"?
    notes/ann.toml:9 [[note]] 2 turn: is missing; add turn = …
"""

import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any, TypeVar, get_args
from urllib.parse import quote

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, PlainValidator, ValidationError
from pydantic import Field as PydanticField

from archive.errors import Problem
from archive.records.vocabulary import Field, Values, fault
from archive.wording import one_of, shorten, suggestion

FORMAT = 1
LARGEST = 8 << 20
"""Bytes; a sidecar is read whole, and no honest one comes near."""

Place = tuple[str | int, ...]
"""The way to a value: ``("claim", 0, "quote", 1, "exact")``."""


class Record(BaseModel):
    """Text from outside, checked: unknown keys, wrong types and conversions are refused."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class Sidecar(Record):
    """A record that is a file of its own."""

    format: int


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing a rule finds wrong, before its file and line are known."""

    found: str
    remedy: str = ""
    key: Place = ()
    """Where, seen from the value the rule looks at."""


class Faults(ValueError):
    """Raised by the rules of a record, and only inside one; `read` turns it into problems."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults = tuple(faults)
        super().__init__("; ".join(f.found for f in self.faults))


def refuse(faults: Iterable[Fault]) -> None:
    """Raise `Faults` if there are any."""
    if found := tuple(faults):
        raise Faults(found)


# ── reading ──────────────────────────────────────────────────────────────────────────────────────────────────────────

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
        lines = _lines(data.decode())
        faults = [(_line(lines, f.key), f) for f in faults_of(error, record)]
        return [
            Problem(f"{place}{f':{line}' if line else ''} {_path(f.key, table)}".rstrip(), f.found, f.remedy)
            for line, f in sorted(faults, key=lambda pair: pair[0])
        ]


def parse(data: bytes, place: str) -> dict[str, Any] | list[Problem]:
    """The TOML document that `data` is, or the one problem that keeps it from being read."""
    if len(data) > LARGEST:
        return [Problem(place, f"expected at most {LARGEST:,} bytes, found {len(data):,}", "keep long texts beside it")]
    if data.startswith(b"\xef\xbb\xbf"):
        return [Problem(f"{place}:1:1", "it begins with a byte order mark", "save it as UTF-8 without one")]
    try:
        return tomllib.loads(data.decode())
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


def shown(value: object) -> str:
    """A TOML value as a message shows it: in one short line."""
    match value:
        case str():
            return f'"{shorten(value)}"'
        case bool():
            return "true" if value else "false"
        case dict():
            return "a table"
        case list() | tuple():
            return "a list"
        case _:
            return shorten(str(value))


def _path(loc: Place, value: Any) -> str:
    """``[interview.3] date``, ``[[claim]] 2 [[quote]] 1 exact``, ``aliases 2``; `value` is the whole document."""
    parts: list[str] = []
    names: list[str] = []
    for key in loc:
        value = value.get(key) if isinstance(value, dict) else value[key] if isinstance(value, list) else None  # type: ignore[index]
        if isinstance(key, str):
            names.append(shorten(key))
            continue
        *tables, name = names or [""]
        parts += [f"[{'.'.join(tables)}]"] * bool(tables)
        parts += [f"[[{name}]] {key + 1}" if isinstance(value, dict) else f"{name} {key + 1}"]
        names = []
    *tables, name = [*names, ""] if isinstance(value, dict) else names or [""]
    if parts:  # inside a list of tables, whose header is named already
        return " ".join(filter(None, (*parts, ".".join(filter(None, (*tables, name))))))
    return " ".join(filter(None, (f"[{'.'.join(tables)}]" if tables else "", name)))


_OPAQUE = re.compile(r'"""(?:\\.|[^\\])*?"{3,5}|\'\'\'.*?\'{3,5}|"(?:\\.|[^"\\\n])*"|\'[^\'\n]*\'|#[^\n]*', re.DOTALL)
_HEADER = re.compile(r"\s*(\[\[?)\s*([\w-]+(?:\s*\.\s*[\w-]+)*)\s*\]\]?\s*")
_KEY = re.compile(r"\s*([\w-]+(?:\s*\.\s*[\w-]+)*)\s*=")


def _lines(text: str) -> dict[Place, int]:
    """Where each table and key of a well-formed document stands, by line from 1 (tomllib does not say)."""
    blank = _OPAQUE.sub(lambda m: "".join("\n" if c == "\n" else " " for c in m[0]), text)
    found: dict[Place, int] = {}
    counts: dict[Place, int] = {}
    table: Place = ()
    for number, line in enumerate(blank.split("\n"), start=1):
        if header := _HEADER.fullmatch(line):
            table = ()
            names = re.split(r"\s*\.\s*", header[2])
            for i, name in enumerate(names):
                table += (name,)
                if header[1] == "[[" and i == len(names) - 1:
                    counts[table] = counts.get(table, -1) + 1
                if table in counts:
                    table += (counts[table],)
            found.setdefault(table, number)
        elif key := _KEY.match(line):
            found.setdefault((*table, *re.split(r"\s*\.\s*", key[1])), number)
    return found


def _line(lines: Mapping[Place, int], loc: Place) -> int:
    """The line of `loc`, or of the nearest thing around it; 0 where nothing is known."""
    return next((lines[loc[:n]] for n in range(len(loc), 0, -1) if loc[:n] in lines), 0)


# ── kinds of value ───────────────────────────────────────────────────────────────────────────────────────────────────

T = TypeVar("T")
Many = Annotated[tuple[T, ...], PydanticField(strict=False)]
"""A TOML list, or tables under one ``[[name]]``."""


def _said(text: str) -> str:
    if not text.strip():
        raise Faults([Fault("is blank", "fill it in")])
    return text


Text = Annotated[str, AfterValidator(_said)]
"""Not blank."""


def choice(values: Values) -> AfterValidator:
    """One of `values`."""

    def check(word: str) -> str:
        if word not in values:
            raise Faults([Fault(f"expected {one_of(values)}, found {shown(word)}", suggestion(word, values))])
        return word

    return AfterValidator(check)


def pattern(regex: str, expected: str, remedy: str = "") -> AfterValidator:
    """Text that matches `regex` as a whole; `expected` is what a message calls it."""

    def check(text: str) -> str:
        if not re.fullmatch(regex, text):
            raise Faults([Fault(f"expected {expected}, found {shown(text)}", remedy)])
        return text

    return AfterValidator(check)


SLUG = r"[a-z0-9]+(?:-[a-z0-9]+)*"
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
    """A table of field → answer, each as `archive.records.vocabulary` wants it; `complete` asks for every field."""
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


def answer_faults(table: Mapping[str, Any], known: Mapping[str, Field]) -> Iterator[Fault]:
    """What is wrong with a table of field → answer, or field → answers where the field takes several."""
    for key, said in table.items():
        if key not in known:
            yield Fault("there is no such field", suggestion(key, known, "`archive vocabulary` lists them"), (key,))
        elif isinstance(said, list) and not known[key].many:
            yield Fault("expected one answer, found a list", "write one text in quotes", (key,))
        else:
            for item in said if isinstance(said, list) else [said]:
                if not isinstance(item, str):
                    yield Fault(f"expected text in quotes, found {shown(item)}", "", (key,))
                elif wrong := fault(item, known[key]):
                    yield Fault(*wrong, key=(key,))


# ── writing ──────────────────────────────────────────────────────────────────────────────────────────────────────────

_ESCAPES = {"\\": "\\\\", '"': '\\"', "\b": "\\b", "\t": "\\t", "\n": "\\n", "\f": "\\f", "\r": "\\r"}


def string(text: str) -> str:
    """`text` as a TOML string that reads back as exactly `text`; several lines stand as several lines."""
    if "\n" not in text:
        return _in_one_line(text)
    body = "".join(c if c in '\t\n"' else _ESCAPES.get(c) or _escaped(c) for c in text)
    return '"""\n' + re.sub(r'"(?="|\Z)', r'\\"', body) + '"""'


def _in_one_line(text: str) -> str:
    return '"' + "".join(_ESCAPES.get(c) or _escaped(c) for c in text) + '"'


def _escaped(c: str) -> str:
    return f"\\u{ord(c):04X}" if ord(c) < 0x20 or ord(c) == 0x7F else c


def table(header: str, values: Mapping[str, Any]) -> str:
    """A TOML table: its header, then a line for each value; a value that is itself a table has dotted keys."""
    lines = [header] if header else []
    for key, value in values.items():
        inner = value.items() if isinstance(value, Mapping) else [("", value)]
        lines += [f"{key}{f'.{_bare(name)}' if name else ''} = {toml(v)}" for name, v in inner]
    return "".join(f"{line}\n" for line in lines)


def _bare(key: str) -> str:
    return key if re.fullmatch(r"[A-Za-z0-9_-]+", key) else _in_one_line(key)


def toml(value: str | int | float | date | Iterable[Any]) -> str:
    """A TOML value: text, number, true or false, date, or a list of these in one line."""
    match value:
        case str():
            return string(value)
        case bool():
            return "true" if value else "false"
        case int() | float() | date():
            return str(value)
        case _:
            return "[" + ", ".join(map(toml, value)) + "]"
