"""A TOML document with values changed in place: comments, order and whatever is not named stay byte for byte.

What was meant is read back: a document that is written in a way this module does not know is refused, never guessed at.
"""

import copy
import re
import tomllib
from collections.abc import Mapping
from typing import Any

from archive.errors import Problem, Refused
from archive.records import places
from archive.records.places import Place
from archive.records.toml import table, toml

_VALUE = re.compile(
    r"""(?P<key>[^=\n]*=[ \t]*)(?:\"{3}.*?\"{3,5}|'{3}.*?'{3,5}|"(?:\\.|[^"\\\n])*"|'[^'\n]*'|[^#\n"']*[^#\s"'])"""
    r"""(?=[ \t]*(?:\#[^\n]*)?\r?$)""",
    re.DOTALL | re.MULTILINE,
)
"""A key and its value, from the start of its line on."""


def put(text: str, name: str, key: str, value: str, said: str = "") -> str:
    """`text` with ``key = "value"`` in the table ``[name]``, where it stands; else below the header, and `said` above.

    >>> put('[newsletter]\\ntitle = "Letters"  # for readers\\n', "newsletter", "title", "Post")
    '[newsletter]\\ntitle = "Post"  # for readers\\n'

    Raises `Refused`, with the line, where it is written in another way than one line a key.
    """
    lines = places.lines(text)
    loc = (name, key)
    meant = copy.deepcopy(tomllib.loads(text))
    meant.setdefault(name, {})[key] = value
    if loc in lines:
        return _checked(_replaced(text, lines[loc], value), meant, loc, lines)
    if (name,) not in lines:
        return _checked(f"{ended(text)}\n{table(f'[{name}]', {key: value})}", meant, loc, lines)
    rows = text.split("\n")
    rows[lines[name,] : lines[name,]] = [*(f"# {row}" for row in said.splitlines()), f"{key} = {toml(value)}"]
    return _checked("\n".join(rows), meant, loc, lines)


def put_in(text: str, names: tuple[str, str], number: int, key: str, value: str) -> str:
    """The same for a table of a list: the one with this `number`, from 0, of ``[[review.criteria]]``.

    Raises `Refused` as `put` does.
    """
    lines = places.lines(text)
    meant = copy.deepcopy(tomllib.loads(text))
    meant[names[0]][names[1]][number][key] = value
    loc = (*names, number, key)
    return _checked(_replaced(text, lines.get(loc, 0), value), meant, loc, lines)


def add(text: str, names: tuple[str, str], values: Mapping[str, str]) -> str:
    """`text` with a further table of the list ``[[review.criteria]]`` at its end. Raises `Refused` as `put` does."""
    meant = copy.deepcopy(tomllib.loads(text))
    meant.setdefault(names[0], {}).setdefault(names[1], []).append(dict(values))
    header = f"[[{'.'.join(names)}]]"
    return _checked(f"{ended(text)}\n{table(header, values)}", meant, names, places.lines(text))


def ended(text: str) -> str:
    """With an end to its last line."""
    return text if not text or text.endswith("\n") else f"{text}\n"


def _replaced(text: str, line: int, value: str) -> str:
    """With another value on a line, counted from 1; the same where none is found there."""
    start = sum(len(row) + 1 for row in text.split("\n")[: line - 1])
    found = _VALUE.match(text, start) if line else None
    return text[:start] + found["key"] + toml(value) + text[found.end() :] if found else text


def _checked(made: str, meant: Mapping[str, Any], loc: Place, lines: Mapping[Place, int]) -> str:
    try:
        if tomllib.loads(made) == meant:
            return made
    except tomllib.TOMLDecodeError:
        pass
    line = places.line(lines, loc)
    place = f"archive.toml{f':{line}' if line else ''} {places.path(loc, meant)}"
    remedy = "write it there yourself; `archive file archive.toml` says what is wrong with it"
    raise Refused([Problem(place, "is written in a way that cannot be changed from here", remedy)])
