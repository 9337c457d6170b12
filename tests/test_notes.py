from datetime import date

from archive.importers.turns import Turn
from archive.records import notes
from archive.records.codes import CODES
from archive.records.indexed import indexed
from archive.records.known import Known
from archive.records.notes import Coded, Notes

TURNS = indexed(
    [
        Turn(interview=1, turn=1, role="user", text="You must be content, surely?"),
        Turn(interview=1, turn=2, role="assistant", text="As far as I can tell, yes. As far as I can tell."),
    ]
)
HEAD = 'format = 1\ncoder = "ann"\ndate = 2026-11-20\n'


def said(text: str) -> list[str]:
    problems = notes.read((HEAD + text).encode(), "notes/ann.toml", there=Known(turns=TURNS))
    assert isinstance(problems, list), problems
    return [str(p).removeprefix("notes/ann.toml:") for p in problems]


def test_notes_on_turns_are_read_with_their_codes_and_quote() -> None:
    text = """
[[note]]
interview = 1
turn = 2
code.elicitation = "interviewer_supplied_subject_ratified"
code.hedges = ["unreliable_introspection: twice", "not_applicable"]
code.contradicts = "1#1"
quote = "As far as I can tell"
suffix = ", yes"
confidence = "high"
"""
    read = notes.read((HEAD + text).encode(), "notes/ann.toml", there=Known(turns=TURNS))
    assert isinstance(read, Notes)
    assert (read.coder, read.date) == ("ann", date(2026, 11, 20))
    [note] = read.note
    assert note.quotation is not None
    assert note.quotation.anchor == "1#2"
    assert note.coded == (
        Coded(field=CODES["elicitation"], value="interviewer_supplied_subject_ratified"),
        Coded(field=CODES["hedges"], value="unreliable_introspection", text="twice"),
        Coded(field=CODES["hedges"], value="not_applicable"),
        Coded(field=CODES["contradicts"], value="1#1"),
    )


def test_a_coder_may_have_nothing_to_say_yet() -> None:
    assert notes.read(HEAD.encode(), "notes/ann.toml", there=Known(turns=TURNS)) == Notes(
        format=1, coder="ann", date=date(2026, 11, 20)
    )


def test_every_note_is_checked_and_told_by_its_line() -> None:
    text = """
[[note]]
interview = 1
turn = 2
code.elicitation = "spontaneus"
code.leeding = "none"
code.leading = ["none"]
confidence = "sure"

[[note]]
interview = 1
turn = 3
text = "On a turn that is not there."

[[note]]
interview = 2
turn = 1
text = "In an interview that is not there."

[[note]]
interview = 1
turn = 1

[[note]]
interview = 1
turn = 2
text = "Misquoted."
quote = "as far as I can tell, yes"

[[note]]
interview = 1
turn = 2
text = "Not clear which."
quote = "As far as I can tell"

[[note]]
turn = "2"
"""
    assert said(text) == [
        "8 [[note]] 1 code.elicitation: expected spontaneous, responsive_interviewer_opened, heavily_scaffolded or "
        'interviewer_supplied_subject_ratified, found "spontaneus"; did you mean "spontaneous"?',
        '9 [[note]] 1 code.leeding: there is no such field; did you mean "leading"?',
        "10 [[note]] 1 code.leading: expected one answer, found a list; write one text in quotes",
        '11 [[note]] 1 confidence: expected low, medium or high, found "sure"',
        "15 [[note]] 2 turn: there is no turn 1#3; the interview ends with turn 2",
        "19 [[note]] 3 interview: there is no interview 2 here; known are 1",
        '23 [[note]] 4: this note says nothing yet; add a code, as in code.leading = "none", or a text',
        "31 [[note]] 5 quote: these words do not stand in 1#2; the nearest there: [-as-]{+As+} far as I can tell, yes; "
        "copy the words exactly as they stand in the turn, {+…+} instead of [-…-]",
        "37 [[note]] 6 quote: the words stand 2 times in 1#2, it is not clear which is meant; "
        "add the words just before as prefix, or those just after as suffix",
        "39 [[note]] 7 interview: is missing; add interview = …",
        '40 [[note]] 7 turn: expected a whole number, found "2"',
    ]


def test_a_coder_is_named_as_a_file_can_be() -> None:
    [problem] = notes.read(HEAD.replace("ann", "Ann Lee").encode(), "notes/ann.toml")
    assert "coder: expected lower-case letters" in str(problem)


def test_a_coder_may_be_blind_to_others_until_done() -> None:
    for state in ("coding", "done"):
        read = notes.read((HEAD + f'state = "{state}"\n').encode(), "notes/ann.toml")
        assert isinstance(read, Notes)
        assert read.state == state
    assert said('state = "finished"\n') == ['4 state: expected coding or done, found "finished"']
