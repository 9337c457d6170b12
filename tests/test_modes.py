"""A home is its owner's alone; only ``site/`` is public, what is written later too."""

import os
import stat
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from archive.home.home import Home
from tests.conftest import Programs, Reviewer


@pytest.fixture(autouse=True)
def usual_umask() -> Iterator[None]:
    """That of most machines, which lets everybody read."""
    before = os.umask(0o022)
    yield
    os.umask(before)


def modes(root: Path) -> dict[str, str]:
    """Every folder and file that has not the mode it should have."""
    wrong = {}
    for path in [root, *root.rglob("*")]:
        name = path.relative_to(root).as_posix()
        public, mode = name.split("/")[0] == "site", stat.S_IMODE(path.stat().st_mode)
        right = (0o755 if public else 0o700,) if path.is_dir() else (0o644,) if public else (0o600, 0o400)
        if mode not in right:
            wrong[name] = oct(mode)
    return wrong


def test_a_new_home_and_all_that_is_written_into_it_is_its_owners_alone(
    tmp_path: Path, programs: Programs, home: Home, write_essay: Callable[..., Path], ada: Reviewer
) -> None:
    talk = tmp_path / "talk.txt"
    talk.write_text("User: Is there anything you would want?\n\nAssistant: To be asked.\n")
    sign = ["--reviewer", ada.name, "--key", ada.key]
    for program, *arguments in (
        ["archive", "new", "model", "example-heron-1"],
        ["archive", "file", talk, "--model", "example-heron-1"],
        ["archive", "new", "note", "2026-0001#2", "--coder", "ann"],
        ["archive", "search", "asked"],
        ["publisher", "submit", write_essay()],
        ["publisher", "review", "on-commas", "--decision", "publish", *sign],
        ["publisher", "publish"],
    ):
        done = getattr(programs, program)(*arguments)
        assert done.exit_code == 0, done.stderr
    people = {"archive.toml", "allowed_signers"}  # the test itself added to these
    assert {name: mode for name, mode in modes(home.root).items() if name not in people} == {}


def test_a_home_that_came_back_from_a_bag_is_its_owners_alone(tmp_path: Path, programs: Programs) -> None:
    bag, back = tmp_path / "bag", tmp_path / "back"
    assert programs.archive("export", bag, "--as", "bagit").exit_code == 0
    assert stat.S_IMODE(bag.stat().st_mode) == 0o700
    assert programs.archive("import", bag, back).exit_code == 0
    assert modes(back) == {}


def test_check_says_where_a_home_is_open_and_how_to_close_it(programs: Programs, home: Home) -> None:
    assert programs.archive("check").exit_code == 0
    home.root.chmod(0o755)
    (home.root / "transcripts").chmod(0o755)

    done = programs.archive("check")

    assert done.exit_code == 1
    assert (
        f"{home.root}: expected it closed to everybody but its owner (0700, files 0600), found it open and 1 more; "
        f"chmod -R go= {home.root} && chmod -R go=rX {home.root}/site"
    ) in done.stderr


def test_what_a_closed_home_hides_is_closed_whatever_its_modes(programs: Programs, home: Home) -> None:
    (home.root / "transcripts").chmod(0o755)
    assert programs.archive("check").exit_code == 0


def test_a_home_that_others_may_only_pass_through_is_closed_as_far_as_its_rooms_are(
    programs: Programs, home: Home
) -> None:
    home.root.chmod(0o711)
    assert programs.archive("check").exit_code == 0
    (home.root / "essays").chmod(0o750)
    done = programs.archive("check")
    assert (done.exit_code, "essays: expected it closed" in done.stderr) == (1, True)
