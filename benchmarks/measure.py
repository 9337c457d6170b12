"""What commands cost, and pairs of them side by side: the processor time of all their processes, and peak memory.

pyperf and hyperfine time one command after the other, by the wall clock; on a machine that others use too only
processor time of runs that take turns says something, and neither gives that of a whole tree of processes.
"""

import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

Command = Sequence[str | Path]
Work = Callable[[Path, int], "Run"]
"""Done in a folder of its own, empty and new, in a numbered round; what is only made ready there is not counted."""


class Failed(Exception):
    """A command that was to be measured did not succeed."""


@dataclass(frozen=True, slots=True)
class Run:
    """What one command cost, or several one after the other."""

    cpu: float
    """Seconds, user and system, of the processes it started too."""
    peak: int
    """Bytes: the most that one process held at a time. A process begins with what its parent held at most until then,
    so who measures must hold little."""
    output: str = ""


@dataclass(frozen=True, slots=True)
class Spread:
    """The median of several figures, the least and the most."""

    median: float
    least: float
    most: float

    @classmethod
    def of(cls, figures: Sequence[float]) -> "Spread":
        return cls(statistics.median(figures), min(figures), max(figures))


@dataclass(frozen=True, slots=True)
class Pair:
    """Runs of two works that took turns; one of each a round."""

    ours: Sequence[Run]
    theirs: Sequence[Run]

    @property
    def ratio(self) -> Spread:
        """Of the processor time, round by round."""
        return Spread.of([a.cpu / b.cpu for a, b in zip(self.ours, self.theirs, strict=True)])


def run(*commands: Command, at: Path, **environment: str) -> Run:
    """One or several commands in the folder `at`. Raises `Failed` with why one did not succeed."""
    runs = [_run(command, at, environment) for command in commands]
    return Run(cpu=sum(each.cpu for each in runs), peak=max(each.peak for each in runs), output=runs[-1].output)


def _run(command: Command, at: Path, environment: Mapping[str, str]) -> Run:
    # What the person who measures has set must not reach what is measured.
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "TMPDIR", "LANG") if name in os.environ}
    with tempfile.TemporaryFile("w+") as said, tempfile.TemporaryFile("w+") as out:
        process = subprocess.Popen(
            [*map(str, command)], cwd=at, env={**kept, **environment}, stdin=subprocess.DEVNULL, stdout=out, stderr=said
        )
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode:
            said.seek(0)
            told = said.read().strip().splitlines() or ["it said nothing"]
            # The first line of a refusal says why, the last of a traceback.
            why = told[-1 if told[0].startswith("Traceback") else 0]
            raise Failed(f"{' '.join(map(str, command[:3]))} … ended with {process.returncode}: {why}")
        out.seek(0)
        unit = 1 if sys.platform == "darwin" else 1024
        return Run(cpu=usage.ru_utime + usage.ru_stime, peak=usage.ru_maxrss * unit, output=out.read())


def paired(ours: Work, theirs: Work, *, rounds: int) -> Pair:
    """Both, `rounds` times; who begins changes from round to round."""
    runs: tuple[list[Run], list[Run]] = ([], [])
    for number in range(rounds):
        turns = [(ours, runs[0]), (theirs, runs[1])]
        for work, found in turns if number % 2 == 0 else reversed(turns):
            with tempfile.TemporaryDirectory(prefix="bench-") as fresh:
                found.append(work(Path(fresh), number))
    return Pair(*runs)


def processor_time(work: Callable[[], object]) -> float:
    """Seconds that a call takes the processor, in this process."""
    before = time.process_time()
    work()
    return time.process_time() - before
