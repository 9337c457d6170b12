"""Shares, their differences, what many tests may claim: as published, as scipy and statsmodels have it, as it must."""

import json
import math
import random
import re
import subprocess
from itertools import combinations, product
from statistics import NormalDist

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.research import proportions
from archive.research.proportions import Interval, Proportion
from tests.tables import sections
from tests.test_research_data import PYTHON, ROOT

CASES = sections("proportions.md")
WILSON, NEWCOMBE, EXACT, HOLM, NEEDED = CASES.values()


def shares(cell: str) -> list[tuple[int, int]]:
    return [(int(k), int(n)) for k, n in re.findall(r"(\d+) of (\d+)", cell)]


def numbers(cell: str) -> list[float]:
    return [*map(float, re.findall(r"-?[\d.]+", cell))]


def ends(interval: Interval) -> list[float]:
    return [interval.low, interval.high]


# ── as published ─────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(("share", "interval"), WILSON)
def test_a_share_has_wilsons_interval(share: str, interval: str) -> None:
    [own] = shares(share)
    assert ends(proportions.wilson(*own)) == pytest.approx(numbers(interval), abs=5e-5)


@pytest.mark.parametrize(("first", "second", "interval"), NEWCOMBE)
def test_a_difference_has_newcombes_interval(first: str, second: str, interval: str) -> None:
    own = proportions.difference(*shares(first)[0], *shares(second)[0])
    assert ends(own) == pytest.approx(numbers(interval), abs=5e-5)


@pytest.mark.parametrize(("first", "second", "p"), EXACT)
def test_whether_it_can_be_chance_is_told_exactly_within_each_table(first: str, second: str, p: str) -> None:
    own = proportions.exact((*one, *other) for one, other in zip(shares(first), shares(second), strict=True))
    assert own == pytest.approx(float(p), rel=2e-4)


@pytest.mark.parametrize(("p", "counts"), HOLM)
def test_many_at_once_claim_less(p: str, counts: str) -> None:
    assert proportions.holm(numbers(p)) == pytest.approx(numbers(counts))


@pytest.mark.parametrize(("pairs", "n"), NEEDED)
def test_so_many_runs_are_needed_for_none_against_all_to_differ(pairs: str, n: str) -> None:
    assert proportions.needed(int(pairs)) == int(n)
    enough, fewer = (proportions.exact([(0, each, each, each)]) for each in (int(n), int(n) - 1))
    assert enough * int(pairs) <= 0.05 < fewer * int(pairs)


# ── as scipy and statsmodels have it ─────────────────────────────────────────────────────────────────────────────────


@pytest.mark.skipif(not PYTHON.is_file(), reason="no environment with the engines: tests/setup.sh makes .venv-research")
def test_all_is_as_scipy_and_statsmodels_have_it() -> None:
    drawn = random.Random(7)
    sizes = [(drawn.randint(1, most), drawn.randint(1, most)) for most in (3, 20, 60, 500) for _ in range(100)]
    tables = [(drawn.randint(0, n1), n1, drawn.randint(0, n2), n2) for n1, n2 in sizes]
    command = [PYTHON, ROOT / "tests/research/proportions.py"]
    done = subprocess.run(command, input=json.dumps(tables), capture_output=True, text=True, check=False)
    if "No module named" in done.stderr:
        pytest.skip("scipy or statsmodels is not installed there: tests/setup.sh")
    assert not done.returncode, done.stderr
    theirs = json.loads(done.stdout)
    p = [proportions.exact([own]) for own in tables]
    assert p == pytest.approx(theirs["fisher"], abs=1e-12)
    assert proportions.holm(p) == pytest.approx(theirs["holm"], abs=1e-12)
    for own, wilson, newcombe in zip(tables, theirs["wilson"], theirs["newcombe"], strict=True):
        assert ends(proportions.wilson(*own[:2])) == pytest.approx(wilson, abs=1e-12)
        assert ends(proportions.difference(*own)) == pytest.approx(newcombe, abs=1e-12)


# ── as it must ───────────────────────────────────────────────────────────────────────────────────────────────────────

SHARES = st.integers(1, 200).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n)))


@given(SHARES)
def test_an_interval_holds_its_share_and_stays_between_none_and_all(share: tuple[int, int]) -> None:
    k, n = share
    own, other = proportions.wilson(k, n), proportions.wilson(n - k, n)
    assert 0 <= own.low <= k / n <= own.high <= 1
    assert (own.low, own.high) == pytest.approx((1 - other.high, 1 - other.low))


@given(SHARES, SHARES)
def test_a_difference_the_other_way_round_is_its_negative(one: tuple[int, int], other: tuple[int, int]) -> None:
    there, back = proportions.difference(*one, *other), proportions.difference(*other, *one)
    assert ends(there) == pytest.approx([-back.high, -back.low])
    assert there.low <= one[0] / one[1] - other[0] / other[1] <= there.high


SMALL = st.integers(0, 4).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n)))


@given(st.lists(st.tuples(SMALL, SMALL), max_size=3))
def test_a_test_over_several_tables_counts_every_way_in_which_it_could_have_come(
    tables: list[tuple[tuple[int, int], tuple[int, int]]],
) -> None:
    """By going through all of them: within each table, any of the answers could have been the first ones."""
    each = [_ways(k1, n1, k2, n2) for (k1, n1), (k2, n2) in tables]
    ways: dict[int, int] = {}
    for chosen in product(*(own.items() for own in each)):
        total = sum(k for k, _ in chosen)
        ways[total] = ways.get(total, 0) + math.prod(often for _, often in chosen)
    found = ways[sum(k1 for (k1, _), _ in tables)]
    expected = sum(often for often in ways.values() if often <= found) / sum(ways.values())
    assert proportions.exact((*one, *other) for one, other in tables) == pytest.approx(expected)


def _ways(k1: int, n1: int, k2: int, n2: int) -> dict[int, int]:
    answers = [True] * (k1 + k2) + [False] * (n1 + n2 - k1 - k2)
    found: dict[int, int] = {}
    for first in combinations(answers, n1):
        found[sum(first)] = found.get(sum(first), 0) + 1
    return found


def test_where_nothing_differs_no_more_than_one_in_twenty_is_called_a_difference() -> None:
    """All outcomes of two times ten runs, by how likely they are: of none of these shares more than 5 % are refused."""
    for share in (0.1, 0.3, 0.5):
        likely = [math.comb(10, k) * share**k * (1 - share) ** (10 - k) for k in range(11)]
        refused = sum(
            likely[a] * likely[b]
            for a, b in product(range(11), repeat=2)
            if proportions.exact([(a, 10, b, 10)]) <= proportions.CHANCE
        )
        assert refused <= 0.05


def test_runs_that_say_the_same_are_counted_in_pairs() -> None:
    assert proportions.agreeing([3, 2]) == (4, 10)
    assert proportions.agreeing([1]) == (0, 0)
    assert proportions.overlap(frozenset({"a", "b"}), frozenset({"b", "c"})) == pytest.approx(1 / 3)
    assert proportions.overlap(frozenset(), frozenset()) == 1
    assert [*proportions.pairs(4, 99)] == [(0, 1), (1, 2), (2, 3), (0, 2), (1, 3), (0, 3)]
    assert len([*proportions.pairs(1000, 50)]) == 50


def test_intervals_are_as_sure_as_they_say() -> None:
    assert NormalDist().inv_cdf(1 - proportions.CHANCE / 2) == pytest.approx(proportions._Z, abs=1e-15)
    assert pytest.approx(1) == proportions.SURE + proportions.CHANCE


def test_a_share_of_nothing_has_no_interval() -> None:
    assert Proportion(0, 0).plain() == {"k": 0, "n": 0, "low": None, "high": None}
    assert str(Proportion(3, 20)) == "3 of 20"
