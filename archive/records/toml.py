"""TOML values, as a file has them and as a message shows them."""

import re
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from archive.wording import shorten

_ESCAPES = {
    **{code: f"\\u{code:04X}" for code in (*range(0x20), 0x7F)},
    **{
        ord(c): f"\\{e}"
        for c, e in {"\\": "\\", '"': '"', "\b": "b", "\t": "t", "\n": "n", "\f": "f", "\r": "r"}.items()
    },
}
_IN_LINES = {code: escape for code, escape in _ESCAPES.items() if chr(code) not in '\t\n"'}


def string(text: str) -> str:
    """`text` as a TOML string that reads back as exactly `text`; several lines stand as several lines."""
    if "\n" not in text:
        return in_one_line(text)
    return '"""\n' + re.sub(r'"(?="|\Z)', r'\\"', text.translate(_IN_LINES)) + '"""'


def in_one_line(text: str) -> str:
    """`text` as a TOML string in one line, its line breaks written as ``\\n``."""
    return f'"{text.translate(_ESCAPES)}"'


def table(header: str, values: Mapping[str, Any]) -> str:
    """A TOML table: its header, then a line for each value; a value that is itself a table has dotted keys."""
    lines = [header] if header else []
    for key, value in values.items():
        inner = value.items() if isinstance(value, Mapping) else [("", value)]
        lines += [f"{key}{f'.{bare(name)}' if name else ''} = {toml(v)}" for name, v in inner]
    return "".join(f"{line}\n" for line in lines)


def bare(key: str) -> str:
    """One part of a key, in quotes where it needs them."""
    return key if re.fullmatch(r"[A-Za-z0-9_-]+", key) else in_one_line(key)


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
