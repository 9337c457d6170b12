"""The catalogue's door: a database of what the files say, brought up to what was filed before anybody reads it.

It records up to which statement of the register it is current. So filing never touches it, a kill cannot leave it
behind, and it can be dropped at any time: the next command that reads it builds it again.
"""

import contextlib
from collections.abc import Iterator

from archive.catalogue import reader
from archive.catalogue.reader import Reader, Stale
from archive.errors import Error, NotFound
from archive.home.home import Home
from archive.register.register import head


@contextlib.contextmanager
def reading(home: Home) -> Iterator[Reader]:
    """The catalogue, current with the register. Raises `NotFound` where nothing was filed yet, or `Error`."""
    newest = head(home.hidden / "register")
    if newest is None:
        raise NotFound("nothing was filed here yet; `archive file PATH` does that")
    try:
        with contextlib.ExitStack() as stack:
            try:
                found = stack.enter_context(reader.opened(home))
                current = found.upto() == newest
            except Stale:
                current = False
            if not current:
                stack.close()
                _catch_up(home)
                found = stack.enter_context(reader.opened(home))
            yield found
    except Stale as stale:  # damaged where only the question at hand looked
        _catch_up(home, anew=True)
        raise Error(f"{str(stale).split(';')[0]}; it has been built again: run the command once more") from None


def _catch_up(home: Home, *, anew: bool = False) -> None:
    from archive.catalogue import building  # SQLAlchemy, which reading does without

    building.reindex(home) if anew else building.catch_up(home)
