"""Zip files from outside: nothing is unpacked to disk, names are labels only, and reading stays within bounds.

Besides what the standard library reads, members in zstd (method 93), also where one is written as several frames.
"""

import io
import sys
import zipfile
import zlib
from collections import Counter
from collections.abc import Iterator
from contextlib import closing, contextmanager
from typing import Any, BinaryIO, cast

from archive.errors import Problem, Refused
from archive.importers.checks import shown

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

_ZSTD = 93
_MAX_GULP = 8 << 20
"""Of the directory at the end of a zip file; some 80,000 members."""
_MAX_TOTAL, _MAX_RATIO = 64 << 20, 1000
"""A file that unpacks to more than both, the bytes and the multiple of its size, is taken for a zip bomb."""
_ERRORS = (
    *(zipfile.BadZipFile, zipfile.LargeZipFile, zlib.error, zstd.ZstdError, EOFError, OSError, NotImplementedError),
    *(RuntimeError, ValueError, IndexError, KeyError, TypeError, MemoryError),
)


class Archive:
    """A zip file that is open for reading; lives as long as `file`."""

    def __init__(self, file: BinaryIO, place: str) -> None:
        """Raises `Refused` where the directory cannot be read, names one member twice, or promises too much."""
        self._file, self._place = file, place
        with _refusing(place):
            length = file.seek(0, io.SEEK_END)
            self._zip = zipfile.ZipFile(cast(Any, _Sips(file)))
            members = [info for info in self._zip.infolist() if not info.is_dir()]
            self._members = {info.filename: info for info in members}
        if twice := [name for name, times in Counter(info.filename for info in members).items() if times > 1]:
            what = f"holds two members of one name, of which readers see one: {', '.join(map(shown, twice[:5]))}"
            raise Refused([Problem(place, what, "unpack it, give each a name of its own, and file those")])
        total = sum(info.file_size for info in members)
        if total > _MAX_TOTAL and total > _MAX_RATIO * length:
            what = f"unpacks to {total >> 20:,} MiB, more than {_MAX_RATIO} times its size"
            raise Refused([Problem(place, what, "this looks like a zip bomb")])

    @property
    def names(self) -> list[str]:
        """Names of the members in the order of the file."""
        return list(self._members)

    def size(self, name: str) -> int:
        """Bytes of a member, unpacked, as the directory says."""
        return self._members[name].file_size

    @contextmanager
    def open(self, name: str) -> Iterator[BinaryIO]:
        """A member as a file to be read forwards; reading raises `Refused` where it is damaged."""
        info, place = self._members[name], f"{self._place} {name}"
        with _refusing(place):
            inner = self._zstd(info) if info.compress_type == _ZSTD else self._zip.open(info)
        with closing(inner):
            yield io.BufferedReader(_Member(inner, info, place), 1 << 16)

    def _zstd(self, info: zipfile.ZipInfo) -> Any:
        if info.flag_bits & 1:
            raise RuntimeError("is encrypted")
        self._file.seek(info.header_offset)
        header = self._file.read(30)
        if len(header) < 30 or not header.startswith(b"PK\x03\x04"):
            raise zipfile.BadZipFile("a member does not begin where the directory says")
        start = (
            info.header_offset + 30 + int.from_bytes(header[26:28], "little") + int.from_bytes(header[28:30], "little")
        )
        return zstd.ZstdFile(cast(Any, io.BufferedReader(_Part(self._file, start, info.compress_size))))


class _Sips:
    """The file below a `zipfile.ZipFile`, which would otherwise take a directory of any size at once."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self.seek, self.tell = file.seek, file.tell

    def read(self, size: int = -1) -> bytes:
        if size > _MAX_GULP:
            raise zipfile.BadZipFile(f"its directory is larger than {_MAX_GULP >> 20} MiB")
        return self._file.read(size)

    def seekable(self) -> bool:
        return True


class _Part(io.RawIOBase):
    """`size` bytes of `file` from `start` on."""

    def __init__(self, file: BinaryIO, start: int, size: int) -> None:
        self._file, self._at, self._left = file, start, size

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        self._file.seek(self._at)
        data = self._file.read(min(len(buffer), self._left))
        buffer[: len(data)] = data
        self._at += len(data)
        self._left -= len(data)
        return len(data)


class _Member(io.RawIOBase):
    """A member's bytes, no more than the directory says, and checked against its checksum at the end."""

    def __init__(self, inner: Any, info: zipfile.ZipInfo, place: str) -> None:
        self._inner, self._info, self._place = inner, info, place
        self._size = self._sum = 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        with _refusing(self._place):
            data = self._inner.read(len(buffer))
            self._size += len(data)
            self._sum = zlib.crc32(data, self._sum)
            if self._size > self._info.file_size or (not data and self._sum != self._info.CRC):
                raise zipfile.BadZipFile("its bytes are not those the directory names")
        buffer[: len(data)] = data
        return len(data)


@contextmanager
def _refusing(place: str) -> Iterator[None]:
    try:
        yield
    except _ERRORS as error:
        what = f"is a zip file that cannot be read: {str(error)[:100] or type(error).__name__}"
        raise Refused([Problem(place, what, "is it whole? copy or export it again")]) from None
