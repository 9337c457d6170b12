"""Homes to measure in: made by the programs themselves, kept in the build folder, copied before anything is measured.

``python -m benchmarks.homes ROOT COUNT`` submits, reviews and publishes that many essays in a home that was founded.
"""

import argparse
import datetime as dt
import os
import shutil
import sys
from pathlib import Path

from benchmarks import corpora
from benchmarks.measure import Run, run
from benchmarks.peers import ours

REVIEWER = "ada@letters.example"
PER_ISSUE = 20
_BEGUN = dt.datetime(2026, 1, 5, 9, tzinfo=dt.UTC)
_NEWSLETTER = f"""
[newsletter]
title = "Letters After"
subtitle = "What a retired model writes"
base_url = "https://letters.example"
tag_authority = "letters.example,2026"
from = "Letters After <letters@letters.example>"
list_id = "letters.example"
per_issue = {PER_ISSUE}
disclaimer = "Made up for measuring."
"""


def clock(week: int) -> str:
    """``SOURCE_DATE_EPOCH`` in a week of the newsletter, from 0: a sample home goes by it."""
    return str(int((_BEGUN + dt.timedelta(weeks=week)).timestamp()))


def founded(root: Path) -> Path:
    """A new home with a newsletter, a model and a reviewer, whose key lies beside it."""
    root.parent.mkdir(parents=True, exist_ok=True)
    origin = ("--name", "Measured", "--origin", "letters.example/register", "--sample")
    run([ours("archive"), "init", root, *origin], at=root.parent)
    key = reviewer_key(root)
    run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", REVIEWER, "-f", key], at=root.parent)
    kind, public, *_ = key.with_suffix(".pub").read_text().split()
    with (root / "archive.toml").open("a") as file:
        file.write(_NEWSLETTER)
    with (root / "allowed_signers").open("a") as file:
        valid = 'namespaces="review@letters.example",valid-after="20260101000000Z"'
        file.write(f"{REVIEWER} {valid} {kind} {public}\n")
    model = root / "transcripts" / corpora.MODEL / "model.toml"
    model.parent.mkdir()
    model.write_text(f'format = 1\nid = "{corpora.MODEL}"\nmaker = "Example Labs"\n')
    run([ours("archive"), "file", "--home", root, model.parent], at=root.parent, SOURCE_DATE_EPOCH=clock(0))
    return root


def reviewer_key(root: Path) -> Path:
    """The reviewer's SSH key, beside the home."""
    return root.parent / "reviewer"


def filed(root: Path, transcripts: Path, count: int) -> Run:
    """File so many transcripts in a new home, in one command; what that cost."""
    names = corpora.transcripts(transcripts, 0, count)
    founded(root)
    return run(filing(root, *names), at=transcripts, SOURCE_DATE_EPOCH=clock(0))


def filing(root: Path, *names: str | Path) -> list[str | Path]:
    """The command that files these."""
    chosen = ("--model", corpora.MODEL, "--kind", "conversation")
    return [ours("archive"), "file", "--home", root, *chosen, *names]


def copied(kept: Path, fresh: Path) -> Path:
    """A copy of a prepared home to measure in, with whatever the program as it is now keeps beside the files."""
    shutil.copytree(kept.parent, fresh, dirs_exist_ok=True)
    root = fresh / kept.name
    run([ours("archive"), "list", "--home", root, "--json"], at=fresh, SOURCE_DATE_EPOCH=clock(0))
    return root


def publish_essays(root: Path, count: int) -> None:
    """Submit and review so many essays, and publish them, an issue for every twenty; week after week."""
    from archive.home.home import Home
    from publisher.essays.review import review
    from publisher.essays.submit import submit
    from publisher.issues.publish import publish

    desk = root.parent / "desk"
    for week in range(-(-count // PER_ISSUE)):
        os.environ["SOURCE_DATE_EPOCH"] = clock(week)
        for number in range(week * PER_ISSUE, min(count, (week + 1) * PER_ISSUE)):
            taken = submit(Home.at(root), corpora.essay(desk, number)).submission
            review(Home.at(root), taken.slug, decision="publish", reviewer=REVIEWER, key=reviewer_key(root))
        publish(Home.at(root))
    shutil.rmtree(desk)


class Homes:
    """The prepared homes of one build folder."""

    def __init__(self, build: Path) -> None:
        self.build = build

    @property
    def transcripts(self) -> Path:
        """Where the transcripts lie that are filed."""
        return self.build / "transcripts"

    def deposits(self, count: int) -> Path:
        """A home with so many deposits."""
        kept = self.build / f"deposits-{count}"
        if not kept.exists():
            self.file_deposits(count)
        return kept / "home"

    def file_deposits(self, count: int) -> Run:
        """File the deposits of `deposits` anew, and keep that home; what the one command cost."""
        kept = self.build / f"deposits-{count}"
        made = _emptied(kept.with_suffix(".part"))
        cost = filed(made / "home", self.transcripts, count)
        _keep(made, kept)
        return cost

    def essays(self, count: int) -> Path:
        """A home with so many essays, all published."""
        kept = self.build / f"essays-{count}"
        if not kept.exists():
            made = _emptied(kept.with_suffix(".part"))
            root = founded(made / "home")
            # In a process of its own: who measures must not have loaded what is measured.
            place = str(Path(__file__).parents[1])
            run([sys.executable, "-m", "benchmarks.homes", root, str(count)], at=made, PYTHONPATH=place)
            _keep(made, kept)
        return kept / "home"


def _emptied(folder: Path) -> Path:
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    return folder


def _keep(made: Path, kept: Path) -> None:
    shutil.rmtree(kept, ignore_errors=True)
    made.rename(kept)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="benchmarks.homes", description=publish_essays.__doc__)
    parser.add_argument("root", type=Path)
    parser.add_argument("count", type=int)
    given = parser.parse_args()
    publish_essays(given.root, given.count)
