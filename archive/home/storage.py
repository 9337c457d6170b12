"""``[store]`` in ``archive.toml``: where copies of everything that was filed are kept. Private: no site says it.

::

    [store]
    url = "s3://bucket/letters"   # what fsspec knows by an address; without one, .archive/store
    larger_than = "8 MB"          # a received file that is larger lies there alone, not in its deposit's folder
    cache = "2 GB"                # what is kept here, at most, of what was read there
"""

from typing import Annotated

from archive.records.kinds import pattern
from archive.records.record import Record

_UNITS = {"B": 1, "kB": 10**3, "MB": 10**6, "GB": 10**9, "TB": 10**12}
_URL = r"(?!.*//[^/@]*:[^/@]*@)[a-z][a-z0-9+]*://[!-~]*[^/]"
Size = Annotated[str, pattern(rf"\d+(\.\d+)? ({'|'.join(_UNITS)})", "a size", "such as 8 MB or 2.5 GB")]
"""How many bytes, in powers of ten."""
Address = Annotated[str, pattern(_URL, "an address without password and final slash", "such as s3://bucket/letters")]


class Storage(Record):
    """``[store]``; each key may be left out."""

    url: Address | None = None
    larger_than: Size = "8 MB"
    cache: Size = "2 GB"


def in_bytes(size: str) -> int:
    """``8 MB`` → 8000000"""
    number, _, unit = size.partition(" ")
    return int(float(number) * _UNITS[unit])
