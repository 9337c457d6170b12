"""A tree read out of its tiles: what it gives is what all leaves give, and it reads little of them."""

import random
from collections.abc import Iterator
from pathlib import Path

import pytest

from archive.errors import VerificationError
from archive.register import durable, merkle, tile
from archive.register.note import Checkpoint
from archive.register.tree import Tree

LEAVES = [b"%d" % n for n in range(90)]
HASHES = [merkle.leaf_hash(leaf) for leaf in LEAVES]
SIZES = (0, 1, 3, 4, 5, 15, 16, 17, 63, 64, 65, 67, 90)


@pytest.fixture(autouse=True)
def small_tiles(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tile, "WIDTH", 4)  # so that a few leaves fill tiles of four levels


def checkpoint(size: int) -> Checkpoint:
    return Checkpoint("letters.example.org/register", size, merkle.root(HASHES[:size]))


def written(folder: Path, size: int) -> dict[str, bytes]:
    tiles = tile.hash_tiles(HASHES[:size]) | tile.bundles(LEAVES[:size])
    durable.update(folder, tiles)
    return tiles


@pytest.fixture
def read(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """The paths that were read."""
    paths: list[str] = []
    real = Path.read_bytes

    def watched(path: Path) -> bytes:
        paths.append(path.as_posix())
        return real(path)

    with monkeypatch.context() as patch:
        patch.setattr(Path, "read_bytes", watched)
        yield paths


@pytest.mark.parametrize("size", SIZES)
def test_what_a_tree_gives_is_what_all_its_leaves_give(tmp_path: Path, size: int) -> None:
    tiles = written(tmp_path, size)
    tree = Tree(tmp_path, checkpoint(size))
    assert [tree.leaf(index) for index in range(size)] == LEAVES[:size] == list(tree.since(0)) == list(tree.leaves)
    assert {name: tree.file(name) for name in tiles} == tiles
    for small in range(size + 1):
        assert tree.root(small) == merkle.root(HASHES[:small])
        assert list(tree.since(small)) == LEAVES[small:size]
        among = merkle.among(HASHES)
        assert merkle.consistency(small, size, tree.subtree) == merkle.consistency(small, size, among)
        for index in range(0, small, 7):
            assert merkle.inclusion(index, small, tree.subtree) == merkle.inclusion(index, small, among)


@pytest.mark.parametrize("size", SIZES)
def test_a_tree_grows_by_its_right_edge_alone(tmp_path: Path, size: int, read: list[str]) -> None:
    written(tmp_path, size)
    read.clear()
    tree = Tree(tmp_path, checkpoint(size))
    last = tree.bundle(size // 4) if size % 4 else ()
    new = tile.hash_tiles(HASHES[size:], size, tree.edge) | tile.bundles(LEAVES[size:], size, last)
    root = merkle.grown(size, merkle.peaks(size, tree.subtree), HASHES[size:])
    assert len(read) <= 9, "two files a level, of which there are four, and a bundle"
    assert root == merkle.root(HASHES)
    durable.update(tmp_path, new)
    assert list(Tree(tmp_path, checkpoint(90)).leaves) == LEAVES


def test_an_older_reader_finds_the_full_tiles_that_took_the_place_of_its_own(tmp_path: Path) -> None:
    written(tmp_path, 64)
    tree = Tree(tmp_path, checkpoint(62))
    assert list(tree.leaves) == LEAVES[:62]
    assert tree.file("tile/0/015.p/1") == HASHES[60]


def test_a_damaged_hash_tile_is_made_again_from_the_leaves_and_a_damaged_bundle_is_named(tmp_path: Path) -> None:
    tiles = written(tmp_path, 90)
    chance = random.Random(90)
    for name in tiles:
        path, data = tmp_path / name, tiles[name]
        spoiled = bytearray(data)
        spoiled[chance.randrange(len(data))] ^= 1 << chance.randrange(8)
        for now in (bytes(spoiled), data[:-1], b"", None):
            path.write_bytes(now) if now is not None else path.unlink()
            if "entries" in name:
                with pytest.raises(VerificationError, match="tile/entries"):
                    [Tree(tmp_path, checkpoint(90)).leaf(index) for index in range(90)]
            else:
                tree = Tree(tmp_path, checkpoint(90))
                assert [tree.leaf(index) for index in range(90)] == LEAVES
                assert {each: tree.file(each) for each in tiles} == tiles
        path.write_bytes(data)


def test_a_size_that_no_folder_could_hold_is_refused_at_once(tmp_path: Path) -> None:
    written(tmp_path, 5)
    with pytest.raises(VerificationError, match="is missing, though the checkpoint covers it"):
        Tree(tmp_path, Checkpoint("letters.example.org/register", 10**15, b"x" * 32))
