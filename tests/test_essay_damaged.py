"""An essay or a home with something missing or strange in it: each command says one sentence, never a traceback."""

import json
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from archive.home.home import Home
from tests.conftest import Programs, Reviewer
from tests.files import tree


@pytest.fixture
def essay(programs: Programs, ada: Reviewer, write_essay: Callable[..., Path]) -> Path:
    """Submitted and approved."""
    assert programs.home is not None
    programs.publisher("submit", write_essay())
    who = ("--decision", "publish", "--reviewer", ada.name, "--key", ada.key)
    assert programs.publisher("review", "on-commas", *who).exit_code == 0
    (folder,) = (programs.home.root / "essays").glob("*-on-commas")
    return folder


def commands(ada: Reviewer, text: Path) -> dict[str, tuple[object, ...]]:
    who = ("--decision", "hold", "--reviewer", ada.name)
    return {
        "submit": ("submit", text),
        "problems": ("problems", "on-commas"),
        "review": ("review", "on-commas", *who, "--key", ada.key),
        "prepare": ("review", "on-commas", *who),
        "status": ("status",),
        "publish": ("publish",),
        "pages": ("publish", "--site"),
        "build": ("build",),
    }


def missing(path: Path) -> None:
    path.unlink()


def folder_instead(path: Path) -> None:
    path.unlink()
    path.mkdir()


def pipe_instead(path: Path) -> None:
    path.unlink()
    os.mkfifo(path)


def link_to_nowhere(path: Path) -> None:
    path.unlink()
    path.symlink_to("nowhere")


@pytest.mark.parametrize("published", [False, True], ids=["approved", "published"])
@pytest.mark.parametrize("damage", [missing, folder_instead, pipe_instead, link_to_nowhere], ids=lambda f: f.__name__)
@pytest.mark.parametrize(
    "name", ["essay.md", "essay.toml", "intake.sums", "nonce", "reviews/1.json", "reviews/1.json.sig", "signers"]
)
def test_whatever_is_damaged_each_command_ends_in_a_sentence(
    programs: Programs,
    home: Home,
    ada: Reviewer,
    essay: Path,
    tmp_path: Path,
    name: str,
    damage: Callable[[Path], None],
    published: bool,
) -> None:
    (tmp_path / "other.md").write_text("Another text.\n")
    if published:
        assert programs.publisher("publish").exit_code == 0
    damage(home.root / "allowed_signers" if name == "signers" else essay / name)
    for command in commands(ada, tmp_path / "other.md").values():
        done = programs.publisher(*command)  # raises what is no sentence
        assert done.exit_code in (0, 1)


@pytest.mark.parametrize("published", [False, True], ids=["approved", "published"])
def test_status_names_an_essay_whose_text_is_missing(programs: Programs, essay: Path, published: bool) -> None:
    if published:
        programs.publisher("publish")
    (essay / "essay.md").unlink()
    status = programs.publisher("status")
    assert f"essays/{essay.name}/essay.md: was logged at intake and is missing; bring back the bytes" in status.stdout
    assert (
        f"failed: what was logged is missing or changed in essays/{essay.name}; somebody brings it back: archive check"
        in status.stdout
    )
    told = programs.publisher("problems", "on-commas")
    assert told.stdout.startswith(
        f"cannot be published: essays/{essay.name}/essay.md: was logged at intake and is missing"
    )


def test_a_text_that_is_missing_is_not_published(programs: Programs, home: Home, essay: Path) -> None:
    (essay / "essay.md").unlink()
    before = tree(home.root)
    done = programs.publisher("publish")
    assert done.exit_code == 1
    assert f"essays/{essay.name}/essay.md: was logged at intake and is missing" in done.stderr
    assert tree(home.root) == before


@pytest.mark.parametrize("command", ["review", "prepare", "publish", "pages"])
def test_without_allowed_signers_nothing_is_decided_and_nothing_published(
    programs: Programs, home: Home, ada: Reviewer, essay: Path, tmp_path: Path, command: str
) -> None:
    (home.root / "allowed_signers").unlink()
    before = home.reopened().register.size
    done = programs.publisher(*commands(ada, tmp_path)[command])
    assert done.exit_code == 1
    assert "allowed_signers: is missing; bring it back: reviewers' keys are listed there" in done.stderr
    status = programs.publisher("status")
    assert (status.exit_code, "failed: somebody mends allowed_signers: is missing" in status.stdout) == (1, True)
    assert json.loads(programs.publisher("status", "--json").stdout)["damaged"] is True
    assert home.reopened().register.size == before


def test_an_essay_toml_that_is_a_folder_is_said_to_be_none(programs: Programs, essay: Path) -> None:
    folder_instead(essay / "essay.toml")
    assert (
        f"essays/{essay.name}/essay.toml: expected a file, found something else" in programs.publisher("status").stdout
    )


@pytest.mark.parametrize("what", ["a folder", "a pipe", "nothing"])
def test_a_response_that_is_no_file_is_refused_in_one_sentence(programs: Programs, tmp_path: Path, what: str) -> None:
    (tmp_path / "draft.md").write_text("A draft.")
    response = tmp_path / "response"
    if what == "a folder":
        response.mkdir()
    elif what == "a pipe":
        os.mkfifo(response)
    done = programs.publisher("submit", tmp_path / "draft.md", "--response", response)
    found = {"nothing": "nothing there", "a pipe": "a device or a pipe"}.get(what, what)
    assert (done.exit_code, done.stderr) == (1, f"{response}: expected the API response, a file, found {found}\n")


def test_a_signature_file_that_is_a_folder_is_refused_in_one_sentence(
    programs: Programs, essay: Path, tmp_path: Path
) -> None:
    done = programs.publisher("review", "on-commas", "--signature", tmp_path)
    assert (done.exit_code, done.stderr) == (1, f"{tmp_path}: expected a signature, found none (Is a directory)\n")


def test_editors_notes_that_are_no_files_are_named(programs: Programs, essay: Path) -> None:
    (essay / "editors/a.toml").mkdir(parents=True)
    done = programs.publisher("publish")
    assert done.exit_code == 1
    assert "editors/a.toml" in done.stderr
