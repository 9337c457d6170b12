"""Between which times a statement came into the register, by what witnesses have cosigned.

A witness that cosigned a checkpoint of 12 statements had seen no larger register by then: entry 12 came after. One that
cosigned 14 had entry 12 before it. So each pair of cosignatures puts a statement between two times that its publisher
did not choose. Which witnesses are enough is the policy's quorum; without one, any witness is.
"""

import datetime as dt
from bisect import bisect_right
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from itertools import accumulate
from operator import ge, le

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


class Sightings:
    """What the witnesses of a policy have seen, asked for one statement at a time."""

    def __init__(self, policy: Policy, sightings: Iterable[Sighting]) -> None:
        self.policy = policy
        seen: dict[str, list[tuple[int, int]]] = {}
        for sighting in sightings:
            for name, time in sighting.times.items():
                seen.setdefault(name, []).append((sighting.size, time))
        self._sizes = {name: sorted(size for size, _ in each) for name, each in seen.items()}
        # Honest times grow with the sizes; what a witness says otherwise must not widen what others see.
        times = {name: [time for _, time in sorted(each)] for name, each in seen.items()}
        self._latest = {name: list(accumulate(each, max)) for name, each in times.items()}
        self._earliest = {name: list(accumulate(reversed(each), min))[::-1] for name, each in times.items()}

    def bracket(self, index: int) -> Bracket:
        """Between which times entry `index` came into the register."""
        at = {name: bisect_right(sizes, index) for name, sizes in self._sizes.items()}
        last = {name: self._latest[name][n - 1] for name, n in at.items() if n}
        first = {name: self._earliest[name][n] for name, n in at.items() if n < len(self._earliest[name])}
        before = next((bound for time in sorted(first.values()) if (bound := self._by(first, time, le))), None)
        after = next((bound for time in sorted(last.values())[::-1] if (bound := self._by(last, time, ge))), None)
        return Bracket(after, before, len(self.policy.witnesses))

    def between(self, index: int, later: int) -> set[str]:
        """Who saw entry `index` in a register that did not have entry `later` yet."""
        found = {name: bisect_right(sizes, index) for name, sizes in self._sizes.items()}
        return {name for name, n in found.items() if n < len(self._sizes[name]) and self._sizes[name][n] <= later}

    def largest(self) -> dict[str, int]:
        """Name → how many statements that witness has seen."""
        return {name: sizes[-1] for name, sizes in self._sizes.items()}

    def enough(self, names: Collection[str]) -> bool:
        """Whether these are a quorum; without one, any witness is."""
        return bool(names) and (self.policy.quorum == NONE or self.policy.enough(names))

    def _by(self, times: Mapping[str, int], time: int, vouches: Callable[[int, int], bool]) -> Bound | None:
        """The time, where those who vouch for it are enough."""
        by = tuple(name for name, own in times.items() if vouches(own, time))
        return Bound(_utc(time), by) if self.enough(by) else None


def _utc(seconds: int) -> dt.datetime:
    """A witness's clock may say anything; what is beyond the calendar is its end."""
    return dt.datetime.fromtimestamp(min(seconds, 253_402_300_799), dt.UTC)
