"""Nothing typed is lost, nothing filed is overwritten: reloads, crashes, editors, two desks and a terminal at once."""

import http.client
import json
import os
import pty
import select
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlencode, urlsplit

import pytest
from playwright.sync_api import Browser, Page, expect

from archive.home.home import Home
from archive.records.edited import changed
from tests.desked import Desked, desked, opened
from tests.files import tree
from tests.programs import Programs

TRAIN = "neither-of-us-is-the-train"
"""An essay that waits for its reviewer, whose making is a form over a file."""
RECORD = "essays/2026-11-02-neither-of-us-is-the-train/essay.toml"
FORM = "#making-form"
NOTED, CODED = "essays/nothing-rhymes-with-sixty/note", "coding/2026-0002/1/note"
TYPED = ("note", "nothing-rhymes-with-sixty", "--by", "Eda")


@dataclass
class Process:
    """A desk in a process of its own, as people start it."""

    process: subprocess.Popen[str]
    address: str

    @property
    def port(self) -> int:
        return urlsplit(self.address).port or 0

    def kill(self) -> None:
        """As the power cut does it."""
        self.process.kill()
        self.process.wait()


@contextmanager
def started(home: Home, *options: str) -> Iterator[Process]:
    command = [
        sys.executable,
        "-m",
        "archive",
        "desk",
        "--home",
        str(home.root),
        "--no-open",
        "--coder",
        "ann",
        *options,
    ]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    assert process.stdout
    address = process.stdout.readline().strip()
    assert address.startswith("http://127.0.0.1:"), process.communicate()
    try:
        yield Process(process, address)
    finally:
        process.kill()
        process.communicate()


def entered(desk: Process, page: Page, place: str) -> None:
    """Comes in by the first address, and goes to a page."""
    page.goto(desk.address)
    page.wait_for_url(lambda url: url.startswith(f"http://127.0.0.1:{desk.port}/") and url != desk.address)
    page.goto(page.url + place)
    ready(page)


def ready(page: Page) -> None:
    """Waits until the form knows what was begun, and unfolds it."""
    page.wait_for_selector(f"{FORM}[data-ready]", state="attached")
    if not page.locator(FORM).is_visible():
        page.locator("details.correct > summary").click()


def kept(page: Page) -> None:
    """Waits until what was typed is kept."""
    page.wait_for_selector(f"{FORM}[data-kept]")


# One person: reloads, crashes, an editor beside the desk.


def test_what_was_typed_outlives_a_reload_and_a_desk_that_was_killed_and_is_filed_as_it_was_typed(
    filed_home: Home, browser: Browser
) -> None:
    context = browser.new_context()
    page = context.new_page()
    large = "many words " * 8000 + "and an end"  # more than a browser sends for a page that is left
    with started(filed_home) as desk:
        entered(desk, page, f"essays/{TRAIN}")
        page.get_by_label("Title", exact=True).fill("Begun")
        page.get_by_label("Sampling").fill(large)
        kept(page)
        page.reload()
        ready(page)
        expect(page.get_by_label("Title", exact=True)).to_have_value("Begun")
        expect(page.locator(f"{FORM} .begun")).to_contain_text("As you left it")
        page.get_by_label("Title", exact=True).fill("Begun, and gone on with")
        kept(page)
        desk.kill()
    before = (filed_home.root / RECORD).read_text()
    with started(filed_home) as again:
        entered(again, page, f"essays/{TRAIN}")
        expect(page.get_by_label("Title", exact=True)).to_have_value("Neither of Us Is the Train")
        page.get_by_role("button", name="Take it up").click()
        expect(page.get_by_label("Title", exact=True)).to_have_value("Begun, and gone on with")
        page.get_by_role("button", name="Save how it was made").click()
        page.wait_for_url("**/*saved=*")
    values = {("title",): "Begun, and gone on with", ("sampling",): large}
    assert (filed_home.root / RECORD).read_text() == changed(before, values, RECORD)
    assert [*(filed_home.root / ".archive/desk/forms").rglob("*.json")] == []
    context.close()


def test_a_tab_that_was_duplicated_writes_over_nothing_and_is_offered_what_stands_in_the_other(
    filed_home: Home, browser: Browser
) -> None:
    with desked(filed_home) as desk, opened(desk, browser, f"essays/{TRAIN}") as page:
        ready(page)
        page.get_by_label("Title", exact=True).fill("In the one")
        kept(page)
        with page.expect_popup() as popup:
            page.evaluate("void window.open(location.href)")  # as a browser does: with a copy of what the tab stores
        other = popup.value
        ready(other)
        assert other.evaluate("sessionStorage.tab") != page.evaluate("sessionStorage.tab")
        expect(other.get_by_label("Title", exact=True)).not_to_have_value("In the one")
        expect(other.locator(f"{FORM} .begun")).to_contain_text("Take it up")
        other.get_by_label("Title", exact=True).fill("In the other")
        kept(other)
        for each, title in ((page, "In the one"), (other, "In the other")):
            each.reload()
            ready(each)
            expect(each.get_by_label("Title", exact=True)).to_have_value(title)


def test_a_file_that_was_changed_under_an_open_form_is_shown_and_both_changes_come_to_stand_in_it(
    filed_home: Home, browser: Browser, programs: Programs
) -> None:
    with desked(filed_home) as desk, opened(desk, browser, f"essays/{TRAIN}") as page:
        ready(page)
        page.get_by_label("Title", exact=True).fill("By the desk")
        kept(page)
        amended = Programs(filed_home).archive("amend", str(filed_home.root / RECORD), "sampling=by the terminal")
        assert amended.exit_code == 0, amended.output
        now = (filed_home.root / RECORD).read_bytes()

        page.get_by_role("button", name="Save how it was made").click()
        expect(page.locator("#problems")).to_contain_text("was changed on disk while this form was open")
        assert (filed_home.root / RECORD).read_bytes() == now
        shown = page.locator(f"{FORM} .changed")
        expect(shown.locator("ins").filter(has_text="by the terminal")).to_be_visible()
        expect(shown.locator("del").filter(has_text="temperature 0.7")).to_be_visible()

        page.get_by_role("button", name="Take the file as it is now, and what I typed").click()
        expect(page.get_by_label("Sampling")).to_have_value("by the terminal")
        expect(page.get_by_label("Title", exact=True)).to_have_value("By the desk")
        expect(page.locator(f"{FORM} .changed")).to_have_count(0)
        page.get_by_role("button", name="Save how it was made").click()
        page.wait_for_url("**/*saved=*")
    assert (filed_home.root / RECORD).read_text() == changed(now.decode(), {("title",): "By the desk"}, RECORD)


def test_an_answer_that_is_wrong_is_kept_as_it_was_sent(filed_home: Home, browser: Browser) -> None:
    with desked(filed_home) as desk, opened(desk, browser, f"essays/{TRAIN}") as page:
        ready(page)
        page.get_by_label("Candidates").fill("a few")
        page.keyboard.press("Enter")  # sooner than it would be kept
        page.wait_for_selector("[aria-invalid=true]")
        page.reload()
        ready(page)
        expect(page.get_by_label("Candidates")).to_have_value("a few")


def making(home: Home, **values: str) -> dict[str, str]:
    """What the form says where only these were changed."""
    import tomllib

    said = tomllib.loads((home.root / RECORD).read_text())
    fields = {key: str(value) for key, value in said.items() if key != "context"}
    return {**fields, "context": said["context"][0], "_form": "killed", "_tab": "a1", **values}


def passed(desk: Process) -> tuple[http.client.HTTPConnection, str, dict[str, str]]:
    """A connection of a browser that was given its pass; where the desk is; what is sent with each request."""
    link = http.client.HTTPConnection("127.0.0.1", desk.port, timeout=20)
    link.request("GET", urlsplit(desk.address).path)
    got = link.getresponse()
    cookie, page = got.headers["set-cookie"].partition(";")[0], got.read().decode()
    headers = {"Cookie": cookie, "Origin": f"http://127.0.0.1:{desk.port}", "HX-Request": "true"}
    return link, page.partition("url=")[2].partition('"')[0], headers


def caught(place: Path, before: bytes, link: http.client.HTTPConnection) -> bool:
    """Whether something new was seen there before there was an answer."""
    while not select.select([link.sock], [], [], 0)[0]:
        try:
            if place.read_bytes() != before:
                return True
        except IsADirectoryError:
            return True
        except FileNotFoundError:
            continue
    return False


@pytest.mark.parametrize("seen", ["pending", "pending/plan.json", "register/checkpoint"])
def test_a_desk_that_is_killed_while_it_files_has_filed_whole_or_not_at_all(filed_home: Home, seen: str) -> None:
    """As soon as a change is seen on disk: when it is staged, when there is a plan, when it is logged."""
    hidden, size = filed_home.root / ".archive", filed_home.reopened().register.size
    said = 0
    with started(filed_home) as desk:
        link, at, headers = passed(desk)
        while True:
            said += 1
            before = (hidden / "register/checkpoint").read_bytes()
            form = {"turn": "2", "text": f"In a hurry, {said}.", "_form": "k", "_tab": "a1"}
            link.request("POST", f"{at}forms/keep", urlencode(form), headers)
            assert link.getresponse().read() == b""
            link.request("POST", at + CODED, urlencode(form), headers)
            if caught(hidden / seen, before, link):
                break
            assert link.getresponse().read()  # it was too fast for us
        desk.kill()
        link.close()
    programs = Programs(filed_home)
    assert programs.archive("list").exit_code == 0  # finishes it, or forgets it
    notes = b"".join(data for name, data in tree(filed_home.root).items() if name.endswith("notes/ann.toml"))
    noted = notes.count(b"In a hurry, ")
    assert filed_home.reopened().register.size - size == noted
    assert noted in (said - 1, said)
    assert noted == said or [*(hidden / "desk/forms").rglob("*.json")]
    assert json.loads(programs.archive("check", "--json").output)["problems"] == []


# Several at once.


Told = Callable[[str], bool]
"""Says something, in a place of its own; whether that was done."""


def by_desk(desk: Desked, address: str, /, **fields: str) -> Told:
    return lambda text: desk.ask(address, {"text": text, **fields}, partial=True).status < 400


def by_terminal(home: Home, program: str, *command: str) -> Told:
    def told(text: str) -> bool:
        run = [sys.executable, "-m", program, *command, "--text", text, "--home", str(home.root)]
        return subprocess.run(run, capture_output=True, check=False).returncode == 0

    return told


def test_two_desks_and_a_terminal_lose_nothing_and_do_nothing_twice(filed_home: Home) -> None:
    """All write at once: beside one essay, into the notes of one coder, and again and again into one file."""
    each, said, titles = 3, dict[str, bool](), list[tuple[str, int]]()

    def says(who: str, told: Told) -> None:
        for number in range(each):
            said[f"{who} {number}."] = told(f"{who} {number}.")

    def amends(desk: Desked) -> None:
        """In the belief that the file is as its page showed it."""
        for number in range(each):
            base = desk.ask(f"essays/{TRAIN}").text.partition('name="_base" value="')[2].partition('"')[0]
            title = f"{desk.server.desk.port} {number}"
            form = making(filed_home, title=title, _base=base)
            titles.append((title, desk.ask(f"essays/{TRAIN}/making", form, partial=True).status))

    with desked(filed_home) as one, desked(filed_home) as two, ThreadPoolExecutor(8) as pool:
        beside = {"kind": "note", "by": "Eda", "place": "after"}
        note = ("new", "note", "2026-0002/1#3", "--coder", "ann", "--file")
        jobs = [
            pool.submit(says, "One beside", by_desk(one, NOTED, **beside)),
            pool.submit(says, "Two beside", by_desk(two, NOTED, **beside)),
            pool.submit(says, "Typed", by_terminal(filed_home, "publisher", *TYPED)),
            pool.submit(says, "One coded", by_desk(one, CODED, turn="2")),
            pool.submit(says, "Two coded", by_desk(two, CODED, turn="2")),
            pool.submit(says, "Typed code", by_terminal(filed_home, "archive", *note)),
            pool.submit(amends, one),
            pool.submit(amends, two),
        ]
        for job in jobs:
            job.result()
    written = "\n".join(data.decode() for name, data in tree(filed_home.root).items() if name.endswith(".toml"))
    assert {text: done for text, done in said.items() if not done} == {}
    assert {text: written.count(text) for text in said if written.count(text) != 1} == {}
    assert {status for _, status in titles} <= {204, 409}
    assert making(filed_home)["title"] in [title for title, status in titles if status == 204]
    programs = Programs(filed_home)
    checked = json.loads(programs.archive("check", "--deep", "--json").output)
    assert checked["problems"] == []


# The end.


@contextmanager
def slow(home: Home, doing: str) -> Iterator[subprocess.Popen[str]]:
    """A desk with a page open that has asked for something that takes a minute."""
    command = [sys.executable, "-m", "tests.desk_slow", str(home.root)]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    assert process.stdout
    address, at, shown = process.stdout.readline().split()
    port = urlsplit(address).port
    length = "Content-Length: 100\r\n" if doing == "upload" else ""
    method, place = ("POST", "forms/keep") if doing == "upload" else ("GET", doing)
    own = f"Host: 127.0.0.1:{port}\r\nOrigin: http://127.0.0.1:{port}\r\nCookie: pass={shown}\r\n{length}"
    with socket.create_connection(("127.0.0.1", port)) as link, socket.create_connection(("127.0.0.1", port)) as idle:
        idle.sendall(f"GET {at}state HTTP/1.1\r\n{own}\r\n".encode())
        assert b" 200 " in idle.recv(1000)
        link.sendall(f"{method} {at}{place} HTTP/1.1\r\n{own}\r\n".encode())
        time.sleep(0.2)
        yield process
    process.kill()
    process.communicate()


@pytest.mark.parametrize(
    ("number", "doing"),
    [(signal.SIGINT, "slow"), (signal.SIGINT, "job"), (signal.SIGTERM, "upload"), (signal.SIGHUP, "slow")],
    ids=lambda value: value.name if isinstance(value, signal.Signals) else value,
)
def test_it_ends_within_seconds_whatever_it_is_at_and_says_nothing_of_a_mistake(
    filed_home: Home, number: signal.Signals, doing: str
) -> None:
    with slow(filed_home, doing) as process:
        process.send_signal(number)
        _, said = process.communicate(timeout=8)
        assert "Traceback" not in said
        assert process.returncode == (0 if number == signal.SIGINT else -number)


def test_closing_the_terminal_ends_it(filed_home: Home) -> None:
    pid, terminal = pty.fork()
    if pid == 0:
        os.execv(sys.executable, [sys.executable, "-m", "archive", "desk", "--home", str(filed_home.root), "--no-open"])
    said = b""
    while b"Ctrl-C ends it" not in said:
        said += os.read(terminal, 1000)
    os.close(terminal)
    until = time.monotonic() + 8
    while os.waitpid(pid, os.WNOHANG) == (0, 0):
        assert time.monotonic() < until, os.kill(pid, signal.SIGKILL)
        time.sleep(0.05)
