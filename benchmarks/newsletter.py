"""A newsletter of many essays: ``python -m benchmarks.newsletter ROOT COUNT`` publishes them in a home, week by week.

`publisher publish` makes each issue. What would take hours, a command and two runs of ssh-keygen for each essay that is
submitted and reviewed, is done for the essays of a week at once, of the parts that those commands are made of: the same
statements in the same order, files and signatures; only the checkpoints in between are missing. Whether it came out
right `publisher verify SITE` says, which is one of the benches.
"""

import argparse
import datetime as dt
import os
import shutil
import subprocess
import tempfile
from collections.abc import Sequence
from pathlib import Path

from archive.home import intake, setup
from archive.home.change import Change
from archive.home.home import Home
from archive.home.store import Content
from archive.register import sshsig, statement, sums
from benchmarks import corpora
from publisher.issues.publish import publish

REVIEWER = "ada@letters.example"
PER_ISSUE = 25
"""Of this corpus a few more fit into a mail."""
TOML = f"""
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
"""For ``archive.toml``."""
_BEGUN = dt.datetime(2026, 1, 5, 9, tzinfo=dt.UTC)


def time(week: int) -> dt.datetime:
    """When the issue of a week goes out; the first is 0."""
    return _BEGUN + dt.timedelta(weeks=week)


def name(week: int) -> str:
    """``2026-W02``"""
    return f"{time(week):%G-W%V}"


def clock(week: int) -> str:
    """``SOURCE_DATE_EPOCH`` in a week of the newsletter: a sample home goes by it."""
    return str(int(time(week).timestamp()))


def weeks(count: int) -> int:
    """How many issues so many essays are."""
    return -(-count // PER_ISSUE)


def reviewer_key(root: Path) -> Path:
    """The reviewer's SSH key, beside the home."""
    return root.parent / "reviewer"


def publish_essays(root: Path, count: int) -> None:
    """Submit and review so many essays, and publish them; goes on where it was stopped."""
    desk = root.parent / "desk"
    begun = len(list((root / "site" / "issues").glob("*")))
    for week in range(begun, weeks(count)):
        os.environ["SOURCE_DATE_EPOCH"] = clock(week)
        shutil.rmtree(desk, ignore_errors=True)
        numbers = range(week * PER_ISSUE, min(count, (week + 1) * PER_ISSUE))
        filed = submit(Home.at(root), [corpora.essay(desk, number) for number in numbers])
        review(Home.at(root), filed)
        publish(Home.at(root))
    shutil.rmtree(desk, ignore_errors=True)


def submit(home: Home, essays: Sequence[Path]) -> dict[str, str]:
    """What `publisher submit` does to each of these folders; accession → where it lies now, in the home.

    They come in together or not at all: if the first is there, so are the others.
    """
    folders = [f"essays/{home.now():%Y-%m-%d}-{essay.name}" for essay in essays]
    there = [home.accession(home.root / folder) for folder in folders]
    if there[0]:
        return {each.number: folder for each, folder in zip(there, folders, strict=True) if each}
    with home.writing() as writer:
        now = writer.now()
        leaves: list[bytes] = []
        files: dict[str, Content] = {}
        filed: dict[str, str] = {}
        for ahead, (essay, folder) in enumerate(zip(essays, folders, strict=True)):
            text, record = (essay / "essay.md").read_bytes(), (essay / "essay.toml").read_bytes()
            taken = intake.make({"essay.md": text}, {})
            accession = writer.home.lives.next("essay", now.year, ahead)
            leaves.append(statement.intake(accession, taken.sums, taken.digest, kind="essay", time=now).encode())
            filed[accession] = folder
            files |= taken.placed(folder, writer.home.store)
            files[f"{folder}/essay.toml"] = record
        writer.commit(Change(leaves=leaves, files=files))
    return filed


def review(home: Home, filed: dict[str, str]) -> None:
    """What `publisher review --decision publish` does to each; nothing where that was done."""
    if all((home.root / folder / "reviews" / "1.json").exists() for folder in filed.values()):
        return
    key, namespace = reviewer_key(home.root), home.configuration.review.namespace
    with home.writing() as writer:
        listed = setup.reviewers(writer.home, writer.now())
        reviewer = sshsig.key_fingerprint(key)
        leaves = [_approval(writer.home, accession, folder, reviewer) for accession, folder in filed.items()]
        files: dict[str, bytes] = {}
        for folder, leaf, signature in zip(filed.values(), leaves, _signed(leaves, key, namespace), strict=True):
            files |= {f"{folder}/reviews/1.json": leaf, f"{folder}/reviews/1.json.sig": signature}
        writer.commit(Change(leaves=[*listed.leaves, *leaves], files={**listed.files, **files}))


def _approval(home: Home, accession: str, folder: str, reviewer: str) -> bytes:
    digest = {name: sums.digest((home.root / folder / name).read_bytes()) for name in ("essay.md", "essay.toml")}
    return statement.review(
        accession,
        sums.digest((home.root / folder / "intake.sums").read_bytes()),
        digest,
        decision="publish",
        intake_index=home.lives[accession].intakes[0].index,
        reviewer=reviewer,
        criteria=[criterion.id for criterion in home.configuration.review.criteria],
        time=home.now(),
    ).encode()


def _signed(leaves: Sequence[bytes], key: Path, namespace: str) -> list[bytes]:
    """Their signatures, by one run of ssh-keygen."""
    with tempfile.TemporaryDirectory() as folder:
        names = [f"{number}.json" for number in range(len(leaves))]
        for name, leaf in zip(names, leaves, strict=True):
            (Path(folder) / name).write_bytes(leaf)
        command = ["ssh-keygen", "-q", "-Y", "sign", "-f", str(key), "-n", namespace, *names]
        subprocess.run(command, cwd=folder, check=True, capture_output=True)
        return [(Path(folder) / f"{name}.sig").read_bytes() for name in names]


if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="benchmarks.newsletter", description=publish_essays.__doc__)
    parser.add_argument("root", type=Path)
    parser.add_argument("count", type=int)
    given = parser.parse_args()
    publish_essays(given.root, given.count)
