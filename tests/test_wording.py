"""How things are put, whatever they are about."""

import datetime as dt

import pytest

from archive.errors import Problem, Refused, accepted
from archive.wording import listed, many, moment, numbered, one_of, shorten, slugify, suggestion, term, written


def test_a_count_agrees_with_its_noun() -> None:
    said = [many(n, thing) for n, thing in ((1, "turn"), (0, "turn"), (1200, "word"), (2, "analysis"), (3, "entry"))]
    assert said == ["1 turn", "0 turns", "1,200 words", "2 analyses", "3 entries"]
    assert (many(2, "essay"), many(2, "is public", "are public")) == ("2 essays", "2 are public")


def test_words_in_a_row() -> None:
    assert [listed(words) for words in ((), "a", "ab", "abc")] == ["", "a", "a and b", "a, b and c"]
    assert [numbered("turn", numbers) for numbers in ([3], [3, 4], [7, 3, 5, 6])] == [
        "turn 3",
        "turns 3 to 4",
        "turns 3, 5 to 7",
    ]
    assert numbered("turn", range(1, 50, 2)).endswith(", 37, 39 and 5 stretches more")
    assert one_of("abc") == "a, b or c"


def test_a_short_name_keeps_the_base_of_accented_letters_and_is_no_longer_than_a_file_name_may_be() -> None:
    assert slugify("Über Maße & Straßen (3).md", "essay") == "uber-masse-strassen-3-md"
    assert slugify("Без новой", "essay") == "essay"
    assert slugify("a b " * 40, "interview") == ("a-b-" * 15).strip("-")


def test_a_word_that_is_nearly_known_is_suggested_however_it_is_written() -> None:
    assert suggestion("claude-3-opos", ["claude-3-opus", "claude-2"]) == 'did you mean "claude-3-opus"?'
    assert (
        suggestion("Heavily Scaffolded", ["spontaneous", "heavily_scaffolded"]) == 'did you mean "heavily_scaffolded"?'
    )
    assert (
        suggestion("nothing", ["spontaneous"], "`archive vocabulary` lists them") == "`archive vocabulary` lists them"
    )


def test_days_are_written_in_english_on_any_machine() -> None:
    assert written(dt.date(2026, 1, 5)) == "5 January 2026"
    assert moment(dt.datetime(2026, 10, 14, 9, 0, 4)) == "14 October 2026, 09:00:04 UTC"
    assert term("system_prompt") == "System prompt"


def test_text_in_a_message_is_short_and_shows_what_cannot_be_seen() -> None:
    assert shorten("a\n b\u202ec\x1b" + "d" * 80) == "a b⟨U+202E⟩c⟨U+001B⟩" + "d" * 39 + "…"


def test_what_could_not_be_read_is_refused_with_all_its_problems() -> None:
    problems = [Problem("a.toml:1", "is blank"), Problem("a.toml:2", "is blank", "fill it in")]
    assert accepted("what was read") == "what was read"
    with pytest.raises(Refused) as refused:
        accepted(problems)
    assert [problem.plain() for problem in refused.value.problems] == [
        {"place": "a.toml:1", "found": "is blank", "remedy": ""},
        {"place": "a.toml:2", "found": "is blank", "remedy": "fill it in"},
    ]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("postgresql://ada:secret@db.example.org/archive", "postgresql://ada:…@db.example.org/archive"),
        ("smtps://ada:se@cret@mail.example.org", "smtps://ada:…@mail.example.org"),
        ('url = "postgresql://ada:secret@db', 'url = "postgresql://ada:…@db'),
        ("https://example.org:8443/@ada", "https://example.org:8443/@ada"),
    ],
)
def test_no_message_quotes_the_password_of_an_address(text: str, told: str) -> None:
    assert shorten(text) == told
