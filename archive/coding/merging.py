"""What a project says beside what was filed of the same coder: nothing is lost, and nothing is said twice.

What a coder says at a place (an interview, a turn, the words meant) is a set of codes and texts. What of it the project
says and the file does not is added as a note at the end of the file, which stays as it is, byte for byte; what the file
says and the project does not stays. A code that takes one value and has another in the project is refused, unless the
project says both.
"""

import datetime as dt
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from archive.characters import carried
from archive.coding.said import Said
from archive.coding.source_text import Place
from archive.importers.turns import Turn
from archive.records import filled, quotation
from archive.records.answer import answer
from archive.records.field import Field
from archive.records.notes import Note, Notes

Where = tuple[int, Place]
"""An interview, and the place in it."""
_Answer = tuple[str, str]
"""Value and what was added, as XML carries them."""


@dataclass(frozen=True)
class _There:
    """What stands at one place."""

    codes: dict[str, set[_Answer]] = field(default_factory=dict)
    texts: set[str] = field(default_factory=set)
    single: set[str] = field(default_factory=set)
    """Codes that take one value."""


@dataclass(frozen=True, slots=True)
class Merged:
    """What comes of it."""

    added: tuple[Mapping[str, Any], ...]
    """The notes that are new, as tables."""
    codebooks: tuple[str, ...]
    """All that the file names then."""
    day: dt.date | None
    """The newest of what is new."""
    differing: tuple[str, ...]
    """What is refused, in words."""
    beside: int
    """Codes that the file has and the project has not."""


def merge(filed: Notes | None, said: Mapping[int, list[Said]], turns: Mapping[tuple[int, int], Turn]) -> Merged:
    """What `said`, of one coder by interview, adds to the notes `filed`; `turns` are those that are meant."""
    before = filed.note if filed else ()
    there = _standing(before, turns)
    project = _saying(said)
    differing = [*_differing(there, project)]
    added: list[Mapping[str, Any]] = []
    days: list[str] = []
    refs = list(filed.codebooks if filed else ())
    for interview, all_ in said.items():
        for each in sorted(all_, key=lambda one: (one.place.turn, one.place.span or (0, 0), one.day)):
            at = there.setdefault((interview, each.place), _There())
            if note := _note(interview, each, at, turns[interview, each.place.turn]):
                added.append(note)
                days.append(each.day)
                refs += [code.codebook for code, _ in each.codes.values() if code.codebook]
    beside = sum(
        len(answers - project.get(where, _There()).codes.get(code, set()))
        for where, at in _standing(before, turns).items()
        if where[0] in said
        for code, answers in at.codes.items()
    )
    return Merged(tuple(added), tuple(dict.fromkeys(refs)), _day(days), tuple(differing), beside)


def _standing(notes: Iterable[Note], turns: Mapping[tuple[int, int], Turn]) -> dict[Where, _There]:
    found: dict[Where, _There] = {}
    for note in notes:
        if (turn := turns.get((note.interview, note.turn))) is not None:
            span = quotation.locate(note.quotation, turn) if note.quotation else None
            at = found.setdefault((note.interview, Place(turn=note.turn, part=note.part, span=span)), _There())
            at.texts.add(carried(note.text))
            for coded in note.coded:
                at.codes.setdefault(coded.code, set()).add((carried(coded.value), carried(coded.text)))
    return found


def _saying(said: Mapping[int, list[Said]]) -> dict[Where, _There]:
    found: dict[Where, _There] = {}
    for interview, all_ in said.items():
        for each in all_:
            at = found.setdefault((interview, each.place), _There())
            at.texts.add(each.text)
            for name, (code, answers) in each.codes.items():
                at.codes.setdefault(name, set()).update(_heard(one, code) for one in answers)
                at.single.update(() if code.many else {name})
    return found


def _heard(said: str, code: Field) -> _Answer:
    """As `archive.records.notes.Note.coded` has it."""
    heard = answer(said, code)
    value = heard.value or (heard.text if heard.status == "given" else heard.status)
    return carried(value), carried(heard.text) if heard.value or heard.status != "given" else ""


def _differing(there: Mapping[Where, _There], project: Mapping[Where, _There]) -> Iterator[str]:
    for where, at in project.items():
        filed = there.get(where, _There()).codes
        for code, answers in at.codes.items():
            if code in at.single and filed.get(code) and not filed[code] <= answers:
                old, new = (" and ".join(sorted(_told(each) for each in each_)) for each_ in (filed[code], answers))
                yield f"{where[0]}#{where[1].turn}: {code} is {old} as filed, and {new} in the project"


def _told(said: _Answer) -> str:
    return ": ".join(filter(None, said))


def _note(interview: int, said: Said, at: _There, turn: Turn) -> Mapping[str, Any] | None:
    """What of `said` does not stand `at` its place, as a note's table; noted there."""
    codes: dict[str, str | list[str]] = {}
    for name, (code, answers) in said.codes.items():
        known = at.codes.setdefault(name, set())
        new = [each for each in answers if _heard(each, code) not in known]
        known.update(_heard(each, code) for each in new)
        if new:
            codes[code.key] = new[0] if len(new) == 1 else new
    text = said.text if said.text.strip() and said.text not in at.texts else ""
    at.texts.add(said.text)
    if not (codes or text):
        return None
    found: dict[str, Any] = {"interview": interview, "turn": said.place.turn}
    found |= {"code": codes} if codes else {}
    if said.place.span is not None:
        quote = quotation.standing(turn, *said.place.span, part=said.place.part)
        found |= {"quote": quote.exact, "prefix": quote.prefix, "suffix": quote.suffix}
    found |= {"part": said.place.part} if said.place.part != "text" else {}
    found |= {"text": text, "confidence": said.confidence}
    return {key: value for key, value in found.items() if value}


def _day(days: Iterable[str]) -> dt.date | None:
    """The newest of ``2026-11-20T09:00:00Z`` …"""
    found = [re.match(r"\d{4}-\d{2}-\d{2}", day) for day in days]
    try:
        return max((dt.date.fromisoformat(day[0]) for day in found if day), default=None)
    except ValueError:
        return None


def written(before: bytes | None, coder: str, merged: Merged, today: dt.date) -> bytes:
    """The coder's file with what is new at its end; of what stands there only the date and the codebooks change.

    `before` is None where there is none yet. A day that is still to come is taken for `today`.
    """
    day = min(merged.day or today, today)
    if before is not None:
        head, opened, rest = before.decode().partition("[[")
        head = re.sub(r"(?m)^(date\s*=\s*)(\d{4}-\d{2}-\d{2})", lambda m: m[1] + max(m[2], str(day)), head, count=1)
        before = (head + opened + rest).encode()
    return filled.with_notes(before, merged.added, coder=coder, day=day, codebooks=merged.codebooks)
