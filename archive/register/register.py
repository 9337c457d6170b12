"""One home's register on disk: reading it whole, and appending to it.

In its folder::

    checkpoint           the newest, signed
    checkpoints/12       every one ever signed, by tree size
    tile/…               C2SP tlog-tiles
    key.pub              the verifier key
    lock

``site/register/checkpoint`` and ``site/register/tile/`` are copies for the public.
"""

import base64
import contextlib
import datetime as dt
import fcntl
import os
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TextIO

from archive.errors import Error, NotFound, VerificationError

from . import durable, merkle, tile
from .note import Checkpoint, Signer, VerifierKey, open_checkpoint, read
from .proof import Proof
from .statement import Statement, encode_time


@dataclass(frozen=True)
class Register:
    """The register as it stood when it was read: its leaves are exactly what the checkpoint commits to."""

    folder: Path
    key: VerifierKey
    leaves: tuple[bytes, ...]
    note: str
    """The signed checkpoint; empty while nothing was logged."""

    @classmethod
    def read(cls, folder: Path) -> "Register":
        """Raises `NotFound` without a register, `VerificationError` if a file of it was changed."""
        try:
            key = VerifierKey.parse(read(folder / "key.pub").removesuffix("\n"))
        except FileNotFoundError:
            raise NotFound(f"{folder}: expected a register, found none; `archive init` makes one") from None
        try:
            note, checkpoint = _checkpoint(folder / "checkpoint", key)
        except FileNotFoundError:
            return cls(folder, key, (), "")
        return cls(folder, key, read_leaves(folder, checkpoint), note)

    @property
    def size(self) -> int:
        return len(self.leaves)

    @cached_property
    def statements(self) -> tuple[Statement, ...]:
        return tuple(map(Statement.decode, self.leaves))

    def note_at(self, size: int) -> str:
        """The first checkpoint that was signed for a tree of at least `size` leaves. Raises `VerificationError`."""
        sizes = [int(path.name) for path in (self.folder / "checkpoints").glob("*") if path.name.isdecimal()]
        if not any(n >= size for n in sizes):
            raise VerificationError(f"{self.folder}/checkpoints: expected one of {size} statements or more, found none")
        return _checkpoint(self.folder / "checkpoints" / str(min(n for n in sizes if n >= size)), self.key)[0]

    def proof(self, index: int, note: str) -> Proof:
        """Proof of leaf `index` under one of this register's checkpoints. Raises `VerificationError` if it is not."""
        checkpoint = open_checkpoint(note, self.key)
        leaves = self.leaves[: checkpoint.size]
        if index >= len(leaves) or merkle.root([merkle.leaf_hash(leaf) for leaf in leaves]) != checkpoint.root:
            raise VerificationError(f"the checkpoint for {checkpoint.size} statements is not one that covers this one")
        return Proof.make(leaves, index, note)

    def first_proof(self, index: int) -> Proof:
        """Proof of leaf `index` under the first checkpoint that contains it."""
        return self.proof(index, self.note_at(index + 1))


def _checkpoint(path: Path, key: VerifierKey) -> tuple[str, Checkpoint]:
    """The note in a file, and what it says. Raises `VerificationError`, naming the file, or `FileNotFoundError`."""
    try:
        note = read(path)
        return note, open_checkpoint(note, key)
    except VerificationError as error:
        raise VerificationError(f"{path}: {error}") from None


def head(folder: Path) -> tuple[int, str] | None:
    """Tree size and root hash (base64) of the newest checkpoint, for comparing only: its signature is not checked.

    None while nothing was logged. Raises `VerificationError` where it is no checkpoint at all.
    """
    try:
        _, size, root, *_ = read(folder / "checkpoint").split("\n")
        return int(size), root
    except FileNotFoundError:
        return None
    except ValueError:
        raise VerificationError(f"{folder / 'checkpoint'}: expected a checkpoint, found other bytes") from None


def covers(register: Register, size: int, root: str) -> bool:
    """Whether the register's first `size` statements have this root hash (base64): the same history, perhaps longer."""
    hashes = [merkle.leaf_hash(leaf) for leaf in register.leaves[:size]]
    return size <= register.size and base64.b64encode(merkle.root(hashes)).decode() == root


def read_leaves(folder: Path, checkpoint: Checkpoint) -> tuple[bytes, ...]:
    """The leaves in a folder of tiles, compared with a checkpoint's root. Raises `VerificationError`."""
    found: list[bytes] = []
    for name in tile.bundle_paths(checkpoint.size):
        try:
            bundle = (folder / name).read_bytes()
        except FileNotFoundError:
            raise VerificationError(f"{folder.name}/{name} is missing, though the checkpoint covers it") from None
        try:
            found += tile.leaves(bundle)
        except VerificationError as error:
            raise VerificationError(f"{folder.name}/{name}: {error}") from None
    root = merkle.root([merkle.leaf_hash(leaf) for leaf in found])
    if len(found) != checkpoint.size or root != checkpoint.root:
        raise VerificationError(
            f"{folder.name}/tile/entries holds {len(found)} statements with root {root.hex()}, "
            f"but the checkpoint says {checkpoint.size} with {checkpoint.root.hex()}: a file was changed by hand"
        )
    return tuple(found)


def create(folder: Path, signer: Signer) -> None:
    """An empty register that `signer` will sign."""
    durable.write(folder / "key.pub", f"{signer.key}\n".encode())


@contextlib.contextmanager
def lock(folder: Path, seconds: float = 0, waiting: Callable[[], object] = lambda: None) -> Iterator[None]:
    """One writer at a time: another one is waited for, `seconds` at most, and `waiting` is called after the first.

    Raises `Error` when it is not done by then.
    """
    durable.folder(folder)
    with open(os.open(folder / "lock", os.O_WRONLY | os.O_CREAT, durable.PRIVATE), "w") as handle:
        begun = time.monotonic()
        said = False
        while not _taken(handle):
            waited = time.monotonic() - begun
            if waited >= seconds:
                still = f", still after {seconds:g} s (--wait)" if seconds else ""
                raise Error(f"another command is writing to this archive{still}; run this one again when it is done")
            if waited >= 1 and not said:
                waiting()
                said = True
            time.sleep(0.02)
        yield


def busy(folder: Path) -> bool:
    """Whether a command that is running now holds the lock; what lies there half done is then its own business."""
    with open(os.open(folder / "lock", os.O_WRONLY | os.O_CREAT, durable.PRIVATE), "w") as handle:
        return not _taken(handle)


def _taken(handle: TextIO) -> bool:
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def append(register: Register, public: Path, signer: Signer, leaves: Sequence[bytes]) -> Register:
    """The register with `leaves` at its end, under one new checkpoint. The caller holds the lock.

    Leaves and tiles first, the checkpoint last: killed before that, nothing was appended. Raises `Error` when the clock
    stands behind the newest statement or when signing could split the register in two.
    """
    if not leaves:
        return register
    _refuse_backward_clock(register, [Statement.decode(leaf) for leaf in leaves])
    refuse_fork(register, public)
    grown = (*register.leaves, *leaves)
    hashes = [merkle.leaf_hash(leaf) for leaf in grown]
    note = signer.sign(str(Checkpoint(register.key.name, len(grown), merkle.root(hashes))))
    durable.update(register.folder, tile.bundles(grown, register.size) | tile.hash_tiles(hashes, register.size))
    durable.write(register.folder / "checkpoints" / str(len(grown)), note.encode())
    durable.write(register.folder / "checkpoint", note.encode())
    grown_register = Register(register.folder, register.key, grown, note)
    settle(grown_register, public)
    return grown_register


def settle(register: Register, public: Path) -> None:
    """Finish what an append may have left open: stray files, partial tiles that became full, the public copy.

    Raises `Error` where the public copy is ahead of the register, which must not be lost or written over.
    """
    refuse_fork(register, public)
    folder = register.folder
    for path in [*(folder / "checkpoints").glob("*")]:
        if not path.name.isdecimal() or int(path.name) > register.size:
            path.unlink()
    for root in (folder, public):
        for path in _files(root / "tile"):
            if not tile.belongs(path.relative_to(root).as_posix(), register.size):
                durable.remove(path, root)
    if not register.size:
        return
    hashes = [merkle.leaf_hash(leaf) for leaf in register.leaves]
    newest = tile.hash_tiles(hashes) | tile.bundles(register.leaves)
    there = {path.relative_to(folder).as_posix() for path in _files(folder / "tile")}
    tiles = newest | {name: tile.narrower(name, newest) for name in there - newest.keys()}
    durable.update(folder, tiles)
    durable.update(folder / "checkpoints", {str(register.size): register.note.encode()})
    durable.update(public, tiles, mode=durable.PUBLIC)
    durable.update(public, {"checkpoint": register.note.encode()}, mode=durable.PUBLIC)


def _files(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.is_file())


def refuse_fork(register: Register, public: Path) -> None:
    """A log must not sign two histories: what is public must be a prefix of what is here. Raises `Error`."""
    try:
        _, published = _checkpoint(public / "checkpoint", register.key)
    except FileNotFoundError:
        return
    except VerificationError as error:
        raise Error(f"{error}; nothing was signed: put back the checkpoint that was published last") from None
    hashes = [merkle.leaf_hash(leaf) for leaf in register.leaves[: published.size]]
    if published.size > register.size or merkle.root(hashes) != published.root:
        raise Error(
            f"the published register ({public / 'checkpoint'}) has {published.size} statements that are not "
            f"a beginning of the {register.size} here; was a backup restored? Nothing was signed: "
            "bring back the newer .archive/register"
        )


def _refuse_backward_clock(register: Register, new: Sequence[Statement]) -> None:
    newest = max((statement.time for statement in register.statements), default=dt.datetime.min.replace(tzinfo=dt.UTC))
    for statement in new:
        if statement.kind != "review" and statement.time < newest:
            raise Error(
                f"the clock says {encode_time(statement.time)}, but the newest statement in the register was made at "
                f"{encode_time(newest)}; set the clock right and run the command again"
            )
        newest = max(newest, statement.time)
