import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from publisher.essays.words import difference, lines, split, text, visible

ESSAY = ["the", "river", "goes", "on", "and", "nobody", "asks", "the", "river"]


@pytest.mark.parametrize(
    ("html", "words"),
    [
        pytest.param(
            "<p>un<em>edit</em>ed</p><p>text</p>", ["unedited", "text"], id="blocks part words, inline elements do not"
        ),
        pytest.param(
            "a<br>b<hr>c<ul><li>d</li><li>e</li></ul>f", list("abcdef"), id="so do line breaks, rules and items"
        ),
        pytest.param("<table><tr><td>a</td><td>b</td></tr></table>", ["a", "b"], id="and the cells mails are made of"),
        pytest.param(
            "a\xa0b\u2003c\u3000d\u2028e\tf\ng", list("abcdefg"), id="all of Unicode's white space parts words"
        ),
        pytest.param("a\u200bb\ufeffc", ["a\u200bb\ufeffc"], id="what has no width does not"),
        pytest.param("cafe\u0301 &amp; &#x63;", ["café", "&", "c"], id="words are in NFC, entities are read"),
        pytest.param("<pre><code>a\n  b</code></pre>", ["a", "b"], id="code"),
        pytest.param(
            "<head><title>a</title><style>b</style></head><body>c<script>d</script><template>e</template>",
            ["c"],
            id="no script",
        ),
        pytest.param(
            "a<p hidden>b</p><p style='display: none'>c</p><p style='visibility:hidden'>d</p>e", ["a", "e"], id="hidden"
        ),
        pytest.param("a<!-- b --><img alt=c>d", ["a", "d"], id="comments and attributes are not seen"),
        pytest.param("", [], id="nothing"),
    ],
)
def test_the_words_of_html_are(html: str, words: list[str]) -> None:
    assert visible(html) == words


def test_text_is_what_is_seen_before_it_is_split() -> None:
    assert text("<p>cafe\u0301 <em>a</em></p>").strip() == "cafe\u0301 a"


def test_a_mail_nested_deeper_than_any_stack_is_read() -> None:
    assert visible("<div>" * 5_000 + "word") == ["word"]


def test_words_txt_has_a_space_between_words_and_a_line_feed_at_the_end() -> None:
    assert lines(["A", "wörd."]) == "A wörd.\n".encode()


@settings(deadline=None)
@given(st.lists(st.text(st.characters(codec="utf-8")).map(split)))
def test_words_txt_is_read_back_as_the_same_words(found: list[list[str]]) -> None:
    words = [word for some in found for word in some]
    assert split(lines(words).decode()) == words


@pytest.mark.parametrize(
    ("found", "told"),
    [
        ("the river goes on and nobody asks the river", None),
        ("Letters After the the river goes on and nobody asks the river Reply", None),
        ("the river goes on and nobody asks the rover", "word 9 of 9: the register has *river*, you have *rover*"),
        ("Re: the river goes on and nobody asks a river Bye", "word 8 of 9: the register has *the*, you have *a*"),
        ("Hello the river goes by and nobody asks the river", "word 4 of 9: the register has *on*, you have *by*"),
        ("The river goes on and nobody asks the river", "word 1 of 9: the register has *the*, you have *The*"),
        ("the river goes on nobody asks the river", "word 5 of 9: the register has *and*, you have *nobody*"),
        (
            "the river goes on and nobody really asks the river",
            "word 7 of 9: the register has *asks*, you have *really*",
        ),
        ("the river goes on and", "word 6 of 9: the register has *nobody*, your text ends"),
        ("on and nobody asks the river", "word 3 of 9: the register has *goes*, your text begins later"),
        ("", "word 1 of 9: the register has *the*, your text ends"),
    ],
)
def test_a_difference_is_told_in_one_sentence(found: str, told: str | None) -> None:
    assert difference(ESSAY, found.split()) == (told and f"differs at {told}")


def test_a_text_without_words_is_never_found() -> None:
    assert difference([], ["word"]) == "the register's text has no words"


@settings(deadline=None)
@given(st.lists(st.sampled_from("ab"), min_size=1, max_size=6), st.lists(st.sampled_from("ab"), max_size=12))
def test_a_run_is_found_exactly_where_there_is_one(expected: list[str], found: list[str]) -> None:
    there = any(found[start : start + len(expected)] == expected for start in range(len(found)))
    assert (difference(expected, found) is None) == there


@settings(max_examples=50, deadline=None)
@given(st.lists(st.sampled_from("abcdefghij"), min_size=2, unique=True), st.data())
def test_one_changed_word_is_named(essay: list[str], data: st.DataObject) -> None:
    position = data.draw(st.integers(0, len(essay) - 1))
    page = ["Letters", *essay[:position], "CHANGED", *essay[position + 1 :], "Reply"]
    told = difference(essay, page)
    assert (
        told
        == f"differs at word {position + 1} of {len(essay)}: the register has *{essay[position]}*, you have *CHANGED*"
    )


def test_a_long_repeated_text_is_compared_in_linear_time() -> None:
    started = time.process_time()
    assert difference(["la"] * 50_000 + ["end"], ["la"] * 100_000)
    assert time.process_time() - started < 2
