"""Where the copies of a store lie on other machines: S3, and what else fsspec knows by an address (extra `objects`).

A copy is an object ``<address>/ab/cdef…``, put there whole or not at all and never over one that has its name:

==============  ======================================================================================================
``s3://``       ``If-None-Match: *``, and the SHA-256 goes with it: S3 refuses other bytes, and keeps it to be asked for
``file://``     a mounted disk: written and synced in ``new/``, then renamed
everything      as fsspec has it: ``gs://``, ``abfs://``, ``memory://``
else
==============  ======================================================================================================

Who may is said by the environment, as botocore and others read it: ``AWS_ACCESS_KEY_ID``, ``AWS_ENDPOINT_URL``,
``~/.aws``. Nothing is ever deleted here: a key that cannot is enough.
"""

import base64
import contextlib
import os
import re
import shutil
from collections.abc import Iterator
from functools import cached_property
from pathlib import Path
from typing import Any

from archive.errors import Error, NotFound, not_installed
from archive.home.store import name_of
from archive.register import durable

_LIBRARIES = {"s3": "s3fs", "s3a": "s3fs"}
_COPY = re.compile(r"([0-9a-f]{2})/([0-9a-f]{62})")
_ONE_PUT = 5 << 30
"""Bytes above which S3 takes an object only in parts: then it keeps no SHA-256 of the whole."""
_PART = 32 << 20
_NEW = "new/"
"""Where a disk has what is being written."""
_REMEDIES = (
    (r"TooSkewed|time is too large", "set this machine's clock right"),
    (r"bucket does not exist|NoSuchBucket", "make the bucket, or correct [store] url in archive.toml"),
    (r"NoCredentials|PermissionError|InvalidAccessKeyId|SignatureDoesNotMatch|Forbidden|ExpiredToken",
     "who may is said by AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or by ~/.aws/credentials"),
    (r"Connect|Timeout|Endpoint|resolve|unreachable", "run this again once it can be reached"),
)  # fmt: skip


class Bucket:
    """Lives as long as a command; threads may ask it at once. Each method raises `Error` where it is not answered."""

    def __init__(self, url: str) -> None:
        self.kind = url.partition("://")[0]
        self.name = url
        self._s3, self._disk = self.kind in _LIBRARIES, self.kind in ("file", "local")

    def open(self) -> None:
        """Have the library at hand, before threads ask for it at once. Raises `Error` where it is not installed."""
        self._opened  # noqa: B018

    def sizes(self) -> tuple[dict[str, int], list[str]]:
        """The size of every copy, by its SHA-256; and the addresses of what lies among them and is none."""
        with self._told():
            found = self._files.find(self._root.rstrip("/"), detail=True)
        sizes: dict[str, int] = {}
        strange = []
        for path, about in found.items():
            name = path.removeprefix(self._root)
            if copy := _COPY.fullmatch(name):
                sizes[copy[1] + copy[2]] = about["size"]
            elif not (self._disk and name.startswith(_NEW)):
                strange.append(f"{self.name}/{name}")
        return sizes, strange

    def has(self, digest: str) -> bool:
        """Whether there is a copy."""
        try:
            self.told(digest)
        except NotFound:
            return False
        return True

    def told(self, digest: str) -> str:
        """The SHA-256 that the storage itself keeps of a copy; empty where it keeps none. Raises `NotFound`."""
        with self._told(digest):
            if not self._s3:
                self._files.info(self._at(digest))
                return ""
            about = self._call("head_object", digest, ChecksumMode="ENABLED")
        if "-" in about.get("ETag", ""):
            return ""  # it came in parts, and what is kept is made of theirs
        return base64.b64decode(about.get("ChecksumSHA256", "")).hex()

    def get(self, digest: str, to: Path) -> None:
        """Write a copy into a file, whatever its bytes are. Raises `NotFound`."""
        with self._told(digest):
            self._files.get_file(self._at(digest), str(to))

    def put(self, digest: str, file: Path, *, once: bool = True) -> None:
        """Put a file there whose SHA-256 this is. Raises `FileExistsError` where one is, if it goes there `once`."""
        with self._told(there=True):
            if self._disk:
                self._put_on_disk(digest, file, once=once)
            elif not self._s3 or file.stat().st_size > _ONE_PUT:
                parts = {"chunksize": _PART} if self._s3 else {}
                self._files.put_file(str(file), self._at(digest), mode="create" if once else "overwrite", **parts)
            else:
                told = base64.b64encode(bytes.fromhex(digest)).decode()
                with file.open("rb") as body:
                    known: dict[str, Any] = {"ChecksumAlgorithm": "SHA256", "ChecksumSHA256": told, "Body": body}
                    self._call("put_object", digest, **known, **({"IfNoneMatch": "*"} if once else {}))

    def _put_on_disk(self, digest: str, file: Path, *, once: bool) -> None:
        place, new = Path(self._at(digest)), Path(self._root, _NEW, digest)
        if once and place.exists():
            raise FileExistsError(str(place))
        durable.folder(new.parent)
        new.unlink(missing_ok=True)
        with file.open("rb") as source, open(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o400), "wb") as target:
            shutil.copyfileobj(source, target, 1 << 20)
            target.flush()
            os.fsync(target.fileno())
        durable.folder(place.parent)
        os.replace(new, place)
        durable.sync(place.parent)
        durable.sync(place.parent.parent)

    def _call(self, method: str, digest: str, **values: Any) -> Any:
        bucket, _, key = self._at(digest).partition("/")
        return self._files.call_s3(method, Bucket=bucket, Key=key, **values)

    def _at(self, digest: str) -> str:
        return f"{self._root}{name_of(digest)}"

    @property
    def _files(self) -> Any:
        return self._opened[0]

    @property
    def _root(self) -> str:
        return self._opened[1]

    @cached_property
    def _opened(self) -> tuple[Any, str]:
        """fsspec's file system, and the path in it below which the copies lie."""
        wanted = f"[store] url = “{self.name}”"
        try:
            import fsspec

            asked: dict[str, Any] = {"use_listings_cache": False, "skip_instance_cache": True}
            if self._s3:  # parts of one object at once would be that many of them in memory
                asked |= {"max_concurrency": 1, "config_kwargs": {"connect_timeout": 10}}
            files, root = fsspec.core.url_to_fs(self.name, **asked)
        except ImportError as error:
            library = "fsspec" if error.name == "fsspec" else _LIBRARIES.get(self.kind, error.name or "fsspec")
            raise not_installed(wanted, library) from None
        except ValueError as error:
            raise Error(
                f"archive.toml: {wanted}: {error}; write one that fsspec knows, such as s3://bucket/letters"
            ) from None
        if self._disk and not Path(root).is_dir():  # which is not made: what is not mounted has none
            raise Error(f"{self.name}: expected a folder there, found none; mount the disk, or make the folder")
        return files, f"{root.rstrip('/')}/"

    @contextlib.contextmanager
    def _told(self, digest: str = "", *, there: bool = False) -> Iterator[None]:
        """What a library raises that talks to a storage may be anything: its own errors, those of what it rests on.

        Raises `NotFound` where a copy was asked for and is not there, `FileExistsError` if it is looked out for.
        """
        try:
            yield
        except Error:
            raise
        except Exception as error:
            if isinstance(error, FileExistsError) and there:
                raise
            if isinstance(error, FileNotFoundError) and digest and "bucket" not in str(error):
                raise NotFound(f"{self.name} has no copy of {digest}") from None
            raise self._error(error) from None

    def _error(self, error: Exception) -> Error:
        text = str(error) or type(error).__name__
        known = f"{type(error).__name__} {text}"
        remedy = next((remedy for words, remedy in _REMEDIES if re.search(words, known)), "")
        return Error(f"{self.name}: {text.rstrip('.')}" + (f"; {remedy}" if remedy else ""))
