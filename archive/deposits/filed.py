"""A filed folder as it was filed last, whatever lies in it now.

Which files those are is said by its newest list in the register; their bytes come from the folder where they are still
the same, else from the store. So a draft, or a damaged file, is never read for what was filed.
"""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from archive.deposits.names import COPY, OWN, RECEIVED, SIDECARS
from archive.errors import Malformed, Problem, Refused, VerificationError
from archive.home.accession import Accession, Life
from archive.home.home import Home
from archive.home.store import Store, digest_of
from archive.importers import kept as kept_turns
from archive.importers import turns
from archive.importers.turns import Transcript
from archive.register import sums

if TYPE_CHECKING:
    from archive.deposits.deposit import Deposit
    from archive.records.codebook import Codebooks

CHECK = "`archive check` says what to do"


@dataclass(frozen=True)
class FiledFolder:
    """One folder of ``transcripts/``, as filed. Lives as long as a command."""

    store: Store = field(repr=False)
    folder: Path
    place: str
    """Its path in the home."""
    life: Life
    files: Mapping[str, str]
    """Everything people filed, and ``turns.jsonl``: path in the folder → SHA-256."""
    listed: Mapping[str, str]
    """What its newest open list names, by path; what is private stands only in `files`."""

    @property
    def accession(self) -> Accession:
        return self.life.accession

    @property
    def number(self) -> str:
        return self.life.accession.number

    @property
    def slug(self) -> str:
        """``2026-10-14-first`` is called ``first``."""
        return re.sub(r"^\d{4}-\d\d-\d\d-", "", self.folder.name)

    def named(self, start: str, end: str = "") -> list[str]:
        """Those of its files whose path begins and ends so."""
        return sorted(name for name in self.files if name.startswith(start) and name.endswith(end))

    @property
    def received(self) -> dict[str, str]:
        """The received file, or the two of an exchange, each with its SHA-256."""
        return {name: self.files[name] for name in self.named("received") if RECEIVED.fullmatch(name)}

    def path(self, name: str) -> Path:
        """Where the bytes of one of its files lie, hashed just now. Raises `Refused` where they are nowhere."""
        found = kept(self.store, self.folder / name, self.files[name])
        if found is None:
            raise Refused([self.lost(name)])
        return found

    def read(self, name: str) -> bytes:
        """One of its files. Raises `Refused` where its bytes are nowhere."""
        return self.path(name).read_bytes()

    @cached_property
    def head(self) -> Transcript:
        """What the first line of ``turns.jsonl`` says, without the turns. Raises `Refused`."""
        return self.transcript()

    def transcript(self) -> Transcript:
        """What ``turns.jsonl`` says, its turns on disk. Raises `Refused`."""
        try:
            if self._barred is not None:
                return turns.decode(b"".join(self._barred))
            return kept_turns.opened(self._turns)
        except Malformed as error:
            raise Refused([Problem(f"{self.place}/turns.jsonl", str(error), CHECK)]) from None

    def turns(self) -> Iterator[dict[str, Any]]:
        """The turns of ``turns.jsonl``, one by one, as JSON has them. Raises `Refused`."""
        if self._barred is not None:
            yield from map(json.loads, self._barred[1:])
            return
        with self._turns.open("rb") as file:
            next(file)
            yield from map(json.loads, file)

    @property
    def turns_file(self) -> str:
        """Which of its files has its turns: ``turns.jsonl``, or the redacted copy where that is all one may read."""
        return COPY if "turns.jsonl" not in self.files and COPY in self.files else "turns.jsonl"

    @cached_property
    def _barred(self) -> list[bytes] | None:
        """The lines of its redacted copy, with bars for covered words; None where its turns may be read."""
        if self.turns_file != COPY:
            return None
        from archive.register import excerpt, redaction

        return [redaction.barred(line) for line in excerpt.decode(self.read(COPY)).lines.values()]

    @cached_property
    def _turns(self) -> Path:
        return self.path("turns.jsonl")

    def deposit(self, codebooks: "Codebooks") -> "Deposit":
        """A deposit read whole; what it refers to was checked when it was filed. Raises `Refused`."""
        from archive.deposits.deposit import read

        sidecars = {name: self.read(name) for name in self.files if SIDECARS.fullmatch(name)}
        return read(
            sidecars,
            self.transcript(),
            folder=self.folder,
            place=self.place,
            codebooks=codebooks,
            accession=self.number,
        )

    def drafts(self) -> Iterator[Problem]:
        """What lies here and is not what was filed: changed, added, missing. The received file is not looked at."""
        for name, digest in self.files.items():
            path = self.folder / name
            if SIDECARS.fullmatch(name) or "/" in name or name.endswith(".toml"):
                if not path.is_file():
                    yield Problem(
                        f"{self.place}/{name}", "was filed and is missing here: the filed one was read", CHECK
                    )
                elif digest_of(path) != digest:
                    what = "is not what was filed: the filed one was read"
                    yield Problem(f"{self.place}/{name}", what, f"`archive file {self.place}` files it as it is now")
        for name in sorted(_lying(self.folder) - self.files.keys()):
            what = "is not filed yet and was left out"
            yield Problem(f"{self.place}/{name}", what, f"`archive file {self.place}` files it")

    def lists(self) -> Iterator[tuple[str, bytes]]:
        """Each of its intake lists that can still be read, oldest first: ``intake.sums``, ``intake-2.sums`` …"""
        for version, digest in enumerate(self.life.lists, 1):
            name = versioned("intake.sums", version)
            if found := kept(self.store, self.folder / name, digest):
                yield name, found.read_bytes()

    def lost(self, name: str) -> Problem:
        """That the bytes of one of its files are nowhere."""
        return Problem(f"{self.place}/{name}", "is damaged, and the store has no good copy: it was left out", CHECK)


def filed_folders(home: Home, among: Sequence[Path] | None = None) -> tuple[list[FiledFolder], list[Problem]]:
    """Every filed folder of ``transcripts/``, or those `among` these, in the order of filing; and what is wrong with
    those whose lists cannot be read. Of a folder and its copy, the first by path.
    """
    found: dict[str, FiledFolder] = {}
    problems: list[Problem] = []
    for folder in folders(home) if among is None else among:
        accession = home.accession(folder)
        if accession is None:
            what = "has an intake list that is not in this archive's register: all of it was left out"
            problems.append(Problem(home.relative(folder), what, CHECK))
            continue
        if accession.number in found:
            continue
        try:
            found[accession.number] = filed_folder(home, folder, home.lives[accession.number])
        except VerificationError as error:
            what = f"{error}: all of it was left out"
            problems.append(Problem(home.relative(folder), what, CHECK))
    return sorted(found.values(), key=lambda each: each.accession.index), problems


def folders(home: Home) -> list[Path]:
    """Every folder of ``transcripts/`` with an intake list: models, deposits, protocols; by path."""
    collection = home.root / "transcripts"
    return sorted(path.parent for glob in ("*/intake.sums", "*/*/intake.sums") for path in collection.glob(glob))


def filed_folder(home: Home, folder: Path, life: Life) -> FiledFolder:
    """A folder as its newest list has it. Raises `VerificationError` where the list's bytes are nowhere."""
    listed, hidden = lists_of(home, folder, life, len(life.lists))
    files = {name: digest for name, digest in (listed | hidden).items() if is_filed(name)}
    return FiledFolder(home.store, folder, home.relative(folder), life, files, listed)


def _lying(folder: Path) -> set[str]:
    """The files that people may have put into a filed folder; not those of the deposits in a model's."""
    inside = ("", "notes", "analyses", "preferences")
    found = (path for name in inside if (folder / name).is_dir() for path in (folder / name).iterdir())
    names = {path.relative_to(folder).as_posix() for path in found if path.is_file() and path.name[0] != "."}
    return {name for name in names if not OWN.fullmatch(name) and name != "README.md"}


def lists_of(home: Home, folder: Path, life: Life, version: int) -> tuple[dict[str, str], dict[str, str]]:
    """What the open and the private list of a version name, path → SHA-256; version 1 is the first.

    Raises `VerificationError` where a list's bytes are nowhere.
    """
    listed = _list(home.store, folder / versioned("intake.sums", version), life.lists[version - 1])
    private = versioned("private.sums", version)
    return listed, _list(home.store, folder / private, listed[private]) if private in listed else {}


def is_filed(name: str) -> bool:
    """Whether a listed path is something people filed, or what the importer read in it."""
    return name in ("turns.jsonl", COPY) or not OWN.fullmatch(name)


def kept(store: Store, path: Path, digest: str) -> Path | None:
    """Where the bytes with this SHA-256 lie: at `path` while they are the same there, else in the store.

    Raises `Error` where the store cannot be asked.
    """
    return path if path.is_file() and digest_of(path) == digest else store.find(digest)


def versioned(name: str, version: int) -> str:
    """``intake.sums``, and from the second version on ``intake-2.sums``."""
    stem, dot, suffix = name.partition(".")
    return f"{stem}-{version}{dot}{suffix}" if version > 1 else name


def _list(store: Store, path: Path, digest: str) -> dict[str, str]:
    found = kept(store, path, digest)
    if found is None:
        raise VerificationError(f"{path.name} is not what was filed, and the store has no good copy")
    return sums.parse(found.read_bytes(), path.name)
