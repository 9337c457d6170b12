"""What a reviewer should see of a text, beside the lines it is about: on the page, and in the text as received."""

import re
from collections.abc import Callable, Iterator, Sequence

from markdown_it.token import Token

from archive import characters
from archive.errors import Problem
from publisher.essays import render
from publisher.essays.source import Source

Beside = dict[int, list[Problem]]
"""Line, from 1 → what is to be said of it."""


def beside(problems: Sequence[Problem]) -> Beside:
    """Those of the text itself, by their lines."""
    found: Beside = {}
    for problem in problems:
        if line := line_of(problem):
            found.setdefault(line, []).append(problem)
    return found


def line_of(problem: Problem) -> int:
    """The line of the text that a problem is about; 0 where it is about another thing."""
    place = re.fullmatch(r"essay\.md:(\d+)(?::\d+)?", problem.place)
    return int(place[1]) if place else 0


def annotated(text: str, noted: Beside, note: Callable[[Sequence[Problem]], str]) -> str:
    """The body as `render.article` makes it, and before each block of it what `note` makes of its problems.

    The body alone, where it is not the sum of its blocks.
    """
    article, source = render.article(text), Source(text)
    blocks = [(block, str(source.renderer.render(block, source.options, {}))) for block in _blocks(source.tokens)]
    if not blocks or "".join(html for _, html in blocks) != article:
        return article
    made, left = "", sorted(noted)
    for number, (block, html) in enumerate(blocks, 1):
        end = (block[0].map or [0, 0])[1] if number < len(blocks) else len(text) + 1
        here = [line for line in left if line <= end]
        left = left[len(here) :]
        made += (str(note([problem for line in here for problem in noted[line]])) if here else "") + html
    return made


def _blocks(tokens: Sequence[Token]) -> Iterator[list[Token]]:
    """The tokens of each block that stands in no other."""
    block: list[Token] = []
    for token in tokens:
        block.append(token)
        if token.level == 0 and token.nesting <= 0:
            yield block
            block = []


def pieces(line: str) -> list[tuple[str, str]]:
    """A line in pieces: (what shows, "") and ("", the name of what does not)."""
    found, end = [], 0
    for start, character in characters.unseen(line):
        found += [(line[end:start], ""), ("", characters.code(character))]
        end = start + 1
    return [piece for piece in (*found, (line[end:], "")) if any(piece)]
