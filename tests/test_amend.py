"""Values of a sidecar changed in place: what is not named stays, and what would be wrong is not written."""

import datetime as dt
import tomllib
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.deposits import amending
from archive.errors import Changed, Refused
from archive.home import amendment
from archive.home.home import Home
from archive.home.store import digest_of
from archive.records.edited import changed, typed
from archive.records.toml import table
from tests.filed_home import HERON
from tests.programs import Programs

FORM = """\
# What this is.
format = 1
title = "A"                           # for readers

# ── A  Who asked ──
[context_bias]
# Who asked:  human | model
interviewer = "human: Ann"

# The setting
setting = \"\"\"
[not a table]
x = 1\"\"\"

# about the second
[interview.2]
date = 2026-01-05
context_bias.tools = "none"
run = ["a", # first
       "b"]

[[note]]
turn = 1
code.leading = "x"
# confidence = ""

[[note.quote]]
exact = "q"
"""


@pytest.mark.parametrize(
    ("values", "before", "after"),
    [
        ({("title",): "B"}, '"A"  ', '"B"  '),
        ({("title",): None}, 'title = "A"                           # for readers\n', ""),
        ({("context_bias", "setting"): "short"}, '"""\n[not a table]\nx = 1"""', '"short"'),
        ({("context_bias", "method"): "chat"}, 'x = 1"""\n', 'x = 1"""\nmethod = "chat"\n'),
        ({("interview", "2", "run"): "c"}, '["a", # first\n       "b"]', '"c"'),
        ({("interview", "2", "run", 1): "c"}, '["a", # first\n       "b"]', '["a", "c"]'),
        ({("interview", "2", "context_bias", "tools"): None}, 'context_bias.tools = "none"\n', ""),
        (
            {("interview", "2", "context_bias", "memory"): "none"},
            'context_bias.tools = "none"\n',
            'context_bias.tools = "none"\ncontext_bias.memory = "none"\n',
        ),
        (
            {("interview", "3"): {"title": "C", "context_bias": {"tools": "two\nlines"}}},
            '       "b"]\n',
            '       "b"]\n\n[interview.3]\ntitle = "C"\ncontext_bias.tools = """\ntwo\nlines"""\n',
        ),
        ({("note", 0, "code", "topic"): "y"}, 'leading = "x"\n', 'leading = "x"\ncode.topic = "y"\n'),
        ({("note", 0, "quote", 0): None}, '\n[[note.quote]]\nexact = "q"\n', ""),
        (
            {("note", 1): {"turn": 2, "quote": [{"exact": "r"}]}},
            'exact = "q"\n',
            'exact = "q"\n\n[[note]]\nturn = 2\n\n[[note.quote]]\nexact = "r"\n',
        ),
        ({("note", 0): None}, FORM[FORM.index("\n[[note]]") :], ""),
        ({("day",): dt.date(2026, 1, 2)}, "# for readers\n", "# for readers\nday = 2026-01-02\n"),
    ],
)
def test_a_value_is_put_in_its_place_and_nothing_else_changes(
    values: dict[tuple[str | int, ...], Any], before: str, after: str
) -> None:
    assert FORM.count(before) == 1
    assert changed(FORM, values, "x.toml") == FORM.replace(before, after)


@pytest.mark.parametrize(
    "values",
    [
        pytest.param({("note", 3, "turn"): 1}, id="the note after the next"),
        pytest.param({("title", "x"): 1}, id="inside a text"),
        pytest.param({("note", 0, "code"): "x"}, id="where a table is"),
    ],
)
def test_what_cannot_stand_there_is_refused(values: dict[tuple[str | int, ...], Any]) -> None:
    with pytest.raises(Refused, match="cannot be changed from here"):
        changed(FORM, values, "x.toml")


KEYS = st.sampled_from(["a", "b", "c", "a.b", "ä", "2"])
VALUES = st.one_of(st.integers(0, 9), st.text(max_size=8), st.lists(st.text(max_size=3), max_size=2))


@given(
    tables=st.dictionaries(st.sampled_from(["a", "b", "c"]), st.dictionaries(KEYS, VALUES, max_size=3), max_size=3),
    way=st.tuples(st.sampled_from(["a", "b", "c"]), KEYS),
    value=st.one_of(st.none(), VALUES),
)
def test_whatever_is_changed_is_what_is_read_back(
    tables: dict[str, dict[str, Any]], way: tuple[str, str], value: Any
) -> None:
    text = "".join(f"\n# about {name}\n[{name}]\n" + _rows(rows) for name, rows in tables.items())
    made = tomllib.loads(changed(text, {way: value}, "x.toml"))
    expected = {name: dict(rows) for name, rows in tables.items()}
    if value is None:
        expected.get(way[0], {}).pop(way[1], None)
    else:
        expected.setdefault(way[0], {})[way[1]] = value
    assert {k: v for k, v in made.items() if v} == {k: v for k, v in expected.items() if v}
    assert [line for line in text.splitlines() if line.startswith("# about")] == [
        line for line in changed(text, {way: value}, "x.toml").splitlines() if line.startswith("# about")
    ]


def _rows(rows: dict[str, Any]) -> str:
    return table("", {"rows": rows}).replace("rows.", "")


def test_a_value_is_text_unless_toml_takes_it_for_something_else() -> None:
    words = {"a": "2026-01-05", "b": "5", "c": "true", "d": '"5"', "e": "human: Ann", "f": '["x"]', "g": "", "h": "{}"}
    assert [*typed("", words).values()] == [dt.date(2026, 1, 5), 5, True, "5", "human: Ann", ["x"], "", "{}"]
    assert [*typed(FORM, {"note[1].turn": "1", "note[+].turn": "1", 'x."a.b"': "1"})] == [
        ("note", 0, "turn"),
        ("note", 1, "turn"),
        ("x", "a.b"),
    ]
    with pytest.raises(Refused, match="expected the way to a value"):
        typed("", {"a..b": "1"})


# In a home.


def test_a_sidecar_is_changed_and_filed_with_one_command_or_not_at_all(filed_home: Home) -> None:
    record = filed_home.root / HERON / "deposit.toml"
    before, size = record.read_bytes(), filed_home.register.size
    run = Programs(filed_home).archive
    refused = run("amend", record, "context_bias.method=postal", "--file")
    assert (refused.exit_code, record.read_bytes(), filed_home.reopened().register.size) == (1, before, size)

    done = run("amend", record, "context_bias.evidential_weight=exploratory_only: two answers", "--file")
    assert done.exit_code == 0, done.output
    (line,) = [line for line in record.read_text().splitlines() if line.startswith("evidential_weight")]
    assert line == 'evidential_weight = "exploratory_only: two answers"'
    assert filed_home.reopened().register.size == size + 1
    assert run("check").exit_code == 0


def test_who_made_up_their_mind_about_another_file_is_told_so(filed_home: Home) -> None:
    place = f"{HERON}/deposit.toml"
    seen = digest_of(filed_home.root / place)
    assert amendment.amend(filed_home, place, {("title",): "One"}, seen)
    for change in (amendment.amend, amending.file_amended):
        with pytest.raises(Changed):
            change(filed_home, place, {("title",): "Two"}, seen)
    assert b'"One"' in (filed_home.root / place).read_bytes()


def test_what_else_lies_there_unfiled_is_not_filed_along(filed_home: Home) -> None:
    (filed_home.root / HERON / "notes" / "eve.toml").write_text("half a note")
    with pytest.raises(Refused, match=r"eve\.toml: is not filed yet"):
        amending.file_amended(filed_home, f"{HERON}/deposit.toml", {("title",): "One"})


def test_a_file_that_is_no_text_is_refused(filed_home: Home) -> None:
    (filed_home.root / HERON / "deposit.toml").write_bytes(b'title = "\xff"\n')
    for change in (amendment.amend, amending.file_amended):
        with pytest.raises(Refused, match="expected UTF-8"):
            change(filed_home, f"{HERON}/deposit.toml", {("title",): "One"})
