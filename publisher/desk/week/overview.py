"""The section's first page: what `publisher status` says, each thing to do with the place where it is done."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice

from starlette.responses import Response

from archive.desk.ask import Ask, goto, page
from archive.desk.section import Waiting
from archive.home.home import Home
from publisher.desk.week import actions
from publisher.issues.statements import explained, issued
from publisher.status import screen
from publisher.status.status import Status, status
from publisher.verify.follow import own_state
from publisher.week import Week

_MOST = 60
"""Weeks that are listed; older ones are read on the site."""


@dataclass(frozen=True, slots=True)
class Row:
    """A week in the list of them."""

    week: Week
    what: str
    """``issue, entry 9``"""


def overview(ask: Ask) -> Response:
    """Of the whole newsletter; without one, what it needs is asked first."""
    if ask.home.configuration.newsletter is None:
        return goto(ask, "week/setup")
    found = status(ask.home, own_state())
    doing = [(action, actions.sentence(action), actions.place(action, found.week)) for action in found.actions]
    return page(
        ask,
        "week/overview.html",
        found=found,
        doing=doing,
        headline=screen.headline(found),
        weeks=list(islice(_weeks(ask.home, found), _MOST)),
        sights=[(sight, _day(sight.time)) for sight in found.witnesses],
        copies=found.copies[-5:],
    )


def waiting(ask: Ask) -> Sequence[Waiting]:
    """What is to be done about weeks, for the first page of the desk."""
    if ask.home.configuration.newsletter is None:
        begun = next(ask.home.lives.unpublished(), None)  # of an archive alone nobody asks for one
        return [Waiting(what="a newsletter is not set up yet", place="week/setup")] if begun else []
    found = status(ask.home, own_state())
    doing = actions.of_the_week(found.actions, found.week)
    return [Waiting(what=actions.sentence(action), place=where or "week") for action, where in doing]


def _day(time: int | None) -> str:
    return "never" if time is None else dt.datetime.fromtimestamp(time, dt.UTC).date().isoformat()


def _weeks(home: Home, found: Status) -> list[Row]:
    """All of which something is said, and this one and what was missed; the newest first."""
    rows = {found.week: "this week", **dict.fromkeys(found.unexplained, "nothing yet")}
    rows |= {Week.parse(name): f"no issue, entry {index}" for name, index in explained(home.register).items()}
    rows |= {Week.parse(name): f"issue, entry {index}" for name, index in issued(home.register).items()}
    return [Row(week, rows[week]) for week in sorted(rows, reverse=True)]
