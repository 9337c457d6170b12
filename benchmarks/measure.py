"""What commands cost, and pairs of them side by side: processor time of all their processes, the clock, peak memory.

pyperf and hyperfine time one command after the other, by the wall clock; on a machine that others use too only
processor time of runs that take turns says something, and neither gives that of a whole tree of processes.
"""

import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

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
    wall: float
    """Seconds on the clock."""
    peak: int = 0
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
    """None where there is no peer."""

    def ratio(self, of: Literal["cpu", "wall"]) -> Spread:
        """Of the time on the processor or on the clock, round by round."""
        rounds = zip(self.ours, self.theirs, strict=True)
        return Spread.of([getattr(mine, of) / getattr(other, of) for mine, other in rounds])


def run(*commands: Command, at: Path, **environment: str) -> Run:
    """One or several commands in the folder `at`. Raises `Failed` with why one did not succeed."""
    runs = [_run(command, at, environment) for command in commands]
    return Run(
        cpu=sum(each.cpu for each in runs),
        wall=sum(each.wall for each in runs),
        peak=max(each.peak for each in runs),
        output=runs[-1].output,
    )


def medians(runs: Sequence[Run]) -> str:
    """For a program of ours to print, and for `told`."""
    return json.dumps({of: statistics.median(getattr(run, of) for run in runs) for of in ("cpu", "wall")})


def told(command: Command, at: Path, **environment: str) -> Run:
    """What a program of ours says that something in it took, by `medians`."""
    said = json.loads(run(command, at=at, **environment).output)
    return Run(cpu=said["cpu"], wall=said["wall"])


def _run(command: Command, at: Path, environment: Mapping[str, str]) -> Run:
    # What the person who measures has set must not reach what is measured.
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "TMPDIR", "LANG") if name in os.environ}
    with tempfile.TemporaryFile("w+") as said, tempfile.TemporaryFile("w+") as out:
        begun = time.perf_counter()
        process = subprocess.Popen(
            [*map(str, command)], cwd=at, env={**kept, **environment}, stdin=subprocess.DEVNULL, stdout=out, stderr=said
        )
        _, status, usage = os.wait4(process.pid, 0)
        wall = time.perf_counter() - begun
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode:
            said.seek(0)
            told = said.read().strip().splitlines() or ["it said nothing"]
            # The first line of a refusal says why, the last of a traceback.
            why = told[-1 if told[0].startswith("Traceback") else 0]
            raise Failed(f"{' '.join(map(str, command[:3]))} … ended with {process.returncode}: {why}")
        out.seek(0)
        unit = 1 if sys.platform == "darwin" else 1024
        return Run(usage.ru_utime + usage.ru_stime, wall, usage.ru_maxrss * unit, out.read())


def paired(ours: Work, theirs: Work | None, *, rounds: int, within: Path | None = None) -> Pair:
    """Both, `rounds` times, in folders `within` a folder; who begins changes from round to round."""
    runs: tuple[list[Run], list[Run]] = ([], [])
    for number in range(rounds):
        turns = [(ours, runs[0]), (theirs, runs[1])]
        for work, found in turns if number % 2 == 0 else reversed(turns):
            if work:
                with tempfile.TemporaryDirectory(prefix="round-", dir=within) as fresh:
                    found.append(work(Path(fresh), number))
    return Pair(*runs)


def timed(work: Callable[[], object]) -> Run:
    """What a call takes, in this process."""
    begun, before = time.perf_counter(), time.process_time()
    work()
    return Run(time.process_time() - before, time.perf_counter() - begun)
