"""Everything this project means to tell a person; each error is caught once, where it is shown.

Error                     one sentence, exit status 1
├─ Refused                an input cannot be taken; .problems says everything that is wrong with it
├─ NotFound               nothing goes by that name here
├─ Changed                a file is not as it was when somebody made up their mind about it
└─ VerificationError      what was given is not what was logged
   └─ Malformed           a note, proof, checkpoint, leaf or list cannot be parsed
"""

import shlex
import sys
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import TypeVar

T = TypeVar("T")


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """One thing that is wrong, as a value: where it is, what was expected and found, what to do."""

    place: str
    """File, and where it helps line:column or key: ``essay.md:3:14``, ``deposit.toml [context_bias] method``."""
    found: str
    """What was expected and what was found, one sentence without its full stop."""
    remedy: str = ""
    """What to do about it, one sentence without its full stop; empty where nothing can be done."""

    def __str__(self) -> str:
        return f"{self.place}: {self.found}" + (f"; {self.remedy}" if self.remedy else "")

    def plain(self) -> dict[str, str]:
        """For programs."""
        return asdict(self)


class Error(Exception):
    """Shown to a person without a traceback."""


class Refused(Error):
    """An input cannot be taken; nothing was changed."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(map(str, self.problems)))


def accepted(read: T | list[Problem]) -> T:
    """What was read. Raises `Refused` where it is a list of problems."""
    if isinstance(read, list):
        raise Refused(read)
    return read


class NotFound(Error):
    """Nothing goes by that name here."""


class Changed(Error):
    """A file is not as it was when somebody made up their mind about it; nothing was written."""

    def __init__(self, place: str) -> None:
        self.place = place
        super().__init__(f"{place} was changed meanwhile; nothing was written: look at it again")


class VerificationError(Error):
    """What was given is not what was logged."""


class Malformed(VerificationError):
    """A note, proof, checkpoint, leaf or list cannot be parsed."""


def not_installed(what: str, library: str) -> Error:
    """`what` needs a library that is optional; how this very Python gets it, by the library's own name."""
    pip = f"{shlex.quote(sys.executable)} -m pip install {shlex.quote(library)}"
    return Error(f"{what} needs {library.partition('[')[0]}, which is not installed here; {pip}")
