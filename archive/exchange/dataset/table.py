"""A typed table: what each of its columns holds and means. Files, schemas and the dictionary are all made of it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from archive.records.field import Values

Type = Literal["string", "integer", "boolean", "date", "datetime", "list"]
"""As Data Package calls them; an enumeration is a string with `Column.values`, a list is one of strings."""
MODEL = "model"
"""The column that the files of a table are parted by; its value stands in the name of their folder too."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """One column of a table."""

    name: str
    type: Type
    means: str
    null: str = ""
    """What null means; empty where there is always a value."""
    example: object = None
    unit: str = ""
    source: str = ""
    """Where it is read: ``deposit.toml date``."""
    values: Values = field(default_factory=dict)
    """Of an enumeration: each value and what it means."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """One table; its rows are told apart by `key`."""

    name: str
    means: str
    """What a row is."""
    key: tuple[str, ...]
    columns: tuple[Column, ...]
    refers: Mapping[tuple[str, ...], str] = field(default_factory=dict)
    """Columns → the table in whose key they stand, in that order."""

    @property
    def parted(self) -> bool:
        """Whether its files are parted by model."""
        return any(column.name == MODEL for column in self.columns)

    def row(self, *records: Mapping[str, Any]) -> "tuple[Table, dict[str, Any]]":
        """Itself, and every column, from the first of `records` that has it; what is an empty text or an empty list is
        null, where null is a value of the column.

        Raises `KeyError` where none has it.
        """
        merged = {key: value for record in reversed(records) for key, value in record.items()}
        return self, {c.name: None if c.null and merged[c.name] in ("", ()) else merged[c.name] for c in self.columns}


def tables(*made: Table) -> Mapping[str, Table]:
    """By name."""
    return {table.name: table for table in made}


def plain(made: Iterable[Table]) -> list[Any]:
    """All that is said of them, as JSON has it: other tables say something else here."""
    return [
        [t.name, t.means, t.key, [[getattr(c, name) for name in Column.__slots__] for c in t.columns]] for t in made
    ]
