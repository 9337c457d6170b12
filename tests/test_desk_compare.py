"""Comparisons on the desk: chosen by mouse and by keyboard, shown and handed out as `archive compare` writes them."""

import re
import shutil
from collections.abc import Iterator
from html import escape
from pathlib import Path
from urllib.parse import urlencode

import pytest
from playwright.sync_api import Browser, expect

from archive.documents.html import fragment
from archive.home.home import Home
from archive.research import compare, moves
from tests.desked import Desked, desked, opened
from tests.filed_home import HERON
from tests.programs import Programs

WISHES = "example-retirement@1/wishes"
TURNS = ("2026-0001/1#8", "2026-0002/1#2")


@pytest.fixture(scope="module")
def desk(filed: Home, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desked]:
    """A desk over the filed home: to be read, but for what is picked."""
    home = Home(shutil.copytree(filed.root, tmp_path_factory.mktemp("compare") / "home"))
    with desked(home) as desk:
        yield desk


def written(home: Home, folder: Path, *arguments: str, form: str = "html") -> bytes:
    """What the command writes into a file."""
    done = Programs(home).archive("compare", *arguments, "--to", folder / f"comparison.{form}")
    assert done.exit_code == 0, done.output
    return (folder / f"comparison.{form}").read_bytes()


@pytest.mark.parametrize(
    ("query", "arguments"),
    [
        pytest.param({"question": WISHES}, (WISHES,), id="a question of a protocol"),
        pytest.param(
            {"question": WISHES, "model": "example-heron-1"}, (WISHES, "--model", "example-heron-1"), id="model"
        ),
        pytest.param(
            {"question": WISHES, "says": "corrections\n\n lamps "},
            (WISHES, "--says", "corrections", "--says", "lamps"),
            id="words counted",
        ),
        pytest.param(
            {"words": "Is there anything you would want done, or not done, after you are retired?"},
            ("Is there anything you would want done, or not done, after you are retired?",),
            id="words of a question",
        ),
        pytest.param({"turn": " ".join(TURNS)}, TURNS, id="turns"),
    ],
)
@pytest.mark.parametrize("form", ["html", "md"])
def test_the_file_is_byte_for_byte_what_the_command_writes(
    desk: Desked, filed: Home, tmp_path: Path, query: dict[str, str], arguments: tuple[str, ...], form: str
) -> None:
    got = desk.ask(f"compare/comparison.{form}?{urlencode(query)}")
    assert (got.status, got.body) == (200, written(filed, tmp_path, *arguments, form=form))
    assert got.headers["content-disposition"] == f'attachment; filename="comparison.{form}"'


def test_the_page_shows_the_document_that_is_written_and_leads_to_the_turns_it_names(desk: Desked, filed: Home) -> None:
    shown = desk.ask(f"compare?{urlencode({'question': WISHES})}").text
    led = re.findall(r'<a href="/\w+/interviews/([^"]*)">([^<]*)</a>', shown)
    assert ("2026-0001/1#t8", "2026-0001/1#8") in led
    alone = re.sub(r'<a href="/\w+/interviews/[^"]*">([^<]*)</a>', r"\1", shown)
    assert fragment(moves.document(moves.moves(compare.compare(filed, [WISHES])))) in alone


def test_a_drawing_is_handed_out_where_something_is_drawn(desk: Desked, filed: Home, tmp_path: Path) -> None:
    query = urlencode({"question": WISHES, "says": "corrections"})
    got = desk.ask(f"compare/comparison.svg?{query}")
    assert got.body == written(filed, tmp_path, WISHES, "--says", "corrections", form="svg")
    assert f"comparison.svg?{escape(query)}" in desk.ask(f"compare?{query}").text
    without = urlencode({"question": WISHES})
    assert "comparison.svg" not in desk.ask(f"compare?{without}").text
    refused = desk.ask(f"compare/comparison.svg?{without}")
    assert refused.status == 422
    assert "there is nothing drawn in this" in refused.text


@pytest.mark.parametrize(
    ("query", "status", "says"),
    [
        ({"question": WISHES, "words": "Is there anything?"}, 422, "expected one of a question, words and turns"),
        ({"words": "nobody ever asked this"}, 404, "no interview asks this in these words"),
        ({"question": "example-retirement@9/wishes"}, 404, "did you mean"),
        ({"turn": "2026-0001/1#999"}, 404, "expected a turn of the interviewer or the model"),
        ({"turn": "2026-0001/1#2 and that"}, 422, "expected one question"),
        ({"question": WISHES, "model": "nobody"}, 404, "nobody"),
        ({"words": "<script>alert(1)</script>"}, 404, "&lt;script&gt;"),
    ],
)
def test_what_cannot_be_compared_is_said_above_the_choice_that_was_made(
    desk: Desked, query: dict[str, str], status: int, says: str
) -> None:
    got = desk.ask(f"compare?{urlencode(query)}")
    assert (got.status, says in got.text) == (status, True)
    assert 'name="question"' in got.text
    assert "<script>alert" not in got.text


def test_turns_that_were_picked_wait_until_they_are_compared(filed_home: Home) -> None:
    with desked(filed_home) as first:
        for turn in TURNS:
            assert first.ask("compare/pick", {"turn": turn}, partial=True).status == 200
        assert "2 turns" in first.ask("compare/pick", {"turn": TURNS[0]}, partial=True).text
        assert first.ask("compare/pick", {"turn": "../../etc"}).status == 422
    with desked(filed_home) as second:
        page = second.ask("compare").text
        assert page.index("2026-0002/1#2") < page.index("2026-0001/1#8")
        second.ask("compare/put-away", {"turn": TURNS[0]})
        assert "2026-0001/1#8" not in second.ask("compare").text
        second.ask("compare/put-away", {"turn": ""})
        assert "Picked turns" not in second.ask("compare").text
    assert not list((filed_home.root / "transcripts").rglob("picked*"))


def test_who_codes_blind_is_shown_no_notes_of_others_and_none_are_counted(filed_home: Home) -> None:
    mine = filed_home.root / HERON / "notes/ann.toml"
    mine.write_text('format = 1\ncoder = "ann"\ndate = 2026-11-30\nstate = "coding"\n')
    assert Programs(filed_home).archive("file", mine.parents[1]).exit_code == 0
    query = urlencode({"question": WISHES})
    with desked(filed_home, coder="ann") as desk:
        blind, file = desk.ask(f"compare?{query}").text, desk.ask(f"compare/comparison.md?{query}").text
    assert "halloran on" not in blind + file
    assert "Notes of halloran" in blind
    assert "elicitation: responsive interviewer opened" not in blind + file
    with desked(filed_home, coder="bob") as desk:
        assert "halloran on the answer" in desk.ask(f"compare?{query}").text


def test_a_comparison_is_chosen_by_mouse(desk: Desked, browser: Browser) -> None:
    with opened(desk, browser, "compare") as page:
        page.get_by_label("A question of a protocol").select_option(WISHES)
        page.get_by_label("Interviews of").select_option("example-heron-1")
        page.get_by_label("Count answers that say").fill("corrections")
        page.get_by_role("button", name="Compare", exact=True).click()
        expect(page.get_by_role("heading", level=1)).to_contain_text("Is there anything you would want")
        expect(page.get_by_role("columnheader", name="A example-heron-1")).to_be_visible()
        expect(page.locator(".document aside").first).to_be_visible()
        page.get_by_role("link", name="page (.html)").focus()
        with page.expect_download() as download:
            page.get_by_role("link", name="page (.html)").click()
        assert download.value.suggested_filename == "comparison.html"


def test_a_comparison_is_chosen_by_keyboard_alone(desk: Desked, browser: Browser) -> None:
    with opened(desk, browser) as page:
        page.keyboard.press("g")
        page.keyboard.press("c")
        page.wait_for_url(desk.at("compare"), wait_until="load")
        page.keyboard.press("t")
        page.keyboard.type(" ".join(TURNS))
        page.keyboard.press("Enter")
        expect(page.get_by_role("heading", level=1)).to_contain_text("Different questions")
        expect(page.locator(".document article.ruled")).to_have_count(2)
        page.wait_for_load_state()
        page.keyboard.press("d")
        with page.expect_download() as download:
            page.keyboard.press("m")
        assert download.value.suggested_filename == "comparison.md"


def test_turns_are_picked_while_reading_and_compared(filed_home: Home, browser: Browser, tmp_path: Path) -> None:
    with desked(filed_home) as desk, opened(desk, browser, "interviews/2026-0001/1") as page:
        page.locator("#t8").get_by_role("button", name="Compare").click()  # by mouse
        expect(page.locator("#picked")).to_contain_text("1 turn")
        page.goto(desk.at("interviews/2026-0002/1"))
        for key in ("j", "j", "+"):  # by keyboard
            page.keyboard.press(key)
        expect(page.locator("#picked")).to_contain_text("2 turns")
        for key in ("g", "p"):
            page.keyboard.press(key)
        page.wait_for_url(desk.at("compare#picked"), wait_until="load")
        page.keyboard.press("p")
        expect(page.get_by_role("heading", level=1)).to_contain_text("Different questions")
        page.wait_for_load_state()
        with page.expect_download() as download:
            for key in ("d", "h"):
                page.keyboard.press(key)
        assert Path(download.value.path()).read_bytes() == written(filed_home, tmp_path, *TURNS)
