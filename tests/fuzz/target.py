"""A target: a function that takes any bytes, what it is begun with, and the rule that it must keep.

Any bytes give a value or an `archive.errors.Error` whose words can be written, within `limit` seconds of processor
time. Anything else is a finding.
"""

import signal
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import FrameType

from archive.errors import Error

SECONDS, PER_BYTE = 2.0, 100e-6
"""What an input may take: two seconds, and one more for each 10,000 bytes. Machines are shared: of the processor."""
MEMORY = 600
"""MiB that a process may hold that runs one target, and looks at itself while it does."""


@dataclass(frozen=True)
class Target:
    """What is tried, by itself."""

    run: Callable[[bytes], object]
    seeds: Callable[[], list[bytes]]
    """Right ones, from which to go on."""
    words: tuple[bytes, ...] = ()
    """What such inputs are made of."""
    largest: int = 4096
    """Bytes of an input, while fuzzing."""
    whole: bool = True
    """Whether each seed gives a value."""


class TooLong(BaseException):
    """An input took longer than it may. No `Exception`, so that nobody catches it."""


def tried(target: Target, data: bytes) -> bool:
    """Whether there was a value. Raises what breaks the rule."""
    try:
        with _within(SECONDS + PER_BYTE * len(data)):
            target.run(data)
    except Error as error:
        str(error).encode("utf-8", "surrogateescape")  # the name of a file may be no UTF-8
        return False
    return True


@contextmanager
def _within(seconds: float) -> Iterator[None]:
    def late(number: int, frame: FrameType | None) -> None:
        raise TooLong(f"more than {seconds:.1f} seconds")

    before = signal.signal(signal.SIGVTALRM, late)
    signal.setitimer(signal.ITIMER_VIRTUAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, before)


@cache
def _scratch() -> "tempfile.TemporaryDirectory[str]":
    return tempfile.TemporaryDirectory(prefix="fuzz-", ignore_cleanup_errors=True)


def scratch() -> Path:
    """A folder that lives as long as the process."""
    return Path(_scratch().name)


def lying(name: str, data: bytes) -> Path:
    """A file that holds these bytes now."""
    path = scratch() / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    return path
