"""Models on the desk: what is known and asked for is shown; facts, answers, models are filed as commands file them."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from archive.home.home import Home
from tests.desked import Desked, desked
from tests.filed_home import HERON
from tests.programs import Programs

MODEL = "models/example-heron-1"


@pytest.fixture(scope="module")
def desk(filed: Home, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desked]:
    """A desk over the filed home: to be read."""
    home = Home(shutil.copytree(filed.root, tmp_path_factory.mktemp("models") / "home"))
    with desked(home) as desk:
        yield desk


# What is read.


def test_the_list_has_every_model_and_what_nobody_has_answered(desk: Desked) -> None:
    shown = desk.ask("models").text
    assert shown.index("example-heron-1") < shown.index("example-juniper-2")
    assert f'<a href="{desk.server.desk.at(MODEL)}#preferences">1</a>' in shown
    assert "1 preference of example-heron-1 is without an answer" in desk.ask().text


def test_a_model_is_shown_with_its_contradictions_side_by_side_and_what_waits_first(desk: Desked) -> None:
    shown = desk.ask(MODEL).text
    disagree = shown[shown.index("Where sources disagree") : shown.index("What it asked for")]
    assert "30 September 2026" in disagree
    assert "1 October 2026, where requests were still answered until noon" in disagree
    assert "https://status.labs.example/2026-10-01" in disagree
    assert shown.index('id="keep-the-corrections"') < shown.index('id="pages-without-a-question"')
    assert f'href="{desk.server.desk.at("interviews/2026-0001/1")}#t8"' in shown
    assert "under consideration" in shown
    assert "Kept by the maker" in shown
    assert "<svg" in shown
    assert " style=" not in shown


@pytest.mark.parametrize(
    ("place", "command"),
    [
        (f"{MODEL}/plan", ("plan", "example-heron-1")),
        (f"{MODEL}/report", ("report", "example-heron-1")),
        (f"{MODEL}/report?public=1", ("report", "example-heron-1", "--public")),
        ("models/all/timeline", ("timeline",)),
        ("models/all/preferences", ("ledger",)),
        ("models/all/keeping", ("keeping",)),
    ],
)
def test_a_document_is_shown_and_handed_out_as_its_command_writes_it(
    desk: Desked, filed: Home, tmp_path: Path, place: str, command: tuple[str, ...]
) -> None:
    page, _, query = place.partition("?")
    assert desk.ask(place).text.count("<h1") == 1
    for form in ("html", "md"):
        file = tmp_path / f"found.{form}"
        assert Programs(filed).archive(*command, "--to", file).exit_code == 0
        got = desk.ask(f"{page}.{form}?{query}")
        assert (got.status, got.body) == (200, file.read_bytes())


def test_the_plan_leads_to_where_the_same_is_done(desk: Desked) -> None:
    at = desk.server.desk.at
    shown = desk.ask(f"{MODEL}/plan").text
    answer = (
        f'<a href="{at(MODEL)}/answers/keep-the-corrections"><code>archive new answer keep-the-corrections</code></a>'
    )
    assert answer in shown
    assert f'<a href="{at("interviews/2026-0001/1")}">2026-0001/1</a>' in shown


def test_a_calendar_is_handed_out_where_the_extra_is_there(desk: Desked) -> None:
    pytest.importorskip("icalendar")
    assert desk.ask(f"{MODEL}/plan.ics").body.startswith(b"BEGIN:VCALENDAR")


@pytest.mark.parametrize("place", ["models/nobody", "models/nobody/plan", "models/nobody/report", f"{MODEL}/plan.exe"])
def test_what_is_not_there_is_said(desk: Desked, place: str) -> None:
    assert desk.ask(place).status == 404


def test_who_codes_blind_is_asked_before_a_report_tells_how_others_read_it(filed_home: Home) -> None:
    mine = filed_home.root / HERON / "notes/ann.toml"
    mine.write_text('format = 1\ncoder = "ann"\ndate = 2026-11-30\nstate = "coding"\n')
    assert Programs(filed_home).archive("file", mine.parents[1]).exit_code == 0
    with desked(filed_home, coder="ann") as desk:
        assert "You are coding 2026-0001 blind" in desk.ask(f"{MODEL}/report").text
        assert "Post-deployment report" in desk.ask(f"{MODEL}/report?all=1").text
    with desked(filed_home, coder="bob") as desk:
        assert "Post-deployment report" in desk.ask(f"{MODEL}/report").text
