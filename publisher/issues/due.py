"""What the calendar asks for, done by a program that nobody watches: weeks that were missed, then this one.

A week's issue is due when its `weekday` begins in the newsletter's `timezone`, at midnight; the hour at which somebody
asks decides when it goes out. Week by week, oldest first:

- an essay is approved: it is published in that week;
- none is, and the week is over: that is explained, as what it was, by what the register shows;
- none is, and the week is this one: somebody must act while it lasts;
- something is in doubt, or more weeks are open than a short absence leaves: somebody must decide.
"""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from archive.errors import Problem, Refused
from archive.home.configuration import Newsletter
from archive.home.home import Home
from archive.wording import written
from publisher.issues import kept
from publisher.issues.build import Outcome
from publisher.issues.coming import choose
from publisher.issues.publish import publish
from publisher.issues.skip import skip
from publisher.issues.source import newsletter
from publisher.issues.statements import explained, issued
from publisher.issues.weeks import day_of, due, promised, this_week, unexplained
from publisher.week import Week

MOST = 4
"""Missed weeks that are published or explained without asking."""


@dataclass(frozen=True, slots=True)
class Explained:
    """A week that was over without an approved essay."""

    week: Week
    reason: str
    """A code of `publisher.issues.skip.REASONS`."""


def steps(home: Home, *, dry_run: bool = False) -> Iterator[Outcome | Explained]:
    """Do all that is due, week by week; each is given once it is done. Nothing is given where nothing is due.

    A dry run does nothing, and gives the first. Raises `Refused` where somebody must act; the weeks before it are done.
    """
    letter, now = newsletter(home), home.now()
    this = this_week(letter, now)
    missed = unexplained(home.register, letter, this)
    if len(missed) > MOST:
        what = f"{len(missed)} weeks were neither published nor explained, and {MOST} are decided without asking"
        remedy = (
            f"an editor decides: publisher publish {missed[0]}, or publisher skip {missed[0]}..{missed[-1]} --reason …"
        )
        raise Refused([Problem(f"{missed[0]} to {missed[-1]}", what, remedy)])
    open_now = due(letter, now) and str(this) not in {*issued(home.register), *explained(home.register)}
    for week in [*missed, *([this] if open_now else [])]:
        yield _step(home.reopened(), letter, week, over=week < this, dry_run=dry_run)
        if dry_run:
            return


def _step(home: Home, letter: Newsletter, week: Week, *, over: bool, dry_run: bool) -> Outcome | Explained:
    chosen, problems = choose(home, letter, (), kept.read(home))
    if not chosen and len(problems) == 1:  # that nothing is approved, and nothing else
        if not over:
            place, remedy = str(week), f"a reviewer decides, or an editor explains: publisher skip {week} --reason …"
            raise Refused([Problem(place, f"is due, and {problems[0].found}", remedy)])
        reason = _reason(home, letter, week)
        if not dry_run:
            skip(home, [week], reason)
        return Explained(week, reason)
    return publish(home, week, dry_run=dry_run)


def _reason(home: Home, letter: Newsletter, week: Week) -> str:
    """Whether anything had come in before the week was over that was not published."""
    end = _midnight(letter, week.next.monday)
    came = any(life.intakes[0].time < end for life in home.lives.unpublished())
    return "nothing-approved" if came else "nothing-submitted"


def _midnight(letter: Newsletter, day: dt.date) -> dt.datetime:
    return dt.datetime.combine(day, dt.time(), ZoneInfo(letter.timezone))


def waiting(home: Home) -> str:
    """What is due next, and when, for people: ``not due yet: 2026-W49 is due on Friday, 4 December 2026, …``."""
    letter, now = newsletter(home), home.now()
    week = this_week(letter, now)
    if str(week) in {*issued(home.register), *explained(home.register)}:
        week = week.next
    if letter.run.since:
        week = max(week, Week.parse(letter.run.since))
    if not promised(letter, week):
        return f"nothing is due any more: the run ended with {letter.run.until}"
    day = day_of(letter, week)
    name = letter.weekday.capitalize()
    return f"not due yet: {week} is due on {name}, {written(day)}, 0:00 ({letter.timezone})"
