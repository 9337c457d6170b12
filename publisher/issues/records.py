"""From a home's records and a prefix of its register to a `Site`."""

import datetime as dt
from collections.abc import Sequence
from functools import cache, partial
from typing import Any

from archive.errors import Problem, Refused, accepted
from archive.home.accession import Lives, Logged
from archive.home.configuration import Newsletter
from archive.home.home import Home
from archive.records.record import Sidecar
from archive.records.sidecar import read as read_sidecar
from archive.register import sums
from archive.register.statement import Statement
from publisher.essays.essay import Text
from publisher.essays.submission import read_file, review_of
from publisher.issues import statements
from publisher.issues.frozen import Notes, all_notes, contents, frozen_folder, slugs
from publisher.issues.kept import Kept
from publisher.site.site import Gap, Issue, Site, Withheld
from publisher.week import Week

NO_NEWSLETTER = Problem(
    "archive.toml",
    "expected a table [newsletter], found none",
    "fill it in: title, base_url, tag_authority, from, list_id",
)


class Notice(Sidecar):
    """``issues/<week>/notice.toml``: why a week had no issue."""

    week: str
    reason: str
    words: Text


def newsletter(home: Home) -> Newsletter:
    """Raises `Refused` without one."""
    if home.configuration.newsletter is None:
        raise Refused([NO_NEWSLETTER])
    return home.configuration.newsletter


def constants(home: Home) -> dict[str, Any]:
    """Of a `Site`: what it is the same of at every issue, until somebody changes the configuration."""
    configuration = home.configuration
    return {
        "name": configuration.archive.name,
        "newsletter": newsletter(home),
        "criteria": tuple(configuration.review.criteria),
        "namespace": configuration.review.namespace,
        "origin": home.register.key.name,
        "vkey": str(home.register.key),
        "sample": configuration.archive.sample,
    }


def read(
    home: Home, *, size: int, time: dt.datetime, upcoming: Sequence[Issue] = (), before: Kept | None = None
) -> Site:
    """The site as its renderers see it at `time`, knowing the first `size` statements, and the issues among one more.

    With what was kept `before`, only what came after is read. Raises `VerificationError` or `Refused` where a record
    is not what was logged.
    """
    if home.signers.problems:  # without them nobody could know whose reviews count
        raise Refused(home.signers.problems)
    notes = before.notes if before else all_notes(home.root)
    issues = (*(before.issues if before else _issues(home, size, notes)), *upcoming)
    shown = {accession for issue in issues for accession in issue.slugs}
    withheld, waiting = _undecided(home, size, shown)
    return Site(
        **constants(home),
        time=time,
        statements=size,
        issues=issues,
        gaps=_gaps(home, size, before),
        withheld=withheld,
        waiting=waiting,
        allowed_signers=home.signers.data,
        notes=notes,
    )


def _issues(home: Home, size: int, notes: Notes) -> tuple[Issue, ...]:
    known = [index for index in statements.issued(home.register).values() if index <= size]
    return tuple(_issue(home, home.register.statement(index), number, notes) for number, index in enumerate(known, 1))


def _issue(home: Home, statement: Statement, number: int, notes: Notes) -> Issue:
    named = slugs(home, statement)
    return Issue(
        week=Week.parse(statement.predicate["week"]),
        number=number,
        time=statement.time,
        slugs=named,
        contents=cache(partial(contents, home, statement, named, notes)),
    )


def _gaps(home: Home, size: int, before: Kept | None) -> tuple[Gap, ...]:
    known = list(before.gaps if before else ())
    for index, statement in statements.silences(home.register, before.statements if before else 0):
        if index < size:
            known.append(_gap(home, index, statement))
    return tuple(sorted(known, key=lambda gap: gap.week))


def _gap(home: Home, index: int, statement: Statement) -> Gap:
    week = statement.predicate["week"]
    name = f"issues/{week}/notice.toml"
    data = read_file(frozen_folder(home, week) / name)
    if sums.digest(data) != statement.subjects[name]:
        place = f".archive/issues/{week}/{name}"
        raise Refused([Problem(place, "is not the notice that was logged", "bring it back from a copy")])
    notice = accepted(read_sidecar(data, name, Notice))
    return Gap(week=Week.parse(week), reason=notice.words, logged=Logged(index, statement.time), notice=data)


def _undecided(home: Home, size: int, shown: set[str]) -> tuple[tuple[Withheld, ...], tuple[tuple[str, Logged], ...]]:
    """Essays that were not published: withheld ones with their reviews, and the others."""
    rules = home.configuration.review.two_reviewers_for
    withheld, waiting = [], []
    lives = home.lives if size == home.register.size else Lives(home.register, size)
    for life in lives.unpublished():
        accession, logged = life.accession.number, life.intakes[0]
        if accession in shown:
            continue
        if life.state(rules) == "withheld":
            reviews = tuple(review_of(home, decision) for decision in life.last())
            withheld.append(Withheld(accession=accession, intake=logged, reviews=reviews))
        else:
            waiting.append((accession, logged))
    return tuple(withheld), tuple(waiting)
