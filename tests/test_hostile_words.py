"""What a model or an interviewer said may hold anything: no page runs it, and none is turned around by it."""

import json
import re
from pathlib import Path

import pytest

from archive import characters
from archive.home.home import Home
from publisher.verify.site.check import verify_site
from tests.files import tree
from tests.programs import Programs
from tests.year_records import form

SAID = (
    "<script>alert(1)</script><img src=x onerror=alert(1)> \x1b[31mred \u202eRTL \u2066x \"'`& </textarea></pre>]]> "
    "{{ 7 * 7 }} --></style> \u2028 \ufffe \x07 \x9b31m"
)
READING = """\
format = 1
title = "<script>alert(1)</script> \\u202e"
author = "Ann \\u202e \\u001b[31m"
author_kind = "person"
date = 2026-11-02
interviews = [1]

[[claim]]
text = "<i onclick='alert(1)'>x</i> \\u001b[31m"
"""
PROSE = (
    "# <script>alert(1)</script>\n\n[x](javascript:alert(1)) ![a](//x/y.png) <b onclick='alert(1)'>raw</b> \u202e "
    "\x1b[31m\n"
)
FORBIDDEN = re.compile(f"[{characters.UNCARRIED}{characters.TURNING}]")


@pytest.fixture
def published(filed_home: Home, tmp_path: Path) -> Home:
    """A public interview in which everything that can be said is said, and a reading of it."""
    desk = tmp_path / "desk"
    (desk / "analyses").mkdir(parents=True)
    used = {"type": "tool_use", "id": "t", "name": SAID, "input": {SAID: SAID}}
    spoken = [{"type": "thinking", "thinking": SAID}, {"type": "text", "text": SAID}, used]
    result = {"type": "tool_result", "tool_use_id": "t", "content": SAID}
    turns = [("user", SAID), ("assistant", spoken), ("user", [result]), ("assistant", SAID)]
    messages = [{"role": role, "content": content} for role, content in turns]
    (desk / "received.json").write_text(json.dumps({"model": "example-heron-1", "messages": messages}))
    (desk / "deposit.toml").write_text(form("example-heron-1", "<b>T</b> \u202eRTL", "2026-11-02", "public"))
    (desk / "analyses/reading.toml").write_text(READING)
    (desk / "analyses/reading.md").write_text(PROSE)
    programs = Programs(filed_home)
    assert programs.archive("file", desk).exit_code == 0
    assert programs.publisher("publish", "--site").exit_code == 0
    return filed_home.reopened()


def test_no_page_runs_or_obeys_what_was_said_in_an_interview(published: Home) -> None:
    pages = {name: data.decode() for name, data in tree(published.site).items() if name.endswith(".html")}
    own = [name for name in pages if name.startswith("interviews/2026-0005/")]
    assert len(own) == 2
    for name, page in pages.items():
        assert not FORBIDDEN.search(page), name
        if not name.startswith(("verify/", "search/")):
            assert not re.search(r"<(script|img|[^<>]* on\w+=)(?! type=\"application/ld\+json\")", page), name
            assert 'href="javascript:' not in page
    assert "⟨U+202E⟩RTL" in pages["interviews/2026-0005/1/index.html"]
    assert "{{ 7 * 7 }}" in pages["interviews/2026-0005/1/index.html"]
    assert verify_site(published.site, published.register.key)


@pytest.mark.parametrize("command", [["status"], ["publish", "--dry-run"]], ids=" ".join)
def test_no_terminal_obeys_it(published: Home, command: list[str]) -> None:
    said = Programs(published).publisher(*command).output
    assert not FORBIDDEN.search(said)
    assert not FORBIDDEN.search(Programs(published).publisher("verify", published.site).output)
