"""A document: what it says, once, and how that is set as one HTML page and as Markdown that reads well as it stands.

Words are text, a `Span`, or several of these. Nothing in a text is taken for markup, in neither form; only `Prose` is
Markdown that somebody wrote.
"""

import re
import textwrap
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import ClassVar, Literal

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markdown_it import MarkdownIt
from markdown_it.token import Token
from markupsafe import Markup, escape

from archive import characters

Style = Literal["", "strong", "em", "code"]


@dataclass(frozen=True, slots=True)
class Span:
    """Words that are set apart, or lead somewhere: within the page (``#setting-1``) or to an address."""

    text: str
    style: Style = ""
    href: str = ""


Words = str | Span | tuple[str | Span, ...]


@dataclass(frozen=True, slots=True)
class Paragraph:
    kind: ClassVar[str] = "paragraph"
    words: Words
    quiet: bool = False


@dataclass(frozen=True, slots=True)
class Notice:
    """What must not be overlooked."""

    kind: ClassVar[str] = "notice"
    title: str
    words: Words


@dataclass(frozen=True, slots=True)
class Quote:
    """Somebody's exact words, and where they stand."""

    kind: ClassVar[str] = "quote"
    text: str
    source: Words


@dataclass(frozen=True, slots=True)
class Facts:
    """Terms, and what is to be said of each."""

    kind: ClassVar[str] = "facts"
    rows: tuple[tuple[str, Words], ...]


@dataclass(frozen=True, slots=True)
class Table:
    kind: ClassVar[str] = "table"
    head: tuple[str, ...]
    rows: tuple[tuple[Words, ...], ...]
    numbers: frozenset[int] = frozenset()
    """Columns that hold numbers."""

    @property
    def narrow(self) -> frozenset[int]:
        """Columns so narrow that nothing in them need be broken."""
        columns = enumerate(zip(*self.rows, strict=True))
        return frozenset(n for n, cells in columns if all(len(_bare(words)) <= 16 for words in cells))


@dataclass(frozen=True, slots=True)
class Items:
    kind: ClassVar[str] = "items"
    items: tuple[Words, ...]


@dataclass(frozen=True, slots=True)
class Prose:
    """Markdown that somebody wrote, with its headings below the one it stands under."""

    kind: ClassVar[str] = "prose"
    source: str
    below: int


@dataclass(frozen=True, slots=True)
class Figure:
    """A drawing, and the words that stand for it where nothing can be drawn."""

    kind: ClassVar[str] = "figure"
    svg: bytes
    words: Words


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    kind: ClassVar[str] = "section"
    title: str
    blocks: tuple["Block", ...]
    number: str = ""
    """``3``, ``A``; empty of what stands within another."""
    name: str = ""
    """By which links within the page find it."""


Block = Paragraph | Notice | Quote | Facts | Table | Items | Prose | Figure | Section


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    sort: str
    """What kind of document it is: ``Post-deployment report``."""
    title: str
    subtitle: str
    front: tuple[Block, ...]
    """What stands on its first page."""
    plate: Figure | None
    """A drawing that has the next one to itself, printed on its side."""
    sections: tuple[Section, ...]


# ── text ─────────────────────────────────────────────────────────────────────────────────────────────────────────────


def held(text: str) -> str:
    """`text` with what no page can hold as its number; lines end in ``\\n``."""
    return characters.held(text.replace("\r\n", "\n"))


def spans(words: Words) -> list[Span]:
    """The parts of what is said."""
    parts = words if isinstance(words, tuple) else (words,)
    return [Span(part) if isinstance(part, str) else part for part in parts]


def _bare(words: Words) -> str:
    return "".join(span.text for span in spans(words))


def leads_out(href: str) -> bool:
    """Whether an address leads somewhere from any page."""
    return bool(re.match(r"(https?://|mailto:)[^\s<>]+\Z", href, re.IGNORECASE))


class _Reader(MarkdownIt):
    """Lives as long as one text."""

    def __init__(self, *, html: bool) -> None:
        # Deeper nesting than the default is text that would be dropped without a word.
        super().__init__("commonmark", {"html": html, "maxNesting": 10_000})
        self.enable("table")

    def validateLink(self, url: str) -> bool:  # noqa: N802
        return leads_out(url)


def _parsed(source: str, *, html: bool = False) -> list[Token] | None:
    """None where it is nested too deep to be read; `html` is as other readers take it."""
    try:
        return _Reader(html=html).parse(source)
    except RecursionError:
        return None


# ── HTML ─────────────────────────────────────────────────────────────────────────────────────────────────────────────


def html(document: Document) -> bytes:
    """One page that holds everything, to be read, printed and filed; it loads nothing and runs nothing."""
    environment = Environment(
        loader=FileSystemLoader(Path(__file__).with_name("templates")),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        finalize=lambda value: held(value) if type(value) is str else value,
    )
    page = environment.get_template("report.html").render(
        document=document,
        spans=spans,
        leads_out=leads_out,
        in_css=lambda text: Markup(_in_css(held(text))),
        drawing=lambda svg: Markup(svg.decode().rstrip("\n")),
        prose=lambda block: Markup(_prose_html(block)),
    )
    return page.encode()


def _in_css(text: str) -> str:
    """A string of CSS in which nothing has a meaning."""
    return '"' + "".join(c if c.isalnum() else f"\\{ord(c):x} " for c in text) + '"'


def _prose_html(prose: Prose) -> str:
    """Headings are set below; a picture is shown as its words, since nothing is loaded."""
    source = held(prose.source)
    tokens = _parsed(source)
    if tokens is None:
        return f"<pre>{escape(source)}</pre>"
    for token in tokens:
        if token.type in ("heading_open", "heading_close"):
            token.tag = f"h{_below(prose, int(token.tag[1]))}"
        for child in token.children or ():
            if child.type == "image":
                child.type, child.content = "text", child.content or str(child.attrs.get("src", ""))
    reader = _Reader(html=False)
    return str(reader.renderer.render(tokens, reader.options, {}))


def _below(prose: Prose, level: int) -> int:
    return min(level + prose.below, 6)


# ── Markdown ─────────────────────────────────────────────────────────────────────────────────────────────────────────

WIDTH = 80
"""Of a line of text; tables may be wider, up to `WIDEST`, and beyond that are lists."""
WIDEST = 124


def markdown(document: Document) -> bytes:
    """The same as Markdown (CommonMark with tables), in lines of `WIDTH`."""
    parts = [[_heading(f"{document.sort}: {document.title}", 1)], _set(_text(document.subtitle))]
    blocks = [*document.front, *([document.plate] if document.plate else []), *document.sections]
    parts += [part for block in blocks for part in _block(block, 2)]
    return "\n\n".join("\n".join(part) for part in parts if part).encode() + b"\n"


def _block(block: Block, level: int) -> Iterator[list[str]]:
    """Its parts, each in lines; between two parts goes an empty line."""
    match block:
        case Section():
            yield [_heading(f"{block.number}. {block.title}" if block.number else block.title, level)]
            for inner in block.blocks:
                yield from _block(inner, level + 1)
        case Paragraph():
            yield _set(_inline(block.words))
        case Notice():
            yield _set(f"**{_text(block.title)}** {_inline(block.words)}")
        case Quote():
            yield [*_set(_text(block.text), "> "), ">", *_set(f"— {_inline(block.source)}".replace("\n", ", "), "> ")]
        case Facts():
            yield [
                line for term, words in block.rows for line in _set(f"**{_text(term)}:** {_inline(words)}", "- ", "  ")
            ]
        case Table():
            yield _table(block)
        case Items():
            yield [line for item in block.items for line in _set(_inline(item), "- ", "  ")]
        case Figure():
            yield _set(_inline(block.words))
        case Prose():
            yield _prose_lines(block)


def _heading(text: str, level: int) -> str:
    return f"{'#' * min(level, 6)} {' '.join(_text(text).split())}"


def _inline(words: Words) -> str:
    return "".join(_span(span) for span in spans(words))


def _span(span: Span) -> str:
    if leads_out(span.href):
        text = "" if span.text == span.href else _text(span.text)
        return f"[{text}](<{span.href}>)" if text else f"<{span.href}>"
    if not span.text.strip():
        return span.text
    match span.style:
        case "code":
            return _code(held(span.text))
        case "strong":
            return f"**{_text(span.text)}**"
        case "em":
            return f"*{_text(span.text)}*"
        case _:
            return _text(span.text)


def _code(text: str) -> str:
    """Between more backticks than stand in it."""
    ticks = "`" * (max(map(len, re.findall("`+", text)), default=0) + 1)
    space = " " * (text[0] == "`" or text[-1] == "`")
    return f"{ticks}{space}{text}{space}{ticks}"


_SIGNS = re.compile(r"[\\`*]|\[(?=[^\n]*\][(\[:])|~(?=~)|<(?=[A-Za-z/!?])|&(?=#?\w+;)|(?<![^\W_])_|_(?![^\W_])")
"""What would be markup within a line."""
_STARTS = re.compile(r"#{1,6}(?=\s|$)|>|[-+](?=\s|$)|[-=:|](?=[-=:|\s]*$)|(?<=\d)[.)](?=\s|$)")
"""… and at its start, perhaps after a number."""


def _text(text: str) -> str:
    """`text` as Markdown that shows it as it is; lines are its lines."""
    return _SIGNS.sub(r"\\\g<0>", held(text))


def _start(line: str) -> str:
    number = re.match(r"\d{1,9}(?=[.)])", line)
    at = number.end() if number else 0
    return f"{line[:at]}\\{line[at:]}" if _STARTS.match(line, at) else line


def _set(text: str, first: str = "", rest: str | None = None) -> list[str]:
    """Markdown in lines; the line breaks of `text` stay, and its empty lines part paragraphs."""
    rest = first if rest is None else rest
    lines: list[str] = []
    for paragraph in re.split(r"\n\s*\n", text.strip()):
        lines += [""] if lines else []
        broken = [
            [
                _start(piece)
                for piece in textwrap.wrap(line, WIDTH - len(rest), break_long_words=False, break_on_hyphens=False)
            ]
            for line in map(str.strip, paragraph.split("\n"))
        ]
        for pieces in filter(None, broken):
            if lines and lines[-1]:
                lines[-1] += "  "
            lines += pieces
    return [f"{rest if n else first}{line}" if line else rest.rstrip() for n, line in enumerate(lines)]


def _table(table: Table) -> list[str]:
    rows = [[_cell(words) for words in row] for row in (table.head, *table.rows)]
    wide = [max(3, *map(len, column)) for column in zip(*rows, strict=True)]
    if sum(wide) + 3 * len(wide) > WIDEST:
        return _listed(table)
    lines = [
        "| "
        + " | ".join(
            c.rjust(w) if n in table.numbers else c.ljust(w) for n, (c, w) in enumerate(zip(row, wide, strict=True))
        )
        + " |"
        for row in rows
    ]
    rule = ("-" * (w - 1) + (":" if n in table.numbers else "-") for n, w in enumerate(wide))
    return [lines[0], "| " + " | ".join(rule) + " |", *lines[1:]]


def _listed(table: Table) -> list[str]:
    lines: list[str] = []
    for first, *others in table.rows:
        said = [f"{_text(name)}: {_inline(words)}" for name, words in zip(table.head[1:], others, strict=True) if words]
        lines += _set("; ".join([_inline(first), *said]).replace("\n", " "), "- ", "  ")
    return lines


def _cell(words: Words) -> str:
    return " ".join(_inline(words).split()).replace("|", "\\|")


def _prose_lines(prose: Prose) -> list[str]:
    """As it was written, with headings set below; as plain text in a quote where it would swallow what follows."""
    lines = held(prose.source).strip("\n").split("\n")
    tokens = _parsed("\n".join(lines)) or []
    for token, inside in reversed([*pairwise(tokens)]):
        if token.type == "heading_open" and token.level == 0 and token.map:
            title = " ".join(inside.content.split())
            lines[slice(*token.map)] = [f"{'#' * _below(prose, int(token.tag[1]))} {title}"]
    after = _parsed("\n".join([*lines, "", "And then."]), html=True) or []
    parted = [token.content for token in after[-3:]] == ["", "And then.", ""] and after[-1].level == 0
    tags = any(part.type.startswith("html") for token in after for part in (token, *(token.children or ())))
    return lines if parted and not tags else _set(_text(prose.source), "> ")
