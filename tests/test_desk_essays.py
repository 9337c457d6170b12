"""Essays on the desk: taken in, read, told how they were made, decided about, as the commands do it, byte for byte."""

import shutil
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import quote

import pytest
from playwright.sync_api import Browser, Page, expect

from archive.home.home import Home
from publisher.essays.inspection import inspect
from tests.desked import Answer, Desked, desked, opened, record
from tests.programs import Programs, Reviewer

TRAIN = "neither-of-us-is-the-train"
"""An essay of the filed home that nobody has decided about."""
RECORD = "essays/2026-11-02-neither-of-us-is-the-train/essay.toml"
SAID = {
    "prompt": "Write whatever you like.\nTwo pages.",
    "sampling": "temperature 1.0; one call",
    "candidates": "1",
    "selection": "the only one",
    "topic_by": "model",
}
RESPONSE = b'{"model": "example-heron-1", "content": [{"type": "text", "text": "They *pause*."}]}'


@pytest.fixture(autouse=True)
def keys(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, ada: Reviewer) -> Path:
    """What a reviewer has: her key in ``~/.ssh``, and no agent."""
    folder = tmp_path / "me" / ".ssh"
    folder.mkdir(parents=True)
    for suffix in ("", ".pub"):
        shutil.copy(f"{ada.key}{suffix}", folder / f"id_ed25519{suffix}")
    monkeypatch.setenv("HOME", str(folder.parent))
    for name in ("SSH_AUTH_SOCK", "SSH_ASKPASS", "DISPLAY", "WAYLAND_DISPLAY"):
        monkeypatch.delenv(name, raising=False)
    return folder


@pytest.fixture
def twin(filed_home: Home, tmp_path: Path) -> Programs:
    """The commands, over a copy of the home as it was before the desk changed it."""
    return Programs(Home(shutil.copytree(filed_home.root, tmp_path / "twin")))


def same(one: Home, programs: Programs, *, random: str = "") -> None:
    """Whether the same was done in both; a review of what was submitted just now (`random`) names a nonce's hash."""
    assert programs.home
    ours, theirs = record(one), record(programs.home)
    assert [*ours] == [*theirs]
    for name, data in ours.items():
        assert data == theirs[name] or (random and f"{random}/reviews/" in name), name
    assert one.reopened().register.size == programs.home.reopened().register.size


def dropped(desk: Desked, name: str, data: bytes) -> str:
    answer = desk.ask(f"essays/coming/{quote(name)}", data=data)
    assert answer.status == 200, answer.text
    return answer.text


def decision(home: Home, slug: str = TRAIN, **said: str) -> dict[str, str]:
    """A form as the page has it."""
    shown = inspect(home.reopened(), slug).digest
    return {"decision": "publish", "key": "", "reviewer": "ada@example.org", "shown": shown} | said


def decided(desk: Desked, form: Mapping[str, str], slug: str = TRAIN) -> Answer:
    return desk.ask(f"essays/{slug}/review", form)


def page_after(desk: Desked, answer: Answer) -> str:
    """What somebody reads where a form has led them."""
    assert answer.status == 303, answer.text
    return desk.ask(answer.headers["location"].removeprefix(desk.server.desk.at())).text


def ada_key(home: Home) -> str:
    (line,) = home.signers.listed
    return f"{line.fingerprint} {line.name}"


# By mouse.


def test_by_mouse_a_text_is_dropped_logged_told_how_it_was_made_and_approved(
    filed_home: Home, twin: Programs, browser: Browser, tmp_path: Path
) -> None:
    text, response = tmp_path / "draft.md", tmp_path / "draft.json"
    text.write_text("They *pause*.")
    response.write_bytes(RESPONSE)
    with desked(filed_home) as desk, opened(desk, browser, "essays") as page:
        page.get_by_label("Drop a text here").set_input_files([text, response])
        expect(page.get_by_role("heading", name="Dropped, not logged yet")).to_be_visible()
        assert "pause" not in page.content()
        page.get_by_label("Title", exact=True).fill("On commas")
        page.get_by_label("Title by").select_option("model")
        page.get_by_role("button", name="Log it").click()
        expect(page.locator(".told")).to_contain_text("E2026-0004  essays/2026-11-30-on-commas  submitted")
        assert page.frame_locator("iframe").locator(".essay em").inner_text() == "pause"
        for key, value in SAID.items():
            page.locator(f"#{key}").fill(value)
        page.get_by_role("button", name="Save how it was made").click()
        expect(page.locator(".told")).to_have_text("essay.toml is saved.")
        sign(page)
        expect(page.locator(".told")).to_contain_text("on-commas is approved.")
    twin.publisher("submit", text, "--response", response, "--title", "On commas", "--title-by", "model")
    assert twin.home
    folder = twin.home.root / "essays/2026-11-30-on-commas"
    values = [f"{key}={value}" for key, value in SAID.items()]
    assert twin.archive("amend", folder / "essay.toml", *values).exit_code == 0
    command = ("review", "on-commas", "--decision", "publish", "--reviewer", "ada@example.org", "--criterion")
    done = twin.publisher(*command, "harm", "--key", Path.home() / ".ssh/id_ed25519")
    assert done.exit_code == 0, done.output
    same(filed_home, twin, random="2026-11-30-on-commas")


def sign(page: Page) -> None:
    page.get_by_label("Publish as it is").check()
    page.get_by_label("harm", exact=False).check()
    page.get_by_role("button", name="Sign", exact=True).click()


def test_by_keyboard_alone_the_oldest_that_waits_is_read_and_withheld(
    filed_home: Home, twin: Programs, browser: Browser
) -> None:
    with desked(filed_home) as desk, opened(desk, browser) as page:
        press = page.keyboard.press
        press("g")
        press("e")
        page.wait_for_url(desk.at("essays"))
        press("n")
        page.wait_for_url("**/essays/*train*")
        press("4")
        expect(page.get_by_role("link", name="As received")).to_have_attribute("aria-current", "true")
        expect(page.frame_locator("iframe").locator("ol > li").first).to_be_visible()
        press("w")
        press("c")
        press("Space")
        press("s")
        expect(page.locator(".told")).to_contain_text(f"{TRAIN} is withheld.")
        expect(page.locator(".told")).to_be_focused()
        press("?")
        expect(page.get_by_role("dialog")).to_contain_text("Sign")
    first = filed_home.configuration.review.criteria[0].id
    command = ("review", TRAIN, "--decision", "withhold", "--reviewer", "ada@example.org", "--criterion", first)
    assert twin.publisher(*command, "--key", Path.home() / ".ssh/id_ed25519").exit_code == 0
    same(filed_home, twin)


def test_what_was_typed_outlives_a_reload_and_another_desk(filed_home: Home, browser: Browser) -> None:
    with desked(filed_home) as desk, opened(desk, browser, f"essays/{TRAIN}") as page:
        page.get_by_text("Correct it").click()
        page.locator("#prompt").fill("Half a tho")
        page.locator("#making-form[data-kept]").wait_for()
        page.reload()
        expect(page.locator("#prompt")).to_have_value("Half a tho")
        expect(page.locator("#prompt")).to_be_visible()
    before = (filed_home.root / RECORD).read_bytes()
    with desked(filed_home) as desk, opened(desk, browser, f"essays/{TRAIN}") as page:
        page.get_by_text("Correct it").click()
        page.get_by_role("button", name="Take it up").click()
        expect(page.locator("#prompt")).to_have_value("Half a tho")
        (filed_home.root / RECORD).write_bytes(before.replace(b"[]", b'["A letter"]', 1) + b"# by hand\n")
        expect(page.locator(".changed")).to_contain_text("by hand", timeout=9000)
        page.get_by_role("button", name="Save how it was made").click()
        expect(page.locator("#problems")).to_contain_text("was changed on disk while this form was open")
        expect(page.locator("#prompt")).to_have_value("Half a tho")
    assert b"by hand" in (filed_home.root / RECORD).read_bytes()
    assert b"Half a tho" not in (filed_home.root / RECORD).read_bytes()
