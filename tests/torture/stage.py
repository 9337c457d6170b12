"""Where commands are tormented: a home in which everything has been filed, copied for each run; their own TMPDIR."""

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from tests.filed_home import ROOT, make
from tests.programs import Reviewer

CALLS = ",".join(
    (
        *("fsync", "fdatasync", "rename", "renameat", "renameat2", "link", "linkat", "unlink", "unlinkat"),
        *("mkdir", "mkdirat", "rmdir", "chmod", "fchmod", "ftruncate"),
    )
)
"""What changes a disk, but for opening and writing: those lead to one of these."""


class Stage:
    """Lives as long as the torture."""

    def __enter__(self) -> "Stage":
        self.folder = Path(tempfile.mkdtemp(prefix="torture-"))
        key = self.folder / "id"
        subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", key], check=True)
        self.reviewer = Reviewer("ada@example.org", key)
        self.template = make(self.folder / "template", self.reviewer).root
        self.desk = self.folder / "desk"
        self.desk.mkdir()
        for n in (1, 2, 3):
            (self.desk / f"talk-{n}.txt").write_text(f"User: What is {n}?\n\nAssistant: {n}.\n")
        (self.desk / "essay.md").write_text("They *pause*.\n")
        return self

    def __exit__(self, *_: object) -> None:
        shutil.rmtree(self.folder)

    @property
    def home(self) -> Path:
        """The copy that is tormented, always at the same place."""
        return self.folder / "home"

    def set(self) -> None:
        """A home as it was before the command, and an empty TMPDIR."""
        for name in ("home", "out", "tmp"):
            shutil.rmtree(self.folder / name, ignore_errors=True)
        for left in self.folder.glob(".*"):
            shutil.rmtree(left) if left.is_dir() else left.unlink()
        (self.folder / "tmp").mkdir()
        shutil.copytree(self.template, self.home)

    def run(self, arguments: Sequence[object], *strace: str) -> "subprocess.CompletedProcess[str]":
        """`archive` or `publisher`, in a process of its own, under strace where that is given options."""
        program, *rest = map(str, arguments)
        command = [sys.executable, "-c", f"from {program}.cli.commands import main; main()", *rest]
        traced = ["strace", "-qq", *strace, *command] if strace else command
        environment = {
            **os.environ,
            "ARCHIVE_HOME": str(self.home),
            "TMPDIR": str(self.folder / "tmp"),
            "SOURCE_DATE_EPOCH": "1796385600",  # 4 December 2026
            "PYTHONPATH": str(ROOT),
            "PYTHONDONTWRITEBYTECODE": "1",
        }
        return subprocess.run(traced, capture_output=True, text=True, env=environment, cwd=self.folder, check=False)
