"""The reading pages: a `Site` in, files out. No clock, no network, no script; the same site gives the same bytes.

Links within the site are relative and name their file (``../../essays/on-commas/index.html``), so a saved copy reads
like the site itself, under any address. Only what must name the site from outside is absolute: canonical links,
Open Graph, JSON-LD, ``sitemap.xml`` and the addresses in ``index.json``.
"""

import datetime as dt
import json
import re
import shlex
from collections.abc import Iterator
from functools import cache, lru_cache, partial
from typing import TypeVar

from jinja2 import Environment
from markupsafe import Markup

from archive.register.statement import encode_time
from archive.wording import written
from publisher.essays.essay import PublishedEssay
from publisher.site import by_hand, fate, hosting, verifier
from publisher.site.colophon import sampled, topic
from publisher.site.plan import Plan, Planned
from publisher.site.received import runs, unseen
from publisher.site.shared import absence, environment, paragraphs
from publisher.site.site import Gap, IntakePage, Issue, Site, Withheld

Thing = TypeVar("Thing")
_Place = tuple[Issue, str, str]
"""An issue, and the accession and slug of one of its essays."""

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


def plan(site: Site) -> Plan:
    """Every page a person reads, and the small files beside them.

    Frozen essay folders, mails, feeds, the register and the lists of sums are made elsewhere; pages link to them.
    """
    yield from _overview(site)
    yield from _weeks(site)
    yield from _essays(site)
    yield from hosting.plan(site)


# Pages.


def _overview(site: Site) -> Plan:
    yield "index.html", Planned(None, partial(_index, site))
    yield "register/index.html", Planned(None, partial(_page, site, "register/index.html", "register.html"))
    for page in site.intakes:
        folder = fate.path(page)
        yield (
            f"{folder}index.html",
            Planned(f"{page.inputs} {len(site.intakes) > page.number}", partial(_intakes, site, page)),
        )
        yield f"{folder}intakes.json", Planned(page.inputs, partial(fate.data, site, page))
    yield "feeds/index.html", Planned("", partial(_page, site, "feeds/index.html", "feeds.html"))
    yield verifier.PAGE, Planned("", partial(checking, site))
    newest = by_hand.newest(site)
    yield by_hand.PAGE, Planned(_label(site, newest) if newest else "-", partial(_by_hand, site))


def _intakes(site: Site, page: IntakePage) -> bytes:
    following = len(site.intakes) > page.number
    address = f"{fate.path(page)}index.html"
    return _page(site, address, "intakes.html", page=page, fates=page.fates(), following=following)


def _index(site: Site) -> bytes:
    weeks = _by_week(site)[::-1]
    latest = site.issues[-1] if site.issues else None
    items = [week.told.item if isinstance(week, Issue) and week.told else item(site, week) for week in weeks]
    return _page(site, "index.html", "index.html", latest=latest, items=list(map(Markup, items)))


def checking(site: Site) -> bytes:
    """The page that checks: the same as long as the program, the newsletter and the key are."""
    return _page(site, verifier.PAGE, "verify.html", **verifier.page_values())


def _by_hand(site: Site) -> bytes:
    return _page(site, by_hand.PAGE, "by-hand.html", **by_hand.page_values(site))


def item(site: Site, week: Issue | Gap) -> str:
    """What ``index.html`` says of a week in its list of all."""
    return _environment().get_template("week.html").render(site=site, letter=site.newsletter, root="", week=week)


def _weeks(site: Site) -> Plan:
    labelled = [(week, _label(site, week)) for week in _by_week(site)]
    for before, (week, label), after in _neighbours(labelled):
        path = f"issues/{week.week}/index.html"
        template = "issue.html" if isinstance(week, Issue) else "gap.html"
        around = {"before": before and before[0], "after": after and after[0]}
        make = partial(_page, site, path, template, week=week, **around)
        yield path, Planned(f"{before[1] if before else '-'} {label} {after[1] if after else '-'}", make)


def _label(site: Site, week: Issue | Gap) -> str:
    if isinstance(week, Gap):
        return f"{week.week}:none"
    return "+".join([str(week.week), *(each.name for each in site.gone(week))])


def _essays(site: Site) -> Plan:
    places = [(issue, *names) for issue in site.issues for names in site.there(issue).items()]
    for before, (issue, accession, slug), after in _neighbours(places):
        folder = f"essays/{slug}"
        around = f"{before[1] if before else '-'} {accession}{site.edited(slug)} {after[1] if after else '-'}"
        yield f"{folder}/index.html", Planned(around, partial(_essay, site, issue, accession, before, after))
        yield f"{folder}/as-received/index.html", Planned(accession, partial(_received, site, issue, accession))
    if site.withdrawn:
        for issue in site.issues:
            for each in site.gone(issue):
                path = f"essays/{each.slug}/index.html"
                tombstone = partial(_page, site, path, "withdrawn.html", issue=issue, essay=each)
                yield path, Planned(each.name, tombstone)


def _essay(site: Site, issue: Issue, accession: str, before: _Place | None, after: _Place | None) -> bytes:
    essay = issue.essay(accession)
    shown: dict[str, object] = {
        "article": Markup(essay.article),
        "topic": topic(essay.record),
        "sampled": sampled(essay.record),
        "before": before and before[0].essay(before[1]),
        "after": after and after[0].essay(after[1]),
        "data": _linked_data(site, issue, essay),
        "published": encode_time(issue.time),
    }
    return _page(site, f"essays/{essay.slug}/index.html", "essay.html", issue=issue, essay=essay, **shown)


def _received(site: Site, issue: Issue, accession: str) -> bytes:
    essay = issue.essay(accession)
    return _page(site, f"essays/{essay.slug}/as-received/index.html", "received.html", essay=essay)


def _by_week(site: Site) -> list[Issue | Gap]:
    weeks: list[Issue | Gap] = [*site.issues, *site.gaps]
    return sorted(weeks, key=lambda each: each.week)


def _neighbours(things: list[Thing]) -> Iterator[tuple[Thing | None, Thing, Thing | None]]:
    return zip([None, *things], things, [*things[1:], None], strict=False)


# What the templates are given.


def _page(site: Site, path: str, template: str, **values: object) -> bytes:
    """One HTML page; `root` leads from it to the site's root, `address` is where it will stand."""
    address = site.url(path.removesuffix("index.html"))
    html = (
        _environment()
        .get_template(template)
        .render(site=site, letter=site.newsletter, root="../" * path.count("/"), address=address, **values)
    )
    return html.encode()


def ready() -> None:
    """Compile what the pages of each issue are made by, before this process is copied."""
    for name in ("essay.html", "received.html", "issue.html", "week.html", "base.html", "parts.html"):
        _environment().get_template(name)


@cache
def _environment() -> Environment:
    return environment(
        absence=absence,
        counted=fate.counted,
        counts=fate.counts,
        under=fate.under,
        day=day,
        key_of=verifier.key_of,
        minute=minute,
        paragraphs=paragraphs,
        proof_files=proof_files,
        quoted=shlex.quote,
        recipe=fate.recipe,
        runs=runs,
        unseen=unseen,
        withholding=withholding,
        written=written,
    )


def day(when: dt.date) -> Markup:
    """``2 November 2026`` as a ``time`` element; of a datetime, the day in UTC."""
    date = when.astimezone(dt.UTC).date() if isinstance(when, dt.datetime) else when
    return Markup('<time datetime="%s">%s</time>') % (date.isoformat(), written(date))


def minute(time: dt.datetime) -> Markup:
    """``2 November 2026, 09:00 UTC`` as a ``time`` element."""
    utc = time.astimezone(dt.UTC)
    return Markup('<time datetime="%s">%s, %s UTC</time>') % (encode_time(utc), written(utc), f"{utc:%H:%M}")


def proof_files(essay: PublishedEssay) -> list[tuple[str, str]]:
    """Every file frozen with an essay and what it is, in the order of `PROOF_FILES`."""
    told = list(PROOF_FILES.values())
    return [(path, told[_order(path)]) for path in sorted(essay.files, key=lambda path: (_order(path), path))]


@lru_cache(maxsize=256)  # most essays have the same
def _order(path: str) -> int:
    return next(place for place, form in enumerate(PROOF_FILES) if re.fullmatch(form, path))


def withholding(each: Withheld) -> tuple[dt.datetime, list[str]]:
    """When an essay was withheld, and under which criteria: those of all the reviews that say so."""
    reviews = [review for review in each.reviews if review.decision == "withhold"]
    return max(review.time for review in reviews), fate.under(reviews)


def _linked_data(site: Site, issue: Issue, essay: PublishedEssay) -> Markup:
    """The essay as JSON-LD (schema.org), with the hash of its text; escaped so that nothing in it can end a script."""
    periodical = {"@type": "Periodical", "name": site.newsletter.title, "url": site.url()}
    data = {
        "@context": "https://schema.org",
        "@type": "Article",
        "headline": essay.record.title,
        "author": {"@type": "SoftwareApplication", "name": essay.record.model},
        "datePublished": encode_time(issue.time),
        "inLanguage": essay.record.language or site.newsletter.language,
        "url": site.url(f"essays/{essay.slug}/"),
        "isPartOf": {
            "@type": "PublicationIssue",
            "issueNumber": issue.number,
            "datePublished": encode_time(issue.time),
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
