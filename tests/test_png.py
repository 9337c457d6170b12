import io
import zlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from publisher.site.png import Patch, _code_lengths, _deflated, png

COLOURS = (b"\x83\x31\x1c", b"\xab\x74\x65", b"\xd4\xb8\xaf", b"\xfc\xfb\xf8")


def dots(data: bytes) -> bytes:
    """What another program makes of a picture: a number from 0 to 3 for each dot."""
    image = Image.open(io.BytesIO(data))
    image.load()
    assert image.mode == "P"
    assert image.getpalette()[:12] == [*b"".join(COLOURS)]  # type: ignore[index]
    return image.tobytes()


@given(st.lists(st.binary() | st.sampled_from([bytes(1), bytes(258), bytes(700), b"\xff"])).map(b"".join).filter(bool))
def test_what_is_packed_comes_out_again(data: bytes) -> None:
    opened = zlib.decompressobj(-15)
    assert opened.decompress(_deflated(data)) == data
    assert (opened.eof, opened.unused_data) == (True, b"")


def test_no_code_is_longer_than_its_format_allows() -> None:
    fibonacci = [1, 1]
    while len(fibonacci) < 40:
        fibonacci.append(fibonacci[-1] + fibonacci[-2])
    lengths = _code_lengths(dict(enumerate(fibonacci)))
    assert max(lengths.values()) <= 15
    assert sum(2.0**-length for length in lengths.values()) == 1


@settings(max_examples=50)
@given(st.data())
def test_another_program_sees_each_dot_where_it_was_put(data: st.DataObject) -> None:
    wide, high = data.draw(st.integers(1, 4)) * 4, data.draw(st.integers(1, 5))
    patch = Patch(
        x=data.draw(st.integers(0, 3)) * 4,
        y=data.draw(st.integers(0, 6)),
        width=wide,
        dots=bytes(data.draw(st.lists(st.integers(0, 3), min_size=wide * high, max_size=wide * high))),
    )
    ground = bytearray(40 * 20)
    for row in range(high):
        start = (patch.y + row) * 40 + patch.x
        ground[start : start + wide] = patch.dots[row * wide : (row + 1) * wide]
    assert dots(png(40, 20, COLOURS, [patch])) == bytes(ground)


@pytest.mark.parametrize("height", [1, 2, 630])
def test_an_empty_picture_is_one(height: int) -> None:
    assert dots(png(1200, height, COLOURS, [])) == bytes(1200 * height)
