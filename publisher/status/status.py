"""This week, what waits for whom and since when, what is due, what failed, and the next command to type."""

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from archive.deposits.embargoes import embargoes
from archive.errors import Problem
from archive.home import setup, witnesses
from archive.home.configuration import Newsletter
from archive.home.home import Home
from archive.register.statement import encode_time
from archive.register.sums import LIST
from archive.wording import listed, many
from publisher.essays.submission import read_all, read_file
from publisher.issues import sent
from publisher.issues.action import Action
from publisher.issues.build import differences
from publisher.issues.source import newsletter
from publisher.issues.statements import explained, issued
from publisher.issues.weeks import day_of, due, promised, this_week, unexplained
from publisher.status import elsewhere
from publisher.status.choice import Known, together
from publisher.status.elsewhere import Copy
from publisher.status.waiting import Waiting, waiting
from publisher.week import Week


@dataclass(frozen=True, slots=True, kw_only=True)
class Status:
    """All of it."""

    title: str
    now: str
    """The time it is told at, RFC 3339."""
    week: Week
    published: bool
    """Whether this week's issue is out, or the week explained."""
    due: bool
    day: dt.date | None
    """When the next issue is due that is neither out nor explained; None where no more is promised."""
    last: Week | None
    """The newest week with an issue."""
    unexplained: tuple[Week, ...]
    essays: tuple[Waiting, ...]
    actions: tuple[Action, ...]
    """Who must do what, the most urgent first; empty when nothing is to be done."""
    warnings: tuple[str, ...]
    witnesses: tuple[witnesses.Sight, ...]
    """How far each witness has seen the register."""
    copies: tuple[Copy, ...]
    """Of the register, on other machines; the newest last."""
    statements: int
    """How many the register has."""
    damaged: bool
    """Whether ``allowed_signers`` must be mended before anything can be decided or published."""

    @property
    def next(self) -> str:
        """The command to type next; empty where none helps or nothing is to be done."""
        return next((action.command for action in self.actions if action.command), "")


def status(home: Home, state: Path) -> Status:
    """Read everything, change nothing; `state` is where `publisher follow` keeps what it saw.

    Raises `Refused` without a newsletter.
    """
    letter, register, now = newsletter(home), home.register, home.now()
    week, sights, copies = this_week(letter, now), witnesses.sights(home), elsewhere.copies(home, state)
    known = [Known(each, *found) for each in read_all(home) if (found := waiting(home, each))]
    essays, steps = together(home, known)
    out = str(week) in {*issued(register), *explained(register)}
    gaps, is_due, wrong = unexplained(register, letter, week), not out and due(letter, now), setup.problems(home)
    actions = [
        *(Action(what=f"somebody mends {problem}", failed=True) for problem in wrong),
        *_clock(home, now),
        *_other_histories(copies),
        *elsewhere.actions(home),
        *sent.actions(home),
        *_weeks(gaps, week if is_due else None, essays),
        *_reviewers(home, now, essays),
        *steps,
        *_embargoes(home, now),
        *_site(home, wrong),
        *_witnesses(sights, register.size),
    ]
    return Status(
        title=letter.title,
        now=encode_time(now),
        week=week,
        published=out,
        due=is_due,
        day=_day(letter, week.next if out else week),
        last=max(map(Week.parse, issued(register)), default=None),
        unexplained=tuple(gaps),
        essays=tuple(essays),
        actions=tuple(sorted(actions, key=lambda action: not action.failed)),
        damaged=bool(wrong),
        warnings=tuple(alone(home, sights, copies, essays)),
        witnesses=tuple(sights),
        copies=tuple(copies),
        statements=register.size,
    )


def plain(found: Status) -> dict[str, Any]:
    """For programs."""
    weeks = {"week": str(found.week), "last": found.last and str(found.last)}
    return asdict(found) | weeks | {"unexplained": [str(week) for week in found.unexplained], "next": found.next}


def _day(letter: Newsletter, week: Week) -> dt.date | None:
    """When the first promised week from this one on is due."""
    first = max(week, Week.parse(letter.run.since)) if letter.run.since else week
    return day_of(letter, first) if promised(letter, first) else None


def _clock(home: Home, now: dt.datetime) -> Iterator[Action]:
    newest = home.register.index.newest()
    if newest > encode_time(now):
        what = f"the newest statement says it was made at {newest}, and the clock says {encode_time(now)}"
        until = "until then nothing can be logged, no issue published"
        yield Action(what=f"somebody sets the clock right: {what}; {until}", failed=True)


def _reviewers(home: Home, now: dt.datetime, essays: Sequence[Waiting]) -> Iterator[Action]:
    """That none of the listed keys counts now, where something waits for one: none is listed, or all have ended."""
    signers, namespace = home.signers, home.configuration.review.namespace
    undecided = any(essay.state in ("waiting", "held") for essay in essays)
    counting = [each for each in signers.listed if not signers.fault(each.fingerprint, namespace, now)]
    if undecided and not counting and not signers.problems:
        what = "somebody lists a reviewer in allowed_signers: no key in it may sign a review now"
        yield Action(what=what, command="publisher setup")


def _weeks(gaps: Sequence[Week], week: Week | None, essays: Sequence[Waiting]) -> Iterator[Action]:
    """`week` is this one where it is due."""
    states = {essay.state for essay in essays}
    for first, last in _rows(gaps):
        weeks = str(first) if first == last else f"{first}..{last}"
        what = f"{weeks} went by without an issue and without a reason"
        if "approved" in states:
            yield Action(what=f"{what}; an editor publishes it late", command=f"publisher publish {first}", failed=True)
        else:
            yield Action(what=f"{what}; an editor gives one", command=f"publisher skip {weeks} --reason …", failed=True)
    if week and "approved" in states:
        yield Action(what=f"an editor publishes {week}", command="publisher publish")
    elif week and states:
        what = f"{week} is due and no essay is approved: review one, or publisher skip {week} --reason …"
        yield Action(what=what)
    elif week:
        what = f"{week} is due and no essay is approved: submit one, or"
        yield Action(what=what, command=f"publisher skip {week} --reason …")


def _rows(weeks: Sequence[Week]) -> list[tuple[Week, Week]]:
    """The first and the last of weeks that follow each other."""
    rows: list[tuple[Week, Week]] = []
    for week in weeks:
        first, last = rows[-1] if rows else (week, week)
        if rows and last.next == week:
            rows[-1] = (first, week)
        else:
            rows.append((week, week))
    return rows


def _embargoes(home: Home, now: dt.datetime) -> Iterator[Action]:
    known = embargoes(home)
    for number in sorted(known.over(now.date())):
        if (day := known.until[number]).year > 1:  # of others only their folder says it
            what = f"the embargo of {number} is over since {day}, and it is still closed; the next issue opens it, or"
            yield Action(what=what, command="publisher publish --site", failed=True)


def _site(home: Home, wrong: Sequence[Problem]) -> Iterator[Action]:
    if not wrong and (different := differences(home)):
        yield Action(what=f"newer records change {many(len(different), 'page')}", command="publisher publish --site")
    elif read_file(home.site / LIST) != read_file(home.hidden / "issues" / LIST):
        what = "site/ is not what was published; somebody makes it again"
        yield Action(what=what, command="publisher build", failed=True)


def _witnesses(sights: Sequence[witnesses.Sight], size: int) -> Iterator[Action]:
    if behind := [each.name for each in sights if each.size < size]:
        yield Action(what=f"somebody has the newest statements seen by {', '.join(behind)}", command="publisher cosign")


def _other_histories(copies: Sequence[Copy]) -> Iterator[Action]:
    for copy in copies:
        if not copy.whole:
            what = (
                f"{copy.place} showed {many(copy.size, 'statement')} on {copy.time[:10]} that are no beginning of these"
            )
            yield Action(what=f"{what}: was a backup restored? Bring the newer .archive/register back", failed=True)


def alone(
    home: Home, sights: Sequence[witnesses.Sight], copies: Sequence[Copy], essays: Sequence[Waiting]
) -> Iterator[str]:
    """That an intake rests on the publisher's word: nobody else has seen it, or not before the text may be read."""
    size = home.register.size
    up_to_date = [each.name for each in sights if each.size == size]
    if up_to_date and witnesses.policy(home).enough(up_to_date):
        return
    seen = max((copy.size for copy in copies if copy.whole), default=0)
    unseen = [f"{essay.accession} {essay.slug}" for essay in essays if essay.unread and essay.intake >= seen]
    if not seen:
        yield _ALONE
    elif unseen:
        yield f"a copy of site/register as it is now must leave this machine before anyone reads {listed(unseen)}"


_ALONE = (
    "site/register must leave this machine before anyone reads a submitted text (publisher deploy): until a copy is "
    "elsewhere, that intake came before review rests on your word"
)
