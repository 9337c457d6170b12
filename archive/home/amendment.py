"""A sidecar with some of its values changed in place, for whoever does not change it in an editor."""

from collections.abc import Mapping
from typing import Any

from archive.errors import Changed, Problem, Refused
from archive.home.change import Change
from archive.home.home import Home
from archive.home.store import digest_of
from archive.records import edited
from archive.records.places import Place
from archive.register import durable


def amend(home: Home, place: str, values: Mapping[Place, Any], before: str | None = None) -> bool:
    """Put values into the file at `place` of the home; whether that changes it. Comments and the rest of it stay.

    `before` is the SHA-256 of the file as it was when that was decided, if it matters. Raises `Changed` where it is
    another one now, `Refused`, `OSError`.
    """
    now, made = amended(home, place, values, before)
    if made == now and before is None:
        return False
    with home.writing() as writer:
        writer.commit(Change(files={place: made}, before={place: digest_of(now)}))
    return made != now


def amended(home: Home, place: str, values: Mapping[Place, Any], before: str | None = None) -> tuple[bytes, bytes]:
    """What that file is now, and what it would be with these values. Raises as `amend` does."""
    now = durable.content(home.root / place)
    if before not in (None, digest_of(now)):
        raise Changed(place)
    try:
        return now, edited.changed(now.decode(), values, place).encode()
    except UnicodeError:  # of what lies there, or of a text that is no text
        raise Refused([Problem(place, "expected UTF-8, found something else", "save it as UTF-8")]) from None
