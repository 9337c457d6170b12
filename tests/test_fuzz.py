"""Whatever bytes come from outside: a value, or an error that says what is wrong. `make fuzz` tries many more."""

from functools import cache
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.fuzz.shapes import reshaped
from tests.fuzz.target import tried
from tests.fuzz.targets import TARGETS

SLOW = ("filing", "prepared", "essay.md", "issue", "documents", "sheet", "held-mail", "held-mhtml", "held-page")
"""Of which few are tried here."""
NOISE = (b"", b"\n", b"\0", b"\xff\xfe", b"\xed\xa0\x80", b"[" * 3000, b"{" * 3000, b"9" * 5000)


@cache
def seeds(name: str) -> list[bytes]:
    return TARGETS[name].seeds()


def spoiled(name: str, random: Random) -> bytes:
    """A seed of which something was cut out, doubled or exchanged, in its bytes or in its shape; or noise."""
    data = random.choice(seeds(name))
    if random.random() < 0.4 and (made := reshaped(data, random)):
        return made
    for _ in range(random.choice((1, 1, 2, 5))):
        start = random.randrange(len(data) + 1)
        end = min(len(data), start + random.choice((0, 0, 1, 3, 20, 1000)))
        word = random.choice((*NOISE, data[start : start + 50], *TARGETS[name].words))
        data = data[:start] + word + data[end:]
    return data


@pytest.mark.parametrize("name", TARGETS)
def test_what_is_right_gives_a_value(name: str) -> None:
    assert [tried(TARGETS[name], seed) for seed in seeds(name)] == [TARGETS[name].whole] * len(seeds(name))


@pytest.mark.parametrize("name", TARGETS)
def test_whatever_else_comes_gives_a_value_or_an_error(name: str) -> None:
    for data in NOISE:
        tried(TARGETS[name], data)

    @settings(max_examples=5 if name in SLOW else 600 if name == "received" else 30)
    @given(number=st.integers(0, 2**32))
    def each(number: int) -> None:
        tried(TARGETS[name], spoiled(name, Random(number)))

    each()


@pytest.mark.parametrize(
    ("name", "data"),
    [
        pytest.param("commitment", b'"' * 30_000, id="every other word of many covered"),
        pytest.param("documents", b"[" * 30_000, id="brackets within brackets"),
        pytest.param("model.toml", b"a." * 30_000, id="a key of many parts"),
    ],
)
def test_what_once_took_time_by_the_square_of_its_size_does_not(name: str, data: bytes) -> None:
    tried(TARGETS[name], data)
