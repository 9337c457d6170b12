"""The records of the archive that lie in a site, held against the register: what a reading room is made of again.

Of each folder one intake list lies there, which the register names; every file it names lies beside it, and no other.
Which folders are shown is for the publisher to say: it can keep one back, and cannot show another than was logged.
"""

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import replace
from functools import partial

from archive.deposits.deposit import model_folder
from archive.deposits.filed import FiledFolder, is_filed
from archive.errors import Malformed, Problem, accepted
from archive.exchange.reading_room import PRIVATE, ReadingRoom, Shown
from archive.exchange.selection import model_of, record_of
from archive.home.accession import Life, Lives
from archive.home.store import FolderStore
from archive.records.sidecar import parse
from archive.register import sums
from publisher.site.room import PLACES
from publisher.verify.site import sidecars
from publisher.verify.site.register import UNREADABLE, Opened, unreadable

_LIST = re.compile(r"intake(-[1-9]\d*)?\.sums")


def room(site: Opened, size: int, _: Collection[str] = (), __: ReadingRoom | None = None) -> ReadingRoom:
    """What lies there and is what the first `size` statements name; `problems` says what is wrong with the rest."""
    found: dict[str, dict[str, Shown]] = {kind: {} for kind in PLACES}
    lives = Lives(site.register, size)
    for kind, place in _folders(site):
        read = _read(site, lives, kind, place)
        if isinstance(read, Shown):
            found[kind][_called(kind, read)] = read
    found = {kind: dict(sorted(own.items(), key=_filed_first)) for kind, own in found.items()}
    return ReadingRoom(
        deposits=found["deposit"], models=found["model"], protocols=found["protocol"], codebooks=found["codebook"]
    )


def problems(site: Opened, size: int) -> Iterator[Problem]:
    """What is wrong with the records that lie there."""
    lives, wrong = Lives(site.register, size), False
    for kind, place in _folders(site):
        read = _read(site, lives, kind, place)
        if isinstance(read, list):
            yield from read
            wrong = True
        elif place != f"{PLACES[kind]}/{_folder(kind, read)}":
            yield Problem(place, f"expected the folder {PLACES[kind]}/{_folder(kind, read)}, as what lies in it says")
    if not wrong:
        yield from sidecars.problems(room(site, size), site.register.statement(size).time)


def _folders(site: Opened) -> Iterator[tuple[str, str]]:
    """Every folder in which an intake list of the archive lies, with the kind it should be."""
    kinds = {place: kind for kind, place in PLACES.items()}
    for folder, names in sorted(site.folders.items()):
        kind = kinds.get(folder.split("/")[0])
        if kind and folder.count("/") == 1 and any(map(_LIST.fullmatch, names)):
            yield kind, folder


def _read(site: Opened, lives: Lives, kind: str, place: str) -> Shown | list[Problem]:
    """A folder as its list has it, or what is wrong."""
    [name, *others] = [name for name in site.folders[place] if _LIST.fullmatch(name)]
    path = f"{place}/{name}"
    if others:
        return [Problem(place, "has several intake lists; one says what is shown")]
    if site.folder.is_odd(path):
        return []
    digest = site.digests[path]
    accession = lives.listed(digest)
    if accession is None or accession.kind != kind:
        return [Problem(path, f"is no intake list of a {kind} that the register had when this site was made")]
    life = lives[accession.number]
    version = life.lists.index(digest) + 1
    if name != ("intake.sums" if version == 1 else f"intake-{version}.sums"):
        return [Problem(path, f"is the list of version {version} by another name")]
    try:
        listed = sums.parse(site.folder.data(path), path)
    except Malformed as error:
        return [Problem(path, str(error))]
    shown = {own: sha for own, sha in listed.items() if not PRIVATE.fullmatch(own)}
    if odd := sorted(own for own in shown if sidecars.stranger(kind, own)):
        return [Problem(path, f"names {odd[0]}, which is no file of a {kind}")]
    wrong = [_differing(site, f"{place}/{own}", sha) for own, sha in shown.items()]
    return [problem for problem in wrong if problem] or _readable(kind, _made(site, life, place, listed, version))


def _readable(kind: str, shown: Shown) -> Shown | list[Problem]:
    """A folder whose records say at least what it is, or why they do not."""
    try:
        if kind == "deposit":
            record_of(shown.filed)
        elif kind == "model":
            model_of(shown.filed)
        elif not shown.filed.named("", ".toml") or not _id(shown):
            return [Problem(shown.filed.place, f"holds no version of a {kind}")]
    except UNREADABLE as error:
        return [unreadable(shown.filed.place, error)]
    return shown


def _differing(site: Opened, path: str, digest: str) -> Problem | None:
    actual = site.digests.get(path)
    if actual == digest or site.folder.is_odd(path):
        return None
    return Problem(path, f"expected SHA-256 {digest}, as its intake list names it, found {actual or 'no file'}")


def _made(site: Opened, life: Life, place: str, listed: Mapping[str, str], version: int) -> Shown:
    files = {name: digest for name, digest in listed.items() if is_filed(name)}
    nowhere = FolderStore(site.folder.path / place / "store")
    filed = FiledFolder(nowhere, site.folder.path / place, place, life, files, listed)
    shown = Shown(filed=filed, version=version, proof=lambda: b"")
    return replace(shown, proof=partial(site.folder.data, f"{place}/{shown.list}.tlog-proof"))


def _called(kind: str, shown: Shown) -> str:
    """By what the reading room has it."""
    if kind == "deposit":
        return shown.number
    return model_of(shown.filed).id if kind == "model" else _id(shown)


def _folder(kind: str, shown: Shown) -> str:
    """What its folder must be called."""
    return model_folder(_called(kind, shown)) if kind == "model" else _called(kind, shown)


def _id(shown: Shown) -> str:
    """That of a protocol or a codebook."""
    name = next(iter(shown.filed.named("", ".toml")))
    return str(accepted(parse(shown.filed.read(name), name))["id"])


def _filed_first(item: tuple[str, Shown]) -> int:
    return item[1].filed.accession.index
