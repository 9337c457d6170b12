"""Shares as one SVG: a dot for k of n and a line for its interval, a row a level, level below level.

All numbers stand in words at the right, so that nothing has to be measured. Colours are those of all drawings.
"""

import textwrap
from collections.abc import Sequence
from dataclasses import dataclass

from archive.research import strokes
from archive.research.levels import counted
from archive.research.proportions import Proportion
from archive.wording import shorten

WIDTH, START, END, WORDS = 720.0, 236.0, 556.0, 574.0
"""Of the whole, of the scale, of the words at the right; in pixels, as everything here."""
HEAD, ROW, GAP = 66.0, 19.0, 14.0
LETTERS, WIDEST = 32, 96
"""How many fit before the scale, and across."""
_SIZE = "<style>.drawing .plot{min-width:38rem;max-width:50rem}</style>"
"""In a page: as large as its words, however wide that is."""


@dataclass(frozen=True, slots=True)
class Line:
    """One row: a heading where it has no share."""

    name: str
    share: Proportion | None = None


def svg(title: str, lines: Sequence[Line]) -> bytes:
    """The drawing; the same lines, the same bytes."""
    body: list[str] = []
    y = HEAD
    for line in lines:
        if line.share is None:
            y += GAP
            body.append(strokes.text(shorten(line.name, WIDEST), 0, y + 4))
        else:
            body += _row(line.name, line.share, y)
        y += ROW
    height = y + 4
    axis = [part for tenth in range(0, 11, 2) for part in _tick(tenth / 10, height)]
    name = textwrap.shorten(title, WIDEST - 10, placeholder=" …")
    parts = [*strokes.head("plot", name, WIDTH, height), _SIZE, *axis, *body, "</svg>"]
    return "".join(f"{part}\n" for part in parts).encode()


def _tick(share: float, bottom: float) -> tuple[str, str]:
    label = strokes.text(f"{share:.0%}", _x(share), HEAD - 18, "quiet", ' text-anchor="middle"')
    return strokes.upright("rule", _x(share), HEAD - 12, bottom), label


def _row(name: str, share: Proportion, y: float) -> list[str]:
    drawn = [strokes.text(shorten(name, LETTERS), 12, y + 4, "quiet"), strokes.text(counted(share), WORDS, y + 4)]
    sure = share.interval
    if sure:
        low, high = _x(sure.low), _x(sure.high)
        drawn.append(strokes.line("use", low, high, y, width=2))
        drawn += [strokes.upright("use", end, y - 4, y + 4, ' stroke-width="2"') for end in (low, high)]
        place = f'cx="{strokes.px(_x(share.k / share.n))}" cy="{strokes.px(y)}"'
        drawn.append(f'<circle {strokes.paint("mark")} {place} r="4"/>')
    return drawn


def _x(share: float) -> float:
    return START + (END - START) * share
