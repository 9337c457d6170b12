"""A plan as iCalendar (RFC 5545), for the calendars that people have: an event of a whole day on which each task ends.

Events, not to-dos: every calendar shows an event of a file, while Google Calendar and Outlook pass over a VTODO and
Apple keeps to-dos in another program. They stay free (TRANSPARENT), and on a day that may move they are TENTATIVE.

Imported again, the same entries are brought up to date: the UID of a task is made of the register's name, the model and
the task (UUID version 5), and SEQUENCE, the revision, is the number of statements that the plan rests on.
"""

import datetime as dt
import uuid
from typing import TYPE_CHECKING

from archive import __version__
from archive.errors import not_installed
from archive.research.plan import Plan, Task
from archive.research.wording import dated

if TYPE_CHECKING:
    from icalendar import Event


def ics(plan: Plan) -> bytes:
    """The file. Raises `Error` where icalendar is not installed."""
    try:
        from icalendar import Calendar
    except ImportError:
        raise not_installed("a calendar", "icalendar") from None
    model = plan.life.model
    calendar = Calendar()
    calendar.add("prodid", f"-//Emeritus//archive {__version__}//EN")
    calendar.add("version", "2.0")
    calendar.add("x-wr-calname", f"Retirement of {model.name.strip() or model.id}")
    stage = plan.retirement
    if stage and stage.begins:
        words = "\n".join(f"{event.surface}: {dated(event)}" for event in plan.ends)
        calendar.add_component(_event(plan, "retirement", "Retired", words, stage.begins, tentative=not stage.firm))
    for task in plan.tasks:
        if day := task.before or task.after:
            title = f"Done: {task.title}" if task.state == "done" else task.title
            calendar.add_component(_event(plan, task.id, title, _words(task), day, tentative=task.movable))
    return bytes(calendar.to_ical())


def _event(plan: Plan, name: str, title: str, words: str, day: dt.date, *, tentative: bool) -> "Event":
    from icalendar import Event

    model = plan.life.model
    event = Event()
    event.add("uid", str(uuid.uuid5(uuid.NAMESPACE_URL, f"{plan.origin}/plan/{model.id}/{name}")))
    event.add("sequence", plan.size)
    event.add("dtstamp", plan.time)
    event.add("dtstart", day)
    if day < dt.date.max:
        event.add("dtend", day + dt.timedelta(days=1))
    event.add("summary", f"{title} ({model.name.strip() or model.id})")
    event.add("description", words)
    event.add("status", "TENTATIVE" if tentative else "CONFIRMED")
    event.add("transp", "TRANSPARENT")
    return event


def _words(task: Task) -> str:
    window = f"From {task.after} to {task.before}." if task.after and task.before else ""
    lines = (task.rule.says, window, task.found.said, task.found.next, f"Source: {task.rule.source}")
    return "\n".join(filter(None, lines))
