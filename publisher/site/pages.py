"""The reading pages: a `Site` in, files out. No clock, no network, no script; the same site gives the same bytes.

Links within the site are relative and name their file (``../../essays/on-commas/index.html``), so a saved copy reads
like the site itself, under any address. Only what must name the site from outside is absolute: canonical links,
Open Graph, JSON-LD, ``sitemap.xml`` and the addresses in ``index.json``.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import partial
from itertools import groupby
from typing import TypeVar
from urllib.parse import urlsplit

from markupsafe import Markup

from archive.register import sums
from publisher.site import (
    about,
    by_hand,
    card,
    comparisons,
    fate,
    feed,
    hosting,
    interviews,
    meta,
    models,
    protocols,
    search,
    series,
    verifier,
)
from publisher.site.candidates import asked_for
from publisher.site.colophon import sampled, topic
from publisher.site.page import TOLD, fill, moved, part
from publisher.site.plan import Plan, Planned, named
from publisher.site.site import Gap, IntakePage, Issue, Site

Thing = TypeVar("Thing")
_Week = Issue | Gap
RECENT = 12
"""Weeks that the first page lists; those before stand on a page a year."""


def plan(site: Site) -> Plan:
    """Every page a person reads, and the small files beside them.

    Frozen essay folders, mails, feeds, the register and the lists of sums are made elsewhere; pages link to them.
    """
    yield from _overview(site)
    yield from _weeks(site)
    yield from _years(site)
    serial = series.every(site)
    yield from _essays(site, series.parts(serial))
    yield from series.plan(site, serial)
    yield from models.plan(site)
    yield from interviews.plan(site)
    yield from protocols.plan(site)
    yield from comparisons.plan(site)
    yield from search.plan(site)
    yield from hosting.plan(site)


# Pages.


def _overview(site: Site) -> Plan:
    yield "index.html", Planned(None, partial(_index, site))
    yield "register/index.html", Planned(None, partial(fill, site, "register/index.html", "register.html"))
    for page in site.intakes:
        folder = fate.path(page)
        yield (
            f"{folder}index.html",
            Planned(f"{page.inputs} {len(site.intakes) > page.number}", partial(_intakes, site, page)),
        )
        yield f"{folder}intakes.json", Planned(page.inputs, partial(fate.data, site, page))
    channels = feed.channels(site)
    titles = sums.digest(repr([(each.path, each.name) for each in channels]).encode())
    yield "feeds/index.html", Planned(titles, partial(fill, site, "feeds/index.html", "feeds.html", channels=channels))
    yield about.PAGE, Planned(None, partial(about.page, site))
    yield "404.html", Planned("", partial(_not_found, site))
    yield verifier.PAGE, Planned("", partial(checking, site))
    newest = by_hand.newest(site)
    yield by_hand.PAGE, Planned(_label(site, newest) if newest else "-", partial(_by_hand, site))


def _intakes(site: Site, page: IntakePage) -> bytes:
    following = len(site.intakes) > page.number
    address = f"{fate.path(page)}index.html"
    return fill(site, address, "intakes.html", page=page, fates=page.fates(), following=following)


def _index(site: Site) -> bytes:
    weeks = _by_week(site)[::-1]
    latest = site.issues[-1] if site.issues else None
    years = list(_by_year(weeks))
    shown = {"latest": latest, "items": _items(site, weeks[:RECENT], "index.html"), "years": years, "recent": RECENT}
    return fill(site, "index.html", "index.html", serial=bool(series.every(site)), **shown)


def _not_found(site: Site) -> bytes:
    """What a host shows at any address where nothing is: so its links start at the root of the host."""
    path = urlsplit(site.newsletter.base_url).path.strip("/")
    root = f"/{path}/" if path else "/"
    return part(site, "404.html", root=root, address=site.url("404.html")).encode()


def checking(site: Site) -> bytes:
    """The page that checks: the same as long as the program, the newsletter and the key are."""
    return fill(site, verifier.PAGE, "verify.html", **verifier.page_values())


def _by_hand(site: Site) -> bytes:
    return fill(site, by_hand.PAGE, "by-hand.html", **by_hand.page_values(site))


def _items(site: Site, weeks: Iterable[_Week], path: str) -> list[Markup]:
    told = (week.told.item if isinstance(week, Issue) and week.told else item(site, week) for week in weeks)
    return [moved(each, path) for each in told]


def item(site: Site, week: _Week) -> str:
    """What pages say of a week in a list of several."""
    return part(site, "week.html", root=TOLD, week=week)


def lines(site: Site, issue: Issue) -> tuple[str, ...]:
    """What the pages of a series say of each essay of an issue; of one that is in none, nothing."""
    places = [series.Place(issue, *names) for names in site.there(issue).items()]
    return tuple(series.line(site, each) if each.accession in issue.series else "" for each in places)


def _weeks(site: Site) -> Plan:
    labelled = [(week, _label(site, week)) for week in _by_week(site)]
    for before, (week, label), after in _neighbours(labelled):
        path = f"issues/{week.week}/index.html"
        template = "issue.html" if isinstance(week, Issue) else "gap.html"
        around = {"before": before and before[0], "after": after and after[0]}
        make = partial(fill, site, path, template, week=week, **around)
        yield path, Planned(f"{before[1] if before else '-'} {label} {after[1] if after else '-'}", make)


def _label(site: Site, week: _Week) -> str:
    if isinstance(week, Gap):
        return f"{week.week}:none"
    return "+".join([f"{week.week}:{site.called(week)}", *(each.name for each in site.gone(week))])


def _years(site: Site) -> Plan:
    """Each year's weeks: a page of them all would grow for ever."""
    for after, (year, weeks), before in _neighbours(list(_by_year(_by_week(site)[::-1]))):
        around = {"before": before and before[0], "after": after and after[0]}
        inputs = named(*(_label(site, week) for week in weeks), repr(around))
        yield f"years/{year}/index.html", Planned(inputs, partial(_year, site, year, weeks, around))


def _year(site: Site, year: int, weeks: Sequence[_Week], around: Mapping[str, int | None]) -> bytes:
    path = f"years/{year}/index.html"
    return fill(site, path, "year.html", year=year, items=_items(site, weeks, path), **around)


def _by_year(weeks: Iterable[_Week]) -> Iterator[tuple[int, list[_Week]]]:
    """Weeks that stand one after the other, by their years: ISO's, as in ``2026-W48``."""
    yield from ((year, list(some)) for year, some in groupby(weeks, key=lambda each: each.week.year))


def _essays(site: Site, parts: Mapping[str, series.Part]) -> Plan:
    for before, (issue, accession, slug), after in _neighbours(list(series.places(site))):
        folder, serial = f"essays/{slug}", parts.get(accession)
        known = site.known(issue.authors.get(accession, ""))
        inputs = f"{series.label(before)} {accession}{site.edited(slug)} {series.label(after)} {known}"
        inputs += f" {serial.inputs}" if serial else ""
        inputs += f" {site.sampled[accession].inputs}" if accession in site.sampled else ""
        make = partial(_essay, site, issue, accession, before, after, serial)
        yield f"{folder}/index.html", Planned(inputs, make)
        own = f"{accession} {known}"
        yield f"{folder}/as-received/index.html", Planned(own, partial(_received, site, issue, accession))
        yield card.path(slug), Planned(own, partial(_card, site, issue, accession))
    if site.withdrawn:
        for issue in site.issues:
            for each in site.gone(issue):
                path = f"essays/{each.slug}/index.html"
                tombstone = partial(fill, site, path, "withdrawn.html", issue=issue, essay=each)
                yield path, Planned(each.name, tombstone)


def _essay(
    site: Site,
    issue: Issue,
    accession: str,
    before: series.Place | None,
    after: series.Place | None,
    serial: series.Part | None,
) -> bytes:
    essay = issue.essay(accession)
    shown: dict[str, object] = {
        "article": Markup(essay.article),
        "topic": topic(essay.record),
        "sampled": sampled(essay.record),
        "asked": asked_for(essay),
        "among": site.sampled.get(accession),
        "before": before,
        "after": after,
        "serial": serial,
        **meta.values(site, issue, essay),
    }
    return fill(site, f"essays/{essay.slug}/index.html", "essay.html", issue=issue, essay=essay, **shown)


def _received(site: Site, issue: Issue, accession: str) -> bytes:
    essay = issue.essay(accession)
    return fill(site, f"essays/{essay.slug}/as-received/index.html", "received.html", essay=essay)


def _card(site: Site, issue: Issue, accession: str) -> bytes:
    return card.card(site, issue, issue.essay(accession))


def _by_week(site: Site) -> list[_Week]:
    weeks: list[_Week] = [*site.issues, *site.gaps]
    return sorted(weeks, key=lambda each: each.week)


def _neighbours(things: list[Thing]) -> Iterator[tuple[Thing | None, Thing, Thing | None]]:
    return zip([None, *things], things, [*things[1:], None], strict=False)
