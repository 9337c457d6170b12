"""What is neither page nor text: the style sheet and the icon, and the files that hosts and crawlers read."""

import datetime as dt
from collections.abc import Iterable, Iterator
from itertools import groupby

from markupsafe import escape

from archive.exchange.reading_room import Shown
from archive.register.statement import encode_time
from publisher.site import comparisons, series, style, verifier
from publisher.site.headers import headers_file
from publisher.site.held import interviews
from publisher.site.index import index
from publisher.site.plan import Plan, Planned
from publisher.site.shared import TEMPLATES
from publisher.site.site import Site


def plan(site: Site) -> Plan:
    """By site path."""
    if site.appearance.masthead:
        yield "masthead.svg", Planned("", site.appearance.masthead.encode)
    yield style.PATH, Planned("", lambda: style.of_site(site).encode())
    as_they_are = ("favicon.svg", "favicon.ico")  # .ico: asked for where a text is not a page
    yield from ((name, Planned("", (TEMPLATES / name).read_bytes)) for name in as_they_are)
    yield from ((f"verify/{name}", Planned("", (TEMPLATES / name).read_bytes)) for name in verifier.PROGRAMS)
    robots = f"User-agent: *\nAllow: /\nSitemap: {site.url('sitemap.xml')}\n"
    yield "robots.txt", Planned("", robots.encode)
    yield "sitemap.xml", Planned(None, lambda: _sitemap(site).encode())
    yield "_headers", Planned(site.search, lambda: headers_file(searched=bool(site.search)))
    yield "index.json", Planned(None, lambda: index(site))


def _sitemap(site: Site) -> str:
    start = f"<url><loc>{escape(site.url())}"  # a path needs no escape, and there are many

    def lines(time: dt.datetime, paths: Iterable[str]) -> str:
        end = f"/</loc><lastmod>{encode_time(time)}</lastmod></url>\n"
        return "".join([f"{start}{path}{end}" for path in paths])

    pages = [lines(issue.time, [f"issues/{issue.week}"]) for issue in site.issues]
    pages += [lines(gap.logged.time, [f"issues/{gap.week}"]) for gap in site.gaps]
    pages += [lines(issue.time, [f"essays/{slug}" for slug in site.there(issue).values()]) for issue in site.issues]
    pages += [lines(each.logged.time, _addresses(paths)) for each, paths in _archive(site)]
    years = {issue.week.year for issue in site.issues} | {gap.week.year for gap in site.gaps}
    serial = series.every(site)
    lists = [
        "feeds",
        "models",
        "interviews",
        *(f"years/{year}" for year in sorted(years)),
        *(["series"] if serial else []),
    ]
    lists += [f"series/{name}" for name in serial]
    now = f"<lastmod>{encode_time(site.time)}</lastmod></url>\n"
    fresh = "".join(f"{start}{path}</loc>{now}" for path in ("", "about/", "search/", "register/"))
    first = fresh + "".join([f"{start}{path}/</loc></url>\n" for path in ("verify", *lists)])
    xmlns = "http://www.sitemaps.org/schemas/sitemap/0.9"
    return f'<?xml version="1.0" encoding="utf-8"?>\n<urlset xmlns="{xmlns}">\n{first}{"".join(pages)}</urlset>\n'


def _archive(site: Site) -> Iterator[tuple[Shown, list[str]]]:
    """The folders of the reading room, and the pages about what lies in each; of a long conversation the first."""
    held = {number: [each.path for each in own] for number, own in groupby(interviews(site), key=lambda e: e.number)}
    yield from ((shown, held[number]) for number, shown in site.room.deposits.items())
    yield from ((shown, [site.page_of(model)]) for model, shown in site.room.models.items())
    for name, shown in site.room.protocols.items():
        questions = comparisons.questions(site, name)
        yield shown, [f"protocols/{name}/index.html", *(comparisons.page_of(name, each) for each in questions)]


def _addresses(paths: Iterable[str]) -> list[str]:
    return [path.removesuffix("/index.html").replace("%", "%25") for path in paths]
