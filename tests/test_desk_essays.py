"""Essays on the desk: taken in, read, told how they were made, decided about, as the commands do it, byte for byte."""

import os
import re
import shutil
import signal
import subprocess
import time
import tomllib
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from urllib.parse import quote

import pytest
from playwright.sync_api import Browser, Page, expect

from archive.home.home import Home
from archive.register import sums
from publisher.desk.essays import margin
from publisher.essays.inspection import inspect
from publisher.essays.problems import problems
from publisher.essays.render import article
from publisher.essays.submit import submit
from tests.conftest import Clock
from tests.desked import Answer, Desked, desked, opened, record
from tests.hostile_home import PAYLOADS
from tests.programs import Programs, Reviewer
from tests.sampled_home import asked

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
    line = home.signers.listed[0]
    return f"{line.fingerprint} {line.name}"


def told(page: Page, said: str) -> None:
    """Waits until the page says what was done, and can be typed to."""
    expect(page.locator(".told")).to_contain_text(said, timeout=20_000)
    page.wait_for_load_state()


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
        told(page, "E2026-0004  essays/2026-11-30-on-commas  submitted")
        assert "pause" not in page.content()  # before a copy of the register is elsewhere, unless somebody insists
        page.get_by_role("link", name="Read it all the same").click()
        assert page.frame_locator("iframe").locator(".essay em").inner_text() == "pause"
        for key, value in SAID.items():
            page.locator(f"#{key}").fill(value)
        page.get_by_role("button", name="Save how it was made").click()
        told(page, "essay.toml is saved.")
        sign(page)
        told(page, "on-commas is approved.")
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


def test_by_keyboard_alone_the_same(filed_home: Home, twin: Programs, browser: Browser, tmp_path: Path) -> None:
    text = tmp_path / "on-rain.md"
    text.write_text("It *rains*.\n")
    with desked(filed_home) as desk, opened(desk, browser) as page:
        press, write = page.keyboard.press, page.keyboard.type
        press("g")
        press("e")
        page.wait_for_url(desk.at("essays"))
        press("o")
        with page.expect_file_chooser() as chooser:
            press("Space")
        chooser.value.set_files(text)
        expect(page.get_by_role("heading", name="Dropped, not logged yet")).to_be_visible()
        page.wait_for_load_state()
        press("t")
        press("Tab")
        write("On rain")
        press("Tab")
        press("Tab")
        write("example-heron-1")
        press("Escape")
        press("l")
        told(page, "E2026-0004  essays/2026-11-30-on-rain  submitted")
        expect(page.locator(".told")).to_be_focused()
        press("r")
        page.wait_for_url("**read=yes")
        press("m")
        for key in (
            "title",
            "title_by",
            "model",
            "prompt",
            "context-1",
            "sampling",
            "candidates",
            "topic_by",
            "selection",
        ):
            press("Tab")
            expect(page.locator(f"#{key}")).to_be_focused()
            if key in SAID:
                write(SAID[key])
        press("Tab")  # what may be left out
        press("Tab")
        press("Enter")
        told(page, "essay.toml is saved.")
        press("2")
        press("w")
        press("c")
        press("Space")
        press("s")
        told(page, "on-rain is withheld.")
        press("?")
        expect(page.get_by_role("dialog")).to_contain_text("Sign")
    first = filed_home.configuration.review.criteria[0].id
    twin.publisher("submit", text, "--title", "On rain", "--title-by", "staff", "--model", "example-heron-1")
    assert twin.home
    values = [f"{key}={value}" for key, value in SAID.items()]
    assert twin.archive("amend", twin.home.root / "essays/2026-11-30-on-rain/essay.toml", *values).exit_code == 0
    command = ("review", "on-rain", "--decision", "withhold", "--reviewer", "ada@example.org", "--criterion", first)
    assert twin.publisher(*command, "--key", Path.home() / ".ssh/id_ed25519").exit_code == 0
    same(filed_home, twin, random="2026-11-30-on-rain")


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
        page.get_by_role("button", name="Take it up").click()
        expect(page.locator("#prompt")).to_have_value("Half a tho")
        (filed_home.root / RECORD).write_bytes(before.replace(b"[]", b'["A letter"]', 1) + b"# by hand\n")
        expect(page.locator(".changed")).to_contain_text("by hand", timeout=9000)
        page.get_by_role("button", name="Save how it was made").click()
        expect(page.locator("#problems")).to_contain_text("was changed on disk while this form was open")
        expect(page.locator("#prompt")).to_have_value("Half a tho")
    assert b"by hand" in (filed_home.root / RECORD).read_bytes()
    assert b"Half a tho" not in (filed_home.root / RECORD).read_bytes()


def test_a_decision_that_was_not_signed_outlives_a_reload_but_not_another_text(
    filed_home: Home, browser: Browser
) -> None:
    with desked(filed_home) as desk, opened(desk, browser, f"essays/{TRAIN}") as page:
        page.get_by_role("link", name="Read it all the same").click()
        page.get_by_label("Withhold").check()
        page.locator("[name=criterion]").first.check()
        page.locator("#decision[data-kept]").wait_for()
        page.reload()
        expect(page.get_by_label("Withhold")).to_be_checked()
        expect(page.locator("[name=criterion]").first).to_be_checked()
        (filed_home.root / RECORD).write_bytes((filed_home.root / RECORD).read_bytes() + b"# by hand\n")
        page.reload()
        page.locator("#decision[data-ready]").wait_for()
        expect(page.get_by_label("Withhold")).not_to_be_checked()


# Taking in.


def test_nothing_of_a_text_is_shown_before_it_is_logged_and_what_was_dropped_outlives_the_desk(
    filed_home: Home, twin: Programs, tmp_path: Path
) -> None:
    size = filed_home.register.size
    with desked(filed_home) as desk:
        dropped(desk, "on-<b>rain.md", b"It *rains*.\n")
    for path in filed_home.hidden.glob("desk/essays/*/*"):
        os.utime(path, (0, 0))  # however long that was ago
    with desked(filed_home) as desk:
        page = desk.ask("essays").text
        assert "on-&lt;b&gt;rain.md" in page
        assert "rains" not in page
        assert filed_home.reopened().register.size == size
        assert "1 text dropped and not logged yet" in desk.ask().text
        (file,) = [path.parent.name for path in (filed_home.hidden / "desk/essays").glob("*/*")]
        shown = page_after(desk, desk.ask("essays/log", {"file": file, "model": "example-heron-1"}))
        assert "E2026-0004  essays/2026-11-30-on-b-rain  submitted" in shown
        assert not [*(filed_home.hidden / "desk/essays").glob("*")]
        again = dropped(desk, "on-rain.md", b"It *rains*.\n")
        assert "already submitted" in page_after(desk, desk.ask("essays/log", {"file": again}))
    text = tmp_path / "on-<b>rain.md"
    text.write_bytes(b"It *rains*.\n")
    twin.publisher("submit", text, "--model", "example-heron-1")
    same(filed_home, twin)


def test_files_that_belong_together_are_one_essay_by_their_names_and_others_their_own(filed_home: Home) -> None:
    with desked(filed_home) as desk:
        for name in ("a.md", "a.response.json", "b.md", "a.request.json", "b.toml"):
            dropped(desk, name, RESPONSE if "response" in name else name.encode())
        page = desk.ask("essays").text
        assert page.count("Dropped, not logged yet") == 2
        first, second = page.split('<section class="tray"')[1:]
        assert [name for name in ("a.md", "a.request.json", "a.response.json") if name in first] != []
        assert ("b.md" in second, "b.toml" in second, "a.md" in second) == (True, True, False)


def test_a_text_with_the_whole_exchange_is_what_the_command_makes_of_a_folder(
    filed_home: Home, twin: Programs, tmp_path: Path
) -> None:
    files = {
        "essay.md": b"They *pause*.",
        "response.json": RESPONSE,
        "request.json": b'{"messages": [{"role": "user", "content": "Write."}], "temperature": 1}',
    }
    folder = tmp_path / "on-commas"
    folder.mkdir()
    for name, data in files.items():
        (folder / name).write_bytes(data)
    with desked(filed_home) as desk:
        ids = [dropped(desk, name, data) for name, data in files.items()]
        form = "&".join(f"file={each}" for each in ids) + "&title=Commas&title_by=model&slug=on-commas"
        answer = desk.ask(
            "essays/log",
            data=form.encode(),
            method="POST",
            headers={"Content-Type": "application/x-www-form-urlencoded"},
        )
        assert answer.status == 303, answer.text
    twin.publisher("submit", folder, "--title", "Commas", "--title-by", "model")
    same(filed_home, twin)


@pytest.mark.parametrize(
    ("name", "data", "said"),
    [("x.md", b"", "a hash of nothing proves nothing"), (".x", b"x", "expected the name of a file")],
)
def test_what_cannot_be_a_text_is_refused_as_it_is_dropped(filed_home: Home, name: str, data: bytes, said: str) -> None:
    with desked(filed_home) as desk:
        answer = desk.ask(f"essays/coming/{name}", data=data)
        assert answer.status == 422
        assert said in answer.text
        for path in ("essays/coming/..%2fx.md", "essays/coming/%2e%2e", "essays/coming/a%00b"):
            assert desk.ask(path, data=b"x").status in (404, 405, 422)
        assert "Dropped, not logged yet" not in desk.ask("essays").text


def test_what_was_dropped_by_mistake_is_put_away_and_what_does_not_fit_is_said(filed_home: Home) -> None:
    with desked(filed_home) as desk:
        file, other = dropped(desk, "x.md", b"x"), dropped(desk, "y.md", b"y")
        assert desk.ask("essays/put-away", {"file": file}).status == 303
        page = desk.ask("essays").text
        assert ("x.md" in page, "y.md" in page) == (False, True)
        assert "tick what belongs together" in desk.ask("essays/log", {}).text
        response = dropped(desk, "y.json", RESPONSE)
        answer = desk.ask("essays/log", {"file": other, "other": response}, partial=True)
        assert answer.status == 204


# The text as readers will see it.


def test_a_text_in_the_frame_is_the_page_of_the_site_and_nothing_in_it_runs_or_is_loaded(filed_home: Home) -> None:
    text = (filed_home.root / f"essays/2026-11-02-{TRAIN}/essay.md").read_text()
    with desked(filed_home) as desk:
        answer = desk.ask(f"essays/{TRAIN}/text/page")
        policy = answer.headers["content-security-policy"].split("; ")
        assert {"default-src 'none'", "frame-ancestors 'self'", "sandbox"} <= {*policy}
        assert article(text) in answer.text
        assert "by nobody yet" in answer.text
        assert '<base target="_blank">' in answer.text  # nothing opens from a sandbox: a link leads nowhere
        assert '<link rel="stylesheet"' not in answer.text
        published = desk.ask("essays/nothing-rhymes-with-sixty/text/page").text
        assert "Reviewed</b> <span>" in published
        assert desk.ask(f"essays/{TRAIN}/text/elsewhere").status == 404
        assert desk.ask("essays/none/text/page").status == 404


@pytest.mark.parametrize("text", ["\n\n".join(PAYLOADS), "".join(PAYLOADS)])
def test_a_hostile_text_stays_a_text(home: Home, desk_text: Callable[[Home, bytes], dict[str, str]], text: str) -> None:
    for look, html in desk_text(home, text.encode()).items():
        assert "<script" not in html, look
        for tag in ("<img", "<svg", "<iframe", "<form", "<base href", "<object", 'javascript:ran()"'):
            assert tag not in html, look


@pytest.fixture
def desk_text(tmp_path: Path) -> Callable[[Home, bytes], dict[str, str]]:
    """What stands in the frames of a text."""

    def shown(home: Home, data: bytes) -> dict[str, str]:
        path = tmp_path / "text.md"
        path.write_bytes(data)
        slug = submit(home, path).submission.slug
        with desked(home) as desk:
            page = desk.ask(f"essays/{slug}?read=yes").text
            looks = [look for look in ("page", "problems", "received") if f"/text/{look}" in page]
            assert looks
            return {look: desk.ask(f"essays/{slug}/text/{look}").text for look in looks}

    return shown


def test_beside_each_block_of_a_page_stands_what_is_to_be_looked_at_in_its_lines() -> None:
    text = (
        "Sure, here it is:\n\n- 2*3*4\n- b\n\n[x]: https://example.org\n\n"
        "| a | b |\n|---|---|\n| c\u200b | d |\n\n    code"
    )
    noted = margin.beside(problems(text.encode()))
    html = margin.annotated(text, noted, lambda those: "".join(f"⟦{each.place[9:]}⟧" for each in those))
    assert len(noted) > 3
    assert re.sub("⟦.*?⟧", "", html) == article(text)
    assert html.startswith("⟦1:1⟧<p>Sure")
    assert "⟦3:3⟧<ul>" in html
    assert html.count("⟦") == sum(map(len, noted.values()))


def test_what_cannot_be_shown_is_looked_at_as_received_and_cannot_be_published(
    home: Home, ada: Reviewer, desk_text: Callable[[Home, bytes], dict[str, str]]
) -> None:
    looks = desk_text(home, b"caf\xe9 \x1b[31m\r\n")
    assert [*looks] == ["received"]
    assert "\N{REPLACEMENT CHARACTER}" in looks["received"]
    assert "<mark>U+001B</mark>" in looks["received"]
    with desked(home) as desk:
        answer = decided(desk, decision(home, "text", key=ada_key(home)), "text")
        assert answer.status == 422
        assert "it can only be withheld" in answer.text
        answer = desk.ask("essays/text/text/page")
        assert answer.status == 422
        assert "frame-ancestors 'self'" in answer.headers["content-security-policy"]
        assert "look at it as it was received" in answer.text
        done = decided(desk, decision(home, "text", key=ada_key(home), decision="withhold", criterion="harm"), "text")
        assert "text is withheld." in page_after(desk, done)


def test_every_character_that_does_not_show_is_marked_in_the_text_as_received() -> None:
    assert margin.pieces("a\u200bb\u202e") == [("a", ""), ("", "U+200B"), ("b", ""), ("", "U+202E")]
    assert margin.pieces("") == []


# How it was made.


def making(home: Home, **said: str) -> dict[str, str]:
    """The form as the page has it, with these changed."""
    text = (home.root / RECORD).read_bytes()
    digest = sums.digest(text)
    values = tomllib.loads(text.decode()) | {"format": ""}
    (entry,) = values["context"]
    return (
        {key: str(value) for key, value in values.items()} | {"context": entry} | {"_base": f"{RECORD} {digest}"} | said
    )


def test_what_is_wrong_is_said_at_its_field_and_not_written(filed_home: Home) -> None:
    before = (filed_home.root / RECORD).read_bytes()
    with desked(filed_home) as desk:
        for partial in (True, False):
            form = making(filed_home, language="english", candidates="none", prompt="P\u0007")
            answer = desk.ask(f"essays/{TRAIN}/making", form, partial=partial)
            assert answer.status == 422
            for key in ("language", "candidates", "prompt"):
                assert f'id="{key}-wrong"' in answer.text
            assert 'value="english"' in answer.text
            assert 'id="title-wrong"' not in answer.text
    assert (filed_home.root / RECORD).read_bytes() == before


def test_what_does_not_show_is_marked_in_how_it_was_made(filed_home: Home) -> None:
    path = filed_home.root / RECORD
    path.write_text(path.read_text().replace('selection = "', 'selection = "\u200b\u202e'))
    with desked(filed_home) as desk:
        page = desk.ask(f"essays/{TRAIN}?read=yes").text
        assert "⟨U+200B⟩⟨U+202E⟩" in page
        assert page.count("\u200b") == 1  # in the field, where it can be taken out


def test_what_is_blank_may_be_said_later_and_only_what_differs_is_written(filed_home: Home, twin: Programs) -> None:
    with desked(filed_home) as desk:
        assert desk.ask(f"essays/{TRAIN}/making", making(filed_home)).status == 303
        assert twin.home
        same(filed_home, twin)
        form = making(filed_home, selection="", topic_note="It was asked.", context="A letter\nof two lines")
        shown = page_after(desk, desk.ask(f"essays/{TRAIN}/making", form))
        assert "essay.toml is saved." in shown
        assert 'id="selection-wrong"' in shown
        assert "waits for an editor" in desk.ask().text
    values = ("selection=", "topic_note=It was asked.", 'context=["A letter\\nof two lines"]')
    assert twin.archive("amend", twin.home.root / RECORD, *values).exit_code == 0
    same(filed_home, twin)


def test_of_a_form_that_says_little_nothing_else_is_touched(filed_home: Home, twin: Programs, tmp_path: Path) -> None:
    text = tmp_path / "on-rain.md"
    text.write_text("It *rains*.\n")
    with desked(filed_home) as desk:
        file = dropped(desk, text.name, text.read_bytes())
        desk.ask("essays/log", {"file": file})
        place = "essays/2026-11-30-on-rain/essay.toml"
        base = sums.digest((filed_home.root / place).read_bytes())
        said = {"title": "On rain", "exchange": "public", "_base": f"{place} {base}"}
        assert desk.ask("essays/on-rain/making", said).status == 303
        twin.publisher("submit", text)
        assert twin.home
        twin.archive("amend", twin.home.root / place, "title=On rain")
        same(filed_home, twin)
        (filed_home.root / place).write_text("format = 1\n")
        base = sums.digest(b"format = 1\n")
        assert desk.ask("essays/on-rain/making", said | {"_base": f"{place} {base}"}).status == 303
    assert (filed_home.root / place).read_text() == 'format = 1\ntitle = "On rain"\ncontext = []\n'


def test_a_correction_voids_what_was_approved_and_says_so(filed_home: Home) -> None:
    with desked(filed_home) as desk:
        assert decided(desk, decision(filed_home, key=ada_key(filed_home))).status == 303
        assert "what is changed makes that void" in desk.ask(f"essays/{TRAIN}").text
        shown = page_after(desk, desk.ask(f"essays/{TRAIN}/making", making(filed_home, selection="the shorter one")))
        assert "ada@example.org approved it as it was before: have it reviewed again." in shown
        assert "does not stand any more" in shown


def test_a_file_that_was_changed_meanwhile_is_not_written_over_and_a_published_one_not_at_all(filed_home: Home) -> None:
    with desked(filed_home) as desk:
        form = making(filed_home, selection="the shorter one")
        path = filed_home.root / RECORD
        path.write_bytes(path.read_bytes() + b"# by hand\n")
        assert desk.ask(f"essays/{TRAIN}/making", form).status == 409
        assert b"the shorter one" not in path.read_bytes()
        path.write_bytes(b"\xff")
        assert desk.ask(f"essays/{TRAIN}").status == 200
        assert desk.ask(f"essays/{TRAIN}/making", making_of_nothing()).status in (409, 422)
        assert path.read_bytes() == b"\xff"
        published = desk.ask("essays/nothing-rhymes-with-sixty/making", {"title": "Other"})
        assert "was published in 2026-W48" in published.text


def making_of_nothing() -> dict[str, str]:
    return {"title": "T", "_base": f"{RECORD} {sums.digest(bytes([255]))}"}


# Deciding.


def test_a_decision_is_byte_for_byte_that_of_the_command_and_said_again_it_logs_nothing(
    filed_home: Home, twin: Programs
) -> None:
    with desked(filed_home) as desk:
        form = decision(filed_home, key=ada_key(filed_home))
        shown = page_after(desk, decided(desk, form))
        for said in ("entry", f"{TRAIN} is approved.", "ada@example.org"):
            assert said in shown
        again = page_after(desk, decided(desk, decision(filed_home, key=ada_key(filed_home))))
        assert "ada@example.org decided so already; nothing was logged" in again
        assert "decided so already" in page_after(desk, decided(desk, form))
    done = twin.publisher(
        "review",
        TRAIN,
        "--decision",
        "publish",
        "--reviewer",
        "ada@example.org",
        "--key",
        Path.home() / ".ssh/id_ed25519",
    )
    assert done.exit_code == 0, done.output
    same(filed_home, twin)


@pytest.mark.parametrize(
    ("said", "found"),
    [
        ({"decision": ""}, "expected publish, withhold, hold, found none"),
        ({"decision": "withhold"}, "expected a criterion for the decision withhold, found none"),
        ({"criterion": "taste"}, "expected a criterion of archive.toml"),
        ({"key": ""}, "choose with which key this is signed"),
        ({"key": "SHA256:x ada@example.org"}, "choose with which key this is signed"),
        ({"key": "file", "file": "id"}, "expected the whole path of a key"),
        ({"key": "file", "file": "/nowhere/id"}, "expected an SSH key, found no file"),
        ({"key": "elsewhere", "reviewer": "eve"}, "expected exactly one key of eve, found 0"),
    ],
)
def test_what_cannot_be_signed_is_said_and_nothing_is_logged(
    filed_home: Home, said: dict[str, str], found: str
) -> None:
    size = filed_home.register.size
    with desked(filed_home) as desk:
        answer = decided(desk, decision(filed_home, **{"key": ada_key(filed_home)} | said))
        assert answer.status == 422
        assert found in answer.text
    assert filed_home.reopened().register.size == size


def test_what_was_changed_while_somebody_read_it_is_not_signed(filed_home: Home) -> None:
    size, path = filed_home.register.size, filed_home.root / RECORD
    with desked(filed_home) as desk:
        form = decision(filed_home, key=ada_key(filed_home))
        path.write_bytes(path.read_bytes() + b"# by hand\n")
        for key in (form["key"], "elsewhere"):
            answer = decided(desk, form | {"key": key})
            assert answer.status == 422
            assert "what you were shown was changed meanwhile; nothing was signed: read it again" in answer.text
    assert filed_home.reopened().register.size == size
    assert not [*path.parent.glob("reviews/*")]


def test_a_key_that_only_ssh_agent_holds_signs(
    filed_home: Home, keys: Path, monkeypatch: pytest.MonkeyPatch, agent: Callable[[Path], None]
) -> None:
    agent(keys / "id_ed25519")
    shutil.rmtree(keys)
    with desked(filed_home) as desk:
        assert "held by ssh-agent" in desk.ask(f"essays/{TRAIN}?read=yes").text
        shown = page_after(desk, decided(desk, decision(filed_home, key=ada_key(filed_home))))
        assert f"{TRAIN} is approved." in shown


@pytest.fixture
def agent(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Callable[[Path], None]]:
    """An ssh-agent that is given a key."""
    socket = tmp_path / "agent"
    program = subprocess.Popen(["ssh-agent", "-D", "-a", socket], stdout=subprocess.DEVNULL)
    while not socket.exists():
        time.sleep(0.01)

    def add(key: Path) -> None:
        monkeypatch.setenv("SSH_AUTH_SOCK", str(socket))
        subprocess.run(["ssh-add", "-q", key], check=True, stderr=subprocess.DEVNULL)

    yield add
    program.send_signal(signal.SIGTERM)
    program.wait()


def test_a_passphrase_is_asked_for_in_a_window_or_not_at_all_and_never_at_the_terminal(
    filed_home: Home, keys: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    key = keys / "id_ed25519"
    subprocess.run(
        ["ssh-keygen", "-q", "-p", "-N", "seven words", "-P", "", "-f", key], check=True, capture_output=True
    )
    with desked(filed_home) as desk:
        assert "its passphrase is asked for in a window" in desk.ask(f"essays/{TRAIN}?read=yes").text
        began = time.monotonic()
        answer = decided(desk, decision(filed_home, key=ada_key(filed_home)))
        assert time.monotonic() - began < 10
        assert answer.status == 422
        assert f"ssh-add {key}" in answer.text
        window = tmp_path / "askpass"
        window.write_text("#!/bin/sh\necho seven words\n")
        window.chmod(0o700)
        monkeypatch.setenv("SSH_ASKPASS", str(window))
        shown = page_after(desk, decided(desk, decision(filed_home, key="file", file=str(key))))
        assert f"{TRAIN} is approved." in shown


def test_a_review_is_taken_elsewhere_signed_there_and_brought_back(
    filed_home: Home, twin: Programs, clock: Clock, ada: Reviewer, browser: Browser, tmp_path: Path
) -> None:
    with desked(filed_home) as desk, opened(desk, browser, f"essays/{TRAIN}?read=yes") as page:
        page.frame_locator("iframe").locator(".essay p").first.click()
        expect(page.get_by_text("Keys go to the text now")).to_be_visible()
        page.get_by_role("heading", level=1).hover()
        page.keyboard.press("3")  # a key of the page again
        expect(page.get_by_role("link", name="As received")).to_have_attribute("aria-current", "true")
        page.get_by_label("Publish as it is").check()
        page.get_by_label("Elsewhere, by").first.check()
        page.get_by_role("button", name="Sign", exact=True).click()
        told(page, "reviews/1.json is written, and waits for its signature.")
        with page.expect_download() as download:
            page.keyboard.press("d")
        away = tmp_path / "away" / download.value.suggested_filename
        download.value.save_as(away)
        clock.set("2026-12-01")
        sign = ["ssh-keygen", "-q", "-Y", "sign", "-f", ada.key, "-n", "review@letters.example.org", away]
        subprocess.run(sign, check=True)
        page.get_by_label("Drop the signature here").set_input_files(f"{away}.sig")
        told(page, f"{TRAIN} is approved.")
    clock.set("2026-11-30")
    twin.publisher("review", TRAIN, "--decision", "publish", "--reviewer", ada.name)
    clock.set("2026-12-01")
    assert twin.publisher("review", TRAIN, "--signature", f"{away}.sig").exit_code == 0
    same(filed_home, twin)


def test_where_two_must_approve_the_second_is_waited_for_and_signs_elsewhere(
    filed_home: Home, make_reviewer: Callable[[str], Reviewer], tmp_path: Path
) -> None:
    bob = make_reviewer("bob@example.org")
    settings = filed_home.root / "archive.toml"
    settings.write_text(settings.read_text().replace("two_reviewers_for = []", 'two_reviewers_for = ["publish"]'))
    with (filed_home.root / "allowed_signers").open("a") as file:
        file.write(bob.line)
    with desked(filed_home) as desk:
        page = page_after(desk, decided(desk, decision(filed_home, key=ada_key(filed_home))))
        assert f"{TRAIN} is waiting." in page
        assert "waits for a second reviewer" in page
        form = decision(filed_home, key="elsewhere", reviewer=bob.name)
        assert "waits for its signature" in page_after(desk, decided(desk, form))
        assert "waits for the signature of bob@example.org under 2.json" in desk.ask().text
        away = tmp_path / "2.json"
        away.write_bytes(desk.ask(f"essays/{TRAIN}/reviews/2.json").body)
        sign = ["ssh-keygen", "-q", "-Y", "sign", "-f", str(bob.key), "-n", "review@letters.example.org", str(away)]
        subprocess.run(sign, check=True)
        place = desk.ask(f"essays/{TRAIN}/signature/2.json.sig", data=Path(f"{away}.sig").read_bytes())
        assert f"{TRAIN} is approved." in desk.ask(place.text).text


def test_a_signature_that_fits_nothing_is_refused_where_it_was_dropped(filed_home: Home) -> None:
    with desked(filed_home) as desk:
        answer = desk.ask(f"essays/{TRAIN}/signature/1.json.sig", data=b"nothing")
        assert answer.status == 422
        assert "expected an SSH signature" in answer.text
        assert desk.ask(f"essays/{TRAIN}/reviews/..%2fessay.md").status == 404
        assert desk.ask(f"essays/{TRAIN}/reviews/1.json").status == 404


def test_two_clicks_and_two_desks_decide_once(filed_home: Home) -> None:
    size = filed_home.register.size
    with desked(filed_home) as one, desked(filed_home) as other:
        form = decision(filed_home, key=ada_key(filed_home))
        answers = [decided(desk, form).status for desk in (one, one, other)]
        assert answers == [303, 303, 303]
    assert filed_home.reopened().register.size == size + 1


# Notes, candidates.


def test_a_note_is_filed_as_the_command_files_it(filed_home: Home, twin: Programs) -> None:
    slug, said = "nothing-rhymes-with-sixty", "The bridge was built\nin 1890."
    with desked(filed_home) as desk:
        form = {"kind": "erratum", "by": "Ada", "place": "before", "text": said}
        shown = page_after(desk, desk.ask(f"essays/{slug}/note", form))
        assert "editors/1.toml  filed" in shown
        assert "in 1890." in shown
        assert "there already" in page_after(desk, desk.ask(f"essays/{slug}/note", form))
        assert desk.ask(f"essays/{slug}/note", form | {"text": " "}).status == 422
        assert desk.ask(f"essays/{slug}/note", form | {"kind": "joke"}).status == 422
    twin.publisher("note", slug, "--kind", "erratum", "--by", "Ada", "--place", "before", "--text", said)
    same(filed_home, twin)


def test_candidates_of_one_sampling_lead_to_each_other(home: Home) -> None:
    asked(home)
    with desked(home) as desk:
        page = desk.ask("essays").text
        assert page.count("a choice among 3") == 3
        shown = desk.ask("essays/E2026-0002").text
        assert "3 texts came of 3 that were asked for" in shown
        assert "essays/E2026-0003" in shown
        assert "<b>E2026-0002</b>, this one" in shown


def test_a_withdrawn_essay_has_a_page_without_its_text(filed_home: Home) -> None:
    Programs(filed_home).publisher("withdraw", "nothing-rhymes-with-sixty", "--reason", "model-request")
    with desked(filed_home) as desk:
        shown = desk.ask("essays/nothing-rhymes-with-sixty").text
        assert "<strong>withdrawn</strong>" in shown
        assert desk.ask("essays").status == 200


def test_without_a_newsletter_a_text_is_shown_alone_and_one_that_is_gone_is_said_to_be(
    filed_home: Home,
) -> None:
    settings = filed_home.root / "archive.toml"
    settings.write_text(settings.read_text().partition("\n[newsletter]")[0])
    text = filed_home.root / f"essays/2026-11-02-{TRAIN}/essay.md"
    with desked(filed_home) as desk:
        shown = desk.ask(f"essays/{TRAIN}/text/page").text
        assert article(text.read_text()) in shown
        assert "by nobody yet" not in shown
        text.unlink()
        page = desk.ask(f"essays/{TRAIN}?read=yes").text
        assert "was logged at intake and is missing" in page
        assert "/text/page" not in page
        assert f"essays/{TRAIN}" in desk.ask("essays").text
