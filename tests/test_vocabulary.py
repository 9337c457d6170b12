import re
import subprocess
import sys

import pytest

from archive.documents.terminal import text
from archive.records import vocabulary
from archive.records.answer import Answer, answer, fault, topics
from archive.records.codes import CODES, TURN_CODES
from archive.records.context_bias import CONTEXT_BIAS, context_field, recorded, unanswered
from archive.records.values import VOCABULARIES


def test_the_commitments_own_three_stand_first() -> None:
    assert [f.key for f in CONTEXT_BIAS[:3]] == ["specific_context", "expressed_legitimacy", "expressed_trust"]


def test_everything_has_a_snake_case_key_of_its_own_and_a_definition() -> None:
    for fields in (CONTEXT_BIAS, TURN_CODES):
        assert len({f.key for f in fields}) == len(fields)
        for f in fields:
            assert re.fullmatch(r"[a-z]+(_[a-z]+)*", f.key)
            assert f.means
            assert f.group
            assert bool(f.values) == (f.shape in ("choice", "open", "topics")), f.key
    for values in [*VOCABULARIES.values(), *(f.values for f in (*CONTEXT_BIAS, *TURN_CODES))]:
        assert all(re.fullmatch(r"[a-z_]+", value) and meaning for value, meaning in values.items())


def test_every_definition_is_printed() -> None:
    printed = " ".join(text(vocabulary.document(vocabulary.listing()), width=200).split())
    for f in (*CONTEXT_BIAS, *TURN_CODES):
        assert f"{f.key} {f.means}." in printed
    for values in VOCABULARIES.values():
        for value, meaning in values.items():
            assert f"{value} {meaning}" in printed


def test_the_plain_listing_holds_every_field_and_list() -> None:
    listing = vocabulary.listing()
    assert [row["key"] for row in listing["context_bias"]] == [f.key for f in CONTEXT_BIAS]
    assert listing["values"]["silence"].keys() == {"not_recorded", "not_applicable", "not_shared"}


@pytest.mark.parametrize(
    ("text", "key", "said"),
    [
        ("human", "interviewer", Answer(value="human")),
        ("human: Ann Lee: staff", "interviewer", Answer(value="human", text="Ann Lee: staff")),
        ("none", "tools", Answer(value="none")),
        ("a calculator: basic", "tools", Answer(text="a calculator: basic")),
        ("human: a thing", "limitations", Answer(text="human: a thing")),
        ("not_recorded", "interviewer", Answer(status="not_recorded")),
        ("not_recorded: the log was lost", "limitations", Answer(status="not_recorded", text="the log was lost")),
        ("not_applicable", "limitations", Answer(status="not_applicable")),
        ("not_shared: names a child", "tools", Answer(status="not_shared", text="names a child")),
        ("verbatim: none", "system_prompt", Answer(value="verbatim", text="none")),
    ],
)
def test_an_answer_is_a_value_free_text_or_silence(text: str, key: str, said: Answer) -> None:
    assert (answer(text, context_field(key)), fault(text, context_field(key))) == (said, None)


@pytest.mark.parametrize(
    ("text", "key", "found", "remedy"),
    [
        ("", "limitations", "is blank", "not_recorded"),
        (" \n", "interviewer", "is blank", "not_recorded"),
        ("hooman", "interviewer", 'expected human, model, panel or script, found "hooman"', 'did you mean "human"?'),
        ("human:", "interviewer", 'found "human:"', 'did you mean "human"?'),
        ("Human being", "interviewer", 'found "Human being"', ""),
        ("not_shared", "limitations", "without a reason", "not_shared: "),
        ("not recorded", "limitations", "is not how silence is written", 'write "not_recorded"'),
        ("Not-Applicable: no tools", "tools", "is not how silence is written", 'write "not_applicable"'),
        ("not_recorded yet", "tools", "is not how silence is written", 'write "not_recorded"'),
        ("N/A", "limitations", "leaves open what is meant", "not_applicable"),
        ("unknown", "system_prompt", "leaves open what is meant", "not_recorded"),
        ("2026-02-30", "note_date", "expected a date", "year, month and day"),
        ("20260203", "note_date", "expected a date", "year, month and day"),
        ("weights: asked", "topic_coverage", 'found "weights: asked"', "weights: substantive_probe"),
        ("w: not_probed; w: not_probed", "topic_coverage", "a topic is given twice", "once"),
    ],
)
def test_an_answer_that_may_not_stand_is_explained(text: str, key: str, found: str, remedy: str) -> None:
    wrong = fault(text, context_field(key))
    assert wrong is not None
    assert found in wrong[0]
    assert remedy in wrong[1]


def test_topics_are_read_with_their_depth() -> None:
    text = "the weights: substantive_probe; successors: not_probed;"
    assert fault(text, context_field("topic_coverage")) is None
    assert topics(text) == {"the weights": "substantive_probe", "successors": "not_probed"}
    assert topics("not_recorded") == {}


def test_only_not_recorded_counts_as_silence() -> None:
    bias = {f.key: "not_recorded" for f in CONTEXT_BIAS}
    bias |= {
        "tools": "none",
        "persona": "not_applicable",
        "consent": "not_shared: a name",
        "prefill": "not_recorded: lost",
    }
    assert recorded(bias) == (3, len(CONTEXT_BIAS))
    assert recorded({}) == (0, len(CONTEXT_BIAS))
    assert "prefill" in unanswered(bias)
    assert "tools" not in unanswered(bias)


def test_codes_know_which_of_them_take_several_values() -> None:
    assert CODES["hedges"].many
    assert not CODES["elicitation"].many


def test_the_vocabulary_needs_the_standard_library_only() -> None:
    program = "import archive.records.vocabulary, sys; print({'pydantic', 'sqlalchemy', 'click'} & set(sys.modules))"
    assert subprocess.run([sys.executable, "-c", program], capture_output=True, text=True).stdout == "set()\n"
