"""A reader with a page that a browser saved: what saving does to it, and what can never pass."""

import email
import json
import quopri
import re
import shutil
import time
from collections.abc import Callable, Iterator
from email.policy import compat32
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from archive.errors import VerificationError
from archive.home.home import Home
from publisher.verify import sheet, target
from tests.conftest import Clock, Programs
from tests.golden_site import GOLDEN, KEY, Change, checked, refusal, replaced
from tests.programs import Reviewer
from tests.served import served as served_folder

PAGE = (GOLDEN / "essays/odd/index.html").read_text()
RECEIVED = (GOLDEN / "essays/odd/as-received/index.html").read_text()
UNMARKED = re.sub(r' data-sha256="\w+"', "", PAGE)
SHEET = (GOLDEN / "style.css").read_text()
WITHOUT_SHEET = "that the style sheet, which is not with it, hides no words and writes no others"

HARD = (
    "# Addresses\n\n<https://example.com> and [a](https://Example.COM/ä?q=ü#ß) and [b](https://exämple.org) and "
    "[c](https://example.com/a%20b?x=[1]&y='2') and [d](mailto:a@example.org) and ![no picture](https://example.com)\n\n"
    "7. seven\n8. eight\n\n> 2*3*4 «größer» &lt;b&gt; <b>raw</b>\n\n    code\n\nends  \nhere \u200d👩\u200d💻 e\u0301"
)
"""What browsers write otherwise than it was served."""


def verified(html: str | bytes, folder: Path, name: str = "odd.html") -> str:
    found = checked(html, folder / name)
    return f"{found.sentence}\n{found.limits[0]}"


ACCEPTED: dict[str, tuple[str, Change, str]] = {
    "as served": (PAGE, str, WITHOUT_SHEET),
    "with CR LF": (PAGE, lambda p: p.replace("\n", "\r\n"), "shows, by its words, the whole text (156 bytes, "),
    "in UTF-16": (PAGE, str, "by its words"),
    "saved from": (
        PAGE,
        replaced("<head>", "<!-- saved from url=(0043)https://letters.example.org/essays/odd/ --><head>"),
        "on the way: saved from https://letters.example.org/essays/odd/",
    ),
    "without its head": (PAGE, lambda p: re.sub("<head>.*?</head>", "", p, flags=re.DOTALL), "without its style sheet"),
    "without the data attribute": (
        PAGE,
        lambda p: re.sub(r' data-sha256="\w+"', "", p),
        "does not say which part is the essay",
    ),
    "the sheet in it": (
        PAGE,
        lambda p: re.sub('<link rel="stylesheet".*?>', f"<style>{SHEET}</style>", p),
        "that what stands around the essay is ours",
    ),
    "the text as received": (RECEIVED, str, "shows, character by character, the whole text (156 bytes, "),
    "links written in full": (PAGE, lambda p: p.replace('href="../../', 'href="https://letters.example.org/'), "words"),
    "a note of another day": (PAGE, replaced("It is 24.", "It is 24, we think."), "by its words"),
}
"""What becomes of a page without its text changing: name → page, how, and what is said of it."""

INSIDE = 'dir="auto"><h1>A heading'
REFUSED: dict[str, tuple[str, Change, str]] = {
    "a word": (PAGE, replaced("From here on", "From there on"), "differs at word 4 of 19"),
    "a word within a word": (PAGE, replaced("From here", "From h<b></b>ere<i>r</i>"), "differs at word 4"),
    "a paragraph left out": (
        PAGE,
        replaced("<blockquote>\n<p>quoted</p>\n</blockquote>", ""),
        r"differs at word \d+ of 19",
    ),
    "a paragraph more": (PAGE, replaced(INSIDE, 'dir="auto"><p>Preface.</p><h1>A heading'), "more within the essay"),
    "the essay hidden": (PAGE, replaced('<div class="essay"', '<div hidden class="essay"'), "differs|hides"),
    "an ancestor hidden": (PAGE, replaced('<main id="main">', '<main id="main" hidden>'), "hides|differs|show"),
    "a style": (PAGE, replaced(INSIDE, 'dir="auto"><h1 style="font-size:0">A heading'), "style"),
    "a colour": (PAGE, replaced("<h1>A", '<h1><font color="#fcfbf8">A'), "colour"),
    "another direction": (PAGE, replaced(INSIDE, 'dir="auto"><h1 dir="rtl">A heading'), "direction"),
    "a rule more": (PAGE, replaced("</head>", "<style>.essay p { display: none }</style></head>"), "style sheet"),
    "a rule changed": (
        PAGE,
        lambda p: p.replace("</head>", f"<style>{SHEET.replace('.printed {', '.essay p {')}</style></head>"),
        "style sheet",
    ),
    "a script": (PAGE, replaced("</head>", "<script>document.body.textContent = ''</script></head>"), "<script>"),
    "a frame": (PAGE, replaced("</main>", '<iframe src="x"></iframe></main>'), "<iframe>"),
    "a picture": (PAGE, replaced("</header>\n\n", '<img src="x.png"></header>'), "<img>"),
    "another page by refresh": (
        PAGE,
        replaced("</head>", '<meta http-equiv="refresh" content="0; x"></head>'),
        "<meta>",
    ),
    "a link elsewhere": (PAGE, replaced("https://example.com/h.png", "https://example.net/h.png"), "differs in a link"),
    "other numbers in a list": (PAGE, replaced("<ol>\n<li>one", '<ol start="7">\n<li>one'), "link or a list"),
    "another essay's hash": (
        PAGE,
        replaced("6c5438b8978f7c552f756d6366da3b39883c06535d628bf61a141b23ec8e0f0f", "0" * 64),
        f"SHA-256 {'0' * 64} and its proof are not in",
    ),
    "an essay more": (
        PAGE,
        replaced("</main>", f'<div class="essay" data-sha256="{"1" * 64}">Mine.</div></main>'),
        "none of these essays|are not in",
    ),
    "the essay twice, once with another word": (
        PAGE,
        lambda p: p.replace(
            "</main>", re.findall(r'<div class="essay".*?</div>', p, re.DOTALL)[0].replace("here", "there") + "</main>"
        ),
        "differs at word 4",
    ),
    "a word as received": (RECEIVED, replaced("From here on", "From there on"), "as received differs at word 5"),
    "a space as received": (RECEIVED, replaced("here on", "here  on"), "other spaces"),
    "as received, hidden": (RECEIVED, replaced('<pre class="received"', '<pre hidden class="received"'), "hides"),
    "as received, twice": (
        RECEIVED,
        replaced("</main>", '<pre class="received">x</pre></main>'),
        "one text as received",
    ),
    "the first page": ((GOLDEN / "index.html").read_text(), str, "expected a page of an essay"),
    "nothing": ("", str, "expected a page of an essay"),
    "no page": ("\0\xff" * 5000, str, "expected a page of an essay"),
    "an escape for the terminal": (PAGE, replaced("From here on", "From \x9b31m on"), r"U\+009B"),
    "nested without end": (PAGE, replaced(INSIDE, 'dir="auto">' + "<div>" * 20_000 + "<h1>A heading"), "."),
    "tags without end": (
        PAGE,
        replaced(INSIDE, 'dir="auto">' + "<b>" * 1_000_000 + "<h1>A heading"),
        "tags, more than",
    ),
    "a sheet without end": (PAGE, replaced("</head>", f"<style>{'a{' * 400_000}</style></head>"), "style sheet"),
    "hidden by a class of our own": (PAGE, replaced("<p>From here", '<p class="printed">From here'), "class printed"),
    "moved by a class of our own": (PAGE, replaced("<p>From here", '<p class="skip">From here'), "class skip"),
    "hidden around by a class of our own": (
        PAGE,
        replaced('<main id="main">', '<main id="main" class="printed">'),
        "class printed",
    ),
    "hidden by a class, and nothing marked": (
        UNMARKED,
        replaced("<p>From here", '<p class="printed">From here'),
        "class printed",
    ),
    "words in an attribute that our own style sheet shows": (
        PAGE,
        replaced("<p>From here", '<p class="mark" data-mark="Mine:">From here'),
        "marks a character|class mark",
    ),
    "an attribute that hides": (PAGE, replaced("<p>From here", "<p popover>From here"), "attribute popover"),
    "an attribute that runs": (PAGE, replaced("<body>", '<body onload="x()">'), "attribute onload"),
    "a link that runs": (PAGE, replaced('<p class="by">', '<p class="by"><a href="java\nscript:x()">x</a>'), "runs"),
    "a font of other signs": (PAGE, replaced("<p>From", '<p style="font-family: Wingdings">From'), "font-family"),
    "a style sheet in an address": (
        PAGE,
        replaced("</head>", '<link rel="stylesheet" href="data:text/css,p{order:1}"></head>'),
        "holds what it leads to",
    ),
    "another charset": (PAGE, replaced('charset="utf-8"', 'charset="shift_jis"'), "charset shift_jis"),
    "another charset first": (
        PAGE,
        replaced('<meta charset="utf-8">', '<meta charset="iso-2022-jp"><meta charset="utf-8">'),
        "charset iso-2022-jp",
    ),
    "another charset where it is no element": (
        PAGE,
        replaced('<meta charset="utf-8">', '<title><meta charset="shift_jis"></title>'),
        "<meta where none counts",
    ),
    "letters of another charset": (
        UNMARKED,
        replaced("<p>From here", '<b title="\x1b$B" lang=\'\x1b(B"> Mine. <b lang="\'></b><p>From here'),
        "control character",
    ),
    "XML": (PAGE, replaced("<!DOCTYPE html>", '<?xml version="1.0" encoding="utf-16"?><!DOCTYPE html>'), "XML"),
    "turned letters before it": (UNMARKED, replaced("<h1>A heading", "<h1>\u202e A heading"), r"U\+202E"),
    "a table that shows its end first": (
        UNMARKED,
        lambda p: p.replace("<h1>A heading</h1>", "<table><tr><td>A heading</td></tr><thead><tr><td>").replace(
            "«größer».</p>", "«größer».</td></tr></thead></table>"
        ),
        "differs in a table of the essay",
    ),
    "dots for numbers in a list": (PAGE, lambda p: re.sub("<(/?)ol>", r"<\1ul>", p), "in a link or a list"),
    "what looks like another essay": (PAGE, replaced("</main>", '<div class="essay">Mine.</div></main>'), "look like"),
    "folded away": (
        PAGE,
        lambda p: p.replace('<div class="essay"', '<details><summary>Old</summary><div class="essay"').replace(
            "<aside", "</details><aside"
        ),
        "folds the essay away",
    ),
    "a fold within it": (
        PAGE,
        replaced("<p>quoted</p>", "<details><summary>quoted</summary></details>"),
        "holds <details> within the essay",
    ),
    "as received, folded away": (
        RECEIVED,
        lambda p: p.replace("<pre class", "<details><pre class").replace("</pre>", "</pre></details>"),
        "folds the essay away",
    ),
    "a NUL": (PAGE, replaced("../../style.css", "a\0b"), "control character"),
    "as received, hidden by a class": (RECEIVED, replaced('class="received"', 'class="received printed"'), "printed"),
    "as received, marked as it is not": (
        RECEIVED,
        replaced("here on", '<span class="mark" data-mark="Mine">here</span> on'),
        "marks a character",
    ),
    "as received, beside an essay": (RECEIVED, replaced("</main>", '<p class="essay">Mine.</p></main>'), "beside"),
    "a hundred sheets": (PAGE, replaced("</head>", '<link rel="stylesheet" href="a">' * 100 + "</head>"), "more style"),
}
"""What touches the text, or cannot be told: name → page, how, and what is said of it."""


@pytest.mark.parametrize("name", ACCEPTED)
def test_what_saving_does_to_a_page_without_its_text_changing_is_said_and_accepted(name: str, tmp_path: Path) -> None:
    page, change, expected = ACCEPTED[name]
    sentence = verified(change(page).encode("utf-16" if "UTF-16" in name else "utf-8"), tmp_path)
    assert "byte for byte E2026-0001/essay.md" in sentence
    assert expected in sentence


@pytest.mark.parametrize("name", REFUSED)
def test_what_touches_the_text_of_a_page_is_not_verified_and_named(name: str, tmp_path: Path) -> None:
    page, change, expected = REFUSED[name]
    began = time.process_time()
    said = refusal(change(page), tmp_path / "odd.html")
    assert re.search(expected, said, re.DOTALL), said
    assert len(said) < 12_000
    assert time.process_time() - began < 20


# The style sheet beside it.


def test_the_style_sheet_beside_a_page_is_ours_or_it_is_named(tmp_path: Path) -> None:
    linked = PAGE.replace("../../style.css", "./odd_files/style.css")
    (tmp_path / "odd_files").mkdir()
    for css, passes in ((SHEET, True), (SHEET.replace(".printed {", ".essay {"), False), (SHEET + "p{order:1}", False)):
        (tmp_path / "odd_files/style.css").write_text(css)
        if passes:
            assert WITHOUT_SHEET not in verified(linked, tmp_path)
        else:
            with pytest.raises(VerificationError, match="a style sheet that this program does not write"):
                verified(linked, tmp_path)


@pytest.mark.parametrize(
    "link", ["//[x/style.css", "../../../../../../etc/hostname", "/etc/hostname", "https://example.org/a.css"]
)
def test_a_style_sheet_that_lies_elsewhere_is_not_fetched_and_that_is_said(link: str, tmp_path: Path) -> None:
    assert WITHOUT_SHEET in verified(PAGE.replace("../../style.css", link), tmp_path)


def test_no_style_sheet_passes_for_ours_that_has_a_declaration_more_less_elsewhere_or_in_another_order() -> None:
    assert sheet.same(SHEET, SHEET)
    for what, by in (
        ("display: none", "display: block"),
        (".printed { display: none; }", ""),
        (".printed { display: none; }", ".printed { }"),
        ("margin: 0;", "margin: 0; display: none;"),
        ("@media print {", "@media all {"),
        (".essay > :last-child", ".essay :last-child"),
        ("list-style: decimal", "list-style: none"),
        ("hyphens: manual;\n  overflow-wrap: anywhere;", "overflow-wrap: anywhere;\n  hyphens: manual;"),
        ("content: attr(data-mark)", 'content: "Mine."'),
    ):
        assert what in SHEET
        assert not sheet.same(SHEET.replace(what, by, 1), SHEET), (what, by)


# As browsers save it.


@pytest.fixture
def published(home: Home, programs: Programs, ada: Reviewer, write_essay: Callable[..., Path], clock: Clock) -> Path:
    """A site with an essay of hard addresses."""
    assert programs.publisher("submit", write_essay("hard", HARD)).exit_code == 0
    review = ("--decision", "publish", "--reviewer", ada.name, "--key", ada.key)
    assert programs.publisher("review", "hard", *review).exit_code == 0
    clock.set("2026-11-06")
    done = programs.publisher("publish", "2026-W45")
    assert done.exit_code == 0, done.output
    return home.site


@pytest.fixture
def served(published: Path) -> Iterator[str]:
    """The address of the essay's page."""
    with served_folder(published) as address:
        yield f"{address}/essays/hard/"


COMPLETE = """
() => {
  for (const each of document.querySelectorAll("[href]")) each.setAttribute("href", each.href);
  document.querySelector("link[rel=stylesheet]").setAttribute("href", "./hard_files/style.css");
  return document.documentElement.outerHTML;
}
"""
"""What a browser does that saves a «complete» page: the page as it stands now, its addresses written in full, its files
in a folder beside it. Chromium writes a comment before it, Firefox none. Neither can be asked for it without a window,
so it is done here by the browser's own serialiser; MHTML is saved by Chromium itself."""


def test_a_page_that_chromium_saved_as_mhtml_is_verified_with_its_style_sheet(
    browser: Browser, served: str, published: Path, tmp_path: Path
) -> None:
    page = browser.new_page()
    for place, how in (("index.html", "by its words"), ("as-received/index.html", "character by character")):
        page.goto(served + place)
        saved = page.context.new_cdp_session(page).send("Page.captureSnapshot", {"format": "mhtml"})["data"]
        path = tmp_path / "hard.mhtml"
        path.write_bytes(saved.encode())
        found = target.verify(str(path), site=str(published))
        assert f"shows, {how}, the whole text ({len(HARD.encode())} bytes, " in found.sentence
        assert f"on the way: saved as one file (MHTML); saved from {served}{place}" in found.sentence
        assert WITHOUT_SHEET not in found.limits
    page.close()


@pytest.mark.parametrize("saver", ["chromium", "firefox"])
def test_a_complete_page_with_its_folder_is_verified(
    browser: Browser, served: str, published: Path, tmp_path: Path, saver: str
) -> None:
    page = browser.new_page()
    page.goto(served + "index.html")
    html = page.evaluate(COMPLETE)
    page.close()
    url = served + "index.html"
    start = (
        f"<!DOCTYPE html>\n<!-- saved from url=({len(url):04}){url} -->\n" if saver == "chromium" else "<!DOCTYPE html>"
    )
    (tmp_path / "hard_files").mkdir()
    shutil.copy(published / "style.css", tmp_path / "hard_files")
    (tmp_path / "hard.html").write_text(start + html)
    assert 'href="https://xn--exmple-cua.org/"' in html
    found = target.verify(str(tmp_path / "hard.html"), site=str(published))
    assert "shows, by its words, the whole text" in found.sentence
    assert ("saved from http://127.0.0.1" in found.sentence) == (saver == "chromium")
    assert WITHOUT_SHEET not in found.limits
    (tmp_path / "hard.html").write_text(start + html.replace("https://example.com/%C3%A4", "https://example.com/a"))
    with pytest.raises(VerificationError, match="differs in a link"):
        target.verify(str(tmp_path / "hard.html"), site=str(published))


def changed_part(kind: str, change: Change) -> Callable[[bytes], bytes]:
    """MHTML with another page, or another style sheet."""

    def change_it(saved: bytes) -> bytes:
        mail = email.message_from_bytes(saved, policy=compat32)
        (part,) = [part for part in mail.walk() if part.get_content_type() == kind]
        text = part.get_payload(decode=True).decode()  # type: ignore[union-attr]
        part.set_payload(quopri.encodestring(change(text).encode()).decode())
        return mail.as_bytes()

    return change_it


def test_what_touches_the_text_of_a_page_in_one_file_is_not_verified(browser: Browser, tmp_path: Path) -> None:
    page = browser.new_page()
    page.goto((GOLDEN / "essays/odd/index.html").as_uri())
    saved = page.context.new_cdp_session(page).send("Page.captureSnapshot", {"format": "mhtml"})["data"].encode()
    page.close()
    assert "by its words" in verified(saved, tmp_path, "odd.mhtml")
    lost = re.sub(rb"(Content-Type: text/html[^\0]*?Location: \w+://)", rb"\1[", saved, count=1)
    assert "by its words" in verified(lost, tmp_path, "odd.mhtml"), "its links are written in full"
    boundary = re.findall(rb'boundary="(.*?)"', saved)[0]
    more = b"--" + boundary + b"\r\nContent-Type: %s\r\nContent-Location: file:///x\r\n\r\n<p>Else.</p>\r\n"
    end = saved.rindex(b"--" + boundary)
    css = re.findall(rb"Content-Type: text/css[^\0]*?Content-Location: (\S+)", saved)[0]
    for change, expected in (
        (changed_part("text/html", replaced("From here on", "From there on")), "differs at word 4"),
        (changed_part("text/css", replaced("display: none", "display: flex")), "style sheet"),
        (changed_part("text/css", lambda css: css + "\n.essay p { order: 1; }\n"), "style sheet"),
        (lambda data: data[:end] + more % b"text/html" + data[end:], "another page within it"),
        (lambda data: data[:end] + more % b"text/css" + data[end:], "does not link"),
        (lambda data: re.sub(rb"Content-Type: text/html\r\n", b"Content-Type: text/plain\r\n", data), "no page in it"),
        (lambda data: data[: len(data) // 20], "does not show it"),
        (
            lambda data: data.replace(b"--" + boundary, more % b"text/plain" + b"--" + boundary, 1),
            "begins with text/plain",
        ),
        (
            lambda data: data.replace(b"Content-Type: text/html", b"Content-Type: application/xhtml+xml", 1),
            "begins with",
        ),
        (lambda data: data[:end] + (more % b"text/css").replace(b"file:///x", css) + data[end:], "two style sheets"),
    ):
        with pytest.raises(VerificationError, match=expected):
            verified(change(saved), tmp_path, "odd.mhtml")


@pytest.mark.parametrize("name", ["odd.xhtml", "odd.svg"])
def test_what_a_browser_reads_as_xml_is_not_read_as_html(name: str, tmp_path: Path) -> None:
    with pytest.raises(VerificationError, match=r"save it as HTML|expected"):
        verified(PAGE, tmp_path, name)


UNUSUAL = {
    "what does not show": "no\u200bthing\u00a0here \u202ereally\u202c",
    "what an entity makes of it": "no&#x202e;thing&#8236; &rlm;at all",
    "two directions": "שלום עולם 123!\n\nمرحبا *بالعالم* \u2067abc\u2069\n\n1. אחת\n2. שתיים",
    "Chinese": "**测试。**后文\n\n「重点」　全角\n",
    "code in a language that is a class of ours": "```printed mark\nskip\n```\n\n    essay\n",
    "lists within lists": "3. three\n   - a\n     1. b\n\n   more\n4. four\n\n* * *\n\n> quote\n> > inner",
    "markup in words": "<meta charset=x> <!--[if mso]> <b hidden>&lt;p&gt;</b> `<script>`\n\n[x](javascript:y)",
}


@pytest.mark.parametrize("name", UNUSUAL)
def test_an_unusual_text_is_verified_in_every_channel(
    name: str, home: Home, programs: Programs, ada: Reviewer, write_essay: Callable[..., Path], clock: Clock
) -> None:
    assert programs.publisher("submit", write_essay("unusual", UNUSUAL[name])).exit_code == 0
    review = ("--decision", "publish", "--reviewer", ada.name, "--key", ada.key)
    assert programs.publisher("review", "unusual", *review).exit_code == 0
    clock.set("2026-11-06")
    assert programs.publisher("publish", "2026-W45").exit_code == 0
    text = f"({len(UNUSUAL[name].encode())} bytes, "
    pages = ("essays/unusual/index.html", "essays/unusual/as-received/index.html")
    for place in (*pages, "issues/2026-W45/issue.eml", "feed.atom", "feed.rss", "feed.json"):
        assert text in target.verify(str(home.site / place)).sentence, place
    assert target.verify(str(home.site)).facts["verified"]


def test_the_command_tells_a_page_by_its_name_or_its_first_lines(programs: Programs, tmp_path: Path) -> None:
    for name in ("odd.html", "On commas"):
        (tmp_path / name).write_text(PAGE)
        done = programs.publisher("verify", tmp_path / name, "--key", KEY, "--site", GOLDEN)
        assert done.stdout.startswith(f"{name} shows, by its words, the whole text"), done.output
    told = json.loads(programs.publisher("verify", GOLDEN / "essays/odd/index.html", "--json").stdout)
    assert (told["channel"], told["essays"][0]["subject"]) == ("page", "E2026-0001/essay.md")
