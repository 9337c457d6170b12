"""How levels, shares and differences are put in words."""

from collections.abc import Sequence
from itertools import takewhile

from archive.documents.table import Table, table
from archive.documents.words import bare
from archive.records.context_bias import CONTEXT_BIAS
from archive.records.wording import said
from archive.research.conditions import Condition, Level
from archive.research.effects import Contrast
from archive.research.proportions import SURE, Interval, Proportion
from archive.wording import listed, plainly, shorten, term

PERCENT = f"{100 * SURE:.0f} %"
"""``95 %``: how sure intervals are."""
MOST, LONG = 6, 12
"""So many fields are named in which conditions differ; letters at the beginning of texts that are said once."""
_FIELDS = {f.key: f for f in CONTEXT_BIAS}


def what(contrast: Contrast) -> str:
    """What is set against each other: ``system prompt``, ``when it was asked``, ``context``."""
    if contrast.kind == "factor":
        return together(contrast.fields)
    return "when it was asked" if contrast.kind == "order" else "context"


def together(names: Sequence[str]) -> str:
    """``system prompt``, ``persona and tools (always together)``"""
    shown = names if len(names) < 5 else [*names[:3], f"{len(names) - 3} more"]
    return listed(map(plainly, shown)) + (" (always together)" if len(names) > 1 else "")


def level(contrast: Contrast, own: Level, width: int = 40) -> str:
    """``You sell lamps.``, ``A``, ``early``; of several fields what the first says by which levels are told apart.

    Long texts begin where they begin to differ; where they are the same even so, the conditions stand with them.
    """
    if contrast.kind != "factor":
        return own.said[0]
    every = [*zip(*(_spoken(contrast, each) for each in contrast.levels), strict=True)]
    apart = [[shorten(text, width) for text in _from_where_they_differ(texts)] for texts in every]
    best, place = max(apart, key=lambda texts: len({*texts})), contrast.levels.index(own)
    named = f" ({' '.join(own.conditions)})"
    return best[place] if best.count(best[place]) == 1 else f"{shorten(best[place], width - len(named))}{named}"


def _spoken(contrast: Contrast, level: Level) -> list[str]:
    return [_said(key, text) for key, text in zip(contrast.fields, level.said, strict=True)]


def _from_where_they_differ(texts: Sequence[str]) -> Sequence[str]:
    """The texts of a field without the words with which all begin but the last, where these are long."""
    alike = takewhile(lambda letters: len({*letters}) == 1, zip(*texts, strict=False))
    same = " ".join("".join(letters[0] for letters in alike).split(" ")[:-2])
    return [f"…{text[len(same) :].lstrip()}" for text in texts] if len(same) > LONG else texts


def _said(key: str, text: str) -> str:
    """What a setting says in one field."""
    return bare(said(text, _FIELDS[key])) if key in _FIELDS else text


def differing(conditions: Sequence[Condition]) -> Table | None:
    """In what conditions differ, one a row; of very many fields the first. None where there is only one."""
    keys = [key for key in conditions[0].said if len({c.said[key] for c in conditions}) > 1]
    texts = [_from_where_they_differ([_said(key, c.said[key]) for c in conditions]) for key in keys[:MOST]]
    left = [f"and {len(keys) - MOST} more fields"] * (len(keys) > MOST)
    rows = ((c.name, *(shorten(own[n], 40) for own in texts), *["…" for _ in left]) for n, c in enumerate(conditions))
    return table(("Context", *map(term, keys[:MOST]), *left), rows) if keys else None


def counted(share: Proportion) -> str:
    """``3 of 20, 5–36 %``"""
    return f"{share}, {between(share)}" if share.n else "nothing is known"


def between(share: Proportion) -> str:
    """``5–36 %``"""
    sure = share.interval
    return f"{100 * sure.low:.0f}–{100 * sure.high:.0f} %" if sure else "–"


def points(share: float) -> str:
    """``+65``; ``0`` where it is nearly nothing."""
    return f"{100 * share:+.0f}".replace("-", "−") if abs(share) >= 0.005 else "0"


def apart(interval: Interval) -> str:
    """``+35 to +81``"""
    return f"{points(interval.low)} to {points(interval.high)}"


def chance(p: float) -> str:
    """``0.03``, ``< 0.0001``"""
    return "< 0.0001" if p < 0.0001 else f"{p:.4f}" if p < 0.01 else f"{p:.2f}"
