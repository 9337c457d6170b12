"""The feeds: Atom first, RSS for readers without it, JSON Feed for programs; one entry for each essay, in full.

An entry's id is a ``tag:`` URI and never changes, nor does its date: the time of its issue, less one second for each
essay before it, since readers sort by time. A week without an issue has an entry too. The live feeds hold the newest
entries; all but the newest few stand in ``feeds/past/1.atom``, ``2.atom`` … (RFC 5005). A past feed is full and keeps
its entries; only what editors add beside a text still changes it, or that a text is withdrawn: then its entry stays,
with the same id and date, and holds a notice and nothing of the text. Either is when it was `updated`.

Titles are text. Some readers take those of RSS for HTML and lose ``<…>`` in them; Atom has no such doubt.
"""

import datetime as dt
import json
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from operator import itemgetter
from typing import Any, NamedTuple

from feedgen.entry import FeedEntry
from feedgen.ext.base import BaseEntryExtension, BaseExtension
from feedgen.feed import FeedGenerator
from feedgen.util import xml_elem
from markupsafe import Markup

from archive.characters import carried
from archive.register.statement import encode_time
from archive.wording import written
from publisher.essays.essay import EditorsNote, PublishedEssay
from publisher.site.colophon import LIMITS, SAMPLE, making
from publisher.site.plan import Plan, Planned
from publisher.site.shared import paragraphs
from publisher.site.site import Files, Gap, Issue, Site, Withdrawn

PAGE = 20
"""Entries in a live feed, and in each past one."""


def plan(site: Site) -> Plan:
    """Every feed."""
    yield "feed.atom", Planned(None, partial(atom, site))
    yield "feed.rss", Planned(None, partial(rss, site))
    yield "feed.json", Planned(None, partial(json_feed, site))
    entries = _entries(site)
    for page in range(1, len(entries) // PAGE + 1):
        held = entries[(page - 1) * PAGE : page * PAGE]
        inputs = " ".join([each.inputs for each in held])
        yield f"feeds/past/{page}.atom", Planned(inputs, partial(_past, site, page, held))


def atom(site: Site) -> bytes:
    """``feed.atom`` (RFC 4287)."""
    entries = _entries(site)
    links = _to_past(site, len(entries) // PAGE)
    newest = _made(site, entries[-PAGE:])
    return bytes(_feed(site, newest, "feed.atom", "application/atom+xml", links).atom_str())


def past(site: Site) -> Files:
    """``feeds/past/N.atom`` by site path: full pages, oldest entries first, each linked to the one before."""
    return {path: planned.make() for path, planned in plan(site) if path.startswith("feeds/past/")}


def _past(site: Site, page: int, held: "list[_Place]") -> bytes:
    links = {"current": site.url("feed.atom")} | _to_past(site, page - 1)
    feed = _feed(site, _made(site, held), f"feeds/past/{page}.atom", "application/atom+xml", links)
    feed.register_extension("history", _History, BaseEntryExtension)
    return bytes(feed.atom_str())


def rss(site: Site) -> bytes:
    """``feed.rss`` (RSS 2.0)."""
    return bytes(_feed(site, _made(site, _entries(site)[-PAGE:]), "feed.rss", "application/rss+xml", {}).rss_str())


def json_feed(site: Site) -> bytes:
    """``feed.json`` (JSON Feed 1.1). An essay's `content_text` is its text as received, `_emeritus` has its proof."""
    letter = site.newsletter
    feed = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": letter.title,
        "home_page_url": site.url(),
        "feed_url": site.url("feed.json"),
        "description": letter.subtitle,
        "language": letter.language,
        "authors": [{"name": site.name, "url": site.url()}],
        "items": [_item(entry) for entry in reversed(_made(site, _entries(site)[-PAGE:]))],
    }
    return (json.dumps(feed, ensure_ascii=False, indent=1) + "\n").encode()


# The entries.


@dataclass(frozen=True, slots=True, kw_only=True)
class _File:
    url: str
    type: str
    size: int
    title: str


@dataclass(frozen=True, slots=True, kw_only=True)
class _Entry:
    """What every format says of an essay, or of a week without one."""

    id: str
    url: str
    title: str
    author: str
    language: str
    time: dt.datetime
    summary: str
    html: str
    essay: PublishedEssay | None = None
    withdrawn: Withdrawn | None = None
    files: tuple[_File, ...] = ()

    @property
    def updated(self) -> dt.datetime:
        """When it was withdrawn, or the day of what editors said last beside it."""
        if self.withdrawn:
            return self.withdrawn.logged.time
        days = [note.date for note in self.essay.editors] if self.essay else []
        return max([self.time, *(dt.datetime.combine(day, dt.time(), dt.UTC) for day in days)])


class _Place(NamedTuple):
    """Where an entry stands among all, and what it is of."""

    time: dt.datetime
    week: str
    before: int
    """Less one for each essay of its issue that stands before it there."""
    inputs: str
    """What it is made from, beside the site's constants."""
    of: Issue | Gap
    accession: str = ""


def _entries(site: Site) -> list[_Place]:
    """Oldest first; new ones only ever come at the end, since the register's times do not go back."""
    places = [_Place(gap.logged.time, str(gap.week), 0, f"{gap.week}:none", gap) for gap in site.gaps]
    for issue in site.issues:
        week = str(issue.week)
        for place, (accession, slug) in enumerate(issue.slugs.items()):
            gone = site.withdrawn.get(accession)
            inputs = gone.name if gone else accession + site.edited(slug)
            places.append(_Place(issue.time, week, -place, inputs, issue, accession))
    return sorted(places, key=itemgetter(0, 1, 2))


def _made(site: Site, places: list[_Place]) -> list[_Entry]:
    return [_entry(site, place) for place in places]


def _entry(site: Site, place: _Place) -> _Entry:
    if isinstance(place.of, Gap):
        return _gap(site, place.of)
    time = place.time + dt.timedelta(seconds=place.before)
    if place.accession in site.withdrawn:
        return _withdrawn(site, place.of, site.withdrawn[place.accession], time)
    return _essay(site, place.of.essay(place.accession), time)


def _essay(site: Site, essay: PublishedEssay, time: dt.datetime) -> _Entry:
    folder = site.url(f"essays/{essay.slug}/")
    text = _File(url=f"{folder}essay.md", type="text/markdown", size=len(essay.text), title="The text as received")
    proof = _File(
        url=f"{folder}essay.md.tlog-proof", type="text/plain", size=len(essay.proof), title="The proof of its review"
    )
    return _Entry(
        id=site.tag(essay.accession),
        url=folder,
        title=essay.record.title,
        author=essay.record.model,
        language=essay.record.language or site.newsletter.language,
        time=time,
        summary=f"Not edited. SHA-256 of the text: {essay.sha256}",
        html=_content(site, essay, folder),
        essay=essay,
        files=(text, proof),
    )


def _withdrawn(site: Site, issue: Issue, essay: Withdrawn, time: dt.datetime) -> _Entry:
    said = [Markup("<p>{}</p>").format(part) for part in paragraphs(essay.reason)]
    logged = Markup(
        "<p>An essay stood here. It was withdrawn on {}, which is statement {} of the register. "
        "SHA-256 of its text: <code>{}</code></p>"
    )
    return _Entry(
        id=site.tag(essay.accession),
        url=site.url(f"essays/{essay.slug}/"),
        title=f"Withdrawn: an essay of issue {issue.number}",
        author=site.name,
        language=site.newsletter.language,
        time=time,
        summary=f"Withdrawn on {written(essay.logged.time)}.",
        html=Markup("\n").join((logged.format(written(essay.logged.time), essay.logged.index, essay.sha256), *said)),
        withdrawn=essay,
    )


def _gap(site: Site, gap: Gap) -> _Entry:
    reason = Markup("\n").join(Markup("<p>{}</p>").format(part) for part in paragraphs(gap.reason))
    logged = Markup("<p>Entered in the register on {} as statement {}.</p>")
    return _Entry(
        id=site.tag(f"no-issue/{gap.week}"),
        url=site.url(f"issues/{gap.week}/"),
        title=f"No issue in week {gap.week}",
        author=site.name,
        language=site.newsletter.language,
        time=gap.logged.time,
        summary="A week without an issue, and why.",
        html=reason + "\n" + logged.format(written(gap.logged.time), gap.logged.index),
    )


def _content(site: Site, essay: PublishedEssay, folder: str) -> str:
    """An essay as a feed shows it: its hash, its article untouched between two rules, and what is said about it."""
    language = essay.record.language or site.newsletter.language
    provenance = Markup(
        '<p class="provenance">SHA-256 <code>%s</code> · '
        '<a href="%sessay.md">text</a> · <a href="%sessay.md.tlog-proof">proof</a></p>'
    )
    article = Markup('<hr>\n<div class="essay" data-sha256="%s" lang="%s" dir="auto">%s</div>\n<hr>')
    made = Markup('<p>%s <a href="%s">How it came to be, and how to check it</a></p>')
    checkpoint = Markup("<p>The register’s checkpoint, to compare with others’:</p>\n<pre>%s</pre>")
    return Markup("\n").join(
        (
            *([Markup("<p><b>{}</b></p>").format(SAMPLE)] if site.sample else []),
            provenance % (essay.sha256, folder, folder),
            *(_note(note) for note in essay.editors if note.place == "before"),
            article % (essay.sha256, language, Markup(essay.article)),
            *(_note(note) for note in essay.editors if note.place == "after"),
            made % (making(essay), folder),
            Markup("<p>%s</p>") % LIMITS,
            *([Markup("<p>{}</p>").format(site.newsletter.disclaimer)] if site.newsletter.disclaimer else []),
            checkpoint % essay.checkpoint,
        )
    )


def _note(note: EditorsNote) -> Markup:
    kind = "Erratum" if note.kind == "erratum" else "Note"
    said = Markup("").join(Markup("<p>{}</p>").format(part) for part in paragraphs(note.text))
    whole = Markup("<blockquote><p><b>{} by the editors, not the model’s words</b></p>{}<p>{}, {}</p></blockquote>")
    return whole.format(kind, said, note.by, written(note.date))


# The formats.


class _EntryLinks(BaseEntryExtension):  # type: ignore[misc]
    """Writes an entry's links, since feedgen 1.0.0 loses all of a link but its address (its issue #135)."""

    entry: _Entry

    def extend_atom(self, element: Any) -> Any:
        for link in element.findall("link"):
            element.remove(link)
        xml_elem("link", element, rel="alternate", type="text/html", href=self.entry.url)
        for file in self.entry.files:
            xml_elem(
                "link", element, rel="related", type=file.type, length=str(file.size), title=file.title, href=file.url
            )
        return element


class _History(BaseExtension):  # type: ignore[misc]
    """Says of a feed that it is a past one (RFC 5005, section 4)."""

    SPACE = "http://purl.org/syndication/history/1.0"

    def extend_ns(self) -> dict[str, str]:
        return {"fh": self.SPACE}

    def extend_atom(self, feed: Any) -> Any:
        xml_elem(f"{{{self.SPACE}}}archive", feed)
        return feed


def _to_past(site: Site, page: int) -> dict[str, str]:
    return {"prev-archive": site.url(f"feeds/past/{page}.atom")} if page else {}


def _feed(site: Site, entries: list[_Entry], path: str, media_type: str, links: dict[str, str]) -> FeedGenerator:
    """A feed of the entries, given oldest first. Every date is set: feedgen's own is the moment it runs."""
    letter = site.newsletter
    updated = max((entry.updated for entry in entries), default=site.time)
    feed = FeedGenerator()
    feed.register_extension("entry_links", BaseExtension, _EntryLinks, rss=False)
    feed.load_extension("dc", atom=False)
    feed.id(site.tag("feed"))
    feed.title(carried(letter.title))
    feed.description(carried(letter.subtitle) or carried(letter.title))
    feed.language(letter.language)
    feed.author(name=carried(site.name), uri=site.url())
    feed.generator("Emeritus")
    feed.updated(updated)
    feed.pubDate(updated)
    feed.lastBuildDate(updated)
    feed.link(href=site.url(path), rel="self", type=media_type)
    for rel, address in links.items():
        feed.link(href=address, rel=rel)
    feed.link(href=site.url(), rel="alternate", type="text/html")  # the last one is RSS' <link>
    for entry in reversed(entries):
        _add(feed.add_entry(order="append"), entry)
    return feed


def _add(element: FeedEntry, entry: _Entry) -> None:
    element.id(entry.id)
    element.title(carried(entry.title))
    element.link(href=entry.url)
    element.author(name=carried(entry.author))
    element.dc.dc_creator(carried(entry.author))
    element.published(entry.time)
    element.updated(entry.updated)
    element.summary(entry.summary)
    element.content(carried(entry.html), type="html")
    element.entry_links.entry = entry


def _item(entry: _Entry) -> dict[str, Any]:
    essay = entry.essay
    item: dict[str, Any] = {
        "id": entry.id,
        "url": entry.url,
        "title": entry.title,
        "content_html": entry.html,
        "summary": entry.summary,
        "date_published": encode_time(entry.time),
        "authors": [{"name": entry.author}],
        "language": entry.language,
    }
    if entry.updated != entry.time:
        item["date_modified"] = encode_time(entry.updated)
    if gone := entry.withdrawn:
        item["_emeritus"] = {"accession": gone.accession, "sha256": gone.sha256, "withdrawn": gone.code}
    if essay:
        item["content_text"] = essay.text.decode()
        item["attachments"] = list(_attachments(entry))
        item["_emeritus"] = {"accession": essay.accession, "sha256": essay.sha256, "bytes": len(essay.text)}
        item["_emeritus"]["proof"] = essay.proof.decode()
    return item


def _attachments(entry: _Entry) -> Iterator[dict[str, Any]]:
    for file in entry.files:
        yield {"url": file.url, "mime_type": file.type, "title": file.title, "size_in_bytes": file.size}
