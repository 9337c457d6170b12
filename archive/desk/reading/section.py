"""The pages of the section, by their addresses."""

from pathlib import Path

from starlette.responses import Response

from archive.desk.ask import Ask
from archive.desk.reading import asking, deposits, finding, interviews
from archive.desk.reading.held import numbered
from archive.desk.section import Route, Section


def _named(ask: Ask) -> Response:
    """``interviews/2026-0041/3`` is an interview, ``interviews/2026-0041/first-reading`` an analysis."""
    return interviews.interview(ask) if numbered(ask.path["name"]) else deposits.analysis(ask)


SECTION = Section(
    name="interviews",
    title="Interviews",
    key="i",
    folder=Path(__file__).parent,
    routes=(
        Route("GET", "interviews", deposits.listed),
        Route("GET", "interviews/search", finding.search),
        Route("GET", "interviews/{number}", deposits.deposit),
        Route("GET", "interviews/{number}/files/{name:path}", deposits.file),
        Route("GET", "interviews/{number}/{name}", _named),
        Route("GET", "interviews/{number}/{n}/turns", interviews.turns),
        Route("GET", "interviews/{number}/{n}/filed", interviews.filed),
        Route("GET", "interviews/{number}/{n}/cite", interviews.cite),
        Route("GET", "interviews/{number}/{n}/coverage", asking.coverage),
        Route("POST", "interviews/{number}/{n}/coverage", asking.note),
    ),
)
