"""The social card of an essay, ``essays/<slug>/card.png``: what a link to it looks like where others share it.

1200 × 630 dots in four colours, from the link colour of the style sheet to its paper: the newsletter, the title, the
author, the issue with its date. A title in letters that the face lacks (`publisher.site.face`) is left to the page,
and the card shows the number of the issue in its place; so are the other lines.
"""

import re
from collections.abc import Iterator
from functools import cache, lru_cache

from archive.wording import written
from publisher.essays.essay import PublishedEssay
from publisher.site import face
from publisher.site.colophon import author
from publisher.site.face import drawable, leading, plain
from publisher.site.png import Band, band, part, png
from publisher.site.site import Issue, Site
from publisher.site.style import of_site

WIDTH, HEIGHT = 1200, 630
LEFT, COLUMN = 96, 1008
"""Where lines begin, and how wide they may be."""
SMALL = 34
SIZES = ((88, 3), (66, 4), (50, 5))
"""Of a title: how large it may be, and how many lines it then may have."""
TOP, RULE = 96, 484
"""The rows on which the newsletter and the rule stand."""
LONGEST = 600
"""Characters that are looked at: more never fit."""


def path(slug: str) -> str:
    """``essays/on-commas/card.png``"""
    return f"essays/{slug}/card.png"


def card(site: Site, issue: Issue, essay: PublishedEssay) -> bytes:
    """The picture."""
    return png(WIDTH, HEIGHT, _colours(of_site(site)), _bands(site, issue, essay))


def told(site: Site, issue: Issue, essay: PublishedEssay) -> str:
    """The same in words, for who does not see it."""
    return f"{essay.record.title}, by {author(site, essay)}. {site.newsletter.title}, issue {issue.number}"


def ready() -> None:
    """Load what cards are drawn by, before this process is copied."""
    face.width("A", SMALL)


def _bands(site: Site, issue: Issue, essay: PublishedEssay) -> Iterator[Band]:
    date = f"Issue {issue.number} · {written(issue.time)} · {issue.week}"
    foot = [author(site, essay), f"{date} · a sample" if site.sample else date]
    yield from _block([site.newsletter.title], SMALL, TOP)
    title = essay.record.title if drawable(essay.record.title) else f"Issue {issue.number}"
    size, lines = _fitted(title)
    middle = (TOP + RULE) // 2  # of what is between; a line's own middle is about a third of its size over its foot
    yield from _block(lines, size, middle + size // 3 - (len(lines) - 1) * leading(size) // 2)
    yield _rule().moved(RULE)
    yield from _block(foot, SMALL, RULE + 50)


def _block(lines: list[str], size: int, first: int) -> Iterator[Band]:
    """Those of the lines that can be lettered, each cut where it is too long; the first stands on that row."""
    for number, text in enumerate(filter(drawable, lines)):
        yield _line(_cut(plain(text), size), size).moved(first - size + number * leading(size))


@lru_cache(maxsize=64)  # most cards have some in common
def _line(text: str, size: int) -> Band:
    return band(WIDTH, LEFT - face.width(" ", size), face.line(text, size))


@cache
def _rule() -> Band:
    return band(WIDTH, LEFT, [part(COLUMN, b"\2" * (2 * COLUMN))])


def _fitted(title: str) -> tuple[int, list[str]]:
    """The largest size at which a title fits, and its lines, about equally long; at the smallest, as much as fits."""
    words = plain(title)[:LONGEST].split(" ")
    for size, most in SIZES:
        lines = _lines(words, size, COLUMN)
        if len(lines) <= most:
            return size, _balanced(words, size, len(lines))
    return size, [*lines[: most - 1], _cut(" ".join(lines[most - 1 :]), size)]


def _balanced(words: list[str], size: int, many: int) -> list[str]:
    """Words in so many lines, none much longer than it must be."""
    narrow, wide = COLUMN // 2, COLUMN
    while wide - narrow > 8:
        between = (narrow + wide) // 2
        narrow, wide = (narrow, between) if len(_lines(words, size, between)) == many else (between, wide)
    return _lines(words, size, wide)


def _lines(words: list[str], size: int, wide: int) -> list[str]:
    """Words in lines no wider than that; a word that is wider is parted."""
    lines, line, room = list[str](), "", 0
    for word in words:
        wants = face.width(f" {word}", size)
        if line and wants <= room:
            line, room = f"{line} {word}", room - wants
            continue
        lines += [line] if line else []
        while face.width(word, size) > wide:
            end = face.fitting(word, size, wide)
            lines, word = [*lines, word[:end]], word[end:]
        line, room = word, wide - face.width(word, size)
    return [*lines, line]


def _cut(text: str, size: int) -> str:
    """A text in one line; an ellipsis stands where there is more of it."""
    text = text[:LONGEST]
    end = face.fitting(text, size, COLUMN)
    if end == len(text):
        return text
    shown = text[: face.fitting(text, size, COLUMN - face.width("…", size))]
    return f"{shown.rpartition(' ')[0] or shown}…"


@cache
def _colours(sheet: str) -> tuple[bytes, ...]:
    """From the ground to the letters: the colour of links, which can be read on paper, and that of paper."""
    ground, paper = (bytes.fromhex(_token(sheet, name)) for name in ("link", "paper"))
    return tuple(
        bytes((low * (3 - step) + high * step + 1) // 3 for low, high in zip(ground, paper, strict=True))
        for step in range(4)
    )


def _token(sheet: str, name: str) -> str:
    """A colour of the style sheet, as it is in the light: ``83311c``."""
    found = re.search(rf"--{name}: #([0-9a-fA-F]{{6}});", sheet)
    assert found, name
    return found[1]
