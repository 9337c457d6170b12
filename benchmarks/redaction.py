"""``python -m benchmarks.redaction ours|plain TIMES``: what the commitment of 7,000 words takes, or as many
plain hashes of 65 bytes; prints the medians in seconds."""

import hashlib
import json
import random
import sys

import click

from archive.register import redaction
from benchmarks.corpora import prose
from benchmarks.measure import medians, timed

WORDS = 7_000
"""As the commitment counts them, the structure of the JSON included."""


def lines() -> bytes:
    """Lines of JSON that have exactly so many words."""
    rng = random.Random("redaction")
    made: list[bytes] = []
    left = WORDS
    while left:
        line = json.dumps({"interview": 1, "turn": len(made) + 1, "role": "assistant", "text": prose(rng, 150)}) + "\n"
        words = redaction.split(line.encode())[:left]
        made.append(b"".join(words).rstrip(b"\n") + b"\n")
        left -= len(words)
    return b"".join(made)


def main(which: str, times: int) -> None:
    data, plain, sha256 = lines(), [b"." * 65] * WORDS, hashlib.sha256
    works = {
        "ours": lambda: redaction.root(data, b"\0" * redaction.SEED),
        "plain": lambda: [sha256(each).digest() for each in plain],
    }
    took = [timed(works[which]) for _ in range(times)]
    click.echo(medians(took))


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
