"""The published site as values: what pages, mail and feeds are made from, and nothing else.

A `Site` is a function of the home's records and of a prefix of the register; its clock is the time of the newest
`issue` or `site` statement, so the same records give the same bytes on any day and on any machine.
"""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

from archive.home.accession import Logged
from archive.home.configuration import Criterion, Newsletter
from publisher.essays.essay import PublishedEssay, Review
from publisher.week import Week

Files = dict[str, bytes]
"""Site-relative POSIX path → bytes: ``essays/on-commas/index.html``."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Issue:
    """What went out in one week."""

    week: Week
    number: int
    """1 for the first issue."""
    time: dt.datetime
    essays: tuple[PublishedEssay, ...]
    frozen: Mapping[str, bytes]
    """Site path → bytes of everything its ``SHA256SUMS`` lists; ``issue.eml`` is missing while it is being made."""


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

    name: str
    """The archive's name."""
    newsletter: Newsletter
    criteria: tuple[Criterion, ...]
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

    def url(self, path: str = "") -> str:
        """Absolute address of a site path."""
        return f"{self.newsletter.base_url}/{path}"

    def tag(self, name: str) -> str:
        """A ``tag:`` URI (RFC 4151): ``tag:letters.example.org,2026:E2026-0007``."""
        return f"tag:{self.newsletter.tag_authority}:{name}"
