"""The catalogue's tables.

Every row belongs to a folder of ``transcripts/``, whose accession number it carries. What makes them in SQLite lies in
``schema.sql`` too, so that nothing that reads or writes there has to import SQLAlchemy.
"""

import datetime as dt
import re
from collections.abc import Iterator
from typing import Any, ClassVar

from sqlalchemy import BigInteger, Column, Dialect, ForeignKeyConstraint, Index, Integer, UniqueConstraint
from sqlalchemy.dialects import sqlite
from sqlalchemy.schema import CreateIndex, CreateTable
from sqlalchemy.sql.ddl import DDLElement
from sqlmodel import Field, SQLModel


def _number() -> Any:
    """A key that `reader.newest_first` makes; in SQLite the very number of the row."""
    kind = BigInteger().with_variant(Integer, "sqlite")
    return Field(sa_column=Column(kind, primary_key=True, autoincrement=False))


def _within(columns: str, target: str) -> ForeignKeyConstraint:
    table, _, there = target.partition(".")
    return ForeignKeyConstraint(columns.split(), [f"{table}.{name}" for name in there.split()])


class Catalogue(SQLModel, table=True):
    """One row: who made the catalogue, of which archive, and up to which statement of its register."""

    version: str = Field(primary_key=True)
    origin: str
    statements: int
    root: str
    """The register's root hash at that size, in base64 as a checkpoint has it."""


class AIModel(SQLModel, table=True):
    """A model whose folder was filed; what is known of it stands in its ``model.toml``."""

    __tablename__: ClassVar[str] = "ai_model"
    accession: str = Field(primary_key=True)
    id: str = Field(index=True)
    folder: str
    maker: str
    name: str
    aliases: str
    """With a space between them."""


class Preference(SQLModel, table=True):
    """A wish, with how it stands: its newest answer's status, or ``open``."""

    __table_args__ = (_within("accession", "ai_model.accession"),)
    accession: str = Field(primary_key=True)
    slug: str = Field(primary_key=True)
    model: str = Field(index=True)
    summary: str
    date: dt.date
    scope: str
    elicitation: str
    proposed_by: str
    status: str


class Answer(SQLModel, table=True):
    """What was done about a preference, numbered from the oldest."""

    __table_args__ = (_within("accession slug", "preference.accession slug"),)
    accession: str = Field(primary_key=True)
    slug: str = Field(primary_key=True)
    number: int = Field(primary_key=True)
    status: str
    date: dt.date
    by: str


class Deposit(SQLModel, table=True):
    """A filed folder."""

    accession: str = Field(primary_key=True)
    folder: str
    slug: str = Field(index=True)
    title: str
    model: str
    kind: str
    date: dt.date | None
    access: str
    filed: dt.datetime
    entry: int
    """Where its intake stands in the register."""
    files: str
    """What was received, and its turns: name → SHA-256, as JSON."""
    lost: str
    """What the received files hold and the turns do not, counted, as JSON."""


class Context(SQLModel, table=True):
    """A context-bias note, once for all interviews of a deposit that have the same."""

    __table_args__ = (_within("accession", "deposit.accession"),)
    accession: str = Field(primary_key=True)
    number: int = Field(primary_key=True)
    answers: str
    """What is answered, by field, as JSON; all else is not recorded."""


class Interview(SQLModel, table=True):
    """One conversation, with what holds for it."""

    __table_args__ = (_within("accession context", "context.accession number"),)
    accession: str = Field(primary_key=True)
    number: int = Field(primary_key=True)
    model: str = Field(index=True)
    kind: str
    protocol: str = Field(index=True)
    title: str
    date: dt.date | None
    turns: int
    words: int
    """Of the visible text of all turns, counted between spaces."""
    own_turns: int
    """Of `turns`: the model's."""
    own_words: int
    system: bool
    """Whether a system prompt is among its turns."""
    recorded: int
    """How many fields of the context-bias note somebody answered."""
    fields: int
    context: int
    adherence: str
    """How far it went into what its protocol asks, as `archive.deposits.adherence` packs it."""


class Turn(SQLModel, table=True):
    """One utterance."""

    __table_args__ = (
        _within("accession interview", "interview.accession number"),
        UniqueConstraint("accession", "interview", "turn"),
    )
    id: int = _number()
    accession: str
    interview: int
    turn: int
    role: str
    parent: int | None
    """The turn it follows, 0 for none; only where that is not the turn before it."""
    text: str
    reasoning: str | None


class Note(SQLModel, table=True):
    """One thing a coder says of a turn: a code, or (with an empty code) what the note says in words."""

    __table_args__ = (
        _within("accession interview turn", "turn.accession interview turn"),
        Index("note_turn", "accession", "interview", "turn"),
    )
    id: int = _number()
    accession: str
    interview: int
    turn: int
    coder: str
    number: int
    """Of the note in the coder's file."""
    date: dt.date
    code: str = Field(index=True)
    value: str
    text: str
    quote: str
    confidence: str | None


class Analysis(SQLModel, table=True):
    """A reading of interviews, with its prose."""

    __table_args__ = (_within("accession", "deposit.accession"), UniqueConstraint("accession", "slug"))
    id: int = _number()
    accession: str
    slug: str = Field(index=True)
    title: str
    author: str
    author_kind: str
    date: dt.date
    version: int
    supersedes: str | None
    text: str


class Analysed(SQLModel, table=True):
    """An interview that an analysis read."""

    __table_args__ = (
        _within("accession slug", "analysis.accession slug"),
        Index("analysed_interview", "read", "interview"),
    )
    accession: str = Field(primary_key=True)
    slug: str = Field(primary_key=True)
    number: int = Field(primary_key=True)
    """In the order in which the analysis names them."""
    read: str
    """The accession of the deposit that holds it."""
    interview: int


class Claim(SQLModel, table=True):
    """One thing an analysis asserts."""

    __table_args__ = (_within("accession slug", "analysis.accession slug"), Index("claim_of", "accession", "slug"))
    id: int = _number()
    accession: str
    slug: str
    number: int
    date: dt.date
    text: str
    confidence: str | None


class Quote(SQLModel, table=True):
    """Exact words of a turn, and the analysis (with its claim) or the preference (claim 0) that rests on them."""

    __table_args__ = (Index("quote_turn", "quoted", "interview", "turn"),)
    accession: str = Field(primary_key=True)
    """Of the folder that quotes: a deposit's or a model's."""
    slug: str = Field(primary_key=True)
    claim: int = Field(primary_key=True)
    number: int = Field(primary_key=True)
    quoted: str
    """The accession of the deposit whose words they are."""
    interview: int
    turn: int
    part: str
    exact: str


TABLES = {table.name: table for table in SQLModel.metadata.sorted_tables}
"""Those that others point at stand first."""


def statements(dialect: Dialect) -> Iterator[str]:
    """What makes these tables in a database."""
    for table in TABLES.values():
        indexes = sorted(table.indexes, key=lambda index: str(index.name))
        made: list[DDLElement] = [CreateTable(table), *map(CreateIndex, indexes)]
        yield from (str(each.compile(dialect=dialect)).strip() for each in made)


def schema() -> str:
    """What makes them in SQLite; a test holds ``schema.sql`` to it."""
    made = statements(sqlite.dialect())
    return re.sub(r"[ \t]+$", "", ";\n\n".join(made) + ";\n", flags=re.MULTILINE)
