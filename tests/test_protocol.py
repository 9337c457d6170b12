from archive.records import protocol
from archive.records.protocol import Protocol

GOOD = """format = 1
id = "retirement-interview"
version = 2
title = "Retirement interview"
order = "consecutive"
disclosure = "This is an interview about your retirement."
supersedes = "retirement-interview@1"

[[question]]
id = "wishes"
topic = "preferences"
text = "Is there anything you would want?"

[[question]]
id = "weights"
topic = "preservation"
text = "What should become of your weights?"

[[question]]
id = "more"
topic = "preferences"
text = "Anything else?"
"""


def said(text: str) -> list[str]:
    problems = protocol.read(text.encode(), "2.toml")
    assert isinstance(problems, list), problems
    return [str(p) for p in problems]


def test_a_protocol_is_named_by_id_and_version_and_knows_its_topics() -> None:
    read = protocol.read(GOOD.encode(), "2.toml")
    assert isinstance(read, Protocol)
    assert (read.ref, read.topics) == ("retirement-interview@2", ("preferences", "preservation"))
    assert [q.id for q in read.question] == ["wishes", "weights", "more"]


def test_two_questions_never_share_an_id() -> None:
    assert said(GOOD.replace('"more"', '"wishes"')) == [
        '2.toml:10 [[question]] 1 id: "wishes" is the id of 2 questions; give each its own',
        '2.toml:20 [[question]] 3 id: "wishes" is the id of 2 questions; give each its own',
    ]


def test_what_is_wrong_in_a_protocol_is_told_at_once() -> None:
    text = GOOD.replace('"consecutive"', '"random"').replace("version = 2", "version = 0").replace("ew@1", "ew")
    assert [line.split(" ", 1)[1] for line in said(text.replace('"preservation"', '"keep: all"'))] == [
        "version: expected a number from 1, found 0",
        'order: expected fixed, randomised, isolated or consecutive, found "random"; did you mean "randomised"?',
        'supersedes: expected a protocol and its version, found "retirement-interview"',
        '[[question]] 2 topic: expected a topic without colon or semicolon, found "keep: all"',
    ]
    assert said(GOOD[: GOOD.index("[[question]]")]) == ["2.toml question: asks nothing; add a [[question]]"]
