"""Where each header, key and value of a TOML document stands, by its characters: for changing it in place."""

import re
import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from archive.records.places import Place

_KEY = r"""(?:[A-Za-z0-9_-]+|"(?:\\.|[^"\\\n])*"|'[^'\n]*')"""
_KEYS = rf"{_KEY}(?:[ \t]*\.[ \t]*{_KEY})*"
_HEADER = re.compile(rf"[ \t]*(\[\[?)[ \t]*({_KEYS})[ \t]*\]\]?[ \t]*(?:#[^\n]*)?\r?(?:\n|\Z)")
_PAIR = re.compile(rf"[ \t]*({_KEYS})[ \t]*=[ \t]*")
_TOKEN = re.compile(
    r'"""(?:\\.|[^\\])*?"{3,5}|\'\'\'.*?\'{3,5}|"(?:\\.|[^"\\\n])*"|\'[^\'\n]*\'|#[^\n]*|[\[\]{}]|\n|[^"\'#\[\]{}\n]+',
    re.DOTALL,
)
_LINE = re.compile(r"[^\n]*(?:\n|\Z)")


@dataclass(frozen=True, slots=True)
class Span:
    """A header, or a key with its value, and its place in the text: whole lines, from `start` up to `end`."""

    loc: Place
    table: Place
    """In which table it stands; of a header its own."""
    start: int
    end: int
    value: tuple[int, int] | None = None
    """Where its value stands; None of a header."""

    def within(self, loc: Place) -> bool:
        """Whether it is `loc`, or something in that."""
        return self.loc[: len(loc)] == loc


def spans(text: str) -> list[Span]:
    """Of a well-formed document, in its order."""
    found: list[Span] = []
    counts: dict[Place, int] = {}
    table: Place = ()
    at = 0
    while at < len(text):
        if header := _HEADER.match(text, at):
            table = _named(names(header[2]), counts, many=header[1] == "[[")
            found.append(Span(table, table, at, header.end()))
            at = header.end()
        elif pair := _PAIR.match(text, at):
            ends = _value(text, pair.end())
            line = _LINE.match(text, ends)
            end = line.end() if line else ends
            found.append(Span((*table, *names(pair[1])), table, at, end, (pair.end(), ends)))
            at = end
        else:
            line = _LINE.match(text, at)
            at = line.end() if line and line.end() > at else len(text)
    return found


def names(key: str) -> tuple[str, ...]:
    """The parts of a key as it is written: ``sha256."a.b"`` → ``("sha256", "a.b")``. Raises `TOMLDecodeError`."""
    found: list[str] = []
    inner = tomllib.loads(f"{key} = 0")
    while isinstance(inner, dict):
        (name,) = inner
        found.append(name)
        inner = inner[name]
    return tuple(found)


def _named(parts: Sequence[str], counts: dict[Place, int], *, many: bool) -> Place:
    """The place of a header: a table of a list has its number, the last one's where something stands in it."""
    table: Place = ()
    for part in parts[:-1]:
        table += (part,)
        if table in counts:
            table += (counts[table],)
    table += (parts[-1],)
    if many:
        counts[table] = counts.get(table, -1) + 1
        table += (counts[table],)
    return table


def _value(text: str, start: int) -> int:
    """Where a value ends that begins at `start`; without the space after it."""
    at, depth = start, 0
    for token in _tokens(text, start):
        if depth == 0 and token[0] in "#\n":
            break
        depth += (token in "[{") - (token in "]}")
        at += len(token)
    return start + len(text[start:at].rstrip())


def _tokens(text: str, at: int) -> Iterator[str]:
    while found := _TOKEN.match(text, at):
        yield found[0]
        at = found.end()


def block(text: str, found: Sequence[Span], last: int) -> int:
    """Where what belongs to the table of `found[last]` ends: before the blank lines, and the comment, above the next.

    >>> text = '[a]\\nx = 1\\n# y = 2\\n\\n# about b\\n[b]\\n'
    >>> text[block(text, spans(text), 1):]
    '\\n# about b\\n[b]\\n'
    """
    following = next((span for span in found[last + 1 :] if span.value is None), None)
    start = found[last].end
    rows = re.findall(r"[^\n]*\n|[^\n]+", text[start : following.start if following else len(text)])
    while following and rows and rows[-1].lstrip().startswith("#"):
        rows.pop()
    while rows and not rows[-1].strip():
        rows.pop()
    return start + len("".join(rows))
