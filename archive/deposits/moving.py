"""Moving what a home has to where ``[store] url`` says, and back: `archive store`.

Portion by portion, each under the lock: a run that is killed goes on where it stopped. Nothing goes here before it has
been verified there; there nothing ever goes.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from archive.cores import portions
from archive.deposits import deposit
from archive.deposits.apart import may_lie_apart
from archive.deposits.lists import list_digests
from archive.deposits.names import RECEIVED
from archive.errors import Error, Problem
from archive.home.change import Change
from archive.home.home import Home
from archive.home.object_store import ObjectStore
from archive.home.store import Progress, Store, digest_of, stored_at
from archive.register import durable

_PORTION = 64
"""So many copies are moved under one lock."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Moved:
    """What a run did."""

    address: str
    copies: int
    """How many copies of the store."""
    received: tuple[str, ...]
    """Large received files that lie in the store alone now, or in their folders again: paths in the home."""
    problems: tuple[Problem, ...]
    """What stays where it is, since its bytes are not what they should be."""


def there(home: Home, progress: Progress) -> Moved:
    """Everything that the store has here, and received files that are large, to where it is to be. Raises `Error`."""
    store = _elsewhere(home)
    copies = sorted(p.parent.name + p.name for p in store.before.folder.glob("??/*") if not p.name.startswith("."))
    done: set[str] = set()
    for portion in portions(copies, _PORTION):
        with home.writing():
            done |= {*store.settle(portion)}
        progress(len(done), len(copies))
    what = "is not what its name says, or not there: it stays"
    damaged = [Problem(stored_at(digest), what, "`archive check` says more") for digest in copies if digest not in done]
    received = {path: digest for path, digest in _large(home, store) if (home.root / path).is_file()}
    gone: list[str] = []
    for portion in portions([*received], _PORTION):
        with home.writing() as writer:
            good = {digest for digest, actual in store.verified(received[path] for path in portion) if digest == actual}
            same = [p for p in portion if received[p] in good and digest_of(home.root / p) == received[p]]
            writer.commit(Change(remove=same))
            gone += same
    return Moved(address=store.bucket.name, copies=len(done), received=tuple(gone), problems=tuple(damaged))


def back(home: Home, progress: Progress) -> Moved:
    """Everything that the store has elsewhere to this machine, as if it had always been here. Raises `Error`."""
    store = _elsewhere(home)
    copies = sorted(digest for digest in store.bucket.sizes()[0] if not store.before.has(digest))
    done: set[str] = set()
    for portion in portions(copies, _PORTION):
        with home.writing(), home.scratch() as scratch, durable.Barrier(home.hidden) as barrier:
            brought = store.bring(portion, scratch)
            places = [store.before.path(digest).parent for digest in brought]
            barrier.wait([*places, store.before.folder])
            done |= {*brought}
        progress(len(done), len(copies))
    damaged = [Problem(store.named(digest), "is not what its name says: it stays", "`archive check` says more")
               for digest in copies if digest not in done]  # fmt: skip
    received = {path: digest for path, digest in _large(home, store) if not (home.root / path).exists()}
    received = {path: digest for path, digest in received.items() if store.before.find(digest)}
    for portion in portions([*received], _PORTION):
        with home.writing() as writer:
            files = {path: store.before.path(received[path]) for path in portion}
            writer.commit(Change(files=files, digests={path: received[path] for path in portion}))
    return Moved(address=store.bucket.name, copies=len(done), received=tuple(received), problems=tuple(damaged))


def _elsewhere(home: Home) -> ObjectStore:
    if isinstance(home.store, ObjectStore):
        return home.store
    what = "expected [store] url, which says where to, found none"
    raise Error(f'{home.root / "archive.toml"}: {what}; write it, as in url = "s3://bucket/letters"')


def _large(home: Home, store: Store) -> Iterator[tuple[str, str]]:
    """What was received and may lie in the store alone, by path in the home, with its SHA-256."""
    for folder in deposit.folders(home):
        for name, digest in list_digests(folder)[0].items():
            if RECEIVED.fullmatch(name) and may_lie_apart(store, name, digest):
                yield home.relative(folder / name), digest
