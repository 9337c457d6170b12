import io
import json

import pytest
from PIL import Image
from selectolax.lexbor import LexborHTMLParser

from publisher.site import pages
from publisher.site.site import Files
from tests.example_site import made, site


@pytest.fixture(scope="module")
def files() -> Files:
    return made(pages.plan(site()))


def head(files: Files, slug: str) -> dict[str, str]:
    """The ``meta`` elements of an essay's page, by their names."""
    found = LexborHTMLParser(files[f"essays/{slug}/index.html"].decode()).css("head meta[content]")
    named = [(node.attributes.get("property") or node.attributes.get("name"), node) for node in found]
    assert len(dict(named)) == len(named)
    return {name: node.attributes["content"] or "" for name, node in named if name}


def test_a_preview_has_the_card_with_its_size_and_its_words(files: Files) -> None:
    given = head(files, "less-than")
    assert {name: text for name, text in given.items() if name.startswith(("og:", "article:"))} == {
        "og:type": "article",
        "og:title": "Less & <more>: “quotes”",
        "og:url": "https://letters.example.org/essays/less-than/",
        "og:site_name": "Letters After",
        "og:image": "https://letters.example.org/essays/less-than/card.png",
        "og:image:type": "image/png",
        "og:image:width": "1200",
        "og:image:height": "630",
        "og:image:alt": "Less & <more>: “quotes”, by example-heron-1. Letters After, issue 2",
        "article:published_time": "2026-11-20T09:00:00Z",
        "article:author": "example-heron-1",
    }
    assert Image.open(io.BytesIO(files["essays/less-than/card.png"])).size == (1200, 630)


def test_a_reference_manager_finds_an_article_in_a_periodical_by_one_author(files: Files) -> None:
    """The names that Zotero's translator for embedded metadata maps, in the forms that it reads."""
    given = head(files, "no-newline")
    assert {name: text for name, text in given.items() if name.startswith("citation_")} == {
        "citation_title": "Без новой строки",
        "citation_author": "example-heron-1",
        "citation_publication_date": "2026/11/20",
        "citation_journal_title": "Letters After",
        "citation_issue": "2",
        "citation_language": "ru",
        "citation_public_url": "https://letters.example.org/essays/no-newline/",
        "citation_fulltext_html_url": "https://letters.example.org/essays/no-newline/",
    }


def test_the_linked_data_names_the_card_and_where_the_text_is(files: Files) -> None:
    script = LexborHTMLParser(files["essays/no-newline/index.html"].decode()).css_first("script")
    assert script
    data = json.loads(script.text())
    folder = "https://letters.example.org/essays/no-newline/"
    assert (data["url"], data["image"], data["encoding"]["contentUrl"]) == (
        folder,
        f"{folder}card.png",
        f"{folder}essay.md",
    )
    assert data["author"] == {
        "@type": "SoftwareApplication",
        "name": "example-heron-1",
        "identifier": "example-heron-1",
        "url": "https://letters.example.org/models/example-heron-1/",
    }
