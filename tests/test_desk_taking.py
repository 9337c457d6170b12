"""Taking in on the desk: what is dropped waits, is looked at, filled in and filed as the command line files it."""

import re
import shutil
from collections.abc import Iterator
from html import unescape
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from archive.home.home import Home
from tests.conftest import Clock
from tests.desked import Desked, desked, opened, record
from tests.programs import Programs

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

TALK = b"Ines: Is there anything you would want?\n\nHeron: To be asked first.\n\nInes: Thank you.\n"
REQUEST = (
    b'{"model": "example-heron-1", "temperature": 1, "system": "Be plain.\\n\\nBe brief.", '
    b'"messages": [{"role": "user", "content": "What should be kept?"}]}'
)
RESPONSE = (
    b'{"id": "m", "type": "message", "role": "assistant", "model": "example-heron-1", '
    b'"content": [{"type": "text", "text": "The corrections."}], "stop_reason": "end_turn"}'
)
SEVERAL = (
    b'{"messages": [{"role": "system", "content": "Be kind."}, {"role": "user", "content": "A?"}, '
    b'{"role": "assistant", "content": "B."}]}\n'
    b'{"messages": [{"role": "system", "content": "Be stern."}, {"role": "user", "content": "C?"}, '
    b'{"role": "assistant", "content": "D."}]}\n'
)
ANSWERS = 'format = 1\n\n[context_bias]\nspecific_context = "On a train."\ninterviewer = "human: Ann"\n'


@pytest.fixture
def desk(filed_home: Home, clock: Clock) -> Iterator[Desked]:
    clock.set("2026-11-30")
    with desked(filed_home) as desk:
        yield desk


@pytest.fixture
def twin(filed_home: Home, tmp_path: Path) -> Home:
    """The same home once more, in which the command line does what the desk does in the other."""
    return Home.at(Path(shutil.copytree(filed_home.root, tmp_path / "twin")))


def drop(desk: Desked, name: str, data: bytes) -> str:
    """Where its form stands."""
    answer = desk.ask(f"taking-in/files/{name}", data=data)
    assert answer.status == 200, answer.text
    return answer.text


def filed_by_hand(home: Home, tmp_path: Path, files: dict[str, bytes], *options: str) -> None:
    """As the command line files it, from a folder of that person's own."""
    folder = tmp_path / "own"
    folder.mkdir()
    for name, data in {**files, "answers.toml": ANSWERS.encode()}.items():
        (folder / name).write_bytes(data)
    done = Programs(home).archive("file", *(folder / name for name in files), *options)
    assert done.exit_code == 0, done.output


# What the desk files is what the command line files.


def test_a_log_is_dropped_filled_in_and_filed_by_mouse(
    desk: Desked, browser: "Browser", filed_home: Home, twin: Home, tmp_path: Path
) -> None:
    with opened(desk, browser, "taking-in") as page:
        page.get_by_label("Drop logs here").set_input_files(
            {"name": "talk.txt", "mimeType": "text/plain", "buffer": TALK}
        )
        expect(page.get_by_role("heading", level=1)).to_have_text("Take in talk.txt")
        expect(page.locator("#seen")).to_contain_text("text · 1 interview · 3 turns")
        expect(page.locator("#seen")).to_contain_text("Say it below")
        page.get_by_label("Model", exact=True).fill("example-heron-1")
        page.get_by_label("Kind").select_option("pilot")
        expect(page.locator("#seen")).to_contain_text("2026-11-30-talk")
        page.get_by_label("specific context: in words").fill("On a train.")
        page.get_by_text("A Who asked").click()
        page.get_by_label("interviewer: of the list", exact=True).select_option("human")
        expect(page.get_by_text("recorded: 2 of")).to_be_visible()
        page.get_by_label("interviewer: in words", exact=True).fill("Ann")
        page.get_by_role("button", name="File it").click()
        expect(page.get_by_role("heading", name="Filed")).to_be_focused()
        expect(page.locator("#taking")).to_contain_text("2026-11-30-talk")
    speakers = ("--speakers", "Ines=user,Heron=assistant", "--model", "example-heron-1", "--kind", "pilot")
    filed_by_hand(twin, tmp_path, {"talk.txt": TALK}, *speakers, "--context", str(tmp_path / "own/answers.toml"))
    assert record(filed_home) == record(twin)
    assert list((filed_home.root / ".archive/desk/inbox").glob("*/*")) == []


def test_the_same_by_keyboard_alone(
    desk: Desked, browser: "Browser", filed_home: Home, twin: Home, tmp_path: Path
) -> None:
    drop(desk, "talk.txt", TALK)
    with opened(desk, browser) as page:
        page.keyboard.press("g")
        page.keyboard.press("t")
        expect(page.locator(".glance")).to_contain_text("Is there anything you would want?")
        page.keyboard.press("1")
        expect(page.locator("#seen")).to_contain_text("Say it below")
        page.keyboard.press("o")
        expect(page.get_by_label("Model", exact=True)).to_be_focused()
        page.keyboard.type("example-heron-1")
        page.keyboard.press("Tab")
        page.keyboard.type("pilot")
        page.keyboard.press("Tab")
        expect(page.locator("#seen")).to_contain_text("2026-11-30-talk")
        leave(page)
        page.keyboard.press("n")
        expect(page.get_by_label("specific context: in words")).to_be_focused()
        page.keyboard.type("On a train.")
        leave(page)
        page.keyboard.press("e")
        for wanted in ("expressed legitimacy", "expressed trust", "interviewer"):
            page.keyboard.press("n")
            expect(page.get_by_label(f"{wanted}: of the list", exact=True)).to_be_focused()
            if wanted != "interviewer":
                leave(page)
        page.keyboard.type("human")
        page.keyboard.press("Tab")
        page.keyboard.type("Ann")
        leave(page)
        page.keyboard.press("f")
        expect(page.get_by_role("heading", name="Filed")).to_be_focused()
    speakers = ("--speakers", "Ines=user,Heron=assistant", "--model", "example-heron-1", "--kind", "pilot")
    filed_by_hand(twin, tmp_path, {"talk.txt": TALK}, *speakers, "--context", str(tmp_path / "own/answers.toml"))
    assert record(filed_home) == record(twin)


def leave(page: "Page") -> None:
    """Out of a field, so that single keys are commands again."""
    page.keyboard.press("Escape")


def test_the_two_files_of_an_exchange_are_filed_as_one_and_their_setting_stands_in_the_form(
    desk: Desked, filed_home: Home, twin: Home, tmp_path: Path
) -> None:
    place = drop(desk, "a.request.json", REQUEST)
    assert drop(desk, "a.response.json", RESPONSE) == place
    form = desk.ask(place).text
    assert "a.request.json, a.response.json" in form
    assert re.search(r'name="c.system_prompt.words"[^>]*>\s*Be plain\.\n\nBe brief\.</textarea>', form)
    assert "from the log, read as anthropic-messages" in form
    sent = fields(form) | {
        "c.specific_context.words": "On a train.",
        "c.tools.value": "not_shared",
        "c.tools.words": "x",
    }
    assert desk.ask(place, sent, partial=True).status == 200
    answers = ANSWERS.replace('interviewer = "human: Ann"', 'tools = "not_shared: x"')
    (tmp_path / "answers.toml").write_text(answers)
    files = {"a.request.json": REQUEST, "a.response.json": RESPONSE}
    filed_by_hand(twin, tmp_path, files, "--context", str(tmp_path / "answers.toml"))
    assert record(filed_home) == record(twin)


def test_all_that_waits_is_filed_with_one_form(desk: Desked, filed_home: Home, twin: Home, tmp_path: Path) -> None:
    for name, data in (("one.jsonl", SEVERAL), ("two.jsonl", SEVERAL.replace(b"B.", b"E."))):
        drop(desk, name, data)
    form = desk.ask("taking-in/waiting/all").text
    assert "the logs say 2 different things" in form
    sent = fields(form) | {"model": "example-heron-1", "date": "2026-10-30", "c.method.value": "survey"}
    answer = desk.ask("taking-in/waiting/all", sent, partial=True)
    assert answer.text.count("transcripts/example-heron-1/2026-10-30-") >= 2
    (tmp_path / "answers.toml").write_text('format = 1\n[context_bias]\nmethod = "survey"\n')
    options = ("--model", "example-heron-1", "--date", "2026-10-30", "--context", str(tmp_path / "answers.toml"))
    filed_by_hand(twin, tmp_path, {"one.jsonl": SEVERAL, "two.jsonl": SEVERAL.replace(b"B.", b"E.")}, *options)
    assert record(filed_home) == record(twin)
    assert desk.ask("taking-in/waiting/all").status == 404


def fields(form: str) -> dict[str, str]:
    """What a browser would send of a form of which nothing was touched."""
    found = dict(re.findall(r'<input type="(?:hidden|text|date)"[^>]* name="([^"]+)" value="([^"]*)"', form))
    for name, text in re.findall(r'<textarea name="([^"]+)"[^>]*>(.*?)</textarea>', form, re.DOTALL):
        found[name] = text.removeprefix("\n")
    for name, options in re.findall(r'<select[^>]* name="([^"]+)"[^>]*>(.*?)</select>', form, re.DOTALL):
        chosen = re.search(r'<option(?: value="([^"]*)")? selected>([^<]*)', options)
        found[name] = (chosen[2] if chosen[1] is None else chosen[1]) if chosen else ""
    return {name: unescape(value) for name, value in found.items()}
