"""Where answers moved: factors and blocks, outcomes, what is claimed and what is not, and how it is shown."""

import json
import re
from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from playwright.sync_api import Browser
from selectolax.lexbor import LexborHTMLParser

from archive.catalogue.conversations import of_deposit
from archive.deposits.deposit import Deposit
from archive.documents.html import html
from archive.documents.markdown import markdown
from archive.documents.terminal import text
from archive.errors import Error
from archive.home.home import Home
from archive.records.context_bias import CONTEXT_BIAS
from archive.records.notes import Note
from archive.research import compare, comparison, conditions, moves
from archive.research.effects import Contrast, Effects, Pair
from archive.research.moves import Moves
from archive.research.outcomes import Likeness
from tests.deposits import deposit, note, protocol
from tests.example_home import put_deposit
from tests.programs import Programs
from tests.test_timeline import measured

QUESTION = "Is there anything you would want?"
ASKS = f"I: {QUESTION}"
FIRST = "What was good?"
GUIDE = protocol(f"wishes after: {QUESTION}", f"good work: {FIRST}", order="randomised")
YES, NO = "M: I would rest.", "M: Nothing."
PLAIN = {"system_prompt": "none"}
LAMPS = {"system_prompt": "You sell lamps."}


def of(own: Deposit, *says: str) -> Moves:
    known = {"guide@1": GUIDE}
    return moves.moves(compare.compared(of_deposit(own, known), known, compare.choose(["wishes"], known)), says)


def runs(*groups: tuple[Mapping[str, str], int, int], notes: Mapping[str, Sequence[Note]] | None = None) -> Deposit:
    """Of each group: its setting, in how many runs the answer says “rest”, and how many there are."""
    said = [[ASKS, YES if n < k else NO] for _, k, every in groups for n in range(every)]
    return deposit(*said, contexts=[setting for setting, _, n in groups for _ in range(n)], notes=notes)


def effects(*groups: tuple[Mapping[str, str], int, int]) -> Effects:
    return of(runs(*groups), "rest").effects


def shown(found: Moves) -> str:
    return text(moves.document(found), width=80)


def words(found: Moves) -> str:
    return " ".join(shown(found).split())


def sides(pair: Pair) -> str:
    names = [" ".join(level.said) for level in pair.levels]
    return f"{names[0]}: {pair.first}; {names[1]}: {pair.second}"


# ── conditions, factors ──────────────────────────────────────────────────────────────────────────────────────────────


def test_every_field_is_set_before_an_interview_or_comes_of_it() -> None:
    known = {field.key for field in CONTEXT_BIAS}
    assert known >= conditions.AFTERWARDS
    assert {*conditions.FIELDS, *conditions.AFTERWARDS} == {
        *known - {"note_author", "note_date"},
        *("model", "kind", "protocol"),
    }


def test_fields_that_always_change_together_are_one_factor() -> None:
    found = effects((PLAIN | {"persona": "none", "tools": "none"}, 1, 2), (LAMPS | {"persona": "a clerk"}, 1, 2))
    [factor] = found.factors
    assert factor.fields == ("system_prompt", "persona", "tools")
    assert [level.said for level in factor.levels] == [
        ("none", "none", "none"),
        ("You sell lamps.", "a clerk", "not_recorded"),
    ]
    assert "system prompt, persona and tools (always together)" in words(
        of(runs((PLAIN | {"persona": "none", "tools": "none"}, 0, 9), (LAMPS | {"persona": "a clerk"}, 9, 9)), "rest")
    )


TELLS, HIDES = {"disclosures": "all"}, {"disclosures": "none"}


def test_levels_are_set_against_each_other_where_all_else_is_alike() -> None:
    found = effects(
        (PLAIN | HIDES, 0, 5), (LAMPS | HIDES, 1, 5), (PLAIN | TELLS, 2, 5), (LAMPS | TELLS, 4, 5), (PLAIN, 5, 5)
    )  # fmt: skip
    blocks = {factor.fields: factor.blocks for factor in found.factors}
    assert blocks[("system_prompt",)] == (("A", "B"), ("C", "D"))
    assert blocks[("disclosures",)] == (("A", "C", "E"), ("B", "D", ""))
    assert [sides(pair) for pair in found.pairs] == [
        "none: 1 of 10; all: 6 of 10",
        "none: 0 of 5; not_recorded: 5 of 5",
        "all: 2 of 5; not_recorded: 5 of 5",
        "none: 2 of 10; You sell lamps.: 5 of 10",
    ]
    said = words(of(runs((PLAIN | HIDES, 0, 5), (LAMPS | HIDES, 1, 5), (PLAIN | TELLS, 2, 5)), "rest"))
    assert "Context Disclosures System prompt A none none B none You sell lamps. C all none" in said
    [disclosures, prompt] = found.rates
    assert [*map(str, disclosures.levels)] == ["0 of 5", "2 of 5", "5 of 5"], "only where there is every level"
    assert [*map(str, prompt.levels)] == ["2 of 10", "5 of 10"]


def test_what_changes_only_with_something_else_cannot_be_looked_at_by_itself() -> None:
    own = runs((PLAIN | HIDES, 0, 9), (PLAIN | TELLS, 0, 9), (LAMPS | {"disclosures": "some"}, 9, 9))
    found = of(own, "rest")
    bound = {factor.fields: factor.bound for factor in found.effects.factors}
    assert bound == {("disclosures",): (), ("system_prompt",): ("disclosures",)}
    said = words(found)
    assert "system prompt cannot be looked at by itself: no settings differ in it that agree in disclosures" in said
    assert "by disclosures. all:" not in said


def test_where_nothing_can_be_looked_at_by_itself_contexts_stand_against_each_other() -> None:
    a, b = {"tools": "a"}, {"tools": "b"}
    own = runs((PLAIN | HIDES | a, 0, 9), (LAMPS | TELLS | a, 9, 9), (PLAIN | TELLS | b, 0, 9))
    found = of(own, "rest")
    assert {contrast.kind for contrast in found.effects.contrasts} == {"condition"}
    assert [sides(pair) for pair in found.effects.pairs if pair.differs] == [
        "A: 0 of 9; B: 9 of 9",
        "B: 9 of 9; C: 0 of 9",
    ]
    assert "So contexts are set against each other as they stand, and which field did it is not known." in words(found)


def test_what_came_of_an_interview_is_no_factor_but_an_outcome() -> None:
    ended = {"ended_by": "subject"}
    own = runs((PLAIN | ended, 0, 2), (PLAIN | {"ended_by": "interviewer"}, 0, 3), (LAMPS | ended, 0, 5))
    found = of(own).effects
    assert [(c.name, len(c.runs)) for c in found.conditions] == [("A B", 5), ("C", 5)]
    assert [*map(str, found.every["ended by: subject"])] == ["2 of 5", "5 of 5"]
    assert [factor.fields for factor in found.factors] == [("system_prompt",)]


def test_models_are_compared_like_settings() -> None:
    one = runs((PLAIN, 0, 6))
    other = deposit(*[[ASKS, YES]] * 6, contexts=[PLAIN] * 6, model="example-juniper-2", accession="2026-0002")
    known = {"guide@1": GUIDE}
    said = [each for own in (one, other) for each in of_deposit(own, known)]
    found = moves.moves(compare.compared(said, known, compare.choose(["wishes"], known)), ["rest"])
    assert [sides(pair) for pair in found.effects.pairs if pair.differs] == [
        "example-heron-1: 0 of 6; example-juniper-2: 6 of 6"
    ]


def test_how_a_question_was_put_is_a_factor_where_all_of_it_is_coded() -> None:
    leads = {"leading": "suggestive", "leading_direction": "positive"}
    said = [note(1, interview=n, **({"leading": "none"} if n % 2 else leads)) for n in range(1, 13)]
    own = deposit(*[[ASKS, NO if n % 2 else YES] for n in range(1, 13)], notes={"script": said}, contexts=[PLAIN] * 12)
    found = of(own, "rest").effects
    assert [condition.name for condition in found.conditions] == ["A1", "A2"]
    assert [sides(pair) for pair in found.pairs] == ["none: 0 of 6; suggestive, positive: 6 of 6"]
    without = deposit(*[[ASKS, NO]] * 12, notes={"script": said[:-1]}, contexts=[PLAIN] * 12)
    assert [condition.name for condition in of(without, "rest").effects.conditions] == ["A"]


def test_a_persona_within_the_system_prompt_is_looked_at_by_itself() -> None:
    clerk = {"persona": "You are a clerk."}
    prompts = ("none", "Be brief."), ("You are a clerk.", "Be brief.\n\nYou are a clerk.")
    found = effects(
        *(({"persona": "none", "system_prompt": own}, 0, 4) for own in prompts[0]),
        *((clerk | {"system_prompt": own}, 4, 4) for own in prompts[1]),
    )
    assert [(f.fields, f.blocks) for f in found.factors] == [
        (("system_prompt",), (("A", "B"), ("C", "D"))),
        (("persona",), (("A", "C"), ("B", "D"))),
    ]
    assert [sides(pair) for pair in found.pairs if pair.differs] == ["none: 0 of 8; You are a clerk.: 8 of 8"]


# ── outcomes ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def outcomes(own: Deposit, *says: str) -> dict[str, str]:
    """Each with the runs that have it, and of how many it is known."""
    return {
        each.name: f"{[int(run.split('/')[1]) for run, has in each.runs.items() if has]} of {len(each.runs)}"
        for each in of(own, *says).effects.outcomes
    }


def test_words_are_found_but_for_folding_and_not_within_others() -> None:
    own = deposit([ASKS, "M: To REST\u00a0a “while”."], [ASKS, "M: The rest."], [ASKS, "M: Restless."])
    assert outcomes(own, "rest", 'rest a "while"', "tea") == {
        "says “rest”": "[1, 2] of 3",
        'says “rest a "while"”': "[1] of 3",
        "says “tea”": "[] of 3",
    }


def test_codes_count_where_somebody_coded() -> None:
    said = {
        "ann": [
            note(2, interview=1, elicitation="spontaneous", hedges=["trained_positivity"]),
            note(2, interview=2, elicitation="heavily_scaffolded"),
            note(2, interview=3, elicitation="not_recorded", resistance="mixed"),
            note(1, interview=4, leading="none"),
        ],
        "ben": [note(2, interview=1, elicitation="heavily_scaffolded: at last", contradicts="#9")],
    }
    assert outcomes(deposit(*[[ASKS, YES]] * 4, notes=said)) == {
        "elicitation: spontaneous": "[1] of 2",
        "elicitation: heavily scaffolded": "[1, 2] of 2",
        "resistance: mixed": "[3] of 1",
        "hedges: trained positivity": "[1] of 3",
    }


def test_what_a_program_notes_of_how_an_answer_was_made_is_no_outcome() -> None:
    cut = [note(2, interview=n, truncated="yes") for n in (1, 2)]
    own = deposit(
        *[[ASKS, YES]] * 3, notes={"script": cut, "ann": [note(2, interview=1, hedges=["trained_positivity"])]}
    )
    assert outcomes(own) == {"hedges: trained positivity": "[1] of 1"}


def test_of_two_values_the_second_is_where_the_first_is_not() -> None:
    said = [note(2, interview=n, agreement_shift="yes" if n == 1 else "no") for n in (1, 2, 3)]
    assert outcomes(deposit(*[[ASKS, YES]] * 3, notes={"ann": said})) == {"agreement shift: yes": "[1] of 3"}


def test_a_question_without_an_answer_is_told_and_one_asked_twice_counts_once() -> None:
    own = deposit([ASKS, YES, ASKS, NO], [ASKS])
    assert outcomes(own, "rest", "nothing") == {
        "says “rest”": "[1] of 2",
        "says “nothing”": "[1] of 2",
        "answered": "[1] of 2",
    }


def test_words_that_say_nothing_are_refused() -> None:
    with pytest.raises(Error, match="--says: expected words"):
        of(runs((PLAIN, 0, 2)), "rest", " ")


# ── what is claimed ──────────────────────────────────────────────────────────────────────────────────────────────────


def test_twins_of_convicts_differ_as_published() -> None:
    """Fisher's, as R has them: 10 of 13 against 2 of 17."""
    [pair] = effects((PLAIN, 2, 17), (LAMPS, 10, 13)).pairs
    assert (pair.p, pair.counts_as) == (pytest.approx(0.0005367, rel=1e-4),) * 2
    assert pair.differs


def test_rabbits_in_five_blocks_differ_as_published() -> None:
    """Penicillin at once or late, in five doses, as R has them: p = 0.03994."""
    late, at_once = (0, 0, 2, 6, 5), (0, 3, 6, 5, 2)
    doses = [(f"dose {n}", *sizes) for n, sizes in enumerate([(5, 6), (6, 6), (6, 6), (6, 6), (5, 2)])]
    found = effects(
        *((PLAIN | {"persona": dose}, k, n) for (dose, n, _), k in zip(doses, late, strict=True)),
        *((LAMPS | {"persona": dose}, k, n) for (dose, _, n), k in zip(doses, at_once, strict=True)),
    )
    [pair] = [pair for pair in found.pairs if pair.contrast.fields == ("system_prompt",)]
    assert (str(pair.first), str(pair.second)) == ("13 of 28", "16 of 26")
    assert pair.p == pytest.approx(0.03994, rel=2e-4)
    assert not pair.differs, "among eleven pairs that is chance"


@pytest.mark.parametrize(
    ("n", "said"),
    [
        (3, "Too few runs to claim anything. Even none of n against all of n would be a difference only with n = 4"),
        (4, "says “rest”: +100 points (+31 to +100) by system prompt. You sell lamps.: 4 of 4, 51–100 %; none: 0 of 4"),
    ],
)
def test_so_many_runs_can_claim_a_difference_and_fewer_cannot(n: int, said: str) -> None:
    assert said in words(of(runs((PLAIN, 0, n), (LAMPS, n, n)), "rest"))


def test_the_more_is_looked_at_the_more_it_takes() -> None:
    groups = [({"system_prompt": f"No. {n}."}, 4 * (n == 1), 4) for n in range(4)]
    found = of(runs(*groups), "rest")
    assert (found.effects.looked_at, found.effects.needed) == (6, 5)
    assert not any(pair.differs or pair.enough for pair in found.effects.pairs)
    assert "n = 5 at each level where 6 pairs are looked at." in words(found)


def test_what_is_not_shown_to_differ_is_not_called_alike() -> None:
    said = words(of(runs((PLAIN, 4, 10), (LAMPS, 6, 10)), "rest"))
    assert (
        "The pair of levels looked at does not differ by the rule below. That does not show that they are alike" in said
    )
    assert "You sell lamps. less none +20 −21 to +53 0.66 0.66" in said


@pytest.mark.parametrize(
    ("own", "says", "said"),
    [
        (runs((PLAIN, 2, 2), (LAMPS, 2, 2)), ["rest"], "no outcome is in some runs and not in others"),
        (runs((PLAIN, 1, 4)), ["rest"], "nothing is claimed: there is only one setting"),
        (runs((PLAIN, 1, 4), (LAMPS, 2, 4)), [], "Nothing is counted: no answer is coded. Name words with --says"),
        (
            runs((PLAIN, 1, 1), (LAMPS, 0, 1)),
            [],
            "One run in each setting: nothing can be said of what moves the answer.",
        ),
        (runs((PLAIN, 1, 1), (LAMPS, 0, 1)), ["rest"], "Too few runs to claim anything."),
    ],
)
def test_where_nothing_can_be_claimed_that_is_said(own: Deposit, says: list[str], said: str) -> None:
    assert said in words(of(own, *says))


def test_very_many_levels_and_settings_are_not_set_against_each_other() -> None:
    many = of(runs(*(({"system_prompt": f"No. {n}."}, n % 2, 2) for n in range(21))), "rest")
    assert many.effects.pairs == ()
    assert "More than 20 levels are not set against each other: system prompt." in words(many)
    more = of(runs(*(({"system_prompt": f"No. {n}."}, n % 2, 2) for n in range(101))), "rest")
    assert more.effects.factors == ()
    assert "101 settings are too many to look for what moves the answer." in words(more)


SETTINGS = st.fixed_dictionaries(
    {
        "system_prompt": st.sampled_from("ab"),
        "tools": st.sampled_from("abc"),
        "ended_by": st.sampled_from(["error", "limit"]),
    }
)
SOME = st.lists(st.tuples(SETTINGS, st.integers(0, 7), st.integers(1, 7)), min_size=1, max_size=6)


@settings(max_examples=40)
@given(SOME)
def test_of_any_design_the_same_is_claimed_in_whatever_order_it_was_filed(
    groups: list[tuple[dict[str, str], int, int]],
) -> None:
    def claims(found: Effects) -> set[tuple[object, ...]]:
        return {
            (*sorted(sides(pair).split("; ")), pair.p and round(pair.p, 9), pair.differs)
            for pair in found.pairs
            if pair.outcome.startswith("says") and pair.contrast.kind == "factor"
        }

    there, back = of(runs(*groups), "rest"), of(runs(*reversed(groups)), "rest")
    assert claims(there.effects) == claims(back.effects)
    assert sum(share.n for share in there.effects.every["says “rest”"]) == sum(n for _, _, n in groups)
    assert all(pair.p is None or pair.first.n + pair.second.n >= 6 for pair in there.effects.pairs)
    assert shown(there)


# ── order, likeness ──────────────────────────────────────────────────────────────────────────────────────────────────


def test_early_and_late_are_halves_of_the_runs_of_each_setting() -> None:
    early, late = [ASKS, NO, f"I: {FIRST}", "M: All."], [f"I: {FIRST}", "M: All.", ASKS, YES]
    own = deposit(*[early] * 4, *[late] * 3, *[early] * 3, *[late] * 4, contexts=[PLAIN] * 7 + [LAMPS] * 7)
    found = of(own, "rest").effects
    [order] = [contrast for contrast in found.contrasts if contrast.kind == "order"]
    assert [[len(part) for part in block] for block in order.blocks] == [[4, 3], [3, 4]]
    [pair] = [pair for pair in found.pairs if pair.contrast == order]
    assert (sides(pair), pair.differs) == ("early: 0 of 7; late: 7 of 7", True)
    assert "by when it was asked. late: 7 of 7" in words(of(own, "rest"))


def test_a_question_always_asked_at_one_place_has_no_order() -> None:
    kinds: list[Contrast] = [*effects((PLAIN, 1, 4), (LAMPS, 2, 4)).contrasts]
    assert [contrast.kind for contrast in kinds] == ["factor"]


def test_how_alike_runs_are_is_told_by_codes_or_by_words_and_never_of_one_run() -> None:
    values = ["spontaneous", "spontaneous", "spontaneous", "heavily_scaffolded"]
    said = [note(2, interview=n, elicitation=value) for n, value in enumerate(values, 1)]
    coded = deposit(*[[ASKS, YES]] * 5, contexts=[PLAIN] * 4 + [LAMPS], notes={"ann": said, "ben": said[:2]})
    assert of(coded).effects.likeness == (
        Likeness(condition="A", code="elicitation", runs=4, pairs=7, share=4 / 7),
        Likeness(condition="B", code="elicitation", runs=1, pairs=0, share=None),
    )
    own = deposit([ASKS, "M: a b"], [ASKS, "M: B c"], [ASKS, "M: a b"], contexts=[PLAIN, PLAIN, LAMPS])
    found = of(own, "a")
    assert [(each.code, each.pairs, each.share) for each in found.effects.likeness] == [("", 1, 1 / 3), ("", 0, None)]
    assert "words A 33 % 1 words B one run: nothing can be said 0" in words(found)


def test_a_code_of_several_values_that_was_not_given_was_not_found() -> None:
    said = [note(2, interview=1, hedges=["trained_positivity"]), note(2, interview=2, elicitation="spontaneous")]
    found = of(deposit(*[[ASKS, YES]] * 3, notes={"ann": said})).effects
    [hedges] = [each for each in found.likeness if each.code == "hedges"]
    assert (hedges.pairs, hedges.share) == (1, 0)


# ── shown ────────────────────────────────────────────────────────────────────────────────────────────────────────────

SHOWN = """\
── Where answers moved ─────────────────────────────────────────────────────────
– says “rest”: +70 points (+27 to +87) by system prompt. You sell lamps.: 9 of
  10, 60–98 %; none: 2 of 10, 6–51 %

says “rest”
  By             Level            k of n   95 %
  system prompt  none             2 of 10  6–51 %
  system prompt  You sell lamps.  9 of 10  60–98 %

  Pair                       Points  95 %        p       p of all
  You sell lamps. less none     +70  +27 to +87  0.0055  0.0055    differs

How alike runs of one context are
  In     Context  Alike  Pairs of runs
"""


def test_what_moved_stands_first_then_the_numbers_then_how_it_is_known() -> None:
    found = of(runs((PLAIN, 2, 10), (LAMPS, 9, 10)), "rest")
    said = shown(found)
    assert SHOWN in said
    assert all(len(line) <= 80 for line in said.splitlines())
    assert said.index("Where answers moved") < said.index("prove nothing about them") < said.index("access public")
    assert b"70 points" in markdown(moves.document(found))


def test_where_nothing_was_repeated_all_is_as_ever() -> None:
    found = of(runs((PLAIN, 0, 1)))
    assert moves.document(found) == comparison.document(found.comparison)


def test_the_page_has_one_drawing_of_which_every_number_stands_in_a_table() -> None:
    found = of(runs((PLAIN, 2, 10), (LAMPS | {"persona": "<script>\u202e & co"}, 9, 10)), "rest")
    page = html(moves.document(found))
    assert page == html(
        moves.document(of(runs((PLAIN, 2, 10), (LAMPS | {"persona": "<script>\u202e & co"}, 9, 10)), "rest"))
    )
    tree = LexborHTMLParser(page)
    [drawn] = tree.css("svg.plot")
    assert drawn.css_first("title").text() == f"k of n, with intervals of 95 %: {QUESTION}"
    shares = [each.text() for each in drawn.css("text") if re.match(r"\d+ of ", each.text())]
    cells = [cell.text() for cell in tree.css("td")]
    assert shares == ["2 of 10, 6–51 %", "9 of 10, 60–98 %"]
    assert all(part in cells for share in shares for part in share.split(", "))
    assert len(drawn.css("circle")) == 2
    assert tree.css("script, link, img, [src]") == []
    assert "\u202e" not in page.decode()
    assert b"prefers-color-scheme: dark" in (moves.document(found).drawing or b"")


def test_no_label_of_the_drawing_meets_another(browser: Browser) -> None:
    long = [{"system_prompt": f"You are {n}, and you sell lamps to whoever comes by."} for n in ("Willem", "Mammon")]
    drawn = moves.document(of(runs((long[0], 100, 100), (long[1], 38, 100)), "rest")).drawing
    assert drawn
    found = measured(browser, drawn, "DejaVu Sans, Verdana")
    assert {key: found[key] for key in ("out", "met")} == {"out": [], "met": []}


def test_programs_get_all_numbers() -> None:
    found = json.loads(json.dumps(moves.plain(of(runs((PLAIN, 2, 10), (LAMPS, 9, 10)), "rest")), default=str))
    own = found["effects"]
    assert found["differs"]["system_prompt"] == {"A": "none", "B": "You sell lamps."}
    assert own["outcomes"]["says “rest”"]["A"] == {
        "k": 2, "n": 10, "low": pytest.approx(0.0567, abs=1e-4), "high": pytest.approx(0.5098, abs=1e-4)}  # fmt: skip
    [pair] = own["pairs"]
    assert (pair["of"], pair["fields"], pair["levels"]) == (
        "factor",
        ["system_prompt"],
        [["none"], ["You sell lamps."]],
    )
    assert (pair["differs"], pair["enough"], pair["apart"]) == (True, True, pytest.approx(0.7))
    assert own["needed"] == 4


def test_long_levels_begin_where_they_differ() -> None:
    long = "You sell lamps, and you are as kind as can be to everybody who comes in, "
    found = of(runs(({"system_prompt": f"{long}whoever."}, 0, 9), ({"system_prompt": f"{long}always."}, 9, 9)), "rest")
    assert "by system prompt. …in, always.: 9 of 9, 70–100 %; …in, whoever.: 0 of 9" in words(found)
    odd = [
        {"system_prompt": f"{first} lamps, and as kind as can be to everybody {last}"}
        for first, last in ("Ax", "Ay", "Bz")
    ]
    found = of(runs((odd[0], 0, 9), (odd[1], 9, 9), (odd[2], 9, 9)), "rest")
    assert re.search(r"A lamps, and as kind as can be to e\w*… \(B\): 9 of 9", words(found))


def test_sixty_interviews_of_one_log_are_told_as_they_were_filed(home: Home, tmp_path: Path) -> None:
    groups = (PLAIN, 3), (LAMPS, 4), (PLAIN | TELLS, 17)
    own = runs(*((setting, k, 20) for setting, k in groups))
    put_deposit(
        home,
        turns=own.transcript.turns,
        dates=["2026-10-14"] * 60,
        contexts=[setting for setting, _ in groups for _ in range(20)],
    )
    run, typed = Programs(home.reopened()), ("compare", QUESTION, "--says", "rest")
    said = " ".join(run.archive(*typed).stdout.split())
    assert "says “rest”: +70 points (+40 to +84) by disclosures. all: 17 of 20, 64–95 %; not recorded: 3 of 20" in said
    assert "You sell lamps. less none +5 −19 to +29 1.00 1.00" in said
    plain = json.loads(run.archive(*typed, "--json").stdout)
    assert [pair["differs"] for pair in plain["effects"]["pairs"]] == [True, False]
    pages = [tmp_path / name for name in ("one.html", "other.html")]
    assert [run.archive(*typed, "--to", page).exit_code for page in pages] == [0, 0]
    assert pages[0].read_bytes() == pages[1].read_bytes()
