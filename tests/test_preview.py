"""Looking at the coming issue: in a real browser, while files are saved; the home stays as it is."""

import contextlib
import http.client
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.request import urlopen

import pytest
from playwright.sync_api import Browser, Page, expect

from archive.home.home import Home
from publisher.delivery.preview import watching
from publisher.delivery.preview.pages import Answer
from publisher.delivery.preview.preview import Preview
from publisher.delivery.preview.server import Server
from publisher.essays.editors import note
from publisher.essays.review import review
from publisher.essays.submit import submit
from publisher.issues.publish import publish
from publisher.week import Week
from tests.conftest import Clock, Programs, Reviewer
from tests.files import tree

ROOT = Path(__file__).parents[1]
TRAIN = "neither-of-us-is-the-train"
"""An essay of the filed home that nobody has decided about."""
WORDS = "Nobody has ever changed at Arden."


@contextlib.contextmanager
def previewed(home: Home, week: str = "", *slugs: str, port: int = 0) -> Iterator[Server]:
    """A preview that follows what is saved."""
    with Server(Preview(home, Week.parse(week) if week else None, slugs), port) as server:
        server.follow()
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server
        server.shutdown()


def got(server: Server, path: str = "") -> str:
    with urlopen(server.address + path) as answer:
        return str(answer.read().decode())


def soon(true: Callable[[], bool]) -> None:
    """Waits until something is so."""
    until = time.monotonic() + 20
    while not true():
        assert time.monotonic() < until
        time.sleep(0.05)


def text(answer: Answer) -> str:
    return answer.body.decode()


@pytest.fixture
def submitted(home: Home, write_essay: Callable[..., Path]) -> Path:
    """The folder of an essay that waits for a review."""
    return submit(home, write_essay()).submission.folder


def approve(home: Home, ada: Reviewer) -> None:
    review(home.reopened(), "on-commas", decision="publish", reviewer=ada.name, key=ada.key)


# What is shown.


def test_it_shows_byte_for_byte_what_publish_makes(home: Home, ada: Reviewer, submitted: Path) -> None:
    approve(home, ada)
    note(home.reopened(), "on-commas", "Set as it came.", kind="note", by="Ada", place="before")
    preview = Preview(home, None)
    assert "Can be published: <code>publisher publish 2026-W45</code>" in text(preview.answer(""))
    assert publish(home.reopened()).new
    made = {name for name in tree(home.site) if not name.startswith("register/") and not name.endswith("tlog-proof")}
    made -= {"SHA256SUMS"}
    assert {"style.css", "feed.atom", "essays/on-commas/index.html", "issues/2026-W45/issue.eml"} <= made
    for name in made:
        assert preview.answer(f"site/{name}").body == (home.site / name).read_bytes(), name


def test_what_nobody_has_reviewed_is_shown_and_said_to_be_in_the_way(home: Home, submitted: Path) -> None:
    preview = Preview(home, None)
    page = text(preview.answer(""))
    assert "Cannot be published:" in page
    assert "no essay is approved; there are: E2026-0001 on-commas (waiting)" in page
    shown = text(preview.answer("site/essays/on-commas/index.html"))
    assert "They <em>pause</em>." in shown
    assert "by nobody yet" in shown
    for address in ("mail.html", "mail.txt", "feed/E2026-0001.html"):
        assert "Reviewed by nobody yet" in text(preview.answer(address))
    assert preview.answer("site/verify/by-hand/index.html").status == 404


def test_what_went_out_is_shown_as_it_is(filed_home: Home, clock: Clock) -> None:
    preview = Preview(filed_home, Week.parse("2026-W48"))
    assert "Went out on 27 November 2026" in text(preview.answer(""))
    for name in tree(filed_home.site):
        assert preview.answer(f"site/{name}").body == (filed_home.site / name).read_bytes(), name
    assert "Nothing Rhymes with Sixty" in text(preview.answer("feed/E2026-0001.html"))
    assert preview.answer("site/../archive.toml").status == 404
    assert "2026-W49" in text(Preview(filed_home, None).answer(""))


def test_a_withdrawn_essay_has_its_page_and_no_other_view(filed_home: Home) -> None:
    Programs(filed_home).publisher("withdraw", "nothing-rhymes-with-sixty", "--reason", "model-request")
    preview = Preview(filed_home.reopened(), Week.parse("2026-W48"))
    page = text(preview.answer(""))
    assert "E2026-0001, withdrawn" in page
    assert "Mail" not in page
    assert "Feed entry" not in page
    assert "The model asked for it" in text(preview.answer("site/essays/nothing-rhymes-with-sixty/index.html"))


def test_of_several_essays_those_are_shown_that_are_named(home: Home, write_essay: Callable[..., Path]) -> None:
    for slug in ("first", "second", "third"):
        submit(home.reopened(), write_essay(slug, f"The {slug}.\n"))
    page = text(Preview(home.reopened(), None, ["third", "first"]).answer(""))
    assert 0 < page.index('id="essay-third"') < page.index('id="essay-first"')
    assert "essay-second" not in page


# What is in the way.


def test_a_record_that_cannot_be_read_is_shown_as_its_problem_and_the_others_as_pages(
    home: Home, submitted: Path, write_essay: Callable[..., Path]
) -> None:
    submit(home.reopened(), write_essay("other", "Another.\n"))
    (submitted / "essay.toml").write_text("format = 1\ntitel = 'x'\n")
    preview = Preview(home.reopened(), None, ["on-commas", "other"])
    page = text(preview.answer(""))
    assert "titel" in page
    assert "did you mean" in page
    assert "essay-on-commas" not in page
    assert "Another." in text(preview.answer("site/essays/other/index.html"))


@pytest.mark.parametrize(
    ("name", "data", "said"),
    [
        ("archive.toml", b"[archive]\nname = 'Ex", "archive.toml"),
        ("archive.toml", b"[archive]\nname = 'Example'\norigin = 'letters.example.org/register'\n", "[newsletter]"),
        ("allowed_signers", b"nobody at all\n", "allowed_signers"),
        ("essays/2026-11-02-on-commas/intake.sums", b"", "is not in the register"),
        ("essays/2026-11-02-on-commas/essay.md", b"\xff\xfe", "was changed after intake"),
        ("essays/2026-11-02-on-commas/essay.md", None, "was logged at intake and is missing"),
        ("essays/2026-11-02-on-commas/nonce", None, "was logged at intake and is missing"),
        ("essays/2026-11-02-on-commas/editors/1.toml", b"format = 1\n", "editors/1.toml"),
        (".archive/register/checkpoint", b"nothing\n", "checkpoint"),
    ],
)
def test_whatever_is_broken_is_named_and_once_it_is_mended_the_page_is_back(
    home: Home, submitted: Path, name: str, data: bytes | None, said: str
) -> None:
    path = home.root / name
    whole = path.read_bytes() if path.exists() else None
    preview = Preview(home.reopened(), None)
    path.parent.mkdir(exist_ok=True)
    path.unlink(missing_ok=True) if data is None else path.write_bytes(data)
    preview.look_again()
    assert said in text(preview.answer(""))
    path.unlink(missing_ok=True) if whole is None else path.write_bytes(whole)
    preview.look_again()
    assert "pause" in text(preview.answer("site/essays/on-commas/index.html"))


# In the browser.


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    page = browser.new_page(viewport={"width": 1280, "height": 800})
    page.set_default_timeout(20_000)
    yield page
    page.close()


def test_every_view_shows_the_essays_words_and_nothing_is_asked_of_anyone_else(filed_home: Home, page: Page) -> None:
    asked, said = set(), []
    page.on("request", lambda request: asked.add(request.url.split("/")[2]))
    page.on("console", lambda message: said.append(message.text))
    with previewed(filed_home) as server:
        page.goto(server.address)
        stage, seen = page.frame_locator("iframe"), set()
        for link in page.locator("#desk a[target=stage]").all():
            if not link.is_visible():
                continue
            link.click()
            name = str(link.get_attribute("id"))
            if name.endswith("-card"):
                soon(lambda: page.evaluate("frames.stage.document.images[0]?.naturalWidth") == 1200)
                continue
            words = WORDS if name.startswith(f"essay-{TRAIN}") or "mail" in name else "Neither of Us Is the Train"
            expect(stage.locator("body")).to_contain_text(words)
            expect(link).to_have_attribute("aria-current", "true")
            seen.add(name)
        essay = {f"essay-{TRAIN}-{view}" for view in ("page", "phone", "dark", "print", "feed-entry")}
        assert page.locator(f"#essay-{TRAIN}-card").count() == 1
        assert essay | {"issue-mail", "issue-mail-as-text", "front-page"} <= seen
        assert asked == {f"127.0.0.1:{server.server_port}"}
        assert said == []


def test_the_looks_are_those_that_readers_have(filed_home: Home, page: Page) -> None:
    light, dark, white = "rgb(252, 251, 248)", "rgb(24, 23, 21)", "rgb(255, 255, 255)"
    body, menu = (page.frame_locator("iframe").locator(part) for part in ("body", ".top nav"))

    def look(view: str, paper: str) -> None:
        page.click(f"#essay-{TRAIN}-{view}")
        expect(body).to_have_css("background-color", paper)

    with previewed(filed_home) as server:
        page.goto(server.address)
        look("page", light)
        look("dark", dark)
        look("print", white)
        expect(menu).to_have_css("display", "none")
        look("phone", light)
        soon(lambda: page.evaluate("frames.stage.document.documentElement.clientWidth") == 360)
        page.emulate_media(color_scheme="dark")
        look("page", dark)
        look("light", light)
        assert not page.is_visible(f"#essay-{TRAIN}-dark")


def test_the_page_follows_what_is_saved_and_stays_where_it_was_read(filed_home: Home, page: Page) -> None:
    (folder,) = filed_home.root.glob(f"essays/*{TRAIN}")
    record = folder / "essay.toml"
    whole = record.read_text()
    with previewed(filed_home) as server:
        page.goto(f"{server.address}#show=essay-{TRAIN}-phone")
        heading = page.frame_locator("iframe").locator("h1")
        expect(heading).to_have_text("Neither of Us Is the Train")
        page.evaluate("frames.stage.scrollTo(0, 500)")

        record.write_text(whole.replace("Neither of Us Is the Train", "Nor Am I"))
        expect(heading).to_have_text("Nor Am I")
        expect(page.locator(f"#essay-{TRAIN}")).to_have_text("Nor Am I")
        assert page.evaluate("frames.stage.scrollY") > 400
        assert page.get_attribute("main", "data-look") == "phone"

        record.write_text("format = 1\n")
        expect(page.locator(".empty")).to_be_visible()
        expect(page.locator("#desk")).to_contain_text("essay.toml title")
        record.write_text(whole)
        expect(heading).to_have_text("Neither of Us Is the Train")
        assert page.get_attribute("main", "data-look") == "phone"

        Programs(filed_home).publisher("note", TRAIN, "--text", "Set as it came.", "--place", "before")
        expect(page.frame_locator("iframe").locator(".note")).to_contain_text("Set as it came.")


def test_it_is_used_without_a_mouse(filed_home: Home, page: Page) -> None:
    with previewed(filed_home) as server:
        page.goto(server.address)
        for _ in range(20):
            page.keyboard.press("Tab")
            if page.evaluate("document.activeElement.id") == "issue-mail":
                break
        page.keyboard.press("Enter")
        expect(page.frame_locator("iframe").locator("body")).to_contain_text(WORDS)
        expect(page.locator("#caption")).to_have_text("The issue · Mail")


# Whom it answers, and what it leaves alone.


def test_nothing_in_the_home_is_changed(filed_home: Home) -> None:
    before = {name: (data, (filed_home.root / name).stat().st_mtime_ns) for name, data in tree(filed_home.root).items()}
    size = filed_home.register.size
    with previewed(filed_home) as one, previewed(filed_home, "2026-W48") as other:
        for server in (one, other):
            for address in ("", "site/index.html", "site/register/index.html", "site/index.json", "mail.html"):
                assert got(server, address)
    after = {name: (data, (filed_home.root / name).stat().st_mtime_ns) for name, data in tree(filed_home.root).items()}
    assert after == before
    assert filed_home.reopened().register.size == size


@pytest.mark.parametrize(
    ("host", "path", "status"),
    [
        ("127.0.0.1:{port}", "/{secret}/", 200),
        ("localhost:{port}", "/{secret}/", 200),
        ("letters.example.org", "/{secret}/", 403),
        ("127.0.0.1", "/{secret}/", 403),
        ("127.0.0.1:{port}.example.org", "/{secret}/", 403),
        ("", "/{secret}/", 403),
        ("127.0.0.1:{port}", "/", 404),
        ("127.0.0.1:{port}", "/site/index.html", 404),
        ("127.0.0.1:{port}", "/{secret}", 404),
        ("127.0.0.1:{port}", "/{secret}/site/../../archive.toml", 404),
        ("127.0.0.1:{port}", "/{secret}/site/%2e%2e/archive.toml", 404),
        ("127.0.0.1:{port}", "/{secret}/site/a%00b", 404),
    ],
)
def test_only_who_knows_its_address_is_answered(served: Server, host: str, path: str, status: int) -> None:
    names = {"port": served.server_port, "secret": served.secret}
    asking = http.client.HTTPConnection("127.0.0.1", served.server_port)
    asking.putrequest("GET", path.format(**names), skip_host=True)
    if host:
        asking.putheader("Host", host.format(**names))
    asking.endheaders()
    answer = asking.getresponse()
    assert answer.status == status
    assert answer.headers["access-control-allow-origin"] is None
    assert ("commas" in answer.read().decode()) == (status == 200)
    asking.close()


@pytest.fixture
def served(home: Home, submitted: Path) -> Iterator[Server]:
    with previewed(home.reopened()) as server:
        yield server


def test_a_page_has_the_headers_it_is_served_with_but_may_be_framed_here(served: Server) -> None:
    with urlopen(f"{served.address}site/essays/on-commas/index.html") as answer:
        policy = answer.headers["content-security-policy"]
    rules = got(served, "site/_headers")
    assert policy.replace("'self'", "'none'") in rules.replace("'self'", "'none'")
    assert policy.endswith("frame-ancestors 'self'")
    with urlopen(f"{served.address}site/essays/on-commas/essay.md") as answer:
        assert answer.headers["content-type"] == "text/markdown; charset=utf-8; variant=CommonMark"
        assert answer.headers["cache-control"] == "no-store"
    with urlopen(served.address) as answer:
        assert "default-src 'none'" in answer.headers["content-security-policy"]


def test_a_port_that_is_taken_is_named(served: Server, home: Home) -> None:
    done = Programs(home).publisher("preview", "--port", served.server_port, "--no-open")
    assert (done.exit_code, done.stdout) == (1, "")
    assert f"--port: nothing can listen on 127.0.0.1:{served.server_port} (Address already in use); name" in done.stderr


def test_ctrl_c_ends_it_in_silence(home: Home, submitted: Path, page: Page) -> None:
    running = subprocess.Popen(
        [sys.executable, "-m", "publisher", "preview", "--home", home.root, "--no-open"],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert running.stdout
    address = running.stdout.readline().strip()
    page.goto(address)
    expect(page.locator("#following")).to_have_text("It follows what you save.")
    running.send_signal(signal.SIGINT)
    out, err = running.communicate(timeout=20)
    expect(page.locator("#following")).to_contain_text("has ended")
    assert (running.returncode, out, err) == (0, "", "Ctrl-C ends it.\n")


# What was saved.


@pytest.mark.parametrize("by_looking", [False, True], ids=["by the system", "by looking"])
def test_each_save_is_noticed_and_nothing_else(
    home: Home, submitted: Path, by_looking: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    if by_looking:
        monkeypatch.setitem(sys.modules, "watchfiles", None)
    else:
        pytest.importorskip("watchfiles")
    seen, stop, noticed = watching.stamps(home.root), threading.Event(), threading.Semaphore(0)

    def follow() -> None:
        for _ in watching.changes(home.root, seen, stop):
            noticed.release()

    follower = threading.Thread(target=follow)
    follower.start()
    new = home.root / "essays/2026-11-03-new"
    steps: list[Callable[[], object]] = [
        lambda: (submitted / "essay.toml").write_text("format = 1\n"),
        lambda: (submitted / "saved").write_bytes(b"x"),
        lambda: os.replace(submitted / "saved", submitted / "essay.toml"),
        lambda: (home.root / "archive.toml").write_bytes(b""),
        lambda: new.mkdir() or (new / "essay.md").write_text("New.\n"),
        lambda: (new / "essay.md").write_text("Newer.\n"),
        lambda: (new / "essay.md").unlink(),
    ]
    for step in steps:
        step()
        assert noticed.acquire(timeout=10)
        while noticed.acquire(timeout=0.3):  # two looks may have seen two halves of it
            pass
    (home.root / "transcripts/draft.txt").write_text("Nothing of this is published.\n")
    (submitted / ".essay.toml.swp").write_text("Nor is this.\n")
    assert not noticed.acquire(timeout=1)
    stop.set()
    follower.join()


def test_without_watchfiles_it_looks_by_itself(home: Home, submitted: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "watchfiles", None)
    with previewed(home.reopened()) as server:
        (submitted / "essay.toml").write_text((submitted / "essay.toml").read_text().replace("On commas", "On pauses"))
        soon(lambda: "On pauses" in got(server))
