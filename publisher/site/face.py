"""The face that pictures are lettered in: Source Serif Pro (SIL Open Font License), drawn by one FreeType.

It comes with two packages, each pinned to one version, and no font of the system is asked: so a letter has the same
dots on every machine. Letters stand one after the other, as Latin, Greek and Cyrillic ones do; whatever needs more
than that, or is not in the face, is not `drawable`, and is better left out than shown as boxes.
"""

import math
import re
import unicodedata
from bisect import bisect_right
from functools import cache, lru_cache
from itertools import accumulate
from pathlib import Path
from typing import TYPE_CHECKING

from archive.errors import Error
from publisher.site.png import DOTS, Part, part

if TYPE_CHECKING:
    from PIL.Image import Image
    from PIL.ImageFont import FreeTypeFont

PINNED = ("13.0.0", "2.14.3")
"""Pillow, and the FreeType in it."""

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


@lru_cache(maxsize=1024)  # a title is tried in several ways
def width(text: str, size: int) -> int:
    """Dots from the first letter's beginning to where a next one would begin; `size` is that of the letters' body."""
    return sum([_advance(letter, size) for letter in text])


def fitting(text: str, size: int, wide: int) -> int:
    """How many of a text's letters are no wider together than that."""
    return bisect_right([*accumulate(_advance(letter, size) for letter in text)], wide)


def line(text: str, size: int) -> list[Part]:
    """The parts of a line, with a space before it and one after; letters stand on the row that their size numbers.

    A part is a letter, or several where one reaches over the place of the next: ``fo``.
    """
    parts, together = [], " "
    for letter in f"{text} ":
        if not (_reaches(together[-1], size)[1] or _reaches(letter, size)[0]):
            parts.append(_lettered(together, size))
            together = ""
        together += letter
    return [*parts, _lettered(together, size)]


@lru_cache(maxsize=4096)
def _lettered(text: str, size: int) -> Part:
    """A part of a line."""
    from PIL import Image

    image, x = Image.new("L", (width(text, size), leading(size))), 0
    for letter in text:
        image.paste(255, (x - size, 0), _drawn(letter, size))
        x += _advance(letter, size)
    return part(image.width, image.tobytes().translate(_LEVELS))


def leading(size: int) -> int:
    """Rows from a line to the next one below it: no letter is higher, with all its accents."""
    return size * 4 // 3


@lru_cache(maxsize=4096)
def _advance(letter: str, size: int) -> int:
    return math.ceil(_font(size).getlength(letter) / DOTS) * DOTS


@lru_cache(maxsize=4096)
def _reaches(letter: str, size: int) -> tuple[bool, bool]:
    """Whether a letter reaches over the place of the one before it, and of the one after."""
    left, _, right, _ = _drawn(letter, size).point([*_LEVELS]).getbbox() or (size, 0, 0, 0)
    return left < size, right > size + _advance(letter, size)


@lru_cache(maxsize=256)
def _drawn(letter: str, size: int) -> "Image":
    """A letter with as much room on both sides as it is high."""
    from PIL import Image, ImageDraw

    image = Image.new("L", (_advance(letter, size) + 2 * size, leading(size)))
    ImageDraw.Draw(image).text((size, size), letter, 255, _font(size), anchor="ls")
    return image


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
