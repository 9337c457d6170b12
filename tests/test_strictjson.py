"""JSON from outside: read strictly, with places, and never more of it than fits."""

import io
import json
import math
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.errors import Refused
from archive.importers.strictjson import MAX_BYTES, MAX_DEPTH, MAX_PARTS, Reader, lines, loads

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=9),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=3), inner, max_size=4),
    max_leaves=12,
)


class Dribble(io.BytesIO):
    """A file that gives three bytes at a time, so that everything stands across a border."""

    def read(self, size: int | None = -1) -> bytes:
        return super().read(3 if size is None or size < 0 or size > 3 else size)


def pulled(reader: Reader) -> Any:
    """A value taken element by element, as deep as it goes."""
    match reader.peek():
        case "[":
            return [pulled(reader) for _ in reader.items()]
        case "{":
            return {key: pulled(reader) for key in reader.members()}
    return reader.value()


@pytest.mark.parametrize(
    ("data", "said"),
    [
        pytest.param(b"", "f.json: the file is empty", id="empty"),
        pytest.param(b" \n ", "f.json:2:2: ends where a value should stand", id="spaces"),
        pytest.param(b"\xef\xbb\xbf{}", "f.json:1:1: begins with a byte order mark", id="byte order mark"),
        pytest.param(b'{"a": "\xff"}', "f.json: is not UTF-8: the byte at offset 7 is 0xff", id="not UTF-8"),
        pytest.param(b'"\xe2\x82', "f.json: is not UTF-8: the byte at offset 1 is 0xe2", id="UTF-8 cut short"),
        pytest.param(b'"\xed\xa0\x80"', "f.json: is not UTF-8: the byte at offset 1 is 0xed", id="surrogate"),
        pytest.param(b"[NaN]", "f.json:1:1: NaN is not a number in JSON", id="NaN"),
        pytest.param(b"[-Infinity]", "f.json:1:1: -Infinity is not a number in JSON", id="infinity"),
        pytest.param(b"[1e999]", "f.json:1:1: 1e999 is not a number in JSON", id="a float that is infinite"),
        pytest.param(b'{"x":{"a":1,"a":2}}', "f.json:1:1: the key 'a' stands twice in one object", id="same key"),
        pytest.param(b'{"a":1} x', "f.json:1:9: something follows the end of the document", id="more"),
        pytest.param(b'{"a":\n  tru}', "f.json:2:3: is not JSON: expecting value", id="syntax"),
        pytest.param(b'["a\nb"]', "f.json:1:4: is not JSON: invalid control character at", id="line break in a string"),
        pytest.param(b'{"a": [1, 2', "f.json:1:12: is not JSON: expecting ',' delimiter", id="cut short"),
        pytest.param(b"1" * 5000, "f.json:1:1: holds a number of more than 4,300 digits", id="digits"),
        pytest.param(b"[" * 100_000, "f.json:1:1: is nested deeper than 200 levels", id="far too deep"),
        pytest.param(b"[" * 201 + b"]" * 201, "f.json:1:1: is nested deeper than 200 levels", id="too deep"),
        pytest.param(b'"' + b"a" * MAX_BYTES + b'"', "f.json: is larger than 16 MiB", id="large"),
        pytest.param(b"[" + b"[]," * MAX_PARTS + b"1]", "f.json:1:1: is larger than 16 MiB or", id="many parts"),
    ],
)
def test_what_is_wrong_is_said_with_its_place(data: bytes, said: str) -> None:
    with pytest.raises(Refused) as refused:
        loads(data, "f.json")
    assert [str(problem)[: len(said)] for problem in refused.value.problems] == [said]


def test_up_to_the_limits_it_is_read() -> None:
    assert loads(b"[" * MAX_DEPTH + b"]" * MAX_DEPTH, "f.json")
    assert len(loads(b'"' + b"a" * (MAX_BYTES - 2) + b'"', "f.json")) == MAX_BYTES - 2


def test_more_levels_can_be_entered_than_one_value_may_have() -> None:
    def entered(levels: int) -> Any:
        return pulled(Reader(io.BytesIO(b"[" * levels + b"]" * levels), "f.json", deepest=MAX_DEPTH + 50))

    assert str(entered(MAX_DEPTH + 50)).count("[") == MAX_DEPTH + 50
    with pytest.raises(Refused, match="is nested deeper than 250 levels"):
        entered(MAX_DEPTH + 51)


def test_where_nan_is_allowed_it_is_read_as_the_word() -> None:
    assert loads(b"[NaN, -Infinity, 1e999, 1.5]", "f.json", nan=True) == ["NaN", "-Infinity", "1e999", 1.5]


def test_half_a_surrogate_pair_is_left_to_those_who_need_text() -> None:
    assert loads(b'"\\ud800"', "f.json") == "\ud800"


@given(VALUES, st.sampled_from([None, 1]))
def test_json_reads_as_the_standard_library_reads_it_whole_or_in_pieces(value: Any, indent: int | None) -> None:
    data = json.dumps(value, indent=indent, ensure_ascii=False).encode("utf-8", "replace")
    same = json.loads(data)
    reader = Reader(Dribble(data), "f.json")
    assert loads(data, "f.json") == same
    assert pulled(reader) == same
    reader.end()


@given(st.binary(max_size=40) | st.text('{}[]",:0tr ', max_size=40).map(str.encode))
def test_any_bytes_are_json_or_refused_alike_whole_and_in_pieces(data: bytes) -> None:
    def read(how: Any) -> Any:
        try:
            return how()
        except Refused:
            return Refused

    def piecewise() -> Any:
        reader = Reader(Dribble(data), "f.json")
        value = pulled(reader)
        reader.end()
        return value

    whole = read(lambda: loads(data, "f.json"))
    assert read(piecewise) == whole or whole != whole
    if whole is not Refused:
        assert whole == json.loads(data) or math.isnan(whole)


@given(VALUES)
def test_a_value_can_be_passed_over_or_kept_as_it_is_written(value: Any) -> None:
    text = json.dumps([value, "next"], ensure_ascii=True)
    reader = Reader(Dribble(text.encode()), "f.json")
    sources = [reader.source() for _ in reader.items()]
    assert f"[{', '.join(sources)}]" == text
    reader = Reader(Dribble(text.encode()), "f.json")
    assert [reader.skip() if number == 0 else reader.value() for number in reader.items()][1] == "next"


def test_passing_over_counts_what_it_passed() -> None:
    reader = Reader(io.BytesIO(b'[[1,2,3],{"a":1},"x","",null,[]]'), "f.json")
    assert [reader.skip() for _ in reader.items()] == [3, 1, 1, 0, 0, 0]


def test_a_list_larger_than_any_value_is_passed_over_and_a_value_in_it_is_too_large() -> None:
    events = b"[" + b",".join([b'{"text":"' + b"a" * 100_000 + b'"}'] * 200) + b"]"
    assert Reader(io.BytesIO(events), "f.json").skip() == 200
    with pytest.raises(Refused, match=r"f\.json:1:1: one value is larger than 16 MiB"):
        Reader(io.BytesIO(events), "f.json").value()


def test_a_place_counts_lines_and_columns_across_what_was_taken() -> None:
    reader = Reader(Dribble(b'[\n  {"a": 1},\n  {"a": 1, "a": 2}]'), "f.json")
    with pytest.raises(Refused, match=r"^f\.json:3:3: the key 'a' stands twice"):
        list(map(lambda _: reader.value(), reader.items()))  # noqa: C417


def test_lines_go_on_after_one_that_is_broken() -> None:
    found = [
        (number, str(value) if isinstance(value, Refused) else value)
        for number, value in lines(io.BytesIO(b'{"a":1}\n\n{"a":\n[2]'), "f.jsonl")
    ]
    broken = "f.jsonl:3:6: is not JSON: expecting value; is the file cut short, or not JSON?"
    assert found == [(1, {"a": 1}), (3, broken), (4, [2])]


def test_a_line_without_end_is_refused_before_it_is_read() -> None:
    with pytest.raises(Refused, match=r"f\.jsonl:1: one line is larger than 16 MiB"):
        list(lines(io.BytesIO(b" " * (MAX_BYTES + 10)), "f.jsonl"))
