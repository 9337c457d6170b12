"""What an importer makes of one conversation."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace
from itertools import takewhile

from archive.importers.turns import Held, Turn


@dataclass(frozen=True, slots=True, kw_only=True)
class Interview:
    """One conversation as an importer read it. Its turns still carry the interview number 1; without any it is none."""

    turns: tuple[Turn, ...]
    lost: Mapping[str, int]
    context: Mapping[str, str]
    model: str | None
    date: str | None
    title: str = ""
    """What the file calls this conversation."""
    held: Held | None = None


def answered(interview: Interview, otherwise: str | None = None) -> Interview:
    """The interview as one with the model that most turns of its thread name, or of its branches; or `otherwise`."""
    thread = (turn.model for turn in takewhile(lambda turn: turn.parent is None, interview.turns))
    found = Counter(filter(None, thread)) or Counter(turn.model for turn in interview.turns if turn.model)
    most = found.most_common(1)
    return replace(interview, model=most[0][0] if most else otherwise)


def silent(title: str, lost: Mapping[str, int] | None = None) -> Interview:
    """What comes of a conversation in which nobody says anything: it is passed over, and counted."""
    gone = {**(lost or {}), "conversation without a message": 1}
    return Interview(turns=(), lost=gone, context={}, model=None, date=None, title=title)
