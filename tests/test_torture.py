"""A sample of the torture: each command killed, or its disk failing, at a few points. `make torture` tries them all."""

import os
import subprocess
import sys

import pytest

from tests.filed_home import ROOT
from tests.torture.commands import COMMANDS
from tests.tracing import can_trace

SEED = os.environ["TORTURE_SEED"]
SAMPLE = os.environ.get("TORTURE_SAMPLE") or "2"


@pytest.mark.skipif(not can_trace(), reason="nothing can be run under strace here")
@pytest.mark.parametrize("half", [0, 1])
def test_commands_that_are_killed_or_refused_by_the_disk_are_whole_when_run_again(half: int) -> None:
    asked = ["--sample", SAMPLE, "--seed", SEED, "--cores", "1", *list(COMMANDS)[half::2]]
    done = subprocess.run(
        [sys.executable, "-m", "tests.torture", *asked], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert not done.returncode, f"TORTURE_SEED={SEED}\n{done.stdout}{done.stderr}"
