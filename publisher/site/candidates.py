"""One of several: what an essay's page says of the sampling that it came of."""

from archive.register.statement import SAMPLING
from archive.wording import many
from publisher.essays.essay import PublishedEssay
from publisher.essays.sampling import Sampling, read_back

STATES = {
    "waiting": "received, not published",
    "held": "held, not published",
    "approved": "approved, not published yet",
    "withheld": "withheld",
    "withdrawn": "published and withdrawn",
    "published": "published",
}
"""What became of another candidate."""


def asked_for(essay: PublishedEssay) -> Sampling | None:
    """What was asked for, where that lies beside the text; None where it came some other way."""
    read = read_back(essay.files.get(SAMPLING, b""), SAMPLING)
    return None if isinstance(read, list) else read


def sentence(sampling: Sampling) -> str:
    """``It is one of 5 texts that were asked for.``"""
    if sampling.candidates == 1:
        return "It is the only text that was asked for."
    return f"It is one of {many(sampling.candidates, 'text')} that were asked for."
