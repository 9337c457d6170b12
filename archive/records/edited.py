"""A TOML document with values changed in place: comments, order and whatever is not named stay byte for byte.

What was meant is read back: a document that is written in a way this module does not know is refused, never guessed at.
"""

import copy
import re
import tomllib
from collections.abc import Mapping, MutableMapping, MutableSequence
from typing import Any

import tomlkit
from tomlkit.exceptions import TOMLKitError

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


def changed(text: str, values: Mapping[Place, Any], name: str) -> str:
    """`text`, the document called `name`, with these values at their places; None takes away what stands there.

    A table that is not there is made; a further one of a list has the number after the last.

    >>> changed('title = "A"  # for readers\\n', {("title",): "B", ("context_bias", "method"): "chat"}, "deposit.toml")
    'title = "B"  # for readers\\n\\n[context_bias]\\nmethod = "chat"\\n'

    Raises `Refused` where it is no TOML, or would not say then what was meant.
    """
    try:
        document, meant = tomlkit.parse(text), tomllib.loads(text)
        for loc, value in values.items():
            _set(document, loc, value)
            _set(meant, loc, value)
        made = tomlkit.dumps(document)
        if tomllib.loads(made) == meant:
            return made
        found = "is written in a way that cannot be changed from here"
    except (TOMLKitError, tomllib.TOMLDecodeError, KeyError, IndexError, TypeError) as error:
        found = f"cannot be changed from here ({str(error) or type(error).__name__})"
    raise Refused([Problem(name, found, "change it in an editor, where it lies")])


def _set(table: Any, loc: Place, value: Any) -> None:
    """Raises `KeyError`, `IndexError`, `TypeError` where the way leads nowhere."""
    *way, last = loc
    for step, following in zip(way, loc[1:], strict=True):
        if isinstance(table, MutableSequence) and step == len(table):
            table.append(_empty(table, following))
        elif isinstance(table, MutableMapping) and step not in table:
            table[step] = _empty(table, following)
        table = table[step]
    if value is not None:
        table[last] = value
    elif last in table if isinstance(table, MutableMapping) else True:
        del table[last]


def _empty(around: Any, following: str | int) -> Any:
    """A new table, or a list of tables where a number follows; of tomlkit where `around` is."""
    ours = type(around).__module__.startswith("tomlkit")
    if isinstance(following, int):
        return tomlkit.aot() if ours else []
    return tomlkit.table() if ours else {}


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
