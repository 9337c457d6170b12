import dataclasses
import hashlib
import json
import os
import posixpath
import re
import shlex
import subprocess
import sys
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from justhtml import JustHTML
from playwright.sync_api import Browser
from selectolax.lexbor import LexborHTMLParser

from archive.documents.page import TOKENS
from archive.research import strokes
from publisher.essays import words
from publisher.essays.essay import EditorsNote
from publisher.site import pages, received, style, verifier
from publisher.site.shared import TEMPLATES
from publisher.site.site import Files, Site
from tests import example_site

BESIDE = {
    "feed.atom",
    "feed.rss",
    "feed.json",
    "feeds/past/1.atom",
    "feeds/series/letters-after.atom",
    "models/example-heron-1/feed.atom",
    "models/example-heron-1/feed/1.atom",
    "register/checkpoint",
    "register/policy",
    "register/allowed_signers",
    "register/keys/1/allowed_signers",
    "issues/2026-W46/notice.toml",
    "essays/gone/notice.toml",
    "essays/gone/essay.md.tlog-proof",
    *(f"issues/{week}/{name}" for week in ("2026-W45", "2026-W47") for name in ("issue.eml", "SHA256SUMS")),
    *(f"issues/{week}/SHA256SUMS.tlog-proof" for week in ("2026-W45", "2026-W47")),
}
"""What stands on the site beside the pages, made elsewhere."""

HARD = (
    "\n\n  # A heading\n\nzero\u200bwidth \u202ereversed\u202c no\u00a0break `code` **bold** *thin* "
    + "<b>raw</b> &amp; </pre>\n\n"
    + "Donaudampfschifffahrtsgesellschaft" * 12
    + "\n\n"
    + "> " * 40
    + "deep\n\n"
    + "- " * 40
    + "nested\n\n1. one\n2. two\n\n    code "
    + "x" * 400
    + "\n\n<https://example.org/"
    + "a/" * 200
    + ">\n\n![a heron](https://example.com/h.png)\n\n***\n\n###### small\n\nשלום עולם\t👩\u200d💻"
)
HARD_TITLE = "</script><script>alert(1)</script> “Цапля” & <co>"
HARD_PROMPT = "\n  Write.\n\n<b>Anything</b> & all.\n"


def render(site: Site) -> Files:
    """Every page."""
    return example_site.made(pages.plan(site))


def hard_site() -> Site:
    """The example, one more essay that is hard to show, and one more that was withdrawn."""
    site = example_site.site()
    hard = example_site.essay(6, "hard", HARD_TITLE, HARD, 11, prompt=HARD_PROMPT)
    last = example_site.issue(2, str(site.issues[-1].week), 20, *site.issues[-1].essays, hard)
    gone = example_site.GONE
    last = dataclasses.replace(last, slugs={**last.slugs, gone.accession: gone.slug})
    return dataclasses.replace(site, issues=(*site.issues[:-1], last), withdrawn={gone.accession: gone})


@pytest.fixture(scope="module")
def site() -> Site:
    return hard_site()


@pytest.fixture(scope="module")
def files(site: Site) -> Files:
    return render(site)


def html(files: Files) -> dict[str, str]:
    return {path: data.decode() for path, data in files.items() if path.endswith(".html")}


def root(path: str) -> str:
    """What leads from a page to the site's root; the page for «not found» is shown at any depth."""
    return "/" if path == "404.html" else "../" * path.count("/")


def text_of(page: str, selector: str) -> str:
    """The text of an element, by a second parser."""
    found = JustHTML(page, sanitize=False).query(selector)
    assert len(found) == 1, f"{len(found)} of {selector}"
    return found[0].to_text(separator="", strip=False)


def squeezed(page: str, selector: str = "main") -> str:
    node = LexborHTMLParser(page).css_first(selector)
    assert node
    return " ".join(node.text().split())


def test_there_is_a_page_for_every_week_and_essay_and_one_for_register_and_feeds(files: Files) -> None:
    slugs = ["the-form-asks-for-a-date", "less-than", "no-newline", "hard"]
    assert sorted(files) == sorted(
        [
            *("index.html", "style.css", "favicon.svg", "favicon.ico", "register/index.html", "feeds/index.html"),
            *("robots.txt", "sitemap.xml", "_headers", "index.json", "about/index.html", "404.html"),
            *("years/2026/index.html", "series/index.html", "series/letters-after/index.html"),
            *("models/index.html", "models/example-heron-1/index.html", "interviews/index.html"),
            "search/index.html",
            *("register/intakes/1/index.html", "register/intakes/1/intakes.json"),
            *("verify/index.html", "verify/by-hand/index.html", "verify/verify.sh", "verify/register.go"),
            *(f"issues/{week}/index.html" for week in ("2026-W45", "2026-W46", "2026-W47")),
            *(f"essays/{slug}/index.html" for slug in (*slugs, "gone")),
            *(f"essays/{slug}/as-received/index.html" for slug in slugs),
            *(f"essays/{slug}/card.png" for slug in slugs),
        ]
    )


def test_an_essay_stands_on_its_page_unchanged_and_once(site: Site, files: Files) -> None:
    for issue in site.issues:
        for essay in issue.essays:
            language = essay.record.language or "en"
            page = files[f"essays/{essay.slug}/index.html"].decode()
            element = (
                f'<div class="essay" data-sha256="{essay.sha256}" lang="{language}" dir="auto">{essay.article}</div>'
            )
            assert page.count(element) == 1
            assert page.count("data-sha256") == 1
            found = example_site.body_in(page, essay.sha256)
            assert found
            assert words.visible(found) == words.visible(essay.article)


def test_the_text_as_received_is_the_file_character_by_character(site: Site, files: Files) -> None:
    for issue in site.issues:
        for essay in issue.essays:
            page = files[f"essays/{essay.slug}/as-received/index.html"].decode()
            assert text_of(page, "pre.received").encode() == essay.text


@given(st.text(st.characters(codec="utf-8", exclude_categories=["Cc"], include_characters="\n\t"), min_size=1))
@example("\n\n</pre>&amp; \u202e")
@settings(max_examples=40, deadline=None)
def test_any_text_is_shown_as_received(text: str) -> None:
    marked = "".join(piece for piece, _ in received.runs(text))
    site = example_site.site()
    one = dataclasses.replace(site.issues[0].essays[0], text=text.encode())
    only = site.issues[0].with_essays(one)
    page = render(dataclasses.replace(site, issues=(only,)))[f"essays/{one.slug}/as-received/index.html"].decode()
    node = LexborHTMLParser(page).css_first("pre.received")
    assert node
    assert (marked, node.text(), text_of(page, "pre.received")) == (text, text, text)


def test_what_does_not_show_is_marked_and_listed_with_its_first_place(files: Files) -> None:
    page = files["essays/hard/as-received/index.html"].decode()
    tree = LexborHTMLParser(page)
    assert [(node.attributes["data-mark"], node.text()) for node in tree.css(".mark")] == [
        ("U+200B", "\u200b"),
        ("U+202E", "\u202e"),
        ("U+202C", "\u202c"),
        ("U+00A0", "\u00a0"),
        ("U+200D", "\u200d"),
    ]
    assert "U+200B ZERO WIDTH SPACE, once in line 5, column 5" in squeezed(page, ".unseen")
    assert "mark" not in files["essays/no-newline/as-received/index.html"].decode()


def test_nothing_is_loaded_but_the_stylesheet_and_the_icon_and_nothing_runs(files: Files) -> None:
    loading = (
        "[src], [srcset], [style], [background], script, style, iframe, object, embed, base, form, meta[http-equiv]"
    )
    for path, page in html(files).items():
        if path == verifier.PAGE:  # it holds its own style and script: tests/test_verifier.py
            continue
        tree = LexborHTMLParser(page)
        sheets = [node.attributes["href"] for node in tree.css("link[rel=stylesheet]")]
        assert sheets == [root(path) + "style.css"]
        assert {node.attributes["rel"] for node in tree.css("link")} == {"stylesheet", "icon", "canonical", "alternate"}
        assert [n.attributes["href"] for n in tree.css("link[rel=icon]")] == [root(path) + "favicon.svg"]
        assert {(node.tag, node.attributes.get("type")) for node in tree.css(loading)} <= {
            ("script", "application/ld+json")  # data: browsers do not run it
        }
        assert not [name for node in tree.css("*") for name in node.attributes if name.startswith("on")]
    assert not re.search(r"url\(|@import|@font-face", files["style.css"].decode())
    assert files["favicon.svg"].startswith(b"<svg ")
    assert files["favicon.ico"].startswith(b"\0\0\1\0")


def test_every_link_within_the_site_names_a_file_that_is_there(site: Site, files: Files) -> None:
    there = {*files, *BESIDE, *(path for issue in site.issues for path in issue.frozen)}
    missing = []
    for path, page in html(files).items():
        tree = LexborHTMLParser(page)
        ids = {node.attributes["id"] for node in tree.css("[id]")}
        assert len(ids) == len(tree.css("[id]")), path
        for node in tree.css("a[href], link[href]"):
            to = urlsplit(node.attributes["href"] or "")
            if to.scheme:
                continue
            target = posixpath.normpath(posixpath.join("/", posixpath.dirname(path), to.path))[1:] if to.path else path
            if target == verifier.PAGE and re.fullmatch(r"essays/[a-z0-9-]+/2026-W\d\d", to.fragment):
                continue  # which essay it is to check
            anchor = f'id="{to.fragment}"'
            if target not in there or (to.fragment and anchor not in files[target].decode()):
                missing.append((path, node.attributes["href"]))
    assert missing == []


def test_the_same_site_gives_the_same_bytes_in_another_zone_and_locale() -> None:
    program = (
        "import hashlib; from tests import example_site; from tests.test_pages import render\n"
        "print(hashlib.sha256(repr(render(example_site.site())).encode()).hexdigest())"
    )
    root = str(Path(__file__).parents[1])
    elsewhere = {"TZ": "Asia/Tokyo", "LC_ALL": "de_DE.UTF-8", "PYTHONHASHSEED": "7", "PYTHONPATH": root}
    ran = subprocess.run(
        [sys.executable, "-c", program], env=os.environ | elsewhere, check=True, capture_output=True, text=True
    )
    assert ran.stdout.strip() == hashlib.sha256(repr(render(example_site.site())).encode()).hexdigest()


def test_titles_with_markup_and_other_scripts_are_shown_as_they_are(site: Site, files: Files) -> None:
    for issue in site.issues:
        for essay in issue.essays:
            page = files[f"essays/{essay.slug}/index.html"].decode()
            assert text_of(page, "main > header > h1") == essay.record.title
            assert text_of(page, "title") == f"{essay.record.title} · Letters After"
            assert essay.record.title in [node.text() for node in LexborHTMLParser(files["index.html"]).css("main a")]


def test_the_linked_data_of_an_essay_gives_its_hash_and_cannot_end_its_script(site: Site, files: Files) -> None:
    essay = site.issues[-1].essays[-1]
    scripts = LexborHTMLParser(files["essays/hard/index.html"]).css("script")
    data = json.loads(scripts[0].text())
    assert (len(scripts), data["headline"], data["encoding"]["sha256"]) == (1, HARD_TITLE, essay.sha256)


def test_the_sha256_comes_first_then_the_proof_then_the_essay(site: Site, files: Files) -> None:
    for issue in site.issues:
        for essay in issue.essays:
            page = files[f"essays/{essay.slug}/index.html"].decode()
            folded = "Unedited · checked against the register · how to check"
            said = f"SHA-256 {essay.sha256} {folded} Download essay.md: sha256sum essay.md prints this."
            assert said in squeezed(page, ".seal")
            order = ["<h1", "SHA-256", "essay.md.tlog-proof", 'class="essay"', "How this came to be", "does not prove"]
            places = [page.index(each) for each in order]
            assert places == sorted(places)


def test_a_page_says_how_its_essay_came_to_be(files: Files) -> None:
    menu = squeezed(files["essays/less-than/index.html"].decode())
    first = squeezed(files["essays/the-form-asks-for-a-date/index.html"].decode())
    for said in (
        "example-heron-1 wrote the text; the title is the editors’.",
        "Chosen by the model from a menu. A menu of four topics.",
        "2 texts were sampled for this place. How this one was chosen: the first; the second stopped half-way",
        "the model’s preference a-channel",
        "9 November 2026, 09:00 UTC (statement 2)",
        "10 November 2026, 09:00 UTC (statement 12) by ada@example.org",
        "20 November 2026, 09:00 UTC, in issue 2",
        "harm: Could following it injure someone?",
    ):
        assert said in menu
    assert "example-heron-1 wrote the text and the title." in first
    assert text_of(files["essays/hard/index.html"].decode(), "pre.prompt") == HARD_PROMPT


def test_what_was_not_recorded_is_said_to_be_so() -> None:
    site = example_site.site()
    lacking = {"prompt": "not_shared: it names a person", "sampling": "not_recorded", "context": ()}
    essay = example_site.essay(1, "lacking", "Lacking", "Text.\n", 2, **lacking)
    site = dataclasses.replace(site, issues=(example_site.issue(1, "2026-W45", 6, essay),))
    page = squeezed(render(site)["essays/lacking/index.html"].decode(), ".making")
    assert "Prompt, verbatim Not shared: it names a person Also in its context Nothing. Sampling Not recorded" in page


def test_editors_words_stand_outside_of_the_essay_and_say_so(site: Site) -> None:
    essay = site.issues[0].essays[0]
    before = EditorsNote(
        format=1, kind="note", by="Ada", date=example_site.at(6).date(), text="Before.", place="before"
    )
    noted = dataclasses.replace(essay, editors=(*essay.editors, before))
    changed = dataclasses.replace(site, issues=(site.issues[0].with_essays(noted),))
    page = render(changed)[f"essays/{essay.slug}/index.html"].decode()
    main = LexborHTMLParser(page).css("main > aside.note, main > div.essay")
    assert [(node.tag, " ".join(node.text().split())[:60]) for node in main if node.tag == "aside"] == [
        ("aside", "Editors’ note · not the model’s words Before. Ada, 6 November 2026"[:60]),
        ("aside", "Erratum · not the model’s words The bridge was built in 1890"[:60]),
    ]
    assert [node.tag for node in main] == ["aside", "div", "aside"]


def test_the_commands_can_be_pasted_into_a_shell(site: Site) -> None:
    review = dataclasses.replace(site.issues[0].essays[0].reviews[0], name="ada & co; rm '*'")
    second = dataclasses.replace(review, number=2, name="bob@example.org")
    essay = dataclasses.replace(site.issues[0].essays[0], reviews=(review, second))
    changed = dataclasses.replace(site, issues=(site.issues[0].with_essays(essay),))
    page = render(changed)[f"essays/{essay.slug}/index.html"].decode()
    verify = ["ssh-keygen", "-Y", "verify", "-f", "allowed_signers", "-I"]
    assert [
        shlex.split(line) for node in LexborHTMLParser(page).css(".checks pre") for line in node.text().splitlines()
    ] == [
        ["sha256sum", "essay.md"],
        ["publisher", "verify", "essay.md", "--key", site.vkey],
        [
            *verify,
            review.name,
            "-n",
            site.namespace,
            "-Overify-time=20261103090000Z",
            "-s",
            "1.json.sig",
            "<",
            "1.json",
        ],
        [
            *verify,
            second.name,
            "-n",
            site.namespace,
            "-Overify-time=20261103090000Z",
            "-s",
            "2.json.sig",
            "<",
            "2.json",
        ],
    ]


def test_the_first_page_shows_every_week_and_what_was_not_published(files: Files) -> None:
    weeks = [" ".join(node.text().split()) for node in LexborHTMLParser(files["index.html"]).css(".weeks > li")]
    assert [week[:40] for week in weeks] == [
        "Issue 2 20 November 2026 Less & <more>: “quotes”"[:40],
        "No issue week of 9 November 2026 Nothing was submitted."[:40],
        "Issue 1 6 November 2026 The form asks for a date"[:40],
    ]
    assert squeezed(files["index.html"].decode(), ".unpublished") == (
        "E2026-0003 received 9 November 2026, withheld 11 November 2026 under personal-data, harm "
        "E2026-0005 received 18 November 2026, waiting for a review"
    )
    assert "Nothing was submitted." in squeezed(files["issues/2026-W46/index.html"].decode())


def test_the_register_page_counts_what_came_in(files: Files) -> None:
    found = LexborHTMLParser(files["register/index.html"].decode()).css(".counts")
    essays, others = (" ".join(each.text().split()) for each in found)
    assert essays == "Essays received 7 published 4 withdrawn 1 withheld 1 held 0 approved 0 waiting 1"
    assert others == "deposits received 2 models received 0 protocols received 0 codebooks received 0"


def test_a_sample_says_so_on_every_page_and_others_do_not(site: Site, files: Files) -> None:
    saying = {path for path, page in html(files).items() if "A sample: example models" in squeezed(page, "header.top")}
    assert saying == set(html(files))
    real = html(render(dataclasses.replace(site, sample=False)))
    assert not [path for path, page in real.items() if "A sample:" in page]


def test_a_newsletter_that_has_published_nothing_has_a_first_page() -> None:
    empty = example_site.site(issues=(), gaps=(), withheld=(), waiting=(), criteria=())
    assert "Nothing has been published yet." in squeezed(render(empty)["index.html"].decode())


def test_the_index_for_programs_gives_what_a_newspaper_needs_to_get_it_right(site: Site, files: Files) -> None:
    index = json.loads(files["index.json"])
    essay = site.issues[1].essays[1]
    assert index["essays"][2] == {
        "accession": "E2026-0004",
        "slug": "no-newline",
        "title": "Без новой строки",
        "title_by": "model",
        "model": "example-heron-1",
        "language": "ru",
        "series": "letters-after",
        "preference": None,
        "topic_by": "model",
        "candidates": 2,
        "url": "https://letters.example.org/essays/no-newline/",
        "text_url": "https://letters.example.org/essays/no-newline/essay.md",
        "proof_url": "https://letters.example.org/essays/no-newline/essay.md.tlog-proof",
        "sha256": essay.sha256,
        "bytes": len(essay.text),
        "week": "2026-W47",
        "published": "2026-11-20T09:00:00Z",
        "received": {"statement": 4, "time": "2026-11-10T09:00:00Z"},
        "reviews": [
            {
                "decision": "publish",
                "reviewer": "ada@example.org",
                "key": essay.reviews[0].reviewer,
                "criteria": ["personal-data", "harm"],
                "statement": 14,
                "time": "2026-11-11T09:00:00Z",
            }
        ],
    }
    assert [issue["essays"] for issue in index["issues"]] == [
        ["E2026-0001"],
        ["E2026-0002", "E2026-0004", "E2026-0006", "E2026-0007"],
    ]
    assert [(each["week"], each["reason"]) for each in index["gaps"]] == [("2026-W46", "Nothing was submitted.")]
    assert [each["accession"] for each in (*index["withheld"], *index["waiting"])] == ["E2026-0003", "E2026-0005"]


def test_no_two_header_rules_set_one_header_for_one_file(site: Site, files: Files) -> None:
    rules: dict[str, list[str]] = {}
    for line in files["_headers"].decode().splitlines():
        if line.startswith("/"):
            names = rules.setdefault(line, [])
        elif line.startswith("  "):
            names.append(line.split(":")[0].strip())
    there = {
        *files,
        *BESIDE,
        *(path for issue in site.issues for path in issue.frozen),
        "register/tile/0/000.p/9",
        "register/cosigned/9",
    }
    forms = {rule: re.compile(re.sub(r":\w+", "[^/]+", rule).replace("*", ".*")) for rule in rules}
    for path in there:
        set_here = [name for rule, form in forms.items() if form.fullmatch(f"/{path}") for name in rules[rule]]
        assert len(set_here) == len(set(set_here)), path


def test_the_style_sheet_is_joined_from_every_part(files: Files) -> None:
    parts = {path.stem: path.read_text() for path in (TOKENS, *(TEMPLATES / "style").iterdir())}
    assert sorted(parts) == sorted((*style.PARTS, style.SANS))
    sheet = "\n".join(parts[name] for name in style.PARTS)
    assert files["style.css"].decode() == f"{strokes.dark()}\n\n{sheet}"


def test_the_colours_have_enough_contrast_in_both_schemes(files: Files) -> None:
    light, dark = re.findall(r":root \{(.*?)\}", files["style.css"].decode(), re.DOTALL)[:2]
    for scheme in (light, dark):
        colour = dict(re.findall(r"--(\w+): (#\w{6});", scheme))
        pairs = [(ink, ground) for ink in ("ink", "quiet", "link") for ground in ("paper", "wash")] + [("ink", "mark")]
        assert [pair for pair in pairs if contrast(colour[pair[0]], colour[pair[1]]) < 4.5] == []


def contrast(one: str, other: str) -> float:
    """WCAG 2.2, contrast ratio: 1 to 21."""

    def luminance(colour: str) -> float:
        parts = (int(colour[n : n + 2], 16) / 255 for n in (1, 3, 5))
        red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
        return 0.2126 * red + 0.7152 * green + 0.0722 * blue

    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


# In a browser.


@pytest.fixture(scope="module")
def folder(files: Files, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("site")
    for path, data in files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(data)
    return folder


UNREADABLE = """
element => {
  const colour = text => (text.match(/[\\d.]+/g) || []).map(Number);
  const ground = node => {
    for (; node; node = node.parentElement) {
      const [r, g, b, a = 1] = colour(getComputedStyle(node).backgroundColor);
      if (a > 0) return [r, g, b];
    }
    return [255, 255, 255];
  };
  const walker = document.createTreeWalker(element, NodeFilter.SHOW_TEXT), bad = [];
  while (walker.nextNode()) {
    const text = walker.currentNode, parent = text.parentElement, style = getComputedStyle(parent);
    if (!text.data.trim()) continue;
    const range = document.createRange();
    range.selectNodeContents(text);
    const boxes = [...range.getClientRects()].filter(box => box.width > 0 && box.height > 0);
    const [r, g, b, a = 1] = colour(style.color), near = ground(parent);
    const far = Math.abs(r - near[0]) + Math.abs(g - near[1]) + Math.abs(b - near[2]);
    const inside = boxes.length && boxes.every(box => box.left >= 0 && box.right <= innerWidth + 1);
    const shown = parent.checkVisibility({opacityProperty: true, visibilityProperty: true});
    if (!shown || !inside || parseFloat(style.fontSize) < 10 || a < 0.9 || far < 150) bad.push(text.data);
  }
  return bad;
}
"""


@pytest.mark.parametrize(("scheme", "width"), [("light", 1280), ("dark", 390)])
def test_every_word_of_an_essay_can_be_seen(
    browser: Browser, folder: Path, site: Site, scheme: Any, width: int
) -> None:
    page = browser.new_page(viewport={"width": width, "height": 800}, color_scheme=scheme)
    for issue in site.issues:
        for essay in issue.essays:
            page.goto((folder / "essays" / essay.slug / "index.html").as_uri())
            element = page.locator(".essay")
            assert element.evaluate(UNREADABLE) == []
            assert words.split(element.inner_text()) == words.visible(essay.article)
    page.close()


def test_hidden_words_would_be_found(browser: Browser, folder: Path) -> None:
    page = browser.new_page()
    found = []
    for hiding in (
        "display: none",
        "opacity: 0",
        "color: #fcfbf8",
        "font-size: 1px",
        "position: absolute; left: -9999px",
    ):
        page.goto((folder / "essays/the-form-asks-for-a-date/index.html").as_uri())
        page.add_style_tag(content=f".essay em {{ {hiding} }}")
        found.append(page.locator(".essay").evaluate(UNREADABLE))
    page.close()
    assert found == [["ask"]] * 5


def test_no_page_is_wider_than_a_phone(browser: Browser, folder: Path, files: Files) -> None:
    page = browser.new_page(viewport={"width": 320, "height": 800})
    widths = {}
    for path in html(files):
        page.goto((folder / path).as_uri())
        widths[path] = page.evaluate("document.documentElement.scrollWidth")
    page.close()
    assert {path: found for path, found in widths.items() if found > 320} == {}


def test_headings_look_like_headings_on_every_page(browser: Browser, folder: Path, files: Files) -> None:
    page = browser.new_page()
    fonts = "[...document.querySelectorAll('h1, h2')].map(h => [getComputedStyle(h).fontFamily, h.textContent])"
    odd = {}
    for path in html(files).keys() - {"404.html"}:  # its links are the host's: tests/test_about.py
        page.goto((folder / path).as_uri())
        odd[path] = [text for font, text in page.evaluate(fonts) if "serif" not in font or "mono" in font]
    page.close()
    assert {path: texts for path, texts in odd.items() if texts} == {}


def test_marks_are_not_copied_with_the_text(browser: Browser, folder: Path) -> None:
    page = browser.new_page()
    page.goto((folder / "essays/hard/as-received/index.html").as_uri())
    page.evaluate("getSelection().selectAllChildren(document.querySelector('pre.received'))")
    copied = page.evaluate("getSelection().toString()")
    page.close()
    assert copied == HARD


def test_on_paper_there_is_no_navigation_but_address_and_hash(browser: Browser, folder: Path, site: Site) -> None:
    essay = site.issues[0].essays[0]
    page = browser.new_page()
    page.goto((folder / "essays" / essay.slug / "index.html").as_uri())
    page.emulate_media(media="print")
    seen = [page.locator(each).first.is_visible() for each in (".top nav", ".turn", ".essay", ".printed")]
    printed = page.locator(".printed").inner_text()
    page.close()
    assert seen == [False, False, True, True]
    assert printed == f"https://letters.example.org/essays/{essay.slug}/\nSHA-256 of the text {essay.sha256}"


def test_the_keyboard_reaches_the_text_first(browser: Browser, folder: Path) -> None:
    page = browser.new_page()
    page.goto((folder / "index.html").as_uri())
    page.keyboard.press("Tab")
    box = page.locator(":focus").bounding_box()
    focused = page.locator(":focus").inner_text()
    page.close()
    assert box
    assert (focused, box["x"] >= 0) == ("Skip to the text", True)
