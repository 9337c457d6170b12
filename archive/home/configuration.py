"""``archive.toml``: what a home is called and how its newsletter goes out. Unknown keys are errors.

Example, the smallest that publishes::

    [archive]
    name = "The Heron archive"
    origin = "letters.example.org/register"

    [newsletter]
    title = "Letters After"
    base_url = "https://letters.example.org"
    tag_authority = "letters.example.org,2026"
    from = "Letters After <letters@example.org>"
    list_id = "letters.example.org"

    [[review.criteria]]
    id = "personal-data"
    text = "Does it tell things about a private person that are not public?"
"""

import re
from typing import Annotated, get_args

from pydantic import AfterValidator, ConfigDict, Field

from archive import characters
from archive.home.accession import DecisionName
from archive.records.kinds import Many, Ordinal, Slug, Text, choice, pattern
from archive.records.record import Fault, Faults, Record

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
Line = Annotated[Text, pattern(characters.LINE, "one line of text that can be shown")]
Words = Annotated[str, pattern(f"[^{characters.UNCARRIED}]*", "text that can be shown, without control characters")]
WeekName = Annotated[str, pattern(r"\d{4}-W(0[1-9]|[1-4]\d|5[0-3])", "an ISO week such as 2026-W48")]
Language = Annotated[str, pattern(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*", "a language tag such as en or pt-BR")]
Decision = Annotated[str, choice(dict.fromkeys(get_args(DecisionName), ""))]


def _one_address(text: str) -> str:
    from email.utils import getaddresses, parseaddr

    _, address = parseaddr(text)
    if getaddresses([text]) != [parseaddr(text)] or not re.fullmatch(r"[^@\s]+@[^@\s]+\.[^@\s]+", address):
        raise Faults([Fault(f"expected one mail address, found “{text}”", "as in Letters <letters@example.org>")])
    return text


def _zone(name: str) -> str:
    from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise Faults([Fault(f"expected a time zone, found “{name}”", "such as Europe/Berlin or UTC")]) from None
    return name


class Section(Record):
    """A table of ``archive.toml``; strict, and nothing in it changes after reading."""

    model_config = ConfigDict(populate_by_name=True)


class Archive(Section):
    """``[archive]``"""

    name: Line
    origin: Annotated[str, pattern(r"[A-Za-z0-9][A-Za-z0-9._/-]*", "a name without spaces", "a domain and a path")]
    """The register's name for ever, a name and not a place: ``letters.example.org/register``."""
    sample: bool = False
    """True in a home that only shows how things work; then ``SOURCE_DATE_EPOCH`` is the clock."""


class Run(Section):
    """``[newsletter.run]``: the first and the last week that are promised."""

    since: WeekName | None = None
    until: WeekName | None = None


class Newsletter(Section):
    """``[newsletter]``"""

    title: Line
    subtitle: Words = ""
    base_url: Annotated[
        str, pattern(r"https?://[a-z0-9.:-]+(/[!-~]*[^/])?(?<![?#])", "https:// and a host, no final slash")
    ]
    """Where the site's root will be, without a final slash."""
    tag_authority: Annotated[
        str,
        pattern(
            r"([a-z0-9._-]+@)?[a-z0-9-]+(\.[a-z0-9-]+)+,\d{4}(-\d\d(-\d\d)?)?",
            "a domain and a year such as example.org,2026",
        ),
    ]
    """Authority of the feeds' tag: URIs (RFC 4151): a domain you hold and a date on which you held it."""
    language: Language = "en"
    sender: Annotated[Line, AfterValidator(_one_address), Field(alias="from")]
    list_id: Annotated[str, pattern(r"[a-z0-9-]+(\.[a-z0-9-]+)+", "a list id such as letters.example.org")]
    weekday: Annotated[str, choice(dict.fromkeys(WEEKDAYS, ""))] = "friday"
    timezone: Annotated[str, AfterValidator(_zone)] = "UTC"
    per_issue: Ordinal = 1
    disclaimer: Words = ""
    run: Run = Run()


class Criterion(Section):
    """``[[review.criteria]]``: one question a reviewer answers; the id stands in the register, the text on the site."""

    id: Slug
    text: Line


class ReviewRules(Section):
    """``[review]``"""

    namespace: Annotated[str, pattern(r"[A-Za-z0-9._@-]+", "a name such as review@example.org")] = (
        "review@emeritus.example"
    )
    """SSH signature namespace: what ``ssh-keygen -Y sign -n`` is given."""
    two_reviewers_for: Many[Decision] = ()
    criteria: Many[Criterion] = ()


class Database(Section):
    """``[database]``"""

    url: str = ""
    """SQLAlchemy address of the catalogue; empty for SQLite in ``.archive/catalogue.db``."""


class Configuration(Section):
    """All of ``archive.toml``."""

    archive: Archive
    newsletter: Newsletter | None = None
    review: ReviewRules = ReviewRules()
    database: Database = Database()
