"""A command in a process of its own, which strace may stand over.

Forked from one that has imported everything already, so that a run costs what the command does and no start of Python.
"""

import ctypes
import os
import re
import signal
import subprocess
import sys
import tempfile
import traceback
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

_SECONDS = 120
"""After which a command counts as hung."""
_PR_SET_PTRACER = 0x59616D61


@dataclass(frozen=True, slots=True)
class Done:
    """How a command ended."""

    code: int
    """As a shell counts it: 137 was killed."""
    out: str
    err: str


def ended(
    arguments: Sequence[str],
    folder: Path,
    *,
    environment: Mapping[str, str],
    strace: Sequence[str] = (),
    person: bool = False,
) -> Done:
    """Run ``archive`` or ``publisher`` in `folder`, under strace with these options where there are any.

    With a `person`, a terminal is at both ends.
    """
    program, *rest = arguments

    def command() -> None:
        os.chdir(folder)
        os.environ.update(environment)
        if program == "archive":
            from archive.cli.commands import main
        else:
            from publisher.cli.commands import main
        main(rest, prog_name=program)

    return called(command, strace=strace, person=person)


def called(function: Callable[[], object], *, strace: Sequence[str] = (), person: bool = False) -> Done:
    """Call a function in a child; what it prints, and the status it exits with."""
    err = os.memfd_create("err")
    seat, own = os.openpty() if person else (-1, os.memfd_create("out"))
    child = os.fork()
    if not child:
        _live(function, own if person else os.open(os.devnull, os.O_RDONLY), own, err, traced=bool(strace))
    try:
        if strace:
            _attach(child, strace)
        _, status = os.waitpid(child, 0)
    finally:
        said = ["" if person else _read(own), _read(err)]
        for handle in (seat, own) if person else ():
            os.close(handle)
    code = os.waitstatus_to_exitcode(status)
    return Done(code if code >= 0 else 128 - code, *said)


def _live(function: Callable[[], object], source: int, out: int, err: int, *, traced: bool) -> None:
    """The child's life: it never returns."""
    code = 1
    try:
        for handle, here in ((source, 0), (out, 1), (err, 2)):
            os.dup2(handle, here)
        sys.stdin, sys.stdout, sys.stderr = (open(n, mode) for n, mode in ((0, "r"), (1, "w"), (2, "w")))  # noqa: SIM115
        tempfile.tempdir = None
        signal.signal(signal.SIGINT, signal.default_int_handler)
        signal.alarm(_SECONDS)
        if traced:
            ctypes.CDLL(None).prctl(_PR_SET_PTRACER, ctypes.c_ulong(-1), 0, 0, 0)
            os.kill(os.getpid(), signal.SIGSTOP)
        function()
        code = 0
    except SystemExit as end:
        code = end.code if isinstance(end.code, int) else int(end.code is not None)
    except BaseException:
        traceback.print_exc()
    try:
        sys.stdout.flush()
        sys.stderr.flush()
    finally:
        os._exit(code)


def _attach(child: int, strace: Sequence[str]) -> None:
    os.waitpid(child, os.WUNTRACED)
    tracer = subprocess.Popen(["strace", "-p", str(child), *strace], stderr=subprocess.PIPE, text=True)
    assert tracer.stderr
    said = tracer.stderr.readline()
    if "attached" not in said:
        os.kill(child, signal.SIGKILL)
        raise RuntimeError(f"strace cannot be used here: {said.strip()}")
    os.kill(child, signal.SIGCONT)
    tracer.stderr.read()
    tracer.wait()


def _read(handle: int) -> str:
    os.lseek(handle, 0, os.SEEK_SET)
    with open(handle, "rb") as file:
        return file.read().decode(errors="replace")


def preload() -> None:
    """Import all modules of both programs, and the libraries they import late."""
    import importlib.util
    import pkgutil

    import archive
    import publisher

    for package in (archive, publisher):
        for module in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            if not module.name.endswith("__main__"):
                try:
                    importlib.import_module(module.name)
                except ModuleNotFoundError as error:
                    if error.name != "inspect_ai":  # the extra `interview`, which this environment is without
                        raise
    if importlib.util.find_spec("pyarrow"):
        importlib.import_module("pyarrow.parquet")


_CALL = re.compile(r"(?:\d+ +)?(\w+)\((.*)")


def calls(trace: str) -> list[tuple[str, str]]:
    """Name and arguments of each call in a trace."""
    plain = re.sub(rb"\\([0-3][0-7]{2})", lambda octal: bytes([int(octal[1], 8)]), trace.encode()).decode(
        errors="replace"
    )
    return [(found[1], found[2]) for line in plain.splitlines() if (found := _CALL.match(line))]
