"""What is filed by version and named ``id@version``: protocols and codebooks, as they were filed."""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Generic, Literal, TypeVar

from archive.errors import Problem, Refused
from archive.home.accession import intake_lists
from archive.home.home import Home
from archive.home.store import digest_of
from archive.records import codebook, protocol
from archive.records.codebook import Codebook
from archive.records.deposit_record import SILENT
from archive.records.known import unknown
from archive.records.protocol import Protocol
from archive.records.vocabulary import TURN_CODES, Field
from archive.register import sums

R = TypeVar("R", Protocol, Codebook)
VERSION = re.compile(r"[1-9]\d*\.toml")


@dataclass(frozen=True, slots=True)
class Shelf(Generic[R]):
    """One kind of these, in a folder of ``transcripts/``."""

    kind: Literal["protocol", "codebook"]
    read: Callable[[bytes, str], R | list[Problem]]

    @property
    def place(self) -> str:
        """``transcripts/protocols``"""
        return f"transcripts/{self.kind}s"

    def path(self, ref: str) -> str:
        """``themes@1`` → ``transcripts/codebooks/themes/1.toml``"""
        return f"{self.place}/{ref.replace('@', '/')}.toml"

    def filed(self, home: Home) -> dict[str, R]:
        """Every version that was filed, by ``id@version``, in order. What cannot be read is left to `archive check`."""
        found: dict[str, R] = {}
        for folder, names in self._listed(home):
            for name, digest in sorted(names.items(), key=lambda item: int(item[0].removesuffix(".toml"))):
                data = _bytes(home, folder / name, digest)
                read = self.read(data, name) if data is not None else []
                if not isinstance(read, list):
                    found[read.ref] = read
        return found

    def accessions(self, home: Home) -> dict[str, str]:
        """The accession number of each that was filed, by id."""
        found = {folder.name: home.accession(folder) for folder, _ in self._listed(home)}
        return {name: accession.number for name, accession in found.items() if accession}

    def _listed(self, home: Home) -> Iterator[tuple[Path, Mapping[str, str]]]:
        for folder in sorted(path.parent for path in (home.root / self.place).glob("*/intake.sums")):
            newest = intake_lists(folder)[-1]
            if home.lives.listed(digest_of(newest)):
                listed = sums.parse(newest.read_bytes(), newest.name)
                yield folder, {name: digest for name, digest in listed.items() if VERSION.fullmatch(name)}


PROTOCOLS = Shelf("protocol", protocol.read)
CODEBOOKS = Shelf("codebook", codebook.read)
SHELVES: tuple[Shelf[Protocol] | Shelf[Codebook], ...] = (PROTOCOLS, CODEBOOKS)


def codes(home: Home) -> tuple[Field, ...]:
    """Every code that a note may use: the built-in ones, then those of the codebooks that were filed."""
    return (*TURN_CODES, *(field for book in CODEBOOKS.filed(home).values() for field in book.fields))


def _bytes(home: Home, path: Path, digest: str) -> bytes | None:
    """What was filed: from the folder, else from the store."""
    if path.is_file() and digest_of(path) == digest:
        return path.read_bytes()
    kept = home.store.path(digest)
    return kept.read_bytes() if kept.is_file() else None


def refuse_unknown(home: Home, ref: str) -> None:
    """Raises `Refused` unless `ref`, from the command line, is a protocol that was filed, or a silence."""
    filed = PROTOCOLS.filed(home)
    if wrong := None if ref in SILENT else unknown(ref, filed, "protocol"):
        raise Refused([Problem("--protocol", *wrong)])
