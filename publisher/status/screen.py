"""A status as a person reads it: in one screen of 80 columns and 24 lines where a week goes as weeks do."""

import datetime as dt
import textwrap
from collections.abc import Iterator, Sequence

from archive.home.configuration import WEEKDAYS
from archive.register.statement import decode_time
from archive.wording import many, shorten, written
from publisher.issues.action import Action
from publisher.status.status import Status
from publisher.status.waiting import Waiting
from publisher.week import Week

_MOST = 6
"""Of essays, and of things to do, on a screen."""


def lines(found: Status, width: int | None = None) -> Iterator[str]:
    """What stands, line by line: on a screen of `width` columns wrapped and the less urgent left out, else whole."""
    rows = [headline(found), *_last(found)]
    essays = [
        row for essay in found.essays[: _MOST if width else None] for row in _essay(essay, found.now, bool(width))
    ]
    actions = [f"{'failed' if action.failed else 'to do'}: {action}" for action in _shown(found.actions, width)]
    seen = [f"{sight.name}  has seen {sight.size} of {found.statements} statements" for sight in found.witnesses]
    seen += [
        f"{copy.place}  had {copy.size} of {found.statements} statements on {copy.time[:10]}" for copy in found.copies
    ]
    if width and (more := len(found.essays) - _MOST) > 0:
        essays.append(f"… {many(more, 'essay')} more; `publisher status | less` shows all")
    if width and (more := len(found.actions) - _MOST) > 0:
        actions.append(f"… {more} more; `publisher status | less` shows all")
    for number, block in enumerate(filter(None, (rows, essays, actions, seen))):
        yield from ["", *wrapped(block, width)] if number else wrapped(block, width)


def notes(found: Status, width: int | None = None) -> Iterator[str]:
    """What should be known besides."""
    return wrapped([f"note: {warning}" for warning in found.warnings], width)


def last_line(found: Status) -> str:
    """What to type next."""
    if found.next:
        return f"next: {found.next}"
    until = f" until {_date(found.day)}" if found.day and not found.due else ""
    return f"next: nothing{until}; when a text comes in: publisher submit FILE"


def headline(found: Status) -> str:
    """``Letters After, 2026-W48: due since Friday, 27 November 2026``"""
    name, day = f"{found.title}, {found.week}", found.day
    if found.due and day:
        return f"{name}: due since {_date(day)}"
    state = "done" if found.published else "not due yet"
    if not day:
        return f"{name}: {state}; no further week is promised"
    later = Week.of(day)
    return (
        f"{name}: {state}; {later} is due on {_date(day)}"
        if later != found.week
        else f"{name}: {state}, on {_date(day)}"
    )


def _last(found: Status) -> Iterator[str]:
    if found.last and found.last != found.week:
        yield f"the newest issue is that of {found.last}"


def _date(day: dt.date) -> str:
    return f"{WEEKDAYS[day.weekday()].capitalize()}, {written(day)}"


def _essay(essay: Waiting, now: str, short: bool) -> Iterator[str]:
    days = (decode_time(now) - decode_time(essay.since)).days
    age = many(days, "day") if days else "since today"
    since = age if short or not days else f"since {essay.since[:10]} ({age})"
    slug = shorten(essay.slug, 30) if short else essay.slug
    yield f"{essay.accession}  {essay.state:8}  {slug}  for {essay.waits_for}, {since}"
    if short and essay.missing:
        yield f"    {many(len(essay.missing), 'thing')} missing: publisher problems {essay.accession}"
    elif not short:
        yield from (f"    {problem}" for problem in essay.missing)


def _shown(actions: Sequence[Action], width: int | None) -> Sequence[Action]:
    return actions[:_MOST] if width else actions


def wrapped(rows: Sequence[str], width: int | None) -> Iterator[str]:
    """Lines of at most `width` columns; only a word that is longer, such as a path, stands whole."""
    for row in rows:
        if width is None:
            yield row
        else:
            indent = " " * (len(row) - len(row.lstrip()) + 4)
            yield from textwrap.wrap(
                row, width, subsequent_indent=indent, break_long_words=False, break_on_hyphens=False
            )
