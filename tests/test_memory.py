"""What a large log takes of memory, from file to search to export: each command in its own process, by its peak."""

import json
import subprocess
import sys
import zipfile
from collections.abc import Callable, Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest

from archive.home.home import Home
from tests.conftest import ROOT
from tests.example_home import put_model

CONVERSATIONS, MESSAGES = 64, 20
MORE = 128
"""Conversations of an export, each of which becomes a deposit of its own."""
WORDS = " ".join(["w" * 200] * 250)
"""50 kB, with few words in them, so that hashing each takes no time."""
MOST = 165 << 10
"""KiB; a log has 64 MB of text, and what holds that at all holds it twice: as bytes and as text."""
CODE = """
import sys
from pathlib import Path
from archive.cli.commands import main
try:
    main()
finally:
    print(Path("/proc/self/status").read_text().partition("VmHWM:")[2].split()[0])
"""


def peak(home: Home, *arguments: object) -> tuple[int, str]:
    """The KiB that a command took at most, and what it said."""
    command = [sys.executable, "-c", CODE, *map(str, arguments), "--home", str(home.root)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    *said, kibibytes = done.stdout.splitlines()
    return int(kibibytes), "\n".join(said)


def talk(number: int) -> Iterator[dict[str, Any]]:
    for turn in range(MESSAGES):
        yield {"role": ("user", "assistant")[turn % 2], "content": f"{WORDS} heron{number}.{turn}", "id": f"m{turn}"}


def inspect_zip(path: Path) -> None:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as file:
        file.writestr("header.json", json.dumps({"version": 2, "eval": {"model": "example-heron-1"}}))
        for number in range(1, CONVERSATIONS + 1):
            sample = {"id": number, "epoch": 1, "messages": list(talk(number))}
            file.writestr(f"samples/{number}_epoch_1.json", json.dumps(sample))


def one_by_one(
    path: Path, each: Callable[[int], object], begin: str, between: str, end: str, times: int = CONVERSATIONS
) -> None:
    with path.open("w") as file:
        for number in range(1, times + 1):
            file.write((begin if number == 1 else between) + json.dumps(each(number)))
        file.write(end)


def inspect_json(path: Path) -> None:
    head = json.dumps({"version": 2, "status": "success", "eval": {"model": "example-heron-1"}})
    sample = lambda number: {"id": number, "epoch": 1, "messages": list(talk(number))}  # noqa: E731
    one_by_one(path, sample, f'{head[:-1]}, "samples": [', ", ", "]}")


def lines(path: Path) -> None:
    one_by_one(path, lambda number: {"messages": [{**m, "id": None} for m in talk(number)]}, "", "\n", "\n")


def chatgpt(path: Path) -> None:
    def conversation(number: int) -> object:
        nodes: dict[str, Any] = {}
        for turn, said in enumerate(talk(number)):
            content = {"content_type": "text", "parts": [said["content"]]}
            message = {"author": {"role": said["role"]}, "content": content, "metadata": {}}
            nodes[f"{turn}"] = {"parent": f"{turn - 1}" if turn else None, "message": message}
        return {"title": f"Talk {number}", "mapping": nodes, "current_node": f"{MESSAGES - 1}"}

    one_by_one(path, conversation, "[", ",\n", "]", MORE)


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="what a process used at most is read from /proc")
@pytest.mark.parametrize(
    ("name", "make"),
    [
        ("log.eval", inspect_zip),
        ("log.json", inspect_json),
        ("talks.jsonl", lines),
        ("chatgpt.json", chatgpt),
    ],
)
def test_a_large_log_takes_little_memory_from_file_to_search(
    home: Home, tmp_path: Path, name: str, make: Callable[[Path], None]
) -> None:
    put_model(home)
    make(tmp_path / name)
    assert (tmp_path / name).stat().st_size > 60e6 or name == "log.eval"
    filing, _ = peak(home, "file", "--model", "example-heron-1", tmp_path / name)
    making, listed = peak(home, "list")
    searching, found = peak(home, "search", "heron7")
    assert "heron7" in found
    assert f"{CONVERSATIONS * MESSAGES:,}" in listed or listed.count("example-heron-1") == MORE
    writing = 0
    if name == "log.eval" and find_spec("pyarrow"):
        writing, _ = peak(home, "export", tmp_path / "data", "--as", "parquet")
    assert max(filing, making, searching, writing) < MOST, (filing, making, searching, writing)
