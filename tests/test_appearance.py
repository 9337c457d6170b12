"""``[appearance]``: a newsletter has looks of its own, and none of them can hide or add a word."""

import dataclasses
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from selectolax.lexbor import LexborHTMLParser

from archive.errors import Problem, accepted
from archive.home.appearance import Appearance
from archive.home.colour import AA, DARK, LIGHT, contrast, nearest, readable
from archive.home.configuration import Configuration
from archive.home.home import Home
from archive.records.sidecar import read
from publisher.site import pages, settings, style
from publisher.site.settings import Settings
from publisher.site.site import Files
from publisher.verify import disguise
from tests import example_site
from tests.conftest import Clock, Programs
from tests.programs import Reviewer

HEAD = '[archive]\nname = "Example"\norigin = "letters.example.org/register"\n'
DRAWING = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 40 10"><defs><linearGradient id="a"><stop offset="0" '
    'stop-color="#000"/></linearGradient></defs><path fill="url(#a)" d="M0 0h40v10H0z" transform="scale(1, 1)"/></svg>'
)
LOOKS = f"""
[appearance]
accent = "#0b5563"
face = "sans"
masthead = '{DRAWING}'

[[appearance.links]]
name = "Mastodon"
url = "https://social.example.org/@letters"
"""


def configured(appearance: str) -> Appearance | list[Problem]:
    found = read(f"{HEAD}{appearance}".encode(), "archive.toml", Configuration)
    return found if isinstance(found, list) else found.appearance


def own() -> Appearance:
    found = configured(LOOKS)
    assert isinstance(found, Appearance)
    return found


def made(**looks: object) -> Files:
    site = example_site.site(appearance=own() if not looks else Appearance.model_validate(looks))
    return example_site.made(pages.plan(site))


def test_the_grounds_are_those_of_the_style_sheet() -> None:
    grounds = re.findall(r"--(?:paper|wash): (#\w{6});", style.sheet())
    assert (*LIGHT, *DARK) == tuple(grounds[:4])
    assert re.findall(r"--link: (#\w{6});", style.sheet())[:2] == list(style.ACCENT)


@pytest.mark.parametrize("colour", ["#ffcc00", "#ffffff", "#00ff00", "#7f7f7f", "#fcfbf8"])
def test_an_accent_that_cannot_be_read_is_refused_with_the_nearest_that_can(colour: str) -> None:
    found = configured(f'[appearance]\naccent = "{colour}"\n')
    assert isinstance(found, list)
    (problem,) = found
    near = nearest(colour, LIGHT)
    assert f"and {AA} is needed" in str(problem)
    assert problem.remedy == f"the nearest that has it is {near}"
    assert isinstance(configured(f'[appearance]\naccent = "{near}"\n'), Appearance)


@pytest.mark.parametrize("accent", ["#000000", "#0b5563", "#83311c", "#0000ff"])
def test_in_the_dark_an_accent_is_as_light_as_it_must_be(accent: str) -> None:
    dark = nearest(accent, DARK)
    assert readable(dark, DARK)
    light, dark_sheet = re.findall(r"--link: (#\w{6});", style.sheet(accent))[:2]
    assert (light, dark_sheet) == (accent, dark if accent != style.ACCENT[0] else dark_sheet)
    assert min(contrast(dark_sheet, ground) for ground in DARK) >= AA


@pytest.mark.parametrize(
    ("drawing", "said"),
    [
        (DRAWING.replace("<path", "<text>Words</text><path"), "holds <text>"),
        (DRAWING.replace("<path", "<script/><path"), "holds <script>"),
        (DRAWING.replace("<path", '<image href="a.png"/><path'), "holds <image>"),
        (DRAWING.replace("<path", "<style/><path"), "holds <style>"),
        (DRAWING.replace("<path", '<use href="#a"/><path'), "holds <use>"),
        (DRAWING.replace("<path", "<foreignObject/><path"), "holds <foreignObject>"),
        (DRAWING.replace("<path", '<path onload="x()"'), "has the attribute onload"),
        (DRAWING.replace("<path", '<path style="fill:red"'), "has the attribute style"),
        (DRAWING.replace("url(#a)", "url(https://example.org/a.svg#a)"), "may lead elsewhere"),
        (DRAWING.replace("url(#a)", "url(//example.org/a)"), "may lead elsewhere"),
        (DRAWING.replace("url(#a)", "url(a.svg)"), "may lead elsewhere"),
        (DRAWING.replace("url(#a)", "URL(&quot;//example.org/a&quot;)"), "may lead elsewhere"),
        (DRAWING.replace("url(#a)", "image-set(a)"), "may lead elsewhere"),
        (DRAWING.replace("url(#a)", "var(--ink)"), "may lead elsewhere"),
        (DRAWING.replace("0 0 40 10", "0 0 0 10"), "the last two above 0"),
        (DRAWING.replace("0 0 40 10", ".... . 40 10"), "the last two above 0"),
        (DRAWING.replace("<path", "words <path"), "holds text"),
        (f"<!DOCTYPE svg [<!ENTITY a 'b'>]>{DRAWING}", "holds a declaration"),
        (f"<!-- a -->{DRAWING}", "a comment"),
        (DRAWING.replace("viewBox", "class"), "a viewBox"),
        (DRAWING[:-6], "is not SVG"),
        (DRAWING.replace("M0 0h40", "M0 0h40" * 5000), "expected at most 32,768 characters"),
    ],
)
def test_a_masthead_of_anything_but_shapes_is_refused(drawing: str, said: str) -> None:
    toml = f"[appearance]\nmasthead = '''{drawing}'''\n"
    found = configured(toml)
    assert isinstance(found, list)
    assert said in " ".join(str(problem) for problem in found)


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ('css = "p { display: none }"', "css"),
        ('face = "Papyrus"', "expected serif or sans"),
        ('accent = "red"', "expected a colour such as #0b5563"),
        ('links = [{ name = "x", url = "http://example.org" }]', "an https:// address"),
        ('links = [{ name = "x", url = "javascript:alert(1)" }]', "an https:// address"),
    ],
)
def test_nothing_else_can_be_styled(line: str, said: str) -> None:
    found = configured(f"[appearance]\n{line}\n")
    assert isinstance(found, list)
    assert said in str(found[0])


def test_the_looks_are_on_the_pages_and_in_what_the_site_is_made_with() -> None:
    files = made()
    sheet = files["style.css"].decode()
    assert sheet == style.sheet("#0b5563", "sans")
    assert "#83311c" not in sheet
    assert files["masthead.svg"].decode() == DRAWING
    image = LexborHTMLParser(files["index.html"]).css_first(".masthead h1 img")
    assert image
    assert image.attributes == {"src": "masthead.svg", "alt": "Letters After"}
    for path in ("index.html", "essays/less-than/index.html", "verify/index.html"):
        links = [node.attributes["href"] for node in LexborHTMLParser(files[path]).css("footer a[rel=me]")]
        assert links == ["https://social.example.org/@letters"]
    assert style.alone() in files["verify/index.html"].decode()  # its policy and the headers name this one


def test_what_a_site_is_made_with_is_read_back_and_what_has_no_looks_as_ever() -> None:
    for looks in (own(), Appearance()):
        site = example_site.site(appearance=looks)
        written = settings.write(site)
        assert accepted(read(written, settings.NAME, Settings)).appearance == looks
        assert (b"appearance" in written) == (looks != Appearance())
        frozen = settings.made_with(site, site.issues[0])[f"issues/{site.issues[0].week}/{settings.NAME}"]
        assert b"appearance" not in frozen


@pytest.mark.parametrize("accent", ["", "#0b5563", "#000000"])
@pytest.mark.parametrize("face", ["serif", "sans"])
def test_a_saved_page_may_have_the_looks_of_any_newsletter(accent: str, face: str) -> None:
    sheet = style.sheet(accent, face)
    assert disguise.is_ours(sheet, disguise.PAGE)
    assert disguise.is_ours(re.sub(r"/\*.*?\*/", "", sheet, flags=re.DOTALL), disguise.PAGE)
    assert not disguise.is_ours(f"{sheet}\n.essay em {{ display: none; }}", disguise.PAGE)


@pytest.mark.parametrize("accent", ["#fcfbf8", "#ffcc00", "red; } .essay { color: #fff", "url(a.png)"])
def test_a_saved_page_whose_accent_nobody_can_read_has_a_strange_sheet(accent: str) -> None:
    hiding = style.sheet().replace("--link: #83311c;", f"--link: {accent};", 1)
    assert not disguise.is_ours(hiding, disguise.PAGE)
    dark = style.sheet().replace("--link: #e0a189;", "--link: #181715;", 1)
    assert not disguise.is_ours(dark, disguise.PAGE)


def test_a_site_with_looks_of_its_own_is_verified_and_one_with_others_is_not(
    home: Home, programs: Programs, ada: Reviewer, write_essay: Callable[..., Path], clock: Clock
) -> None:
    with (home.root / "archive.toml").open("a") as file:
        file.write(LOOKS)
    assert programs.publisher("submit", write_essay()).exit_code == 0
    decided = ("--decision", "publish", "--reviewer", ada.name, "--key", ada.key)
    assert programs.publisher("review", "on-commas", *decided).exit_code == 0
    clock.set("2026-11-06")
    done = programs.publisher("publish", "2026-W45")
    assert done.exit_code == 0, done.output
    assert (home.site / "masthead.svg").read_text() == DRAWING
    key = str(home.register.key)
    assert programs.publisher("verify", str(home.site), "--key", key).exit_code == 0
    page = home.site / "essays/on-commas/index.html"
    assert programs.publisher("verify", str(page), "--key", key).exit_code == 0
    (home.site / "masthead.svg").write_text(DRAWING.replace("h40", "h39"))
    assert programs.publisher("verify", str(home.site), "--key", key).exit_code == 1


def test_without_looks_a_site_is_as_it_was() -> None:
    plain = example_site.made(pages.plan(dataclasses.replace(example_site.site(), appearance=Appearance())))
    assert "masthead.svg" not in plain
    assert plain["style.css"].decode() == style.sheet()
