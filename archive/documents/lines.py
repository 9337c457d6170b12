"""Words in the lines of a terminal: broken between words, as wide as they are seen, and nothing in them obeyed."""

import re
from collections.abc import Iterator
from functools import cache

from archive.documents.table import WIDE, columns
from archive.documents.words import Span, Words, spans, visible

_WORD = re.compile(r"\s*\S+")
_CODES = {"strong": "1", "mark": "1", "head": "1", "quiet": "2"}
"""Style → how a terminal is told of it (ECMA-48): bold, faint."""


@cache
def _piece() -> re.Pattern[str]:
    return re.compile(rf"\s*(?:[{WIDE}]|[^\s{WIDE}]+)")


def wrapped(words: Words, width: int, first: str = "", rest: str | None = None, *, colour: bool = False) -> list[str]:
    """Its lines, each at most `width` wide; `first` stands before the first, `rest` before all others.

    The lines that the words have stay, with their indentation. With `colour`, spans are set off.
    """
    rest = " " * columns(first) if rest is None else rest
    lines: list[str] = []
    for text, styles in _paragraphs(words):
        inner = text.lstrip(" ")
        own = " " * min(len(text) - len(inner), width // 4)
        room = width - columns(rest) - len(own)
        for start, end in _folded(inner, room, room if lines else width - columns(first) - len(own)):
            part = _styled(inner, styles[len(text) - len(inner) :], start, end) if colour else inner[start:end]
            lines.append(f"{rest if lines else first}{own}{part}")
        if not inner:
            lines.append((rest if lines else first).rstrip())
    return lines


def bold(text: str, style: str = "head") -> str:
    """A whole line set off."""
    return f"\x1b[{_CODES[style]}m{text}\x1b[0m"


def _paragraphs(words: Words) -> Iterator[tuple[str, list[str]]]:
    """Each line of the words, with the style of each of its characters; none where nothing is styled."""
    parts = spans(words)
    while len(parts) > 1 and not parts[-1].text.strip("\n"):
        parts.pop()
    if len(parts) == 1 and not parts[0].style:
        yield from ((line, []) for line in _seen(parts[0]).strip("\n").split("\n"))
        return
    text, styles = "", list[str]()
    for part in parts:
        for number, line in enumerate(_seen(part).split("\n")):
            if number:
                yield text, styles
                text, styles = "", []
            text += line
            styles += [part.style] * len(line)
    yield text, styles


def _seen(part: Span) -> str:
    return visible(part.text.replace("\r\n", "\n").replace("\t", "    "))


def _folded(text: str, room: int, first: int) -> Iterator[tuple[int, int]]:
    """Where each line of `text` begins and ends; there is room for `first` columns in the first."""
    if text and text.isascii() and len(text.rstrip()) <= first:
        yield 0, len(text.rstrip())
        return
    start = end = 0
    folded = False
    for begins, ends in _words(text, room):
        if end == 0:
            start = begins
        elif columns(text[start:ends]) > (room if folded else first):
            yield start, end
            start, folded = begins, True
        end = ends
    if end:
        yield start, end


def _words(text: str, room: int) -> Iterator[tuple[int, int]]:
    """Where what may not be broken begins and ends: words, and of one too long for a line its wide characters."""
    for word in _WORD.finditer(text):
        long = columns(word[0].strip()) > room and not word[0].isascii()
        for piece in _piece().finditer(word[0]) if long else (word,):
            at = word.start() if long else 0
            begins = at + piece.start() + len(piece[0]) - len(piece[0].lstrip())
            yield begins, at + piece.end()


def _styled(text: str, styles: list[str], start: int, end: int) -> str:
    """A stretch of a line, with what turns each style on and off."""
    found, now = "", ""
    for n in range(start, end):
        style = _CODES.get(styles[n], "") if styles else ""
        if style != now:
            found += ("\x1b[0m" if now else "") + (f"\x1b[{style}m" if style else "")
            now = style
        found += text[n]
    return found + ("\x1b[0m" if now else "")


def unstyled(text: str) -> str:
    """A line without what `wrapped` and `bold` have put in; nothing else of a text can look like it."""
    return re.sub("\x1b\\[[0-9]m", "", text)
