"""What a home holds already, as far as drafts must know it: each thing is looked up once, and only if it is asked for.

`Here` lives as long as one portion of a batch is drafted, `Received` as long as the command.
"""

import os
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from archive.deposits import deposit
from archive.deposits.draft import Digests
from archive.deposits.shelf import CODEBOOKS, PROTOCOLS
from archive.home.accession import Accession
from archive.home.home import Home

if TYPE_CHECKING:
    from archive.records.codebook import Codebook
    from archive.records.protocol import Protocol

_LISTED = re.compile(rb"^([0-9a-f]{64})  received[^\n/]*$", re.MULTILINE)
_DATED = re.compile(r"\d{4}-\d{2}-\d{2}-")


@dataclass
class Received:
    """Which bytes were received before, and as what; asks the store first, which has a copy of all that was logged."""

    _folders: dict[Digests, Path] = field(default_factory=dict)
    _seen: set[Path] = field(default_factory=set)

    def before(self, home: Home, digests: Digests) -> tuple[Accession, Path] | None:
        """As what, and where, a deposit with exactly these was filed; None if it was not."""
        if not all(home.store.has(digest) for digest in digests):
            return None
        if digests not in self._folders:
            self._look(home)
        folder = self._folders.get(digests)
        accession = home.accession(folder) if folder else None
        return (accession, folder) if accession and folder else None

    def _look(self, home: Home) -> None:
        """Into the lists of the deposits that were not there when it was done last."""
        for folder in deposit.folders(home):
            if folder not in self._seen:
                self._seen.add(folder)
                if listed := frozenset(_received(folder)):
                    self._folders.setdefault(listed, folder)


def _received(folder: Path) -> Iterator[str]:
    for path in (folder / "intake.sums", folder / "private.sums"):
        if path.is_file():
            yield from (digest.decode() for digest in _LISTED.findall(path.read_bytes()))


@dataclass
class Here:
    """What there is in a home, as it stood when it was first asked for, and what was drafted since."""

    home: Home
    received: Received = field(default_factory=Received)
    drafted: set[Digests] = field(default_factory=set)
    """Bytes that are on their way in."""
    _numbers: dict[str, int] = field(default_factory=dict)

    def free(self, slug: str) -> str:
        """The slug, or the first of ``slug-2``, ``slug-3`` … that no deposit has."""
        number, found = self._numbers.get(slug, 1), slug
        while found in self.slugs:
            number += 1
            found = f"{slug}-{number}"
        self._numbers[slug] = max(number - 1, 1)
        return found

    @cached_property
    def slugs(self) -> set[str]:
        """Of everything that lies under ``transcripts/``, filed or not, and of what was drafted."""
        names = [name for model in _folders(self.home.root / "transcripts") for name in os.listdir(model)]
        return {name[11:] if _DATED.match(name) else name for name in names}

    @cached_property
    def models(self) -> frozenset[str]:
        """The folder of each model that has a record here."""
        folders = _folders(self.home.root / "transcripts")
        return frozenset(folder.name for folder in folders if (folder / "model.toml").exists())

    @cached_property
    def protocols(self) -> "dict[str, Protocol]":
        """Those that were filed, by ``id@version``."""
        return PROTOCOLS.filed(self.home)

    @cached_property
    def codebooks(self) -> "dict[str, Codebook]":
        """Those that were filed, by ``id@version``."""
        return CODEBOOKS.filed(self.home)


def _folders(folder: Path) -> list[Path]:
    return [folder / entry.name for entry in os.scandir(folder) if entry.is_dir()]
