"""A sampling from its notice to its last candidate; run again, it goes on where it was stopped."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from archive.home.home import Home
from archive.register import register
from publisher.sampling import log, progress
from publisher.sampling.ask import Asker, Without
from publisher.sampling.log import Answer, Begun
from publisher.sampling.progress import Progress
from publisher.sampling.request import Request

Tell = Callable[[str], object]


@dataclass(frozen=True, slots=True)
class Sampled:
    """What came of it."""

    request: Request
    progress: Progress
    asked: int
    """Calls that were made now; 0 where all had been made before."""

    @property
    def missing(self) -> int:
        """How many may still be asked for."""
        return self.progress.missing(self.request.candidates)


def sample(home: Home, request: Request, asker: Asker, tell: Tell, step: Tell = lambda _: None) -> Sampled:
    """Ask for what is missing; `step` is given a line for each step, `tell` what should be known whoever looks.

    Neither is given a word of what came.

    Raises `Refused` as `log.begin` does, and `Error` where another command is asking for the same home.
    """
    with register.lock(home.hidden / "sampling", other="another `publisher sample` is asking"):
        begun = log.begin(home, request, asker.through)
        step(_begun(begun))
        missing = begun.missing
        if missing:
            if lost := progress.lost(begun.progress.calls):
                tell(f"{lost} of the calls before were stopped: their answers may have been paid for, and are lost")
                _lose(home, begun)
            first = log.calling(home, begun, missing)
            asker.ask(request, missing, partial(_came, home, begun, first, tell, step))
        return Sampled(request, log.finish(home, begun), missing)


def _begun(begun: Begun) -> str:
    number, index = begun.request.candidates, begun.progress.index
    if begun.new:
        return f"entry {index}: {number} asked for, of {begun.request.model}"
    return f"entry {index}: {number} were asked for before, {len(begun.progress.came)} came"


def _lose(home: Home, begun: Begun) -> None:
    for place, call in enumerate(begun.progress.calls):
        if call.open:
            log.ended(home, begun, place, "it was stopped, and nobody knows whether it was answered")


def _came(home: Home, begun: Begun, first: int, tell: Tell, step: Tell, number: int, what: Answer | Without) -> None:
    """Log it, then say so."""
    if isinstance(what, Without):
        log.ended(home, begun, first + number, what.why, answered=what.answered)
        tell(f"call {number + 1}: no text came: {what.why}")
    else:
        accession = log.take(home, begun, first + number, what)
        step(f"{accession}  received")
        if what.holds:
            tell(f"{accession}: the value of {what.holds} stands in what came: withhold it, and have a new key made")
