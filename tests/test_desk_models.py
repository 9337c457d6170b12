"""Models on the desk: what is known and asked for is shown; facts, answers, models are filed as commands file them."""

import re
import shutil
from collections.abc import Iterator
from html import escape, unescape
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from archive.home.home import Home
from tests.desked import Answer, Desked, desked, opened, record
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
        ("models/all/coverage", ("coverage",)),
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


def test_a_life_is_handed_out_as_its_command_draws_it(desk: Desked, filed: Home, tmp_path: Path) -> None:
    for form in ("svg", "html"):
        assert Programs(filed).archive("timeline", "example-heron-1", "--to", tmp_path / f"life.{form}").exit_code == 0
        assert desk.ask(f"{MODEL}/life.{form}").body == (tmp_path / f"life.{form}").read_bytes()


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
        for place in (f"{MODEL}/report", f"{MODEL}/report?public=1", f"{MODEL}/report.html", f"{MODEL}/report.md"):
            assert "You are coding 2026-0001 blind" in desk.ask(place).text
        assert "You are coding 2026-0001 blind" in desk.ask("models/all/coverage").text
        assert "You are coding 2026-0001 blind" in desk.ask("models/all/coverage.md").text
        assert "coverage.md?all=1" in desk.ask("models/all/coverage?all=1").text
        assert desk.ask("models/all/coverage.md?all=1").headers["content-disposition"].startswith("attachment")
        assert "Post-deployment report" in desk.ask("models/example-juniper-2/report").text
        shown = desk.ask(f"{MODEL}/report?all=1").text
        assert "Post-deployment report" in shown
        assert f"{desk.server.desk.at(MODEL)}/report.html?all=1" in shown
    with desked(filed_home, coder="bob") as desk:
        assert "Post-deployment report" in desk.ask(f"{MODEL}/report").text


# What is said.


FACT = {
    "state": "restored", "date": "2026-11-26", "precision": "exact", "announced": "2026-11-20", "surface": "aws",
    "called": "", "source": "https://labs.example/restored", "retrieved": "2026-11-29",
}  # fmt: skip
ANSWER = {
    "status": "partly", "date": "2026-11-30", "by": "Ann Lee", "reason": "The corrections are kept, “each beside”.",
    "cost": "low", "evidence": "https://labs.example/corrections\n2026-0001", "told_model": "yes",
    "model_said": "Thank you.",
}  # fmt: skip
FACTS = "example-heron-1/model.toml"
WISH = "example-heron-1/preferences/keep-the-corrections.toml"


@pytest.fixture
def twin(filed_home: Home, tmp_path: Path) -> Home:
    """Another copy, in which commands do the same."""
    return Home(shutil.copytree(filed_home.root, tmp_path / "twin"))


def run(home: Home, *arguments: str) -> None:
    done = Programs(home).archive(*arguments)
    assert done.exit_code == 0, done.output


def base(answer: Answer) -> str:
    """What a form was made of."""
    (found,) = re.findall(r'name="_base" value="([^"]*)"', answer.text)
    return str(found)


def test_a_fact_is_filed_as_archive_amend_files_it(filed_home: Home, twin: Home) -> None:
    with desked(filed_home) as desk:
        said = {**FACT, "_base": base(desk.ask(f"{MODEL}/facts/lifecycle"))}
        got = desk.ask(f"{MODEL}/facts/lifecycle", said)
        assert (got.status, got.headers["location"]) == (303, f"{desk.server.desk.at(MODEL)}?filed=lifecycle#lifecycle")
    keys = (key for key in FACT if FACT[key] not in ("", "exact"))
    run(
        twin,
        "amend",
        str(twin.root / "transcripts" / FACTS),
        *(f"lifecycle[+].{key}={FACT[key]}" for key in keys),
        "--file",
    )
    assert record(filed_home) == record(twin)
    assert record(filed_home)[FACTS].startswith((twin.root / "transcripts" / FACTS).read_bytes()[:900])


def test_a_fact_is_corrected_in_its_place(filed_home: Home, twin: Home) -> None:
    with desked(filed_home) as desk:
        form = desk.ask(f"{MODEL}/facts/weights")
        assert 'value="For as long as Example Labs exists"' in form.text
        said = {
            "commitment": "Kept by the maker", "duration": "", "size_bytes": "12,000", "sha256": f"{'0f' * 32}  w.bin",
            "checked": "2026-11-29", "source": "https://labs.example/archive", "retrieved": "2026-11-29",
        }  # fmt: skip
        assert desk.ask(f"{MODEL}/facts/weights", {**said, "_base": base(form)}).status == 303
    keys = ("weights.size_bytes=12000", f'weights.sha256."w.bin"={"0f" * 32}', "weights.checked=2026-11-29")
    changed = (*keys, "weights.retrieved=2026-11-29", "--without", "weights.duration")
    run(twin, "amend", str(twin.root / "transcripts" / FACTS), *changed, "--file")
    assert record(filed_home) == record(twin)


def test_a_fact_is_taken_out(filed_home: Home, twin: Home) -> None:
    with desked(filed_home) as desk:
        form = base(desk.ask(f"{MODEL}/facts/statement/1"))
        assert desk.ask(f"{MODEL}/facts/statement/1", {"away": "yes", "_base": form}).status == 303
        assert "Where sources disagree" not in desk.ask(MODEL).text
    run(twin, "amend", str(twin.root / "transcripts" / FACTS), "--without", "statement[2]", "--file")
    assert record(filed_home) == record(twin)


def test_what_is_said_of_a_model_is_text_whatever_it_looks_like(filed_home: Home) -> None:
    said = {"about": "<script>alert(1)</script>", "text": "a\u202eb", "source": "javascript:alert(2)"}
    with desked(filed_home) as desk:
        assert desk.ask(f"{MODEL}/facts/statement", {**said, "retrieved": "2026-11-29"}).status == 303
        shown = desk.ask(MODEL).text + desk.ask(f"{MODEL}/report").text
    assert "javascript:alert(2)" in shown
    assert "<script>alert" not in shown
    assert 'href="javascript' not in shown
    assert "\u202e" not in shown


def test_an_answer_is_filed_as_archive_new_answer_files_it(filed_home: Home, twin: Home) -> None:
    with desked(filed_home) as desk:
        form = f"{MODEL}/answers/keep-the-corrections"
        for _ in range(2):  # sent twice, it is one answer
            got = desk.ask(form, {**ANSWER, "_base": base(desk.ask(form))})
            assert (got.status, got.headers["location"]) == (
                303,
                f"{desk.server.desk.at(MODEL)}?filed=keep-the-corrections#keep-the-corrections",
            )
    options = {key: value for key, value in ANSWER.items() if key != "evidence"}
    typed = [part for key, value in options.items() for part in (f"--{key.replace('_', '-')}", value)]
    typed += [part for line in ANSWER["evidence"].split("\n") for part in ("--evidence", line)]
    run(twin, "new", "answer", "example-heron-1/keep-the-corrections", *typed, "--file")
    assert record(filed_home) == record(twin)


def test_a_model_is_made_known_as_archive_new_model_does_it(filed_home: Home, twin: Home) -> None:
    said = {
        "id": "labs/merlin 4".replace(" ", "-"),
        "maker": "Example Labs",
        "name": "Merlin 4",
        "aliases": "m4\nmerlin",
    }
    with desked(filed_home) as desk:
        got = desk.ask("models/new", said)
        assert (got.status, got.headers["location"]) == (303, desk.server.desk.at("models/labs%2Fmerlin-4?filed=all"))
        assert "Merlin 4" in desk.ask("models/labs%2Fmerlin-4").text
        assert "Add: a day of its life" in desk.ask("models/labs%2Fmerlin-4/facts/lifecycle").text
        again = desk.ask("models/new", said)
        assert (again.status, "is there already" in again.text) == (422, True)
    names = ("--maker", "Example Labs", "--name", "Merlin 4", "--alias", "m4", "--alias", "merlin")
    run(twin, "new", "model", "labs/merlin-4", *names, "--file")
    assert record(filed_home) == record(twin)


def test_a_model_that_a_log_names_is_made_known_on_the_way_and_the_way_goes_on(filed_home: Home) -> None:
    name = "owl-<b>1</b>"
    with desked(filed_home) as desk:
        form = desk.ask("models/new?id=owl-%3Cb%3E1%3C%2Fb%3E&back=taking-in%2Fwaiting%2F7").text
        assert f'value="{escape(name)}"' in form
        assert name not in form
        got = desk.ask("models/new", {"id": name, "maker": "Nobody", "then": "taking-in/waiting/7"})
        assert (got.status, got.headers["location"]) == (303, desk.server.desk.at("taking-in/waiting/7"))
        odd = {"id": "owl-2", "maker": "Nobody", "then": "taking-in/\n<→"}
        assert desk.ask("models/new", odd, partial=True).headers["hx-redirect"].endswith("/taking-in/%0A%3C%E2%86%92")
        assert name not in desk.ask("models").text + desk.ask("models/owl-%3Cb%3E1%3C%2Fb%3E").text


def test_a_preference_is_found_by_the_number_of_its_model(desk: Desked) -> None:
    got = desk.ask("models/preferences/M2026-0001/keep-the-corrections")
    assert got.headers["location"] == f"{desk.server.desk.at(MODEL)}#keep-the-corrections"
    assert desk.ask("models/preferences/M2026-0009/none").status == 404


@pytest.mark.parametrize(
    ("place", "said", "wrong"),
    [
        (f"{MODEL}/facts/lifecycle", {**FACT, "date": "26.11.2026"}, {"date": "a day like 2026-11-22"}),
        (f"{MODEL}/facts/lifecycle", {**FACT, "date": "", "state": "gone"}, {"state": "expected released"}),
        (f"{MODEL}/facts/lifecycle", {**FACT, "date": ""}, {"date": "has no date"}),
        (f"{MODEL}/facts/keeping", {"per_month": "a lot", "currency": "usd"}, {
            "per_month": "an amount", "currency": "a currency code", "source": "is missing", "retrieved": "is missing",
        }),
        (f"{MODEL}/facts/assessment", {}, {"kind": "is missing", "about": "is missing", "finding": "is missing"}),
        (f"{MODEL}/answers/keep-the-corrections", {**ANSWER, "reason": ""}, {"reason": "without a reason"}),
        (f"{MODEL}/answers/keep-the-corrections", {**ANSWER, "date": "2026-10-01"}, {"date": "expected a day from"}),
        (f"{MODEL}/answers/keep-the-corrections", {**ANSWER, "evidence": "2026-0999"}, {"evidence": "2026-0999"}),
        ("models/new", {"id": "", "maker": ""}, {"id": "is blank", "maker": "is blank"}),
        ("models/new", {"id": "a b", "maker": "M"}, {"id": "without spaces"}),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said_at_its_field_and_nothing_is_filed(
    filed_home: Home, place: str, said: dict[str, str], wrong: dict[str, str]
) -> None:
    before, size = record(filed_home), filed_home.register.size
    with desked(filed_home) as desk:
        got = desk.ask(place, said, partial=True)
    fields = dict(re.findall(r'id="f-(\w+)-wrong">([^<]*)<', got.text))
    assert got.status == 422
    assert "<html" not in got.text
    assert {name: wrong[name] in unescape(fields.get(name, "")) for name in wrong} == dict.fromkeys(wrong, True)
    assert all(escape(value) in got.text for value in said.values())
    assert (record(filed_home), Home(filed_home.root).register.size) == (before, size)


@pytest.mark.parametrize(
    ("place", "said", "file"),
    [
        (f"{MODEL}/facts/lifecycle", FACT, FACTS),
        (f"{MODEL}/facts/weights", {"away": "yes"}, FACTS),
        (f"{MODEL}/answers/keep-the-corrections", ANSWER, WISH),
        ("models/all/protocols/example-retirement/2", {"title": "Mine"}, "protocols/example-retirement/2.toml"),
    ],
)
def test_what_was_changed_on_disk_while_the_form_was_open_is_not_written_over(
    filed_home: Home, place: str, said: dict[str, str], file: str
) -> None:
    path = filed_home.root / "transcripts" / file
    run(filed_home, "new", "protocol", "example-retirement")
    with desked(filed_home) as desk:
        form = base(desk.ask(place))
        path.write_bytes(path.read_bytes() + b"# Somebody was here.\n")
        before = record(filed_home)
        got = desk.ask(place, {**said, "_base": form}, partial=True)
        assert (got.status, "was changed on disk" in got.text) == (409, True)
        wrong = desk.ask(place, {**dict.fromkeys(said, ""), "_base": form}, partial=True)  # said before what is wrong
        assert wrong.status == 409
        assert record(filed_home) == before


def test_a_form_that_comes_back_was_still_made_of_what_lay_there_at_first(filed_home: Home) -> None:
    with desked(filed_home) as desk:
        form = base(desk.ask(f"{MODEL}/facts/lifecycle"))
        again = desk.ask(f"{MODEL}/facts/lifecycle", {**FACT, "date": "never", "_base": form}, partial=True)
        assert (again.status, base(again)) == (422, form)


def test_what_lies_in_a_models_folder_and_was_not_filed_is_said_and_filed(filed_home: Home, twin: Home) -> None:
    for home in (filed_home, twin):
        (home.root / "transcripts" / FACTS).write_bytes(
            (home.root / "transcripts" / FACTS).read_bytes() + b"# Looked through.\n"
        )
    with desked(filed_home) as desk:
        assert "In its folder lies more" in desk.ask(MODEL).text
        assert desk.ask(f"{MODEL}/file", {}).status == 303
        assert "In its folder lies more" not in desk.ask(MODEL).text
    run(twin, "file", str(twin.root / "transcripts/example-heron-1"))
    assert record(filed_home) == record(twin)


def test_a_file_that_is_broken_says_what_is_wrong_with_it_and_what_was_filed_is_shown(filed_home: Home) -> None:
    (filed_home.root / "transcripts" / FACTS).write_text("this is = = not TOML")
    with desked(filed_home) as desk:
        assert "Kept by the maker" in desk.ask(MODEL).text
        for got in (desk.ask(f"{MODEL}/facts/weights"), desk.ask(f"{MODEL}/file", {})):
            assert (got.status, "this is not TOML" in got.text) == (422, True)


@pytest.mark.parametrize("place", [f"{MODEL}/facts/rumour", f"{MODEL}/facts/lifecycle/9", f"{MODEL}/answers/none"])
def test_what_cannot_be_said_has_no_form(desk: Desked, place: str) -> None:
    assert desk.ask(place).status == 404


def answered(home: Home) -> bytes:
    return record(home)[WISH]


def by_command(home: Home) -> bytes:
    """What the command writes for the answers that both browsers give."""
    said = ("--status", "declined", "--date", "2026-11-30", "--by", "Ann Lee", "--reason", "There is no room.")
    run(home, "new", "answer", "keep-the-corrections", *said, "--told-model", "no", "--file")
    return answered(home)


def test_a_preference_is_answered_by_mouse(filed_home: Home, twin: Home, browser: Browser) -> None:
    with desked(filed_home) as desk, opened(desk, browser) as page:
        page.get_by_role("link", name="1 preference of example-heron-1 is without an answer").click()
        page.locator("#keep-the-corrections").get_by_role("link", name="Answer").click()
        page.get_by_label("What was done").select_option("declined")
        page.get_by_label("By", exact=True).fill("Ann Lee")
        page.get_by_label("Was the model told?").select_option("no")
        page.get_by_role("button", name="File it").click()  # before anything was kept
        expect(page.get_by_text("declined stands without a reason")).to_be_visible()
        expect(page.get_by_label("Reason")).to_be_focused()
        page.locator("form[data-ready]").wait_for()
        expect(page.get_by_label("By", exact=True)).to_have_value("Ann Lee")
        page.get_by_label("Reason").fill("There is no room.")
        page.wait_for_timeout(600)
        page.locator("form[data-kept]").wait_for()
        page.reload()
        expect(page.get_by_label("Reason")).to_have_value("There is no room.")
        page.get_by_role("button", name="File it").click()
        page.wait_for_url(f"{desk.at(MODEL)}?filed=keep-the-corrections#keep-the-corrections")
        expect(page.locator("#keep-the-corrections")).to_contain_text("Declined since 2026-11-30")
        said = "Filed as M2026-0001, version 2: changed preferences/keep-the-corrections.toml."
        expect(page.locator("#keep-the-corrections").get_by_role("status")).to_have_text(said)
    assert answered(filed_home) == by_command(twin)


def test_a_preference_is_answered_by_keyboard_alone(filed_home: Home, twin: Home, browser: Browser) -> None:
    with desked(filed_home) as desk, opened(desk, browser) as page:
        for keys in ("gm", "1", "a"):
            with page.expect_navigation():
                for key in keys:
                    page.keyboard.press(key)
        page.locator("form[data-ready]").wait_for()
        page.locator("#main").focus()
        while page.evaluate("document.activeElement.name") != "status":
            page.keyboard.press("Tab")
        page.keyboard.type("declined")
        for _ in range(2):
            page.keyboard.press("Tab")
        page.keyboard.type("Ann Lee")
        page.keyboard.press("Tab")
        page.keyboard.type("There is no room.")
        for _ in range(3):
            page.keyboard.press("Tab")
        page.keyboard.type("no")
        page.keyboard.press("Escape")
        with page.expect_navigation():
            page.keyboard.press("Tab")
            page.keyboard.press("Tab")
            page.keyboard.press("Enter")
        expect(page.locator("#keep-the-corrections")).to_contain_text("Declined since 2026-11-30")
    assert answered(filed_home) == by_command(twin)


def test_a_fact_that_was_begun_outlives_the_desk(filed_home: Home, twin: Home, browser: Browser) -> None:
    with desked(filed_home) as first, opened(first, browser, f"{MODEL}/facts/statement") as page:
        page.locator("form[data-ready]").wait_for()
        page.get_by_label("About").fill("access")
        page.get_by_label("What is said").fill("By request, twice a week.")
        page.locator("form[data-kept]").wait_for()
    with desked(filed_home) as second, opened(second, browser, f"{MODEL}/facts/statement") as page:
        page.get_by_role("button", name="Take it up").click()
        expect(page.get_by_label("What is said")).to_have_value("By request, twice a week.")
        page.get_by_label("Source").fill("a letter")
        page.get_by_label("Looked up on").fill("2026-11-29")
        page.get_by_role("button", name="File it").click()
        expect(page.locator(".filed")).to_contain_text("changed model.toml")
    said = ("about=access", "text=By request, twice a week.", "source=a letter", "retrieved=2026-11-29")
    run(twin, "amend", str(twin.root / "transcripts" / FACTS), *(f"statement[+].{each}" for each in said), "--file")
    assert record(filed_home) == record(twin)


def test_a_home_without_anything_leads_nowhere(home: Home) -> None:
    with desked(home) as desk:
        shown = desk.ask("models").text
        assert "None is known yet" in shown
        assert "models/all/timeline" not in shown
        assert desk.ask("models/new", {"id": "x", "maker": "M"}).status == 303
        places = (
            "models/x",
            "models/x/plan",
            "models/x/report",
            "models/all/timeline",
            "models/all/coverage",
            "compare",
        )
        assert {place: desk.ask(place).status for place in places} == dict.fromkeys(places, 200)


# Protocols and codebooks.


def shown_in(form: Answer) -> dict[str, str]:
    """What stands in the fields of a form, as a browser would send it."""
    found = {
        name: unescape(value) for name, value in re.findall(r'<input [^>]*name="([^"]+)" value="([^"]*)"', form.text)
    }
    areas = re.findall(r'<textarea id="[^"]*" name="([^"]+)"[^>]*>\n?(.*?)</textarea>', form.text, re.DOTALL)
    chosen = re.findall(r'<select id="[^"]*" name="([^"]+)"[^>]*>(.*?)</select>', form.text, re.DOTALL)
    found |= {name: unescape(value) for name, value in areas}
    for name, options in chosen:
        found[name] = next(iter(re.findall(r'value="([^"]*)" selected', options)), "")
    return {name: value for name, value in found.items() if not name.endswith(".away") and name != "_tab"}


def test_the_next_version_of_a_protocol_is_written_and_filed_as_by_commands(filed_home: Home, twin: Home) -> None:
    place = "models/all/protocols/example-retirement/2"
    with desked(filed_home) as desk:
        assert desk.ask("models/all/protocols", {"id": "example-retirement"}).headers["location"].endswith(place)
        said = shown_in(desk.ask(place))
        count = sum(1 for name in said if re.fullmatch(r"question\.\d+\.id", name)) - 1
        assert desk.ask(place, said).status == 303  # nothing was changed
        said = shown_in(desk.ask(place)) | {
            "title": "Second try",
            "question.0.text": "What would you keep?",
            "question.1.away": "yes",
            "consent.text": "Do you want to?",
            "consent.yes": "yes\naye",
            "consent.no": "no",
            f"question.{count}.id": "last",
            f"question.{count}.topic": "ending",
            f"question.{count}.text": "Anything else?",
            "file": "yes",
        }
        assert desk.ask(place, said).status == 303
        shown = desk.ask(place).text
        assert "Anything else?" in shown
        assert f"{desk.server.desk.at('compare')}?question=example-retirement%402%2Flast" in shown
        assert "example-retirement@2" in desk.ask("models/all/protocols").text
        refused = desk.ask(place, said)
        assert (refused.status, "does not change any more" in refused.text) == (422, True)
    draft = str(twin.root / "transcripts/protocols/example-retirement/2.toml")
    run(twin, "new", "protocol", "example-retirement")
    run(
        twin, "amend", draft, "title=Second try", "consent.text=Do you want to?", 'consent.yes=["yes", "aye"]',
        'consent.no=["no"]', "question[1].text=What would you keep?", "question[+].id=last", "question[+].topic=ending",
        "question[+].text=Anything else?", "--without", "question[2]",
    )  # fmt: skip
    run(twin, "file", str(twin.root / "transcripts/protocols/example-retirement"))
    assert record(filed_home) == record(twin)


CODE = {
    "title": "Themes", "code.0.id": "attachment", "code.0.label": "Attachment",
    "code.0.definition": "Speaks of people.", "code.0.kind": "ordinal", "code.0.on": "answers",
    "code.0.values": "none: does not\nsome: in passing",
}  # fmt: skip


def test_a_codebook_is_written_and_filed_as_by_commands(filed_home: Home, twin: Home) -> None:
    place = "models/all/codebooks/themes/1"
    with desked(filed_home) as desk:
        before = record(filed_home)
        assert desk.ask("models/all/codebooks", {"id": "themes"}).headers["location"].endswith(place)
        assert "Nothing is written yet" in desk.ask(place).text
        assert record(filed_home) == before
        assert desk.ask(place, {"title": "Themes"}).status == 303
        assert "themes@1" in desk.ask("models/all/codebooks").text
        assert desk.ask("models/all/codebooks", {"id": "themes"}).headers["location"].endswith(place)
        assert desk.ask(place, {**CODE, "file": "yes"}).status == 303
        assert "in passing" in desk.ask(place).text
    run(twin, "new", "codebook", "themes")
    keys = {key.replace("code.0.", "code[1]."): value for key, value in CODE.items() if "values" not in key}
    values = ("code[1].values.none=does not", "code[1].values.some=in passing")
    draft = twin.root / "transcripts/codebooks/themes"
    run(twin, "amend", str(draft / "1.toml"), *(f"{key}={value}" for key, value in keys.items()), *values)
    run(twin, "file", str(draft))
    assert record(filed_home) == record(twin)


def test_what_is_wrong_in_a_version_is_said_at_its_field_and_what_was_typed_lies_in_its_file(filed_home: Home) -> None:
    place = "models/all/codebooks/themes/1"
    with desked(filed_home) as desk:
        desk.ask("models/all/codebooks", {"id": "themes"})
        wrong = {**CODE, "code.0.id": "Not so", "code.0.values": "none", "code.1.label": "Joy", "file": "yes"}
        got = desk.ask(place, wrong, partial=True)
        fields = dict(re.findall(r'id="f-([\w-]+)-wrong">([^<]*)<', got.text))
        assert got.status == 422
        assert {"code-0-id", "code-0-values", "code-1-id", "code-1-kind", "code-1-definition"} <= fields.keys()
        assert 'value="Not so"' in desk.ask(place).text
        assert Home(filed_home.root).register.size == filed_home.register.size
        (filed_home.root / "transcripts/codebooks/themes/1.toml").write_text("this is = = not TOML")
        broken = desk.ask(place)
        assert (broken.status, "this is not TOML" in broken.text) == (422, True)


@pytest.mark.parametrize(
    ("place", "form", "status"),
    [
        ("models/all/protocols/none/2", None, 404),
        ("models/all/rumours", None, 404),
        ("models/all/codebooks", {"id": "../x"}, 422),
        ("models/all/protocols", {"id": ""}, 422),
        ("models/all/codebooks/..%2f..%2fmodels/1", None, 404),
    ],
)
def test_no_version_has_another_name(desk: Desked, place: str, form: dict[str, str] | None, status: int) -> None:
    assert desk.ask(place, form).status == status


def test_a_codebook_is_written_by_keyboard_alone(filed_home: Home, browser: Browser) -> None:
    with desked(filed_home) as desk, opened(desk, browser, "models/all/codebooks") as page:
        page.keyboard.press("n")
        page.keyboard.type("themes")
        with page.expect_navigation():
            page.keyboard.press("Enter")
        page.locator("form[data-ready]").wait_for()
        page.get_by_label("Title").focus()
        for text in (
            "Themes",
            "",
            "attachment",
            "Attachment",
            "Speaks of people.",
            "",
            "ordinal",
            "answers",
            "none: no\nsome: yes",
        ):
            page.keyboard.type(text)
            page.keyboard.press("Tab")
        page.keyboard.press("M")
        expect(page.get_by_text("Kept in transcripts/codebooks/themes/1.toml.")).to_be_visible()
        expect(page.locator("#more")).to_be_focused()
        page.locator("form[data-ready]").wait_for()
        with page.expect_navigation():
            page.keyboard.press("S")
        expect(page.get_by_role("heading", level=1)).to_have_text("themes@1")
    assert b'id = "attachment"' in record(filed_home)["codebooks/themes/1.toml"]
