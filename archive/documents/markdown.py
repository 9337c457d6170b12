"""A document as Markdown (CommonMark with tables) that reads well as it stands, in lines of `WIDTH`."""

import re
import textwrap
from collections.abc import Iterator

from archive.documents.document import (
    Aside,
    Block,
    Document,
    Entry,
    Facts,
    Figure,
    Grid,
    Items,
    Notice,
    Paragraph,
    Prose,
    Quote,
    Row,
    Section,
    Stack,
    Verbatim,
    alike,
)
from archive.documents.prose import as_markdown
from archive.documents.table import Table
from archive.documents.words import Span, Words, bare, held, leads_out, spans

WIDTH = 80
"""Of a line of text; tables may be wider, up to `WIDEST`, and beyond that are lists."""
WIDEST = 124


def markdown(document: Document) -> bytes:
    """The whole of it; the same document, the same bytes."""
    title = f"{document.sort}: {document.title}" if document.title else document.sort
    parts = [[_heading(title, 1)], _set(_inline(document.subtitle))]
    blocks = [*document.front, *([document.plate] if document.plate else []), *document.blocks]
    parts += [part for block in blocks for part in _block(block, 2)]
    return _joined(parts).encode() + b"\n"


def _joined(parts: list[list[str]]) -> str:
    return "\n\n".join("\n".join(part) for part in parts if part)


def _block(block: Block, level: int) -> Iterator[list[str]]:
    """Its parts, each in lines; between two parts goes an empty line."""
    match block:
        case Section():
            yield [_heading(f"{block.number}. {block.title}" if block.number else block.title, level)]
            yield from _blocks(block.blocks, level + 1)
        case Entry() if block.ruled:
            yield [_heading(bare(block.head), level)]
            yield from _blocks(block.blocks, level + 1)
        case Entry():
            yield _within([_set(_inline(block.head)), *_blocks(block.blocks, level)], "- ", "  ")
        case Aside():
            yield _within(list(_blocks(block.blocks, level)), "> ", "> ")
        case Grid():
            for row in block.titled:
                yield from _row(row, block.head, level)
        case Table():
            yield _table(block)
        case Prose():
            yield _prose(block)
        case _:
            yield _plain(block)


def _blocks(blocks: tuple[Block, ...], level: int) -> Iterator[list[str]]:
    for block in blocks:
        yield from _block(block, level)


def _plain(block: Paragraph | Notice | Quote | Verbatim | Facts | Items | Figure) -> list[str]:
    """Of a block that holds no others."""
    match block:
        case Paragraph() | Figure():
            return _set(_inline(block.words))
        case Notice():
            return _set(f"**{_text(block.title)}** {_inline(block.words)}")
        case Quote():
            return [*_set(_text(block.text), "> "), ">", *_set(f"— {_inline(block.source)}".replace("\n", ", "), "> ")]
        case Verbatim():
            return _set((f"*{_text(block.label)}:* " if block.label else "") + _text(block.text), "> ")
        case Facts():
            said = (f"**{_text(term)}:** {_inline(words)}" for term, words in block.rows)
        case Items():
            said = (_inline(item) for item in block.items)
    return [line for words in said for line in _set(words, "- ", "  ")]


def _row(row: Row, head: tuple[str, ...], level: int) -> Iterator[list[str]]:
    """A row of a grid; columns that say the same share a line."""
    if not row.cells:
        yield [_heading(row.term, level)]
        return
    yield [f"**{_text(row.term)}**"] if row.term else []
    for cell, names in alike(row, head):
        if isinstance(cell, Stack):
            yield [f"**{_text(', '.join(names))}**"]
            yield from _blocks(cell.blocks, level + 1)
        else:
            yield _set(f"{', '.join(names)}: {_inline(cell)}", "- ", "  ")


def _within(parts: list[list[str]], first: str, rest: str) -> list[str]:
    """Parts inside a list or a quotation."""
    lines = _joined(parts).split("\n")
    return [f"{rest if n else first}{line}" if line else rest.rstrip() for n, line in enumerate(lines)]


def _prose(prose: Prose) -> list[str]:
    """As it was written; as plain text in a quote where it would swallow what follows."""
    return as_markdown(prose) or _set(_text(prose.source), "> ")


def _heading(text: str, level: int) -> str:
    """One line; number signs that end it are said to be words, since they would only close it."""
    words = re.sub(r"(?:(?<= )|^)(#+)$", r"\\\1", " ".join(_text(text).split()))
    return f"{'#' * min(level, 6)} {words}"


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


_SIGNS = re.compile(r"[\\`*\[]|~(?=~)|<(?=[A-Za-z/!?])|&(?=#?\w+;)|(?<![^\W_])_|_(?![^\W_])")
"""What would be markup within a line."""
_STARTS = re.compile(r"#{1,6}(?=\s|$)|>|[-+](?=\s|$)|[-=:|](?=[-=:|\s]*$)|(?<=\d)[.)](?=\s|$)")
"""… and at its start, perhaps after a number."""


def _text(text: str) -> str:
    """`text` as Markdown that shows it as it is; lines are its lines."""
    return "\n".join(map(_signed, held(text).split("\n")))


def _signed(line: str) -> str:
    """A bracket opens a link only where one closes it further on."""
    end = max(map(line.rfind, ("](", "][", "]:")))
    return _SIGNS.sub(lambda sign: f"\\{sign[0]}" if sign[0] != "[" or sign.start() < end else "[", line)


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
