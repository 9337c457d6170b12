"""How a report words what the archive records: days, numbers, values of the vocabularies, who says so."""

import datetime as dt
from collections.abc import Iterator, Sequence

from archive.documents.words import Span, Words
from archive.records.ai_model import Fact, Lifecycle
from archive.records.vocabulary import Field, Values, answer
from archive.research.timeline import Event, days
from archive.wording import plainly, written

UNRECORDED = Span("not recorded", "em")


def iso(day: dt.date | None) -> str:
    """``2026-10-14``, for tables."""
    return str(day) if day else ""


def when(event: Event) -> str:
    """``not sooner than 24 July 2027``"""
    return event.when.replace(str(event.day), written(event.day)) if event.day else event.when


def told(event: Event) -> list[dt.date]:
    """The days on which it was announced, by those who say so."""
    return sorted({fact.announced for fact in event.facts if isinstance(fact, Lifecycle) and fact.announced})


def dated(event: Event) -> str:
    """``30 September 2026, announced 18 June 2026, 104 days’ notice``"""
    announced = [f"announced {written(day)}" for day in told(event) if day != event.day]
    notice = [f"{days(event.notice_days)}’ notice"] if event.notice_days is not None else []
    return ", ".join([when(event), *announced, *notice])


def addresses(found: Sequence[str], most: int = 12) -> str:
    """``2026-0001/1 to 4, 2026-0002/1``; of very many the first."""
    runs: list[list[str]] = []
    for address in found:
        if runs and _follows(runs[-1][-1], address):
            runs[-1].append(address)
        else:
            runs.append([address])
    shown = [f"{run[0]} to {run[-1].split('/')[1]}" if len(run) > 2 else ", ".join(run) for run in runs]
    few = ", ".join(shown[:most])
    left = sum(map(len, runs[most:]))
    return f"{few} and {left:,} more" if left else few


def _follows(one: str, other: str) -> bool:
    """Whether `other` is the interview after `one`, in the same deposit."""
    deposit, _, number = one.partition("/")
    return number.isdecimal() and other == f"{deposit}/{int(number) + 1}"


def meant(value: str, values: Values) -> Words:
    """A value of a vocabulary, with what it means."""
    return Span(plainly(value), "strong"), f": {values[value]}"


def said(text: str, field: Field) -> Words:
    """One answer of a context-bias note."""
    given = answer(text, field)
    if given.status != "given":
        return Span(plainly(given.status), "em"), f": {given.text}" if given.text else ""
    if field.shape == "topics":
        return plainly(given.text)
    if not given.value or (given.value == "verbatim" and given.text):
        return given.text
    return Span(plainly(given.value), "strong"), f": {given.text}" if given.text else ""


class Sources:
    """Who says so, numbered as they are first named. Lives while a report is written."""

    def __init__(self) -> None:
        self.numbers: dict[tuple[str, dt.date], int] = {}

    def __call__(self, *facts: Fact) -> Words:
        """Their numbers, which lead to the list."""
        named = {self.numbers.setdefault((f.source, f.retrieved), len(self.numbers) + 1) for f in facts}
        return tuple(part for n in sorted(named) for part in (", ", Span(str(n), "", "#sources")))[1:]

    def rows(self) -> Iterator[tuple[str, Words]]:
        """Number → source, and when it was looked up."""
        for (source, retrieved), number in self.numbers.items():
            yield str(number), (Span(source, "", source), f"\nlooked up {written(retrieved)}")
