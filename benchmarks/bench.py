"""A bench is data: what ours does, beside what, how much of it, and what it is not to cost more than. One runner."""

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from benchmarks.homes import Homes
from benchmarks.measure import Pair, Run, Spread, Work, paired
from benchmarks.results import Row

Measure = Literal["cpu", "wall", "peak", "ms", "calls", "exponent"]
"""Processor time or time on the clock as a multiple of the peer's; the most memory that one process of ours held, in
MiB; ours on the clock in ms; calls of the system an item; how ours grows with the size, beside the bench of the same
name before it with the smallest: 1 is as the size does, 0 not at all."""


@dataclass(frozen=True, slots=True)
class Works:
    """What takes turns."""

    ours: Work
    theirs: Work | None = None
    told: str = ""
    """What the peer was given, where only that shows: ``, 5,130 files``."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Bench:
    """One thing that is measured; what it says of itself may name its ``{size}``."""

    name: str
    """What chooses it; several of a kind share one."""
    what: str
    beside: str = ""
    goals: Mapping[Measure, float]
    """What it is not to be more than."""
    works: Callable[[Homes, int, Path], Works]
    """Made from the prepared homes, the size, and a folder that lasts as long as the bench."""
    full: int = 0
    quick: int = 0
    rounds: int = 5
    left_out: str = ""
    """What one of the two does not do that the other does."""


@dataclass(slots=True)
class Lab:
    """Where benches are run, and how much of them."""

    homes: Homes
    quick: bool = False
    rounds: int | None = None
    """Instead of those that each bench asks for."""
    most: int | None = None
    """No size is to be larger; of one that would be, the goal is then told as not decided."""

    def run(self, benches: Sequence[Bench]) -> Iterator[Row]:
        """The rows of benches that share a name, in their order. Raises `Failed`, `Missing`."""
        smallest: tuple[int, Pair] | None = None
        for bench in benches:
            size = min(bench.quick if self.quick else bench.full, self.most or bench.full)
            rounds = self.rounds or (min(bench.rounds, 2) if self.quick else bench.rounds)
            with self.homes.scratch() as folder:
                works = bench.works(self.homes, size, folder)
                pair = paired(works.ours, works.theirs, rounds=rounds, within=folder)
            smallest = smallest or (size, pair)
            for measure, goal in bench.goals.items():
                grown = _exponent(*smallest, size, pair) if measure == "exponent" else None
                yield self._row(bench, size, works, measure, goal, grown or _figure(measure, pair, size), pair)

    def _row(
        self, bench: Bench, size: int, works: Works, measure: Measure, goal: float, figure: Spread, pair: Pair
    ) -> Row:
        compared: Literal["cpu", "wall"] = "wall" if measure in ("wall", "ms") else "cpu"
        beside = bench.beside.format(size=size, few=size // 100) + works.told
        of_peer = measure in ("cpu", "wall")
        return Row(
            bench=bench.name,
            what=bench.what.format(size=size, few=size // 100),
            ours="" if measure in ("calls", "exponent") else _seconds(pair.ours, compared),
            peer=f"{_seconds(pair.theirs, compared)} {beside}" if pair.theirs and of_peer else "",
            figure=figure,
            unit=_UNITS[measure],
            goal=goal,
            rounds=len(pair.ours),
            left_out=bench.left_out,
            decides=size == bench.full,
        )


_UNITS: Mapping[Measure, str] = {
    "cpu": "× cpu",
    "wall": "× wall",
    "peak": "MiB",
    "ms": "ms",
    "calls": "calls each",
    "exponent": "exponent",
}


def _figure(measure: Measure, pair: Pair, size: int) -> Spread:
    match measure:
        case "cpu" | "wall":
            return pair.ratio(measure)
        case "peak":
            return Spread.of([run.peak / (1 << 20) for run in pair.ours])
        case "ms":
            return Spread.of([run.wall * 1000 for run in pair.ours])
        case _:
            return Spread.of([int(run.output) / size for run in pair.ours])


def _exponent(few: int, small: Pair, many: int, large: Pair) -> Spread:
    """Of the processor time, round by round."""
    grown = [b.cpu / a.cpu for a, b in zip(small.ours, large.ours, strict=False)]
    return Spread.of([math.log(each) / math.log(many / few) for each in grown]) if many > few else Spread(0, 0, 0)


def _seconds(runs: Sequence[Run], of: Literal["cpu", "wall"]) -> str:
    median = Spread.of([getattr(run, of) for run in runs]).median
    return f"{median:.2f} s" if median >= 1 else f"{median * 1000:.3g} ms"
