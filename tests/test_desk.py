"""The frame of the desk: who gets in, what outlives a reload, what is said when a file changed; in a real browser."""

import json
import threading
import time
from collections.abc import Iterator
from dataclasses import replace

import pytest
from markupsafe import Markup
from playwright.sync_api import Browser, expect
from starlette.responses import Response

from archive.desk import server, start
from archive.desk.ask import Ask, Form, working
from archive.desk.door import cookies
from archive.desk.jobs import Job, Jobs
from archive.desk.section import Route
from archive.errors import Error
from archive.home import witnesses
from archive.home.home import Home
from tests.desked import Desked, desked, opened


@pytest.fixture(scope="module")
def desk(filed: Home) -> Iterator[Desked]:
    """A desk over the filed home: to be read."""
    with desked(filed) as desk:
        yield desk


# Who gets in.


def test_the_first_address_gives_the_browser_its_pass_and_leads_to_the_first_page(
    desk: Desked, browser: Browser
) -> None:
    with opened(desk, browser) as page:
        expect(page.get_by_role("heading", level=1)).to_be_visible()
        (cookie,) = page.context.cookies()
        assert (cookie["name"], cookie["path"]) == ("pass", desk.server.desk.at())
        assert cookie["httpOnly"]
        assert cookie["sameSite"] == "Strict"


@pytest.mark.parametrize(
    "host", ["evil.example", "evil.example:{port}", "127.0.0.1", "127.0.0.1:1", "[::1]:{port}", ""]
)
def test_who_asks_by_another_name_is_refused_with_the_right_pass_too(desk: Desked, host: str) -> None:
    answer = desk.ask(headers={"Host": host.format(port=desk.server.desk.port)})
    assert answer.status in (400, 403)
    assert b"waits" not in answer.body


@pytest.mark.parametrize(
    "origin", ["http://evil.example", "null", "http://127.0.0.1:1", "https://127.0.0.1:{port}", ""]
)
def test_what_changes_something_must_come_from_a_page_of_the_desk(desk: Desked, origin: str) -> None:
    origin = origin.format(port=desk.server.desk.port)
    assert desk.ask("forms/keep", {"_form": "x", "_tab": "a"}, headers={"Origin": origin}).status == 403


@pytest.mark.parametrize("site", ["cross-site", "same-site"])
def test_what_another_page_asks_for_is_refused(desk: Desked, site: str) -> None:
    assert desk.ask(headers={"Sec-Fetch-Site": site, "Sec-Fetch-Mode": "no-cors"}).status == 403
    assert desk.ask("forms/keep", {"_form": "x"}, headers={"Sec-Fetch-Site": site}).status == 403


def test_nothing_is_shown_without_the_pass(desk: Desked) -> None:
    for cookie in ("", "pass=", "pass=wrong", f"pass={desk.server.desk.token}"):
        for place in ("", "state", "static/desk/desk.js", "nowhere"):
            answer = desk.ask(place, headers={"Cookie": cookie})
            assert answer.status == 403
            assert "Open the whole address" in answer.text


def test_every_answer_says_that_no_script_but_ours_runs(desk: Desked) -> None:
    for place in ("", "nowhere", "static/desk/desk.js", "static/desk/none.js"):
        policy = desk.ask(place).headers["content-security-policy"]
        scripts = desk.at("static/")
        assert f"default-src 'none'; script-src {scripts};" in policy
        assert "unsafe" not in policy


# What was typed, what changed.


def test_what_stands_in_a_form_outlives_the_desk(filed_home: Home) -> None:
    with desked(filed_home) as first:
        assert first.ask("forms/keep", {"_form": "note:1", "_tab": "a1", "text": "half a th"}).status == 202
    with desked(filed_home) as second:
        (kept,) = json.loads(second.ask("forms?key=note%3A1").body)
        assert kept["fields"]["text"] == ["half a th"]
        assert second.ask("forms/forget", {"key": "note:1", "tab": "a1"}).status == 204
        assert json.loads(second.ask("forms?key=note%3A1").body) == []


@pytest.mark.parametrize(
    "name", ["../archive.toml", ".archive/keys/register.key", "/etc/passwd", "transcripts/../.archive/x"]
)
def test_only_files_that_people_edit_can_be_asked_about(desk: Desked, name: str) -> None:
    assert desk.ask(f"state?file={name}").status == 404
    assert desk.ask(f"difference?file={name}&base=0").status == 404


# Work that takes long.


def test_a_form_that_is_sent_twice_begins_with_its_work_once() -> None:
    begun: list[str] = []

    def work(job: Job) -> Markup:
        begun.append(job.id)
        return Markup("done")

    jobs = Jobs()
    first, second, other = (jobs.start("send", work, once) for once in ("a", "a", "b"))
    while jobs.running():
        pass
    assert first is second
    assert sorted(begun) == sorted([first.id, other.id])


def test_what_was_refused_may_be_tried_again_with_the_same_form() -> None:
    def refuse(job: Job) -> Markup:
        raise Error("no server answers")

    jobs = Jobs()
    first = jobs.start("send", refuse, "a")
    while jobs.running():
        pass
    second = jobs.start("send", lambda job: Markup("done"), "a")
    while jobs.running():
        pass
    assert (first.state, first.problems[0].found, second.state) == ("refused", "no server answers", "done")


def test_a_form_is_kept_until_its_job_has_done_its_work(filed_home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    go_on = threading.Event()

    def begin(ask: Ask) -> Response:
        def work(job: Job) -> Markup:
            go_on.wait(10)
            if ask.form["text"] == "wrong":
                raise Error("it is wrong")
            return Markup("done")

        return working(ask, ask.desk.start("something", work))

    own = replace(start.SECTION, routes=(*start.SECTION.routes, Route("POST", "begin", begin)))
    monkeypatch.setattr(server, "SECTIONS", (own,))
    with desked(filed_home) as desk:
        jobs = desk.server.desk.jobs
        for text, kept in (("right", []), ("wrong", ["wrong"])):
            go_on.clear()
            form = {"_form": "job", "_tab": "a1", "text": text}
            assert desk.ask("begin", form, partial=True).status == 200
            assert [each["fields"]["text"] for each in json.loads(desk.ask("forms?key=job").body)] == [[text]]
            go_on.set()
            while jobs.running():
                time.sleep(0.01)
            time.sleep(0.05)  # what comes after a job
            begun = json.loads(desk.ask("forms?key=job").body)
            assert [value for each in begun for value in each["fields"]["text"]] == kept


@pytest.mark.parametrize(
    ("name", "file"), [("Ann Lee", "ann-lee"), ("Zoë; Path=/", "zoe-path"), ('a"b\\c', "a-b-c"), ("1\r\nX: y", "1-x-y")]
)
def test_whoever_codes_may_be_called_as_they_are(desk: Desked, name: str, file: str) -> None:
    answer = desk.ask("coder", {"coder": name, "back": "interviews"})
    cookie = answer.headers["set-cookie"].partition(";")[0]
    ask = Ask(desk=desk.server.desk, path={}, query=Form({}), form=Form({}), cookies=cookies([f"pass=x; {cookie}"]))
    assert ask.coder == file
    assert answer.headers["location"] == desk.server.desk.at("interviews")


def test_a_name_that_no_file_can_be_called_by_is_told_and_not_asked_for_again_and_again(desk: Desked) -> None:
    for name in ("", "Жанна", "/"):
        answer = desk.ask("coder", {"coder": name, "back": ""}, partial=True)
        assert answer.status == 422
        assert "expected a name with letters from a to z" in answer.text


def test_witnesses_are_asked_where_something_was_logged_and_not_while_somebody_types(
    filed_home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[object] = []
    monkeypatch.setattr(witnesses, "told", lambda home: asked.append(home) or [])
    with desked(filed_home) as desk:
        desk.ask("forms/keep", {"_form": "x", "_tab": "a", "text": "typed"})
        assert asked == []
        noted = desk.ask("coding/2026-0002/1/note", {"turn": "2", "text": "Said."}, partial=True)
        assert noted.status == 200, noted.text
        assert len(asked) == 1


def test_a_file_that_misses_its_place_is_taken_where_the_page_has_one(filed_home: Home, browser: Browser) -> None:
    drop = """() => {
      const dataTransfer = new DataTransfer();
      dataTransfer.items.add(new File(['{"messages": []}'], "missed.json"));
      const missed = new DragEvent("drop", { dataTransfer, bubbles: true, cancelable: true });
      document.querySelector("h1").dispatchEvent(missed);
    }"""
    with desked(filed_home) as desk, opened(desk, browser, "taking-in") as page:
        page.evaluate(drop)
        expect(page.locator("main")).to_contain_text("missed.json")
