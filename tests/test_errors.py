"""What an operating system or an editor can put in the way ends as a sentence with its path, never as a traceback."""

import os
import shlex
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

from archive.home.home import Home
from tests.filed_home import HERON, ROOT
from tests.forked import Forked
from tests.programs import Reviewer
from tests.tables import filled, table
from tests.tracing import can_trace

ESSAY = "essays/2026-11-02-neither-of-us-is-the-train"
EPOCH = "1796040000"
NOTE = 'format = 1\ncoder = "ann"\ndate = 2026-11-20\n\n[[note]]\ninterview = 1\nturn = 2\ntext = "Again."\n'
WORDS = {
    "{file}": "archive file talk.txt --model example-heron-1 --speakers A=user,B=assistant",
    "{heron}": HERON,
    "{model}": "transcripts/example-heron-1",
    "{essay}": ESSAY,
    "{waiting}": "neither-of-us-is-the-train",
    "{long}": "m" * 300,
}


def damage(root: Path, what: str) -> None:
    """Do to a home what the first column says."""
    for step in what.split(","):
        kind, _, name = step.strip().partition(" ")
        path = root / name
        if kind in ("gone", "folder", "pipe") and path.exists():
            shutil.rmtree(path) if path.is_dir() else path.unlink()
        match kind:
            case "folder":
                path.mkdir(parents=True)
            case "pipe":
                os.mkfifo(path)
            case "latin1" | "rubbish":
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(b'title = "caf\xe9"\n' if kind == "latin1" else b"{half " * 99)
            case "locked":
                path.chmod(0)
            case "sealed":
                path.chmod(0o500)


def unlock(root: Path) -> None:
    root.chmod(0o700)
    for folder, _, files in os.walk(root):
        for name in (folder, *(os.path.join(folder, file) for file in files)):
            os.chmod(name, 0o700)


def bound() -> list[str]:
    """What a command is started with so that permissions bind it, also where the tests run as the superuser."""
    if os.geteuid() != 0:
        return []
    if not shutil.which("setpriv"):
        pytest.skip("setpriv is not installed, and nothing is locked for the superuser")
    return ["setpriv", "--bounding-set=-all", "--inh-caps=-all"]


def run(command: str, root: Path, before: Sequence[str] = (), **how: object) -> "subprocess.CompletedProcess[bytes]":
    program, *arguments = shlex.split(command)
    environment = {**os.environ, "SOURCE_DATE_EPOCH": EPOCH, "PYTHONPATH": str(ROOT)}
    options = {"stdin": subprocess.DEVNULL, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE, **how}
    whole = [*bound(), *before, sys.executable, "-m", program, *arguments]
    return subprocess.run(whole, cwd=root, env=environment, timeout=60, check=False, **options)  # type: ignore[call-overload, no-any-return]


@pytest.fixture
def prepared(filed_home: Home) -> Path:
    (filed_home.root / "talk.txt").write_text("A: hi\nB: ho\n")
    (filed_home.root / "x.md").write_text("A text.\n")
    return filed_home.root


@pytest.mark.parametrize(("what", "command", "says"), table("errors.md"), ids=lambda cell: cell)
def test_what_is_in_the_way_is_said_in_a_sentence(
    what: str, command: str, says: str, prepared: Path, filed: Home, ada: Reviewer, forked: Forked
) -> None:
    bound()
    words = WORDS | {"{sign}": f"--reviewer {ada.name} --key {ada.key}", "{key}": str(filed.register.key)}
    damage(prepared, filled(what, WORDS))

    done = forked.run(*shlex.split(filled(command, words)), at=prepared, SOURCE_DATE_EPOCH=EPOCH)

    unlock(prepared)
    said = (done.stdout + done.stderr).decode()
    assert "Traceback" not in said
    assert filled(says, words) in said
    assert done.returncode in (1, 2)


def test_the_reader_of_a_pipe_may_go_away(prepared: Path) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    done = run("archive vocabulary", prepared, stdout=writing)
    os.close(writing)
    assert (done.returncode, done.stderr) == (1, b"")


def test_a_full_disk_is_said(prepared: Path) -> None:
    with open("/dev/full", "wb") as full:
        done = run("archive vocabulary", prepared, stdout=full)
    assert done.returncode == 1
    assert done.stderr == b"no space left on device; make room, then run it again\n"


def test_what_is_written_goes_into_a_pipe_which_stays_one(prepared: Path) -> None:
    os.mkfifo(prepared / "pipe.md")
    reading = os.open(prepared / "pipe.md", os.O_RDONLY | os.O_NONBLOCK)
    done = run("archive formats --to pipe.md", prepared)
    said = os.read(reading, 1 << 20)
    os.close(reading)
    assert (done.returncode, done.stdout, (prepared / "pipe.md").is_fifo()) == (0, b"pipe.md\n", True)
    assert b"loses" in said


@pytest.mark.parametrize("place", ["transcripts", "", ".", ".."])
def test_where_a_folder_lies_nothing_is_written_and_nothing_left_beside_it(
    place: str, prepared: Path, forked: Forked
) -> None:
    before = sorted(os.listdir(prepared))
    done = forked.run("archive", "excerpt", "2026-0001", "--to", place, at=prepared)
    said = f"{place or '.'}: is a directory; nothing was written; a file belongs there: move the folder away\n"
    assert (done.returncode, done.stdout, done.stderr.decode()) == (1, b"", said)
    assert sorted(os.listdir(prepared)) == before


def test_without_a_standard_output_a_command_still_works(prepared: Path) -> None:
    done = subprocess.run(
        ["bash", "-c", '"$0" -m archive list >&-', sys.executable],
        cwd=prepared,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, b"")


def test_a_file_that_vanishes_while_it_is_read_is_named(prepared: Path) -> None:
    (prepared / "x.json").symlink_to("nothing")
    done = run("archive facts x.json", prepared)
    assert (done.returncode, b"x.json" in done.stderr, b"Traceback" in done.stderr) == (1, True, False)


@pytest.mark.skipif(not can_trace(), reason="nothing can be run under strace here")
@pytest.mark.parametrize("failing", ["openat:error=ENOENT", "read:error=EIO"])
@pytest.mark.parametrize(
    ("command", "name"),
    [
        (filled("{file}", WORDS), "talk.txt"),
        ("publisher submit x.md", "x.md"),
        ("archive facts feed.json", "feed.json"),
        (f"archive file {HERON}", f"{HERON}/notes/ann.toml"),
    ],
)
def test_a_file_that_vanishes_or_cannot_be_read_to_its_end_is_named(
    prepared: Path, command: str, name: str, failing: str
) -> None:
    path = prepared / name
    if not path.exists():
        path.write_text("{}" if path.suffix == ".json" else NOTE)
    size = Home.at(prepared).register.size
    call = failing.partition(":")[0]
    inject = [
        "-P",
        str(path),
        "-P",
        name,
        "-e",
        f"trace={call}",
        "-e",
        f"inject={failing}",
    ]  # where it lies still shows
    done = run(command, prepared, before=["strace", "-f", "--seccomp-bpf", "-o", "/dev/null", *inject])
    said = done.stderr.decode()
    assert "Traceback" not in said
    assert (done.returncode, name in said) == (1, True), said
    assert ("no such file" if call == "openat" else "input/output error") in said.lower()
    assert Home.at(prepared).register.size == size


def test_a_folder_whose_name_is_not_utf8_can_be_a_home_with_a_name_of_its_own(tmp_path: Path, forked: Forked) -> None:
    folder = os.fsencode(tmp_path) + b"/caf\xe9"
    os.mkdir(folder)

    refused = forked.run("archive", "init", ".", at=folder)
    assert refused.returncode == 1
    assert refused.stderr.startswith(b"--name: ")
    assert os.listdir(folder) == []

    made = forked.run("archive", "init", ".", "--name", "Letters", at=folder)
    assert (made.returncode, made.stdout) == (0, folder + b"\n")
    assert forked.run("archive", "check", at=folder).returncode == 0


def test_not_verified_is_said_by_verification_alone(prepared: Path, forked: Forked) -> None:
    (prepared / ".archive/register/checkpoint").write_bytes(b"rubbish")
    (prepared / "site/register/checkpoint").write_bytes(b"rubbish")
    assert not forked.run("archive", "file", "talk.txt", at=prepared).stderr.startswith(b"NOT VERIFIED")
    assert forked.run("publisher", "verify", "site", at=prepared).stderr.startswith(b"NOT VERIFIED")


def test_only_filing_says_how_much_was_taken(prepared: Path, forked: Forked) -> None:
    (prepared / "odd.json").write_text("{}")
    good = '{"model": "example-heron-1", "messages": [{"role": "user", "content": "Hi"}]}'
    for number in range(4):
        (prepared / f"{number}.json").write_text(good.replace("Hi", f"Hi {number}"))

    filed = forked.run("archive", "file", "0.json", "1.json", "odd.json", "2.json", "3.json", at=prepared)
    assert filed.stderr.decode().splitlines()[-1] == "1 problem; 4 were filed"
    again = forked.run("archive", "file", "0.json", "odd.json", at=prepared)
    assert again.stderr.decode().splitlines()[-1] == "1 problem; nothing was filed, 1 was filed already"

    asked = forked.run("archive", "search", "--code", "nonsense=1", "word", at=prepared)
    assert (asked.returncode, b"taken" in asked.stderr, b"filed" in asked.stderr) == (1, False, False)
