"""Work spread over all processors: the same result as on one, and no process left behind."""

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from archive import cores
from archive.cores import portions, spread

ROOT = Path(__file__).parents[1]
SLEEPING = """
import os, time
from archive.cores import spread
def sleep(part):
    os.write(1, b"%d\\n" % os.getpid())
    time.sleep(600)
list(spread(sleep, [1, 2]))
"""


@pytest.mark.parametrize("processors", [1, 2, 5])
def test_what_comes_of_the_parts_comes_in_their_order(monkeypatch: pytest.MonkeyPatch, processors: int) -> None:
    monkeypatch.setattr(cores.os, "cpu_count", lambda: processors)
    held = "what no process could be sent", lambda: None

    def work(part: int) -> tuple[int, str]:
        time.sleep(0.01 * (part % 3))
        return part * part, held[0]

    assert list(spread(work, range(20))) == [(part * part, held[0]) for part in range(20)]
    assert list(spread(work, [])) == []


def test_things_are_cut_in_portions_and_none_is_lost() -> None:
    assert portions("abcdefg", 3) == ["abc", "def", "g"]
    assert portions("", 3) == []


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere one process does it all")
def test_no_process_outlives_the_one_that_asked() -> None:
    command = [sys.executable, "-c", SLEEPING]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        children = [int(process.stdout.readline()) for _ in range(min(2, os.cpu_count() or 1))]
        process.kill()
    for _ in range(300):
        if not any(Path(f"/proc/{child}").exists() for child in children):
            return
        time.sleep(0.1)
    raise AssertionError(f"still there: {children}")
