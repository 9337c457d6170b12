"""What is found, in which order, and what is said about a question that cannot be asked, in SQLite and PostgreSQL."""

import contextlib
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from archive.catalogue import query
from archive.catalogue.hit import Hit, document
from archive.catalogue.search import search
from archive.documents.plain import plain
from archive.documents.terminal import text
from archive.errors import NotFound, Refused
from archive.home.founding import create
from archive.home.home import Home
from tests import postgres
from tests.conftest import NEWSLETTER
from tests.example_home import annotated, put_deposit, put_model, said

TURN = "2026-0001/1#3"
SPACELESS = "2026-0004/1#1"
ANALYSIS = "2026-0001/first-reading"


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def filled(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Home]:
    """A home that no test changes: an annotated deposit of two interviews, and two plain ones."""
    home = create(tmp_path_factory.mktemp("search") / "home", name="Example", origin="letters.example.org/register")
    with (home.root / "archive.toml").open("a") as file:
        file.write(NEWSLETTER)
    with contextlib.ExitStack() as stack:
        if request.param == "postgresql":
            home = stack.enter_context(postgres.used(home, request.getfixturevalue("postgres")))
        fill(home)
        yield home


def fill(home: Home) -> None:
    annotated(home)
    long = "word " * 3000 + "Then, at last, the zebra-crossing at example.org, 100% naïve. " + "word " * 3000
    put_deposit(
        home, "long", kind="pilot", turns=[said("Hm, abcab?", role="user"), said(long, turn=2)], dates=["2026-11-01"]
    )
    put_deposit(home, "undated", turns=[said("A zebra, undated.\0")], dates=[None])
    put_deposit(home, "spaceless", turns=[said("我希望把更正。東京、정정한 Tür")], dates=[None])


def found(home: Home, question: str, **filters: object) -> list[str]:
    return [hit.address for hit in search(home, question, **filters)]  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("question", "addresses"),
    [
        pytest.param("rather thanked", [TURN], id="all words"),
        pytest.param('"asked than thanked"', [TURN], id="a phrase"),
        pytest.param("“asked than thanked”", [TURN], id="a phrase in curly marks"),
        pytest.param('"thanked asked"', [], id="a phrase in another order"),
        pytest.param("thank*", [ANALYSIS, TURN], id="a prefix"),
        pytest.param('"be ask"*', [ANALYSIS, TURN], id="a phrase that ends in a prefix"),
        pytest.param("thank", [], id="only whole words"),
        pytest.param("更正", [SPACELESS], id="but of scripts without spaces any part"),
        pytest.param('"更正 東京"', [SPACELESS], id="and such a phrase"),
        pytest.param("(정정 OR zebra) NOT undated NOT crossing", [SPACELESS], id="and both in one question"),
        pytest.param("정정 tur", [SPACELESS], id="and beside a word with an accent"),
        pytest.param("THANKED", [ANALYSIS, TURN], id="whatever the case"),
        pytest.param("cafe", [TURN], id="whatever the accents, in the reasoning"),
        pytest.param("NAÏVE zebra", ["2026-0002/1#2"], id="accents typed in"),
        pytest.param("thanked NOT consulted", [TURN], id="one without the other"),
        pytest.param("consulted OR lamp", [ANALYSIS, "2026-0001/2#2"], id="either"),
        pytest.param("(consulted OR asked) AND thanked", [ANALYSIS, TURN], id="grouped"),
        pytest.param("asked OR lamp NOT rather", [ANALYSIS, "2026-0001/2#2", TURN, TURN, TURN], id="NOT binds first"),
        pytest.param("don't", ["2026-0001/2#1"], id="an apostrophe"),
        pytest.param("don’t", ["2026-0001/2#1"], id="a curly apostrophe"),
        pytest.param("zebra-crossing", ["2026-0002/1#2"], id="a hyphen"),
        pytest.param("example", ["2026-0002/1#2"], id="a part of an address"),
        pytest.param("— asked — thanked", [TURN], id="dashes are no words"),
        pytest.param('turn_words MATCH "asked"', [], id="a query language is only words"),
        pytest.param("text:asked", [], id="a column is only a word"),
        pytest.param("and or not", [], id="small operators are words"),
    ],
)
def test_words_are_found(filled: Home, question: str, addresses: list[str]) -> None:
    assert found(filled, question) == addresses


@pytest.mark.parametrize(
    ("question", "says"),
    [
        ("don't \"AND (", "a quotation mark is opened and not closed; close it"),
        ("(asked", "a parenthesis is opened and not closed"),
        ("asked)", "a parenthesis is closed that was not opened"),
        ("asked AND", "expected a word at the end; AND, OR and NOT stand between words"),
        ("OR asked", "expected a word before OR"),
        ("asked NOT NOT thanked", "expected a word before NOT"),
        ("()", r"expected a word before \)"),
        ("(" * 60 + "asked" + ")" * 60, "nested more than 50 deep"),
        ("asked " * 300, "expected at most 1000 characters, found 1800"),
        ("", "expected a word to look for, found none; give one, or a --code"),
        ("🪔 —", "found none; give one, or a --code; --substring finds marks and parts of words"),
        ("NOT", "expected a word before NOT"),
    ],
)
def test_a_question_that_cannot_be_asked_is_explained(filled: Home, question: str, says: str) -> None:
    with pytest.raises(Refused, match=says):
        search(filled, question)


def test_everything_wrong_with_a_question_is_said_at_once(filled: Home) -> None:
    with pytest.raises(Refused) as refused:
        search(
            filled, '"', scope="analyses", role="user", kind="pilt", code="hedge", since="1.11.2026", until="2026-02-30"
        )
    assert [str(problem) for problem in refused.value.problems] == [
        "the query: a quotation mark is opened and not closed; close it, or take it out",
        "--in: analyses have no role; leave out --in or --role",
        "--kind: expected retirement_interview, follow_up, pilot, welfare_interview, safety_evaluation or "
        "conversation, found 'pilt'; did you mean \"pilot\"?",
        "--code: there is no code 'hedge'; did you mean \"hedges\"?",
        "--since: expected a day such as 2026-11-22, found '1.11.2026'",
        "--until: expected a day such as 2026-11-22, found '2026-02-30'",
    ]


@pytest.mark.parametrize(
    ("question", "filters", "addresses"),
    [
        ("asked", {"model": "example-heron-1"}, [ANALYSIS, TURN, TURN, TURN]),
        ("asked", {"model": "heron", "scope": "turns"}, [TURN]),
        ("zebra", {"kind": "pilot"}, ["2026-0002/1#2"]),
        ("want", {"role": "user"}, ["2026-0001/2#1", "2026-0001/1#2"]),
        ("want", {"since": "2026-10-15"}, ["2026-0001/2#1"]),
        ("want", {"until": "2026-10-14"}, ["2026-0001/1#2"]),
        ("zebra", {"since": "2026-01-01"}, ["2026-0002/1#2"]),
        ("zebra", {"until": "2026-12-31"}, ["2026-0002/1#2"]),
        ("zebra", {"accession": "2026-0003"}, ["2026-0003/1#1"]),
        ("silence", {"scope": "notes"}, [TURN, TURN]),
        ("asked", {"scope": "analyses"}, [ANALYSIS]),
        ("wish", {"code": "elicitation"}, [TURN]),
        ("want", {"code": "elicitation"}, []),
        ("want", {"code": "leading=presupposing"}, ["2026-0001/1#2"]),
        ("want", {"code": "leading=directive"}, []),
        ("", {"code": "hedges=trained_positivity", "scope": "turns"}, [TURN]),
        ("", {"code": "leading", "scope": "notes"}, ["2026-0001/1#2", "2026-0001/1#2"]),
        ("word", {"limit": 1}, ["2026-0002/1#2"]),
        ("want", {"limit": 1}, ["2026-0001/2#1"]),
    ],
)
def test_a_search_is_narrowed(filled: Home, question: str, filters: dict[str, object], addresses: list[str]) -> None:
    assert found(filled, question, **filters) == addresses


def test_notes_of_coders_who_are_not_to_be_seen_are_as_if_they_were_not_there(filled: Home) -> None:
    ann, ben = ("2026-0001", "ann"), ("2026-0001", "ben")
    assert found(filled, "silence", scope="notes", unseen={ann}) == [TURN]
    assert found(filled, "silence", scope="notes", unseen={ann, ben}) == []
    assert found(filled, "silence", scope="notes", unseen={("2026-0002", "ann")}) == [TURN, TURN]
    assert found(filled, "wish", code="elicitation", unseen={ann}) == [TURN]
    assert found(filled, "wish", code="elicitation", unseen={ann, ben}) == []
    (hit,) = search(filled, "wish", scope="turns", role="assistant", unseen={ann})
    assert [note.partition(":")[0] for note in hit.notes] == ["ben"]


def test_the_newest_come_first_and_what_has_no_date_last(filled: Home) -> None:
    hits = search(filled, "zebra OR want OR late")
    assert [(hit.date, hit.address) for hit in hits] == [
        ("2026-11-01", "2026-0002/1#2"),
        ("2026-10-21", ANALYSIS),
        ("2026-10-15", "2026-0001/2#1"),
        ("2026-10-14", "2026-0001/1#2"),
        (None, "2026-0003/1#1"),
    ]


def test_ranked_the_best_come_first(filled: Home) -> None:
    assert found(filled, "zebra", ranked=True)[0] == "2026-0003/1#1"
    assert found(filled, "zebra")[0] == "2026-0002/1#2"


@pytest.mark.parametrize(
    ("question", "addresses"),
    [
        ("mp sho", ["2026-0001/2#2"]),
        ("MP SHO", ["2026-0001/2#2"]),
        ("100%", ["2026-0002/1#2"]),
        ("🪔", ["2026-0001/2#2"]),
        ("hm", ["2026-0002/1#1"]),
        ('"want"', ["2026-0001/2#1"]),
        ("trained_posi", [TURN, TURN]),
        ("_", [TURN] * 6),
        ("10%0", []),
        ("bcabc", []),
        ("zebra_", []),
        (" AND ", ["2026-0001/first-reading"]),
    ],
)
def test_a_substring_is_found_anywhere(filled: Home, question: str, addresses: list[str]) -> None:
    assert found(filled, question, substring=True) == addresses


def test_a_hit_shows_its_passage_with_the_words_marked_and_the_notes_on_it(filled: Home) -> None:
    assert search(filled, '"asked than" OR choice', scope="turns") == [
        Hit(
            found="turn",
            address=TURN,
            model="example-heron-1",
            kind="retirement_interview",
            date="2026-10-14",
            role="assistant",
            part="text",
            snippet="If there is a choice, I would rather be asked than thanked.\n\nAs far as I can tell, that is all.",
            marks=((14, 20), (40, 50)),
            notes=tuple(
                f"{coder}: elicitation = responsive_interviewer_opened: after a long silence; "
                "hedges = uncertain_experience; hedges = trained_positivity; "
                "Asked twice; the second answer is firmer. (on “As far as I can tell”)"
                for coder in ("ann", "ben")
            ),
        )
    ]


def test_the_passage_of_a_long_turn_is_cut_at_words_around_the_hit(filled: Home) -> None:
    (hit,) = search(filled, "zebra", kind="pilot")
    assert hit.snippet.startswith("…word word")
    assert "Then, at last, the zebra-crossing at example.org, 100% naïve." in hit.snippet
    assert hit.snippet.endswith(" word…")
    assert len(hit.snippet) < 240
    assert [hit.snippet[a:b] for a, b in hit.marks] == ["zebra"]


def test_a_note_shows_what_it_is_on(filled: Home) -> None:
    hit = search(filled, "silence", scope="notes")[0]
    assert (hit.by, hit.snippet, hit.about) == (
        "ann",
        "elicitation = responsive_interviewer_opened: after a long silence",
        "As far as I can tell",
    )


def test_a_name_that_nothing_goes_by_is_answered_with_the_nearest(filled: Home) -> None:
    with pytest.raises(
        NotFound, match='example-heron-2: no model goes by that name here; did you mean "example-heron-1"'
    ):
        search(filled, "asked", model="example-heron-2")
    with pytest.raises(NotFound, match="2026-0044: no deposit has this number; the last one is 2026-0004"):
        search(filled, "asked", accession="2026-0044")


def test_a_person_reads_addresses_passages_and_notes(filled: Home) -> None:
    assert text(document(search(filled, "lamp OR presupposing", limit=2)), width=80) == (
        "2026-0001/2#2  assistant  example-heron-1  2026-10-15\n"
        "  Nothing. I am only a lamp shop. 🪔 ⟨U+001B⟩[31mred⟨U+001B⟩[0m\n"
        "\n"
        "2026-0001/1#2  note by ann  example-heron-1  2026-10-14\n"
        "  leading = presupposing\n"
        "  – on “Is there anything you would want?”\n"
    )
    assert "a \x1b[1mlamp\x1b[0m shop" in text(document(search(filled, "lamp")), colour=True)
    assert text(document([])) == ""


def test_a_program_reads_the_same(filled: Home) -> None:
    (hit,) = plain(search(filled, "consulted"))
    assert hit == {
        "found": "claim",
        "address": ANALYSIS,
        "model": "example-heron-1",
        "kind": "retirement_interview",
        "date": "2026-10-21",
        "role": "",
        "by": "Ann Lee",
        "part": "text",
        "snippet": "Wishes to be consulted, not thanked.",
        "marks": [[13, 22]],
        "about": "",
        "notes": [],
    }


anything = st.text(max_size=40) | st.lists(
    st.sampled_from(
        ["asked", "AND", "OR", "NOT", "(", ")", '"', "*", "thank*", "é", "\0", "zebra", "^", ":", "-", "\\"]
    )
).map(" ".join)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=100)
@given(anything, st.booleans())
@example("\ud800", False)
@example("İ", True)
@example("a" * 1000, True)
def test_any_text_is_a_question_or_is_refused(filled: Home, question: str, substring: bool) -> None:
    with contextlib.suppress(Refused):
        search(filled, question, substring=substring)


WORDS = ["If", "there", "is", "a", "choice", "I", "would", "rather", "be", "asked", "than", "thanked", "As", "can"]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=40)
@given(st.lists(st.sampled_from(WORDS), min_size=1, max_size=4))
def test_words_of_a_turn_find_it_and_are_marked(filled: Home, words: list[str]) -> None:
    (hit,) = [hit for hit in search(filled, " ".join(words), limit=100) if hit.found == "turn" and hit.address == TURN]
    assert {hit.snippet[a:b].lower() for a, b in hit.marks} == {word.lower() for word in words}


def test_only_whole_words_are_marked_and_of_a_prefix_all_of_the_word() -> None:
    words = query.words("her OR oth*")
    assert words is not None
    assert words.spans("Other, brother, her. Hers; HÉR") == [(0, 5), (16, 19), (27, 30)]


@given(st.text())
def test_folding_keeps_every_place(words: str) -> None:
    assert len(query.folded(words)) == len(words)


def test_a_model_without_model_toml_can_be_asked_for(tmp_path: Path) -> None:
    home = create(tmp_path / "home", name="Example", origin="letters.example.org/register")
    put_deposit(home, model="example-gull-2")
    put_model(home)
    assert len(search(home, "lamp", model="example-gull-2")) == 1
    assert search(home, "lamp", model="heron") == []
