"""A year of a newsletter in Chromium: on a telephone, a tablet and a screen, by day, by night and on paper."""

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Literal
from urllib.parse import quote

import pytest

from publisher.essays import words
from publisher.site import verifier
from tests.foreign_modules import module
from tests.seen import SIDEWAYS, WORDS
from tests.served import served
from tests.year_site import Year

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

WIDTHS = (360, 768, 1440)
Look = Literal["light", "dark", "print"]
LOOKS: tuple[Look, ...] = ("light", "dark", "print")
PARTS = 4
"""In so many tests the pages are looked at, so that every worker has some."""
AXE = """
async (rules) => {
  const run = rules ? { runOnly: { type: "rule", values: rules } } : {};
  const { violations } = await axe.run(document, { resultTypes: ["violations"], ...run });
  return violations.map(({ id, nodes }) => [id, nodes.length, nodes[0].html.slice(0, 120)]);
}
"""


HIDING = (
    ".essay p { display: none }",
    ".essay p { visibility: hidden }",
    ".essay p { opacity: 0 }",
    ".essay { color: var(--paper) }",
    ".essay { color: #bbb; background: #ddd }",
    ".essay { -webkit-text-fill-color: transparent }",
    ".essay p { font-size: 1px }",
    ".essay { height: 4rem; overflow: hidden }",
    ".essay p { position: absolute; left: -9999px }",
    ".essay p { text-indent: 200vw; white-space: nowrap }",
    ".essay p { white-space: nowrap }",
    ".essay { clip-path: inset(50%) }",
    ".essay { transform: scale(0.01) }",
)
ADOPT = """
(style) => {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(style);
  document.adoptedStyleSheets = [sheet];
}
"""
"""The page with one more style, which its policy would refuse in a tag."""


@pytest.fixture(scope="module")
def address(year: Year) -> Iterator[str]:
    """The site as a host serves it that reads ``_headers``: what its policy forbids is not loaded."""
    rule = (year.site / "_headers").read_text().split("/*\n")[1].split("\n/")[0]
    with served(year.site, dict(re.findall(r"^  ([\w-]+): (.*)$", rule, re.MULTILINE))) as address:
        yield address


@pytest.fixture(scope="module")
def page(browser: "Browser") -> "Iterator[Page]":
    page = browser.new_page()
    yield page
    page.close()


def look(page: "Page", width: int, how: Look) -> None:
    page.set_viewport_size({"width": width, "height": 800})
    page.emulate_media(media="print" if how == "print" else "screen", color_scheme="dark" if how == "dark" else "light")


def seen(page: "Page", selector: str = ".essay") -> list[str]:
    """The words in it that a person sees."""
    return words.split(page.evaluate(WORDS, [selector, words.INLINE.pattern]))


@pytest.mark.parametrize("part", range(PARTS))
def test_every_word_of_every_essay_is_seen_in_every_look(page: "Page", year: Year, address: str, part: int) -> None:
    unseen = []
    for path in year.essays[part::PARTS]:
        expected = words.split((year.site / path.replace("index.html", "words.txt")).read_text())
        page.goto(f"{address}/{quote(path)}")
        for width in WIDTHS:
            for how in LOOKS:
                look(page, width, how)
                if (found := seen(page)) != expected:
                    unseen.append((path, width, how, words.difference(expected, found)))
    assert unseen == []


@pytest.mark.parametrize("part", range(PARTS))
def test_no_page_scrolls_sideways(page: "Page", year: Year, address: str, part: int) -> None:
    wide = {}
    for path in year.few[part::PARTS]:
        page.goto(f"{address}/{quote(path)}")
        for width in WIDTHS:
            look(page, width, "light")
            if found := page.evaluate(SIDEWAYS):
                wide[path, width] = found
    assert wide == {}


def test_a_style_that_hides_words_would_be_noticed(page: "Page", year: Year, address: str) -> None:
    page.goto(f"{address}/essays/six-thousand-words/index.html")
    look(page, 768, "light")
    whole, unnoticed = seen(page), []
    for style in HIDING:
        page.evaluate(ADOPT, style)
        if len(seen(page)) == len(whole):
            unnoticed.append(style)
    assert unnoticed == []


@pytest.mark.parametrize("part", range(PARTS))
def test_axe_finds_nothing_on_any_kind_of_page(page: "Page", year: Year, address: str, part: int) -> None:
    program = module("axe-core/axe.min.js").read_text()
    found = []
    for path in [paths[0] for paths in year.kinds.values()][part::PARTS]:
        page.goto(f"{address}/{quote(path)}")
        page.evaluate(program)
        for width, how in ((360, "light"), (360, "dark"), (1280, "light"), (1280, "dark")):
            look(page, width, how)
            found += [(path, width, how, *each) for each in page.evaluate(AXE, None)]
    assert found == []


def test_a_first_visit_asks_for_the_page_and_the_style_and_nothing_is_forbidden(
    browser: "Browser", year: Year, address: str
) -> None:
    page = browser.new_page()
    page.context.new_cdp_session(page).send("Network.setCacheDisabled", {"cacheDisabled": True})  # so each is a first
    asked: list[str] = []
    said: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.on("console", lambda message: said.append(message.text))
    for path in [paths[0] for paths in year.kinds.values()]:
        if path == verifier.PAGE or path.startswith("search/"):
            continue
        asked.clear()
        page.goto(f"{address}/{quote(path)}", wait_until="load")
        assert set(asked) - {f"{address}/favicon.svg"} == {f"{address}/{quote(path)}", f"{address}/style.css"}
        assert said == []
    page.close()
