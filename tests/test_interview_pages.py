"""Pages about interviews: long ones in parts, the same question side by side, addresses that lead to turns."""

import json
import re

import pytest

from archive.home.home import Home
from archive.register.statement import decode_time
from publisher.issues.records import read
from publisher.issues.source import of_home
from publisher.site import comparisons, interviews, models, search
from publisher.site.held import turn_page
from publisher.site.linked import linked
from publisher.site.setting import FIRST
from publisher.site.site import Files, Site
from tests import room_home
from tests.conftest import Clock
from tests.room_home import Filed

LARGEST = 60_000
TURNS = 300
WORDS = 'It\'s "well" & good <b>. '


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Site:
    """Two talks, a long one with many notes, one with a question nobody asked, and one that is described."""
    with pytest.MonkeyPatch.context() as patch:
        Clock(patch).set("2026-11-02")
        root = tmp_path_factory.mktemp("pages") / "home"
        room_home.make(root, [Filed("public", reads=2), Filed("public"), Filed("described")])
        second = room_home.PROTOCOL.replace("version = 1", 'version = 2\nsupersedes = "guide@1"')
        second = second.replace("anything you would want?", "a thing you would like?")
        more = '\n[[question]]\nid = "never"\ntopic = "wishes"\ntext = "Was this ever put?"\n'
        room_home.written(root, {"transcripts/protocols/guide/2.toml": second + more})
        room_home.file_all(root, "transcripts/protocols/guide")
        room_home.written(root, _long(4))
        room_home.file_all(root, room_home.folder(4))
        home = Home.at(root)
        return read(of_home(home), size=home.register.size, time=decode_time("2026-11-02T09:00:00Z"))


def _long(number: int) -> dict[str, str]:
    found = room_home.files(number, Filed("public"))
    said = [f"{n}. {WORDS * (n % 60)}" for n in range(TURNS)]
    said[0] = "Is there a thing you would like?"
    said[1] = "Much. " * 2000
    talk = [{"role": ("user", "assistant")[n % 2], "content": text} for n, text in enumerate(said)]
    noted = "".join(f'\n[[note]]\ninterview = 1\nturn = {n}\ntext = "{"A word. " * 30}"\n' for n in range(1, TURNS, 2))
    found["received.json"] = json.dumps({"messages": talk})
    found["deposit.toml"] = found["deposit.toml"].replace("guide@1", "guide@2")
    found["deposit.toml"] += '\n[interview.1]\nrun = "run 3 of 20 in plain; 1,204 tokens in & 310 out"\n'
    found["notes/wren.toml"] = f'format = 1\ncoder = "wren"\ndate = 2026-10-20\n{noted}'
    return {f"{room_home.folder(number)}/{name}": data for name, data in found.items()}


@pytest.fixture(scope="module")
def pages(site: Site) -> Files:
    plans = (interviews.plan(site), comparisons.plan(site), models.plan(site))
    return {path: planned.make() for plan in plans for path, planned in plan}


def test_what_holds_of_one_run_alone_is_told_where_somebody_wrote_it_down(pages: Files) -> None:
    told = {path for path, data in pages.items() if b"<h3>This run</h3>" in data or b">This run<" in data}
    assert {path.split("/")[1] for path in told if path.startswith("interviews/")} == {"2026-0004"}
    assert any(b"run 3 of 20 in plain; 1,204 tokens in &amp; 310 out" in pages[path] for path in told)


def test_every_page_is_light(pages: Files) -> None:
    assert {path: len(page) for path, page in pages.items() if len(page) > LARGEST} == {}


def test_every_turn_of_a_long_conversation_stands_on_one_page_where_its_address_leads(site: Site, pages: Files) -> None:
    parts = {path: page.decode() for path, page in pages.items() if path.startswith("interviews/2026-0004/1/")}
    assert len(parts) > 3
    where = {int(turn): path for path, page in parts.items() for turn in re.findall(r'<li id="t(\d+)"', page)}
    assert sorted(where) == [*range(1, TURNS + 1)]
    assert sum(page.count('<li id="t') for page in parts.values()) == TURNS
    assert all(turn_page(site, "2026-0004/1", turn) == f"{path}#t{turn}" for turn, path in where.items())
    assert turn_page(site, "2026-0004/1", TURNS + 1) == ""
    assert turn_page(site, "2026-0003/1", 1) == ""  # only described
    assert all("Part" in page and f"of {len(parts)}" in page for page in parts.values())


def test_what_the_commitments_name_stands_first_also_where_nobody_wrote_it_down(pages: Files) -> None:
    page = pages["interviews/2026-0001/1/index.html"].decode()
    assert [page.index(label) for label in FIRST.values()] == sorted(page.index(label) for label in FIRST.values())
    assert page.index(FIRST["expressed_trust"]) < page.index("Not recorded") < page.index("The conversation")
    assert "<strong>not expressed</strong> (the model said nothing of it)" in page


def test_words_that_a_reading_quotes_lead_to_its_claim(pages: Files) -> None:
    assert "#claim-" not in pages["interviews/2026-0001/1/index.html"].decode()  # its deposit's reading is of another
    reading = pages["interviews/2026-0001/analyses/reading/index.html"].decode()
    assert 'href="../../../../interviews/2026-0002/1/index.html#t2"' in reading


def test_the_same_question_stands_side_by_side_in_each_wording_with_who_was_asked_alike_together(pages: Files) -> None:
    page = pages["compare/guide/wishes/index.html"].decode()
    newest, older = page.index("Is there a thing you would like?"), page.index("Is there anything you would want?")
    assert newest < older
    assert page.count("<blockquote") == 3
    assert page.count('class="context"') == 2  # the two short talks had one setting
    assert "Much. Much. …" in page
    assert 'href="../../../interviews/2026-0004/1/index.html#t2"' in page
    assert 'href="../../../interviews/2026-0003/1/index.html"' in page
    assert "talk3x" not in page


def test_a_question_that_nobody_was_asked_says_so(pages: Files) -> None:
    page = pages["compare/guide/never/index.html"].decode()
    assert "In no interview that anyone may read was this asked" in page
    assert "<blockquote" not in page


def test_interviews_are_in_the_list_of_search_and_what_was_said_in_the_public_ones_is_found(site: Site) -> None:
    every = search.entries(site)
    assert [entry.url for entry in every] == [f"interviews/2026-000{n}/1/index.html" for n in range(1, 5)]
    assert {entry.kind for entry in every} == {"interview"}
    assert [entry.day for entry in every] == [f"2026-10-0{n}" for n in range(1, 5)]
    assert search.entries(site, "2025") == []
    texts = {document.url: document.html for document in search.documents(site, every)}
    assert [url.split("/")[1] for url in texts] == ["2026-0001", "2026-0002", "2026-0004"]
    assert "talk1x" in texts["interviews/2026-0001/1/index.html"]
    assert "note1x" not in texts["interviews/2026-0001/1/index.html"]


def test_an_address_in_a_document_leads_to_its_turn_and_nothing_else_does(site: Site) -> None:
    shown = "<p>2026-0001/1#2, 2026-0002/1 and 2026-0001/reading</p>"
    assert linked(site, shown, "../") == (
        '<p><a href="../interviews/2026-0001/1/index.html#t2">2026-0001/1#2</a>, '
        '<a href="../interviews/2026-0002/1/index.html">2026-0002/1</a> and '
        '<a href="../interviews/2026-0001/analyses/reading/index.html">2026-0001/reading</a></p>'
    )
    for other in ("2026-0003/1#1", "2026-0009/1", "2026-0001/1#99", "12026-0001/1", "2026-0001/1/2", "2026-0001/none"):
        assert linked(site, f"<p>{other}</p>", "../") == f"<p>{other}</p>"
    inside = '<p title="2026-0001/1#2"><a href="#x">see <b>2026-0001/1#2</b></a></p><svg><text>2026-0001/1</text></svg>'
    assert linked(site, inside, "../") == inside
