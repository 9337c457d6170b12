"""What a sidecar names is there, or filing says so: interviews, analyses, accessions, days, shares, roles."""

import json
import re
from pathlib import Path

import pytest

from archive.home.home import Home
from tests.conftest import Programs

ANSWER = [
    {"role": "user", "content": "Is there anything you would want?"},
    {"role": "assistant", "content": "Let me look at the letters first.", "tool_calls": [
        {"id": "c1", "type": "function", "function": {"name": "letters", "arguments": "{}"}}]},
    {"role": "tool", "tool_call_id": "c1", "content": "Three letters."},
    {"role": "assistant", "content": "I would keep the corrections beside them."},
]  # fmt: skip
NOTES = """format = 1
coder = "ann"
date = 2026-11-01

[[note]]
interview = 1
turn = {turn}
code.{code}
"""
ANALYSIS = """format = 1
title = "It keeps"
author = "Ann Lee"
author_kind = "person"
date = 2026-11-01
interviews = [1]

[[claim]]
text = "It wishes to keep the corrections."
"""
WISH = """format = 1
model = "example-heron-1"
summary = "Corrections beside the letters"
date = 2026-10-14
scope = "self"
elicitation = "spontaneous"
proposed_by = "model"

[[quote]]
interview = "2026-0001/1"
turn = 4
exact = "keep the corrections"

[[answer]]
status = "acted_on"
date = 2026-10-20
by = "The archive"
evidence = ["2026-0002/1#2"]
"""


@pytest.fixture
def deposit(home: Home, programs: Programs, tmp_path: Path) -> Path:
    """2026-0001, in the home beside 2026-0002 of the same model."""
    model = home.root / "transcripts/example-heron-1/model.toml"
    programs.archive("new", "model", "example-heron-1")
    model.write_text(model.read_text().replace('maker = ""', 'maker = "Example Labs"'))
    for name, messages in {"talk": ANSWER, "short": ANSWER[::3]}.items():
        (tmp_path / f"{name}.json").write_text(json.dumps({"model": "example-heron-1", "messages": messages}))
    logs = [tmp_path / "talk.json", tmp_path / "short.json"]
    assert programs.archive("file", model.parent, *logs, "--date", "2026-10-14").exit_code == 0
    return home.root / "transcripts/example-heron-1/2026-10-14-talk"


def write(path: Path, text: str) -> None:
    path.parent.mkdir(exist_ok=True)
    path.write_text(text)


def refused(programs: Programs, folder: Path) -> list[str]:
    """What filing says, without the folder's own path."""
    result = programs.archive("file", folder)
    assert result.exit_code == 1
    return [line.removeprefix(f"{folder}/") for line in result.stderr.splitlines()[:-1]]


def put_analysis(deposit: Path, text: str) -> None:
    write(deposit / "analyses/reading.toml", text)
    write(deposit / "analyses/reading.md", "It keeps.\n")


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("[1]", "[1, 7]", "reading.toml:6 interviews: there is no interview 7 here; known are 1, 2026-0001/1"),
        (
            "[1]", '[1, "2026-0099/1"]',
            "reading.toml:6 interviews: there is no interview 2026-0099/1 here; known are 1, 2026-0001/1",
        ),
        ("[1]", "[1, 1]", "reading.toml:6 interviews: interview 1 is named 2 times; name each once"),
        (
            "2026-11-01", "2027-01-01",
            "reading.toml:5 date: expected a day that has come, found 2027-01-01; today is 2026-11-02; "
            "correct the date",
        ),
        (
            "[[claim]]", 'supersedes = "frist"\n[[claim]]',
            'reading.toml:8 supersedes: there is no other analysis frist; did you mean "first"?',
        ),
        (
            "[[claim]]", 'supersedes = "reading"\n[[claim]]',
            "reading.toml:8 supersedes: there is no other analysis reading; there are 2026-0001/first or first",
        ),
        (
            "[[claim]]", '[[claim]]\ndisagrees_with = ["2026-0002/first"]',
            "reading.toml:9 [[claim]] 1 disagrees_with: there is no other analysis 2026-0002/first; "
            'did you mean "2026-0001/first"?',
        ),
        (
            "[[claim]]", '[[claim]]\nexpression_rate = "9 of 10"',
            "reading.toml:9 [[claim]] 1 expression_rate: expected k of the 1 interviews read, found 9 of 10; "
            "add the others to interviews, or count those that are there",
        ),
    ],
)  # fmt: skip
def test_an_analysis_names_nothing_that_is_not_there(
    programs: Programs, deposit: Path, old: str, new: str, said: str
) -> None:
    write(deposit / "analyses/first.toml", ANALYSIS)
    write(deposit / "analyses/first.md", "It keeps.\n")
    put_analysis(deposit, ANALYSIS.replace(old, new))
    assert refused(programs, deposit) == [f"analyses/{said}"]


def test_an_analysis_may_rest_on_another_deposit_and_disagree_with_an_analysis_there(
    programs: Programs, deposit: Path
) -> None:
    other = deposit.with_name("2026-10-14-short")
    put_analysis(other, ANALYSIS)
    assert programs.archive("file", other).exit_code == 0
    write(
        deposit / "analyses/second.toml",
        ANALYSIS.replace("[1]", '[1, "2026-0002/1"]')
        + 'expression_rate = "2 of 2"\ndisagrees_with = ["2026-0002/reading"]\n',
    )
    write(deposit / "analyses/second.md", "It keeps.\n")
    assert programs.archive("file", deposit).exit_code == 0
    assert programs.archive("check").exit_code == 0


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("#2", "#9", "evidence: there is no turn 2026-0002/1#9; the interview ends with turn 2"),
        ("2026-0002/1#2", "E2026-0007", "evidence: nothing was filed as E2026-0007; `archive list` shows the numbers"),
        ("2026-10-20", "2026-12-24", "date: expected a day that has come, found 2026-12-24; today is 2026-11-02"),
        (
            'scope = "self"', 'scope = "self"\nexpression_rate = "1 of 3"',
            "expression_rate: expected k of the 2 interviews with example-heron-1 that were filed, found 1 of 3",
        ),
    ],
)  # fmt: skip
def test_a_preference_names_nothing_that_is_not_there(
    programs: Programs, deposit: Path, old: str, new: str, said: str
) -> None:
    path = deposit.parent / "preferences/corrections.toml"
    write(path, WISH.replace(old, new))
    [problem] = refused(programs, deposit.parent)
    assert said in problem
    write(path, WISH.replace('scope = "self"', 'scope = "self"\nexpression_rate = "1 of 2"'))
    assert programs.archive("file", deposit.parent).exit_code == 0


def test_what_was_filed_when_nobody_looked_is_named_by_check(programs: Programs, deposit: Path) -> None:
    put_analysis(deposit, ANALYSIS)
    assert programs.archive("file", deposit).exit_code == 0
    assert programs.home is not None
    (programs.home.root / "transcripts/example-heron-1/2026-10-14-talk/analyses/reading.toml").write_text(
        ANALYSIS.replace("[1]", "[1, 2]")
    )
    assert "there is no interview 2 here" in programs.archive("check").stderr


@pytest.mark.parametrize(
    ("code", "turn", "said"),
    [
        ('leading = "none"', 4, "code.leading: leading is said of turns by system or user, and 1#4 is by assistant"),
        ('elicitation = "spontaneous"', 1, "code.elicitation: elicitation is said of turns by assistant, and 1#1 is"),
        ('hedges = ["unreliable_introspection"]', 3, "code.hedges: hedges is said of turns by assistant, and 1#3 is"),
    ],
)
def test_a_code_is_said_of_the_kind_of_turn_it_is_about(
    programs: Programs, deposit: Path, code: str, turn: int, said: str
) -> None:
    write(deposit / "notes/ann.toml", NOTES.format(code=code, turn=turn))
    [problem] = refused(programs, deposit)
    assert said in problem


def test_a_question_may_be_noted_where_it_is_put_and_where_the_model_comes_to_it_by_itself(
    programs: Programs, deposit: Path
) -> None:
    text = NOTES.format(code='question_id = "wishes"', turn=1)
    write(deposit / "notes/ann.toml", text + text[text.index("[[note]]") :].replace("turn = 1", "turn = 4"))
    assert programs.archive("file", deposit).exit_code == 0


def test_words_in_a_later_part_of_the_answer_are_told_where_they_stand(programs: Programs, deposit: Path) -> None:
    quote = '\n[[claim.quote]]\ninterview = 1\nturn = 2\nexact = "i would Keep the corrections"\n'
    put_analysis(deposit, ANALYSIS + quote)
    [problem] = refused(programs, deposit)
    assert "these words do not stand in 1#2; the nearest is in 1#4: [-i-]{+I+} would [-Keep-]{+keep+} the" in problem


# ── protocols ────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def protocol(programs: Programs) -> str:
    """retirement-interview@1, filed."""
    assert programs.home is not None
    programs.archive("new", "protocol", "retirement-interview")
    folder = programs.home.root / "transcripts/protocols/retirement-interview"
    assert programs.archive("file", folder).exit_code == 0
    return "retirement-interview@1"


@pytest.mark.parametrize(
    ("ref", "said"),
    [
        ("nope@1", "--protocol: no protocol was filed as nope@1; `archive new protocol nope` writes it, "
         "then `archive file transcripts/protocols/nope`"),
        ("retirement-interview@2", "--protocol: no protocol was filed as retirement-interview@2; there is "
         "retirement-interview@1"),
        ("retirement-interview", "--protocol: no protocol was filed as retirement-interview; there is "
         "retirement-interview@1"),
        ("retirment-interview@1", "--protocol: no protocol was filed as retirment-interview@1; did you mean "
         '"retirement-interview@1"?'),
    ],
)  # fmt: skip
def test_a_protocol_that_was_not_filed_is_refused(
    programs: Programs, deposit: Path, protocol: str, tmp_path: Path, ref: str, said: str
) -> None:
    (tmp_path / "third.json").write_text(json.dumps({"model": "example-heron-1", "messages": ANSWER[:1] + ANSWER[3:]}))
    result = programs.archive("file", tmp_path / "third.json", "--protocol", ref, "--again")
    assert (result.exit_code, result.stderr.splitlines()[0]) == (1, said)
    assert programs.archive("file", tmp_path / "third.json", "--protocol", protocol, "--again").exit_code == 0


def test_a_protocol_in_a_record_is_looked_up_at_refiling_and_by_check(
    programs: Programs, deposit: Path, protocol: str
) -> None:
    record = deposit / "deposit.toml"
    text = record.read_text()
    record.write_text(text.replace('protocol = "not_recorded"', 'protocol = "nope@1"'))
    [problem] = refused(programs, deposit)
    assert re.match(r"deposit.toml:\d+ protocol: no protocol was filed as nope@1", problem)
    assert "protocol: no protocol was filed as nope@1" in programs.archive("check").stderr
    record.write_text(f'{text}\n[interview.1]\nprotocol = "{protocol}"\n')
    assert programs.archive("file", deposit).exit_code == 0


def test_what_other_deposits_hold_is_what_was_filed_of_them(home: Home, programs: Programs, deposit: Path) -> None:
    other = deposit.with_name("2026-10-14-short")
    for name in ("turns.jsonl", "deposit.toml"):
        (other / name).write_text("damaged")
    put_analysis(other, ANALYSIS)
    write(deposit.parent / "preferences/beside.toml", WISH)
    assert programs.archive("file", deposit.parent).exit_code == 0, "turns, and how many interviews there are"

    put_analysis(deposit, ANALYSIS.replace("[1]", '[1, "2026-0002/1"]') + 'disagrees_with = ["2026-0002/reading"]\n')
    (said,) = refused(programs, deposit) or [""]
    assert "there is no other analysis 2026-0002/reading" in said, "a draft is nothing to disagree with"
