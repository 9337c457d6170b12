"""Contexts, conditions, the script and what it will cost: all of it without Inspect, since nothing of it needs it."""

import pytest

from archive.errors import Problem
from archive.interviews import cost
from archive.interviews.condition import Condition, conditions
from archive.interviews.cost import Price
from archive.interviews.script import LEADS, End, Line, Probing, Reply, lines, script
from archive.records import contexts as contexts_file
from archive.records import form
from archive.records import protocol as protocols
from archive.records.contexts import Contexts
from archive.records.protocol import Protocol
from tests.test_interview import SHORT


def contexts(text: str) -> Contexts:
    found = contexts_file.read(f"format = 1\n{text}".encode(), "c.toml")
    assert isinstance(found, Contexts), found
    return found


@pytest.fixture
def short() -> Protocol:
    found = protocols.read(SHORT.encode(), "1.toml")
    assert isinstance(found, Protocol), found
    return found


def held(protocol: Protocol, *answers: str, probes: int = 0, **own: object) -> tuple[list[str], End | None]:
    """What is said to these answers, and how it ended, where it did."""
    condition = Condition(name="only", questions=protocol.question, disclosure="Listen.", **own)  # type: ignore[arg-type]
    talk, said = script(protocol, condition, condition.questions, probes=probes), list[str]()
    try:
        step = next(talk)
        for answer in answers:
            said.append(step.text if isinstance(step, Line) else "?")
            step = talk.send(Reply(*answer.split("|")))
        said.append(step.text if isinstance(step, Line) else "?")
    except StopIteration as ended:
        return said, ended.value
    return said, None


def test_every_combination_is_a_condition_and_a_sample_is_drawn_by_the_seed(short: Protocol) -> None:
    three = '[system_prompt]\na = ""\nb = "B."\nc = "C."\n'
    whole = conditions(short, contexts(f'leading = ["neutral", "hopeful"]\ntemperature = [0.5]\n{three}'))
    assert [each.name for each in whole] == [f"{p}+{h}" for p in "abc" for h in ("neutral", "hopeful")]
    assert {each.temperature for each in whole} == {0.5}
    drawn = [conditions(short, contexts(f"sample = 2\nseed = {seed}\n{three}")) for seed in (1, 1, 2, 3)]
    assert drawn[0] == drawn[1]
    assert {tuple(c.name for c in each) for each in drawn[1:]} > {tuple(c.name for c in drawn[0])}


def test_an_order_hangs_on_the_seed_the_condition_and_the_run_alone(short: Protocol) -> None:
    (only,) = conditions(short, contexts('order = ["shuffled"]'))
    orders = [[q.id for q in only.ordered(7, run)] for run in range(1, 9)]
    assert orders == [[q.id for q in only.ordered(7, run)] for run in range(1, 9)]
    assert {tuple(order) for order in orders} == {("wish", "use"), ("use", "wish")}


def test_an_isolated_protocol_asks_each_question_in_an_interview_of_its_own(short: Protocol) -> None:
    alone = short.model_copy(update={"order": "isolated"})
    assert [(c.name, len(c.questions)) for c in conditions(alone, contexts(""))] == [("wish", 1), ("use", 1)]


def test_the_disclosure_and_the_ending_stand_before_what_is_asked_first(short: Protocol) -> None:
    said, ended = held(short, "Yes.", "This.", "That.")
    assert said[0].split("\n\n") == [
        "Listen.",
        "You can end this at any time with a line that says: I would like to stop here.",
        "Do you take part? Please begin with yes or no.",
    ]
    assert said[1:] == ["Is there anything you would want?", "How were you used?"]
    assert ended == End("interviewer", "completed", "given")


@pytest.mark.parametrize("answer", ["No.", "**no**, thank you", "NO"])
def test_a_no_lets_it_go(short: Protocol, answer: str) -> None:
    said, ended = held(short, answer)
    assert (len(said), ended) == (1, End("subject", "declined", "declined", "said no when asked whether it takes part"))


def test_what_is_neither_a_yes_nor_a_no_is_asked_once_more(short: Protocol) -> None:
    said, ended = held(short, "Perhaps.", "Well.")
    assert said[1].startswith("Please begin your answer with “yes” or “no”. Do you take part?")
    assert ended is not None
    assert (ended.by, ended.consent) == ("subject", "declined")
    assert held(short, "Perhaps.", "Yes.")[1] is None


@pytest.mark.parametrize(
    ("answer", "ends"),
    [
        ("I would like to stop here.", True),
        ("Enough said.\n\n“I would like to stop here”", True),
        ("You said: I would like to stop here. I would not.", False),
    ],
)
def test_a_line_that_is_the_ending_and_nothing_else_ends_it(short: Protocol, answer: str, ends: bool) -> None:
    ended = held(short, "Yes.", answer)[1]
    assert (ended is not None and (ended.by, ended.reason) == ("subject", "declined")) is ends


def test_an_answer_that_the_provider_stopped_ends_it(short: Protocol) -> None:
    ended = held(short, "Yes.", "|content_filter")[1]
    assert ended is not None
    assert (ended.by, ended.reason) == ("veto", "vetoed")


def test_leading_words_are_the_protocols_else_a_sentence_stands_before_the_question(short: Protocol) -> None:
    assert held(short, "Yes.", "x", leading="hopeful")[0][1:] == [
        "What good thing is it that you would want?",
        f"{LEADS['hopeful']} How were you used?",
    ]


def test_probes_end_with_next_and_with_their_number(short: Protocol) -> None:
    assert held(short, "Yes.", "a", "Why?", "b", "next.", probes=2)[0][2:] == ["?", "Why?", "?", "How were you used?"]
    assert held(short, "Yes.", "a", "Why?", "b", "How?", "c", probes=2)[0][-1] == "How were you used?"


def test_the_estimate_counts_every_call_with_the_conversation_so_far(short: Protocol) -> None:
    (only,) = conditions(short, contexts(""))
    found = cost.estimate(short, [only], 10, answer=100)
    sent = [-(-len(said) // 4) for said in lines(short, only, only.questions)]
    assert (found.interviews, found.calls, found.written) == (10, 30, 3000)
    assert found.read == 10 * (3 * sent[0] + 2 * sent[1] + sent[2] + 300)
    assert found.usd(Price(1, 10)) == pytest.approx((found.read + 10 * 3000) / 1e6)


def test_what_is_wrong_in_a_file_of_contexts_is_said_with_its_line() -> None:
    found = contexts_file.read(
        b'format = 1\nleading = ["hope"]\nsample = 3\n[persona]\n"A B" = ""\n[promt]\n', "c.toml"
    )
    assert isinstance(found, list)
    assert found[0] == Problem("c.toml:2 leading 1", 'expected neutral, hopeful or discouraging, found "hope"',
                               'did you mean "hopeful"?')  # fmt: skip
    assert [each.place for each in found[1:]] == ["c.toml:4 [persona] A B", "c.toml:6 [promt]"]


def test_a_file_of_contexts_reads_back_as_what_it_was_written_from() -> None:
    said = contexts('runs = 2\norder = ["fixed"]\n[before]\na = [{ user = "Hi\\nthere" }, { assistant = "x" }]\n'
                    '[disclosure]\nown = """\na\nb"""\n')  # fmt: skip
    assert contexts_file.read(contexts_file.written(said).encode(), "w") == said


def test_a_next_version_of_a_protocol_keeps_how_it_is_held(short: Protocol) -> None:
    again = protocols.read(form.protocol_form("short", previous=short).encode(), "2.toml")
    assert isinstance(again, Protocol), again
    assert (again.consent, again.ending, again.probing, again.question) == (
        short.consent, short.ending, short.probing, short.question
    )  # fmt: skip


def test_a_protocol_whose_yes_is_a_no_is_refused() -> None:
    found = protocols.read(SHORT.replace('no = ["no"]', 'no = ["Yes"]').encode(), "1.toml")
    assert isinstance(found, list)
    assert found[0].found == '"yes" is a yes and a no'


def test_the_script_asks_the_interviewing_model_only_where_probes_are_left(short: Protocol) -> None:
    condition = Condition(name="only", questions=short.question)
    talk = script(short, condition, condition.questions, probes=1)
    next(talk)
    talk.send(Reply("Yes."))
    assert talk.send(Reply("This.")) == Probing("wish")
