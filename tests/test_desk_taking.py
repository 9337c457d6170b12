"""Taking in on the desk: what is dropped waits, is looked at, filled in and filed as the command line files it."""

import json
import os
import re
import shutil
import zipfile
from collections.abc import Iterator, Mapping
from html import unescape
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlencode

import pytest
from playwright.sync_api import expect

from archive.home.home import Home
from tests.conftest import Clock
from tests.desked import Answer, Desked, desked, opened, record
from tests.filed_home import HERON
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
EXPORT = json.dumps(
    [
        {
            "conversation_id": title,
            "title": title,
            "current_node": "m",
            "mapping": {
                "m": {
                    "id": "m",
                    "parent": None,
                    "children": [],
                    "message": {
                        "id": "m",
                        "author": {"role": "assistant"},
                        "content": {"content_type": "text", "parts": [f"It is {title}."]},
                    },
                }
            },
        }
        for title in ("dear diary", "evening")
    ]
).encode()
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


def test_files_may_be_dropped_anywhere_on_the_page(desk: Desked, browser: "Browser") -> None:
    with opened(desk, browser, "taking-in") as page:
        files = page.evaluate_handle(
            """() => {
              const carried = new DataTransfer();
              for (const name of ["one.txt", "two.txt"]) carried.items.add(new File(["User: Why?\\nModel: So."], name));
              return carried;
            }"""
        )
        page.get_by_role("heading", level=1).dispatch_event("drop", {"dataTransfer": files})
        expect(page.get_by_role("link", name="one.txt")).to_be_visible()
        expect(page.get_by_role("link", name="two.txt")).to_be_visible()


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
    assert send(desk, place, sent).status == 200
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
    more = {"title": "Twice", "access": "embargo 2027-01-01", "licence": "CC-BY-4.0", "date": "2026-10-30"}
    sent = fields(form) | more | {"model": "example-heron-1", "c.method.value": "survey"}
    answer = send(desk, "taking-in/waiting/all", sent)
    assert answer.text.count("transcripts/example-heron-1/2026-10-30-") >= 2
    (tmp_path / "answers.toml").write_text('format = 1\n[context_bias]\nmethod = "survey"\n')
    more |= {"model": "example-heron-1", "context": str(tmp_path / "answers.toml")}
    options = [word for name, value in more.items() for word in (f"--{name}", value)]
    filed_by_hand(twin, tmp_path, {"one.jsonl": SEVERAL, "two.jsonl": SEVERAL.replace(b"B.", b"E.")}, *options)
    assert record(filed_home) == record(twin)
    assert desk.ask("taking-in/waiting/all").status == 404
    assert send(desk, "taking-in/waiting/all/rehearse", {}).status == 204  # asked before it was filed, answered after


def send(desk: Desked, place: str, sent: Mapping[str, str | list[str]]) -> Answer:
    """As htmx does."""
    kind = {"Content-Type": "application/x-www-form-urlencoded"}
    return desk.ask(place, method="POST", data=urlencode(sent, doseq=True).encode(), headers=kind, partial=True)


def fields(form: str) -> dict[str, str | list[str]]:
    """What a browser would send of a form of which nothing was touched."""
    found = dict(re.findall(r'<input type="(?:hidden|text|date)"[^>]* name="([^"]+)" value="([^"]*)"', form))
    for name, text in re.findall(r'<textarea name="([^"]+)"[^>]*>(.*?)</textarea>', form, re.DOTALL):
        found[name] = text.removeprefix("\n")
    for name, options in re.findall(r'<select[^>]* name="([^"]+)"[^>]*>(.*?)</select>', form, re.DOTALL):
        chosen = re.search(r'<option(?: value="([^"]*)")? selected>([^<]*)', options)
        found[name] = (chosen[2] if chosen[1] is None else chosen[1]) if chosen else ""
    said: dict[str, str | list[str]] = {name: unescape(value) for name, value in found.items()}
    speakers = re.findall(r'name="speaker" value="([^"]*)"', form)
    return said | ({"speaker": speakers} if speakers else {})


def test_of_an_export_only_what_is_picked_comes_into_the_archive(
    desk: Desked, browser: "Browser", filed_home: Home, twin: Home, tmp_path: Path
) -> None:
    drop(desk, "conversations.json", EXPORT)
    with opened(desk, browser, "taking-in/waiting/all") as page:
        expect(page.locator("#seen")).to_contain_text("pick below which conversations")
        page.get_by_label("Model", exact=True).fill("example-heron-1")
        page.get_by_role("button", name="File it").click()
        expect(page.locator("#parts .wrong")).to_contain_text("pick the conversations")
        page.get_by_label("Find").fill("evening")
        page.get_by_role("button", name="Pick all that are shown").click()
        expect(page.locator("#seen")).to_contain_text("-evening")
        page.get_by_role("button", name="File it").click()
        expect(page.get_by_role("heading", name="Filed")).to_be_focused()
    filed_by_hand(twin, tmp_path, {"conversations.json": EXPORT}, "--model", "example-heron-1", "--only", "2")
    assert record(filed_home) == record(twin)
    assert b"dear diary" not in b"".join(record(filed_home).values())
    assert "conversations.json" in desk.ask("taking-in").text  # the others wait


# What is wrong stands where it was typed, and nothing is lost.


def test_what_is_wrong_is_said_at_its_field_and_nothing_is_filed(desk: Desked, filed_home: Home) -> None:
    place = drop(desk, "talk.txt", TALK)
    size = filed_home.register.size
    wrong = {
        "model": "no model",
        "kind": "chat",
        "date": "yesterday",
        "slug": "Not A Slug",
        "access": "everybody",
        "protocol": "nothing@7",
        "c.method.words": "by mail",
        "c.note_date.words": "today",
    }
    answer = desk.ask(place, fields(desk.ask(place).text) | wrong, partial=True)
    assert answer.status == 422
    for name in ("model", "kind", "date", "slug", "protocol", "access"):
        assert f'id="f-{name}-wrong"' in answer.text, name
    assert "expected a date like 2026-11-22" in answer.text
    assert re.search(r'id="c-method-wrong">expected automated_single_turn, .*?found &#34;by mail&#34;', answer.text)
    assert ">\nby mail</textarea>" in answer.text  # what was typed is still there
    assert filed_home.reopened().register.size == size
    assert len(list((filed_home.root / ".archive/desk/inbox").glob("*/talk.txt"))) == 1


def test_a_model_nobody_knows_is_made_known_on_the_way(desk: Desked, browser: "Browser", filed_home: Home) -> None:
    drop(desk, "a.request.json", REQUEST.replace(b"example-heron-1", b"example-wren/2"))
    drop(desk, "a.response.json", RESPONSE.replace(b"example-heron-1", b"example-wren/2"))
    with opened(desk, browser, "taking-in/waiting/all") as page:
        page.get_by_label("specific context: in words").fill("On a train.")
        page.wait_for_selector("form[data-kept]")
        page.get_by_role("link", name="Make example-wren/2 known").click()
        page.get_by_label("Maker").fill("Example Labs")
        page.get_by_role("button", name="File it").click()
        expect(page.get_by_role("heading", level=1)).to_contain_text("Take in")
        expect(page.get_by_label("specific context: in words")).to_have_value("On a train.")
        expect(page.locator("#seen")).to_contain_text("transcripts/example-wren%2F2/2026-11-30-a")
        page.get_by_role("button", name="File it").click()
        expect(page.get_by_role("heading", name="Filed")).to_be_focused()
    (made,) = (filed_home.root / "transcripts/example-wren%2F2").glob("*-a/deposit.toml")
    assert 'specific_context = "On a train."' in made.read_text()


def test_what_was_dropped_and_typed_outlives_a_reload_and_the_desk(filed_home: Home, browser: "Browser") -> None:
    with desked(filed_home) as first:
        place = drop(first, "talk.txt", TALK)
        with opened(first, browser, place) as page:
            page.get_by_label("specific context: in words").fill("half a th")
            page.wait_for_selector("form[data-kept]")
            page.reload()
            expect(page.get_by_label("specific context: in words")).to_have_value("half a th")
            expect(page.get_by_text("recorded: 1 of")).to_be_visible()
    with desked(filed_home) as second, opened(second, browser, place) as page:
        page.get_by_role("button", name="Take it up").click()
        expect(page.get_by_label("specific context: in words")).to_have_value("half a th")
        expect(page.locator("#seen")).to_contain_text("3 turns")


def test_what_waits_is_never_swept_away_and_goes_when_it_is_put_away(filed_home: Home) -> None:
    with desked(filed_home) as desk:
        place = drop(desk, "talk.txt", TALK)
        assert drop(desk, "talk.txt", TALK) == place  # the same once more
    (there,) = (filed_home.root / ".archive/desk/inbox").glob("*/talk.txt")
    os.utime(there, (1, 1))
    with desked(filed_home) as desk:
        assert "talk.txt" in desk.ask("taking-in").text
        assert "1 log to be filed" in desk.ask().text
        assert Programs(filed_home).archive("check").exit_code == 0
        assert desk.ask(f"{place}/away", {}).status == 303
        assert desk.ask(place).status == 404
        assert not there.exists()


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ("a%2Fb%2F..%2Ftalk.txt", "talk.txt"),
        ("..%5C..%5Ctalk.txt", "talk.txt"),
        ("%3Cimg%20src=x%20onerror=alert(1)%3E.txt", "<img src=x onerror=alert(1)>.txt"),
        ("a%E2%80%AEtxt.exe", "a\u202etxt.exe"),
    ],
)
def test_a_file_keeps_its_name_and_no_name_leads_anywhere(filed_home: Home, desk: Desked, sent: str, kept: str) -> None:
    place = drop(desk, sent, TALK)
    (there,) = (filed_home.root / ".archive/desk/inbox").glob("*/*")
    assert there.name == kept
    for page in ("taking-in", place, f"{place}/row"):
        text = desk.ask(page).text
        assert "<img" not in text
        assert "\u202e" not in text


@pytest.mark.parametrize("name", ["..", "%2E", "%00", "x" * 300, ""])
def test_what_can_be_no_file_is_refused(desk: Desked, name: str) -> None:
    assert desk.ask(f"taking-in/files/{name}", data=TALK).status in (404, 422)
    assert "Not filed yet" not in desk.ask("taking-in").text


def test_what_is_no_log_says_so_at_once_and_what_was_typed_stays(desk: Desked, filed_home: Home) -> None:
    place = drop(desk, "picture.png", b"\x89PNG\r\n\x1a\n" + bytes(100))
    assert "looks like a PNG picture" in desk.ask(f"{place}/row").text
    sent = fields(desk.ask(place).text) | {"model": "example-heron-1", "c.limitations.words": "A picture."}
    refused = send(desk, place, sent)
    assert refused.status == 422
    assert ">\nA picture.</textarea>" in refused.text
    assert "looks like a PNG picture" in refused.text
    assert str(filed_home.root) not in refused.text  # it is called as it came


def test_the_same_bytes_are_not_filed_twice_unless_that_is_asked_for(desk: Desked, filed_home: Home) -> None:
    found = []
    for again in ("", "", "yes"):
        place = drop(desk, "talk.txt", TALK)
        sent = fields(desk.ask(place).text) | {"model": "example-heron-1", "again": again}
        done = send(desk, place, sent)
        assert done.status == 200
        found.append(("Filed already" in done.text, len(list(talks(filed_home)))))
    assert found == [(False, 1), (True, 1), (False, 2)]


def talks(home: Home) -> Iterator[Path]:
    return home.root.glob("transcripts/example-heron-1/2026-11-30-talk*")


def test_what_is_large_is_filed_while_its_page_says_how_far_it_is(
    desk: Desked, browser: "Browser", filed_home: Home
) -> None:
    said = b"".join(b"User: What then, %d?\n\nModel: %s\n\n" % (n, b"All of it. " * 400) for n in range(600))
    drop(desk, "long.md", said)
    with opened(desk, browser, "taking-in/waiting/all") as page:
        page.get_by_label("Model", exact=True).fill("example-heron-1")
        page.get_by_label("specific context: in words").fill("On a train.")
        page.get_by_role("button", name="File it").click()
        expect(page.get_by_role("heading", name="Filed")).to_be_visible(timeout=20_000)
    (made,) = (filed_home.root / "transcripts/example-heron-1").glob("*-long/deposit.toml")
    assert 'specific_context = "On a train."' in made.read_text()
    assert "Not filed yet" not in desk.ask("taking-in").text


# The same form over what was filed.


def test_a_record_is_amended_by_mouse_as_the_command_amends_it(
    desk: Desked, browser: "Browser", filed_home: Home, twin: Home
) -> None:
    with opened(desk, browser, "taking-in/2026-0001") as page:
        page.get_by_label("Title").fill('Two "settings"')
        page.get_by_label("Date of the first").fill("2026-10-15")
        page.get_by_label("evidential weight: of the list").select_option("moderate_qualitative")
        page.get_by_label("evidential weight: in words").fill("two answers\nand no more")
        page.get_by_role("button", name="Save and file again").click()
        expect(page.get_by_role("heading", name="Filed again")).to_be_focused()
        expect(page.locator("#taking")).to_contain_text("changed deposit.toml")
    amended(
        twin,
        'title=Two "settings"',
        "date=2026-10-15",
        "context_bias.evidential_weight=moderate_qualitative: two answers\nand no more",
    )
    assert record(filed_home) == record(twin)
    assert Programs(filed_home).archive("check").exit_code == 0


def test_what_one_interview_says_otherwise_is_amended_by_keyboard_alone(
    desk: Desked, browser: "Browser", filed_home: Home, twin: Home
) -> None:
    with opened(desk, browser, "taking-in/2026-0001/1") as page:
        page.keyboard.press("o")
        expect(page.get_by_label("Title")).to_be_focused()
        page.keyboard.type("The first")
        leave(page)
        page.keyboard.press("n")
        expect(page.get_by_label("specific context: in words")).to_be_focused()
        page.keyboard.type("On a train.")
        leave(page)
        page.keyboard.press("f")
        expect(page.get_by_role("heading", name="Filed again")).to_be_focused()
    amended(twin, "interview.1.title=The first", "interview.1.context_bias.specific_context=On a train.")
    assert record(filed_home) == record(twin)
    # … and taken back again
    sent = fields(desk.ask("taking-in/2026-0001/1").text) | {"title": "", "c.specific_context.words": ""}
    assert send(desk, "taking-in/2026-0001/1", sent).status == 200
    amended(twin, "--without", "interview.1.title", "--without", "interview.1.context_bias.specific_context")
    assert record(filed_home) == record(twin)


def amended(home: Home, *values: str) -> None:
    done = Programs(home).archive("amend", home.root / HERON / "deposit.toml", *values, "--file")
    assert done.exit_code == 0, done.output


def test_a_record_that_was_changed_meanwhile_is_shown_and_never_written_over(
    desk: Desked, browser: "Browser", filed_home: Home
) -> None:
    file = filed_home.root / HERON / "deposit.toml"
    with opened(desk, browser, "taking-in/2026-0001") as page:
        page.get_by_label("Title").fill("Mine")
        theirs = file.read_text().replace('title = "Retirement interview"', 'title = "Theirs"')
        file.write_text(theirs)
        expect(page.locator(".changed")).to_contain_text('title = "Theirs"')
        page.get_by_role("button", name="Save and file again").click()
        expect(page.locator("#problems")).to_contain_text("was changed on disk while this form was open")
        expect(page.get_by_label("Title")).to_have_value("Mine")
    assert file.read_text() == theirs


def test_a_record_with_something_wrong_says_so_at_its_field_and_stays_as_it_was(desk: Desked, filed_home: Home) -> None:
    before = record(filed_home)
    form = fields(desk.ask("taking-in/2026-0001").text)
    wrong = form | {"model": "", "access": "everybody", "date": "soon", "c.ended_by.value": "", "c.ended_by.words": "x"}
    answer = send(desk, "taking-in/2026-0001", wrong)
    assert answer.status == 422
    for name in ("model", "access", "date"):
        assert f'id="f-{name}-wrong"' in answer.text, name
    assert 'id="c-ended_by-wrong"' in answer.text
    assert record(filed_home) == before
    assert "Nothing was changed" in send(desk, "taking-in/2026-0001", form).text
    assert record(filed_home) == before


def test_the_answers_of_another_deposit_are_taken_over_where_there_are_none(desk: Desked, browser: "Browser") -> None:
    drop(desk, "talk.txt", TALK)
    with opened(desk, browser, "taking-in/waiting/all") as page:
        page.get_by_label("specific context: in words").fill("On a train.")
        page.get_by_text("Take over the answers of a deposit").click()
        page.get_by_role("button", name="2026-0001").click()
        expect(page.get_by_label("specific context: in words")).to_have_value("On a train.")
        expect(page.get_by_label("interviewer: in words", exact=True)).to_have_value(re.compile("Ines"))
        expect(page.locator("#c-interviewer")).to_contain_text("from 2026-0001")
        expect(page.get_by_text("recorded: 47 of 47")).to_be_visible()


def test_a_folder_waits_as_one_thing_and_is_filed_as_the_command_files_it(
    desk: Desked, browser: "Browser", filed_home: Home, twin: Home, tmp_path: Path
) -> None:
    own = tmp_path / "a-folder"
    (own / "first").mkdir(parents=True)
    (own / "first/request.json").write_bytes(REQUEST)
    (own / "first/response.json").write_bytes(RESPONSE)
    (own / "talk.md").write_bytes(b"User: Why?\n\nModel: So that it is known.\n")
    (own / ".DS_Store").write_bytes(b"x")
    with opened(desk, browser, "taking-in") as page:
        page.get_by_label("Or a whole folder").set_input_files(own)
        expect(page.get_by_role("heading", level=1)).to_have_text("Take in a-folder")
        page.get_by_label("Model", exact=True).fill("example-heron-1")
        page.keyboard.press("Tab")
        expect(page.locator("#seen")).to_contain_text("2026-11-30-first")
        expect(page.locator("#seen")).to_contain_text("2026-11-30-talk")
        page.get_by_role("button", name="File it").click()
        expect(page.get_by_role("heading", name="Filed")).to_be_focused()
    done = Programs(twin).archive("file", own, "--model", "example-heron-1")
    assert done.exit_code == 0, done.output
    assert record(filed_home) == record(twin)


def test_a_prepared_folder_is_asked_nothing_that_it_says_already(desk: Desked) -> None:
    token = "0" * 32
    record = Path(__file__).parents[1] / "transcripts/example-juniper-2/2026-11-05-question-first/deposit.toml"
    said = record.read_bytes().replace(b'title = "', b'title = "Mine: ')
    for name, data in (
        ("deposit.toml", said),
        ("received.txt", TALK.replace(b"Ines", b"User").replace(b"Heron", b"Model")),
    ):
        assert desk.ask(f"taking-in/folders/{token}/mine/{name}", data=data).status == 204
    place = desk.ask(f"taking-in/folders/{token}", {}).text
    form = desk.ask(place).text
    assert "text · 1 interview · 3 turns" in form
    assert "What may have shaped the answers" not in form
    assert "Filed" in send(desk, place, fields(form)).text
    assert "Mine: " in desk.ask("taking-in").text


@pytest.mark.parametrize("name", ["mine", "../mine", "mine/../../x", "/mine", "a/%2E%2E/b"])
def test_no_file_of_a_folder_leads_out_of_it(desk: Desked, filed_home: Home, name: str) -> None:
    desk.ask(f"taking-in/folders/{'0' * 32}/{name}", data=b"x")
    assert desk.ask(f"taking-in/folders/{'0' * 32}", {}).status in (200, 422)
    assert not [p for p in filed_home.root.rglob("*") if p.name in ("mine", "x", "b") and "inbox" not in p.parts]


def test_codings_of_another_program_become_notes_as_the_command_files_them(
    desk: Desked, filed_home: Home, twin: Home, tmp_path: Path
) -> None:
    assert Programs(filed_home).archive("export", tmp_path / "coding", "--as", "refi-qda").exit_code == 0
    (project,) = (tmp_path / "coding").glob("*.qdpx")
    recoded = tmp_path / "recoded.qdpx"
    with zipfile.ZipFile(project) as before, zipfile.ZipFile(recoded, "w") as after:
        for name in before.namelist():
            data = before.read(name)
            after.writestr(name, data.replace(b'name="wren"', b'name="eve"') if name == "project.qde" else data)
    place = drop(desk, "recoded.qdpx", recoded.read_bytes())
    assert "which become notes" in desk.ask(f"{place}/row").text
    form = desk.ask(place).text
    assert "What may have shaped the answers" not in form
    assert send(desk, place, fields(form)).status == 200
    assert Programs(twin).archive("file", recoded).exit_code == 0
    assert record(filed_home) == record(twin)
    assert (filed_home.root / HERON / "notes/eve.toml").is_file()
    assert desk.ask(place).status == 404
