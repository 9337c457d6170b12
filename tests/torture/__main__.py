"""Kill a command before its K-th call that changes the disk, or let that call fail; run it again undisturbed, and
compare with a run that nobody disturbed.

``python -m tests.torture [COMMAND…]`` tries every point of each command, spread over the processors, prints each that
did not end whole and a table, and exits with 1 if there is one. ``--sample N`` tries N points of each, chosen by
``--seed``. strace does it (``--inject``).
"""

import argparse
import multiprocessing
import os
import random
import shutil
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

import click

from tests.torture import attack
from tests.torture.attack import COMMANDS, ERRORS, KILL, Trial, trial
from tests.torture.commands import answered
from tests.torture.process import preload
from tests.torture.stage import Stage, founded, place, warmed

_TRIALS: dict[str, Trial] = {}
"""Found before the workers that try are forked."""
_STAGES: dict[int, Stage] = {}
"""A worker's own, by its process."""

Task = tuple[Path, str, int, str]
"""Where, which command, which of its points, what is done there."""


def main() -> int:
    given = _arguments()
    click.echo(f"seed {given.seed}, TORTURE_SEED")
    begun = time.monotonic()
    preload()
    answered()
    root = place()
    try:
        founded(root)
        warmed(root)
        fork = multiprocessing.get_context("fork")
        with fork.Pool(given.cores) as pool:
            asked = [(root, name) for name in given.commands or COMMANDS]
            _TRIALS.update({one.name: one for one in pool.imap_unordered(_begun, asked)})
        tasks = list(_tasks(root, given))
        click.echo(f"{sum(len(one.points) for one in _TRIALS.values())} calls")
        random.Random(given.seed).shuffle(tasks)  # so that a run that is cut short has seen something of each
        tried, failed = [], []
        with fork.Pool(given.cores) as pool:
            for task, wrong in pool.imap_unordered(_tried, tasks, chunksize=4):
                tried.append(task)
                if wrong:
                    failed.append(task)
                    click.echo(f"{_named(task)}:" + "".join(f"\n    {each}" for each in wrong[: given.show]))
                if given.minutes and time.monotonic() - begun > 60 * given.minutes:
                    break
        _table(tried, failed)
    finally:
        shutil.rmtree(root)
    click.echo(f"{len(tried)} points of {len(tasks)}, {len(failed)} failures, {time.monotonic() - begun:.0f} s")
    return 1 if failed else 0


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="tests.torture", description=__doc__)
    parser.add_argument("commands", nargs="*", metavar="COMMAND", help=f"of {', '.join(COMMANDS)}; else all")
    parser.add_argument("--sample", type=int, metavar="N", help="try N points of each command, else all")
    parser.add_argument("--every", type=int, default=1, metavar="N", help="try every N-th point")
    parser.add_argument("--row", type=int, metavar="N", help="try the N-th point alone")
    parser.add_argument("--with", dest="means", metavar="WHAT", help=f"{KILL} or one of {', '.join(ERRORS)} alone")
    parser.add_argument("--errors", type=int, default=1, metavar="N", help="an error at every N-th point, else at each")
    seed = os.environ.get("TORTURE_SEED") or time.time_ns() % 1_000_000
    parser.add_argument("--seed", type=int, default=int(seed), help="for the sample; else TORTURE_SEED, else the clock")
    parser.add_argument("--cores", type=int, default=os.cpu_count(), help="how many at once")
    parser.add_argument("--minutes", type=float, metavar="N", help="begin nothing more after so long")
    parser.add_argument("--show", type=int, default=6, metavar="N", help="how much to say of each failure")
    given = parser.parse_args()
    if unknown := set(given.commands) - COMMANDS.keys():
        parser.error(f"expected commands of {', '.join(COMMANDS)}; found {', '.join(unknown)}")
    return given


def _stage(root: Path) -> Stage:
    return _STAGES.setdefault(os.getpid(), Stage(root))


def _begun(asked: tuple[Path, str]) -> Trial:
    return trial(_stage(asked[0]), asked[1])


def _tasks(root: Path, given: argparse.Namespace) -> Iterator[Task]:
    """Each point with a kill, and with one of the errors."""
    chance = random.Random(given.seed)
    for name, one in sorted(_TRIALS.items()):
        every = [
            (root, name, point.row, what)
            for point in one.points[:: given.every]
            for what in _means(given, point.row)
            if given.row in (None, point.row)
        ]
        yield from every if given.sample is None else chance.sample(every, min(given.sample, len(every)))


def _means(given: argparse.Namespace, row: int) -> Sequence[str]:
    if given.means:
        return [given.means]
    turn = row + given.seed
    return [KILL] if turn % given.errors else [KILL, ERRORS[turn // given.errors % len(ERRORS)]]


def _tried(task: Task) -> tuple[Task, list[str]]:
    root, name, row, what = task
    return task, attack.tried(_stage(root), _TRIALS[name], _TRIALS[name].points[row - 1], what)


def _named(task: Task) -> str:
    _, name, row, what = task
    return f"{name} {what} {_TRIALS[name].points[row - 1]}"


def _table(tasks: Sequence[Task], failed: Sequence[Task]) -> None:
    click.echo(f"{'command':16}{'kills':>7}{'failed':>8}{'errors':>8}{'failed':>8}")
    for name in sorted({name for _, name, _, _ in tasks}):
        counts = [
            sum(1 for _, own, _, what in some if own == name and (what == KILL) == killed)
            for killed in (True, False)
            for some in (tasks, failed)
        ]
        click.echo(f"{name:16}{counts[0]:>7}{counts[1]:>8}{counts[2]:>8}{counts[3]:>8}")


if __name__ == "__main__":
    sys.exit(main())
