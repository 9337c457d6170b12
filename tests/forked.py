"""The programs in processes of their own, each forked from one that has imported everything.

So a command costs what it does and no start of Python; where the start itself is tried, `subprocess` starts it.
"""

import atexit
import ctypes
import gc
import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from tests.torture.process import preload

ROOT = Path(__file__).parents[1]
_PR_CAPBSET_DROP = 24
_CAPABILITY_VERSION = 0x20080522
_LONGEST = 1 << 17
"""Bytes that one command's words and environment may have."""


MOST = 400
"""MiB that one process may hold; checking a small site takes a few beside the 100 that the program is."""
Judge = Callable[[Path], str]
"""Gives what `publisher verify` says of a site that it refuses."""


@dataclass(frozen=True)
class Done:
    """How a command ended."""

    returncode: int
    """As `subprocess` counts it."""
    stdout: bytes
    stderr: bytes
    peak: int
    """KiB that it held at most, or one of its own processes did; it begins with the 100,000 of a program all loaded."""


@dataclass(frozen=True)
class Running:
    """A command that was begun."""

    pid: int
    stderr: IO[bytes]
    """Can be read while it runs."""
    _stdout: IO[bytes]
    _told: socket.socket

    def ended(self, timeout: float = 60) -> Done:
        """When it has ended; it is killed, and that is what is told of it, when this takes longer."""
        impatience = threading.Timer(timeout, os.kill, (self.pid, signal.SIGKILL))
        impatience.start()
        with self._told, self.stderr, self._stdout:
            said = self.stderr.read()
            status, peak = map(int, self._told.recv(64).split())
            impatience.cancel()
            self._stdout.seek(0)
            return Done(os.waitstatus_to_exitcode(status), self._stdout.read(), said, peak)


@dataclass(frozen=True)
class Forked:
    """Begins commands for as long as the tests run."""

    _asked: socket.socket

    def run(self, *words: object, timeout: float = 60, **how: object) -> Done:
        """``forked.run("archive", "list", at=home.root)``, to its end."""
        return self.begin(*words, **how).ended(timeout)  # type: ignore[arg-type]

    def begin(self, *words: object, at: Path | str | bytes = ROOT, given: bytes = b"", **environment: str) -> Running:
        """In the folder `at`, with `given` to read, and `environment` beside what there is."""
        asked = {"words": [os.fspath(w) if isinstance(w, Path) else str(w) for w in words], "at": os.fsdecode(at)}
        told, tells = socket.socketpair()
        reading, writing = os.pipe()
        out = tempfile.TemporaryFile()  # noqa: SIM115 (closed when it has ended)
        with tempfile.TemporaryFile() as source, tells:
            source.write(given)
            source.seek(0)
            theirs = [source.fileno(), out.fileno(), writing, tells.fileno()]
            line = json.dumps({**asked, "environment": {**os.environ, **environment}}).encode()
            socket.send_fds(self._asked, [line], theirs)
        os.close(writing)
        return Running(int(told.recv(64)), open(reading, "rb"), out, told)


@contextmanager
def forking() -> Iterator[Forked]:
    """The process from which they are forked."""
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_DGRAM)
    ours.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, _LONGEST)
    command = [sys.executable, "-m", "tests.forked", str(theirs.fileno())]
    with ours, subprocess.Popen(command, cwd=ROOT, pass_fds=[theirs.fileno()]) as process:
        theirs.close()
        yield Forked(ours)
        ours.send(b"")
        process.wait()


def _serve(asked: socket.socket) -> None:
    preload()
    gc.collect()
    gc.freeze()  # so that a child shares it
    while (got := socket.recv_fds(asked, _LONGEST, 4))[0]:
        line, handles, *_ = got
        if not os.fork():
            _keep(asked, line, handles)
        for handle in handles:
            os.close(handle)
        with suppress(ChildProcessError):
            while os.waitpid(-1, os.WNOHANG)[0]:
                pass


def _keep(asked: socket.socket, line: bytes, handles: list[int]) -> None:
    """Fork the command, say who it is, and how it ended. Never returns."""
    asked.close()
    child = os.fork()
    if not child:
        _live(json.loads(line), handles)
    for handle in handles[:3]:
        os.close(handle)
    os.write(handles[3], b"%64d" % child)
    _, status, usage = os.wait4(child, 0)
    os.write(handles[3], b"%32d%32d" % (status, usage.ru_maxrss >> 10 * (sys.platform == "darwin")))
    os._exit(0)


def _live(asked: dict[str, object], handles: list[int]) -> None:
    """The command's life: it never returns."""
    for here in range(3):
        os.dup2(handles[here], here)
    for handle in handles:
        os.close(handle)
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        was = getattr(sys, name)
        setattr(sys, name, open(was.fileno(), mode, encoding=was.encoding, errors=was.errors))  # noqa: SIM115
    sys.argv[:] = asked["words"]  # type: ignore[call-overload]
    sys.modules["__main__"].__package__ = None  # so that click calls the program by its name
    os.environ.clear()
    os.environ.update(asked["environment"])  # type: ignore[arg-type]
    tempfile.tempdir = None
    code = 1
    try:
        os.chdir(asked["at"])  # type: ignore[arg-type]
        _bind()
        if sys.argv[0] == "archive":
            from archive.cli.entry import archive as entered
        else:
            from publisher.cli.entry import publisher as entered
        entered()
        code = 0
    except SystemExit as end:
        code = end.code if isinstance(end.code, int) else int(end.code is not None)
    except BaseException:
        traceback.print_exc()
    atexit._run_exitfuncs()
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code)


def _bind() -> None:
    """Have permissions bind it and whatever it starts, also where the tests run as the superuser."""
    if sys.platform == "linux" and os.geteuid() == 0:
        libc = ctypes.CDLL(None)
        for capability in range(64):
            libc.prctl(_PR_CAPBSET_DROP, capability, 0, 0, 0)
        libc.capset((ctypes.c_uint32 * 2)(_CAPABILITY_VERSION, 0), (ctypes.c_uint32 * 6)())


if __name__ == "__main__":
    _serve(socket.socket(fileno=int(sys.argv[1])))
