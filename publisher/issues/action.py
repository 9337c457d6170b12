"""Something that a person must do."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Action:
    """One thing: ``an editor publishes 2026-W48: publisher publish``."""

    what: str
    """Who does what, or what is wrong, without a full stop."""
    command: str = ""
    """To be typed as it is; ``…`` stands for what only a person can say. Empty where no command helps."""
    failed: bool = False
    """Whether something went wrong or was missed, and is not merely to be done."""

    def __str__(self) -> str:
        return f"{self.what}: {self.command}" if self.command else self.what
