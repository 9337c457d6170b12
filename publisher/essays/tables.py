r"""Tables of pipes, as GitHub's Markdown has them (GFM 0.29, "Tables (extension)"), with nothing dropped.

What differs from GFM, and why:

- a row with more cells than the head loses the rest there, so such a block is no table at all here: it is shown as it
  was typed, and so is whatever else in it might begin a table;
- so is one that lacks more cells than it has characters, which would grow without measure, or has a row of a bar alone;
- a line of dashes alone makes a heading of ``| a |`` above it, as in CommonMark and in GitHub's own program;
- columns are set by classes, ``<td class="right">``: a page of ours has no styles in its elements;
- ``<div class="table" tabindex="0">`` is around each, for one that is wider than its page, to be moved with keys too.
"""

import re
from collections.abc import Iterator, Sequence
from itertools import chain, pairwise

from markdown_it.common.utils import MD_TRIM_CHARS
from markdown_it.rules_block import StateBlock
from markdown_it.rules_block import table as gfm
from markdown_it.token import Token

ENDED = ["paragraph", "reference"]
"""The blocks that a table ends."""

Span = tuple[int, int]
"""From where to where in the text."""

_BAR = re.compile(r"(?<!\\)\|")


def rule(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    r"""markdown-it's rule for a block that begins in line `start`.

    The opening token of a table has, as ``meta["gaps"]``, every stretch of the text that only parts its cells; the
    text of a cell has, as ``meta["at"]``, where it begins in the text. ``\|`` stands in the text for each ``|`` there.
    """
    crowded: dict[int, int] = state.env.setdefault(CROWDED, {})
    if start in crowded or not gfm(state, start, end, True) or not _heads(state, start, end, silent):
        return False
    before = len(state.tokens), state.level, state.line
    _push(state, start, end)
    made, below = state.tokens[before[0] :], state.line
    wide = len(_cells(state, start))
    rows = [row for row in range(start, below) if row != start + 1]
    typed = [len(_cells(state, row)) for row in rows]
    over = next((row for row, cells in zip(rows, typed, strict=True) if cells > wide), None)
    lacking, length = wide * len(rows) - sum(typed), state.eMarks[below - 1] - state.bMarks[start]
    if over is None and (lacking > length or 0 in typed):
        over = LACKING
    if silent or over is not None:
        del state.tokens[before[0] :]
        _, state.level, state.line = before
    if over is not None:
        crowded.update(dict.fromkeys(range(start, below), over))
        return False
    if not silent:
        _note(state, made, rows)
    return True


CROWDED = "crowded"
"""Under this, the environment of a text has each line of a block that is no table → the line with too many cells."""

LACKING = -1
"""Or this, where too many are lacking."""


def _heads(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """Whether a line is one of a paragraph and the one below no line of dashes: a list begins before a table does.

    What begins a list within a paragraph is told from the paragraph alone, which asks first, silently.
    """
    above: set[int] = state.env.setdefault("heads", set())
    if start not in above:
        below = state.src[slice(*_line(state, start + 1))].strip(MD_TRIM_CHARS)
        others = state.md.block.ruler.getRules("blockquote")
        if not below.strip("-") or any(begins(state, start, end, True) for begins in others):
            return False
    if silent:
        above.add(start)
    return True


def _push(state: StateBlock, start: int, end: int) -> None:
    opening = state.push("frame_open", "div", 1)
    opening.attrs = {"class": "table", "tabindex": "0"}
    gfm(state, start, end, False)
    state.push("frame_close", "div", -1)


def _note(state: StateBlock, made: Sequence[Token], rows: Sequence[int]) -> None:
    """Write down where all that it is made of stands, and say by class how a column is set."""
    cells = [_cells(state, row) for row in rows]
    gaps = [gap for row, found in zip(rows, cells, strict=True) for gap in _gaps(_line(state, row), found)]
    made[1].meta["gaps"] = sorted([*gaps, _line(state, rows[0] + 1)])
    left: Iterator[Span] = iter(())
    for token in made:
        if token.type == "tr_open" and token.map:
            left = iter(_cells(state, token.map[0]))
        if token.type == "inline":
            token.meta["at"] = next(left, (state.eMarks[token.map[0]] if token.map else 0, 0))[0]
        if "style" in token.attrs:
            token.attrs = {"class": str(token.attrs["style"]).removeprefix("text-align:")}


def _line(state: StateBlock, row: int) -> Span:
    return state.bMarks[row] + state.tShift[row], state.eMarks[row]


def _cells(state: StateBlock, row: int) -> list[Span]:
    """The cells of a row, without the white space around them; the first and the last bar need not be there."""
    start, end = _trimmed(state.src, *_line(state, row))
    bars = [start - 1, *(found.start() for found in _BAR.finditer(state.src, start, end)), end]
    spans = [(before + 1, after) for before, after in pairwise(bars)]
    if spans[0][0] == spans[0][1]:
        spans = spans[1:]
    if spans and spans[-1][0] == spans[-1][1]:
        spans = spans[:-1]
    return [_trimmed(state.src, *span) for span in spans]


def _trimmed(text: str, start: int, end: int) -> Span:
    typed = text[start:end]
    left = start + len(typed) - len(typed.lstrip(MD_TRIM_CHARS))
    return left, max(left, start + len(typed.rstrip(MD_TRIM_CHARS)))


def _gaps(line: Span, cells: Sequence[Span]) -> Iterator[Span]:
    edges = [line[0], *chain.from_iterable(cells), line[1]]
    yield from zip(edges[::2], edges[1::2], strict=True)
