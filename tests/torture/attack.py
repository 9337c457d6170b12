"""Points of a command, what is done to it there, and what must hold afterwards."""

import re
from dataclasses import dataclass

from tests.torture.commands import COMMANDS, prepared
from tests.torture.process import Done, calls
from tests.torture.stage import Stage
from tests.torture.state import State, common, differences, state

_NAMING = ("rename", "renameat", "renameat2", "link", "linkat", "symlink", "unlink", "unlinkat", "rmdir")
_MAKING = ("mkdir", "mkdirat", "openat", "chmod", "fchmod", "fchmodat", "ftruncate", "fallocate")
_WRITING = ("write", "pwrite64", "sendfile", "copy_file_range", "fsync", "fdatasync", "syncfs")
CALLS = ",".join((*_NAMING, *_MAKING, *_WRITING))
"""Whatever changes a disk, and the opening of files, of which those count that make or empty one."""

KILL = "KILL"
ERRORS = ("ENOSPC", "EIO", "EROFS")
_LASTING = {
    *(
        "rename",
        "renameat",
        "renameat2",
        "link",
        "linkat",
        "mkdir",
        "mkdirat",
        "chmod",
        "fchmod",
        "fsync",
        "fdatasync",
        "syncfs",
    ),
}
"""Calls that fail for good once they fail: a disk that is full stays so. Of the others one fails, since the same call
also reads and prints."""

_SENTENCE = re.compile(
    r"(?P<path>[^:]*\w): (?P<what>[a-z][^;]*); (?P<kept>(nothing|no|what|\d+ (was|were)) [^;]*); (?P<todo>\w.*)"
)
"""What a failing disk is answered with."""


@dataclass(frozen=True, slots=True)
class Point:
    """The `nth` call of a name in an undisturbed run."""

    call: str
    nth: int
    row: int
    """Of all calls that change something, from 1."""
    on: str
    """What it works on."""

    def __str__(self) -> str:
        return f"{self.row}: {self.call} {self.nth} ({self.on})"


@dataclass(frozen=True, slots=True)
class Trial:
    """A command as nobody disturbs it."""

    name: str
    beginning: str
    points: tuple[Point, ...]
    whole: State
    checked: tuple[str, str]
    """What `archive check` says before and after it: in between nobody is told of anything else that is wrong."""


def trial(stage: Stage, name: str) -> Trial:
    """Run a command twice undisturbed."""
    command, beginning = COMMANDS[name], prepared(stage, name)
    trace = stage.root / "traces" / name
    trace.parent.mkdir(exist_ok=True)
    stage.set(beginning)
    found = []
    before = _checked(stage)
    for strace in ((), ("-y", "-s", "0", "-o", str(trace), "-e", f"trace={CALLS}")):
        stage.set(beginning)
        done = stage.run(command.arguments, *strace, person=command.person)
        assert not done.code, f"{name}: {done.err}"
        found.append(_state(stage, name))
    return Trial(
        name, beginning, tuple(_points(trace.read_text(), str(stage.work))), common(*found), (before, _checked(stage))
    )


def _state(stage: Stage, name: str) -> State:
    return state(stage, publisher=COMMANDS[name].arguments[0] == "publisher")


def _points(trace: str, work: str) -> list[Point]:
    count: dict[str, int] = {}
    found: list[Point] = []
    for call, rest in calls(trace):
        count[call] = count.get(call, 0) + 1
        on = _worked_on(rest, work)
        changes = "O_CREAT" in rest or "O_TRUNC" in rest or call != "openat"
        if on and changes and ") = -1 " not in " ".join(rest.split()):
            found.append(Point(call, count[call], len(found) + 1, on))
    return found


def _worked_on(rest: str, work: str) -> str:
    """The paths in a call's arguments that lie in the working folder."""
    named = re.findall(r'"([^"]+)"|<([^>]+)>', re.sub(r"AT_FDCWD<[^>]*>", "", rest))
    paths = [one or other for one, other in named]
    here = [
        path.removeprefix(work).strip("/")
        for path in paths
        if path.startswith(work) or not re.match("/|socket:|pipe:|anon_inode:", path)
    ]
    return " → ".join(dict.fromkeys(here))


def tried(stage: Stage, trial: Trial, point: Point, what: str) -> list[str]:
    """What is not as it should be, when that was done to the command at this point and it was run again."""
    command = COMMANDS[trial.name]
    stage.set(trial.beginning)
    done = stage.run(command.arguments, *_injected(point, what), person=command.person)
    wrong = _killed(done) if what == KILL else _answered(done)
    if point.row % 2 and (said := _checked(stage)) not in trial.checked and said[0] != "0":
        wrong.append(f"archive check: {said[-600:]}")
    if done.code == 0 and not command.repeatable:
        stage.run(("archive", "list"))  # whichever command comes next opens the home whole
        return wrong + differences(trial.whole, _state(stage, trial.name))
    again = stage.run(command.arguments, person=command.person)
    if again.code and not (command.refuses and command.refuses in again.err):
        wrong.append(f"run again: {again.code} {again.err.strip()[-600:]}")
    return wrong + differences(trial.whole, _state(stage, trial.name))


def _injected(point: Point, what: str) -> tuple[str, ...]:
    lasting = "+" if what not in (KILL, "EIO") and point.call in _LASTING else ""
    how = f"signal={what}" if what == KILL else f"error={what}"
    return "-o", "/dev/null", "-e", f"trace={point.call}", "-e", f"inject={point.call}:{how}:when={point.nth}{lasting}"


def _killed(done: Done) -> list[str]:
    """It may come to its end before, where the number of calls rests on chance (is there a folder for this digest?)."""
    return [] if done.code in (0, 137) else [f"was not killed: {done.code} {done.err.strip()[-300:]}"]


def _answered(done: Done) -> list[str]:
    """A failing disk is survived, or said: a sentence with the path and what to do, and no traceback."""
    said = done.err.strip()
    if done.code == 0:
        return []
    if done.code != 1 or "Traceback" in said:
        return [f"ended with {done.code}: {said[-900:]}"]
    if len(said.splitlines()) != 1 or not _SENTENCE.match(said):
        return [f"said only: {said}"]
    return []


def _checked(stage: Stage) -> str:
    """What whoever reads first is told of the home."""
    if not (stage.work / "home/archive.toml").exists():
        return "no home"
    done = stage.run(("archive", "check"))
    return f"{done.code}: {done.err.strip()}"
