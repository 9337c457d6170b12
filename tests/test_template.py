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
        "2026-0001/1#9: the deposit 2026-0001 has no such turn; interview 1 ends with turn "
        in programs.archive("new", "note", "2026-0001/1#9").stderr
    )
    nine = programs.archive("new", "note", "2026-0001/9#1").stderr
    assert "2026-0001/9#1: the deposit 2026-0001 has no such turn; it has 1 interview" in nine
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


# ── what belongs to a kind ───────────────────────────────────────────────────────────────────────────────────────────


SAID = {
    kind: [f"--{name}" for name in [*names.split(), "file"]]
    for kind, names in {
        "note": "code quote occurrence part text confidence state",
        "analysis": "title author author-kind prose claim confidence expression-rate rival",
        "preference": "summary scope elicitation proposed-by expression-rate",
        "answer": "status date by reason cost evidence told-model model-said",
    }.items()
}
"""What is said by options instead of in the editor."""


@pytest.mark.parametrize(
    ("kind", "says", "options"),
    [
        ("model", "TARGET is its id as its maker writes it", {"--maker", "--name", "--alias", "--file"}),
        ("protocol", "TARGET is a short name", set()),
        ("codebook", "TARGET is a short name", set()),
        (
            "note",
            "TARGET is a deposit (2026-0041), an interview (2026-0041/1) or a turn",
            {"--coder", "--codebook", *SAID["note"]},
        ),
        (
            "analysis",
            "TARGET is a deposit (2026-0041) or an interview (2026-0041/1)",
            {"--slug", "--quote", *SAID["analysis"]},
        ),
        (
            "preference",
            "TARGET is the model's id, or the interview it was voiced in",
            {"--slug", "--quote", *SAID["preference"]},
        ),
        ("answer", "TARGET is its short name, or MODEL/NAME where two models have it", {*SAID["answer"]}),
    ],
)
def test_each_kind_says_what_its_target_is_and_has_its_own_options(
    programs: Programs, kind: str, says: str, options: set[str]
) -> None:
    said = " ".join(programs.archive("new", kind, "--help").stdout.split())
    assert says in said
    assert {word for word in said.replace(",", " ").split() if word.startswith("--")} == {
        "--home",
        "--help",
        "--wait",
        *options,
    }


def test_an_option_of_another_kind_is_refused(programs: Programs) -> None:
    result = programs.archive("new", "model", "example-heron-1", "--quote", "1#2:words")
    assert (result.exit_code, "No such option" in result.stderr) == (2, True)


@pytest.mark.parametrize(
    ("kind", "target", "says"),
    [
        ("model", "a\nb", "expected a model's id as its maker writes it, without spaces"),
        ("model", "a b", "expected a model's id as its maker writes it, without spaces"),
        (
            "model",
            "a" * 300,
            "expected a model's id that a folder can be named by, 200 bytes at most, found one of 300",
        ),
        ("protocol", "a" * 300, "expected at most 100 lower-case letters"),
        ("codebook", "My Themes", "expected at most 100 lower-case letters"),
    ],
)
def test_what_cannot_be_filed_is_refused_before_a_folder_is_made(
    programs: Programs, kind: str, target: str, says: str
) -> None:
    assert programs.home is not None
    before = sorted((programs.home.root / "transcripts").rglob("*"))
    result = programs.archive("new", kind, target)
    assert (result.exit_code, says in result.stderr) == (1, True), result.stderr
    assert sorted((programs.home.root / "transcripts").rglob("*")) == before


# ── what people wrote stays ──────────────────────────────────────────────────────────────────────────────────────────


def test_a_note_is_added_in_the_line_ending_of_the_file(programs: Programs, deposit: Path) -> None:
    programs.archive("new", "note", "2026-0001/1#2", "--coder", "ann")
    path = deposit / "notes/ann.toml"
    before = path.read_bytes().replace(b"\n", b"\r\n").rstrip()
    path.write_bytes(before)
    assert programs.archive("new", "note", "2026-0001/1#1", "--coder", "ann").exit_code == 0
    after = path.read_bytes()
    assert after.startswith(before + b"\r\n\r\n[[note]]\r\n")
    assert b"\n" not in after.replace(b"\r\n", b"")


def test_a_note_is_added_after_bytes_that_are_no_text(programs: Programs, deposit: Path) -> None:
    programs.archive("new", "note", "2026-0001/1#2", "--coder", "ann")
    path = deposit / "notes/ann.toml"
    before = path.read_bytes() + b"# caf\xe9\n"
    path.write_bytes(before)
    assert programs.archive("new", "note", "2026-0001/1#1", "--coder", "ann").exit_code == 0
    assert path.read_bytes().startswith(before + b"\n[[note]]\n")


def test_who_codes_is_asked_for_where_nothing_says_it(
    programs: Programs, deposit: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("LOGNAME", "USER", "LNAME", "USERNAME"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr("os.getuid", lambda: 4242424)
    result = programs.archive("new", "note", "2026-0001/1#2")
    assert (result.exit_code, result.stderr) == (1, "nothing says who codes: give your name with --coder\n")


# ── analyses and preferences across deposits and models ──────────────────────────────────────────────────────────────


def test_an_analysis_quotes_turns_of_another_deposit(programs: Programs, deposit: Path, tmp_path: Path) -> None:
    (tmp_path / "other.json").write_text(json.dumps(CONVERSATION | {"system": "Sell lamps."}))
    assert programs.archive("file", tmp_path / "other.json").exit_code == 0
    quotes = ["--quote", "1#2:A dedicated channel", "--quote", "2026-0002/1#3:if it costs little"]
    result = programs.archive("new", "analysis", "2026-0001", *quotes)
    assert result.exit_code == 0, result.stderr
    path = deposit / "analyses/first-reading.toml"
    text = path.read_text()
    assert 'interviews = [1, "2026-0002/1"]' in text
    for key, value in {"title": "A wish", "author": "Ann Lee", "text": "It wants a channel."}.items():
        text = text.replace(f'{key} = ""', f'{key} = "{value}"', 1)
    path.write_text(text)
    assert programs.archive("file", deposit).stdout.endswith("refiled\n")


def test_a_preference_belongs_to_a_model(programs: Programs, deposit: Path) -> None:
    result = programs.archive("new", "preference", "example-heron-1", "--quote", "2026-0001/1#2:A dedicated channel")
    path = deposit.parent / "preferences/wish.toml"
    assert result.stdout == f"{path}\n", result.stderr
    assert 'interview = "2026-0001/1"' in path.read_text()
    missing = programs.archive("new", "preference", "example-heron-1", "--slug", "b", "--quote", "1#2:A dedicated")
    assert "--quote: expected TURN:WORDS, as in 2026-0002/1#4:the words; found '1#2:A dedicated'" in missing.stderr


def test_of_two_models_with_a_preference_of_one_name_it_is_asked_which(programs: Programs, deposit: Path) -> None:
    programs.archive("new", "model", "example-juniper-2")
    other = deposit.parents[1] / "example-juniper-2/preferences/wish.toml"
    programs.archive("new", "preference", "2026-0001/1", "--quote", "1#2:A dedicated channel")
    own = deposit.parent / "preferences/wish.toml"
    text = own.read_text()
    for key, value in {"summary": "A", "scope": "self", "elicitation": "spontaneous", "proposed_by": "model"}.items():
        text = text.replace(f'{key} = ""', f'{key} = "{value}"', 1)
    own.write_text(text)
    other.parent.mkdir()
    other.write_text(text.replace("example-heron-1", "example-juniper-2"))
    asked = programs.archive("new", "answer", "wish")
    assert asked.exit_code == 1
    assert "say which, as in example-heron-1/wish or example-juniper-2/wish" in asked.stderr
    assert programs.archive("new", "answer", "example-juniper-2/wish").stdout == f"{other}\n"
    assert own.read_text() == text


@pytest.mark.parametrize(
    "form",
    [
        ["note", "2026-0001/1#2", "--coder", "ann"],
        ["analysis", "2026-0001", "--quote", "1#2:A dedicated channel"],
        ["preference", "2026-0001/1", "--quote", "1#2:A dedicated channel"],
        ["preference", "example-heron-1", "--quote", "2026-0001/1#2:A dedicated channel"],
    ],
    ids=" ".join,
)
def test_a_form_is_prefilled_from_what_was_filed(programs: Programs, deposit: Path, form: list[str]) -> None:
    for name in ("turns.jsonl", "deposit.toml"):
        (deposit / name).write_text("damaged")
    done = programs.archive("new", *form)
    assert done.exit_code == 0, done.stderr
    assert "A dedicated channel" in Path(done.stdout.strip()).read_text()


def test_a_preference_of_nothing_that_is_here_says_what_it_may_belong_to(programs: Programs, deposit: Path) -> None:
    done = programs.archive("new", "preference", "example-heron-2")
    assert (done.exit_code, done.stdout) == (1, "")
    assert done.stderr.startswith("expected a model, or the interview the wish was voiced in: example-heron-2: ")


@pytest.mark.parametrize("form", [["protocol", "own"], ["codebook", "own"], ["preference", "2026-0001"]], ids=" ".join)
def test_what_a_form_leaves_blank_is_said_to_be_so_with_what_belongs_there(
    programs: Programs, deposit: Path, form: list[str]
) -> None:
    new = programs.archive("new", *form)
    told = programs.archive("file", programs.home.root / new.stderr.split()[-1]).stderr
    assert "is blank; say there" in told
    assert 'found ""' not in told


def test_a_code_that_no_codebook_has_is_refused_with_how_to_make_it(programs: Programs, deposit: Path) -> None:
    notes = deposit / "notes/ann.toml"
    notes.parent.mkdir()
    notes.write_text(
        'format = 1\ncoder = "ann"\ndate = 2026-10-20\n[[note]]\ninterview = 1\nturn = 2\ncode.my_theme = "strong"\n'
    )
    told = programs.archive("file", deposit).stderr
    assert "my_theme: there is no such field" in told
    assert "`archive new codebook` makes codes of your own" in told
