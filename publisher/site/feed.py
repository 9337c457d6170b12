"""The feeds: Atom first, RSS for readers without it, JSON Feed for programs; one entry for each essay, in full.

There is one of everything, and in Atom one of each model, beside its page (``models/example-heron-1/feed.atom``), and
one of each series (``feeds/series/letters-home.atom``).

The live feeds hold the newest entries; all but the newest few stand in ``feeds/past/1.atom``, ``2.atom`` … (RFC 5005).
A past feed is full and keeps its entries; only what editors add beside a text still changes it, what is learnt of who
wrote it, or that a text is withdrawn (`publisher.site.entries`).

Where a WebSub hub is configured, the live feeds name it. Publishing tells it nothing: the feeds are not out by then.

Titles are text. Some readers take those of RSS for HTML and lose ``<…>`` in them; Atom has no such doubt.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from typing import Any

from feedgen.entry import FeedEntry
from feedgen.ext.base import BaseEntryExtension, BaseExtension
from feedgen.feed import FeedGenerator
from feedgen.util import xml_elem

from archive.characters import carried
from archive.register.statement import encode_time
from publisher.site.entries import Entry, Place, made, places
from publisher.site.page import series_name
from publisher.site.plan import Plan, Planned
from publisher.site.site import Issue, Site

ATOM = "application/atom+xml"
PAGE = 20
"""Entries in a live feed, and in each past one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Channel:
    """What one feed is of."""

    path: str
    """Site path of its live feed: ``models/example-heron-1/feed.atom``."""
    past: str
    """Of its past ones, with ``{}`` for their number."""
    tag: str
    """What its id ends with; it never changes."""
    name: str
    """Of what it is of; empty for all."""
    page: str
    """Site path of the page that it belongs to."""
    inputs: str
    """What its name is made from."""
    places: list[Place]
    """Of its entries, oldest first."""


def channels(site: Site) -> list[Channel]:
    """The feeds but the one of all: one of each model that wrote something here, then one of each series.

    What was withdrawn is only in the feed of all: who wrote it is not published any more.
    """
    return [*_of_models(site), *_of_series(site)]


def _of_models(site: Site) -> Iterator[Channel]:
    known = {place.accession: (number, place) for number, place in enumerate(places(site))}
    for model, written in site.authors.items():
        folder = site.page_of(model).removesuffix("/index.html")
        yield Channel(
            path=f"{folder}/feed.atom",
            past=f"{folder}/feed/{{}}.atom",
            tag=f"{folder}/feed",
            name=site.name_of(model),
            page=f"{folder}/",
            inputs=site.known(model),
            places=[place for _, place in sorted(known[accession] for accession in written)],
        )


def _of_series(site: Site) -> Iterator[Channel]:
    found: dict[str, list[Place]] = {}
    for place in places(site):
        series = place.of.series.get(place.accession) if isinstance(place.of, Issue) else None
        if series and place.accession not in site.withdrawn:
            found.setdefault(series, []).append(place)
    for slug, parts in found.items():
        yield Channel(
            path=f"feeds/series/{slug}.atom",
            past=f"feeds/series/{slug}/{{}}.atom",
            tag=f"series/{slug}",
            name=series_name(slug),
            page=f"series/{slug}/",
            inputs=f"series:{slug}",
            places=parts,
        )


def plan(site: Site) -> Plan:
    """Every feed."""
    whole = _whole(site)
    yield "feed.atom", Planned(None, partial(atom, site))
    yield "feed.rss", Planned(None, partial(rss, site))
    yield "feed.json", Planned(None, partial(json_feed, site))
    yield from _past_feeds(site, whole)
    for channel in channels(site):
        newest = channel.places[-PAGE:]
        inputs = " ".join([channel.inputs, str(len(channel.places)), *(each.inputs for each in newest)])
        yield channel.path, Planned(inputs, partial(_live, site, channel))
        yield from _past_feeds(site, channel)


def _whole(site: Site) -> Channel:
    past = "feeds/past/{}.atom"
    return Channel(path="feed.atom", past=past, tag="feed", name="", page="", inputs="", places=places(site))


def _past_feeds(site: Site, channel: Channel) -> Plan:
    for number in range(1, len(channel.places) // PAGE + 1):
        held = channel.places[(number - 1) * PAGE : number * PAGE]
        inputs = " ".join([*([channel.inputs] if channel.inputs else []), *(each.inputs for each in held)])
        yield channel.past.format(number), Planned(inputs, partial(_past, site, channel, number))


def atom(site: Site) -> bytes:
    """``feed.atom`` (RFC 4287)."""
    return _live(site, _whole(site))


def _live(site: Site, channel: Channel) -> bytes:
    """The newest entries of a channel."""
    links = _to_past(site, channel, len(channel.places) // PAGE)
    newest = made(site, channel.places[-PAGE:])
    return bytes(_feed(site, channel, newest, channel.path, ATOM, links | _to_hub(site)).atom_str())


def _past(site: Site, channel: Channel, number: int) -> bytes:
    """A full page, linked to the one before."""
    links = {"current": site.url(channel.path)} | _to_past(site, channel, number - 1)
    held = made(site, channel.places[(number - 1) * PAGE : number * PAGE])
    feed = _feed(site, channel, held, channel.past.format(number), ATOM, links)
    feed.register_extension("history", _History, BaseEntryExtension)
    return bytes(feed.atom_str())


def rss(site: Site) -> bytes:
    """``feed.rss`` (RSS 2.0)."""
    newest = made(site, places(site)[-PAGE:])
    feed = _feed(site, _whole(site), newest, "feed.rss", "application/rss+xml", {})
    if site.newsletter.hub:
        feed.register_extension("hub", _Hub, BaseEntryExtension)
        feed.hub.address = site.newsletter.hub
    return bytes(feed.rss_str())


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
        **({"hubs": [{"type": "WebSub", "url": letter.hub}]} if letter.hub else {}),
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


class _Hub(BaseExtension):  # type: ignore[misc]
    """Names the hub in RSS too, where feedgen 1.0.0 writes none of a feed's links but its own address."""

    address: str

    def extend_rss(self, feed: Any) -> Any:
        link = xml_elem("{http://www.w3.org/2005/Atom}link", feed[0], rel="hub", href=self.address)
        feed[0].insert(0, link)
        return feed


def _to_past(site: Site, channel: Channel, number: int) -> dict[str, str]:
    return {"prev-archive": site.url(channel.past.format(number))} if number else {}


def _to_hub(site: Site) -> dict[str, str]:
    return {"hub": site.newsletter.hub} if site.newsletter.hub else {}


def _feed(
    site: Site, channel: Channel, entries: list[Entry], path: str, media_type: str, links: dict[str, str]
) -> FeedGenerator:
    """A feed of the entries, given oldest first. Every date is set: feedgen's own is the moment it runs."""
    letter = site.newsletter
    updated = max((entry.updated for entry in entries), default=site.time)
    feed = FeedGenerator()
    feed.register_extension("entry_links", BaseExtension, _EntryLinks, rss=False)
    feed.load_extension("dc", atom=False)
    feed.id(site.tag(channel.tag))
    feed.title(carried(f"{letter.title}: {channel.name}" if channel.name else letter.title))
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
    feed.link(href=site.url(channel.page), rel="alternate", type="text/html")  # the last one is RSS' <link>
    for entry in reversed(entries):
        _add(feed.add_entry(order="append"), entry)
    return feed


def _add(element: FeedEntry, entry: Entry) -> None:
    element.id(entry.id)
    element.title(carried(entry.title))
    element.link(href=entry.url)
    element.author(name=carried(entry.author), **({"uri": entry.author_url} if entry.author_url else {}))
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
        "authors": [{"name": entry.author, **({"url": entry.author_url} if entry.author_url else {})}],
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
