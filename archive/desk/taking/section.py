"""The section: what waits to be filed, and the record of what was."""

from collections.abc import Sequence
from pathlib import Path

from archive.desk.ask import Ask
from archive.desk.section import Route, Section
from archive.desk.section import Waiting as Work
from archive.desk.taking import filed, filing, waiting
from archive.desk.taking.inbox import Inbox
from archive.wording import many


def _waiting(ask: Ask) -> Sequence[Work]:
    left = len(Inbox(ask.desk.kept).all())
    return [Work(what=f"{many(left, 'log')} to be filed", place="taking-in")] if left else []


SECTION = Section(
    name="taking-in",
    title="Take in",
    key="t",
    folder=Path(__file__).parent,
    routes=(
        Route("GET", "taking-in", waiting.first),
        Route("PUT", "taking-in/files/{name:path}", waiting.drop),
        Route("PUT", "taking-in/folders/{token}/{name:path}", waiting.drop_in),
        Route("POST", "taking-in/folders/{token}", waiting.dropped),
        Route("GET", "taking-in/some", waiting.some),
        Route("GET", "taking-in/waiting/{ids}", waiting.form),
        Route("GET", "taking-in/waiting/{ids}/row", waiting.row),
        Route("POST", "taking-in/waiting/{ids}", filing.file),
        Route("POST", "taking-in/waiting/{ids}/rehearse", waiting.rehearse),
        Route("POST", "taking-in/waiting/{ids}/away", waiting.put_away),
        Route("GET", "taking-in/like/{number}", filed.like),
        Route("GET", "taking-in/{number}", filed.form),
        Route("POST", "taking-in/{number}", filed.save),
        Route("GET", "taking-in/{number}/{n:int}", filed.form),
        Route("POST", "taking-in/{number}/{n:int}", filed.save),
    ),
    waiting=_waiting,
)
