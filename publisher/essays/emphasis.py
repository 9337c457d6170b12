"""Emphasis for languages that have no space between words: ``**「重点」**と`` is shown in bold, without its asterisks.

In CommonMark a mark beside punctuation must have a space or punctuation on its other side, as Latin script has it
there; Chinese and Japanese do not, nor does Korean before a particle. So a mark may also stand between punctuation and
a CJK character, and CJK punctuation counts as a letter there. Where neither is near, nothing changes.

Sources: CommonMark 0.31.2, 6.2; the CommonMark CJK-friendly amendments by Tatsunori Uchino, 2.1 and 6.2; CommonMark's
issue 650. Widths and scripts are those of Unicode 17, listed, so that no version of Python shows a text otherwise.
"""

import re

from markdown_it.common.utils import isMdAsciiPunct, isPunctChar, isWhiteSpace
from markdown_it.rules_inline.state_inline import Delimiter, Scanned, StateInline

CJK = (
    "\u1100-\u11ff\u20a9\u2329\u232a\u2630-\u2637\u268a-\u268f\u2e80-\u2e99\u2e9b-\u2ef3\u2f00-\u2fd5\u2ff0-\u303e"
    "\u3041-\u3096\u3099-\u30ff\u3105-\u312f\u3131-\u318e\u3190-\u31e5\u31ef-\u321e\u3220-\u3247\u3250-\ua48c"
    "\ua490-\ua4c6\ua960-\ua97c\uac00-\ud7a3\ud7b0-\ud7c6\ud7cb-\ud7fb\uf900-\ufaff\ufe10-\ufe19\ufe30-\ufe52"
    "\ufe54-\ufe66\ufe68-\ufe6b\uff01-\uffbe\uffc2-\uffc7\uffca-\uffcf\uffd2-\uffd7\uffda-\uffdc\uffe0-\uffe6"
    "\uffe8-\uffee\U00016fe0-\U00016fe4\U00016ff0-\U00016ff6\U00017000-\U00018cd5\U00018cff-\U00018d1e"
    "\U00018d80-\U00018df2\U0001aff0-\U0001aff3\U0001aff5-\U0001affb\U0001affd\U0001affe\U0001b000-\U0001b122"
    "\U0001b132\U0001b150-\U0001b152\U0001b155\U0001b164-\U0001b167\U0001b170-\U0001b2fb\U0001d300-\U0001d356"
    "\U0001d360-\U0001d376\U0001f200\U0001f202\U0001f210-\U0001f219\U0001f21b-\U0001f22e\U0001f230\U0001f231"
    "\U0001f237\U0001f23b\U0001f240-\U0001f248\U0001f260-\U0001f265\U00020000-\U0003fffd"
)
"""What is wide, full or half width (UAX 11) and not shown as an emoji, and Hangul; to stand between brackets."""

IS_CJK = re.compile(f"[{CJK}]")
"""A character of these."""
_SELECTOR = re.compile("[\ufe00-\ufe0e]")
"""Chooses another form of the character before it: not its own emoji, which U+FE0F does."""
_IDEOGRAPHIC = re.compile("[\U000e0100-\U000e01ef]")
_FULL_WIDTH_QUOTES = re.compile("[\u2018\u2019\u201c\u201d]\ufe01")


def rule(state: StateInline, silent: bool) -> bool:
    """markdown-it's rule for ``*`` and ``_``, but for what may open and close; it pairs them afterwards itself."""
    marker = state.src[state.pos]
    if silent or marker not in "*_":
        return False
    run = scanned(state.src, state.pos, state.posMax)
    for _ in range(run.length):
        token = state.push("text", "", 0)
        token.content = marker
        place = len(state.tokens) - 1
        mark = Delimiter(marker=ord(marker), length=run.length, token=place, end=-1, open=run[0], close=run[1])
        state.delimiters.append(mark)
    state.pos += run.length
    return True


def scanned(source: str, start: int, end: int) -> Scanned:
    """Whether a run of marks may open, and whether it may close, and how long it is."""
    marker, stop = source[start], start
    while stop < end and source[stop] == marker:
        stop += 1
    before, after = _before(source, start), source[stop] if stop < end else " "
    punctuated = _is_punctuation(before[:1])
    foreign = punctuated and not _is_cjk(before)
    followed = _is_punctuation(after)
    spaced, space_follows = isWhiteSpace(ord(before[0])), isWhiteSpace(ord(after))
    near = spaced or foreign or _is_cjk(before)
    left = not space_follows and (near or not followed or _is_cjk(after))
    right = not spaced and (not foreign or space_follows or followed or _is_cjk(after))
    if marker == "_":
        return Scanned(left and (not right or punctuated), right and (not left or followed), stop - start)
    return Scanned(left, right, stop - start)


def _before(source: str, start: int) -> str:
    """The character before a run, with the selector of its form where it has one; the line's start is a space."""
    if start > 1 and _SELECTOR.match(source[start - 1]):
        return source[start - 2 : start]
    return source[start - 1] if start else " "


def _is_cjk(sequence: str) -> bool:
    return any(form.match(sequence) for form in (IS_CJK, _IDEOGRAPHIC, _FULL_WIDTH_QUOTES))


def _is_punctuation(character: str) -> bool:
    return isMdAsciiPunct(ord(character)) or isPunctChar(character)
