"""Places in a TOML file: the way to a value, as a message names it, and the line it stands in."""

import re
from collections.abc import Mapping
from typing import Any

from archive.wording import shorten

Place = tuple[str | int, ...]
"""The way to a value: ``("claim", 0, "quote", 1, "exact")``."""


def path(loc: Place, value: Any) -> str:
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
_PLAIN = re.compile(r"""[^"'#]+""")
_HEADER = re.compile(r"\s*(\[\[?)\s*([\w-]+(?:\s*\.\s*[\w-]+)*)\s*\]\]?\s*")
_KEY = re.compile(r"\s*([\w-]+(?:\s*\.\s*[\w-]+)*)\s*=")


def blank(text: str) -> str:
    """A document with spaces in the place of its strings and comments, as far as it is TOML; lines stay where they are.

    From left to right and never back, so that a text that is made to keep its reader busy does not.
    """
    pieces, at = list[str](), 0
    while found := _PLAIN.match(text, at) or _OPAQUE.match(text, at):
        plain = found.re is _PLAIN
        pieces.append(found[0] if plain else "".join("\n" if c == "\n" else " " for c in found[0]))
        at = found.end()
    return "".join(pieces)


def lines(text: str) -> dict[Place, int]:
    """Where each table and key of a well-formed document stands, by line from 1 (tomllib does not say)."""
    found: dict[Place, int] = {}
    counts: dict[Place, int] = {}
    table: Place = ()
    for number, line in enumerate(blank(text).split("\n"), start=1):
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


def line(lines: Mapping[Place, int], loc: Place) -> int:
    """The line of `loc`, or of the nearest thing around it; 0 where nothing is known."""
    return next((lines[loc[:n]] for n in range(len(loc), 0, -1) if loc[:n] in lines), 0)
