"""Results as values, as a table to read and as plain data; what they were measured on."""

import datetime as dt
import os
import platform
import sqlite3
import subprocess
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from benchmarks import peers
from benchmarks.measure import Spread

ROOT = Path(__file__).parents[1]
RESULTS = Path(__file__).with_name("RESULTS.md")


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One thing that was measured, and its goal."""

    bench: str
    """What chooses it: ``make bench BENCH=file``."""
    what: str
    ours: str
    """``4.21 s``."""
    peer: str
    """``0.31 s sqlite-utils insert, enable-fts``; empty where there is none."""
    figure: Spread
    unit: str
    """``×`` of a ratio, or of what the goal is said in."""
    goal: float
    """The figure is not to be more."""
    rounds: int = 1
    """Of which the figure is the median."""
    left_out: str = ""
    """What one of the two does not do that the other does."""
    decides: bool = True
    """False where the corpora were too small to say whether the goal is met."""

    @property
    def met(self) -> bool | None:
        """None where that cannot be said."""
        return self.figure.median <= self.goal if self.decides else None


@dataclass(frozen=True, slots=True)
class Skipped:
    """A bench that could not be run."""

    bench: str
    why: str
    failed: bool = False
    """Not for want of a peer."""


def plain(rows: Sequence[Row | Skipped]) -> list[dict[str, Any]]:
    """For programs."""
    return [asdict(row) | ({"met": row.met} if isinstance(row, Row) else {}) for row in rows]


def table(rows: Sequence[Row | Skipped]) -> str:
    """A table in Markdown whose columns stand under each other, and below it what each of them leaves out."""
    cells = [("bench", "what", "ours", "peer", "figure (least–most)", "n", "goal", "met"), *map(_cells, rows)]
    widths = [max(map(len, column)) for column in zip(*cells, strict=True)]
    lines = ["| " + " | ".join(c.ljust(w) for c, w in zip(row, widths, strict=True)) + " |" for row in cells]
    lines.insert(1, "|" + "|".join("-" * (width + 2) for width in widths) + "|")
    said = [(row.bench, row.left_out if isinstance(row, Row) else f"skipped: {row.why}") for row in rows]
    notes = dict.fromkeys(f"- {bench}: {what}" for bench, what in said if what)
    return "\n".join([*lines, *(["", *notes] if notes else [])]) + "\n"


def _cells(row: Row | Skipped) -> tuple[str, ...]:
    if isinstance(row, Skipped):
        return (row.bench, "skipped", "", "", "", "", "", "–")
    met = {True: "yes", False: "NO", None: "–"}[row.met]
    return (row.bench, row.what, row.ours, row.peer, figure(row), str(row.rounds), f"≤ {row.goal:g}", met)


def figure(row: Row) -> str:
    """``3.14 × cpu (2.96–3.31)``"""
    spread = row.figure
    several = f" ({_short(spread.least)}–{_short(spread.most)})" if spread.least < spread.most else ""
    return f"{_short(spread.median)} {row.unit}{several}"


def _short(number: float) -> str:
    return f"{number:.2f}" if number < 10 else f"{number:.1f}" if number < 100 else f"{number:,.0f}"


def machine() -> list[str]:
    """What the figures were measured on and with, a line each."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") >> 30
    described = subprocess.run(
        ["git", "describe", "--always", "--dirty"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    return [
        f"{os.cpu_count()} × {_processor()}, {memory} GiB, {platform.platform(terse=True)}",
        f"load of the last minutes: {', '.join(f'{each:.1f}' for each in os.getloadavg())}",
        f"commit {described.stdout.strip() or 'not known'}, Python {platform.python_version()}, "
        f"SQLite {sqlite3.sqlite_version}",
        *(f"{name}: {said}" for name, said in peers.versions().items()),
    ]


def _processor() -> str:
    try:
        named = [line for line in Path("/proc/cpuinfo").read_text().splitlines() if line.startswith("model name")]
        return named[0].partition(":")[2].strip()
    except (OSError, IndexError):
        return platform.machine()


def write(rows: Sequence[Row | Skipped]) -> None:
    """Put a dated table on top of ``RESULTS.md``."""
    head = "# What it costs\n\n`make bench` adds a table on top; benchmarks/README.md says how it is measured.\n"
    older = RESULTS.read_text().removeprefix(head) if RESULTS.exists() else ""
    told = "\n".join(f"- {line}" for line in machine())
    RESULTS.write_text(f"{head}\n## {dt.datetime.now(dt.UTC):%Y-%m-%d %H:%M} UTC\n\n{told}\n\n{table(rows)}{older}")
