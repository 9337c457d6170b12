"""What waits, what is due, who must act, what is missing."""

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from archive.errors import Problem
from archive.home import setup, witnesses
from archive.home.home import Home
from archive.register.statement import encode_time
from archive.register.sums import LIST
from publisher.essays.submission import Submission, read_all, read_file
from publisher.issues import sent
from publisher.issues.build import differences
from publisher.issues.source import newsletter
from publisher.issues.statements import explained, issued
from publisher.issues.weeks import due, this_week, unexplained
from publisher.week import Week


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """An essay that is not published, or of which something is gone."""

    accession: str
    slug: str
    state: str
    received: str
    """RFC 3339"""
    missing: tuple[Problem, ...]
    """What keeps it from being approved or published."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Status:
    """All of it."""

    week: Week
    published: bool
    """Whether this week's issue is out, or the week explained."""
    due: bool
    unexplained: tuple[Week, ...]
    essays: tuple[Waiting, ...]
    actions: tuple[str, ...]
    """Who must do what, a sentence each; empty when nothing is to be done."""
    warnings: tuple[str, ...]
    witnesses: tuple[witnesses.Sight, ...]
    """How far each witness has seen the register."""
    statements: int
    """How many the register has."""
    damaged: bool
    """Whether ``allowed_signers`` must be mended before anything can be decided or published."""


def status(home: Home) -> Status:
    """Read everything, change nothing. Raises `Refused` without a newsletter."""
    letter, register, now = newsletter(home), home.register, home.now()
    week, sights = this_week(letter, now), witnesses.sights(home)
    known = [found for submission in read_all(home) if (found := _waiting(home, submission))]
    essays = [essay for essay, _ in known]
    out = str(week) in {*issued(register), *explained(register)}
    gaps, is_due, wrong = unexplained(register, letter, week), not out and due(letter, now), setup.problems(home)
    up_to_date = [each.name for each in sights if each.size == register.size]
    enough = bool(up_to_date) and witnesses.policy(home).enough(up_to_date)
    return Status(
        week=week,
        published=out,
        due=is_due,
        unexplained=tuple(gaps),
        essays=tuple(essays),
        actions=(
            *(action for _, actions in known for action in actions),
            *_clock(home, now),
            *_reviewers(home, now, essays),
            *_weeks(gaps, week if is_due else None, essays),
            *_site(home, wrong),
            *sent.actions(home),
            *_witnesses(sights, register.size),
        ),
        damaged=bool(wrong),
        warnings=() if enough else (_ALONE,),
        witnesses=tuple(sights),
        statements=register.size,
    )


def _waiting(home: Home, submission: Submission) -> tuple[Waiting, list[str]] | None:
    """An essay, and who must act on it; None where nothing waits and nothing is gone."""
    state, changed = submission.state(home.configuration.review), submission.changed()
    over = state in ("published", "withheld", "withdrawn")
    if state == "withdrawn" or (over and not changed):
        return None
    missing = [*changed, *(submission.record if isinstance(submission.record, list) and not over else [])]
    folder, actions = home.relative(submission.folder), []
    if state in ("waiting", "held"):
        actions.append(f"a reviewer decides about {submission.name}: publisher review {submission.slug} …")
    if changed:
        actions.append(f"somebody brings back what is missing or changed in {folder}")
    if len(missing) > len(changed):
        actions.append(f"an editor completes {folder}/essay.toml")
    essay = Waiting(
        accession=submission.accession,
        slug=submission.slug,
        state=state,
        received=encode_time(submission.intake.time),
        missing=tuple(missing),
    )
    return essay, actions


def _clock(home: Home, now: dt.datetime) -> Iterator[str]:
    newest = home.register.index.newest()
    if newest > encode_time(now):
        what = f"the newest statement says it was made at {newest}, and the clock says {encode_time(now)}"
        yield f"somebody sets the clock right: {what}; until then nothing can be logged, no issue published"


def _reviewers(home: Home, now: dt.datetime, essays: Sequence[Waiting]) -> Iterator[str]:
    """That none of the listed keys counts now, where something waits for one: all were revoked, or ended."""
    signers, namespace = home.signers, home.configuration.review.namespace
    undecided = any(essay.state in ("waiting", "held") for essay in essays)
    ended = [bool(signers.fault(each.fingerprint, namespace, now)) for each in signers.listed]
    if undecided and ended and all(ended) and not signers.problems:
        yield "somebody lists a reviewer in allowed_signers: no key in it may sign a review now"


def _weeks(gaps: Sequence[Week], week: Week | None, essays: Sequence[Waiting]) -> Iterator[str]:
    """`week` is this one where it is due."""
    for gap in gaps:
        yield f"an editor explains {gap}: publisher skip {gap} --reason …"
    if week and any(essay.state == "approved" for essay in essays):
        yield f"an editor publishes {week}: publisher publish"
    elif week:
        yield f"{week} is due and no essay is approved: review one, or publisher skip {week} --reason …"


def _site(home: Home, wrong: Sequence[Problem]) -> Iterator[str]:
    yield from (f"somebody mends {problem}" for problem in wrong)
    if not wrong and (different := differences(home)):
        yield f"newer records change {len(different)} pages: publisher publish --site"
    elif read_file(home.site / LIST) != read_file(home.hidden / "issues" / LIST):
        yield "somebody makes the site again, which is not what was published: publisher build"


def _witnesses(sights: Sequence[witnesses.Sight], size: int) -> Iterator[str]:
    if behind := [each.name for each in sights if each.size < size]:
        yield f"somebody has the newest statements seen by {', '.join(behind)}: publisher cosign"


_ALONE = (
    "site/register must leave this machine before anyone reads a submitted text: until a copy is elsewhere, "
    "that intake came before review rests on your word"
)
