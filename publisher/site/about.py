"""``about/index.html``: what this is, for who meets it first; who runs it, who reviews, what was withheld and why."""

from collections import Counter
from typing import NamedTuple

from archive.home.signers import Signers
from archive.home.versions import ALLOWED_SIGNERS
from archive.register.sshsig import AllowedSigner
from publisher.essays.essay import Review
from publisher.site import fate
from publisher.site.page import fill
from publisher.site.site import Site, Withheld
from publisher.week import Week

PAGE = "about/index.html"
WEEKS = 13
"""How many the page tells of one by one: a quarter of a year. What came before is in the numbers of all time."""
_LAST = ALLOWED_SIGNERS.rpartition("/")[2]


class Reviewer(NamedTuple):
    """A key whose signatures count, and since which statement of the register it is listed."""

    line: AllowedSigner
    since: int


class Counted(NamedTuple):
    """What was decided in one week."""

    week: Week
    published: int
    withheld: int


def page(site: Site) -> bytes:
    """It changes with every issue, and costs the same at each."""
    asked = sum(each.code == "model-request" for each in site.withdrawn.values())
    told = {"reviewers": reviewers(site), "reasons": reasons(site), "weeks": weeks(site)}
    return fill(site, PAGE, "about.html", asked=asked, most=WEEKS, **told)


def reviewers(site: Site) -> list[Reviewer]:
    """Every key of the newest list that was logged, in its order; no list loses a line of the one before it."""
    since: dict[tuple[str, str], int] = {}
    for index, data in sorted((_entry(path), data) for path, data in site.keys.items() if path.endswith(_LAST)):
        for line in Signers.of(data).listed:
            since.setdefault((line.name, line.fingerprint), index)
    listed = Signers.of(site.allowed_signers).listed
    return [Reviewer(line, since[line.name, line.fingerprint]) for line in listed]


def reasons(site: Site) -> list[tuple[str, int]]:
    """Under which criteria essays were withheld, and how many under each: the most first. One may be under several."""
    found = Counter(name for each in site.withheld for name in fate.under(_withholding(each)) or [""])
    return sorted(found.items(), key=lambda item: (-item[1], item[0]))


def weeks(site: Site) -> list[Counted]:
    """The last weeks, newest first, in which something was published or withheld; a week begins on Monday, UTC."""
    published = {issue.week: len(site.there(issue)) for issue in site.issues[-WEEKS:]}
    withheld = Counter(Week.of(max(r.time for r in _withholding(each)).date()) for each in site.withheld)
    newest = sorted({*published, *withheld}, reverse=True)[:WEEKS]
    return [Counted(week, published.get(week, 0), withheld[week]) for week in newest]


def _withholding(each: Withheld) -> list[Review]:
    return [review for review in each.reviews if review.decision == "withhold"]


def _entry(path: str) -> int:
    """``register/keys/7/allowed_signers`` → 7"""
    return int(path.split("/")[2])
