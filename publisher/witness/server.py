"""The witness over HTTP (C2SP tlog-witness): one request at a time, each bounded in size and time.

::

    POST /add-checkpoint               see `archive.register.witness`
    GET  /<SHA-256 of origin>/checkpoint   what it cosigned last of a register

TLS is the business of what stands before it, as for any small server.
"""

import contextlib
import datetime as dt
import re
import socket
import sys
import threading
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, HTTPServer

from archive.characters import marked
from archive.errors import Error
from archive.register.statement import encode_time
from archive.register.witness import ADD, LARGEST, SIZE
from publisher.witness.folder import Witness

SECONDS = 5.0
"""How long one connection may take, from its first byte to its last."""
_TEXT = "text/plain; charset=utf-8"


class Server(HTTPServer):
    """Answers for a witness until it is shut down. Waiting callers queue."""

    request_queue_size = 64

    def __init__(self, address: tuple[str, int], witness: Witness, tell: Callable[[str], object]) -> None:
        """`tell` is given a line for each request. Raises `Error` where nothing can listen."""
        self.witness, self.tell = witness, tell
        self.address_family = socket.AF_INET6 if ":" in address[0] else socket.AF_INET
        try:
            super().__init__(address, _Handler)
        except (OSError, OverflowError) as error:
            raise Error(f"--listen: nothing can listen on {address[0]}:{address[1]}: {error}") from None

    def server_bind(self) -> None:
        """Without looking up names for its own address, which may take long."""
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self.socket.bind(self.server_address)
        self.server_address = self.socket.getsockname()
        self.server_name, self.server_port = str(self.server_address[0]), self.server_address[1]

    def finish_request(self, request: socket.socket | tuple[bytes, socket.socket], client: object) -> None:
        """One connection, cut off when its time is over: nobody keeps the others waiting."""
        assert isinstance(request, socket.socket)
        request.settimeout(SECONDS)
        timer = threading.Timer(SECONDS, _cut, [request])
        timer.daemon = True
        timer.start()
        try:
            super().finish_request(request, client)
        finally:
            timer.cancel()

    def handle_error(self, request: object, client: object) -> None:
        """A caller that goes away, or sends what is not HTTP, is no reason to stop."""
        self.tell(f"{_clock()}  {type(sys.exc_info()[1]).__name__}: {sys.exc_info()[1]}")


def _cut(connection: socket.socket) -> None:
    with contextlib.suppress(OSError):  # it has ended
        connection.shutdown(socket.SHUT_RDWR)


class _Handler(BaseHTTPRequestHandler):
    server: Server
    server_version, sys_version = "emeritus", ""

    def do_POST(self) -> None:
        if self.path.rpartition("/")[2] != ADD:
            self._say(404, "there is only add-checkpoint\n")
            return
        length = self.headers.get("Content-Length", "")
        if not (length.isascii() and length.isdecimal()) or int(length[:9]) > LARGEST or len(length) > 9:
            self._say(413 if length else 411, f"expected a Content-Length of at most {LARGEST} bytes\n")
            return
        data = self.rfile.read(int(length))
        if len(data) < int(length):
            self._say(400, "the request ended too early\n")
            return
        try:
            answer = self.server.witness.add_checkpoint(data)
        except (Error, OSError) as error:
            self.server.tell(f"{_clock()}  500  {error}")
            self._say(500, "the witness cannot read or keep what it cosigns\n")
            return
        self._say(answer.status, answer.body, SIZE if answer.status == 409 else _TEXT, answer.origin)

    def do_GET(self) -> None:
        form = re.fullmatch(r"/([0-9a-f]{64})/checkpoint", self.path)
        try:
            note = self.server.witness.shown(form[1]) if form else ""
        except (Error, OSError):
            note = ""
        self._say(200 if note else 404, note or "nothing was cosigned under that address\n")

    def _say(self, status: int, body: str, kind: str = _TEXT, origin: str = "") -> None:
        data = body.encode()
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)
        said = marked(f"{self.command} {origin or self.path[:90]}  {'' if status == 200 else body.strip()[:200]}")
        self.server.tell(f"{_clock()}  {status}  {said}".rstrip())

    def log_message(self, format: str, *arguments: object) -> None:
        """`_say` tells."""


def _clock() -> str:
    return encode_time(dt.datetime.now(dt.UTC))
