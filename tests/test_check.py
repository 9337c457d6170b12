"""`archive check` names everything that is wrong, and nothing that is wrong stops it."""

import shutil
from pathlib import Path

import pytest

from archive.home.home import Home
from tests.conftest import Programs
from tests.example_home import annotated


@pytest.fixture
def programs(home: Home) -> Programs:
    annotated(home)
    return Programs(home)


def folder_instead(path: Path) -> None:
    path.unlink()
    path.mkdir()


@pytest.mark.parametrize("damage", [Path.unlink, folder_instead], ids=["missing", "a folder"])
def test_whatever_file_is_missing_or_a_folder_all_of_them_are_named(home: Home, programs: Programs, damage) -> None:  # type: ignore[no-untyped-def]
    model = home.root / "transcripts/example-heron-1"
    files = [
        model / "model.toml",
        model / "preferences/own-channel.toml",
        *(model / "2026-10-14-first" / name for name in ("deposit.toml", "turns.jsonl", "notes/ann.toml")),
    ]
    for file in files:
        damage(file)
    done = programs.archive("check")
    assert done.exit_code == 1
    assert "Traceback" not in done.stderr
    for file in files:
        assert f"{home.relative(file)}: was filed and is missing; the copy is .archive/store/" in done.stderr


def test_a_home_without_its_deposits_is_still_looked_at(home: Home, programs: Programs) -> None:
    shutil.rmtree(home.root / "transcripts/example-heron-1/2026-10-14-first")
    done = programs.archive("check")
    assert "2026-0001/intake-2.sums: was logged as a deposit, and no folder holds it" in done.stderr
    assert done.exit_code == 1


def test_every_kind_that_was_filed_is_counted(home: Home, programs: Programs) -> None:
    programs.archive("new", "protocol", "retirement-interview")
    assert programs.archive("file", home.root / "transcripts/protocols/retirement-interview").exit_code == 0
    assert programs.archive("check").stdout.startswith(
        "1 deposit, 1 model, 1 protocol, 0 essays, 5 statements: all as logged"
    )
