"""What a check came to, and what no check of this kind can prove."""

from dataclasses import dataclass

from publisher.verify.proved import Proved

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
class Checked:
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
