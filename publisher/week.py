"""An ISO week, written ``2026-W48``."""

import datetime as dt
import re
from dataclasses import dataclass

from archive.errors import Error

_FORM = re.compile(r"(\d{4})-W(\d\d)", re.ASCII)


@dataclass(frozen=True, slots=True, order=True)
class Week:
    """ISO 8601 year and week; ordered in time."""

    year: int
    number: int

    @classmethod
    def parse(cls, text: str) -> "Week":
        """``2026-W48`` → Week. Raises `Error` for anything else, such as a 53rd week in a year of 52."""
        form = _FORM.fullmatch(text)
        if form:
            week = cls(int(form[1]), int(form[2]))
            try:
                if Week.of(week.monday) == week:
                    return week
            except ValueError:
                pass
        raise Error(f"expected a week such as 2026-W48, found {text!r}")

    @classmethod
    def of(cls, day: dt.date) -> "Week":
        """The week a day lies in."""
        year, number, _ = day.isocalendar()
        return cls(year, number)

    @property
    def monday(self) -> dt.date:
        return dt.date.fromisocalendar(self.year, self.number, 1)

    @property
    def next(self) -> "Week":
        return Week.of(self.monday + dt.timedelta(days=7))

    @property
    def before(self) -> "Week":
        return Week.of(self.monday - dt.timedelta(days=7))

    def __str__(self) -> str:
        return f"{self.year:04d}-W{self.number:02d}"


def between(first: Week, last: Week) -> list[Week]:
    """Every week from `first` to `last`, both included; empty if `last` is earlier."""
    weeks = []
    while first <= last:
        weeks.append(first)
        first = first.next
    return weeks
