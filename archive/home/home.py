"""A home: the folder of one archive. Files are the record, ``.archive/`` is the program's, ``site/`` is public.

`Home` is opened once a command and holds what was read then: its configuration, register, lives and signers.
"""

import contextlib
import datetime as dt
import os
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from archive.errors import Error, NotFound, VerificationError, accepted
from archive.home import account, keys, scratch
from archive.home import change as changes
from archive.home.accession import Accession, Lives, accession_of
from archive.home.change import Change
from archive.home.store import FolderStore, Store
from archive.register import durable, register
from archive.register.note import Signer, VerifierKey
from archive.register.register import Register

if TYPE_CHECKING:
    from archive.home.configuration import Configuration
    from archive.home.reviewers import Reviewers
    from archive.home.signers import Signers
    from archive.home.versions import Version


_STORE = re.compile(rb"^\s*(\[\s*store\b|store\s*[.=])", re.MULTILINE)
"""Whether ``archive.toml`` may say where the store is."""


@dataclass(frozen=True, slots=True)
class Patience:
    """How long a command that writes waits for another one, and how it says so after a second."""

    seconds: float = 30
    say: Callable[[], object] = lambda: None


@dataclass(frozen=True)
class Home:
    """An opened home, as it stood when each of its values was first asked for. Lives as long as a command."""

    root: Path
    patience: Patience = field(default=Patience(), compare=False)
    """With another command that is writing."""

    @classmethod
    def at(cls, folder: Path) -> "Home":
        """The home that is this folder. Raises `NotFound`."""
        if not (folder / "archive.toml").is_file():
            raise NotFound(f"{folder}: expected archive.toml in it, found none; `archive init {folder}` makes a home")
        return cls(folder.resolve())._whole()

    @classmethod
    def find(cls, start: Path) -> "Home":
        """The home at `start` or the nearest above it. Raises `NotFound`."""
        for folder in (start.resolve(), *start.resolve().parents):
            if (folder / "archive.toml").is_file():
                return cls(folder)._whole()
        raise NotFound(
            f"{start}: expected archive.toml here or in a folder above, found none; "
            "`archive init DIR` makes a home, --home DIR or ARCHIVE_HOME names one"
        )

    def _whole(self) -> "Home":
        """Itself, once what a killed command left is finished or forgotten: nothing is read before. Raises `Error`."""
        if changes.left(self.root) and not register.busy(self.hidden / "register"):
            with self.writing():
                pass
        scratch.sweep(self.hidden / "tmp")
        return self

    @contextlib.contextmanager
    def scratch(self) -> Iterator[Path]:
        """A folder for what is needed only while a command runs."""
        checkpoint, place = self.hidden / "register" / "checkpoint", self.hidden / "tmp"
        with _told(checkpoint), durable.named(place), scratch.scratch(place) as folder:
            yield folder

    def reopened(self) -> "Home":
        """The same home as it stands now."""
        home = replace(self)
        if "store" in vars(self):  # which holds what of other machines was asked for already
            vars(home)["store"] = self.store
        return home

    @cached_property
    def configuration(self) -> "Configuration":
        """Raises `Refused` with everything that is wrong in archive.toml."""
        from archive.home.configuration import Configuration
        from archive.records.sidecar import read

        return accepted(read((self.root / "archive.toml").read_bytes(), "archive.toml", Configuration))

    @cached_property
    def register(self) -> Register:
        """Raises `NotFound` without a register, `VerificationError` if a file of it was changed."""
        try:
            return Register.read(self.hidden / "register")
        except VerificationError as error:
            raise VerificationError(f"{error}; `archive check` says what is damaged") from None

    @cached_property
    def lives(self) -> Lives:
        """Every accession, and what became of it."""
        return Lives(self.register, judge=lambda made: self.reviewers.judge(self.configuration.review.namespace)(made))

    @cached_property
    def signers(self) -> "Signers":
        """``allowed_signers`` as it lies there; `reviewers` knows what was logged of it."""
        from archive.home.signers import Signers

        return Signers.read(self.root)

    @cached_property
    def reviewers(self) -> "Reviewers":
        """Whose keys count, by every list that was logged. Raises `NotFound`, `VerificationError`."""
        from archive.home.reviewers import Reviewers
        from archive.home.versions import ALLOWED_SIGNERS, versions

        return Reviewers(versions(self.register, ALLOWED_SIGNERS, lambda _, digest: self.store.get(digest)))

    @property
    def hidden(self) -> Path:
        return self.root / ".archive"

    @property
    def site(self) -> Path:
        return self.root / "site"

    @cached_property
    def store(self) -> Store:
        """In this folder, or where ``[store] url`` says. Raises `Refused`."""
        here = self.hidden / "store"
        if not _STORE.search(durable.content(self.root / "archive.toml")):
            return FolderStore(here)  # without reading all of the configuration, which takes longer than most commands
        settings = self.configuration.store
        if not settings.url:
            return FolderStore(here)
        from archive.home.object_store import ObjectStore
        from archive.home.storage import in_bytes

        limits = in_bytes(settings.larger_than), in_bytes(settings.cache)
        return ObjectStore(self.hidden, settings.url, *limits)

    def accession(self, folder: Path) -> Accession | None:
        """What a folder was filed as; None if it was not."""
        return accession_of(folder, self.lives)

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

    def mark(self) -> object:
        """Of all that was filed, as it stands at this moment: another one later means that a command has written since.

        Taken before something is read that will be relied on when the lock is held.
        """
        return register.head(self.hidden / "register"), changes.left(self.root)

    @contextlib.contextmanager
    def writing(self) -> "Iterator[Writer]":
        """The only way to change a home: under the lock, after finishing what a killed run left. Raises `Error`.

        Another command that is writing is waited for, as long as `patience` says.
        """
        origin = self.configuration.archive.origin
        log = self.hidden / "register"
        with _told(log / "checkpoint"), register.lock(log, self.patience.seconds, self.patience.say):
            home = self.reopened()
            current = home.register
            if current.key.name != origin:
                raise Error(
                    f"archive.toml: expected the origin {current.key.name}, found {origin}; "
                    "a register keeps its origin for ever: put the first one back"
                )
            # Refuses a restored backup, which must not get as far as overwriting the newer public copy.
            register.settle(current, self.site / "register")
            changes.recover(self.root, home.store, current)
            yield Writer(home)

    @cached_property
    def policies(self) -> "tuple[Version, ...]":
        """Which keys sign, and who had to have seen a checkpoint: every policy that was logged, with its proof.

        Raises as `reviewers` does.
        """
        from archive.home.versions import POLICY, versions

        found = versions(self.register, POLICY, lambda _, digest: self.store.get(digest))
        return tuple(replace(each, proof=bytes(self.register.first_proof(each.index))) for each in found)

    @property
    def keys(self) -> "tuple[VerifierKey, ...]":
        """The keys that sign the register now, the newest first."""
        return keys.in_force(self.policies, self.register.key, self.register.size)

    def signer(self) -> Signer:
        """Their private halves. Raises `NotFound`."""
        return keys.signer(self.root, self.keys, keys.every(self.policies, self.register.key))


@contextlib.contextmanager
def _told(checkpoint: Path) -> Iterator[None]:
    """What the operating system refuses to a command that writes is told with what became of the command."""
    before = _bytes(checkpoint)
    try:
        yield
    except OSError as error:
        if getattr(error, "__notes__", ()):
            pass  # it was said already
        elif _bytes(checkpoint) != before:
            error.add_note("what was logged stands, and the next command finishes it")
        else:
            error.add_note("nothing was logged")
        raise


def _bytes(path: Path) -> bytes | None:
    try:
        return durable.content(path)
    except OSError:
        return None


@dataclass
class Writer:
    """The right to change a home. Lives while the register's lock is held."""

    home: Home
    """As it stands now, under the lock, after every change so far."""

    def commit(self, change: Change, signer: Signer | None = None) -> None:
        """Carry out one change, whole or not at all; what is filed is kept in the store, and accounted for.

        What it logs is signed by the keys that sign now, or by `signer`.
        """
        signer = signer or (self.home.signer() if change.leaves else None)
        change = replace(change, files={**change.files, **account.of_change(self.home.root, self.home.store, change)})
        grown = changes.commit(self.home.root, self.home.store, self.home.register, signer, change)
        self.home = self.home.reopened()
        vars(self.home)["register"] = grown

    def now(self) -> dt.datetime:
        """One time for everything a command logs."""
        return self.home.now()
