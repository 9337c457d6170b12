"""Where copies of the register were seen that have left this machine, and how much of it they have."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from archive.home.home import Home
from publisher.verify import follow


@dataclass(frozen=True, slots=True, kw_only=True)
class Copy:
    """One of them."""

    place: str
    """``https://letters.example.org``"""
    size: int
    """How many statements it has."""
    time: str
    """When that was seen, RFC 3339."""
    whole: bool
    """Whether it is a beginning of the register as it is here."""


def copies(home: Home, state: Path) -> list[Copy]:
    """Those that `publisher follow` kept in `state`, the newest last."""
    return sorted(_followed(home, state), key=lambda copy: (copy.size, copy.time))


def _followed(home: Home, state: Path) -> Iterator[Copy]:
    if seen := follow.seen_away(state, home.register.key.name):
        yield Copy(place=seen.place, size=seen.size, time=seen.time, whole=_is_beginning(home, seen.size, seen.root))


def _is_beginning(home: Home, size: int, root: bytes) -> bool:
    return size <= home.register.size and home.register.tree.root(size) == root
