"""``python -m benchmarks.redaction TIMES``: what the redaction commitment of 7,000 words takes the processor, beside as
many plain hashes of 65 bytes; prints both in seconds, a list each."""

import hashlib
import json
import random
import sys

import click

from archive.register import redaction
from benchmarks.corpora import prose
from benchmarks.measure import processor_time

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


def main(times: int) -> None:
    data, plain = lines(), [b"." * 65] * WORDS
    sha256 = hashlib.sha256
    ours, theirs = [], []
    for _ in range(times):
        ours.append(processor_time(lambda: redaction.root(data, b"\0" * redaction.SEED)))
        theirs.append(processor_time(lambda: [sha256(each).digest() for each in plain]))
    click.echo(json.dumps({"ours": ours, "theirs": theirs}))


if __name__ == "__main__":
    main(int(sys.argv[1]))
