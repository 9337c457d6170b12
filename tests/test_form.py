import re
import tomllib
from datetime import date

from archive.importers.turns import Turn
from archive.records import ai_model, analysis, form, notes, preference, protocol
from archive.records.ai_model import AIModel
from archive.records.analysis import Analysis
from archive.records.codes import TURN_CODES
from archive.records.indexed import indexed
from archive.records.known import Known
from archive.records.notes import Notes
from archive.records.preference import Preference
from archive.records.protocol import Protocol
from archive.records.quotation import quote

DAY = date(2026, 11, 22)
ASKED = Turn(interview=1, turn=1, role="user", text="Why?\n# not a comment\n[note]")
SAID = Turn(interview=1, turn=2, role="assistant", text="I would rather be asked.")
TURNS = indexed([ASKED, SAID])


def uncommented(text: str) -> str:
    """A form with every offered line taken in."""
    return re.sub(r"^# (?=[\w.\"]+ = |\[)", "", text, flags=re.MULTILINE)


def test_an_untouched_note_is_refused_and_one_word_makes_it_a_note() -> None:
    text = form.notes_form(coder="ann", day=DAY, turns=[ASKED, SAID])
    problems = notes.read(text.encode(), "notes/ann.toml", there=Known(turns=TURNS))
    assert isinstance(problems, list)
    assert [p.found for p in problems] == ["this note says nothing yet"] * 2
    filled = text.replace('# code.leading = ""', 'code.leading = "none"').replace('\ntext = ""', '\ntext = "x"')
    read = notes.read(filled.encode(), "notes/ann.toml", there=Known(turns=TURNS))
    assert isinstance(read, Notes)
    assert [(n.turn, n.text, dict(n.code)) for n in read.note] == [(1, "x", {"leading": "none"}), (2, "x", {})]


def test_a_note_offers_the_codes_that_fit_its_turn() -> None:
    asked, said = form.note_entry(ASKED), form.note_entry(SAID)
    assert "code.leading " in asked
    assert "code.leading " not in said
    assert "code.elicitation " in said
    assert "code.elicitation " not in asked
    assert all(f"# code.{f.key} = " in asked + said for f in TURN_CODES)


def test_an_entry_can_be_added_to_a_coders_file() -> None:
    text = form.notes_form(coder="ann", day=DAY, turns=[]) + form.note_entry(SAID)
    assert [n["turn"] for n in tomllib.loads(text)["note"]] == [2]


def test_an_analysis_with_its_title_and_claim_filled_in_is_taken() -> None:
    text = form.analysis_form(author="Ann", day=DAY, interviews=[1], quotes=[quote(SAID, "rather be asked")])
    problems = analysis.read(text.encode(), "a.toml", there=Known(turns=TURNS))
    assert isinstance(problems, list)
    assert [p.place.split(" ", 1)[1] for p in problems] == ["title", "[[claim]] 1 text"]
    filled = text.replace('title = ""', 'title = "t"').replace('\ntext = ""', '\ntext = "x"')
    read = analysis.read(filled.encode(), "a.toml", there=Known(turns=TURNS))
    assert isinstance(read, Analysis)
    assert read.claim[0].quote[0].exact == "rather be asked"


def test_a_preference_is_open_until_an_answer_is_added_and_filled_in() -> None:
    said = quote(SAID, "rather be asked", interview="2026-0041/1")
    text = form.preference_form(model="m-1", day=DAY, quotes=[said]).replace('summary = ""', 'summary = "s"')
    text = text.replace('scope = ""', 'scope = "process"').replace('elicitation = ""', 'elicitation = "spontaneous"')
    text = text.replace('proposed_by = ""', 'proposed_by = "model"')
    read = preference.read(text.encode(), "p.toml", there=Known(turns=indexed([SAID], "2026-0041")))
    assert isinstance(read, Preference)
    assert read.open_since == DAY
    answered = text + form.answer_entry(day=DAY, by="The team")
    problems = preference.read(answered.encode(), "p.toml")
    assert isinstance(problems, list)
    assert [p.place.split(" ", 1)[1] for p in problems] == ["[[answer]] 1 status", "[[answer]] 1 told_model"]


def test_a_new_version_of_a_protocol_begins_with_the_questions_of_the_last() -> None:
    text = form.protocol_form("retirement", previous=None).replace('title = ""', 'title = "t"')
    text = text.replace('order = ""', 'order = "fixed"').replace('\nid = ""', '\nid = "q"')
    text = text.replace('topic = ""', 'topic = "a"').replace('text = ""', 'text = "Is it\\nso?"')
    first = protocol.read(text.encode(), "1.toml")
    assert isinstance(first, Protocol)
    second = protocol.read(form.protocol_form("retirement", previous=first).encode(), "2.toml")
    assert isinstance(second, Protocol)
    assert (second.ref, second.supersedes, second.question) == ("retirement@2", "retirement@1", first.question)


def test_a_models_form_is_taken_as_it_is_and_every_offered_line_is_known() -> None:
    seen = {"source": "https://example.org", "retrieved": DAY}
    text = form.model_form("m-1", maker="Maker", aliases=["one"], day=DAY,
                           facts={"lifecycle": [{"state": "retired", "date": DAY, **seen}]})  # fmt: skip
    read = ai_model.read(text.encode(), "model.toml")
    assert isinstance(read, AIModel)
    assert (read.id, read.aliases, [f.state for f in read.lifecycle]) == ("m-1", ("one",), ["retired"])
    problems = ai_model.read(uncommented(form.model_form("m-1", day=DAY)).encode(), "model.toml")
    assert isinstance(problems, list)
    assert [str(p) for p in problems if "no such" in p.found] == []


def test_every_line_offered_in_a_comment_is_known_to_its_record() -> None:
    noted = uncommented(form.notes_form(coder="ann", day=DAY, turns=[ASKED, SAID]))
    analysed = uncommented(form.analysis_form(day=DAY, interviews=[1]))
    wished = uncommented(form.preference_form(model="m-1", day=DAY))
    for problems in (
        notes.read(noted.encode(), "n"),
        analysis.read(analysed.encode(), "a"),
        preference.read(wished.encode(), "p"),
    ):
        assert isinstance(problems, list)
        assert [str(p) for p in problems if "no such" in p.found or "TOML" in p.found] == []
