"""A note's memo in a program for coding: its text, then in square brackets what no program has a place for::

    Asked twice; the second answer is firmer.
    [elicitation = spontaneous: after a long silence]
    [loaded_terms = so-called]
    [confidence: medium]

A line break within brackets is written ``\\n``, a backslash ``\\\\``. A text that ends in such a line itself is closed
with a line ``[]``.
"""

import re
from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass, field

from archive.records.values import CONFIDENCE

_LINE = re.compile(r"\[(?:(?P<code>[^\s=:\[\]]+) = (?P<said>.+)|confidence: (?P<confidence>\w+)|)\]")
_ESCAPES = {"\\": "\\\\", "\n": "\\n", "\r": "\\r"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Memo:
    """What a memo says."""

    text: str = ""
    said: Mapping[str, Sequence[str]] = field(default_factory=dict)
    """Code, by its name → what was written of it, as notes have it: ``spontaneous: after a long silence``."""
    confidence: str | None = None


def encode(memo: Memo) -> str:
    """A memo as it is written; `decode` reads the same."""
    rest = [f"[{code} = {_escaped(said)}]" for code, all_ in memo.said.items() for said in all_]
    rest += [f"[confidence: {memo.confidence}]"] if memo.confidence else []
    if not memo.text:
        return "\n".join(rest)
    closed = ["[]"] if _LINE.fullmatch(memo.text.rpartition("\n")[2]) else []
    return "\n".join([memo.text, *closed, *rest])


def decode(text: str, known: Container[str]) -> Memo:
    """What a memo says, whoever wrote it. Never fails: what is not in this form, or names no `known` code, is text."""
    rows = text.split("\n")
    said: dict[str, list[str]] = {}
    confidence = None
    while rows and (found := _LINE.fullmatch(rows[-1])):
        if found["code"]:
            if found["code"] not in known:
                break
            said.setdefault(found["code"], []).insert(0, _unescaped(found["said"]))
        elif found["confidence"] in CONFIDENCE:
            confidence = found["confidence"]
        elif found["confidence"]:
            break
        rows.pop()
        if found[0] == "[]":
            break
    return Memo(text="\n".join(rows), said={code: said[code] for code in reversed(said)}, confidence=confidence)


def _escaped(text: str) -> str:
    return re.sub(r"[\\\n\r]", lambda found: _ESCAPES[found[0]], text)


def _unescaped(text: str) -> str:
    return re.sub(r"\\([\\nr])", lambda found: {"\\": "\\", "n": "\n", "r": "\r"}[found[1]], text)
