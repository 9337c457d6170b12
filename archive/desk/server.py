"""The desk over HTTP, until Ctrl-C or until its terminal is closed."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from importlib.metadata import entry_points
from pathlib import Path

import uvicorn

from archive.desk import kept
from archive.desk.app import app
from archive.desk.desk import HOST, Desk
from archive.desk.section import Section
from archive.desk.sections import SECTIONS
from archive.errors import Error
from archive.register import durable

GROUP = "emeritus.desk"
"""Entry points that name further sections: a `Sequence` of them each. The publisher's are found so."""
_GRACE = 3
"""Seconds that answers under way are given when it ends."""


def sections() -> list[Section]:
    """Of the archive, then of what else is installed."""
    further = [section for point in entry_points(group=GROUP) for section in point.load()]
    return [*SECTIONS, *further]


class Server:
    """One desk. `address` is what the person is told."""

    def __init__(self, root: Path, port: int = 0, coder: str = "") -> None:
        """On a port that is free, unless told. Raises `Error` where that one is taken."""
        self._socket = socket.socket()
        self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            self._socket.bind((HOST, port))
            self._socket.listen()
        except OSError as error:
            what = f"nothing can listen on {HOST}:{port} ({error.strerror})"
            raise Error(f"--port: {what}; name another one, or none: any that is free is taken then") from None
        found = sections()
        self.desk = Desk(root=root, parts=found, port=self._socket.getsockname()[1], coder=coder)
        kept.sweep(self.desk.kept)
        config = uvicorn.Config(
            app(self.desk, found), log_level="critical", access_log=False, lifespan="off", server_header=False,
            timeout_graceful_shutdown=_GRACE, ws="none", proxy_headers=False,
        )  # fmt: skip
        self._server = uvicorn.Server(config)

    @property
    def address(self) -> str:
        """``http://127.0.0.1:41234/nrlLQ7NMzKUJKF_t``"""
        return self.desk.first_address

    def letter(self) -> Path:
        """A page that leads to the first address, its owner's alone: a browser is started with this, since everybody on
        this machine can read what a program is started with. It goes when the desk ends."""
        page = f'<!doctype html><meta http-equiv="refresh" content="0; url={self.address}"><title>The desk</title>\n'
        durable.write(self._letter, page.encode())
        return self._letter

    @property
    def _letter(self) -> Path:
        return self.desk.kept / f"{self.desk.name}.html"

    def serve(self) -> None:
        """Answer until it is stopped, by Ctrl-C too."""
        try:
            with suppress(KeyboardInterrupt):
                self._server.run(sockets=[self._socket])
        finally:
            self._letter.unlink(missing_ok=True)

    def stop(self) -> None:
        """From another thread."""
        self._server.should_exit = True


@contextmanager
def serving(root: Path, *, coder: str = "") -> Iterator[Server]:
    """A desk that answers as long as it is needed, from a thread of its own."""
    server = Server(root, coder=coder)
    thread = threading.Thread(target=server.serve, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.stop()
        thread.join(10)
