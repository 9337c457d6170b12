import dataclasses
import hashlib
import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from importlib.metadata import version
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect
from selectolax.lexbor import LexborHTMLParser

from archive.errors import Error
from archive.home.home import Home
from publisher.essays.review import review
from publisher.essays.submit import submit
from publisher.issues.build import build
from publisher.issues.publish import publish
from publisher.site import pagefind, pages, search
from publisher.site.site import Files, Issue, Site
from publisher.week import Week
from tests import example_site
from tests.conftest import MAKING, Clock, Programs, Reviewer
from tests.served import served

pytest.importorskip("pagefind_bin")
VERSION = version("pagefind-bin")
HOSTILE = "</script><img src=x onerror=alert(1)> <mark>“Цапля”</mark> & <co>"
CAT = "吾輩は猫である"


def searched() -> Site:
    """The example with an index, an essay by another model in a script without spaces, and a title that is hard."""
    site = example_site.site(search=VERSION)
    cat = example_site.essay(6, "cat", CAT, f"{CAT}。名前はまだ無い。\n", 11, language="ja", model="example-juniper-2")
    hostile = example_site.essay(8, "hostile", HOSTILE, "Plain *words*, <b>raw</b> &lt; `code`.\n", 12)
    last = example_site.issue(2, str(site.issues[-1].week), 20, *site.issues[-1].essays, cat, hostile)
    return dataclasses.replace(site, issues=(site.issues[0], last))


def many(number: int) -> Site:
    """An issue a week, from the first week of 2024 on, with one essay each."""
    [first, *_] = example_site.site().issues
    [essay] = first.essays
    week, issues = Week.parse("2024-W01"), []
    for count in range(1, number + 1):
        one = dataclasses.replace(essay, accession=f"E{week.year}-{count:04d}", slug=f"essay-{count}")
        time = first.time.replace(year=week.monday.year, month=week.monday.month, day=week.monday.day)
        issues.append(Issue.whole(week=week, number=count, time=time, essays=(one,), frozen={}))
        week = week.next
    return example_site.site(issues=tuple(issues), gaps=())


def lists(site: Site) -> dict[str, LexborHTMLParser]:
    made = example_site.made(search.plan(site))
    assert all(len(data) < 60_000 for data in made.values())
    return {path: LexborHTMLParser(data) for path, data in made.items() if path.endswith(".html")}


def linked(page: LexborHTMLParser) -> list[str]:
    found = [(node.attributes["href"] or "") for node in page.css(".found-list li > a")]
    return [address.removeprefix("../").removeprefix("../").removeprefix("../") for address in found]


def test_without_an_index_it_is_the_list_of_all_essays_and_nothing_runs() -> None:
    pages = lists(example_site.site())
    assert [*pages] == ["search/index.html"]
    [page] = pages.values()
    assert linked(page) == [
        f"essays/{slug}/index.html" for slug in ("no-newline", "less-than", "the-form-asks-for-a-date")
    ]
    assert not page.css("script, form, meta[http-equiv]")
    assert [node.attributes["lang"] for node in page.css(".found-list li > a")] == ["ru", "en", "en"]


def test_what_was_withdrawn_is_not_in_it() -> None:
    site = example_site.site()
    gone = example_site.GONE
    last = dataclasses.replace(site.issues[-1], slugs={**site.issues[-1].slugs, gone.accession: gone.slug})
    site = dataclasses.replace(site, issues=(site.issues[0], last), withdrawn={gone.accession: gone})
    assert len(linked(lists(site)["search/index.html"])) == 3


def test_of_many_the_newest_stand_first_and_every_year_has_its_own_pages() -> None:
    site = many(260)
    pages = lists(site)
    assert [*pages] == ["search/2024/index.html", "search/2025/index.html", "search/2026/index.html"] + [
        f"search/{year}/index.html" for year in ("2027", "2028")
    ] + ["search/index.html"]
    newest = linked(pages.pop("search/index.html"))
    assert newest == [f"essays/essay-{number}/index.html" for number in range(260, 160, -1)]
    assert sorted(url for page in pages.values() for url in linked(page)) == sorted(
        f"essays/essay-{number}/index.html" for number in range(1, 261)
    )


def test_a_year_of_hundreds_is_cut_and_full_pages_never_change() -> None:
    one = many(1).issues[0]
    every = [dataclasses.replace(one, number=n, slugs={f"E2024-{n:04d}": f"essay-{n}"}) for n in range(1, 251)]
    every = [dataclasses.replace(each, authors=dict.fromkeys(each.slugs, "m")) for each in every]
    named = dict(search.plan(example_site.site(issues=tuple(every[:205]))))
    later = dict(search.plan(example_site.site(issues=tuple(every))))
    assert [name for name in named if name.startswith("search/2024")] == [
        "search/2024/index.html",
        "search/2024/2/index.html",
        "search/2024/3/index.html",
    ]
    assert {name for name in named if named[name].inputs != later[name].inputs} == {"search/2024/3/index.html"}


def test_the_same_texts_give_the_same_index_in_another_zone_and_locale() -> None:
    program = (
        "import hashlib; from publisher.site import search; from tests.test_site_search import searched\n"
        "for _ in range(3):\n"
        "    print(hashlib.sha256(repr(sorted(search.index(searched()).items())).encode()).hexdigest())"
    )
    root = str(Path(__file__).parents[1])
    elsewhere = {"TZ": "Asia/Tokyo", "LC_ALL": "de_DE.UTF-8", "PYTHONHASHSEED": "7", "PYTHONPATH": root}
    elsewhere |= {"PAGEFIND_SITE": "/tmp", "PAGEFIND_EXCLUDE_SELECTORS": "p"}  # what its own command would obey
    ran = subprocess.run([sys.executable, "-c", program], env=os.environ | elsewhere, check=True, capture_output=True)
    own = hashlib.sha256(repr(sorted(search.index(searched()).items())).encode()).hexdigest()
    assert ran.stdout.decode().split() == [own] * 3


def test_an_index_has_no_file_of_filters_since_their_order_is_another_in_each_run() -> None:
    made = search.index(searched())
    assert not [name for name in made if "filter" in name]
    table = json.loads(made[search.TABLE])
    assert table["authors"] == ["example-heron-1", "example-juniper-2"]
    assert sorted(table["pages"].values()) == [
        [0, 0, "2026-11-06", "en"],
        [0, 0, "2026-11-20", "en"],
        [0, 0, "2026-11-20", "en"],
        [0, 0, "2026-11-20", "ru"],
        [1, 0, "2026-11-20", "ja"],
    ]


def test_of_nothing_there_is_an_index_too() -> None:
    assert json.loads(search.index(example_site.site(search=VERSION, issues=()))[search.TABLE])["pages"] == {}


def test_another_version_is_named_and_not_asked() -> None:
    with pytest.raises(Error, match=r"pip install pagefind-bin==1\.0\.0"):
        pagefind.index("1.0.0", "en", [])


def test_one_that_dies_is_one_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pagefind_bin.get_executable", lambda: "/bin/false")
    with pytest.raises(Error, match=rf"pagefind {VERSION} ended"):
        pagefind.index(VERSION, "en", [])


# In a home, and as a stranger checks it.


@pytest.fixture
def searching(home: Home, ada: Reviewer, write_essay: Callable[..., Path], clock: Clock) -> Home:
    """A home with an index; one essay is out, a second approved."""
    with (home.root / "archive.toml").open("a") as file:
        file.write(f'\n[search]\npagefind = "{VERSION}"\n')
    for slug, title in (("on-commas", "On commas"), ("on-herons", "On herons")):
        submit(home, write_essay(slug, f"About {slug}.\n", MAKING.replace("On commas", title)))
        review(home.reopened(), slug, decision="publish", reviewer=ada.name, key=ada.key)
    clock.set("2026-11-06")
    publish(home.reopened())
    return home.reopened()


def test_publish_makes_it_and_verify_makes_it_again(searching: Home, programs: Programs, clock: Clock) -> None:
    key = str(searching.register.key)
    assert f'[search]\npagefind = "{VERSION}"\n' in (searching.site / "newsletter.toml").read_text()
    clock.set("2026-11-13")
    published = publish(searching)
    assert search.TABLE in published.written
    assert len([*(searching.site / search.INDEX / "fragment").iterdir()]) == 2
    checked = programs.publisher("verify", searching.site, "--key", key)
    assert (checked.exit_code, checked.stderr) == (0, checked.stderr), checked.stderr
    assert "byte for byte what" in checked.stdout
    assert not build(searching.reopened()).new


def test_a_week_without_a_new_text_keeps_the_index(
    searching: Home, clock: Clock, programs: Programs, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pagefind, "index", lambda *given: pytest.fail("pagefind was asked"))
    clock.set("2026-11-16")
    assert programs.publisher("skip", "2026-W46", "--reason", "technical").exit_code == 0
    assert programs.publisher("status").exit_code == 0


@pytest.mark.parametrize("found", ["", "1.0.0"])
def test_without_that_version_the_index_is_not_verified_and_the_version_is_named(
    searching: Home, programs: Programs, monkeypatch: pytest.MonkeyPatch, found: str
) -> None:
    monkeypatch.setattr(pagefind, "here", lambda: found)
    checked = programs.publisher("verify", searching.site, "--key", str(searching.register.key))
    assert checked.exit_code == 1
    assert f"search/pagefind/: is not verified: that needs pagefind {VERSION}" in checked.stderr
    assert f"pip install pagefind-bin=={VERSION}" in checked.stderr
    assert checked.stderr.count("search/") == 1, "nothing else is wrong"


def test_an_index_of_other_words_is_found_though_the_publisher_logged_it(
    home: Home,
    ada: Reviewer,
    write_essay: Callable[..., Path],
    clock: Clock,
    programs: Programs,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    whole = search.index

    def less(site: Site) -> Files:
        made = whole(site)
        [fragment] = [name for name in made if "/fragment/" in name]
        return made | {fragment: made[fragment][:-1] + b"!", f"{search.INDEX}more.js": b"alert(1)"}

    with (home.root / "archive.toml").open("a") as file:
        file.write(f'\n[search]\npagefind = "{VERSION}"\n')
    submit(home, write_essay())
    review(home.reopened(), "on-commas", decision="publish", reviewer=ada.name, key=ada.key)
    clock.set("2026-11-06")
    with monkeypatch.context() as patch:
        patch.setattr(search, "index", less)
        publish(home.reopened())
    checked = programs.publisher("verify", home.site, "--key", str(home.reopened().register.key))
    assert checked.exit_code == 1
    assert "pf_fragment: is not what is made of the records" in checked.stderr
    assert "search/pagefind/more.js: is made of no record" in checked.stderr


def test_a_site_without_search_has_no_index(home: Home, site: Path, programs: Programs) -> None:
    assert not (site / search.INDEX).exists()
    assert not (site / search.SCRIPT).exists()


# In a browser.


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    site, top = searched(), tmp_path_factory.mktemp("site")
    made = {**example_site.made(pages.plan(site)), **search.index(site)}
    for name, data in made.items():
        (top / name).parent.mkdir(parents=True, exist_ok=True)
        (top / name).write_bytes(data)
    with served(top) as at:
        yield at


@pytest.fixture
def page(browser: Browser, address: str) -> Iterator[Page]:
    """The search, that nothing is amiss with: no other host, no word on the console, nothing that its policy stops."""
    page, amiss = browser.new_page(viewport={"width": 360, "height": 800}), list[str]()
    page.on("console", lambda said: amiss.append(said.text))
    page.on("pageerror", lambda error: amiss.append(str(error)))
    page.on("request", lambda request: None if request.url.startswith(address) else amiss.append(request.url))
    page.on("response", lambda answer: None if answer.status < 400 else amiss.append(answer.url))
    page.goto(f"{address}/search/index.html")
    yield page
    page.close()
    assert amiss == []


def results(page: Page, sentence: str) -> list[str]:
    expect(page.locator("#found")).to_have_text(sentence)
    return page.locator("#results li > a").all_inner_texts()


def look(page: Page, words: str) -> None:
    page.locator("#query").fill("")
    page.keyboard.type(words)


def test_words_are_found_by_keyboard_alone_and_the_result_leads_to_the_text(page: Page, address: str) -> None:
    for _ in range(9):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.id") == "query":
            break
    page.keyboard.type("clerk")
    assert results(page, "1 result for “clerk”") == ["Less & <more>: “quotes”"]
    assert page.locator("#results mark").first.inner_text() == "clerk"
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    for _ in range(9):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.closest('#results') !== null"):
            break
    page.keyboard.press("Enter")
    page.wait_for_url(f"{address}/essays/less-than/index.html")
    page.go_back()
    assert results(page, "1 result for “clerk”") == ["Less & <more>: “quotes”"], "its address keeps the question"


def test_what_is_hard_to_show_is_text(page: Page) -> None:
    look(page, "raw")
    assert results(page, "1 result for “raw”") == [HOSTILE]
    assert page.locator("#results img, #results b, #results script").count() == 0
    assert "Plain words, <b>raw</b> < code" in page.locator("#results p").inner_text()
    look(page, "<img src=x onerror=alert(2)>")
    expect(page.locator("#found")).to_contain_text("<img src=x onerror=alert(2)>")
    assert page.locator("#found img").count() == 0


def test_characters_without_spaces_are_found_wherever_they_stand(page: Page) -> None:
    look(page, "猫で")
    assert results(page, "1 result for “猫で”") == [CAT]
    assert f"{CAT}。名前" in page.locator("#results p").inner_text()
    look(page, "Привет")
    assert results(page, "1 result for “Привет”") == ["Без новой строки"]
    look(page, "zzz")
    assert results(page, "Nothing for “zzz”") == []


def test_results_are_narrowed_by_model_year_and_kind(page: Page) -> None:
    look(page, "heron")
    expect(page.locator("#found")).to_have_text("4 results for “heron”")
    options = page.locator("select").evaluate_all("all => all.map(s => [...s.options].map(o => o.value))")
    assert options == [["", "example-heron-1", "example-juniper-2"], ["", "2026"], ["", "essay"]]
    page.locator("#author").select_option("example-juniper-2")
    assert results(page, "Nothing for “heron”") == []


def test_what_is_found_is_announced(page: Page) -> None:
    found = page.locator("#found")
    assert (found.get_attribute("role"), found.get_attribute("aria-live")) == ("status", "polite")
    unnamed = "all => all.filter(e => !e.labels.length).map(e => e.id)"
    assert page.locator("#search input, #search select").evaluate_all(unnamed) == []


def test_without_javascript_there_is_the_whole_list_and_no_form(browser: Browser, address: str) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{address}/search/index.html")
    assert not page.locator("#search").is_visible()
    assert "Searching needs JavaScript" in page.locator("noscript").inner_text()
    assert page.locator(".found-list li > a").count() == 5
    context.close()
