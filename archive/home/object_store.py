"""A store whose copies lie on other machines: `archive.home.bucket`, with a cache and an inventory of it here.

A copy is there for good before there is a plan to log anything (`send`), so a run that is killed leaves at most copies
that nothing names: harmless, and counted by `archive check`. What a home kept in ``.archive/store/`` before it had such
a store is read there until `archive store` has moved it.
"""

import shutil
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TypeVar

from archive.errors import NotFound, VerificationError
from archive.home.bucket import Bucket
from archive.home.cache import Cache
from archive.home.inventory import Inventory
from archive.home.modes import STORED
from archive.home.store import Elsewhere, FolderStore, Progress, digest_of, name_of
from archive.register import durable

T = TypeVar("T")
_AT_ONCE = 16
"""So many are asked for at once; what takes long is the way there."""
_NOTED = 64 << 20
"""After so many bytes a check notes how far it came; a copy counts as a quarter of a megabyte more than it has."""


class ObjectStore:
    """See `archive.home.store.Store`. Lives as long as a command."""

    def __init__(self, hidden: Path, url: str, larger_than: int, cache: int) -> None:
        """Of the home whose ``.archive`` is `hidden`; both limits in bytes. Asks nobody yet."""
        self.bucket = Bucket(url)
        self.cache = Cache(hidden / "cache", cache)
        self.before = FolderStore(hidden / "store")
        """What was kept here, and has not been moved yet."""
        self._larger_than = larger_than
        self.inventory = Inventory(hidden / "store.db", self.bucket.name, self._listed)
        self._strange: list[str] = []

    def _listed(self) -> Mapping[str, int]:
        sizes, self._strange = self.bucket.sizes()
        return sizes

    @property
    def folder(self) -> Path:
        return self.cache.folder

    def path(self, digest: str) -> Path:
        return self.cache.path(digest)

    def named(self, digest: str) -> str:
        return f"{self.bucket.name}/{name_of(digest)}"

    def size(self, digest: str) -> int | None:
        size = self.inventory.size(digest)
        return self.before.size(digest) if size is None else size

    def has(self, digest: str) -> bool:
        return self.size(digest) is not None

    def find(self, digest: str) -> Path | None:
        try:
            return self._found(digest)
        except (NotFound, VerificationError):
            return None

    def get(self, digest: str) -> bytes:
        return self._found(digest).read_bytes()

    def _found(self, digest: str) -> Path:
        """Raises `NotFound`, `VerificationError`."""
        if found := self.cache.find(digest) or self.before.find(digest):
            return found
        with self.cache.writing() as new:
            self._fetch(digest, new)
            return self.cache.put(new, digest)

    def _fetch(self, digest: str, to: Path) -> None:
        self.bucket.get(digest, to)
        actual = digest_of(to)
        if actual != digest:
            what = f"{self.named(digest)}: expected SHA-256 {digest}, found {actual}"
            raise VerificationError(f"{what}; `archive check` says what to do")

    def afar(self) -> list[str]:
        return [digest for digest in self.inventory.digests() if not self.before.has(digest)]

    def fetch(self, digest: str, to: Path) -> None:
        if found := self.cache.find(digest) or self.before.find(digest):
            shutil.copyfile(found, to)
        else:
            self._fetch(digest, to)

    def lacking(self, digests: Iterable[str]) -> list[str]:
        asked = [digest for digest in digests if not self.before.has(digest)]
        known = [digest for digest in asked if self.inventory.size(digest) is not None]
        there = {digest for digest, has in self._at_once(self.bucket.has, known) if has}
        return [digest for digest in asked if digest not in there]

    def send(self, staged: Mapping[str, Path]) -> None:
        for _ in self._at_once(lambda digest: self._send(digest, staged[digest]), staged):
            pass

    def _send(self, digest: str, file: Path) -> None:
        """What is there and has other bytes than its name says is no copy, and gives way."""
        try:
            self.bucket.put(digest, file)
        except FileExistsError:
            if self._actual(digest) != digest:
                self.bucket.put(digest, file, once=False)

    def settle(self, digests: Iterable[str]) -> list[str]:
        """Bring what was kept here before to the other machines; those that are good there then, and nowhere here.

        One that is damaged here stays. Raises `Error`.
        """
        files = {digest: self.before.path(digest) for digest in digests}
        good = {digest: file for digest, file in files.items() if digest_of(file) == digest}
        self.send(good)
        done = [digest for digest, actual in self.verified(good) if actual == digest]
        self.inventory.add({digest: good[digest].stat().st_size for digest in done})
        for digest in done:
            durable.remove(good[digest], self.before.folder)
        return done

    def bring(self, digests: Iterable[str], scratch: Path) -> list[str]:
        """The other way round: keep copies here again, and there; those that are good here then. Raises `Error`."""
        done = []
        for digest, actual in self._at_once(lambda digest: self._brought(digest, scratch / digest), digests):
            if actual == digest:
                self.before.take({digest: scratch / digest})
                done.append(digest)
        return done

    def _brought(self, digest: str, to: Path) -> str:
        self.bucket.get(digest, to)
        to.chmod(STORED)
        durable.sync(to)
        return digest_of(to)

    def take(self, staged: Mapping[str, Path]) -> None:
        sizes = {digest: file.stat().st_size for digest, file in staged.items() if file.exists()}
        self.inventory.add(sizes)
        for digest, size in sizes.items():
            durable.remove(self.before.path(digest), self.before.folder)  # where it was damaged, and this mends it
            if size <= self.cache.bound:
                self.cache.put(staged[digest], digest)

    def apart(self, size: int) -> bool:
        return size > self._larger_than

    def elsewhere(self, *, deep: bool = False, progress: Progress | None = None) -> Elsewhere:
        how = "deep" if deep else "told"
        sizes = self.inventory.list_again()
        good = self.inventory.verified(how) & sizes.keys()
        found = {digest: digest for digest in good}
        noted, weight = [], 0
        try:
            for digest, actual in self.verified(sorted(sizes.keys() - good), deep=deep):
                found[digest] = actual
                noted += [digest] * (actual == digest)
                weight += sizes[digest] + (1 << 18)
                if weight > _NOTED:
                    self.inventory.note(noted, how)
                    noted, weight = [], 0
                if progress:
                    progress(len(found), len(sizes))
        finally:
            self.inventory.note(noted, how)
        self.inventory.finished(how)
        return Elsewhere(self, self.bucket.name, found, before=len(good), strange=tuple(self._strange))

    def verified(self, digests: Iterable[str], *, deep: bool = False) -> Iterator[tuple[str, str]]:
        return self._at_once(lambda digest: self._actual(digest, deep=deep), digests)

    def _actual(self, digest: str, *, deep: bool = False) -> str:
        try:
            told = "" if deep else self.bucket.told(digest)
            if told:
                return told
            with self.cache.writing() as new:
                self.bucket.get(digest, new)
                return digest_of(new)
        except NotFound:
            return ""

    def _at_once(self, asked: Callable[[str], T], digests: Iterable[str]) -> Iterator[tuple[str, T]]:
        """What each comes to, in their order; the first that fails ends it."""
        waiting = list(digests)
        if not waiting:
            return
        self.bucket.open()
        threads = ThreadPoolExecutor(min(_AT_ONCE, len(waiting)))
        try:
            yield from zip(waiting, threads.map(asked, waiting), strict=True)
        finally:
            threads.shutdown(cancel_futures=True)
