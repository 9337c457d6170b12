"""One target for so long, in this very process, which it ends: the inputs are made by atheris (libFuzzer).

An input that breaks the rule is kept in a file, and the next is tried; of those that break it at the same place, one.
"""

import json
import os
import resource
import tempfile
import time
import traceback
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

import atheris

from tests.fuzz.shapes import reshaped
from tests.fuzz.target import MEMORY, Target, tried


@dataclass
class Course:
    """What became of the inputs so far. Lives as long as the process."""

    name: str
    target: Target
    end: float
    """When it is over, by the monotonic clock."""
    found: Path
    """Where an input that breaks the rule is kept."""
    into: int
    """The file descriptor that is told about it at the end."""
    inputs: int = 0
    values: int = 0
    broken: dict[str, str] = field(default_factory=dict)
    """How the rule was broken → the name of the input that is kept."""

    def take(self, data: bytes) -> None:
        self.inputs += 1
        try:
            self.values += tried(self.target, data)
        except KeyboardInterrupt:
            raise
        except BaseException as error:
            self._keep(data, error)
        if time.monotonic() > self.end:  # libFuzzer would end the process without a word
            held = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss >> 10
            told = {"inputs": self.inputs, "values": self.values, "MiB": held, "broken": self.broken}
            os.write(self.into, json.dumps(told).encode())
            os._exit(0)

    def _keep(self, data: bytes, error: BaseException) -> None:
        at = traceback.extract_tb(error.__traceback__)[-1]
        how = f"{type(error).__name__} at {Path(at.filename).name}:{at.lineno}"
        if how not in self.broken:
            self.broken[how] = f"{self.name}-{len(self.broken) + 1}"
            (self.found / self.broken[how]).write_bytes(data)
            (self.found / f"{self.broken[how]}.txt").write_text("".join(traceback.format_exception(error)))


def run(name: str, target: Target, seconds: int, place: Path, into: int) -> None:
    """Goes on from what an earlier run kept in `place`, and never comes back."""
    corpus, found = place / "corpus" / name, place / "found"
    for folder in (corpus, found):
        folder.mkdir(parents=True, exist_ok=True)
    seeds = target.seeds()
    for number, seed in enumerate(seeds):
        (corpus / f"seed-{number}").write_bytes(seed)
    options = {
        "max_len": max(target.largest, *map(len, seeds)),
        "rss_limit_mb": MEMORY,
        "timeout": 60,
        "dict": _dictionary(target),
        "artifact_prefix": f"{found}/{name}-",
    }
    course = Course(name, target, time.monotonic() + seconds, found, into)
    arguments = ["fuzz", *(f"-{option}={value}" for option, value in options.items()), str(corpus)]
    shaped = any(reshaped(seed, Random(0)) for seed in seeds)
    atheris.Setup(arguments, course.take, **({"custom_mutator": _mutated} if shaped else {}))
    atheris.Fuzz()


def _dictionary(target: Target) -> Path:
    """A file of words, as libFuzzer takes it; it takes none that is empty."""
    escaped = ("".join(f"\\x{byte:02x}" for byte in word) for word in (b"\n", *target.words))
    path = Path(tempfile.gettempdir()) / "words"
    path.write_text("".join(f'"{word}"\n' for word in escaped))
    return path


def _mutated(data: bytes, most: int, seed: int) -> bytes:
    """Every third time JSON is changed in its shape, else bytes as libFuzzer does it."""
    made = reshaped(data, Random(seed)) if seed % 3 == 0 else None
    return made if made and len(made) <= most else bytes(atheris.Mutate(data, most))
