"""Tiles and bundles: other people's, byte for byte, and ours at every size where something changes."""

import base64
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.errors import Malformed
from archive.register import merkle, tile
from archive.register.note import Checkpoint, Signer, open_checkpoint
from tests.test_note import TESSERA

LEAVES = [b"%d" % n for n in range(66_000)]
HASHES = [merkle.leaf_hash(leaf) for leaf in LEAVES]
SIZES = (0, 1, 2, 12, 255, 256, 257, 300, 511, 512, 513, 1000)


def tiles(size: int, start: int = 0) -> dict[str, bytes]:
    """What changes when the first `start` leaves grow to `size`, knowing of the first only their right edge."""
    before = tile.hash_tiles(HASHES[:start])

    def edge(level: int) -> list[bytes]:
        held = start // tile.span(level)
        hashes = before[tile.path(level, held // 256, held % 256)]
        return [hashes[at : at + 32] for at in range(0, len(hashes), 32)]

    new = tile.hash_tiles(HASHES[start:size], start, edge)
    return new | tile.bundles(LEAVES[start:size], start, LEAVES[start // 256 * 256 : start])


def test_tiles_bundles_and_roots_of_tessera_are_made_again_byte_for_byte(shared: Path) -> None:
    folder, key = shared / "vectors/tessera/log", Signer.parse(TESSERA).key
    leaves = list(tile.leaves((folder / "tile/entries/000.p/15").read_bytes()))
    hashes = [merkle.leaf_hash(leaf) for leaf in leaves]
    made: dict[str, bytes] = {}
    for size in range(16):
        made |= tile.hash_tiles(hashes[:size]) | tile.bundles(leaves[:size])
        checkpoint = open_checkpoint((folder / f"checkpoint.{size}").read_text(), key)
        assert checkpoint == Checkpoint(key.name, size, merkle.root(hashes[:size]))
    theirs = {p.relative_to(folder).as_posix(): p.read_bytes() for p in (folder / "tile").rglob("*") if p.is_file()}
    assert made == theirs


def test_the_300_leaf_mirror_of_sunlight_has_the_tiles_and_the_root_we_would_make(shared: Path) -> None:
    folder = next((shared / "vectors/sunlight/witness/mirror").glob("000de*"))
    theirs = {p.relative_to(folder).as_posix(): p.read_bytes() for p in (folder / "tile").rglob("*") if p.is_file()}
    level = theirs["tile/0/000"] + theirs["tile/0/001.p/44"]
    hashes = [level[at : at + 32] for at in range(0, len(level), 32)]
    assert tile.hash_tiles(hashes) == {name: data for name, data in theirs.items() if "entries" not in name}
    assert base64.b64encode(merkle.root(hashes)).decode() == (folder / "checkpoint").read_text().split("\n")[2]


@pytest.mark.parametrize(
    ("level", "index", "width", "expected"),
    [
        (0, 0, 256, "tile/0/000"),
        (0, 999, 256, "tile/0/999"),
        (1, 1000, 256, "tile/1/x001/000"),
        (0, 1234067, 8, "tile/0/x001/x234/067.p/8"),
        ("entries", 1000000, 1, "tile/entries/x001/x000/000.p/1"),
    ],
)
def test_paths_are_those_of_the_specification(level: int | str, index: int, width: int, expected: str) -> None:
    assert tile.path(level, index, width) == expected


@pytest.mark.parametrize("size", SIZES)
def test_what_changes_on_the_way_to_a_size_is_all_that_is_missing(size: int) -> None:
    for start in SIZES:
        if start <= size:
            changed = tiles(size, start)
            there = tiles(start) | changed
            assert {name: there[name] for name in tile.names(size)} == tiles(size), start


def test_a_tree_has_the_tiles_that_belong_to_it_and_no_full_tile_has_a_partial_one_beside_it() -> None:
    for size in (1, 12, 256, 300, 512, 66_000):
        made = tiles(size)
        assert all(tile.belongs(name, size) for name in made)
        assert not any(tile.belongs(f"{name}.p/{width}", size) for name in made for width in (1, 255))


@pytest.mark.parametrize(
    "name",
    [
        "tile/0/001.p/45",
        "tile/0/000.p/7",
        "tile/0/000.p/256",
        "tile/0/001.p/0",
        "tile/0/001.p/044",
        "tile/0/001.p/300",
        "tile/0/001",
        "tile/0/002.p/1",
        "tile/0/x000/000",
        "tile/0/x000/001.p/44",
        "tile/0/0",
        "tile/0/.000.new",
        "tile/1/000",
        "tile/1/000.p/2",
        "tile/2/000.p/1",
        "tile/00/000",
        "tile/-1/000",
        "tile/entries/001",
        "tile/data/000",
        "tile/0/٠٠٠",
        "tile/0/000\n",
        "checkpoint",
        "",
    ],
)
def test_a_file_that_is_no_tile_of_a_tree_of_300_does_not_belong_to_it(name: str) -> None:
    assert not tile.belongs(name, 300)


@pytest.mark.parametrize("size", SIZES)
def test_the_names_of_a_tree_are_those_of_its_tiles(size: int) -> None:
    assert sorted(tile.names(size)) == sorted(tiles(size))


@given(st.lists(st.binary(max_size=40), max_size=20))
def test_bundles_give_back_their_leaves_and_are_malformed_when_cut_anywhere_else(leaves: list[bytes]) -> None:
    (bundle,) = tile.bundles(leaves).values() if leaves else (b"",)
    assert list(tile.leaves(bundle)) == leaves
    whole = {0}
    for leaf in leaves:
        whole.add(max(whole) + 2 + len(leaf))
    for end in set(range(len(bundle))) - whole:
        with pytest.raises(Malformed):
            list(tile.leaves(bundle[:end]))


def test_the_longest_leaf_fits_into_a_bundle() -> None:
    leaf = b"x" * tile.MAX_LEAF
    assert list(tile.leaves(tile.bundles([leaf])["tile/entries/000.p/1"])) == [leaf]


def test_bundle_paths_name_what_holds_a_tree() -> None:
    assert [*tile.bundle_paths(0)] == []
    assert [*tile.bundle_paths(256)] == ["tile/entries/000"]
    assert [*tile.bundle_paths(300)] == ["tile/entries/000", "tile/entries/001.p/44"]
