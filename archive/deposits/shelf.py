"""What is filed by version and named ``id@version``: protocols and codebooks, as they were filed."""

import contextlib
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Generic, Literal, TypeVar

from archive.deposits.filed import FiledFolder, filed_folders
from archive.errors import Problem, Refused, accepted
from archive.home.home import Home
from archive.records.field import Field

if TYPE_CHECKING:
    from archive.records.codebook import Codebook
    from archive.records.protocol import Protocol

R = TypeVar("R", "Protocol", "Codebook")
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
        for each in self._filed(home):
            for name in sorted(each.files, key=lambda name: int(name.removesuffix(".toml"))):
                with contextlib.suppress(Refused):
                    read = accepted(self.read(each.read(name), f"{each.place}/{name}"))
                    found[read.ref] = read
        return found

    def accessions(self, home: Home) -> dict[str, str]:
        """The accession number of each that was filed, by id."""
        return {each.folder.name: each.number for each in self._filed(home)}

    def drafts(self, home: Home) -> list[Problem]:
        """What lies in the folders of those that were filed and is not what was filed."""
        return [draft for each in self._filed(home) for draft in each.drafts()]

    def _filed(self, home: Home) -> list[FiledFolder]:
        folders = sorted(path.parent for path in (home.root / self.place).glob("*/intake.sums"))
        return filed_folders(home, folders)[0]


def _protocol(data: bytes, place: str) -> "Protocol | list[Problem]":
    from archive.records import protocol

    return protocol.read(data, place)


def _codebook(data: bytes, place: str) -> "Codebook | list[Problem]":
    from archive.records import codebook

    return codebook.read(data, place)


PROTOCOLS = Shelf("protocol", _protocol)
CODEBOOKS = Shelf("codebook", _codebook)
SHELVES: "tuple[Shelf[Protocol] | Shelf[Codebook], ...]" = (PROTOCOLS, CODEBOOKS)


def codes(home: Home) -> tuple[Field, ...]:
    """Every code that a note may use: the built-in ones, then those of the codebooks that were filed."""
    from archive.records.codes import TURN_CODES

    return (*TURN_CODES, *(field for book in CODEBOOKS.filed(home).values() for field in book.fields))


def refuse_unknown(home: Home, ref: str) -> None:
    """Raises `Refused` unless `ref`, from the command line, is a protocol that was filed, or a silence."""
    from archive.records.deposit_record import SILENT
    from archive.records.known import unknown

    filed = PROTOCOLS.filed(home)
    if wrong := None if ref in SILENT else unknown(ref, filed, "protocol"):
        raise Refused([Problem("--protocol", *wrong)])
