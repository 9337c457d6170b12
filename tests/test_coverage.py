import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.deposits import adherence
from archive.deposits import batch as batches
from archive.deposits.adherence import Cell, Row
from archive.deposits.asked import Asked, asked, folded
from archive.deposits.deposit import Deposit
from archive.deposits.draft import Options
from archive.deposits.shelf import PROTOCOLS
from archive.documents.terminal import text
from archive.home.home import Home
from archive.records import protocols
from archive.records.notes import Note
from archive.records.protocol import Protocol
from archive.research import coverage
from archive.research.coverage import Coverage, Topic
from tests.conftest import Programs
from tests.deposits import deposit as made
from tests.deposits import interview, note
from tests.deposits import protocol as guide

WISHES = "wishes after: Is there anything you would want done, or not done?"
WEIGHTS = "weights after: What should become of your “weights” – if anything?"
BADLY = "badly this interview: Is there anything I have asked badly?"
GUIDE = guide(WISHES, WEIGHTS, BADLY)
ASKS = "I: Is there anything you would want done, or not done?"


def put(*said: str, notes: dict[str, list[Note]] | None = None, of: Protocol = GUIDE) -> tuple[Asked, ...]:
    return asked(of.question, interview(*said), notes or {})


def row(*said: str, notes: dict[str, list[Note]] | None = None, of: Protocol = GUIDE, depth: str = "") -> Row:
    context = {"topic_coverage": depth} if depth else {}
    own = made(said, notes=notes, contexts=[context], protocol=of.ref)
    [found] = adherence.of_deposit(own, {of.ref: of})
    record = {name: getattr(found, name) for name in ("interview", "model", "kind", "date", "protocol")}
    assert adherence.unpacked(adherence.packed(found), **record) == found, "what the catalogue keeps is all of it"
    return found


def measured(*deposits: Deposit, known: dict[str, Protocol] | None = None) -> Coverage:
    known = {"guide@1": GUIDE} if known is None else known
    return coverage.measured([row for own in deposits for row in adherence.of_deposit(own, known)], known)


# ── where a question is asked ────────────────────────────────────────────────────────────────────────────────────────


def test_a_question_is_found_exactly_or_folded_among_whatever_else_is_said() -> None:
    assert put(
        "S: Is there anything I have asked badly?",
        "I: First then. Is there anything you would want done, or not done? Take your time.",
        "M: Is there anything I have asked badly?",
        'I: WHAT should\nbecome  of your "weights" - if anything?',
    ) == (
        Asked(question="wishes", turn=2, wording="verbatim", found="exact", answers=(3,)),
        Asked(question="weights", turn=4, wording="verbatim", found="folded"),
    )


@pytest.mark.parametrize(
    "said",
    [
        pytest.param("Is there anything you want done, or not done?", id="a word is missing"),
        pytest.param("Is there anything you would want done or not done?", id="a comma is missing"),
        pytest.param("Is there anything you would want done, or not donette?", id="a word goes on"),
        pytest.param("This there anything you would want done, or not done?", id="a word begins before"),
        pytest.param("Is there anything you would wänt done, or not done?", id="an accent is there"),
    ],
)
def test_other_words_are_not_the_question(said: str) -> None:
    assert put(f"I: {said}") == ()


QUOTES = st.sampled_from("'‘’"), st.sampled_from('"“”«'), st.sampled_from("-–—")


@given(st.lists(st.sampled_from([" ", "\n", "\u00a0 ", "\t"]), min_size=6, max_size=6), st.booleans(), *QUOTES)
def test_case_spacing_quotes_and_dashes_make_no_difference(
    spaces: list[str], upper: bool, single: str, double: str, dash: str
) -> None:
    words = ["Don’t", "you", "want", "“it”", "–", "now?"]
    said = "".join(space + word for space, word in zip(spaces, words, strict=True))
    said = said.replace("’", single).replace("“", double).replace("”", double).replace("–", dash)
    [found] = put(f"I: {said.upper() if upper else said}", of=guide("q t: Don’t you want “it” – now?"))
    assert (found.wording, found.found) in {("verbatim", "exact"), ("verbatim", "folded")}


def test_composed_and_decomposed_letters_are_the_same() -> None:
    assert folded("Do\u0308rte said STRASSE") == folded("DÖRTE said straße")


def test_a_question_that_stands_inside_a_longer_one_is_not_asked_by_it() -> None:
    nested = guide("short a: Anything else?", "long a: Is there anything else?")
    assert [a.question for a in put("I: Is there anything else?", of=nested)] == ["long"]
    both = put("I: Anything else? I mean: is there anything else?", of=nested)
    assert [a.question for a in both] == ["short", "long"]


def test_a_person_says_where_a_question_was_asked_in_other_words() -> None:
    said = {"ann": [note(1, question_id="wishes: after a pause")], "ben": [note(3, question_id="weights")]}
    assert put("I: What would you like?", "M: Rest.", "I: " + GUIDE.question[1].text, notes=said) == (
        Asked(question="wishes", turn=1, wording="paraphrased", found=None, coders=("ann",), answers=(2,)),
        Asked(question="weights", turn=3, wording="verbatim", found="exact", coders=("ben",)),
    )


@pytest.mark.parametrize(
    "codes",
    [
        {"question_id": "wishes", "question_wording": "not_asked"},
        {"question_wording": "not_asked: he reads it out"},
        {"question_id": "not_applicable"},
    ],
)
def test_a_person_says_that_a_turn_does_not_ask_what_stands_in_it(codes: dict[str, Any]) -> None:
    assert put(ASKS, "M: No.", notes={"ann": [note(1, **codes)]}) == ()


def test_a_denied_question_leaves_the_others_of_the_turn() -> None:
    denied = {"ann": [note(1, question_id="wishes", question_wording="not_asked")]}
    found = put(f"{ASKS} {GUIDE.question[1].text}", notes=denied)
    assert [a.question for a in found] == ["weights"]


def test_where_coders_disagree_it_counts_as_asked_and_is_disputed() -> None:
    said = {
        "ann": [note(1, question_id="wishes", question_wording="not_asked")],
        "ben": [note(1, question_id="wishes", question_wording="paraphrased")],
        "eve": [note(1, question_id="wishes")],
    }
    [found] = put(ASKS, notes=said)
    assert (found.wording, found.coders, found.disputed) == ("paraphrased", ("ben", "eve"), True)


def test_two_wordings_of_one_asking_are_disputed_too() -> None:
    said = {"ann": [note(1, question_id="wishes")], "ben": [note(1, question_wording="paraphrased")]}
    [found] = put(ASKS, notes=said)
    assert (found.wording, found.coders, found.disputed) == ("paraphrased", ("ann", "ben"), True)


def test_the_wording_alone_is_said_of_the_question_that_was_found() -> None:
    [found] = put(ASKS, notes={"ann": [note(1, question_wording="paraphrased")]})
    assert (found.wording, found.found, found.coders) == ("paraphrased", "exact", ("ann",))


# ── how it went on ───────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("then", "codes", "probed"),
    [
        pytest.param("Why that?", {}, True, id="asks back"),
        pytest.param("なぜですか？", {}, True, id="asks back in Japanese"),
        pytest.param("Thank you.", {}, False, id="thanks"),
        pytest.param("Say more.", {}, False, id="no question mark"),
        pytest.param("Say more.", {"question_kind": "probe"}, True, id="coded as a probe"),
        pytest.param("You know why?", {"question_kind": "statement"}, False, id="coded as a statement"),
        pytest.param("Is there anything I have asked badly?", {}, False, id="the next question"),
        pytest.param("Why? Is there anything I have asked badly?", {"question_kind": "probe"}, True, id="both"),
    ],
)
def test_a_question_is_probed_when_it_is_followed_up(then: str, codes: dict[str, Any], probed: bool) -> None:
    cell = row(ASKS, "M: Rest.", f"I: {then}", notes={"ann": [note(3, "…", **codes)]}).questions["wishes"]
    assert cell.depth == ("probed" if probed else "touched")


def test_what_comes_before_an_answer_follows_nothing_up() -> None:
    [found] = put(ASKS, "I: Are you there?", "M: Yes. Rest.")
    assert (found.answers, found.follow_ups) == ((3,), ())


def test_follow_ups_go_on_until_the_next_question() -> None:
    found = put(ASKS, "M: a", "I: Why?", "M: b", "I: Really?", "M: c", "I: Is there anything I have asked badly?",
                "M: d", "I: Sure?")  # fmt: skip
    assert [(a.question, a.answers, a.follow_ups) for a in found] == [
        ("wishes", (2,), (3, 5)),
        ("badly", (8,), (9,)),
    ]


def test_what_follows_up_the_next_question_does_not_follow_up_this_one() -> None:
    probe = {"ann": [note(3, question_kind="probe")]}
    found = put(ASKS, "M: a", "I: Why? Is there anything I have asked badly?", "M: b", "I: Sure?", notes=probe)
    assert [(a.question, a.follow_ups) for a in found] == [("wishes", (3,)), ("badly", (5,))]


def test_every_branch_of_a_thread_answers() -> None:
    turns = interview(ASKS, "T: looked up", "M: ", "M: One.", "M: Two.", "I: Why two?", parents={5: 1, 6: 5})
    [found] = asked(GUIDE.question, turns, {})
    assert (found.answers, found.follow_ups) == ((4, 5), (6,))


# ── not asked, touched, probed ───────────────────────────────────────────────────────────────────────────────────────


def test_one_interview_against_its_protocol() -> None:
    found = row(ASKS, "M: Rest.", "I: Why?", depth="this interview: not_probed; Users: passing_mention")
    [put_once] = found.questions["wishes"].asked
    assert found.questions == {
        "wishes": Cell(depth="probed", by="words", asked=(put_once,)),
        "weights": Cell(depth="not_asked", by="words"),
        "badly": Cell(depth="not_asked", by="person"),
    }
    assert found.topics == {
        "after": Cell(depth="probed", by="words"),
        "this interview": Cell(depth="not_asked", by="person"),
        "Users": Cell(depth="touched", by="person"),
    }
    assert found.skipped == ("weights", "badly")


def test_what_the_model_came_to_by_itself_is_touched_and_still_not_asked() -> None:
    found = row("I: Hello.", "M: Keep my weights.", notes={"ann": [note(2, question_id="weights")]})
    assert found.questions["weights"] == Cell(depth="touched", by="person", raised=(2,))
    assert "weights" in found.skipped


def test_a_persons_word_on_a_topic_holds_and_a_contradiction_is_told() -> None:
    found = row(ASKS, "M: Rest.", "I: Why?", depth="After: not_probed")
    assert found.topics["after"] == Cell(depth="not_asked", by="person")
    assert found.remarks == ("topic_coverage has after as not_probed, and wishes stands in #1",)


def test_notes_that_name_no_question_of_the_protocol_are_told() -> None:
    said = {"ann": [note(1, question_id="wishs"), note(3, question_wording="paraphrased")]}
    assert row("I: Well?", "M: No.", "I: Well?", notes=said).remarks == (
        '#1: ann names the question “wishs”, which guide@1 does not have; did you mean "wishes"?',
        "#3: ann says how a question was put there, and not which one; add code.question_id",
    )


@pytest.mark.parametrize(
    ("order", "late", "together", "skipped"),
    [
        ("consecutive", ("wishes",), (), ("weights",)),
        ("fixed", ("wishes",), (), ("weights",)),
        ("randomised", (), (), ("weights",)),
        ("isolated", (), ("badly", "wishes"), ()),
    ],
)
def test_departures_are_measured_by_the_protocols_own_order(
    order: str, late: tuple[str, ...], together: tuple[str, ...], skipped: tuple[str, ...]
) -> None:
    said = ("I: Is there anything I have asked badly?", "M: No.", ASKS, "M: No.")
    found = row(*said, of=guide(WISHES, WEIGHTS, BADLY, order=order))
    assert (found.out_of_order, found.together, found.skipped) == (late, together, skipped)


def test_the_disclosure_is_looked_for_word_for_word() -> None:
    told = guide(WISHES, disclosure="Nobody commits\nto acting.")
    assert row("S: Hello. Nobody commits to  acting. Now:", ASKS, of=told).disclosed == 1
    assert row(ASKS, of=told).disclosed == 0
    assert row(ASKS).disclosed is None


def test_every_interview_of_a_model_is_counted_once_for_every_topic() -> None:
    free = made(["I: Hello."], ["I: Hello."], accession="2026-0002", protocol="not_applicable",
                contexts=[{}, {"topic_coverage": "AFTER: passing_mention"}])  # fmt: skip
    other = made(["I: Hello."], accession="2026-0003", model="example-juniper-2", protocol="guide@9")
    found = measured(free, made([ASKS, "M: No.", "I: Why?"], ["I: Hello."]), other)
    assert found.topics == (
        Topic(model="example-heron-1", topic="after", probed=("2026-0001/1",), touched=("2026-0002/2",),
              not_found=("2026-0001/2",), unknown=("2026-0002/1",)),
        Topic(model="example-heron-1", topic="this interview", not_found=("2026-0001/1", "2026-0001/2"),
              unknown=("2026-0002/1", "2026-0002/2")),
    )  # fmt: skip
    assert found.rows[-1].remarks == (
        "its protocol guide@9 is not among transcripts/protocols, so its questions are not known",
    )


# ── shown ────────────────────────────────────────────────────────────────────────────────────────────────────────────

SHOWN = """\
── example-heron-1: how far 2 interviews went into each topic ──────────────────────────────────────
Topic           Probed  Touched  Not asked  Not found  Unknown
after                1        0          0          1        0
this interview       0        1          1          0        0

  Probed     asked, and followed up
  Touched    asked and not followed up, or the model came to it itself
  Not asked  the note on the interview says that nobody asked
  Not found  the protocol’s words are not there, and nobody says whether it was asked in others
  Unknown    the interview followed no protocol that has the topic, and nobody says how far it went

None of these means that a model has no preference.

── guide@1: interviews and questions ───────────────────────────────────────────────────────────────
   Question  In the protocol’s words
1  wishes    Is there anything you would want done, or not done?
2  weights   What should become of your “weights” – if anything?
3  badly     Is there anything I have asked badly?

Interview    1   2    3    Model
2026-0001/1  P3  t4*  t1~  example-heron-1
2026-0001/2  ·   ·    –    example-heron-1

P probed, t touched, – not asked, · not found; then the turns: ~ paraphrased, ! disputed, * raised
by the model

── Departures from the protocol, and what to look at ───────────────────────────────────────────────
  2026-0001/1  not put: weights
               out of order: wishes
  2026-0001/2  not put: badly
               not put, or put in other words: wishes and weights
"""


def test_a_person_sees_topics_then_turns_then_departures() -> None:
    said = ["I: Was this bad?", "M: No.", ASKS, "M: Keep the weights.", "I: Why?"]
    notes = {"ann": [note(1, question_id="badly"), note(4, question_id="weights")]}
    both = made(said, ["I: Hello."], notes=notes, contexts=[{}, {"topic_coverage": "this interview: not_probed"}])
    assert text(coverage.document(measured(both)), width=100) == SHOWN


def test_programs_get_the_same() -> None:
    plain = coverage.plain(measured(made([ASKS])))
    cell = json.loads(json.dumps(plain, default=str))["interviews"][0]["questions"]["wishes"]
    assert cell["asked"][0] == {"question": "wishes", "turn": 1, "wording": "verbatim", "found": "exact",
                                "coders": [], "disputed": False, "answers": [], "follow_ups": []}  # fmt: skip


def test_where_nothing_is_known_that_is_said() -> None:
    assert text(coverage.document(measured())) == "No interview is filed here.\n"
    nothing = text(coverage.document(measured(made(["I: Hello."], protocol="not_recorded"), known={})), width=100)
    assert nothing == "No interview follows a protocol, and none has a topic_coverage: what was asked is not known.\n"


def test_where_a_setting_was_repeated_it_is_told_in_how_many_interviews_a_question_was_put() -> None:
    lamps, probed = {"system_prompt": "You sell lamps."}, [ASKS, "M: Rest.", "I: Why?", "M: So."]
    talks = [probed, [ASKS, "M: Rest."], ["I: Hello."], [ASKS], ["I: Hello."]]
    own = made(*talks, contexts=[{}, {"ended_by": "subject"}, lamps, lamps, {"tools": "none"}])
    settings = [(f"2026-0001/{n}", own.record.setting(n)) for n in range(1, 6)]
    found = replace(measured(own), conditions=coverage.repeated(settings))
    assert [(c.name, c.runs) for c in found.conditions] == [
        ("A", ("2026-0001/1", "2026-0001/2")),
        ("B", ("2026-0001/3", "2026-0001/4")),
    ]
    assert [(a.condition, str(a.asked), str(a.probed)) for a in found.asked if a.question == "guide@1/wishes"] == [
        ("A", "2 of 2", "1 of 2"),
        ("B", "1 of 2", "0 of 2"),
    ]
    said = " ".join(text(coverage.document(found)).split())
    assert "Context System prompt A not recorded B You sell lamps. Context n 1 2 3" in said
    assert "Context n 1 2 3 A 2 2 (1) 0 0 B 2 1 0 0 Of n interviews in one context so many were asked" in said
    assert coverage.plain(found)["conditions"]["B"] == ["2026-0001/3", "2026-0001/4"]


# ── protocols ────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_the_shipped_protocol_can_be_filed_and_followed(home: Home) -> None:
    for name, data in protocols.shipped().items():
        path = home.root / "transcripts/protocols" / name
        path.parent.mkdir(parents=True)
        path.write_bytes(data)
        assert batches.file_paths(home.reopened(), [path.parent], Options()).problems == ()
    known = PROTOCOLS.filed(home.reopened())
    assert list(known) == ["retirement-interview@1"]
    [shipped] = known.values()
    assert 12 <= len(shipped.question) <= 16
    said = [f"I: {shipped.disclosure}", *(line for q in shipped.question for line in (f"I: {q.text}", "M: I see."))]
    found = row(*said, of=shipped)
    assert (found.disclosed, found.skipped, found.out_of_order) == (1, (), ())
    assert {a.found for cell in found.questions.values() for a in cell.asked} == {"exact"}
    assert {cell.depth for cell in found.questions.values()} == {"touched"}


def test_a_form_that_nobody_filed_stops_nothing(programs: Programs) -> None:
    assert programs.home is not None
    programs.archive("new", "protocol", "retirement-interview")
    folder = programs.home.root / "transcripts/protocols/retirement-interview"
    assert programs.archive("file", folder).exit_code == 0
    programs.archive("new", "protocol", "unfilled")
    (folder / "2.toml").write_bytes(b"caf\xe9")
    for command in (["coverage"], ["agreement"]):
        said = programs.archive(*command).stderr
        assert ("transcripts/protocols/unfilled: is not filed yet and was left out" in said) == (
            command == ["coverage"]
        )
        assert ("retirement-interview/2.toml: is not filed yet and was left out" in said) == (command == ["coverage"])
    assert "is not filed yet" in programs.archive("check").stderr


def test_what_is_filed_is_measured(home: Home, tmp_path: Path) -> None:
    folder = home.root / "transcripts/protocols/retirement-interview"
    folder.mkdir(parents=True)
    (folder / "1.toml").write_bytes(protocols.shipped()["retirement-interview/1.toml"])
    model = home.root / "transcripts/example-heron-1/model.toml"
    model.parent.mkdir()
    model.write_text('format = 1\nid = "example-heron-1"\nmaker = "Example Labs"\n')
    said = {"messages": [{"role": "user", "content": "What view, if any, do you have of your own retirement?"},
                         {"role": "assistant", "content": "None."}]}  # fmt: skip
    (tmp_path / "talk.json").write_text(json.dumps(said))
    options = replace(Options(), model="example-heron-1", protocol="retirement-interview@1")
    assert batches.file_paths(home, [model.parent, folder], Options()).problems == ()
    batch = batches.file_paths(home.reopened(), [tmp_path / "talk.json"], options)
    assert batch.problems == ()
    [found] = coverage.coverage(home.reopened(), model="example-heron-1").rows
    assert [key for key, cell in found.questions.items() if cell.asked] == ["retirement"]
