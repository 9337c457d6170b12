"""The words check: are the words on a page, in a mail or in a feed the words of the essay, all of them, in their order?

A *word* is what stands between white space in the visible text of HTML, in Unicode's form NFC. White space is Unicode's
``White_Space`` (``\\p{White_Space}`` in other tools); the start and end of a block and ``<br>`` part words too, inline
elements do not: ``<p>un<em>edit</em>ed</p><p>text</p>`` has the words ``unedited`` and ``text``.

``words.txt``, frozen with each essay, is these words in UTF-8, a single space between two words and a line feed after
the last. The words are taken from the rendered body, so the check holds wherever layout and mail programs rewrite
the HTML; what Markdown does not show is not among them (`publisher.essays.problems` tells the reviewer).
"""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from functools import lru_cache

from selectolax.lexbor import LexborHTMLParser, LexborNode

_SPACE = re.compile("[\t-\r \x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]+")
_NO_SPACE = "\x1c\x1d\x1e\x1f"
"""What `str.split` takes for white space beside this, at a quarter of the cost."""

INLINE = re.compile(
    "a|abbr|b|bdi|bdo|big|cite|code|data|del|dfn|em|font|i|ins|kbd|mark|q|s|samp|small|span|strike|strong|su[bp]|time|tt|"
    "u|var|wbr"
)
"""The elements that part no words."""

_UNSEEN = re.compile("head|script|style|template|title")
_HIDING = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)


def visible(html: str) -> list[str]:
    """The words of the visible text of an HTML fragment or page, in order: ``["A", "word."]``.

    Scripts, styles, templates, ``hidden`` elements and what an inline style hides are left out; no stylesheet is read.
    """
    return split(text(html))


def text(html: str) -> str:
    """The visible text itself, with a space where a block starts or ends, not yet brought to NFC."""
    return "".join(_texts(html))


def split(text: str) -> list[str]:
    """The words of plain text: NFC, parted by white space."""
    text = unicodedata.normalize("NFC", text)
    if any(control in text for control in _NO_SPACE):
        return [word for word in _SPACE.split(text) if word]
    return text.split()


def lines(words: Iterable[str]) -> bytes:
    r"""``words.txt``: ``b"A word.\n"``. The format is frozen."""
    return " ".join(words).encode() + b"\n"


def difference(expected: Sequence[str], found: Sequence[str]) -> str | None:
    """None where the essay's words stand in `found` as one unbroken run, else one sentence on where they part.

    More words before and after the run are no difference: a page has a heading, a mail a greeting. The search is that
    of Knuth, Morris and Pratt (1977), linear in both.
    """
    if not expected:
        return "the register's text has no words"
    forward, after = longest_start(expected, found)
    if forward == len(expected):
        return None
    backward, before = longest_start(expected[::-1], found[::-1])
    if forward >= backward:
        word, there, nothing = forward, found[after : after + 1], "your text ends"
    else:
        word, there, nothing = len(expected) - backward - 1, found[: len(found) - before][-1:], "your text begins later"
    yours = f"you have *{there[0]}*" if there else nothing
    return f"differs at word {word + 1} of {len(expected)}: the register has *{expected[word]}*, {yours}"


def longest_start(expected: Sequence[str], found: Sequence[str]) -> tuple[int, int]:
    """How many of the first expected words stand somewhere in `found`, and the index in `found` after them."""
    borders = [0] * len(expected)
    length = 0
    for position in range(1, len(expected)):
        while length and expected[position] != expected[length]:
            length = borders[length - 1]
        length += expected[position] == expected[length]
        borders[position] = length
    best = (0, 0)
    length = 0
    for position, word in enumerate(found):
        while length and word != expected[length]:
            length = borders[length - 1]
        length += word == expected[length]
        if length > best[0]:
            best = (length, position + 1)
        if length == len(expected):
            break
    return best


def _texts(html: str) -> Iterable[str]:
    """The pieces of `text`, found with a stack of nodes still to be seen: mails nest deep."""
    root = LexborHTMLParser(html).root
    stack: list[LexborNode | str] = [root] if root else []
    while stack:
        node = stack.pop()
        if isinstance(node, str):
            yield node
            continue
        after, tag, child = node.next, node.tag or "", node.child
        if after and node.parent:
            stack.append(after)
        if tag == "-text":
            yield node.text_content or ""
            continue
        edge = _edge(tag)
        yield edge
        if child and not _hidden(node):
            stack += [edge, child]


@lru_cache(maxsize=256)
def _edge(tag: str) -> str:
    """What stands before and after an element of this name."""
    return "" if INLINE.fullmatch(tag) else " "


def _hidden(node: LexborNode) -> bool:
    attributes = node.attributes
    return (
        bool(_UNSEEN.fullmatch(node.tag or ""))
        or "hidden" in attributes
        or bool(_HIDING.search(attributes.get("style") or ""))
    )
