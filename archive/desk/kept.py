"""Forms that were begun and not sent: kept in ``.archive/desk/forms/``, so that they outlive a reload and a crash.

A form goes by its key (``deposit:2026-0041``), and by the tab in which it is open: two people, or two tabs, never write
over each other's typing. It is forgotten once it was sent and did its work.
"""

import hashlib
import json
import re
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from archive.register import durable

KEPT = 202
"""The status of an answer to a form that was not sent, only kept: of any other that is no refusal, it did its work."""
_TAB = re.compile(r"[0-9a-z]{1,32}", re.ASCII)
_WRITING = threading.Lock()
"""A form that is typed into faster than a disk writes is kept twice at once."""
OLD = 60 * 86_400
"""Seconds after which what nobody took up again is thrown away."""


@dataclass(frozen=True, slots=True)
class Begun:
    """One form in one tab."""

    tab: str
    time: int
    """When it was last typed into, POSIX seconds."""
    fields: Mapping[str, list[str]]

    def plain(self) -> dict[str, Any]:
        """For the page."""
        return {"tab": self.tab, "time": self.time, "fields": self.fields}


_WAITS = ("inbox", "essays")
"""Folders of what was dropped on a page, and is not filed yet."""
_LETTER = 60
"""Seconds within which a browser has opened the page that it is started with."""


def keep(folder: Path, key: str, tab: str, fields: Mapping[str, list[str]]) -> None:
    """Note what stands in a form. Raises `OSError`."""
    if place := _place(folder, key, tab):
        data = {"key": key, "time": int(time.time()), "fields": dict(fields)}
        with _WRITING:
            durable.write(place, json.dumps(data, ensure_ascii=False).encode("utf-8", "surrogatepass"))


def begun(folder: Path, key: str) -> list[Begun]:
    """What stands in forms of this key, the newest first."""
    found = []
    for path in _folder(folder, key).glob("*.json"):
        try:
            data = json.loads(path.read_bytes())
            found.append(Begun(path.stem, int(data["time"]), dict(data["fields"])))
        except (OSError, ValueError, KeyError, TypeError):
            continue
    return sorted(found, key=lambda each: -each.time)


def forget(folder: Path, key: str, tab: str) -> None:
    """It was sent, or is not wanted any more."""
    if place := _place(folder, key, tab):
        with _WRITING:
            place.unlink(missing_ok=True)


def sweep(folder: Path) -> None:
    """Throw away what is `OLD`, and what led to desks that were killed; never what waits to be filed (`_WAITS`)."""
    for path in folder.rglob("*"):
        if path.parts[len(folder.parts)] in _WAITS:
            continue
        if path.is_file() and time.time() - path.stat().st_mtime > (_LETTER if path.suffix == ".html" else OLD):
            path.unlink(missing_ok=True)


def _folder(folder: Path, key: str) -> Path:
    return folder / "forms" / hashlib.sha256(key.encode("utf-8", "surrogatepass")).hexdigest()[:32]


def _place(folder: Path, key: str, tab: str) -> Path | None:
    return _folder(folder, key) / f"{tab}.json" if key and _TAB.fullmatch(tab) else None
