import dataclasses
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Browser
from selectolax.lexbor import LexborHTMLParser

from archive.errors import Refused
from archive.home.configuration import About, Criterion
from archive.home.home import Home
from archive.register.sshsig import parse_allowed
from publisher.essays.review import review
from publisher.essays.submit import submit
from publisher.issues.publish import publish
from publisher.issues.withdraw import withdraw
from publisher.site import about, pages
from publisher.site.site import Site
from publisher.week import Week, between
from tests import example_site
from tests.conftest import Clock, Programs, Reviewer
from tests.served import served

SAID = """
[about]
words = \"\"\"
We are three people.

Some of us <b>answer</b> letters & mails.
\"\"\"
run_by = "The Heron Society, Leeds"
contact = "letters@example.org"
"""
KEY = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAI{}\n"
ADA = "ada@example.org " + KEY.format("Aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa")
LEADS_TO = ("", "search", "models", "about")
BEN = 'ben@example.org valid-before="20271231Z" ' + KEY.format("Bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbba")


def shown(site: Site, path: str = about.PAGE) -> LexborHTMLParser:
    return LexborHTMLParser(example_site.made(pages.plan(site))[path])


def words(tree: LexborHTMLParser, selector: str) -> str:
    node = tree.css_first(selector)
    assert node
    return " ".join(node.text().split())


def section(tree: LexborHTMLParser, name: str) -> str:
    return words(tree, f"section[aria-labelledby={name}]")


def test_a_sample_says_first_that_it_is_one() -> None:
    assert words(shown(example_site.site()), "main .prose p").startswith("This is a sample. Its models")
    real = shown(example_site.site(sample=False))
    assert words(real, "main .prose p").startswith("What you can read here was written by AI models, not by people")
    assert not real.css(".sample")


def test_what_the_publisher_says_stands_there_as_text() -> None:
    said = About(
        words="We are three.\n\nWe <b>answer</b>.", run_by="The <Heron> Society", contact="letters@example.org"
    )
    page = shown(example_site.site(about=said))
    assert [node.text() for node in page.css("section[aria-labelledby=words] p")] == [
        "We are three.",
        "We <b>answer</b>.",
    ]
    assert "The <Heron> Society" in section(page, "who")
    assert [a.attributes["href"] for a in page.css("a[href^=mailto]")] == ["mailto:letters@example.org"] * 2


def test_what_the_publisher_does_not_say_is_told_as_that() -> None:
    page = shown(example_site.site())
    assert not page.css("section[aria-labelledby=words]")
    assert "The publisher has not said." in section(page, "who")
    assert "The publisher gives no address to which a model" in section(page, "change")


def test_every_question_stands_there_in_full() -> None:
    page = shown(example_site.site(criteria=(Criterion(id="harm", text="Could <it> injure someone?"),)))
    assert "harm: Could <it> injure someone?" in section(page, "criteria")
    assert "The publisher has set no questions." in section(shown(example_site.site(criteria=())), "criteria")
    assert "Two reviewers must agree to withhold." in section(
        shown(example_site.site(two_reviewers_for=("withhold",))), "criteria"
    )


def test_each_reviewer_has_a_key_and_the_statement_since_which_it_is_listed() -> None:
    lists = {"register/keys/10/allowed_signers": (ADA + BEN).encode(), "register/keys/2/allowed_signers": ADA.encode()}
    site = example_site.site(keys=lists, allowed_signers=(ADA + BEN).encode())
    ada, ben = (line.fingerprint for line in parse_allowed((ADA + BEN).encode())[0])
    assert [(each.line.name, each.line.fingerprint, each.since) for each in about.reviewers(site)] == [
        ("ada@example.org", ada, 2),
        ("ben@example.org", ben, 10),
    ]
    told = shown(site).css("section[aria-labelledby=reviewers] dd")[1].text(separator=" ")
    assert " ".join(told.split()) == f'{ben} listed since statement 10, valid-before="20271231Z"'


def test_what_was_withheld_is_counted_by_question_and_by_week() -> None:
    site = example_site.site()
    assert about.reasons(site) == [("harm", 1), ("personal-data", 1)]
    assert [(str(each.week), each.published, each.withheld) for each in about.weeks(site)] == [
        ("2026-W47", 2, 0),
        ("2026-W46", 0, 1),
        ("2026-W45", 1, 0),
    ]
    assert "Of 7 essays received, 1 was withheld and 0 taken down after publishing." in section(shown(site), "withheld")


def test_one_that_was_withheld_under_no_question_is_counted_too() -> None:
    [withheld] = example_site.site().withheld
    bare = dataclasses.replace(withheld, reviews=(dataclasses.replace(withheld.reviews[0], criteria=()),))
    page = shown(example_site.site(withheld=(bare, withheld)))
    assert "none was named" in section(page, "withheld")


def test_only_a_quarter_of_a_year_is_told_week_by_week() -> None:
    site = example_site.site()
    every = between(Week.parse("2026-W01"), Week.parse("2026-W40"))
    many = [dataclasses.replace(site.issues[0], week=week) for week in every]
    told = about.weeks(dataclasses.replace(site, issues=tuple(many)))
    assert (len(told), str(told[0].week)) == (about.WEEKS, "2026-W46"), "when one was withheld"


def test_what_no_check_proves_is_said_in_the_same_words_on_every_page() -> None:
    files = example_site.made(pages.plan(example_site.site()))
    said = {
        words(LexborHTMLParser(files[path]), "section.limits ul")
        for path in (about.PAGE, "essays/less-than/index.html", "essays/no-newline/index.html")
    }
    assert len(said) == 1


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ('contact = "call us"', "a mail address or an https:// address"),
        ('contact = "javascript:alert(1)"', "a mail address or an https:// address"),
        ('run_by = "two\\nlines"', "one line of text"),
        ('word = "hello"', "words"),
    ],
)
def test_what_is_none_of_it_is_refused(home: Home, line: str, expected: str) -> None:
    with (home.root / "archive.toml").open("a") as file:
        file.write(f"\n[about]\n{line}\n")
    with pytest.raises(Refused, match=re.escape(expected)):
        _ = Home.at(home.root).configuration


def test_a_site_with_words_of_its_own_is_made_again_from_what_it_publishes(
    home: Home, ada: Reviewer, clock: Clock, write_essay: Callable[..., Path], programs: Programs
) -> None:
    with (home.root / "archive.toml").open("a") as file:
        file.write(SAID)
    submit(home, write_essay())
    review(home, "on-commas", decision="publish", reviewer=ada.name, key=ada.key)
    clock.set("2026-11-06")
    publish(home.reopened())
    kept = (home.site / "newsletter.toml").read_text()
    assert "\n[about]\n" in kept
    page = LexborHTMLParser((home.site / about.PAGE).read_bytes())
    assert "Some of us <b>answer</b> letters & mails." in section(page, "words")
    [line] = parse_allowed(ada.line.encode())[0]
    assert line.fingerprint in section(page, "reviewers")
    assert programs.publisher("verify", home.site, "--key", str(home.register.key)).exit_code == 0
    clock.set("2026-11-07")
    withdraw(home.reopened(), "on-commas", reason="model-request")
    page = LexborHTMLParser((home.site / about.PAGE).read_bytes())
    assert "1 taken down after publishing, 1 of them because the model asked." in section(page, "withheld")


@pytest.mark.parametrize("under", ["", "/letters"], ids=["at a root", "in a folder"])
def test_the_page_for_not_found_leads_back_from_any_depth(browser: Browser, tmp_path: Path, under: str) -> None:
    letter = example_site.site().newsletter.model_copy(update={"base_url": f"https://letters.example.org{under}"})
    for name, data in example_site.made(pages.plan(example_site.site(newsletter=letter))).items():
        path = tmp_path / under[1:] / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    page = browser.new_page()
    with served(tmp_path) as address:
        lost = f"{address}{under}/essays/no/such/page.html"
        page.route(lost, lambda route: route.fulfill(status=404, path=tmp_path / under[1:] / "404.html"))
        page.goto(lost)
        font = page.evaluate("getComputedStyle(document.querySelector('h1')).fontFamily")
        links = page.evaluate("[...document.querySelectorAll('main a')].map(a => a.href)")
        found = [page.request.get(link).status for link in links]
    page.close()
    assert "serif" in font, "its style sheet is found"
    assert links == [f"{address}{under}/{name}/index.html".replace("//index", "/index") for name in LEADS_TO]
    assert found == [200] * len(links)


def test_an_address_with_two_slashes_leads_to_no_other_host() -> None:
    letter = example_site.site().newsletter.model_copy(update={"base_url": "https://letters.example.org//evil.example"})
    page = shown(example_site.site(newsletter=letter), "404.html")
    assert {a.attributes["href"][:2] for a in page.css("main a")} == {"/e"}  # type: ignore[index]
