"""How far each sampling has come: ``.archive/samplings.kept``, by its slug, so that one that was stopped goes on.

The register says what was asked for and what came. This says besides what was sent, and what became of each call: a
call without an end was about to be made, or had been, when something ended it. Where the file is lost, nothing can go
on, and nothing is asked twice for it.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace

from archive.errors import Error
from archive.home.home import Home
from publisher.essays.submission import read_file

NAME = ".archive/samplings.kept"


@dataclass(frozen=True, slots=True)
class Call:
    """One, from before it was made."""

    began: str
    """RFC 3339"""
    accession: str = ""
    """Of the text that came of it."""
    form: str = ""
    """SHA-256 of the ``essay.toml`` that was written for it."""
    without: str = ""
    """Why none came of it, for good; empty where one did, or nobody knows."""
    answered: bool = False
    """Whether the model answered, if without a text."""

    @property
    def open(self) -> bool:
        """Whether nobody knows what became of it."""
        return not self.accession and not self.without


@dataclass(frozen=True, slots=True)
class Progress:
    """Of one sampling."""

    sampling: str
    """``sampling.toml``"""
    index: int
    """Of the notice that it was asked for."""
    calls: tuple[Call, ...] = ()

    def called(self, *calls: Call) -> "Progress":
        """With more calls."""
        return replace(self, calls=(*self.calls, *calls))

    def became(self, place: int, **values: object) -> "Progress":
        """With what became of the call at a place in `calls`."""
        known = [*self.calls]
        known[place] = replace(known[place], **values)  # type: ignore[arg-type]
        return replace(self, calls=tuple(known))

    @property
    def came(self) -> list[str]:
        """Accessions of what came, in its order."""
        return sorted(
            (c.accession for c in self.calls if c.accession), key=lambda number: (number[:5], int(number[6:]))
        )

    def missing(self, candidates: int) -> int:
        """How many are still to be asked for: a model that answered without a text has answered."""
        return candidates - sum(bool(call.accession) or call.answered for call in self.calls)


def read(home: Home) -> dict[str, Progress]:
    """All of them. Raises `Error` where the file is none that was written here."""
    try:
        kept = json.loads(read_file(home.root / NAME) or b"{}")
        return {
            slug: Progress(each["sampling"], each["index"], tuple(Call(**call) for call in each["calls"]))
            for slug, each in kept.items()
        }
    except (ValueError, TypeError, LookupError, AttributeError):
        what = "expected how far samplings have come, found something else; bring it back from a backup"
        raise Error(f"{NAME}: {what}, or move it away: then none that was stopped can go on") from None


def written(kept: Mapping[str, Progress]) -> dict[str, bytes]:
    """The file, for a change."""
    text = json.dumps({slug: asdict(each) for slug, each in kept.items()}, indent=1, sort_keys=True)
    return {NAME: f"{text}\n".encode()}


def lost(calls: Sequence[Call]) -> int:
    """How many calls nobody knows the end of."""
    return sum(call.open for call in calls)
