"""What the sidecars of one folder refer to, looked up among what was filed; see `archive.records.known`."""

import datetime as dt
import re
from collections.abc import Iterable, Mapping
from pathlib import Path, PurePath
from typing import TYPE_CHECKING

from archive.deposits import deposit
from archive.deposits.filed import FiledFolder, filed_folders
from archive.deposits.shelf import PROTOCOLS
from archive.errors import Refused
from archive.home.home import Home
from archive.records import deposit_record
from archive.records.indexed import Indexed, indexed
from archive.records.known import Known

if TYPE_CHECKING:
    from archive.records.protocol import Protocol

_NAMED = re.compile(rb'"(\d{4}-\d{4,})/[^"\n]+"')
_AHEAD = dt.timedelta(hours=14)
"""By so much the first clocks on Earth are before UTC."""


def known(
    home: Home,
    sidecars: Iterable[bytes],
    *,
    model: str | None = None,
    protocols: "Mapping[str, Protocol] | None" = None,
) -> Known:
    """What there is for these sidecars to refer to; with `model`, how many interviews with it were filed.

    `protocols` are those that were filed, for one who has looked them up already.
    """
    named = {match.decode() for data in sidecars for match in _NAMED.findall(data)}
    turns = Indexed({})
    analyses: set[str] = set()
    for filed in _filed(home) if named else ():
        if filed.number in named:
            turns |= indexed(filed.transcript().turns, filed.number)
            analyses |= {f"{filed.number}/{PurePath(name).stem}" for name in filed.named("analyses/", ".toml")}
    return Known(
        turns=turns,
        today=(home.now() + _AHEAD).date(),
        analyses=analyses,
        accessions=home.lives.keys(),
        protocols=PROTOCOLS.filed(home) if protocols is None else protocols,
        held={model: _held(home, model)} if model else None,
    )


def of_folder(folder: Path) -> list[bytes]:
    """The sidecars that lie in a folder."""
    found = (path for path in [*folder.glob("*/*.toml"), *folder.glob("*.toml")] if path.is_file())
    return [path.read_bytes() for path in found]


def _filed(home: Home) -> list[FiledFolder]:
    return filed_folders(home, deposit.folders(home))[0]


def _held(home: Home, model: str) -> int:
    """How many interviews with a model were filed; a deposit of another model may hold some."""
    return sum(_of_model(filed, model) for filed in _filed(home))


def _of_model(filed: FiledFolder, model: str) -> int:
    try:
        data = filed.read("deposit.toml")
        if model.encode() not in data:
            return 0
        number = filed.head.interviews
    except Refused:
        return 0
    record = deposit_record.read(data, "deposit.toml", interviews=number)
    return 0 if isinstance(record, list) else sum(record.setting(n).model == model for n in range(1, number + 1))
