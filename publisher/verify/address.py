"""An address that is asked for files, within bounds: how large, how many, how long, how often it leads elsewhere.

Only https, and http on this machine. No cookie, no proxy, no credentials; redirects stay on their host. Whoever answers
is a stranger.
"""

import http.client
import ipaddress
import socket
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from typing import TypeVar
from urllib.parse import SplitResult, quote, urljoin, urlsplit

from archive.errors import Error
from publisher.verify import message
from publisher.verify.place import CHECKPOINT, LARGEST

T = TypeVar("T")

SILENT = 20.0
"""Seconds that a server may say nothing."""

_CHUNK, _DEEPEST = 1 << 16, 6


@dataclass(slots=True)
class Bounds:
    """What may still be fetched; goes down with each answer."""

    seconds: float = 600.0
    """For everything together."""
    size: int = 2 << 30
    """Bytes, of everything together."""
    answers: int = 200_000
    redirects: int = 5
    """For one file."""


@dataclass
class Fetch:
    """One host that is asked for files. Lives as long as one check, and is closed after it; asked from one thread."""

    bounds: Bounds
    began: float = field(default_factory=time.monotonic)
    stopped: bool = False
    _open: tuple[str, http.client.HTTPConnection] | None = None
    _socket: socket.socket | None = None

    def get(self, url: str, most: int = LARGEST) -> bytes | None:
        """The file at an address; None where the server gives none. Raises `Error`, with the address."""
        start = checked(url)
        for _ in range(self.bounds.redirects + 1):
            try:
                found = self._answer(url, most)
            except Error:
                self.close()
                raise
            except (http.client.HTTPException, OSError, ValueError) as error:
                self.close()
                raise Error(f"{url}: cannot be fetched ({str(error)[:200] or type(error).__name__})") from None
            if not isinstance(found, str):
                return found
            url = _led(url, found)
            if (to := checked(url)).netloc != start.netloc or (start.scheme, to.scheme) == ("https", "http"):
                raise Error(
                    f"{start.geturl()}: leads to another host, {message.shown(url)}; name that address if you trust it"
                )
        raise Error(f"{start.geturl()}: leads from one address to the next without end")

    def _answer(self, url: str, most: int) -> bytes | str | None:
        """What the server holds, where it leads to, or None."""
        if self.stopped:
            raise Error(f"{url}: nobody waits for it any more")
        self.bounds.answers -= 1
        if self.bounds.answers < 0:
            raise Error(f"{url}: more files than are fetched; get a copy of the site another way, then verify that")
        with self._asked(urlsplit(url)) as answer:
            if answer.status in (403, 404, 410):  # some stores say 403 of what is not there
                self._body(url, answer, most)
                return None
            if answer.status in (301, 302, 303, 307, 308) and (to := answer.getheader("Location")):
                self._body(url, answer, most)
                return to
            if answer.status != 200:
                raise Error(f"{url}: the server answers {answer.status} {message.shown(answer.reason)}")
            if (coded := answer.getheader("Content-Encoding", "identity").lower()) != "identity":
                raise Error(f"{url}: the server sends it as {message.shown(coded)}, which was not asked for")
            return self._body(url, answer, most)

    def _asked(self, parts: SplitResult) -> http.client.HTTPResponse:
        was_open = self._open is not None
        try:
            return _asked(self._connection(parts), parts)
        except (http.client.RemoteDisconnected, BrokenPipeError, ConnectionResetError):
            if not was_open:
                raise
            self.close()  # the server closed it meanwhile
            return _asked(self._connection(parts), parts)

    def _body(self, url: str, answer: http.client.HTTPResponse, most: int) -> bytes:
        most = min(most, self.bounds.size)
        held = bytearray()
        while chunk := answer.read(min(_CHUNK, most + 1 - len(held))):
            held += chunk
            if len(held) > most:
                raise Error(f"{url}: has more than {most:,} bytes, more than is fetched")
            if self.stopped or time.monotonic() - self.began > self.bounds.seconds:
                raise Error(_late(url, self.bounds))
        if answer.length:  # what was announced and did not come; the library says nothing of it
            raise http.client.IncompleteRead(b"", answer.length)
        self.bounds.size -= len(held)
        return bytes(held)

    def _connection(self, parts: SplitResult) -> http.client.HTTPConnection:
        place = f"{parts.scheme}://{parts.netloc}"
        if self._open is None or self._open[0] != place or self._open[1].sock is None:
            self.close()
            kind = http.client.HTTPSConnection if parts.scheme == "https" else http.client.HTTPConnection
            self._open = place, kind(parts.netloc, timeout=min(SILENT, self.bounds.seconds))
            self._open[1].connect()
            self._socket = self._open[1].sock
        return self._open[1]

    def close(self) -> None:
        """Ends what is under way too, which another thread may wait for."""
        if self._socket:
            with suppress(OSError):
                self._socket.shutdown(socket.SHUT_RDWR)
        if self._open:
            self._open[1].close()
        self._open, self._socket = None, None


def _led(url: str, to: str) -> str:
    try:
        return urljoin(url, to)
    except ValueError:
        raise Error(f"{url}: leads to {message.shown(to)}, which is no address") from None


def _asked(connection: http.client.HTTPConnection, parts: SplitResult) -> http.client.HTTPResponse:
    target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    connection.request("GET", target, headers={"Accept-Encoding": "identity", "User-Agent": "publisher-verify"})
    return connection.getresponse()


def checked(url: str) -> SplitResult:
    """An address that is asked. Raises `Error` for any other."""
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname or "", parts.port
    except ValueError:
        raise Error(f"{url[:200]}: expected an address such as https://letters.example.org/") from None
    if "@" in parts.netloc or not host or any(ord(each) <= 32 or ord(each) > 126 for each in url):
        raise Error(
            f"{url[:200]!r}: expected an address such as https://letters.example.org/, without a name or spaces"
        )
    if parts.scheme != "https" and not (parts.scheme == "http" and is_here(host)):
        raise Error(f"{url[:200]}: expected https://; http:// is asked on this machine alone")
    return parts


def is_away(target: str) -> bool:
    """Whether it is the address of another machine."""
    try:
        host = urlsplit(target).hostname if "://" in target else ""
    except ValueError:
        host = ""
    return bool(host) and not is_here(str(host))


def is_here(host: str) -> bool:
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _late(url: str, bounds: Bounds) -> str:
    return f"{url}: took longer than {bounds.seconds:g} seconds; get a copy of the site another way, then verify that"


@dataclass(frozen=True, slots=True)
class SiteAddress:
    """A site at its address, read file by file."""

    url: str
    """With a slash at its end."""
    fetch: Fetch

    @property
    def name(self) -> str:
        return self.url

    def read(self, path: str) -> bytes | None:
        """Raises `Error` where the server gives no answer."""
        return within(self.fetch, self.url, lambda: self.get(path))

    def get(self, path: str) -> bytes | None:
        """The same, for whoever watches the time already."""
        return self.fetch.get(self.url + quote(path))


def within(fetch: Fetch, url: str, work: Callable[[], T]) -> T:
    """What `work` gives, within the time that is left: a server that sends a byte now and then is not waited for.

    Raises `Error`, or what `work` raises.
    """
    done: list[T] = []
    failed: list[BaseException] = []

    def run() -> None:
        try:
            done.append(work())
        except BaseException as error:  # it is raised again below
            failed.append(error)

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    try:
        thread.join(max(0.0, fetch.bounds.seconds - (time.monotonic() - fetch.began)))
    finally:
        fetch.stopped = fetch.stopped or thread.is_alive()
    if failed:
        raise failed[0]
    if not done:
        raise Error(_late(url, fetch.bounds))
    return done[0]


def site_above(url: str, fetch: Fetch) -> SiteAddress | None:
    """The site that an address lies in: the nearest folder of it with a checkpoint. Raises `Error`."""
    parts = checked(url)
    folder = parts.path.rpartition("/")[0] + "/"
    for _ in range(_DEEPEST):
        place = SiteAddress(parts._replace(path=folder, query="", fragment="").geturl(), fetch)
        if b"\n\n\xe2\x80\x94 " in (
            place.read(CHECKPOINT) or b""
        ):  # a signature line: not a page that says «not found»
            return place
        if folder == "/":
            return None
        folder = folder.rstrip("/").rpartition("/")[0] + "/"
    return None
