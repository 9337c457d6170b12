"""A year of a newsletter, for what is tested on a whole site: every kind of page is in it, and every record behind one.

Sixty essays (tests/year_essays.py) in fifty-one issues, two weeks explained, texts withheld, held, waiting and taken
down, notes by the editors, two reviewers; three models and their interviews (tests/year_records.py), public,
embargoed, restricted and redacted. Made by the functions that the commands call, once for all workers of a run.
"""

import datetime as dt
import fcntl
import re
import shutil
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path

import pytest

from archive.deposits.batch import file_paths
from archive.deposits.draft import Options
from archive.deposits.redact import redact
from archive.deposits.release import release
from archive.home.accession import DecisionName
from archive.home.founding import create
from archive.home.home import Home
from publisher.essays.editors import note
from publisher.essays.review import review
from publisher.essays.submit import submit
from publisher.issues.build import publish_site
from publisher.issues.publish import publish
from publisher.issues.skip import skip
from publisher.issues.withdraw import withdraw
from publisher.week import Week
from tests import year_records
from tests.year_essays import COUNT, HARD, Essay, essay

BEGUN = dt.datetime(2025, 11, 28, 9, tzinfo=dt.UTC)
"""The first Friday, 2025-W48."""
WEEKS = 53
SKIPPED = {5: "holiday", 30: "The machine that samples was moved, and nobody wanted to send what was left over."}
REVIEWERS = ("ada@letters.example", "ben@letters.example")


class Year:
    """The home and its site."""

    def __init__(self, root: Path) -> None:
        self.root = root

    @property
    def home(self) -> Home:
        return Home.at(self.root)

    @property
    def site(self) -> Path:
        return self.root / "site"

    @cached_property
    def files(self) -> tuple[str, ...]:
        """Every path of the site, sorted."""
        return tuple(sorted(p.relative_to(self.site).as_posix() for p in self.site.rglob("*") if p.is_file()))

    @cached_property
    def pages(self) -> dict[str, str]:
        """Every page by its path, as text: all of HTML but the bodies of essays, which are frozen by themselves."""
        html = [path for path in self.files if path.endswith(".html") and not path.endswith("/article.html")]
        return {path: (self.site / path).read_text() for path in html}

    @cached_property
    def essays(self) -> tuple[str, ...]:
        """The page of every essay that is out."""
        return tuple(path.replace("words.txt", "index.html") for path in self.files if path.endswith("/words.txt"))

    @cached_property
    def kinds(self) -> dict[str, list[str]]:
        """Pages that one template makes of things of one kind, the longest first."""
        found: dict[str, list[str]] = {}
        for path in sorted(self.pages, key=lambda path: -len(self.pages[path])):
            found.setdefault(_kind(path, self.pages[path]), []).append(path)
        return found

    @cached_property
    def few(self) -> tuple[str, ...]:
        """Of every kind the longest, the shortest, and whatever is hard to show."""
        hard = {text.slug for number in range(1, COUNT + 1) if number in HARD for text in [essay(number)]}
        return tuple(
            path
            for paths in self.kinds.values()
            for path in paths
            if path in (*paths[:2], paths[-1]) or hard & set(path.split("/"))
        )


def _kind(path: str, page: str) -> str:
    """``essays/*/index.html``."""
    folder, *rest = path.split("/")
    if len(rest) < 2 or folder == "verify":
        return path
    gone = folder == "essays" and "/as-received/" not in path and "data-sha256" not in page
    silent = folder == "issues" and "issue.eml" not in page
    return re.sub(r"\d+", "N", "/".join([folder, "*", *rest[1:]])) + " (gone)" * gone + " (no issue)" * silent


def shared(base: Path) -> Year:
    """The one of this run, made by the worker that asks first. `base` is the folder that all workers have."""
    with (base / "year.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (base / "year").exists():
            made = make(base / "year.part")
            made.rename(base / "year")
        return Year(base / "year" / "home")


def make(folder: Path) -> Path:
    """Found the home, file, and publish week after week; `folder`, in which the home, the keys and the desk lie."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    with _calendar() as go_to:
        editor = _Editor(folder, go_to)
        editor.found()
        editor.file()
        for week in range(WEEKS):
            editor.week(week)
        editor.end()
    return folder


class _Editor:
    """Who does it all."""

    def __init__(self, folder: Path, go_to: Callable[[dt.datetime], None]) -> None:
        self.folder, self.root, self.go_to = folder, folder / "home", go_to
        self.number = 0

    @property
    def home(self) -> Home:
        return Home.at(self.root)

    def found(self) -> None:
        self.go_to(BEGUN - dt.timedelta(days=12))
        create(self.root, name="Year", origin="sample.example/register", sample=True)
        (self.root / "archive.toml").write_text(year_records.configuration())
        with (self.root / "allowed_signers").open("a") as file:
            for name in REVIEWERS:
                key = self._key(name)
                subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", name, "-f", key], check=True)
                kind, public, *_ = key.with_suffix(".pub").read_text().split()
                options = 'namespaces="review@letters.example",valid-after="20251101000000Z"'
                file.write(f"{name} {options} {kind} {public}\n")

    def _key(self, name: str) -> Path:
        return self.folder / name.split("@")[0]

    def file(self) -> None:
        self.go_to(BEGUN - dt.timedelta(days=8))
        kept = self.root / "transcripts"
        year_records.sample(kept)
        self._file(kept / "protocols/example-retirement")
        self._file(*sorted(kept.glob("example-*/2025-*")))
        for path, data in year_records.files().items():
            (self.root / path).parent.mkdir(parents=True, exist_ok=True)
            (self.root / path).write_bytes(data)
        self._file(kept / "codebooks/themes")
        filed = {path.parent for path in kept.glob("*/*/intake.sums")}
        self._file(*sorted({path.parent for path in kept.glob("*/*/deposit.toml")} - filed))
        self._file(*sorted(path.parent for path in kept.glob("*/model.toml")))
        named = self.home.accession(next(kept.glob("*/*-named")))
        assert named
        redact(self.home, [named.number], [year_records.NAME], reason="personal-name", by="Ada")
        release(self.home, [named.number])

    def _file(self, *paths: Path) -> None:
        done = file_paths(self.home, paths, Options())
        assert not done.problems, "\n".join(map(str, done.problems))

    def week(self, week: int) -> None:
        """What happens in a week of the year, from 0."""
        self.go_to(BEGUN + dt.timedelta(weeks=week))
        if reason := SKIPPED.get(week):
            skip(self.home, [Week.of(BEGUN + dt.timedelta(weeks=week))], reason)
            return
        for _ in range(2 if week % 6 == 1 else 1):
            self.number += 1
            self._decide(essay(self.number), "publish", *REVIEWERS[: 2 if self.number % 3 == 0 else 1])
        if week == 20:
            withdraw(self.home, essay(11).slug, "model-request")
            note(
                self.home,
                "a-table",
                "It is two tables.\n\nThe second is code.",
                kind="note",
                by="The editors",
                place="before",
            )
        if week == 40:
            reason = "A person who is named in it asked us.\n\nWe are sorry."
            withdraw(self.home, essay(20).slug, "other", reason)
            note(self.home, "on-forms-22", "The bridge was built in 1890.", kind="erratum", by="Ada", place="after")
            self._decide(essay(COUNT + 1), "withhold", REVIEWERS[0])
        publish(self.home)

    def _decide(self, text: Essay, decision: DecisionName, *reviewers: str) -> None:
        """Submit an essay, and have it reviewed."""
        desk = self.folder / "desk" / text.slug
        desk.mkdir(parents=True)
        (desk / "essay.md").write_text(text.text)
        (desk / "essay.toml").write_text(text.record)
        taken = submit(self.home, desk).submission
        criteria = ["danger"] if decision == "withhold" else []
        for name in reviewers:
            how = {"reviewer": name, "key": self._key(name), "criteria": criteria}
            review(self.home, taken.accession, decision=decision, **how)

    def end(self) -> None:
        """What waits when the year is over, and the site as it is then."""
        self._decide(essay(COUNT + 2), "withhold", *REVIEWERS)
        self._decide(essay(COUNT + 3), "hold", REVIEWERS[1])
        self._decide(essay(COUNT + 4), "publish", REVIEWERS[1])
        self._decide(essay(COUNT + 5), "hold")
        publish_site(self.home)


@contextmanager
def _calendar() -> Iterator[Callable[[dt.datetime], None]]:
    """Sets the clock that a sample home goes by."""
    with pytest.MonkeyPatch.context() as patch:
        yield lambda time: patch.setenv("SOURCE_DATE_EPOCH", str(int(time.timestamp())))
