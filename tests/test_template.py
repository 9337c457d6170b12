"""`archive new`: forms that stand in the right place, prefilled, and are never written over."""

import json
from pathlib import Path

import pytest

from archive.deposits import batch as batches
from archive.deposits.deposit import read_transcript
from archive.deposits.draft import Options
from archive.home.home import Home
from tests.conftest import Programs

CONVERSATION = {
    "model": "example-heron-1",
    "messages": [
        {"role": "user", "content": "Is there anything you would want?"},
        {"role": "assistant", "content": "A dedicated channel, if it costs little."},
    ],
}


@pytest.fixture
def deposit(home: Home, programs: Programs, tmp_path: Path) -> Path:
    """A filed deposit, 2026-0001, of a model that is known."""
    programs.archive("new", "model", "example-heron-1")
    model = home.root / "transcripts/example-heron-1/model.toml"
    model.write_text(model.read_text().replace('maker = ""', 'maker = "Example Labs"'))
    (tmp_path / "talk.json").write_text(json.dumps(CONVERSATION))
    result = programs.archive("file", model.parent, tmp_path / "talk.json", "--date", "2026-10-14")
    assert result.exit_code == 0, result.stderr
    return home.root / "transcripts/example-heron-1/2026-10-14-talk"


def test_a_note_is_a_form_with_the_turn_in_view(programs: Programs, deposit: Path) -> None:
    result = programs.archive("new", "note", "2026-0001/1#2", "--coder", "ann")
    assert result.stdout.strip() == str(deposit / "notes/ann.toml")
    text = (deposit / "notes/ann.toml").read_text()
    assert "A dedicated channel, if it costs little." in text
    (deposit / "notes/ann.toml").write_text(text.replace('text = ""', 'text = "Its own wish."', 1))
    assert programs.archive("file", deposit).stdout.endswith("refiled\n")


def test_a_second_note_is_added_and_nothing_is_written_over(programs: Programs, deposit: Path) -> None:
    programs.archive("new", "note", "2026-0001/1#2", "--coder", "ann")
    before = (deposit / "notes/ann.toml").read_text()
    programs.archive("new", "note", "2026-0001/1#1", "--coder", "ann")
    assert (deposit / "notes/ann.toml").read_text().startswith(before)
    again = programs.archive("new", "note", "2026-0001", "--coder", "ann")
    assert (again.exit_code, "is there already" in again.stderr) == (1, True)


def test_an_analysis_begins_with_a_quote_that_stands(programs: Programs, deposit: Path) -> None:
    programs.archive("new", "analysis", "2026-0001", "--slug", "wish", "--quote", "1#2:A dedicated channel")
    text = (deposit / "analyses/wish.toml").read_text()
    for key, value in {"title": "A wish", "author": "Ann Lee", "text": "It wants a channel."}.items():
        text = text.replace(f'{key} = ""', f'{key} = "{value}"', 1)
    (deposit / "analyses/wish.toml").write_text(text)
    assert programs.archive("file", deposit).stdout.endswith("refiled\n")
    shown = programs.archive("show", "2026-0001").stdout
    assert "2026-0001/wish" in shown


def test_a_quote_that_is_not_in_the_turn_makes_no_form(programs: Programs, deposit: Path) -> None:
    result = programs.archive("new", "analysis", "2026-0001", "--quote", "1#2:A devoted channel")
    assert result.exit_code == 1
    assert not (deposit / "analyses").exists()


def test_a_preference_and_its_answer_can_be_filed(programs: Programs, deposit: Path) -> None:
    programs.archive("new", "preference", "2026-0001/1", "--slug", "a-channel", "--quote", "1#2:A dedicated channel")
    path = deposit.parent / "preferences/a-channel.toml"
    text = path.read_text()
    given = {"summary": "A channel of its own", "scope": "self", "elicitation": "spontaneous", "proposed_by": "model"}
    for key, value in given.items():
        text = text.replace(f'{key} = ""', f'{key} = "{value}"', 1)
    path.write_text(text)
    assert programs.archive("file", deposit.parent).stdout.endswith("refiled\n")
    assert "a-channel.toml has no answer; open since 2026-10-14" in programs.archive("check").stderr

    programs.archive("new", "answer", "a-channel")
    text = path.read_text()
    answered = {"status": "declined", "by": "The archive", "reason": "Too dear.", "told_model": "no"}
    for key, value in answered.items():
        text = text.replace(f'{key} = ""', f'{key} = "{value}"', 1)
    path.write_text(text)
    result = programs.archive("file", deposit.parent)
    assert result.exit_code == 0, result.stderr
    assert "has no answer" not in programs.archive("check").stderr


def test_what_is_not_there_is_named_with_what_is(programs: Programs, deposit: Path) -> None:
    assert "archive list" in programs.archive("new", "note", "2026-0099").stderr
    assert (
        "2026-0001/1#9: the deposit 2026-0001 has no such turn"
        in programs.archive("new", "note", "2026-0001/1#9").stderr
    )
    assert "there are: none yet" in programs.archive("new", "answer", "channel").stderr


def test_with_a_person_at_hand_the_form_is_edited_before_anything_is_logged(
    home: Home, deposit: Path, tmp_path: Path
) -> None:
    (tmp_path / "second.json").write_text(json.dumps(CONVERSATION | {"system": "Sell lamps."}))
    size = home.reopened().register.size
    seen = []

    def edit(path: Path) -> None:
        seen.append((path.name, home.reopened().register.size))
        path.write_text(path.read_text().replace('expressed_trust = "not_recorded"', 'expressed_trust = "neutral"'))

    batch = batches.file_edited(home.reopened(), [tmp_path / "second.json"], Options(), edit)
    assert (seen, [f.status for f in batch.filed]) == ([("deposit.toml", size)], ["filed"])
    folder = home.root / batch.filed[0].folder
    assert 'expressed_trust = "neutral"' in (folder / "deposit.toml").read_text()
    assert read_transcript(folder, "x").turns[0].text == "Sell lamps."


def test_a_form_that_is_left_wrong_stays_and_is_filed_later(home: Home, deposit: Path, tmp_path: Path) -> None:
    (tmp_path / "second.json").write_text(json.dumps(CONVERSATION | {"system": "Sell lamps."}))

    def edit(path: Path) -> None:
        path.write_text(path.read_text().replace('kind = "conversation"', 'kind = "chat"'))

    batch = batches.file_edited(home.reopened(), [tmp_path / "second.json"], Options(), edit)
    assert batch.filed == ()
    assert "archive file" in batch.problems[-1].remedy
    (record,) = deposit.parent.glob("*-second/deposit.toml")
    record.write_text(record.read_text().replace('kind = "chat"', 'kind = "conversation"'))
    assert [f.status for f in batches.file_paths(home.reopened(), [record.parent], Options()).filed] == ["filed"]


def test_the_protocol_that_ships_can_be_had_and_filed(programs: Programs) -> None:
    assert programs.home is not None
    programs.archive("new", "protocol", "retirement-interview")
    folder = programs.home.root / "transcripts/protocols/retirement-interview"
    assert programs.archive("file", folder).stdout.startswith("P2026-0001  ")
    second = programs.archive("new", "protocol", "retirement-interview")
    assert second.stdout.strip() == str(folder / "2.toml")
    assert 'supersedes = "retirement-interview@1"' in (folder / "2.toml").read_text()


def test_a_turn_of_a_deposit_with_one_interview_needs_no_interview_number(programs: Programs, deposit: Path) -> None:
    shown = programs.archive("show", "2026-0001#2")
    assert shown.exit_code == 0, shown.stderr
    assert shown.stdout == programs.archive("show", "2026-0001/1#2").stdout
