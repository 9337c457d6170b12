"""Object storage, and whatever else fsspec knows by an address: ``s3://bucket/prefix`` (extra `objects`).

Where the storage keeps headers with an object (S3 does), each goes with those that a web server would send. Credentials
and endpoints are those of the environment, as botocore reads them: ``AWS_ACCESS_KEY_ID``, ``AWS_ENDPOINT_URL``.
"""

import contextlib
import hashlib
import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from archive.errors import Error, not_installed
from publisher.site.headers import headers

_ELSEWISE = {
    "http": "nothing can be put there over HTTP; name where the host takes files from",
    "https": "nothing can be put there over HTTP; name where the host takes files from, or git:https://…#branch",
    "ssh": "over ssh it is user@host:/path",
    "file": "a folder is named by its path",
}
_LIBRARIES = {"s3": "s3fs", "s3a": "s3fs"}


class Objects:
    """See `publisher.delivery.target.Target`."""

    def __init__(self, address: str) -> None:
        """Raises `Error` where a library is missing that knows such addresses."""
        self.name = re.sub(r"//[^/@]*@", "//", address)
        kind = address.partition("://")[0]
        self.away = kind != "memory"
        if kind in _ELSEWISE:
            raise Error(f"{self.name}: {_ELSEWISE[kind]}")
        try:
            import fsspec
        except ImportError:
            raise not_installed(f"to copy to {kind}://", _LIBRARIES.get(kind, "fsspec")) from None
        with self._told():
            try:
                fresh = {"use_listings_cache": False, "skip_instance_cache": True}
                self._files, root = fsspec.core.url_to_fs(address, **fresh)
            except ImportError as error:
                raise not_installed(f"to copy to {kind}://", _LIBRARIES.get(kind, error.name or "fsspec")) from None
        self._root = f"{root.rstrip('/')}/"
        self._with_headers = kind in _LIBRARIES

    def marks(self) -> Mapping[str, str]:
        with self._told():
            self._files.invalidate_cache()
            found = self._files.find(self._root.rstrip("/"), detail=True)
            return {path.removeprefix(self._root): self._mark(path, about) for path, about in found.items()}

    def _mark(self, path: str, about: Mapping[str, Any]) -> str:
        """MD5, as storage tells it; where it does not, the object is read."""
        told = str(about.get("ETag", "")).strip('"')
        return told if re.fullmatch("[0-9a-f]{32}", told) else self.mark(self._files.cat_file(path))

    def mark(self, data: bytes) -> str:
        return hashlib.md5(data, usedforsecurity=False).hexdigest()

    def read(self, paths: Sequence[str]) -> Iterator[tuple[str, bytes]]:
        with self._told():
            found = self._files.cat([self._root + path for path in paths], on_error="return") if paths else {}
        for place, data in found.items():
            if isinstance(data, bytes):
                yield place.removeprefix(self._root), data
            elif not isinstance(data, FileNotFoundError):
                raise self._error(data)

    def put(self, site: Path, paths: Sequence[str]) -> None:
        by_headers: dict[tuple[tuple[str, str], ...], list[str]] = {}
        for path in paths:
            sent = headers(path) if self._with_headers else {}
            kept = {name.replace("-", ""): sent[name] for name in ("Content-Type", "Cache-Control") if name in sent}
            by_headers.setdefault(tuple(kept.items()), []).append(path)
        with self._told():
            for told, each in by_headers.items():
                here, there = ([f"{root}{path}" for path in each] for root in (f"{site}/", self._root))
                self._files.put(here, there, **dict(told))

    def remove(self, paths: Sequence[str]) -> None:
        with self._told():
            for path in paths:
                with contextlib.suppress(FileNotFoundError):
                    self._files.rm_file(self._root + path)

    def switch(self) -> None:
        pass

    def close(self) -> None:
        pass

    @contextlib.contextmanager
    def _told(self) -> Iterator[None]:
        """What a library raises that talks to a storage may be anything: its own errors, those of what it rests on."""
        try:
            yield
        except Error:
            raise
        except Exception as error:
            raise self._error(error) from None

    def _error(self, error: BaseException) -> Error:
        return Error(f"{self.name}: {str(error) or type(error).__name__}")
