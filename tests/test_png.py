import io
import zlib
from itertools import product
from struct import unpack

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from publisher.site.png import _CODED, Band, band, part, png

COLOURS = (b"\x83\x31\x1c", b"\xab\x74\x65", b"\xd4\xb8\xaf", b"\xfc\xfb\xf8")
WIDE, HIGH = 40, 24


def dots(data: bytes) -> bytes:
    """What another program makes of a picture: a number from 0 to 3 for each dot."""
    image = Image.open(io.BytesIO(data))
    image.load()
    assert image.mode == "P"
    assert image.getpalette()[:12] == [*b"".join(COLOURS)]  # type: ignore[index]
    return image.tobytes()


def unpacked(data: bytes) -> bytes:
    """What zlib makes of a picture's rows; it checks their sum."""
    start = data.index(b"IDAT") + 4
    return zlib.decompress(data[start : start + unpack(">I", data[start - 8 : start - 4])[0]])


@st.composite
def bands(draw: st.DrawFn) -> tuple[list[Band], bytes]:
    """Bands below each other, of parts beside each other, and the dots that they come to."""
    ground, y, made = bytearray(WIDE * HIGH), 0, []
    for _ in range(draw(st.integers(0, 3))):
        y, x, rows = y + draw(st.integers(0, 4)), 2 * draw(st.integers(0, 4)), draw(st.integers(1, 4))
        start, parts = x, []
        for _ in range(draw(st.integers(1, 4))):
            wide = 2 * draw(st.integers(1, 4))
            drawn = bytes(draw(st.lists(st.integers(0, 3), min_size=wide * rows, max_size=wide * rows)))
            parts.append(part(wide, drawn + bytes(wide)))
            for row in range(rows):
                at = (y + row) * WIDE + x
                ground[at : at + wide] = drawn[row * wide : (row + 1) * wide]
            x += wide
        if any(each.total for each in parts):
            made.append(band(WIDE, start, parts).moved(y))
        y += rows + 1
    return made, bytes(ground)


@settings(max_examples=60)
@given(bands())
def test_another_program_sees_each_dot_where_it_was_put(given: tuple[list[Band], bytes]) -> None:
    made, expected = given
    data = png(WIDE, HIGH, COLOURS, made)
    assert dots(data) == expected
    assert len(unpacked(data)) == HIGH * (1 + WIDE // 2)


@pytest.mark.parametrize("height", [1, 2, 630])
def test_an_empty_picture_is_one(height: int) -> None:
    assert dots(png(1200, height, COLOURS, [])) == bytes(1200 * height)


def test_there_is_a_code_for_every_difference_of_two_dots_and_none_to_spare() -> None:
    symbols = [symbol for each in _CODED.values() for symbol in each]
    between = {(16 * left + right) % 256 for left, right in product(range(-3, 4), repeat=2)}
    assert sorted(symbols) == sorted(between | {*range(256, 286)})
    assert sum(len(each) * 2.0**-length for length, each in _CODED.items()) == 1
    assert max(_CODED) <= 15
    assert all([*each] == sorted(each) for each in _CODED.values())
    assert [*_CODED] == sorted(_CODED)
