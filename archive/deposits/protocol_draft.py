"""A protocol's own folder on its way in: one file a version, none of which changes once it is filed."""

import re
from collections.abc import Sequence
from pathlib import Path

from archive.deposits import deposit
from archive.deposits.deposit import OWN
from archive.deposits.draft import Content, Draft, Filed
from archive.deposits.lists import list_digests
from archive.errors import Problem, Refused
from archive.home.home import Home
from archive.home.store import digest_of
from archive.records import protocol


def versions(path: Path) -> list[Path]:
    """The versions (``1.toml`` …) of a protocol, if that is what lies at `path`: its folder, or one of them."""
    folder = path.parent if path.is_file() and re.fullmatch(r"[1-9]\d*\.toml", path.name) else path
    numbered = [p for p in folder.glob("*.toml") if re.fullmatch(r"[1-9]\d*", p.stem)] if folder.is_dir() else []
    return sorted(numbered, key=lambda p: int(p.stem))


def new(home: Home, path: Path, numbered: Sequence[Path]) -> Draft | Filed:
    """A protocol's own folder: one file a version, none of which changes once it is filed."""
    problems: list[Problem] = []
    ids = set()
    for number, version in enumerate(numbered, 1):
        record = protocol.read(version.read_bytes(), str(version))
        if isinstance(record, list):
            problems += record
        elif (record.version, version.stem) != (number, str(number)):
            what = f"expected version {number} in {number}.toml, found {record.version} in {version.name}"
            problems.append(Problem(str(version), what, "versions are counted from 1, without gaps"))
        else:
            ids.add(record.id)
    if len(ids) > 1:
        problems.append(Problem(str(path), f"expected one protocol, found {', '.join(sorted(ids))}", "one folder each"))
    if problems:
        raise Refused(problems)
    folder = f"transcripts/{deposit.PROTOCOLS}/{ids.pop()}"
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
    return Draft(source=path, kind="protocol", folder=folder, files=files, version=len(lists) + 1)
