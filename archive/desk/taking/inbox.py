"""What was dropped on the desk and waits to be filed: ``.archive/desk/inbox/<when>/NAME``, its owner's alone.

It outlives a crash, and stays until it is filed or put away. The two files of an exchange wait as one.
"""

import re
import shutil
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from archive.errors import Error, NotFound
from archive.importers.parts import exchanges
from archive.register import durable

_ID = re.compile(r"[0-9a-f]{16}")


@dataclass(frozen=True, slots=True)
class Waiting:
    """One thing that waits: a file, or an exchange."""

    id: str
    """When it came, as hex: those that came first stand first."""
    paths: tuple[Path, ...]

    @property
    def name(self) -> str:
        return ", ".join(path.name for path in self.paths)

    @property
    def size(self) -> int:
        return sum(path.stat().st_size for path in self.paths)


class Inbox:
    """That of one home."""

    def __init__(self, kept: Path) -> None:
        self.folder = kept / "inbox"

    def all(self) -> list[Waiting]:
        """Everything that waits, the oldest first."""
        return list(self._all())

    def _all(self) -> Iterator[Waiting]:
        for folder in sorted(self.folder.glob("*/")):
            paths = sorted(path for path in folder.iterdir() if path.is_file()) if _ID.fullmatch(folder.name) else []
            if paths:
                yield Waiting(folder.name, tuple(paths))

    def some(self, ids: str) -> list[Waiting]:
        """Those of these ids, joined by ``+``; ``all`` for all. Raises `NotFound` where one does not wait any more."""
        waiting = self.all()
        if ids == "all":
            if not waiting:
                raise NotFound("nothing waits to be filed")
            return waiting
        known = {each.id: each for each in waiting}
        if missing := [id for id in ids.split("+") if id not in known]:
            raise NotFound(f"{', '.join(missing)}: does not wait here any more; it was filed, or put away")
        return [known[id] for id in dict.fromkeys(ids.split("+"))]

    def put(self, name: str, file: Path) -> Waiting:
        """Take a file in under the name it came with. What waits already, byte for byte, is not taken in again.

        Raises `Error`.
        """
        name = _plain(name)
        waiting = self.all()
        digest = durable.digest(file)
        for each in waiting:
            if any(path.name == name and durable.digest(path) == digest for path in each.paths):
                return each
        beside = next((each for each in waiting if _other(each, name)), None)
        folder = self.folder / (beside.id if beside else f"{time.time_ns():016x}")
        durable.folder(folder)
        file.replace(folder / name)
        durable.sync(folder)
        return next(each for each in self._all() if each.id == folder.name)

    def away(self, waiting: Waiting) -> None:
        """It was filed, or is not wanted: the copy here goes."""
        shutil.rmtree(self.folder / waiting.id, ignore_errors=True)


def _other(waiting: Waiting, name: str) -> bool:
    """Whether a name is that of the response to a request that waits alone, or the other way round."""
    return len(waiting.paths) == 1 and len(exchanges([waiting.paths[0].name, name])[0]) == 2


def _plain(name: str) -> str:
    """The last part of a name, as a file can have it. Raises `Error`."""
    last = re.split(r"[/\\]", name)[-1]
    if last in ("", ".", "..") or "\0" in last or len(last.encode(errors="replace")) > 200:
        raise Error(f"expected a file with a name of 1 to 200 bytes, found {name[:80]!r}")
    return last.encode(errors="replace").decode()


def total(waiting: Sequence[Waiting]) -> int:
    """Bytes."""
    return sum(each.size for each in waiting)
