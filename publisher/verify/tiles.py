"""What a register that somebody publishes holds, read through its tiles: hashes, statements, and which are new."""

import datetime as dt
from collections.abc import Iterator, Sequence
from typing import Any

from archive.errors import Error, NotFound, VerificationError
from archive.register import merkle, tile
from archive.register.cosignature import text_of
from archive.register.note import Checkpoint
from archive.register.statement import Statement, decode_time, encode_time
from publisher.verify.place import Place

_SLACK = dt.timedelta(hours=1)
"""By which what is shown may lag behind: an old copy, two clocks."""
_STATEMENTS = 1 << 20
"""The largest register that is followed: 32 MiB of hashes."""


def needed(read: Place, name: str) -> bytes:
    """A file of a site. Raises `NotFound`."""
    data = read.read(name)
    if data is None:
        raise NotFound(f"{read.name.rstrip('/')}/{name}: expected a file, found none")
    return data


def hashes_of(read: Place, checkpoint: Checkpoint) -> list[bytes]:
    """The leaf hashes of the register, from its tiles. Raises `VerificationError` where they are not what is signed."""
    if checkpoint.size > _STATEMENTS:
        raise Error(f"expected at most {_STATEMENTS:,} statements, found {checkpoint.size:,}")
    found = b""
    for index in range(0, checkpoint.size, tile.WIDTH):
        width = min(tile.WIDTH, checkpoint.size - index)
        found += _tile(read, 0, index // tile.WIDTH, width)[: 32 * width]
    hashes = [found[at : at + 32] for at in range(0, len(found), 32)]
    if len(hashes) != checkpoint.size or merkle.root(hashes) != checkpoint.root:
        raise VerificationError("register/tile/0: these are not the hashes of the statements that are signed")
    return hashes


class New:
    """The statements since the last look: whether their times can be right."""

    def __init__(self, read: Place, hashes: list[bytes], kept: dict[str, Any] | None) -> None:
        """Raises `VerificationError` where one is not what is signed, or times run backwards."""
        self.newest = kept["last"]["newest"] if kept else ""
        """The latest time of all."""
        self.backdated: list[str] = []
        looked = decode_time(kept["last"]["time"]) if kept else None
        start = Checkpoint.parse(text_of(kept["last"]["note"])).size if kept else 0
        for index, leaf in leaves(read, hashes, start):
            statement = Statement.decode(leaf)
            said = encode_time(statement.time)
            if statement.kind == "review":  # somebody may have signed it elsewhere, and earlier
                continue
            if said < self.newest:
                raise VerificationError(
                    f"entry {index} says {said}, and one before it {self.newest}: times run backwards"
                )
            self.newest = said
            if looked and statement.time < looked - _SLACK:
                self.backdated.append(
                    f"entry {index} says {said}, and was not there when you looked at {encode_time(looked)}"
                )


def leaves(read: Place, hashes: Sequence[bytes], start: int = 0) -> Iterator[tuple[int, bytes]]:
    """The statements from an index on; `hashes` are of all. Raises `VerificationError` where one has another hash."""
    size = len(hashes)
    for first in range(start - start % tile.WIDTH, size if start < size else 0, tile.WIDTH):
        width = min(tile.WIDTH, size - first)
        data = _tile(read, "entries", first // tile.WIDTH, width)
        found = [*tile.leaves(data)][:width]
        for index, leaf in enumerate(found, first):
            if merkle.leaf_hash(leaf) != hashes[index]:
                raise VerificationError(f"entry {index} is not the statement that is signed")
        if len(found) < width:
            raise VerificationError(f"expected {width} statements from entry {first} on, found {len(found)}")
        yield from ((index, leaf) for index, leaf in enumerate(found, first) if index >= start)


def _tile(read: Place, level: int | str, index: int, width: int) -> bytes:
    """As far as it goes; where it became full meanwhile, the full one stands in for it."""
    found = read.read(f"register/{tile.path(level, index, width)}")
    return found if found is not None else needed(read, f"register/{tile.path(level, index)}")
