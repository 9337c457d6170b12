"""Tiles and entry bundles of C2SP tlog-tiles: the register as static files.

``tile/0/000`` holds the hashes of the first 256 leaves, ``tile/1/000`` the roots of the first 256 such tiles,
``tile/entries/000`` the first 256 leaves themselves, each behind its length in two bytes. A tile that is not full
yet carries its width: ``tile/0/000.p/12``.
"""

import re
import struct
from collections.abc import Iterator, Mapping, Sequence

from archive.errors import Malformed

from . import merkle

WIDTH = 256
_PATH = re.compile(r"tile/(entries|\d)/((?:x\d{3}/)*\d{3})(?:\.p/([1-9]\d{0,2}))?", re.ASCII)
MAX_LEAF = 65_535
"""Bytes a leaf may have: its length stands in two bytes."""


def path(level: int | str, index: int, width: int = WIDTH) -> str:
    """``tile/0/x001/x234/067.p/8`` for tile 1234067 of level 0 with 8 hashes."""
    name = f"{index % 1000:03d}"
    while index >= 1000:
        index //= 1000
        name = f"x{index % 1000:03d}/{name}"
    return f"tile/{level}/{name}" + (f".p/{width}" if width < WIDTH else "")


def tree_size(name: str) -> int:
    """The smallest tree that has the tile of this path; 0 if it is no tile's path, or a second name for one."""
    form = _PATH.fullmatch(name)
    if not form:
        return 0
    index, width = int(form[2].replace("x", "").replace("/", "")), int(form[3] or WIDTH)
    span = WIDTH ** (0 if form[1] == "entries" else int(form[1]))
    return (index * WIDTH + width) * span if name == path(form[1], index, width) else 0


def belongs(name: str, size: int) -> bool:
    """Whether a path is that of a tile that a tree of `size` leaves has, and no full tile stands in for it."""
    full = tree_size(name.partition(".p/")[0])
    return 0 < tree_size(name) <= size and (".p/" not in name or full > size)


def hash_tiles(hashes: Sequence[bytes], start: int = 0) -> dict[str, bytes]:
    """Path → bytes of every hash tile that changes when a tree of `start` leaves grows to all of `hashes`."""
    tiles, level, done = {}, 0, start
    level_hashes = list(hashes)
    while level_hashes:
        for i in range(done // WIDTH * WIDTH, len(level_hashes), WIDTH):
            part = level_hashes[i : i + WIDTH]
            tiles[path(level, i // WIDTH, len(part))] = b"".join(part)
        full = range(0, len(level_hashes) // WIDTH * WIDTH, WIDTH)
        level_hashes = [merkle.root(level_hashes[i : i + WIDTH]) for i in full]
        level, done = level + 1, done // WIDTH
    return tiles


def bundles(leaves: Sequence[bytes], start: int = 0) -> dict[str, bytes]:
    """Path → bytes of every entry bundle that changes when a tree of `start` leaves grows to all of `leaves`."""
    tiles = {}
    for i in range(start // WIDTH * WIDTH, len(leaves), WIDTH):
        part = leaves[i : i + WIDTH]
        tiles[path("entries", i // WIDTH, len(part))] = b"".join(struct.pack(">H", len(x)) + x for x in part)
    return tiles


def narrower(name: str, newest: Mapping[str, bytes]) -> bytes:
    """What the tile or bundle at `name` holds: the beginning of that place's newest, which stands in `newest`."""
    place, _, width = name.partition(".p/")
    whole = next(data for other, data in newest.items() if other.partition(".p/")[0] == place)
    if not place.startswith("tile/entries/"):
        return whole[: 32 * int(width or WIDTH)]
    return next(iter(bundles([*leaves(whole)][: int(width or WIDTH)]).values()))


def bundle_paths(size: int) -> Iterator[str]:
    """The entry bundles that hold a tree of `size` leaves, in order; a stranger's size may have no end."""
    return (path("entries", i // WIDTH, min(WIDTH, size - i)) for i in range(0, size, WIDTH))


def leaves(bundle: bytes) -> Iterator[bytes]:
    """The leaves of an entry bundle. Raises `Malformed` if it ends too early."""
    at = 0
    while at < len(bundle):
        end = at + 2 + int.from_bytes(bundle[at : at + 2], "big")
        if at + 2 > len(bundle) or end > len(bundle):
            raise Malformed(f"the entry bundle ends in the middle of a leaf, at byte {at}")
        yield bundle[at + 2 : end]
        at = end
