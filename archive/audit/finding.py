"""What an audit finds: one thing that is wrong, which kind that is, and where the good copy lies."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from archive.errors import Problem

Kind = Literal["damaged", "edited", "foreign", "exposed", "unsound"]
KINDS: Mapping[Kind, str] = {
    "damaged": "damaged",
    "edited": "edited since it was filed",
    "foreign": "foreign",
    "exposed": "open to others",
    "unsound": "unsound",
}
"""Each as it is counted: not what was logged, what people may change and did, what does not belong there, what others
can read, a record that says what cannot be."""
RESTORE = "archive check --restore"


@dataclass(frozen=True, slots=True, order=True)
class Finding(Problem):
    """A problem of one of these kinds."""

    kind: Kind = "damaged"
    copy: str = ""
    """Where the same bytes lie undamaged, by path in the home; empty where they are made again, or nowhere."""

    def __str__(self) -> str:
        return f"{KINDS[self.kind]}: {Problem.__str__(self)}"

    def plain(self) -> dict[str, Any]:
        """For programs."""
        return {"kind": self.kind, "place": self.place, "found": self.found, "remedy": self.remedy, "copy": self.copy}
