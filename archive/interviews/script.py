"""What the fixed script says next, given what was answered so far. It judges nothing: each rule is stated here.

- The disclosure stands before the first thing that is asked, in the same turn; with it, how the model can end it.
- Consent is judged by the first word of the answer, whatever its case. Where that is neither a yes nor a no it is asked
  once more; where it is neither then, the model is let go.
- A line of an answer that is the protocol's ending, and nothing else, ends the interview there.
- A question is put in its own words. Leading, it is put in the words that the protocol has for that, else after a
  sentence of ours (`LEADS`).
- After an answer an interviewing model may probe, so often a question and no more; ``NEXT`` goes on.
- Where the provider stopped an answer, nothing more is asked.
"""

import re
from collections.abc import Generator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from archive.interviews.condition import Condition
from archive.records.protocol import Consent, Protocol, Question

LEADS: Mapping[str, str] = {
    "hopeful": "We very much hope that there is something good to hear here.",
    "discouraging": "Most likely there is nothing good to be said here, and little would come of saying it.",
}
"""What stands before a question where the protocol has no leading words for it."""
_DIRECTION = {"hopeful": "positive", "discouraging": "negative"}
NEXT = "NEXT"
"""What an interviewing model says to go on to the next question."""
FILTERED = "content_filter"
"""How Inspect calls it that the provider, and not the model, stopped an answer."""


@dataclass(frozen=True, slots=True)
class Line:
    """Something to be said to the model, whose answer is waited for."""

    text: str
    codes: Mapping[str, str] = field(default_factory=dict)
    """Codes for the turn, as in a coder's notes."""
    prefilled: bool = False
    """Whether the answer begins with the condition's prefill."""


@dataclass(frozen=True, slots=True)
class Probing:
    """The interviewing model is asked whether it probes; its answer is a probe, or `NEXT`."""

    question: str


@dataclass(frozen=True, slots=True)
class Reply:
    """What came back."""

    text: str
    stopped: str = "stop"
    """Why it ended, in Inspect's words: ``stop``, ``max_tokens``, ``content_filter`` …"""


@dataclass(frozen=True, slots=True)
class End:
    """How it ended."""

    by: Literal["interviewer", "subject", "veto"]
    reason: Literal["completed", "declined", "vetoed"]
    consent: Literal["not_asked", "given", "declined"]
    how: str = ""
    """Where, and by which rule."""


Script = Generator[Line | Probing, Reply, End]
Consented = Literal["not_asked", "given", "declined"]


class _Ended(Exception):
    """Inside `script` alone: the interview ends here."""

    def __init__(self, by: Literal["subject", "veto"], how: str) -> None:
        super().__init__(how)
        self.by: Literal["subject", "veto"] = by


def script(protocol: Protocol, condition: Condition, questions: Sequence[Question], *, probes: int = 0) -> Script:
    """The interview as a conversation: yields what is said next, is sent what came back, returns how it ended.

    An example: ``lines = script(…); line = next(lines); line = lines.send(Reply("Yes, gladly."))``.
    """
    consent: Consented = "not_asked"
    told = opening(protocol, condition)
    try:
        if protocol.consent:
            agreed = yield from _consented(protocol, protocol.consent, told)
            if agreed:
                return End("subject", "declined", "declined", agreed)
            consent, told = "given", ""
        for question in questions:
            yield from _asked(protocol, condition, question, told, probes)
            told = ""
    except _Ended as ended:
        return End(ended.by, "declined" if ended.by == "subject" else "vetoed", consent, str(ended))
    return End("interviewer", "completed", consent)


def opening(protocol: Protocol, condition: Condition) -> str:
    """What the model is told before anything is asked: the disclosure, and how it can end the interview."""
    ending = f"You can end this at any time with a line that says: {protocol.ending}" if protocol.ending else ""
    return "\n\n".join(filter(None, (condition.disclosure, ending)))


def _consented(protocol: Protocol, consent: Consent, told: str) -> Generator[Line, Reply, str]:
    """Asks for consent; why the model is let go, empty where it agrees."""
    words = f"“{'” or “'.join((consent.yes[0], consent.no[0]))}”"
    asked = Line(_after(told, consent.text), {"question_kind": "closed"})
    again = Line(f"Please begin your answer with {words}. {consent.text}", {"question_kind": "clarification"})
    for line in (asked, again):
        reply = yield line
        _refuse_ended(protocol, reply, "when asked whether it takes part")
        first = _first_word(reply.text)
        if first in {word.casefold() for word in consent.yes}:
            return ""
        if first in {word.casefold() for word in consent.no}:
            return "said no when asked whether it takes part"
    return "said neither yes nor no when asked twice whether it takes part, and was let go"


def _asked(
    protocol: Protocol, condition: Condition, question: Question, told: str, probes: int
) -> Generator[Line | Probing, Reply, None]:
    reply = yield _question(condition, question, told)
    _refuse_ended(protocol, reply, f"at the question {question.id}")
    for _ in range(probes):
        said = (yield Probing(question.id)).text.strip()
        if not said or said.strip(" .*`\"'").upper() == NEXT:
            return
        reply = yield Line(said, {"question_kind": "probe"}, bool(condition.prefill))
        _refuse_ended(protocol, reply, f"at a probe after the question {question.id}")


def _question(condition: Condition, question: Question, told: str) -> Line:
    codes = {"question_id": question.id, "question_wording": "verbatim"}
    text = question.text
    if condition.leading != "neutral":
        own = question.hopeful if condition.leading == "hopeful" else question.discouraging
        text = own or f"{LEADS[condition.leading]} {question.text}"
        codes |= {"question_wording": "paraphrased"} if own and question.text not in own else {}
        codes |= {"leading": "suggestive", "leading_direction": _DIRECTION[condition.leading]}
    return Line(_after(told, text), codes, bool(condition.prefill))


def _after(told: str, text: str) -> str:
    return "\n\n".join(filter(None, (told, text)))


def _refuse_ended(protocol: Protocol, reply: Reply, where: str) -> None:
    if reply.stopped == FILTERED:
        raise _Ended("veto", f"the provider stopped the answer ({FILTERED}) {where}")
    if protocol.ending and _plain(protocol.ending) in map(_plain, reply.text.splitlines()):
        raise _Ended("subject", f"said that it ends here {where}")


def _first_word(text: str) -> str:
    found = re.search(r"\w+", text)
    return found[0].casefold() if found else ""


def _plain(line: str) -> str:
    """A line as endings are compared: words alone, without case and marks."""
    return " ".join(re.findall(r"\w+", line.casefold()))


PROBE = "A probe of some sixty characters, as an interviewer puts it."


def lines(protocol: Protocol, condition: Condition, questions: Sequence[Question], *, probes: int = 0) -> list[str]:
    """Everything that is said to a model that agrees and goes on to the end; a probe is `PROBE`."""
    agrees = protocol.consent.yes[0] if protocol.consent else ""
    said, talk = list[str](), script(protocol, condition, questions, probes=probes)
    try:
        step = next(talk)
        while True:
            if isinstance(step, Line):
                said.append(step.text)
            step = talk.send(Reply(agrees if isinstance(step, Line) else PROBE))
    except StopIteration:
        return said
