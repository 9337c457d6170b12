"""``turns.jsonl`` on disk: written while a received file is read, and read turn by turn, never held whole."""

import contextlib
import os
import shutil
import tempfile
from array import array
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import IO, overload

from archive.importers import turns
from archive.importers.interview import Interview
from archive.importers.turns import Transcript, Turn

_HELD = 1 << 20
"""Bytes of turns that are held in memory before they go to a file of their own."""
_MAX_KINDS = 100


class Kept(Sequence[Turn]):
    """The turns in a file, read anew each time they are asked for. Lives as long as the file.

    Reading raises `Malformed`, naming the line, where they are not in the form that ``turns.jsonl`` has.
    """

    def __init__(self, path: Path, interviews: int) -> None:
        self._path, self._interviews = path, interviews

    def __iter__(self) -> Iterator[Turn]:
        with self._path.open("rb") as file:
            file.readline()
            yield from turns.each(enumerate(file, start=2), self._interviews)

    def __len__(self) -> int:
        return len(self._starts)

    @overload
    def __getitem__(self, place: int) -> Turn: ...
    @overload
    def __getitem__(self, place: slice) -> tuple[Turn, ...]: ...
    def __getitem__(self, place: int | slice) -> Turn | tuple[Turn, ...]:
        if isinstance(place, slice):
            return tuple(self[number] for number in range(len(self))[place])
        number = range(len(self))[place]
        with self._path.open("rb") as file:
            file.seek(self._starts[number])
            return turns.turn(file.readline(), number + 2)

    @cached_property
    def _starts(self) -> "array[int]":
        """Where each turn's line begins."""
        starts = array("Q")
        with self._path.open("rb") as file:
            place = len(file.readline())
            for line in file:
                starts.append(place)
                place += len(line)
        return starts


def opened(path: Path) -> Transcript:
    """What a ``turns.jsonl`` holds, its turns on disk. Raises `Malformed` where the first line is in another form."""
    with path.open("rb") as file:
        head = turns.head(file.readline())
    return replace(head, turns=Kept(path, head.interviews))


def checked(path: Path) -> Transcript:
    """As `opened`, after every line was read once. Raises `Malformed`, naming the line."""
    transcript = opened(path)
    for _ in transcript.turns:
        pass
    return transcript


@contextlib.contextmanager
def keeping(into: Path) -> "Iterator[Keeper]":
    """For what is read of one received file; `into` is the ``turns.jsonl`` there will be."""
    with tempfile.SpooledTemporaryFile(_HELD, dir=str(into.parent)) as body:
        yield Keeper(into, body)


@dataclass(slots=True)
class Keeper:
    """What is read on its way to disk, interview by interview; lives while that is read."""

    into: Path
    body: IO[bytes]
    """Its turns so far."""
    interviews: list[Interview] = field(default_factory=list)
    """Without their turns."""
    turns: int = 0
    empty: list[str] = field(default_factory=list)
    """Titles of conversations without a turn."""
    lost: Counter[str] = field(default_factory=Counter)

    def add(self, interview: Interview) -> None:
        """Keep one more interview; one without a turn is none, and only what it lost counts."""
        for kind, times in interview.lost.items():
            self.lost[kind if kind in self.lost or len(self.lost) < _MAX_KINDS else "other"] += times
        if not interview.turns:
            self.empty += [interview.title] if interview.title and len(self.empty) < _MAX_KINDS else []
            return
        self.interviews.append(replace(interview, turns=(), lost={}))
        self.turns += len(interview.turns)
        number = len(self.interviews)
        for turn in interview.turns:
            self.body.write(turns.line(turn if number == 1 else replace(turn, interview=number)))

    def close(self, importer: str, version: int) -> Transcript:
        """Write the file, whose first line is known only now."""
        head = Transcript(
            importer=importer,
            version=version,
            interviews=len(self.interviews),
            turns=Kept(self.into, len(self.interviews)),
            lost=self.lost,
            context=tuple(interview.context for interview in self.interviews),
            model=tuple(interview.model for interview in self.interviews),
            date=tuple(interview.date for interview in self.interviews),
            title=tuple(interview.title for interview in self.interviews),
            held=tuple(interview.held for interview in self.interviews),
        )
        self.body.seek(0, os.SEEK_SET)
        with self.into.open("wb") as file:
            file.write(turns.first(head))
            shutil.copyfileobj(self.body, file, _HELD)
        return head
