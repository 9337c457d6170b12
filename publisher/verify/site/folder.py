"""A folder that a stranger made: nothing in it is trusted, followed or waited for."""

import os
import stat
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from archive.errors import Malformed, Problem, VerificationError

LARGEST = 64 << 20
"""Bytes of the largest file that is read, and of all files together that an issue froze: mails keep to 50 million."""

SMALL = 1 << 20
"""Bytes of a checkpoint, a policy, a list of keys: whatever lies under ``register/`` but for its tiles and its page."""

MOST = 1_000_000
"""Files of a site; ten thousand essays have 140,000."""


@dataclass(frozen=True, slots=True)
class Folder:
    """What lay there when it was looked through: files by their path, and whatever is not simply a file."""

    path: Path
    names: frozenset[str]
    """Paths of the files, POSIX, as in ``essays/on-commas/essay.md``."""
    odd: Mapping[str, str]
    """Path → what is there instead of a file: ``is a link; a site is made of files``."""
    sizes: Mapping[str, int]
    """Path → bytes, of the files."""

    @classmethod
    def read(cls, path: Path) -> "Folder":
        """Looks at every name, opens none. Raises `VerificationError` where there is no end of them."""
        found = dict(islice(_entries(path), MOST + 1))
        if len(found) > MOST:
            raise VerificationError(f"expected a site, found more than {MOST:,} files")
        sizes = {name: size for name, (size, odd) in found.items() if not odd}
        return cls(path, frozenset(sizes), {name: odd for name, (_, odd) in sorted(found.items()) if odd}, sizes)

    def data(self, name: str) -> bytes:
        """The bytes of a file. Raises `Malformed` where there is none."""
        if name not in self.names:
            raise Malformed(f"{name}: expected a file, found {'none' if not self.is_odd(name) else 'something else'}")
        try:
            with open(f"{self.path}/{name}", "rb") as file:
                return file.read()
        except OSError as error:
            raise Malformed(f"{name}: cannot be read ({error.strerror})") from None

    def text(self, name: str) -> str:
        """The same as text. Raises `Malformed`."""
        try:
            return self.data(name).decode()
        except UnicodeDecodeError:
            raise Malformed(f"{name}: expected UTF-8, found other bytes") from None

    def is_odd(self, name: str) -> bool:
        """Whether the path, or a folder above it, is something else than it should be."""
        parts = name.split("/")
        return any("/".join(parts[:end]) in self.odd for end in range(1, len(parts) + 1))

    def problems(self) -> Iterator[Problem]:
        return (Problem(name, odd) for name, odd in self.odd.items())


def _entries(root: Path) -> Iterator[tuple[str, tuple[int, str]]]:
    """Every path below that is no folder, with its size and what is odd about it."""
    folders = [""]
    while folders:
        folder = folders.pop()
        try:
            entries = list(os.scandir(root / folder))
        except OSError as error:
            yield folder or ".", (0, f"cannot be read ({error.strerror})")
            continue
        if folder and not entries:
            yield folder, (0, "is an empty folder; a site is made of files")
        for entry in entries:
            name = f"{folder}/{entry.name}" if folder else entry.name
            if entry.is_dir(follow_symlinks=False):
                folders.append(name)
            else:
                found = entry.stat(follow_symlinks=False)
                yield name, (found.st_size, _odd(name, found, entry.path))


def _odd(name: str, found: os.stat_result, path: str) -> str:
    if not stat.S_ISREG(found.st_mode):
        kind = {stat.S_IFLNK: "a link", stat.S_IFIFO: "a pipe", stat.S_IFSOCK: "a socket"}
        return f"is {kind.get(stat.S_IFMT(found.st_mode), 'a device')}; a site is made of files"
    kept = name.startswith("register/") and not name.startswith("register/tile/") and name != "register/index.html"
    if found.st_size > (SMALL if kept else LARGEST):
        return f"has {found.st_size:,} bytes, more than any file of a site"
    return "" if os.access(path, os.R_OK) else "cannot be read by you"
