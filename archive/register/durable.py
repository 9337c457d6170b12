"""Files that are there whole or not at all, also after a power cut."""

import contextlib
import os
from collections.abc import Mapping
from pathlib import Path

PRIVATE, PUBLIC = 0o600, 0o644
"""Modes of files: for their owner alone, and for everybody to read."""


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
    with open(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, mode), "wb") as file:
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
    for each in reversed(missing):
        each.mkdir(exist_ok=True)
        each.chmod(0o755 if public else 0o700)


def sync(folder: Path) -> None:
    """Make the names in a folder last."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


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
        with contextlib.suppress(OSError):
            folder.rmdir()
        if folder.exists():
            return
        folder = folder.parent


def _holds(path: Path, data: bytes) -> bool:
    try:
        return path.read_bytes() == data
    except OSError:
        return False
