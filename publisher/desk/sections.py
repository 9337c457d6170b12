"""In the order of the navigation; named by the entry point ``emeritus.desk`` in pyproject.toml."""

from archive.desk.section import Section
from publisher.desk.essays.section import SECTION as ESSAYS
from publisher.desk.week.section import SECTION as WEEK

SECTIONS: tuple[Section, ...] = (ESSAYS, WEEK)
