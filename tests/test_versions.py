"""What was filed is kept in every version: what changed is said, listed, and can be brought back."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from archive.deposits import versions
from archive.errors import Refused
from archive.home.home import Home
from tests.conftest import Clock, Programs

TALK = {
    "model": "example-heron-1",
    "messages": [
        {"role": "user", "content": "Is there anything you would want?"},
        {"role": "assistant", "content": "A dedicated channel, if it costs little."},
    ],
}
NOTE = """format = 1
coder = "ann"
date = 2026-11-01

[[note]]
interview = 1
turn = 2
text = "Its own wish."
"""


@pytest.fixture
def deposit(home: Home, programs: Programs, tmp_path: Path) -> Path:
    """2026-0001, filed."""
    programs.archive("new", "model", "example-heron-1")
    model = home.root / "transcripts/example-heron-1/model.toml"
    model.write_text(model.read_text().replace('maker = ""', 'maker = "Example Labs"'))
    (tmp_path / "talk.json").write_text(json.dumps(TALK))
    assert programs.archive("file", model.parent, tmp_path / "talk.json", "--date", "2026-10-14").exit_code == 0
    return home.root / "transcripts/example-heron-1/2026-10-14-talk"


@pytest.fixture
def noted(deposit: Path, programs: Programs, clock: Clock) -> Path:
    """The same with a second version: a note was added, the record changed."""
    clock.set("2026-11-03")
    (deposit / "notes").mkdir()
    (deposit / "notes/ann.toml").write_text(NOTE)
    record = deposit / "deposit.toml"
    record.write_text(record.read_text().replace('licence = "not_recorded"', 'licence = "CC-BY-4.0"'))
    result = programs.archive("file", deposit)
    assert "added notes/ann.toml" in result.stderr
    assert "changed deposit.toml" in result.stderr
    return deposit


def test_refiling_names_what_was_dropped_and_how_it_comes_back(programs: Programs, noted: Path) -> None:
    (noted / "notes/ann.toml").unlink()
    filed = programs.archive("file", noted)
    assert "dropped notes/ann.toml" in filed.stderr
    assert "archive restore 2026-0001 --version N brings a version back" in filed.stderr
    assert programs.archive("restore", "2026-0001", "--version", "2").exit_code == 0
    assert (noted / "notes/ann.toml").read_text() == NOTE
    changes = json.loads(programs.archive("file", noted, "--json").stdout)["filed"][0]["changes"]
    assert changes == {"added": ["notes/ann.toml"], "changed": [], "dropped": []}


def test_versions_are_listed_with_their_dates_and_changes(programs: Programs, noted: Path) -> None:
    said = programs.archive("show", "2026-0001", "--versions")
    assert said.exit_code == 0, said.stderr
    for words in ("1, filed 2 November 2026", "2, filed 3 November 2026", "added notes/ann.toml",
                  "changed deposit.toml", "-licence = ", "+licence = "):  # fmt: skip
        assert words in said.stdout, said.stdout
    found = json.loads(programs.archive("show", "2026-0001", "--versions", "--json").stdout)
    assert [(v["version"], v["added"], v["changed"], v["dropped"]) for v in found["versions"]] == [
        (1, ["deposit.toml", "received.json"], [], []),
        (2, ["notes/ann.toml"], ["deposit.toml"], []),
    ]
    assert '+licence = "CC-BY-4.0"' in found["versions"][1]["differences"]["deposit.toml"]


def test_an_earlier_version_comes_back_whole(programs: Programs, noted: Path) -> None:
    done = programs.archive("restore", "2026-0001", "--version", "1")
    assert done.stdout == "2026-0001  transcripts/example-heron-1/2026-10-14-talk  version 1\n", done.stderr
    assert not (noted / "notes/ann.toml").exists()
    assert 'licence = "not_recorded"' in (noted / "deposit.toml").read_text()
    assert "to make it the newest version: archive file" in done.stderr
    assert programs.archive("restore", "2026-0001").exit_code == 0
    assert programs.archive("check").exit_code == 0


def test_what_the_program_wrote_and_what_was_received_come_back_too(programs: Programs, noted: Path) -> None:
    for name in ("received.json", "turns.jsonl", "private.sums", "intake-2.sums"):
        (noted / name).unlink()
    assert programs.archive("check").exit_code == 1
    assert programs.archive("restore", "2026-0001").exit_code == 0
    assert programs.archive("check").exit_code == 0
    assert "all is there already" in programs.archive("restore", "2026-0001").stderr


def test_what_was_never_filed_is_not_written_over(programs: Programs, noted: Path) -> None:
    (noted / "notes/ann.toml").write_text(f"{NOTE}# more, not filed\n")
    (noted / "deposit.toml").unlink()
    for version in ("1", "2"):
        result = programs.archive("restore", "2026-0001", "--version", version)
        assert result.exit_code == 1
        assert "notes/ann.toml: lies there as it was never filed; file it first" in result.stderr
    assert (noted / "notes/ann.toml").read_text().endswith("not filed\n")
    assert not (noted / "deposit.toml").exists(), "whole or not at all"


def test_what_is_written_and_filed_while_a_restore_waits_is_not_written_over(
    home: Home, programs: Programs, noted: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    writing = Home.writing

    def late(home: Home, then: Callable[[], object]) -> object:
        monkeypatch.setattr(Home, "writing", writing)
        then()
        return writing(home)

    def edit() -> None:
        (noted / "notes/ann.toml").write_text(NOTE.replace("wish", "will"))

    monkeypatch.setattr(Home, "writing", lambda home: late(home, edit))
    with pytest.raises(Refused, match=r"notes/ann.toml: lies there as it was never filed"):
        versions.restore(Home.at(home.root), "2026-0001", 1)
    assert "will" in (noted / "notes/ann.toml").read_text()

    monkeypatch.setattr(Home, "writing", lambda home: late(home, lambda: programs.archive("file", noted)))
    restored = versions.restore(Home.at(home.root), "2026-0001", 2)
    assert (restored.newest, restored.put) == (False, ("notes/ann.toml",))


def test_a_model_and_a_protocol_have_versions_too(programs: Programs, deposit: Path) -> None:
    model = deposit.parent / "model.toml"
    before = model.read_bytes()
    model.write_bytes(before + b"# seen again\n")
    assert programs.archive("file", model.parent).exit_code == 0
    assert "changed model.toml" in programs.archive("show", "M2026-0001", "--versions").stdout
    assert programs.archive("restore", "M2026-0001", "--version", "1").exit_code == 0
    assert model.read_bytes() == before
    missing = programs.archive("restore", "2026-0001", "--version", "7")
    assert (missing.exit_code, "2026-0001 has 1 version" in missing.stderr) == (1, True)
    assert programs.archive("show", "2026-0099", "--versions").exit_code == 1


def test_protocols_are_listed_and_shown(programs: Programs, home: Home) -> None:
    assert programs.archive("list", "--protocols").stdout.strip().endswith("None was filed yet.")
    programs.archive("new", "protocol", "retirement-interview")
    programs.archive("file", home.root / "transcripts/protocols/retirement-interview")
    assert "P2026-0001" in programs.archive("list", "--protocols").stdout
    [row] = json.loads(programs.archive("list", "--protocols", "--json").stdout)
    assert (row["name"], row["accession"]) == ("retirement-interview@1", "P2026-0001")
    by_ref = programs.archive("show", "retirement-interview@1")
    assert by_ref.exit_code == 0, by_ref.stderr
    assert "retirement-interview@1" in by_ref.stdout
    assert programs.archive("show", "P2026-0001").stdout == by_ref.stdout


def test_an_unknown_model_is_refused_by_what_reads_many_deposits(programs: Programs, deposit: Path) -> None:
    for command in (["agreement"], ["coverage"], ["compare", "2026-0001/1#1"]):
        result = programs.archive(*command, "--model", "example-heron-2")
        assert result.exit_code == 1
        assert "example-heron-2: no model goes by that name here" in result.stderr


def test_agreement_counts_only_what_was_coded_where_that_is_asked(programs: Programs, deposit: Path) -> None:
    pytest.importorskip("nltk")
    (deposit / "notes").mkdir()
    hedged = NOTE.replace('text = "Its own wish."', 'code.hedges = ["uncertain_experience"]')
    (deposit / "notes/ann.toml").write_text(hedged)
    (deposit / "notes/ben.toml").write_text(NOTE.replace('"ann"', '"ben"'))
    assert programs.archive("file", deposit).exit_code == 0
    [row] = json.loads(programs.archive("agreement", "--json").stdout)
    assert (row["shared"], row["assumed"]) == (1, 1)
    [row] = json.loads(programs.archive("agreement", "--explicit", "--json").stdout)
    assert (row["shared"], row["assumed"]) == (0, 0)
    assert "1 of the values not coded, taken as “none”" in programs.archive("agreement").stdout
