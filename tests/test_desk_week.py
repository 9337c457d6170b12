"""The week in a browser: it does what the commands do, byte for byte; once, whoever presses what how often."""

import os
import re
import shutil
import sys
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from markupsafe import Markup
from playwright.sync_api import Browser, Page, expect

from archive.desk.jobs import Job
from archive.home.home import Home
from publisher.desk.week import actions
from publisher.issues.action import Action
from publisher.issues.sent import hand_overs
from publisher.week import Week
from publisher.witness.folder import at_work
from tests.conftest import ROOT, Clock, Reviewer
from tests.desked import Answer, Desked, desked, opened, record
from tests.files import tree
from tests.mail_server import Certificate, MailServer, mail_server
from tests.programs import Programs
from tests.served import served
from tests.test_witnesses import serving, table

WEEK, BEFORE = "2026-W49", "2026-W48"
LIST = "letters@lists.example.org"
ESSAY = "neither-of-us-is-the-train"
PUBLISHED = "nothing-rhymes-with-sixty"


@dataclass(frozen=True)
class Pair:
    """Two homes in which the same was done so far: one for the desk, one for the commands."""

    desk: Home
    commands: Programs

    def compare(self) -> None:
        """Records, site, register, configuration: every byte that is not made at random."""
        assert self.commands.home
        for what in (record, public, logged):
            assert what(self.desk) == what(self.commands.home)
        here, there = (tree(root / ".archive/issues") for root in (self.desk.root, self.commands.home.root))
        assert here == there
        for name in ("archive.toml", "allowed_signers"):
            assert (self.desk.root / name).read_bytes() == (self.commands.home.root / name).read_bytes()
        checked = Programs(self.desk).archive("check")
        assert not checked.exit_code, checked.output


def public(home: Home) -> dict[str, bytes]:
    return tree(home.site)


def logged(home: Home) -> list[bytes]:
    register = home.reopened().register
    return [register.statement(index).encode() for index in range(register.size)]


@pytest.fixture
def smtp() -> Iterator[MailServer]:
    with mail_server() as running:
        yield running


@pytest.fixture
def pair(filed_home: Home, ada: Reviewer, smtp: MailServer, tmp_path: Path, clock: Clock) -> Iterator[Pair]:
    """On Friday of the week after the first issue, with an approved essay; its readers see `tmp_path / "www"`."""
    clock.set("2026-12-04")
    with served(tmp_path / "www") as address:
        path = filed_home.root / "archive.toml"
        more = f'\n[delivery]\nsmtp = "{smtp.address}"\nto = "{LIST}"\ndeploy = "{tmp_path / "www"}"\n'
        path.write_text(path.read_text().replace("https://letters.example.org", address) + more)
        programs = Programs(filed_home)
        sign = ("--decision", "publish", "--reviewer", ada.name, "--key", ada.key, "--yes")
        done = programs.publisher("review", ESSAY, *sign)
        assert not done.exit_code, done.output
        other = shutil.copytree(filed_home.root, tmp_path / "other")
        yield Pair(filed_home.reopened(), Programs(Home(other)))


def run(programs: Programs, *arguments: object) -> str:
    done = programs.publisher(*arguments)
    assert not done.exit_code, done.output
    return done.output


def came(desk: Desked, answer: Answer) -> str:
    """What a form that began with a job came to in the end, as text."""
    text = answer.text
    while found := re.search(r'hx-get="[^"]*/(jobs/[^"]+)" hx-trigger="load', text):
        time.sleep(0.05)
        text = desk.ask(found[1], partial=True).text
    return text


def press(page: Page, *keys: str) -> None:
    """One after the other, once the page listens."""
    page.wait_for_load_state()
    for key in keys:
        page.keyboard.press(key)


def post(desk: Desked, place: str, **form: str) -> str:
    return came(desk, desk.ask(place, form, partial=True))


# The job, by mouse and by keyboard.


def test_by_mouse_from_an_approved_essay_to_an_issue_that_is_copied_tested_and_sent(
    pair: Pair, browser: Browser, smtp: MailServer, tmp_path: Path
) -> None:
    with desked(pair.desk) as desk, opened(desk, browser, "week") as page:
        expect(page.get_by_role("heading", level=1)).to_have_text(f"{WEEK}: due since Friday, 4 December 2026")
        page.get_by_role("link", name=f"an editor publishes {WEEK}").click()
        stage = page.frame_locator("iframe")
        expect(stage.get_by_role("heading", level=1)).to_have_text("Neither of Us Is the Train")
        page.get_by_role("link", name="Phone: Neither of Us Is the Train").click()
        expect(page.locator("[data-stage]")).to_have_attribute("data-look", "phone")
        page.get_by_role("link", name="Mail: The issue").click()
        expect(stage.get_by_text("Letters After").first).to_be_visible()
        page.get_by_role("button", name=f"Publish {WEEK} …").click()
        expect(page.locator("#published")).to_contain_text(f"would publish {WEEK}: {ESSAY}")
        assert logged(pair.desk) == logged(_home(pair))
        page.get_by_role("button", name=f"Publish {WEEK}", exact=True).click()
        expect(page.locator("#published")).to_contain_text(f"published {WEEK}: {ESSAY}")
        expect(page.locator("#published .entries li", has_text=f"week {WEEK}").first).to_be_visible()
        expect(page.get_by_role("button", name=re.compile("^Publish"))).to_have_count(0)
        page.get_by_role("link", name="Copy the site to its readers").click()
        page.get_by_role("button", name="Copy the site …").click()
        expect(page.locator("#copied")).to_contain_text("if this were no dry run")
        assert not (tmp_path / "www").exists()
        page.get_by_role("button", name="Copy it there").click()
        expect(page.locator("#copied")).to_contain_text("look at http://127.0.0.1")
        page.get_by_role("link", name="The week").last.click()
        page.get_by_role("link", name=f"an editor sends {WEEK}").click()
        page.get_by_label("A test to").fill("ada@example.org")
        page.get_by_role("button", name="Send the test").dblclick()
        expect(page.locator("#tested")).to_contain_text("nothing was logged, and the list has nothing")
        page.get_by_role("button", name=f"Send it to {LIST}").dblclick()
        expect(page.locator("#sent")).to_contain_text(f"{WEEK} was sent to {LIST}")
        expect(page.locator("#sent .entries li", has_text="notice sent").first).to_be_visible()
    eml = pair.desk.root / f".archive/issues/{WEEK}/issues/{WEEK}/issue.eml"
    assert (smtp.to, smtp.taken) == (["ada@example.org", LIST], [eml.read_bytes()] * 2)
    _by_commands(pair)


def test_by_keyboard_alone_the_same(pair: Pair, browser: Browser, smtp: MailServer) -> None:
    with desked(pair.desk) as desk, opened(desk, browser) as page:
        press(page, "g", "w")
        expect(page.get_by_role("heading", level=1)).to_have_text(f"{WEEK}: due since Friday, 4 December 2026")
        press(page, "o")
        expect(page.get_by_role("heading", level=1)).to_have_text(WEEK)
        press(page, "v", "b")
        expect(page.locator("[data-stage]")).to_have_attribute("data-look", "phone")
        press(page, "p")
        expect(page.locator("#published")).to_contain_text("would publish")
        expect(page.locator("#published [data-came]")).to_be_focused()
        press(page, "y")
        expect(page.locator("#published")).to_contain_text(f"published {WEEK}")
        press(page, "o")
        expect(page.locator(".state")).to_contain_text("Went out on 4 December 2026")
        press(page, "c")
        expect(page.get_by_role("heading", level=1)).to_have_text("The site")
        press(page, "c")
        expect(page.locator("#copied")).to_contain_text("if this were no dry run")
        press(page, "y")
        expect(page.locator("#copied")).to_contain_text("statements of the register")
        press(page, ".")
        expect(page.get_by_role("heading", level=1)).to_contain_text("done")
        press(page, "1")
        expect(page.locator("#mail")).to_be_visible()
        press(page, "s")
        expect(page.locator("#sent")).to_contain_text(f"{WEEK} was sent to {LIST}")
    assert smtp.to == [LIST]
    _by_commands(pair)


def _home(pair: Pair) -> Home:
    assert pair.commands.home
    return pair.commands.home


def _by_commands(pair: Pair) -> None:
    """The same, typed; and it is the same."""
    for typed in (("publish",), ("deploy",), ("send", WEEK)):
        run(pair.commands, *typed)
    pair.compare()


# What is to be done, and where.


@pytest.mark.parametrize(
    ("typed", "where"),
    [
        ("publisher publish", f"week/{WEEK}"),
        ("publisher publish 2026-W40", "week/2026-W40"),
        ("publisher publish --site", "week/site"),
        ("publisher skip 2026-W40 --reason …", "week/2026-W40#skip"),
        ("publisher skip 2026-W40..2026-W42 --reason …", "week/2026-W40?until=2026-W42#skip"),
        ("publisher send 2026-W48 --again", "week/2026-W48#mail"),
        ("publisher deploy", "week/site#copy"),
        ("publisher deploy 'ada@host:/srv/my www'", "week/site?to=ada%40host%3A%2Fsrv%2Fmy%20www#copy"),
        ("publisher build", "week/site#again"),
        ("publisher cosign", "week/site#witnesses"),
        ("publisher setup", "week/setup#reviewers"),
        ("publisher review on-commas …", "essays/on-commas"),
        ("publisher submit essays/2026-11-02-on-commas", "essays"),
        ("archive check --restore", ""),
    ],
)
def test_what_status_says_to_type_is_done_at_a_place_of_the_desk(typed: str, where: str) -> None:
    assert actions.place(Action(what="", command=typed), Week.parse(WEEK)) == where


def test_status_says_nothing_to_type_of_which_the_desk_does_not_know_where() -> None:
    """Each way in which `publisher status` begins a command, in its sources."""
    sources = "".join(
        path.read_text() for path in [*ROOT.glob("publisher/status/*.py"), ROOT / "publisher/issues/sent.py"]
    )
    typed = {
        *re.findall(r'command=f?"([^"]+)"', sources),
        *re.findall(r'command = "[^"]*" if \w+ else f"([^"]+)"', sources),
    }
    assert len(typed) > 12
    unknown = {each for each in typed if not actions.place(Action(what="", command=each), Week.parse(WEEK))}
    assert unknown == {"archive check --restore"}


# What goes out, and in which order.


def test_essays_are_put_in_order_by_links_and_go_out_as_they_are_shown(
    pair: Pair, browser: Browser, ada: Reviewer, write_essay: Callable[..., Path]
) -> None:
    folder = write_essay("on-commas")
    for home in (pair.desk, _home(pair)):
        programs = Programs(home)
        run(programs, "submit", folder)
        run(programs, "review", "on-commas", "--decision", "publish", "--reviewer", ada.name, "--key", ada.key, "--yes")
    with desked(pair.desk) as desk, opened(desk, browser, f"week/{WEEK}") as page:
        titles = page.locator(".texts .title")
        expect(titles).to_have_text(["Neither of Us Is the Train"])
        page.get_by_role("link", name="Add on-commas").click()
        expect(titles).to_have_text(["Neither of Us Is the Train", "On commas"])
        page.get_by_role("link", name="Move “On commas” up").click()
        expect(titles).to_have_text(["On commas", "Neither of Us Is the Train"])
        expect(page.frame_locator("iframe").get_by_role("heading", level=1)).to_have_text("On commas")
        press(page, "p")
        expect(page.locator("#published")).to_contain_text(f"would publish {WEEK}: on-commas, {ESSAY}")
        press(page, "y")
        expect(page.locator("#published")).to_contain_text(f"published {WEEK}: on-commas, {ESSAY}")
    run(pair.commands, "publish", "--essay", "on-commas", "--essay", ESSAY)
    issue = pair.desk.reopened().register.index.weeks("issue")[WEEK]
    assert len(pair.desk.reopened().register.statement(issue).predicate["essays"]) == 2


def test_what_keeps_an_issue_back_is_said_and_no_button_offers_it(filed_home: Home) -> None:
    with desked(filed_home) as desk:
        text = desk.ask(f"week/{WEEK}").text
        assert "no essay is approved" in text
        assert "/publish" not in text
        refused = post(desk, f"week/{WEEK}/publish", really="yes")
        assert "not done" in refused
        assert "no essay is approved" in refused
        assert desk.ask("week/2026-W60").status == 422


def test_an_essay_that_is_shown_is_the_one_that_goes_out_though_another_is_approved_meanwhile(
    pair: Pair, ada: Reviewer, write_essay: Callable[..., Path]
) -> None:
    with desked(pair.desk) as desk:
        shown = dict(re.findall(r'name="(essay|_once)" value="([^"]*)"', desk.ask(f"week/{WEEK}").text))
        path = pair.desk.root / "essays/2026-11-02-neither-of-us-is-the-train/essay.toml"
        path.write_text(path.read_text() + "# changed\n")
        said = post(desk, f"week/{WEEK}/publish", really="yes", **shown)
        assert "was changed after" in said
    assert WEEK not in pair.desk.reopened().register.index.weeks("issue")


# A week without an issue.


def test_weeks_without_an_issue_are_explained_as_the_command_explains_them(pair: Pair, browser: Browser) -> None:
    with desked(pair.desk) as desk, opened(desk, browser, f"week/{WEEK}") as page:
        press(page, "n")
        page.get_by_label("Words for readers").fill("We were at sea.")
        page.wait_for_selector("form[data-kept]")
        page.reload()
        expect(page.get_by_label("Words for readers")).to_have_value("We were at sea.")
        expect(page.get_by_label("Words for readers")).to_be_visible()
        page.get_by_label("Until which week").fill("2026-W50")
        page.get_by_role("button", name=f"Explain {WEEK}").click()
        expect(page.locator("#skipped")).to_contain_text(f"{WEEK} explained")
        page.goto(desk.at(f"week/{WEEK}"))
        expect(page.locator("blockquote")).to_have_text("We were at sea.")
        both = desk.ask("week/2026-W51/skip", {"reason": "holiday", "words": "x"}, partial=True)
        assert (both.status, "found both" in both.text) == (422, True)
        backwards = desk.ask("week/2026-W51/skip", {"reason": "holiday", "until": "2026-W50"}, partial=True)
        assert (backwards.status, "the earlier week first" in backwards.text) == (422, True)
        post(desk, "week/2026-W51/skip", reason="holiday")
    run(pair.commands, "skip", f"{WEEK}..2026-W50", "--reason", "We were at sea.")
    run(pair.commands, "skip", "2026-W51", "--reason", "holiday")
    pair.compare()


# Once.


def test_whoever_presses_twice_sends_and_publishes_once(pair: Pair, smtp: MailServer, tmp_path: Path) -> None:
    with desked(pair.desk) as desk:
        said = _at_once(lambda: post(desk, f"week/{WEEK}/publish", essay=ESSAY, really="yes", _once="a1"))
        assert all(f"published {WEEK}: {ESSAY}" in each for each in said)
        again = post(desk, f"week/{WEEK}/publish", essay=ESSAY, really="yes", _once="a2")
        assert f"{WEEK} was published already; nothing changed" in again
        post(desk, "week/site/copy", to=str(tmp_path / "www"), really="yes")
        _at_once(lambda: post(desk, f"week/{WEEK}/test", to="ada@example.org", _once="b1"))
        assert smtp.to == ["ada@example.org"]
        _at_once(lambda: post(desk, f"week/{WEEK}/send", _once="c1"))
        said = _at_once(lambda: post(desk, f"week/{WEEK}/send"))  # two tabs, each with a form of its own
        assert all("sent already" in each and "nothing changed" in each for each in said)
        assert smtp.to == ["ada@example.org", LIST]
        seen = str(hand_overs(pair.desk.reopened(), WEEK)[-1].index)
        said = _at_once(lambda: post(desk, f"week/{WEEK}/send", again="yes", after=seen))
        assert sum("was sent to" in each and "not done" not in each for each in said) == 1
    assert smtp.to == ["ada@example.org", LIST, LIST]
    assert len(hand_overs(pair.desk.reopened(), WEEK)) == 2


def _at_once(act: Callable[[], str]) -> list[str]:
    said: list[str] = []
    threads = [threading.Thread(target=lambda: said.append(act())) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return said


def test_what_a_mail_server_answers_is_said_as_the_command_says_it(
    pair: Pair, smtp: MailServer, tmp_path: Path
) -> None:
    with desked(pair.desk) as desk:
        unseen = post(desk, f"week/{BEFORE}/send")
        assert "--unseen" in unseen
        post(desk, "week/site/copy", to=str(tmp_path / "www"), really="yes")
        smtp.rcpt.append("550 no such list")
        assert f"{LIST}: the server refuses it: 550 no such list; nothing was handed over" in post(
            desk, f"week/{BEFORE}/send"
        )
        smtp.end.append("552 too large")
        assert "tries again" in post(desk, f"week/{BEFORE}/send")
        assert "was refused for" in desk.ask(f"week/{BEFORE}").text
        smtp.end.append("lost")
        assert "not confirmed" in post(desk, f"week/{BEFORE}/send")
        page = desk.ask(f"week/{BEFORE}").text
        assert "Hand it over once more" in page
        assert "Ask the list or its server" in post(desk, f"week/{BEFORE}/send")
        assert "expected a bare address" in desk.ask(f"week/{BEFORE}/test", {"to": "Ada <a@b.org>"}, partial=True).text
    assert smtp.taken == []


def test_a_mail_that_is_wanted_with_a_password_is_sent_with_the_one_that_was_typed(
    pair: Pair, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("PUBLISHER_SMTP_PASSWORD", raising=False)
    path = pair.desk.root / "archive.toml"
    certificate = Certificate.made(tmp_path)
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate.file))
    with mail_server(certificate, password=b"secret") as server:
        text = re.sub(r'smtp = "[^"]*"', f'smtp = "smtp://ada@localhost:{server.port}"', path.read_text())
        path.write_text(text)
        with desked(pair.desk) as desk:
            assert "Password of ada" in desk.ask(f"week/{BEFORE}").text
            form = {"to": "ada@example.org"}
            assert "expected the password of ada" in post(desk, f"week/{BEFORE}/test", **form)
            assert "535" in post(desk, f"week/{BEFORE}/test", password="wrong", **form)
            assert "the list has nothing" in post(desk, f"week/{BEFORE}/test", password="secret", **form)
    assert server.to == ["ada@example.org"]
    assert not [name for name, data in tree(pair.desk.root).items() if b"secret" in data]


# Taking down.


def test_a_text_is_withdrawn_as_the_command_does_it_after_a_yes(pair: Pair, browser: Browser) -> None:
    with desked(pair.desk) as desk, opened(desk, browser, f"week/{BEFORE}") as page:
        page.get_by_role("link", name=re.compile("^Withdraw")).click()
        page.get_by_label("Why").select_option("other")
        page.get_by_label("Take it down for good").check()
        page.get_by_role("button", name="Withdraw it").click()
        expect(page.locator("#f-words-wrong")).to_contain_text("expected what readers are told instead")
        page.wait_for_selector("form[data-ready]")
        page.get_by_label("Words for readers").fill("It named a street.")
        page.get_by_label("Take it down for good").check()
        page.get_by_role("button", name="Withdraw it").click()
        expect(page.locator("#withdrawn")).to_contain_text(f"{PUBLISHED} withdrawn entry")
        expect(page.locator("#withdrawn .entries li", has_text="notice withdrawn").first).to_be_visible()
        unsure = desk.ask(f"week/withdraw/{PUBLISHED}", {"reason": "error"}, partial=True)
        assert unsure.status == 422
        assert desk.ask("week/withdraw/nowhere").status == 404
    run(pair.commands, "withdraw", PUBLISHED, "--reason", "other", "--words", "It named a street.")
    pair.compare()


# The site.


def test_the_site_is_written_anew_and_made_again_and_a_server_is_told_of_it(pair: Pair) -> None:
    for home in (pair.desk, _home(pair)):
        run(Programs(home), "note", PUBLISHED, "--text", "It is sixty-one.")
    (pair.desk.site / "index.html").write_text("mine")
    with desked(pair.desk) as desk:
        assert f"site/essays/{PUBLISHED}/index.html" in desk.ask("week/site").text
        assert "published the site" in post(desk, "week/site/publish")
        (pair.desk.site / "index.html").write_text("mine")
        assert "1 files written" in post(desk, "week/site/build")
        assert "nothing changed" in post(desk, "week/site/build")
        got = desk.ask("week/site/server?program=caddy&to=editor%40host%3A%2Fsrv%2Fwww")
        assert (got.headers["content-disposition"], "/srv/www" in got.text) == (
            'attachment; filename="Caddyfile"',
            True,
        )
        assert "nothing can be put there over HTTP" in post(desk, "week/site/copy", to="https://letters.example.org")
    run(pair.commands, "publish", "--site")
    pair.compare()


def test_witnesses_are_asked_and_what_they_have_seen_is_said(pair: Pair, tmp_path: Path) -> None:
    key = pair.desk.register.key
    with at_work(tmp_path / "kestrel", name="kestrel.example/witness", logs=[key]) as kestrel:
        with serving(kestrel, []) as url, (pair.desk.root / "archive.toml").open("a") as file:
            file.write(table("kestrel", kestrel.key, url))
        with desked(pair.desk) as desk:
            assert "publisher cosign" in desk.ask("week").text
            assert "kestrel" in post(desk, "week/site/cosign")
            assert "never" in desk.ask("week").text
        with serving(kestrel, []) as url, desked(pair.desk) as desk:
            path = pair.desk.root / "archive.toml"
            path.write_text(re.sub(r'(name = "kestrel"\n.*\nurl = )"[^"]*"', rf'\1"{url}"', path.read_text()))
            size = pair.desk.register.size
            assert f"kestrel has seen {size} of {size} statements" in " ".join(post(desk, "week/site/cosign").split())
            assert f"has seen {size} of" in desk.ask("week/site").text
            assert "publisher cosign" not in desk.ask("week").text


# What is looked at.


def test_a_page_says_that_something_was_saved_and_looks_again_when_it_is_wanted(pair: Pair, browser: Browser) -> None:
    with desked(pair.desk) as desk, opened(desk, browser) as page:
        with page.expect_response("**/week/saved"):
            page.goto(desk.at(f"week/{WEEK}"))
        path = pair.desk.root / "archive.toml"
        path.write_text(path.read_text().replace('title = "Letters After"', 'title = "Letters Before"'))
        page.wait_for_load_state()
        page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")  # as who comes back to it
        expect(page.locator("[data-news]")).to_be_visible()
        expect(page.frame_locator("iframe").get_by_text("Letters After").first).to_be_visible()
        press(page, "r")
        expect(page.frame_locator("iframe").get_by_text("Letters Before").first).to_be_visible()
        expect(page.locator("[data-news]")).to_be_hidden()


def test_what_is_looked_at_runs_nothing_and_leads_to_no_other_file(pair: Pair) -> None:
    with desked(pair.desk) as desk:
        here = f"week/{WEEK}/look/-/"
        for place in (f"site/essays/{ESSAY}/", "site/verify/index.html", "mail.html", "mail.txt", "dark/style.css"):
            got = desk.ask(here + place)
            assert got.status == 200, place
            assert "sandbox allow-same-origin" in got.headers["content-security-policy"]
        for place in (
            "",
            "preview.js",
            "site/../../archive.toml",
            "site/%2e%2e/%2e%2e/archive.toml",
            "site//etc/passwd",
        ):
            got = desk.ask(here + place)
            assert got.status >= 400, place
            assert "[newsletter]" not in got.text


# Setting up.


def test_what_a_newsletter_needs_is_asked_and_written_as_the_command_writes_it(
    tmp_path: Path, browser: Browser, ada: Reviewer, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    homes = [tmp_path / name for name in ("one", "two")]
    for root in homes:
        made = Programs().archive("init", root, "--name", "Mine", "--origin", "mine.example.org/log", "--sample")
        assert not made.exit_code, made.output
    (tmp_path / ".ssh").mkdir()
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("TZ", "UTC")
    desk_home, programs = Home.at(homes[0]), Programs(Home.at(homes[1]))
    with desked(desk_home) as desk, opened(desk, browser) as page:
        page.get_by_role("link", name="The week").click()
        page.get_by_label("Title of the newsletter").fill("Mine")
        page.get_by_label("Address of the site").fill("mine.example.org")
        page.get_by_label("Who sends the mail").fill("me@mine.example.org")
        page.get_by_label("The mail server").fill("mine.example.org")
        page.get_by_role("button", name="Write it down").click()
        expect(page.locator("#f-base_url-wrong")).to_contain_text("expected https://")
        expect(page.locator("#f-smtp-wrong")).to_contain_text("expected smtps://")
        expect(page.get_by_label("Address of the site")).to_be_focused()
        page.get_by_label("Address of the site").fill("https://mine.example.org")
        page.get_by_label("The mail server").fill("smtps://mine.example.org")
        page.get_by_label("A further one: its id").fill("names")
        page.get_by_label("Its question").fill("Whose?")
        page.get_by_label("The day on which").select_option("monday")
        page.wait_for_selector("form[data-kept]")
        page.get_by_label("Somebody’s public key").set_input_files(ada.key.with_suffix(".pub"))
        page.get_by_role("checkbox", name="A key that was dropped here").check()
        expect(page.get_by_label("Title of the newsletter")).to_have_value("Mine")
        page.get_by_label("Whose it is").fill(ada.name)
        page.keyboard.press("Enter")
        expect(page.locator("#setting")).to_contain_text("written: archive.toml, allowed_signers")
        expect(page.locator("#setting .entries li", has_text="notice keys").first).to_be_visible()
        for place in ("", "week", "week/site", "week/2026-W45", "week/setup"):
            assert desk.ask(place).status == 200, "before anything was published"
        key = desk.ask("week/setup/keys/id", data=ada.key.read_bytes())
        assert (key.status, "stays where it is" in key.text) == (422, True)
        assert b"PRIVATE KEY" not in b"".join(tree(desk_home.root / ".archive/desk").values())
    said = ("--title", "Mine", "--base-url", "https://mine.example.org", "--from", "me@mine.example.org")
    said += ("--smtp", "smtps://mine.example.org", "--criterion", "names=Whose?", "--weekday", "monday", "--yes")
    run(programs, "setup", *said, "--reviewer", f"{ada.name}={ada.key}.pub")
    for name in ("archive.toml", "allowed_signers"):
        assert (homes[0] / name).read_bytes() == (homes[1] / name).read_bytes()
    assert logged(desk_home) == logged(Home.at(homes[1]))


def test_answers_are_not_written_over_a_configuration_that_was_changed_meanwhile(pair: Pair) -> None:
    path = pair.desk.root / "archive.toml"
    with desked(pair.desk) as desk:
        fields = _fields(desk.ask("week/setup").text)
        path.write_text(path.read_text() + "# mine\n")
        before = path.read_bytes()
        conflict = desk.ask("week/setup", {**fields, "title": "Other"}, partial=True)
        assert (conflict.status, path.read_bytes()) == (409, before)
        fields = _fields(desk.ask("week/setup").text)
        assert "written: archive.toml" in post(desk, "week/setup", **{**fields, "title": "Other", "notify": ""})
        assert b'title = "Other"' in path.read_bytes()
        assert b"# mine" in path.read_bytes()


def test_a_key_is_ended_as_the_command_ends_it(pair: Pair, ada: Reviewer) -> None:
    with desked(pair.desk) as desk:
        assert "until 2026-12-04T09:00:00Z" in post(desk, "week/setup/revoke", who=ada.name)
        assert "nothing changed" in post(desk, "week/setup/revoke", who=ada.name)
        wrong = desk.ask("week/setup/revoke", {"who": ada.name, "from": "yesterday"}, partial=True)
        assert (wrong.status, "expected a day or a time in UTC" in wrong.text) == (422, True)
    run(pair.commands, "revoke", ada.name)
    pair.compare()


def _fields(page: str) -> dict[str, str]:
    """The fields of the form, as a browser would send them."""
    from html import unescape

    form = page[page.index('data-form="setup"') :].partition("</form>")[0]
    found = dict(re.findall(r'<input type="(?:text|hidden)"[^>]*? name="([^"]*)" value="([^"]*)"', form))
    found |= dict(re.findall(r'<textarea id="[^"]*" name="([^"]*)"[^>]*>\n([^<]*)</textarea>', form))
    found |= {"weekday": re.findall(r'<option value="([^"]*)" selected', form)[0]}
    return {name: unescape(value) for name, value in found.items()}


# What takes long, what is stopped.


def test_whoever_loads_the_page_again_sees_how_far_it_is(pair: Pair) -> None:
    with desked(pair.desk) as desk:
        go = threading.Event()

        def work(job: Job) -> Markup:
            job.count(3, 7)
            go.wait(20)
            return Markup("<p>that is done</p>")

        job = desk.server.desk.start("copy to www", work)
        for place in (f"week/{WEEK}", "week/site"):
            wait_until(lambda place=place: "3 of 7" in desk.ask(place).text)  # type: ignore[misc]
        go.set()
        wait_until(lambda: "that is done" in desk.ask(f"jobs/{job.id}").text)
        assert "3 of 7" not in desk.ask("week/site").text


def wait_until(true: Callable[[], bool]) -> None:
    """Or fail."""
    for _ in range(200):
        if true():
            return
        time.sleep(0.02)
    raise AssertionError("that never came true")


def test_what_ssh_or_git_would_ask_is_asked_in_no_terminal(
    pair: Pair, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("rsync", "git"):
        program = tmp_path / "programs" / name
        program.parent.mkdir(exist_ok=True)
        told = "f'fatal: alone {os.getsid(0) == os.getpid()} {os.environ.get(\"GIT_TERMINAL_PROMPT\")}'"
        program.write_text(f"#!{sys.executable}\nimport os, sys\nprint({told}, file=sys.stderr)\nsys.exit(1)\n")
        program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{program.parent}:{os.environ['PATH']}")
    with desked(pair.desk) as desk:
        assert "alone True 0" in post(desk, "week/site/copy", to="editor@host:/srv/www")
        assert post(desk, "week/site/copy", to="git:https://host/letters.git#pages").count("not done") == 1
    for target in ("editor@host:/srv/www",):
        done = pair.commands.publisher("deploy", target)
        assert "alone False None" in done.stderr


def test_a_desk_that_ends_leaves_a_week_as_it_was_or_as_it_is_wanted(pair: Pair) -> None:
    with desked(pair.desk) as desk:
        desk.ask(f"week/{WEEK}/publish", {"essay": ESSAY, "really": "yes"}, partial=True)
    with desked(pair.desk) as desk:
        said = post(desk, f"week/{WEEK}/publish", essay=ESSAY, really="yes")
        assert "published" in said
    run(pair.commands, "publish")
    pair.compare()


def test_without_script_a_job_has_a_page_of_its_own(pair: Pair, browser: Browser) -> None:
    with desked(pair.desk) as desk, opened(desk, browser, java_script_enabled=False) as page:
        page.goto(desk.at(f"week/{WEEK}"))
        page.get_by_role("link", name="Dark: Neither of Us Is the Train").click()
        expect(page.frame_locator("iframe").get_by_role("heading", level=1)).to_be_visible()
        _reload_until(
            page, f"would publish {WEEK}", lambda: page.get_by_role("button", name=f"Publish {WEEK} …").click()
        )
        _reload_until(page, f"published {WEEK}", lambda: page.get_by_role("button", name=f"Publish {WEEK}").click())


def _reload_until(page: Page, text: str, act: Callable[[], None]) -> None:
    act()
    for _ in range(100):
        if text in page.content():
            return
        page.wait_for_timeout(50)
        page.reload()
    raise AssertionError(page.content())
