"""How a report words what the archive records: days, numbers, values of the vocabularies, who says so."""

import datetime as dt
from collections.abc import Sequence

from archive.documents.words import Span
from archive.records.ai_model import Lifecycle
from archive.research.life import Event
from archive.wording import many, written

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
    notice = [f"{many(event.notice_days, 'day')}’ notice"] if event.notice_days is not None else []
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
