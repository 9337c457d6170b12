"""The feeds: Atom first, RSS for readers without it, JSON Feed for programs; one entry for each essay, in full.

The live feeds hold the newest entries; all but the newest few stand in ``feeds/past/1.atom``, ``2.atom`` … (RFC 5005).
A past feed is full and keeps its entries; only what editors add beside a text still changes it, or that a text is
withdrawn (`publisher.site.entries`).

Titles are text. Some readers take those of RSS for HTML and lose ``<…>`` in them; Atom has no such doubt.
"""

import json
from collections.abc import Iterator
from functools import partial
from typing import Any

from feedgen.entry import FeedEntry
from feedgen.ext.base import BaseEntryExtension, BaseExtension
from feedgen.feed import FeedGenerator
from feedgen.util import xml_elem

from archive.characters import carried
from archive.register.statement import encode_time
from publisher.site.entries import Entry, Place, made, places
from publisher.site.plan import Plan, Planned
from publisher.site.site import Site

PAGE = 20
"""Entries in a live feed, and in each past one."""


def plan(site: Site) -> Plan:
    """Every feed."""
    yield "feed.atom", Planned(None, partial(atom, site))
    yield "feed.rss", Planned(None, partial(rss, site))
    yield "feed.json", Planned(None, partial(json_feed, site))
    entries = places(site)
    for page in range(1, len(entries) // PAGE + 1):
        held = entries[(page - 1) * PAGE : page * PAGE]
        inputs = " ".join([each.inputs for each in held])
        yield f"feeds/past/{page}.atom", Planned(inputs, partial(_past, site, page, held))


def atom(site: Site) -> bytes:
    """``feed.atom`` (RFC 4287)."""
    entries = places(site)
    links = _to_past(site, len(entries) // PAGE)
    newest = made(site, entries[-PAGE:])
    return bytes(_feed(site, newest, "feed.atom", "application/atom+xml", links).atom_str())


def _past(site: Site, page: int, held: list[Place]) -> bytes:
    """A full page, oldest entries first, linked to the one before."""
    links = {"current": site.url("feed.atom")} | _to_past(site, page - 1)
    feed = _feed(site, made(site, held), f"feeds/past/{page}.atom", "application/atom+xml", links)
    feed.register_extension("history", _History, BaseEntryExtension)
    return bytes(feed.atom_str())


def rss(site: Site) -> bytes:
    """``feed.rss`` (RSS 2.0)."""
    return bytes(_feed(site, made(site, places(site)[-PAGE:]), "feed.rss", "application/rss+xml", {}).rss_str())


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
        "items": [_item(entry) for entry in reversed(made(site, places(site)[-PAGE:]))],
    }
    return (json.dumps(feed, ensure_ascii=False, indent=1) + "\n").encode()


# The formats.


class _EntryLinks(BaseEntryExtension):  # type: ignore[misc]
    """Writes an entry's links, since feedgen 1.0.0 loses all of a link but its address (its issue #135)."""

    entry: Entry

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


def _feed(site: Site, entries: list[Entry], path: str, media_type: str, links: dict[str, str]) -> FeedGenerator:
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


def _add(element: FeedEntry, entry: Entry) -> None:
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


def _item(entry: Entry) -> dict[str, Any]:
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


def _attachments(entry: Entry) -> Iterator[dict[str, Any]]:
    for file in entry.files:
        yield {"url": file.url, "mime_type": file.type, "title": file.title, "size_in_bytes": file.size}
