"""Words: text, a `Span` that is set apart or leads somewhere, or several of these. Nothing in a text is markup."""

import re
from dataclasses import dataclass
from typing import Literal

from archive import characters

Style = Literal["", "strong", "em", "code", "mark"]


@dataclass(frozen=True, slots=True)
class Span:
    """Words that are set apart, or lead somewhere: within the page (``#setting-1``) or to an address."""

    text: str
    style: Style = ""
    """``mark`` is what somebody looked for."""
    href: str = ""


Words = str | Span | tuple[str | Span, ...]


def spans(words: Words) -> list[Span]:
    """The parts of what is said."""
    parts = words if isinstance(words, tuple) else (words,)
    return [Span(part) if isinstance(part, str) else part for part in parts]


def joined(*parts: Words) -> Words:
    """One after the other."""
    return tuple(span for part in parts for span in spans(part))


def parted(by: str, *parts: Words) -> Words:
    """One after the other with `by` between them; what is empty is left out."""
    found: list[str | Span] = []
    for part in parts:
        if not part:
            continue
        found += [by, *spans(part)] if found else spans(part)
    return tuple(found)


def bare(words: Words) -> str:
    """The text alone."""
    return words if isinstance(words, str) else "".join(span.text for span in spans(words))


def marked(text: str, places: tuple[tuple[int, int], ...]) -> Words:
    """A text with what stands at these places marked."""
    parts: list[str | Span] = []
    end = 0
    for start, stop in sorted(places):
        parts += [text[end:start], Span(text[start:stop], "mark")]
        end = stop
    return tuple(part for part in (*parts, text[end:]) if part)


def leads_out(href: str) -> bool:
    """Whether an address leads somewhere from any page."""
    return bool(re.match(r"(https?://|mailto:)[^\s<>]+\Z", href, re.IGNORECASE))


def held(text: str) -> str:
    """`text` as a page can hold it; lines end in ``\\n``."""
    return characters.held(text.replace("\r\n", "\n"))


def visible(text: str) -> str:
    """`text` as a terminal can show it, with what cannot be seen or would command it marked; spaces are spaces."""
    if text.isprintable():
        return text
    return "".join(c if c.isprintable() or c == "\n" else _seen(c) for c in text)


def _seen(c: str) -> str:
    return " " if c.isspace() else f"⟨{characters.code(c)}⟩"
