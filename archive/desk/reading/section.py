"""The pages of the section, by their addresses."""

from pathlib import Path

from archive.desk.reading import asking, deposits, finding, interviews
from archive.desk.section import Route, Section

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
        Route("GET", "interviews/{number}/{n:int}", interviews.interview),
        Route("GET", "interviews/{number}/{n:int}/turns", interviews.turns),
        Route("GET", "interviews/{number}/{n:int}/cite", interviews.cite),
        Route("GET", "interviews/{number}/{n:int}/coverage", asking.coverage),
        Route("GET", "interviews/{number}/{slug}", deposits.analysis),
    ),
)
