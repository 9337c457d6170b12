"""Colours that can be read: contrast as WCAG 2.2 has it, and the nearest colour that has enough."""

from collections.abc import Sequence

LIGHT, DARK = ("#fcfbf8", "#f3f0e9"), ("#181715", "#22201d")
"""The grounds of a page, ``--paper`` and ``--wash`` of its style sheet, in each scheme."""
AA = 4.5
"""The least contrast of text (WCAG 2.2, 1.4.3)."""


def contrast(one: str, other: str) -> float:
    """1 to 21, of two colours such as ``#0b5563``."""
    low, high = sorted((_luminance(one), _luminance(other)))
    return (high + 0.05) / (low + 0.05)


def readable(colour: str, grounds: Sequence[str]) -> bool:
    """Whether text in it has enough contrast on all of these."""
    return all(contrast(colour, ground) >= AA for ground in grounds)


def nearest(colour: str, grounds: Sequence[str]) -> str:
    """The colour itself, or the first that is `readable` on its way to black, on light grounds, or to white."""
    end = 0 if _luminance(grounds[0]) > 0.5 else 255
    steps = ([round(part + (end - part) * step / 255) for part in _parts(colour)] for step in range(256))
    shades = ("#" + "".join(f"{part:02x}" for part in parts) for parts in steps)
    return next(shade for shade in shades if readable(shade, grounds))


def _parts(colour: str) -> list[int]:
    return [int(colour[place : place + 2], 16) for place in (1, 3, 5)]


def _luminance(colour: str) -> float:
    """WCAG 2.2, relative luminance."""
    shares = (part / 255 for part in _parts(colour))
    red, green, blue = (share / 12.92 if share <= 0.04045 else ((share + 0.055) / 1.055) ** 2.4 for share in shares)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
