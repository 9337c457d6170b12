"""``sampling.toml``: what was asked for, fixed in the register before the first call; one file for all candidates.

It lies in the folder of every candidate, and their lists of what arrived name it. Example::

    format = 1
    model = "anthropic/claude-3-opus-20240229"   # as it was asked for
    candidates = 5
    prompt = "9f86d081…"                         # SHA-256 of the bytes of the prompt, which essay.toml shows
    system = "2c26b46b…"                         # of the system prompt; left out where there was none
    temperature = 1.0                            # what was set; the rest was left to the provider
    max_tokens = 4000
    series = "letters-home"
    take = "first"                               # the first that comes is taken, as the series says
    through = "inspect-ai 0.3.285"
    nonce = "0b6e…"                              # 32 random bytes: the hash in the register says nothing by itself
"""

from collections.abc import Iterator
from typing import Annotated

from pydantic import AfterValidator

from archive.errors import Problem
from archive.home.configuration import Line, Take
from archive.records.kinds import Ordinal, Sha256, Slug
from archive.records.record import Fault, Faults, Sidecar
from archive.records.sidecar import read
from archive.records.toml import table
from archive.register import sums
from archive.register.statement import SAMPLING
from publisher.essays.essay import EssayRecord

MOST = 999
"""Candidates of a sampling."""
SYSTEM = "System prompt: "
"""How an entry of ``context`` in essay.toml begins that is one, verbatim."""


def _count(number: int) -> int:
    if number > MOST:
        raise Faults([Fault(f"expected at most {MOST} candidates, found {number}")])
    return number


class Sampling(Sidecar):
    """The file, read back."""

    model: Line
    candidates: Annotated[Ordinal, AfterValidator(_count)]
    """How many texts were asked for."""
    prompt: Sha256
    system: Sha256 | None = None
    temperature: float | None = None
    max_tokens: Ordinal | None = None
    series: Slug | None = None
    take: Take | None = None
    """By the rule of the series as it stood before the first call."""
    through: Line
    nonce: Sha256


def written(sampling: Sampling) -> bytes:
    """The file's bytes."""
    values = sampling.model_dump(exclude_none=True)
    return f"# What was asked for. Its hash was logged before the first call.\n{table('', values)}".encode()


def read_back(data: bytes, place: str) -> Sampling | list[Problem]:
    """What a file says, or all that is wrong in it."""
    return read(data, place, Sampling)


def contradictions(sampling: Sampling, record: EssayRecord, place: str) -> Iterator[Problem]:
    """Where ``essay.toml`` tells another making than was logged before the call; `place` is its path.

    What it says was not recorded or not shared is no contradiction.
    """
    if record.candidates != sampling.candidates:
        what = f"expected {sampling.candidates}, as many as {SAMPLING} asked for, found {record.candidates}"
        yield Problem(f"{place} candidates", what, "say how many were asked for, not how many came")
    if not _unsaid(record.prompt) and sums.digest(record.prompt.encode()) != sampling.prompt:
        yield Problem(f"{place} prompt", f"is not the prompt of {SAMPLING}", "give it verbatim, to its last line end")
    if sampling.system and not _system(sampling.system, record):
        what = f"has no entry with the system prompt of {SAMPLING}"
        yield Problem(f"{place} context", what, f'say "{SYSTEM}" and then all of it, or "not_shared: why"')
    if sampling.series and record.series != sampling.series:
        what = f"expected {sampling.series}, for which it was asked, found {record.series or 'none'}"
        yield Problem(f"{place} series", what, f'put series = "{sampling.series}" back')


def _system(digest: str, record: EssayRecord) -> bool:
    texts = (each.removeprefix(SYSTEM) for each in record.context if each.startswith(SYSTEM))
    return any(sums.digest(text.encode()) == digest for text in texts) or any(map(_unsaid, record.context))


def _unsaid(text: str) -> bool:
    return text.startswith(("not_recorded", "not_shared"))
