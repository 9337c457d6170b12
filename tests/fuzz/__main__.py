"""Every target for so long, one after the other: ``python -m tests.fuzz [TARGET…] --seconds 60``.

Each has a process of its own: one that is killed, by the clock or for its memory, is a finding like any other. Prints a
line a target, then the sum, and exits with 1 where something was found.
"""

import argparse
import contextlib
import io
import json
import os
import sys
import tempfile
import traceback
from pathlib import Path
from typing import Any, NoReturn

import atheris
import click

with (
    contextlib.redirect_stderr(io.StringIO()),
    atheris.instrument_imports(include=["archive", "publisher", "markdown_it"]),
):
    from tests.fuzz import course
    from tests.fuzz.targets import TARGETS

PLACE = Path(__file__).parents[2] / ".fuzz"
"""Where corpus and findings are kept between runs."""


def main() -> int:
    parser = argparse.ArgumentParser(prog="tests.fuzz", description=__doc__)
    parser.add_argument("targets", nargs="*", metavar="TARGET", help=f"of {', '.join(TARGETS)}; else all")
    parser.add_argument("--seconds", type=int, default=60, metavar="N", help="for each target")
    given = parser.parse_args()
    if unknown := set(given.targets) - TARGETS.keys():
        parser.error(f"expected targets of {', '.join(TARGETS)}; found {', '.join(unknown)}")
    inputs = findings = 0
    for name in given.targets or TARGETS:
        came = _apart(name, given.seconds)
        inputs, findings = inputs + came["inputs"], findings + len(came["broken"])
        click.echo(f"{name:<16}{came['inputs']:>10,} inputs {came['values']:>10,} values {came['MiB']:>5} MiB")
        for how, kept in came["broken"].items():
            click.echo(f"    {how}: .fuzz/found/{kept}")
    click.echo(f"{inputs:,} inputs, {findings} findings")
    return 1 if findings else 0


def _apart(name: str, seconds: int) -> dict[str, Any]:
    """What became of one target, in a process that shares what was imported."""
    read, write = os.pipe()
    with tempfile.TemporaryDirectory(prefix="fuzz-") as scratch:
        said = Path(scratch) / "said"
        said.touch()
        if not (child := os.fork()):
            _begin(name, seconds, said, write)
        os.close(write)
        with open(read, "rb") as told:
            came = told.read()
        _, status = os.waitpid(child, 0)
        last = " ".join(said.read_text(errors="replace").splitlines()[-3:])[-300:]
    if came:
        return dict(json.loads(came))
    ended = f"ended with {os.waitstatus_to_exitcode(status)}: {last}"
    return {"inputs": 0, "values": 0, "MiB": 0, "broken": {ended: f"{name}-*"}}


def _begin(name: str, seconds: int, said: Path, into: int) -> NoReturn:
    """In the child, which says what it has to say into a file."""
    tempfile.tempdir = str(said.parent)
    os.environ["SOURCE_DATE_EPOCH"] = "1795867200"  # sample homes go by it
    with said.open("wb") as file:
        os.dup2(file.fileno(), 1)
        os.dup2(file.fileno(), 2)
    try:
        course.run(name, TARGETS[name], seconds, PLACE, into)
    except BaseException:
        traceback.print_exc()
    finally:
        os._exit(2)


if __name__ == "__main__":
    sys.exit(main())
