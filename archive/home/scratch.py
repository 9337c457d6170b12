"""Scratch files of a home, in ``.archive/tmp/``: gone with the command, or swept by a later one if it was killed."""

import contextlib
import fcntl
import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

from archive.register import durable


@contextlib.contextmanager
def scratch(folder: Path) -> Iterator[Path]:
    """A folder of one's own under `folder`, for as long as it is needed."""
    durable.folder(folder)
    with _locked(folder):  # so that nobody sweeps it before it is locked
        own = Path(tempfile.mkdtemp(dir=folder))
        handle = os.open(own, os.O_RDONLY)
        fcntl.flock(handle, fcntl.LOCK_EX)
    try:
        yield own
    finally:
        shutil.rmtree(own, ignore_errors=True)
        os.close(handle)


def sweep(folder: Path) -> None:
    """Take away what killed commands left; what a running one holds is locked, and stays."""
    if not folder.is_dir() or not any(folder.iterdir()):
        return
    with _locked(folder):
        for left in folder.iterdir():
            if left.is_dir():
                handle = os.open(left, os.O_RDONLY)
                with contextlib.suppress(BlockingIOError):
                    fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
                    shutil.rmtree(left, ignore_errors=True)
                os.close(handle)
            else:
                left.unlink(missing_ok=True)


@contextlib.contextmanager
def _locked(folder: Path) -> Iterator[None]:
    handle = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)
