"""The published site as values: what pages, mail and feeds are made from, and nothing else.

A `Site` is a function of the home's records and of a prefix of the register; its clock is the time of the newest
`issue` or `site` statement, so the same records give the same bytes on any day and on any machine.
"""

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from archive.home.accession import Logged
from archive.home.configuration import Criterion, Newsletter
from archive.register import sums
from publisher.essays.essay import PublishedEssay, Review
from publisher.week import Week

Files = dict[str, bytes]
"""Site-relative POSIX path → bytes: ``essays/on-commas/index.html``."""


@dataclass(frozen=True, slots=True)
class Told:
    """What the pages about all issues say of one: each is made once, since an issue never changes."""

    item: str
    """Of ``index.html``: its list item."""
    issue: str
    """Of ``index.json``: its object, indented as it stands there."""
    essays: tuple[str, ...]
    """Of ``index.json``: the objects of its essays."""
    reviewers: frozenset[tuple[str, str]]
    """Key and name of whoever reviewed them, and perhaps others; the names are today's."""


@dataclass(frozen=True, slots=True)
class Contents:
    """What an issue brought, all of it frozen but the notes beside its essays."""

    essays: tuple[PublishedEssay, ...]
    frozen: Mapping[str, bytes]
    """Site path → bytes of everything its ``SHA256SUMS`` lists; ``issue.eml`` is missing while it is being made."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Issue:
    """What went out in one week; its contents are read when something is made of them."""

    week: Week
    number: int
    """1 for the first issue."""
    time: dt.datetime
    slugs: Mapping[str, str]
    """Accession → slug of its essays, in their order."""
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
        return cls(week=week, number=number, time=time, slugs=slugs, contents=lambda: contents)

    def with_essays(self, *essays: PublishedEssay) -> "Issue":
        """The same with other essays."""
        return Issue.whole(week=self.week, number=self.number, time=self.time, essays=essays, frozen=self.frozen)

    @property
    def essays(self) -> tuple[PublishedEssay, ...]:
        return self.contents().essays

    @property
    def frozen(self) -> Mapping[str, bytes]:
        return self.contents().frozen


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


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """Everything a renderer may know."""

    program: str
    """Which makes it: ``emeritus 0.1.0``."""
    name: str
    """The archive's name."""
    newsletter: Newsletter
    criteria: tuple[Criterion, ...]
    two_reviewers_for: tuple[str, ...]
    """Decisions that two must take."""
    namespace: str
    """SSH signature namespace of the reviews."""
    origin: str
    vkey: str
    """The register's public key as readers are given it: ``origin+hash+key``."""
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
    waiting: tuple[tuple[str, Logged], ...]
    """Essays received and neither published nor withheld: accession and intake."""
    allowed_signers: bytes
    """The reviewers' list that was logged last."""
    keys: Mapping[str, bytes] = field(default_factory=dict)
    """Site path → bytes of every list that was logged: ``register/keys/7/allowed_signers``."""
    notes: Mapping[str, Mapping[str, bytes]] = field(default_factory=dict)
    """Slug → path → bytes of the editors' notes beside a text, where there are some."""

    def edited(self, slug: str) -> str:
        """A name for all the notes beside a text as they are now; empty where there are none."""
        notes = self.notes.get(slug)
        return f":{sums.digest(repr(sorted(notes.items())).encode())}" if notes else ""

    def url(self, path: str = "") -> str:
        """Absolute address of a site path."""
        return f"{self.newsletter.base_url}/{path}"

    def tag(self, name: str) -> str:
        """A ``tag:`` URI (RFC 4151): ``tag:letters.example.org,2026:E2026-0007``."""
        return f"tag:{self.newsletter.tag_authority}:{name}"
