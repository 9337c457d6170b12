"""Files that are there whole or not at all, also after a power cut."""

import contextlib
import os
from collections.abc import Mapping
from pathlib import Path


def write(path: Path, data: bytes, *, mode: int = 0o644) -> None:
    """Put `data` at `path`: written beside it, synced, renamed."""
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_name(f".{path.name}.new")
    beside.unlink(missing_ok=True)  # a killed run's may be read-only, or readable by more than `mode` allows
    with open(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, mode), "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    os.replace(beside, path)
    sync(path.parent)


def sync(folder: Path) -> None:
    """Make the names in a folder last."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def update(root: Path, files: Mapping[str, bytes]) -> list[str]:
    """Write those of `files` (path under `root` → bytes) that are not there yet, and name them."""
    changed = [name for name, data in files.items() if not _holds(root / name, data)]
    for name in changed:
        write(root / name, files[name])
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
