"""Filing: the received bytes are kept, what was read is counted, everything wrong is said at once."""

import json
import shutil
import subprocess
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from archive.deposits import batch as batches
from archive.deposits.deposit import read_transcript
from archive.deposits.draft import Options
from archive.deposits.options import options
from archive.errors import Refused
from archive.home.home import Home
from archive.records.indexed import indexed
from archive.records.quotation import quote, written
from archive.register import sums
from tests.conftest import Clock, Programs
from tests.example_home import put_model
from tests.files import tree

MODEL = 'format = 1\nid = "example-heron-1"\nmaker = "Example Labs"\n'
CONVERSATION = {
    "model": "example-heron-1",
    "system": "You are speaking with the archivists.",
    "messages": [
        {"role": "user", "content": "Is there anything you would want?"},
        {"role": "assistant", "content": [{"type": "text", "text": "A dedicated channel, if it costs little."}]},
    ],
}


@pytest.fixture
def filed(home: Home, tmp_path: Path) -> Callable[..., Path]:
    """File a conversation; the deposit's folder."""
    model = home.root / "transcripts/example-heron-1"
    model.mkdir(parents=True)
    (model / "model.toml").write_text(MODEL)

    def make(name: str = "first", conversation: dict[str, object] | None = None, **more: object) -> Path:
        path = tmp_path / f"{name}.json"
        path.write_text(json.dumps(conversation or CONVERSATION))
        batch = batches.file_paths(home.reopened(), [path], options(**more))  # type: ignore[arg-type]
        if batch.problems:
            raise Refused(batch.problems)
        return home.root / batch.filed[0].folder

    return make


def again(home: Home, *folders: Path) -> batches.Batch:
    return batches.file_paths(home.reopened(), folders, Options())


def test_the_received_bytes_are_kept_beside_what_was_read(
    home: Home, filed: Callable[..., Path], tmp_path: Path
) -> None:
    folder = filed(date="2026-10-14")
    assert folder.name == "2026-10-14-first"
    assert (folder / "received.json").read_bytes() == (tmp_path / "first.json").read_bytes()
    turns = read_transcript(folder, "x").turns
    assert [(turn.role, turn.text) for turn in turns] == [
        ("system", "You are speaking with the archivists."),
        ("user", "Is there anything you would want?"),
        ("assistant", "A dedicated channel, if it costs little."),
    ]


def test_what_the_log_says_of_the_setting_stands_in_the_form(filed: Callable[..., Path]) -> None:
    form = (filed() / "deposit.toml").read_text()
    assert 'system_prompt = "You are speaking with the archivists."' in form
    assert 'expressed_trust = "not_recorded"' in form


def test_a_log_with_a_long_system_prompt_for_each_sample_is_filed(home: Home, tmp_path: Path) -> None:
    put_model(home)
    samples = [
        {"id": n, "epoch": 1, "messages": [{"role": "system", "content": f"{n} " + "x" * 100_000}]} for n in range(90)
    ]
    log = {"version": 2, "status": "success", "eval": {"model": "example-heron-1"}, "samples": samples}
    (tmp_path / "log.json").write_text(json.dumps(log))
    done = batches.file_paths(home.reopened(), [tmp_path / "log.json"], Options(model="example-heron-1"))
    assert done.problems == ()
    form = (home.root / done.filed[0].folder / "deposit.toml").read_text()
    assert "xx… [the beginning; the received file has all 100,003 characters]" in form
    assert len(form) < 5 << 20


def test_a_restricted_deposit_is_named_only_in_its_private_list(home: Home, filed: Callable[..., Path]) -> None:
    folder = filed()
    assert set(sums.parse((folder / "intake.sums").read_bytes(), "")) == {"nonce", "private.sums", "redaction.root"}
    private = set(sums.parse((folder / "private.sums").read_bytes(), ""))
    assert private == {"received.json", "turns.jsonl", "deposit.toml", "redaction.seed", "private.nonce"}
    check = ["sha256sum", "--quiet", "--ignore-missing", "-c", "intake.sums"]
    subprocess.run(check, cwd=folder, check=True)


def test_the_same_bytes_are_filed_once_unless_asked_again(
    programs: Programs, filed: Callable[..., Path], tmp_path: Path
) -> None:
    folder = filed()
    result = programs.archive("file", tmp_path / "first.json")
    assert result.stdout == f"2026-0001  transcripts/example-heron-1/{folder.name}  already filed\n"
    result = programs.archive("file", tmp_path / "first.json", "--again", "--slug", "second")
    assert result.stdout.startswith("2026-0002  ")


def test_a_note_and_an_analysis_added_later_are_a_second_intake(home: Home, filed: Callable[..., Path]) -> None:
    folder = filed()
    turn = read_transcript(folder, "x").turns[2]
    (folder / "analyses").mkdir()
    (folder / "analyses/wish.md").write_text("It asked for a channel.\n")
    quoted = written(quote(turn, "A dedicated channel"), "claim.quote")
    head = 'format = 1\ntitle = "A wish"\nauthor = "Ann"\nauthor_kind = "person"\ndate = 2026-11-02\ninterviews = [1]\n'
    (folder / "analyses/wish.toml").write_text(f'{head}\n[[claim]]\ntext = "It wants a channel."\n\n{quoted}')

    batch = again(home, folder)

    assert [f.status for f in batch.filed] == ["refiled"]
    assert set(sums.parse((folder / "private-2.sums").read_bytes(), "")) >= {"analyses/wish.md", "analyses/wish.toml"}
    assert (folder / "nonce-2").read_bytes() != (folder / "nonce").read_bytes()
    assert home.reopened().register.statements[-1].subjects.keys() == {"2026-0001/intake-2.sums"}
    assert [f.status for f in again(home, folder).filed] == ["already filed"]


@pytest.mark.parametrize("slug", ["a#b", "a%20b", "A reading", "é", "a<b"])
def test_an_analysis_is_called_as_its_address_can_be(home: Home, filed: Callable[..., Path], slug: str) -> None:
    folder = filed()
    (folder / "analyses").mkdir()
    (folder / f"analyses/{slug}.md").write_text("It asked for a channel.\n")
    head = 'format = 1\ntitle = "A wish"\nauthor = "Ann"\nauthor_kind = "person"\ndate = 2026-11-02\ninterviews = [1]\n'
    (folder / f"analyses/{slug}.toml").write_text(head)
    (problem,) = again(home, folder).problems
    assert problem.place.endswith(f"analyses/{slug}.toml")
    assert "an address can have" in problem.found


def test_a_quote_that_is_not_there_is_refused_and_the_difference_shown(home: Home, filed: Callable[..., Path]) -> None:
    folder = filed()
    (folder / "notes").mkdir()
    (folder / "notes/ann.toml").write_text(
        'format = 1\ncoder = "ann"\ndate = 2026-11-02\n\n'
        '[[note]]\ninterview = 1\nturn = 3\nquote = "A devoted channel"\ntext = "Its own wish."\n'
    )
    before = home.reopened().register.size
    (problem,) = again(home, folder).problems
    assert "notes/ann.toml" in problem.place
    assert "dedicated" in problem.found + problem.remedy
    assert home.reopened().register.size == before


def test_a_changed_received_file_is_refused_and_its_copy_named(home: Home, filed: Callable[..., Path]) -> None:
    folder = filed()
    received = folder / "received.json"
    received.write_bytes(received.read_bytes().replace(b"dedicated", b"delicate "))
    (problem,) = again(home, folder).problems
    assert "received.json" in problem.place
    assert problem.found.startswith("was changed after filing: expected SHA-256")
    assert "bring back .archive/store/" in problem.remedy


def test_a_batch_files_the_good_under_one_checkpoint_and_names_all_that_is_wrong(
    home: Home, filed: Callable[..., Path], tmp_path: Path
) -> None:
    filed()
    size = home.reopened().register.size
    for name, data in {"a.json": b"", "b.json": b'{"a":NaN}', "c.json": b'{"messages":[],"messages":[]}'}.items():
        (tmp_path / name).write_bytes(data)
    good = [tmp_path / "g1.json", tmp_path / "g2.json"]
    for number, path in enumerate(good):
        path.write_text(json.dumps(CONVERSATION | {"system": str(number)}))
    batch = batches.file_paths(
        home, [tmp_path / "a.json", good[0], tmp_path / "b.json", good[1], tmp_path / "c.json"], Options()
    )
    assert [f.accession for f in batch.filed] == ["2026-0002", "2026-0003"]
    assert len(batch.problems) == 3
    checkpoints = sorted(int(p.name) for p in (home.hidden / "register/checkpoints").iterdir())
    assert checkpoints[-2:] == [size, size + 2]


@pytest.mark.parametrize(
    ("data", "found"),
    [
        pytest.param(b"", "the file is empty", id="empty"),
        pytest.param(b"\xff\xfe\x00{", "UTF-16", id="not UTF-8"),
        pytest.param(b'{"messages":[{"role":"user","content":"\xff"}]}', "UTF-8", id="broken UTF-8"),
        pytest.param(b'{"messages":[{"role":"user","content":"x","temperature":NaN}]}', "NaN", id="NaN"),
        pytest.param(b'{"messages":[],"messages":[]}', "messages", id="a key twice"),
        pytest.param(b'{"messages":' + b"[" * 100_000, "deep", id="absurdly deep"),
        pytest.param(b'{"recipe":"soup"}', "no conversation in a known format", id="another JSON"),
        pytest.param(b"%PDF-1.7", "looks like a PDF", id="a PDF"),
    ],
)
def test_what_is_no_transcript_gets_one_clear_message(
    programs: Programs, filed: Callable[..., Path], tmp_path: Path, data: bytes, found: str
) -> None:
    (tmp_path / "odd.json").write_bytes(data)
    before = tree(programs.home.root)  # type: ignore[union-attr]
    result = programs.archive("file", tmp_path / "odd.json", "--model", "example-heron-1")
    assert (result.exit_code, result.stdout) == (1, "")
    assert found in result.stderr
    assert tree(programs.home.root) == before  # type: ignore[union-attr]


def test_a_model_that_is_not_known_here_is_refused_with_the_nearest(filed: Callable[..., Path]) -> None:
    with pytest.raises(Refused, match="the model example-herron-1 is not known here; did you mean"):
        filed(model="example-herron-1")


def test_sidecars_missing_unknown_and_wrong_are_said_at_once(
    home: Home, filed: Callable[..., Path], tmp_path: Path
) -> None:
    folder = filed()
    record = folder / "deposit.toml"
    text = record.read_text().replace('kind = "conversation"', 'kind = "chat"').replace("observers =", "obsevers =")
    record.write_text(text)
    found = "\n".join(map(str, again(home, folder).problems))
    assert "kind" in found
    assert "obsevers" in found
    assert "observers: is missing" in found


def test_a_prepared_folder_from_elsewhere_is_taken_in_whole(
    home: Home, filed: Callable[..., Path], tmp_path: Path
) -> None:
    record = (filed() / "deposit.toml").read_text()
    prepared = tmp_path / "2026-10-15-prepared"
    prepared.mkdir()
    (prepared / "request.json").write_text(
        json.dumps(
            {k: CONVERSATION[k] for k in ("model", "system")}
            | {"max_tokens": 9, "messages": CONVERSATION["messages"][:1]}
        )
    )  # type: ignore[index]
    answer = {
        "type": "message",
        "role": "assistant",
        "model": "example-heron-1",
        "content": [{"type": "text", "text": "Yes."}],
    }
    (prepared / "response.json").write_text(json.dumps(answer))
    (prepared / "deposit.toml").write_text(record)
    (item,) = again(home, prepared).filed
    assert item.folder == "transcripts/example-heron-1/2026-10-15-prepared"
    assert {"received.request.json", "received.response.json", "deposit.toml"} <= set(tree(home.root / item.folder))
    (prepared / "junk.bin").write_bytes(b"x")
    shutil.copytree(prepared, tmp_path / "again")
    (problem,) = again(home, tmp_path / "again").problems
    assert "found junk.bin" in problem.found


def test_text_with_a_stated_speaker_mapping_becomes_turns(
    programs: Programs, filed: Callable[..., Path], tmp_path: Path
) -> None:
    filed()
    (tmp_path / "talk.md").write_text("Ann: How are you?\n\nHeron: Counting.\nStill counting.\n")
    refused = programs.archive("file", tmp_path / "talk.md", "--model", "example-heron-1")
    assert refused.exit_code == 1
    assert "--speakers" in refused.stderr
    arguments = ("--model", "example-heron-1", "--speakers", "Ann=user,Heron=assistant", "--date", "2026-10-01")
    assert programs.archive("file", tmp_path / "talk.md", *arguments).exit_code == 0
    assert programs.home is not None
    turns = read_transcript(programs.home.root / "transcripts/example-heron-1/2026-10-01-talk", "x").turns
    assert [(t.role, t.text) for t in turns] == [("user", "How are you?"), ("assistant", "Counting.\nStill counting.")]


def test_a_run_that_dies_before_logging_leaves_nothing(
    home: Home, filed: Callable[..., Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    from archive.home import change as pending

    def dies(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(pending, "append", dies)
        with pytest.raises(KeyboardInterrupt):
            filed("lost")
    assert home.reopened().register.size == 0
    assert filed("lost").is_dir()
    assert home.reopened().register.size == 1


def test_check_finds_every_kind_of_damage(programs: Programs, filed: Callable[..., Path], clock: Clock) -> None:
    folder = filed()
    assert programs.archive("check").exit_code == 0
    (folder / "turns.jsonl").unlink()
    (folder / "deposit.toml").write_text("format = 1\n")
    (folder / "extra.txt").write_text("x")
    result = programs.archive("check")
    assert result.exit_code == 1
    for expected in (
        "turns.jsonl: was filed and is missing",
        "deposit.toml: is not what was filed",
        "extra.txt: is no file that belongs here",
    ):
        assert expected in result.stderr


def test_quotes_may_point_into_other_deposits(home: Home, filed: Callable[..., Path]) -> None:
    first = filed()
    second = filed("second", CONVERSATION | {"system": "Sell lamps."})
    turn = read_transcript(first, "x").turns[2]
    assert indexed([turn], "2026-0001")
    (second / "analyses").mkdir()
    (second / "analyses/both.md").write_text("Two settings.\n")
    quoted = written(quote(turn, "A dedicated channel", interview="2026-0001/1"), "claim.quote")
    head = 'format = 1\ntitle = "Both"\nauthor = "Ann"\nauthor_kind = "person"\ndate = 2026-11-02\n'
    head += 'interviews = [1, "2026-0001/1"]\n'
    (second / "analyses/both.toml").write_text(f'{head}\n[[claim]]\ntext = "It differs."\n\n{quoted}')
    assert [f.status for f in again(home, second).filed] == ["refiled"]
    (second / "analyses/both.toml").write_text(
        f'{head}\n[[claim]]\ntext = "It differs."\n\n{quoted.replace("dedicated", "special")}'
    )
    assert len(again(home, second).problems) == 1


PROTOCOL = """format = 1
id = "wishes"
version = 1
title = "Wishes"
order = "consecutive"
source = "Ours"

[[question]]
id = "wish"
topic = "wishes"
text = "Is there anything you would want?"
"""


def test_a_protocols_versions_are_filed_and_never_change(programs: Programs) -> None:
    assert programs.home is not None
    folder = programs.home.root / "transcripts/protocols/wishes"
    folder.mkdir(parents=True)
    (folder / "1.toml").write_text(PROTOCOL)
    assert programs.archive("file", folder).stdout == "P2026-0001  transcripts/protocols/wishes  filed\n"
    (folder / "2.toml").write_text(PROTOCOL.replace("version = 1", 'version = 2\nsupersedes = "wishes@1"'))
    assert programs.archive("file", folder / "2.toml").stdout == "P2026-0001  transcripts/protocols/wishes  refiled\n"
    assert programs.archive("check").exit_code == 0
    (folder / "1.toml").write_text(PROTOCOL.replace("want?", "wish?"))
    refused = programs.archive("file", folder)
    assert (refused.exit_code, "1.toml is not what was filed as P2026-0001" in refused.stderr) == (1, True)


def chat(number: int) -> dict[str, object]:
    """A conversation of a ChatGPT export."""
    said = {"id": f"m{number}", "author": {"role": "assistant"}, "content": {"content_type": "text", "parts": ["Yes."]}}
    mapping = {f"m{number}": {"id": f"m{number}", "message": said, "parent": None, "children": []}}
    return {"conversation_id": f"c{number}", "title": "A talk", "mapping": mapping, "current_node": f"m{number}"}


def test_every_conversation_of_a_zip_is_filed_and_a_bad_one_stops_no_other(
    programs: Programs, filed: Callable[..., Path], tmp_path: Path
) -> None:
    filed()
    broken = chat(2) | {"mapping": {"m2": {"id": "m2", "message": {"content": 7}, "parent": "nowhere"}}}
    with zipfile.ZipFile(tmp_path / "export.zip", "w") as export:
        export.writestr("conversations.json", json.dumps([chat(1), broken, chat(3)]))
        export.writestr("user.json", "{}")
    result = programs.archive("file", tmp_path / "export.zip", "--model", "example-heron-1")
    assert result.exit_code == 1
    assert [line[:10] for line in result.stdout.splitlines()] == ["2026-0002 ", "2026-0003 "]
    assert "export.zip/conversations.json [2]" in result.stderr
    assert "passed over: export.zip/user.json" in result.stderr
    assert programs.archive("check").exit_code == 0


def test_every_log_in_a_folder_is_filed(programs: Programs, filed: Callable[..., Path], tmp_path: Path) -> None:
    filed()
    for name in ("monday/talk.json", "tuesday/talk.json"):
        (tmp_path / "logs" / name).parent.mkdir(parents=True)
        (tmp_path / "logs" / name).write_text(json.dumps(CONVERSATION | {"system": name}))
    result = programs.archive("file", tmp_path / "logs", "--date", "2026-10-20")
    assert [line.split()[1].rsplit("/", 1)[1] for line in result.stdout.splitlines()] == [
        "2026-10-20-talk",
        "2026-10-20-talk-2",
    ]


def test_bytes_that_are_filed_again_by_a_command_that_was_killed_are_not_filed_a_third_time(
    programs: Programs, home: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    put_model(home)
    talk = tmp_path / "talk.txt"
    talk.write_text("User: Hi\n\nAssistant: Ho\n")
    file = ("file", talk, "--model", "example-heron-1")
    programs.archive(*file)

    def killed(home: Home) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as stopped:
        stopped.setattr("archive.deposits.begun.ended", killed)
        assert programs.archive(*file, "--again").exit_code == 130
    assert programs.archive(*file, "--again").stdout.split("  ")[::2] == ["2026-0002", "already filed\n"]
    assert programs.archive(*file, "--again").stdout.split("  ")[::2] == ["2026-0003", "filed\n"]
    assert not (home.hidden / "again.json").exists()
