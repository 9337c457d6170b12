"""The preview over HTTP: for the browsers of one person on this machine.

It listens on 127.0.0.1 alone. Whoever asks under another name is refused, since a page elsewhere may have had its own
name point here (DNS rebinding). Every address begins with a secret that only the person is told: what lies in a home is
its owner's alone, and others may use this machine or have a page open in this browser.
"""

import hmac
import secrets
import socketserver
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import unquote

from archive.errors import Error, Problem
from publisher.delivery.preview.pages import Answer, problem_page
from publisher.delivery.preview.preview import Preview

HOST = "127.0.0.1"
BEAT = 15.0
"""Seconds after which a page that waits for news is told that there are none: so it is noticed that it went away."""
_ALWAYS = {
    "cache-control": "no-store",
    "referrer-policy": "no-referrer",
    "x-content-type-options": "nosniff",
    "cross-origin-resource-policy": "same-origin",
}


class Server(ThreadingHTTPServer):
    """Answers until it is shut down."""

    daemon_threads = True

    def __init__(self, preview: Preview, port: int = 0) -> None:
        """On a port that is free, unless told. Raises `Error` where that one is taken."""
        self.preview, self.secret = preview, secrets.token_urlsafe(12)
        self.stopped = threading.Event()
        try:
            super().__init__((HOST, port), _Handler)
        except OSError as error:
            what = f"nothing can listen on {HOST}:{port} ({error.strerror})"
            raise Error(f"--port: {what}; name another one, or none: any that is free is taken then") from None

    def server_bind(self) -> None:
        """Without looking up names for its own address, which may take long."""
        socketserver.TCPServer.server_bind(self)
        self.server_name, self.server_port = HOST, self.server_address[1]

    @property
    def address(self) -> str:
        """What the person is told: ``http://127.0.0.1:41234/nrlLQ7NMzKUJKF_t/``"""
        return f"http://{HOST}:{self.server_port}/{self.secret}/"

    def follow(self) -> None:
        """Show what is saved from now on, until it is closed."""
        threading.Thread(target=self.preview.follow, args=[self.stopped], daemon=True).start()

    def server_close(self) -> None:
        self.stopped.set()
        super().server_close()

    def handle_error(self, request: object, client: object) -> None:
        """A browser that goes away is no error; anything else is a bug, and told as one."""
        if not isinstance(sys.exc_info()[1], OSError):
            super().handle_error(request, client)  # type: ignore[arg-type]


class _Handler(BaseHTTPRequestHandler):
    server: Server
    server_version, sys_version = "emeritus", ""

    def do_GET(self) -> None:
        port = self.server.server_port
        if self.headers.get("Host") not in (f"{HOST}:{port}", f"localhost:{port}"):
            self._say(problem_page([Problem("", f"expected to be asked as {HOST}:{port}, and was not")], 403))
            return
        _, secret, *rest = unquote(self.path.partition("?")[0]).split("/", 2)
        if not rest or not hmac.compare_digest(secret.encode(), self.server.secret.encode()):
            self._say(problem_page([Problem("", "open the whole address that publisher preview has printed")], 404))
        elif rest == ["events"]:
            self._tell()
        else:
            self._say(self._answered(rest[0]))

    def _answered(self, path: str) -> Answer:
        try:
            return self.server.preview.answer(path)
        except Exception:
            said = [Problem(path, "cannot be shown, by a mistake in this program; where it runs, it says more")]
            self._say(problem_page(said, 500))
            raise

    def _say(self, answer: Answer) -> None:
        self.send_response(answer.status)
        for name, value in ({"content-length": str(len(answer.body))} | answer.headers | _ALWAYS).items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(answer.body)

    def _tell(self) -> None:
        """Server-Sent Events: the number of each draft, when there is one."""
        self.send_response(200)
        for name, value in ({"content-type": "text/event-stream"} | _ALWAYS).items():
            self.send_header(name, value)
        self.end_headers()
        version = 0
        while not self.server.stopped.is_set():
            newest = self.server.preview.newer(version, BEAT)
            self.wfile.write(f"data: {newest}\n\n".encode() if newest != version else b":\n\n")
            version = newest

    def log_message(self, format: str, *arguments: object) -> None:
        """Nothing is logged."""
