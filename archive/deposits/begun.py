"""What a killed command had begun, and the same command goes on with when it is run again.

Of ``archive file --again`` nothing in the archive tells whether it was run once or twice. So it notes beforehand, in
``.archive/again.json``, from which statement on it files which bytes; a command that comes to its end takes that away.
"""

import json
from collections.abc import Sequence
from pathlib import Path

from archive.deposits import deposit
from archive.deposits.draft import Digests, Draft, Filed, Item
from archive.deposits.names import RECEIVED
from archive.home.accession import intake_lists
from archive.home.home import Home
from archive.home.store import digest_of
from archive.register import durable


def resumed(home: Home, items: Sequence[Item]) -> list[Item]:
    """Of what is filed again, all that a killed command had filed already as such; the rest is noted, and is a draft.

    The caller holds the lock.
    """
    size, noted = _note(home)
    wanted = [_digests(item) if isinstance(item, Draft) else frozenset() for item in items]
    done = _filed_since(home, size, noted) if noted else {}
    found = [_already(item, done.get(digests, [])) for item, digests in zip(items, wanted, strict=True)]
    note = {
        "size": size if noted else home.register.size,
        "received": sorted(map(sorted, {*noted, *wanted} - {Digests()})),
    }
    durable.write(_file(home), json.dumps(note).encode())
    return found


def ended(home: Home) -> None:
    """The command came to its end: what it filed is not asked for any more."""
    _file(home).unlink(missing_ok=True)


def form(home: Home, item: Draft) -> Path | None:
    """The ``deposit.toml`` that lies unfiled beside the same bytes, put there for a person to edit."""
    wanted = _digests(item)
    for folder in sorted((home.root / item.folder).parent.glob("*/")):
        record = folder / "deposit.toml"
        unfiled = record.is_file() and not intake_lists(folder)
        if unfiled and frozenset(map(digest_of, deposit.received(folder))) == wanted:
            return record
    return None


def _file(home: Home) -> Path:
    return home.hidden / "again.json"


def _note(home: Home) -> tuple[int, set[Digests]]:
    """From which statement on what is filed; nothing where no command was killed, or its note cannot be read."""
    try:
        note = json.loads(durable.content(_file(home)))
        return int(note["size"]), {frozenset(map(str, digests)) for digests in note["received"]}
    except (OSError, ValueError, TypeError, KeyError):
        return 0, set()


def _filed_since(home: Home, size: int, noted: set[Digests]) -> dict[Digests, list[tuple[str, str]]]:
    """Number and folder of each deposit of these bytes that was filed from a statement on."""
    found: dict[Digests, list[tuple[str, str]]] = {}
    for folder in deposit.folders(home):
        accession = home.accession(folder)
        if accession and accession.index >= size:
            digests = frozenset(map(digest_of, deposit.received(folder)))
            if digests in noted:
                found.setdefault(digests, []).append((accession.number, home.relative(folder)))
    return found


def _already(item: Item, done: list[tuple[str, str]]) -> Item:
    if not isinstance(item, Draft) or not done:
        return item
    accession, folder = done.pop(0)
    return Filed(source=item.source, status="already filed", accession=accession, folder=folder)


def _digests(item: Draft) -> Digests:
    return frozenset(digest_of(data) for name, data in item.files.items() if RECEIVED.fullmatch(name))
