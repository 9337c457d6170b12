"""A picture in four colours as PNG (ISO 15948), the same bytes on every machine, of parts that are packed once.

What packs a PNG is zlib nearly everywhere, and that packs otherwise in each of its versions and kinds (zlib, zlib-ng, a
processor's own). A site is compared byte for byte, so its pictures are packed here, and so that thousands of them cost
little that show the same letters: every row stands as its difference from the one above it (PNG's filter 2), rows of
nothing as they are, and all is written in codes that never change (RFC 1951, section 3.2.7). So a part is packed once,
row by row, and a picture is its parts' rows, one beside the other; what is summed up of it is the sum of theirs.
"""

import re
import zlib
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from functools import cache
from itertools import accumulate
from struct import pack
from typing import NamedTuple

DOTS = 2
"""In a byte. What stands in a picture begins at a multiple of them and is as wide."""

_UP = 2
"""The filter of a row that is a difference; that of a row of nothing is 0, so that it is nothing but zeros."""
_WITHOUT_TOP = bytes((byte - 128) % 256 for byte in range(256))
_TOKEN = re.compile(rb"(?s)(.)\1*")
_END = 256
_LENGTHS = [(length, 0) for length in range(3, 11)]
_LENGTHS += [(3 + ((4 + step) << bits), bits) for bits in range(1, 6) for step in range(4)]
_LENGTHS[-1:] = [(227, 5), (258, 0)]
"""What the symbols from 257 say of a run: its least length, and how many bits follow that say how much longer it is."""
_CODED = {
    1: (0,),
    5: (1, 16, 240, 255, 257, 285),
    6: (2, 258, 259, 261, 262, 264),
    7: (17, 18, 32, 33, 34, 205, 222, 223, 224, 238, 239, 254, 260, 263, 265, 266, 267, 268, 269, 270, 273),
    8: (35, 49, 50, 51, 206, 221, 237, 274),
    9: (3, 19, 48, 207, 271, 281, 282),
    10: (15, 208, 241, 253, 272, 283, 284),
    11: (277, 278),
    12: (31, 275, 276, 279, 280),
    13: (14, 256),
    14: (242, 243),
    15: (13, 29, 30, 45, 46, 47, 209, 210, 211, 225, 226, 227),
}
"""Bits of a code → the symbols that have one so long: Huffman's, for many titles, and every difference of two dots."""


class Part(NamedTuple):
    """Part of a picture, packed: what stands beside others has as many rows as they."""

    width: int
    """In bytes."""
    rows: tuple[str, ...]
    """Bits"""
    first: int
    """The first row that is not empty."""
    last: int
    """The one after the last that is not."""
    total: int
    """Of all bytes."""
    down: int
    """Of each byte times its row."""
    across: int
    """Of each byte times its place in the row."""


class Band(NamedTuple):
    """Rows of a picture, packed; there are no others with anything in them."""

    y: int
    rows: int
    bits: "Bits"
    total: int
    """Of all bytes."""
    moment: int
    """Of each byte times its place, from the first row of the band."""

    def moved(self, y: int) -> "Band":
        """The same, so many rows further down."""
        return self._replace(y=self.y + y)


Bits = tuple[int, int]
"""As a number, the first of them the lowest, and how many they are."""


def part(width: int, dots: bytes) -> Part:
    """A part of that many dots in a row; `dots` are row by row, each a number from 0 (ground) to 3."""
    wide, size = width // DOTS, len(dots) // DOTS
    packed = int.from_bytes(dots[::2], "big") << 4 | int.from_bytes(dots[1::2], "big")
    tops = int.from_bytes(b"\x80" * size, "big")  # in each byte, so that none borrows from the next one
    less = (packed + tops - (packed >> 8 * wide)).to_bytes(size, "big").translate(_WITHOUT_TOP)
    rows = [less[start : start + wide] for start in range(0, len(less), wide)]
    there = [number for number, row in enumerate(rows) if any(row)]
    return Part(
        width=wide,
        rows=tuple(map(_packed, rows)),
        first=min(there, default=len(rows)),
        last=max(there, default=-1) + 1,
        total=sum(less),
        down=sum(number * sum(row) for number, row in enumerate(rows)),
        across=sum(place * sum(less[place::wide]) for place in range(wide)),
    )


def band(width: int, x: int, parts: Sequence[Part]) -> Band:
    """Parts beside each other from the dot `x` on, in a picture of that width; its empty rows are left out."""
    pitch, first, last = 1 + width // DOTS, min(each.first for each in parts), max(each.last for each in parts)
    places = list(accumulate((each.width for each in parts), initial=1 + x // DOTS))
    left, right = _run(0, x // DOTS), _run(0, pitch - places[-1])
    rows = ["".join(row) for row in zip(*(each.rows[first:last] for each in parts), strict=True)]
    opened = _codes()[_UP] + left
    count = last - first
    return Band(
        y=first,
        rows=count,
        bits=_number(opened + f"{right}{opened}".join(rows) + right),
        total=_UP * count + sum(each.total for each in parts),
        moment=_UP * pitch * count * (count - 1) // 2
        + sum(
            place * each.total + pitch * (each.down - first * each.total) + each.across
            for place, each in zip(places, parts, strict=False)
        ),
    )


def png(width: int, height: int, colours: Sequence[bytes], bands: Iterable[Band]) -> bytes:
    """The file; `colours` are four times red, green and blue, the ground first. Bands come from the top down."""
    pitch = 1 + width // DOTS
    size = height * pitch
    parts, at, total, moment = [_opening()], 0, 0, 0
    for each in bands:
        parts += [_nothing(each.y * pitch - at), each.bits]
        at = (each.y + each.rows) * pitch
        total, moment = total + each.total, moment + each.y * pitch * each.total + each.moment
    parts += [_nothing(size - at), _number(_codes()[_END])]
    stream, length = 0, 0
    for bits, count in parts:
        stream, length = stream | bits << length, length + count
    data = stream.to_bytes(-(-length // 8), "little")
    adler = (size + size * total - moment) % 65_521 << 16 | (1 + total) % 65_521  # RFC 1950, section 9
    head = pack(">IIBBBBB", width, height, 8 // DOTS, 3, 0, 0, 0)
    packed = b"\x78\x01" + data + pack(">I", adler)
    chunks = ((b"IHDR", head), (b"PLTE", b"".join(colours)), (b"IDAT", packed), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join([_chunk(*each) for each in chunks])


def _chunk(name: bytes, data: bytes) -> bytes:
    return pack(">I", len(data)) + name + data + pack(">I", zlib.crc32(name + data))


# Codes.


@cache
def _packed(row: bytes) -> str:
    """What a row is written as."""
    return "".join([_run(found[1][0], len(found[0])) for found in _TOKEN.finditer(row)])


@cache
def _run(byte: int, count: int) -> str:
    """What a byte is written as that stands there so many times: itself, and how often it comes again."""
    codes, written, left = _codes(), "", count
    if count:
        written, left = codes[byte], count - 1
    while left > 2:
        place = bisect_right(_LENGTHS, (left, 8)) - 1
        least, bits = _LENGTHS[place]
        more = min(left - least, (1 << bits) - 1)
        written += codes[257 + place] + _written(more, bits) + "0"  # then the distance: one byte back
        left -= least + more
    return written + codes[byte] * left


@cache
def _nothing(count: int) -> Bits:
    """What is between two bands."""
    return _number(_run(0, count))


def _number(bits: str) -> Bits:
    return int(bits[::-1] or "0", 2), len(bits)


def _written(value: int, bits: int) -> str:
    """A number, its lowest bit first."""
    return f"{value:0{bits}b}"[::-1] if bits else ""


@cache
def _codes() -> dict[int, str]:
    """Symbol → its code, which the codes' lengths alone give (section 3.2.2)."""
    codes, code, before = {}, 0, 0
    for length, symbols in _CODED.items():
        for symbol in symbols:
            code <<= length - before
            codes[symbol] = f"{code:0{length}b}"
            code, before = code + 1, length
    return codes


@cache
def _opening() -> Bits:
    """The one block there is, its last: how long each code is, in four bits; then that of the only distance."""
    lengths = {symbol: length for length, symbols in _CODED.items() for symbol in symbols}
    table = "".join([f"{lengths.get(symbol, 0):04b}" for symbol in range(286)]) + "0001"
    counts = _written(2, 2) + _written(286 - 257, 5) + _written(0, 5) + _written(19 - 4, 4)
    return _number("1" + counts + "000" * 3 + "001" * 16 + table)
