"""The desk as strangers try it: other pages in the same browser, other programs on the same machine, what others wrote.

Every attack is one that works where nothing keeps it out; where a test does not show that by itself, it says so.
"""

import http.server
import json
import os
import re
import socket
import stat
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote

import pytest
from click.testing import CliRunner
from playwright.sync_api import Browser, BrowserContext, expect

from archive.cli import desk as command
from archive.desk.server import Server, serving
from archive.home.home import Home
from tests import hostile_home
from tests.chromium import ARGUMENTS, chromium
from tests.desk_walk import Found, routes, walk
from tests.desked import Answer, Desked, desked, opened, record
from tests.programs import Reviewer
from tests.test_hostile_browser import HOOK

HERE = Path(__file__).parent / "desk_safe"
HOSTS = "--host-resolver-rules=MAP evil.example 127.0.0.1"
"""A name of somebody else's that was made to point here."""


@pytest.fixture(scope="module")
def desk(filed: Home) -> Iterator[Desked]:
    """A desk over the filed home, which no test here changes: each says so by what it was refused."""
    with desked(filed) as desk:
        yield desk


# Another page in the same browser.


@dataclass
class Other:
    """A web server of somebody else's on the same machine, and what it was told."""

    port: int
    pages: dict[str, str] = field(default_factory=dict)
    headers: dict[str, str] = field(default_factory=dict)
    asked: list[tuple[str, str, dict[str, str], bytes]] = field(default_factory=list)
    """Method, path, headers, body."""

    def at(self, path: str = "", host: str = "127.0.0.1") -> str:
        return f"http://{host}:{self.port}/{path}"


@contextmanager
def other(port: int = 0) -> Iterator[Other]:
    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            body = self.rfile.read(int(self.headers.get("content-length", 0)))
            headers = {name.lower(): value for name, value in self.headers.items()}
            there.asked.append((self.command, self.path, headers, body))
            self.send_response(200)
            for name, value in {"Content-Type": "text/html", **there.headers}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(there.pages.get(self.path, "<!doctype html><title>Other</title>").encode())

        do_POST = do_PUT = do_OPTIONS = do_GET  # noqa: N815

        def log_message(self, *_: object) -> None:
            pass

    class Kind(http.server.ThreadingHTTPServer):
        allow_reuse_address = True

    with Kind(("127.0.0.1", port), Handler) as server:
        there = Other(server.server_port)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield there
        server.shutdown()


LINK = """(to) => {
  const made = Object.assign(document.createElement("a"), { href: to, id: "out", textContent: "out" });
  document.querySelector("main").append(made);
}"""
FORM = """() => {
  const main = document.querySelector("main");
  main.innerHTML = '<form data-form="talk"><input name="_tab"><input name="_form" value="talk">'
    + '<label>Words<input name="words"></label></form>';
  document.dispatchEvent(new CustomEvent("htmx:load", { detail: { elt: main } }));
}"""
ATTACKS = (HERE / "attacks.js").read_text()
"""What a page can try that knows even the addresses of a desk; what came of each."""
NOTHING = {
    **dict.fromkeys(("get", "post", "put", "style", "script", "socket", "form", "frame"), "refused"),
    "blind": "opaque",  # it was sent, and nobody may read what was answered
    "beacon": "sent",
    "cookie": "",
}


@pytest.mark.parametrize("host", ["127.0.0.1", "evil.example"])
def test_no_other_page_reads_or_changes_anything(desk: Desked, playing: BrowserContext, host: str) -> None:
    before = record(Home(desk.server.desk.root))
    with other() as there:
        page = playing.new_page()
        page.goto(desk.server.address)
        page.wait_for_url(desk.at())
        page.goto(there.at(host=host))
        tried = page.evaluate(ATTACKS, [desk.at(), desk.at().replace("http", "ws")])
        page.close()
    expected = NOTHING | ({"blind": "refused"} if tried["blind"] == "refused" else {})
    assert tried == expected
    assert json.loads(desk.ask("forms?key=attack").body) == []
    assert record(Home(desk.server.desk.root)) == before


def test_the_same_does_its_work_from_a_page_of_the_desk(desk: Desked, browser: Browser) -> None:
    with opened(desk, browser) as page:
        body = "new URLSearchParams({ _form: 'attack', _tab: 'a', text: 'mine' })"
        sent = f"fetch('{desk.at('forms/keep')}', {{ method: 'POST', body: {body} }}).then((got) => got.status)"
        assert page.evaluate(sent) == 202
    assert len(json.loads(desk.ask("forms?key=attack").body)) == 1
    desk.ask("forms/forget", {"key": "attack", "tab": "a"})


@pytest.fixture(scope="module")
def playing(browser: Browser) -> Iterator[BrowserContext]:
    """A browser in which evil.example is this machine."""
    started = browser.browser_type.launch(executable_path=chromium(), args=[*ARGUMENTS, HOSTS])
    yield started.new_context()
    started.close()


def test_a_name_that_was_made_to_point_here_is_refused_even_with_the_key(desk: Desked, playing: BrowserContext) -> None:
    page = playing.new_page()
    base = f"http://evil.example:{desk.server.desk.port}"
    for path in (f"/{desk.server.desk.token}", desk.server.desk.at()):
        answer = page.goto(base + path)
        assert answer
        assert answer.status == 403
        expect(page.locator("body")).to_contain_text("was asked by another name")
    read = "(path) => fetch(path, { credentials: 'include' }).then((got) => got.text())"
    assert "was asked by another name" in page.evaluate(read, desk.server.desk.at())
    assert playing.cookies(base) == []
    page.close()


def test_another_program_on_this_machine_is_shown_no_key_and_no_address(desk: Desked, browser: Browser) -> None:
    with other() as there, opened(desk, browser) as page:
        page.evaluate(LINK, there.at("out"))
        page.locator("#out").click()
        page.wait_for_url(there.at("out"))
        page.goto(there.at("again"))
        for _, _, headers, _ in there.asked:
            assert "cookie" not in headers
            assert str(desk.server.desk.port) not in headers.get("referer", "")  # nor the name of the desk


def test_what_other_programs_put_into_the_jar_keeps_nobody_out_and_names_nobody(desk: Desked, browser: Browser) -> None:
    with other() as there, opened(desk, browser) as page:
        for cookie in ("pass=evil; Path=/", "coder=mallory; Path=/", 'broken="; Path=/', '{"a": [1]}; Path=/'):
            there.headers["Set-Cookie"] = cookie
            page.goto(there.at())
        page.goto(desk.at())
        expect(page.get_by_role("heading", level=1)).to_be_visible()
    shown = f"pass={desk.server.desk.pass_}"
    for jar in (f'x="; {shown}; pass=evil', f"{{}}; {shown}", f"a[b]=é; {shown}"):
        assert desk.ask(headers={"Cookie": jar}).status == 200


def test_a_page_whose_desk_has_ended_tells_nothing_to_who_listens_there_next(
    filed_home: Home, browser: Browser
) -> None:
    context = browser.new_context()
    page = context.new_page()
    with serving(filed_home.root) as server:
        desk = Desked(server)
        page.goto(server.address)
        page.wait_for_url(desk.at())
        page.evaluate(FORM)
        page.get_by_label("Words").fill("before")
        page.wait_for_selector("form[data-kept]")
    expect(page.locator("#problems")).to_contain_text("This desk has ended", timeout=10_000)
    with other(server.desk.port) as there:
        page.get_by_label("Words").fill("after it")
        page.wait_for_timeout(1200)
        assert b"after" not in b"".join(body for _, _, _, body in there.asked)
    context.close()
    with desked(filed_home) as again:
        (kept,) = json.loads(again.ask("forms?key=talk").body)
        assert kept["fields"]["words"] == ["before"]


# Other programs on the same machine.


def test_a_browser_is_started_with_no_key_that_others_can_read(
    filed_home: Home, browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    started: list[str] = []
    looked: list[str] = []

    def serve(server: Server) -> None:
        """In the time in which it would answer."""
        (letter,) = started
        assert server.desk.token not in letter
        assert stat.S_IMODE(os.stat(letter).st_mode) == 0o600
        looked.append(Path(letter).read_text())
        assert server.address in looked[0]
        server._socket.close()

    monkeypatch.setattr(command.click, "launch", started.append)
    monkeypatch.setattr(Server, "serve", serve)
    done = CliRunner().invoke(command.desk, ["--home", str(filed_home.root), "--open"])
    assert done.exit_code == 0, done.output
    assert looked


def test_the_page_that_it_is_started_with_leads_to_the_desk(desk: Desked, browser: Browser) -> None:
    letter = desk.server.letter()
    context = browser.new_context()
    page = context.new_page()
    page.goto(letter.as_uri())
    page.wait_for_url(desk.at())
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    context.close()


def sent(desk: Desked, lines: str, body: str = "") -> bytes:
    """What comes back for a request as it stands here; ``{own}`` are the headers of the desk's own page."""
    there = desk.server.desk
    own = f"Host: 127.0.0.1:{there.port}\r\nCookie: pass={there.pass_}\r\nOrigin: {there.origin}"
    data = lines.format(own=own, at=there.at(), port=there.port).replace("\n", "\r\n") + "\r\n\r\n" + body
    with socket.create_connection(("127.0.0.1", there.port), timeout=10) as made:
        made.sendall(data.encode())
        found = b""
        while chunk := made.recv(65536):
            found += chunk
    return found


HIDDEN = "GET {at}state HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n\r\n"


@pytest.mark.parametrize(
    "lines",
    [
        "POST {at}forms/keep HTTP/1.1\n{own}\nContent-Length: 4\nTransfer-Encoding: chunked",
        "POST {at}forms/keep HTTP/1.1\n{own}\nTransfer-Encoding: chunked",
        "POST {at}forms/keep HTTP/1.1\n{own}\nContent-Length: 4\nContent-Length: 5",
        "POST {at}forms/keep HTTP/1.1\n{own}\nContent-Length: -1",
        "POST {at}forms/keep HTTP/1.1\n{own}\nContent-Length: 4, 5",
        "POST {at}forms/keep HTTP/1.1\n{own}\nContent-Length : 4",
        "GET {at} HTTP/1.1\n{own}\nHost: evil.example",
        "GET {at} HTTP/1.1\n{own}\n Host: evil.example\nConnection: close\n{own}",
        "GET http://evil.example{at} HTTP/1.1\n{own}",
        "GET {at}\nX HTTP/1.1\n{own}",
        "GET {at} HTTP/1.0",
        "POST {at}forms/keep HTTP/1.1\n{own}\nOrigin: http://evil.example\nContent-Length: 0",
        "\0\1\2",
    ],
    ids=lambda lines: lines.split(" HTTP")[0][:20].strip("\0\1\2") + lines[-30:].replace("\n", " ").strip("\0\1\2"),
)  # fmt: skip
def test_a_request_that_two_programs_would_read_differently_is_refused_and_nothing_after_it_read(
    desk: Desked, lines: str
) -> None:
    found = sent(desk, lines, "0\r\n\r\n" + HIDDEN.format(at=desk.server.desk.at(), port=desk.server.desk.port))
    assert re.findall(rb"HTTP/1\.1 (\d+)", found) in ([b"400"], [b"403"])
    assert b'"mark"' not in found


def test_who_claims_to_hand_on_for_somebody_else_is_not_believed(desk: Desked) -> None:
    claims = {"X-Forwarded-For": "10.0.0.1", "X-Forwarded-Proto": "https", "X-Forwarded-Host": "evil.example"}
    answer = desk.ask("coder", {"coder": "ann", "back": "//evil.example/"}, headers=claims)
    assert answer.headers["location"].startswith(desk.server.desk.at())


# What is sent to it.


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (b"\xff\xfe", "expected a form"),
        (b"a=%ff%fe", "expected a form"),
        (b"&".join(b"a=1" for _ in range(20_001)), "expected a form"),
        (b"a=" + b"x" * (8 << 20), "at most 8 MiB"),
    ],
    ids=["bytes", "no UTF-8", "fields", "size"],
)
def test_a_form_that_is_none_is_told_and_nothing_else_happens(desk: Desked, body: bytes, said: str) -> None:
    answer = desk.ask("forms/keep", method="POST", data=body)
    assert answer.status == 422
    assert said in answer.text


def test_who_goes_away_in_the_middle_leaves_nothing_behind(desk: Desked, capfd: pytest.CaptureFixture[str]) -> None:
    there = desk.server.desk
    for method, place in (
        ("POST", "forms/keep"),
        *(("PUT", fill(each.path, "a")) for each in routes() if each.method == "PUT"),
    ):
        with socket.create_connection(("127.0.0.1", there.port), timeout=10) as made:
            own = f"Host: 127.0.0.1:{there.port}\r\nCookie: pass={there.pass_}\r\nOrigin: {there.origin}"
            made.sendall(
                f"{method} {there.at(place)} HTTP/1.1\r\n{own}\r\nContent-Length: 1000\r\n\r\n_form=half".encode()
            )
    assert desk.ask("state").status == 200
    coming = there.kept / "coming"
    assert not coming.exists() or list(coming.iterdir()) == []
    assert "Traceback" not in capfd.readouterr().err


HOSTILE = (
    "..",
    "../../archive.toml",
    "..%2f..%2f.archive%2fkeys",
    "/etc/passwd",
    "\0",
    "a" * 3000,
    "ж\u202e\U0001f600",
    "<script>ran()</script>",
    "2026-9999",
    "2026-0001",
    "-1",
    "9" * 40,
    "%",
    "CON",
    "\ud800".encode("utf-8", "surrogatepass").decode("latin-1"),
    "{{7*7}}",
)
"""What stands in an address where a name is expected."""


def fill(path: str, value: str) -> str:
    return re.sub(r"\{\w+(:\w+)?\}", lambda _: quote(value, safe=""), path)


def well(answer: Answer) -> bool:
    """Whether it is an answer to a person, not a bug's."""
    return answer.status < 500 and "a mistake in this program" not in answer.body.decode("utf-8", "replace")


def test_no_address_leads_out_of_the_archive_or_to_a_mistake_of_ours(
    desk: Desked, capfd: pytest.CaptureFixture[str]
) -> None:
    wrong = []
    for route in routes():
        for value in HOSTILE if "{" in route.path else ():
            if route.method == "GET":
                answer = desk.ask(fill(route.path, value))
                if not well(answer) or b"PRIVATE KEY" in answer.body or b"root:x:0" in answer.body:
                    wrong.append((route.path, value[:40]))
    for place in ("static/desk/../door.py", "static/desk/%2e%2e/door.py", "static/desk//etc/passwd", "static/%2e%2e/x"):
        if desk.ask(place).status != 404:
            wrong.append((place, ""))
    assert wrong == [], capfd.readouterr().err[-3000:]


def test_no_form_and_no_file_that_nobody_expects_comes_to_a_mistake_of_ours(
    filed_home: Home, capfd: pytest.CaptureFixture[str]
) -> None:
    wrong = []
    above = set(os.listdir(filed_home.root.parent))
    with desked(filed_home) as desk:
        for route in routes():
            for value in ("2026-0001", "1", "2026-W48", *HOSTILE[:6]) if "{" in route.path else ("",):
                place = fill(route.path, value)
                if route.method == "POST":
                    for form in ({}, {"_form": "x", "_tab": "../../x", "_base": "x\n\0"}):
                        wrong += [] if well(desk.ask(place, form)) else [("POST", route.path, value[:20], form)]
                if route.method == "PUT":
                    for data in (
                        b"",
                        b"\0\xff",
                        b'{"messages": 1}',
                        b"PK\x03\x04",
                        b"SQLite format 3\0",
                        b"[" * 100_000,
                    ):
                        wrong += [] if well(desk.ask(place, data=data)) else [("PUT", route.path, value[:20], data[:9])]
    assert wrong == [], capfd.readouterr().err[-6000:]
    assert set(os.listdir(filed_home.root.parent)) == above


# What models, and people elsewhere, wrote.

INLINE = """() => {
  window.ran = false;
  const made = document.createElement("script");
  made.textContent = "window.ran = true";
  document.head.append(made);
}"""
OPENED = """() => {
  for (const each of document.querySelectorAll("details")) each.open = true;
  scrollTo(0, 1e7);
  return new Promise((done) => setTimeout(done, 50));
}"""
LOOKED = (HERE / "looked.js").read_text()
"""What would run, or ask somebody else for something; frames are there, but nothing runs in them."""


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory, ada: Reviewer) -> Iterator[Home]:
    """The home of tests/hostile_home.py, with essays that wait and that are approved."""
    folder = tmp_path_factory.mktemp("hostile")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SOURCE_DATE_EPOCH", "1793613600")
        home = hostile_home.make(folder / "home", ada)
        hostile_home.write(home, ada, folder / "desk")
        yield home.reopened()


@pytest.fixture(scope="module")
def written(hostile: Home) -> Iterator[tuple[Desked, list[Found]]]:
    """A desk over it, and all that its links lead to."""
    with desked(hostile) as desk:
        yield desk, walk(desk)


def test_no_page_runs_what_was_written_and_none_asks_anybody_else(
    written: tuple[Desked, list[Found]], browser: Browser
) -> None:
    desk, walked = written
    pages = [each for each in walked if each.is_html]
    assert {each.place for each in pages if each.answer.status >= 400} == set()
    happened: list[str] = []
    found: dict[str, list[str]] = {}
    context = browser.new_context(bypass_csp=True)  # what is written must be harmless without the policy, too
    context.expose_function("ran", lambda *what: happened.append(f"ran {what}"))
    context.add_init_script(HOOK)
    page = context.new_page()
    page.on("pageerror", lambda error: happened.append(f"error {error}"))
    page.on("dialog", lambda dialog: (happened.append("dialog"), dialog.dismiss()))
    context.on("page", lambda _: happened.append("opened another page"))
    context.on("request", lambda asked: None if ours(desk, asked.url) else happened.append(f"asks for {asked.url}"))
    page.goto(desk.server.address)
    page.wait_for_url(desk.at())
    for each in pages:
        happened.clear()
        page.goto(desk.at(each.place))
        page.evaluate(OPENED)
        framed = "sandbox" in each.answer.headers["content-security-policy"]
        if what := [*happened, *([] if framed else page.evaluate(LOOKED))]:
            found[each.place] = what
    context.close()
    assert found == {}
    told = {each.place.split("/")[0] for each in pages if b"ran()" in each.answer.body}
    assert told >= {"", "interviews", "models", "compare", "taking-in", "essays", "week"}


def ours(desk: Desked, address: str) -> bool:
    return address.startswith((desk.server.desk.origin, "data:"))


def test_whatever_is_served_no_script_of_it_runs(written: tuple[Desked, list[Found]]) -> None:
    desk, walked = written
    plain = {"text/html", "text/plain", "application/json", ""}
    for each in walked:
        kind = each.answer.headers.get("content-type", "").partition(";")[0]
        rules = dict(
            rule.strip().split(" ", 1)
            for rule in each.answer.headers["content-security-policy"].split(";")
            if " " in rule.strip()
        )
        bare = "sandbox" in each.answer.headers["content-security-policy"]
        handed = each.answer.headers.get("content-disposition", "").startswith("attachment")
        assert bare or rules["script-src"] == desk.at("static/"), each.place
        assert not bare or "allow-scripts" not in rules.get("sandbox", ""), each.place
        assert bare or handed or kind in plain or each.place.startswith(("static/", "tokens.css")), each.place


def test_no_script_runs_that_is_not_of_this_program(desk: Desked, browser: Browser) -> None:
    with opened(desk, browser) as page:
        page.on("console", lambda _: None)
        tried = """async (from) => {
          const made = document.createElement("script");
          made.src = from;
          const ran = new Promise((done) => { made.onload = () => done("ran"); made.onerror = () => done("refused"); });
          document.head.append(made);
          return ran;
        }"""
        assert page.evaluate(tried, desk.at("static/desk/htmx/htmx.min.js")) == "ran"
    context = browser.new_context()
    watched = context.new_page()
    watched.goto(desk.server.address)
    watched.wait_for_url(desk.at())
    for place in ("state", "tokens.css", "forms?key=x", "data:text/javascript,ran()"):
        assert watched.evaluate(tried, place if ":" in place else desk.at(place)) == "refused"
    watched.evaluate(INLINE)
    assert watched.evaluate("window.ran") is False
    context.close()
