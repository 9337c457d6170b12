"""``sha256sum`` lists: ``intake.sums``, ``private.sums``, ``SHA256SUMS``. Two spaces, a path, sorted by bytes."""

import hashlib
import re
from collections.abc import Mapping

from archive.errors import Malformed

LIST = "SHA256SUMS"
"""The name of a site's lists: at its root, and in the folder of each issue."""

_LARGEST = 32 << 20
"""Bytes: 300,000 lines; ten thousand essays have 30,000."""

_LINE = re.compile(r"([0-9a-f]{64})  ([^\s\\\x00-\x1f\x7f][^\\\x00-\x1f\x7f]*)")


def digest(data: bytes) -> str:
    """SHA-256 in lower-case hex."""
    return hashlib.sha256(data).hexdigest()


def write(digests: Mapping[str, str]) -> bytes:
    """Path → SHA-256 as a list that ``sha256sum -c`` reads, sorted by the bytes of the paths."""
    ordered = sorted(digests, key=str.encode)
    return "".join(f"{digests[name]}  {name}\n" for name in ordered).encode()


def parse(data: bytes, place: str) -> dict[str, str]:
    """The list as path → SHA-256. Raises `Malformed`, naming `place` and line."""
    found: dict[str, str] = {}
    if len(data) > _LARGEST:
        raise Malformed(f"{place}: expected at most {_LARGEST:,} bytes, found {len(data):,}")
    try:
        text = data.decode()
    except UnicodeDecodeError:
        raise Malformed(f"{place}: expected UTF-8") from None
    if not text.endswith("\n"):
        raise Malformed(f"{place}: expected lines of «SHA-256, two spaces, path», found no final newline")
    for row, line in enumerate(text[:-1].split("\n"), 1):
        form = _LINE.fullmatch(line)
        if not form:
            raise Malformed(f"{place}:{row}: expected «SHA-256, two spaces, path», found {line[:90]!r}")
        name = form[2]
        if name in found:
            raise Malformed(f"{place}:{row}: {name} is listed twice")
        if {"", ".", ".."} & {*name.split("/")}:
            raise Malformed(f"{place}:{row}: expected a plain path inside the folder, found {name}")
        found[name] = form[1]
    if [*found] != sorted(found, key=str.encode):
        raise Malformed(f"{place}: expected the lines sorted by the bytes of their paths")
    return found
