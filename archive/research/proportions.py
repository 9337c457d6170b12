"""k of n: how sure a share is, how far two lie apart, and whether that can be chance. Standard library only.

Each run counts once and independently of the others; every interval is one of 95 % (`SURE`).

- Wilson 1927, "Probable inference, the law of succession, and statistical inference": the score interval of a share.
- Newcombe 1998, "Interval estimation for the difference between independent proportions", method 10: the interval of a
  difference, made of two of Wilson's, without continuity correction.
- Fisher 1935, and for several tables Gart 1970: the exact test of whether two shares are one, given all margins.
- Holm 1979, "A simple sequentially rejective multiple test procedure": what many tests together may claim. It holds
  however they depend on one another, as pairs that share a level do; intervals that hold together would need more.
"""

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import count
from typing import Any

SURE = 0.95
"""Of a hundred such intervals so many, in hundredths, hold what they are about."""
CHANCE = 0.05
"""The risk of calling anything a difference, in all that is looked at together, where there is none."""
_Z = 1.959963984540054  # NormalDist().inv_cdf(0.975), without the time it takes to import that
_NOTHING = 1e-20
"""What is so many times less likely than the likeliest is left out of a sum."""

Table = tuple[int, int, int, int]
"""k and n here, k and n there."""


@dataclass(frozen=True, slots=True)
class Interval:
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Proportion:
    """``3 of 20``"""

    k: int
    n: int

    @property
    def interval(self) -> Interval | None:
        """Of the share; None where n is 0."""
        return wilson(self.k, self.n) if self.n else None

    def plain(self) -> dict[str, Any]:
        """For programs."""
        sure = self.interval
        return {"k": self.k, "n": self.n, "low": sure and sure.low, "high": sure and sure.high}

    def __str__(self) -> str:
        return f"{self.k} of {self.n}"


def wilson(k: int, n: int) -> Interval:
    """The interval of a share; `n` is 1 at least. Wilson 1927: 3 of 10 is 0.108 to 0.603."""
    share, z2 = k / n, _Z * _Z
    middle = (share + z2 / (2 * n)) / (1 + z2 / n)
    reach = _Z * math.sqrt(share * (1 - share) / n + z2 / (4 * n * n)) / (1 + z2 / n)
    return Interval(0.0 if k == 0 else middle - reach, 1.0 if k == n else middle + reach)


def difference(k1: int, n1: int, k2: int, n2: int) -> Interval:
    """The interval of the first share less the second. Newcombe 1998: 56 of 70 less 48 of 80 is 0.052 to 0.334."""
    one, other = wilson(k1, n1), wilson(k2, n2)
    p1, p2 = k1 / n1, k2 / n2
    apart = p1 - p2
    return Interval(
        apart - math.hypot(p1 - one.low, other.high - p2),
        apart + math.hypot(one.high - p1, p2 - other.low),
    )


# ── can it be chance? ────────────────────────────────────────────────────────────────────────────────────────────────


def exact(tables: Iterable[Table]) -> float:
    """The two-sided p that in each of `tables` both shares are one, whatever they are from table to table.

    Of one table this is Fisher's exact test; of several the conditional test of a common odds ratio of 1 (Gart 1970).
    As usual all outcomes count that are no likelier than the one found. What is below 1e-15 comes as 0 or little more.
    """
    start, likely, found = 0, [1.0], 0
    for k1, n1, k2, n2 in tables:
        first, own = _hypergeometric(n1, n2, k1 + k2)
        start, likely, found = start + first, _folded(likely, own), found + k1
    place = found - start
    here = likely[place] if 0 <= place < len(likely) else 0.0
    as_likely = here * (1 + 1e-7)  # as R has it: what is equal but for rounding is equal
    return min(1.0, math.fsum(each for each in likely if each <= as_likely) / math.fsum(likely))


def _hypergeometric(n1: int, n2: int, total: int) -> tuple[int, list[float]]:
    """How likely each number of the `total` is among the first `n1`, up to a factor; and which number is the first."""
    lowest, highest = max(0, total - n2), min(n1, total)
    mode = min(max((n1 + 1) * (total + 1) // (n1 + n2 + 2), lowest), highest)
    below: list[float] = []
    above = [1.0]
    for k in range(mode, highest):
        above.append(above[-1] * (n1 - k) * (total - k) / ((k + 1) * (n2 - total + k + 1)))
        if above[-1] < _NOTHING:
            break
    likely = 1.0
    for k in range(mode, lowest, -1):
        likely *= k * (n2 - total + k) / ((n1 - k + 1) * (total - k + 1))
        below.append(likely)
        if likely < _NOTHING:
            break
    return mode - len(below), [*reversed(below), *above]


def _folded(one: Sequence[float], other: Sequence[float]) -> list[float]:
    """The distribution of a sum."""
    found = [0.0] * (len(one) + len(other) - 1)
    for i, a in enumerate(one):
        for j, b in enumerate(other):
            found[i + j] += a * b
    return found


def holm(chances: Sequence[float]) -> list[float]:
    """Each p as it counts where all are looked at together, in their order; at most 1. Holm 1979."""
    found, worst = [0.0] * len(chances), 0.0
    for rank, place in enumerate(sorted(range(len(chances)), key=chances.__getitem__)):
        worst = max(worst, min(1.0, (len(chances) - rank) * chances[place]))
        found[place] = worst
    return found


@cache
def least(sizes: tuple[tuple[int, int], ...]) -> float:
    """The smallest p that tables of these sizes can come to: none here, all there."""
    return exact((0, n1, n2, n2) for n1, n2 in sizes)


def needed(pairs: int) -> int:
    """The smallest n at which 0 of n and n of n differ where so many pairs are looked at: 4 of one pair, 5 of three."""
    return next(n for n in count(1) if pairs * least(((n, n),)) <= CHANCE)


# ── how alike ────────────────────────────────────────────────────────────────────────────────────────────────────────


def agreeing(times: Iterable[int]) -> tuple[int, int]:
    """Of all pairs of runs so many that say the same, where each thing was said so many times; and how many pairs.

    The first by the second is P_i of Fleiss 1971, "Measuring nominal scale agreement among many raters".
    """
    own = list(times)
    return sum(n * (n - 1) // 2 for n in own), sum(own) * (sum(own) - 1) // 2


def overlap(one: frozenset[str], other: frozenset[str]) -> float:
    """Of all words of either the share that both have (Jaccard 1912); two without any are alike."""
    both = len(one & other)
    return both / (len(one) + len(other) - both) if one or other else 1.0


def pairs(runs: int, most: int) -> Iterator[tuple[int, int]]:
    """Pairs of so many runs: neighbours first, then those next but one and so on; `most` at most."""
    every = ((n, n + apart) for apart in range(1, runs) for n in range(runs - apart))
    return (pair for pair, _ in zip(every, range(most), strict=False))
