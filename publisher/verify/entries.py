"""The entries of a feed as a reader holds it: Atom, RSS or JSON Feed, whole or one entry of it.

Everything in it is a stranger's: no entity and no document type is read, depth, size and number are bounded.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from html import escape
from typing import Any
from xml.parsers import expat

from archive.errors import Malformed, Refused
from archive.importers import strictjson

LARGEST = 16 << 20
"""Bytes of the largest feed that is read; a full one of ours has twenty essays."""

MOST_ENTRIES, MOST_ELEMENTS, DEEPEST, MOST_TAGS = 1_000, 200_000, 200, 100_000
"""Entries of a feed; elements of its XML, within each other; tags of HTML in all entries, which cost time."""

ATOM, CONTENT, XHTML = (
    "http://www.w3.org/2005/Atom",
    "http://purl.org/rss/1.0/modules/content/",
    "http://www.w3.org/1999/xhtml",
)
XML = "http://www.w3.org/XML/1998/namespace"
_VOID = {"br", "hr", "img", "wbr", "meta", "link", "input", "col"}


@dataclass(slots=True)
class Entry:
    """One entry, as it stands there."""

    id: str = ""
    title: str = ""
    links: list[str] = field(default_factory=list)
    html: list[str] = field(default_factory=list)
    """Each that a program may show: content, ``content:encoded``, ``content_html``."""
    texts: list[str] = field(default_factory=list)
    """JSON's ``content_text``."""
    summaries: list[str] = field(default_factory=list)
    sha256: str = ""
    proof: str = ""
    """As JSON's ``_emeritus`` gives them."""

    @property
    def own(self) -> tuple[bytes, bytes] | None:
        """The text and its proof, where it holds both."""
        texts = [text.encode(errors="surrogatepass") for text in self.texts]
        return (texts[0], self.proof.encode(errors="surrogatepass")) if texts and self.proof else None


def _is_json(data: bytes) -> bool:
    return data.removeprefix(b"\xef\xbb\xbf").lstrip()[:1] == b"{"


def entries(data: bytes) -> list[Entry]:
    """The entries of a feed, in its order. Raises `Malformed`."""
    if len(data) > LARGEST:
        raise Malformed(f"expected a feed, found {len(data):,} bytes, more than is read")
    found = list(_of_json(data) if _is_json(data) else _Xml().read(data))
    if sum(html.count("<") for entry in found for html in entry.html + entry.summaries) > MOST_TAGS:
        raise Malformed(f"expected a feed, found more than {MOST_TAGS:,} tags in its entries; save fewer of them")
    return found


# JSON.


def _of_json(data: bytes) -> Iterator[Entry]:
    try:
        feed = strictjson.loads(data.removeprefix(b"\xef\xbb\xbf"), "feed")
    except Refused as refused:
        raise Malformed(f"expected a feed in JSON, found {refused.problems[0].found}") from None
    items = feed.get("items", [feed]) if isinstance(feed, dict) else None
    if not isinstance(items, list) or not all(isinstance(item, dict) for item in items):
        raise Malformed("expected a feed in JSON with a list of items, or one item, found something else")
    if len(items) > MOST_ENTRIES:
        raise Malformed(f"expected a feed, found more than {MOST_ENTRIES:,} entries; save fewer of them")
    yield from map(_item, items)


def _item(item: dict[str, Any]) -> Entry:
    def texts(*names: str) -> list[str]:
        return [item[name] for name in names if isinstance(item.get(name), str)]

    ours = item.get("_emeritus")
    said, proof = (ours.get(key) if isinstance(ours, dict) else None for key in ("sha256", "proof"))
    return Entry(
        id="".join(texts("id")),
        title="".join(texts("title")),
        links=texts("url", "external_url"),
        html=texts("content_html"),
        texts=texts("content_text"),
        summaries=texts("summary"),
        sha256=said if isinstance(said, str) else "",
        proof=proof if isinstance(proof, str) else "",
    )


# XML.


class _Xml:
    """Takes a feed's XML in, element by element."""

    def __init__(self) -> None:
        self.found: list[Entry] = []
        self.entry: Entry | None = None
        self.path: list[str] = []
        self.text: list[str] = []
        self.inner = 0
        """How deep within XHTML content."""
        self.plain = False
        """Whether its tags are shown as they stand: Atom's type is "text" unless told."""
        self.elements = 0

    def read(self, data: bytes) -> list[Entry]:
        parser = expat.ParserCreate(namespace_separator=" ")
        parser.buffer_text = True
        parser.StartDoctypeDeclHandler = self._declared
        parser.EntityDeclHandler = self._declared
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._said
        try:
            parser.Parse(data, True)
        except (expat.ExpatError, ValueError, LookupError) as error:  # what names an encoding that is none
            raise Malformed(f"expected a feed in XML or JSON, found XML with a fault: {str(error)[:200]}") from None
        return self.found

    def _declared(self, *_: object) -> None:
        raise Malformed("expected a feed, found a document type or an entity of its own, which no feed of ours has")

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        self.elements += 1
        self.path.append(name)
        if self.elements > MOST_ELEMENTS or len(self.path) > DEEPEST:
            raise Malformed("expected a feed, found more elements, or more within each other, than any feed has")
        if self.inner:
            self.inner += 1
            given = "".join(f' {_local(key, XML)}="{escape(value)}"' for key, value in attributes.items())
            self.text.append(f"<{_local(name, XHTML)}{given}>")
            return
        self.text, self.plain = [], False
        if name in (f"{ATOM} entry", "item"):
            if len(self.found) == MOST_ENTRIES:
                raise Malformed(f"expected a feed, found more than {MOST_ENTRIES:,} entries; save fewer of them")
            self.entry = Entry()
            self.found.append(self.entry)
        elif name in (f"{ATOM} content", f"{ATOM} summary", f"{ATOM} title") and attributes.get("type") == "xhtml":
            self.inner = 1
        elif name in (f"{ATOM} content", f"{ATOM} summary"):
            self.plain = attributes.get("type", "text") not in ("html", "text/html") or "src" in attributes
        elif self.entry and name == f"{ATOM} link" and attributes.get("rel", "alternate") in ("alternate", "related"):
            self.entry.links.append(attributes.get("href", ""))

    def _said(self, text: str) -> None:
        self.text.append(escape(text, quote=False) if self.inner else text)

    def _end(self, name: str) -> None:
        self.path.pop()
        if self.inner > 1:
            self.inner -= 1
            if (tag := _local(name, XHTML)) not in _VOID:
                self.text.append(f"</{tag}>")
            return
        self.inner, said = 0, "".join(self.text)
        if self.entry and self.path and self.path[-1] in (f"{ATOM} entry", "item"):
            self._take(self.entry, name, escape(said, quote=False) if self.plain else said)
        elif name in (f"{ATOM} entry", "item"):
            self.entry = None

    def _take(self, entry: Entry, name: str, text: str) -> None:
        match name.removeprefix(f"{ATOM} "):
            case "id" | "guid":
                entry.id = text.strip()
            case "title":
                entry.title = text
            case "link" if text.strip():
                entry.links.append(text.strip())
            case "content" if name != "content":
                entry.html.append(text)
            case "summary" | "description":
                entry.summaries.append(text)
            case _ if name == f"{CONTENT} encoded":
                entry.html.append(text)


def _local(name: str, own: str) -> str:
    """The name of an element or attribute without its namespace; of a strange one it is none that HTML knows."""
    namespace, _, local = name.rpartition(" ")
    return local if namespace == own or (own == XML and not namespace) else f"strange-{local}"


def slug(entry: Entry) -> str:
    """Of the essay it links to: ``on-commas``; empty where it links to none."""
    found = (re.search(r"/essays/([a-z0-9][a-z0-9-]{0,99})/", link) for link in entry.links)
    return next((match[1] for match in found if match), "")
