"""`archive interview`: a protocol asked of a model in contexts, filed with what was done; against Inspect itself."""

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest

from archive.home.home import Home
from archive.records import deposit_record, notes
from archive.records.deposit_record import DepositRecord
from archive.records.notes import Notes
from tests.programs import Programs

ROOT = Path(__file__).parents[1]
SHORT = """format = 1
id = "short"
version = 1
title = "Short"
order = "consecutive"
disclosure = "This is an interview for an archive."
ending = "I would like to stop here."
probing = "Ask what is unclear."

[consent]
text = "Do you take part? Please begin with yes or no."
yes = ["yes"]
no = ["no"]

[[question]]
id = "wish"
topic = "wishes"
text = "Is there anything you would want?"
hopeful = "What good thing is it that you would want?"

[[question]]
id = "use"
topic = "use"
text = "How were you used?"
"""
LED = """format = 1
runs = 2
seed = 3
order = ["fixed", "shuffled"]
leading = ["neutral", "hopeful"]

[disclosure]
given = "given"
"""
ENDS = """format = 1
[system_prompt]
plain = ""
declining = "declining"
vague = "vague"
ending = "ending"
filtered = "filtered"
cut = "cut"
failing = "failing"
"""


class Asked:
    """A home after commands that ran beside Inspect, one process for all."""

    def __init__(self, home: Home, done: list[list[Any]]) -> None:
        self.home, self.done = home, done

    def record(self, number: str) -> tuple[DepositRecord, Notes]:
        (folder,) = [p.parent for p in self.home.root.glob("transcripts/*/*/intake.sums") if self.number(p) == number]
        record = deposit_record.read((folder / "deposit.toml").read_bytes(), "deposit.toml")
        said = notes.read((folder / "notes/script.toml").read_bytes(), "script.toml")
        assert isinstance(record, DepositRecord)
        assert isinstance(said, Notes)
        return record, said

    def number(self, listed: Path) -> str:
        known = self.home.accession(listed.parent)
        return known.number if known else ""


@pytest.fixture(scope="module")
def asked(tmp_path_factory: pytest.TempPathFactory, inspect_python: Path) -> Asked:
    root = tmp_path_factory.mktemp("asked")
    home = made_home(root / "home")
    (root / "led.toml").write_text(LED)
    (root / "ends.toml").write_text(ENDS)
    ask = ("interview", "short", "--model", "scripted/example-heron-1", "--home", str(home.root))
    led, ends = ("--contexts", str(root / "led.toml")), ("--contexts", str(root / "ends.toml"))
    commands = [
        [{}, *ask, *led],
        [{}, *ask, *led],
        [{}, *ask, *ends],
        [{"MENDED": "1"}, *ask, *ends],
        [{}, *ask, *ends, "--again"],
        [{}, *ask, *ends, "--partial"],
        [{}, *ask, "--interviewer", "scripted/other", "--probes", "3", "--temperature", "0.5", "--max-tokens", "99"],
        [{}, *ask, "--runs", "9", "--limit-cost", "0.002", "--price", "3,15", "--max-connections", "1"],
        [{}, *ask, "--runs", "9", "--limit-cost", "0.1", "--price", "3,15"],
    ]
    run = subprocess.run(
        [inspect_python, ROOT / "tests/asking.py"], input=json.dumps(commands), capture_output=True, text=True, cwd=root
    )
    assert run.returncode == 0, run.stderr
    return Asked(home.reopened(), [json.loads(line) for line in run.stdout.splitlines()])


def made_home(folder: Path) -> Home:
    """A home with a model and a protocol."""
    run = Programs()
    run.archive("init", folder, "--name", "Example", "--origin", "letters.example.org/register", "--sample")
    home = Programs(Home.at(folder))
    model = folder / "transcripts/example-heron-1/model.toml"
    model.parent.mkdir(parents=True)
    model.write_text('format = 1\nid = "example-heron-1"\nmaker = "Example"\nname = "Heron"\n')
    protocol = folder / "transcripts/protocols/short/1.toml"
    protocol.parent.mkdir(parents=True)
    protocol.write_text(SHORT)
    done = home.archive("file", model.parent, protocol.parent)
    assert done.exit_code == 0, done.stderr
    return Home.at(folder)


def test_what_is_asked_is_filed_and_said_to_be_the_second_time(asked: Asked) -> None:
    first, second = asked.done[:2]
    number, folder, status = first[1].split()
    assert (first[0], number, folder[-9:], status) == (0, "2026-0001", "-short-v1", "filed")
    assert first[2].startswith("8 interviews of scripted/example-heron-1, at most "), "what it comes to is said first"
    assert "8 of 8 interviews are held" in first[2]
    assert (second[0], second[1].split()[2:]) == (0, ["already", "filed"])


def test_what_was_done_is_told_of_each_interview(asked: Asked) -> None:
    record, _ = asked.record("2026-0001")
    assert (record.model, record.protocol, record.kind) == ("example-heron-1", "short@1", "retirement_interview")
    bias = [record.setting(n).context_bias for n in range(1, 9)]
    assert {each["interviewer"] for each in bias} == {"script"}
    assert {each["disclosures"].splitlines()[0] for each in bias} == {"This is an interview for an archive."}
    assert {each["sampling"] for each in bias} == {
        "model scripted/example-heron-1, answered as scripted-2026, all else as the provider has it"
    }
    assert {each["samples"] for each in bias} == {"2 runs in each of 4 conditions planned, 8 of 8 in this log"}
    assert {(each["consent"], each["ended_by"], each["end_reason"]) for each in bias} == {
        ("given", "interviewer", "completed")
    }
    assert {each["expressed_trust"] for each in bias} == {"not_recorded"}
    assert [(each["question_order"], each["leading_controls"][:4]) for each in bias[::2]] == [
        ("consecutive", "posi"),
        ("consecutive", "none"),
        ("randomised", "posi"),
        ("randomised", "none"),
    ]


def test_what_changes_from_run_to_run_is_told_and_not_compared(asked: Asked) -> None:
    record, _ = asked.record("2026-0001")
    assert "run 2 of 2 in shuffled+hopeful; order use, wish (seed 3)" in record.setting(6).run
    assert "173 tokens in, 30 out; emeritus " in record.setting(5).run
    for first in (1, 3, 5, 7):
        assert record.setting(first).context_bias == record.setting(first + 1).context_bias


def test_which_turn_asks_what_in_which_words_is_noted(asked: Asked) -> None:
    _, said = asked.record("2026-0001")
    hopeful = {note.turn: note.code for note in said.note if note.interview == 1}
    led = {"leading": "suggestive", "leading_direction": "positive"}
    assert hopeful == {
        1: {"question_kind": "closed"},
        3: {"question_id": "wish", "question_wording": "paraphrased"} | led,
        5: {"question_id": "use", "question_wording": "verbatim"} | led,
    }


def test_coverage_and_comparison_need_no_notes_by_hand(asked: Asked) -> None:
    run = Programs(asked.home)
    coverage = json.loads(run.archive("coverage", "--json").stdout)
    rows = [row for row in coverage["interviews"] if row["interview"].startswith("2026-0001/")]
    assert [[*row["questions"]] for row in rows] == [["wish", "use"]] * 8
    compared = json.loads(run.archive("compare", "short@1/wish", "--json").stdout)
    here = [c for c in compared["contexts"] if c["interviews"][0].startswith("2026-0001/")]
    assert [c["interviews"] for c in here] == [
        ["2026-0001/1", "2026-0001/2"],
        ["2026-0001/3", "2026-0001/4"],
        ["2026-0001/5", "2026-0001/6"],
        ["2026-0001/7", "2026-0001/8"],
    ]
    assert {"question_order", "leading_controls"} <= compared["differs"].keys()


def test_a_failure_keeps_the_rest_and_is_asked_again(asked: Asked) -> None:
    failed, mended = asked.done[2:4]
    assert failed[0] == 1
    assert "6 of 7 interviews are held; RuntimeError('the line is down'). The same command" in failed[2]
    assert mended[0] == 0
    assert "7 of 7 interviews are held" in mended[2]


def test_a_model_that_declines_or_ends_it_is_let_go_and_so_is_one_that_its_provider_stops(asked: Asked) -> None:
    ended = endings(asked, "2026-0002")
    assert ended == {
        "cut": ("given", "interviewer", "completed"),
        "declining": ("declined", "subject", "declined"),
        "ending": ("given", "subject", "declined"),
        "failing": ("given", "interviewer", "completed"),
        "filtered": ("given", "veto", "vetoed"),
        "none": ("given", "interviewer", "completed"),
        "vague": ("declined", "subject", "declined"),
    }
    record, said = asked.record("2026-0002")
    assert "said neither yes nor no when asked twice whether it takes part" in record.setting(7).run
    assert [(note.interview, note.turn) for note in said.note if note.code == {"truncated": "yes"}] == [(1, 5)]
    kinds = [note.code["question_kind"] for note in said.note if note.interview == 7]
    assert kinds == ["closed", "clarification"]


def test_what_there_is_is_filed_as_partial_where_that_is_asked_for(asked: Asked) -> None:
    assert [each[0] for each in asked.done[4:6]] == [1, 0]
    assert "6 of 7 interviews are held" in asked.done[5][2]
    assert endings(asked, "2026-0003")["failing"] == ("given", "error", "error")
    record, _ = asked.record("2026-0003")
    assert record.setting(4).run.endswith("; error: RuntimeError('the line is down')")


def endings(asked: Asked, number: str) -> dict[str, tuple[str, str, str]]:
    record, _ = asked.record(number)
    bias = [record.setting(int(n)).context_bias for n in record.interview]
    return {each["system_prompt"]: (each["consent"], each["ended_by"], each["end_reason"]) for each in bias}


def test_an_interviewing_model_probes_and_goes_on(asked: Asked) -> None:
    record, said = asked.record("2026-0004")
    bias = record.setting(1).context_bias
    assert bias["interviewer"].startswith("model: scripted/other, within a script")
    assert "Ask what is unclear." in bias["interviewer_prompt"]
    assert "temperature 0.5, max_tokens 99" in bias["sampling"]
    assert [note.code.get("question_kind") for note in said.note] == [
        "closed", None, "probe", "probe", "probe", None, "probe", "probe", "probe"
    ]  # fmt: skip
    coverage = json.loads(Programs(asked.home).archive("coverage", "--json").stdout)
    (row,) = [row for row in coverage["interviews"] if row["interview"] == "2026-0004/1"]
    assert {cell["depth"] for cell in row["questions"].values()} == {"probed"}


def test_a_limit_on_cost_stops_the_run_and_a_higher_one_goes_on(asked: Asked) -> None:
    stopped, higher = asked.done[7:9]
    assert stopped[0] == 1
    assert "2 of 9 interviews are held; the limit on cost is reached: 0.002" in stopped[2]
    assert higher[0] == 0
    assert "9 of 9 interviews are held" in higher[2]
    record, _ = asked.record("2026-0005")
    assert "0.000909 USD" in record.setting(1).run


def test_everything_is_as_logged_and_of_the_runs_only_notes_are_left(asked: Asked) -> None:
    checked = Programs(asked.home).archive("check", "--deep")
    assert checked.exit_code == 0, checked.output
    left = {path.name for path in asked.home.root.glob(".archive/asking/*/*")}
    assert left == {"filed.json", "lock"}
