"""The intake lists of a folder, read back and compared."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

from archive.errors import Malformed
from archive.home.accession import intake_lists
from archive.register import sums
from archive.wording import listed


def list_digests(folder: Path) -> list[dict[str, str]]:
    """For each intake of a folder, oldest first: path → SHA-256 of all that was listed, private or not.

    Raises `Malformed`.
    """
    found = []
    for number, path in enumerate(intake_lists(folder), 1):
        listed = sums.parse(path.read_bytes(), path.name)
        private = f"private-{number}.sums" if number > 1 else "private.sums"
        if private in listed:
            try:
                listed |= sums.parse((folder / private).read_bytes(), private)
            except FileNotFoundError:
                raise Malformed(f"{folder.name}/{private} is missing, and {path.name} lists it") from None
        found.append(listed)
    return found


@dataclass(frozen=True, slots=True, kw_only=True)
class Changes:
    """What is different between two versions of a folder, by path in it."""

    added: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    dropped: tuple[str, ...] = ()

    @property
    def sentences(self) -> tuple[str, ...]:
        """``added notes/ann.toml``, ``dropped analyses/first.md and analyses/first.toml``"""
        return tuple(f"{what} {listed(names)}" for what, names in asdict(self).items() if names)

    def plain(self) -> dict[str, list[str]]:
        """For programs."""
        return {what: list(names) for what, names in asdict(self).items()}


def changes(before: Mapping[str, str], after: Mapping[str, str]) -> Changes:
    """What is different in `after`; both: path → SHA-256."""
    return Changes(
        added=tuple(sorted(after.keys() - before.keys())),
        changed=tuple(sorted(name for name in after.keys() & before.keys() if after[name] != before[name])),
        dropped=tuple(sorted(before.keys() - after.keys())),
    )
