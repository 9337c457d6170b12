"""An accession and its life: what the register says of one thing that was filed, from intake to withdrawal.

Its kind is said by the intake, never guessed from the letter its number begins with.
"""

import datetime as dt
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Literal

from archive.home.store import digest_of
from archive.register.register import Register
from archive.register.statement import IntakeKind, Statement

Kind = IntakeKind
PREFIXES: Mapping[Kind, str] = {"deposit": "", "essay": "E", "model": "M", "protocol": "P", "codebook": "C"}
"""What the numbers of each kind begin with: ``2026-0041``, ``E2026-0007``, ``M2026-0001`` …"""

DecisionName = Literal["publish", "withhold", "hold"]
State = Literal["waiting", "held", "withheld", "approved", "published", "withdrawn"]


@dataclass(frozen=True, slots=True)
class Accession:
    """What a folder was filed as: its number, its kind, and where its first intake stands."""

    number: str
    """``2026-0041``"""
    kind: Kind
    index: int
    """Of the statement, from 0."""
    time: dt.datetime


@dataclass(frozen=True, slots=True)
class Logged:
    """Where a statement stands in the register, and the time it gives."""

    index: int
    time: dt.datetime


@dataclass(frozen=True, slots=True)
class Decision:
    """A review as the register has it: who decided what about which bytes."""

    index: int
    time: dt.datetime
    decision: DecisionName
    reviewer: str
    """Fingerprint of the key: ``SHA256:…``."""
    criteria: tuple[str, ...]
    subjects: Mapping[str, str]
    """File → SHA-256: ``intake.sums``; with `publish` also ``essay.md`` and ``essay.toml``."""
    refused: str = ""
    """Why it does not count, by the lists of reviewers that were logged; empty where it does."""


Judge = Callable[[Decision], str]
"""Says why a decision does not count; empty where it does."""


@dataclass(frozen=True, slots=True)
class Noticed:
    """What a notice says of a deposit: that it may be seen from then on, or that words of it are covered."""

    kind: Literal["released", "redacted"]
    reason: str
    """A code."""
    logged: Logged


@dataclass(slots=True)
class Life:
    """What became of one accession, in the order of the register."""

    accession: Accession
    lists: list[str] = field(default_factory=list)
    """SHA-256 of each of its intake lists, oldest first."""
    intakes: list[Logged] = field(default_factory=list)
    decisions: list[Decision] = field(default_factory=list)
    week: str | None = None
    """The week of the issue it went out with."""
    published: Logged | None = None
    withdrawn: Logged | None = None
    noticed: list[Noticed] = field(default_factory=list)

    def last(self) -> list[Decision]:
        """Each reviewer's last decision that counts, in the order of the register."""
        counted = {d.reviewer: d for d in self.decisions if not d.refused}
        return sorted(counted.values(), key=lambda d: d.index)

    def standing(self, now: Mapping[str, str] | None = None) -> list[Decision]:
        """Those of `last` that still hold: a `publish` is void where a file (`now`: name → SHA-256) is another."""
        return [d for d in self.last() if not self._void(d, now)]

    def void(self, now: Mapping[str, str]) -> list[Decision]:
        """Those of `last` whose text or ``essay.toml`` was changed since."""
        return [d for d in self.last() if self._void(d, now)]

    @staticmethod
    def _void(decision: Decision, now: Mapping[str, str] | None) -> bool:
        if now is None or decision.decision != "publish":
            return False
        return any(decision.subjects.get(name) != digest for name, digest in now.items())

    def state(self, two_reviewers_for: Sequence[str], now: Mapping[str, str] | None = None) -> State:
        """Where an essay stands; `now` are the SHA-256 of ``essay.md`` and ``essay.toml`` as they lie there."""
        if self.withdrawn:
            return "withdrawn"
        if self.published:
            return "published"
        return decided([d.decision for d in self.standing(now)], two_reviewers_for)


def decided(decisions: Sequence[DecisionName], two_reviewers_for: Sequence[str]) -> State:
    """What the standing decisions of all reviewers come to: one hold or withhold is enough to stop a text."""
    needed = {name: 2 if name in two_reviewers_for else 1 for name in ("publish", "withhold", "hold")}
    if decisions.count("withhold") >= needed["withhold"]:
        return "withheld"
    if "hold" in decisions or "withhold" in decisions:
        return "held"
    return "approved" if decisions.count("publish") >= needed["publish"] else "waiting"


class Lives(Mapping[str, Life]):
    """Every accession of a register by its number, in the order of filing. Lives as long as the opened home."""

    def __init__(self, register: Register, size: int | None = None, *, judge: Judge = lambda _: "") -> None:
        """As they stood when the register had `size` statements; as they stand now unless told.

        `judge` is asked which decisions count.
        """
        self._judge = judge
        self._register, self._index = register, register.index.until(register.size if size is None else size)
        self._lives: dict[str, Life] = {}

    def __getitem__(self, number: str) -> Life:
        if number not in self._lives:
            self._lives[number] = self._life(number)
        return self._lives[number]

    def __iter__(self) -> Iterator[str]:
        return iter(self._index.numbers())

    def __len__(self) -> int:
        return len(self._index.numbers())

    def of(self, kind: Kind) -> Iterator[Life]:
        """Those of one kind, in the order of filing."""
        return map(self.__getitem__, self._index.numbers(kind))

    def unpublished(self) -> Iterator[Life]:
        """The essays that were neither published nor withdrawn, in the order of intake."""
        return map(self.__getitem__, self._index.unpublished())

    def listed(self, digest: str) -> Accession | None:
        """Whose intake list has this SHA-256; None if no such list was logged."""
        number = self._index.listed(digest)
        return self[number].accession if number else None

    def next(self, kind: Kind, year: int, ahead: int = 0) -> str:
        """The first number of a kind and year not given yet; `ahead` are being given in the same change."""
        series = f"{PREFIXES[kind]}{year}-"
        return f"{series}{self._index.last(series) + ahead + 1:04d}"

    def _life(self, number: str) -> Life:
        life: Life | None = None
        for index in self._index.about(number):
            statement = self._register.statement(index)
            said, logged = statement.predicate, Logged(index, statement.time)
            if life is None and statement.kind == "intake":
                life = Life(Accession(number, said["kind"], index, logged.time))
            if life is not None:
                _add(life, statement, logged, self._judge)
        if life is None:
            raise KeyError(number)
        return life


def _add(life: Life, statement: Statement, logged: Logged, judge: Judge) -> None:
    """What a statement about an accession adds to its life."""
    said = statement.predicate
    match statement.kind:
        case "intake":
            life.lists += statement.subjects.values()
            life.intakes.append(logged)
        case "review":
            named = {name.split("/", 1)[1]: digest for name, digest in statement.subjects.items()}
            criteria = tuple(said["criteria"])
            made = Decision(logged.index, logged.time, said["decision"], said["reviewer"], criteria, named)
            life.decisions.append(replace(made, refused=judge(made)))
        case "issue":
            life.week, life.published = said["week"], logged
        case "notice" if said["kind"] == "withdrawn":
            life.withdrawn = logged
        case "notice" if said["kind"] in ("released", "redacted"):
            life.noticed.append(Noticed(said["kind"], said["reason"], logged))


def intake_lists(folder: Path) -> list[Path]:
    """``intake.sums``, ``intake-2.sums`` … of a folder, oldest first."""
    lists = [folder / "intake.sums"] if (folder / "intake.sums").is_file() else []
    while lists and (following := folder / f"intake-{len(lists) + 1}.sums").is_file():
        lists.append(following)
    return lists


def accession_of(folder: Path, lives: Lives) -> Accession | None:
    """What a folder was filed as, by the hash of its first list; None if that was never logged."""
    lists = intake_lists(folder)
    return lives.listed(digest_of(lists[0])) if lists else None


def texts(folder: Path) -> dict[str, str]:
    """SHA-256 of an essay's ``essay.md`` and ``essay.toml`` as they lie in its folder: what a `publish` approves.

    Empty for one that is not there: then nothing approves it.
    """
    paths = {name: folder / name for name in ("essay.md", "essay.toml")}
    return {name: digest_of(path) if path.is_file() else "" for name, path in paths.items()}
