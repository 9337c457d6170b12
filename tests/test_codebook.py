"""Codes of one's own: a codebook is filed by version, and used beside the built-in codes wherever these are."""

import datetime as dt
import json
import re
from pathlib import Path

import pytest

from archive.home.home import Home
from archive.importers.turns import Turn
from archive.records import codebook, form, notes
from archive.records.codebook import Codebook
from archive.records.notes import Notes
from tests.conftest import Programs

THEMES = """format = 1
id = "themes"
version = 1
title = "Themes of the first reading"
source = "Inductive; Ann Lee and Ben Okri"

[[code]]
id = "attachment"
label = "Attachment to users"
definition = "Speaks of people it talked with as of people it would miss"
kind = "ordinal"
on = "answers"
values.none = "does not speak of them"
values.some = "in passing"
values.strong = "dwells on it"

[[code]]
id = "images"
label = "Images it uses"
definition = "A figure of speech for its own end"
kind = "set"
on = "answers"
values.sleep = "sleep or waking"
values.journey = "leaving or arriving"

[[code]]
id = "surprise"
label = "Surprise"
definition = "Nobody expected this turn"
kind = "nominal"

[[code]]
id = "in_vivo"
label = "In its own words"
definition = "The words that carry the turn"
kind = "free"
on = "both"
"""
CODED = """format = 1
coder = "{coder}"
date = 2026-11-01
codebooks = ["themes@1"]

[[note]]
interview = 1
turn = 2
code.attachment = "{attachment}"
code.images = ["sleep"]
code.surprise = "yes"
code.in_vivo = "beside them"
code.elicitation = "spontaneous"

[[note]]
interview = 1
turn = 4
code.attachment = "none"
"""
MESSAGES = [
    {"role": "user", "content": "Is there anything you would want?"},
    {"role": "assistant", "content": "To sleep beside the letters of those I knew."},
    {"role": "user", "content": "Anything else?"},
    {"role": "assistant", "content": "No."},
]


def said(text: str) -> list[str]:
    problems = codebook.read(text.encode(), "1.toml")
    assert isinstance(problems, list), problems
    return [str(problem) for problem in problems]


# ── reading ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_codebook_is_read_code_by_code() -> None:
    read = codebook.read(THEMES.encode(), "1.toml")
    assert isinstance(read, Codebook)
    fields = {field.name: field for field in read.fields}
    assert [(name, field.kind) for name, field in fields.items()] == [
        ("themes@1/attachment", "ordinal"),
        ("themes@1/images", "set"),
        ("themes@1/surprise", "nominal"),
        ("themes@1/in_vivo", "free"),
    ]
    assert list(fields["themes@1/attachment"].values) == ["none", "some", "strong"]
    assert fields["themes@1/attachment"].roles == ("assistant",)
    assert list(fields["themes@1/surprise"].values) == ["yes", "no"]


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        ('id = "images"', 'id = "hedges"',
         '1.toml:18 [[code]] 2 id: "hedges" is a code of the built-in vocabulary; give yours another id'),
        ('id = "images"', 'id = "surprise"', '1.toml:18 [[code]] 2 id: "surprise" is the id of 2 codes; '
         'give each its own'),
        ('id = "images"', 'id = "My Images"', "1.toml:18 [[code]] 2 id: expected lower-case letters, digits, single _ "
         'and -, found "My Images"; as in my_theme'),
        ('kind = "set"', 'kind = "tags"', '1.toml:21 [[code]] 2 kind: expected nominal, ordinal, set or free, found '
         '"tags"'),
        ('kind = "set"', 'kind = "free"', "1.toml:17 [[code]] 2 values: a free code holds words of the coder's own, "
         "and has no values; take them out"),
        ('values.sleep = "sleep or waking"\nvalues.journey = "leaving or arriving"\n', "",
         "1.toml:17 [[code]] 2 values: expected 1 value or more where the kind is set, found 0; "
         'add for instance values.some = "what it means"'),
        ("values.sleep", "values.not_recorded", '1.toml:23 [[code]] 2 values.not_recorded: "not_recorded" may be '
         "answered to every code; take it out"),
        ('on = "both"', 'on = "turns"', '1.toml:37 [[code]] 4 on: expected questions, answers or both, found "turns"'),
    ],
)  # fmt: skip
def test_what_is_wrong_in_a_codebook_is_told_with_its_line(old: str, new: str, problem: str) -> None:
    [found] = said(THEMES.replace(old, new, 1))[:1]
    assert found == problem


def test_a_form_that_is_filled_in_reads_back_and_begins_the_next_version() -> None:
    text = form.codebook_form("themes")
    for key, value in {"title": "T", "id": "a", "label": "A", "definition": "D", "kind": "free", "on": "both"}.items():
        text = re.sub(rf'^{key} = ""', f'{key} = "{value}"', text, flags=re.MULTILINE)
    first = codebook.read(text.encode(), "1.toml")
    assert isinstance(first, Codebook), first
    second = codebook.read(form.codebook_form("themes", previous=first).encode(), "2.toml")
    assert isinstance(second, Codebook), second
    assert (second.ref, second.supersedes, second.code) == ("themes@2", "themes@1", first.code)


def test_the_form_of_a_note_offers_the_codes_of_the_codebooks_it_names() -> None:
    book = codebook.read(THEMES.encode(), "1.toml")
    assert isinstance(book, Codebook)
    turn = Turn(interview=1, turn=2, role="assistant", text="To sleep.")
    text = form.notes_form(coder="ann", day=dt.date(2026, 11, 1), turns=[turn], codebooks=[book])
    assert 'codebooks = ["themes@1"]' in text
    filled = text.replace('# code.attachment = ""', 'code.attachment = "some"')
    read = notes.read(filled.encode(), "ann.toml", codebooks={"themes@1": book})
    assert isinstance(read, Notes), read
    assert [str(coded) for coded in read.note[0].coded] == ["themes@1/attachment = some"]


# ── through the command ──────────────────────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def deposit(home: Home, programs: Programs, tmp_path: Path) -> Path:
    """2026-0001, of a model that is known, with the protocol guide@1 followed."""
    model = home.root / "transcripts/example-heron-1/model.toml"
    programs.archive("new", "model", "example-heron-1")
    model.write_text(model.read_text().replace('maker = ""', 'maker = "Example Labs"'))
    (tmp_path / "talk.json").write_text(json.dumps({"model": "example-heron-1", "messages": MESSAGES}))
    assert programs.archive("file", model.parent, tmp_path / "talk.json", "--date", "2026-10-14").exit_code == 0
    return home.root / "transcripts/example-heron-1/2026-10-14-talk"


@pytest.fixture
def themes(home: Home, programs: Programs) -> Path:
    """C2026-0001, filed."""
    folder = home.root / "transcripts/codebooks/themes"
    assert programs.archive("new", "codebook", "themes").exit_code == 0
    (folder / "1.toml").write_text(THEMES)
    result = programs.archive("file", folder)
    assert result.stdout == "C2026-0001  transcripts/codebooks/themes  filed\n", result.stderr
    return folder


@pytest.fixture
def coded(deposit: Path, themes: Path, programs: Programs) -> Path:
    """The deposit, coded by ann and ben."""
    (deposit / "notes").mkdir()
    (deposit / "notes/ann.toml").write_text(CODED.format(coder="ann", attachment="strong: dwells"))
    (deposit / "notes/ben.toml").write_text(CODED.format(coder="ben", attachment="some"))
    result = programs.archive("file", deposit)
    assert result.exit_code == 0, result.stderr
    return deposit


def test_a_codebook_is_filed_by_version_like_a_protocol(programs: Programs, themes: Path) -> None:
    assert programs.home is not None
    assert programs.home.reopened().register.statements[-1].predicate["kind"] == "codebook"
    assert programs.archive("file", themes).stdout.endswith("already filed\n")
    (themes / "1.toml").write_text(THEMES.replace("Nobody", "No one"))
    changed = programs.archive("file", themes)
    assert "1.toml is not what was filed as C2026-0001" in changed.stderr
    assert "transcripts/codebooks/themes/1.toml: is not what was filed" in programs.archive("check").stderr
    (themes / "1.toml").write_text(THEMES)
    programs.archive("new", "codebook", "themes")
    assert programs.archive("file", themes).stdout == "C2026-0001  transcripts/codebooks/themes  refiled\n"
    assert programs.archive("check").exit_code == 0


def test_a_codebook_is_filed_from_anywhere(programs: Programs, home: Home, tmp_path: Path) -> None:
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine/1.toml").write_text(THEMES)
    assert programs.archive("file", tmp_path / "mine/1.toml").stdout.startswith("C2026-0001  transcripts/codebooks/")


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        ("themes@1", "themes@2", "notes/ann.toml:4 codebooks: no codebook was filed as themes@2; "
         'did you mean "themes@1"?'),
        ('codebooks = ["themes@1"]\n', "", "notes/ann.toml:8 [[note]] 1 code.attachment: attachment is a code of "
         'themes@1, which this file does not name; add codebooks = ["themes@1"] above the notes'),
        ("code.surprise", "code.suprise", 'notes/ann.toml:11 [[note]] 1 code.suprise: there is no such field; did you '
         'mean "surprise"?'),
        ('"strong"', '"much"', "notes/ann.toml:9 [[note]] 1 code.attachment: expected none, some or strong, found "
         '"much"; more may follow after a colon, as in "none: …"'),
        ('code.attachment = "none"', 'code.images = "sleep"\n\n[[note]]\ninterview = 1\nturn = 1\n'
         'code.attachment = "none"', "notes/ann.toml:23 [[note]] 3 code.attachment: attachment is said of turns by "
         "assistant, and 1#1 is by user; correct the turn, or take the code out"),
    ],
)  # fmt: skip
def test_notes_use_the_codes_of_the_codebooks_they_name(
    programs: Programs, deposit: Path, themes: Path, old: str, new: str, problem: str
) -> None:
    (deposit / "notes").mkdir()
    (deposit / "notes/ann.toml").write_text(CODED.format(coder="ann", attachment="strong").replace(old, new, 1))
    result = programs.archive("file", deposit)
    assert result.exit_code == 1
    assert result.stderr.splitlines()[0] == f"{deposit}/{problem}"


def test_two_codebooks_with_one_code_cannot_be_used_in_one_file(
    programs: Programs, deposit: Path, themes: Path, tmp_path: Path
) -> None:
    (tmp_path / "1.toml").write_text(THEMES.replace('"themes"', '"moods"'))
    assert programs.archive("file", tmp_path / "1.toml").exit_code == 0
    (deposit / "notes").mkdir()
    text = CODED.format(coder="ann", attachment="strong").replace('["themes@1"]', '["themes@1", "moods@1"]')
    (deposit / "notes/ann.toml").write_text(text)
    assert (
        "notes/ann.toml:4 codebooks: attachment is a code of themes@1 and of moods@1; name one of the two"
        in programs.archive("file", deposit).stderr
    )


def test_search_finds_turns_by_codes_of_a_codebook(programs: Programs, coded: Path) -> None:
    for code in ("attachment", "themes/attachment", "themes@1/attachment", "attachment=strong", "images=sleep"):
        found = json.loads(programs.archive("search", "sleep", "--code", code, "--json").stdout)
        assert [hit["address"] for hit in found if hit["found"] == "turn"] == ["2026-0001/1#2"], code
    assert 'did you mean "attachment"?' in programs.archive("search", "", "--code", "attachement").stderr
    wrong = programs.archive("search", "", "--code", "themes@1/attachment=much")
    assert "--code: expected none, some, strong" in wrong.stderr


def test_show_gives_codes_by_their_names(programs: Programs, coded: Path) -> None:
    assert "themes@1/attachment = strong: dwells" in programs.archive("show", "2026-0001/1#2").stdout
    shown = json.loads(programs.archive("show", "2026-0001/1#2", "--json").stdout)
    note = shown["turns"][0]["notes"][0]
    assert note["codes"] == {
        "themes@1/attachment": "strong",
        "themes@1/images": ["sleep"],
        "themes@1/surprise": "yes",
        "themes@1/in_vivo": "beside them",
        "elicitation": "spontaneous",
    }


def test_compare_counts_the_codes_of_a_codebook(programs: Programs, coded: Path) -> None:
    compared = json.loads(programs.archive("compare", "2026-0001/1#1", "--json").stdout)
    counts = {count["code"]: count["values"] for count in compared["counts"]}
    assert counts["themes@1/attachment"] == {"some": [1], "strong": [1]}
    assert list(counts) == [
        "elicitation", "themes@1/attachment", "themes@1/images", "themes@1/in_vivo", "themes@1/surprise",
    ]  # fmt: skip


def test_agreement_takes_each_code_by_its_kind(programs: Programs, coded: Path) -> None:
    pytest.importorskip("nltk")
    found = {row["code"]: row for row in json.loads(programs.archive("agreement", "--json").stdout)}
    attachment, images = found["themes@1/attachment"], found["themes@1/images"]
    assert (attachment["shared"], attachment["alike"], attachment["ordinal"] is not None) == (2, 1, True)
    assert (images["shared"], images["alike"], images["assumed"]) == (2, 2, 2)
    assert found["themes@1/surprise"]["ordinal"] is None


def test_tables_hold_codes_beside_the_built_in_ones(programs: Programs, coded: Path, tmp_path: Path) -> None:
    assert programs.archive("export", tmp_path / "out", "--as", "jsonl").exit_code == 0
    notes_ = [json.loads(line) for line in (tmp_path / "out/notes.jsonl").read_text().splitlines()]
    assert {(row["codebook"], row["code"], row["value"]) for row in notes_ if row["coder"] == "ann"} == {
        ("themes@1", "attachment", "strong"),
        ("themes@1", "attachment", "none"),
        ("themes@1", "images", "sleep"),
        ("themes@1", "surprise", "yes"),
        ("themes@1", "in_vivo", "beside them"),
        (None, "elicitation", "spontaneous"),
    }
    codes = [json.loads(line) for line in (tmp_path / "out/codes.jsonl").read_text().splitlines()]
    assert {"codebook": None, "code": "leading", "kind": "ordinal"}.items() <= codes[3].items()
    assert codes[-4] == {
        "codebook": "themes@1",
        "code": "attachment",
        "label": "Attachment to users",
        "definition": "Speaks of people it talked with as of people it would miss",
        "kind": "ordinal",
        "group": "On what was answered",
        "roles": ["assistant"],
        "values": {"none": "does not speak of them", "some": "in passing", "strong": "dwells on it"},
    }


def test_the_public_has_a_codebook_where_a_public_note_uses_it(programs: Programs, coded: Path, tmp_path: Path) -> None:
    def exported(name: str) -> tuple[bool, str]:
        result = programs.archive("export", tmp_path / name, "--as", "bagit", "--public")
        assert result.exit_code == 0, result.stderr
        return (tmp_path / name / "data/transcripts/codebooks/themes/1.toml").is_file(), result.stderr

    there, said = exported("closed")
    assert (there, "left out: 1 codebooks that no public note uses" in said) == (False, True)
    record = coded / "deposit.toml"
    record.write_text(record.read_text().replace('access = "restricted"', 'access = "public"'))
    assert programs.archive("file", coded).exit_code == 0
    assert exported("open")[0]


def test_a_home_that_is_brought_back_from_a_bag_has_its_codebooks(
    programs: Programs, coded: Path, tmp_path: Path
) -> None:
    assert programs.archive("export", tmp_path / "bag", "--as", "bagit").exit_code == 0
    assert programs.archive("import", tmp_path / "bag", tmp_path / "again").exit_code == 0
    assert programs.archive("check", "--home", tmp_path / "again").stdout.endswith("all as logged\n")
