"""What arrives: a prepared folder, a file by itself, or one conversation of what holds many."""

import datetime as dt
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from archive.deposits.deposit import names
from archive.deposits.names import OWN, RECEIVED, SIDECARS
from archive.errors import Problem, Refused
from archive.home import dated
from archive.home.home import Home
from archive.home.store import Content
from archive.importers.parts import Part
from archive.records import export
from archive.wording import slugify

_SMALL = 1 << 20
"""Bytes that are held while a portion of a batch is drafted: such a file is read once."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrival:
    """What is to become a deposit."""

    source: Path
    name: str
    """For messages: ``export.zip/conversations.json [3]``."""
    slug: str
    """What its folder may be called."""
    files: Mapping[str, Content]
    """By the names they will have in the deposit."""
    date: dt.date | None = None
    """Where its folder says one."""
    part: str = ""
    """Its name, where it was cut out of what holds many."""
    here: str | None = None
    """The folder under the home it lies in already."""


def arrival(home: Home, path: Path, *, apart: bool = False) -> Arrival:
    """A prepared folder, or a file by itself; `apart` where what was received lies in the store alone.

    Raises `Refused` with what does not belong in the folder.
    """
    if path.is_file():
        return Arrival(
            source=path,
            name=str(path),
            slug=slugify(path.stem, "interview"),
            files={_received_name(path.name): content(path)},
        )
    folder = path.resolve()
    named = dated.parse(folder.name)
    inside = folder.is_relative_to((home.root / "transcripts").resolve())
    return Arrival(
        source=path,
        name=str(path),
        slug=slugify(named.slug, "interview"),
        files=_arrived(path, apart=apart),
        date=named.day,
        here=home.relative(folder) if inside else None,
    )


def part_arrival(source: Path, part: Part) -> Arrival:
    """One conversation out of a folder, a zip file or an export."""
    names = list(part.files)
    exchange = {n: f"received.{'request' if 'request' in n.lower() else 'response'}.json" for n in names}
    kept = exchange if len(names) == 2 else {names[0]: _received_name(names[0])}
    plain = re.sub(r"[._-]?(request|response)$", "", Path(names[0]).stem) or Path(part.name).parent.name
    return Arrival(
        source=source,
        name=part.name,
        part=part.name if part.cuts else "",
        slug=slugify(plain, "interview"),
        files={**{kept[n]: content(path) for n, path in part.files.items()}, **_export(part, kept)},
    )


def _export(part: Part, kept: Mapping[str, str]) -> dict[str, Content]:
    """The ``export.toml`` of what was cut out of one; `kept` has the name that each file will have."""
    if not part.cuts:
        return {}
    whole = next(iter(part.cuts.values())).export
    ranges = {kept[name]: (cut.members, cut.start, cut.end) for name, cut in part.cuts.items()}
    return {export.NAME: export.written(whole.path.name, whole.sha256, whole.size, ranges)}


def _arrived(path: Path, *, apart: bool) -> dict[str, Content]:
    """The files that arrived, by the names they will have in the deposit. Raises `Refused`."""
    exchange = {"request.json": "received.request.json", "response.json": "received.response.json"}
    found: dict[str, Content] = {}
    strange = []
    for name in names(path):
        kept = exchange.get(name, name)
        if RECEIVED.fullmatch(kept) or SIDECARS.fullmatch(kept) or kept == "turns.jsonl":
            found[kept] = content(path / name)
        elif not OWN.fullmatch(name) and name != "README.md":
            strange.append(name)
    problems = []
    if not (apart or any(map(RECEIVED.fullmatch, found))):
        what = "expected a received file (received.json, …), found none"
        problems.append(Problem(str(path), what, "name the file itself, or call it received with its own extension"))
    if strange:
        may = "received.*, deposit.toml, export.toml, notes/*.toml, analyses/*.md and .toml"
        what = f"expected {may}; found {', '.join(strange)}"
        problems.append(Problem(str(path), what, "take the others out, or begin their names with a dot"))
    if problems:
        raise Refused(problems)
    return found


def content(path: Path) -> Content:
    """The bytes of a file, or where they lie if it is not small. Raises `Refused` where it cannot be read."""
    try:
        with path.open("rb") as file:
            data = file.read(_SMALL + 1)
    except OSError as error:
        raise Refused([Problem(str(path), f"cannot be read: {error.strerror}")]) from None
    return data if len(data) <= _SMALL else path


def _received_name(name: str) -> str:
    extension = re.search(r"(\.[A-Za-z0-9]{1,12})?$", name)
    return "received" + (extension[0].lower() if extension else "")
