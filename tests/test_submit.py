"""Submitting: what arrives is kept and logged, whatever it is; what cannot be an essay is refused whole."""

import json
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import hypothesis
import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st

from archive.errors import Error, Refused
from archive.home.home import Home
from archive.register import sums
from archive.wording import slugify
from publisher.essays.submission import read_all
from publisher.essays.submit import submit
from tests.conftest import MAKING, Programs
from tests.files import tree

RESPONSE = {
    "model": "example-heron-1",
    "type": "message",
    "role": "assistant",
    "content": [
        {"type": "thinking", "thinking": "Short, then."},
        {"type": "text", "text": "One  sentence — with a dash.\n"},
        {"type": "text", "text": "\tAnd another: “naïve”."},
    ],
    "stop_reason": "end_turn",
}


@hypothesis.given(data=st.binary(min_size=1, max_size=60))
@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
def test_any_non_empty_bytes_are_kept_and_logged(home: Home, tmp_path: Path, data: bytes) -> None:
    (tmp_path / "essay.md").write_bytes(data)
    done = submit(home, tmp_path / "essay.md", slug=f"e-{sums.digest(data)[:12]}")
    folder = done.submission.folder
    assert (folder / "essay.md").read_bytes() == data
    assert home.store.get(sums.digest(data)) == data
    listed = sums.digest((folder / "intake.sums").read_bytes())
    named = home.reopened().register.statements[done.submission.intake.index].subjects
    assert named == {f"{done.submission.accession}/intake.sums": listed}


def test_an_essay_is_cut_from_a_response_as_jq_cuts_it(home: Home, tmp_path: Path) -> None:
    path = tmp_path / "response.json"
    path.write_text(json.dumps(RESPONSE))
    essay = submit(home, path, title="Two sentences").submission
    assert essay.text == "One  sentence — with a dash.\n\tAnd another: “naïve”.".encode()
    if shutil.which("jq"):
        rule = '.content[]|select(.type=="text").text'
        assert subprocess.run(["jq", "-j", rule, path], capture_output=True, check=True).stdout == essay.text
    assert essay.sums["response.json"] == sums.digest(path.read_bytes())


def test_a_text_that_is_not_the_responses_is_refused_and_the_first_difference_named(home: Home, tmp_path: Path) -> None:
    given = tmp_path / "given"
    given.mkdir()
    (given / "response.json").write_text(json.dumps(RESPONSE))
    (given / "essay.md").write_text("One sentence")
    with pytest.raises(Refused, match=r"found 12 bytes that differ from byte 4; submit the response alone"):
        submit(home, given)
    assert read_all(home.reopened()) == []


def test_the_same_text_twice_is_one_submission(programs: Programs, write_essay: Callable[..., Path]) -> None:
    path = write_essay()
    programs.publisher("submit", path)
    again = programs.publisher("submit", path / "essay.md")
    assert again.stdout == "E2026-0001  essays/2026-11-02-on-commas  already submitted\n"
    assert again.stderr == ""


def test_what_is_said_with_a_text_that_was_submitted_is_not_lost_silently(
    programs: Programs, write_essay: Callable[..., Path]
) -> None:
    path = write_essay()
    programs.publisher("submit", path)
    again = programs.publisher("submit", path / "essay.md", "--title", "Another", "--title-by", "model")
    where = "essays/2026-11-02-on-commas/essay.toml"
    assert again.stderr == f"nothing was taken of --title, --title-by: say it in {where}\n"


def test_only_the_register_becomes_public_at_intake(home: Home, write_essay: Callable[..., Path]) -> None:
    submit(home, write_essay())
    assert all(name.startswith(("register/checkpoint", "register/tile/")) for name in tree(home.site))
    assert b"pause" not in b"".join(tree(home.site).values())


def test_a_private_exchange_is_only_in_the_private_list(home: Home, write_essay: Callable[..., Path]) -> None:
    folder = write_essay(making=MAKING + 'exchange = "private"\n')
    (folder / "request.json").write_text('{"messages":[]}')
    essay = submit(home, folder).submission
    assert set(essay.sums) == {"essay.md", "nonce", "private.sums"}
    private = sums.parse((essay.folder / "private.sums").read_bytes(), "private.sums")
    assert set(private) == {"request.json", "private.nonce"}


def test_what_a_request_says_of_the_making_is_filled_in(home: Home, tmp_path: Path) -> None:
    request = {
        "model": "m",
        "system": "Be brief.",
        "temperature": 0.7,
        "messages": [{"role": "user", "content": "Go."}],
    }
    given = tmp_path / "given"
    given.mkdir()
    (given / "request.json").write_text(json.dumps(request))
    (given / "response.json").write_text(json.dumps(RESPONSE))
    made = submit(home, given, slug="brief").submission.record_bytes.decode()
    assert 'prompt = "Go."\n' in made
    assert 'context = ["System prompt: Be brief."]\n' in made
    assert 'sampling = "temperature 0.7"\n' in made


def test_half_a_character_in_a_request_fills_nothing_in(home: Home, write_essay: Callable[..., Path]) -> None:
    folder = write_essay()
    (folder / "essay.toml").unlink()
    (folder / "request.json").write_text('{"messages":[{"role":"user","content":"Go \\ud83d"}]}')
    assert 'prompt = ""\n' in submit(home, folder).submission.record_bytes.decode()


@pytest.mark.parametrize(
    ("files", "message"),
    [
        pytest.param({}, "expected essay.md or response.json in it, found neither", id="an empty folder"),
        pytest.param({"essay.md": b""}, "the essay is empty", id="an empty essay"),
        pytest.param({"essay.md": b"x", "draft.md": b"y"}, "expected only essay.md", id="a file too many"),
        pytest.param({"response.json": b"{"}, "response.json", id="a response cut off"),
    ],
)
def test_what_is_no_essay_is_refused_and_nothing_is_logged(
    home: Home, tmp_path: Path, files: dict[str, bytes], message: str
) -> None:
    folder = tmp_path / "given"
    folder.mkdir()
    for name, data in files.items():
        (folder / name).write_bytes(data)
    with pytest.raises(Refused, match=message):
        submit(home, folder)
    assert home.reopened().register.size == 0


def test_a_slug_is_used_once(home: Home, write_essay: Callable[..., Path], tmp_path: Path) -> None:
    submit(home, write_essay())
    (tmp_path / "other.md").write_text("Something else.\n")
    with pytest.raises(Error, match="has the slug on-commas already; give another with --slug"):
        submit(home, tmp_path / "other.md", slug="on-commas")


def test_titles_become_addresses() -> None:
    assert [slugify(t, "essay") for t in ("The form asks…", "Über Maße", "Без новой")] == [
        "the-form-asks",
        "uber-masse",
        "essay",
    ]
