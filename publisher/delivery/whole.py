"""What is copied: the published site as it stands at one moment, once every byte of it is what was logged.

It is linked into a scratch folder under the register's lock, which takes no time; what is published meanwhile replaces
files and changes none, so that what is copied stays whole.
"""

import os
import shutil
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from archive.errors import Error, Problem, Refused
from archive.home.home import Home
from archive.home.store import digest_of
from archive.register import sums, tile
from archive.register.register import Register, shown
from archive.register.sums import LIST
from publisher.issues.statements import clock, issued
from publisher.site.compose import LIVE

CHECKPOINT, _, COSIGNED = LIVE
_AGAIN = "`publisher build` makes it again; of the register, `archive check --restore` does"


@dataclass(frozen=True, slots=True, kw_only=True)
class Whole:
    """A site that can be copied."""

    folder: Path
    register: Register
    """As it stood then."""
    digests: Mapping[str, str]
    """Path → SHA-256 of every file: what the lists name, their proofs, and the register."""
    left_out: tuple[str, ...]
    """Files that are in no list, and go nowhere."""
    withdrawn: frozenset[str]
    """Paths that were published and taken down."""


def whole(home: Home, folder: Path) -> Whole:
    """The site of a home, in a new folder. Raises `Refused` where a file is missing or is not what was logged."""
    with home.writing() as writer:
        register = writer.home.register
        _linked(home.site, folder)
    if not register.size:
        raise Error("nothing was logged yet, so there is nothing to copy")
    digests = {path.relative_to(folder).as_posix(): digest_of(path) for path in folder.rglob("*") if path.is_file()}
    withdrawn = frozenset(name for _, notice in register.of_kind("notice", "withdrawn") for name in notice.subjects)
    narrow = [name for name in digests if tile.belongs(name.removeprefix("register/"), register.size)]
    expected = _logged(register, narrow) | _listed(folder, register, withdrawn)
    wrong = [
        Problem(f"site/{name}", "is not what was published" if name in digests else "is missing", _AGAIN)
        for name, digest in sorted(expected.items())
        if digests.get(name) != digest
    ]
    if wrong:
        raise Refused(wrong)
    cosigned = {name: digest for name, digest in digests.items() if name.startswith(COSIGNED)}
    goes = expected | cosigned
    return Whole(
        folder=folder,
        register=register,
        digests=goes,
        left_out=tuple(sorted(digests.keys() - goes)),
        withdrawn=withdrawn,
    )


def _linked(site: Path, folder: Path) -> None:
    """Another name for each file; a copy where that is on another file system."""
    for top, _, names in os.walk(site):
        place = folder / Path(top).relative_to(site)
        place.mkdir(parents=True)
        for name in names:
            try:
                os.link(Path(top, name), place / name)
            except OSError:
                shutil.copy2(Path(top, name), place / name)


def _logged(register: Register, narrow: Iterable[str]) -> dict[str, str]:
    """What only the register says: its tiles and its checkpoint, the root's list, the proofs of all lists.

    `narrow` are tiles that whoever holds an older checkpoint may still ask for.
    """
    tiles = [*narrow, *(f"register/{name}" for name in tile.names(register.size))]
    files = {name: register.tree.file(name.removeprefix("register/")) for name in dict.fromkeys(tiles)}
    files[CHECKPOINT] = shown(register).encode()
    files |= {f"issues/{week}/{LIST}.tlog-proof": _proof(register, index) for week, index in issued(register).items()}
    found = {name: sums.digest(data) for name, data in files.items()}
    newest = clock(register)
    if newest is not None:
        found[LIST] = register.statement(newest).subjects[LIST]
        found[f"{LIST}.tlog-proof"] = sums.digest(_proof(register, newest))
    return found


def _proof(register: Register, index: int) -> bytes:
    """As it lies beside a list."""
    return bytes(register.first_proof(index))


def _listed(folder: Path, register: Register, withdrawn: Collection[str]) -> dict[str, str]:
    """What the root's list names, and each issue's but for what was taken down."""
    named = {
        name: digest
        for week in issued(register)
        for name, digest in _list(folder, f"issues/{week}/{LIST}").items()
        if name not in withdrawn
    }
    return named | _list(folder, LIST)


def _list(folder: Path, place: str) -> dict[str, str]:
    """Nothing where it is missing, which is said of the list itself."""
    path = folder / place
    return sums.parse(path.read_bytes(), f"site/{place}") if path.is_file() else {}
