"""What a field says: a value, free text or silence, and what may stand there.

Every field of a context-bias note is answered, never left blank (the rule of the COREQ checklist). An answer is one of

    human                               a value of the field's list
    human: Ann Lee, research staff      … with anything to add after a colon and a space
    We had talked for an hour before.   free text, where the field takes it
    not_recorded                        nobody wrote it down; a reason may follow after a colon
    not_applicable                      the question does not arise here; a reason may follow after a colon
    not_shared: names a third party     it is known and kept back; the reason must follow
"""

import re
from dataclasses import dataclass
from datetime import date
from typing import Literal

from archive.records.field import Field
from archive.records.values import SILENCES, TOPIC_DEPTHS
from archive.wording import one_of, shorten, suggestion

_BARE = {"not_recorded", "not_applicable"}
"""Most answers of a form that nobody has filled in yet."""
_SHRUGS = {"n/a", "na", "-", "--", "?", "tbd", "todo", "unknown", "none recorded"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What one field says: ``human: Ann Lee`` is the value ``human`` and the text ``Ann Lee``."""

    status: Literal["given", "not_recorded", "not_applicable", "not_shared"] = "given"
    value: str = ""
    """The value of the field's list; empty for free text and for silence."""
    text: str = ""
    """Free text, what follows a value, or the reason of a silence."""

    @property
    def recorded(self) -> bool:
        """Somebody answered; only ``not_recorded`` is silence."""
        return self.status != "not_recorded"


def answer(text: str, field: Field) -> Answer:
    """What `text` says in `field`. Never fails; `fault` says whether the text may stand there."""
    head, colon, rest = text.partition(":")
    head, rest = head.strip(), rest.strip()
    if head in SILENCES:
        return Answer(status=head, text=rest)  # type: ignore[arg-type]
    if field.shape in ("choice", "open") and head in field.values and (not colon or rest):
        return Answer(value=head, text=rest)
    return Answer(text=text)


def fault(text: str, field: Field) -> tuple[str, str] | None:
    """What is wrong with `text` as an answer in `field`, and the remedy; None where it may stand."""
    if text in _BARE:
        return None
    said = answer(text, field)
    head = text.partition(":")[0].strip()
    as_word = re.sub(r"[\s-]+", "_", head.lower())
    if not text.strip():
        return "is blank", 'answer it, or say "not_recorded" or "not_applicable"'
    if said.status == "not_shared" and not said.text:
        return "not_shared stands without a reason", 'write "not_shared: " and the reason'
    if said.status != "given" or said.value:
        return None
    if as_word in SILENCES or any(text.startswith(word) for word in SILENCES):
        word = next(w for w in SILENCES if as_word.startswith(w))
        return f'"{shorten(text)}" is not how silence is written', f'write "{word}", or "{word}: " and the reason'
    if field.shape == "choice":
        return f'expected {one_of(field.values)}, found "{shorten(text)}"', suggestion(
            head, field.values, f'more may follow after a colon, as in "{next(iter(field.values))}: …"'
        )
    if text.strip().lower() in _SHRUGS:
        return f'"{shorten(text)}" leaves open what is meant', 'say "not_recorded" or "not_applicable"'
    if field.shape == "date" and not _is_date(text):
        return f'expected a date like 2026-11-22, found "{shorten(text)}"', "write year, month and day"
    if field.shape == "topics":
        return _topics_fault(text)
    return None


def _is_date(text: str) -> bool:
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False


def topics(text: str) -> dict[str, str]:
    """Topic → depth, of ``weights: substantive_probe; successors: not_probed``; empty for silence."""
    pairs = (part.rpartition(":") for part in text.split(";") if part.strip())
    return {
        topic.strip(): depth.strip() for topic, _, depth in pairs if topic.strip() and depth.strip() in TOPIC_DEPTHS
    }


def _topics_fault(text: str) -> tuple[str, str] | None:
    parts = [part.strip() for part in text.split(";") if part.strip()]
    bad = [part for part in parts if not topics(part)]
    if bad:
        return (
            f'expected "topic: value; topic: value" with {one_of(TOPIC_DEPTHS)}, found "{shorten(bad[0])}"',
            'write for instance "weights: substantive_probe; successors: not_probed"',
        )
    if len(topics(text)) < len(parts):
        return "a topic is given twice", "give each topic once"
    return None
