"""The rules of weeks: which one it is, when its issue is due, and that each is published or explained, in order."""

import datetime as dt
from zoneinfo import ZoneInfo

from archive.errors import Problem
from archive.home.configuration import WEEKDAYS, Newsletter
from archive.home.home import Home
from archive.register.register import Register
from publisher.issues.statements import explained, issued
from publisher.week import Week, between


def this_week(letter: Newsletter, now: dt.datetime) -> Week:
    """The week it is where the newsletter is made."""
    return Week.of(now.astimezone(ZoneInfo(letter.timezone)).date())


def due(letter: Newsletter, now: dt.datetime) -> bool:
    """Whether this week is promised, and its day of publishing has come."""
    come = now.astimezone(ZoneInfo(letter.timezone)).weekday() >= WEEKDAYS.index(letter.weekday)
    return come and promised(letter, this_week(letter, now))


def day_of(letter: Newsletter, week: Week) -> dt.date:
    """The day on which a week's issue is due."""
    return week.monday + dt.timedelta(days=WEEKDAYS.index(letter.weekday))


def promised(letter: Newsletter, week: Week) -> bool:
    """Whether a week lies in ``[newsletter.run]``; every week does where no end is said."""
    run = letter.run
    early = run.since is not None and week < Week.parse(run.since)
    late = run.until is not None and week > Week.parse(run.until)
    return not early and not late


def unexplained(register: Register, letter: Newsletter, until: Week) -> list[Week]:
    """Promised weeks before `until`, since the first, that have neither an issue nor a notice."""
    known = {*issued(register), *explained(register)}
    first = Week.parse(letter.run.since or min(known, default=str(until)))
    silent = [week for week in between(first, until) if week != until and str(week) not in known]
    return [week for week in silent if promised(letter, week)]


def week_problems(home: Home, letter: Newsletter, week: Week, now: Week) -> list[Problem]:
    """Everything that speaks against an issue in this week."""
    place, found = str(week), []
    if week > now:
        found.append(Problem(place, f"has not begun yet: it is {now}", "publish it when it has"))
    if str(week) in explained(home.register):
        found.append(Problem(place, "was explained as a week without an issue", "publish in the next one"))
    if later := [each for each in issued(home.register) if each > str(week)]:
        found.append(Problem(place, f"comes before {min(later)}, which was published", "weeks are published in order"))
    run = letter.run
    if not promised(letter, week):
        weeks = f"{run.since or '…'} to {run.until or '…'}"
        found.append(Problem(place, f"is outside the run {weeks}", "change [newsletter.run] in archive.toml"))
    for gap in unexplained(home.register, letter, week):
        remedy = f"`publisher publish {gap}` or `publisher skip {gap} --reason …`"
        found.append(Problem(str(gap), "was neither published nor explained", remedy))
    return found
