"""The versions of what was filed: each filing again is one, and every file of each is kept in the store.

They are told by the register: it has the SHA-256 of every intake list, and the store has the lists and what they list.
"""

import datetime as dt
import difflib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from archive.deposits.filed import lists_of, versioned
from archive.deposits.lists import Changes, changes
from archive.deposits.names import OWN
from archive.documents.document import Block, Document, Items, Section, Verbatim
from archive.errors import Error, NotFound, Problem, Refused
from archive.home.change import Change
from archive.home.home import Home
from archive.home.store import digest_of
from archive.register.statement import encode_time
from archive.wording import listed as in_words
from archive.wording import many, moment


@dataclass(frozen=True, slots=True, kw_only=True)
class Version:
    """What a folder held when it was filed, or filed again."""

    number: int
    time: dt.datetime
    files: Mapping[str, str]
    """What people filed: path in the folder → SHA-256."""
    changes: Changes
    """What is different from the version before."""
    differences: Mapping[str, str]
    """Of each text that was changed: a unified diff."""


@dataclass(frozen=True, slots=True, kw_only=True)
class History:
    """Every version of one accession, oldest first."""

    accession: str
    folder: Path
    versions: tuple[Version, ...]
    written: Mapping[str, str]
    """What the program wrote beside them: path in the folder → SHA-256."""


def history(home: Home, name: str) -> History:
    """The versions of what has this accession number, or lies in a folder of this name. Raises `NotFound`."""
    folder, number = _folder(home, name)
    life = home.lives[number]
    found: list[Version] = []
    written: dict[str, str] = {}
    for n, (digest, logged) in enumerate(zip(life.lists, life.intakes, strict=True), 1):
        listed, hidden = lists_of(home, folder, life, n)
        held = listed | hidden
        written |= {name: digest for name, digest in held.items() if OWN.fullmatch(name)}
        written[versioned("intake.sums", n)] = digest
        files = {name: digest for name, digest in held.items() if not OWN.fullmatch(name)}
        before = found[-1].files if found else {}
        made = changes(before, files)
        differences = {name: _difference(home, name, before[name], files[name]) for name in made.changed}
        found.append(Version(number=n, time=logged.time, files=files, changes=made, differences=differences))
    return History(accession=number, folder=folder, versions=tuple(found), written=written)


def _folder(home: Home, name: str) -> tuple[Path, str]:
    lists = sorted(path for glob in ("transcripts/*", "transcripts/*/*", "essays/*")
                   for path in home.root.glob(f"{glob}/intake*.sums"))  # fmt: skip
    for path in lists:
        accession = home.lives.listed(digest_of(path))
        if accession and name in (accession.number, path.parent.name, home.relative(path.parent)):
            return path.parent, accession.number
    raise NotFound(f"{name}: expected the number of something that was filed, found none; `archive list` shows them")


def _difference(home: Home, name: str, before: str, after: str) -> str:
    """A unified diff; empty of what is no text."""
    try:
        old, new = (home.store.get(digest).decode().splitlines() for digest in (before, after))
    except UnicodeDecodeError:
        return ""
    return "\n".join(difflib.unified_diff(old, new, name, name, lineterm="", n=1))


# ── bringing one back ────────────────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True, kw_only=True)
class Restored:
    """What bringing a version back did to its folder."""

    accession: str
    folder: str
    version: int
    newest: bool
    put: tuple[str, ...]
    """Files that are there again, or again as they were."""
    removed: tuple[str, ...]
    """Files of other versions, which this one does not have."""


def restore(home: Home, name: str, version: int | None = None) -> Restored:
    """Bring a version back from the store into its folder, the newest unless one is named; whole or not at all.

    Nothing is logged. Raises `NotFound`, or `Refused` where something lies in the way that was never filed.
    """
    history(home, name)  # nobody is waited for to be told that there is no such thing
    with home.writing() as writer:
        past = history(writer.home, name)
        restored, digests = _compared(writer.home, past, version or len(past.versions))
        wanted = {f"{restored.folder}/{n}": digests[n] for n in restored.put}
        files = _copies(writer.home, past.accession, wanted)
        if restored.put or restored.removed:
            removed = [f"{restored.folder}/{n}" for n in restored.removed]
            writer.commit(Change(files=files, digests=wanted, remove=removed))
    return restored


def _compared(home: Home, past: History, number: int) -> tuple[Restored, Mapping[str, str]]:
    """What bringing a version back does to the folder as it is now, and what each file of it holds."""
    if number > len(past.versions):
        raise NotFound(f"{past.accession} has {many(len(past.versions), 'version')}; `archive show {past.accession} "
                       "--versions` lists them")  # fmt: skip
    place = home.relative(past.folder)
    wanted = {**past.written, **past.versions[number - 1].files}
    ever = {(n, digest) for v in past.versions for n, digest in v.files.items()} | set(past.written.items())
    here = {n: digest_of(past.folder / n) for n, _ in ever if (past.folder / n).is_file()}
    unfiled = sorted(n for n, digest in here.items() if wanted.get(n) != digest and (n, digest) not in ever)
    if unfiled:
        remedy = f"file it first (archive file {place}), or move it away"
        raise Refused(Problem(f"{place}/{n}", "lies there as it was never filed", remedy) for n in unfiled)
    restored = Restored(
        accession=past.accession,
        folder=place,
        version=number,
        newest=number == len(past.versions),
        put=tuple(sorted(n for n, digest in wanted.items() if here.get(n) != digest)),
        removed=tuple(sorted(here.keys() - wanted.keys())),
    )
    return restored, wanted


def _copies(home: Home, accession: str, wanted: Mapping[str, str]) -> dict[str, Path]:
    """Where the store has what these files (path in the home → SHA-256) are to hold. Raises `Error`."""
    found = {name: home.store.find(digest) for name, digest in wanted.items()}
    if missing := [name.rpartition("/")[2] for name, path in found.items() if path is None]:
        what = f"the store has no good copy of {in_words(missing)}; bring it back first: `archive check` names it"
        raise Error(f"{accession}: {what}")
    return {name: path for name, path in found.items() if path}


# ── shown ────────────────────────────────────────────────────────────────────────────────────────────────────────────


def document(past: History) -> Document:
    """Each version, what was added, changed and dropped, and how texts were changed."""
    return Document(sort="Versions", title=past.accession, blocks=tuple(map(_section, past.versions)))


def _section(version: Version) -> Section:
    blocks: list[Block] = [Items(version.changes.sentences or ("nothing was changed",))]
    blocks += [Verbatim(text, label=name) for name, text in version.differences.items() if text]
    return Section(title=f"{version.number}, filed {moment(version.time)}", blocks=tuple(blocks))


def plain(past: History) -> dict[str, Any]:
    """For programs."""
    return {
        "accession": past.accession,
        "versions": [
            {
                "version": version.number,
                "time": encode_time(version.time),
                "files": dict(version.files),
                **version.changes.plain(),
                "differences": dict(version.differences),
            }
            for version in past.versions
        ],
    }
