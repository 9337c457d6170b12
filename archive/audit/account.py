"""The account that an audit draws up: what should lie where, held against what does."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import NamedTuple

from archive.audit.finding import RESTORE, Finding, Kind
from archive.audit.lying import Lying
from archive.deposits.apart import may_lie_apart
from archive.home.store import STORE, Elsewhere, Held, Kept, stored_at

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
    elsewhere: Elsewhere
    """What the store has on other machines."""
    expected: dict[str, Expected] = field(default_factory=dict)
    stored: set[str] = field(default_factory=set)
    """SHA-256 of everything that the store must have."""
    findings: list[Finding] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)
    mends: dict[str, Held] = field(default_factory=dict)
    """What a damaged file has to hold, by its path: the bytes, a good copy, or which one the store has elsewhere."""
    seen: set[str] = field(default_factory=set)
    """Paths that were judged some other way than by their hash."""

    def find(self, kind: Kind, place: str, found: str, remedy: str = "", copy: str = "") -> None:
        self.findings.append(Finding(place, found, remedy, kind, copy))

    @cached_property
    def _by_digest(self) -> Mapping[str, list[str]]:
        found: dict[str, list[str]] = {}
        for path, digest in self.lying.digests.items():
            found.setdefault(digest, []).append(path)
        return found

    @cached_property
    def _by_folder(self) -> Mapping[str, list[str]]:
        found: dict[str, list[str]] = {}
        for path in self.lying.digests:
            parts = path.split("/")[:-1]
            for folder in {"/".join(parts[:2]), "/".join(parts[:3])}:
                found.setdefault(folder, []).append(path)
        return found

    def within(self, folder: str) -> list[str]:
        """Every path below a folder that can be filed, such as ``essays/2026-11-20-on-commas``."""
        return self._by_folder.get(folder, [])

    def where(self, digest: str) -> list[str]:
        """Every path whose bytes have this SHA-256."""
        return self._by_digest.get(digest, [])

    def copy_of(self, digest: str) -> str:
        """Where good bytes lie, in the store of this home if they do; empty where they lie nowhere."""
        stored = stored_at(digest)
        if self.lying.digests.get(stored) == digest:
            return stored
        return next(iter(self.where(digest)), self.elsewhere.store.named(digest) if self._is_elsewhere(digest) else "")

    def _is_elsewhere(self, digest: str) -> bool:
        return self.elsewhere.found.get(digest) == digest

    def read(self, digest: str) -> bytes | None:
        """The bytes with this SHA-256, wherever they lie; None where they lie nowhere."""
        copy = self.copy_of(digest)
        if not copy:
            return None
        if copy == self.elsewhere.store.named(digest) != stored_at(digest):
            return self.elsewhere.store.get(digest)
        return kept if (kept := self.lying.kept.get(copy)) is not None else (self.root / copy).read_bytes()

    def expect(self, path: str, digest: str, was: str, edit: str = "", again: str = "") -> None:
        self.expected[path] = Expected(digest, was, edit, again)

    def compare(self) -> None:
        """Every expected file with the one that lies there; every copy in the store with its name."""
        digests = self.lying.digests
        later = [each for each in self.stored - self.elsewhere.found.keys() if digests.get(stored_at(each)) != each]
        added = dict(self.elsewhere.store.verified(later))  # filed while the others were being verified, unless missing
        self.elsewhere = replace(self.elsewhere, found={**self.elsewhere.found, **added})
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
        for digest, actual in self.elsewhere.found.items():
            if actual:
                there.add(digest)
            if actual not in ("", digest):
                self._damaged(stored_at(digest), digest, f"is not what its name says: found SHA-256 {actual}")
        for digest in sorted(self.stored - there):
            if (path := stored_at(digest)) not in self.lying.strange:
                self._damaged(path, digest, "is missing: the store has no copy of what was filed")

    def _differs(self, path: str, expected: Expected) -> None:
        digest, actual = expected.digest, self.lying.digests.get(path)
        if actual is None and self._is_elsewhere(digest) and self._may_lie_apart(path, digest):
            return
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

    def _may_lie_apart(self, path: str, digest: str) -> bool:
        return may_lie_apart(self.elsewhere.store, path.rpartition("/")[2], digest)

    def _damaged(self, path: str, digest: str, what: str, again: str = "") -> None:
        copy = self.copy_of(digest)
        if copy:
            self.mends[path] = self.root / copy if copy in self.lying.digests else Kept(digest, 0)
            remedy = f"the copy is {copy}: {RESTORE} brings it back"
        else:
            remedy = f"{again} makes it again" if again else "no good copy is in this home: bring it back from a backup"
        place = self.elsewhere.store.named(digest) if path == stored_at(digest) not in self.lying.digests else path
        self.find("damaged", place, what, remedy, copy)
