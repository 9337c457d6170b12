"""A year of a newsletter as a stranger gets it: verified, made again, light, whole, and read without a browser."""

import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from posixpath import dirname, join, normpath
from urllib.parse import unquote, urlsplit

import pytest
from selectolax.lexbor import LexborHTMLParser

from archive.register.note import VerifierKey
from publisher.essays import words
from publisher.issues.build import build
from publisher.site import verifier
from publisher.verify.site.check import verify_site
from tests.files import tree
from tests.year_records import HIDDEN
from tests.year_site import Year

ADDRESS = "https://letters.example.org"
LARGEST = 60_000
"""Bytes of a page before images."""
LONGEST = {"report.html": 120_000}
"""Of pages that are as long as what they tell of."""


def test_it_is_verified_and_made_again_from_its_records(year: Year) -> None:
    policy = (year.site / "register/policy").read_text()
    key = VerifierKey.parse(re.findall(r"^log (\S+)", policy, re.MULTILINE)[0])
    said = str(verify_site(year.site, key))
    assert "58 essays in 51 issues" in said
    assert "2 essays more were withdrawn" in said


def test_a_build_gives_the_same_bytes(year: Year, tmp_path: Path) -> None:
    build(year.home, tmp_path / "again")
    assert tree(tmp_path / "again") == tree(year.site)


def test_nothing_of_what_is_covered_or_closed_is_in_any_file(year: Year) -> None:
    told = re.compile("|".join(HIDDEN).encode(), re.IGNORECASE)
    assert [path for path in year.files if told.search((year.site / path).read_bytes())] == []


def test_every_page_is_light(year: Year) -> None:
    """The page that checks holds its program, since it must work when it is saved; a report is there to be printed."""
    sizes = {path: len(page.encode()) for path, page in year.pages.items()}
    heavy = {path: size for path, size in sizes.items() if size > LONGEST.get(path.split("/")[-1], LARGEST)}
    assert heavy == {}


def test_a_page_asks_for_the_style_sheet_and_the_icon_and_runs_nothing(year: Year) -> None:
    loading = "[src], [srcset], [style], [background], script, style, iframe, object, embed, base, form, [http-equiv]"
    odd = []
    for path, page in year.pages.items():
        tree = LexborHTMLParser(page)
        if path != verifier.PAGE and not path.startswith("search/"):
            odd += [(path, node.html) for node in tree.css(loading) if not _is_data(node.attributes)]
        odd += [
            (path, node.html)
            for node in tree.css("link")
            if {"stylesheet", "preload", "icon", "prefetch"} & set((node.attributes["rel"] or "").split())
            and urlsplit(node.attributes["href"] or "").scheme
        ]
        odd += [(path, node.tag, name) for node in tree.css("*") for name in node.attributes if name.startswith("on")]
    assert odd == []


def _is_data(attributes: dict[str, str | None]) -> bool:
    return attributes.get("type") == "application/ld+json"


def test_every_link_leads_somewhere(year: Year) -> None:
    there, ids = set(year.files), {path: _ids(page) for path, page in year.pages.items()}
    broken = []
    for path, page in year.pages.items():
        for href in _links(page):
            to = urlsplit(href)
            if to.scheme or to.netloc:
                continue
            target = normpath(join("/", dirname(path), unquote(to.path)))[1:] if to.path else path
            if target == verifier.PAGE:
                continue  # its fragment says what is to be checked
            if target not in there or (to.fragment and unquote(to.fragment) not in ids[target]):
                broken.append((path, href))
    assert broken == []


def _ids(page: str) -> set[str]:
    found = [node.attributes["id"] or "" for node in LexborHTMLParser(page).css("[id]")]
    assert len(found) == len(set(found))
    return set(found)


def _links(page: str) -> Iterator[str]:
    for node in LexborHTMLParser(page).css("[href], [src]"):
        yield node.attributes.get("href") or node.attributes.get("src") or ""


def test_every_address_of_the_site_that_stands_in_it_is_there(year: Year) -> None:
    """In canonical links, feeds, mails, the site map, what programs read."""
    there, missing = set(year.files), set()
    for path in year.files:
        if path.endswith((".html", ".atom", ".rss", ".json", ".xml", ".txt")):
            for found in re.findall(rf"{ADDRESS}(/[^\s\"'<>&\\),]*)", (year.site / path).read_text()):
                place = unquote(urlsplit(found).path.strip("/"))
                if not {place, f"{place}/index.html".lstrip("/")} & there:
                    missing.add((path, found))
    assert missing == set()


def test_a_terminal_shows_every_word_of_every_kind_of_page(year: Year) -> None:
    """But of the page that runs a program. A table stands in columns there, so that its words come in another order."""
    w3m = shutil.which("w3m")
    if not w3m:
        pytest.skip("w3m is not on this machine")
    lost = {}
    for path in year.few:
        command = [w3m, "-dump", "-cols", "400", "-I", "UTF-8", "-O", "UTF-8", year.site / path]
        dumped = subprocess.run(command, capture_output=True, text=True, check=True)
        shown, at = "".join(words.split(dumped.stdout)), 0
        for word in words.visible(year.pages[path]):
            at = shown.find(word, 0 if "<table" in year.pages[path] else at)
            if at < 0 and path != verifier.PAGE:
                lost[path] = word
                break
            at += len(word)
    assert lost == {}
