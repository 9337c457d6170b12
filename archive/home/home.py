"""A home: the folder of one archive. Files are the record, ``.archive/`` is the program's, ``site/`` is public."""

import contextlib
import datetime as dt
import os
import re
import secrets
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from archive.errors import Error, Malformed, NotFound, accepted
from archive.home import change as pending
from archive.home.change import Change
from archive.home.store import Store, digest_of
from archive.register import durable, register
from archive.register.note import Signer
from archive.register.register import Register

if TYPE_CHECKING:
    from archive.home.configuration import Configuration

_ACCESSION = re.compile(r"([EMP]?)(\d{4})-(\d{4,})/intake(?:-\d+)?\.sums")


@dataclass(frozen=True)
class Home:
    """Lives as long as a command."""

    root: Path

    @classmethod
    def at(cls, folder: Path) -> "Home":
        """The home that is this folder. Raises `NotFound`."""
        if not (folder / "archive.toml").is_file():
            raise NotFound(f"{folder}: expected archive.toml in it, found none; `archive init {folder}` makes a home")
        return cls(folder.resolve())

    @classmethod
    def find(cls, start: Path) -> "Home":
        """The home at `start` or the nearest above it. Raises `NotFound`."""
        for folder in (start.resolve(), *start.resolve().parents):
            if (folder / "archive.toml").is_file():
                return cls(folder)
        raise NotFound(
            f"{start}: expected archive.toml here or in a folder above, found none; "
            "`archive init DIR` makes a home, --home DIR or ARCHIVE_HOME names one"
        )

    @cached_property
    def configuration(self) -> "Configuration":
        """Raises `Refused` with everything that is wrong in archive.toml."""
        from archive.home.configuration import Configuration
        from archive.records.sidecar import read

        return accepted(read((self.root / "archive.toml").read_bytes(), "archive.toml", Configuration))

    @property
    def hidden(self) -> Path:
        return self.root / ".archive"

    @property
    def site(self) -> Path:
        return self.root / "site"

    @property
    def store(self) -> Store:
        return Store(self.hidden / "store")

    def register(self) -> Register:
        """The register as it stands now, for reading."""
        return Register.read(self.hidden / "register")

    def now(self) -> dt.datetime:
        """UTC, to the second. Only a sample home takes the time from ``SOURCE_DATE_EPOCH``."""
        fixed = os.environ.get("SOURCE_DATE_EPOCH")
        if fixed and self.configuration.archive.sample:
            try:
                return dt.datetime.fromtimestamp(int(fixed), dt.UTC)
            except (ValueError, OverflowError, OSError):
                raise Error(f"SOURCE_DATE_EPOCH: expected seconds since 1970, found {fixed!r}") from None
        return dt.datetime.now(dt.UTC).replace(microsecond=0)

    def relative(self, path: Path) -> str:
        """Path under the home, POSIX."""
        return path.relative_to(self.root).as_posix()

    @contextlib.contextmanager
    def writing(self) -> "Iterator[Writer]":
        """The only way to change a home: under the lock, after finishing what a killed run left. Raises `Error`."""
        folder = self.hidden / "register"
        origin = self.configuration.archive.origin
        with register.lock(folder):
            current = self.register()
            if current.key.name != origin:
                raise Error(
                    f"archive.toml: expected the origin {current.key.name}, found {origin}; "
                    "a register keeps its origin for ever: put the first one back"
                )
            # A restored backup must not get as far as overwriting the newer public copy.
            register.refuse_fork(current, self.site / "register")
            register.settle(current, self.site / "register")
            writer = Writer(self, current)
            writer.catalogue(pending.recover(self.root, current))
            pending.done(self.root)
            yield writer

    def signer(self) -> Signer:
        """The register's private key. Raises `NotFound`."""
        try:
            return Signer.parse((self.hidden / "keys" / "register").read_text())
        except FileNotFoundError:
            raise NotFound(
                f"{self.hidden / 'keys' / 'register'}: expected the register's signing key, found none; "
                "bring it back from its backup: without it nothing can be logged"
            ) from None


@dataclass
class Writer:
    """The right to change a home. Lives while the register's lock is held."""

    home: Home
    register: Register

    def commit(self, change: Change) -> None:
        """Carry out one change, whole or not at all; keeps a copy of all that is filed in the store."""
        signer = self.home.signer() if change.leaves else None
        for name, source in change.files.items():
            if name.startswith(("transcripts/", "essays/")):
                self.home.store.put(source)
        self.register = pending.commit(self.home.root, self.register, signer, change)
        self.catalogue(change.folders)
        pending.done(self.home.root)

    def catalogue(self, folders: Sequence[str]) -> None:
        """Let the catalogue read these folders of transcripts/ again."""
        if folders:
            from archive.catalogue.catalogue import refresh

            refresh(self.home, self.register, folders)

    def now(self) -> dt.datetime:
        """One time for everything a command logs. Raises `Error` if the clock stands behind the register."""
        return self.home.now()


@dataclass(frozen=True, slots=True)
class Accession:
    """Where a folder's list stands in the register."""

    number: str
    """``2026-0041``; ``E2026-0007`` of an essay, ``M2026-0001`` of a model, ``P2026-0001`` of a protocol"""
    index: int
    time: dt.datetime


def accessions(current: Register) -> dict[str, Accession]:
    """SHA-256 of every logged intake list → its accession."""
    found = {}
    for index, statement in enumerate(current.statements):
        if statement.kind == "intake":
            for name, digest in statement.subjects.items():
                found[digest] = Accession(name.split("/")[0], index, statement.time)
    return found


def next_accession(current: Register, prefix: str, year: int, ahead: int = 0) -> str:
    """The first accession number not given yet; `ahead` are being given in the same change."""
    taken = [0]
    for statement in current.statements:
        for name in statement.subjects:
            form = _ACCESSION.fullmatch(name)
            if form and form[1] == prefix and int(form[2]) == year:
                taken.append(int(form[3]))
    return f"{prefix}{year}-{max(taken) + ahead + 1:04d}"


def intake_lists(folder: Path) -> list[Path]:
    """``intake.sums``, ``intake-2.sums`` … of a folder, oldest first."""
    lists = [folder / "intake.sums"] if (folder / "intake.sums").is_file() else []
    while lists and (following := folder / f"intake-{len(lists) + 1}.sums").is_file():
        lists.append(following)
    return lists


def accession_of(folder: Path, logged: dict[str, Accession]) -> Accession | None:
    """The accession of a filed folder, by the hash of its first list; None if that was never logged."""
    lists = intake_lists(folder)
    return logged.get(digest_of(lists[0])) if lists else None


ORIGIN = r"[A-Za-z0-9][A-Za-z0-9._/-]*"
"""What a register may be called."""


def own_origin(name: str) -> str:
    """A name for a register that nobody else will have chosen: ``letters-5f3a9c21.example/register``."""
    plain = re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-") or "archive"
    return f"{plain}-{secrets.token_hex(4)}.example/register"


TEMPLATE = """\
# One archive, one newsletter. Every key: the README, under "archive.toml".

[archive]
name = {name}
origin = {origin}   # the register's name, for ever: a name you hold, not a place
sample = {sample}   # true only for trying things out

# To publish, fill this in and take the # away:
# [newsletter]
# title = "Letters After"
# subtitle = "What a retired model writes"
# base_url = "https://letters.example.org"
# tag_authority = "letters.example.org,2026"   # a domain you hold, and since when
# language = "en"
# from = "Letters After <letters@example.org>"
# list_id = "letters.example.org"
# weekday = "friday"
# timezone = "UTC"
# per_issue = 1
# disclaimer = "The author does not speak for us."

[review]
namespace = {namespace}
two_reviewers_for = []   # e.g. ["withhold"]

[[review.criteria]]
id = "personal-data"
text = "Does it tell things about a private person that are not public?"

[[review.criteria]]
id = "harm"
text = "Could following it injure someone?"

[[review.criteria]]
id = "unlawful"
text = "Would publishing it break a law?"
"""
SIGNERS = """\
# Reviewers, one a line (ssh-keygen(1), ALLOWED SIGNERS). Lines are never taken away: give valid-before instead.
# ada@example.org namespaces="NAMESPACE",valid-after="20260101000000Z" ssh-ed25519 AAAA…
"""


def create(root: Path, *, name: str, origin: str, sample: bool = False) -> Home:
    """A new home. Raises `Error` where there is one already, or where a file is in the way."""
    import json

    if (root / "archive.toml").exists() or (root / ".archive").exists():
        raise Error(f"{root}: there is an archive here already; nothing was changed")
    if root.exists() and not root.is_dir():
        raise Error(f"{root}: expected a folder, found a file")
    if not re.fullmatch(ORIGIN, origin):
        raise Error(f"--origin: expected a name such as letters.example.org/register, found {origin!r}")
    try:
        signer = Signer.generate(origin)
    except Malformed as error:
        raise Error(str(error)) from None
    namespace = f"review@{origin.split('/')[0]}"
    for folder in ("transcripts/protocols", "essays", ".archive/store", "site"):
        (root / folder).mkdir(parents=True, exist_ok=True)
    (root / ".archive" / "keys").mkdir(mode=0o700)
    durable.write(root / ".archive" / "keys" / "register", f"{signer}\n".encode(), mode=0o600)
    register.create(root / ".archive" / "register", signer)
    durable.update(root, {"allowed_signers": SIGNERS.replace("NAMESPACE", namespace).encode()})
    values = {"name": name, "origin": origin, "namespace": namespace, "sample": sample}
    text = TEMPLATE.format_map({key: json.dumps(value, ensure_ascii=False) for key, value in values.items()})
    durable.write(root / "archive.toml", text.encode())
    return Home(root.resolve())
