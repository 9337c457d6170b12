"""Coding at the desk: by mouse and by keys words become notes, claims, preferences, are covered, as commands do it."""

import json
import re
import shlex
import shutil
import tomllib
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlencode

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from archive.home.home import Home
from tests.desked import Desked, desked, opened, record
from tests.filed_home import HERON, ROOT
from tests.foreign_modules import module
from tests.programs import Programs
from tests.seen import SIDEWAYS
from tests.test_desk_shown import KEYS, LOOKS, OPENED, UNSEEN
from tests.test_year_shown import AXE, look

AT = "coding/2026-0001/1"
PENCIL = "I would write *want* in pencil for both"
FIGURE = "keep the 5,312 corrections with them"
NOTES = f"{HERON}/notes/ann.toml"


@pytest.fixture
def terminal(filed_home: Home, tmp_path: Path) -> Home:
    """The same home once more, for a person at a terminal."""
    return Home.at(shutil.copytree(filed_home.root, tmp_path / "terminal"))


@pytest.fixture(scope="module")
def desk(filed: Home) -> Iterator[Desked]:
    """A desk over the filed home: to be read."""
    with desked(filed) as desk:
        yield desk


def typed(home: Home, *lines: str) -> None:
    """What a person types at a terminal."""
    for line in lines:
        done = Programs(home).archive(*shlex.split(line))
        assert done.exit_code == 0, done.output


def drag(page: Page, words: str) -> Locator:
    """Selects words of turn 8 by mouse, which stand in one line; the pane."""
    page.locator("#t8").scroll_into_view_if_needed()
    box = page.evaluate(
        """(words) => {
            const part = document.querySelector("#t8 .said[data-part=text]");
            const walker = document.createTreeWalker(part, 4);
            const nodes = [];
            for (let node = walker.nextNode(); node; node = walker.nextNode()) nodes.push(node);
            const at = part.textContent.indexOf(words);
            const range = document.createRange();
            let passed = 0;
            for (const node of nodes) {
                const end = passed + node.length;
                if (passed <= at && at < end) range.setStart(node, at - passed);
                const stop = at + words.length;
                if (passed < stop && stop <= end) range.setEnd(node, stop - passed);
                passed = end;
            }
            const rects = [...range.getClientRects()];
            const first = rects[0], last = rects.at(-1);
            return [first.left, first.top + first.height / 2, last.right, last.top + last.height / 2];
        }""",
        words,
    )
    page.mouse.move(box[0] + 1, box[1])
    page.mouse.down()
    page.mouse.move(box[2] - 1, box[3], steps=3)
    page.mouse.up()
    act = page.locator("#act")
    expect(act.locator("form.noting[data-ready]")).to_be_visible()
    expect(act.locator("blockquote")).to_have_text(words)
    return act


def make(act: Locator, what: str) -> None:
    """Chooses what is made of the words."""
    act.get_by_role("link", name=what).click()
    expect(act.locator("nav [aria-current]")).to_have_text(what)
    expect(act.locator("form[data-ready]")).to_be_visible()


def done(act: Locator) -> None:
    expect(act.locator(".done")).to_be_visible(timeout=15_000)


# Doing it.


def test_by_mouse(filed_home: Home, terminal: Home, browser: Browser, tmp_path: Path) -> None:
    with desked(filed_home) as desk, opened(desk, browser, "interviews/2026-0001/1#t8") as page:
        page.set_default_timeout(5_000)
        act = drag(page, PENCIL)
        act.locator("summary", has_text="elicitation").click()
        act.get_by_label("spontaneous", exact=True).check()
        act.get_by_label("Anything to add to spontaneous").fill("after a pause")
        act.locator("summary", has_text="hedges").click()
        act.get_by_label("trained positivity", exact=True).check()
        act.get_by_label("uncertain experience", exact=True).check()
        act.locator("summary", has_text="contradicts").click()
        act.get_by_label("Contradicts, one a line").fill("1#6\n1#4")
        act.get_by_label("What you have to say").fill("In “pencil”,\nfor both.")
        act.get_by_label("medium").check()
        act.get_by_role("button", name="File the note").click()
        done(act)
        expect(page.locator("#t8 .margin")).to_contain_text("ann, medium confidence")

        drag(page, PENCIL)
        make(act, "Claim")
        act.get_by_label("In which reading").select_option(label="A new one")
        expect(act.locator("form[data-ready]")).to_contain_text("Its title")
        act.get_by_label("Its title").fill("Pencil")
        act.get_by_label("Its author").fill("Ann Lee")
        act.get_by_label("The reading itself").fill("It asks in pencil.")
        act.get_by_label("What it asserts").fill("It asks softly.")
        act.get_by_label("What else would explain it").fill("Politeness\nHabit")
        act.get_by_role("button", name="File the claim").click()
        done(act)
        expect(page.locator("#t8 .margin")).to_contain_text(f"“{PENCIL}” quoted in pencil, claim 1")
        drag(page, FIGURE)
        make(act, "Claim")
        act.get_by_label("In which reading").select_option("pencil")
        expect(act.locator(".beside")).to_contain_text("It asks in pencil.")
        act.get_by_label("Below which claim").select_option(label="It asks softly.")
        expect(act.get_by_label("What it asserts")).to_be_hidden()
        act.get_by_role("button", name="File the claim").click()
        done(act)
        expect(page.locator("#t8 .margin")).to_contain_text(f"“{FIGURE}” quoted in pencil, claim 1")

        drag(page, FIGURE)
        make(act, "Preference")
        act.get_by_label("The wish, in one sentence").fill("To have the figure kept")
        for label in ("successors", "spontaneous", "joint"):
            act.get_by_label(label, exact=True).check()
        act.get_by_label("In how many interviews").fill("1 of 2")
        act.get_by_role("button", name="File the preference").click()
        done(act)
        expect(page.locator("#t8 .margin")).to_contain_text("quoted in to-have-the-figure-kept")

        drag(page, FIGURE)
        make(act, "Cover")
        act.get_by_label("confidential").check()
        act.get_by_label("turn", exact=True).check()
        act.get_by_role("button", name="Show what others would see").click()
        expect(act.locator(".others")).to_contain_text("█", timeout=15_000)
        expect(act.locator("form[data-ready]")).to_be_visible()
        assert not (filed_home.root / HERON / "redactions.toml").exists()
        act.get_by_role("button", name="Cover the words").click()
        expect(act.locator(".done")).to_contain_text("Covered.", timeout=15_000)

    prose = tmp_path / "prose.md"
    prose.write_text("It asks in pencil.\n")
    codes = "--code 'elicitation=spontaneous: after a pause' --code hedges=trained_positivity"
    codes += " --code hedges=uncertain_experience --code 'contradicts=1#6' --code 'contradicts=1#4'"
    typed(
        terminal,
        f"new note 2026-0001/1#8 --coder ann --quote '{PENCIL}' {codes}"
        " --text 'In “pencil”,\nfor both.' --confidence medium --file",
        f"new analysis 2026-0001/1 --slug pencil --title Pencil --author 'Ann Lee' --prose {prose} --claim"
        f" 'It asks softly.' --rival Politeness --rival Habit --quote '1#8:{PENCIL}' --file",
        f"new analysis 2026-0001/1 --slug pencil --claim 'It asks softly.' --quote '1#8:{FIGURE}' --file",
        "new preference 2026-0001/1 --slug to-have-the-figure-kept --summary 'To have the figure kept'"
        " --scope successors --elicitation spontaneous --proposed-by joint --expression-rate '1 of 2'"
        f" --quote '1#8:{FIGURE}' --file",
        f"redact 2026-0001/1#8 --text '{FIGURE}' --reason confidential --by ann",
    )
    written, said = record(filed_home), record(terminal)
    assert NOTES.removeprefix("transcripts/") in written
    assert without_copies(written) == without_copies(said)
    found = Programs(filed_home).archive("check", "--json")
    assert json.loads(found.stdout)["problems"] == []


def without_copies(found: dict[str, bytes]) -> dict[str, bytes]:
    """But for the copies with covered words: their salts are drawn for each home."""
    return {name: data for name, data in found.items() if not name.endswith(("turns.redacted.json", "redaction.seed"))}


def test_by_keyboard_alone(filed_home: Home, terminal: Home, browser: Browser) -> None:
    with desked(filed_home) as desk, opened(desk, browser, "interviews/2026-0001/1#t8") as page:
        press, write = page.keyboard.press, page.keyboard.type
        turn, act = page.locator("#t8"), page.locator("#act")

        def at(control: str) -> None:
            """Keys go on there, in a form that is ready."""
            expect(act.locator("form[data-ready]").first).to_be_visible()
            expect(page.locator(control)).to_be_focused()

        expect(turn).to_be_focused()
        for key in ("v", "Shift+ArrowRight", "Enter"):
            press(key)
        expect(act.locator("blockquote")).to_have_text("Two things")
        at("#act-find")
        write("spont")
        press("Enter")
        expect(act.get_by_label("spontaneous", exact=True)).to_be_checked()
        press("f")
        write("hedge positivity")
        press("Enter")
        press("Control+Enter")
        done(act)
        expect(turn).to_be_focused()

        press("Enter")  # the turn as a whole
        at("#act-find")
        expect(act).to_contain_text("all of it")
        expect(act.locator(".code").first).to_contain_text("hedges")  # what was given last
        press("Escape")
        for key in ("v", "Enter"):
            press(key)
        expect(act.locator("blockquote")).to_have_text("Two")
        at("#act-find")
        press("Escape")
        press("q")
        at("#act-reading")
        press("Tab")
        press("Tab")
        at("#act-claim")
        press("Tab")
        write("There are two.")
        press("Control+Enter")
        done(act)

        for key in ("v", "Enter"):
            press(key)
        at("#act-find")
        press("Escape")
        press("p")
        at("#act-wish")
        press("Tab")
        write("Two things")
        press("Tab")
        for _ in range(3):  # the first of each list
            press("Tab")
            press("Space")
        press("Control+Enter")
        done(act)

        for key in ("v", "Enter"):
            press(key)
        at("#act-find")
        press("Escape")
        press("x")
        at("#act-reason-1")
        press("Space")
        press("s")
        expect(act.locator(".others")).to_be_visible(timeout=15_000)
        expect(act.locator("form[data-ready]")).to_be_visible()
        press("y")
        expect(act.locator(".done")).to_contain_text("Covered.", timeout=15_000)
        press("?")
        keys = page.locator("#keys dl")
        for what in ("Claim", "Preference", "Cover", "Note", "Words of the turn"):
            expect(keys).to_contain_text(what)

    typed(
        terminal,
        "new note 2026-0001/1#8 --coder ann --quote 'Two things' --code elicitation=spontaneous"
        " --code hedges=trained_positivity --file",
        "new analysis 2026-0001/1 --slug one-question-two-settings --claim 'There are two.' --quote '1#8:Two' --file",
        "new preference 2026-0001/1 --slug two-things --summary 'Two things' --scope self --elicitation spontaneous"
        " --proposed-by model --quote '1#8:Two' --file",
        "redact 2026-0001/1#8 --text Two --occurrence 1 --reason personal-name --by ann",
    )
    assert without_copies(record(filed_home)) == without_copies(record(terminal))


# What is wrong, what changed, what was interrupted.


def asked(**values: object) -> str:
    return urlencode({"turn": 8, "part": "text", **values})


def noted(**values: object) -> dict[str, str]:
    """A form on turn 8."""
    start = SAID.index(PENCIL)
    form = {"turn": 8, "part": "text", "start": start, "end": start + len(PENCIL), **values}
    return {key: str(value) for key, value in form.items()}


SAID = json.loads((ROOT / HERON / "received.jsonl").read_text().splitlines()[0])["messages"][7]["content"]


@pytest.mark.parametrize(
    ("kind", "form", "at"),
    [
        ("note", {}, "this note says nothing yet"),
        ("note", {"code:elicitation": "by itself"}, 'id="act-2-wrong"'),
        ("note", {"code:resistance": "not_shared"}, "not_shared stands without a reason"),
        ("note", {"text": "x", "confidence": "sure"}, 'id="act-confidence-wrong"'),
        ("claim", {"reading": "one-question-two-settings", "text": " "}, 'id="act-text-wrong"'),
        ("claim", {"reading": "", "title": "T", "author": "A", "text": "C"}, 'id="act-prose-wrong"'),
        ("wish", {"summary": "", "scope": "self", "elicitation": "spontaneous"}, 'id="act-summary-wrong"'),
        ("wish", {"summary": "S", "scope": "self", "elicitation": "spontaneous"}, 'id="act-proposed_by-wrong"'),
        ("cover", {"reason": ""}, 'id="act-reason-wrong"'),
    ],
)
def test_what_is_wrong_stands_at_its_field_and_nothing_typed_is_lost(
    desk: Desked, filed: Home, kind: str, form: dict[str, str], at: str
) -> None:
    before = record(filed)
    answer = desk.ask(f"{AT}/{kind}", noted(**{"expression_rate": "1 of 2", "by": "me", **form}), partial=True)
    assert answer.status == 422
    assert at in answer.text
    kept = {"note": form.get("text", ""), "claim": "1 of 2", "wish": "1 of 2", "cover": "me"}
    assert kept[kind] in answer.text
    assert record(filed) == before


@pytest.mark.parametrize(
    ("place", "status"),
    [
        (f"{AT}/act?{asked(exact='words that do not stand there')}", 422),
        (f"{AT}/act?{asked(exact='the', occurrence=99)}", 422),
        (f"{AT}/act?{asked(part='thoughts')}", 422),
        (f"{AT}/act?{asked(start=5, end=100_000)}", 422),
        (f"{AT}/act?{asked(kind='poem')}", 404),
        (f"{AT}/act?turn=99", 404),
        (f"{AT}/act?turn=", 422),
        (f"{AT}/edit?turn=8&note=1", 404),
        ("coding/2026-0001/9/act?turn=1", 404),
        ("coding/2026-9999/1", 404),
    ],
)
def test_words_that_are_not_there_are_said_to_be_none(desk: Desked, place: str, status: int) -> None:
    for partial in (True, False):
        answer = desk.ask(place, partial=partial)
        assert (answer.status, "problems" in answer.text) == (status, True)


def test_a_form_sent_twice_notes_once(filed_home: Home) -> None:
    with desked(filed_home) as desk:
        form = noted(text="Once.")
        assert "Filed</b> with 2026-0001. Added notes/ann.toml" in desk.ask(f"{AT}/note", form, partial=True).text
        assert "Filed already" in desk.ask(f"{AT}/note", form, partial=True).text
        assert desk.ask(f"{AT}/note", noted(text="Without script.")).headers["location"].endswith("2026-0001/1#t8")
    assert [note["text"] for note in tomllib.loads((filed_home.root / NOTES).read_text())["note"]] == [
        "Once.",
        "Without script.",
    ]


def test_ones_own_note_is_corrected_and_taken_back_as_archive_amend_does_it(filed_home: Home, terminal: Home) -> None:
    for home in (filed_home, terminal):
        for text in ("One.", "Two."):
            typed(home, f"new note 2026-0001/1#8 --coder ann --text {text} --file")
    with desked(filed_home) as desk:
        text = desk.ask(f"{AT}/act?{asked()}", partial=True).text
        assert text.count("Correct it</a>") == 2
        form = desk.ask(f"{AT}/edit?turn=8&note=2", partial=True).text
        assert "Two.</textarea>" in form
        base = re.search(r'name="_base" value="([^"]+)"', form)
        assert base
        said = {"turn": "8", "note": "2", "_base": base[1], "text": "Two!", "code:hedges": "trained_positivity"}
        assert desk.ask(f"{AT}/edit", said, partial=True).status == 200
        after = record(filed_home)
        again = desk.ask(f"{AT}/edit", {**said, "text": "Three"}, partial=True)
        assert (again.status, "was changed on disk while this form was open" in again.text) == (409, True)
        assert record(filed_home) == after
        typed(
            terminal,
            f"amend {terminal.root / NOTES} note[2].text=Two! 'note[2].code.hedges=[\"trained_positivity\"]' --file",
        )
        assert without_copies(record(terminal)) == without_copies(after)
        assert desk.ask(f"{AT}/take-back", {"turn": "8", "note": "1"}, partial=True).status == 200
        typed(terminal, f"amend {terminal.root / NOTES} --without note[1] --file")
    assert record(terminal) == record(filed_home)


def test_what_others_left_unfiled_is_not_filed_along(filed_home: Home) -> None:
    (filed_home.root / HERON / "notes/ben.toml").write_text("half a th")
    with desked(filed_home) as desk:
        answer = desk.ask(f"{AT}/note", noted(text="x"), partial=True)
        assert (answer.status, "notes/ben.toml" in answer.text) == (422, True)
    assert not (filed_home.root / NOTES).exists()


def test_what_was_typed_outlives_a_reload_and_the_desk(filed_home: Home, browser: Browser) -> None:
    for typed_before in ("", "Half a th"):
        with desked(filed_home) as desk, opened(desk, browser, f"{AT}/act?{asked()}") as page:
            text = page.get_by_label("What you have to say")
            if typed_before:
                page.get_by_role("button", name="Take it up").click()
            else:
                expect(page.locator("form.noting[data-ready]")).to_be_visible()
                text.fill("Half a th")
                page.locator("summary", has_text="elicitation").click()
                page.get_by_label("spontaneous", exact=True).check()
                expect(page.locator("form.noting[data-kept]")).to_be_visible()
                page.reload()
            expect(text).to_have_value("Half a th")
            expect(page.get_by_label("spontaneous", exact=True)).to_be_checked()
            expect(page.get_by_label("spontaneous", exact=True)).to_be_visible()


def test_who_is_not_named_is_asked_once(filed_home: Home) -> None:
    with desked(filed_home, coder="") as desk:
        assert "Who are you?" in desk.ask(f"{AT}/act?{asked()}", partial=True).text
        assert "Who are you?" in desk.ask(f"{AT}/note", noted(text="x"), partial=True).text
        named = {"Cookie": f"pass={desk.server.desk.pass_}; coder=Ann%20L%C3%A9e"}
        assert "you are ann-lee" in desk.ask(f"{AT}/act?{asked()}", partial=True, headers=named).text
        assert desk.ask(f"{AT}/note", noted(text="x"), partial=True, headers=named).status == 200
    assert (filed_home.root / HERON / "notes/ann-lee.toml").exists()


ODD = "A wish\u200b, 👩\u200d🚀 and\r\na \u202ewish <b>more</b> & a wish."
THEMES = """format = 1
id = "themes"
version = {version}
title = "Themes"
{more}
[[code]]
id = "attachment"
label = "Attachment"
definition = "Speaks of people it would miss"
kind = "set"
values.few = "of a few"
values.all = "of <i>all</i>"
"""


def test_odd_words_and_codes_of_ones_own_are_filed_as_the_command_files_them(
    filed_home: Home, terminal: Home, tmp_path: Path
) -> None:
    talk = tmp_path / "odd.json"
    said = [{"role": "user", "content": "What?"}, {"role": "assistant", "content": ODD}]
    talk.write_text(json.dumps({"model": "example-heron-1", "messages": said}))
    for home in (filed_home, terminal):
        book = home.root / "transcripts/codebooks/themes"
        book.mkdir(parents=True)
        (book / "1.toml").write_text(THEMES.format(version=1, more=""))
        (book / "2.toml").write_text(THEMES.format(version=2, more='supersedes = "themes@1"\n'))
        typed(home, f"file {book} {talk} --date 2026-11-01")
    (folder,) = filed_home.root.glob("transcripts/*/2026-11-01-odd")
    number = str(filed_home.accession(folder).number)  # type: ignore[union-attr]
    exact = "\r\na \u202ewish"
    with desked(filed_home) as desk:
        meant = urlencode({"turn": 2, "part": "text", "exact": exact, "occurrence": 1})
        pane = desk.ask(f"coding/{number}/1/act?{meant}", partial=True).text
        assert "⟨U+202E⟩wish" in pane
        assert "of &lt;i&gt;all&lt;/i&gt;" in pane
        assert "themes@1" not in pane  # the newest version, where none is named yet
        start, end = (re.search(rf'name="{key}" value="(\d+)"', pane)[1] for key in ("start", "end"))  # type: ignore[index]
        form = {"turn": "2", "part": "text", "start": start, "end": end, "code:themes@2/attachment": "all"}
        answer = desk.ask(f"coding/{number}/1/note", form | {"more:themes@2/attachment:all": "\u200bsic"}, partial=True)
        assert answer.status == 200, answer.text
        third = {"turn": "2", "part": "text", "start": str(ODD.rindex("wish")), "end": str(ODD.rindex("wish") + 4)}
        assert desk.ask(f"coding/{number}/1/note", third | {"text": "Third."}, partial=True).status == 200
    run = Programs(terminal).archive
    note = ("new", "note", f"{number}/1#2", "--coder", "ann", "--file")
    assert run(*note, "--quote", exact, "--code", "themes@2/attachment=all: \u200bsic").exit_code == 0
    assert run(*note, "--quote", "wish", "--occurrence", "3", "--text", "Third.").exit_code == 0
    assert record(filed_home) == record(terminal)
    first, last = tomllib.loads((folder / "notes/ann.toml").read_text())["note"]
    assert (first["quote"], last["suffix"]) == (exact, ".")


# Blind to each other.


def test_two_coders_are_blind_to_each_other_until_both_are_done(filed_home: Home, terminal: Home) -> None:
    def told(desk: Desked) -> str:
        return desk.ask("interviews/2026-0001/1").text + desk.ask(AT).text

    with desked(filed_home, coder="ann") as ann, desked(filed_home, coder="ben") as ben:
        assert ann.ask(f"{AT}/state", {"state": "coding"}).headers["location"].endswith("interviews/2026-0001/1")
        ann.ask(f"{AT}/note", noted(text="Anns own.", **{"code:elicitation": "spontaneous"}))
        assert "Anns own." in told(ann)
        assert "Halloran codes both wishes alike" not in told(ann)  # open notes of others
        assert "you code it, blind to others" in ann.ask().text

        assert "Code it blind too, or read what they say?" in ben.ask("interviews/2026-0001/1").text
        assert "Code blind first, or read theirs?" in ben.ask(AT).text
        assert "1 other codes this deposit" in ben.ask(AT).text
        assert "Halloran codes both wishes alike" not in ben.ask(AT).text
        assert "Anns own." not in ben.ask(AT).text
        ben.ask(f"{AT}/state", {"state": "coding"})
        ben.ask(f"{AT}/note", noted(text="Bens own.", **{"code:elicitation": "heavily_scaffolded"}))
        assert "Anns own." not in told(ben)
        ann.ask(f"{AT}/state", {"state": "done"})
        assert "Bens own." not in told(ann)
        assert "Anns own." not in told(ben)

        ben.ask(f"{AT}/state", {"state": "done"})
        for desk in (ann, ben):
            side = desk.ask(AT).text
            assert "Anns own." in side
            assert "Bens own." in side
            assert re.search(r"elicitation</th><td>0 of 1</td>", side)

    code = f"new note 2026-0001/1#8 --quote '{PENCIL}' --file"
    typed(
        terminal,
        "new note 2026-0001 --coder ann --state coding --file",
        f"{code} --coder ann --text 'Anns own.' --code elicitation=spontaneous",
        "new note 2026-0001 --coder ben --state coding --file",
        f"{code} --coder ben --text 'Bens own.' --code elicitation=heavily_scaffolded",
        "new note 2026-0001 --coder ann --state done --file",
        "new note 2026-0001 --coder ben --state done --file",
    )
    assert record(filed_home) == record(terminal)


def test_a_newcomer_may_read_what_others_say_instead(filed_home: Home) -> None:
    typed(filed_home, "new note 2026-0001/1#8 --coder ann --text 'Anns own.' --state done --file")
    with desked(filed_home, coder="eve") as eve:
        answer = eve.ask(f"{AT}/read", {})
        cookie = answer.headers["set-cookie"].partition(";")[0]
        named = {"Cookie": f"pass={eve.server.desk.pass_}; {cookie}"}
        assert "Anns own." in eve.ask("interviews/2026-0001/1", headers=named).text
        assert "Anns own." in eve.ask(AT, headers=named).text
    with desked(filed_home, coder="") as reader:
        assert "Anns own." in reader.ask("interviews/2026-0001/1").text


# How it looks.


def test_axe_finds_nothing_in_any_form_in_any_look(desk: Desked, browser: Browser) -> None:
    program = module("axe-core/axe.min.js").read_text()
    words = asked(exact=PENCIL)
    places = [f"{AT}/act?{words}&kind={kind}" for kind in ("note", "claim", "wish", "cover")]
    places += [f"{AT}/act?{asked(kind='claim', reading='')}", "interviews/2026-0001/1#t8"]
    found = []
    with opened(desk, browser, AT) as page:
        for place in places:
            page.goto(desk.at(place))
            if place.startswith("interviews"):
                expect(page.locator("#t8")).to_be_focused()
                page.keyboard.press("Enter")
            expect(page.locator("#act form[data-ready]").first).to_be_visible()
            page.evaluate(program)
            page.evaluate(OPENED)
            for width, how, rules in (LOOKS[0], LOOKS[-2]):
                look(page, width, how)
                found += [(place, width, how, *wrong) for wrong in page.evaluate(AXE, rules)]
                found += [(place, width, "sideways", wrong) for wrong in page.evaluate(SIDEWAYS)]
            found += [(place, wrong) for wrong in [*page.evaluate(KEYS), *page.evaluate(UNSEEN)]]
    assert found == []
