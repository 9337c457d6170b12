"""What would show words that are covered, by oversight: refused before it is filed."""

from collections.abc import Mapping
from pathlib import Path

from archive.deposits.draft import Digests
from archive.deposits.here import Here
from archive.errors import Problem, Refused, accepted
from archive.home.home import Home
from archive.home.store import Content, bytes_of
from archive.records import redactions


def refuse_lost(home: Home, place: str, before: str | None, files: Mapping[str, Content]) -> None:
    """Raises `Refused` where a mark that was filed is not there any more: what it covers would be seen."""
    if before is None:
        return
    name = f"{place}/{redactions.NAME}"
    then = accepted(redactions.read(home.store.get(before), name))
    data = files.get(redactions.NAME, b"format = 1\n")
    now = accepted(redactions.read(bytes_of(data), name))
    remedy = "bring it back: archive restore; add lifted = DATE to it where it is not wanted any more"
    if lost := redactions.lost(then, now):
        raise Refused(Problem(f"{name} {m.place} “{m.text}”", "was filed and is missing", remedy) for m in lost)


def refuse_again(here: Here, name: str, digests: Digests) -> None:
    """Raises `Refused` where words of the same bytes are covered in another deposit: here all of them would be seen."""
    accession, folder = here.received.before(here.home, digests) or (None, Path())
    if accession and (folder / redactions.NAME).is_file():
        what = f"has the bytes of {accession.number}, of which words are covered"
        remedy = f"file a folder with it, and a copy of {here.home.relative(folder)}/{redactions.NAME} in it"
        raise Refused([Problem(name, what, remedy)])
