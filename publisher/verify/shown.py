"""What HTML shows of essays, in a mail, a feed or on a page: their words, all, in order, and nothing that hides them.

No browser is asked. Words are compared as they stand in the HTML, so every style and element that could show others
than stand there is named: what is accepted is what our own HTML holds, and the little that programs on the way add.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from itertools import zip_longest
from urllib.parse import quote, urlsplit

from selectolax.lexbor import LexborHTMLParser, LexborNode

from archive.errors import Error
from archive.wording import many
from publisher.essays.render import articles
from publisher.essays.words import difference, visible
from publisher.site.mail import LIMIT
from publisher.site.shared import TEMPLATES
from publisher.verify import sheet

LARGEST, MOST_TAGS = 1 << 20, 25_000
"""Characters and tags of HTML that are read at once: depth slows a parser down."""

_HOLDS = (
    "html|head|body|title|meta|style|div|span|p|a|h[1-6]|b|i|em|strong|u|font|br|hr|wbr|code|pre|blockquote|ul|ol|li|"
    "table|tbody|thead|tr|td|th|center|img|small|sup|sub|dl|dt|dd|-text|-comment|!doctype|-.*"
)
"""Elements whose words are what is read. An image beside the essays may count readers; in an essay it may be words."""


@dataclass(frozen=True, slots=True)
class Form:
    """What HTML of ours may hold."""

    holds: re.Pattern[str]
    """Its elements."""
    styles: str
    """The file among the templates that its style sheet stands in."""
    may_link: bool = False
    """Whether a long essay may be left out with a word on where it stands."""


MAIL = Form(re.compile(_HOLDS), "mail.html", may_link=True)
ENTRY = Form(re.compile(_HOLDS), "mail.html")
"""Of a feed; programs that turn feeds into mails give it the styles of mails."""
PAGE = Form(
    re.compile(f"{_HOLDS}|header|main|footer|nav|section|aside|time|link|script".replace("|img|", "|")), "style.css"
)

_WORDS = re.compile("div|span|p|a|h[1-6]|em|strong|br|hr|wbr|code|pre|blockquote|ul|ol|li|font|b|i|-.*")
_HARMLESS = re.compile(
    r"(margin|padding)(-(top|right|bottom|left))?:( ?(auto|\d{1,2}(\.\d+)?(px|em|ex|rem|pt)?|\.\d+(em|ex)))+"
    r"|font-family:[^:;(){}]*|text-align:(left|start|justify)|line-height:(normal|1(\.\d+)?)"
    r"|border-left(-\w+)?:(\d?\d(\.\d+)?(px|ex|em|pt)?)? ?(solid|none|dotted)? ?"
    r"(#[0-9a-f]{3,6}|rgb\(\d+,\d+,\d+\)|[a-z]+)?"
    r"|overflow-wrap:break-word|word-wrap:break-word"
)
_COLOURS = ("color", "bgcolor", "text", "background", "link")


def compared(html: str, essays: Mapping[str, bytes], form: Form = MAIL) -> tuple[list[str], set[str]]:
    """What is wrong with what HTML shows of `essays`, SHA-256 → text, and which of them it shows."""
    if too_large(html):
        size = f"{len(html):,} characters and {html.count('<'):,} tags"
        return [f"has {size}, more than any of ours; it was not compared"], set()
    page = LexborHTMLParser(html)
    nodes = page.css("*")
    found = [*dict.fromkeys(_hiding(nodes, form)), *_strangers(nodes, essays)]
    words, shown = visible(html), set()
    for digest, text in essays.items():
        if len(text) > LARGEST:
            found.append(f"cannot be compared with a text of {len(text):,} bytes")
            continue
        try:
            bodies = articles(text.decode())
        except (Error, UnicodeDecodeError) as error:
            found.append(f"cannot be compared: {error}")
            continue
        body = next((each for each in bodies if difference(visible(each), words) is None), bodies[0])
        expected = visible(body)
        differs, there = difference(expected, words), page.css(f'[data-sha256="{digest}"]')
        if differs is None:
            shown.add(digest)
        found += [*_essay(there, expected, differs), *_leading(there, body)]
        if differs and not there and not (form.may_link and _linked(html, body, words)):
            found.append(f"does not show it: {differs}")
    return found, shown


def digests(html: str) -> list[str]:
    """The SHA-256 of each text that HTML of ours says it shows."""
    return [node.attributes["data-sha256"] or "" for node in LexborHTMLParser(html).css("[data-sha256]")]


def too_large(html: str) -> bool:
    """Whether it is beyond what is read."""
    return len(html) > LARGEST or html.count("<") > MOST_TAGS


def _strangers(nodes: list[LexborNode], essays: Mapping[str, bytes]) -> Iterator[str]:
    for digest in dict.fromkeys(node.attributes.get("data-sha256") for node in nodes):
        if digest is not None and digest not in essays:
            yield f"shows a text that is none of these essays, SHA-256 {digest[:64]}"


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
    held = ((name, value) for node in nodes for name, value in node.attributes.items() if name in names)
    return [f"{name}={_in_full(value or '') if name == 'href' else value}" for name, value in held]


def _in_full(address: str) -> str:
    """An address as a browser that saves a page writes it: ``https://Example.com`` as ``https://example.com/``."""
    try:
        parts = urlsplit(address)
        host = parts.netloc.lower().encode("idna").decode()
    except ValueError:  # UnicodeError too
        return address
    if parts.scheme not in ("http", "https"):
        return quote(address, safe="%/:?#[]@!$&'()*+,;=~")
    path, query = quote(parts.path or "/", safe="%/:@!$&'()*+,;=~"), quote(parts.query, safe="%/:?@!$&()*+,;=~")
    rest = f"?{query}" if query else ""
    return f"{parts.scheme}://{host}{path}{rest}" + (
        f"#{quote(parts.fragment, safe='%/:?@')}" if parts.fragment else ""
    )


def _linked(html: str, body: str, words: list[str]) -> bool:
    """Whether this is the HTML of a long issue, which had no room for an essay and says where it stands."""
    size = len(html.encode()) + len(body.encode()) + 5_000  # for a style sheet that was taken out on the way
    return size > LIMIT and "in the attached file" in " ".join(words)


def _hiding(nodes: list[LexborNode], form: Form) -> Iterator[str]:
    for node in nodes:
        tag, attributes = str(node.tag), node.attributes
        if not form.holds.fullmatch(tag):
            yield f"holds <{tag[:40]}>, which may show other words"
        if tag == "script" and attributes.get("type") != "application/ld+json":
            yield "holds a <script>, which may show other words"
        if tag == "style" and not is_ours(node.text(deep=True), form):
            yield STRANGE_SHEET
        if tag == "meta" and "http-equiv" in attributes and (attributes["http-equiv"] or "").lower() != "content-type":
            yield "holds a <meta> that leads elsewhere"
        for style in map(_plain, (attributes.get("style") or "").split(";")):
            if style and style not in _declarations() and not _HARMLESS.fullmatch(style):
                yield f"has a style that this program does not write, which may hide words: {style[:80]}"
        if (attributes.get("dir") or "auto") not in ("auto", "ltr") or any(name in attributes for name in _COLOURS):
            yield f"has a <{tag}> whose colour or direction may hide words"


def _plain(css: str) -> str:
    return re.sub(r"\s*([:;{},])\s*", r"\1", " ".join(css.replace('"', "'").split()))


STRANGE_SHEET = "has a style sheet that this program does not write, which may hide words or show others"


def is_ours(css: str, form: Form) -> bool:
    """Whether a style sheet is the one that this program writes, as it is or as a browser saved it."""
    ours = _sheet(form.styles)
    return _plain(css) == _plain(ours) or sheet.same(css, ours)


@cache
def _sheet(name: str) -> str:
    """The style sheet of our mails, or of our pages."""
    source = (TEMPLATES / name).read_text()
    return source if name.endswith(".css") else source.partition("<style>")[2].partition("</style>")[0]


@cache
def _declarations() -> frozenset[str]:
    """What that of mails says of elements in the light, as it is written into each: ``margin:0 0 12px``."""
    light = _sheet(MAIL.styles).partition("@media")[0]
    return frozenset(_plain(each) for rule in re.findall(r"\{([^}]*)\}", light) for each in rule.split(";"))
