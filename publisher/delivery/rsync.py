"""A folder that the program rsync reaches: a daemon's module, another machine over ssh, or one here.

Each file is written beside its place and renamed there, by rsync itself. What lies there is told by MD5, which the
other side computes: that the bytes are ours is found by reading them back.
"""

import hashlib
import re
import shutil
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path, PurePosixPath

from archive.errors import Error
from publisher.delivery.program import environment, needed

_LISTED = re.compile(rb"([0-9a-f]{32}) ([^\n]+)\n")
_ESCAPED = re.compile(rb"\\#([0-7]{3})")
_NOT_THERE = re.compile(r"change_dir .* failed: No such file or directory")
"""What it says where the folder will only be made."""


class Rsync:
    """See `publisher.delivery.target.Target`."""

    def __init__(self, place: str, scratch: Path, *, name: str, apart: bool = False) -> None:
        """Raises `Error` where there is no rsync on this machine."""
        self.name = re.sub(r"//[^/@]*@", "//", name)
        self.away = place == name
        self._program, self._apart = needed("rsync", "name a folder, which needs no program"), apart
        self._place, self._scratch = f"{place.rstrip('/')}/", scratch

    def marks(self) -> Mapping[str, str]:
        empty = self._folder("nothing")
        listed = self._run("-rcn8", "--checksum-choice=md5", "--out-format=%C %n", "--", self._place, f"{empty}/")
        self._files = {_path(name): digest.decode() for digest, name in _LISTED.findall(listed)}
        return self._files

    def mark(self, data: bytes) -> str:
        return hashlib.md5(data, usedforsecurity=False).hexdigest()

    def read(self, paths: Sequence[str]) -> Iterator[tuple[str, bytes]]:
        back = self._folder("back")
        self._run("--ignore-missing-args", *_FROM, "--", self._place, f"{back}/", names=paths)
        for path in paths:
            if (back / path).is_file():
                yield path, (back / path).read_bytes()

    def put(self, site: Path, paths: Sequence[str]) -> None:
        modes = ("--perms", "--chmod=D755,F644", "--times", "--ignore-times")
        self._run(*modes, *_FROM, "--", f"{site}/", self._place, names=paths)

    def remove(self, paths: Sequence[str]) -> None:
        full = {folder for path in {*self._files} - {*paths} for folder in PurePosixPath(path).parents}
        emptied = {folder for path in paths for folder in PurePosixPath(path).parents} - full - {PurePosixPath()}
        deepest = sorted(emptied, key=lambda folder: -len(folder.parts))
        for names in (paths, *([str(folder)] for folder in deepest)):
            self._take_away(names)

    def _take_away(self, names: Sequence[str]) -> None:
        """What is named and is not here goes there; the folders around it are here."""
        here = self._folder("nothing")
        for name in names:
            (here / name).parent.mkdir(parents=True, exist_ok=True)
        self._run("--delete-missing-args", *_FROM, "--", f"{here}/", self._place, names=names)

    def switch(self) -> None:
        pass

    def close(self) -> None:
        pass

    def _folder(self, name: str) -> Path:
        folder = self._scratch / name
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir()
        return folder

    def _run(self, *arguments: str, names: Sequence[str] = ()) -> bytes:
        """What it prints. Raises `Error` with what it says."""
        listed = b"".join(name.encode() + b"\0" for name in names)
        done = subprocess.run(
            [self._program, *arguments],
            input=listed,
            capture_output=True,
            env=environment(apart=self._apart),
            start_new_session=self._apart,
            check=False,
        )
        said = done.stderr.decode(errors="replace").strip()
        if done.returncode and arguments[-1] != self._place and _NOT_THERE.search(said):
            return b""
        if done.returncode:
            raise Error(f"{self.name}: {said.splitlines()[0] if said else f'rsync ended with {done.returncode}'}")
        return done.stdout


_FROM = ("--files-from=-", "--from0")


def _path(printed: bytes) -> str:
    r"""A path as rsync prints it, where ``\#012`` is a byte that would not show."""
    return _ESCAPED.sub(lambda form: bytes([int(form[1], 8)]), printed).decode(errors="surrogateescape")
