"""An essay's body as HTML, made one way only: CommonMark, with nothing fetched, nothing dropped and nothing added.

What differs from CommonMark's own HTML, and why:

- raw HTML is text: ``<b>`` is shown as it was typed;
- only ``http://``, ``https://`` and ``mailto:`` addresses become links; ``[a](b.html)`` and ``[a](javascript:…)`` stay
  on the page as they were typed, since nothing they point at exists where page, mail and feed are read;
- an image is a link that shows its alt text, ``<a class="image" href="…">alt</a>``, and within a link a
  ``<span class="image">``; an image without alt text and a link without text show their address;
- the address in ``<https://…>`` is shown as it was typed (markdown-it decodes ``%C3%A4`` and ``xn--…``).

- emphasis stands also where Chinese, Japanese and Korean have no space for it (`publisher.essays.emphasis`);
- tables of pipes are tables (`publisher.essays.tables`), where no cell of them would be lost.

The renderer is part of the proof: its name stands in every issue statement. So any change to the HTML that is made
needs a new class in `RENDERERS`, with a new number; the ones before stay as long as an issue made by them exists, and
their golden pages (``tests/golden/render``) never change.
"""

import re
from collections.abc import Iterable, Sequence
from functools import cache
from importlib import metadata
from itertools import accumulate, zip_longest

from markdown_it import MarkdownIt
from markdown_it.common.normalize_url import normalizeLink
from markdown_it.common.utils import escapeHtml
from markdown_it.renderer import RendererHTML
from markdown_it.rules_core import StateCore
from markdown_it.rules_inline import StateInline, image
from markdown_it.rules_inline.emphasis import tokenize
from markdown_it.token import Token
from markdown_it.utils import EnvType, OptionsDict

from archive import characters
from archive.errors import Error, Problem, Refused
from publisher.essays import emphasis, tables, words

PINNED = "4.3.0"
DEEPEST = 100
"""How many quotes, lists and emphases may stand inside each other; Python's own limit lies somewhere beyond."""

LARGEST = 1 << 20
"""Characters of a text: three novels. Whoever checks a site renders what a stranger put there."""

_WITHHOLD = "it can only be withheld"


def article(text: str, renderer: str | None = None) -> str:
    r"""An essay's body as HTML: ``"A *word*."`` gives ``"<p>A <em>word</em>.</p>\n"``, on any day and any machine.

    By the newest renderer, unless one of `RENDERERS` is named; by the newest too where the name is none of these.
    Raises `Refused` where the text is nested too deep to be shown, `Error` where another renderer is installed.
    """
    if (installed := _installed()) != PINNED:
        raise Error(
            f"essays are rendered by markdown-it-py {PINNED}, but {installed} is installed: install emeritus anew"
        )
    if len(text) > LARGEST:
        too_long = f"a text of more than {LARGEST:,} characters cannot be shown"
        raise Refused([Problem("essay.md", too_long, _WITHHOLD)])
    markdown = _made(renderer if renderer in RENDERERS else RENDERER)
    try:
        tokens = markdown.parse(text)
        deep = any(map(_is_deep, tokens))
    except RecursionError:
        deep = True
    if deep:
        too_deep = f"quotes, lists or emphasis nested more than {DEEPEST} deep cannot be shown faithfully"
        raise Refused([Problem("essay.md", too_deep, _WITHHOLD)])
    return str(markdown.renderer.render(tokens, markdown.options, {}))


def articles(text: str) -> list[str]:
    """The body by each renderer there has been, the newest first; mostly that is one and the same HTML."""
    return list(dict.fromkeys(article(text, name) for name in reversed(RENDERERS)))


@cache
def _made(name: str) -> "Markdown":
    return RENDERERS[name]()


@cache
def _installed() -> str:
    return metadata.version("markdown-it-py")


def unfaithful(data: bytes) -> list[Problem]:
    """What makes it impossible to show a text faithfully; a text with any of these can only be withheld.

    Empty, not UTF-8, a byte order mark, carriage returns, control characters but line feed and tab, noncharacters,
    also where Markdown makes them (``&#12;``), nesting without end, and a text of which a page would show nothing.
    A missing final newline is no fault: models' texts often have none.
    """
    if not data:
        return [Problem("essay.md", "the file is empty", _WITHHOLD)]
    try:
        text = data.decode()
    except UnicodeDecodeError as error:
        read = data[: error.start].decode()
        found = f"not UTF-8: byte 0x{data[error.start]:02X} at offset {error.start}"
        return [Problem(place(read, len(read)), found, _WITHHOLD)]
    if problems := list(_impossible(text)):
        return problems
    try:
        html = article(text)
    except Refused as refused:
        return list(refused.problems)
    if made := _IMPOSSIBLE.search(html):
        entity = re.search(rf"&#(?:0*{ord(made[0])}|[xX]0*{ord(made[0]):x});", text, re.IGNORECASE)
        where = place(text, entity.start()) if entity else "essay.md"
        return [Problem(where, f"Markdown makes this {_name(made[0])}", _WITHHOLD)]
    if not words.visible(html):
        return [Problem("essay.md", "a page would show nothing of it", _WITHHOLD)]
    return []


def place(text: str, offset: int) -> str:
    """Where a character stands, lines and columns (code points) from 1: ``essay.md:3:14``."""
    return f"essay.md:{text.count(chr(10), 0, offset) + 1}:{offset - text.rfind(chr(10), 0, offset)}"


_IMPOSSIBLE = re.compile(f"[{characters.UNCARRIED}]|\\A\ufeff")
_NAMES = {
    "\x00": "NUL",
    "\f": "form feed",
    "\r": "carriage return",
    "\x1b": "escape",
    "\x7f": "delete",
    "\ufeff": "byte order mark",
}


def _impossible(text: str) -> Iterable[Problem]:
    places: dict[str, list[int]] = {}
    for match in _IMPOSSIBLE.finditer(text):
        places.setdefault(match[0], []).append(match.start())
    for character, offsets in places.items():
        times = f", {len(offsets)} times" if len(offsets) > 1 else ""
        yield Problem(place(text, offsets[0]), _name(character) + times, _WITHHOLD)


def _name(character: str) -> str:
    kind = "control character" if re.match(f"[{characters.CONTROLS}]", character) else "noncharacter"
    return f"{characters.code(character)} {_NAMES.get(character, kind)}"


def _is_deep(token: Token) -> bool:
    """Whether it, or what it holds, stands in more than `DEEPEST` others; few hold enough for a look to be worth it."""
    children = token.children or ()
    if token.level + len(children) <= DEEPEST:
        return False
    return token.level + max(accumulate(child.nesting for child in children), default=0) > DEEPEST


class Html(RendererHTML):
    """CommonMark's HTML but for links and images."""

    def link_open(self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: EnvType) -> str:
        token = tokens[idx]
        address = str(token.attrs["href"])
        return f"<a{_link_attributes(token, address)}>{escapeHtml(_seen(token, tokens[idx + 1]))}"

    def image(self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: EnvType) -> str:
        token = tokens[idx]
        address = str(token.attrs["src"])
        text = escapeHtml(shown(token))
        if token.tag == "span":
            return f'<span class="image"{_title(token)}>{text}</span>'
        return f'<a class="image"{_link_attributes(token, address)}>{text}</a>'


def shown(picture: Token) -> str:
    """What is shown of an image: its alt text, or its address where there is none."""
    text = alt(picture)
    return text if text.strip() else str(picture.attrs["src"])


def alt(picture: Token) -> str:
    """The alt text of an image without its marks: ``![a *b* `c`](…)`` has ``a b c``."""
    children = picture.children or []
    return "".join(_seen(child, after) for child, after in zip_longest(children, children[1:]))


def _seen(token: Token, after: Token | None) -> str:
    """The text of a token within a paragraph: its own, or an address that has to stand for it."""
    if token.type == "image":
        return shown(token)
    if token.type == "link_open" and after and after.type == "link_close":
        return str(token.attrs["href"])
    return "\n" if token.tag == "br" else token.content


def _link_attributes(token: Token, address: str) -> str:
    href = f' href="{escapeHtml(normalizeLink(address))}" rel="nofollow noreferrer"' if address else ""
    return href + _title(token)


def _title(token: Token) -> str:
    return f' title="{escapeHtml(str(token.attrs["title"]))}"' if "title" in token.attrs else ""


def linkable(address: str) -> bool:
    """Whether an address leads to the same place from a page, a mail and a feed."""
    return bool(_ADDRESS.match(address))


_ADDRESS = re.compile(r"(https?://|mailto:)\S", re.IGNORECASE)


class Markdown(MarkdownIt):
    """The newest renderer, emeritus-render 3; one text after the other, each as if it were the first."""

    def __init__(self) -> None:
        options = {"html": False, "linkify": False, "typographer": False}
        super().__init__("commonmark", options, renderer_cls=Html)
        self.core.ruler.before("block", "blocks", _free_blocks)
        self.core.ruler.after("block", "brackets", _limit_brackets)
        self.inline.ruler.at("image", image_rule)
        self.inline.ruler.at("emphasis", emphasis.rule)
        self.block.ruler.at("table", tables.rule, {"alt": tables.ENDED})
        self.enable("table")

    def validateLink(self, url: str) -> bool:  # noqa: N802
        return linkable(url)

    def normalizeLink(self, url: str) -> str:  # noqa: N802
        return url  # kept as typed, to be shown where there is nothing else; `_link_attributes` encodes it

    def normalizeLinkText(self, link: str) -> str:  # noqa: N802
        return link


class Second(Markdown):
    """emeritus-render 2: no tables, as in CommonMark, so that ``| a | b |`` shows its pipes."""

    def __init__(self) -> None:
        super().__init__()
        self.disable("table")


class First(Second):
    """emeritus-render 1: emphasis as CommonMark has it, so that ``**「重点」**と`` shows its asterisks."""

    def __init__(self) -> None:
        super().__init__()
        self.inline.ruler.at("emphasis", tokenize)


RENDERERS: dict[str, type[Markdown]] = {
    f"markdown-it-py {PINNED} commonmark html=false emeritus-render {number}": made
    for number, made in enumerate((First, Second, Markdown), 1)
}
"""Name and version, as issue statements and pages give it → the renderer; the newest last."""

RENDERER = [*RENDERERS][-1]
"""The one that new issues are made by."""


def _free_blocks(state: StateCore) -> None:
    """For blocks the option drops text, so there it has to be out of reach."""
    state.md.options["maxNesting"] = 10_000


def _limit_brackets(state: StateCore) -> None:
    """CommonMark's own limit for what stands within paragraphs: ``[`` nested deeper stays as typed, in no time."""
    state.md.options["maxNesting"] = 20


def image_rule(state: StateInline, silent: bool) -> bool:
    """CommonMark's images, as links or, since a link cannot hold a link, as spans."""
    if not image(state, silent):
        return False
    if not silent:
        state.tokens[-1].tag = "span" if state.linkLevel else "a"
    return True
