"""Words as people name them on a command line: ``1#4:exact words``, the second time ``1#4,2:exact words``."""

import re

from archive.deposits.target import Target
from archive.deposits.target import target as target_of
from archive.errors import Error
from archive.home.home import Home
from archive.records import quotation
from archive.records.quotation import PARTS, Quote
from archive.wording import one_of

_QUOTE = re.compile(r"(?:(\d{4}-\d{4,})/)?([1-9]\d*)#([1-9]\d*)(?:,([a-z]+))?(?:,([1-9]\d*))?:(.+)", re.DOTALL)


def quoted(home: Home, text: str, place: Target | None = None) -> Quote:
    """``1#4:exact words`` → a quote with its prefix, suffix and hash; of another deposit ``2026-0002/1#4:words``.

    The first of several is meant, unless another is named: ``1#4,2:words``; of the reasoning shown with a turn
    ``1#4,reasoning:words``. Without `place`, and in what does not belong to a deposit, the deposit is always named.
    Raises `Error`, `Refused`.
    """
    said = _QUOTE.fullmatch(text)
    if not said or not (said[1] or place):
        example = "1#4:the words, or 2026-0002/1#4:the words of another deposit" if place else "2026-0002/1#4:the words"
        raise Error(f"--quote: expected TURN:WORDS, as in {example}; found {text[:60]!r}")
    part = said[4] or "text"
    if part not in PARTS:
        raise Error(f"--quote: expected {one_of(PARTS)} after the turn, found {part!r}")
    own = place is not None and said[1] in (None, place.filed.number)
    of = place if own and place else target_of(home, str(said[1]))
    at = (int(said[2]), int(said[3]))
    turn = next((turn for turn in of.transcript.turns if (turn.interview, turn.turn) == at), None)
    if turn is None:
        raise Error(f"--quote: {of.filed.number} has no turn {at[0]}#{at[1]}")
    ref = None if own else f"{of.filed.number}/{at[0]}"
    return quotation.quote(turn, said[6], interview=ref, part=part, occurrence=int(said[5]) if said[5] else None)


def in_full(quote: Quote, number: str) -> Quote:
    """The same as it is named from outside of the deposit with this number."""
    ref = quote.interview if isinstance(quote.interview, str) else f"{number}/{quote.interview}"
    return quote.model_copy(update={"interview": ref})
