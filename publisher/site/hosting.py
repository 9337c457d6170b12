"""What is neither page nor text: the style sheet and the icon, and the files that hosts and crawlers read."""

import datetime as dt
from collections.abc import Iterable

from markupsafe import escape

from archive.register.statement import encode_time
from publisher.site import series, style, verifier
from publisher.site.index import index
from publisher.site.plan import Plan, Planned
from publisher.site.shared import TEMPLATES
from publisher.site.site import Site

HEADERS = """\
# For hosts that read a _headers file. No two rules set the same header for one path: some hosts would join the values.
# The hashes are of the script and the style of verify/, whose own policy allows nothing else.
/*
  Access-Control-Allow-Origin: *
  Content-Security-Policy: default-src 'none'; img-src 'self'; style-src 'self' {style}; script-src {script}; \
connect-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'
  Referrer-Policy: no-referrer
  X-Content-Type-Options: nosniff
"""
TEXT = "text/plain; charset=utf-8"
TYPES = {
    "/feed.atom": "application/atom+xml; charset=utf-8",
    "/feeds/past/:page": "application/atom+xml; charset=utf-8",
    "/models/:model/feed.atom": "application/atom+xml; charset=utf-8",
    "/models/:model/feed/:page": "application/atom+xml; charset=utf-8",
    "/feed.rss": "application/rss+xml; charset=utf-8",
    "/feed.json": "application/feed+json",
    "/register/checkpoint": TEXT,
    "/register/cosigned/*": TEXT,
    "/register/policy": TEXT,
    "/register/allowed_signers": TEXT,
    "/register/keys/:entry/:file": TEXT,
    "/SHA256SUMS": TEXT,
    "/SHA256SUMS.tlog-proof": TEXT,
    "/issues/:week/issue.eml": "message/rfc822",
    "/issues/:week/notice.toml": TEXT,
    "/issues/:week/SHA256SUMS": TEXT,
    "/issues/:week/SHA256SUMS.tlog-proof": TEXT,
    "/verify/verify.sh": TEXT,
    "/verify/register.go": TEXT,
    "/essays/:slug/essay.md": "text/markdown; charset=utf-8; variant=CommonMark",
    "/essays/:slug/essay.toml": TEXT,
    "/essays/:slug/essay.md.tlog-proof": TEXT,
    "/essays/:slug/intake.sums": TEXT,
    "/essays/:slug/intake.sums.tlog-proof": TEXT,
    "/essays/:slug/nonce": TEXT,
    "/essays/:slug/notice.toml": TEXT,
    "/essays/:slug/words.txt": TEXT,
}
FRESH = ("/register/checkpoint", "/register/cosigned/*")
FOREVER = (
    *(path for path in TYPES if path.startswith(("/essays/", "/issues/:week/issue.eml"))),
    "/essays/:slug/article.html",
    "/essays/:slug/request.json",
    "/essays/:slug/response.json",
    "/essays/:slug/reviews/:review",
    "/register/keys/:entry/:file",
    "/register/tile/*",
)


def plan(site: Site) -> Plan:
    """By site path."""
    yield style.PATH, Planned("", lambda: style.sheet().encode())
    as_they_are = ("favicon.svg", "favicon.ico")  # .ico: asked for where a text is not a page
    yield from ((name, Planned("", (TEMPLATES / name).read_bytes)) for name in as_they_are)
    yield from ((f"verify/{name}", Planned("", (TEMPLATES / name).read_bytes)) for name in verifier.PROGRAMS)
    robots = f"User-agent: *\nAllow: /\nSitemap: {site.url('sitemap.xml')}\n"
    yield "robots.txt", Planned("", robots.encode)
    yield "sitemap.xml", Planned(None, lambda: _sitemap(site).encode())
    yield "_headers", Planned("", lambda: _headers().encode())
    yield "index.json", Planned(None, lambda: index(site))


def _sitemap(site: Site) -> str:
    start = f"<url><loc>{escape(site.url())}"  # a path needs no escape, and there are many

    def lines(time: dt.datetime, paths: Iterable[str]) -> str:
        end = f"/</loc><lastmod>{encode_time(time)}</lastmod></url>\n"
        return "".join([f"{start}{path}{end}" for path in paths])

    pages = [lines(issue.time, [f"issues/{issue.week}"]) for issue in site.issues]
    pages += [lines(gap.logged.time, [f"issues/{gap.week}"]) for gap in site.gaps]
    pages += [lines(issue.time, [f"essays/{slug}" for slug in site.there(issue).values()]) for issue in site.issues]
    years = {issue.week.year for issue in site.issues} | {gap.week.year for gap in site.gaps}
    serial = series.every(site)
    lists = ["feeds", *(f"years/{year}" for year in sorted(years)), *(["series"] if serial else [])]
    lists += [f"series/{name}" for name in serial]
    now = f"<lastmod>{encode_time(site.time)}</lastmod></url>\n"
    fresh = "".join(f"{start}{path}</loc>{now}" for path in ("", "about/", "search/", "register/"))
    first = fresh + "".join([f"{start}{path}/</loc></url>\n" for path in ("verify", *lists)])
    xmlns = "http://www.sitemaps.org/schemas/sitemap/0.9"
    return f'<?xml version="1.0" encoding="utf-8"?>\n<urlset xmlns="{xmlns}">\n{first}{"".join(pages)}</urlset>\n'


def _headers() -> str:
    rules: dict[str, list[str]] = {path: [f"Content-Type: {kind}"] for path, kind in TYPES.items()}
    for paths, age in ((FRESH, "no-cache"), (FOREVER, "public, max-age=31536000, immutable")):
        for path in paths:
            rules.setdefault(path, []).append(f"Cache-Control: {age}")
    own = {name: verifier.source(text) for name, text in (("script", verifier.script()), ("style", style.sheet()))}
    lines = (f"{path}\n" + "".join(f"  {line}\n" for line in lines) for path, lines in rules.items())
    return HEADERS.format(**own) + "".join(lines)
