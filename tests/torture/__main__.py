"""Kill a command before its K-th disk-changing call, run it again undisturbed, and compare with a run nobody disturbed.

``python -m tests.torture [--every N] [COMMAND…]`` tries every N-th point of each command (strace injects the kill),
prints a line a command and each point that did not end whole, and exits with 1 if there is one.
"""

import argparse
import sys

import click

from tests.torture.attack import COMMANDS, points, tried
from tests.torture.stage import Stage


def main() -> int:
    parser = argparse.ArgumentParser(prog="tests.torture", description=__doc__)
    parser.add_argument("commands", nargs="*", metavar="COMMAND", help=f"of {', '.join(COMMANDS)}; else all")
    parser.add_argument("--every", type=int, default=1, metavar="N", help="try every N-th point")
    parser.add_argument("--from", dest="first", type=int, default=1, metavar="K", help="begin with the K-th point")
    given = parser.parse_args()
    failed = total = 0
    with Stage() as stage:
        for name in given.commands or COMMANDS:
            found = []
            chosen = range(given.first, points(stage, name) + 1, given.every)
            for k in chosen:
                if wrong := tried(stage, name, k):
                    found.append((k, wrong))
            total, failed = total + len(chosen), failed + len(found)
            click.echo(f"{name}: whole again {len(chosen) - len(found)} of {len(chosen)}")
            for k, wrong in found:
                click.echo(f"  before call {k}: {'; '.join(wrong)}")
    click.echo(f"{total} points, {failed} not whole")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
