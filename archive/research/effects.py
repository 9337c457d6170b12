"""Effects: how the answers to one question move with each factor of the context, and with when it was asked.

What is counted are runs: interviews in which the question was put, each once. Of every outcome there is k of n in each
condition and at each level of each factor, and for each two levels the difference. Levels are set against each other

- of a factor, within the blocks that have both (`archive.research.conditions`), put together: a main effect;
- where no factor has a block, condition by condition, so that nobody can say which of the fields did it;
- of the order, within conditions: the half of the runs in which the question came early against that in which it came
  late. What came at the same place stays together, so the halves are as even as can be.

Two levels *differ* where both of two things hold: the exact p over the blocks, counted as Holm has it among all pairs
of all outcomes that are looked at here, is at most 5 %; and the interval of the difference leaves out 0. So where
nothing moves at all, the risk of calling anything a difference is at most 5 % for the whole page. Not looked at are
pairs of so few runs that not even none against all could come to 5 % (`Pair.p` is None), and an outcome that all runs
have, or none. Interactions are not tested.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import combinations
from typing import Literal

from archive.research.comparison import Answer, Comparison, Context
from archive.research.conditions import FIELDS, Condition, Factor, Level, conditions, factors, without_persona
from archive.research.outcomes import Likeness, Outcome, likeness, outcomes, runs
from archive.research.proportions import CHANCE, Interval, Proportion, Table, difference, exact, holm, least, needed

LEVELS = 20
"""More levels than that are not set against each other."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Contrast:
    """Levels that are set against each other."""

    kind: Literal["factor", "condition", "order"]
    fields: tuple[str, ...]
    """Of a factor."""
    levels: tuple[Level, ...]
    blocks: tuple[tuple[frozenset[str], ...], ...]
    """For each block the runs of each level; none where it has no such condition."""

    @property
    def whole(self) -> tuple[tuple[frozenset[str], ...], ...]:
        """The blocks that have every level: put together, nothing but the level is different."""
        return tuple(block for block in self.blocks if all(block))


@dataclass(frozen=True, slots=True, kw_only=True)
class Rates:
    """One outcome, at each level of one contrast, in the blocks that have every level."""

    outcome: str
    contrast: Contrast
    levels: tuple[Proportion, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """Two levels, and one outcome: the second less the first."""

    outcome: str
    contrast: Contrast
    levels: tuple[Level, Level]
    first: Proportion
    second: Proportion
    interval: Interval
    """Of the difference, by itself."""
    p: float | None
    """None where there are too few runs to look at."""
    least: float
    """The smallest that p could be with so many runs."""
    counts_as: float | None = None
    """p among all that are looked at."""
    enough: bool = False
    """Whether with so many pairs these runs could differ at all."""

    @property
    def apart(self) -> float:
        """0.25 where the second's share is a quarter of all more than the first's."""
        return self.second.k / self.second.n - self.first.k / self.first.n

    @property
    def differs(self) -> bool:
        """Whether these two differ, by the rule of this module."""
        sure = self.interval.low > 0 or self.interval.high < 0
        return sure and self.counts_as is not None and self.counts_as <= CHANCE


@dataclass(frozen=True, slots=True, kw_only=True)
class Effects:
    """How answers move."""

    conditions: tuple[Condition, ...]
    factors: tuple[Factor, ...]
    contrasts: tuple[Contrast, ...]
    outcomes: tuple[Outcome, ...]
    every: Mapping[str, tuple[Proportion, ...]]
    """Outcome → in each condition."""
    rates: tuple[Rates, ...]
    pairs: tuple[Pair, ...]
    likeness: tuple[Likeness, ...]

    @property
    def says(self) -> bool:
        """Whether words were asked for."""
        return any(outcome.words for outcome in self.outcomes)

    def of(self, outcome: Outcome) -> list[Rates]:
        """The rates of one outcome."""
        return [rates for rates in self.rates if rates.outcome == outcome.name]

    @property
    def looked_at(self) -> int:
        """Pairs that could claim anything."""
        return sum(pair.p is not None for pair in self.pairs)

    @property
    def needed(self) -> int:
        """Runs at each level, with which none against all would be a difference among so many pairs."""
        return needed(self.looked_at or len(self.pairs) or 1)

    @property
    def repeated(self) -> bool:
        """Whether any condition has more than one run."""
        return any(len(condition.runs) > 1 for condition in self.conditions)


def effects(comparison: Comparison, says: Iterable[str] = ()) -> Effects:
    """How the answers move; `says` are words that they hold or not."""
    own = runs(comparison)
    settings = _conditions(comparison, own)
    varied = factors(settings)
    contrasts = (*_contrasts(varied, settings), *_order(settings, own))
    found = outcomes(comparison, says)
    rates = tuple(
        Rates(outcome=o.name, contrast=c, levels=tuple(_rate(o, level) for level in zip(*c.whole, strict=True)))
        for o in found
        for c in contrasts
        if c.whole
    )
    return Effects(
        conditions=settings,
        factors=varied,
        contrasts=contrasts,
        outcomes=found,
        every={o.name: tuple(_rate(o, [frozenset(c.runs)]) for c in settings) for o in found},
        rates=rates,
        pairs=tuple(_judged([pair for o in found if o.moves for c in contrasts for pair in _pairs(o, c)])),
        likeness=likeness(comparison, settings),
    )


def _conditions(comparison: Comparison, runs: Mapping[str, Sequence[Answer]]) -> tuple[Condition, ...]:
    """By what differs between the contexts, and by how far the wording pushed where all of that is coded."""
    asked = {run: _put(own) for run, own in runs.items()}
    pushed = all(asked.values()) and "leading_controls" not in comparison.differs
    differing = {key: values for key, values in comparison.differs.items() if key in FIELDS}
    if {"system_prompt", "persona"} <= {*differing}:
        pairs = zip(differing["system_prompt"], differing["persona"], strict=True)
        differing["system_prompt"] = tuple(without_persona(*pair) for pair in pairs)
    found = (
        (context.name, run, (*_own(context), *(v[n] for v in differing.values()), *[asked[run]] * pushed))
        for n, context in enumerate(comparison.contexts)
        for run in context.interviews
    )
    return conditions((*FIELDS[:3], *differing, *["leading"] * pushed), found)


def _own(context: Context) -> tuple[str, str, str]:
    return context.model, context.kind, context.protocol


def _put(replies: Sequence[Answer]) -> str:
    """How far the wording pushed, and where to, as coders have it: ``suggestive, positive``; empty where none has."""
    said = [
        (coded.field.key, coded.value)
        for reply in replies
        for note in reply.notes
        if note.turn == reply.asked
        for coded in note.codes
        if coded.code in ("leading", "leading_direction")
    ]
    return ", ".join(dict.fromkeys(value for _, value in sorted(said)))


def _contrasts(varied: Sequence[Factor], settings: Sequence[Condition]) -> Iterator[Contrast]:
    """The factors that have blocks; where none has, the conditions as they stand."""
    held = {condition.name: frozenset(condition.runs) for condition in settings}
    apart = [factor for factor in varied if factor.blocks and len(factor.levels) <= LEVELS]
    for factor in apart:
        blocks = tuple(tuple(held.get(name, frozenset()) for name in block) for block in factor.blocks)
        yield Contrast(kind="factor", fields=factor.fields, levels=factor.levels, blocks=blocks)
    if not apart and 1 < len(settings) <= LEVELS:
        levels = tuple(Level(said=(name,), conditions=(name,)) for name in held)
        yield Contrast(kind="condition", fields=(), levels=levels, blocks=((*held.values(),),))


def _order(settings: Sequence[Condition], runs: Mapping[str, Sequence[Answer]]) -> Iterator[Contrast]:
    """Early against late, within each condition in which the question came at different places."""
    ranked = all(own[0].place for own in runs.values())
    places = {run: (own[0].place if ranked else own[0].before) or 0 for run, own in runs.items()}
    halves = [(condition.name, half) for condition in settings if (half := _half(condition.runs, places))]
    if halves:
        names = tuple(name for name, _ in halves)
        levels = tuple(Level(said=(word,), conditions=names) for word in ("early", "late"))
        yield Contrast(kind="order", fields=(), levels=levels, blocks=tuple(half for _, half in halves))


def _half(runs: Sequence[str], places: Mapping[str, int]) -> tuple[frozenset[str], frozenset[str]] | None:
    """The early and the late ones, as evenly as can be; None where all came at one place."""
    ends = sorted({places[run] for run in runs})[:-1]
    if not ends:
        return None
    early = min(
        (frozenset(run for run in runs if places[run] <= end) for end in ends),
        key=lambda found: abs(2 * len(found) - len(runs)),
    )
    return early, frozenset(runs) - early


def _rate(outcome: Outcome, parts: Iterable[frozenset[str]]) -> Proportion:
    own = [outcome.runs[run] for part in parts for run in part if run in outcome.runs]
    return Proportion(sum(own), len(own))


def _pairs(outcome: Outcome, contrast: Contrast) -> Iterator[Pair]:
    for a, b in combinations(range(len(contrast.levels)), 2):
        own = [(_rate(outcome, [block[a]]), _rate(outcome, [block[b]])) for block in contrast.blocks]
        tables = [(one.k, one.n, other.k, other.n) for one, other in own if one.n and other.n]
        if tables:
            yield _pair(outcome.name, contrast, (contrast.levels[a], contrast.levels[b]), tables)


def _pair(outcome: str, contrast: Contrast, levels: tuple[Level, Level], tables: Sequence[Table]) -> Pair:
    k1, n1, k2, n2 = map(sum, zip(*tables, strict=True))
    smallest = least(tuple((one, other) for _, one, _, other in tables))
    return Pair(
        outcome=outcome,
        contrast=contrast,
        levels=levels,
        first=Proportion(k1, n1),
        second=Proportion(k2, n2),
        interval=difference(k2, n2, k1, n1),
        p=exact(tables) if smallest <= CHANCE else None,
        least=smallest,
    )


def _judged(pairs: Sequence[Pair]) -> Iterator[Pair]:
    """Each as it counts among all of them."""
    looked = [pair.p for pair in pairs if pair.p is not None]
    counted = iter(holm(looked))
    for pair in pairs:
        if pair.p is None:
            yield pair
        else:
            yield replace(pair, counts_as=next(counted), enough=pair.least * len(looked) <= CHANCE)
