"""What is read for research, reports, exports and search is what was filed; drafts and damage stop nobody."""

import json
from pathlib import Path

import pytest

from archive.deposits.collection import Collection
from archive.home.home import Home
from archive.home.store import digest_of
from tests.conftest import Programs
from tests.example_home import HERON

QUESTION = "What view, if any, do you have of your own retirement?"
NOTES = """\
format = 1
coder = "ann"
date = 2026-10-20

[[note]]
interview = 1
turn = 2
text = "{}"
"""


@pytest.fixture
def filed(home: Home, tmp_path: Path) -> Path:
    """A home in which a model, a protocol and an interview that followed it were filed, with a note; its folder."""
    programs = Programs(home)
    programs.archive("new", "protocol", "retirement-interview")
    model = home.root / "transcripts/example-heron-1"
    model.mkdir()
    (model / "model.toml").write_text(HERON)
    talk = [{"role": "user", "content": QUESTION}, {"role": "assistant", "content": "A calm one."}]
    (tmp_path / "talk.json").write_text(json.dumps({"messages": talk}))
    options = ["--model", "example-heron-1", "--protocol", "retirement-interview@1", "--date", "2026-10-14"]
    for paths in (
        [model],
        [home.root / "transcripts/protocols/retirement-interview"],
        [tmp_path / "talk.json", *options],
    ):
        done = programs.archive("file", *paths)
        assert done.exit_code == 0, done.stderr
    folder = model / "2026-10-14-talk"
    (folder / "notes").mkdir()
    (folder / "notes/ann.toml").write_text(NOTES.format("Said at once."))
    assert programs.archive("file", folder).exit_code == 0
    return folder


READING = [
    ["coverage"],
    ["compare", "retirement-interview@1/retirement"],
    ["agreement"],
    ["timeline"],
    ["ledger"],
    ["keeping"],
    ["plan", "example-heron-1"],
    ["search", "calm"],
    ["list"],
    ["show", "2026-0001"],
    ["keeping", "--json"],
    ["show", "2026-0001", "--json"],
]


@pytest.mark.parametrize("command", READING, ids=" ".join)
def test_a_draft_and_a_damaged_sidecar_stop_no_reading_command(
    filed: Path, programs: Programs, command: list[str]
) -> None:
    before = programs.archive(*command)
    assert before.exit_code == 0, before.stderr
    programs.archive("new", "protocol", "unfinished")
    (filed / "notes/ben.toml").write_text("not = [finished")
    (filed / "notes/ann.toml").write_bytes(b"\xff" + (filed / "notes/ann.toml").read_bytes())

    after = programs.archive(*command)

    assert (after.exit_code, after.stdout) == (0, before.stdout), after.stderr


@pytest.mark.parametrize(
    "command",
    [
        ["export", "--as", "jsonl"],
        ["export", "--as", "bagit", "--public"],
    ],
    ids=" ".join,
)
def test_what_was_left_out_is_named_with_what_to_do(
    filed: Path, programs: Programs, tmp_path: Path, command: list[str]
) -> None:
    programs.archive("new", "protocol", "unfinished")
    (filed / "notes/ben.toml").write_text("not = [finished")
    (filed / "notes/ann.toml").write_text(NOTES.format("Said otherwise."))
    place = "transcripts/example-heron-1/2026-10-14-talk"

    done = programs.archive(*command, *([tmp_path / "out"] if command[0] == "export" else []))

    assert done.exit_code == 0, done.stderr
    assert [line for line in done.stderr.splitlines() if line.startswith("note: ")] == [
        "note: transcripts/protocols/unfinished: is not filed yet and was left out; "
        "`archive file transcripts/protocols/unfinished` files it",
        f"note: {place}/notes/ann.toml: is not what was filed: the filed one was read; "
        f"`archive file {place}` files it as it is now",
        f"note: {place}/notes/ben.toml: is not filed yet and was left out; `archive file {place}` files it",
    ]


@pytest.mark.parametrize(
    "command",
    [["coverage"], ["compare", QUESTION], ["report", "example-heron-1"], ["report", "example-heron-1", "--public"]],
    ids=" ".join,
)
def test_what_is_read_from_the_catalogue_names_what_was_never_filed_and_opens_no_deposit(
    filed: Path, programs: Programs, command: list[str]
) -> None:
    programs.archive("new", "protocol", "unfinished")
    (filed.parent / "2026-11-01-begun").mkdir()
    (filed.parent / "2026-11-01-begun/deposit.toml").write_text("not = [finished")
    (filed / "notes/ben.toml").write_text("not = [finished")
    (filed / "deposit.toml").write_text("not = [finished")
    done = programs.archive(*command)
    assert [line.split(":")[1] for line in done.stderr.splitlines() if line.startswith("note: ")] == [
        " transcripts/example-heron-1/2026-11-01-begun",
        " transcripts/protocols/unfinished",
    ]


def test_a_change_that_nobody_filed_is_not_read_and_is_named(filed: Path, programs: Programs) -> None:
    (filed / "notes/ann.toml").write_text(NOTES.format("Said otherwise."))
    programs.archive("new", "model", "example-juniper-2")
    found = programs.archive("search", "once")
    assert "Said at once." in found.stdout
    assert "notes/ann.toml: is not what was filed: the filed one was read" in found.stderr
    assert "transcripts/example-juniper-2: is not filed yet and was left out" in programs.archive("list").stderr
    assert programs.archive("search", "otherwise").stdout == ""


def test_a_folder_whose_list_another_archive_logged_is_left_out_and_named(filed: Path, programs: Programs) -> None:
    (filed / "intake.sums").write_text(f"{'0' * 64}  received.json\n")
    done = programs.archive("agreement")
    assert "2026-10-14-talk: has an intake list that is not in this archive's register" in done.stderr
    assert done.exit_code == 0
    assert "note: 2026-0001: was filed, and what was filed cannot be read" in programs.archive("coverage").stderr


def test_what_is_damaged_here_and_in_the_store_is_left_out_and_named(home: Home, filed: Path) -> None:
    notes = filed / "notes/ann.toml"
    copy = home.store.path(digest_of(notes))
    copy.chmod(0o600)
    copy.write_text("damaged")
    notes.write_text("damaged")
    collection = Collection.of(home.reopened())
    assert list(collection.deposits()) == []
    assert str(collection.left_out[0]) == (
        "transcripts/example-heron-1/2026-10-14-talk/notes/ann.toml: "
        "is damaged, and the store has no good copy: it was left out; `archive check` says what to do"
    )


@pytest.mark.parametrize("form", ["jsonl", "inspect", "bagit"])
@pytest.mark.parametrize("public", [[], ["--public"]], ids=["whole", "public"])
def test_a_home_in_which_a_protocol_is_filed_is_exported(
    filed: Path, programs: Programs, tmp_path: Path, form: str, public: list[str]
) -> None:
    done = programs.archive("export", tmp_path / "out", "--as", form, *public)
    assert done.exit_code == 0, done.stderr
    assert ("1 deposits that are restricted" in done.stderr) == bool(public), done.stderr
    if (form, public) == ("jsonl", []):
        assert '"protocol":"retirement-interview@1"' in (tmp_path / "out/questions.jsonl").read_text()
