"""The catalogue's door: a database of what the files say, brought up to what was filed before anybody reads it.

It records up to which statement of the register it is current. So filing never touches it, a kill cannot leave it
behind, and it can be dropped at any time: the next command that reads it builds it again.
"""

import contextlib
from collections.abc import Callable
from typing import TypeVar

from archive.catalogue import reader
from archive.catalogue.reader import Reader, Stale
from archive.errors import NotFound
from archive.home.home import Home
from archive.register.register import head

_Answer = TypeVar("_Answer")


def ask(home: Home, question: Callable[[Reader], _Answer]) -> _Answer:
    """What the catalogue, current with the register, answers to a `question`, which reads and does nothing else.

    It is brought up first where it is behind, and made again where it is missing or damaged, also where only the
    question comes upon the damage; then it is asked once more. Raises `NotFound` where nothing was filed yet, or
    `Error`.
    """
    newest = head(home.hidden / "register")
    if newest is None:
        raise NotFound("nothing was filed here yet; `archive file PATH` does that")
    with contextlib.suppress(Stale), reader.opened(home) as found:
        if found.upto() == newest:
            return question(found)
    from archive.catalogue import building

    building.catch_up(home)
    with contextlib.suppress(Stale), reader.opened(home) as found:
        return question(found)
    building.reindex(home)
    with reader.opened(home) as found:
        return question(found)
