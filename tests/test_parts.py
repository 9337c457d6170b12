"""Parts of words are found through the indexes, and are the same hits that reading every row would give."""

import random
from collections.abc import Iterator
from unittest import mock

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from archive.catalogue import parts
from archive.catalogue.catalogue import ask
from archive.catalogue.hit import Hit
from archive.catalogue.search import search
from archive.errors import Refused
from archive.home.founding import create
from archive.home.home import Home
from tests.example_home import put_deposit, said
from tests.test_same_hits import TEXTS, WORDS, fill

SLICES = st.tuples(st.sampled_from(TEXTS), st.integers(0, 60), st.integers(1, 12)).map(
    lambda each: each[0][each[1] : each[1] + each[2]]
)
"""Pieces of what was filed, cut anywhere."""


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Home]:
    """Four hundred turns of odd words; some filed while the catalogue was there already, and some filed again."""
    home = create(tmp_path_factory.mktemp("parts") / "home", name="Example", origin="letters.example.org/register")
    fill(home, random.Random(7))
    search(home.reopened(), "lamp")
    put_deposit(home.reopened(), "lamps", turns=[said("A lamp shop: quails, squailing.")], dates=["2026-10-13"])
    search(home.reopened(), "lamp")
    put_deposit(home.reopened(), "late", turns=[said("A stamp shore at the lamp shore; 好的")], dates=[None])
    return home.reopened()


def by_rows(home: Home, needle: str) -> list[Hit]:
    with mock.patch.object(parts, "match", return_value=None):
        return search(home, needle, substring=True, limit=50)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=60)
@given(SLICES | st.lists(st.sampled_from(WORDS), max_size=3).map(" ".join) | st.text(max_size=4))
@example("mp sho")
@example("uail")
@example("lamp shop:")
@example("好")
@example("正放")
@example("ſo")
@example("i̇s")
def test_the_hits_are_those_of_every_row_that_has_the_characters(home: Home, needle: str) -> None:
    try:
        found = search(home, needle, substring=True, limit=50)
    except Refused:
        return
    assert found == by_rows(home, needle)


@pytest.mark.parametrize(
    ("needle", "asked"),
    [
        ("uail", ("words", '("quails" OR "squailing")')),
        ("mp shor", ("words", '("lamp shore" OR "stamp shore")')),
        (" lamp shor", ("words", '("lamp shore")')),
        ("xyzzy", ("words", "")),
        ("好的", ("pairs", '"597dg7684"')),
        ("好", ("pairs", '"597d" *')),
        (": ", None),
    ],
)
def test_what_the_indexes_are_asked(home: Home, needle: str, asked: tuple[str, str] | None) -> None:
    assert ask(home, lambda reader: parts.match(reader, needle)) == asked


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=30)
@given(st.sampled_from(["a", "as", "ask*", "N", "stra", "x", "10", "İs", "naï", "kel", "lamp s", "re"]), st.booleans())
def test_what_begins_so_is_the_same_asked_at_once_or_word_by_word(home: Home, words: str, phrase: bool) -> None:
    query = f'"{words}"*' if phrase else f"{words}*"
    found = search(home, query, limit=50)
    with mock.patch.object(parts, "beginning", return_value=None):
        assert search(home, query, limit=50) == found
