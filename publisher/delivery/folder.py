"""A folder that a web server shows, switched at once: ``www`` is a link, and leads to ``.www.1`` or ``.www.2``.

The next site is built in the one that is not shown, of links to the files that stay and copies of those that are new.
Then one rename puts a new link in place of the old, and what is no longer shown goes. Whatever else lay there is there
afterwards as well. A web server must follow links (nginx and Caddy do; Apache with ``Options FollowSymLinks``).

A folder of its own with something in it is refused: it would have to be moved away for a moment. rsync goes there.
"""

import os
import re
import shutil
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from archive.errors import Error
from archive.home.store import digest_of
from archive.register import durable, sums


class Folder:
    """See `publisher.delivery.target.Target`."""

    away = False

    def __init__(self, path: Path) -> None:
        """Raises `Error` where something lies there that this did not make."""
        self.name = os.path.abspath(path)
        self._place = _place(path.absolute())
        self._shown = self._place.resolve() if self._place.is_symlink() else None
        first, second = (self._place.with_name(f".{self._place.name}.{number}") for number in (1, 2))
        self._beside = second if self._shown and self._shown.name == first.name else first
        self._barrier: durable.Barrier | None = None

    def marks(self) -> Mapping[str, str]:
        if self._shown is None:
            return {}
        files = (path for path in _files(self._shown) if path.is_file() and not path.is_symlink())
        return {path.relative_to(self._shown).as_posix(): digest_of(path) for path in files}

    def mark(self, data: bytes) -> str:
        return sums.digest(data)

    def read(self, paths: Sequence[str]) -> Iterator[tuple[str, bytes]]:
        root = self._beside if self._barrier else self._shown
        for path in paths:
            if root and (root / path).is_file():
                yield path, durable.content(root / path)

    def put(self, site: Path, paths: Sequence[str]) -> None:
        self._begin()
        for path in paths:
            place = self._beside / path
            durable.folder(place.parent, public=True)
            place.unlink(missing_ok=True)  # it may be the very file that is shown
            with durable.named(place):
                place.write_bytes(durable.content(site / path))
                place.chmod(durable.PUBLIC)
            at = (site / path).stat().st_mtime_ns
            os.utime(place, ns=(at, at))  # Last-Modified stays that of the same bytes

    def remove(self, paths: Sequence[str]) -> None:
        self._begin()
        for path in paths:
            durable.remove(self._beside / path, self._beside)

    def switch(self) -> None:
        if self._barrier is None:
            return
        self._barrier.wait([*_files(self._beside), *(path for path in self._beside.rglob("*") if path.is_dir())])
        link = self._place.with_name(f".{self._place.name}.link")
        link.unlink(missing_ok=True)
        link.symlink_to(self._beside.name)
        if self._place.is_dir() and not self._place.is_symlink():
            self._place.rmdir()
        os.replace(link, self._place)
        durable.sync(self._place.parent)
        if self._shown:
            shutil.rmtree(self._shown)

    def close(self) -> None:
        if self._barrier:
            self._barrier.__exit__(None, None, None)

    def _begin(self) -> None:
        """A folder beside the one that is shown, with the same files."""
        if self._barrier:
            return
        if self._beside.exists():
            shutil.rmtree(self._beside)  # a killed run left it
        self._beside.mkdir(0o755)
        self._beside.chmod(0o755)
        self._barrier = durable.Barrier(self._beside)
        for path in _files(self._shown) if self._shown else ():
            place = self._beside / path.relative_to(self._shown or path)
            durable.folder(place.parent, public=True)
            os.link(path, place, follow_symlinks=False)


def _place(path: Path) -> Path:
    """Where the link is, or will be: links of others that lead there are followed. Raises `Error`."""
    while path.is_symlink():
        target = path.parent / os.readlink(path)
        if target.parent == path.parent and re.fullmatch(re.escape(f".{path.name}.") + "[12]", target.name):
            return path
        path = target
    if not path.parent.is_dir():
        raise Error(f"{path}: expected a folder {path.parent} to put it in, found none")
    if path.exists() and not (path.is_dir() and not any(path.iterdir())):
        what = f"{path}: expected nothing there, an empty folder, or what an earlier deploy made, found something else"
        raise Error(f"{what}; move it away once, or have files copied into it: rsync:{path}")
    return path


def _files(root: Path) -> Iterator[Path]:
    return (Path(folder, name) for folder, _, names in os.walk(root) for name in names)
