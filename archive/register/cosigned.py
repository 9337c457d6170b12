"""The checkpoints that witnesses cosigned, kept and published by tree size: ``cosigned/12``.

Each is a checkpoint as it was signed with the witnesses' lines under it. They lie in the register's folder and, for
everybody, in the public one; there ``checkpoint`` too carries the lines it has. What a statement's time is bracketed
by is read from them, so none is ever taken away. ``cosigned/sizes`` lists them there, a size a line, for whoever cannot
look into a folder.
"""

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from archive.errors import Malformed

from . import durable
from .note import read

if TYPE_CHECKING:
    from .bracket import Sighting
    from .policy import Policy

NAME = "cosigned"
"""The folder's name, in the register's."""
SIZES = f"{NAME}/sizes"
"""Where the public folder lists them."""


def sizes(folder: Path) -> list[int]:
    """The tree sizes that some witness has cosigned, from the smallest."""
    names = (path.name for path in (folder / NAME).glob("*"))
    return sorted(int(name) for name in names if name.isdecimal() and name.isascii() and str(int(name)) == name)


def listing(sizes: Iterable[int]) -> bytes:
    """``cosigned/sizes``"""
    return "".join(f"{size}\n" for size in sorted(sizes)).encode()


def of(folder: Path, size: int, note: str) -> str:
    """A checkpoint with the cosignatures that were kept of it; as it is where there are none."""
    try:
        kept = read(folder / NAME / str(size))
    except (FileNotFoundError, Malformed):
        return note
    return kept if kept.startswith(note) else note


def first(folder: Path, index: int) -> str | None:
    """The first checkpoint that was cosigned and contains entry `index`; None where none was."""
    size = next((size for size in sizes(folder) if size > index), None)
    return None if size is None else read(folder / NAME / str(size))


def sightings(folder: Path, policy: "Policy") -> "Iterator[Sighting]":
    """Which of a policy's witnesses have seen what, and when.

    Raises `VerificationError` where a file is not signed by the policy's log, or a cosignature in it is bad.
    """
    from .bracket import Sighting

    for size in sizes(folder):
        seen = policy.satisfied(read(folder / NAME / str(size)))
        yield Sighting(seen.checkpoint.size, seen.times)


def show(folder: Path, public: Path) -> None:
    """Publish those that are not there yet, or have grown."""
    there = {f"{NAME}/{size}": (folder / NAME / str(size)).read_bytes() for size in sizes(folder)}
    there |= {SIZES: listing(sizes(folder))} if there else {}
    durable.update(public, there, mode=durable.PUBLIC)
