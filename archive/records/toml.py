"""TOML values, as a file has them and as a message shows them."""

import re
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from archive.wording import shorten

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
