"""The reading pages: a `Site` in, files out. No clock, no network, no script; the same site gives the same bytes.

Links within the site are relative and name their file (``../../essays/on-commas/index.html``), so a saved copy reads
like the site itself, under any address. Only what must name the site from outside is absolute: canonical links,
Open Graph, JSON-LD, ``sitemap.xml`` and the addresses in ``index.json``.
"""

import datetime as dt
import json
import re
import shlex
import unicodedata
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape

from archive import characters
from archive.home.accession import Logged
from archive.wording import written
from publisher.essays.essay import PublishedEssay, Review
from publisher.site.colophon import sampled, topic
from publisher.site.site import Files, Gap, Issue, Site, Withheld, stamp

Thing = TypeVar("Thing")

TEMPLATES = Path(__file__).with_name("templates")

HEADERS = """\
# For hosts that read a _headers file. No two rules set the same header for one path: some hosts would join the values.
/*
  Access-Control-Allow-Origin: *
  Content-Security-Policy: default-src 'none'; img-src 'self'; style-src 'self'; base-uri 'none'; \
form-action 'self'; frame-ancestors 'none'
  Referrer-Policy: no-referrer
  X-Content-Type-Options: nosniff
"""
TEXT = "text/plain; charset=utf-8"
TYPES = {
    "/feed.atom": "application/atom+xml; charset=utf-8",
    "/feed.rss": "application/rss+xml; charset=utf-8",
    "/feed.json": "application/feed+json",
    "/register/checkpoint": TEXT,
    "/register/policy": TEXT,
    "/register/allowed_signers": TEXT,
    "/SHA256SUMS": TEXT,
    "/SHA256SUMS.tlog-proof": TEXT,
    "/issues/:week/issue.eml": "message/rfc822",
    "/issues/:week/notice.toml": TEXT,
    "/issues/:week/SHA256SUMS": TEXT,
    "/issues/:week/SHA256SUMS.tlog-proof": TEXT,
    "/essays/:slug/essay.md": "text/markdown; charset=utf-8; variant=CommonMark",
    "/essays/:slug/essay.toml": TEXT,
    "/essays/:slug/essay.md.tlog-proof": TEXT,
    "/essays/:slug/intake.sums": TEXT,
    "/essays/:slug/intake.sums.tlog-proof": TEXT,
    "/essays/:slug/nonce": TEXT,
    "/essays/:slug/words.txt": TEXT,
}
FRESH = ("/register/checkpoint",)
FOREVER = (
    *(path for path in TYPES if path.startswith(("/essays/", "/issues/:week/issue.eml"))),
    "/essays/:slug/article.html",
    "/essays/:slug/request.json",
    "/essays/:slug/response.json",
    "/essays/:slug/reviews/:review",
    "/register/tile/*",
)

PROOF_FILES = {
    r"essay\.md": "the text, exactly as it was received",
    r"essay\.md\.tlog-proof": "the review, and the proof that it stands in the register",
    r"essay\.toml": "how the essay was made, as told on this page",
    r"reviews/\d+\.json": "the decision, as it was signed and logged",
    r"reviews/\d+\.json\.sig": "the reviewer’s signature under it",
    r"intake\.sums": "the hashes that were fixed when it arrived",
    r"intake\.sums\.tlog-proof": "the proof that they stand in the register",
    r"nonce": "the random number that kept those hashes from being guessed before publication",
    r"request\.json": "what was sent to the model",
    r"response\.json": "everything the model sent back",
    r"article\.html": "the text as HTML, as this page shows it",
    r"words\.txt": "the words of that HTML, for comparing with what you were sent",
    r".*": "",
}


def render(site: Site) -> Files:
    """Every page a person reads, and the small files beside them, by site path.

    Frozen essay folders, mails, feeds, the register and the lists of sums are made elsewhere; pages link to them.
    """
    return dict(sorted([*_overview(site), *_weeks(site), *_essays(site), *_plain_files(site).items()]))


def index(site: Site) -> dict[str, Any]:
    """``index.json``: what was received and published, for programs; the authoritative list. All times are UTC.

    ::

        format       1
        title, subtitle, language, url, archive, sample
        time         the site's clock: when the newest statement it knows of was made
        register     origin, key (vkey), url of the checkpoint, statements it held at `time`
        criteria     [{id, text}]                                                         as configured
        issues       [{week, number, time, url, mail_url, sums_url, essays: [accession]}] oldest first
        essays       [{accession, slug, title, title_by, model, language, series, topic_by, candidates,
                       url, text_url, proof_url, sha256, bytes, week, published, received, reviews}]
                                                                                          in order of publishing
        gaps         [{week, reason, url, notice_url, logged}]                            weeks without an issue
        withheld     [{accession, received, reviews}]
        waiting      [{accession, received}]            received, neither published nor withheld

    `topic_by` is model, menu or assigned, `candidates` a number; either may be ``"not_recorded: why"``, or without why.
    `received` and `logged` are ``{statement, time}``: the position in the register, from 0, and its time. A review is
    ``{decision, reviewer, key, criteria, statement, time}``. `sha256` and `bytes` are of the file at `text_url`.
    Keys may be added; none changes its meaning while `format` is 1.
    """
    letter = site.newsletter
    return {
        "format": 1,
        "title": letter.title,
        "subtitle": letter.subtitle,
        "language": letter.language,
        "url": site.url(),
        "archive": site.name,
        "sample": site.sample,
        "time": stamp(site.time),
        "register": {
            "origin": site.origin,
            "key": site.vkey,
            "url": site.url("register/checkpoint"),
            "statements": site.statements,
        },
        "criteria": [{"id": criterion.id, "text": criterion.text} for criterion in site.criteria],
        "issues": [
            {
                "week": str(issue.week),
                "number": issue.number,
                "time": stamp(issue.time),
                "url": site.url(f"issues/{issue.week}/"),
                "mail_url": site.url(f"issues/{issue.week}/issue.eml"),
                "sums_url": site.url(f"issues/{issue.week}/SHA256SUMS"),
                "essays": [essay.accession for essay in issue.essays],
            }
            for issue in site.issues
        ],
        "essays": [_essay_entry(site, issue, essay) for issue in site.issues for essay in issue.essays],
        "gaps": [
            {
                "week": str(gap.week),
                "reason": gap.reason,
                "url": site.url(f"issues/{gap.week}/"),
                "notice_url": site.url(f"issues/{gap.week}/notice.toml"),
                "logged": _logged_entry(gap.logged),
            }
            for gap in site.gaps
        ],
        "withheld": [
            {
                "accession": each.accession,
                "received": _logged_entry(each.intake),
                "reviews": [_review_entry(review) for review in each.reviews],
            }
            for each in site.withheld
        ],
        "waiting": [{"accession": accession, "received": _logged_entry(intake)} for accession, intake in site.waiting],
    }


def _essay_entry(site: Site, issue: Issue, essay: PublishedEssay) -> dict[str, Any]:
    record, folder = essay.record, f"essays/{essay.slug}"
    return {
        "accession": essay.accession,
        "slug": essay.slug,
        "title": record.title,
        "title_by": record.title_by,
        "model": record.model,
        "language": record.language or site.newsletter.language,
        "series": record.series,
        "topic_by": record.topic_by,
        "candidates": record.candidates,
        "url": site.url(f"{folder}/"),
        "text_url": site.url(f"{folder}/essay.md"),
        "proof_url": site.url(f"{folder}/essay.md.tlog-proof"),
        "sha256": essay.sha256,
        "bytes": len(essay.text),
        "week": str(issue.week),
        "published": stamp(issue.time),
        "received": _logged_entry(essay.intake),
        "reviews": [_review_entry(review) for review in essay.reviews],
    }


def _logged_entry(logged: Logged) -> dict[str, Any]:
    return {"statement": logged.index, "time": stamp(logged.time)}


def _review_entry(review: Review) -> dict[str, Any]:
    return {
        "decision": review.decision,
        "reviewer": review.name,
        "key": review.reviewer,
        "criteria": list(review.criteria),
        "statement": review.index,
        "time": stamp(review.time),
    }


def _plain_files(site: Site) -> Files:
    as_they_are = ("style.css", "favicon.svg", "favicon.ico")  # .ico: asked for where a text is not a page
    texts = {
        "robots.txt": f"User-agent: *\nAllow: /\nSitemap: {site.url('sitemap.xml')}\n",
        "sitemap.xml": _sitemap(site),
        "_headers": _headers(),
        "index.json": json.dumps(index(site), ensure_ascii=False, indent=1) + "\n",
    }
    return {name: (TEMPLATES / name).read_bytes() for name in as_they_are} | {
        path: text.encode() for path, text in texts.items()
    }


def _sitemap(site: Site) -> str:
    pages = [("", site.time), ("register/", site.time), ("feeds/", None)]
    pages += [(f"issues/{issue.week}/", issue.time) for issue in site.issues]
    pages += [(f"issues/{gap.week}/", gap.logged.time) for gap in site.gaps]
    pages += [(f"essays/{essay.slug}/", issue.time) for issue in site.issues for essay in issue.essays]
    lines = (
        f"<url><loc>{escape(site.url(path))}</loc>{f'<lastmod>{stamp(time)}</lastmod>' if time else ''}</url>\n"
        for path, time in pages
    )
    xmlns = "http://www.sitemaps.org/schemas/sitemap/0.9"
    return f'<?xml version="1.0" encoding="utf-8"?>\n<urlset xmlns="{xmlns}">\n{"".join(lines)}</urlset>\n'


def _headers() -> str:
    rules: dict[str, list[str]] = {path: [f"Content-Type: {kind}"] for path, kind in TYPES.items()}
    for paths, age in ((FRESH, "no-cache"), (FOREVER, "public, max-age=31536000, immutable")):
        for path in paths:
            rules.setdefault(path, []).append(f"Cache-Control: {age}")
    return HEADERS + "".join(f"{path}\n" + "".join(f"  {line}\n" for line in lines) for path, lines in rules.items())


# Pages.


def _overview(site: Site) -> Iterator[tuple[str, bytes]]:
    published = sum(len(issue.essays) for issue in site.issues)
    yield _page(site, "index.html", "index.html", weeks=_by_week(site)[::-1])
    yield _page(site, "register/index.html", "register.html", published=published)
    yield _page(site, "feeds/index.html", "feeds.html")


def _weeks(site: Site) -> Iterator[tuple[str, bytes]]:
    for before, week, after in _neighbours(_by_week(site)):
        template = "issue.html" if isinstance(week, Issue) else "gap.html"
        yield _page(site, f"issues/{week.week}/index.html", template, week=week, before=before, after=after)


def _essays(site: Site) -> Iterator[tuple[str, bytes]]:
    essays = [(issue, essay) for issue in site.issues for essay in issue.essays]
    for before, (issue, essay), after in _neighbours(essays):
        folder = f"essays/{essay.slug}"
        shown: dict[str, object] = {
            "article": Markup(essay.article),
            "topic": topic(essay.record),
            "sampled": sampled(essay.record),
            "before": before and before[1],
            "after": after and after[1],
            "data": _linked_data(site, issue, essay),
            "published": stamp(issue.time),
        }
        yield _page(site, f"{folder}/index.html", "essay.html", issue=issue, essay=essay, **shown)
        yield _page(site, f"{folder}/as-received/index.html", "received.html", essay=essay)


def _by_week(site: Site) -> list[Issue | Gap]:
    weeks: list[Issue | Gap] = [*site.issues, *site.gaps]
    return sorted(weeks, key=lambda each: each.week)


def _neighbours(things: list[Thing]) -> Iterator[tuple[Thing | None, Thing, Thing | None]]:
    return zip([None, *things], things, [*things[1:], None], strict=False)


# What the templates are given.


def _page(site: Site, path: str, template: str, **values: object) -> tuple[str, bytes]:
    """One HTML page; `root` leads from it to the site's root, `address` is where it will stand."""
    address = site.url(path.removesuffix("index.html"))
    html = (
        _environment()
        .get_template(template)
        .render(site=site, letter=site.newsletter, root="../" * path.count("/"), address=address, **values)
    )
    return path, html.encode()


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        keep_trailing_newline=True,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals |= {
        "absence": absence,
        "day": day,
        "minute": minute,
        "paragraphs": paragraphs,
        "proof_files": proof_files,
        "quoted": shlex.quote,
        "runs": runs,
        "unseen": unseen,
        "withholding": withholding,
        "written": written,
    }
    return environment


def day(when: dt.date) -> Markup:
    """``2 November 2026`` as a ``time`` element; of a datetime, the day in UTC."""
    date = when.astimezone(dt.UTC).date() if isinstance(when, dt.datetime) else when
    return Markup('<time datetime="{}">{}</time>').format(date.isoformat(), written(date))


def minute(time: dt.datetime) -> Markup:
    """``2 November 2026, 09:00 UTC`` as a ``time`` element."""
    utc = time.astimezone(dt.UTC)
    return Markup('<time datetime="{}">{}, {} UTC</time>').format(stamp(utc), written(utc), f"{utc:%H:%M}")


def paragraphs(text: str) -> list[str]:
    """An editor's plain text, cut at its blank lines."""
    return [part for part in re.split(r"\n\s*\n", text.strip()) if part]


def absence(text: str) -> str:
    """``not_shared: it names a person`` → ``Not shared: it names a person``; empty for what does say something."""
    found = re.fullmatch(r"not_(recorded|shared|applicable)(?::\s*(.*))?", text.strip(), re.DOTALL)
    if not found:
        return ""
    return f"Not {found[1]}" + (f": {found[2]}" if found[2] else "")


def proof_files(essay: PublishedEssay) -> list[tuple[str, str]]:
    """Every file frozen with an essay and what it is, in the order of `PROOF_FILES`."""

    def place(path: str) -> tuple[int, str]:
        return next(n for n, form in enumerate(PROOF_FILES) if re.fullmatch(form, path)), path

    told = list(PROOF_FILES.values())
    return [(path, told[n]) for n, path in sorted(map(place, essay.files))]


def runs(text: str) -> list[tuple[str, str]]:
    """A text in pieces, so that what does not show can be marked: (piece, name of the unseen character or "")."""
    pieces, end = [], 0
    for start, character in characters.unseen(text):
        pieces += [(text[end:start], ""), (character, characters.code(character))]
        end = start + 1
    return [(piece, mark) for piece, mark in (*pieces, (text[end:], "")) if piece]


def unseen(text: str) -> list[dict[str, object]]:
    """The unseen characters of a text, each once: its code, name, how often, and line and column where it is first."""
    places: dict[str, list[int]] = {}
    for start, character in characters.unseen(text):
        places.setdefault(character, []).append(start)
    return [
        {
            "code": characters.code(character),
            "name": unicodedata.name(character, ""),
            "times": len(starts),
            "line": text.count("\n", 0, starts[0]) + 1,
            "column": starts[0] - (text.rfind("\n", 0, starts[0]) + 1) + 1,
        }
        for character, starts in places.items()
    ]


def withholding(each: Withheld) -> tuple[dt.datetime, list[str]]:
    """When an essay was withheld, and under which criteria: those of all the reviews that say so."""
    reviews = [review for review in each.reviews if review.decision == "withhold"]
    criteria = dict.fromkeys(name for review in reviews for name in review.criteria)
    return max(review.time for review in reviews), list(criteria)


def _linked_data(site: Site, issue: Issue, essay: PublishedEssay) -> Markup:
    """The essay as JSON-LD (schema.org), with the hash of its text; escaped so that nothing in it can end a script."""
    periodical = {"@type": "Periodical", "name": site.newsletter.title, "url": site.url()}
    data = {
        "@context": "https://schema.org",
        "@type": "Article",
        "headline": essay.record.title,
        "author": {"@type": "SoftwareApplication", "name": essay.record.model},
        "datePublished": stamp(issue.time),
        "inLanguage": essay.record.language or site.newsletter.language,
        "url": site.url(f"essays/{essay.slug}/"),
        "isPartOf": {
            "@type": "PublicationIssue",
            "issueNumber": issue.number,
            "datePublished": stamp(issue.time),
            "url": site.url(f"issues/{issue.week}/"),
            "isPartOf": periodical,
        },
        "encoding": {
            "@type": "MediaObject",
            "contentUrl": site.url(f"essays/{essay.slug}/essay.md"),
            "encodingFormat": "text/markdown",
            "contentSize": f"{len(essay.text)} B",
            "sha256": essay.sha256,
        },
    }
    return Markup(json.dumps(data, ensure_ascii=False).replace("<", "\\u003c"))
