"""A field is one question about an interview, or one code for a turn, with the values that may answer it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Literal

Shape = Literal["choice", "open", "text", "topics", "date"]
Values = Mapping[str, str]
"""Value → its definition, in the order in which a person should read them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """One question about an interview, or one code for a turn."""

    key: str
    group: str
    """The heading it stands under."""
    means: str
    """What to write, in one line."""
    term: str = ""
    """What the field calls it, and where that comes from."""
    shape: Shape = "text"
    """``choice``: one of `values`; ``open``: one of `values` or free text; ``text``: free text; ``date``: YYYY-MM-DD;
    ``topics``: ``topic: value; topic: value``."""
    values: Values = field(default_factory=dict)
    many: bool = False
    """A list of such answers is taken too (codes only)."""
    ordered: bool = False
    """The values go from one end to the other (codes only)."""
    roles: tuple[str, ...] = ()
    """The roles of the turns it may be said of; any where empty (codes only)."""
    codebook: str = ""
    """The codebook and version it stands in, ``themes@1``; empty where it is of this vocabulary."""

    @property
    def kind(self) -> str:
        """One of `values.CODE_KINDS`, of a code."""
        if self.shape == "text":
            return "free"
        return "set" if self.many else "ordinal" if self.ordered else "nominal"

    @property
    def name(self) -> str:
        """What it is called among all: ``leading``, ``themes@1/attachment``."""
        return f"{self.codebook}/{self.key}" if self.codebook else self.key

    @property
    def heading(self) -> str:
        """``Who asked``: its group without the letter that orders groups."""
        return self.group.rpartition("  ")[2]

    @property
    def allowed(self) -> str:
        """What may stand here, as a person reads it: ``human | model | panel | script``."""
        words = {"text": "", "date": "YYYY-MM-DD", "open": " | …", "choice": "", "topics": ""}[self.shape]
        prefix = "topic: " if self.shape == "topics" else ""
        return prefix + " | ".join(self.values) + words


_Row = tuple[str, str, str, Shape, Values]


def fields(
    group: str,
    *rows: _Row,
    many: Iterable[str] = (),
    ordered: Iterable[str] = (),
    roles: tuple[str, ...] = (),
    any_role: Iterable[str] = (),
) -> tuple[Field, ...]:
    """The fields of one group from rows of key, meaning, term, shape and values; keys in `any_role` bind to no role."""
    return tuple(
        Field(
            key=key,
            group=group,
            means=means,
            term=term,
            shape=shape,
            values=values,
            many=key in many,
            ordered=key in ordered,
            roles=() if key in any_role else roles,
        )
        for key, means, term, shape, values in rows
    )
