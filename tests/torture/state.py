"""What a command left, told so that two runs can be compared: all but nonces, and what is made of them."""

import json
import os
import pickle
import stat
from collections.abc import Mapping
from pathlib import Path

from archive.home.home import Home
from archive.register import sums
from tests.programs import Programs
from tests.torture.process import called
from tests.torture.stage import ENVIRONMENT, Stage

State = Mapping[str, Mapping[str, object]]
"""Part → what it is called → what it is; a list of what may be there where undisturbed runs differ."""

_COUNTED = "home/.archive/store/"
_PASSED = (
    "lock",
    "/.archive/catalogue.db",
    "/.archive/register/index.db",
    "/.archive/copies.kept",
    "/.archive/store.db",
)
"""Of these the content, or their being there at all, says nothing."""


def state(stage: Stage, *, publisher: bool) -> State:
    """Files before anything else opens the home, then what each command that reads says."""
    handle = os.memfd_create("state")

    def tell() -> None:
        os.chdir(stage.work)
        os.environ.update(ENVIRONMENT)
        found = {"files": _files(Path())}
        if Path("home/archive.toml").exists():
            found |= {"says": _said(publisher=publisher), "register": _register()}
        with open(handle, "wb", closefd=False) as file:
            pickle.dump(found, file)

    done = called(tell)
    with open(handle, "rb") as file:
        file.seek(0)
        data = file.read()
    return pickle.loads(data) if not done.code else {"judged": {"": done.err}}  # type: ignore[no-any-return]


def _files(root: Path) -> dict[str, object]:
    """Mode and digest of each file; how many copies are in the store, whose names are digests."""
    found: dict[str, object] = {}
    copies = 0
    for folder, names in ((Path(top).as_posix(), names) for top, _, names in os.walk(root)):
        for name in names:
            path = Path(folder, name)
            said = path.as_posix()
            if said.startswith(_COUNTED) and not name.startswith("."):
                copies += 1
            elif not any(passed in f"/{said}" for passed in _PASSED) or name.endswith((".new", "-journal", "-wal")):
                mode = path.lstat().st_mode
                content = sums.digest(path.read_bytes()) if stat.S_ISREG(mode) else "no file"
                found[said] = (oct(mode), content)
        if not folder.startswith(_COUNTED.rstrip("/")):
            found[f"{folder}/"] = oct(os.lstat(folder).st_mode)
    found["copies in the store"] = copies
    return found


def _said(*, publisher: bool) -> dict[str, object]:
    """Status and words of the commands that read: nothing is damaged, everything is found."""
    programs = Programs()
    checked = programs.archive("check")
    said: dict[str, object] = {"archive check": (checked.exit_code, checked.stderr)}
    for arguments in (("list",), ("search", "you OR is OR they")):
        done = programs.archive(*arguments, "--json")
        said[f"archive {arguments[0]}"] = (done.exit_code, done.stdout, done.stderr)
    if publisher:
        status = programs.publisher("status", "--json")
        said["publisher status"] = (status.exit_code, status.stdout, status.stderr)
    return said


def _register() -> dict[str, object]:
    """Each statement, but for digests that nonces are in."""
    statements = Home.at(Path("home")).register.statements
    return {
        str(n): json.dumps([s.kind, {k: v for k, v in s.predicate.items() if k != "site"}, sorted(s.subjects)])
        for n, s in enumerate(statements)
    }


def common(one: State, two: State) -> State:
    """What two undisturbed runs have in common; where they differ, what a third may have is not asked."""
    for part in one.keys() | two.keys():
        apart = one.get(part, {}).keys() ^ two.get(part, {}).keys()
        assert not apart, f"two undisturbed runs differ: {part} {sorted(apart)}"
    return {
        part: {name: was if was == two[part][name] else _either(was, two[part][name]) for name, was in found.items()}
        for part, found in one.items()
    }


def _either(one: object, two: object) -> object:
    """Of a file, its mode at least."""
    mode = one[0] if isinstance(one, tuple) else None
    assert mode and isinstance(two, tuple) and mode == two[0], f"two undisturbed runs differ: {one} {two}"  # noqa: PT018
    return mode


def differences(whole: State, found: State) -> list[str]:
    """What is not as it should be."""
    wrong = []
    for part in whole.keys() | found.keys():
        should, is_ = whole.get(part, {}), found.get(part, {})
        wrong += [f"{part}: lacks {name}" for name in should.keys() - is_.keys()]
        wrong += [f"{part}: has {name} {is_[name]}" for name in is_.keys() - should.keys()]
        for name in should.keys() & is_.keys():
            there = is_[name]
            kept = there[0] if isinstance(there, tuple) and not isinstance(should[name], tuple) else there
            if should[name] is not None and kept != should[name]:
                wrong.append(f"{part}: {name} is {str(there)[:400]}")
    return sorted(wrong)
