"""Markdown that somebody wrote, read as CommonMark with tables; it leads only to addresses, and loads nothing."""

from collections.abc import Iterator
from itertools import pairwise

from markdown_it import MarkdownIt
from markdown_it.rules_core import StateCore
from markdown_it.token import Token
from markupsafe import escape

from archive.documents.document import Prose
from archive.documents.words import held, leads_out


class _Reader(MarkdownIt):
    """Lives as long as one text."""

    def __init__(self, *, html: bool) -> None:
        super().__init__("commonmark", {"html": html})
        self.core.ruler.before("block", "blocks", _free_blocks)
        self.core.ruler.after("block", "brackets", _limit_brackets)
        self.enable("table")

    def validateLink(self, url: str) -> bool:  # noqa: N802
        return leads_out(url)


def _free_blocks(state: StateCore) -> None:
    """Deeper nesting than the default is text that would be dropped without a word."""
    state.md.options["maxNesting"] = 10_000


def _limit_brackets(state: StateCore) -> None:
    """Within paragraphs ``[`` nested deeper than CommonMark's own limit stays as typed, in no time."""
    state.md.options["maxNesting"] = 20


def _parsed(source: str, *, html: bool = False) -> list[Token] | None:
    """None where it is nested too deep to be read; `html` is as other readers take it."""
    try:
        return _Reader(html=html).parse(source)
    except RecursionError:
        return None


def _level(prose: Prose, tokens: list[Token], heading: Token) -> int:
    """Of a heading where the prose stands: the highest in it comes right below what it stands under."""
    highest = min(int(token.tag[1]) for token in tokens if token.type == "heading_open")
    return min(int(heading.tag[1]) - highest + 1 + prose.below, 6)


def as_html(prose: Prose) -> str:
    """Headings are set below; a picture is shown as its words, since nothing is loaded."""
    source = held(prose.source)
    tokens = _parsed(source)
    if tokens is None:
        return f"<pre>{escape(source)}</pre>"
    headings = [token for token in tokens if token.type in ("heading_open", "heading_close")]
    for token, level in [(token, _level(prose, tokens, token)) for token in headings]:
        token.tag = f"h{level}"
    for opened, inside, closed in zip(tokens, tokens[1:], tokens[2:], strict=False):
        if opened.type == "th_open" and inside.content:
            opened.attrSet("scope", "col")
        elif opened.type == "th_open":
            opened.tag = closed.tag = "td"  # nothing is headed by it
    for token in tokens:
        for child in token.children or ():
            if child.type == "image":
                child.type, child.content = "text", child.content or str(child.attrs.get("src", ""))
    reader = _Reader(html=False)
    return str(reader.renderer.render(tokens, reader.options, {}))


def as_markdown(prose: Prose) -> list[str] | None:
    """Its lines as they were written, with headings set below; None where they would swallow what follows."""
    lines = held(prose.source).strip("\n").split("\n")
    tokens = _parsed("\n".join(lines)) or []
    for token, inside in reversed([*pairwise(tokens)]):
        if token.type == "heading_open" and token.level == 0 and token.map:
            title = " ".join(inside.content.split())
            lines[slice(*token.map)] = [f"{'#' * _level(prose, tokens, token)} {title}"]
    after = _parsed("\n".join([*lines, "", "And then."]), html=True) or []
    ends = [token.content for token in after[-3:]] == ["", "And then.", ""] and after[-1].level == 0
    return lines if ends and not any(_is_html(token) for token in after) else None


def _is_html(token: Token) -> bool:
    parts: Iterator[Token] = iter((token, *(token.children or ())))
    return any(part.type.startswith("html") for part in parts)
