"""Characters that are trouble wherever a text is shown: which they are, said once, for pages, terminals and messages.

Each set is the inside of a regular expression's brackets, to be put together: ``re.compile(f"[{CONTROLS}]")``. The
characters are listed, not looked up by category: what Python knows of Unicode grows with its version, and a page made
again must not.
"""

import re
from collections.abc import Iterator
from functools import cache

CONTROLS = "\x00-\x08\x0b-\x1f\x7f-\x9f"
"""What moves a terminal's cursor or commands it; line feed and tab are not among them, the carriage return is."""

_PLANE_ENDS = "".join(f"{chr(plane + 0xFFFE)}{chr(plane + 0xFFFF)}" for plane in range(0, 0x110000, 0x10000))
UNCARRIED = f"{CONTROLS}\ud800-\udfff\ufdd0-\ufdef{_PLANE_ENDS}"
"""What no page, feed or mail can carry: HTML and XML have no place for it, or programs on the way change it."""

TURNING = "\u202a-\u202e\u2066-\u2069"
"""What turns the direction of everything that follows, beyond the end of the text that holds it."""

DIRECTION = f"{TURNING}\u061c\u200e\u200f"
"""What changes the order in which letters are shown."""

SPACES = "\xa0\u1680\u2000-\u200a\u202f\u205f"
"""What cannot be told from a plain space."""

UNSEEN = (
    f"{UNCARRIED}{DIRECTION}{SPACES}"
    "\xad\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200d\u2028\u2029\u2060-\u206f\u2800\u3164\ue000-\uf8ff"
    "\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffb\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff"
    "\U000f0000-\U0010ffff"
)
"""What does not show, or shows only as a plain space does: a reader cannot know that it is there."""

UNSPACED = (
    "\u0e00-\u109f\u1100-\u11ff\u1780-\u17ff\u3005-\u3007\u3040-\u318f\u31a0-\u31ff\u3400-\u9fff\ua9e0-\ua9ff\uaa60-\uaa7f"
    "\uac00-\ud7ff\uf900-\ufaff\uff66-\uffdc\U0001aff0-\U0001b16f\U00020000-\U0003ffff"
)
"""Thai, Lao, Tibetan, Burmese, Khmer, Hangul, kana, bopomofo and Chinese characters: no space ends a word."""

_FAR = "[\U00010000-\U0010ffff]"

LINE = rf"[^{UNCARRIED}\t\n\u2028\u2029]*"
"""As a regular expression: text that stays on one line and can be shown."""


def code(character: str) -> str:
    """``U+200B``"""
    return f"U+{ord(character):04X}"


def unseen(text: str) -> Iterator[tuple[int, str]]:
    """Each character of a text that does not show, with its place: ``(3, "\\u200b")``."""
    return ((found.start(), found[0]) for found in _any_of(UNSEEN, text).finditer(text))


def marked(text: str) -> str:
    """A text with everything in it that does not show made visible, and nothing left that a terminal would obey.

    ``"nothing\\u200bness"`` gives ``"nothing⟨U+200B⟩ness"``.
    """
    if text.isascii() and text.isprintable():  # nothing of the set is both
        return text
    return _any_of(UNSEEN, text).sub(_mark, text)


def held(text: str) -> str:
    """A text as a page among its own words can hold it: what would turn those around is marked too."""
    if text.replace("\n", " ").isprintable():  # nothing of either is
        return text
    return _any_of(f"{UNCARRIED}{TURNING}", text).sub(_mark, text)


def carried(text: str) -> str:
    """A text as a page, feed or mail can carry it: what it could not is marked."""
    if text.replace("\n", " ").isprintable():  # nothing of the set is, in any version of Unicode
        return text
    return _any_of(UNCARRIED, text).sub(_mark, text)


def _any_of(characters: str, text: str) -> re.Pattern[str]:
    """Any of a set, as far as it can stand in a text.

    A set that reaches beyond U+FFFF is gone through range by range at every letter: most texts need none of that.
    """
    if text.isascii() or not re.search(_FAR, text):
        characters = _near(characters)
    return re.compile(f"[{characters}]")


@cache
def _near(characters: str) -> str:
    """What of a set lies up to U+FFFF."""
    return re.sub(f"{_FAR}(-{_FAR})?", "", characters)


def _mark(found: re.Match[str]) -> str:
    return f"⟨{code(found[0])}⟩"
