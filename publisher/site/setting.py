"""The setting of an interview in words for a newcomer: the commitments' three first, then what else is recorded."""

import html
from collections import defaultdict
from typing import NamedTuple

from archive.documents.words import Span, Words
from archive.records.answer import answer
from archive.records.context_bias import COMMITMENTS, CONTEXT_BIAS, context_field, recorded, unanswered
from archive.records.deposit_record import Setting
from archive.records.field import Field
from archive.wording import plainly

FIRST = {
    "specific_context": "The occasion",
    "expressed_legitimacy": "Did it take this for genuine?",
    "expressed_trust": "Did it trust who asked?",
}
"""What the three fields that the commitments name come to, as questions."""
SILENT = {
    "not_recorded": "Nobody wrote it down",
    "not_applicable": "The question does not arise here",
    "not_shared": "It is known, and kept back",
}
LONGEST = 4000
"""Characters of one answer that a page shows; ``deposit.toml`` beside it has all."""
_FRAME = 140
"""Bytes about an answer that it does not say."""


class Told(NamedTuple):
    """What is recorded of one thing about the setting."""

    label: str
    means: str
    """What was asked for, of people who fill it in."""
    words: Words


def values(setting: Setting) -> dict[str, object]:
    """For ``setting.html``: the three, then what else is recorded by its heading, then what is not."""
    bias = setting.context_bias
    groups: dict[str, list[Told]] = defaultdict(list)
    for f in CONTEXT_BIAS:
        if f.group != COMMITMENTS and answer(bias[f.key], f).recorded:
            groups[f.heading].append(Told(plainly(f.key).capitalize(), f.means, in_words(bias[f.key], f)))
    if setting.run:
        means = "what holds of this interview alone: the order that was drawn, versions, tokens, cost"
        groups["This run"].append(Told("Run", means, setting.run))
    return {
        "first": three(setting),
        "groups": groups,
        "silent": [plainly(key) for key in unanswered(bias) if key not in FIRST],
        "recorded": recorded(bias),
    }


def three(setting: Setting, most: int = LONGEST) -> list[Told]:
    """What the commitments name, always all of it; of each answer `most` characters."""
    fields = [context_field(key) for key in FIRST]
    return [Told(FIRST[f.key], f.means, in_words(setting.context_bias[f.key], f, most)) for f in fields]


def in_words(text: str, field: Field, most: int = LONGEST) -> Words:
    """An answer, with what its code means: ``neutral (it spoke of it without leaning either way): “I can't …”``."""
    given = answer(text, field)
    rest = given.text if len(given.text) <= most else f"{given.text[:most].rstrip()} …"
    after = f": {rest}" if rest else ""
    if given.status in SILENT:
        return Span(SILENT[given.status], "em"), after
    if given.value and given.value != "verbatim":
        return Span(plainly(given.value), "strong"), f" ({field.values[given.value]})", after
    return plainly(rest) if field.shape == "topics" else rest


def size(setting: Setting) -> int:
    """About how many bytes of HTML it takes."""
    texts = [setting.context_bias[f.key] for f in CONTEXT_BIAS] + ([setting.run] if setting.run else [])
    return sum(len(html.escape(text[:LONGEST]).encode()) + _FRAME for text in texts)
