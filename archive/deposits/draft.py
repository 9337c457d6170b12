"""What is ready to be filed, and what came of it."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from archive.deposits.lists import Changes
from archive.home.store import Content, Held
from archive.importers.source import Speaker

if TYPE_CHECKING:
    from archive.deposits.marks import Marks

Digests = frozenset[str]
"""SHA-256 of a received file, or of the two of an exchange."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """What the command line says about all that is filed with one command."""

    model: str | None = None
    kind: str | None = None
    protocol: str | None = None
    title: str | None = None
    access: str | None = None
    licence: str | None = None
    context: Path | None = None
    speakers: Mapping[str, Speaker] | None = None
    slug: str | None = None
    date: dt.date | None = None
    again: bool = False
    """File bytes that were filed before once more."""
    only: frozenset[str] = frozenset()
    """Of what holds many conversations only these, by number or by the name of the part; all where it is empty."""
    several: bool = False
    """Whether more than one may be filed with it, so that `slug` gets a number where it is taken."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """A deposit or a model's folder that is ready to be filed."""

    source: Path
    kind: Literal["deposit", "model", "protocol", "codebook"]
    folder: str
    """Where it will lie, relative to the home."""
    files: Mapping[str, Held]
    """Everything people filed, by its path in the folder."""
    written: Mapping[str, Content] = field(default_factory=dict)
    """What the program writes beside it: ``turns.jsonl``, a ``deposit.toml`` that was not there. Turns lie in the
    command's scratch folder, or where they were filed."""
    private: bool = False
    """Whether what was filed must not be named in a list that may be published."""
    described: bool = False
    """Whether ``deposit.toml`` may be seen all the same."""
    hidden: frozenset[str] = frozenset()
    """Of what is not private, what rests on deposits that are; by path."""
    marks: "Marks | None" = None
    """What of its turns others must not see."""
    released: str = ""
    """Why it is opened with this filing; empty where it is not."""
    version: int = 1
    """2 for the first refiling."""
    received: Digests = frozenset()
    """Of a new deposit what it must be the only one to hold; empty where that was asked for (``--again``)."""
    part: str = ""
    """Of what holds many conversations, which it was: ``export.zip/conversations.json [3]``."""
    lost: Mapping[str, int] = field(default_factory=dict)
    unanswered: tuple[str, ...] = ()
    """Context-bias fields that stand at ``not_recorded``."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Twin:
    """What holds the very bytes of a draft that came with the same command, and is filed with it."""

    source: Path
    received: Digests


@dataclass(frozen=True, slots=True, kw_only=True)
class Filed:
    """What came of one path."""

    source: Path
    status: Literal["filed", "refiled", "already filed"]
    accession: str
    folder: str
    changes: Changes = field(default_factory=Changes)
    """What is different from the version before, where it was filed again."""
    lost: Mapping[str, int] = field(default_factory=dict)
    unanswered: tuple[str, ...] = ()
    remarks: tuple[str, ...] = ()
    """Of a deposit of which words are covered, what should be known before others see it."""


Item = Draft | Filed | Twin
"""What becomes of one thing that is found."""
