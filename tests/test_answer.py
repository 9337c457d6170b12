import pytest

from archive.records.answer import Answer, answer, fault, topics
from archive.records.context_bias import context_field


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
