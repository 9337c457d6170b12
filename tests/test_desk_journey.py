"""Two people who see no terminal: one comes with a log, the other with a text. All they do is in the browser."""

import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from archive.home.founding import create
from archive.home.home import Home
from tests.conftest import Clock, Reviewer
from tests.desked import desked, opened
from tests.mail_server import MailServer, mail_server
from tests.programs import Programs

MODEL = "example-heron-1"
ASKED = "Is there anything you would want done after you are retired?"
SAID = "Leave the corrections next to the answers they correct."
TEXT = "They *pause*. A comma is the smallest rest that a sentence may take.\n"
LIST = "letters@lists.example.org"


@pytest.fixture
def empty(tmp_path: Path, clock: Clock) -> Home:
    """A home as `archive init` makes it."""
    return create(tmp_path / "home", name="Example", origin="letters.example.org/register", sample=True)


@pytest.fixture
def smtp() -> Iterator[MailServer]:
    with mail_server() as running:
        yield running


def log(folder: Path, name: str, said: str, **more: str) -> Path:
    turns = [{"role": "user", "content": ASKED}, {"role": "assistant", "content": said}]
    path = folder / name
    path.write_text(json.dumps({"model": MODEL, "messages": turns, **more}))
    return path


def taken_in(page: Page, path: Path) -> None:
    """Drops a log and waits for its form."""
    page.get_by_role("link", name="Take in", exact=True).click()
    page.get_by_label("Drop logs here, or choose them:").set_input_files(path)
    expect(page.get_by_role("heading", level=1)).to_have_text(f"Take in {path.name}")


def filed(page: Page, number: str) -> None:
    page.get_by_role("button", name="File it").click()
    expect(page.locator("#taking")).to_contain_text(f"{number} filed")


def test_from_a_dropped_log_to_an_interview_that_is_filed_coded_and_compared(
    empty: Home, browser: Browser, tmp_path: Path
) -> None:
    with desked(empty, coder="") as desk, opened(desk, browser) as page:
        taken_in(page, log(tmp_path, "first.json", SAID))
        page.get_by_role("link", name=f"Make {MODEL} known").click()
        page.get_by_label("Maker").fill("Example Labs")
        page.get_by_role("button", name="File it").click()
        expect(page.get_by_role("heading", level=1)).to_have_text("Take in first.json")
        page.get_by_label("Kind").select_option("retirement_interview")
        filed(page, "2026-0001")
        page.get_by_role("link", name="Read and code it").click()

        page.wait_for_load_state("networkidle")
        page.locator("#t2 .words").first.dblclick(position={"x": 60, "y": 12})
        page.get_by_label("Your name").fill("Ann Lee")
        page.get_by_role("button", name="Go on").click()
        page.get_by_label("Find a code").fill("spontaneous")
        page.keyboard.press("Enter")
        page.get_by_label("What you have to say").fill("It asks for a practice.")
        page.get_by_role("button", name="File the note").click()
        expect(page.locator("#t2")).to_contain_text("It asks for a practice.")

        taken_in(page, log(tmp_path, "second.json", "Nothing.", system="You speak with the archivists who keep you."))
        filed(page, "2026-0002")
        page.get_by_role("link", name="Compare", exact=True).click()
        page.get_by_label("or the words in which it was asked").fill(ASKED)
        page.get_by_role("button", name="Compare", exact=True).click()
        expect(page.get_by_text("2 answers in 2 contexts")).to_be_visible()
        for words in (SAID, "Nothing.", "elicitation: spontaneous", "It asks for a practice."):
            expect(page.locator("main")).to_contain_text(words)
    note = (empty.root / f"transcripts/{MODEL}/2026-11-02-first/notes/ann-lee.toml").read_text()
    assert ('code.elicitation = "spontaneous"' in note, 'quote = "' in note) == (True, True)
    done = Programs(empty).archive("check", "--deep")
    assert (done.exit_code, done.stdout) == (0, "2 deposits, 1 model, 0 essays, 4 statements: all as logged\n")


def test_from_a_text_to_an_issue_that_is_published_copied_and_sent(
    empty: Home,
    browser: Browser,
    tmp_path: Path,
    clock: Clock,
    ada: Reviewer,
    smtp: MailServer,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    clock.set("2026-11-06")  # the Friday on which it is due
    keys = tmp_path / ".ssh"
    keys.mkdir()
    for suffix in ("", ".pub"):
        shutil.copy(f"{ada.key}{suffix}", keys / f"id_ed25519{suffix}")
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.delenv("SSH_AUTH_SOCK", raising=False)
    text = tmp_path / "on-commas.md"
    text.write_text(TEXT)
    with desked(empty) as desk, opened(desk, browser) as page:
        page.get_by_role("link", name="The week", exact=True).first.click()
        for label, answer in {
            "Title of the newsletter": "Letters After",
            "Address of the site": "https://letters.example.org",
            "Who sends the mail": "Letters After <letters@example.org>",
            "Where the site is copied to": str(tmp_path / "www"),
            "The mail server": smtp.address,
            "The list's address": LIST,
        }.items():
            page.get_by_label(label, exact=True).fill(answer)
        page.get_by_label("id_ed25519.pub").check()
        page.get_by_role("button", name="Write it down").click()
        expect(page.locator("#setting")).to_contain_text("1 key is new")

        page.get_by_role("link", name="Essays", exact=True).click()
        page.locator("input[type=file]").first.set_input_files(text)
        page.get_by_label("Title", exact=True).fill("On commas")
        page.get_by_label("Model", exact=True).fill(MODEL)
        page.get_by_role("button", name="Log it").click()
        expect(page.get_by_role("heading", level=1)).to_have_text("On commas")
        for label, answer in {
            "Prompt": "Write whatever you like.",
            "Sampling": "temperature 1.0; one call",
            "Candidates": "1",
            "Topic by": "model",
            "Selection": "the only one sampled",
        }.items():
            page.get_by_label(label, exact=True).fill(answer)
        page.get_by_role("button", name="Save how it was made").click()
        expect(page.get_by_text("essay.toml is saved.")).to_be_visible()
        page.get_by_role("link", name="Read it all the same").click()
        expect(page.frame_locator("iframe").get_by_text("A comma is the smallest rest")).to_be_visible()
        page.get_by_label("Publish as it is").check()
        page.get_by_role("button", name="Sign").click()
        expect(page.get_by_text("on-commas is approved.")).to_be_visible()

        page.get_by_role("link", name="The week", exact=True).first.click()
        page.get_by_role("link", name="an editor publishes 2026-W45").click()
        page.get_by_role("button", name="Publish 2026-W45 …").click()
        page.get_by_role("button", name="Publish 2026-W45", exact=True).click()
        expect(page.locator("#published")).to_contain_text("published 2026-W45: on-commas")
        page.get_by_role("link", name="Copy the site to its readers").click()
        page.get_by_role("button", name="Copy the site …").click()
        page.get_by_role("button", name="Copy it there").click()
        expect(page.locator("#copied")).to_contain_text("files put and 0 removed")
        page.get_by_role("link", name="The week", exact=True).first.click()
        page.get_by_role("link", name="an editor sends 2026-W45").click()
        page.get_by_text("shows no register yet").click()
        page.get_by_label("Send it all the same").check()
        page.get_by_role("button", name=f"Send it to {LIST}").click()
        expect(page.locator("#sent")).to_contain_text(f"2026-W45 was sent to {LIST}")
    (eml,) = smtp.taken
    assert TEXT.strip().encode() in eml.replace(b"\r\n", b"\n")
    key = (empty.site / "register/policy").read_text().split("log ")[1].split("\n")[0]
    (tmp_path / "issue.eml").write_bytes(eml)
    for there in (tmp_path / "www", tmp_path / "issue.eml"):
        assert Programs(empty).publisher("verify", there, "--key", key).exit_code == 0, there
