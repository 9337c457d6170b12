"""Series: essays that say so in ``essay.toml`` (``series = "letters-home"``), in the order in which they came out.

``series/index.html`` names every series, ``series/letters-home/index.html`` the first hundred parts of one,
``series/letters-home/2/index.html`` the next: a page grows at its end, and none for ever.
"""

from collections.abc import Iterator
from functools import partial
from typing import NamedTuple

from publisher.site.page import TOLD, fill, moved, part
from publisher.site.plan import Plan, Planned, named
from publisher.site.site import Issue, Site

OVERVIEW = "series/index.html"
PAGE = 100
"""Parts on one page."""


class Place(NamedTuple):
    """Where an essay stands."""

    issue: Issue
    accession: str
    slug: str


class Part(NamedTuple):
    """An essay's place in its series."""

    series: str
    number: int
    """1 for the first that is there: one that was withdrawn is not counted."""
    before: Place | None
    after: Place | None

    @property
    def inputs(self) -> str:
        """What a page is made of that shows it."""
        return f"{self.series}:{self.number} {label(self.before)} {label(self.after)}"


def label(place: Place | None) -> str:
    """An essay's name in `Planned.inputs`; a dash for none."""
    return place.accession if place else "-"


def places(site: Site) -> Iterator[Place]:
    """Every essay that was published and not withdrawn, the oldest first."""
    for issue in site.issues:
        yield from (Place(issue, *names) for names in site.there(issue).items())


def every(site: Site) -> dict[str, list[Place]]:
    """The parts of each series, by its slug; in the order in which they began."""
    found: dict[str, list[Place]] = {}
    for place in places(site):
        if series := place.issue.series.get(place.accession):
            found.setdefault(series, []).append(place)
    return found


def parts(series: dict[str, list[Place]]) -> dict[str, Part]:
    """By accession."""
    return {
        place.accession: Part(name, number, before, after)
        for name, those in series.items()
        for number, (before, place, after) in enumerate(zip([None, *those], those, [*those[1:], None], strict=False), 1)
    }


def path(slug: str, page: int = 1) -> str:
    """``series/letters-home/2/index.html``"""
    return f"series/{slug}/{f'{page}/' if page > 1 else ''}index.html"


def plan(site: Site, series: dict[str, list[Place]]) -> Plan:
    """The pages of all series."""
    if series:
        spans = [(name, len(those), those[0].issue, those[-1].issue) for name, those in series.items()]
        inputs = named(*(f"{name}:{count}:{first.week}:{last.week}" for name, count, first, last in spans))
        yield OVERVIEW, Planned(inputs, partial(fill, site, OVERVIEW, "all-series.html", all=spans))
    for name, those in series.items():
        pages = [those[start : start + PAGE] for start in range(0, len(those), PAGE)]
        for number, shown in enumerate(pages, 1):
            said = (f"{place.accession}:{site.called(place.issue)}" for place in shown)
            inputs = named(*said, str(number < len(pages)))
            yield path(name, number), Planned(inputs, partial(_page, site, name, number, shown, number < len(pages)))


def line(site: Site, place: Place) -> str:
    """What the pages of a series say of an essay."""
    if place.issue.told:
        return place.issue.told.lines[list(site.there(place.issue)).index(place.accession)]
    return part(site, "line.html", root=TOLD, essay=place.issue.essay(place.accession))


def _page(site: Site, name: str, number: int, shown: list[Place], following: bool) -> bytes:
    here, first = path(name, number), (number - 1) * PAGE + 1
    lines = [(part, place.issue, moved(line(site, place), here)) for part, place in enumerate(shown, first)]
    return fill(site, here, "series.html", series=name, number=number, lines=lines, following=following)
