"""The face that pictures are lettered in: Source Serif Pro (SIL Open Font License), drawn by one FreeType.

It comes with two packages, each pinned to one version, and no font of the system is asked: so a letter has the same
dots on every machine. Letters stand one after the other, as Latin, Greek and Cyrillic ones do; whatever needs more
than that, or is not in the face, is not `drawable`, and is better left out than shown as boxes.
"""

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Sequence
from functools import cache, lru_cache
from itertools import accumulate
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from archive.errors import Error
from publisher.site.png import DOTS

if TYPE_CHECKING:
    from PIL.Image import Image
    from PIL.ImageFont import FreeTypeFont

PINNED = ("13.0.0", "2.14.3")
"""Pillow, and the FreeType in it."""

MARGIN = 2 * DOTS
"""Dots before a line's first letter and after its last, for what reaches over its edge."""

_DRAWN = re.compile(
    "[ -~\xa0-\xac\xae-\u012b\u012e-\u0131\u0134-\u0149\u014c-\u0165\u0168-\u017f\u018f\u0192\u01a0\u01a1\u01af\u01b0"
    "\u01cd-\u01dc\u0218-\u021b\u0259\u1e80-\u1e85\u1e9e\u1ea0-\u1ef9"  # Latin
    "\u0384-\u038a\u038c\u038e-\u03a1\u03a3-\u03ce"  # Greek
    "\u0400-\u045f\u0462\u0463\u0490-\u0493\u0496-\u049b\u04a0-\u04a3\u04aa\u04ab\u04ae-\u04b3\u04b6\u04b7\u04ba\u04bb"
    "\u04d0\u04d1\u04d4-\u04d9\u04e2\u04e3\u04e6-\u04e9\u04ee\u04ef\u04f2\u04f3"  # Cyrillic
    "\u2010\u2012-\u2015\u2018-\u201a\u201c-\u201e\u2020-\u2022\u2026\u2030\u2032\u2033\u2039\u203a\u20ac\u2116\u2122"
    "\u2190-\u2193\u2212\u221e\u2248\u2260\u2264\u2265]*"
)
_LEVELS = bytes((dot * 3 + 127) // 255 for dot in range(256))


def drawable(text: str) -> bool:
    """Whether the face has every letter of a text: no for ``日本語``, and no for what is empty."""
    return bool(text.strip()) and _DRAWN.fullmatch(plain(text)) is not None


def plain(text: str) -> str:
    """A text as it is lettered: on one line, an accent and its letter as one character."""
    return " ".join(unicodedata.normalize("NFC", text).split())


def width(text: str, size: int) -> int:
    """Dots from the first letter's beginning to where a next one would begin; `size` is that of the letters' body."""
    return sum([_glyph(letter, size).advance for letter in text])


def fitting(text: str, size: int, wide: int) -> int:
    """How many of a text's letters are no wider together than that."""
    return bisect_right([*accumulate(_glyph(letter, size).advance for letter in text)], wide)


def block(lines: Sequence[str], size: int, leading: int) -> tuple[int, bytes]:
    """How wide lines below each other are with their margins, and their dots row by row, from 0 to 3.

    The first line's letters stand on the row that has the number of their size, each other `leading` rows further
    down; a third of their size below the last line is the end.
    """
    from PIL import Image

    wide = -(-(max(width(text, size) for text in lines) + 2 * MARGIN) // DOTS) * DOTS
    image = Image.new("L", (wide, height(len(lines), size, leading)))
    for number, text in enumerate(lines):
        x = 0
        for letter in text:
            glyph = _glyph(letter, size)
            image.paste(255, (x, number * leading), glyph.dots)
            x += glyph.advance
    return wide, image.tobytes().translate(_LEVELS)


def height(lines: int, size: int, leading: int) -> int:
    """Rows of a block."""
    return size + (lines - 1) * leading + size // 3


class _Glyph(NamedTuple):
    """A letter with its margins."""

    advance: int
    dots: "Image"


@lru_cache(maxsize=1024)
def _glyph(letter: str, size: int) -> _Glyph:
    from PIL import Image, ImageDraw

    font = _font(size)
    advance = round(font.getlength(letter))
    image = Image.new("L", (advance + 2 * MARGIN, height(1, size, 0)))
    ImageDraw.Draw(image).text((MARGIN, size), letter, 255, font, anchor="ls")
    return _Glyph(advance, image)


@cache
def _font(size: int) -> "FreeTypeFont":
    """Without ligatures and the like: what sets those is not in every Pillow."""
    import font_source_serif_pro
    from PIL import ImageFont, __version__, features

    if (found := (__version__, features.version("freetype2"))) != PINNED:
        wanted, there = (f"Pillow {pillow} with FreeType {freetype}" for pillow, freetype in (PINNED, found))
        raise Error(f"cards are drawn by {wanted}, but {there} is installed: install emeritus anew")
    path = Path(font_source_serif_pro.__file__).with_name("files") / "SourceSerifPro-Regular.otf"  # .ttf: odd widths
    return ImageFont.truetype(path, size, layout_engine=ImageFont.Layout.BASIC)
