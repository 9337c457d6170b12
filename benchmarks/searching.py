"""``python -m benchmarks.searching HOME OPTIONS QUERY…``: what `archive search` takes for each query, beyond the start
of its process; prints the medians in seconds. OPTIONS are those of the command, with commas between them, or ``-``."""

import contextlib
import io
import json
import sys

import click

from benchmarks.measure import medians, timed


def main(home: str, options: str, queries: list[str]) -> None:
    from archive.cli.commands import main as command

    given = [] if options == "-" else options.split(",")

    def search(query: str) -> None:
        said = io.StringIO()
        with contextlib.redirect_stdout(said), contextlib.suppress(SystemExit):
            command(["search", "--home", home, "--json", *given, query])
        if not json.loads(said.getvalue()):
            raise SystemExit(f"{query}: expected some turns, found none")

    search(queries[0])  # the modules are loaded
    took = [timed(lambda: search(query)) for query in queries[1:]]  # noqa: B023
    click.echo(medians(took))


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], sys.argv[3:])
