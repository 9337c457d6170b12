"""The tree of a checkpoint, read out of its tiles and bundles as far as it is asked for, each compared with its root.

Nothing here reads all leaves, unless a hash tile is missing or damaged: then all are made again from the leaves.
"""

import contextlib
from collections.abc import Sequence
from functools import cached_property
from pathlib import Path

from archive.errors import Malformed, VerificationError

from . import merkle, tile
from .note import Checkpoint

_HASH = 32


class Tree:
    """The leaves and hashes that a checkpoint commits to, in a folder of tiles. Lives as long as its register."""

    def __init__(self, folder: Path, checkpoint: Checkpoint) -> None:
        """Raises `VerificationError` where the newest leaves or the right edge are not what the checkpoint says."""
        self.folder, self.size, self._checkpoint = folder, checkpoint.size, checkpoint
        self._tiles: dict[tuple[int, int], bytes] = {}
        self._bundles: dict[int, tuple[bytes, ...]] = {}
        if not self._edge_fits():
            self._make_again()
        if self.size:
            self.bundle((self.size - 1) // tile.WIDTH)

    @cached_property
    def leaves(self) -> tuple[bytes, ...]:
        """All of them. Raises `VerificationError` where one is not what the checkpoint says."""
        return read_leaves(self.folder, self._checkpoint)

    def leaf(self, index: int) -> bytes:
        """Raises `VerificationError` where its bundle is not what the checkpoint says."""
        return self.bundle(index // tile.WIDTH)[index % tile.WIDTH]

    def since(self, start: int) -> tuple[bytes, ...]:
        """The leaves from index `start` on. Raises `VerificationError`."""
        first = start // tile.WIDTH
        bundles = map(self.bundle, range(first, -(-self.size // tile.WIDTH)))
        return tuple(leaf for bundle in bundles for leaf in bundle)[start - first * tile.WIDTH :]

    def bundle(self, number: int) -> tuple[bytes, ...]:
        """The leaves of one entry bundle. Raises `VerificationError` where they are not what the checkpoint says."""
        if number not in self._bundles:
            found = self._leaves(number)
            if found is None or _hashed(found) != self._hashes(0, number):
                return self.leaves[number * tile.WIDTH : (number + 1) * tile.WIDTH]  # says what is wrong
            self._bundles[number] = found
        return self._bundles[number]

    def root(self, size: int) -> bytes:
        """Root hash of the tree of the first `size` leaves."""
        return self.subtree(0, size) if size else merkle.root(())

    def subtree(self, start: int, end: int) -> bytes:
        """Root hash of the tree over the leaves from index `start` up to, and without, `end`; for `merkle`."""
        size = end - start
        if size & (size - 1) or start % size:
            middle = start + merkle.split(size)
            return merkle.node_hash(self.subtree(start, middle), self.subtree(middle, end))
        level = 0
        while size >= tile.WIDTH:
            level, start, size = level + 1, start // tile.WIDTH, size // tile.WIDTH
        at = start % tile.WIDTH
        return merkle.root(_split(self._hashes(level, start // tile.WIDTH))[at : at + size])

    def edge(self, level: int) -> list[bytes]:
        """The hashes in the last tile of a level; none where that is full."""
        held = self.size // tile.span(level)
        return _split(self._hashes(level, held // tile.WIDTH)) if held % tile.WIDTH else []

    def file(self, name: str) -> bytes:
        """What the tile or bundle at a path holds: ``tile/0/000.p/12``. Raises `VerificationError`."""
        level, index, width = tile.place(name)
        if isinstance(level, str):
            return tile.bundle(self.bundle(index)[:width])
        return self._hashes(level, index)[: width * _HASH]

    def _edge_fits(self) -> bool:
        level = 0
        while (held := self.size // tile.span(level)) > 0:
            if width := held % tile.WIDTH:
                # The newest leaves themselves, which every writer needs and every reader asks for first.
                newest = self._leaves(held // tile.WIDTH) if level == 0 else None
                name = tile.path(level, held // tile.WIDTH, width)
                hashes = _hashed(newest) if newest is not None else read_tile(self.folder, name)
                if hashes is None or len(hashes) != width * _HASH:
                    return False
                self._tiles[level, held // tile.WIDTH] = hashes
            level += 1
        return self._top() == self._checkpoint.root

    def _top(self) -> bytes:
        """Root hash as the right edge has it."""
        level, tops = 0, list[bytes]()
        while self.size // tile.span(level):
            row = self._last(level)
            tops = merkle.peaks(len(row), merkle.among(row)) + tops
            level += 1
        return merkle.folded(tops)

    def _last(self, level: int) -> list[bytes]:
        held = self.size // tile.span(level)
        return _split(self._tiles[level, held // tile.WIDTH]) if held % tile.WIDTH else []

    def _hashes(self, level: int, index: int) -> bytes:
        """A tile, compared with the hash above it; those of the right edge were compared when the tree was opened."""
        if (level, index) not in self._tiles:
            hashes = read_tile(self.folder, tile.path(level, index)) or b""
            if len(hashes) == tile.WIDTH * _HASH and merkle.root(_split(hashes)) == self._above(level, index):
                self._tiles[level, index] = hashes
            else:
                self._make_again()
        return self._tiles[level, index]

    def _above(self, level: int, index: int) -> bytes:
        at = index % tile.WIDTH * _HASH
        return self._hashes(level + 1, index // tile.WIDTH)[at : at + _HASH]

    def _make_again(self) -> None:
        """Every tile anew from the leaves. Raises `VerificationError` where these are not what the checkpoint says."""
        for name, data in tile.hash_tiles([merkle.leaf_hash(leaf) for leaf in self.leaves]).items():
            level, index, _ = tile.place(name)
            self._tiles[int(level), index] = data

    def _leaves(self, number: int) -> tuple[bytes, ...] | None:
        width = min(tile.WIDTH, self.size - number * tile.WIDTH)
        try:
            data = read_tile(self.folder, tile.path("entries", number, width))
            return None if data is None else tuple(tile.leaves(data))
        except Malformed:
            return None


def read_tile(folder: Path, name: str) -> bytes | None:
    """What the tile or bundle at a path holds, also when a full one took its place meanwhile; None if both are missing.

    Raises `Malformed`.
    """
    with contextlib.suppress(FileNotFoundError):
        return _bounded(folder / name)
    level, index, width = tile.place(name)
    with contextlib.suppress(FileNotFoundError):
        full = _bounded(folder / tile.path(level, index))
        return tile.bundle([*tile.leaves(full)][:width]) if level == "entries" else full[: width * _HASH]
    return None


def _bounded(path: Path) -> bytes:
    """What a file holds, as far as a tile could go: a stranger's may have no end, and too long fits nothing."""
    with path.open("rb") as file:
        return file.read(tile.LARGEST + 1)


def read_leaves(folder: Path, checkpoint: Checkpoint) -> tuple[bytes, ...]:
    """All leaves in a folder of tiles, compared with a checkpoint's root. Raises `VerificationError`."""
    found: list[bytes] = []
    for name in tile.bundle_paths(checkpoint.size):
        try:
            bundle = read_tile(folder, name)
            if bundle is None:
                raise VerificationError(f"{folder.name}/{name} is missing, though the checkpoint covers it")
            found += tile.leaves(bundle)
        except Malformed as error:
            raise VerificationError(f"{folder.name}/{name}: {error}") from None
    root = merkle.root([merkle.leaf_hash(leaf) for leaf in found])
    if len(found) != checkpoint.size or root != checkpoint.root:
        raise VerificationError(
            f"{folder.name}/tile/entries holds {len(found)} statements with root {root.hex()}, "
            f"but the checkpoint says {checkpoint.size} with {checkpoint.root.hex()}: a file was changed by hand"
        )
    return tuple(found)


def _hashed(leaves: Sequence[bytes]) -> bytes:
    return b"".join(map(merkle.leaf_hash, leaves))


def _split(hashes: bytes) -> list[bytes]:
    return [hashes[at : at + _HASH] for at in range(0, len(hashes), _HASH)]
