"""Files that are there whole or not at all, also after a power cut."""

import contextlib
import errno
import hashlib
import os
import stat
import sys
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from types import TracebackType

PRIVATE, PUBLIC = 0o600, 0o644
"""Modes of files: for their owner alone, and for everybody to read."""


def content(path: Path) -> bytes:
    """The bytes of a file; of nothing else, since a pipe or a device may never end. Raises `OSError`."""
    handle = os.open(path, os.O_RDONLY | os.O_NONBLOCK)
    mode = os.fstat(handle).st_mode
    if stat.S_ISREG(mode):
        with named(path), open(handle, "rb") as file:
            return file.read()
    os.close(handle)
    if stat.S_ISDIR(mode):
        raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), str(path))
    raise OSError(errno.EINVAL, "expected a file, found a pipe or a device: move it away", str(path))


def digest(path: Path) -> str | None:
    """SHA-256 of a file as hex; None where there is none. Raises `OSError`."""
    try:
        return hashlib.sha256(content(path)).hexdigest()
    except FileNotFoundError:
        return None


def write(path: Path, data: bytes, *, mode: int = PRIVATE) -> None:
    """Put `data` at `path`: written beside it, synced, renamed. Folders that are not there are made."""
    _beside(path, data, mode)
    os.replace(_new(path), path)
    sync(path.parent)


def _new(path: Path) -> Path:
    return path.with_name(f".{path.name}.new")


def _beside(path: Path, data: bytes, mode: int) -> None:
    folder(path.parent, public=bool(mode & 0o044))
    beside = _new(path)
    beside.unlink(missing_ok=True)  # a killed run's may be read-only, or readable by more than `mode` allows
    with named(path), open(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, mode), "wb") as file:
        os.fchmod(file.fileno(), mode)  # whatever the umask says
        file.write(data)
        file.flush()
        os.fsync(file.fileno())


def folder(path: Path, *, public: bool = False) -> None:
    """Make a folder and those around it that are not there: for their owner alone, or for everybody to read."""
    missing = []
    while not path.exists():
        missing.append(path)
        path = path.parent
    mode = 0o755 if public else 0o700
    for each in reversed(missing):
        each.mkdir(mode, exist_ok=True)
        if each.stat().st_mode & 0o777 != mode:  # the umask took some of it away
            each.chmod(mode)


def sync(path: Path) -> None:
    """Make a file, or the names in a folder, last."""
    handle = os.open(path, os.O_RDONLY)
    try:
        with named(path):
            os.fsync(handle)
    finally:
        os.close(handle)


@contextlib.contextmanager
def named(path: Path | str) -> Iterator[None]:
    """What the operating system answers about an open file, which says no path, is about `path`."""
    try:
        yield
    except OSError as error:
        if error.filename is None:
            error.filename = str(path)
        raise


class Barrier:
    """Makes all that is written after it was opened last, at one stroke: what comes after `wait` is not on disk before.

    Where the kernel has syncfs(2) and lets it tell of failed writes (Linux from 5.8), that is one call, however many
    files there are; it waits for what others have written to the same file system, too. Elsewhere each is synced.
    Opened before the first write, since it tells only of what fails from then on.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._handle = os.open(folder, os.O_RDONLY)

    def __enter__(self) -> "Barrier":
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        os.close(self._handle)

    def wait(self, written: Iterable[Path]) -> None:
        """`written` are the files, and the folders in which names came or went. Raises `OSError`."""
        if has_syncfs():
            syncfs(self._handle, self.folder)
        else:
            for path in dict.fromkeys(written):
                sync(path)


def has_syncfs() -> bool:
    """Whether one call can sync a file system and tell what failed."""
    release = os.uname().release.split(".")
    return sys.platform == "linux" and [int(n) for n in release[:2] if n.isdecimal()] >= [5, 8]


def syncfs(handle: int, folder: Path) -> None:
    """Sync the file system of an open folder. Raises `OSError`."""
    import ctypes

    if ctypes.CDLL(None, use_errno=True).syncfs(handle):
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number), str(folder))


def update(root: Path, files: Mapping[str, bytes], *, mode: int = PRIVATE) -> list[str]:
    """Write those of `files` (path under `root` → bytes) that are not there yet, and name them.

    Each is there whole or not at all; killed, some of them are there.
    """
    changed = [name for name, data in files.items() if not _holds(root / name, data)]
    for name in changed:
        _beside(root / name, files[name], mode)
    for name in changed:
        os.replace(_new(root / name), root / name)
    for each in sorted({(root / name).parent for name in changed}):
        sync(each)
    return changed


def remove(path: Path, root: Path) -> None:
    """Take a file away, and the folders under `root` that this leaves empty."""
    path.unlink(missing_ok=True)
    folder = path.parent
    while folder != root and folder.is_relative_to(root):
        try:
            folder.rmdir()
        except FileNotFoundError:
            pass
        except OSError as error:
            if error.errno not in (errno.ENOTEMPTY, errno.EEXIST):
                raise
            return
        folder = folder.parent


def _holds(path: Path, data: bytes) -> bool:
    try:
        return content(path) == data
    except OSError:
        return False
