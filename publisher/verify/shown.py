"""What the HTML part of a mail shows of its essays: their words, all of them, in order, and nothing that hides them.

No browser is asked. Words are compared as they stand in the HTML, so every style and element that could show others
than stand there is named: what is accepted is what our own mails hold, and the little that programs on the way add.
"""

import re
from collections.abc import Iterator, Mapping
from functools import cache
from itertools import zip_longest

from selectolax.lexbor import LexborHTMLParser, LexborNode

from archive.errors import Error
from archive.wording import many
from publisher.essays.render import article
from publisher.essays.words import difference, visible
from publisher.site.mail import LIMIT
from publisher.site.shared import environment

LARGEST, MOST_TAGS = 1 << 18, 25_000
"""Characters and tags of HTML that are read: our own mails keep to 100,000 bytes, and depth slows a parser down."""

_HOLDS = re.compile(
    "html|head|body|title|meta|style|div|span|p|a|h[1-6]|b|i|em|strong|u|font|br|hr|wbr|code|pre|blockquote|ul|ol|li|"
    "table|tbody|thead|tr|td|th|center|img|small|sup|sub|dl|dt|dd|-text|-comment|!doctype|-.*"
)
"""Elements whose words are what is read. An image beside the essays may count readers; in an essay it may be words."""

_WORDS = re.compile("div|span|p|a|h[1-6]|em|strong|br|hr|wbr|code|pre|blockquote|ul|ol|li|font|b|i|-.*")
_HARMLESS = re.compile(
    r"(margin|padding)(-(top|right|bottom|left))?:( ?(auto|\d{1,2}(\.\d+)?(px|em|ex|rem|pt)?|\.\d+(em|ex)))+"
    r"|font-family:[^:;(){}]*|text-align:(left|start|justify)|line-height:(normal|1(\.\d+)?)"
    r"|border-left(-\w+)?:(\d?\d(\.\d+)?(px|ex|em|pt)?)? ?(solid|none|dotted)? ?"
    r"(#[0-9a-f]{3,6}|rgb\(\d+,\d+,\d+\)|[a-z]+)?"
    r"|overflow-wrap:break-word|word-wrap:break-word"
)
_COLOURS = ("color", "bgcolor", "text", "background", "link")


def compared(html: str, essays: Mapping[str, bytes]) -> tuple[list[str], set[str]]:
    """What is wrong with what an HTML part shows of `essays`, SHA-256 → text, and which of them it shows."""
    if len(html) > LARGEST or html.count("<") > MOST_TAGS:
        size = f"{len(html):,} characters and {html.count('<'):,} tags"
        return [f"has {size}, more than any mail of ours; it was not compared"], set()
    page = LexborHTMLParser(html)
    nodes = page.css("*")
    found = [*dict.fromkeys(_hiding(nodes)), *_strangers(nodes, essays)]
    words, shown = visible(html), set()
    for digest, text in essays.items():
        try:
            body = article(text.decode())
        except (Error, UnicodeDecodeError) as error:
            found.append(f"cannot be compared: {error}")
            continue
        expected = visible(body)
        differs, there = difference(expected, words), page.css(f'[data-sha256="{digest}"]')
        if differs is None:
            shown.add(digest)
        found += [*_essay(there, expected, differs), *_leading(there, body)]
        if differs and not there and not _linked(html, body, words):
            found.append(f"does not show it: {differs}")
    return found, shown


def _strangers(nodes: list[LexborNode], essays: Mapping[str, bytes]) -> Iterator[str]:
    for digest in dict.fromkeys(node.attributes.get("data-sha256") for node in nodes):
        if digest is not None and digest not in essays:
            yield f"shows a text that is no essay of this mail, SHA-256 {digest[:64]}"


def _essay(shown: list[LexborNode], expected: list[str], differs: str | None) -> Iterator[str]:
    """What is wrong with the elements that show an essay; `differs` is how the words of the whole part do, if so."""
    faults = []
    for each in shown:
        strange = {str(node.tag) for node in each.css("*") if not _WORDS.fullmatch(str(node.tag))}
        faults += [f"holds <{tag[:40]}> within the essay" for tag in sorted(strange)]
        found = visible(each.html or "")
        if inside := difference(expected, found):
            faults.append(inside)
        elif len(found) > len(expected):
            faults.append(f"shows {many(len(found) - len(expected), 'word')} more within the essay")
    yield from faults
    if differs and shown and not faults:
        yield "hides the essay"


def _leading(shown: list[LexborNode], body: str) -> Iterator[str]:
    """Links and numbers of lists are no words, and still the text's."""
    wanted = _marks(LexborHTMLParser(body).css("*"))
    for each in shown:
        found = _marks(each.css("*"))
        for there, here in zip_longest(wanted, found, fillvalue="nothing"):
            if there != here:
                yield f"differs in a link or a list of the essay: the register has {there[:200]}, you have {here[:200]}"
                break


def _marks(nodes: list[LexborNode]) -> list[str]:
    names = ("href", "start", "reversed", "value", "type")
    return [f"{name}={value}" for node in nodes for name, value in node.attributes.items() if name in names]


def _linked(html: str, body: str, words: list[str]) -> bool:
    """Whether this is the HTML of a long issue, which had no room for an essay and says where it stands."""
    size = len(html.encode()) + len(body.encode()) + 5_000  # for a style sheet that was taken out on the way
    return size > LIMIT and "in the attached file" in " ".join(words)


def _hiding(nodes: list[LexborNode]) -> Iterator[str]:
    for node in nodes:
        tag, attributes = str(node.tag), node.attributes
        if not _HOLDS.fullmatch(tag):
            yield f"holds <{tag[:40]}>, which may show other words"
        if tag == "style" and _plain(node.text(deep=True)) != _plain(_sheet()):
            yield "has a style sheet that this program does not write, which may hide words or show others"
        if tag == "meta" and "http-equiv" in attributes and (attributes["http-equiv"] or "").lower() != "content-type":
            yield "holds a <meta> that leads elsewhere"
        for style in map(_plain, (attributes.get("style") or "").split(";")):
            if style and style not in _declarations() and not _HARMLESS.fullmatch(style):
                yield f"has a style that this program does not write, which may hide words: {style[:80]}"
        if (attributes.get("dir") or "auto") not in ("auto", "ltr") or any(name in attributes for name in _COLOURS):
            yield f"has a <{tag}> whose colour or direction may hide words"


def _plain(css: str) -> str:
    return re.sub(r"\s*([:;{},])\s*", r"\1", " ".join(css.replace('"', "'").split()))


@cache
def _sheet() -> str:
    """The style sheet of our mails."""
    templates = environment()
    assert templates.loader
    source = templates.loader.get_source(templates, "mail.html")[0]
    return source.partition("<style>")[2].partition("</style>")[0]


@cache
def _declarations() -> frozenset[str]:
    """What it says of elements in the light, as it is written into each: ``margin:0 0 12px``."""
    light = _sheet().partition("@media")[0]
    return frozenset(_plain(each) for rule in re.findall(r"\{([^}]*)\}", light) for each in rule.split(";"))
