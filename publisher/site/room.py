"""Where the site keeps the records of the reading room: each folder under the address of what it is about.

::

    interviews/2026-0041/received.json turns.jsonl deposit.toml notes/… analyses/… intake.sums intake.sums.tlog-proof
    models/example-heron-1/model.toml preferences/…
    protocols/retirement-interview/1.toml
    codebooks/themes/1.toml

Whoever checks the site reads them there, and has its pages made of them again.
"""

from collections.abc import Iterator
from functools import partial

from archive.deposits.deposit import model_folder
from archive.exchange.reading_room import ReadingRoom, Shown
from publisher.site.plan import Plan, Planned

PLACES = {"deposit": "interviews", "model": "models", "protocol": "protocols", "codebook": "codebooks"}
"""Kind → the folder of the site in which the folders of that kind are."""


def folders(room: ReadingRoom) -> Iterator[tuple[str, Shown]]:
    """Each folder that is shown, and where: ``models/example-heron-1``."""
    yield from ((f"interviews/{number}", each) for number, each in room.deposits.items())
    yield from ((f"models/{model_folder(name)}", each) for name, each in room.models.items())
    yield from ((f"protocols/{name}", each) for name, each in room.protocols.items())
    yield from ((f"codebooks/{name}", each) for name, each in room.codebooks.items())


def plan(room: ReadingRoom) -> Plan:
    """Every file of them, with the list that names it and the proof of that."""
    for place, shown in folders(room):
        for name, digest in shown.files.items():
            yield f"{place}/{name}", Planned(digest, partial(shown.read, name))
        yield f"{place}/{shown.list}.tlog-proof", Planned(shown.name, shown.proof)
