from datetime import date
from typing import Annotated

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.errors import Problem
from archive.records import sidecar
from archive.records.kinds import DayOrSilence, Many, Ordinal, Share, ShareOf, Text, choice
from archive.records.record import Record, Sidecar


class Leg(Record):
    length: float
    foot: Text = "flat"


class Bird(Record):
    name: Text
    leg: Many[Leg] = ()


class Heron(Sidecar):
    name: Text
    colour: Annotated[str, choice({"grey": "", "white": ""})] = "grey"
    age: Ordinal = 1
    seen: DayOrSilence = None
    caught: ShareOf | None = None
    aliases: Many[Text] = ()
    tame: bool = False
    nest: Bird | None = None
    bird: Many[Bird] = ()


def said(text: str) -> list[str]:
    problems = sidecar.read(text.encode(), "h.toml", Heron)
    assert isinstance(problems, list), problems
    return [str(p) for p in problems]


def test_a_sidecar_is_read_into_its_record() -> None:
    data = b"""format = 1
name = "Heron"
seen = 2026-11-22
caught = "3 of 10"
aliases = ["a", "b"]
[[bird]]
name = "x"
[[bird.leg]]
length = 2
"""
    assert sidecar.read(data, "h.toml", Heron) == Heron(
        format=1, name="Heron", seen=date(2026, 11, 22), caught="3 of 10", aliases=["a", "b"],
        bird=[Bird(name="x", leg=[Leg(length=2.0)])],
    )  # fmt: skip


def test_every_problem_is_told_at_once_with_its_line_and_way() -> None:
    text = '''format = 1
name = """
colour = "no"
[[bird]]
"""   # [nest]
colour = "gray"
age = "2"
seen = "2026-11-22"
caught = "4 of 3"
aliases = ["a", 3,
  "",
]
tamed = true

[nest]
name = " "

[[bird]]
name = "one"

[[bird]]
leg = [{length = "x"}]
'''
    assert said(text) == [
        'h.toml:6 colour: expected grey or white, found "gray"; did you mean "grey"?',
        'h.toml:7 age: expected a whole number, found "2"',
        'h.toml:8 seen: expected a date like 2026-11-22, without quotes, found "2026-11-22"',
        "h.toml:9 caught: 4 of 3 is more than all; the first number counts within the second",
        "h.toml:10 aliases 2: expected text in quotes, found 3",
        "h.toml:10 aliases 3: is blank; fill it in",
        'h.toml:13 tamed: there is no such key; did you mean "tame"?',
        "h.toml:16 [nest] name: is blank; fill it in",
        "h.toml:21 [[bird]] 2 name: is missing; add name = …",
        'h.toml:22 [[bird]] 2 [[leg]] 1 length: expected a number, found "x"',
    ]


def test_the_line_of_a_table_in_a_table_is_found() -> None:
    text = 'format = 1\nname = "h"\n[[bird]]\nname = "x"\n[[bird.leg]]\nlength = 1\n[[bird.leg]]\nlength = 1\nfot = 2\n'
    assert said(text) == ['h.toml:9 [[bird]] 1 [[leg]] 2 fot: there is no such key; did you mean "foot"?']


def test_an_unknown_key_that_is_like_none_is_answered_with_all_known_ones() -> None:
    assert said('format = 1\nname = "h"\nzzz = 1\n') == [
        "h.toml:3 zzz: there is no such key; "
        "known are format, name, colour, age, seen, caught, aliases, tame, nest, bird"
    ]


@pytest.mark.parametrize(
    ("value", "found"),
    [("true", "true"), ("1.5", "1.5"), ("[1]", "a list"), ("07:32:00", "07:32:00")],
)
def test_what_was_found_is_shown_as_it_stands_in_the_file(value: str, found: str) -> None:
    assert said(f"format = 1\nname = {value}\n") == [f"h.toml:2 name: expected text in quotes, found {found}"]


@pytest.mark.parametrize("value", ["0", "-1"])
def test_numbers_count_from_one(value: str) -> None:
    assert said(f'format = 1\nname = "h"\nage = {value}\n') == [
        f"h.toml:3 age: expected a number from 1, found {value}"
    ]


@pytest.mark.parametrize("value", ["3", '"3 of 07"', '"three of ten"', '"3/10"', '"0 of 0"', '"-1 of 3"'])
def test_a_share_is_written_k_of_n(value: str) -> None:
    assert said(f'format = 1\nname = "h"\ncaught = {value}\n')[0].startswith("h.toml:3 caught: expected k of n, found")
    assert str(Share(0, 3)) == "0 of 3"


@pytest.mark.parametrize(
    ("data", "place", "found"),
    [
        pytest.param(b"", "h.toml format", "is missing", id="empty"),
        pytest.param(b"format = 2", "h.toml format", "expected 1, found 2", id="later format"),
        pytest.param(b"format = true", "h.toml format", "expected 1, found true", id="true is not 1"),
        pytest.param(b"\xef\xbb\xbfformat = 1", "h.toml:1:1", "byte order mark", id="BOM"),
        pytest.param(b'format = 1\nname = "\xc3\xa9\xff"', "h.toml:2:10", "not UTF-8", id="latin-1"),
        pytest.param(b"format = 1\nname = h\n", "h.toml:2:8", "not TOML: invalid value, in “name = h”", id="unquoted"),
        pytest.param(b'format = 1\nname = "a\n', "h.toml:2:10", "not TOML", id="unclosed"),
        pytest.param(b'format = 1\nname = """a\n', "h.toml:2:1", "not TOML", id="unclosed lines"),
        pytest.param(b"format = 1\nformat = 1\n", "h.toml:2:11", "not TOML", id="twice"),
        pytest.param(b"format = 007", "h.toml:1:11", "not TOML", id="leading zeros"),
        pytest.param(b"a = " + b"[" * 9000, "h.toml", "nested too deeply", id="deep"),
        pytest.param(b"\n" + b"a." * 90_000 + b"a = 1", "h.toml:2", "a key in it has more than 64 parts", id="endless"),
        pytest.param(b"[" + b' "a" . ' * 90_000 + b"a]", "h.toml:1", "a key in it has more", id="a table"),
        pytest.param(b"a = " + b"9" * 9000, "h.toml", "a number in it is too long", id="long number"),
        pytest.param(b"#" * (sidecar.LARGEST + 1), "h.toml", "expected at most 8,388,608 bytes", id="large"),
    ],
)
def test_what_is_no_sidecar_is_told_in_one_problem(data: bytes, place: str, found: str) -> None:
    [problem] = sidecar.read(data, "h.toml", Heron)
    assert isinstance(problem, Problem)
    assert problem.place == place
    assert found in problem.found


def test_a_text_may_have_as_many_dots_as_it_likes() -> None:
    words = "No. " * 500
    read = sidecar.read(
        f'format = 1\nname = "{words}"  # {words}\naliases = ["""\n{words}"""]\n'.encode(), "h.toml", Heron
    )
    assert isinstance(read, Heron)
    assert read.aliases == (words,)


@given(st.binary(max_size=200) | st.text(alphabet="[]=\"'#\n.ab1 \\", max_size=60).map(str.encode))
def test_any_bytes_give_a_record_or_problems(data: bytes) -> None:
    assert isinstance(sidecar.read(data, "h.toml", Heron), (Heron, list))
    assert isinstance(sidecar.read(b"format = 1\n" + data, "h.toml", Heron), (Heron, list))
