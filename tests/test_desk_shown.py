"""Every page of the desk in Chromium: on a telephone, a tablet and a screen, by day and by night, with a keyboard."""

import shutil
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import pytest

from archive.home.home import Home
from tests.desk_walk import Found, routes, walk
from tests.desked import Desked, desked
from tests.foreign_modules import module
from tests.seen import SIDEWAYS
from tests.test_year_shown import AXE, Look, look

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

CHANGING = ["color-contrast", "target-size", "scrollable-region-focusable", "label", "link-name", "button-name"]
"""Rules of axe that may say something else where a page is wider."""
LOOKS: tuple[tuple[int, Look, list[str] | None], ...] = (
    (360, "light", None),
    (360, "dark", ["color-contrast"]),
    (768, "light", ["target-size"]),
    (1440, "dark", ["color-contrast"]),
    (1440, "light", CHANGING),
)
"""Width, scheme, and which rules of axe say anything that the looks before did not; None for all of them."""
PARTS = {
    *("forms", "state", "difference", "jobs/{id}", "tokens.css", "taking-in/waiting/{ids}/row", "week/saved"),
    *(f"interviews/{{number}}/{{n}}/{part}" for part in ("turns", "coverage", "filed")),
    "taking-in/like/{number}",
    *("coding/{number}/{n:int}/act", "coding/{number}/{n:int}/edit", "models/preferences/{number}/{slug}"),
}
"""What no link of any page leads to: parts of pages, asked for by their script, or shown where something was done."""
SENT = {"taking-in/some", "week/site/server", "week/saved", "essays/{name}/reviews/{file}"}
"""What forms lead to."""
WAITING = {
    "taking-in/files/talk.json": b'{"model": "heron", "messages": [{"role": "user", "content": "Anything?"}]}',
    "taking-in/files/broken.json": b'{"messages": 1}',
    "essays/coming/late.md": b"They *pause*. <b>Once</b>, I was asked.\n",
}
"""Dropped and not filed yet."""
OPENED = """() => {
  for (const each of document.querySelectorAll("details")) each.open = true;
}"""
UNSEEN = """() => {
  const found = [];
  const shown = (style) => style.outlineStyle !== "none" && Number.parseFloat(style.outlineWidth) > 0;
  for (const each of document.querySelectorAll("a[href], button, input, select, textarea, summary, [tabindex]")) {
    if (!each.checkVisibility({ visibilityProperty: true }) || each.disabled || each.tabIndex < 0) continue;
    each.focus({ focusVisible: true });
    if (document.activeElement !== each) continue;
    const around = each.closest("label") ?? each;
    if (!shown(getComputedStyle(each)) && !shown(getComputedStyle(around))) found.push(each.outerHTML.slice(0, 100));
  }
  return found;
}"""
"""Where somebody with a keyboard cannot see where they are."""
KEYS = """() => {
  const visible = [...document.querySelectorAll("[data-keys]")].filter((each) => each.checkVisibility());
  const does = new Map();
  const found = [];
  for (const each of visible) {
    const what = each.href ?? each.textContent.trim();
    const keys = each.dataset.keys;
    if (does.has(keys) && does.get(keys) !== what) found.push(`${keys}: ${does.get(keys)}, ${what}`);
    does.set(keys, what);
  }
  return found;
}"""
"""Keys that would do two things."""


@pytest.fixture(scope="module")
def desk(filed: Home, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desked]:
    """Over a home in which something waits in every place."""
    home = Home(shutil.copytree(filed.root, tmp_path_factory.mktemp("shown") / "home"))
    with desked(home) as desk:
        for place, data in WAITING.items():
            assert desk.ask(place, data=data).status < 400
        yield desk


@pytest.fixture(scope="module")
def pages(desk: Desked) -> list[Found]:
    """One of each kind."""
    return [found for found in walk(desk, 1) if found.is_page]


@pytest.fixture(scope="module")
def page(browser: "Browser", desk: Desked) -> "Iterator[Page]":
    context = browser.new_context()
    page = context.new_page()
    page.goto(desk.server.address)
    page.wait_for_url(desk.at())
    yield page
    context.close()


@dataclass
class Wrong:
    """What is wrong with the pages, each loaded once."""

    axe: list[object] = field(default_factory=list)
    sideways: list[object] = field(default_factory=list)
    keys: list[object] = field(default_factory=list)
    focus: list[object] = field(default_factory=list)


@pytest.fixture(scope="module")
def wrong(desk: Desked, pages: list[Found], page: "Page") -> Wrong:
    program, found = module("axe-core/axe.min.js").read_text(), Wrong()
    for each in pages:
        page.goto(desk.at(each.place))
        page.evaluate(program)
        found.keys += [(each.place, wrong) for wrong in page.evaluate(KEYS)]
        page.evaluate(OPENED)
        for width, how, rules in LOOKS:
            look(page, width, how)
            found.axe += [(each.place, width, how, *wrong) for wrong in page.evaluate(AXE, rules)]
            found.sideways += [(each.place, width, wrong) for wrong in page.evaluate(SIDEWAYS)]
        found.focus += [(each.place, wrong) for wrong in page.evaluate(UNSEEN)]
    return found


def test_links_lead_to_every_page_and_no_link_leads_nowhere(desk: Desked) -> None:
    found = walk(desk)
    assert {each.place: each.of for each in found if each.answer.status >= 400} == {}
    reached = {each.kind.partition("?")[0] for each in found}
    assert {route.path for route in routes() if route.method == "GET"} - reached - PARTS - SENT == set()


def test_axe_finds_nothing_on_any_page_in_any_look(wrong: Wrong) -> None:
    assert wrong.axe == []


def test_nothing_runs_off_any_page_at_any_width(wrong: Wrong) -> None:
    assert wrong.sideways == []


def test_who_has_a_keyboard_alone_sees_where_they_are(wrong: Wrong) -> None:
    assert wrong.focus == []


def test_no_key_of_any_page_does_two_things(wrong: Wrong) -> None:
    assert wrong.keys == []


def test_a_page_has_one_heading_of_the_first_order_and_a_name_of_its_own(pages: list[Found]) -> None:
    names: dict[str, str] = {}
    for each in pages:
        html = each.answer.text
        assert html.count("<h1") == 1, each.place
        title = html.partition("<title>")[2].partition("</title>")[0]
        place = each.place.partition("?")[0]  # the same page may be asked in many ways
        assert names.setdefault(title, place) == place


def test_the_keys_are_told_and_the_dialog_that_tells_them_is_as_good_as_a_page(desk: Desked, page: "Page") -> None:
    page.goto(desk.at())
    page.keyboard.press("?")
    assert page.locator("#keys dt").count() >= 2
    page.evaluate(module("axe-core/axe.min.js").read_text())
    assert page.evaluate(AXE, None) == []
    page.keyboard.press("Escape")
    assert not page.locator("#keys").is_visible()
