"""The redaction commitment of what is filed first: a hash for each word, by all processors where they are many."""

import io
import secrets
from collections.abc import Sequence
from typing import BinaryIO

from archive.deposits.draft import Draft
from archive.home.store import Content, size_of
from archive.register import redaction

_MUCH = 1 << 20
"""Bytes of turns whose words take much longer to hash than other processes to begin: a tenth of a second."""


def commitments(drafts: Sequence[Draft]) -> list[dict[str, bytes]]:
    """Of each, the secret that stays private and the root that is logged: ``redaction.seed`` and ``redaction.root``.

    How many processes make them changes nothing in them.
    """
    seeds = [secrets.token_bytes(redaction.SEED) for _ in drafts]
    roots = _roots([draft.written["turns.jsonl"] for draft in drafts], seeds)
    lines = ([f"{value.hex()}\n".encode() for value in pair] for pair in zip(seeds, roots, strict=True))
    return [{"redaction.seed": seed, "redaction.root": root} for seed, root in lines]


def _roots(turns: Sequence[Content], seeds: Sequence[bytes]) -> list[bytes]:
    def root(place: int) -> bytes:
        with _opened(turns[place]) as lines:
            return redaction.root(lines, seeds[place])

    places = range(len(turns))
    if sum(map(size_of, turns)) < _MUCH:
        return [*map(root, places)]
    from archive.cores import spread  # which loads what starts processes

    return [*spread(root, places)]


def _opened(content: Content) -> BinaryIO:
    return io.BytesIO(content) if isinstance(content, bytes) else content.open("rb")
