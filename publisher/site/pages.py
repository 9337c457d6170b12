"""The reading pages: a `Site` in, files out. No clock, no network, no script; the same site gives the same bytes.

Links within the site are relative and name their file (``../../essays/on-commas/index.html``), so a saved copy reads
like the site itself, under any address. Only what must name the site from outside is absolute: canonical links,
Open Graph, JSON-LD, ``sitemap.xml`` and the addresses in ``index.json``.
"""

from collections.abc import Iterator
from functools import partial
from typing import TypeVar
from urllib.parse import urlsplit

from markupsafe import Markup

from archive.register import sums
from publisher.site import about, by_hand, card, fate, feed, hosting, meta, models, search, verifier
from publisher.site.colophon import sampled, topic
from publisher.site.page import fill, part
from publisher.site.plan import Plan, Planned
from publisher.site.site import Gap, IntakePage, Issue, Site

Thing = TypeVar("Thing")
_Place = tuple[Issue, str, str]
"""An issue, and the accession and slug of one of its essays."""


def plan(site: Site) -> Plan:
    """Every page a person reads, and the small files beside them.

    Frozen essay folders, mails, feeds, the register and the lists of sums are made elsewhere; pages link to them.
    """
    yield from _overview(site)
    yield from _weeks(site)
    yield from _essays(site)
    yield from models.plan(site)
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
    items = [week.told.item if isinstance(week, Issue) and week.told else item(site, week) for week in weeks]
    return fill(site, "index.html", "index.html", latest=latest, items=list(map(Markup, items)))


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


def item(site: Site, week: Issue | Gap) -> str:
    """What ``index.html`` says of a week in its list of all."""
    return part(site, "week.html", root="", week=week)


def _weeks(site: Site) -> Plan:
    labelled = [(week, _label(site, week)) for week in _by_week(site)]
    for before, (week, label), after in _neighbours(labelled):
        path = f"issues/{week.week}/index.html"
        template = "issue.html" if isinstance(week, Issue) else "gap.html"
        around = {"before": before and before[0], "after": after and after[0]}
        make = partial(fill, site, path, template, week=week, **around)
        yield path, Planned(f"{before[1] if before else '-'} {label} {after[1] if after else '-'}", make)


def _label(site: Site, week: Issue | Gap) -> str:
    if isinstance(week, Gap):
        return f"{week.week}:none"
    return "+".join([str(week.week), *(each.name for each in site.gone(week))])


def _essays(site: Site) -> Plan:
    places = [(issue, *names) for issue in site.issues for names in site.there(issue).items()]
    for before, (issue, accession, slug), after in _neighbours(places):
        folder = f"essays/{slug}"
        known = site.known(issue.authors.get(accession, ""))
        around = f"{before[1] if before else '-'} {accession}{site.edited(slug)} {after[1] if after else '-'} {known}"
        yield f"{folder}/index.html", Planned(around, partial(_essay, site, issue, accession, before, after))
        yield f"{folder}/as-received/index.html", Planned(accession, partial(_received, site, issue, accession))
        yield card.path(slug), Planned(f"{accession} {known}", partial(_card, site, issue, accession))
    if site.withdrawn:
        for issue in site.issues:
            for each in site.gone(issue):
                path = f"essays/{each.slug}/index.html"
                tombstone = partial(fill, site, path, "withdrawn.html", issue=issue, essay=each)
                yield path, Planned(each.name, tombstone)


def _essay(site: Site, issue: Issue, accession: str, before: _Place | None, after: _Place | None) -> bytes:
    essay = issue.essay(accession)
    shown: dict[str, object] = {
        "article": Markup(essay.article),
        "topic": topic(essay.record),
        "sampled": sampled(essay.record),
        "before": before and before[0].essay(before[1]),
        "after": after and after[0].essay(after[1]),
        **meta.values(site, issue, essay),
    }
    return fill(site, f"essays/{essay.slug}/index.html", "essay.html", issue=issue, essay=essay, **shown)


def _received(site: Site, issue: Issue, accession: str) -> bytes:
    essay = issue.essay(accession)
    return fill(site, f"essays/{essay.slug}/as-received/index.html", "received.html", essay=essay)


def _card(site: Site, issue: Issue, accession: str) -> bytes:
    return card.card(site, issue, issue.essay(accession))


def _by_week(site: Site) -> list[Issue | Gap]:
    weeks: list[Issue | Gap] = [*site.issues, *site.gaps]
    return sorted(weeks, key=lambda each: each.week)


def _neighbours(things: list[Thing]) -> Iterator[tuple[Thing | None, Thing, Thing | None]]:
    return zip([None, *things], things, [*things[1:], None], strict=False)
