"""The commitment for redactions: nothing is lost in splitting, every byte counts, no salt serves twice."""

import hashlib
import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from archive.register import redaction

SEED = hashlib.sha256(b"a seed for tests only").digest()
LINES = b'{"turn":1,"text":"She said:\\n\\t\\"No, *never*\\" \\\\ new\\u00a0line"}\n{"turn":2,"text":""}\n'
json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=20,
)


@given(st.binary() | st.text('ab"\\nrt \n').map(str.encode))
def test_splitting_loses_nothing_of_any_bytes(data: bytes) -> None:
    segments = redaction.split(data)
    assert b"".join(segments) == data
    assert all(segments)


@settings(max_examples=30)
@given(st.lists(json_values), st.booleans(), st.sampled_from([None, (",", ":")]))
def test_splitting_loses_nothing_of_any_json_lines(
    values: list[object], ascii_only: bool, tight: tuple[str, str]
) -> None:
    lines = "".join(json.dumps(value, ensure_ascii=ascii_only, separators=tight) + "\n" for value in values)
    data = lines.encode("utf-8", "surrogatepass")
    assert b"".join(redaction.split(data)) == data


@settings(max_examples=30)
@given(st.lists(json_values, min_size=1), st.data())
def test_a_run_of_segments_splits_into_the_same_segments_wherever_it_is_cut_out(
    values: list[object], data: st.DataObject
) -> None:
    lines = "".join(json.dumps(value, ensure_ascii=False) + "\n" for value in values)
    segments = redaction.split(lines.encode("utf-8", "surrogatepass"))
    start = data.draw(st.integers(0, len(segments) - 1))
    run = segments[start : data.draw(st.integers(start + 1, len(segments)))]
    assert redaction.split(b"".join(run)) == run


def test_a_segment_is_a_word_with_the_white_space_before_it_and_a_delimiter_stands_alone() -> None:
    assert redaction.split(LINES) == [
        *[b'{', b'"', b'turn', b'"', b':1,', b'"', b'text', b'"', b':', b'"', b'She', b' said:', b'\\n\\t\\"No,'],
        *[b' *never*\\"', b' \\\\', b' new\\u00a0line', b'"', b'}', b'\n{', b'"', b'turn', b'"', b':2,'],
        *[b'"', b'text', b'"', b':', b'"', b'"', b'}', b'\n'],
    ]  # fmt: skip


def test_a_run_of_white_space_as_long_as_a_book_is_split_in_no_time() -> None:
    for data in (b" " * 1_000_000, b"\\n" * 500_000 + b"\\", b" " * 1_000_000 + b"\\"):
        assert b"".join(redaction.split(data)) == data


@settings(max_examples=25)
@given(st.integers(1, 300), st.binary(min_size=32, max_size=32))
def test_salts_have_16_bytes_and_never_repeat(count: int, seed: bytes) -> None:
    salts = redaction.salts(seed, count)
    assert (len(salts), len(set(salts)), {len(salt) for salt in salts}) == (count, count, {16})


def test_salts_come_from_a_tree_of_seeds_split_like_the_tree_of_hashes() -> None:
    def child(side: int, seed: bytes) -> bytes:
        return hashlib.sha256(bytes([side]) + seed).digest()

    left = child(2, SEED)
    expected = [child(2, child(2, left)), child(3, child(2, left)), child(2, child(3, left)), child(3, child(3, left))]
    assert redaction.salts(SEED, 5) == [seed[:16] for seed in [*expected, child(3, SEED)]]


def test_the_root_is_that_of_rfc_6962_over_salted_segments() -> None:
    salts = redaction.salts(SEED, 3)
    a, b, c = (hashlib.sha256(b"\0" + s + w).digest() for s, w in zip(salts, [b"one", b" two", b"\n"], strict=True))
    pair = hashlib.sha256(b"\1" + a + b).digest()
    assert redaction.root(b"one two\n", SEED) == hashlib.sha256(b"\1" + pair + c).digest()


def test_the_root_of_these_lines_is_frozen() -> None:
    assert redaction.root(LINES, SEED).hex() == "c52bd4668ca6dacf0a71a0ffeb921593c415a7e258d0e135a9ce79ead6936ec5"


def test_the_root_changes_with_every_bit_of_the_text_and_of_the_seed() -> None:
    root = redaction.root(LINES, SEED)
    for at in range(len(LINES)):
        for bit in range(8):
            flipped = bytearray(LINES)
            flipped[at] ^= 1 << bit
            assert redaction.root(bytes(flipped), SEED) != root
    for at in range(32):
        flipped = bytearray(SEED)
        flipped[at] ^= 1
        assert redaction.root(LINES, bytes(flipped)) != root


@pytest.mark.parametrize("moved", [LINES + b"\n", LINES[:-1], b" " + LINES, LINES.replace(b"said:", b"said: ")])
def test_the_root_changes_with_white_space(moved: bytes) -> None:
    assert redaction.root(moved, SEED) != redaction.root(LINES, SEED)
