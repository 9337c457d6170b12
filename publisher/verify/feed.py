"""The feeds of a site: each is read once, and every essay in it must have the words that were received."""

import json
from collections.abc import Iterator
from typing import Any

from archive.errors import Malformed, Problem
from publisher.verify.opened import Opened
from publisher.verify.page import carried

Entries = list[tuple[list[str], str]]
"""Of each entry: the addresses it leads to, and its HTML."""

FORM = r"feed\.(atom|rss|json)|feeds/past/\d+\.atom"
ATOM, CONTENT = "{http://www.w3.org/2005/Atom}content", "{http://purl.org/rss/1.0/modules/content/}encoded"


def problems(site: Opened, name: str) -> Iterator[Problem]:
    """What is wrong with one feed. Raises `Malformed` where it is none."""
    data = site.folder.data(name)
    entries = of_json(data) if name.endswith(".json") else of_xml(data)
    for accession, slug in site.essays.items():
        shown = [html for links, html in entries if any(f"/essays/{slug}/" in link for link in links)]
        yield from carried(site, accession, name, shown)


def of_json(data: bytes) -> Entries:
    """The entries of a JSON Feed. Raises `Malformed`."""
    try:
        feed = json.loads(data)
    except (ValueError, RecursionError):
        raise Malformed("expected a JSON feed, found what cannot be read as JSON") from None
    items = feed.get("items") if isinstance(feed, dict) else None
    if not isinstance(items, list) or not all(map(_is_item, items)):
        raise Malformed("expected a JSON feed whose items each have a url and content_html, found something else")
    return [([item["url"]], item["content_html"]) for item in items]


def _is_item(item: Any) -> bool:
    return isinstance(item, dict) and all(isinstance(item.get(key), str) for key in ("url", "content_html"))


def of_xml(data: bytes) -> Entries:
    """The entries of an Atom or RSS feed. Raises `Malformed`."""
    from lxml import etree

    try:
        root = etree.fromstring(data, etree.XMLParser(resolve_entities=False, no_network=True))
    except (etree.XMLSyntaxError, ValueError) as error:
        raise Malformed(f"expected a feed in XML: {error}") from None
    found = []
    for entry in root.findall(".//{*}entry") + root.findall(".//item"):
        links = entry.findall("{*}link") + entry.findall("link")
        addresses = [link.get("href") or link.text or "" for link in links]
        found.append((addresses, entry.findtext(ATOM) or entry.findtext(CONTENT) or ""))
    return found
