"""What HTML shows of essays, in a mail, a feed or on a page: their words, all, in order, and nothing that hides them.

No browser is asked. Words are compared as they stand in the HTML, so every style and element that could show others
than stand there is named: what is accepted is what our own HTML holds, and the little that programs on the way add.
"""

import re
from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from contextlib import suppress
from itertools import zip_longest
from urllib.parse import quote, urlsplit

from selectolax.lexbor import LexborHTMLParser, LexborNode

from archive.characters import TURNING, marked
from archive.errors import Error
from archive.wording import many
from publisher.essays import words as wording
from publisher.essays.render import articles
from publisher.essays.words import difference, visible
from publisher.site.mail import LIMIT
from publisher.verify import disguise
from publisher.verify.disguise import MAIL, Form

LARGEST, MOST_TAGS = 1 << 20, 25_000
"""Characters and tags of HTML that are read at once: depth slows a parser down."""

_TABLE = "table|thead|tbody|tr|th|td"
_WORDS = re.compile(f"div|span|p|a|h[1-6]|em|strong|br|hr|wbr|code|pre|blockquote|ul|ol|li|{_TABLE}|font|b|i|-.*")

_CLASSES, _INSIDE = ("essay", "received", "page"), ("image", "table", "left", "center", "right")
"""Of our own style sheets: on and around what shows an essay, and within it."""
_TURNING = re.compile(f"[{TURNING}]")
_DEEPEST = 40
"""Elements within each other, to where an essay is looked for that no element says it shows."""


def compared(html: str, essays: Mapping[str, bytes], form: Form = MAIL) -> tuple[list[str], set[str]]:
    """What is wrong with what HTML shows of `essays`, SHA-256 → text, and which of them it shows."""
    if too_large(html):
        size = f"{len(html):,} characters and {html.count('<'):,} tags"
        return [f"has {size}, more than any of ours; it was not compared"], set()
    page = LexborHTMLParser(html)
    nodes = page.css("*")
    found = [*dict.fromkeys(disguise.hiding(html, nodes, form)), *_strangers(nodes, essays)]
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
        unmarked = [_innermost(page.root, expected)] if page.root and not there and not differs else []
        found += [fault for each in [*there, *unmarked] for fault in (*within(each), *_tables(each, body))]
        if differs and not there and not (form.may_link and _linked(html, body, words)):
            found.append(f"does not show it: {differs}")
    return [*dict.fromkeys([*found, *_beside(html, page, essays)])], shown


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
        found = visible(each.html or "")
        if inside := difference(expected, found):
            faults.append(inside)
        elif len(found) > len(expected):
            faults.append(f"shows {many(len(found) - len(expected), 'word')} more within the essay")
    yield from faults
    if differs and shown and not faults:
        yield "hides the essay"


def within(shown: LexborNode, holds: re.Pattern[str] = _WORDS, classes: Collection[str] = _INSIDE) -> Iterator[str]:
    """What is in or around the element that shows an essay, and may show it otherwise."""
    for node in shown.css("*"):
        if not holds.fullmatch(str(node.tag)):
            yield f"holds <{str(node.tag)[:40]}> within the essay"
        yield from disguise.dressed(node, _CLASSES if node.mem_id == shown.mem_id else classes)
    around = shown.parent
    while around:
        yield from disguise.dressed(around, _CLASSES)
        if around.tag == "details":
            yield "folds the essay away"
        around = around.parent


def _innermost(node: LexborNode, expected: list[str]) -> LexborNode:
    """The element that shows an essay, where none says that it does: no other within it shows all of it."""
    for _ in range(_DEEPEST):
        parts = (each for each in node.iter() if each.tag != "table" and each.attributes.get("class") != "table")
        inner = (each for each in parts if difference(expected, visible(each.html or "")) is None)
        if (found := next(inner, None)) is None:
            break
        node = found
    return node


def _beside(html: str, page: LexborHTMLParser, essays: Mapping[str, bytes]) -> Iterator[str]:
    """What stands beside the essays and could be taken for one, or turns their letters."""
    if len(page.css(".essay")) > len(essays):
        yield "has more parts that look like an essay than it shows essays"
    logged = sum((_turning(each) for each in essays.values()), Counter[str]())
    if more := Counter(_TURNING.findall(wording.text(html))) - logged:
        yield f"holds a character that the text does not, which turns its letters: {marked(min(more))}"


def _turning(text: bytes) -> Counter[str]:
    """The characters that turn letters in a text, or in its body: ``&#x202e;`` stands for one there."""
    read = text.decode(errors="replace")
    found = Counter(_TURNING.findall(read))
    if "&" in read:
        with suppress(Error):  # it cannot be shown
            for body in articles(read):
                found |= Counter(_TURNING.findall(wording.text(body)))
    return found


def _leading(shown: list[LexborNode], body: str) -> Iterator[str]:
    """Links and numbers of lists are no words, and still the text's."""
    wanted = _marks(LexborHTMLParser(body).css("*"))
    for each in shown:
        found = _marks(each.css("*"))
        for there, here in zip_longest(wanted, found, fillvalue="nothing"):
            if there != here:
                yield f"differs in a link or a list of the essay: the register has {there[:200]}, you have {here[:200]}"
                break


def _tables(shown: LexborNode, body: str) -> Iterator[str]:
    """Where a cell stands says what it means: each row and cell is the text's, none spans others, none moves."""
    if shown.css_first("table table"):
        yield "holds a table within a table"
    if (found := _grid(shown)) != (wanted := _grid(LexborHTMLParser(body).root)):
        pairs = zip_longest(wanted, found, fillvalue="nothing")
        there, here = next(pair for pair in pairs if pair[0] != pair[1])
        yield f"differs in a table of the essay: the register has {there}, you have {here[:200]}"


def _grid(node: LexborNode | None) -> list[str]:
    """``<table>``, ``<thead>``, ``<tr>``, ``<th>`` …, with what makes one of them wider or turns it."""
    moving = ("colspan", "rowspan", "dir")
    return [
        f"<{each.tag}{''.join(f' {name}={value}' for name, value in each.attributes.items() if name in moving)}>"
        for each in (node.css(_TABLE.replace("|", ",")) if node else ())
    ]


def _marks(nodes: list[LexborNode]) -> list[str]:
    names = ("href", "start", "reversed", "value", "type")
    found = []
    for node in nodes:
        found += [f"<{node.tag}>"] if node.tag in ("ol", "ul", "li") else []
        held = ((name, value) for name, value in node.attributes.items() if name in names)
        found += [f"{name}={_in_full(value or '') if name == 'href' else value}" for name, value in held]
    return found


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
