"""A picture in four colours as PNG (ISO 15948), the same bytes on every machine.

What packs a PNG is zlib nearly everywhere, and that packs otherwise in each of its versions and kinds (zlib, zlib-ng, a
processor's own). A site is compared byte for byte, so its pictures are packed here: every row as its difference from
the one above it, then Huffman codes for what is left (RFC 1951), with runs of nothing taken together. For letters on a
plain ground that comes within a tenth of what zlib's best makes of it.
"""

import heapq
import re
import zlib
from collections import Counter
from collections.abc import Mapping, Sequence
from functools import cache
from struct import pack
from typing import NamedTuple

DOTS = 4
"""In a byte. What stands in a picture begins at a multiple of them and is as wide."""

_TOKEN = re.compile(rb"\0{1,259}|.", re.DOTALL)
_END = 256
_LENGTHS = [(length, 0) for length in range(3, 11)]
_LENGTHS += [(3 + ((4 + step) << bits), bits) for bits in range(1, 6) for step in range(4)]
_LENGTHS[-1:] = [(227, 5), (258, 0)]
"""What the symbols from 257 say of a run: its least length, and how many bits follow that say how much longer it is."""


class Patch(NamedTuple):
    """Part of a picture, the only thing in its rows; around it is ground."""

    x: int
    y: int
    width: int
    dots: bytes
    """Row by row, each a number from 0 (ground) to 3."""


def png(width: int, height: int, colours: Sequence[bytes], patches: Sequence[Patch]) -> bytes:
    """The file; `colours` are four times red, green and blue, the ground first."""
    rows = [bytes(1 + width // DOTS)] * height
    for each in patches:
        for y, row in enumerate(_differences(each), each.y):
            margin = bytes(each.x // DOTS)
            rows[y] = b"\2" + (margin + row).ljust(width // DOTS, b"\0")
    data = b"".join(rows)
    packed = b"\x78\x01" + _deflated(data) + pack(">I", zlib.adler32(data))
    head = pack(">IIBBBBB", width, height, 2, 3, 0, 0, 0)
    parts = ((b"IHDR", head), (b"PLTE", b"".join(colours)), (b"IDAT", packed), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(map(_chunk, *zip(*parts, strict=True)))


def _chunk(name: bytes, data: bytes) -> bytes:
    return pack(">I", len(data)) + name + data + pack(">I", zlib.crc32(name + data))


def _differences(patch: Patch) -> list[bytes]:
    """The rows of a patch and the one below it, packed, each byte less the one above it (PNG's filter 2)."""
    width = patch.width // DOTS
    data, bits = patch.dots, 2
    while bits < 8:
        pairs = (int.from_bytes(data[::2], "big") << bits) | int.from_bytes(data[1::2], "big")
        data, bits = pairs.to_bytes(len(data) // 2, "big"), 2 * bits
    size = len(data) + width
    below = int.from_bytes(data + bytes(width), "big")
    above = int.from_bytes(bytes(width) + data, "big")
    tops = int.from_bytes(b"\x80" * size, "big")  # taken out, so that no byte borrows from the next one
    less = ((below | tops) - (above & ~tops)) ^ ((below ^ ~above) & tops)
    packed = less.to_bytes(size, "big")
    return [packed[start : start + width] for start in range(0, size, width)]


def _deflated(data: bytes) -> bytes:
    """One block with Huffman codes of its own (RFC 1951, section 3.2.7)."""
    tokens = _TOKEN.findall(data)
    counted = Counter(tokens)
    symbols = Counter({_END: 1})
    for token, count in counted.items():
        for symbol, _ in _symbols(token):
            symbols[symbol] += count
    lengths = _code_lengths(symbols)
    codes = _codes(lengths)
    written = {token: "".join([codes[symbol] + more for symbol, more in _symbols(token)]) for token in counted}
    last = max(lengths)
    # Each length in four bits; then that of the only distance, one byte back.
    table = "".join([f"{lengths.get(symbol, 0):04b}" for symbol in range(last + 1)]) + "0001"
    head = "1" + _number(2, 2) + _number(last - 256, 5) + _number(0, 5) + _number(15, 4) + "000" * 3 + "001" * 16
    bits = head + table + "".join(map(written.__getitem__, tokens)) + codes[_END]
    return int(bits[::-1], 2).to_bytes((len(bits) + 7) // 8, "little")


@cache
def _symbols(token: bytes) -> list[tuple[int, str]]:
    """What a byte, or a run of nothing, is written as: symbols, and the bits that follow each."""
    run = len(token) - 1
    if run < 3:
        return [(byte, "") for byte in token]
    place = max(place for place, (least, _) in enumerate(_LENGTHS) if least <= run)
    least, bits = _LENGTHS[place]
    return [(0, ""), (257 + place, _number(run - least, bits) + "0")]  # then the distance


def _number(value: int, bits: int) -> str:
    """A number, its lowest bit first."""
    return f"{value:0{bits}b}"[::-1] if bits else ""


def _code_lengths(counts: Mapping[int, int]) -> dict[int, int]:
    """Symbol → bits of its code, by Huffman's way; rare ones are counted higher until none takes more than 15."""
    symbols = sorted(counts)
    heap = [(counts[symbol], leaf) for leaf, symbol in enumerate(symbols)]
    heapq.heapify(heap)
    above = [0] * (2 * len(symbols) - 1)
    for node in range(len(symbols), len(above)):
        (one, left), (other, right) = heapq.heappop(heap), heapq.heappop(heap)
        above[left] = above[right] = node
        heapq.heappush(heap, (one + other, node))
    depths = [0] * len(above)
    for node in range(len(above) - 2, -1, -1):
        depths[node] = depths[above[node]] + 1
    if max(depths) > 15:
        return _code_lengths({symbol: count // 2 + 1 for symbol, count in counts.items()})
    return dict(zip(symbols, depths, strict=False))


def _codes(lengths: Mapping[int, int]) -> dict[int, str]:
    """The codes that their lengths alone give (section 3.2.2)."""
    codes, code, before = {}, 0, 0
    for length, symbol in sorted((length, symbol) for symbol, length in lengths.items()):
        code <<= length - before
        codes[symbol] = f"{code:0{length}b}"
        code, before = code + 1, length
    return codes
