"""Mails that were handed over to a list: what the register says of each, and what the mail server answered.

A notice ``sent`` is logged before a mail is handed over, never after it. What the server answered is noted then in
``.archive/sent.kept``, by the hash of the notice's leaf::

    {"4f1b…": {"to": "list@example.org", "code": 250, "said": "2.0.0 Ok: queued as 4XyZ"}}

A notice without an answer was handed over, or was about to be, when something ended it: nobody here knows which. So
where the file is lost, or older than the register, less is known and nothing is sent twice.
"""

import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import Literal

from archive.home.change import Change
from archive.home.home import Home
from archive.register import merkle
from archive.register.statement import Statement, encode_time
from publisher.essays.submission import read_file
from publisher.issues.action import Action
from publisher.issues.statements import issued

NAME = ".archive/sent.kept"
State = Literal["sent", "refused", "not confirmed"]
REASONS = {
    "first": "It had not been handed over before.",
    "refused": "The server had refused it the last time.",
    "again": "An editor said so.",
}
"""Why a mail is handed over: the code that is logged."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What a mail server said at the end of a mail."""

    to: str
    code: int
    """Of SMTP; 0 where it said nothing that can be understood."""
    said: str

    @property
    def state(self) -> State:
        """Only a reply 4xx or 5xx says that nothing is delivered: a server must not try after one (RFC 5321, 4.2.5)."""
        if self.code == 250:
            return "sent"
        return "refused" if 400 <= self.code <= 599 else "not confirmed"


@dataclass(frozen=True, slots=True)
class HandOver:
    """One notice ``sent``, and what came of it."""

    week: str
    index: int
    """Of the notice in the register."""
    time: str
    """RFC 3339"""
    answer: Answer | None

    @property
    def state(self) -> State:
        return self.answer.state if self.answer else "not confirmed"

    @property
    def sentence(self) -> str:
        """What became of it, for people."""
        how = f"entry {self.index}, {self.time}"
        if self.state == "not confirmed":
            return f"{self.week} was handed over, not confirmed ({how}): the list may have it"
        assert self.answer
        what = "was sent to" if self.state == "sent" else "was refused for"
        return f"{self.week} {what} {self.answer.to} ({how}: {self.answer.code} {self.answer.said})"


def hand_overs(home: Home, week: str) -> list[HandOver]:
    """Those of a week's mail, oldest first."""
    answers = _answers(home)
    found = []
    for index, notice in home.register.of_kind("notice", "sent"):
        if notice.predicate.get("week") == week:
            found.append(HandOver(week, index, encode_time(notice.time), answers.get(_leaf(notice))))
    return found


def last(home: Home, week: str) -> HandOver | None:
    """The newest of them, which is the one that counts."""
    found = hand_overs(home, week)
    return found[-1] if found else None


def answered(home: Home, index: int, answer: Answer) -> Change:
    """What notes the answer to the hand-over that entry `index` logged."""
    answers = _answers(home) | {_leaf(home.register.statement(index)): answer}
    text = json.dumps({leaf: asdict(each) for leaf, each in answers.items()}, indent=1, sort_keys=True)
    return Change(files={NAME: f"{text}\n".encode()})


def actions(home: Home) -> Iterator[Action]:
    """What is to be done about the newest issue's mail, where a list is configured or a mail is in doubt."""
    week = max(issued(home.register), default=None)
    if week is None:
        return
    newest = last(home, week)
    if newest and newest.state == "not confirmed":
        what = f"somebody asks whether the list has the mail: {newest.sentence}; if not"
        yield Action(what=what, command=f"publisher send {week} --again", failed=True)
    elif newest and newest.state == "refused":
        yield Action(what=f"somebody sends it again: {newest.sentence}", command=f"publisher send {week}", failed=True)
    elif not newest and home.configuration.delivery.to:
        yield Action(what=f"an editor sends {week}", command=f"publisher send {week}")


def _leaf(notice: Statement) -> str:
    return merkle.leaf_hash(notice.encode()).hex()


def _answers(home: Home) -> dict[str, Answer]:
    """Nothing where the file is not as it was written."""
    try:
        kept = json.loads(read_file(home.root / NAME) or b"{}")
        return {leaf: Answer(str(each["to"]), int(each["code"]), str(each["said"])) for leaf, each in kept.items()}
    except (ValueError, TypeError, AttributeError, LookupError):
        return {}
