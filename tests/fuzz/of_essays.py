"""What models write: the essay as it is shown, what a reviewer is told of it, the issue that it goes out in."""

import dataclasses
import email
import json
from email.policy import SMTP
from pathlib import Path
from xml.etree import ElementTree

from archive.errors import Refused, accepted
from archive.records import sidecar
from archive.records.toml import string
from archive.register import sums
from publisher.essays import problems, render, words
from publisher.essays.essay import EssayRecord
from publisher.site import card, cut, feed, mail, pages
from publisher.verify import markup
from tests import example_site
from tests.fuzz.target import Target

ROOT = Path(__file__).parents[2]


def rendering(data: bytes) -> object:
    """Where a text can be shown, a stranger who looks at the HTML finds nothing but that text."""
    if faults := render.unfaithful(data):
        raise Refused(faults)
    found = problems.problems(data)
    for body in render.articles(data.decode()):
        words.lines(words.visible(body)).decode()
    digest = sums.digest(data)
    shown = f'<div class="essay" data-sha256="{digest}">{render.article(data.decode())}</div>'
    wrong, seen = markup.compared(shown, {digest: data})
    assert not wrong, wrong
    assert seen == {digest}
    return found


def issued(data: bytes) -> object:
    """A title, a byte of zero, a text: in the mail, in every feed, on a page and on a card."""
    title, _, text = data.partition(b"\0")
    record = f"title = {string(title.decode(errors='replace'))}\n".encode()
    read = accepted(sidecar.read(MAKING + record, "essay.toml", EssayRecord))
    if faults := render.unfaithful(text):
        raise Refused(faults)
    made = example_site.essay(1, "an-essay", read.title, text.decode(), 2)
    one = example_site.issue(1, "2026-W45", 6, dataclasses.replace(made, record=read))
    site = example_site.site(issues=(one,), gaps=(), withheld=(), waiting=())
    whole = mail.message(site, one)
    assert [each.text for each in cut.essays(whole)] == [text]
    assert set(email.message_from_bytes(whole, policy=SMTP).keys()) == HEADERS
    for xml in (feed.atom(site), feed.rss(site)):
        ElementTree.fromstring(xml)
    assert json.loads(feed.json_feed(site))["items"][0]["content_text"] == text.decode()
    card.card(site, one, one.essays[0])
    return [planned.make().decode() for name, planned in pages.plan(site) if name == "essays/an-essay/index.html"]


MAKING = b"""format = 1
model = "example-heron-1"
title_by = "model"
prompt = "Write whatever you like."
context = []
sampling = "temperature 1.0"
candidates = 1
selection = "the only one"
topic_by = "model"
"""
HEADERS = {
    *("From", "To", "Subject", "Date", "Message-ID", "List-Id", "List-Archive", "Archived-At", "Content-Language"),
    *("Content-Type", "MIME-Version"),
}


def _texts() -> list[bytes]:
    cases = (ROOT / "tests/cases/rendering.md").read_bytes().split(b"\n.\n")
    return [*(path.read_bytes() for path in sorted(ROOT.glob("essays/*/essay.md"))), *filter(None, cases[:40])]


def _issues() -> list[bytes]:
    return [title.encode() + b"\0" + text for title, text in zip(TITLES, _texts(), strict=False)]


TITLES = ("The form asks for a date", "Ünïcode & <b> — 更正 🪔")
WORDS = (
    b"](",
    b"![",
    b"```\n",
    b"> ",
    b"- ",
    b"1. ",
    b"|--|",
    b"**",
    b"__",
    b"&#x202e;",
    b"<!--",
    b"[a]: ",
    b"\\",
    b"    ",
)
TARGETS = {
    "essay.md": Target(rendering, _texts, WORDS, 2048),
    "issue": Target(issued, _issues, (*WORDS, b"From ", b"----- BEGIN ESSAY ", b"=\n"), 2048),
}
