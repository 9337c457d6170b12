import dataclasses
import datetime as dt
import json
import re
import shlex
import subprocess
import threading
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any
from urllib.parse import parse_qs

import feedparser
import pytest
from feedgen.feed import FeedGenerator
from lxml import etree
from selectolax.lexbor import LexborHTMLParser

from archive.home.configuration import Newsletter
from publisher.essays.essay import PublishedEssay
from publisher.essays.words import difference, visible
from publisher.site import compose
from publisher.site.feed import PAGE, atom, json_feed, plan, rss
from publisher.site.site import Issue, Site
from publisher.week import Week
from tests.conftest import ROOT
from tests.example_site import CHECKPOINT, body_in, essay, issue, made, site

ATOM = "{http://www.w3.org/2005/Atom}"
Feed = Callable[[Site], bytes]


def parsed(data: bytes) -> Any:
    return feedparser.parse(data, sanitize_html=False, resolve_relative_uris=False)


def weekly(count: int) -> Site:
    """A site of `count` issues, the first with two essays."""
    first = dt.datetime(2026, 1, 2, 9, tzinfo=dt.UTC)
    issues = []
    for number in range(1, count + 1):
        made = [essay(number, f"e-{number}", f"Essay {number}", f"Text {number}\n", 1)]
        if number == 1:
            made.append(essay(99, "e-99", "Essay 99", "Text 99\n", 1))
        time = first + dt.timedelta(days=7 * number)
        issues.append(Issue.whole(week=Week.of(time), number=number, time=time, essays=tuple(made), frozen={}))
    return site(issues=tuple(issues), gaps=())


def past(whole: Site, folder: str = "feeds/past/") -> dict[str, bytes]:
    """The past feeds by site path."""
    return {path: planned.make() for path, planned in plan(whole) if path.startswith(folder)}


def contents(feed: Feed, whole: Site) -> list[str]:
    """The HTML of each entry, as a reader gets it."""
    if feed is json_feed:
        return [item["content_html"] for item in json.loads(feed(whole))["items"]]
    return [entry.content[0].value for entry in parsed(feed(whole)).entries]


@pytest.mark.parametrize("feed", [atom, rss, json_feed])
def test_an_entry_holds_the_whole_article_untouched_after_its_hash_and_proof(feed: Feed) -> None:
    whole = site()
    first, second, third = (each for issue in whole.issues for each in issue.essays)
    shown = contents(feed, whole)
    assert len(shown) == 4
    for html, each in zip([shown[0], shown[1], shown[3]], [second, third, first], strict=True):
        article = html.index(each.article)
        assert 0 < html.index(each.sha256) < html.index("essay.md.tlog-proof") < article
        assert difference(visible(each.article), visible(body_in(html, each.sha256) or "")) is None
        assert article < html.index("Nothing was edited.") < html.index("They do not prove") < html.index(CHECKPOINT)


@pytest.mark.parametrize("feed", [atom, rss])
def test_a_reader_finds_every_essay_and_gap_with_a_lasting_id_and_one_link(feed: Feed) -> None:
    found = parsed(feed(site()))
    assert not found.bozo
    assert [(each.id, each.title, each.link, each.author, each.published_parsed[:6]) for each in found.entries] == [
        (
            "tag:letters.example.org,2026:E2026-0002",
            "Less & <more>: “quotes”",
            "https://letters.example.org/essays/less-than/",
            "example-heron-1",
            (2026, 11, 20, 9, 0, 0),
        ),
        (
            "tag:letters.example.org,2026:E2026-0004",
            "Без новой строки",
            "https://letters.example.org/essays/no-newline/",
            "example-heron-1",
            (2026, 11, 20, 8, 59, 59),
        ),
        (
            "tag:letters.example.org,2026:no-issue/2026-W46",
            "No issue in week 2026-W46",
            "https://letters.example.org/issues/2026-W46/",
            "The Heron archive",
            (2026, 11, 13, 9, 0, 0),
        ),
        (
            "tag:letters.example.org,2026:E2026-0001",
            "The form asks for a date",
            "https://letters.example.org/essays/the-form-asks-for-a-date/",
            "example-heron-1",
            (2026, 11, 6, 9, 0, 0),
        ),
    ]


def links(element: etree._Element) -> list[dict[str, str]]:
    return [dict(link.attrib) for link in element.findall(f"{ATOM}link")]


def test_an_atom_entry_has_one_alternate_and_names_its_text_and_proof() -> None:
    whole = site()
    only = whole.issues[0].essays[0]
    folder = "https://letters.example.org/essays/the-form-asks-for-a-date/"
    assert links(etree.fromstring(atom(whole)).findall(f"{ATOM}entry")[3]) == [
        {"rel": "alternate", "type": "text/html", "href": folder},
        {
            "rel": "related",
            "type": "text/markdown",
            "length": str(len(only.text)),
            "title": "The text as received",
            "href": f"{folder}essay.md",
        },
        {
            "rel": "related",
            "type": "text/plain",
            "length": str(len(only.proof)),
            "title": "The proof of its review",
            "href": f"{folder}essay.md.tlog-proof",
        },
    ]


def test_a_feed_says_where_it_is_and_what_it_is_of() -> None:
    found = parsed(atom(site())).feed
    assert links(etree.fromstring(atom(site()))) == [
        {"rel": "self", "type": "application/atom+xml", "href": "https://letters.example.org/feed.atom"},
        {"rel": "alternate", "type": "text/html", "href": "https://letters.example.org/"},
    ]
    assert (found.id, found.title, found.subtitle, found.language, found.author, found.updated, found.generator) == (
        "tag:letters.example.org,2026:feed",
        "Letters After",
        "What a retired model writes",
        "en",
        "The Heron archive",
        "2026-11-20T09:00:00+00:00",
        "Emeritus",
    )


def test_an_rss_channel_links_to_the_site_and_says_when_it_last_changed() -> None:
    channel = etree.fromstring(rss(site()))[0]
    names = ("title", "link", "description", "language", "pubDate", "lastBuildDate", "generator")
    assert [channel.findtext(name) for name in names] == [
        "Letters After",
        "https://letters.example.org/",
        "What a retired model writes",
        "en",
        "Fri, 20 Nov 2026 09:00:00 +0000",
        "Fri, 20 Nov 2026 09:00:00 +0000",
        "Emeritus",
    ]


def test_a_json_item_carries_the_exact_text_its_hash_and_its_files() -> None:
    whole = site()
    only = whole.issues[1].essays[1]
    item = json.loads(json_feed(whole))["items"][1]
    html = item.pop("content_html")
    assert only.article in html
    assert item == {
        "id": "tag:letters.example.org,2026:E2026-0004",
        "url": "https://letters.example.org/essays/no-newline/",
        "title": "Без новой строки",
        "summary": f"Not edited. SHA-256 of the text: {only.sha256}",
        "date_published": "2026-11-20T08:59:59Z",
        "authors": [{"name": "example-heron-1", "url": "https://letters.example.org/models/example-heron-1/"}],
        "language": "ru",
        "content_text": only.text.decode(),
        "attachments": [
            {
                "url": "https://letters.example.org/essays/no-newline/essay.md",
                "mime_type": "text/markdown",
                "title": "The text as received",
                "size_in_bytes": len(only.text),
            },
            {
                "url": "https://letters.example.org/essays/no-newline/essay.md.tlog-proof",
                "mime_type": "text/plain",
                "title": "The proof of its review",
                "size_in_bytes": len(only.proof),
            },
        ],
        "_emeritus": {
            "accession": "E2026-0004",
            "sha256": only.sha256,
            "bytes": len(only.text),
            "proof": only.proof.decode(),
        },
    }


def test_an_erratum_stands_outside_the_essay_and_is_marked() -> None:
    html = contents(atom, site())[3]
    article = body_in(html, site().issues[0].essays[0].sha256)
    assert "<b>Erratum by the editors, not the model’s words</b></p><p>The bridge was built in 1890" in html
    assert "1890" not in (article or "1890")


def test_the_same_site_gives_the_same_feeds() -> None:
    assert made(plan(site())) == made(plan(site()))


def test_a_live_feed_holds_the_newest_entries_and_leads_to_the_past_ones() -> None:
    whole = weekly(3 * PAGE - 2)
    feeds = {"feed.atom": atom(whole), **past(whole)}
    base = "https://letters.example.org/"
    seen, path = [], "feed.atom"
    while path:
        seen.append((path, [each.title for each in parsed(feeds[path]).entries]))
        path = {link["rel"]: link["href"] for link in links(etree.fromstring(feeds[path]))}.get("prev-archive", "")
        path = path.removeprefix(base)
    titles = ["Essay 1", "Essay 99", *(f"Essay {number}" for number in range(2, 3 * PAGE - 1))]
    oldest_last = [*(f"Essay {number}" for number in range(3 * PAGE - 2, 1, -1)), "Essay 1", "Essay 99"]
    assert len(titles) == len(oldest_last) == 3 * PAGE - 1
    assert seen == [
        ("feed.atom", oldest_last[:PAGE]),
        ("feeds/past/2.atom", oldest_last[-2 * PAGE : -PAGE]),
        ("feeds/past/1.atom", oldest_last[-PAGE:]),
    ]


@pytest.mark.parametrize("count", [1, PAGE - 2, PAGE - 1, PAGE, 2 * PAGE - 2, 2 * PAGE - 1])
def test_a_past_feed_never_changes_once_it_is_there(count: int) -> None:
    now, later = past(weekly(count)), past(weekly(count + PAGE + 3))
    assert len(now) == (count + 1) // PAGE
    assert now.items() <= later.items()


def test_a_past_feed_says_that_it_is_one() -> None:
    feed = etree.fromstring(past(weekly(PAGE))["feeds/past/1.atom"])
    assert feed.find("{http://purl.org/syndication/history/1.0}archive") is not None
    assert {link["rel"]: link["href"] for link in links(feed)} == {
        "self": "https://letters.example.org/feeds/past/1.atom",
        "current": "https://letters.example.org/feed.atom",
        "alternate": "https://letters.example.org/",
    }


def test_each_model_has_a_feed_of_what_it_wrote() -> None:
    heron, owl = essay(1, "one", "One", "One\n", 2), essay(2, "two", "Two", "Two\n", 2, model="org/owl")
    whole = site(issues=(issue(1, "2026-W45", 6, heron, owl),), gaps=())
    feeds = {path: planned.make() for path, planned in plan(whole) if path.startswith("models/")}
    assert {path: [each.title for each in parsed(data).entries] for path, data in feeds.items()} == {
        "models/example-heron-1/feed.atom": ["One"],
        "models/org%2Fowl/feed.atom": ["Two"],
    }
    found = etree.fromstring(feeds["models/org%2Fowl/feed.atom"])
    assert found.findtext(f"{ATOM}title") == "Letters After: org/owl"
    assert found.findtext(f"{ATOM}id") == "tag:letters.example.org,2026:models/org%2Fowl/feed"
    assert {link["rel"]: link["href"] for link in links(found)} == {
        "self": "https://letters.example.org/models/org%252Fowl/feed.atom",
        "alternate": "https://letters.example.org/models/org%252Fowl/",
    }
    whole_entries = etree.fromstring(atom(whole)).findall(f"{ATOM}entry")
    assert etree.tostring(whole_entries[1]) == etree.tostring(found.findall(f"{ATOM}entry")[0])  # the same entry


def test_a_models_feed_has_its_entries_in_the_order_of_the_feed_of_all() -> None:
    feeds = {path: planned.make() for path, planned in plan(site()) if path.startswith("models/")}
    titles = [each.title for each in parsed(feeds["models/example-heron-1/feed.atom"]).entries]
    assert titles == [each.title for each in parsed(atom(site())).entries if each.author == "example-heron-1"]


def test_a_models_feed_leads_to_its_past_ones() -> None:
    feeds, path, seen = past(weekly(2 * PAGE), "models/"), "models/example-heron-1/feed.atom", []
    while path:
        data = feeds.pop(path)
        seen += [each.title for each in parsed(data).entries]
        path = {link["rel"]: link["href"] for link in links(etree.fromstring(data))}.get("prev-archive", "")
        path = path.removeprefix("https://letters.example.org/")
    assert feeds == {}
    assert set(seen) == {"Essay 99", *(f"Essay {number}" for number in range(1, 2 * PAGE + 1))}


def test_publishing_touches_only_the_newest_page_of_the_feeds_it_is_in() -> None:
    def planned(count: int) -> dict[str, str | None]:
        return {path: each.inputs for path, each in plan(weekly(count))}

    before, after = planned(2 * PAGE), planned(2 * PAGE + 1)
    changed = {path for path in after if after[path] is None or after[path] != before.get(path)}
    own = {"models/example-heron-1/feed.atom", "feeds/series/letters-after.atom"}
    assert changed == {"feed.atom", "feed.rss", "feed.json", *own}


def test_the_live_feeds_name_the_hub_that_is_configured() -> None:
    hub = "https://hub.example.org/"
    told = site(newsletter=site().newsletter.model_copy(update={"hub": hub}))
    assert {"rel": "hub", "href": hub} in links(etree.fromstring(atom(told)))
    assert {"rel": "hub", "href": hub} in links(etree.fromstring(rss(told))[0])
    assert json.loads(json_feed(told))["hubs"] == [{"type": "WebSub", "url": hub}]
    model = next(each for path, each in plan(told) if path.startswith("models/"))
    assert {"rel": "hub", "href": hub} in links(etree.fromstring(model.make()))
    assert parsed(rss(told)).feed.link == "https://letters.example.org/"
    for feed in (atom, rss, json_feed):
        assert b"hub" not in feed(site())


def test_a_site_without_issues_has_feeds() -> None:
    bare = site(issues=(), gaps=())
    assert [len(parsed(atom(bare)).entries), len(parsed(rss(bare)).entries)] == [0, 0]
    assert json.loads(json_feed(bare))["items"] == []
    assert past(bare) == {}


def test_a_newsletter_without_subtitle_and_disclaimer_has_feeds() -> None:
    plain: Newsletter = site().newsletter.model_copy(update={"subtitle": "", "disclaimer": ""})
    found = parsed(rss(site(newsletter=plain)))
    assert (found.bozo, found.feed.subtitle) == (False, "Letters After")


def test_characters_that_xml_cannot_hold_do_not_stop_a_feed() -> None:
    odd: PublishedEssay = essay(1, "odd", "A title", "Text\n", 2)
    record = odd.record.model_copy(update={"title": "A \ufffftitle\ufffe"})
    issue = site().issues[0].with_essays(dataclasses.replace(odd, record=record))
    entry = parsed(atom(site(issues=(issue,), gaps=(), name="A \uffff"))).entries[0]
    assert entry.title == "A ⟨U+FFFF⟩title⟨U+FFFE⟩"


def test_feedgen_still_loses_what_our_links_repair() -> None:
    """When this fails, feedgen writes entry links itself (its issue #135) and `_EntryLinks` can go."""
    feed = FeedGenerator()
    feed.id("tag:example.org,2026:feed")
    feed.title("A feed")
    entry = feed.add_entry()
    entry.id("tag:example.org,2026:1")
    entry.title("An entry")
    entry.link(href="https://example.org/1.md", rel="related", type="text/markdown", title="Source")
    entry.content("<p>Text</p>", type="html")
    written = etree.fromstring(feed.atom_str()).find(f"{ATOM}entry")
    assert written is not None
    assert links(written) == [{"href": "https://example.org/1.md"}]


def test_a_models_page_offers_its_feed_after_the_one_of_all() -> None:
    page = next(each for path, each in compose.plan(site()) if path == "models/example-heron-1/index.html").make()
    offered = LexborHTMLParser(page.decode()).css('link[rel=alternate][type="application/atom+xml"]')
    assert [(each.attributes["href"], each.attributes["title"]) for each in offered] == [
        ("../../feed.atom", "Letters After"),
        ("feed.atom", "Letters After: example-heron-1"),
    ]


def test_each_series_has_a_feed_that_its_page_offers() -> None:
    home, away = essay(1, "one", "One", "One\n", 2), essay(2, "two", "Two", "Two\n", 2, series="letters-home")
    last = essay(4, "four", "Four", "Four\n", 2, series="letters-home")
    issues = (issue(1, "2026-W45", 6, home, away), issue(2, "2026-W46", 13, last))
    files = dict(compose.plan(site(issues=issues, gaps=())))
    found = files["feeds/series/letters-home.atom"].make()
    assert [each.title for each in parsed(found).entries] == ["Four", "Two"]
    assert parsed(found).feed.title == "Letters After: Letters home"
    assert {link["rel"]: link["href"] for link in links(etree.fromstring(found))} == {
        "self": "https://letters.example.org/feeds/series/letters-home.atom",
        "alternate": "https://letters.example.org/series/letters-home/",
    }
    page = LexborHTMLParser(files["series/letters-home/index.html"].make().decode())
    offered = page.css('link[rel=alternate][type="application/atom+xml"]')
    assert [each.attributes["href"] for each in offered] == [
        "../../feed.atom",
        "../../feeds/series/letters-home.atom",
    ]


def test_the_page_of_feeds_lists_those_of_models_and_series() -> None:
    heron, owl = essay(1, "one", "One", "One\n", 2), essay(2, "two", "Two", "Two\n", 2, model="org/owl")
    files = dict(compose.plan(site(issues=(issue(1, "2026-W45", 6, heron, owl),))))
    page = LexborHTMLParser(files["feeds/index.html"].make().decode())
    assert [(each.attributes["href"], each.text()) for each in page.css(".feeds a")][3:] == [
        ("../models/example-heron-1/feed.atom", "example-heron-1"),
        ("../models/org%252Fowl/feed.atom", "org/owl"),
        ("../feeds/series/letters-after.atom", "Letters after"),
    ]


def test_the_line_of_the_handbook_tells_a_hub_of_a_feed() -> None:
    line = re.search(r"^curl (.*) https://hub\.example\.org/$", (ROOT / "docs/running.md").read_text(), re.MULTILINE)
    assert line
    told: list[bytes] = []

    class Hub(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            told.append(self.rfile.read(int(self.headers["Content-Length"])))
            self.send_response(204)
            self.end_headers()

        def log_message(self, format: str, *arguments: object) -> None:
            pass

    with HTTPServer(("127.0.0.1", 0), Hub) as server:
        threading.Thread(target=server.handle_request, daemon=True).start()
        address = f"http://127.0.0.1:{server.server_port}/"
        subprocess.run(["curl", "--silent", "--fail", *shlex.split(line[1]), address], check=True, timeout=30)
    assert [parse_qs(form.decode()) for form in told] == [
        {"hub.mode": ["publish"], "hub.url": ["https://letters.example.org/feed.atom"]}
    ]
