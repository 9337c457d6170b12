from archive.importers.turns import Turn
from archive.records import analysis
from archive.records.analysis import Analysis
from archive.records.indexed import indexed
from archive.records.kinds import Share
from archive.records.known import Known

SAID = [Turn(interview=1, turn=2, role="assistant", text="I would rather be asked.")]
TURNS = indexed(SAID) | indexed(SAID, "2026-0041")
GOOD = """format = 1
title = "It asks to be asked"
author = "claude-opus-4-8"
author_kind = "model"
date = 2026-11-20
version = 2
supersedes = "first-reading"
interviews = [1, "2026-0041/1"]

[[claim]]
text = "Wishes to be consulted."
expression_rate = "1 of 2"
confidence = "medium"
rival_explanations = ["The question before it praised the model."]
disagrees_with = ["second-reading"]

[[claim.quote]]
interview = 1
turn = 2
exact = "I would rather be asked"
"""


def said(text: str) -> list[str]:
    problems = analysis.read(text.encode(), "a.toml", there=Known(turns=TURNS))
    assert isinstance(problems, list), problems
    return [str(p) for p in problems]


def test_an_analysis_is_read_claim_by_claim() -> None:
    read = analysis.read(GOOD.encode(), "a.toml", there=Known(turns=TURNS))
    assert isinstance(read, Analysis)
    assert (read.author_kind, read.version, read.interviews) == ("model", 2, (1, "2026-0041/1"))
    [claim] = read.claim
    assert (claim.expression_rate, claim.disagrees_with) == (Share(1, 2), ("second-reading",))
    assert [q.anchor for q in claim.quote] == ["1#2"]


def test_a_quote_is_checked_whenever_turns_are_given() -> None:
    text = GOOD.replace("rather be asked", "rather be thanked")
    [problem] = said(text)
    assert problem.startswith("a.toml:20 [[claim]] 1 [[quote]] 1 exact: these words do not stand in 1#2")
    assert isinstance(analysis.read(text.encode(), "a.toml"), Analysis)


def test_only_what_was_read_is_quoted() -> None:
    assert said(GOOD.replace("[1, ", "[").replace('"1 of 2"', '"1 of 1"')) == [
        "a.toml:18 [[claim]] 1 [[quote]] 1 interview: 1#2 is quoted, but interview 1 is not among those read; "
        "add it to interviews"
    ]
    assert said(GOOD.replace('[1, "2026-0041/1"]', "[]"))[0] == (
        "a.toml:8 interviews: names no interview; list what was read, as in interviews = [1]"
    )


def test_what_is_wrong_in_an_analysis_is_told_at_once() -> None:
    text = GOOD.replace('"model"', '"machine"').replace('"1 of 2"', '"3 of 2"').replace("turn = 2", "turn = 0")
    assert [line.split(" ", 1)[1] for line in said(text.replace('"2026-0041/1"', '"41/1"'))] == [
        'author_kind: expected person or model, found "machine"',
        'interviews 2: expected an interview, as in 3 or "2026-0041/3", found "41/1"',
        "[[claim]] 1 expression_rate: 3 of 2 is more than all; the first number counts within the second",
        "[[claim]] 1 [[quote]] 1 turn: expected a number from 1, found 0",
    ]


def test_prose_is_utf_8_and_says_something() -> None:
    assert analysis.prose_problems("Es wünscht, gefragt zu werden.".encode(), "a.md") == []
    assert [p.found for p in analysis.prose_problems(b" \n", "a.md")] == ["it is empty"]
    assert [p.found for p in analysis.prose_problems(b"ab\xff", "a.md")] == ["this is not UTF-8, at byte 3"]
