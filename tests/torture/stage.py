"""Where commands are tormented: a folder in memory where there is one, in it a home in which everything is filed.

Commands run in a folder whose path has spaces and other letters, name everything from there, and have a TMPDIR of their
own in it; so what two runs leave can be compared file by file, wherever they ran.
"""

import gc
import os
import shutil
import subprocess
import tempfile
from collections.abc import Sequence
from pathlib import Path

from tests.filed_home import make
from tests.programs import Programs, Reviewer
from tests.torture.process import Done, called, ended

ENVIRONMENT = {
    "ARCHIVE_HOME": "home",
    "TMPDIR": "tmp",
    "XDG_STATE_HOME": "/nonexistent",
    "SOURCE_DATE_EPOCH": "1796385600",  # 4 December 2026
    "COLUMNS": "80",
    "TERM": "dumb",
}

EDITOR = '#!/bin/sh\nsed -i \'s/expressed_trust = "not_recorded"/expressed_trust = "neutral"/\' "$1"\n'
"""Of the person who sits there: answers one question."""


def founded(root: Path) -> Reviewer:
    """Lay out a stage: ``template/`` is what each command's own beginning is made of. Who reviews in it."""
    key = root / "template" / "desk" / "id"
    key.parent.mkdir(parents=True)
    subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", key], check=True)
    reviewer = Reviewer("ada@example.org", key)
    done = called(lambda: make(root / "template" / "home", reviewer))  # apart: what it remembers is not ours
    assert not done.code, done.err
    shutil.rmtree(root / "template" / "home-desk")
    (root / "template" / "tmp").mkdir()
    editor = root / "editor"
    editor.write_text(EDITOR)
    editor.chmod(0o755)
    return reviewer


def warmed(root: Path) -> None:
    """Have made what is the same whatever the home: compiled templates, dialects of databases."""
    programs = Programs(environment={"ARCHIVE_HOME": str(root / "template" / "home")})
    for done in (programs.publisher("status"), programs.archive("check"), programs.archive("search", "you")):
        assert not done.exit_code, done.output
    gc.collect()
    gc.freeze()  # so that a child shares it


def place() -> Path:
    """A folder for all of it, in memory if that can be had."""
    memory = Path("/dev/shm")
    return Path(tempfile.mkdtemp(prefix="torture-", dir=memory if os.access(memory, os.W_OK) else None))


class Stage:
    """One worker's: lives as long as it."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.work = root / "works" / str(os.getpid()) / "work in Zürich"

    def set(self, beginning: str) -> None:
        """What lay there before the command."""
        shutil.rmtree(self.work, ignore_errors=True)
        self.work.parent.mkdir(parents=True, exist_ok=True)
        subprocess.run(["cp", "-a", self.root / beginning, self.work], check=True)

    def run(self, arguments: Sequence[str], *strace: str, person: bool = False) -> Done:
        """A command in the working folder."""
        environment = {**ENVIRONMENT, "EDITOR": str(self.root / "editor")} if person else ENVIRONMENT
        return ended(arguments, self.work, environment=environment, strace=strace, person=person)
