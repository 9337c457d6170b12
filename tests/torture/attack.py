"""The commands, and what must hold after each was killed at any point and run again."""

import json
import shutil
from collections.abc import Callable, Mapping
from pathlib import Path

from archive.home.home import Home
from tests.filed_home import HERON
from tests.torture.stage import CALLS, Stage

Arguments = tuple[object, ...]
NOTE = 'format = 1\ncoder = "ann"\ndate = 2026-11-30\n\n[[note]]\ninterview = 1\nturn = 2\ntext = "Again."\n'


def _refile(stage: Stage) -> Arguments:
    (stage.home / HERON / "notes/ann.toml").write_text(NOTE)
    return ("archive", "file", stage.home / HERON)


def _model(stage: Stage) -> Arguments:
    model = stage.home / "transcripts/example-heron-1/model.toml"
    model.write_text(model.read_text() + "\n# looked up again\n")
    return ("archive", "file", model.parent)


def _build(stage: Stage) -> Arguments:
    (stage.home / "site/index.html").unlink()
    return ("publisher", "build")


def _init(stage: Stage) -> Arguments:
    shutil.rmtree(stage.home)
    return ("archive", "init", stage.home, "--name", "Example", "--origin", "letters.example.org/register", "--sample")


def _import(stage: Stage) -> Arguments:
    bag = stage.folder / "bag"
    if not bag.exists():
        assert stage.run(("archive", "export", bag, "--as", "bagit")).returncode == 0
    shutil.rmtree(stage.home)
    return ("archive", "import", bag, stage.home)


def _talk(stage: Stage, *numbers: int) -> Arguments:
    return ("archive", "file", *(stage.desk / f"talk-{n}.txt" for n in numbers), "--model", "example-heron-1")


COMMANDS: Mapping[str, Callable[[Stage], Arguments]] = {
    "init": _init,
    "file": lambda stage: _talk(stage, 1),
    "batch": lambda stage: _talk(stage, 1, 2, 3),
    "refile": _refile,
    "model": _model,
    "submit": lambda stage: ("publisher", "submit", stage.desk / "essay.md"),
    "review": lambda stage: (
        *("publisher", "review", "neither-of-us-is-the-train", "--decision", "hold"),
        *("--reviewer", stage.reviewer.name, "--key", stage.reviewer.key),
    ),
    "skip": lambda stage: ("publisher", "skip", "2026-W49", "--reason", "holiday"),
    "build": _build,
    "reindex": lambda _: ("archive", "reindex"),
    "export": lambda stage: ("archive", "export", stage.folder / "out", "--as", "bagit"),
    "import": _import,
}


def points(stage: Stage, name: str) -> int:
    """How many disk-changing calls an undisturbed run makes."""
    stage.set()
    trace = stage.folder / "trace"
    done = stage.run(COMMANDS[name](stage), "-o", str(trace), "-e", f"trace={CALLS}")
    assert done.returncode == 0, done.stderr
    return sum("(" in line for line in trace.read_text().splitlines())


def tried(stage: Stage, name: str, k: int) -> list[str]:
    """What is not as after an undisturbed run, when the command was killed before its k-th call and run again."""
    whole = _undisturbed(stage, name)
    stage.set()
    arguments = COMMANDS[name](stage)
    stage.run(arguments, "-o", "/dev/null", "-e", f"trace={CALLS}", "-e", f"inject={CALLS}:signal=KILL:when={k}")
    again = stage.run(arguments)
    wrong = [] if again.returncode == 0 else [f"run again: {again.stderr.strip().splitlines()[-1:]}"]
    found = _state(stage)
    return wrong + [f"{what}: {_apart(whole[what], found[what])}" for what in whole if found[what] != whole[what]]


_WHOLE: dict[str, dict[str, object]] = {}


def _undisturbed(stage: Stage, name: str) -> dict[str, object]:
    if name not in _WHOLE:
        stage.set()
        assert stage.run(COMMANDS[name](stage)).returncode == 0
        _WHOLE[name] = _state(stage)
    return _WHOLE[name]


def _state(stage: Stage) -> dict[str, object]:
    """What must be the same: hashes are not, since nonces and seeds are random."""
    checked = stage.run(("archive", "check"))
    listed = stage.run(("archive", "list", "--json"))
    try:
        statements: object = [
            (s.kind, {k: v for k, v in s.predicate.items() if k != "time"}, sorted(s.subjects))
            for s in Home(stage.home).register.statements
        ]
    except Exception as error:
        statements = f"cannot be read: {error}"
    return {
        "check": (checked.returncode, checked.stderr),
        "list": json.loads(listed.stdout) if listed.returncode == 0 and listed.stdout else listed.stdout,
        "statements": json.dumps(statements, default=str),
        "files": sorted(_files(stage.home)),
        "copies in the store": sum(1 for _ in (stage.home / ".archive/store").glob("??/*")),
        "beside the home": sorted(_files(stage.folder / "out")) + sorted(p.name for p in stage.folder.glob(".*")),
        "TMPDIR": sorted(_files(stage.folder / "tmp")),
    }


def _files(folder: Path) -> list[str]:
    names = (p.relative_to(folder).as_posix() for p in folder.rglob("*"))
    return [n for n in names if not n.startswith((".archive/store/", ".archive/catalogue")) and not n.endswith("lock")]


def _apart(whole: object, found: object) -> str:
    if isinstance(whole, list) and isinstance(found, list):
        return f"lacks {[x for x in whole if x not in found][:4]}, has {[x for x in found if x not in whole][:4]}"
    return f"{str(found)[:300]!r}"
