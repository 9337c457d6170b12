"""The published site as values: what pages, mail and feeds are made from, and nothing else.

A `Site` is a function of the home's records and of a prefix of the register; its clock is the time of the newest
`issue` or `site` statement, so the same records give the same bytes on any day and on any machine.
"""

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Literal

from archive.deposits.deposit import model_folder
from archive.exchange.reading_room import NOTHING, ReadingRoom
from archive.home.accession import Kind, Logged, Noticed, State
from archive.home.appearance import Appearance
from archive.home.configuration import About, Criterion, Newsletter, Serial, Witness
from archive.register import sums
from publisher.essays.essay import PublishedEssay, Review
from publisher.week import Week

Files = dict[str, bytes]
"""Site-relative POSIX path → bytes: ``essays/on-commas/index.html``."""


@dataclass(frozen=True, slots=True)
class Told:
    """What the pages about all issues say of one: each is made once, since an issue never changes."""

    item: str
    """Of the pages that list weeks: its list item."""
    issue: str
    """Of ``index.json``: its object, indented as it stands there."""
    essays: tuple[str, ...]
    """Of ``index.json``: the objects of its essays."""
    lines: tuple[str, ...]
    """Of the pages of a series: what stands there of each of its essays."""
    called: str
    """`Site.called` of the issue when it was made."""


@dataclass(frozen=True, slots=True)
class Contents:
    """What an issue brought, all of it frozen but the notes beside its essays."""

    essays: tuple[PublishedEssay, ...]
    """Without those that were withdrawn."""
    frozen: Mapping[str, bytes]
    """Site path → bytes of what its ``SHA256SUMS`` lists; ``issue.eml`` is missing while it is being made."""
    withdrawn: Mapping[str, str] = field(default_factory=dict)
    """Site path → SHA-256 of what that list names besides, and what is not there any more."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Issue:
    """What went out in one week; its contents are read when something is made of them.

    Each is another, as a site is.
    """

    week: Week
    number: int
    """1 for the first issue."""
    time: dt.datetime
    slugs: Mapping[str, str]
    """Accession → slug of its essays, in their order, with those that were withdrawn since."""
    authors: Mapping[str, str]
    """Accession → the model that wrote it, of those that were not."""
    series: Mapping[str, str]
    """Accession → the series it is in, of those that are in one."""
    contents: Callable[[], Contents]
    """The same at every call."""
    told: Told | None = None
    """Where the same program made it before, of the same things."""

    @classmethod
    def whole(
        cls,
        *,
        week: Week,
        number: int,
        time: dt.datetime,
        essays: tuple[PublishedEssay, ...],
        frozen: Mapping[str, bytes],
    ) -> "Issue":
        """One whose contents are at hand."""
        contents = Contents(essays, frozen)
        slugs = {essay.accession: essay.slug for essay in essays}
        authors = {essay.accession: essay.record.model for essay in essays}
        series = {essay.accession: essay.record.series for essay in essays if essay.record.series}
        return cls(
            week=week,
            number=number,
            time=time,
            slugs=slugs,
            authors=authors,
            series=series,
            contents=lambda: contents,
        )

    def with_essays(self, *essays: PublishedEssay) -> "Issue":
        """The same with other essays."""
        return Issue.whole(week=self.week, number=self.number, time=self.time, essays=essays, frozen=self.frozen)

    @property
    def essays(self) -> tuple[PublishedEssay, ...]:
        return self.contents().essays

    def essay(self, accession: str) -> PublishedEssay:
        """One that was not withdrawn."""
        return next(essay for essay in self.essays if essay.accession == accession)

    @property
    def frozen(self) -> Mapping[str, bytes]:
        return self.contents().frozen

    @property
    def mail(self) -> str:
        """Site path of the mail that went out; empty where it was withdrawn with an essay."""
        path = f"issues/{self.week}/issue.eml"
        return "" if path in self.contents().withdrawn else path


@dataclass(frozen=True, slots=True, kw_only=True)
class Mailing:
    """How a mail is made, as its issue froze it: so it can be made again whatever is learnt later."""

    form: int
    """2; in 1 the text part's paragraphs stood in one line each, and authors went by their ids."""
    names: Mapping[str, str]
    """Model → what it was called."""
    pages: Mapping[str, str]
    """Model → site path of the page about it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Gap:
    """A week without an issue, explained: ``issues/<week>/notice.toml``."""

    week: Week
    reason: str
    """Words of the notice, for people."""
    logged: Logged
    notice: bytes
    """``notice.toml``"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Withheld:
    """An essay that was received and will not be shown; nothing of it is known here but this."""

    accession: str
    intake: Logged
    reviews: tuple[Review, ...]


@dataclass(frozen=True, slots=True)
class Candidate:
    """That a text is one of those that came of a sampling, as the register says."""

    asked: Logged
    """The notice that so many would be asked for."""
    candidates: int
    """How many those were."""
    number: int
    """1 for the first that came."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fate:
    """What came in, and what became of it as far as the register says; nothing else is told of what is not out."""

    accession: str
    kind: Kind
    received: Logged
    state: State | Literal["received"]
    """Of what is no essay only that it was received: whether it may be seen is not in the register."""
    since: Logged
    """The statement that made it so."""
    reviews: tuple[Review, ...] = ()
    """The decisions that this rests on, in register order."""
    week: str = ""
    """Of the issue it went out with; empty before."""
    slug: str = ""
    reason: str = ""
    """Why it was withdrawn, as a code."""
    noticed: tuple[Noticed, ...] = ()
    """That a deposit was released, or words of it covered, in register order."""
    candidate: Candidate | None = None
    """Of an essay that came of a sampling."""
    passed_over: bool = False
    """Whether it waits, and another candidate was published."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sampled:
    """A published essay that is one of several candidates, and what became of the others."""

    candidate: Candidate
    came: int
    """How many came of those that were asked for."""
    inputs: str
    """What the others' fates are made from, as of an `IntakePage`."""
    others: Callable[[], tuple[Fate, ...]]
    """In the order in which they came."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asking:
    """How much was asked for, counted in the register."""

    samplings: int
    candidates: int
    """How many texts were asked for in all of them."""
    received: int
    published: int
    """Of those that came, also what was withdrawn since."""


@dataclass(frozen=True, slots=True)
class IntakePage:
    """Some intakes that stand one after the other; they are read when something is made of them."""

    number: int
    """1 for the oldest."""
    first: str
    """Accession"""
    last: str
    inputs: str
    """What their fates are made from, by a name that never means anything else in one register."""
    fates: Callable[[], tuple[Fate, ...]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Withdrawn:
    """An essay that was published and taken down: what the register still says of it, and why it went."""

    accession: str
    slug: str
    sha256: str
    """Of its text."""
    intake: Logged
    reviews: tuple[Review, ...]
    """The publish decisions it went out with, in register order."""
    logged: Logged
    code: str
    """Why, as it was logged: ``model-request``."""
    reason: str
    """Words of the notice, for people."""
    notice: bytes
    """``essays/<slug>/notice.toml``"""

    @property
    def name(self) -> str:
        """One that never means anything else in one register: ``E2026-0007:withdrawn:41``."""
        return f"{self.accession}:withdrawn:{self.logged.index}"


@dataclass(frozen=True, kw_only=True, eq=False)
class Site:
    """Everything a renderer may know; each is another, so what its pages have in common can be kept."""

    program: str
    """Which makes it: ``emeritus 0.1.0``."""
    name: str
    """The archive's name."""
    newsletter: Newsletter
    about: About = field(default_factory=About)
    """What its publisher says of itself."""
    search: str = ""
    """The version of pagefind that makes its index: ``1.5.2``; empty where it has none."""
    criteria: tuple[Criterion, ...]
    two_reviewers_for: tuple[str, ...]
    """Decisions that two must take."""
    namespace: str
    """SSH signature namespace of the reviews."""
    origin: str
    vkey: str
    """The register's public key as readers are given it: ``origin+hash+key``."""
    also: tuple[str, ...] = ()
    """The key before it, while that signs too."""
    older: tuple[str, ...] = ()
    """Every key before it, newest first: what was proved then is signed by them."""
    sample: bool
    time: dt.datetime
    """The site's clock, UTC."""
    statements: int
    """How many statements the register held before the one that sets the clock."""
    issues: tuple[Issue, ...]
    """Oldest first."""
    gaps: tuple[Gap, ...]
    """Oldest first."""
    withheld: tuple[Withheld, ...]
    waiting: tuple[Fate, ...]
    """Essays received and neither published nor withheld: those that wait, are held, or are approved."""
    passed_over: int = 0
    """How many candidates wait besides of which another was published: their number grows for ever."""
    received: Mapping[Kind, int] = field(default_factory=dict)
    """How much came in of each kind."""
    intakes: tuple[IntakePage, ...] = ()
    """All of it, oldest first."""
    asking: Asking | None = None
    """None where nothing was ever asked for."""
    sampled: Mapping[str, Sampled] = field(default_factory=dict)
    """Accession → the sampling that it came of, of what was published and not withdrawn."""
    rules: tuple[Serial, ...] = ()
    """Of series that have one."""
    void: tuple[int, ...] = ()
    """Where decisions stand that do not count, about essays that were not published."""
    allowed_signers: bytes
    """The reviewers' list that was logged last."""
    keys: Mapping[str, bytes] = field(default_factory=dict)
    """Site path → bytes of every list and policy that was logged: ``register/keys/7/allowed_signers``."""
    witnesses: tuple[Witness, ...] = ()
    """Who cosigns the register."""
    quorum: int = 0
    """How many of them must have seen a checkpoint for readers to believe it."""
    notes: Mapping[str, Mapping[str, bytes]] = field(default_factory=dict)
    """Slug → path → bytes of the editors' notes beside a text, where there are some."""
    appearance: Appearance = field(default_factory=Appearance)
    """Looks of its own."""
    withdrawn: Mapping[str, Withdrawn] = field(default_factory=dict)
    """By accession, in the order of the register."""
    room: ReadingRoom = NOTHING
    """What of the archive anyone may consult."""
    mailing: Mailing | None = None
    """Where a mail is made again that went out before."""

    def there(self, issue: Issue) -> dict[str, str]:
        """Accession → slug of the essays of an issue that were not withdrawn."""
        return {accession: slug for accession, slug in issue.slugs.items() if accession not in self.withdrawn}

    def gone(self, issue: Issue) -> list[Withdrawn]:
        """The essays of an issue that were."""
        return [self.withdrawn[accession] for accession in issue.slugs if accession in self.withdrawn]

    @cached_property
    def _ids(self) -> Mapping[str, str]:
        """What a model goes by → its id, of the models of which something is known."""
        facts = self.room.facts.values()
        return {alias: each.id for each in facts for alias in each.aliases} | {each.id: each.id for each in facts}

    @cached_property
    def authors(self) -> Mapping[str, tuple[str, ...]]:
        """Model, by its id → accessions of what was published of it and not withdrawn, in order."""
        found: dict[str, list[str]] = {}
        for issue in self.issues:
            for accession, model in issue.authors.items():
                if accession not in self.withdrawn:
                    found.setdefault(self.id_of(model), []).append(accession)
        return {model: tuple(each) for model, each in found.items()}

    def id_of(self, model: str) -> str:
        """The id of the model that goes by a name; the name itself where nothing is known of it."""
        return self._ids.get(model, model)

    def name_of(self, model: str) -> str:
        """What people call the model that goes by this id or alias: its name, or its id where it has none."""
        if self.mailing:
            return self.mailing.names.get(model, model)
        facts = self.room.facts.get(self.id_of(model))
        return (facts.name.strip() if facts else "") or model

    def page_of(self, model: str) -> str:
        """Site path of the page about a model that wrote or was interviewed: ``models/example-heron-1/index.html``."""
        if self.mailing and model in self.mailing.pages:
            return self.mailing.pages[model]
        return f"models/{model_folder(self.id_of(model))}/index.html"

    def called(self, issue: Issue) -> str:
        """A name for what the authors of an issue are called, and where their pages are: it changes with these."""
        authors = dict.fromkeys(issue.authors.values())
        return sums.digest(repr([(self.id_of(each), self.name_of(each)) for each in authors]).encode())[:16]

    def known(self, model: str) -> str:
        """A name for what is known of a model, among the inputs of whatever shows it: ``M2026-0001:3``."""
        shown = self.room.models.get(self.id_of(model))
        return shown.name if shown else "-"

    def edited(self, slug: str) -> str:
        """A name for all the notes beside a text as they are now; empty where there are none."""
        notes = self.notes.get(slug)
        return f":{sums.digest(repr(sorted(notes.items())).encode())}" if notes else ""

    def url(self, path: str = "") -> str:
        """Absolute address of a site path, also of one whose names have per cent signs: ``models/org%2Fheron/``."""
        return f"{self.newsletter.base_url}/{path.replace('%', '%25')}"

    def tag(self, name: str) -> str:
        """A ``tag:`` URI (RFC 4151): ``tag:letters.example.org,2026:E2026-0007``."""
        return f"tag:{self.newsletter.tag_authority}:{name}"
