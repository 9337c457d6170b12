"""What a reviewer sees of a submission: the text as received, its problems, how it was made, the criteria."""

from dataclasses import dataclass
from typing import Any

from archive import characters
from archive.errors import Problem
from archive.home.configuration import Configuration
from archive.home.home import Home
from archive.register import sums
from publisher.essays.problems import problems
from publisher.essays.render import unfaithful
from publisher.essays.submission import Submission, find


@dataclass(frozen=True, slots=True, kw_only=True)
class Inspection:
    """All of it, as values."""

    submission: Submission
    blocking: tuple[Problem, ...]
    """Why it cannot be published as it is."""
    notable: tuple[Problem, ...]
    """What the reviewer should look at and decide."""
    criteria: str

    def text(self) -> str:
        """The problems, a line each, blocking ones first."""
        lines = [f"cannot be published: {problem}" for problem in self.blocking]
        lines += [f"look at: {problem}" for problem in self.notable]
        return "".join(f"{line}\n" for line in lines or ["nothing found"])

    def whole(self) -> str:
        """Everything a reviewer needs before signing."""
        received = self.submission.text.decode(errors="replace")
        made = characters.marked(self.submission.record_bytes.decode(errors="replace"))
        parts = [
            self.submission.name,
            f"── problems ──\n{self.text()}",
            f"── criteria ──\n{self.criteria}",
            f"── how it was made (essay.toml) ──\n{made}",
            f"── the text as received ({len(self.submission.text)} bytes) ──\n{characters.marked(received)}",
        ]
        return "\n\n".join(parts) + "\n"

    @property
    def digest(self) -> str:
        """SHA-256 of everything that was shown: another one later means that it is not what somebody has read."""
        return sums.digest(self.whole().encode("utf-8", "surrogatepass"))

    def plain(self) -> dict[str, Any]:
        """For programs."""
        return {
            "accession": self.submission.accession,
            "cannot_be_published": [problem.plain() for problem in self.blocking],
            "look_at": [problem.plain() for problem in self.notable],
        }


def inspect(home: Home, name: str) -> Inspection:
    """Read a submission as a reviewer will. Raises `NotFound`."""
    submission = find(home, name)
    blocking = submission.changed()
    if submission.text:
        blocking += unfaithful(submission.text)
    if isinstance(submission.record, list):
        blocking += submission.record
    return Inspection(
        submission=submission,
        blocking=tuple(blocking),
        notable=tuple(problems(submission.text)),
        criteria=rules_in_words(home.configuration),
    )


def rules_in_words(configuration: Configuration) -> str:
    """The criteria, a line each, for a reviewer to read."""
    return "\n".join(f"{criterion.id}: {criterion.text}" for criterion in configuration.review.criteria)
