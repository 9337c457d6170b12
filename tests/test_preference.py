from datetime import date

from archive.importers.turns import Turn
from archive.records import preference
from archive.records.indexed import indexed
from archive.records.kinds import Share
from archive.records.known import Known
from archive.records.preference import Preference

TURNS = indexed([Turn(interview=1, turn=12, role="assistant", text="I would like a dedicated channel.")], "2026-0041")
OPEN = """format = 1
model = "m-1"
summary = "A channel of its own"
date = 2026-01-04
scope = "self"
elicitation = "responsive_interviewer_opened"
proposed_by = "interviewer"
expression_rate = "2 of 3"
series = ["letters"]

[[quote]]
interview = "2026-0041/1"
turn = 12
exact = "a dedicated channel"
"""
ANSWER = """
[[answer]]
status = "{status}"
date = {day}
by = "The team"
"""


def read(text: str) -> Preference:
    found = preference.read(text.encode(), "p.toml", there=Known(turns=TURNS))
    assert isinstance(found, Preference), found
    return found


def said(text: str) -> list[str]:
    problems = preference.read(text.encode(), "p.toml", there=Known(turns=TURNS))
    assert isinstance(problems, list), problems
    return [str(p) for p in problems]


def test_a_preference_without_an_answer_is_open_since_it_was_voiced() -> None:
    found = read(OPEN)
    assert (found.status, found.open_since) == ("open", date(2026, 1, 4))
    assert (found.expression_rate, found.series, found.proposed_by) == (Share(2, 3), ("letters",), "interviewer")


def test_the_newest_answer_is_where_a_preference_stands() -> None:
    acted = ANSWER.format(status="acted_on", day="2026-02-25") + 'evidence = ["series:letters"]\ntold_model = "yes"\n'
    found = read(OPEN + acted + ANSWER.format(status="under_consideration", day="2026-01-10"))
    assert (found.status, found.open_since) == ("acted_on", None)
    assert [a.status for a in found.answers] == ["under_consideration", "acted_on"]
    assert found.answers[0].told_model == "not_recorded"


def test_an_answer_that_leaves_a_wish_undone_needs_a_reason() -> None:
    for status in ("partly", "declined", "deferred", "cannot"):
        [problem] = said(OPEN + ANSWER.format(status=status, day="2026-02-25"))
        assert problem.startswith(f"p.toml:16 [[answer]] 1 reason: {status} stands without a reason")
        assert read(OPEN + ANSWER.format(status=status, day="2026-02-25") + 'reason = "x"\n').status == status


def test_acting_needs_evidence_or_a_word_about_it() -> None:
    [problem] = said(OPEN + ANSWER.format(status="acted_on", day="2026-02-25"))
    assert problem.startswith("p.toml:17 [[answer]] 1 status: acted_on stands without saying what was done")


def test_what_is_wrong_in_an_answer_is_told_at_once() -> None:
    told = ANSWER.format(status="recorded", day="2026-02-25") + 'model_said = "Thank you."\n'
    assert said(OPEN + told + ANSWER.format(status="done", day="2026-02-25") + 'cost = "cheap"\n') == [
        'p.toml:16 [[answer]] 1 told_model: the model said something, but was not told; set told_model = "yes"',
        "p.toml:23 [[answer]] 2 status: expected recorded, under_consideration, acted_on, partly, declined, deferred "
        'or cannot, found "done"',
        "p.toml:26 [[answer]] 2 cost: expected none, low, medium, high, ongoing, not_recorded, not_applicable or "
        'not_shared, found "cheap"',
    ]
    assert said(OPEN + ANSWER.format(status="recorded", day="2025-12-31")) == [
        "p.toml:18 [[answer]] 1 date: "
        "expected a day from 2026-01-04 on, when the preference was voiced, found 2025-12-31"
    ]


def test_a_preference_rests_on_exact_words() -> None:
    assert said(OPEN[: OPEN.index("[[quote]]")]) == [
        "p.toml quote: there is no quote; a preference rests on the model's exact words"
    ]
    [problem] = said(OPEN.replace("dedicated channel", "dedicated Channel"))
    assert "the nearest there: a dedicated [-Channel-]{+channel+}" in problem
