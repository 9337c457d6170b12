"""Where a site is copied to, told apart by how it is named; one module each.

::

    /srv/www/letters, ../www               `folder`: built beside, then one link is switched to it
    rsync://host/module/path               `rsync`
    editor@host:/srv/www/letters           `rsync`, over ssh
    rsync:/mnt/www                         `rsync`, to a folder of this machine
    git:https://host/letters.git#pages     `branch`: the one commit of a branch, for static hosts
    s3://bucket/prefix                     `objects`: whatever fsspec knows
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Protocol

from archive.errors import Error

_FORMS = "a folder, rsync://host/path, user@host:/path, git:URL#branch, or s3://bucket/prefix"


_AFAR = re.compile(r"rsync:|[^/:]+:(?!//)")
"""What rsync takes: of it, ``user@host:/path`` has its colon before any slash."""


class Target(Protocol):
    """A place that a site is copied to. Lives as long as a command.

    Paths are a site's own, POSIX. Each file is there whole or not at all, whatever is killed.
    """

    @property
    def name(self) -> str:
        """As a person named it, without what is secret in it."""

    @property
    def away(self) -> bool:
        """Whether what lies there has left this machine."""

    def marks(self) -> Mapping[str, str]:
        """Every file that lies there, by a mark that says of its bytes whether they are others. Raises `Error`."""

    def mark(self, data: bytes) -> str:
        """That of a file that holds `data`."""

    def read(self, paths: Sequence[str]) -> Iterator[tuple[str, bytes]]:
        """Those of the files that are there, as they lie there; what was put is read back. Raises `Error`."""

    def put(self, site: Path, paths: Sequence[str]) -> None:
        """Copy these files of the folder `site`. Raises `Error`."""

    def remove(self, paths: Sequence[str]) -> None:
        """Take these away where they are there, and the folders that this leaves empty. Raises `Error`."""

    def switch(self) -> None:
        """Show what was put and removed, at one stroke; nothing where that shows at once. Raises `Error`."""

    def close(self) -> None:
        """Let go of what is held open."""


def opened(text: str, scratch: Path, *, time: str, apart: bool = False) -> Target:
    """The target of that name; `scratch` is a folder for what it needs meanwhile, `time` that of what is copied.

    `apart`: nobody types to the programs that it asks. Raises `Error`.
    """
    if text.startswith("git:"):
        from publisher.delivery.branch import Branch

        form = re.fullmatch(r"git:([^#]+)#([^#]+)", text)
        if not form:
            raise Error(f"{text}: expected a repository and its branch, such as git:https://host/letters.git#pages")
        return Branch(form[1], form[2], scratch, time=time, apart=apart)
    if _AFAR.match(text):
        from publisher.delivery.rsync import Rsync

        if folder_of(text) == "/" or not text.rpartition(":")[2].strip("/"):
            raise Error(f"{text}: expected a folder of its own there, found the root; name one, such as {text}/srv/www")
        place = text if text.startswith("rsync://") else text.removeprefix("rsync:")
        return Rsync(place, scratch, name=text, apart=apart)
    if "://" in text:
        from publisher.delivery.objects import Objects

        return Objects(text)
    if not text.strip():
        raise Error(f"expected where to: {_FORMS}")
    from publisher.delivery.folder import Folder

    return Folder(Path(text))


def is_folder(text: str) -> bool:
    """Whether a target's name is a path, which is told from somewhere."""
    return "://" not in text and not text.startswith("git:") and not _AFAR.match(text)


def folder_of(text: str) -> str:
    """Where on its own machine the folder is that a target names: ``/srv/www/letters``."""
    place = text.removeprefix("rsync://").partition("/")[2] if text.startswith("rsync://") else text.rpartition(":")[2]
    return str(Path("/", place) if text.startswith("rsync://") else Path(place).absolute())


def portions(paths: Iterable[str], count: int = 256) -> Iterator[list[str]]:
    """So many at once that a copy can go on from there, and no more than memory holds."""
    part: list[str] = []
    for path in paths:
        part.append(path)
        if len(part) == count:
            yield part
            part = []
    if part:
        yield part
