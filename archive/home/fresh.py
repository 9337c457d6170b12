"""A folder that is made whole or not at all: beside its place, under a name of its own, and renamed at the end."""

import contextlib
import shutil
from collections.abc import Iterator
from pathlib import Path

from archive.errors import Error
from archive.register import durable


@contextlib.contextmanager
def fresh(folder: Path, *, closed: bool) -> Iterator[Path]:
    """What is to become a new or empty folder, `closed` to everybody but its owner; put in place at the end.

    What a killed run left beside it goes first. Raises `Error` where something lies in the folder already; whatever
    fails later, the folder is as it was.
    """
    if folder.exists() and not (folder.is_dir() and not any(folder.iterdir())):
        raise Error(f"{folder}: expected a new or an empty folder, found one that holds something; nothing was changed")
    place = folder.resolve()
    beside = place.with_name(f".{place.name}.new")
    try:
        shutil.rmtree(beside, ignore_errors=True)
        durable.folder(beside, public=not closed)
        yield beside
        if place.exists():
            place.rmdir()
        beside.rename(place)
        durable.sync(place.parent)
    except BaseException as error:
        shutil.rmtree(beside, ignore_errors=True)
        if isinstance(error, OSError):
            error.filename = error.filename or str(folder)
            error.__notes__ = ["nothing was changed"]  # whatever was said of the folder that goes
        raise
