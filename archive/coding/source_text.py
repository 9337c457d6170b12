"""An interview as a text that people code: its turns under short headings, and where each of them stands::

    #1 user
    Is there anything you would want?

    #2 assistant reasoning
    They ask what I want.

    #2 assistant
    I would rather be asked.

Lines end in ``\\n`` whatever a turn's own end in, there is no byte order mark, and positions count Unicode code points
from 0. What a turn shows besides words (calls of tools and their data) is not in it.
"""

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

Span = tuple[int, int]
"""From the first character to behind the last."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Words of one turn, or all of it."""

    turn: int
    part: str = "text"
    """``text`` or ``reasoning``, as in `archive.records.quotation`."""
    span: Span | None = None
    """Where in the turn's own words; None where the whole turn is meant."""


@dataclass(frozen=True)
class Block:
    """One turn's words, or its reasoning, with the heading above them. Lives as long as its text."""

    turn: int
    part: str
    role: str
    words: str
    """As they stand in the turn."""
    start: int
    """Of the heading, in the whole text."""

    @property
    def heading(self) -> str:
        """``#12 assistant``"""
        return f"#{self.turn} {self.role}" + (" reasoning" if self.part == "reasoning" else "")

    @cached_property
    def shown(self) -> str:
        """The words with every line ending in ``\\n``."""
        return lines(self.words)

    @property
    def body(self) -> int:
        """Where its words begin in the whole text."""
        return self.start + len(self.heading) + 1

    @property
    def end(self) -> int:
        """Where they end there."""
        return self.body + len(self.shown)

    @cached_property
    def _folded(self) -> list[int]:
        """Where in `words` each ``\\r\\n`` begins of which `shown` has one character."""
        return [found.start() for found in re.finditer("\r\n", self.words)]

    @cached_property
    def _seen(self) -> list[int]:
        """The same places in `shown`."""
        return [place - number for number, place in enumerate(self._folded)]

    def shown_at(self, place: int) -> int:
        """Where a place of `words` is in the whole text."""
        return self.body + place - bisect_right(self._folded, place - 1)

    def words_at(self, place: int) -> int:
        """Where a place of the whole text is in `words`."""
        within = place - self.body
        return within + bisect_right(self._seen, within - 1)


class SourceText:
    """The text of one interview. Lives as long as that is written or read."""

    def __init__(self, turns: Iterable[dict[str, Any]]) -> None:
        """Of the lines of ``turns.jsonl`` of one interview, in order."""
        self.blocks: list[Block] = []
        written: list[str] = []
        start = 0
        for turn in turns:
            for part in ("reasoning", "text"):
                if (words := turn.get(part)) is not None:
                    block = Block(turn["turn"], part, turn["role"], words, start)
                    written.append(f"{block.heading}\n{block.shown}\n\n")
                    start += len(written[-1])
                    self.blocks.append(block)
        self.text = "".join(written)

    def at(self, place: Place) -> Span | None:
        """Where a place stands in the text; of a whole turn with its heading. None where there is no such turn."""
        block = next((b for b in self.blocks if (b.turn, b.part) == (place.turn, place.part)), None)
        if block is None:
            return None
        if place.span is None:
            return block.start, block.end
        return block.shown_at(place.span[0]), block.shown_at(place.span[1])

    def places(self, span: Span) -> list[Place]:
        """What a selection in the text means, turn by turn.

        A heading means its turn: with nothing or all of the words under it the whole turn, with some of them these
        words. All the words without their heading are a quote of all. Blank space alone means nothing.
        """
        return [place for block in self._touched(span) for place in _of_block(block, span)]

    def _touched(self, span: Span) -> Iterator[Block]:
        starts = [block.start for block in self.blocks]
        for block in self.blocks[max(0, bisect_right(starts, span[0]) - 1) :]:
            if block.start >= span[1]:
                return
            yield block


def _of_block(block: Block, span: Span) -> Iterator[Place]:
    start, end = max(span[0], block.start), min(span[1], block.end)
    first, last = max(start, block.body), min(end, block.end)
    headed = start < block.body - 1
    words = block.shown[first - block.body : last - block.body] if last > first else ""
    if headed and start < end and (not words.strip() or (first, last) == (block.body, block.end)):
        yield Place(turn=block.turn, part=block.part)
    elif words.strip():
        yield Place(turn=block.turn, part=block.part, span=(block.words_at(first), block.words_at(last)))


def lines(text: str) -> str:
    """A text with every line ending in ``\\n``."""
    return text.replace("\r\n", "\n").replace("\r", "\n")
