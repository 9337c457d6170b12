"""``essay.toml``: everything that readers are owed is said, or said not to be recorded, and shown so."""

import json
from collections.abc import Callable
from pathlib import Path

from selectolax.lexbor import LexborHTMLParser

from archive.home.home import Home
from publisher.site.cut import essays
from tests.conftest import MAKING, Programs, Reviewer

SILENT = MAKING.replace("candidates = 1", 'candidates = "not_recorded: the log was lost"')
SILENT = SILENT.replace('topic_by = "model"', 'topic_by = "not_recorded"')


def publish(programs: Programs, ada: Reviewer, essay: Path) -> Home:
    assert programs.home is not None
    assert programs.publisher("submit", essay).stderr.startswith("Copy site/register")
    who = ("--decision", "publish", "--reviewer", ada.name, "--key", ada.key)
    assert programs.publisher("review", essay.name, *who).exit_code == 0
    assert programs.publisher("publish").exit_code == 0
    return programs.home


def test_what_nobody_wrote_down_can_be_said_and_is_shown_so_everywhere(
    programs: Programs, ada: Reviewer, write_essay: Callable[..., Path]
) -> None:
    site = publish(programs, ada, write_essay(making=SILENT)).site
    unknown = "How many texts were sampled is not recorded: the log was lost"
    page = LexborHTMLParser((site / "essays/on-commas/index.html").read_text()).text()
    assert "Who chose the topic is not recorded." in page
    assert f"{unknown}. How this one was chosen: the only one sampled" in page
    feed = json.loads((site / "feed.json").read_text())["items"][0]["content_html"]
    mail = (site / "issues/2026-W45/issue.eml").read_bytes()
    assert essays(mail)
    for told in (feed, (site / "feed.atom").read_text(), mail.replace(b"=\r\n", b"").decode()):
        assert f"Who chose the topic is not recorded. {unknown}. Reviewed by" in told
    entry = json.loads((site / "index.json").read_text())["essays"][0]
    assert (entry["topic_by"], entry["candidates"]) == ("not_recorded", "not_recorded: the log was lost")
    assert programs.publisher("verify", site).exit_code == 0


def test_a_form_left_as_it_is_says_of_each_key_that_it_is_blank_and_what_belongs_there(
    programs: Programs, tmp_path: Path
) -> None:
    (tmp_path / "essay.md").write_text("A text.")
    told = programs.publisher("submit", tmp_path / "essay.md").stderr.splitlines()
    said = {line.split()[5].rstrip(":"): line.partition(": is ")[2] for line in told if ": is blank" in line}
    assert said == {
        "model": "blank; say there who wrote the text, by the maker's id",
        "title": "blank; say there the title that is shown above the text",
        "title_by": "blank; say there who made the title: model or staff",
        "prompt": 'blank; say there what the model was asked, verbatim; or "not_recorded: why", "not_shared: why"',
        "sampling": "blank; say there temperature, limits, tools, number of calls",
        "selection": "blank; say there how this one was chosen among them",
        "topic_by": 'blank; say there model, menu or assigned; or "not_recorded: why"',
    }
    (candidates,) = (line for line in told if "candidates" in line)
    assert 'expected a number from 1, or "not_recorded" and if you know it why, found 0' in candidates


def test_what_is_wrong_in_essay_toml_is_said_in_plain_words(
    programs: Programs, write_essay: Callable[..., Path]
) -> None:
    making = MAKING.replace('"model"\nprompt', '"modle"\nprompt').replace("candidates = 1", 'candidates = "some"')
    making = making.replace('topic_by = "model"', 'topic_by = "not recorded"\nseries = ""')
    making = making.replace('"Write whatever you like."', '"Bell \\u0007"').replace("context = []", 'context = [" "]')
    told = programs.publisher("submit", write_essay(making=making)).stderr
    assert 'title_by: expected model or staff, found "modle"; did you mean "model"?' in told
    assert 'prompt: expected text that can be shown, without control characters, found "Bell ⟨U+0007⟩"' in told
    assert "context 1: is blank; fill it in" in told
    assert 'candidates: expected a number from 1, or "not_recorded" and if you know it why, found "some"' in told
    assert 'topic_by: expected model, menu, assigned or not_recorded, found "not recorded"; did you mean' in told
    assert "series: is blank; say it, or leave the key out" in told
