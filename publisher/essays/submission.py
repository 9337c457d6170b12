"""A submission: an essay in the home, from the moment it was logged; what was received, decided, and is wrong."""

import os
import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from archive.errors import Error, NotFound, Problem, VerificationError
from archive.home import dated
from archive.home.accession import Decision, Life, Logged, State, texts
from archive.home.configuration import ReviewRules
from archive.home.home import Home
from archive.home.store import digest_of, name_of
from archive.records.sidecar import read as read_sidecar
from archive.register import sums
from archive.register.statement import SAMPLING
from publisher.essays import sampling, signature
from publisher.essays.essay import EssayRecord, Review
from publisher.essays.registered import Registered
from publisher.essays.sampling import Sampling

NOBODY = "a key that was not listed"
"""What stands for the name of a reviewer whose review does not count."""
_NUMBERED = re.compile(r"([1-9]\d*)\.json", re.ASCII)


@dataclass(frozen=True)
class Submission:
    """An essay's folder as it is now, and what the register holds about it."""

    folder: Path
    life: Life
    reviews: tuple[Review, ...]
    """Signed and logged, in register order."""

    @property
    def accession(self) -> str:
        return self.life.accession.number

    @property
    def intake(self) -> Logged:
        return self.life.intakes[0]

    @property
    def week(self) -> str | None:
        """The week it was published in."""
        return self.life.week

    @property
    def slug(self) -> str:
        return slug_of(self.folder.name)

    @property
    def name(self) -> str:
        """For messages: ``E2026-0007 on-commas``."""
        return f"{self.accession} {self.slug}"

    @cached_property
    def text(self) -> bytes:
        """``essay.md``; empty where there is none any more, which `changed` names."""
        return read_file(self.folder / "essay.md")

    @cached_property
    def record_bytes(self) -> bytes:
        """``essay.toml``; empty where there is none."""
        return read_file(self.folder / "essay.toml")

    @cached_property
    def record(self) -> EssayRecord | list[Problem]:
        """``essay.toml``, or everything that is missing or wrong in it, held against what was asked for."""
        place = f"essays/{self.folder.name}/essay.toml"
        if self.record_bytes:
            record = read_sidecar(self.record_bytes, place, EssayRecord)
            if isinstance(record, list) or self.sampling is None:
                return record
            return [*sampling.contradictions(self.sampling, record, place)] or record
        found = "expected a file, found something else" if (self.folder / "essay.toml").exists() else "is missing"
        return [Problem(place, found, "say there how the text was made")]

    @cached_property
    def sampling(self) -> Sampling | None:
        """What was asked for, where it is one of several candidates; None where nothing says so, as `changed` does."""
        if SAMPLING not in self.sums:
            return None
        found = sampling.read_back(read_file(self.folder / SAMPLING), f"essays/{self.folder.name}/{SAMPLING}")
        return None if isinstance(found, list) else found

    @cached_property
    def sums(self) -> dict[str, str]:
        """``intake.sums`` as path → SHA-256."""
        return sums.parse((self.folder / "intake.sums").read_bytes(), f"essays/{self.folder.name}/intake.sums")

    def counted(self) -> list[Review]:
        """The reviews but for those that do not count, by the lists of reviewers that were logged."""
        return self._of([decision for decision in self.life.decisions if not decision.refused])

    def refused(self) -> list[Problem]:
        """The approvals that do not count."""
        place = f"essays/{self.folder.name}"
        return [
            Problem(
                place, f"its approval, entry {each.index}, does not count: {each.refused}", "have it reviewed again"
            )
            for each in self.life.decisions
            if each.refused and each.decision == "publish"
        ]

    def standing(self) -> list[Review]:
        """Each reviewer's last review, but for those that a later change of ``essay.toml`` made void."""
        return self._of(self.life.standing(texts(self.folder)))

    def void(self) -> list[Review]:
        """Each reviewer's last review where what it approved is no longer what lies here."""
        return self._of(self.life.void(texts(self.folder)))

    def _of(self, decisions: Sequence[Decision]) -> list[Review]:
        wanted = {decision.index for decision in decisions}
        return [review for review in self.reviews if review.index in wanted]

    def state(self, rules: ReviewRules) -> State:
        return self.life.state(rules.two_reviewers_for, texts(self.folder))

    def changed(self) -> list[Problem]:
        """Everything received that is not as it was logged at intake."""
        found = []
        lists = {"intake.sums": self.sums}
        if "private.sums" in self.sums and (self.folder / "private.sums").is_file():
            lists["private.sums"] = sums.parse((self.folder / "private.sums").read_bytes(), "private.sums")
        for listed in lists.values():
            for name, expected in listed.items():
                place = f"essays/{self.folder.name}/{name}"
                restore = f"bring back the bytes that were logged: .archive/store/{name_of(expected)}"
                path = self.folder / name
                if not path.is_file():
                    what = "is no file any more" if path.exists() else "is missing"
                    found.append(Problem(place, f"was logged at intake and {what}", restore))
                elif (actual := sums.digest(read_file(path))) != expected:
                    what = f"was changed after intake: expected SHA-256 {expected}, found {actual}"
                    found.append(Problem(place, what, restore))
        return found


def slug_of(folder: str) -> str:
    """``2026-11-20-on-commas`` → ``on-commas``"""
    return dated.parse(folder).slug


def read_all(home: Home) -> list[Submission]:
    """Every essay that was logged, in the order of intake."""
    return read_but(home, ())


def read_but(home: Home, slugs: Collection[str]) -> list[Submission]:
    """The same but for those with these slugs, of which nothing is read."""
    names = [name for name in folder_names(home.root) if slug_of(name) not in slugs]
    folders = [folder for folder in (home.root / "essays" / name for name in names) if _is_filed(folder)]
    read = [_read(home, folder, life_of(home, folder)) for folder in folders]
    return sorted(read, key=lambda submission: submission.intake.index)


def find(home: Home, name: str) -> Submission:
    """By slug, accession, or folder. Raises `NotFound`, naming what there is."""
    wanted = slug_of(Path(name).name)
    for folder in folders_of(home.root, wanted):
        if _is_filed(folder):
            return _read(home, folder, life_of(home, folder))
    if (life := home.lives.get(wanted)) and (filed := _folder_of(home, life)):
        return _read(home, filed, life)
    known = ", ".join(submission.slug for submission in read_all(home)) or "none yet"
    raise NotFound(f"{name}: expected the slug or accession of a submitted essay, found none; there are: {known}")


def find_text(home: Home, digest: str) -> Submission | None:
    """The essay whose text has this SHA-256. The store has a copy of all that was ever submitted: mostly, none."""
    if home.store.has(digest):
        for submission in read_all(home):
            if submission.sums["essay.md"] == digest:
                return submission
    return None


def life_of(home: Home, folder: Path) -> Life:
    """Of the essay in a folder. Raises `VerificationError` where its list was never logged."""
    accession = home.accession(folder)
    if accession is None:
        raise VerificationError(
            f"essays/{folder.name}/intake.sums is not in the register: it was changed by hand; "
            "bring it back from .archive/store, or take the folder out and submit it anew"
        )
    return home.lives[accession.number]


def _folder_of(home: Home, life: Life) -> Path | None:
    """Where an essay lies: most likely under the day of its intake, else somewhere among the others."""
    day = str(life.accession.time.date())
    names = sorted(folder_names(home.root), key=lambda name: (not name.startswith(day), name))
    lists = (path for path in (home.root / "essays" / name / "intake.sums" for name in names) if path.is_file())
    return next((each.parent for each in lists if digest_of(each) == life.lists[0]), None)


def _is_filed(folder: Path) -> bool:
    return (folder / "intake.sums").is_file()


def _read(home: Home, folder: Path, life: Life) -> Submission:
    return Submission(folder, life, tuple(read_reviews(home, folder, life)))


def read_reviews(home: Home, folder: Path, life: Life) -> list[Review]:
    """The reviews of a folder that stand in the register, in its order. Unsigned ones are not there."""
    reviews = parse_reviews(home, life, {path.name: read_file(path) for path in (folder / "reviews").glob("*.json*")})
    if len(life.decisions) != len(reviews):
        raise VerificationError(
            f"essays/{folder.name}/reviews: expected the {len(life.decisions)} reviews that were logged, "
            f"found {len(reviews)}; bring the missing or changed ones back from .archive/store"
        )
    return reviews


def parse_reviews(home: Registered, life: Life, files: Mapping[str, bytes]) -> list[Review]:
    """What was decided about an essay, in register order, as far as ``N.json`` and ``N.json.sig`` are among `files`."""
    numbers = {files[f"{n}.json"]: n for n in sorted(_numbers(files)) if f"{n}.json.sig" in files}
    reviews = []
    for decision in life.decisions:
        leaf = home.register.tree.leaf(decision.index)
        if leaf in numbers:
            signed = files[f"{numbers[leaf]}.json.sig"]
            reviews.append(review_of(home, decision, number=numbers[leaf], signature=signed))
    return reviews


def review_of(home: Registered, decision: Decision, *, number: int = 0, signature: bytes = b"") -> Review:
    """A decision of the register with the name of who took it; `number` and `signature` where its files are at hand."""
    version = home.reviewers.version(decision.index)
    return Review(
        number=number,
        decision=decision.decision,
        criteria=decision.criteria,
        reviewer=decision.reviewer,
        name=home.reviewers.before(decision.index).name(decision.reviewer, decision.time) or NOBODY,
        listed=version.path if version else "",
        time=decision.time,
        index=decision.index,
        leaf=home.register.tree.leaf(decision.index),
        signature=signature,
    )


def _numbers(files: Iterable[str]) -> set[int]:
    return {int(form[1]) for form in map(_NUMBERED.fullmatch, files) if form}


def read_file(path: Path | str) -> bytes:
    """The bytes of a file; none where there is no file. Raises `Error` where it cannot be read."""
    if not os.path.isfile(path):
        return b""
    try:
        with open(path, "rb") as file:
            return file.read()
    except OSError as error:
        raise Error(f"{path}: cannot be read ({error.strerror})") from None


def signature_problems(home: Home, submission: Submission, reviews: Sequence[Review]) -> list[Problem]:
    """Reviews whose signature does not hold: a changed file, or a key that was not listed or not valid then.

    Then: by the list that was logged before the review, and by the one that will be logged before the issue.
    """
    found = []
    for review in reviews:
        place = f"essays/{submission.folder.name}/reviews/{review.number}.json.sig"
        for allowed in (home.reviewers.before(review.index), home.signers):
            try:
                signature.check(review.leaf, review.signature, allowed, home.configuration.review.namespace)
            except VerificationError as error:
                found.append(Problem(place, str(error), "have the essay reviewed again, by a key that is listed now"))
                break
    return found


def folders_of(root: Path, slug: str) -> list[Path]:
    """The folders with a slug in ``essays/``, filed or not: mostly one or none."""
    return [root / "essays" / name for name in folder_names(root) if name.endswith(slug) and slug_of(name) == slug]


def folder_names(root: Path) -> list[str]:
    """Of every folder in ``essays/``, filed or not, in order."""
    try:
        with os.scandir(root / "essays") as entries:
            return sorted(entry.name for entry in entries if entry.is_dir())
    except FileNotFoundError:
        return []
