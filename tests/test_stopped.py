"""Ctrl-C and SIGTERM end a command as a person and a supervisor expect, and the next run is whole."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from archive.home.home import Home
from archive.register import register
from tests.example_home import put_model
from tests.filed_home import ROOT
from tests.programs import Programs


@pytest.mark.parametrize(("by", "status"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_a_command_that_is_stopped_says_so_and_leaves_nothing(
    by: signal.Signals, status: int, home: Home, tmp_path: Path
) -> None:
    put_model(home)
    talk = tmp_path / "talk.json"
    talk.write_text('{"messages": [{"role": "user", "content": "Hi"}, {"role": "assistant", "content": "Ho"}]}')
    scratch = home.hidden / "tmp"
    command = ["archive", "file", str(talk), "--model", "example-heron-1"]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    with register.lock(home.hidden / "register"):
        running = subprocess.Popen(
            [sys.executable, "-m", *command],
            cwd=home.root,
            env=environment,
            stderr=subprocess.PIPE,
            text=True,
            preexec_fn=lambda: signal.signal(
                signal.SIGINT, signal.SIG_DFL
            ),  # ignored where tests run in the background
        )
        assert running.stderr
        assert running.stderr.readline().startswith("waiting for another command")
        assert list(scratch.iterdir())
        running.send_signal(by)
        _, said = running.communicate(timeout=60)
    assert running.returncode == status
    assert said.strip() == "stopped; what was not logged did not happen: run it again"
    assert list(scratch.iterdir()) == []
    again = Programs(home).archive(*command[1:])
    assert (again.exit_code, again.stdout.split()[0]) == (0, "2026-0001")


@pytest.mark.parametrize("program", ["archive", "publisher"])
def test_a_program_that_is_stopped_while_it_is_loaded_says_nothing(program: str, tmp_path: Path) -> None:
    (tmp_path / "click.py").write_text("import os, signal, time\nos.kill(os.getpid(), signal.SIGINT)\ntime.sleep(9)\n")
    done = subprocess.run(
        [Path(sys.executable).with_name(program), "--help"],
        env={**os.environ, "PYTHONPATH": str(tmp_path)},
        capture_output=True,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
        check=False,
    )
    assert (done.returncode, done.stdout, done.stderr) == (-signal.SIGINT, b"", b"")
