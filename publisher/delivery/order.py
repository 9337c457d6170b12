"""In which order a site is copied where each file shows at once, so that no reader meets a name without its file.

::

    1  new names      texts, proofs, pages, feeds, tiles of the register: nothing that is read now names them
    2  changed pages  they name what was there, and what has just come
    3  entrances      what readers begin at: the first page, feeds, lists for programs, the lists of sums
    4  checkpoint     the register's, after everything that is logged in it
    5  removals       at the very end, when nothing names these any more

A run that is killed leaves a site in which every name still leads to a file, and the next one goes on from there.
"""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass

from archive.errors import Malformed
from archive.register import sums, tile
from archive.register.sums import LIST
from publisher.delivery.whole import CHECKPOINT, COSIGNED, Whole

_ENTRANCE = re.compile(
    r"[^/]*\.(html|atom|rss|json|xml)|(.*/)?feed\.(atom|rss|json)|feeds/.*|(issues|models|interviews|search)/index\.html"
    rf"|{LIST}(\.tlog-proof)?"
)


@dataclass(frozen=True, slots=True)
class Plan:
    """What is to be done at a target."""

    puts: tuple[tuple[str, ...], ...]
    """Paths, those first that come first."""
    removals: tuple[str, ...]

    @property
    def every(self) -> tuple[str, ...]:
        """All that are put, in order."""
        return tuple(path for paths in self.puts for path in paths)


def planned(
    site: Whole, there: Collection[str], differing: Iterable[str], stale: Iterable[str], begun: Iterable[str]
) -> Plan:
    """`there` is what lies at the target, `differing` what of the site lies there otherwise or not at all.

    Of what was put there once, `stale`, goes what is no longer in the site; and, again, what a killed run has `begun`
    to remove.
    """
    puts: tuple[list[str], ...] = ([], [], [], [])
    for path in sorted(differing):
        puts[_step(path, known=path in there)].append(path)
    goes = {*begun, *({*stale, *_outgrown(there, site.register.size)} & {*there})} - site.digests.keys()
    return Plan(tuple(map(tuple, puts)), tuple(sorted(goes)))


def _step(path: str, *, known: bool) -> int:
    if path == CHECKPOINT or path.startswith(COSIGNED):
        return 3
    if not known and "/" in path:  # pages that change will name it; what stands at the root is begun at unnamed
        return 0
    return 2 if _ENTRANCE.fullmatch(path) else 1 if known else 0


def _outgrown(there: Collection[str], size: int) -> Iterator[str]:
    """Tiles for which a wider one stands now that it is full."""
    tiles = ((path, path.removeprefix("register/")) for path in there if path.startswith("register/"))
    return (path for path, name in tiles if tile.tree_size(name) and not tile.belongs(name, size))


def listed(files: Mapping[str, bytes]) -> set[str]:
    """What the list that lies at a target names; nothing where that is none."""
    try:
        return {*sums.parse(files[LIST], LIST)} if LIST in files else set()
    except Malformed:
        return set()
