"""What was dropped on the desk and waits to be filed: ``.archive/desk/inbox/<when>/NAME``, its owner's alone.

It outlives a crash, and stays until it is filed or put away. The two files of an exchange wait as one, and so does a
folder, which waits once all of it has come.
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
_TOKEN = re.compile(r"[0-9a-f]{32}")


@dataclass(frozen=True, slots=True)
class Waiting:
    """One thing that waits: a file, an exchange, a folder."""

    id: str
    """When it came, as hex: those that came first stand first."""
    paths: tuple[Path, ...]

    @property
    def name(self) -> str:
        return ", ".join(path.name for path in self.paths)

    @property
    def size(self) -> int:
        return sum(path.stat().st_size for path in self.files)

    @property
    def files(self) -> list[Path]:
        """Every file of it."""
        inside = (each for path in self.paths for each in (path.rglob("*") if path.is_dir() else (path,)))
        return sorted(each for each in inside if each.is_file())


class Inbox:
    """That of one home."""

    def __init__(self, kept: Path) -> None:
        self.folder = kept / "inbox"
        self._coming = kept / "coming"

    def all(self) -> list[Waiting]:
        """Everything that waits, the oldest first."""
        return list(self._all())

    def _all(self) -> Iterator[Waiting]:
        for folder in sorted(self.folder.glob("*/")):
            paths = sorted(folder.iterdir()) if _ID.fullmatch(folder.name) else []
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
            if any(path.name == name and path.is_file() and durable.digest(path) == digest for path in each.paths):
                return each
        beside = next((each for each in waiting if _other(each, name)), None)
        folder = self.folder / (beside.id if beside else _now())
        durable.folder(folder)
        file.replace(folder / name)
        durable.sync(folder)
        return next(each for each in self._all() if each.id == folder.name)

    def put_in(self, token: str, name: str, file: Path) -> None:
        """A file of a folder that is coming, by its path, the folder's name first; what is hidden is left out.

        Raises `Error`.
        """
        parts = [_plain(part) for part in name.split("/") if part]
        if len(parts) < 2 or not _TOKEN.fullmatch(token):
            raise Error("expected a file in a folder")
        if not any(part.startswith(".") for part in parts):
            place = self._coming / token / Path(*parts)
            durable.folder(place.parent)
            file.replace(place)

    def whole(self, token: str) -> Waiting:
        """The folder of which all files have come. Raises `Error`."""
        staged = self._coming / token
        if not _TOKEN.fullmatch(token) or not staged.is_dir():
            raise Error("expected a folder with a file in it")
        durable.folder(self.folder)
        place = self.folder / _now()
        staged.rename(place)
        durable.sync(self.folder)
        return next(each for each in self._all() if each.id == place.name)

    def away(self, waiting: Waiting) -> None:
        """It was filed, or is not wanted: the copy here goes."""
        shutil.rmtree(self.folder / waiting.id, ignore_errors=True)


def _other(waiting: Waiting, name: str) -> bool:
    """Whether a name is that of the response to a request that waits alone, or the other way round."""
    path, *others = waiting.paths
    return not others and path.is_file() and len(exchanges([path.name, name])[0]) == 2


def _plain(name: str) -> str:
    """The last part of a name, as a file can have it. Raises `Error`."""
    last = re.split(r"[/\\]", name)[-1]
    if last in ("", ".", "..") or "\0" in last or len(last.encode(errors="replace")) > 200:
        raise Error(f"expected a file with a name of 1 to 200 bytes, found {name[:80]!r}")
    return last.encode(errors="replace").decode()


def _now() -> str:
    return f"{time.time_ns():016x}"


def total(waiting: Sequence[Waiting]) -> int:
    """Bytes."""
    return sum(each.size for each in waiting)
