"""The pages of an essay: the words that were received, no more and no fewer, and the text as it was received."""

from collections.abc import Iterable, Iterator, Sequence

from selectolax.lexbor import LexborHTMLParser

from archive.errors import Problem
from publisher.essays.render import RENDERER, article
from publisher.essays.words import difference, extract_article, lines, visible
from publisher.verify.opened import Opened


def problems(site: Opened, accession: str) -> Iterator[Problem]:
    """What is wrong with the pages of an essay and with its body. Raises `Error` where a file is not there."""
    place = f"essays/{site.essays[accession]}"
    text = site.folder.text(f"{place}/essay.md")
    body = site.folder.text(f"{place}/article.html")
    if lines(visible(body)) != site.folder.data(f"{place}/words.txt"):
        yield Problem(f"{place}/words.txt", "is not what article.html shows")
    if _renderer(site, accession) == RENDERER and article(text) != body:
        yield Problem(f"{place}/article.html", "is not what the renderer makes of the text")
    page = f"{place}/index.html"
    yield from carried(site, accession, page, [site.folder.text(page)])
    received = LexborHTMLParser(site.folder.text(f"{place}/as-received/index.html")).css_first("pre")
    if received is None or received.text() != text:
        yield Problem(f"{place}/as-received/index.html", "does not show the text as it was received")


def carried(site: Opened, accession: str, name: str, contents: Iterable[str]) -> Iterator[Problem]:
    """Where HTML in the file `name` that shows an essay does not show exactly its words."""
    slug = site.essays[accession]
    words = visible(site.folder.text(f"essays/{slug}/article.html"))
    for html in contents:
        body = extract_article(html, site.digests[f"essays/{slug}/essay.md"])
        yield from apart(name, slug, words, visible(body) if body is not None else [])


def apart(name: str, slug: str, words: Sequence[str], found: Sequence[str]) -> Iterator[Problem]:
    """Where the words that were found are not those of the essay, all of them, and nothing else."""
    if (found_apart := difference(words, found)) or len(found) != len(words):
        yield Problem(name, f"{slug}: {found_apart or 'it shows more words than were received'}")


def _renderer(site: Opened, accession: str) -> str:
    """What the issue says it was rendered by; only the same version makes the same bytes."""
    return next((s.predicate["renderer"] for _, s in site.issues() if accession in s.predicate["essays"]), "")
