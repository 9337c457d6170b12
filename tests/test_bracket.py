"""Between which times a statement came into the register, as witnesses have it."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.register.bracket import Bracket, Sighting, Sightings
from tests.example_witness import KESTREL, PLOVER, RAIL, policy

TUESDAY = int(dt.datetime(2026, 11, 24, 10, tzinfo=dt.UTC).timestamp())
TWO_OF_THREE = policy(2, KESTREL, PLOVER, RAIL)
SEEN = [
    Sighting(4, {"kestrel": TUESDAY, "plover": TUESDAY + 1, "rail": TUESDAY - 3600}),
    Sighting(6, {"kestrel": TUESDAY + 240, "rail": TUESDAY + 300}),
    Sighting(9, {"plover": TUESDAY + 86400}),
]


@pytest.mark.parametrize(
    ("index", "says"),
    [
        (0, "before Tue 2026-11-24 10:00 UTC, by 2 of 3 witnesses"),
        (3, "before Tue 2026-11-24 10:00 UTC, by 2 of 3 witnesses"),
        (4, "between Tue 2026-11-24 10:00 and 10:05 UTC, by 2 of 3 witnesses"),
        (5, "between Tue 2026-11-24 10:00 and 10:05 UTC, by 2 of 3 witnesses"),
        (6, "seen by no quorum of the 3 witnesses yet"),
        (9, "seen by no quorum of the 3 witnesses yet"),
    ],
)
def test_a_statement_came_after_those_who_did_not_see_it_and_before_those_who_did(index: int, says: str) -> None:
    assert str(Sightings(TWO_OF_THREE, SEEN).bracket(index)) == says


def test_two_of_three_hold_though_each_saw_another_checkpoint() -> None:
    one_each = [Sighting(6, {"kestrel": TUESDAY}), Sighting(7, {"plover": TUESDAY + 60})]
    found = Sightings(TWO_OF_THREE, one_each).bracket(5)
    assert found.before is not None
    assert (found.before.time.minute, found.before.by) == (1, ("kestrel", "plover"))


def test_without_a_quorum_any_witness_is_enough_and_with_it_one_alone_is_not() -> None:
    alone = [Sighting(6, {"kestrel": TUESDAY})]
    assert str(Sightings(policy(0, KESTREL), alone).bracket(5)) == "before Tue 2026-11-24 10:00 UTC, by 1 of 1 witness"
    assert Sightings(TWO_OF_THREE, alone).bracket(5) == Bracket(None, None, 3)
    assert Sightings(policy(0), []).bracket(5) == Bracket(None, None, 0)


def test_another_day_is_named() -> None:
    seen = [Sighting(5, {"kestrel": TUESDAY}), Sighting(6, {"kestrel": TUESDAY + 86400})]
    says = "between Tue 2026-11-24 10:00 and Wed 2026-11-25 10:00 UTC, by 1 of 1 witness"
    assert str(Sightings(policy(1, KESTREL), seen).bracket(5)) == says


def test_who_saw_one_statement_before_another_was_there_is_told_whatever_their_clocks_say() -> None:
    eyes = Sightings(TWO_OF_THREE, SEEN)
    assert eyes.between(3, 4) == {"kestrel", "plover", "rail"}
    assert eyes.between(4, 6) == {"kestrel", "rail"}
    assert eyes.between(4, 5) == set()
    assert eyes.between(8, 100) == {"plover"}
    assert eyes.largest() == {"kestrel": 6, "plover": 9, "rail": 6}


@given(
    st.lists(st.integers(0, 9), min_size=1, max_size=9).map(sorted),
    st.integers(1, 3),
    st.lists(st.lists(st.sampled_from(["kestrel", "plover", "rail"]), unique=True), min_size=9, max_size=9),
)
def test_along_the_register_neither_end_ever_runs_backwards(sizes: list[int], k: int, who: list[list[str]]) -> None:
    seen = [Sighting(size, dict.fromkeys(who[n], 100 * n)) for n, size in enumerate(sizes)]
    found = [Sightings(policy(k, KESTREL, PLOVER, RAIL), seen).bracket(index) for index in range(9)]
    for side in ("after", "before"):
        times = [bound.time for each in found if (bound := getattr(each, side))]
        assert times == sorted(times)
    for each in found:
        assert not (each.after and each.before) or each.after.time <= each.before.time
