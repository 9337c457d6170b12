"""What a check came to, and what no check of this kind can prove."""

from collections.abc import Sequence
from dataclasses import dataclass

from publisher.verify.text import Proved, facts, in_words

SIGNED = (
    "that the reviewer's key signed: the signature beside the review shows it, and so does a check of the whole site"
)
SAME = "that the register shows everybody the same entries: compare its checkpoint with one from elsewhere"
LATER = "that nothing logged later speaks against it, such as a withdrawal"
ORDER = (
    "that intake came before review: until a copy of the register left the publisher's hands, that rests on their word"
)
LIMITS = (
    "that a model wrote the text",
    "that nothing else was sampled and left unlogged",
    "that the reviewer read it",
    SIGNED,
    SAME,
    LATER,
    ORDER,
)
"""What a check of this kind does not prove."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What a check came to."""

    sentence: str
    """What was checked, in one sentence."""
    limits: tuple[str, ...]
    """What that does not prove."""
    facts: dict[str, object]
    """The same for programs."""
    essays: tuple[Proved, ...] = ()
    """The texts that were proved."""
    details: tuple[str, ...] = ()
    """What stands behind each of them, where that was asked for: some lines each."""


@dataclass(frozen=True, slots=True)
class Found:
    """A text that a mail, a feed or a page holds or shows."""

    essay: Proved
    sentence: str
    """Up to what it is: ``odd.html shows, by its words, the whole text (156 bytes, SHA-256 6c5438b8…) that is``"""
    places: Sequence[str]
    """Where it was found: ``text part``"""
    said: Sequence[str]
    """What was changed on the way without changing the text."""

    def __str__(self) -> str:
        changed = f"; on the way: {'; '.join(dict.fromkeys(self.said))}" if self.said else ""
        return f"{self.sentence} {in_words(self.essay.verified)}{changed}."

    @property
    def facts(self) -> dict[str, object]:
        """For programs."""
        return facts(self.essay, on_the_way=[*dict.fromkeys(self.said)], found_in=[*self.places])


def of_channel(
    channel: str, found: Sequence[Found], limits: Sequence[str], others: Sequence[str] = (), **more: object
) -> Verdict:
    """What the check of a mail, a feed or a page came to, with sentences about what else it holds."""
    return Verdict(
        sentence="\n".join(dict.fromkeys([*map(str, found), *others])),
        limits=(*limits, *LIMITS),
        facts={"verified": True, "channel": channel, "essays": [each.facts for each in found], **more},
        essays=tuple({each.essay.sha256: each.essay for each in found}.values()),
    )
