"""A submission: an essay in the home, from the moment it was logged; what was received, decided, and is wrong."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from archive.errors import NotFound, Problem, VerificationError
from archive.home import dated
from archive.home.accession import Logged, State, decided
from archive.home.configuration import ReviewRules
from archive.home.home import Home
from archive.records.sidecar import read as read_sidecar
from archive.register import sums
from archive.register.statement import Statement
from publisher.essays import signature
from publisher.essays.essay import EssayRecord, Review

_NUMBERED = re.compile(r"(\d+)\.json")


@dataclass(frozen=True)
class Submission:
    """An essay's folder as it is now, and what the register holds about it."""

    folder: Path
    accession: str
    intake: Logged
    reviews: tuple[Review, ...]
    """Signed and logged, in register order."""
    week: str | None
    """The week it was published in."""

    @property
    def slug(self) -> str:
        return slug_of(self.folder.name)

    @property
    def name(self) -> str:
        """For messages: ``E2026-0007 on-commas``."""
        return f"{self.accession} {self.slug}"

    @cached_property
    def text(self) -> bytes:
        return (self.folder / "essay.md").read_bytes()

    @cached_property
    def record_bytes(self) -> bytes:
        try:
            return (self.folder / "essay.toml").read_bytes()
        except FileNotFoundError:
            return b""

    @cached_property
    def record(self) -> EssayRecord | list[Problem]:
        """``essay.toml``, or everything that is missing or wrong in it."""
        place = f"essays/{self.folder.name}/essay.toml"
        if not self.record_bytes:
            return [Problem(place, "is missing", "say there how the text was made; essays/README.md has every key")]
        return read_sidecar(self.record_bytes, place, EssayRecord)

    @cached_property
    def sums(self) -> dict[str, str]:
        """``intake.sums`` as path → SHA-256."""
        return sums.parse((self.folder / "intake.sums").read_bytes(), f"essays/{self.folder.name}/intake.sums")

    def standing(self) -> list[Review]:
        """Each reviewer's last review, but for those that a later change of ``essay.toml`` made void."""
        return [review for review in self._last() if not self._is_void(review)]

    def void(self) -> list[Review]:
        """Each reviewer's last review where what it approved is no longer what lies here."""
        return [review for review in self._last() if self._is_void(review)]

    def _last(self) -> list[Review]:
        return list({review.reviewer: review for review in self.reviews}.values())

    def _is_void(self, review: Review) -> bool:
        subjects = Statement.decode(review.leaf).subjects
        approved = [subjects.get(f"{self.accession}/{name}") for name in ("essay.md", "essay.toml")]
        return review.decision == "publish" and approved != [sums.digest(self.text), sums.digest(self.record_bytes)]

    def state(self, rules: ReviewRules) -> State:
        if self.week:
            return "published"
        return decided([review.decision for review in self.standing()], rules.two_reviewers_for)

    def changed(self) -> list[Problem]:
        """Everything received that is not as it was logged at intake."""
        found = []
        lists = {"intake.sums": self.sums}
        if "private.sums" in self.sums and (self.folder / "private.sums").exists():
            lists["private.sums"] = sums.parse((self.folder / "private.sums").read_bytes(), "private.sums")
        for listed in lists.values():
            for name, expected in listed.items():
                place = f"essays/{self.folder.name}/{name}"
                restore = f"bring back the bytes that were logged: .archive/store/{expected[:2]}/{expected[2:]}"
                try:
                    actual = sums.digest((self.folder / name).read_bytes())
                except FileNotFoundError:
                    found.append(Problem(place, "was logged at intake and is missing", restore))
                    continue
                if actual != expected:
                    what = f"was changed after intake: expected SHA-256 {expected}, found {actual}"
                    found.append(Problem(place, what, restore))
        return found


def slug_of(folder: str) -> str:
    """``2026-11-20-on-commas`` → ``on-commas``"""
    return dated.parse(folder).slug


def read_all(home: Home) -> list[Submission]:
    """Every essay that was logged, in the order of intake."""
    weeks = published_weeks(home.register.statements)
    submissions = []
    for folder in sorted(path.parent for path in (home.root / "essays").glob("*/intake.sums")):
        accession = home.accession(folder)
        if accession is None:
            raise VerificationError(
                f"essays/{folder.name}/intake.sums is not in the register: it was changed by hand; "
                "bring it back from .archive/store, or take the folder out and submit it anew"
            )
        reviews = tuple(read_reviews(home, folder, accession.number))
        intake = Logged(accession.index, accession.time)
        submissions.append(Submission(folder, accession.number, intake, reviews, weeks.get(accession.number)))
    return sorted(submissions, key=lambda submission: submission.intake.index)


def find(home: Home, name: str) -> Submission:
    """By slug, accession, or folder. Raises `NotFound`, naming what there is."""
    submissions = read_all(home)
    wanted = slug_of(Path(name).name)
    for submission in submissions:
        if wanted in (submission.slug, submission.accession):
            return submission
    known = ", ".join(submission.slug for submission in submissions) or "none yet"
    raise NotFound(f"{name}: expected the slug or accession of a submitted essay, found none; there are: {known}")


def published_weeks(statements: Sequence[Statement]) -> dict[str, str]:
    """Accession → week of every published essay."""
    return {e: s.predicate["week"] for s in statements if s.kind == "issue" for e in s.predicate["essays"]}


def read_reviews(home: Home, folder: Path, accession: str) -> list[Review]:
    """The reviews of a folder that stand in the register, in its order. Unsigned ones are not there."""
    positions = {leaf: index for index, leaf in enumerate(home.register.leaves)}
    files = {path.name: path.read_bytes() for path in (folder / "reviews").glob("*.json*")}
    reviews = parse_reviews(files, positions, home.signers.names)
    logged = home.lives[accession].decisions
    if len(logged) != len(reviews):
        raise VerificationError(
            f"essays/{folder.name}/reviews: expected the {len(logged)} reviews that were logged, found {len(reviews)}; "
            "bring the missing or changed ones back from .archive/store"
        )
    return reviews


def parse_reviews(files: Mapping[str, bytes], positions: Mapping[bytes, int], names: Mapping[str, str]) -> list[Review]:
    """Reviews among ``N.json`` and ``N.json.sig``, whose leaf has a position in the register, by that position."""
    reviews = []
    for name, leaf in files.items():
        form = _NUMBERED.fullmatch(name)
        signed = files.get(f"{name}.sig")
        if form and signed is not None and leaf in positions:
            statement = Statement.decode(leaf)
            reviews.append(
                Review(
                    number=int(form[1]),
                    decision=statement.predicate["decision"],
                    criteria=tuple(statement.predicate["criteria"]),
                    reviewer=statement.predicate["reviewer"],
                    name=names.get(statement.predicate["reviewer"], "a key no longer listed"),
                    time=statement.time,
                    index=positions[leaf],
                    leaf=leaf,
                    signature=signed,
                )
            )
    return sorted(reviews, key=lambda review: review.index)


def signature_problems(submission: Submission, reviews: Sequence[Review], allowed: bytes) -> list[Problem]:
    """Reviews whose signature does not hold: a changed file, or a key that was not listed or not valid then."""
    found = []
    for review in reviews:
        place = f"essays/{submission.folder.name}/reviews/{review.number}.json.sig"
        try:
            signature.check(review.leaf, review.signature, allowed)
        except VerificationError as error:
            remedy = "list the key in allowed_signers with the time it was valid, or have the essay reviewed again"
            found.append(Problem(place, str(error), remedy))
    return found


def essay_folders(root: Path) -> dict[str, Path]:
    """Slug → folder of every folder in ``essays/``, filed or not."""
    return {slug_of(path.name): path for path in sorted((root / "essays").iterdir()) if path.is_dir()}
