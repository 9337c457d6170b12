"""One home's register on disk: asking it, and appending to it, without reading what is older than what is needed.

In its folder::

    checkpoint           the newest, signed
    checkpoints/12       every one ever signed, by tree size
    cosigned/12          those that witnesses cosigned, with their lines
    tile/…               C2SP tlog-tiles
    key.pub              the verifier key, and below it those before it, a line each
    index.db             which statement is about what: a cache, see `index`
    lock

``site/register/checkpoint``, with the lines of witnesses, ``tile/`` and ``cosigned/`` are copies for the public.
"""

import base64
import contextlib
import fcntl
import os
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TextIO

from archive.errors import Error, NotFound, VerificationError

from . import cosigned, durable, merkle, tile
from .index import Database, Index
from .note import Checkpoint, Signer, VerifierKey, open_checkpoint, read
from .proof import Proof
from .statement import Kind, Statement, encode_time
from .tree import Tree

_BACK = "`archive check --restore` brings back what has a copy in the home"


@dataclass(frozen=True)
class Register:
    """The register as it stood when it was read. What is asked of it is read then, and compared with the checkpoint."""

    folder: Path
    key: VerifierKey
    note: str
    """The signed checkpoint; empty while nothing was logged."""
    older: tuple[VerifierKey, ...] = ()
    """Keys that signed before `key` did, or sign beside it, newest first."""

    @classmethod
    def read(cls, folder: Path) -> "Register":
        """Opened at its newest statements: nothing older is read.

        Raises `NotFound` without a register, `VerificationError` if a file that was read is not what was signed.
        """
        try:
            lines = read(folder / "key.pub").removesuffix("\n").split("\n")
            key, *older = map(VerifierKey.parse, lines)
            note, _ = _checkpoint(folder / "checkpoint", [key, *older])
        except FileNotFoundError:
            refuse_loss(folder)
            note = ""
        register = cls(folder, key, note, tuple(older))
        register.tree  # noqa: B018 - compares the newest statements with the checkpoint
        return register

    @classmethod
    def published(cls, folder: Path, key: VerifierKey, note: str) -> "Register":
        """A public copy, ``site/register/``, under a checkpoint of it. Nothing is written there.

        Raises `VerificationError` if a file that is read is not what `key` signed.
        """
        register = cls(folder, key, note)
        vars(register)["indexed"] = Database(None, register.tree, lambda: register.size)
        return register

    @property
    def keys(self) -> tuple[VerifierKey, ...]:
        """All that ever signed it, newest first."""
        return (self.key, *self.older)

    @cached_property
    def checkpoint(self) -> Checkpoint:
        return open_checkpoint(self.note, *self.keys) if self.note else Checkpoint(self.key.name, 0, merkle.root(()))

    @cached_property
    def tree(self) -> Tree:
        """Its hashes and leaves."""
        return Tree(self.folder, self.checkpoint)

    @cached_property
    def index(self) -> Index:
        """Where the statements about something stand; it knows those of this register and no later ones."""
        return Index(self.indexed, self.size)

    @cached_property
    def indexed(self) -> Database:
        """The file behind `index`."""
        return Database(self.folder / "index.db", self.tree, lambda: (head(self.folder) or (0, ""))[0])

    @property
    def size(self) -> int:
        return self.checkpoint.size

    @property
    def leaves(self) -> tuple[bytes, ...]:
        """All of them, each read and hashed; ask for the ones needed where that will do."""
        return self.tree.leaves

    @cached_property
    def statements(self) -> tuple[Statement, ...]:
        """All of them."""
        return tuple(map(Statement.decode, self.leaves))

    def statement(self, index: int) -> Statement:
        if "statements" in vars(self):  # whoever read all of them asks for many again
            return self.statements[index]
        return Statement.decode(self.tree.leaf(index))

    def since(self, size: int) -> tuple[Statement, ...]:
        """Those from index `size` on."""
        return tuple(map(Statement.decode, self.tree.since(size)))

    def of_kind(self, kind: Kind, notice: str | None = None) -> list[tuple[int, Statement]]:
        """The statements of a kind, or the notices of one, each with its index, in the order of the register."""
        return [(index, self.statement(index)) for index in self.index.of_kind(kind, notice)]

    def note_at(self, size: int) -> str:
        """The first checkpoint that was signed for a tree of at least `size` leaves. Raises `VerificationError`."""
        kept = self.folder / "checkpoints"
        for each in range(size, self.size + 1):  # a command logs few statements under one checkpoint
            with contextlib.suppress(FileNotFoundError):
                return _checkpoint(kept / str(each), self.keys)[0]
        raise VerificationError(f"{kept}: expected one of {size} statements or more, found none")

    def proof(self, index: int, note: str) -> Proof:
        """Proof of leaf `index` under one of this register's checkpoints. Raises `VerificationError` if it is not."""
        checkpoint = open_checkpoint(note, *self.keys)
        if not index < checkpoint.size <= self.size or self.tree.root(checkpoint.size) != checkpoint.root:
            raise VerificationError(f"the checkpoint for {checkpoint.size} statements is not one that covers this one")
        path = merkle.inclusion(index, checkpoint.size, self.tree.subtree)
        return Proof(self.tree.leaf(index), index, tuple(path), note)

    def first_proof(self, index: int) -> Proof:
        """Proof of leaf `index` under the first checkpoint that contains it."""
        return self.proof(index, self.note_at(index + 1))


def shown(register: Register) -> str:
    """The newest checkpoint as it is published: with the lines of the witnesses that have cosigned it."""
    return cosigned.of(register.folder, register.size, register.note)


def refuse_loss(folder: Path) -> None:
    """What has lost its key or its newest checkpoint is no empty register. Raises `NotFound`, `VerificationError`.

    Tiles alone are what a first command leaves that was killed before it signed.
    """
    if not (folder / "key.pub").exists():
        raise NotFound(f"{folder}: expected a register, found none; {_BACK}")
    kept = [path.name for path in (folder / "checkpoints").glob("*") if path.name.isdecimal()]
    if kept:
        newest = max(kept, key=int)
        raise VerificationError(f"{folder}/checkpoint is missing, though {newest} statements were signed; {_BACK}")


def _checkpoint(path: Path, keys: Sequence[VerifierKey]) -> tuple[str, Checkpoint]:
    """The note in a file, and what it says. Raises `VerificationError`, naming the file, or `FileNotFoundError`."""
    try:
        note = read(path)
        return note, open_checkpoint(note, *keys)
    except VerificationError as error:
        raise VerificationError(f"{path}: {error}") from None


def head(folder: Path) -> tuple[int, str] | None:
    """Tree size and root hash (base64) of the newest checkpoint, for comparing only: its signature is not checked.

    None while nothing was logged. Raises `VerificationError` where it is no checkpoint at all, or was lost.
    """
    try:
        _, size, root, *_ = read(folder / "checkpoint").split("\n")
        return int(size), root
    except FileNotFoundError:
        refuse_loss(folder)
        return None
    except ValueError:
        raise VerificationError(f"{folder / 'checkpoint'}: expected a checkpoint, found other bytes") from None


def covers(register: Register, size: int, root: str) -> bool:
    """Whether the register's first `size` statements have this root hash (base64): the same history, perhaps longer."""
    return size <= register.size and root_at(register, size) == root


def root_at(register: Register, size: int) -> str:
    """The root hash (base64) of the register's first `size` statements."""
    return base64.b64encode(register.tree.root(size)).decode()


def create(folder: Path, signer: Signer) -> None:
    """An empty register that `signer` will sign."""
    durable.write(folder / "key.pub", f"{signer.key}\n".encode())


@contextlib.contextmanager
def lock(
    folder: Path,
    seconds: float = 0,
    waiting: Callable[[], object] = lambda: None,
    *,
    other: str = "another command is writing to this archive",
) -> Iterator[None]:
    """One writer at a time: another one is waited for, `seconds` at most, and `waiting` is called after the first.

    Raises `Error` when it is not done by then; `other` says what is.
    """
    durable.folder(folder)
    with open(os.open(folder / "lock", os.O_RDWR | os.O_CREAT, durable.PRIVATE), "w") as handle:
        begun = time.monotonic()
        said = False
        while not _taken(handle):
            waited = time.monotonic() - begun
            if waited >= seconds:
                still = f", still after {seconds:g} s (--wait)" if seconds else ""
                raise Error(f"{other}{still}; run this one again when it is done")
            if waited >= 1 and not said:
                waiting()
                said = True
            time.sleep(0.02)
        yield


def busy(folder: Path) -> bool:
    """Whether a command that is running now holds the lock; what lies there half done is then its own business."""
    with open(os.open(folder / "lock", os.O_RDWR | os.O_CREAT, durable.PRIVATE), "w") as handle:
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
    tree, size = register.tree, register.size + len(leaves)
    hashes = [merkle.leaf_hash(leaf) for leaf in leaves]
    root = merkle.grown(tree.size, merkle.peaks(tree.size, tree.subtree), hashes)
    note = signer.sign(str(Checkpoint(register.key.name, size, root)))
    last = tree.bundle(tree.size // tile.WIDTH) if tree.size % tile.WIDTH else ()
    new = tile.bundles(leaves, tree.size, last) | tile.hash_tiles(hashes, tree.size, tree.edge)
    durable.update(register.folder, new)
    durable.write(register.folder / "checkpoint", note.encode())
    grown = Register(register.folder, register.key, note, register.older)
    settle(grown, public)
    return grown


def settle(register: Register, public: Path) -> None:
    """Finish what an append may have left open: stray files, partial tiles that became full, the public copy.

    Files are looked for by their names, and the newest compared. Raises `Error` where the public copy is ahead of the
    register, which must not be lost or written over.
    """
    refuse_fork(register, public)
    folder = register.folder
    here, there = _tiles(folder), _tiles(public)
    strays = {name for name in here | there if not tile.belongs(name, register.size)}
    for root, found in ((folder, here), (public, there)):
        for name in found & strays:
            durable.remove(root / name, root)
        (root / ".checkpoint.new").unlink(missing_ok=True)
    here, there = here - strays, there - strays
    if not register.size:
        return
    newest = {name for name in tile.names(register.size) if ".p/" in name}
    every = here | set(tile.names(register.size))
    own = newest | (every - here)
    others = newest | (every - there)
    tiles = {name: register.tree.file(name) for name in own | others}
    durable.update(folder, {name: tiles[name] for name in sorted(own)})
    durable.update(folder / "checkpoints", {str(register.size): register.note.encode()})
    durable.update(public, {name: tiles[name] for name in sorted(others)}, mode=durable.PUBLIC)
    cosigned.show(folder, public)
    durable.update(public, {"checkpoint": shown(register).encode()}, mode=durable.PUBLIC)


def _tiles(root: Path) -> set[str]:
    """Every file under ``tile/``, by its path under `root`: one in 256 statements, and the partial ones."""
    start = len(os.path.join(root, ""))
    return {os.path.join(folder, name)[start:] for folder, _, names in os.walk(root / "tile") for name in names}


def refuse_fork(register: Register, public: Path) -> None:
    """A log must not sign two histories: what is public must be a prefix of what is here. Raises `Error`."""
    try:
        _, published = _checkpoint(public / "checkpoint", register.keys)
    except FileNotFoundError:
        return
    except VerificationError as error:
        raise Error(f"{error}; nothing was signed: put back the checkpoint that was published last") from None
    if published.size > register.size or register.tree.root(published.size) != published.root:
        raise Error(
            f"the published register ({public / 'checkpoint'}) has {published.size} statements that are not "
            f"a beginning of the {register.size} here; was a backup restored? Nothing was signed: "
            "bring back the newer .archive/register"
        )


def _refuse_backward_clock(register: Register, new: Sequence[Statement]) -> None:
    newest = register.index.newest()
    for statement in new:
        said = encode_time(statement.time)
        if statement.kind != "review" and said < newest:
            raise Error(
                f"the clock says {said}, but the newest statement in the register was made at "
                f"{newest}; set the clock right and run the command again"
            )
        newest = max(newest, said)
