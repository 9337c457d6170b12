"""Between which times a statement came into the register, by what witnesses have cosigned.

A witness that cosigned a checkpoint of 12 statements had seen no larger register by then: entry 12 came after. One that
cosigned 14 had entry 12 before it. So each pair of cosignatures puts a statement between two times that its publisher
did not choose. Which witnesses are enough is the policy's quorum; without one, any witness is.
"""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from .policy import NONE, Policy


@dataclass(frozen=True, slots=True)
class Sighting:
    """That witnesses have seen a checkpoint."""

    size: int
    times: Mapping[str, int]
    """Name in the policy → POSIX seconds."""


@dataclass(frozen=True, slots=True)
class Bound:
    """A time, UTC, and which witnesses vouch for it."""

    time: dt.datetime
    by: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Bracket:
    """When a statement came into the register that the witnesses see."""

    after: Bound | None
    """It was not there yet; None where no quorum says so."""
    before: Bound | None
    """It was there; None where no quorum has seen it yet."""
    of: int
    """How many witnesses there are."""

    def __str__(self) -> str:
        """``between Tue 2026-11-24 10:00 and 10:05 UTC, by 2 of 3 witnesses``"""
        if self.before is None:
            return f"seen by no quorum of the {self.of} witnesses yet"
        by = f"by {len(self.before.by)} of {self.of} {'witness' if self.of == 1 else 'witnesses'}"
        until = f"{self.before.time:%H:%M}"
        if self.after is None:
            return f"before {self.before.time:%a %Y-%m-%d} {until} UTC, {by}"
        if self.after.time.date() != self.before.time.date():
            until = f"{self.before.time:%a %Y-%m-%d} {until}"
        return f"between {self.after.time:%a %Y-%m-%d %H:%M} and {until} UTC, {by}"


def bracket(index: int, sightings: Iterable[Sighting], policy: Policy) -> Bracket:
    """Between which times entry `index` came into the register."""
    last: dict[str, int] = {}
    first: dict[str, int] = {}
    for sighting in sightings:
        for name, time in sighting.times.items():
            if sighting.size <= index:
                last[name] = max(time, last.get(name, time))
            else:
                first[name] = min(time, first.get(name, time))
    before = next((b for time in sorted(first.values()) if (b := _bound(policy, first, time, upwards=False))), None)
    after = next((b for time in sorted(last.values(), reverse=True) if (b := _bound(policy, last, time))), None)
    return Bracket(after, before, len(policy.witnesses))


def _bound(policy: Policy, times: Mapping[str, int], time: int, *, upwards: bool = True) -> Bound | None:
    """The time, where those who vouch for it are enough."""
    by = tuple(name for name, own in times.items() if (own >= time if upwards else own <= time))
    if not by or (policy.quorum != NONE and not policy.enough(by)):
        return None
    return Bound(_utc(time), by)


def _utc(seconds: int) -> dt.datetime:
    """A witness's clock may say anything; what is beyond the calendar is its end."""
    return dt.datetime.fromtimestamp(min(seconds, 253_402_300_799), dt.UTC)
