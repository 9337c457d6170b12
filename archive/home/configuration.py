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
from collections.abc import Iterator, Sequence
from typing import Annotated, get_args

from pydantic import AfterValidator, ConfigDict, Field, model_validator

from archive import characters
from archive.errors import Malformed
from archive.home.accession import DecisionName
from archive.home.appearance import Appearance
from archive.home.storage import Storage
from archive.records.kinds import Many, Ordinal, Slug, Text, choice, pattern
from archive.records.record import Fault, Faults, Record, refuse
from archive.register import cosignature
from archive.register.note import VerifierKey

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
Line = Annotated[Text, pattern(characters.LINE, "one line of text that can be shown")]
Words = Annotated[str, pattern(f"[^{characters.UNCARRIED}]*", "text that can be shown, without control characters")]
WeekName = Annotated[str, pattern(r"\d{4}-W(0[1-9]|[1-4]\d|5[0-3])", "an ISO week such as 2026-W48")]
Language = Annotated[str, pattern(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*", "a language tag such as en or pt-BR")]
Decision = Annotated[str, choice(dict.fromkeys(get_args(DecisionName), ""))]


PLAIN_ADDRESS = r"[A-Za-z0-9 ]+ <[a-z0-9]+(?:[.-][a-z0-9]+)*@[a-z0-9-]+(?:\.[a-z0-9-]+)+>"
"""What plainly is one address; `email.utils`, which is asked about any other, takes longer to load than this file."""


WEB_ADDRESS = r"https?://[A-Za-z0-9.:\[\]-]+(/[!-~]*)?"


ListAddress = Annotated[
    str,
    pattern(
        r"(https?://|mailto:)[!#-%'-+\--;=?-~]{1,400}",
        "an address without spaces, commas and angle brackets",
        "as in https://letters.example.org/leave or mailto:leave@example.org",
    ),
]
"""What a List- header names, short enough to stand there on one line as it is."""


def _one_address(text: str) -> str:
    if re.fullmatch(PLAIN_ADDRESS, text):
        return text
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


def _not_negative(number: int) -> int:
    if number < 0:
        raise Faults([Fault(f"expected a number of witnesses, found {number}", "0 asks for none")])
    return number


def _free(name: str) -> str:
    from archive.register.policy import NONE

    if name == NONE:
        raise Faults([Fault(f"{name} is no name for a witness", "it means that none is asked for")])
    return name


def _witness_key(text: str) -> str:
    try:
        key = VerifierKey.parse(text)
    except Malformed as error:
        raise Faults([Fault(str(error), "`publisher witness` prints its key when it starts")]) from None
    if key.algorithm != cosignature.ALGORITHM:
        what = f"expected a witness's key (its type is 0x04), found {text[:80]}"
        raise Faults([Fault(what, "`publisher witness` prints its key when it starts")])
    return text


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
    quorum: Annotated[int, AfterValidator(_not_negative)] = 0
    """How many of the witnesses must have seen a checkpoint for readers to believe it."""


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
    list_unsubscribe: Many[ListAddress] = ()
    """Where readers leave the list (RFC 2369), best first; a mail program shows it as a button."""
    list_one_click: bool = False
    """Whether a POST to the https address there is enough, with no further question (RFC 8058)."""
    list_help: ListAddress | None = None
    list_owner: ListAddress | None = None
    """Where help with the list is, and who runs it."""
    hub: Annotated[str, pattern(WEB_ADDRESS, "an address such as https://hub.example.org/")] | None = None
    """The WebSub hub that is told of new entries; the feeds name it."""
    weekday: Annotated[str, choice(dict.fromkeys(WEEKDAYS, ""))] = "friday"
    timezone: Annotated[str, AfterValidator(_zone)] = "UTC"
    per_issue: Ordinal = 1
    disclaimer: Words = ""
    run: Run = Run()

    @model_validator(mode="after")
    def _one_click(self) -> "Newsletter":
        if self.list_one_click and not any(each.startswith("https://") for each in self.list_unsubscribe):
            found = "expected an https:// address in list_unsubscribe, found none"
            refuse(
                [
                    Fault(
                        found, "a POST goes there (RFC 8058); without one leave list_one_click out", ("list_one_click",)
                    )
                ]
            )
        return self


class About(Section):
    """``[about]``: what ``about/`` says beyond what holds of every such newsletter; each key may be left out."""

    words: Words = ""
    """The publisher's own, in plain text; blank lines part paragraphs."""
    run_by: Annotated[str, pattern(characters.LINE, "one line of text that can be shown")] = ""
    """Who publishes this and answers for it: ``The Heron Society, Leeds``."""
    contact: Annotated[
        str,
        pattern(
            r"[A-Za-z0-9._+-]+@[a-z0-9-]+(\.[a-z0-9-]+)+|https://[a-z0-9][!-~]*",
            "a mail address or an https:// address",
            "such as letters@example.org",
        ),
    ] = ""
    """Where a model, or whoever speaks for one, and readers ask for a change."""


class Criterion(Section):
    """``[[review.criteria]]``: one question a reviewer answers; the id stands in the register, the text on the site."""

    id: Slug
    text: Line


Take = Annotated[str, choice({"first": ""})]
"""Which of several candidates is taken: ``first``, the first that came and was not withheld."""


class Serial(Section):
    """``[[series]]``: a rule of a series; a series without one needs no table."""

    slug: Slug
    """As ``essay.toml`` names it: ``letters-home``."""
    take: Take


class ReviewRules(Section):
    """``[review]``"""

    namespace: Annotated[str, pattern(r"[A-Za-z0-9._@-]+", "a name such as review@example.org")] = (
        "review@emeritus.example"
    )
    """SSH signature namespace: what ``ssh-keygen -Y sign -n`` is given."""
    two_reviewers_for: Many[Decision] = ()
    criteria: Many[Criterion] = ()


class Witness(Section):
    """``[[witness]]``: somebody who looks that this register only grows, and says when; asked at each change of it."""

    name: Annotated[Slug, AfterValidator(_free)]
    """What it is called in ``register/policy``."""
    key: Annotated[str, AfterValidator(_witness_key)]
    """As it prints it: ``kestrel.example/witness+0f1c3a2b+BGx5…``."""
    url: Annotated[
        str, pattern(r"https?://[A-Za-z0-9.:\[\]-]+(/[!-~]*[^/])?(?<![?#])", "https:// and a host, no final slash")
    ]
    """Where it is asked: the submission prefix of C2SP tlog-witness."""


class Search(Section):
    """``[search]``"""

    pagefind: Annotated[str, pattern(r"\d+\.\d+\.\d+", "a version such as 1.5.2")] = ""
    """The version of pagefind (the extra ``search``) that makes the index of the site; empty for a list without one."""


class Database(Section):
    """``[database]``"""

    url: str = ""
    """SQLAlchemy address of the catalogue; empty for SQLite in ``.archive/catalogue.db``."""


SMTP_ADDRESS = (
    r"(?P<scheme>smtps|smtp|smtp\+plain)://(?:(?P<user>[A-Za-z0-9._~%+-]+)@)?"
    r"(?P<host>[A-Za-z0-9.-]+|\[[0-9a-fA-F:]+\])(?::(?P<port>[1-9]\d{0,4}))?"
)
"""A mail server, and who signs in there; never a password, which would lie in a file that is backed up."""
BARE_ADDRESS = r"[!#-'*+./-9=?A-Z^-~-]+@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)*"
"""What an envelope carries: ASCII, no name before it."""
Mailbox = Annotated[str, pattern(BARE_ADDRESS, "a bare address", "as in list@example.org")]


class Delivery(Section):
    """``[delivery]``: how what was published gets to its readers. Private: no site says it."""

    smtp: (
        Annotated[
            str, pattern(SMTP_ADDRESS, "smtps:// or smtp:// and a host, no password", "as in smtps://ada@example.org")
        ]
        | None
    ) = None
    """The mail server: ``smtps://`` TLS from the first byte, ``smtp://`` STARTTLS, insisted on, ``smtp+plain://``
    neither. An @ in the user's name is written %40."""
    to: Mailbox | None = None
    """Where the list takes in its mails."""
    notify: Mailbox | None = None
    """Who is told by mail that what cron started has failed."""
    deploy: Annotated[Line, pattern(r"(?!.*//[^/@]*:[^/@]*@).*", "a place to copy the site to, no password in it")] = ""
    """Where `publisher deploy` copies the site to: a folder, told from the home; see `publisher.delivery.target`."""


class Configuration(Section):
    """All of ``archive.toml``."""

    archive: Archive
    newsletter: Newsletter | None = None
    about: About = About()
    appearance: Appearance = Appearance()
    search: Search = Search()
    review: ReviewRules = ReviewRules()
    series: Many[Serial] = ()
    database: Database = Database()
    store: Storage = Storage()
    witness: Many[Witness] = ()
    delivery: Delivery = Delivery()

    @model_validator(mode="after")
    def _witnesses(self) -> "Configuration":
        refuse(_twice(self.witness))
        if self.archive.quorum > len(self.witness):
            found = f"expected at most {len(self.witness)}, as many as there are witnesses, found {self.archive.quorum}"
            refuse([Fault(found, "name each with a table [[witness]]", ("archive", "quorum"))])
        return self


def _twice(witnesses: Sequence[Witness]) -> Iterator[Fault]:
    """Who is named twice would count twice."""
    for number, each in enumerate(witnesses):
        for key in ("name", "key"):
            if getattr(each, key) in [getattr(other, key) for other in witnesses[:number]]:
                yield Fault("is another witness's too", "each is named once", ("witness", number, key))
