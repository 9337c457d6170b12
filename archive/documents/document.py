"""A document: what it says, once, in blocks; how it is set is told by `terminal`, `markdown` and `html`."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import ClassVar

from archive.documents.table import Table
from archive.documents.words import Words
from archive.errors import Problem


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
class Verbatim:
    """A text at length, in the lines it has."""

    kind: ClassVar[str] = "verbatim"
    text: str
    label: str = ""
    """What it is, where it is not what was said: ``reasoning``."""


@dataclass(frozen=True, slots=True)
class Facts:
    """Terms, and what is to be said of each."""

    kind: ClassVar[str] = "facts"
    rows: tuple[tuple[str, Words], ...]


@dataclass(frozen=True, slots=True)
class Items:
    kind: ClassVar[str] = "items"
    items: tuple[Words, ...]
    unbroken: bool = False
    """On a terminal each stands on one line, for those who read lines."""


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


@dataclass(frozen=True, slots=True)
class Aside:
    """What is said beside something, such as notes on a turn."""

    kind: ClassVar[str] = "aside"
    blocks: tuple["Block", ...]


@dataclass(frozen=True, slots=True)
class Entry:
    """One of several things of a kind: what it is, and below that what there is to it."""

    kind: ClassVar[str] = "entry"
    head: Words
    blocks: tuple["Block", ...] = ()
    ruled: bool = False
    """Set off by a rule: a turn, an answer."""


@dataclass(frozen=True, slots=True)
class Stack:
    """Blocks in one cell of a `Grid`."""

    kind: ClassVar[str] = "stack"
    blocks: tuple["Block", ...]


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a `Grid`; without cells it is the heading of those that follow."""

    term: str
    cells: tuple[Words | Stack, ...] = ()


@dataclass(frozen=True, slots=True)
class Grid:
    """Columns side by side: what each says to the same terms.

    A page shows all cells; where there is little room columns that say the same share a line.
    """

    kind: ClassVar[str] = "grid"
    head: tuple[str, ...]
    """The columns' names: ``A``, ``B`` …"""
    titles: tuple[str, ...]
    """What each column is, beside its name."""
    rows: tuple[Row, ...]

    @property
    def titled(self) -> tuple[Row, ...]:
        """Its rows below one that says what each column is."""
        return Row("", self.titles), *self.rows


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    kind: ClassVar[str] = "section"
    title: str
    blocks: tuple["Block", ...]
    number: str = ""
    """``3``, ``A``; empty of what stands within another."""
    name: str = ""
    """By which links within the page find it."""


Block = Paragraph | Notice | Quote | Verbatim | Facts | Table | Items | Prose | Figure | Aside | Entry | Grid | Section


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    sort: str
    """What kind of document it is: ``Post-deployment report``."""
    title: str = ""
    """What it is about; empty where its kind says it all, as of a list."""
    subtitle: Words = ""
    front: tuple[Block, ...] = ()
    """What stands on its first page."""
    plate: Figure | None = None
    """A drawing that has the next one to itself, printed on its side."""
    blocks: tuple[Block, ...] = ()

    @property
    def chapters(self) -> tuple[Section, ...]:
        """Its numbered sections; a table of contents lists them."""
        return tuple(block for block in self.blocks if isinstance(block, Section) and block.number)

    @property
    def drawing(self) -> bytes | None:
        """Its first drawing, as SVG."""
        return next((block.svg for block in self.every() if isinstance(block, Figure)), None)

    def every(self) -> Iterator[Block]:
        """Every block, those within others too."""
        yield from _within((*self.front, *((self.plate,) if self.plate else ()), *self.blocks))


def to_mend(problems: Sequence[Problem]) -> tuple[Section, ...]:
    """What could not be read, as the last section; none where all could."""
    return (
        (Section(title="To be mended", blocks=(Items(tuple(map(str, problems)), unbroken=True),)),) if problems else ()
    )


def _within(blocks: tuple[Block, ...]) -> Iterator[Block]:
    for block in blocks:
        yield block
        if isinstance(block, Section | Entry | Aside):
            yield from _within(block.blocks)


def alike(row: Row, head: tuple[str, ...]) -> list[tuple[Words | Stack, list[str]]]:
    """The different cells of a row, each with the names of the columns that have it."""
    found: list[tuple[Words | Stack, list[str]]] = []
    for name, cell in zip(head, row.cells, strict=True):
        names = next((names for other, names in found if other == cell and not isinstance(cell, Stack)), None)
        if names is None:
            found.append((cell, [name]))
        else:
            names.append(name)
    return found
