"""What is compared, as an address says it and as a command line does."""

import shlex
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import urlencode

from archive.desk.ask import Form
from archive.errors import Error


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """One of question, words and turns; and what is to be seen of it."""

    question: str = ""
    """``retirement-interview@1/wishes``"""
    words: str = ""
    turns: tuple[str, ...] = ()
    """``2026-0041/3#12``"""
    model: str = ""
    """Only the interviews of this one."""
    says: tuple[str, ...] = ()
    """Words whose answers are counted."""

    @classmethod
    def of(cls, said: Form) -> "Choice":
        """What the query of an address says."""
        return cls(
            question=said["question"].strip(),
            words=" ".join(said["words"].split()),
            turns=tuple(dict.fromkeys(turn for each in said.every("turn") for turn in each.split())),
            model=said["model"].strip(),
            says=tuple(dict.fromkeys(line.strip() for line in said["says"].split("\n") if line.strip())),
        )

    @property
    def made(self) -> bool:
        """Whether anything was chosen."""
        return bool(self.question or self.words or self.turns)

    @property
    def what(self) -> tuple[str, ...]:
        """As `archive compare` is given it. Raises `Error` where not just one thing was chosen."""
        chosen = [own for own in ((self.question,), (self.words,), self.turns) if any(own)]
        if len(chosen) > 1:
            raise Error("expected one of a question, words and turns, found more than one; leave the others empty")
        if not chosen:
            raise Error("expected a question, words or turns, found none of them; choose what to compare")
        return chosen[0]

    @property
    def address(self) -> str:
        """The query that says it."""
        return urlencode([*self._fields()])

    def _fields(self) -> Iterator[tuple[str, str]]:
        for name in ("question", "words", "model"):
            if value := getattr(self, name):
                yield name, value
        yield from (("turn", turn) for turn in self.turns)
        if self.says:
            yield "says", "\n".join(self.says)

    @property
    def command(self) -> str:
        """The same in a terminal."""
        options = [*(["--model", self.model] if self.model else ())]
        options += [part for words in self.says for part in ("--says", words)]
        return shlex.join(["archive", "compare", *self.what, *options])
