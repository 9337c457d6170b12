"""A TOML document with values changed in place: comments, order and whatever is not named stay byte for byte.

What was meant is read back: a document that is written in a way this module does not know is refused, never guessed at.
"""

import copy
import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from itertools import chain, starmap
from typing import Any

from archive.errors import Problem, Refused
from archive.records import places
from archive.records.places import Place
from archive.records.spans import Span, block, names, spans
from archive.records.toml import bare, table, toml

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

    A table that is not there is made; a further one of a list has the number after the last. A value may be a table.

    >>> changed('title = "A"  # for readers\\n', {("title",): "B", ("context_bias", "method"): "chat"}, "deposit.toml")
    'title = "B"  # for readers\\n\\n[context_bias]\\nmethod = "chat"\\n'

    Raises `Refused` where it is no TOML, or would not say then what was meant.
    """
    try:
        meant = tomllib.loads(text)
        for loc, value in chain.from_iterable(starmap(_flat, values.items())):
            _set(meant, loc, value)
            text = _with(text, meant, loc, value)
        if _filled(tomllib.loads(text)) == _filled(meant):
            return text
        found = "is written in a way that cannot be changed from here"
    except (tomllib.TOMLDecodeError, KeyError, IndexError, TypeError) as error:
        found = f"cannot be changed from here ({str(error) or type(error).__name__})"
    raise Refused([Problem(name, found, "change it in an editor, where it lies")])


def typed(text: str, words: Mapping[str, str | None]) -> dict[Place, Any]:
    """What somebody types as keys and values, as places and values for `changed`; None stays None.

    >>> typed("", {"context_bias.method": "manual: by mail", "answer[1].date": "2026-01-05"})
    {('context_bias', 'method'): 'manual: by mail', ('answer', 0, 'date'): datetime.date(2026, 1, 5)}

    A date, a number, true, false, a list or a text in quotes is what TOML takes it for; all else is text as it stands.
    ``answer[+]`` is a further one. Raises `Refused`.
    """
    problems = []
    found: dict[Place, Any] = {}
    for key, value in words.items():
        if place := _place(text, key):
            found[place] = None if value is None else _value(value)
        else:
            remedy = "as in context_bias.method, interview.2.date, answer[1].status or answer[+].status"
            problems.append(Problem(key or '""', "expected the way to a value", remedy))
    if problems:
        raise Refused(problems)
    return found


_STEP = re.compile(r"""([A-Za-z0-9_-]+|"(?:\\.|[^"\\\n])*"|'[^'\n]*')(?:\[(\+|[1-9]\d{0,5})\])?(\.(?=.)|\Z)""")


def _place(text: str, key: str) -> Place:
    """Empty where the key is none."""
    place: Place = ()
    at = 0
    while at < len(key):
        step = _STEP.match(key, at)
        if step is None:
            return ()
        place += names(step[1])
        if step[2] == "+":
            counts = [span.loc[len(place)] for span in spans(text) if len(span.loc) > len(place) and span.within(place)]
            place += (max((n for n in counts if isinstance(n, int)), default=-1) + 1,)
        elif step[2]:
            place += (int(step[2]) - 1,)
        at = step.end()
    return place


def _value(value: str) -> Any:
    try:
        read = tomllib.loads(f"value = {value}")
    except tomllib.TOMLDecodeError:
        return value
    return value if len(read) > 1 or isinstance(read["value"], dict) else read["value"]


def _filled(value: Any) -> Any:
    """Without tables and lists that hold nothing, which may go with the last that stood in them."""
    if isinstance(value, dict):
        return {key: kept for key, inner in value.items() if (kept := _filled(inner)) not in ({}, [])}
    return [_filled(each) for each in value] if isinstance(value, list) else value


def _flat(loc: Place, value: Any) -> Iterator[tuple[Place, Any]]:
    """A table as its keys, a list of tables as their keys: what else is one value."""
    if isinstance(value, Mapping):
        for key, inner in value.items():
            yield from _flat((*loc, key), inner)
    elif isinstance(value, list | tuple) and value and all(isinstance(each, Mapping) for each in value):
        for number, each in enumerate(value):
            yield from _flat((*loc, number), each)
    else:
        yield loc, value


def _set(table: Any, loc: Place, value: Any) -> None:
    """Raises `KeyError`, `IndexError`, `TypeError` where the way leads nowhere."""
    *way, last = loc
    for step, following in zip(way, loc[1:], strict=True):
        if isinstance(table, list) and step == len(table):
            table.append([] if isinstance(following, int) else {})
        elif isinstance(table, dict) and step not in table:
            table[step] = [] if isinstance(following, int) else {}
        table = table[step]
    if value is not None:
        table[last] = value
    elif isinstance(table, dict):
        table.pop(last, None)
    else:
        del table[last]


def _with(text: str, meant: Any, loc: Place, value: Any) -> str:
    """`text` with one value at its place, or without it; `meant` is what it is to say then."""
    found = spans(text)
    held = next((s for s in found if s.value and s.loc and loc[: len(s.loc)] == s.loc), None)
    if held and held.value and (value is not None or held.loc != loc):
        inner = meant
        for step in held.loc:
            inner = inner[step]
        return text[: held.value[0]] + toml(inner) + text[held.value[1] :]
    if value is None:
        return _without(text, found, loc)
    return _added(ended(text), loc, toml(value))


def _without(text: str, found: Sequence[Span], loc: Place) -> str:
    """Without what stands at a place: the line of a key, the whole of a table with all that is in it."""
    kept, at = list[str](), 0
    for number, span in enumerate(found):
        if span.within(loc) and span.start >= at:
            before = text[at : span.start]
            if before.strip() or not kept:  # what stands between two that go
                kept.append(before if span.value else re.sub(r"\n\s*\Z", "\n", before))
            at = span.end if span.value else block(text, found, number)
    return "".join([*kept, text[at:].rstrip("\n") and text[at:]])


def _added(text: str, loc: Place, value: str) -> str:
    """With a key that is not there yet, in the table it belongs to, or in a new one after what is most like it."""
    found = spans(text)
    table = max((s.loc for s in found if s.value is None and loc[: len(s.loc)] == s.loc), key=len, default=())
    beside = [s for s in found if s.value and s.table != s.loc[:-1] and s.within(loc[: len(s.table) + 1])]
    table = next((s.table for s in beside if len(s.table) >= len(table)), table)  # beside a.b = 1, a.c is written so
    rest = loc[len(table) :]
    known = table or len(rest) == 1 or any(not s.table for s in beside)
    if known and not any(isinstance(step, int) for step in rest):
        return _line(text, found, table, f"{_dotted(rest)} = {value}\n", near=loc[:-1])
    header, key = _header(rest, table)
    ways = [way for n in range(len(loc), len(table), -1) if any(s.within(way := loc[:n]) for s in found)]
    like = [n for n, s in enumerate(found) if s.within((ways or [table])[0])]
    at = block(text, found, like[-1]) if like else len(text)
    before = text[:at].rstrip("\n")
    return (f"{before}\n\n" if before else "") + f"{header}\n{_dotted(key)} = {value}\n{text[at:]}"


def _line(text: str, found: Sequence[Span], table: Place, line: str, *, near: Place) -> str:
    """With a line after the last of its table; after the last that is `near`, where one is."""
    own = [s for s in found if s.table == table]
    if own:
        at = next((s.end for s in reversed(own) if s.value and s.within(near)), own[-1].end)
        return text[:at] + line + text[at:]
    at = block(text, [Span((), (), 0, 0), *found], 0) if found else len(text)
    return text[:at] + line + ("\n" if found else "") + text[at:].lstrip("\n")


def _dotted(way: Place) -> str:
    return ".".join(bare(str(step)) for step in way)


def _header(rest: Place, table: Place) -> tuple[str, Place]:
    """The header of a new table in another, and what is left of the way to a key in it."""
    numbers = [n for n, step in enumerate(rest) if isinstance(step, int)]
    second = len(rest) > 2 and str(rest[1]).isdigit()  # [interview.2]
    length = numbers[0] + 1 if numbers else 2 if second else 1
    way = _dotted(tuple(step for step in (*table, *rest[:length]) if isinstance(step, str)))
    return (f"[[{way}]]" if numbers else f"[{way}]"), rest[length:]


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
