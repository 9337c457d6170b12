"""Two commands that write to one archive at once: the second waits, and neither loses nor doubles anything."""

import json
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from archive.home.home import Home
from archive.register import register
from tests.example_home import put_model
from tests.forked import Forked, Running
from tests.programs import Programs

SAYING = "waiting for another command that is writing to this archive …"
Begin = Callable[..., Running]


@pytest.fixture
def begin(forked: Forked) -> Begin:
    return forked.begin


def ended(running: Sequence[Running]) -> list[tuple[int, str, str]]:
    """Exit status, stdout and stderr of each, when all are done."""
    done = [each.ended(120) for each in running]
    return [(each.returncode, each.stdout.decode(), each.stderr.decode()) for each in done]


@pytest.fixture
def root(home: Home) -> Path:
    put_model(home)
    (home.root / "transcripts/example-heron-1").chmod(0o700)
    return home.root


def talk(folder: Path, name: str, text: str) -> Path:
    folder.mkdir(exist_ok=True)
    path = folder / f"{name}.json"
    path.write_text(
        json.dumps({"messages": [{"role": "user", "content": text}, {"role": "assistant", "content": "."}]})
    )
    return path


FILE = ("archive", "file", "--model", "example-heron-1")


def test_a_second_writer_waits_and_says_so_after_a_second(root: Path, tmp_path: Path, begin: Begin) -> None:
    path = talk(tmp_path / "desk", "talk", "hello")
    with register.lock(root / ".archive/register"):
        waiting = begin(*FILE, path, at=root)
        assert waiting.stderr.readline().startswith(SAYING.encode())
    ((code, out, _),) = ended([waiting])
    assert (code, out.split()[0]) == (0, "2026-0001")


@pytest.mark.parametrize("how", ["option", "environment"])
def test_it_gives_up_after_the_time_it_was_given(root: Path, tmp_path: Path, how: str, begin: Begin) -> None:
    path = talk(tmp_path / "desk", "talk", "hello")
    option, environment = (("--wait", 1), {}) if how == "option" else ((), {"ARCHIVE_WAIT": "1"})
    with register.lock(root / ".archive/register"):
        began = time.monotonic()
        ((code, out, said),) = ended([begin(*FILE, path, *option, at=root, **environment)])
    assert (code, out) == (1, "")
    assert time.monotonic() - began >= 1
    assert said.splitlines()[-1] == (
        "another command is writing to this archive, still after 1 s (--wait); run this one again when it is done"
    )


def test_two_that_file_many_each_lose_and_double_none(root: Path, tmp_path: Path, begin: Begin) -> None:
    ours = {side: [f"{side} {n}" if n % 4 else f"both {n}" for n in range(200)] for side in ("a", "b")}
    batches = [[talk(tmp_path / side, f"talk-{n}", says) for n, says in enumerate(ours[side])] for side in ours]
    done = ended([begin(*FILE, *paths, at=root) for paths in batches])
    assert [code for code, _, _ in done] == [0, 0], done
    whole(Home(root), len({*ours["a"], *ours["b"]}))


def test_two_that_file_one_after_the_other_lose_and_double_none(root: Path, tmp_path: Path, begin: Begin) -> None:
    done = []
    for n in range(6):
        paths = [talk(tmp_path / side, f"talk-{n}", f"{side} {n}") for side in "abc"]
        done += ended([begin(*FILE, path, at=root) for path in paths])
    assert [code for code, _, _ in done] == [0] * 18, done
    whole(Home(root), 18)


def whole(home: Home, deposits: int) -> None:
    """Each deposit once: one folder, one number, one statement, one slug; and `archive check` finds nothing."""
    folders = sorted((home.root / "transcripts/example-heron-1").glob("*/received.json"))
    assert len({path.read_bytes() for path in folders}) == len(folders) == deposits
    numbers = [life.accession.number for life in home.lives.of("deposit")]
    assert numbers == [f"2026-{n + 1:04d}" for n in range(deposits)]
    checked = Programs(home).archive("check")
    assert checked.exit_code == 0, checked.output


def test_the_same_bytes_filed_by_several_at_once_are_one_deposit(root: Path, tmp_path: Path, begin: Begin) -> None:
    path = talk(tmp_path / "desk", "talk", "hello")
    with register.lock(root / ".archive/register"):  # all have read the archive before one of them may write
        running = [begin(*FILE, path, at=root) for _ in range(3)]
        for process in running:
            assert process.stderr.readline().startswith(SAYING.encode())
    done = ended(running)
    assert [code for code, _, _ in done] == [0, 0, 0], done
    assert sorted(out.split("  ")[2] for _, out, _ in done) == ["already filed\n", "already filed\n", "filed\n"]
    whole(Home(root), 1)


def test_one_folder_filed_again_by_two_at_once_is_one_version(root: Path, tmp_path: Path, begin: Begin) -> None:
    ended([begin(*FILE, talk(tmp_path / "desk", "talk", "hello"), at=root)])
    (record,) = root.glob("transcripts/*/*-talk/deposit.toml")
    record.write_text(record.read_text().replace('expressed_trust = "not_recorded"', 'expressed_trust = "neutral"'))
    with register.lock(root / ".archive/register"):
        running = [begin("archive", "file", record.parent, at=root) for _ in range(2)]
        for process in running:
            assert process.stderr.readline().startswith(SAYING.encode())
    done = ended(running)
    assert sorted(out.split("  ")[2] for _, out, _ in done) == ["already filed\n", "refiled\n"]
    assert len(list(record.parent.glob("intake*.sums"))) == 2


def test_what_a_killed_command_logged_is_not_filed_again(root: Path, tmp_path: Path, begin: Begin) -> None:
    path = talk(tmp_path / "desk", "talk", "hello")
    ((code, _, _),) = ended([begin(*FILE, path, at=root)])
    assert code == 0
    (folder,) = root.glob("transcripts/*/*-talk")
    pending = root / ".archive/pending"  # as it was between logging and putting in place
    pending.mkdir()
    files = sorted(folder.iterdir())
    plan = {"size": 1, "leaves": [], "files": [], "copies": [], "remove": [], "proofs": {}}
    for number, file in enumerate(files):
        plan["files"].append(file.relative_to(root).as_posix())  # type: ignore[attr-defined]
        file.rename(pending / str(number))
    folder.rmdir()
    (pending / "plan.json").write_text(json.dumps(plan))
    ((code, out, _),) = ended([begin(*FILE, path, at=root)])
    assert (code, out.split("  ")[2]) == (0, "already filed\n")
    whole(Home(root), 1)


def test_how_long_is_a_number_of_seconds(programs: Programs) -> None:
    done = Programs(programs.home, {"ARCHIVE_WAIT": "soon"}).archive("new", "model", "example-kestrel-9")
    assert done.exit_code == 2
    assert "Invalid value for '--wait': 'soon'" in done.stderr
