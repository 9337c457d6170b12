"""Homes to measure in: made by the programs themselves, kept in the build folder, never changed there."""

import contextlib
import os
import shutil
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from benchmarks import corpora, newsletter
from benchmarks.measure import Command, Run, run
from benchmarks.peers import ours

_INTERVIEWS = 20
_NEVER_CHANGED = ("transcripts/", "essays/", ".archive/store/", ".archive/issues/", "site/essays/", "site/issues/")
"""Where the programs put files in place of others and never write into one."""


def founded(root: Path) -> Path:
    """A new home with a newsletter, models and a reviewer, whose key lies beside it."""
    root.parent.mkdir(parents=True, exist_ok=True)
    origin = ("--name", "Measured", "--origin", "letters.example/register", "--sample")
    run([ours("archive"), "init", root, *origin], at=root.parent)
    key = newsletter.reviewer_key(root)
    run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", newsletter.REVIEWER, "-f", key], at=root.parent)
    kind, public, *_ = key.with_suffix(".pub").read_text().split()
    with (root / "archive.toml").open("a") as file:
        file.write(newsletter.TOML)
    with (root / "allowed_signers").open("a") as file:
        valid = 'namespaces="review@letters.example",valid-after="20260101000000Z"'
        file.write(f"{newsletter.REVIEWER} {valid} {kind} {public}\n")
    folders = [root / "transcripts" / model for model in corpora.MODELS]
    for folder in folders:
        folder.mkdir()
        (folder / "model.toml").write_text(f'format = 1\nid = "{folder.name}"\nmaker = "Example Labs"\n')
    archive(root, "file", *folders)
    return root


def archive(root: Path, command: str, *words: str | Path, at: Path | None = None) -> Run:
    """A command of the archive in a home, in its first week."""
    return run(archiving(root, command, *words), at=at or root.parent, SOURCE_DATE_EPOCH=newsletter.clock(0))


def archiving(root: Path, command: str, *words: str | Path) -> list[str | Path]:
    """What is typed for that."""
    return [ours("archive"), command, "--home", root, *words]


def filing(root: Path, *names: str | Path) -> list[str | Path]:
    """What files transcripts."""
    return archiving(root, "file", "--model", corpora.MODEL, "--kind", "conversation", *names)


class Homes:
    """The prepared homes of one build folder, and what they were made of."""

    def __init__(self, build: Path) -> None:
        self.build = build
        self._current: set[Path] = set()
        build.mkdir(parents=True, exist_ok=True)

    @contextlib.contextmanager
    def scratch(self) -> Iterator[Path]:
        """A folder to measure in, on the disk that the prepared homes are on."""
        with tempfile.TemporaryDirectory(prefix="bench-", dir=self.build, ignore_cleanup_errors=True) as folder:
            yield Path(folder)

    def transcripts(self, count: int) -> tuple[Path, list[str]]:
        """A folder with so many, and their names."""
        folder = self.build / f"transcripts-{count}"
        return folder, corpora.transcripts(folder, 0, count)

    def table(self, count: int) -> Path:
        """Their turns as rows."""
        path = self.build / f"turns-{count}.ndjson"
        return path if path.exists() else corpora.table(path, count)

    def deposits(self, count: int) -> Path:
        """A home with so many deposits, and twenty interviews more by a protocol; the catalogue is current."""
        kept = self.build / f"deposits-{count}" / "home"
        if not kept.exists():
            with self.scratch() as folder:
                transcripts, names = self.transcripts(count)
                root = founded(folder / "home")
                run(filing(root, *names), at=transcripts, SOURCE_DATE_EPOCH=newsletter.clock(0))
                self.keep_deposits(root, count)
        if kept not in self._current:
            archive(kept, "list", "--json")
            self._current.add(kept)
        return kept

    def keep_deposits(self, root: Path, count: int) -> None:
        """Keep a home into which so many transcripts were filed, if there is none yet."""
        if (kept := self.build / f"deposits-{count}").exists():
            return
        interviews = root.parent / "interviews"
        names = corpora.interviews(interviews, _INTERVIEWS)
        protocol = root / "transcripts" / "protocols" / "asked" / "1.toml"
        protocol.parent.mkdir(parents=True)
        protocol.write_text(corpora.PROTOCOL_TOML)
        archive(root, "file", protocol)
        followed = ("--model", corpora.MODEL, "--kind", "retirement_interview", "--protocol", corpora.PROTOCOL)
        archive(root, "file", *followed, *names, at=interviews)
        _keep(root.parent, kept)

    def essays(self, count: int) -> Path:
        """A home with so many essays, all published, and a site as the program makes it now."""
        kept = self.build / f"essays-{count}"
        if not kept.exists():
            # Half an hour for ten thousand: what was stopped goes on where it was.
            begun = kept.with_suffix(".part")
            if not (begun / "home" / "site" / "issues").exists():
                shutil.rmtree(begun, ignore_errors=True)
                founded(begun / "home")
            # In a process of its own: who measures must not have loaded what is measured.
            place = str(Path(__file__).parents[1])
            publishing: Command = [sys.executable, "-m", "benchmarks.newsletter", begun / "home", str(count)]
            run(publishing, at=begun, PYTHONPATH=place)
            begun.rename(kept)
        if kept not in self._current:
            publisher(kept / "home", "publish", "--site", week=newsletter.weeks(count))
            self._current.add(kept)
        return kept / "home"


def publisher(root: Path, command: str, *words: str | Path, week: int) -> Run:
    """A command of the publisher in a home, in a week."""
    return run([ours("publisher"), command, "--home", root, *words], at=root, SOURCE_DATE_EPOCH=newsletter.clock(week))


def linked(kept: Path, fresh: Path) -> Path:
    """A copy of a prepared home that may be changed: what is only ever replaced is one file with that of `kept`."""

    def link(source: str, target: str) -> None:
        changes = not Path(source).relative_to(kept.parent).as_posix().removeprefix("home/").startswith(_NEVER_CHANGED)
        shutil.copy2(source, target) if changes else os.link(source, target)

    shutil.copytree(kept.parent, fresh, dirs_exist_ok=True, copy_function=link)
    return fresh / kept.name


def _keep(made: Path, kept: Path) -> None:
    beside = kept.with_suffix(".part")
    shutil.rmtree(beside, ignore_errors=True)
    beside.mkdir()
    for each in made.iterdir():
        each.rename(beside / each.name)
    beside.rename(kept)
