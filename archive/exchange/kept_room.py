"""A reading room as JSON, for a cache: what was chosen, so that the next choice reads only what was logged since.

Nothing of a deposit that may not be seen is in it. Of each folder it has where its statements stand, the list that is
shown and what that names; of each deposit also what lists say of its interviews (`Considered`).
"""

import datetime as dt
from collections.abc import Iterator, Mapping
from functools import partial
from typing import Any

from archive.deposits.filed import FiledFolder, is_filed
from archive.exchange.choice import proof_of
from archive.exchange.reading_room import Considered, ReadingRoom, Shown
from archive.home.accession import Accession, Life, Logged, Noticed
from archive.home.home import Home
from archive.records.context_bias import CONTEXT_BIAS
from archive.records.deposit_record import Setting
from archive.register.statement import decode_time, encode_time

SILENCE = "not_recorded"
"""What most settings say of most things: it is not written down."""
_FOLDERS = ("models", "protocols", "codebooks")


def plain(room: ReadingRoom) -> dict[str, Any]:
    """For `read`."""
    return {
        "size": room.size,
        "named": sorted(room.named),
        "measured": {number: dict(each) for number, each in room.sizes.items()},
        "considered": {number: _considered(each) for number, each in room.considered.items()},
        **{kind: {name: _shown(each) for name, each in getattr(room, kind).items()} for kind in _FOLDERS},
    }


def read(home: Home, kept: Mapping[str, Any]) -> ReadingRoom:
    """The room that `plain` was made of; its files are read in the store of this home."""
    considered = {number: _read_considered(home, each) for number, each in kept["considered"].items()}
    return ReadingRoom(
        size=kept["size"],
        named=frozenset(kept["named"]),
        considered=considered,
        measured={number: {int(n): tuple(own) for n, own in each.items()} for number, each in kept["measured"].items()},
        deposits={number: each.shown for number, each in considered.items() if each.shown},
        **{kind: {name: _read_shown(home, each) for name, each in kept[kind].items()} for kind in _FOLDERS},
    )


def _considered(each: Considered) -> dict[str, Any]:
    settings = [
        [own.model, own.protocol, own.kind, own.title, own.date.isoformat() if own.date else None, _said(own)]
        for own in each.settings
    ]
    shown = _shown(each.shown) if each.shown else None
    names = {"rests": sorted(each.rests), "codebooks": sorted(each.codebooks)}
    return {"index": each.index, "shown": shown, "settings": settings, **names}


def _read_considered(home: Home, said: Mapping[str, Any]) -> Considered:
    return Considered(
        index=said["index"],
        shown=_read_shown(home, said["shown"]) if said["shown"] else None,
        rests=frozenset(said["rests"]),
        codebooks=frozenset(said["codebooks"]),
        settings=tuple(_read_settings(said["settings"])),
    )


def _said(setting: Setting) -> dict[str, str]:
    return {key: value for key, value in setting.context_bias.items() if value != SILENCE}


def _read_settings(said: list[Any]) -> Iterator[Setting]:
    for model, protocol, kind, title, day, told in said:
        bias = {field.key: told.get(field.key, SILENCE) for field in CONTEXT_BIAS}
        date = dt.date.fromisoformat(day) if day else None
        yield Setting(model=model, protocol=protocol, kind=kind, title=title, date=date, context_bias=bias)


def _shown(each: Shown) -> dict[str, Any]:
    life = each.filed.life
    return {
        "number": life.accession.number,
        "kind": life.accession.kind,
        "place": each.filed.place,
        "lists": life.lists,
        "intakes": [_logged(own) for own in life.intakes],
        "noticed": [[own.kind, own.reason, *_logged(own.logged)] for own in life.noticed],
        "version": each.version,
        "listed": each.filed.listed,
    }


def _read_shown(home: Home, said: Mapping[str, Any]) -> Shown:
    intakes = [_read_logged(*own) for own in said["intakes"]]
    accession = Accession(said["number"], said["kind"], intakes[0].index, intakes[0].time)
    noticed = [Noticed(kind, reason, _read_logged(*logged)) for kind, reason, *logged in said["noticed"]]
    life = Life(accession, lists=said["lists"], intakes=intakes, noticed=noticed)
    files = {name: digest for name, digest in said["listed"].items() if is_filed(name)}
    folder = home.store.folder / accession.number
    filed = FiledFolder(home.store, folder, said["place"], life, files, said["listed"])
    proof = partial(proof_of, home.register, intakes[said["version"] - 1].index)
    return Shown(filed=filed, version=said["version"], proof=proof)


def _logged(own: Logged) -> list[Any]:
    return [own.index, encode_time(own.time)]


def _read_logged(index: int, time: str) -> Logged:
    return Logged(index, decode_time(time))
