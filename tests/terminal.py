"""A person at a terminal: waits until something is said, then types."""

import os
import pty
import re
import select
import signal
import time
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType

PATIENCE = 60.0
"""Seconds until a person gives up."""


class Terminal:
    """A program run at a terminal of 80 columns and 24 lines. Lives as long as its `with`."""

    def __init__(self, words: list[str], folder: Path, environment: Mapping[str, str]) -> None:
        self.seen = ""
        self.code: int | None = None
        self._at = 0
        self._child, self._handle = pty.fork()
        if not self._child:
            os.chdir(folder)
            own = {"TERM": "dumb", "PAGER": "cat", "COLUMNS": "80", "LINES": "24"}
            os.execvpe(words[0], words, {**os.environ, **own, **environment})

    def __enter__(self) -> "Terminal":
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, of: TracebackType | None) -> None:
        if self.code is None:
            os.kill(self._child, signal.SIGKILL)
            os.waitpid(self._child, 0)
        os.close(self._handle)

    def wait(self, said: str) -> None:
        """Until this was said since the last time.

        Spaces and line ends are as good as each other, and ``…`` stands for anything.
        """
        words = [r"\s+".join(map(re.escape, part.split())) for part in said.split("…")]
        form = re.compile(".*?".join(words), re.DOTALL)
        until = time.monotonic() + PATIENCE
        while not (found := form.search(self.seen, self._at)):
            assert self._more(until), f"never said: {said}\nsaid:\n{self.seen[self._at :]}"
        self._at = found.end()

    def type(self, text: str) -> None:
        """As it is: a line wants its end."""
        os.write(self._handle, text.encode())

    def answer(self, asked: str, text: str) -> None:
        """A line, once it was asked for."""
        self.wait(asked)
        self.type(f"{text}\n")

    def end(self) -> int:
        """The exit status, once it has come to its end."""
        until = time.monotonic() + PATIENCE
        while self._more(until):
            pass
        self.code = os.waitstatus_to_exitcode(os.waitpid(self._child, 0)[1])
        return self.code

    def _more(self, until: float) -> bool:
        """Whether something more was said; False where the other end is gone."""
        while time.monotonic() < until:
            if select.select([self._handle], [], [], 0.2)[0]:
                try:
                    data = os.read(self._handle, 4096)
                except OSError:
                    return False
                self.seen += data.decode(errors="replace").replace("\r\n", "\n")
                return bool(data)
        raise AssertionError(f"nothing more was said:\n{self.seen}")
