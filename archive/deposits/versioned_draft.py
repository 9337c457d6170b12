"""The folder of a protocol or a codebook on its way in: one file a version, none of which changes once it is filed."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from archive.deposits.draft import Draft, Filed
from archive.deposits.lists import list_digests
from archive.deposits.names import OWN, VERSIONED
from archive.deposits.shelf import CODEBOOKS, PROTOCOLS, SHELVES, VERSION, Shelf
from archive.errors import Problem, Refused
from archive.home.home import Home
from archive.home.store import Content, digest_of
from archive.records.known import unknown
from archive.records.sidecar import parse
from archive.register import durable

if TYPE_CHECKING:
    from archive.records.codebook import Codebook
    from archive.records.protocol import Protocol


def versions(path: Path) -> list[Path]:
    """The versions (``1.toml`` …), if that is what lies at `path`: a folder of them, or one of them."""
    folder = path.parent if path.is_file() and VERSION.fullmatch(path.name) else path
    numbered = [p for p in folder.glob("*.toml") if VERSION.fullmatch(p.name)] if folder.is_dir() else []
    return sorted(numbered, key=lambda p: int(p.stem))


def new(home: Home, path: Path, numbered: Sequence[Path]) -> Draft | Filed:
    """The folder of a protocol or a codebook. Raises `Refused` with all that is wrong in its versions."""
    shelf = _shelf(numbered)
    folder = f"{shelf.place}/{_id(home, path, numbered, shelf)}"
    here = home.root / folder
    accession = home.accession(here)
    given = {version.name: digest_of(version) for version in numbered}
    lists = list_digests(here)
    filed = {name: digest for name, digest in lists[-1].items() if not OWN.fullmatch(name)} if lists else {}
    changed = [name for name, digest in filed.items() if given.get(name) != digest]
    if changed:
        what = f"{', '.join(changed)} is not what was filed as {accession.number if accession else folder}"
        raise Refused([Problem(str(path), what, "bring it back; a change makes a new version, in a file of its own")])
    if accession and filed == given:
        return Filed(source=path, status="already filed", accession=accession.number, folder=folder)
    files: dict[str, Content] = {version.name: version for version in numbered}
    return Draft(source=path, kind=shelf.kind, folder=folder, files=files, version=len(lists) + 1)


def _shelf(numbered: Sequence[Path]) -> "Shelf[Protocol] | Shelf[Codebook]":
    """Whether these are a codebook or a protocol: by the folder they lie in, else by what they hold."""
    folder = numbered[0].resolve().parent.parent
    if folder.parent.name == "transcripts" and folder.name in VERSIONED:
        return next(shelf for shelf in SHELVES if f"{shelf.kind}s" == folder.name)
    tables = [parse(durable.content(version), str(version)) for version in numbered]
    return CODEBOOKS if any("code" in table for table in tables if isinstance(table, dict)) else PROTOCOLS


def _id(home: Home, path: Path, numbered: Sequence[Path], shelf: "Shelf[Protocol] | Shelf[Codebook]") -> str:
    """The id that all versions have. Raises `Refused`."""
    problems: list[Problem] = []
    ids = set()
    filed = shelf.filed(home)
    for number, version in enumerate(numbered, 1):
        record = shelf.read(durable.content(version), str(version))
        if isinstance(record, list):
            problems += record
        elif (record.version, version.stem) != (number, str(number)):
            what = f"expected version {number} in {number}.toml, found {record.version} in {version.name}"
            problems.append(Problem(str(version), what, "versions are counted from 1, without gaps"))
        else:
            ids.add(record.id)
            earlier = {**filed, **{f"{record.id}@{n}": record for n in range(1, number)}}
            if record.supersedes and (wrong := unknown(record.supersedes, earlier, shelf.kind)):
                problems.append(Problem(f"{version} supersedes", *wrong))
    if len(ids) > 1:
        what = f"expected one {shelf.kind}, found {', '.join(sorted(ids))}"
        problems.append(Problem(str(path), what, "one folder each"))
    if problems:
        raise Refused(problems)
    return str(ids.pop())
