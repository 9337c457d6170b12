"""Nothing that people or models write ever runs: every page, mail, feed, report and preview, in Chromium without a CSP.

What `_headers` forbids is allowed here, so that nothing but the pages themselves keeps a payload from running.
"""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from pathlib import Path
from urllib.parse import quote, unquote, urldefrag, urlsplit

import feedparser
import pytest
from playwright.sync_api import Browser, Page, Route

from archive.home.home import Home
from publisher.delivery.preview.preview import Preview
from publisher.issues.build import publish_site
from publisher.issues.publish import publish
from publisher.site.cut import bodies
from publisher.week import Week
from tests import hostile_home
from tests.conftest import Clock, Reviewer
from tests.files import tree
from tests.fuzz.of_essays import HEADERS as EVERY
from tests.programs import Programs

HOST = "https://letters.example.org"
HEADERS = {*EVERY, "List-Unsubscribe"}
KINDS = {
    ".html": "text/html",
    ".txt": "text/plain",
    ".css": "text/css",
    ".js": "text/javascript",
    ".json": "application/json",
}
HOOK = """
window.alert = window.confirm = window.prompt = window.print = () => ran("dialog");
window.open = () => ran("window");
"""
"""Before anything of a page."""
LOOKED = """() => {
  const found = [];
  for (const element of document.querySelectorAll("*")) {
    const name = element.localName;
    if (/^(iframe|frame|object|embed|base|applet|portal)$/.test(name)) found.push(`<${name}>`);
    if (name === "meta" && element.httpEquiv && !/^content-security-policy$/i.test(element.httpEquiv))
      found.push("meta");
    if (name === "script" && element.type === "application/ld+json") JSON.parse(element.textContent);
    for (const { name: key, value } of element.attributes) {
      if (/^on/i.test(key)) found.push(`${name} ${key}`);
      if (key === "srcdoc") found.push(key);
      if (/^(href|src|action|formaction|data|poster|background|xlink:href|ping)$/i.test(key)
          && /^[\\s\\0-\\x20]*(javascript|vbscript|data):/i.test(value) && !value.startsWith("data:image/"))
        found.push(`${name} ${key}=${value.slice(0, 60)}`);
    }
  }
  return [...new Set(found)];
}"""
"""What would run once it is touched, and what a page has none of."""


@dataclass
class Watched:
    """A page of Chromium, and all that happened in it."""

    page: Page
    files: dict[str, bytes] = field(default_factory=dict)
    """What lies at the host, by path."""
    happened: list[str] = field(default_factory=list)

    def look(self, path: str, data: bytes | None = None) -> list[str]:
        """What happens where a page of the site is opened, or `data` in its place."""
        self.happened.clear()
        if data is not None:
            self.files[path] = data
        address = f"{HOST}/{quote(path)}"
        self.page.goto(address)
        found = [*self.happened, *self.page.evaluate(LOOKED)]
        if urldefrag(self.page.url).url != address:
            found.append(f"went to {self.page.url}")
        if len(self.page.frames) > 1:
            found.append("has frames")
        return found

    def answer(self, route: Route) -> None:
        parts = urlsplit(route.request.url)
        path = unquote(parts.path.removeprefix("/"))
        if path == "favicon.svg" and parts.hostname == "letters.example.org":
            route.abort()  # the browser asks for it whenever it likes
            return
        if f"{parts.scheme}://{parts.netloc}" != HOST or path not in self.files:
            self.happened.append(f"asks for {route.request.url[:200]}")
            route.abort()
            return
        kind = KINDS.get(Path(path).suffix, "application/octet-stream")
        route.fulfill(body=self.files[path], content_type=f"{kind}; charset=utf-8")


@pytest.fixture(scope="module")
def watched(browser: Browser) -> Iterator[Watched]:
    context = browser.new_context(bypass_csp=True)
    context.set_default_timeout(20_000)
    page = context.new_page()
    seen = Watched(page)
    context.expose_function("ran", lambda *what: seen.happened.append(f"ran {what}"))
    context.add_init_script(HOOK)
    context.route("**/*", seen.answer)
    page.on("pageerror", lambda error: seen.happened.append(f"error {error}"))
    page.on("dialog", lambda dialog: (seen.happened.append("dialog"), dialog.dismiss()))
    context.on("page", lambda other: seen.happened.append("opened another page"))
    yield seen
    context.close()


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory, ada: Reviewer) -> Iterator[Home]:
    """The home of tests/hostile_home.py, published."""
    folder = tmp_path_factory.mktemp("hostile")
    with pytest.MonkeyPatch.context() as patch:
        clock = Clock(patch)
        clock.set("2026-11-02")
        home = hostile_home.make(folder / "home", ada)
        hostile_home.write(home, ada, folder / "desk")
        for day, week, slug in (("2026-11-06", "2026-W45", "first"), ("2026-11-13", "2026-W46", "second")):
            clock.set(day)
            publish(home.reopened(), Week.parse(week), slugs=[slug])
        clock.set("2026-11-20")
        hostile_home.explain(home)
        publish_site(home.reopened())
        yield home.reopened()


def served(site: Mapping[str, bytes]) -> dict[str, bytes]:
    """As a web server does: a folder is its page."""
    folders = {name.removesuffix("index.html"): data for name, data in site.items() if name.endswith("/index.html")}
    return {**site, **folders, "": site["index.html"]}


def test_a_payload_that_is_not_escaped_is_seen(watched: Watched) -> None:
    for payload, seen in {
        "<script>ran()</script>": "ran ()",
        "<img src=data: onerror=ran()>": "ran ()",
        "<p onclick=ran()>": "p onclick",
        "<a href=' java&#10;script:ran()'>": "",
        "<a href=' JavaScript:ran()'>": "a href= JavaScript:ran()",
        "<img src=//evil.example/x>": "asks for https://evil.example/x",
        "<svg onload=alert(1)>": "ran ('dialog',)",
        "<iframe srcdoc='<script>parent.ran()</script>'></iframe>": "<iframe>",
    }.items():
        assert seen in "\n".join(watched.look("payload.html", f"<!doctype html>{payload}".encode())), payload


def test_no_page_of_a_site_runs_what_is_written_in_it(hostile: Home, watched: Watched) -> None:
    site = tree(hostile.site)
    watched.files = served(site)
    pages = [name for name in site if name.endswith(".html") and not name.endswith("/article.html")]
    told = {page.split("/")[0] for page in pages if b"ran()" in site[page]}
    assert told >= {"essays", "issues", "models", "interviews", "protocols", "compare", "about", "search", "series"}
    assert {name: found for name in pages if (found := watched.look(name))} == {}


def test_no_search_runs_what_it_finds_or_what_is_typed(hostile: Home, watched: Watched) -> None:
    watched.files = served(tree(hostile.site))
    assert watched.look("search/index.html") == []
    for typed in ("Title", hostile_home.SHORT):
        watched.page.locator("#query").fill(typed)
        watched.page.wait_for_function("document.querySelector('#found').textContent.length > 0")
    watched.page.locator("#query").fill("Title")
    watched.page.wait_for_selector("#results li")
    assert watched.page.evaluate(LOOKED) == []
    assert watched.happened == []


def test_no_check_in_the_browser_runs_the_text_it_checks_or_the_name_of_its_file(
    hostile: Home, watched: Watched
) -> None:
    watched.files = served(tree(hostile.site))
    assert watched.look("verify/index.html") == []
    name, texts = f"{hostile_home.SHORT.replace('/', '')}.md", hostile.site / "essays/first"
    given = [(name, "essay.md"), (f"{name}.tlog-proof", "essay.md.tlog-proof")]
    dropped = [
        {"name": shown, "mimeType": "text/plain", "buffer": (texts / held).read_bytes()} for shown, held in given
    ]
    watched.page.locator("input[type=file]").first.set_input_files(dropped)  # type: ignore[arg-type]
    watched.page.wait_for_function("document.body.textContent.includes('E2026-0001')")
    assert watched.page.evaluate(LOOKED) == []
    assert watched.happened == []


def test_no_mail_has_a_header_more_or_runs_what_is_in_it(hostile: Home, watched: Watched) -> None:
    data = (hostile.site / "issues/2026-W45/issue.eml").read_bytes()
    letter = message_from_bytes(data, policy=policy.SMTP)
    assert {*letter.keys()} == HEADERS
    assert all("\n" not in value for value in letter.values())
    [html] = bodies(data, "text/html")
    assert b"ran()" in html
    assert watched.look("mail.html", html) == []


def test_no_entry_of_a_feed_runs_what_is_in_it(hostile: Home, watched: Watched) -> None:
    feeds = {name: data for name, data in tree(hostile.site).items() if name.endswith((".atom", ".rss"))}
    assert len(feeds) > 3
    for name, data in feeds.items():
        parsed = feedparser.parse(data, sanitize_html=False, resolve_relative_uris=False)
        assert not parsed.bozo, name
        shown = [each.value for entry in parsed.entries for each in entry.get("content", [])]
        shown += [entry.get("summary", "") for entry in parsed.entries]
        assert watched.look("entry.html", f"<!doctype html>{''.join(shown)}".encode()) == [], name
        links = [link.get("href", "") for entry in parsed.entries for link in entry.get("links", [])]
        assert all(link.startswith(f"{HOST}/") for link in links), name
    items = json.loads((hostile.site / "feed.json").read_bytes())["items"]
    shown = [item["content_html"] for item in items]
    assert watched.look("entry.html", f"<!doctype html>{''.join(shown)}".encode()) == []


MAIL = ("mail.html", "mail.txt")
DOCUMENTS = (
    ("report", hostile_home.MODEL),
    ("compare", "guide@1/wishes"),
    ("timeline",),
    ("ledger",),
    ("coverage",),
    ("keeping",),
    ("plan", hostile_home.MODEL),
    ("list",),
    ("list", "--models"),
    ("search", "Title"),
    ("show", "2026-0001"),
    ("show", "2026-0001/1"),
    ("show", hostile_home.MODEL),
    ("show", "guide@1"),
    ("show", "themes@1"),
    ("show", "2026-0001", "--versions"),
    ("vocabulary",),
    ("check",),
)


def test_no_document_of_the_archive_runs_what_it_tells(hostile: Home, watched: Watched, tmp_path: Path) -> None:
    run = Programs(hostile)
    told = 0
    for number, command in enumerate(DOCUMENTS):
        to = tmp_path / f"{number}.html"
        done = run.archive(*command, "--to", to)
        assert to.is_file(), f"{command}: {done.output}"
        told += b"ran()" in to.read_bytes()
        assert watched.look("document.html", to.read_bytes()) == [], command
    assert told > len(DOCUMENTS) / 2


def test_no_preview_runs_what_is_to_come(hostile: Home, watched: Watched) -> None:
    preview = Preview(hostile, None)
    framed = preview.answer("").body.decode()
    views = {*re.findall(r'(?:href|src|data-\w+)="((?:site|dark|print|feed|card)/[^"]*\.html|mail\.\w+)"', framed)}
    assert {name.partition("/")[0] for name in views} == {*("site", "dark", "print", "feed", "card"), *MAIL}
    watched.files = {name: preview.answer(name).body for name in ("preview.css", "preview.js", "site/style.css")}
    assert {name: found for name in ["", *sorted(views)] if (found := shown(preview, watched, name))} == {}
    missing = preview.answer(f"site/{hostile_home.SHORT}").body
    assert b"onerror" in missing
    assert watched.look("missing.html", missing) == []


def shown(preview: Preview, watched: Watched, name: str) -> list[str]:
    """What happens where a view of the preview is opened; what its frames show is looked at by itself."""
    found = watched.look(name.replace("/", "-") or "frame.html", preview.answer(name).body)
    return [each for each in found if not each.startswith((f"asks for {HOST}/", "<iframe>", "has frames"))]
