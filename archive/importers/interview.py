"""What an importer makes of one conversation."""

from collections.abc import Mapping
from dataclasses import dataclass

from archive.importers.turns import Turn


@dataclass(frozen=True, slots=True, kw_only=True)
class Interview:
    """One conversation as an importer read it. Its turns still carry the interview number 1; without any it is none."""

    turns: tuple[Turn, ...]
    lost: Mapping[str, int]
    context: Mapping[str, str]
    model: str | None
    date: str | None
    title: str = ""
    """What the file calls this conversation."""
