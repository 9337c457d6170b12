"""Content-addressed, write-once copies of every version of every filed file: ``store/ab/cdef…``."""

import hashlib
import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from archive.errors import Error, NotFound
from archive.register import durable


@dataclass(frozen=True, slots=True)
class Store:
    """Lives as long as its folder; nothing in it ever changes."""

    folder: Path

    def path(self, digest: str) -> Path:
        return self.folder / digest[:2] / digest[2:]

    def put(self, source: bytes | Path) -> str:
        """Keep a copy and give its SHA-256 in hex; twice is once. Raises `Error` if a file changes meanwhile."""
        digest = digest_of(source)
        path = self.path(digest)
        if not path.exists():
            if isinstance(source, bytes):
                durable.write(path, source, mode=0o400)
            else:
                durable.folder(path.parent)
                beside = path.with_name(f".{path.name}.new")
                beside.unlink(missing_ok=True)
                shutil.copyfile(source, beside)
                with beside.open("rb") as file:
                    os.fsync(file.fileno())
                beside.chmod(0o400)
                if digest_of(beside) != digest:
                    beside.unlink()
                    raise Error(f"{source}: changed while it was being filed; file it again")
                os.replace(beside, path)
                durable.sync(path.parent)
        return digest

    def get(self, digest: str) -> bytes:
        """Raises `NotFound`."""
        try:
            return self.path(digest).read_bytes()
        except FileNotFoundError:
            raise NotFound(f"the store has no copy of {digest}") from None

    def digests(self) -> Iterator[str]:
        """Of all that is kept, in no order."""
        for path in self.folder.glob("??/*"):
            if not path.name.endswith(".new"):
                yield path.parent.name + path.name


def digest_of(source: bytes | Path) -> str:
    """SHA-256 in hex of bytes, or of a file without reading it whole."""
    if isinstance(source, bytes):
        return hashlib.sha256(source).hexdigest()
    with source.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
