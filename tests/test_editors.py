"""What editors say beside an essay: written, filed, shown as not the model's words, and never in its text."""

import json
import os
import pty
import sys
from collections.abc import Callable
from pathlib import Path

import feedparser
import pytest
from selectolax.lexbor import LexborHTMLParser

from archive.audit.check import check
from archive.errors import Error, Refused
from archive.home.home import Home
from publisher.essays import editors
from publisher.essays.editors import Filed
from publisher.essays.review import review
from publisher.essays.submit import submit
from publisher.issues.build import publish_site
from publisher.issues.publish import publish
from publisher.issues.withdraw import withdraw
from tests.conftest import MAKING, Clock, Reviewer
from tests.files import tree
from tests.programs import Programs


@pytest.fixture
def home(home: Home, write_essay: Callable[..., Path], ada: Reviewer, clock: Clock) -> Home:
    """One essay is out."""
    submit(home, write_essay())
    review(home.reopened(), "on-commas", decision="publish", reviewer=ada.name, key=ada.key)
    clock.set("2026-11-06")
    publish(home.reopened())
    clock.set("2026-11-09")
    return home.reopened()


def erratum(home: Home, text: str = "It is 24.", **how: str) -> Filed:
    return editors.note(
        home.reopened(), "on-commas", text, **({"kind": "erratum", "by": "Ada", "place": "after"} | how)
    )


def test_an_erratum_is_filed_and_shown_beside_the_text(home: Home) -> None:
    done = erratum(home)
    assert (home.relative(done.path), done.new, done.shown) == (
        "essays/2026-11-02-on-commas/editors/1.toml",
        True,
        True,
    )
    assert check(home.reopened()).problems == ()
    publish_site(home.reopened())
    page = LexborHTMLParser((home.site / "essays/on-commas/index.html").read_text())
    (aside,) = page.css("aside.note")
    assert "Erratum" in aside.text()
    assert "not the model’s words" in aside.text()
    assert "It is 24." in aside.text()
    assert "It is 24." not in page.css_first("div.essay").text()
    assert (home.site / "essays/on-commas/essay.md").read_text() == "They *pause*.\n"
    done_by = Programs().publisher("verify", home.site, "--key", home.reopened().register.key)
    assert done_by.exit_code == 0, done_by.output


def test_feeds_show_it_outside_the_text_and_say_when(home: Home) -> None:
    before = feedparser.parse((home.site / "feed.atom").read_bytes())["entries"][0]
    erratum(home)
    publish_site(home.reopened())
    entry = feedparser.parse((home.site / "feed.atom").read_bytes())["entries"][0]
    assert (entry["id"], entry["published"]) == (before["id"], before["published"])
    assert entry["updated"] == "2026-11-09T00:00:00+00:00"
    content = LexborHTMLParser(entry["content"][0]["value"])
    assert "It is 24." in content.css_first("blockquote").text()
    assert "It is 24." not in content.css_first("div").text()
    (item,) = json.loads((home.site / "feed.json").read_text())["items"]
    assert item["date_modified"] == "2026-11-09T00:00:00Z"
    assert item["content_text"] == "They *pause*.\n"


def test_the_same_again_is_there_already(home: Home, clock: Clock) -> None:
    erratum(home)
    clock.set("2026-11-10")
    before = tree(home.root / "essays")
    assert erratum(home).new is False
    assert erratum(home, "It is 25.").path.name == "2.toml"
    assert tree(home.root / "essays").keys() - before.keys() == {"2026-11-02-on-commas/editors/2.toml"}


@pytest.mark.parametrize(
    ("text", "expected"), [(" \n", "text: is blank"), ("\x1b[31mred", "control characters")], ids=["blank", "a colour"]
)
def test_what_cannot_be_shown_is_refused(home: Home, text: str, expected: str) -> None:
    with pytest.raises(Refused, match=expected):
        erratum(home, text)
    assert not (home.root / "essays/2026-11-02-on-commas/editors").exists()


def test_a_form_that_was_not_filled_in_is_gone_on_with(home: Home) -> None:
    path = editors.draft(home, "on-commas", kind="note", by="Ada", place="after")
    assert editors.file(home.reopened(), "on-commas", path) is None
    assert publish_site(home.reopened()).new is False
    assert editors.draft(home.reopened(), "on-commas", kind="erratum", by="Bob", place="after") == path
    path.write_text(path.read_text().replace('text = """\n', 'text = """\nOne.\n\nTwo.\n'))
    done = editors.file(home.reopened(), "on-commas", path)
    assert done is not None
    assert check(home.reopened()).problems == ()
    assert editors.draft(home.reopened(), "on-commas", kind="note", by="Ada", place="after").name == "2.toml"


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ('kind = "note"', 'kind = "correction"', "kind"),
        ('place = "after"', 'place = "inside"', "place"),
        ("date = 2026-11-09", "date = 2036-11-09", "expected a day that has come, found 2036-11-09"),
        ("format = 1", "format = 1\nwords = 1", "words"),
    ],
)
def test_a_form_with_something_wrong_is_refused(home: Home, old: str, new: str, expected: str) -> None:
    path = editors.draft(home, "on-commas", kind="note", by="Ada", place="after")
    path.write_text(path.read_text().replace(old, new).replace('text = """\n', 'text = """\nOne.\n'))
    with pytest.raises(Refused, match=expected):
        editors.file(home.reopened(), "on-commas", path)


def test_beside_what_was_withdrawn_nothing_can_be_said(home: Home) -> None:
    withdraw(home, "on-commas", "legal")
    with pytest.raises(Error, match="was withdrawn"):
        erratum(home)


def at_a_terminal(home: Home, folder: Path, *words: str, editor: str = "", typed: bytes = b"") -> tuple[int, bytes]:
    """Exit status of a command of the publisher that a person runs, and what they see."""
    child, terminal = pty.fork()
    if not child:
        os.chdir(folder)
        os.environ |= {"ARCHIVE_HOME": str(home.root), "EDITOR": editor, "TERM": "dumb", "PAGER": "cat"}
        os.execv(sys.executable, [sys.executable, "-m", "publisher", *words])
    os.write(terminal, typed)
    seen = b""
    try:
        while more := os.read(terminal, 1024):
            seen += more
    except OSError:  # the other end is gone
        pass
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), seen


def test_an_editor_that_is_not_there_leaves_the_form_and_says_what_to_do(home: Home, tmp_path: Path) -> None:
    status, seen = at_a_terminal(home, tmp_path, "note", "on-commas", editor="no-such-editor")
    assert status == 1
    assert b"nothing was filed: set EDITOR to an editor, or fill the form in where it lies" in seen
    assert (home.root / "essays/2026-11-02-on-commas/editors/1.toml").exists()


def test_a_reviewer_who_says_no_has_signed_nothing(
    home: Home, tmp_path: Path, ada: Reviewer, write_essay: Callable[..., Path]
) -> None:
    submit(home, write_essay("on-dashes", "They wait.\n", MAKING.replace("On commas", "On dashes")))
    sign = ("--decision", "hold", "--reviewer", ada.name, "--key", str(ada.key))
    size = home.reopened().register.size
    status, seen = at_a_terminal(home, tmp_path, "review", "on-dashes", *sign, typed=b"n\n")
    assert (status, b"nothing was signed" in seen, b"Aborted" in seen) == (1, True, False), seen
    assert home.reopened().register.size == size


def test_a_person_writes_it_in_the_editor(home: Home, tmp_path: Path) -> None:
    editor = tmp_path / "editor"
    said = 'text = "Written by hand."'
    editor.write_text(f"""#!/bin/sh\nsed '/^text/,$d' "$1" > form\necho '{said}' >> form\ncat form > "$1"\n""")
    editor.chmod(0o755)
    status, seen = at_a_terminal(home, tmp_path, "note", "on-commas", editor=str(editor))
    assert status == 0, seen
    assert b"editors/1.toml  filed" in seen
    assert b"publisher publish --site" in seen
    publish_site(home.reopened())
    assert "Written by hand." in (home.site / "essays/on-commas/index.html").read_text()
