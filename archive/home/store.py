"""Content-addressed, write-once copies of every version of every filed file: ``store/ab/cdef…``."""

import errno
import hashlib
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, ClassVar

from archive.errors import NotFound
from archive.register import durable

Content = bytes | Path
"""What a file holds, or will hold: the bytes, or where they lie."""


@dataclass(frozen=True, slots=True)
class Store:
    """Lives as long as its folder; nothing in it ever changes."""

    MODE: ClassVar[int] = 0o400
    folder: Path

    def path(self, digest: str) -> Path:
        return self.folder / name_of(digest)

    def take(self, staged: Path, digest: str) -> None:
        """Move a file in, whose SHA-256 this is; one that is not there any more was moved before. Syncs nothing."""
        path = self.path(digest)
        try:
            os.replace(staged, path)
        except FileNotFoundError:
            if staged.exists():
                durable.folder(path.parent)
                self.take(staged, digest)
        except OSError as error:
            if error.errno != errno.EXDEV:
                raise
            durable.write(path, staged.read_bytes(), mode=self.MODE)  # the store is on another disk: a link leads there
            staged.unlink()

    def get(self, digest: str) -> bytes:
        """Raises `NotFound`."""
        try:
            return self.path(digest).read_bytes()
        except FileNotFoundError:
            raise NotFound(f"the store has no copy of {digest}") from None

    def digests(self) -> Iterator[str]:
        """Of all that is kept, in no order."""
        for path in self.folder.glob("??/*"):
            yield path.parent.name + path.name


def name_of(digest: str) -> str:
    """Where a store keeps what has this SHA-256: ``ab/cdef…``."""
    return f"{digest[:2]}/{digest[2:]}"


def bytes_of(content: Content) -> bytes:
    """All of them."""
    return content if isinstance(content, bytes) else content.read_bytes()


def size_of(content: Content) -> int:
    """How many they are."""
    return len(content) if isinstance(content, bytes) else content.stat().st_size


def digest_of(source: Content) -> str:
    """SHA-256 in hex of bytes, or of a file without holding it whole."""
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
