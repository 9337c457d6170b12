"""What was saved: noticed at once with watchfiles (the extra `preview`), else by looking again and again.

Only what a draft is made of is looked at: what people edit lies at the top of the home and in ``essays/``, and what was
filed, reviewed or published since shows in the register's checkpoint.
"""

import os
import time
from collections.abc import Iterator
from pathlib import Path
from threading import Event

from archive.home import change
from archive.register import register

_BESIDE = (".archive/register/checkpoint", ".archive/pending", "site/SHA256SUMS")
PAUSE = 0.2
"""Seconds between two looks, at least."""

Stamps = dict[str, object]
"""Path → its time, size and inode; and the hour, since weeks begin and end."""


def changes(root: Path, seen: Stamps, stop: Event) -> Iterator[None]:
    """Once for each time that something was saved in a home since its stamps were `seen`, until `stop`."""
    for _ in _moments(root, stop):
        if change.left(root) and register.busy(root / ".archive/register"):
            continue  # a command is in the middle of its change: half of it is nothing to show
        now = stamps(root)
        if now != seen:
            seen = now
            yield


def stamps(root: Path) -> Stamps:
    """As they are now."""
    found: Stamps = {"": int(time.time() // 3600)}
    paths = [*(str(root / name) for name in _BESIDE), *_files(root)]
    for path in paths:
        try:
            stat = os.stat(path)
        except OSError:
            continue
        found[path] = (stat.st_mtime_ns, stat.st_size, stat.st_ino)
    return found


def _files(root: Path) -> Iterator[str]:
    for folder in _folders(root):
        try:
            with os.scandir(folder) as entries:
                yield from (entry.path for entry in entries if entry.name[0] != "." and not entry.is_dir())
        except OSError:
            continue


def _folders(root: Path) -> list[str]:
    """The home itself, and every folder under ``essays/``."""
    return [str(root), *(folder for folder, _, _ in os.walk(root / "essays"))]


def _moments(root: Path, stop: Event) -> Iterator[None]:
    """Whenever something may have been saved."""
    try:
        yield from _told(root, stop)
    except (ImportError, OSError):  # not installed; or the system watches no more folders
        yield from _asked(root, stop)


def _told(root: Path, stop: Event) -> Iterator[None]:
    """By the system, and every second besides: a folder that is new is only watched from then on."""
    from watchfiles import watch

    while not stop.is_set():
        folders = _folders(root)
        places = [*folders, str(root / ".archive/register"), str(root / "site")]
        for _ in watch(
            *filter(os.path.isdir, places),
            watch_filter=None,
            step=20,
            rust_timeout=1000,
            yield_on_timeout=True,
            stop_event=stop,
            recursive=False,
        ):
            yield
            if folders != _folders(root):
                break


def _asked(root: Path, stop: Event) -> Iterator[None]:
    """By looking; a home that takes long to look through is looked through less often."""
    begun = time.monotonic()
    stamps(root)
    pause = max(PAUSE, 10 * (time.monotonic() - begun))
    while not stop.wait(pause):
        yield
