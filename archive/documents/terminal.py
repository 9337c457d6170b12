"""A document for a terminal, or whoever reads what a command prints: in lines of a width, in colour or not."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from archive.documents import lines
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
    Section,
    Stack,
    Verbatim,
    alike,
)
from archive.documents.table import Table, columns, padded, widths
from archive.documents.words import Words, bare, joined, visible

_TERMS = 24
"""Columns that terms take at most."""
_LONGEST = 600
"""Characters of what is said of one term among others."""
_LEAST = 20
"""Columns that a column of text keeps when a table is made to fit."""


def text(document: Document, *, width: int = 80, colour: bool = False) -> str:
    """The whole of it, ending with a line break."""
    setting = _Setting(width, colour)
    head = [f"{document.sort}: {document.title}" if document.chapters else document.title]
    parts = [[*setting.head(head[0])] if document.title else [], setting.wrapped(document.subtitle)]
    parts = [[line for part in parts for line in part if line]]
    blocks = (*document.front, *((document.plate,) if document.plate else ()), *document.blocks)
    return "".join(f"{line.rstrip()}\n" for line in _spaced([*parts, *(setting.block(block, 1) for block in blocks)]))


def _spaced(parts: Sequence[Sequence[str]]) -> Iterator[str]:
    """Parts with an empty line between two."""
    for number, part in enumerate(part for part in parts if part):
        yield from [""] * bool(number)
        yield from part


@dataclass(frozen=True, slots=True)
class _Setting:
    """How wide, and whether in colour."""

    width: int
    colour: bool

    def wrapped(self, words: Words, first: str = "", rest: str | None = None) -> list[str]:
        return lines.wrapped(words, self.width, first, rest, colour=self.colour) if words else []

    def head(self, words: Words) -> Iterator[str]:
        """Set off as a whole."""
        for line in lines.wrapped(bare(words), self.width):
            yield lines.bold(line) if self.colour else line

    def inner(self, blocks: Sequence[Block], level: int, indent: str, *, close: bool = False) -> list[str]:
        """Blocks further in; `close` together where none is a text of its own."""
        inside = _Setting(max(self.width - len(indent), _LEAST), self.colour)
        parts = [inside.block(block, level) for block in blocks]
        if close and not any(isinstance(block, Verbatim | Aside) for block in blocks):
            parts = [[line for part in parts for line in part]]
        return [f"{indent}{line}" if line.strip() else indent.rstrip() for line in _spaced(parts)]

    def block(self, block: Block, level: int) -> list[str]:
        match block:
            case Section():
                return self.section(block, level)
            case Entry() if block.ruled:
                return [*self.rule(bare(block.head)), *self.inner(block.blocks, level + 1, "")]
            case Entry():
                return [*self.wrapped(block.head, "", "  "), *self.inner(block.blocks, level + 1, "  ", close=True)]
            case Aside():
                return self.inner(block.blocks, level, "   ┆ ", close=True)
            case Grid():
                return self.grid(block, level)
            case Table():
                return list(_table(block, self))
            case _:
                return self.plain(block)

    def plain(self, block: Paragraph | Notice | Quote | Verbatim | Facts | Items | Prose | Figure) -> list[str]:
        """Of a block that holds no others."""
        match block:
            case Paragraph() | Figure():
                return self.wrapped(block.words)
            case Notice():
                return self.wrapped(joined(block.title, " ", block.words))
            case Quote():
                return self.wrapped(joined(f"“{block.text}” ", bare(block.source).replace("\n", ", ")), "   ")
            case Verbatim():
                label = f"   ({block.label}) " if block.label else "   "
                return self.wrapped(block.text, label, "   : " if block.label else "   ")
            case Facts():
                return self.facts(block)
            case Items() if block.unbroken:
                return [" ".join(visible(bare(item)).split()) for item in block.items]
            case Items():
                return [line for item in block.items for line in self.wrapped(item, "– ")]
            case Prose():
                return self.prose(block)

    def prose(self, block: Prose) -> list[str]:
        """As it was written, wrapped but for the rows of tables."""
        rows = block.source.strip("\n").split("\n")
        return [
            line for row in rows for line in ([visible(row)] if row.startswith("|") else lines.wrapped(row, self.width))
        ]

    def section(self, block: Section, level: int) -> list[str]:
        title = f"{block.number}. {block.title}" if block.number else block.title
        if level == 1:
            return [*self.rule(title), *self.inner(block.blocks, 2, "")]
        return [*self.head(title), *self.inner(block.blocks, level + 1, "  ")]

    def rule(self, title: str) -> Iterator[str]:
        """A title in a rule across."""
        for line in lines.wrapped(f"── {' '.join(title.split())} ", self.width):
            ruled = f"{line} " + "─" * (self.width - columns(line) - 1)
            yield lines.bold(ruled) if self.colour else ruled

    def facts(self, block: Facts) -> list[str]:
        """Terms, and beside them what is said of each."""
        space = min(max(columns(visible(term)) for term, _ in block.rows), _TERMS, self.width // 3)
        return [
            line
            for term, words in block.rows
            for line in self.wrapped(_cut(words) or " ", f"  {padded(visible(term), space)}  ", " " * (space + 4))
        ]

    def grid(self, block: Grid, level: int) -> list[str]:
        """Row by row; columns that say the same share a line."""
        found: list[list[str]] = []
        for row in block.titled:
            if not row.cells:
                found.append([*self.rule(row.term)])
                continue
            said = [*self.head(row.term)] if row.term else []
            for cell, names in alike(row, block.head):
                if isinstance(cell, Stack):
                    said += ["", *self.inner(cell.blocks, level, "")] if cell.blocks else []
                else:
                    said += self.wrapped(_cut(cell) or "–", f"  {' '.join(names)}  ")
            found.append(said)
        return [*_spaced(found)]


def _cut(words: Words) -> Words:
    """What is too long to stand among others, cut."""
    said = bare(words)
    if len(said) <= _LONGEST:
        return words
    return f"{said[:_LONGEST].rsplit(' ', 1)[0]} … ({len(said):,} characters; --to and --json have all)"


# ── tables ───────────────────────────────────────────────────────────────────────────────────────────────────────────


def _table(table: Table, setting: _Setting) -> Iterator[str]:
    """In columns, narrower ones where they do not fit; where even these do not, each row has a second line."""
    rows = [[" ".join(visible(bare(cell)).split()) for cell in row] for row in table.rows]
    wide = _fitted(table, widths([table.head, *rows]), setting.width)
    if wide is None:
        yield from _in_two(table, rows, setting)
        return
    yield from _headed(table.head, wide, table, setting)
    for row, cells in zip(table.rows, rows, strict=True):
        if all(columns(cell) <= w for cell, w in zip(cells, wide, strict=True)) and not setting.colour:
            yield _aligned(cells, wide, table)
        else:
            yield from _in_cells(row, wide, table, setting)


def _fitted(table: Table, natural: list[int], width: int) -> list[int] | None:
    """How wide columns are where they fit; the widest ones of text give way."""
    room, wide = width - 2 * (len(natural) - 1), list(natural)
    kept = table.narrow | table.numbers
    text_columns = [n for n in range(len(wide)) if n not in kept]
    while sum(wide) > room:
        n = max(text_columns, key=lambda n: wide[n], default=None)
        if n is None or wide[n] <= _LEAST:
            return None
        wide[n] -= min(sum(wide) - room, wide[n] - _LEAST, max(1, wide[n] // 8))
    return wide


def _headed(head: Sequence[str], wide: Sequence[int], table: Table, setting: _Setting) -> Iterator[str]:
    if any(head):
        line = _aligned([visible(name) for name in head], wide, table)
        yield lines.bold(line) if setting.colour else line


def _aligned(cells: Sequence[str], wide: Sequence[int], table: Table) -> str:
    pairs = enumerate(zip(cells, wide, strict=False))
    return "  ".join(padded(cell, w, right=n in table.numbers) for n, (cell, w) in pairs).rstrip()


def _in_cells(row: Sequence[Words], wide: Sequence[int], table: Table, setting: _Setting) -> Iterator[str]:
    """A row in which words are broken within their columns, or are set off."""
    cells = [
        lines.wrapped(words, w, colour=setting.colour) if words else [] for words, w in zip(row, wide, strict=True)
    ]
    for k in range(max(map(len, cells), default=1)):
        parts = [own[k] if k < len(own) else "" for own in cells]
        plain = [lines.unstyled(part) for part in parts]
        line = [
            " " * (w - columns(bare_)) + part if n in table.numbers else part + " " * (w - columns(bare_))
            for n, (part, bare_, w) in enumerate(zip(parts, plain, wide, strict=True))
        ]
        yield "  ".join(line).rstrip()


def _in_two(table: Table, rows: Sequence[Sequence[str]], setting: _Setting) -> Iterator[str]:
    """As many columns as fit, and below each row what the others say."""
    wide = widths([table.head, *rows])
    fit = 1
    while sum(wide[: fit + 1]) + 2 * fit <= setting.width:
        fit += 1
    yield from _headed(table.head[:fit], wide[:fit], table, setting)
    indent = " " * (wide[0] + 2 if wide[0] < setting.width // 3 else 4)
    named = table.narrow | table.numbers
    for cells in rows:
        yield _aligned(cells[:fit], wide[:fit], table)
        left = ((n, table.head[n], cells[n]) for n in range(fit, len(cells)) if cells[n])
        others = [f"{name.lower()} {cell}" if n in named else cell for n, name, cell in left]
        yield from setting.wrapped(" · ".join(others), indent)
