"""From the records of a home or of a published site, and a prefix of the register to a `Site`."""

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from functools import cache, partial

from archive.errors import Refused, accepted
from archive.home.accession import Logged
from archive.records.record import Sidecar
from archive.records.sidecar import read as read_sidecar
from archive.register.statement import Statement
from publisher.essays.asked import Samplings, samplings
from publisher.essays.essay import Text
from publisher.essays.submission import review_of
from publisher.issues import statements
from publisher.issues.fates import Out, asking, fate, pages, sampled
from publisher.issues.frozen import contents, said, slugs
from publisher.issues.kept import Kept
from publisher.issues.source import Source
from publisher.issues.withdrawn import withdrawals
from publisher.site.site import Contents, Fate, Files, Gap, Issue, Site, Withheld
from publisher.week import Week

Hold = Callable[[Callable[[], Contents]], Callable[[], Contents]]
"""What reads an issue's contents → what gives them, read once or again."""


class Notice(Sidecar):
    """``issues/<week>/notice.toml``: why a week had no issue."""

    week: str
    reason: str
    words: Text


def read(
    source: Source,
    *,
    size: int,
    time: dt.datetime,
    upcoming: Sequence[Issue] = (),
    before: Kept | None = None,
    hold: Hold = cache,
) -> Site:
    """The site as its renderers see it at `time`, knowing the first `size` statements, and the issues among one more.

    With what was kept `before`, only what came after is read. `hold` says for how long an issue's contents are held
    once something was made of them: for good, unless told. Raises `VerificationError` or `Refused` where a record
    is not what was logged.
    """
    signers = source.reviewers.before(size)
    if signers.problems:  # without them nobody could know whose reviews count
        raise Refused(signers.problems)
    issues = (*(before.issues if before else _issues(source, size, hold)), *upcoming)
    shown = _out(source, size, issues)
    asked = samplings(source.register, size)
    withheld, undecided, void = _undecided(source, size, asked, shown)
    waiting = tuple(each for each in undecided if not each.passed_over)
    withdrawn = withdrawals(source, issues)
    authors = {model for issue in issues for model in issue.authors.values()}
    return Site(
        **(source.constants() | source.keyed(size)),
        time=time,
        statements=size,
        issues=issues,
        gaps=_gaps(source, size, before),
        withheld=withheld,
        waiting=waiting,
        passed_over=len(undecided) - len(waiting),
        allowed_signers=signers.data,
        keys=_keys(source, size),
        notes=source.notes,
        withdrawn=withdrawn,
        room=source.room(size, authors, before.room if before else None),
        received=source.register.index.until(size).count(),
        intakes=pages(source, size, asked, shown, withdrawn),
        asking=asking(asked, shown),
        sampled=sampled(source, size, asked, shown, withdrawn),
        void=void,
    )


def _keys(source: Source, size: int) -> Files:
    """Every list and policy that was logged by then."""
    found = {each.path: each.data for each in source.reviewers.until(size).versions}
    for policy in source.policies:
        if policy.index < size:
            found |= {policy.path: policy.data, f"{policy.path}.tlog-proof": policy.proof}
    return found


def _issues(source: Source, size: int, hold: Hold) -> tuple[Issue, ...]:
    known = [index for index in statements.issued(source.register).values() if index <= size]
    return tuple(
        _issue(source, source.register.statement(index), number, hold) for number, index in enumerate(known, 1)
    )


def _issue(source: Source, statement: Statement, number: int, hold: Hold) -> Issue:
    named = slugs(source, statement)
    week = statement.predicate["week"]
    told = {accession: said(source, week, slug) for accession, slug in named.items()}
    return Issue(
        week=Week.parse(week),
        number=number,
        time=statement.time,
        slugs=named,
        authors={each: model for each, (model, _) in told.items() if model},
        series={each: series for each, (_, series) in told.items() if series},
        contents=hold(partial(contents, source, statement, named)),
    )


def _gaps(source: Source, size: int, before: Kept | None) -> tuple[Gap, ...]:
    known = list(before.gaps if before else ())
    for index, statement in statements.silences(source.register, before.statements if before else 0):
        if index < size:
            known.append(_gap(source, index, statement))
    return tuple(sorted(known, key=lambda gap: gap.week))


def _gap(source: Source, index: int, statement: Statement) -> Gap:
    week = statement.predicate["week"]
    name = f"issues/{week}/notice.toml"
    data = source.notice(week, name, statement.subjects[name])
    notice = accepted(read_sidecar(data, name, Notice))
    return Gap(week=Week.parse(week), reason=notice.words, logged=Logged(index, statement.time), notice=data)


def _undecided(
    source: Source, size: int, asked: Samplings, shown: Mapping[str, Out]
) -> tuple[tuple[Withheld, ...], tuple[Fate, ...], tuple[int, ...]]:
    """Essays that were not published: withheld ones with their reviews, and the others; decisions that do not count."""
    rules = source.settings.review.two_reviewers_for
    withheld, waiting, void = [], [], []
    lives = source.lives if size == source.register.size else source.lives_at(size)
    for life in lives.unpublished():
        accession, logged = life.accession.number, life.intakes[0]
        if accession in shown:
            continue
        void += [decision.index for decision in life.decisions if decision.refused]
        if life.state(rules) == "withheld":
            reviews = tuple(review_of(source, decision) for decision in life.last())
            withheld.append(Withheld(accession=accession, intake=logged, reviews=reviews))
        else:
            waiting.append(fate(source, life, asked, shown))
    return tuple(withheld), tuple(waiting), tuple(sorted(void))


def _out(source: Source, size: int, issues: Sequence[Issue]) -> dict[str, Out]:
    """Accession → where it was published."""
    index = statements.issued(source.register)
    return {
        accession: Out(str(issue.week), slug, Logged(index.get(str(issue.week), size), issue.time))
        for issue in issues
        for accession, slug in issue.slugs.items()
    }
