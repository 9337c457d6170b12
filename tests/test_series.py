"""Series, years and reading time: how a reader finds a way through many essays, on pages that do not grow for ever."""

import dataclasses
import datetime as dt
from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest
from selectolax.lexbor import LexborHTMLParser

from archive.home.home import Home
from publisher.site import pages, reading, series
from publisher.site.compose import told
from publisher.site.site import Files, Issue, Site
from publisher.week import Week
from tests import example_site
from tests.conftest import MAKING, Clock, Programs
from tests.example_home import put_model
from tests.programs import Reviewer

LARGEST = 60_000
"""Bytes of a page before images."""


def weekly(issues: int, essays: int = 1) -> Site:
    """So many weeks, each with so many essays of one series."""
    first = dt.datetime(2017, 1, 6, 9, tzinfo=dt.UTC)
    title = "A title that is as long as titles are, with a comma"
    text = example_site.essay(1, "slug", title, "A short text.", 2, series="letters-home")
    made = []
    for number in range(1, issues + 1):
        time = first + dt.timedelta(weeks=number)
        those = tuple(
            dataclasses.replace(text, accession=f"E2026-{number:04d}{letter}", slug=f"{title.lower()}-{number}{letter}")
            for letter in "abc"[:essays]
        )
        week = Week.of(time.date())
        made.append(Issue.whole(week=week, number=number, time=time, essays=those, frozen={}))
    return example_site.site(issues=tuple(made), gaps=())


@cache
def ten_years() -> Files:
    """What lists the weeks of ten years."""
    site = weekly(520)
    site = dataclasses.replace(site, issues=tuple(told(site, issue) for issue in site.issues))
    return {
        path: planned.make()
        for path, planned in pages.plan(site)
        if path == "index.html" or path.startswith(("years/", "series/"))
    }


def links(page: bytes, selector: str = "main a") -> list[tuple[str, str]]:
    found = LexborHTMLParser(page).css(selector)
    return [(" ".join(node.text().split()), node.attributes["href"] or "") for node in found]


def test_after_ten_years_of_weekly_issues_no_page_is_too_large() -> None:
    assert {path: len(data) for path, data in ten_years().items() if len(data) > LARGEST} == {}


def test_a_year_of_three_essays_a_week_still_is_one_page() -> None:
    site = weekly(104, essays=3)
    made = {path: planned.make() for path, planned in pages.plan(site) if path.startswith("years/")}
    assert {path: len(data) for path, data in made.items() if len(data) > LARGEST} == {}


def test_the_first_page_lists_the_newest_weeks_and_leads_to_every_year_and_series() -> None:
    page = ten_years()["index.html"]
    weeks = [text for text, _ in links(page, ".weeks .when a")]
    assert weeks == [f"Issue {number}" for number in range(520, 508, -1)]
    assert links(page, ".years a") == [
        *((str(year), f"years/{year}/index.html") for year in range(2026, 2016, -1)),
        ("By series", "series/index.html"),
    ]


def test_every_week_stands_on_the_page_of_its_year_which_leads_to_the_years_beside_it() -> None:
    files = ten_years()
    years = {path: page for path, page in files.items() if path.startswith("years/")}
    found = [int(text.split()[1]) for page in years.values() for text, _ in links(page, ".weeks .when a")]
    assert sorted(found) == list(range(1, 521))
    assert links(files["years/2020/index.html"], ".turn a") == [
        ("Earlier 2019", "../2019/index.html"),
        ("Later 2021", "../2021/index.html"),
    ]
    assert links(files["years/2020/index.html"], ".weeks .when a")[0][1].startswith("../../issues/2020-W")


def test_a_series_is_read_from_its_first_part_a_hundred_on_a_page() -> None:
    files = ten_years()
    parts = [path for path in files if path.startswith("series/letters-home/")]
    assert parts == [series.path("letters-home", number) for number in range(1, 7)]
    first, second = (files[path] for path in parts[:2])
    assert [node.text() for node in LexborHTMLParser(second).css(".when b")][:2] == ["Part 101", "Part 102"]
    assert links(first, ".turn a") == [("Later page 2", "../../series/letters-home/2/index.html")]
    assert links(second, ".turn a")[0] == ("Earlier page 1", "../../../series/letters-home/index.html")
    assert links(second, ".weeks a")[0][1].startswith("../../../essays/")


def test_an_essay_leads_to_the_parts_of_its_series_before_and_after_it() -> None:
    one, two, three, other = (
        example_site.essay(number, slug, slug.title(), "A text.", number, series=name)
        for number, slug, name in ((1, "one", "home"), (2, "two", "home"), (3, "three", "home"), (4, "other", None))
    )
    issues = (
        example_site.issue(1, "2026-W45", 6, one),
        example_site.issue(2, "2026-W46", 13, other),
        example_site.issue(3, "2026-W47", 20, two, three),
    )
    site = example_site.site(issues=issues, gaps=())
    page = example_site.made(pages.plan(site))["essays/two/index.html"]
    assert links(page, ".turn[aria-label=Home] a") == [
        ("Part 1 One", "../one/index.html"),
        ("Part 3 Three", "../three/index.html"),
    ]
    assert links(page, ".turn[aria-label=Essays] a")[0] == ("Earlier Other", "../other/index.html")
    assert ("Home", "../../series/home/index.html") in links(page, ".opening a")


def test_what_was_withdrawn_is_no_part_of_a_series() -> None:
    site = weekly(3)
    gone = dataclasses.replace(example_site.GONE, accession="E2026-0001a")
    parts = series.parts(series.every(dataclasses.replace(site, withdrawn={gone.accession: gone})))
    assert {accession: part.number for accession, part in parts.items()} == {"E2026-0002a": 1, "E2026-0003a": 2}


def test_without_a_series_there_is_no_page_of_them() -> None:
    site = example_site.site()
    alone = site.issues[0].with_essays(example_site.essay(1, "one", "One", "A text.", 2, series=None))
    paths = [path for path, _ in pages.plan(dataclasses.replace(site, issues=(alone,)))]
    assert not [path for path in paths if path.startswith("series")]


@pytest.mark.parametrize(
    ("text", "minutes"),
    [
        ("A word.", 1),
        ("word " * 238 * 6, 6),
        ("字" * 500 * 4, 4),
        ("ทดสอบการอ่าน" * 500, 6),
        ("word " * 238 + "\n\n" + "かな" * 500, 3),
        ("안녕 " * 238 * 2, 2),
    ],
)
def test_reading_time_is_by_words_and_where_there_are_no_spaces_by_characters(text: str, minutes: int) -> None:
    essay = example_site.essay(1, "one", "One", text, 2)
    assert reading.spoken(essay) == f"{minutes} min"


def test_what_lists_essays_is_made_again_when_their_author_is_called_otherwise(
    home: Home, programs: Programs, ada: Reviewer, write_essay: Callable[..., Path], clock: Clock
) -> None:
    decided = ("--decision", "publish", "--reviewer", ada.name, "--key", ada.key)
    assert programs.publisher("submit", write_essay(making=f'{MAKING}series = "letters-home"\n')).exit_code == 0
    assert programs.publisher("review", "on-commas", *decided).exit_code == 0
    clock.set("2026-11-06")
    assert programs.publisher("publish", "2026-W45").exit_code == 0
    lists = ("index.html", "years/2026/index.html", "issues/2026-W45/index.html", "series/letters-home/index.html")
    put_model(Home.at(home.root))
    clock.set("2026-11-07")
    done = programs.publisher("publish", "--site")
    assert done.exit_code == 0, done.output
    for path in lists:
        found = LexborHTMLParser((home.site / path).read_text()).css("main a[rel=author]")
        assert {node.text() for node in found} == {"Heron"}, path
    assert programs.publisher("verify", str(home.site), "--key", str(home.register.key)).exit_code == 0
