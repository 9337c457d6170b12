"""Files of a site, from a folder or over HTTP: a stranger's, so each is bounded in size and time."""

import time
import urllib.error
import urllib.request
from collections.abc import Callable
from http.client import HTTPException, HTTPMessage
from pathlib import Path
from typing import IO
from urllib.parse import urlsplit

from archive import __version__
from archive.errors import Error, NotFound

Read = Callable[[str, int], bytes]
"""Site path and the most bytes it may have → what it holds. Raises `NotFound`, or `Error`."""

_SECONDS, _ALL = 20.0, 300.0
"""How long one file may take, and all together."""


def is_address(target: str) -> bool:
    """``https://letters.example.org``, and not a folder."""
    return target.startswith(("https://", "http://"))


def reader(target: str) -> Read:
    """Reads what lies under a folder or an address."""
    return _over_http(target.rstrip("/")) if is_address(target) else _in_folder(Path(target))


def _in_folder(folder: Path) -> Read:
    def read(name: str, most: int) -> bytes:
        path = folder / name
        if not path.is_file():
            raise NotFound(f"{path}: expected a file, found none")
        with path.open("rb") as file:
            data = file.read(most + 1)
        return _bounded(data, most, str(path))

    return read


class _Stay(urllib.request.HTTPRedirectHandler):
    """Follows no way that leads to another host, or out of https."""

    def redirect_request(
        self, req: urllib.request.Request, fp: IO[bytes], code: int, msg: str, headers: HTTPMessage, newurl: str
    ) -> urllib.request.Request | None:
        old, new = urlsplit(req.full_url), urlsplit(newurl)
        if old.hostname != new.hostname or new.scheme not in (old.scheme, "https"):
            raise Error(f"{req.full_url}: leads to {newurl[:200]}; name that address if it is meant")
        return super().redirect_request(req, fp, code, msg, headers, newurl)


def _over_http(address: str) -> Read:
    opener, end = urllib.request.build_opener(_Stay), time.monotonic() + _ALL

    def read(name: str, most: int) -> bytes:
        url, until = f"{address}/{name}", min(end, time.monotonic() + _SECONDS)
        try:
            request = urllib.request.Request(url, headers={"User-Agent": f"emeritus/{__version__}"})
            with opener.open(request, timeout=max(0.1, until - time.monotonic())) as got:
                data = b""
                while len(data) <= most and (more := got.read1(1 << 16)):
                    data += more
                    if time.monotonic() > until:
                        raise Error(f"{url}: has not come to its end in time")
        except urllib.error.HTTPError as error:
            with error:
                if error.code in (404, 410):
                    raise NotFound(f"{url}: expected a file, found none (HTTP status {error.code})") from None
                raise Error(f"{url}: answered with HTTP status {error.code}") from None
        except urllib.error.URLError as error:
            raise Error(f"{url}: cannot be reached: {error.reason}") from None
        except (OSError, ValueError, HTTPException) as error:
            raise Error(f"{url}: cannot be read: {error}") from None
        return _bounded(data, most, url)

    return read


def _bounded(data: bytes, most: int, place: str) -> bytes:
    if len(data) > most:
        raise Error(f"{place}: expected at most {most:,} bytes, found more")
    return data
