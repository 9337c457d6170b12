"""Run ours and its peers side by side and print ratios: ``python -m benchmarks [--quick] [--write] … [BENCH…]``.

A goal that is not met is printed, it is no failure; exit status 1 says that something could not be run.
"""

import argparse
import json
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

import click

from benchmarks import results
from benchmarks.bench import Lab
from benchmarks.benches import BENCHES
from benchmarks.homes import Homes
from benchmarks.measure import Failed
from benchmarks.peers import Missing
from benchmarks.results import Row, Skipped


def main() -> int:
    names = dict.fromkeys(bench.name for bench in BENCHES)
    parser = argparse.ArgumentParser(prog="benchmarks", description=__doc__)
    parser.add_argument("benches", nargs="*", metavar="BENCH", help=f"of {', '.join(names)}; else all")
    parser.add_argument("--quick", action="store_true", help="small corpora, which decide nothing")
    parser.add_argument("--rounds", type=int, help="instead of as many as each bench asks for")
    parser.add_argument(
        "--most", type=int, help="no more than so many deposits, essays or MB; decides nothing where less"
    )
    parser.add_argument("--json", action="store_true", help="print the rows for programs")
    parser.add_argument("--write", action="store_true", help="put the table on top of RESULTS.md")
    parser.add_argument("--build", type=Path, default=Path(__file__).with_name("build"), help="where corpora are kept")
    given = parser.parse_args()
    if unknown := [name for name in given.benches if name not in names]:
        parser.error(f"expected some of {', '.join(names)}, found {', '.join(unknown)}")
    lab = Lab(Homes(given.build.resolve()), given.quick, given.rounds, given.most)
    rows: list[Row | Skipped] = []
    try:
        rows.extend(_measured(lab, given.benches or [*names]))
    except KeyboardInterrupt:
        click.echo("stopped; what was measured until now:", err=True)
    click.echo(json.dumps(results.plain(rows), indent=2) if given.json else results.table(rows), nl=given.json)
    if given.write and rows:
        results.write(rows)
    return int(any(isinstance(row, Skipped) and row.failed for row in rows))


def _measured(lab: Lab, names: Sequence[str]) -> Iterator[Row | Skipped]:
    """Row by row, each told as soon as it is there."""
    for name in names:
        click.echo(f"{name} …", err=True)
        try:
            for row in lab.run([bench for bench in BENCHES if bench.name == name]):
                click.echo(f"  {row.what}: {results.figure(row)}, goal ≤ {row.goal:g}", err=True)
                yield row
        except (Failed, Missing) as why:
            click.echo(f"{name}: skipped: {why}", err=True)
            yield Skipped(name, str(why), failed=isinstance(why, Failed))


if __name__ == "__main__":
    sys.exit(main())
