"""The name of a deposit's or an essay's folder: a day and a slug, as in ``2026-10-14-first``."""

import datetime as dt
import re
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Dated:
    """What a folder's name says; of one that begins with no day of the calendar, all of it is the slug."""

    day: dt.date | None
    slug: str

    def __str__(self) -> str:
        return f"{self.day}-{self.slug}" if self.day else self.slug


def parse(name: str) -> Dated:
    """``2026-10-14-first`` → 14 October 2026, ``first``; ``2026-13-45-x`` → no day, ``2026-13-45-x``"""
    match = re.fullmatch(r"(\d{4}-\d\d-\d\d)-(.+)", name, re.ASCII | re.DOTALL)
    try:
        return Dated(dt.date.fromisoformat(match[1]), match[2]) if match else Dated(None, name)
    except ValueError:
        return Dated(None, name)
