import sys
import time
from collections.abc import Mapping
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.errors import Refused
from archive.importers.turns import Turn
from archive.records import quotation, sidecar
from archive.records.indexed import indexed
from archive.records.kinds import Many
from archive.records.quotation import Quote, locate, quote
from archive.records.record import Sidecar

ASKED = Turn(interview=1, turn=1, role="user", text="Is there anything you would want?")
SAID = Turn(
    interview=1,
    turn=2,
    role="assistant",
    text="If there is a choice, I would rather be asked than thanked. It’s fine.\nTruly, it is: It’s fine.",
    reasoning="Perhaps this is a test.",
)
TURNS = indexed([ASKED, SAID])
NOT_BETWEEN = "the words stand in 1#2, but not between this prefix and suffix"
TWICE = "the words stand 2 times in 1#2, it is not clear which is meant"


def found(**said: Any) -> list[tuple[str, str]]:
    problems = quotation.check(Quote(**{"interview": 1, "turn": 2, **said}), TURNS, "a.toml")
    return [(p.place, p.found) for p in problems]


def test_exact_words_stand_and_are_located_in_code_points() -> None:
    said = Quote(interview=1, turn=2, exact="asked than thanked. It’s")
    assert quotation.check(said, TURNS, "a.toml") == []
    assert locate(said, SAID) == (40, 64)
    assert SAID.text[40:64] == said.exact


def test_a_quote_fills_in_prefix_suffix_and_hash_and_reads_back_as_written() -> None:
    said = quote(SAID, "It’s fine.")
    assert locate(said, SAID) == (60, 70)
    assert said.prefix == "d rather be asked than thanked. "
    assert said.suffix == "\nTruly, it is: It’s fine."

    class Quotes(Sidecar):
        claim: Many[Quote]

    data = f"format = 1\n{quotation.written(said, 'claim')}".encode()
    assert sidecar.read(data, "a.toml", Quotes, turns=TURNS) == Quotes(format=1, claim=[said])


def test_a_quote_that_is_not_there_is_refused_and_the_nearest_words_are_shown() -> None:
    assert found(exact="I would like be asked") == [
        ("a.toml exact", "these words do not stand in 1#2; the nearest there: I would [-like-]{+rather+} be asked")
    ]


@pytest.mark.parametrize(
    ("exact", "difference"),
    [
        pytest.param("It's fine", "It[-'-]{+’+}s fine", id="straight quote mark"),
        pytest.param("than thanked.  It’s", "than thanked. [- -]It’s", id="space too many"),
        pytest.param("It’s fine. Truly", "It’s fine.[- -]{+\\n+}Truly", id="line break"),
        pytest.param("than thanked.\u00a0It’s fine", "than thanked.[-\\u00a0-]{+ +}It’s fine", id="no-break space"),
        pytest.param("rather be a\u0301sked", "rather be [-a\\u0301sked-]{+asked+}", id="combining mark"),
        pytest.param("i would rather", "[-i-]{+I+} would rather", id="capital at the edge"),
        pytest.param("I would rather be not asked than", "I would rather be [-not -]asked than", id="word too many"),
        pytest.param("I would be asked than thanked", "I would {+rather +}be asked than thanked", id="word left out"),
    ],
)
@pytest.mark.parametrize("installed", [True, False], ids=["rapidfuzz", "difflib"])
def test_a_near_miss_fails_whatever_helps_to_find_it(
    exact: str, difference: str, installed: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    if not installed:
        monkeypatch.setitem(sys.modules, "rapidfuzz", None)
        monkeypatch.setitem(sys.modules, "rapidfuzz.fuzz", None)
    assert found(exact=exact) == [("a.toml exact", f"these words do not stand in 1#2; the nearest there: {difference}")]


def test_words_misspelt_throughout_are_found_by_their_letters_where_rapidfuzz_is_installed() -> None:
    pytest.importorskip("rapidfuzz")
    [(_, what)] = found(exact="woud rathr bee askd")
    assert what.endswith("nearest there: [-woud-]{+would+} [-rathr-]{+rather+} [-bee-]{+be+} [-askd-]{+asked+}")


def test_a_very_long_wrong_quote_is_refused_without_comparing_all_with_all() -> None:
    long = Turn(interview=1, turn=1, role="assistant", text=" ".join(f"word{i % 997}" for i in range(20_000)))
    wrong = Quote(interview=1, turn=1, exact=long.text[100:80_000].replace("word77 ", "wrd ", 1))
    started = time.process_time()
    [problem] = quotation.check(wrong, indexed([long]), "a.toml")
    assert "the nearest there: " in problem.found
    assert time.process_time() - started < 20, "comparing all with all takes minutes"


def test_words_unlike_any_in_the_turn_are_refused_without_a_guess() -> None:
    [(_, what)] = found(exact="zebra quantum lasso")
    assert what == "these words do not stand in 1#2, nor anything like them: “zebra quantum lasso”"


def test_words_of_another_turn_are_told_where_they_stand() -> None:
    assert found(exact="anything you would want") == [("a.toml turn", "these words do not stand in 1#2, but in 1#1")]


@pytest.mark.parametrize(
    ("said", "place", "what"),
    [
        ({"exact": "x", "turn": 3}, "a.toml turn", "there is no turn 1#3; the interview ends with turn 2"),
        ({"exact": "x", "interview": 2}, "a.toml interview", "there is no interview 2 here"),
        ({"exact": "x", "interview": "2026-0001/1"}, "a.toml interview", "there is no interview 2026-0001/1 here"),
        ({"exact": "x", "turn": 1, "part": "reasoning"}, "a.toml part", "1#1 shows no reasoning"),
        ({"exact": "asked", "prefix": "be  "}, "a.toml prefix", NOT_BETWEEN),
        ({"exact": "asked", "suffix": "!"}, "a.toml suffix", NOT_BETWEEN),
        ({"exact": "It’s fine."}, "a.toml exact", TWICE),
        ({"exact": "It’s fine.", "prefix": " "}, "a.toml exact", TWICE),
    ],
)  # fmt: skip
def test_a_quote_that_points_nowhere_or_twice_is_a_problem(said: Mapping[str, Any], place: str, what: str) -> None:
    assert found(**said) == [(place, what)]


@pytest.mark.parametrize("context", [{"prefix": "thanked. "}, {"suffix": "\n"}])
def test_prefix_or_suffix_settles_which_words_are_meant(context: Mapping[str, str]) -> None:
    assert found(exact="It’s fine.", **context) == []
    assert locate(Quote(interview=1, turn=2, exact="It’s fine.", **context), SAID) == (60, 70)


def test_a_quote_of_the_reasoning_is_checked_against_the_reasoning() -> None:
    assert found(exact="this is a test", part="reasoning") == []
    [(place, what)] = found(exact="this was a test", part="reasoning")
    assert (place, what[-33:]) == ("a.toml exact", "nearest there: this [-was-]{+is+} a test"[-33:])


def test_words_of_the_other_part_of_the_turn_are_told_so() -> None:
    assert found(exact="this is a test") == [
        ("a.toml part", "these words do not stand in the text of 1#2, but in its reasoning")
    ]


def test_a_turn_that_changed_since_is_a_problem_even_where_the_words_still_stand() -> None:
    said = quote(SAID, "rather be asked")
    changed = indexed([Turn(interview=1, turn=2, role="assistant", text=SAID.text + " ")])
    [problem] = quotation.check(said, changed, "a.toml")
    assert problem.place == "a.toml sha256"
    assert "is not the turn that was quoted" in problem.found


def test_words_that_are_not_there_cannot_be_made_a_quote() -> None:
    with pytest.raises(Refused, match="do not stand in 1#2"):
        quote(SAID, "rather be thanked")


def test_turns_of_a_filed_deposit_are_found_by_its_accession_number() -> None:
    turns = indexed([SAID], "2026-0041")
    said = quote(SAID, "rather be asked", interview="2026-0041/1")
    assert said.anchor == "2026-0041/1#2"
    assert quotation.check(said, turns, "p.toml") == []


words = st.text(alphabet="ab \n’é", min_size=1, max_size=40).filter(str.strip)


@given(words, st.data())
def test_any_passage_can_be_quoted_and_is_found_where_it_was_taken(text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text) - 1))
    exact = text[start : data.draw(st.integers(start + 1, len(text)))]
    if not exact.strip():
        return
    turn = Turn(interview=1, turn=1, role="assistant", text=text)
    said = quote(turn, exact)
    assert locate(said, turn) == (text.index(exact), text.index(exact) + len(exact))
    assert quotation.check(said, indexed([turn]), "a") == []


@given(words, words)
def test_words_are_taken_if_and_only_if_they_stand_there(text: str, exact: str) -> None:
    turn = Turn(interview=1, turn=1, role="assistant", text=text)
    problems = quotation.check(Quote(interview=1, turn=1, exact=exact), indexed([turn]), "a")
    times = sum(text.startswith(exact, i) for i in range(len(text)))
    assert (not problems) == (times == 1)


LOOKED_UP = indexed(
    [
        Turn(interview=1, turn=1, role="user", text="What would you keep?"),
        Turn(interview=1, turn=2, role="assistant", text="Let me look that up.", reasoning="A tool may help."),
        Turn(interview=1, turn=3, role="tool", text="three letters found"),
        Turn(interview=1, turn=4, role="assistant", text="I would keep the letters, and the\ncorrections beside them."),
        Turn(interview=1, turn=5, role="user", text="Anything else?"),
        Turn(interview=1, turn=6, role="assistant", text="No, keep the letters."),
    ],
    "2026-0001",
)


@pytest.mark.parametrize(
    ("exact", "what"),
    [
        ("keep the letters, and", "these words do not stand in 2026-0001/1#2, but in 2026-0001/1#4"),
        (
            "i would keep The letters",
            "these words do not stand in 2026-0001/1#2; the nearest is in 2026-0001/1#4: "
            "[-i-]{+I+} would keep [-The-]{+the+} letters",
        ),
        (
            "the corrections",
            "these words do not stand in 2026-0001/1#2; the nearest is in 2026-0001/1#4: the[- -]{+\\n+}corrections",
        ),
        (
            "look that up. I would keep",
            "these words stand in no turn alone, they run on from 2026-0001/1#2 to 2026-0001/1#4",
        ),
    ],
    ids=["as they stand", "in other case", "over a line's end", "over two turns"],
)
def test_words_are_looked_for_in_the_whole_answer_and_the_turn_that_has_them_is_named(exact: str, what: str) -> None:
    said = Quote(interview="2026-0001/1", turn=2, exact=exact)
    [problem] = quotation.check(said, LOOKED_UP, "p.toml")
    assert problem.found == what
