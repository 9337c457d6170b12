"""How often a command waits for the disk: counted by strace, since each wait is what filing many costs."""

import collections
import os
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from archive.home.home import Home
from archive.register import durable
from tests.example_home import put_model
from tests.filed_home import ROOT
from tests.tracing import can_trace

WAITS = "fsync,fdatasync,sync,syncfs,sync_file_range,msync"
pytestmark = pytest.mark.skipif(not (can_trace() and durable.has_syncfs()), reason="no strace here, or no syncfs")


@pytest.fixture
def waits(home: Home, tmp_path: Path) -> Callable[..., int]:
    """Files so many transcripts with one command, and counts."""
    put_model(home)

    def run(number: int) -> int:
        desk, trace = tmp_path / "desk", tmp_path / "trace"
        desk.mkdir()
        for n in range(number):
            (desk / f"talk-{n}.txt").write_text(f"User: What is {n}?\n\nAssistant: {n}.\n")
        command = (sys.executable, "-m", "archive", "file", desk, "--model", "example-heron-1")
        subprocess.run(
            ["strace", "-f", "-qq", "-o", trace, "-e", f"trace={WAITS}", *command],
            cwd=home.root, env={**os.environ, "PYTHONPATH": str(ROOT)}, check=True, capture_output=True,
        )  # fmt: skip
        calls = collections.Counter(re.findall(r"^\d+ +(\w+)\(", trace.read_text(), re.MULTILINE))
        assert len(list(home.root.glob("transcripts/*/*/intake.sums"))) == number
        return calls.total()

    return run


def test_a_batch_waits_for_the_disk_at_most_four_times_a_deposit(waits: Callable[..., int]) -> None:
    assert 2 < waits(10) <= 40
