"""Verifying a saved page: the words of an essay in it, held against its proof, and its style sheet against ours.

As Chromium and Firefox save it: the bytes as served; what became of them in the browser, with its files in a folder
beside it; one file (MHTML). A page holds no proof: it is taken from a site, or from beside the page.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from urllib.parse import unquote, urljoin, urlsplit

from selectolax.lexbor import LexborHTMLParser

from archive.errors import Malformed, VerificationError
from archive.wording import listed
from publisher.essays.words import difference, split, visible
from publisher.verify import disguise, markup, message
from publisher.verify.evidence import Evidence
from publisher.verify.file import read_bytes
from publisher.verify.letter import letters
from publisher.verify.place import SiteFolder
from publisher.verify.text import Proved
from publisher.verify.verdict import Found, Verdict, of_channel

LARGEST = 16 << 20
"""Bytes of the largest page that is read, with all that is in one file with it."""

_AROUND = "that what stands around the essay is ours: title, dates, how it came to be"
_NO_SHEET = "that the style sheet, which is not with it, hides no words and writes no others"
_SHEETS = 1
_XML = (".xhtml", ".xht", ".xml", ".svg")
_RECEIVED = re.compile("pre|span|-text")


@dataclass
class _Page:
    """A page on its way to being judged."""

    html: str
    location: str
    """Where it was saved from, as far as it says so."""
    sheets: dict[str, str]
    """Address → style sheet, of what is in one file with it."""
    mhtml: bool
    proved: list[Proved] = field(default_factory=list)
    places: list[str] = field(default_factory=list)
    said: list[str] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)
    limits: list[str] = field(default_factory=list)

    @cached_property
    def tree(self) -> LexborHTMLParser:
        """Its elements; only of a page that is not too large."""
        return LexborHTMLParser(self.html)


def verify_page(path: Path, evidence: Evidence) -> Verdict:
    """Check every essay on a page. Raises `VerificationError` with all that touches a text, and where."""
    data = read_bytes(path, "a page", "save the page itself", LARGEST)
    if path.suffix.lower() in _XML:
        raise Malformed(
            f"{message.name(path)}: a browser reads it as XML, in which other words may show; save it as HTML"
        )
    try:
        page = _mhtml(data) if is_mhtml(data) else _html(data)
        if markup.too_large(page.html):
            size = f"{len(page.html):,} characters and {page.html.count('<'):,} tags"
            raise Malformed(f"expected a page of an essay, found {size}, more than any of ours")
        # 1. Each text that it says it shows is at hand, with a proof that holds.
        received_as = _received(page)
        _prove(page, evidence, received_as)
        # 2. It shows the words that were proved, and holds nothing that could show others.
        page.problems += _as_received(page, received_as) if received_as is not None else _rendered(page)
        # 3. Its style sheet is ours.
        page.problems += _sheets(page, path)
    except Malformed as error:
        raise Malformed(f"{message.name(path)}: {error}") from None
    if page.problems:
        raise VerificationError(
            message.listing(message.name(path), [*dict.fromkeys(map(message.shown, page.problems))])
        )
    return _checked(path, page)


# Reading.


def is_mhtml(data: bytes) -> bool:
    """Whether it is a page saved with all its files in one: a mail in form, whose first part is the page."""
    head = data[: 1 << 12].partition(b"\r\n\r\n")[0].lower()
    return b"snapshot-content-location:" in head or (b"multipart/related" in head and b"<saved by" in head)


def _mhtml(data: bytes) -> _Page:
    parts = [part for each in letters(data) for part in each.parts]
    pages = [part for part in parts if part.kind in ("text/html", "application/xhtml+xml")]
    if not pages:
        raise Malformed("expected a page saved as MHTML, found no page in it")
    styles = [part for part in parts if part.kind == "text/css"]
    sheets = {part.location: part.data.decode(errors="replace") for part in styles}
    page = _Page(pages[0].data.decode(errors="replace"), pages[0].location, sheets, mhtml=True)
    if len(pages) > 1:
        page.problems.append("holds another page within it, which may show other words")
    if parts[0] is not pages[0] or pages[0].kind != "text/html":
        page.problems.append(f"begins with {message.shown(parts[0].kind)}, which a browser shows for the page")
    if len(styles) > len(sheets):
        page.problems.append("holds two style sheets for one address")
    page.problems += [f"holds a part that {message.shown(part.fault)}" for part in (pages[0], *styles) if part.fault]
    return page


def _html(data: bytes) -> _Page:
    utf16 = data[:2] in (b"\xff\xfe", b"\xfe\xff")
    html = data.decode("utf-16" if utf16 else "utf-8-sig", errors="replace")
    saved = re.search(r"<!-- saved from url=\(\d+\)(\S{1,2000}) -->", html[:5000])
    return _Page(html, saved[1] if saved else "", {}, mhtml=False)


def _received(page: _Page) -> str | None:
    """The text, where it is the page that shows it as received."""
    found = page.tree.css("pre.received")
    if len(found) > 1:
        raise Malformed("expected one text as received, found more")
    return found[0].text() if found else None


# Judging.


def _prove(page: _Page, evidence: Evidence, received_as: str | None) -> None:
    canonical = page.tree.css_first('link[rel="canonical"]')
    address = (canonical.attributes.get("href") if canonical else "") or page.location
    named = re.search(r"/essays/([a-z0-9][a-z0-9-]{0,99})/", f"{address}/")
    slug = named[1] if named else ""
    claimed = [*dict.fromkeys(markup.digests(page.html))]
    if not claimed:
        seals = ("".join(node.text().split()) for node in page.tree.css("code.hash"))
        claimed = [seal for seal in seals if re.fullmatch("[0-9a-f]{64}", seal)][:1]
        if claimed and received_as is None:
            page.said.append("it does not say which part is the essay")
    if not claimed and not slug:
        raise Malformed("expected a page of an essay, found none: neither the SHA-256 of a text nor an essay's address")
    for sha256 in claimed or [""]:
        essay = evidence.of(sha256, slug)
        if essay:
            page.proved.append(essay)
        else:
            page.problems.append(evidence.missing(sha256, slug))


def _rendered(page: _Page) -> Iterator[str]:
    essays = {essay.sha256: essay.text for essay in page.proved}
    if not essays:
        return
    problems, found = markup.compared(page.html, essays, disguise.PAGE)
    yield from problems
    page.places += ["by its words"] if found else []
    if not found and not problems:
        yield "does not show its text"


def _as_received(page: _Page, text: str) -> Iterator[str]:
    yield from disguise.hiding(page.html, page.tree.css("*"), disguise.PAGE)
    if page.tree.css(".essay"):
        yield "shows an essay beside the text as received"
    for pre in page.tree.css("pre.received"):
        yield from markup.within(pre, _RECEIVED, ("mark",))
    for essay in page.proved:
        expected = essay.text.decode(errors="replace")
        if text == expected and not difference(split(text), visible(page.html)):
            page.places.append("character by character")
        elif text == expected:
            yield "hides the text"
        else:
            differs = difference(split(expected), split(text)) or "has other spaces, or more before or after it"
            yield f"the text as received {differs}"


def _sheets(page: _Page, path: Path) -> Iterator[str]:
    """Every style sheet that it links is ours; where one is not with it, that is a limit."""
    links = [
        node.attributes.get("href") or ""
        for node in page.tree.css("link[rel]")
        if "stylesheet" in (node.attributes.get("rel") or "").lower().split()
    ]
    if len(links) > _SHEETS:
        yield "links more style sheets than any page of ours"
        return
    for link in links:
        css = _sheet(page, path, link)
        if css is None:
            page.limits.append(_NO_SHEET)
        elif not disguise.is_ours(css, disguise.PAGE):
            yield disguise.STRANGE_SHEET
    if not links and not page.tree.css("style"):
        page.said.append("it was saved without its style sheet")
    strangers = page.sheets.keys() - {_resolved(page, link) for link in links}
    if strangers:
        yield f"comes with a style sheet that it does not link: {sorted(strangers)[0][:200]}"


def _sheet(page: _Page, path: Path, link: str) -> str | None:
    """What a link to a style sheet leads to, in the same file or beside it; nothing is fetched."""
    if page.mhtml:
        return page.sheets.get(_resolved(page, link))
    try:
        parts = urlsplit(link)
    except ValueError:
        return None
    if parts.scheme or parts.netloc or link.startswith("/"):
        return None
    folder = path.absolute().parent
    top = SiteFolder([folder, *folder.parents][:4][-1])  # in a site a page of an essay lies that deep
    data = top.read(str(folder / unquote(parts.path)))
    return None if data is None else data.decode(errors="replace")


def _resolved(page: _Page, link: str) -> str:
    """The address that a link of the page leads to; the link itself where no program can read one of the two."""
    try:
        return urljoin(page.location, link)
    except ValueError:
        return link


# Telling.


def _checked(path: Path, page: _Page) -> Verdict:
    saved = ["saved as one file (MHTML)"] if page.mhtml else []
    saved += [f"saved from {message.shown(page.location)}"] if page.location else []
    what = f"{message.name(path)} shows, {listed(page.places)}, the whole text"
    found = [
        Found(essay, f"{what} ({essay.measure}) that is", page.places, [*page.said, *saved]) for essay in page.proved
    ]
    return of_channel("page", found, (*dict.fromkeys(page.limits), _AROUND))
