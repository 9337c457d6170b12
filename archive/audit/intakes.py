"""What the register says was taken in, and the folders that hold it."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from hashlib import sha256

from archive.audit.account import Account
from archive.audit.logged import Logged
from archive.register.statement import Statement


@dataclass(slots=True)
class Intake:
    """One accession and its lists."""

    number: str
    kind: str
    lists: list[tuple[str, str]] = field(default_factory=list)
    """Name and SHA-256 of each, oldest first: ``("intake.sums", "9f86…")``."""
    reviews: list[str] = field(default_factory=list)
    """SHA-256 of each logged review's bytes."""
    approved: str | None = None
    """SHA-256 of the ``essay.toml`` that the last `publish` names."""
    week: str | None = None
    withdrawn: bool = False


@dataclass(slots=True)
class Said:
    """What the register's statements say, in one pass."""

    intakes: dict[str, Intake] = field(default_factory=dict)
    issues: dict[str, tuple[int, str]] = field(default_factory=dict)
    """Week → index of its statement, SHA-256 of its list."""
    notices: dict[str, tuple[str, str]] = field(default_factory=dict)
    """Week without an issue → name and SHA-256 of what explains it."""
    site: tuple[int, str] | None = None
    """Index of the newest statement about the whole site, SHA-256 of its list."""
    withdrawn: set[str] = field(default_factory=set)
    """Site paths that were taken away."""
    keys: set[str] = field(default_factory=set)
    """SHA-256 of every version of what says whose keys count."""
    words: list[tuple[str, str, str]] = field(default_factory=list)
    """Of each time that something was: its week, the name and SHA-256 of what is said instead."""


def said(leaves: Sequence[bytes], statements: Sequence[Statement]) -> Said:
    """What these statements, and the leaves they are in, say."""
    found = Said()
    for index, (leaf, statement) in enumerate(zip(leaves, statements, strict=True)):
        _add(found, index, statement, leaf)
    return found


def _add(found: Said, index: int, statement: Statement, leaf: bytes) -> None:
    says, subjects = statement.predicate, statement.subjects
    name, digest = next(iter(subjects.items()))
    about = name.split("/")[0]
    match statement.kind:
        case "intake":
            intake = found.intakes.setdefault(about, Intake(about, says["kind"]))
            intake.lists.append((name.split("/")[1], digest))
        case "review" if about in found.intakes:
            found.intakes[about].reviews.append(sha256(leaf).hexdigest())
            found.intakes[about].approved = subjects.get(f"{about}/essay.toml", found.intakes[about].approved)
        case "issue":
            week = says["week"]
            found.issues[week] = index, subjects[f"issues/{week}/SHA256SUMS"]
            found.site = index, subjects["SHA256SUMS"]
            for essay in says["essays"]:
                if essay in found.intakes:
                    found.intakes[essay].week = week
        case "notice" if says["kind"] == "no-issue":
            found.notices[says["week"]] = name, digest
        case "notice" if says["kind"] == "site":
            found.site = index, digest
        case "notice" if says["kind"] == "withdrawn":
            _withdraw(found, statement)
        case "notice" if says["kind"] == "keys":
            found.keys |= {*subjects.values()}


def _withdraw(found: Said, notice: Statement) -> None:
    found.withdrawn |= notice.subjects.keys()
    week, taken = notice.predicate.get("week", ""), set(notice.subjects.values())
    found.words += [(week, name, digest) for name, digest in notice.subjects.items() if name.endswith("/notice.toml")]
    for intake in found.intakes.values():
        intake.withdrawn = intake.withdrawn or intake.lists[0][1] in taken


def listing(data: bytes) -> dict[str, str]:
    """A list whose hash was logged: it is as the program wrote it, so nothing in it is looked at twice."""
    return {line[66:]: line[:64] for line in data.decode().splitlines()}


@dataclass
class Folders:
    """Which folder holds which accession, by the lists and nonces that lie in it, whatever it is called."""

    account: Account
    logged: Logged
    of: dict[str, Intake] = field(default_factory=dict)
    """Folder → what it holds."""
    copies: dict[str, str] = field(default_factory=dict)
    """Folder → the accession number of what it is a second copy of."""
    lost: list[Intake] = field(default_factory=list)

    @cached_property
    def _lists(self) -> dict[str, list[str]]:
        """SHA-256 of a list → the paths in the collections where it lies."""
        found: dict[str, list[str]] = {}
        for path in self.account.lying.kept:
            if path.startswith(("transcripts/", "essays/")):
                found.setdefault(self.account.lying.digests[path], []).append(path)
        return found

    def find(self, intakes: Iterable[Intake]) -> None:
        for intake in intakes:
            votes = Counter(_parents(intake.lists, self._lists)) or self._by_content(intake)
            if not votes:
                self.lost.append(intake)
                continue
            ranked = sorted(votes, key=lambda folder: (-votes[folder], folder))
            self.of[ranked[0]] = intake
            self.copies |= dict.fromkeys(ranked[1:], intake.number)

    def _by_content(self, intake: Intake) -> Counter[str]:
        """Where its lists are gone: by what else of it lies there; the nonces are random, and so nobody else's."""
        votes: Counter[str] = Counter()
        for _, digest in intake.lists:
            for name, listed in self.contents(digest)[0].items():
                paths = (p for p in self.account.where(listed) if p.startswith(("transcripts/", "essays/")))
                votes.update(p.removesuffix(f"/{name}") for p in paths if p.endswith(f"/{name}"))
        return votes

    def contents(self, digest: str) -> tuple[dict[str, str], bool]:
        """All that a list names, what is private too; and whether every list of it could be read."""
        data = self._data(digest)
        if data is None:
            return {}, False
        found, whole = listing(data), True
        for name in [name for name in found if name.startswith("private") and name.endswith(".sums")]:
            hidden = self._data(found[name])
            found |= listing(hidden) if hidden is not None else {}
            whole = whole and hidden is not None
        return found, whole

    def _data(self, digest: str) -> bytes | None:
        for path in self._lists.get(digest, ()):
            return self.account.lying.kept[path]
        return self.account.read(digest)


def _parents(lists: Iterable[tuple[str, str]], paths: Mapping[str, list[str]]) -> Iterator[str]:
    for name, digest in lists:
        for path in paths.get(digest, ()):
            folder, _, last = path.rpartition("/")
            if last == name:
                yield folder
