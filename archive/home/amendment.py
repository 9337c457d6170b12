"""A sidecar with some of its values changed in place, for whoever does not change it in an editor."""

from collections.abc import Mapping
from typing import Any

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
    path = home.root / place
    text = durable.content(path).decode()
    made = edited.changed(text, values, place)
    if made == text and before is None:
        return False
    with home.writing() as writer:
        writer.commit(Change(files={place: made.encode()}, before={place: before or digest_of(text.encode())}))
    return made != text
