"""Where copies of the register lie that have left this machine, and how much of it they have.

By what `publisher deploy` put there, and by what `publisher follow` saw of an address.
"""

import shlex
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from archive.home.home import Home
from archive.register.note import encode64
from publisher.delivery import copies as deployed
from publisher.issues.action import Action
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
    """Those of `publisher deploy`, and those that `publisher follow` kept in `state`; the newest last."""
    return sorted([*_deployed(home), *_followed(home, state)], key=lambda copy: (copy.size, copy.time))


def actions(home: Home) -> Iterator[Action]:
    """What is to be done about deploying: a run that stopped, and what the place of archive.toml lacks."""
    known = deployed.read(home)
    for place, copy in known.items():
        if copy.stale or not copy.size:
            what = f"copying the site to {place} stopped before it was done, or is at work"
            yield Action(what=what, command=f"publisher deploy {shlex.quote(place)}", failed=True)
    if home.configuration.delivery.deploy and home.register.size:
        size = max((copy.size for copy in known.values()), default=0)
        if size < home.register.size:
            what = f"an editor copies the site to its readers, who have {size} of {home.register.size} statements"
            yield Action(what=what, command="publisher deploy")


def _deployed(home: Home) -> Iterator[Copy]:
    for place, copy in deployed.read(home).items():
        if copy.away and copy.size:
            whole = _is_beginning(home, copy.size, copy.root)
            yield Copy(place=place, size=copy.size, time=copy.time, whole=whole)


def _followed(home: Home, state: Path) -> Iterator[Copy]:
    if seen := follow.seen_away(state, home.register.key.name):
        yield Copy(
            place=seen.place, size=seen.size, time=seen.time, whole=_is_beginning(home, seen.size, encode64(seen.root))
        )


def _is_beginning(home: Home, size: int, root: str) -> bool:
    return size <= home.register.size and encode64(home.register.tree.root(size)) == root
