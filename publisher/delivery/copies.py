"""Where copies of the register lie, and how new they are: ``.archive/copies.kept``, a note of what `deploy` has done.

Its first line is the SHA-256 of the rest, JSON, by the target's name::

    {"rsync://host/www": {"size": 12, "root": "qINS1GRF…", "time": "2026-11-27T17:00:00Z", "away": true, "stale": []}}

Lost, it is missed by `publisher status` until the next `publisher deploy`.
"""

import contextlib
import dataclasses
import json
from collections.abc import Iterator
from dataclasses import dataclass

from archive.home.home import Home
from archive.register import durable, register, sums

NAME = ".archive/copies.kept"
_LOCK = ".archive/copies"


@dataclass(frozen=True, slots=True, kw_only=True)
class Copy:
    """What was last found or put at a target."""

    size: int = 0
    """Statements of the register that lie there; 0 while a first copy is being made."""
    root: str = ""
    """Their root hash, base64."""
    time: str = ""
    """When that was seen, RFC 3339."""
    away: bool = False
    """Whether it has left this machine."""
    stale: tuple[str, ...] = ()
    """What is still to be removed there, where a run was killed before it did."""


def read(home: Home) -> dict[str, Copy]:
    """By the target's name."""
    try:
        head, _, rest = durable.content(home.root / NAME).partition(b"\n")
        if sums.digest(rest).encode() != head:
            return {}
        return {name: Copy(**{**each, "stale": tuple(each["stale"])}) for name, each in json.loads(rest).items()}
    except (OSError, ValueError, TypeError, LookupError):
        return {}


def elsewhere(home: Home) -> Copy | None:
    """The newest copy of this register that has left this machine; None where there is none.

    It is complete while its `size` is the register's; that it is of the same history was seen when it was made.
    """
    copies = [copy for copy in read(home).values() if copy.away and copy.size]
    return max(copies, key=lambda copy: (copy.size, copy.time), default=None)


def note(home: Home, target: str, copy: Copy) -> None:
    """Keep what is known of a target."""
    known = {name: dataclasses.asdict(each) for name, each in (read(home) | {target: copy}).items()}
    rest = json.dumps(known, ensure_ascii=False, sort_keys=True).encode()
    durable.write(home.root / NAME, f"{sums.digest(rest)}\n".encode() + rest)


@contextlib.contextmanager
def alone(home: Home) -> Iterator[None]:
    """One copying at a time; another one is waited for, as long as for any command that writes. Raises `Error`."""
    patience = home.patience
    other = "another `publisher deploy` is at work"
    with register.lock(home.root / _LOCK, patience.seconds, patience.say, other=other):
        yield
