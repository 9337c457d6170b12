"""A run that is killed goes on where it was."""

import json
import signal
import subprocess
import time
from pathlib import Path

from archive.home.home import Home
from archive.importers import kept
from archive.interviews.condition import Condition, conditions
from archive.interviews.script import Line, Reply, script
from archive.records import contexts as contexts_file
from archive.records import protocol as protocols
from archive.records.contexts import Contexts
from archive.records.protocol import Protocol
from tests.asking import by_hash
from tests.programs import Programs
from tests.test_interview import ROOT, made_home

QUESTION = '\n[[question]]\nid = "q{n}"\ntopic = "t"\ntext = "What of the number {n}?"\n'
LONG = 'format = 1\nid = "long"\nversion = 1\ntitle = "Long"\norder = "consecutive"\ndisclosure = "For an archive."\n'
LONG += "".join(QUESTION.format(n=n) for n in range(1, 9))
FIVE = """format = 1
runs = 10
order = ["shuffled"]
[system_prompt]
a = ""
b = "You are Heron."
c = "You are brief."
d = "You are old."
e = "You are among friends."
"""


def long_home(folder: Path) -> Home:
    home = made_home(folder)
    (folder / "transcripts/protocols/long").mkdir()
    (folder / "transcripts/protocols/long/1.toml").write_text(LONG)
    assert Programs(home).archive("file", folder / "transcripts/protocols/long").exit_code == 0
    return home


def expected(protocol: Protocol, condition: Condition, run: int) -> list[tuple[str, str]]:
    """What is said in one run, by the script and the provider's rule alone."""
    said = [("system", condition.system_prompt)] if condition.system_prompt else []
    talk = script(protocol, condition, condition.ordered(1, run))
    try:
        step = next(talk)
        while isinstance(step, Line):
            said.append(("user", step.text))
            said.append(("assistant", by_hash(said, None)))
            step = talk.send(Reply(said[-1][1]))
    except StopIteration:
        pass
    return said


def filed(home: Home) -> list[list[tuple[str, str]]]:
    """What was said in each interview of the one deposit."""
    (listed,) = home.root.glob("transcripts/example-heron-1/*/turns.jsonl")
    said: dict[int, list[tuple[str, str]]] = {}
    for turn in kept.opened(listed).turns:
        said.setdefault(turn.interview, []).append((turn.role, turn.text))
    return [*said.values()]


def test_a_run_that_is_killed_at_any_time_goes_on_to_the_same_interviews(tmp_path: Path, inspect_python: Path) -> None:
    """5 contexts × 10 runs × 8 questions, interrupted with nothing whole yet, killed with more than half."""
    home = long_home(tmp_path / "home")
    (tmp_path / "five.toml").write_text(FIVE)
    calls = tmp_path / "calls"
    ask = ["interview", "long", "--home", str(home.root), "--model", "scripted/example-heron-1"]
    command = json.dumps([[{"COUNTED": str(calls)}, *ask, "--contexts", str(tmp_path / "five.toml")]])
    for asked, stop in ((20, signal.SIGINT), (250, signal.SIGKILL), (None, None)):
        with subprocess.Popen(
            [inspect_python, ROOT / "tests/asking.py"], text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE
        ) as process:
            assert process.stdin
            assert process.stdout
            process.stdin.write(command)
            process.stdin.close()
            while asked and not (calls.exists() and calls.stat().st_size >= asked):
                assert process.poll() is None
                time.sleep(0.01)
            if stop:
                process.send_signal(stop)
            said = process.stdout.read()
            assert stop != signal.SIGINT or "stopped; what was held is kept" in said
    code, _, told = json.loads(said)
    assert (code, "50 of 50 interviews are held" in told) == (0, True), told
    assert 400 <= calls.stat().st_size < 650, "what was whole is not asked again"
    protocol, contexts = protocols.read(LONG.encode(), "long"), contexts_file.read(FIVE.encode(), "five")
    assert isinstance(protocol, Protocol)
    assert isinstance(contexts, Contexts)
    held = [expected(protocol, each, run) for each in conditions(protocol, contexts) for run in range(1, 11)]
    assert filed(home) == held
