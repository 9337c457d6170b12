"""What mails and feeds say of an essay in sentences, the same in each; the essay's page says it at length."""

from functools import lru_cache

from archive.wording import many, written
from publisher.essays.essay import EssayRecord, PublishedEssay
from publisher.site.candidates import asked_for, sentence
from publisher.site.site import Site

TOPIC = {
    "model": "The model chose the topic.",
    "menu": "The model chose the topic from a menu.",
    "assigned": "The editors assigned the topic.",
}
SAMPLE = "A sample: example models, invented texts. It shows how such a newsletter works."
LIMITS = (
    "The hash and the proof show that a reviewer’s key approved exactly these bytes and that the register holds that "
    "decision. They do not prove that a model wrote the text, that nothing else was sampled, that the reviewer read "
    "it, or that our clock was right."
)
"""What a text's hash and proof prove, and what they do not."""


def author(site: Site, essay: PublishedEssay) -> str:
    """The name of who wrote it; the maker's id where no name is known."""
    return site.name_of(essay.record.model)


def making(essay: PublishedEssay, name: str) -> str:
    """Who wrote, chose and reviewed a text, as one paragraph; `name` is its author's."""
    record = essay.record
    return " ".join(
        (
            f"Written by {name}{f' ({record.model})' if name != record.model else ''}.",
            f"The title is {'the model’s own' if record.title_by == 'model' else 'the editors’'}.",
            topic(record),
            _candidates(essay),
            *(
                f"Reviewed by {review.name} on {written(review.time)} "
                + (f"(criteria: {', '.join(review.criteria)})." if review.criteria else "(no criteria were named).")
                for review in essay.reviews
            ),
            "Nothing was edited.",
        )
    )


def _candidates(essay: PublishedEssay) -> str:
    if asked := asked_for(essay):
        return sentence(asked)
    return "One text was sampled." if essay.record.candidates == 1 else f"{sampled(essay.record)}."


def topic(record: EssayRecord) -> str:
    """``The model chose the topic.``"""
    return TOPIC.get(record.topic_by) or f"{_unrecorded('Who chose the topic', record.topic_by)}."


def sampled(record: EssayRecord) -> str:
    """``1 text was sampled``; how one was chosen may follow."""
    if isinstance(record.candidates, int):
        return f"{many(record.candidates, 'text')} {'was' if record.candidates == 1 else 'were'} sampled"
    return _unrecorded("How many texts were sampled", record.candidates)


def _unrecorded(what: str, silence: str) -> str:
    """``How many texts were sampled is not recorded: the log was lost``"""
    _, colon, why = silence.partition(": ")
    return f"{what} is not recorded{colon}{why}"


@lru_cache(maxsize=256)  # both bodies of a mail say it
def nih(sha256: str) -> str:
    """A hash for reading aloud, with a check digit: ``nih:sha-256;7f83-b165-…-9069;d`` (RFC 6920, section 7)."""
    total = 0
    for place, digit in enumerate(reversed(sha256)):  # Luhn's algorithm, modulo 16
        addend = int(digit, 16) * (1 if place % 2 else 2)
        total += addend // 16 + addend % 16
    groups = "-".join(sha256[start : start + 4] for start in range(0, len(sha256), 4))
    return f"nih:sha-256;{groups};{-total % 16:x}"
