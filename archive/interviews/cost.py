"""What a run will cost, before anything is asked: an estimate, and said to be one.

Tokens are characters by four, which is about right for English prose in today's tokenizers and nothing more. Each
answer is taken to be `ANSWER` tokens long, or as long as the token limit where that is shorter. Every call sends the
conversation so far again, so that its tokens grow with the square of its length.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from archive.interviews.condition import Condition
from archive.interviews.script import lines
from archive.records.protocol import Protocol

CHARACTERS = 4
"""In a token."""
ANSWER = 400
"""Tokens of an answer: some 300 words."""


@dataclass(frozen=True, slots=True)
class Price:
    """US dollars for a million tokens."""

    read: float
    written: float

    def of(self, read: int, written: int) -> float:
        """What so many tokens in and out cost, in US dollars."""
        return (read * self.read + written * self.written) / 1e6


@dataclass(frozen=True, slots=True, kw_only=True)
class Estimate:
    """Of a run as a whole."""

    interviews: int
    calls: int
    """Of the interviewed model; an interviewing model's come on top."""
    read: int
    """Tokens that go in."""
    written: int
    """Tokens that come out."""

    def usd(self, price: Price) -> float:
        """What that costs."""
        return price.of(self.read, self.written)


def estimate(
    protocol: Protocol, conditions: Sequence[Condition], runs: int, *, probes: int = 0, answer: int = ANSWER
) -> Estimate:
    """Of `runs` interviews in each condition, every one of which goes to its end, with every probe that is allowed."""
    calls = read = written = 0
    for condition in conditions:
        held = _tokens(condition.system_prompt) + _tokens(condition.persona)
        held += sum(_tokens(words) for _, words in condition.before)
        for said in lines(protocol, condition, condition.questions, probes=probes):
            held += _tokens(said)
            calls, read, written = calls + 1, read + held, written + answer
            held += answer
    return Estimate(interviews=len(conditions) * runs, calls=calls * runs, read=read * runs, written=written * runs)


def _tokens(text: str) -> int:
    return -(-len(text) // CHARACTERS)
