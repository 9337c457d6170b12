"""Tiles and entry bundles of C2SP tlog-tiles: the register as static files.

``tile/0/000`` holds the hashes of the first 256 leaves, ``tile/1/000`` the roots of the first 256 such tiles,
``tile/entries/000`` the first 256 leaves themselves, each behind its length in two bytes. A tile that is not full
yet carries its width: ``tile/0/000.p/12``.
"""

import re
import struct
from collections.abc import Callable, Iterable, Iterator, Sequence

from archive.errors import Malformed

from . import merkle

WIDTH = 256
_PATH = re.compile(r"tile/(entries|\d)/((?:x\d{3}/)*\d{3})(?:\.p/([1-9]\d{0,2}))?", re.ASCII)
MAX_LEAF = 65_535
"""Bytes a leaf may have: its length stands in two bytes."""
LARGEST = WIDTH * (MAX_LEAF + 2)
"""Bytes of the largest tile or bundle there can be."""


def path(level: int | str, index: int, width: int = WIDTH) -> str:
    """``tile/0/x001/x234/067.p/8`` for tile 1234067 of level 0 with 8 hashes."""
    name = f"{index % 1000:03d}"
    while index >= 1000:
        index //= 1000
        name = f"x{index % 1000:03d}/{name}"
    return f"tile/{level}/{name}" + (f".p/{width}" if width < WIDTH else "")


def tree_size(name: str) -> int:
    """The smallest tree that has the tile of this path; 0 if it is no tile's path, or a second name for one."""
    if not _PATH.fullmatch(name):
        return 0
    level, index, width = place(name)
    return (index * WIDTH + width) * span(level) if name == path(level, index, width) else 0


def belongs(name: str, size: int) -> bool:
    """Whether a path is that of a tile that a tree of `size` leaves has, and no full tile stands in for it."""
    full = tree_size(name.partition(".p/")[0])
    return 0 < tree_size(name) <= size and (".p/" not in name or full > size)


def place(name: str) -> tuple[int | str, int, int]:
    """Level, index and width of the tile at a path. Raises `Malformed` if it is no tile's."""
    form = _PATH.fullmatch(name)
    if not form:
        raise Malformed(f"expected the path of a tile, such as tile/0/000, found {name[:60]!r}")
    level = form[1] if form[1] == "entries" else int(form[1])
    return level, int(form[2].replace("x", "").replace("/", "")), int(form[3] or WIDTH)


def span(level: int | str) -> int:
    """How many leaves stand under one hash of a tile of this level."""
    return 1 if level == "entries" else WIDTH ** int(level)


def names(size: int) -> Iterator[str]:
    """The tiles and bundles that a tree of `size` leaves has, without those that a wider one holds as well."""
    yield from bundle_paths(size)
    level = 0
    while (held := size // span(level)) > 0:
        yield from (path(level, i // WIDTH, min(WIDTH, held - i)) for i in range(0, held, WIDTH))
        level += 1


def hash_tiles(
    hashes: Sequence[bytes], start: int = 0, edge: Callable[[int], Sequence[bytes]] = lambda level: ()
) -> dict[str, bytes]:
    """Path → bytes of every hash tile that changes when leaves with these hashes come after the first `start`.

    `edge` gives the hashes that the last tile of a level holds now, where it is not full.
    """
    tiles: dict[str, bytes] = {}
    level, done = 0, start
    new = list(hashes)
    while new:
        row = [*edge(level), *new] if done % WIDTH else new
        parts = [row[i : i + WIDTH] for i in range(0, len(row), WIDTH)]
        tiles |= {path(level, done // WIDTH + i, len(part)): b"".join(part) for i, part in enumerate(parts)}
        new = [merkle.root(part) for part in parts if len(part) == WIDTH]
        level, done = level + 1, done // WIDTH
    return tiles


def bundles(leaves: Sequence[bytes], start: int = 0, edge: Sequence[bytes] = ()) -> dict[str, bytes]:
    """Path → bytes of every entry bundle that changes when `leaves` come after the first `start`.

    `edge` are the leaves that the last bundle holds now, where it is not full.
    """
    row = [*edge, *leaves] if start % WIDTH else leaves
    parts = [row[i : i + WIDTH] for i in range(0, len(row), WIDTH)]
    return {path("entries", start // WIDTH + i, len(part)): bundle(part) for i, part in enumerate(parts)}


def bundle(leaves: Iterable[bytes]) -> bytes:
    """The entry bundle that holds these leaves."""
    return b"".join(struct.pack(">H", len(leaf)) + leaf for leaf in leaves)


def bundle_paths(size: int) -> Iterator[str]:
    """The entry bundles that hold a tree of `size` leaves, in order; a stranger's size may have no end."""
    return (path("entries", i // WIDTH, min(WIDTH, size - i)) for i in range(0, size, WIDTH))


def leaves(bundle: bytes) -> Iterator[bytes]:
    """The leaves of an entry bundle. Raises `Malformed` if it ends too early, or too late."""
    at, count = 0, 0
    while at < len(bundle):
        count += 1
        if count > WIDTH:
            raise Malformed(f"the entry bundle holds more than {WIDTH} leaves")
        end = at + 2 + int.from_bytes(bundle[at : at + 2], "big")
        if at + 2 > len(bundle) or end > len(bundle):
            raise Malformed(f"the entry bundle ends in the middle of a leaf, at byte {at}")
        yield bundle[at + 2 : end]
        at = end
