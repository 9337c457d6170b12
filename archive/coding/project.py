"""What a project in REFI-QDA says, as values: who coded which words of which text with which code.

Specification: https://www.qdasoftware.org (QDA-XML 1.0, March 2019).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

OURS = "Emeritus"
"""What a project that this program wrote says of its origin; in no other file do positions need no proof."""

NOBODY = "nobody"
"""The user whose the texts are, listed first: in that name QualCoder codes until a person chooses their own."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Code:
    """A code of the project's codebook."""

    guid: str
    name: str
    means: str
    codable: bool
    above: tuple[str, ...]
    """The codes it stands under, by name, from the outermost."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Selection:
    """Words that somebody selected in a text, and with which codes."""

    start: int
    end: int
    """Positions as the program wrote them."""
    name: str = ""
    """What the program calls it: often the words themselves, or how they begin."""
    memo: str = ""
    codings: tuple[tuple[str, str], ...] = ()
    """GUIDs of code and user."""
    user: str = ""
    """Who selected it, by GUID."""
    day: str = ""
    """When, as it is written: ``2026-11-20T09:00:00Z``."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """A text that was coded."""

    guid: str
    name: str
    text: str
    """As it lies in the file, without a byte order mark; not read where nothing is selected in it."""
    selections: tuple[Selection, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Project:
    """All that is read of a project."""

    name: str
    origin: str
    """The program that wrote it."""
    users: Mapping[str, str]
    """GUID → name."""
    codes: tuple[Code, ...]
    """In the order of the codebook, outer ones first."""
    sources: tuple[Source, ...]
    lost: Mapping[str, int] = field(default_factory=dict)
    """What it holds besides, by kind, counted."""
