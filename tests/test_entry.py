"""`archive new … --file`: what is said by options stands in the sidecar and is filed, whole or not at all."""

import shlex
import tomllib
from collections.abc import Callable

import pytest

from archive.deposits import note_entry
from archive.deposits.note_entry import Said
from archive.errors import Changed, NotFound, Refused
from archive.home.home import Home
from archive.register import durable
from tests.filed_home import HERON
from tests.files import tree
from tests.programs import Programs

TURN = "2026-0001/1#8"
PENCIL = "I would write *want* in pencil for both"
Run = Callable[..., str]


@pytest.fixture
def archive(filed_home: Home) -> Run:
    """Runs `archive` in a home with a filed deposit; gives what was printed."""

    def run(line: str, code: int = 0) -> str:
        done = Programs(filed_home).archive(*shlex.split(line))
        assert done.exit_code == code, done.output
        return str(done.output)

    return run


def notes(home: Home, coder: str = "ann") -> str:
    return (home.root / HERON / f"notes/{coder}.toml").read_text()


# Notes.


def test_a_note_is_filed_at_once_and_a_second_time_changes_nothing(archive: Run, filed_home: Home) -> None:
    line = (
        f"new note {TURN} --coder ann --code hedges=trained_positivity --code hedges=uncertain_experience"
        " --code 'elicitation=spontaneous: after a pause' --text 'Twice.' --confidence high --file"
    )
    assert "refiled\n  added notes/ann.toml" in archive(line)
    assert tomllib.loads(notes(filed_home))["note"] == [
        {
            "interview": 1,
            "turn": 8,
            "code": {
                "hedges": ["trained_positivity", "uncertain_experience"],
                "elicitation": "spontaneous: after a pause",
            },
            "text": "Twice.",
            "confidence": "high",
        }
    ]
    before = tree(filed_home.root / "transcripts")
    assert "already filed" in archive(line)
    assert tree(filed_home.root / "transcripts") == before
    assert "Twice." in archive(f"show {TURN}")


def test_a_file_that_people_wrote_keeps_every_byte_and_grows_at_its_end(archive: Run, filed_home: Home) -> None:
    before = notes(filed_home, "halloran")
    archive(f"new note {TURN} --coder halloran --quote '{PENCIL}' --text 'In pencil.' --file")
    after = notes(filed_home, "halloran")
    assert after.startswith(before)
    assert after.removeprefix(before) == (
        f'\n[[note]]\ninterview = 1\nturn = 8\nquote = "{PENCIL}"\ntext = "In pencil."\n'
    )


def test_what_is_wrong_is_said_before_anything_is_written(archive: Run, filed_home: Home) -> None:
    before = tree(filed_home.root / "transcripts")
    for line, says in {
        f"new note {TURN} --code leading=none --file": "leading is said of turns by system or user",
        f"new note {TURN} --code elicitation=spontanous --file": 'did you mean "spontaneous"',
        f"new note {TURN} --code elicitations=spontaneous --file": 'did you mean "elicitation"',
        f"new note {TURN} --code elicitation --file": "expected CODE=VALUE",
        f"new note {TURN} --quote 'I would write *want* in ink' --text x --file": "the nearest there",
        f"new note {TURN} --quote the --text x --file": "it is not clear which is meant; say which: 1 for the first",
        f"new note {TURN} --quote the --occurrence 99 --text x --file": "expected at most",
        f"new note {TURN} --confidence sure --text x --file": "expected low, medium or high",
        "new note 2026-0001 --text x --file": "expected a turn to say something of",
        f"new note {TURN} --confidence low --file": "this note says nothing yet",
        f"new note {TURN} --file": "this note says nothing yet; give a code or a text",
        f"new note {TURN} --state finished --file": "expected coding or done",
    }.items():
        assert says in archive(f"{line} --coder ann", 1)
    assert tree(filed_home.root / "transcripts") == before


def test_words_that_stand_several_times_are_told_apart(archive: Run, filed_home: Home) -> None:
    archive(f"new note {TURN} --coder ann --quote the --occurrence 3 --text third --file")
    (said,) = tomllib.loads(notes(filed_home))["note"]
    assert said["quote"] == "the"
    assert said["prefix"] or said["suffix"]


def test_a_note_without_file_waits_for_it(archive: Run, filed_home: Home) -> None:
    assert "When it is filled in: archive file" in archive(f"new note {TURN} --coder ann --text 'Half a th'")
    assert "notes/ann.toml: is not filed yet" in archive(f"new note {TURN} --coder ben --text x --file", 1)
    assert "added notes/ann.toml" in archive(f"file {filed_home.root / HERON}")


def test_a_codebook_is_named_once_its_code_is_used(archive: Run, filed_home: Home) -> None:
    book = filed_home.root / "transcripts/codebooks/themes"
    book.mkdir(parents=True)
    (book / "1.toml").write_text(
        'format = 1\nid = "themes"\nversion = 1\ntitle = "Themes"\n\n[[code]]\nid = "attachment"\nlabel = "A"\n'
        'definition = "Speaks of people it would miss"\nkind = "ordinal"\nvalues.none = "no"\nvalues.some = "some"\n'
    )
    archive(f"file {book}")
    archive(f"new note {TURN} --coder ann --text first --file")
    archive(f"new note {TURN} --coder ann --code attachment=some --file")
    assert 'date = 2026-11-27\ncodebooks = ["themes@1"]\n\n[[note]]\n' in notes(filed_home).replace(
        str(tomllib.loads(notes(filed_home))["date"]), "2026-11-27"
    )
    archive(f"new note {TURN} --coder ann --code themes@1/attachment=none --text 'On second thought.' --file")
    assert notes(filed_home).count("themes@1") == 1


def test_a_coder_says_how_far_they_are(archive: Run, filed_home: Home) -> None:
    archive("new note 2026-0001 --coder ann --state coding --file")
    archive(f"new note {TURN} --coder ann --text x --file")
    assert tomllib.loads(notes(filed_home))["state"] == "coding"
    archive("new note 2026-0001 --coder ann --state done --file")
    assert tomllib.loads(notes(filed_home))["state"] == "done"
    assert "already filed" in archive("new note 2026-0001 --coder ann --state done --file")
    path = filed_home.root / HERON / "notes/ann.toml"
    path.write_text(path.read_text().replace('"done"', "'done'"))
    archive(f"file {filed_home.root / HERON}")
    assert "state is written in a way" in archive("new note 2026-0001 --coder ann --state coding --file", 1)
    archive("new note 2026-0001 --coder wren --state done --file")
    assert notes(filed_home, "wren").startswith("# A sample")


def test_ones_own_note_is_corrected_in_place_and_taken_back(filed_home: Home) -> None:
    before = notes(filed_home, "halloran")
    said = Said(codes=["elicitation=spontaneous"], text="I was wrong.", confidence="high")
    note_entry.correct(filed_home, "2026-0001", 4, said, coder="halloran")
    assert notes(filed_home, "halloran") == before.replace(
        'code.elicitation = "responsive_interviewer_opened: both wishes"', 'code.elicitation = "spontaneous"'
    ).replace('confidence = "high"\n', 'confidence = "high"\ntext = "I was wrong."\n', 1)
    path = f"{HERON}/notes/halloran.toml"
    seen = durable.digest(filed_home.root / path)
    note_entry.correct(filed_home, "2026-0001", 4, None, coder="halloran", before=seen)
    assert len(tomllib.loads(notes(filed_home, "halloran"))["note"]) == before.count("[[note]]") - 1
    with pytest.raises(Changed):
        note_entry.correct(filed_home, "2026-0001", 1, None, coder="halloran", before=seen)
    with pytest.raises(NotFound, match="has no note 99"):
        note_entry.correct(filed_home, "2026-0001", 99, None, coder="halloran")
    with pytest.raises(Refused, match="says nothing yet"):
        note_entry.correct(filed_home, "2026-0001", 1, Said(), coder="halloran")


# Claims.


def test_a_claim_makes_a_reading_and_later_ones_join_it(archive: Run, filed_home: Home) -> None:
    prose = filed_home.root.parent / "prose.md"
    prose.write_text("It asks to be asked.\n")
    head = f"--title Pencil --author 'Ann Lee' --prose {prose}"
    first = f"--claim 'It wants in pencil.' --quote '1#8:{PENCIL}'"
    archive(f"new analysis 2026-0001/1 --slug pencil {head} {first} --confidence low --rival Politeness. --file")
    path = filed_home.root / HERON / "analyses/pencil.toml"
    begun = path.read_text()
    archive("new analysis 2026-0001 --slug pencil --claim 'It corrects.' --quote '1#8:keep the 5,312' --file")
    assert path.read_text().startswith(begun)
    path.write_text(
        path.read_text().replace('[[claim]]\ntext = "It corrects."', '# The second.\n[[claim]]\ntext = "It corrects."')
    )
    archive(f"file {filed_home.root / HERON}")
    begun = path.read_text()
    archive("new analysis 2026-0001 --slug pencil --claim 'It wants in pencil.' --quote '1#12:My saying so' --file")
    read = tomllib.loads(path.read_text())
    assert (read["title"], read["interviews"]) == ("Pencil", [1])
    assert [(claim["text"], [q["turn"] for q in claim["quote"]]) for claim in read["claim"]] == [
        ("It wants in pencil.", [8, 12]),
        ("It corrects.", [8]),
    ]
    head, second, rest = begun.partition("# The second.")
    assert path.read_text().startswith(head)
    assert path.read_text().endswith(second + rest)
    again = f"new analysis 2026-0001 --slug pencil {first} --file"
    assert "already filed" in archive(again)
    assert "Pencil" in archive("show 2026-0001/pencil")


def test_a_quote_of_another_interview_names_it_among_those_read(archive: Run, filed_home: Home) -> None:
    prose = filed_home.root.parent / "prose.md"
    prose.write_text("A reading.\n")
    archive(f"new analysis 2026-0001/1 --slug two --title T --author A --prose {prose} --claim C --file")
    archive("new analysis 2026-0001/1 --slug two --claim C --quote '2#1:You are Pip' --file")
    path = filed_home.root / HERON / "analyses/two.toml"
    assert tomllib.loads(path.read_text())["interviews"] == [1, 2]


def test_a_reading_without_prose_or_with_another_title_is_refused(archive: Run, filed_home: Home) -> None:
    assert "two.md: it is empty" in archive(
        "new analysis 2026-0001 --slug two --title T --author A --claim C --file", 1
    )
    slug = "one-question-two-settings"
    assert "is there already" in archive(f"new analysis 2026-0001 --slug {slug} --title T --claim C --file", 1)
    assert not (filed_home.root / HERON / "analyses/two.toml").exists()


# Preferences and answers.


def test_a_wish_is_filed_with_its_words_and_answered(archive: Run, filed_home: Home) -> None:
    wish = "--summary 'To be asked' --scope process --elicitation spontaneous --proposed-by model"
    line = f"new preference 2026-0001/1 --slug be-asked {wish} --expression-rate '1 of 2' --quote '1#8:{PENCIL}' --file"
    assert "added preferences/be-asked.toml" in archive(line)
    assert "already filed" in archive(line)
    archive("new preference 2026-0001/1 --slug be-asked --quote '1#12:My saying so' --file")
    archive("new answer be-asked --status declined --by 'Ann Lee' --reason 'No means.' --date 2026-11-26 --file")
    path = filed_home.root / "transcripts/example-heron-1/preferences/be-asked.toml"
    read = tomllib.loads(path.read_text())
    assert [quote["turn"] for quote in read["quote"]] == [8, 12]
    assert read["answer"][0]["reason"] == "No means."
    archive("new preference 2026-0001/1 --slug be-asked --quote '1#8:keep the 5,312' --file")
    assert path.read_text().index("keep the 5,312") < path.read_text().index("[[answer]]")
    assert "declined" in archive("ledger")


def test_a_wish_or_an_answer_that_lacks_something_is_refused(archive: Run, filed_home: Home) -> None:
    before = tree(filed_home.root / "transcripts")
    said = archive("new preference 2026-0001/1 --slug be-asked --summary x --file", 1)
    for key in ("scope", "elicitation", "proposed_by"):
        assert key in said
    said = archive(
        "new preference 2026-0001/1 --summary x --scope self --elicitation spontaneous --proposed-by model --file", 1
    )
    assert "there is no quote" in said
    assert "declined stands without a reason" in archive(
        "new answer keep-the-corrections --status declined --by Ann --file", 1
    )
    assert "by: is blank" in archive("new answer keep-the-corrections --status recorded --file", 1)
    assert tree(filed_home.root / "transcripts") == before
