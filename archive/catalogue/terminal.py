"""Text for a terminal: wrapped at words, in the lines it had, and nothing in it that a terminal would obey."""

import re
import textwrap
from collections.abc import Iterable

from archive import characters

_ON, _OFF = "\ue000", "\ue001"


def visible(text: str) -> str:
    """`text` with what cannot be seen, or would command the terminal, as its number; spaces are spaces."""
    spaced = re.sub(f"[\t\u3000{characters.SPACES}]", " ", text)
    return "".join(
        part if part in (_ON, _OFF) else characters.marked(part) for part in re.split(f"([{_ON}{_OFF}])", spaced)
    )


def bold(text: str, marks: Iterable[tuple[int, int]]) -> str:
    """`text` for `wrapped`, which will show these places in bold."""
    for start, end in sorted(marks, reverse=True):
        text = f"{text[:start]}{_ON}{text[start:end]}{_OFF}{text[end:]}"
    return text


def wrapped(text: str, width: int, first: str = "", rest: str | None = None) -> list[str]:
    """The lines of `text`, each at most `width` wide; `first` stands before the first, `rest` before all others."""
    rest = " " * len(first) if rest is None else rest
    lines: list[str] = []
    for paragraph in visible(text.replace("\r\n", "\n").replace("\t", "    ")).strip("\n").split("\n"):
        own = " " * min(len(paragraph) - len(paragraph.lstrip(" ")), width // 4)
        lines += textwrap.wrap(
            paragraph.lstrip(" "),
            width,
            initial_indent=(rest if lines else first) + own,
            subsequent_indent=rest + own,
            break_long_words=False,
            break_on_hyphens=False,
        ) or [(rest if lines else first).rstrip()]
    return [line.replace(_ON, "\x1b[1m").replace(_OFF, "\x1b[0m") for line in lines]


def cut(text: str, width: int) -> str:
    """In one line of at most `width` characters."""
    line = visible(" ".join(text.split()))
    return line if len(line) <= width else line[: width - 1].rstrip() + "…"
