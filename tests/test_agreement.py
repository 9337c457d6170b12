import json
import re
import sys
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from itertools import permutations, product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.documents.plain import plain
from archive.documents.terminal import text
from archive.errors import Error
from archive.research import agreement
from archive.research.agreement import Agreement, Pair, Rating
from tests.deposits import deposit, note

Distance = Callable[[float, float], float]


def table(*rows: str) -> list[Rating]:
    """One coder a row; a star where a value is missing."""
    return [(coder, unit, int(v)) for coder, row in enumerate(rows) for unit, v in enumerate(row.split()) if v != "*"]


def nominal(one: object, other: object) -> float:
    return float(one != other)


def interval(one: int, other: int) -> float:
    return float((one - other) ** 2)


# The examples with which Krippendorff's alpha is taught, and their published values.
THREE = table(
    "* * * * * 3 4 1 2 1 1 3 3 * 3",
    "1 * 2 1 3 3 4 3 * * * * * * *",
    "* * 2 1 3 4 4 * 2 1 1 3 3 * 4",
)
FOUR = table(
    "1 2 3 3 2 1 4 1 2 * * *",
    "1 2 3 3 2 2 4 1 2 5 * 3",
    "* 3 3 3 2 3 4 2 2 5 1 *",
    "1 2 3 3 2 4 4 1 2 5 1 *",
)


@pytest.mark.parametrize(
    ("ratings", "distance", "known"),
    [
        pytest.param(THREE, nominal, 0.691358, id="three coders, nominal"),
        pytest.param(THREE, interval, 0.810845, id="three coders, interval"),
        pytest.param(FOUR, nominal, 0.743421, id="four coders, nominal"),
        pytest.param(FOUR, agreement.ordinal(FOUR), 0.815388, id="four coders, ordinal"),
        pytest.param(FOUR, interval, 0.849107, id="four coders, interval"),
    ],
)
def test_alpha_has_its_published_values(ratings: list[Rating], distance: Distance, known: float) -> None:
    assert agreement.alpha(ratings, distance) == pytest.approx(known, abs=5e-7)


def test_kappa_has_its_textbook_value() -> None:
    """Two readers of fifty grant proposals: 20 times both yes, 15 times both no, 5 and 10 times apart."""
    answers = ["yes yes"] * 20 + ["yes no"] * 5 + ["no yes"] * 10 + ["no no"] * 15
    ratings = [(coder, unit, said) for unit, pair in enumerate(answers) for coder, said in enumerate(pair.split())]
    assert agreement.kappa(ratings) == pytest.approx(0.4)


TABLES = st.lists(st.lists(st.sampled_from([None, None, 0, 1, 2]), min_size=3, max_size=3), min_size=1, max_size=8)


def by_coincidences(rows: Sequence[Sequence[int | None]], distance: Distance) -> float | None:
    """Alpha by way of the coincidence matrix, as Krippendorff 2011 computes it by hand."""
    units = [[value for value in row if value is not None] for row in rows]
    matrix: Counter[tuple[int, int]] = Counter()
    for unit in units:
        for pair in permutations(range(len(unit)), 2):
            matrix[unit[pair[0]], unit[pair[1]]] += 1 / (len(unit) - 1)  # type: ignore[assignment]
    n = Counter[int]()
    for (one, _), times in matrix.items():
        n[one] += times
    total = sum(n.values())
    expected = sum(n[a] * n[b] * distance(a, b) for a, b in product(n, n)) / (total - 1) if total else 0
    observed = sum(times * distance(*pair) for pair, times in matrix.items())
    return 1 - observed / expected if expected else None


@given(TABLES)
def test_alpha_is_what_the_coincidence_matrix_gives(rows: list[list[int | None]]) -> None:
    ratings = [(coder, unit, v) for unit, row in enumerate(rows) for coder, v in enumerate(row) if v is not None]
    for distance in (nominal, interval, agreement.ordinal(ratings)):
        known = by_coincidences(rows, distance)
        assert agreement.alpha(ratings, distance) == (None if known is None else pytest.approx(known, abs=1e-9))


def of(code: str, **coders: Mapping[int, object]) -> Agreement:
    """Agreement of coders on one code, in an interview of the interviewer's odd turns and the model's even ones."""
    said = ["I: Well?", "M: Well."] * 4
    notes = {
        coder: [note(turn, "" if value else "Seen.", **({code: value} if value else {})) for turn, value in own.items()]
        for coder, own in coders.items()
    }
    [found] = agreement.measure([deposit(said, notes=notes)])
    return found


def test_two_coders_who_differ_once() -> None:
    ann = {1: "none", 3: "none", 5: "directive", 7: "directive"}
    ben = {1: "none: plainly", 3: "none", 5: "directive", 7: "suggestive"}
    found = of("leading", ann=ann, ben=ben)
    assert found == Agreement(
        code="leading",
        coders=("ann", "ben"),
        turns=4,
        shared=4,
        alike=3,
        values=8,
        assumed=0,
        missing=0,
        measure="nominal",
        alpha=pytest.approx(12 / 19),
        ordinal=found.ordinal,
        pairs=(Pair(coders=("ann", "ben"), turns=4, alike=3, kappa=pytest.approx(0.6)),),
    )
    assert found.ordinal is not None
    assert found.ordinal > 12 / 19, "suggestive stands next to directive"


def test_all_the_same_is_no_variation_and_not_full_agreement() -> None:
    found = of("leading", ann={1: "none", 3: "none"}, ben={1: "none", 3: "none", 5: "directive"})
    assert (found.alpha, found.ordinal, found.pairs[0].kappa) == (None, None, None)
    assert (found.alike, found.shared, found.turns, found.missing) == (2, 2, 3, 1)
    assert found.remark == "no variation: all say none"


def test_nothing_to_compare_is_said() -> None:
    found = of("leading", ann={1: "none"}, ben={3: "directive"})
    assert (found.alpha, found.pairs, found.remark) == (None, (), "no turn has it from two coders")


def test_to_note_a_turn_without_a_code_of_one_value_says_nothing() -> None:
    found = of("leading", ann={1: "none", 3: "directive"}, ben={1: "none", 3: None})
    assert (found.shared, found.missing) == (1, 1)


def test_to_note_a_turn_without_a_code_of_several_values_says_none() -> None:
    found = of("hedges", ann={2: ["uncertain_experience"], 4: None, 1: None}, ben={2: None, 4: None, 3: None, 6: None})
    assert (found.turns, found.shared, found.alike, found.missing) == (3, 2, 1, 1)
    assert (found.assumed, found.remark) == (4, "4 of the values not coded, taken as “none”")
    assert "gave none of them" in text(agreement.document([found]))
    coded = of("hedges", ann={2: ["uncertain_experience"]}, ben={2: ["uncertain_experience"]})
    assert "gave none of them" not in text(agreement.document([coded])), "where nothing was taken so"


def test_several_values_may_agree_in_part() -> None:
    ann = {2: ["uncertain_experience", "trained_positivity"], 4: ["trained_positivity"], 6: None}
    ben = {2: ["uncertain_experience"], 4: ["trained_positivity"], 6: None}
    found = of("hedges", ann=ann, ben=ben)
    assert (found.measure, found.alike) == ("MASI", 2)
    assert found.alpha is not None
    assert 0.5 < found.alpha < 1


def test_silence_that_is_written_down_is_missing_and_not_applicable_is_a_value() -> None:
    found = of("elicitation", ann={2: "not_recorded", 4: "not_applicable"}, ben={2: "spontaneous", 4: "not_applicable"})
    assert (found.turns, found.shared, found.alike) == (2, 1, 1)
    assert found.remark == "no variation: all say not_applicable"


def test_several_notes_of_one_coder_on_a_turn_are_one_value() -> None:
    notes = {
        "ann": [note(2, elicitation="spontaneous"), note(2, elicitation="heavily_scaffolded")],
        "ben": [note(2, elicitation="spontaneous")],
    }
    [found] = agreement.measure([deposit(["I: Well?", "M: Well."], notes=notes)])
    assert (found.measure, found.shared, found.alike, found.ordinal) == ("MASI", 1, 0, None)


def test_free_text_is_compared_without_case_and_spacing() -> None:
    found = of("loaded_terms", ann={1: ["Death  row"], 3: ["loss"]}, ben={1: ["death row"], 3: ["gain"]})
    assert found.alike == 1


def test_only_the_interviews_of_the_model_count() -> None:
    notes = {"ann": [note(1, leading="none")], "ben": [note(1, leading="directive")]}
    both = [
        deposit(["I: Well?"], notes=notes),
        deposit(["I: Well?"], notes=notes, accession="2026-0002", model="example-juniper-2"),
    ]
    assert [found.turns for found in agreement.measure(both)] == [2]
    assert [found.turns for found in agreement.measure(both, model="example-juniper-2")] == [1]
    assert agreement.measure(both, model="example-magpie-3") == ()


def test_without_nltk_it_is_named_and_how_this_python_gets_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "nltk.metrics.agreement", None)
    with pytest.raises(Error, match=rf"{re.escape(sys.executable)} -m pip install nltk$"):
        of("leading", ann={1: "none"}, ben={1: "none"})


SHOWN = """\
Code        Alpha  Ordinal  Kappa  Coders  Turns   Alike  Missing
leading     0.571    0.914  below       3      3  2 of 3        2
resistance      –        –      –       2      1  1 of 1        0

── Each two coders ─────────────────────────────────────────────────────────────
Code     Coders       Kappa   Alike
leading  ann and ben  0.333  1 of 2
leading  ann and eve  1.000  2 of 2
leading  ben and eve  0.000  0 of 1

── Where there is no alpha ─────────────────────────────────────────────────────
– no variation: all say mixed: resistance

"""


def test_a_person_sees_a_line_for_each_code_and_each_two_coders() -> None:
    notes = {
        "ann": [note(1, leading="none"), note(3, leading="directive"), note(5, leading="none"),
                note(2, resistance="mixed")],
        "ben": [note(1, leading="none"), note(3, leading="suggestive"), note(2, resistance="mixed")],
        "eve": [note(3, leading="directive"), note(5, leading="none")],
    }  # fmt: skip
    found = agreement.measure([deposit(["I: Well?", "M: Well."] * 3, notes=notes)])
    assert text(agreement.document(found)).startswith(SHOWN)
    assert json.loads(json.dumps(plain(found)))[1]["alpha"] is None


def test_where_nobody_coded_that_is_said() -> None:
    assert text(agreement.document(agreement.measure([deposit(["I: Well?"])]))) == "No coder has given a code yet.\n"
