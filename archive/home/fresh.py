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
    if holds(folder):
        raise Error(f"{folder}: expected a new or an empty folder, found one that holds something; nothing was changed")
    with _beside(folder, closed=closed) as (beside, place):
        yield beside
        if place.exists():
            place.rmdir()
        beside.rename(place)
        durable.sync(place.parent)


@contextlib.contextmanager
def renewed(folder: Path, *, closed: bool) -> Iterator[Path]:
    """What is to take the place of a folder, which stays as it is until then; for good where all files are the same.

    Files may be links to those of the folder. What a killed run left beside it goes first; where that was stopped
    between taking the one away and putting the other there, the folder is put back. Raises as `fresh` does.
    """
    old = folder.resolve().with_name(f".{folder.resolve().name}.old")
    if old.exists() and not holds(folder):
        old.rename(folder.resolve())
    if not holds(folder):
        with fresh(folder, closed=closed) as beside:
            yield beside
        return
    shutil.rmtree(old, ignore_errors=True)
    with _beside(folder, closed=closed) as (beside, place):
        yield beside
        if _same(beside, place):
            shutil.rmtree(beside)
            return
        place.rename(old)
        try:
            beside.rename(place)
        except OSError:
            old.rename(place)
            raise
        durable.sync(place.parent)
        shutil.rmtree(old, ignore_errors=True)


def holds(folder: Path) -> bool:
    """Whether something lies there: a folder that is not empty, or no folder."""
    return folder.exists() and not (folder.is_dir() and not any(folder.iterdir()))


@contextlib.contextmanager
def _beside(folder: Path, *, closed: bool) -> Iterator[tuple[Path, Path]]:
    """A new folder beside the place it is for; gone again where something fails."""
    place = folder.resolve()
    beside = place.with_name(f".{place.name}.new")
    try:
        shutil.rmtree(beside, ignore_errors=True)
        durable.folder(beside, public=not closed)
        yield beside, place
    except BaseException as error:
        shutil.rmtree(beside, ignore_errors=True)
        if isinstance(error, OSError):
            error.filename = error.filename or str(folder)
            error.__notes__ = ["nothing was changed"]  # whatever was said of the folder that goes
        raise


def _same(new: Path, old: Path) -> bool:
    """Whether two folders have the same files."""
    names = [{path.relative_to(root) for path in root.rglob("*") if path.is_file()} for root in (new, old)]
    if names[0] != names[1]:
        return False
    return all((new / name).samefile(old / name) or _equal(new / name, old / name) for name in names[0])


def _equal(new: Path, old: Path) -> bool:
    return new.stat().st_size == old.stat().st_size and new.read_bytes() == old.read_bytes()
