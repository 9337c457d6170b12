"""The account that an audit draws up: what should lie where, held against what does."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import NamedTuple

from archive.audit.finding import RESTORE, Finding, Kind
from archive.audit.lying import Lying
from archive.home.store import name_of

STORE = ".archive/store/"
_STORED = re.compile(r"\.archive/store/[0-9a-f]{2}/[0-9a-f]{62}")


class Expected(NamedTuple):
    """What a file should be."""

    digest: str
    """SHA-256 in hex."""
    was: str
    """What made it so: ``filed``, ``logged``, ``published``."""
    edit: str = ""
    """How a change of it is filed, a sentence's end; empty where it may never change."""
    again: str = ""
    """Which command makes it again where no copy of it is left."""


@dataclass
class Account:
    """Lives as long as an audit."""

    root: Path
    lying: Lying
    expected: dict[str, Expected] = field(default_factory=dict)
    stored: set[str] = field(default_factory=set)
    """SHA-256 of everything that the store must have."""
    findings: list[Finding] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)
    mends: dict[str, bytes | Path] = field(default_factory=dict)
    """What a damaged file has to hold, by its path: the bytes, or a good copy."""
    seen: set[str] = field(default_factory=set)
    """Paths that were judged some other way than by their hash."""

    def find(self, kind: Kind, place: str, found: str, remedy: str = "", copy: str = "") -> None:
        self.findings.append(Finding(place, found, remedy, kind, copy))

    def stored_at(self, digest: str) -> str:
        """Where the store keeps a copy, by path in the home."""
        return f"{STORE}{name_of(digest)}"

    @cached_property
    def _by_digest(self) -> Mapping[str, list[str]]:
        found: dict[str, list[str]] = {}
        for path, digest in self.lying.digests.items():
            found.setdefault(digest, []).append(path)
        return found

    def where(self, digest: str) -> list[str]:
        """Every path whose bytes have this SHA-256."""
        return self._by_digest.get(digest, [])

    def copy_of(self, digest: str) -> str:
        """Where good bytes lie, in the store if they do; empty where they lie nowhere."""
        stored = self.stored_at(digest)
        return stored if self.lying.digests.get(stored) == digest else next(iter(self.where(digest)), "")

    def read(self, digest: str) -> bytes | None:
        """The bytes with this SHA-256, wherever they lie; None where they lie nowhere."""
        copy = self.copy_of(digest)
        if not copy:
            return None
        return kept if (kept := self.lying.kept.get(copy)) is not None else (self.root / copy).read_bytes()

    def expect(self, path: str, digest: str, was: str, edit: str = "", again: str = "") -> None:
        self.expected[path] = Expected(digest, was, edit, again)

    def compare(self) -> None:
        """Every expected file with the one that lies there; every copy in the store with its name."""
        digests = self.lying.digests
        for path, expected in self.expected.items():
            if digests.get(path) != expected.digest:
                self._differs(path, expected)
        there = set()
        for path in [path for path in digests if path.startswith(STORE)]:
            digest = path[len(STORE) :].replace("/", "", 1)
            there.add(digest)
            if digests[path] == digest:
                self.seen.add(path)
            elif _STORED.fullmatch(path):
                self.seen.add(path)
                self._damaged(path, digest, f"is not what its name says: found SHA-256 {digests[path]}")
        for digest in sorted(self.stored - there):
            if (path := self.stored_at(digest)) not in self.lying.strange:
                self._damaged(path, digest, "is missing: the store has no copy of what was filed")

    def _differs(self, path: str, expected: Expected) -> None:
        digest, actual = expected.digest, self.lying.digests.get(path)
        if why := self.lying.strange.get(path):
            what = why if why.startswith("cannot") else f"was {expected.was} and is missing: what lies there {why}"
        elif actual is None:
            what = f"was {expected.was} and is missing"
        else:
            what = f"is not what was {expected.was}: expected SHA-256 {digest}, found {actual}"
        if not expected.edit:
            self._damaged(path, digest, what, expected.again)
            return
        copy = self.copy_of(digest)
        remedy = f"if that is meant: {expected.edit}" + (f"; the copy is {copy}" if copy else "")
        if actual is None:
            remedy = (f"the copy is {copy}; " if copy else "") + f"if that is meant: {expected.edit}"
        self.find("edited", path, what, remedy, copy)

    def _damaged(self, path: str, digest: str, what: str, again: str = "") -> None:
        copy = self.copy_of(digest)
        if copy:
            self.mends[path] = self.root / copy
            remedy = f"the copy is {copy}: {RESTORE} brings it back"
        else:
            remedy = f"{again} makes it again" if again else "no good copy is in this home: bring it back from a backup"
        self.find("damaged", path, what, remedy, copy)
