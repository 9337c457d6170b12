"""Content-addressed, write-once copies of every version of every filed file: ``ab/cdef…``.

It is a folder of the home, or lies where ``[store] url`` of ``archive.toml`` says (`archive.home.object_store`). A
change of a home brings copies in by two steps: `Store.send` before there is a plan, `Store.take` after it happened.
"""

import errno
import hashlib
import os
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Protocol

from archive.errors import NotFound, VerificationError
from archive.home.modes import STORED
from archive.register import durable

STORE = ".archive/store/"
"""A change that has a file with such a name (`stored_at`) means the copy that the store keeps, wherever that lies."""
Progress = Callable[[int, int], object]
"""Called with how many are done, and of how many."""


class Store(Protocol):
    """Nothing that it has ever changes; copies are named by their SHA-256 in hex."""

    @property
    def folder(self) -> Path:
        """Where what it has on this machine lies."""

    def path(self, digest: str) -> Path:
        """Where a copy lies on this machine, or would."""

    def named(self, digest: str) -> str:
        """Where a copy lies, for people: ``.archive/store/ab/cdef…``, ``s3://bucket/ab/cdef…``."""

    def size(self, digest: str) -> int | None:
        """Of a copy in bytes, as far as is known here; None where none is known."""

    def has(self, digest: str) -> bool:
        """Whether a copy is known here; whether it is good shows in reading it."""

    def find(self, digest: str) -> Path | None:
        """Where on this machine its bytes lie, hashed just now; None where there is no good copy.

        They lie there as long as this store is held. Raises `Error` where the store cannot be asked.
        """

    def get(self, digest: str) -> bytes:
        """The bytes, hashed just now. Raises `NotFound`, or `VerificationError` where they are not these."""

    def afar(self) -> list[str]:
        """Of which copies lie on other machines and not in the home. Raises `Error`."""

    def fetch(self, digest: str, to: Path) -> None:
        """Write a copy into a new file, without keeping it here otherwise. Raises as `get`."""

    def lacking(self, digests: Iterable[str]) -> list[str]:
        """Those of which it has no copy: asked where the copies lie, whatever is known here. Raises `Error`."""

    def send(self, staged: Mapping[str, Path]) -> None:
        """Bring copies to where they outlast this machine, SHA-256 → file; whoever reads does not see them yet.

        Nothing where the store is a folder. Raises `Error`.
        """

    def take(self, staged: Mapping[str, Path]) -> None:
        """Move files in that were sent; one that is not there any more was moved before. May leave names unsynced."""

    def apart(self, size: int) -> bool:
        """Whether a received file of so many bytes lies here alone, and not in its deposit's folder as well."""

    def elsewhere(self, *, deep: bool = False, progress: Progress | None = None) -> "Elsewhere":
        """What lies on other machines, each copy verified; with `deep` each is read. One that was stopped goes on.

        Raises `Error`.
        """

    def verified(self, digests: Iterable[str], *, deep: bool = False) -> Iterator[tuple[str, str]]:
        """Of each of these that is to lie on other machines the SHA-256 that its copy has; empty where it is gone.

        As the storage tells it, which keeps it; where it keeps none, or with `deep`, the copy is read. Raises `Error`.
        """


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """The copies that lie on other machines, and what verifying them came to."""

    store: Store
    address: str
    """Where that is; empty where the store is a folder of the home."""
    found: Mapping[str, str]
    """SHA-256 that a copy is named by → the one it has; empty where it is gone."""
    before: int = 0
    """How many of them were verified by a run that was stopped."""
    strange: tuple[str, ...] = ()
    """What lies among them and is no copy, by its address."""


@dataclass(frozen=True, slots=True)
class FolderStore:
    """A folder of the home. Lives as long as that."""

    folder: Path

    def path(self, digest: str) -> Path:
        return self.folder / name_of(digest)

    def named(self, digest: str) -> str:
        return stored_at(digest)

    def size(self, digest: str) -> int | None:
        try:
            return self.path(digest).stat().st_size
        except FileNotFoundError:
            return None

    def has(self, digest: str) -> bool:
        return self.path(digest).exists()

    def find(self, digest: str) -> Path | None:
        path = self.path(digest)
        return path if path.is_file() and digest_of(path) == digest else None

    def get(self, digest: str) -> bytes:
        try:
            data = self.path(digest).read_bytes()
        except FileNotFoundError:
            raise NotFound(f"the store has no copy of {digest}") from None
        if digest_of(data) != digest:
            raise VerificationError(f"the store's copy of {digest} is damaged; `archive check` says what to do")
        return data

    def afar(self) -> list[str]:
        return []

    def fetch(self, digest: str, to: Path) -> None:
        to.write_bytes(self.get(digest))

    def lacking(self, digests: Iterable[str]) -> list[str]:
        return [digest for digest in digests if not self.path(digest).exists()]

    def send(self, staged: Mapping[str, Path]) -> None:
        pass

    def take(self, staged: Mapping[str, Path]) -> None:
        for digest, file in staged.items():
            moved(file, self.path(digest), mode=STORED)

    def apart(self, size: int) -> bool:
        return False

    def elsewhere(self, *, deep: bool = False, progress: Progress | None = None) -> Elsewhere:
        return Elsewhere(self, "", {})

    def verified(self, digests: Iterable[str], *, deep: bool = False) -> Iterator[tuple[str, str]]:
        return iter(())


Content = bytes | Path
"""What a file holds, or will hold: the bytes, or where they lie."""


@dataclass(frozen=True, slots=True)
class Kept:
    """What the store alone has, and nobody needs to read to name it in a list."""

    digest: str
    size: int


Held = Content | Kept
"""What a filed folder holds, or the store for it."""


def moved(staged: Path, path: Path, *, mode: int) -> None:
    """Give a file its place, if need be on another disk; one that is not there any more was moved before."""
    try:
        os.replace(staged, path)
    except FileNotFoundError:
        if staged.exists():
            durable.folder(path.parent)
            moved(staged, path, mode=mode)
    except OSError as error:
        if error.errno != errno.EXDEV:
            raise
        durable.write(path, staged.read_bytes(), mode=mode)  # the store is on another disk: a link leads there
        staged.unlink()


def name_of(digest: str) -> str:
    """Where a store keeps what has this SHA-256: ``ab/cdef…``."""
    return f"{digest[:2]}/{digest[2:]}"


def stored_at(digest: str) -> str:
    """What a change calls the copy that the store keeps: ``.archive/store/ab/cdef…``."""
    return f"{STORE}{name_of(digest)}"


def bytes_of(content: Content) -> bytes:
    """All of them."""
    return content if isinstance(content, bytes) else content.read_bytes()


def size_of(content: Held) -> int:
    """How many bytes that is."""
    if isinstance(content, Kept):
        return content.size
    return len(content) if isinstance(content, bytes) else content.stat().st_size


def digest_of(source: Held) -> str:
    """SHA-256 in hex of bytes, or of a file without holding it whole."""
    if isinstance(source, Kept):
        return source.digest
    return hashlib.sha256(source).hexdigest() if isinstance(source, bytes) else copied(source)


def copied(source: Path, to: BinaryIO | None = None) -> str:
    """SHA-256 in hex of a file, which is written to another one on the way, where one is given."""
    made = hashlib.sha256()
    with source.open("rb", buffering=0) as file:
        while block := file.read(_BLOCK):
            made.update(block)
            if to:
                to.write(block)
    return made.hexdigest()


_BLOCK = 1 << 18
