"""What was read out of a store on other machines and may be read again: ``.archive/cache/ab/cdef…``, within a bound.

What was used longest ago goes first. It goes when nobody uses the cache any more: whoever has a path into it holds a
shared lock, so nothing is taken away under a command that runs, and while one runs the cache may hold more than that.
Nothing here is believed: each file is hashed when it is asked for, and one that is not what its name says goes.
"""

import contextlib
import fcntl
import os
import shutil
import tempfile
import weakref
from collections.abc import Iterator
from functools import cached_property
from pathlib import Path

from archive.home.store import digest_of, moved, name_of
from archive.register import durable

_NEW = "new"
"""Where files are written before they have a name."""


class Cache:
    """Lives as long as somebody reads what it holds."""

    def __init__(self, folder: Path, bound: int) -> None:
        self.folder, self.bound = folder, bound

    def path(self, digest: str) -> Path:
        """Where it has, or would have, what has this SHA-256."""
        return self.folder / name_of(digest)

    def find(self, digest: str) -> Path | None:
        """The file with these bytes, hashed just now; None where there is none."""
        path = self.path(digest)
        if not path.exists():
            return None
        self._held  # noqa: B018
        with contextlib.suppress(FileNotFoundError):  # it went before the lock was held
            if digest_of(path) == digest:
                os.utime(path)
                return path
            path.unlink(missing_ok=True)
        return None

    @contextlib.contextmanager
    def writing(self) -> Iterator[Path]:
        """A new file to write into, gone afterwards unless `put` took it."""
        self._held  # noqa: B018
        durable.folder(self.folder / _NEW)
        handle, name = tempfile.mkstemp(dir=self.folder / _NEW)
        os.close(handle)
        try:
            yield Path(name)
        finally:
            Path(name).unlink(missing_ok=True)

    def put(self, file: Path, digest: str) -> Path:
        """Move a file in, whose SHA-256 this is."""
        self._held  # noqa: B018
        moved(file, self.path(digest), mode=durable.PRIVATE)
        return self.path(digest)

    def close(self) -> None:
        """Nobody here reads any of it any more; done by itself when nobody has it any more."""
        if held := vars(self).pop("_held", None):
            held()

    @cached_property
    def _held(self) -> "weakref.finalize[[Path, int, int], Cache]":
        """The shared lock; with it goes what is too much."""
        durable.folder(self.folder)
        handle = os.open(self.folder / "lock", os.O_RDWR | os.O_CREAT, durable.PRIVATE)
        fcntl.flock(handle, fcntl.LOCK_SH)
        return weakref.finalize(self, _left, self.folder, self.bound, handle)


def _left(folder: Path, bound: int, handle: int) -> None:
    """Let go of the lock; if it was the last one, take away what is over the bound and what killed runs left."""
    try:
        with contextlib.suppress(OSError):
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            shutil.rmtree(folder / _NEW, ignore_errors=True)
            found = sorted((each.stat().st_mtime_ns, each.stat().st_size, each.path) for each in _files(folder))
            over = sum(size for _, size, _ in found) - bound
            for _, size, path in found:
                if over <= 0:
                    break
                os.unlink(path)
                over -= size
    finally:
        os.close(handle)


def _files(folder: Path) -> Iterator[os.DirEntry[str]]:
    for part in os.scandir(folder):
        if part.is_dir(follow_symlinks=False):
            yield from os.scandir(part)
