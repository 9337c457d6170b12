"""How far coders agree, code by code: Krippendorff's alpha, and Cohen's kappa for each two of them.

The unit is a turn. A coder's value there is the set of all that the coder's notes on this turn say with the code. What
a coder does not say is not guessed at:

- A coder without a note on a turn did not look at it, and is *missing* there. Turns that nobody looked at do not count.
- A coder who looked at a turn and did not give a code of several values (``hedges``, ``loaded_terms`` …) found none:
  the value is taken as ``none``, on turns of the roles that the code is about; of a codebook's code, only where the
  coder names the codebook. `Agreement.assumed` counts these, ``--explicit`` leaves them out.
- A coder who looked and did not give a code of one value (``leading``, ``elicitation`` …) is missing: these codes have
  a value for that, such as ``none`` or ``not_expressed``, or take ``not_applicable``, which is a value like any other.
- ``not_recorded`` and ``not_shared`` are missing. Free text is compared without case and spacing.

Two values differ or not (``nominal``), unless a coder gave several on one turn: then they may agree in part (``MASI``,
Passonneau 2006). For codes whose values run from one end to the other alpha is given a second time with
ordinal distances. Only turns with values of two coders enter; where all these values are the same there is no
variation, and no coefficient is defined. Kappa counts equal sets only.

Sources: Krippendorff 2011, "Computing Krippendorff's Alpha-Reliability"; Cohen 1960. Computed by nltk.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Any, Literal

from archive.deposits.deposit import Deposit
from archive.documents.document import Block, Document, Facts, Items, Paragraph, Section
from archive.documents.table import table
from archive.errors import not_installed
from archive.records.codes import in_order
from archive.records.field import Field
from archive.wording import listed

Unit = tuple[str, int, int]
"""A turn: accession, interview, turn."""
Values = Mapping[Unit, Mapping[str, frozenset[str]]]
"""What was said with one code: unit → coder → values."""
Rating = tuple[Any, Any, Any]
"""Coder, unit, value."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """Two coders on the turns that both gave a value."""

    coders: tuple[str, str]
    turns: int
    alike: int
    """Of `turns`: those with the same value."""
    kappa: float | None
    """None where there is no variation."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Agreement:
    """How far coders agree on one code."""

    code: str
    coders: tuple[str, ...]
    turns: int
    """With a value of one coder at least."""
    shared: int
    """With values of two coders at least; only these enter alpha."""
    alike: int
    """Of `shared`: those on which all values are the same."""
    values: int
    """Of all coders, on all `turns`."""
    assumed: int
    """Of `values`: those nobody gave, taken as ``none`` because the coder noted the turn without the code."""
    missing: int
    """Values that are not there: of each of `coders` on each of `turns`."""
    measure: Literal["nominal", "MASI"]
    alpha: float | None
    ordinal: float | None
    """Alpha with ordinal distances; only of an ordered code with one value a turn."""
    pairs: tuple[Pair, ...]
    remark: str = ""
    """Why there is no alpha; how many values are assumed."""


def measure(deposits: Iterable[Deposit], *, model: str | None = None, explicit: bool = False) -> tuple[Agreement, ...]:
    """Agreement on every code that somebody gave, in the vocabulary's order; of all interviews, or those of `model`.

    With `explicit` only what was coded counts: nobody is taken to have found ``none``. Raises `Error` where nltk, the
    extra ``agreement``, is not installed.
    """
    said = _Said(deposits, model)
    found = (of_code(field, *said.values(field, explicit=explicit)) for field in said.fields)
    return tuple(agreement for agreement in found if agreement.turns)


def of_code(field: Field, values: Values, assumed: int = 0) -> Agreement:
    """Agreement on one code; `assumed` of the values were not given. Raises `Error` as `measure`."""
    coders = sorted({coder for own in values.values() for coder in own})
    shared = {unit: own for unit, own in values.items() if len(own) > 1}
    given = sum(map(len, values.values()))
    labels = {label for own in shared.values() for label in own.values()}
    single = all(len(label) == 1 for label in labels)
    ratings = [(coder, unit, label) for unit, own in shared.items() for coder, label in own.items()]
    rank = {frozenset({value}): n for n, value in enumerate(field.values)} if field.ordered else {}
    ranked = [(coder, unit, rank[label]) for coder, unit, label in ratings if label in rank] if single else []
    return Agreement(
        code=field.name,
        coders=tuple(coders),
        turns=len(values),
        shared=len(shared),
        alike=sum(len(set(own.values())) == 1 for own in shared.values()),
        values=given,
        assumed=assumed,
        missing=len(coders) * len(values) - given,
        measure="nominal" if single else "MASI",
        alpha=alpha(ratings, _masi),
        ordinal=alpha(ranked, ordinal(ranked)),
        pairs=tuple(_pairs(shared)),
        remark="; ".join(_remarks(shared, labels, assumed)),
    )


def _remarks(shared: Values, labels: set[frozenset[str]], assumed: int) -> Iterator[str]:
    if not shared:
        yield "no turn has it from two coders"
    elif len(labels) == 1:
        yield f"no variation: all say {', '.join(sorted(next(iter(labels))))}"
    if assumed:
        yield f"{assumed} of the values not coded, taken as “none”"


# ── who says what ────────────────────────────────────────────────────────────────────────────────────────────────────


class _Said:
    """What was said with every code; lives while agreement is measured."""

    def __init__(self, deposits: Iterable[Deposit], model: str | None) -> None:
        self._given: dict[str, dict[Unit, dict[str, set[str]]]] = defaultdict(
            lambda: defaultdict(lambda: defaultdict(set))
        )
        self._looked: dict[Unit, dict[str, tuple[str, ...]]] = defaultdict(dict)
        """Who noted a turn, and by which codebooks."""
        self._roles: dict[Unit, str] = {}
        fields: list[Field] = []
        for deposit in deposits:
            own = str(deposit.accession)
            kept = {n for n in range(1, deposit.transcript.interviews + 1)
                    if model in (None, deposit.record.setting(n).model)}  # fmt: skip
            turns = (turn for turn in deposit.transcript.turns if turn.interview in kept)
            self._roles |= {(own, turn.interview, turn.turn): turn.role for turn in turns}
            for coder, notes in deposit.notes.items():
                for note in (note for note in notes.note if note.interview in kept):
                    unit = (own, note.interview, note.turn)
                    self._looked[unit][coder] = ("", *notes.codebooks)
                    for coded in note.coded:
                        fields.append(coded.field)
                        self._given[coded.code][unit][coder].add(_plainly(coded.value))
        self.fields = in_order(fields)

    def values(self, field: Field, *, explicit: bool) -> tuple[Values, int]:
        """Unit → coder → values, and how many of them are assumed."""
        given = self._given[field.name]
        none = [] if explicit or not field.many else [*self._found_none(field)]
        for unit, coder in none:
            given[unit][coder] = {"none"}
        return {unit: sets for unit, own in given.items() if (sets := _kept(own))}, len(none)

    def _found_none(self, field: Field) -> Iterator[tuple[Unit, str]]:
        """Those who looked at a turn and did not give a code of several values."""
        given = self._given[field.name]
        for unit, coders in self._looked.items():
            if unit in given or not field.roles or self._roles[unit] in field.roles:
                own = given.get(unit, {})
                yield from ((unit, c) for c, books in coders.items() if c not in own and field.codebook in books)


def _plainly(value: str) -> str:
    return " ".join(value.casefold().split())


def _kept(by_coder: Mapping[str, set[str]]) -> dict[str, frozenset[str]]:
    silent = {"not_recorded", "not_shared"}
    return {coder: frozenset(values - silent) for coder, values in by_coder.items() if values - silent}


# ── coefficients ─────────────────────────────────────────────────────────────────────────────────────────────────────


def alpha(ratings: Sequence[Rating], distance: Callable[[Any, Any], float]) -> float | None:
    """Krippendorff's alpha, with any distance between two values; None where it is not defined.

    It is not where no unit has two values, or where all values of those that have are the same. Raises `Error` where
    nltk is not installed.
    """
    task = _task()
    times = Counter(unit for _, unit, _ in ratings)
    paired = [rating for rating in ratings if times[rating[1]] > 1]
    if len({value for _, _, value in paired}) < 2:
        return None
    return float(task(paired, distance).alpha())


def kappa(ratings: Sequence[Rating]) -> float | None:
    """Cohen's kappa of two coders who gave every unit a value; None where both gave one and the same throughout.

    Raises `Error` where nltk is not installed.
    """
    task = _task()
    if len({value for _, _, value in ratings}) < 2:
        return None
    return float(task(ratings).kappa())


def _pairs(shared: Values) -> Iterator[Pair]:
    for one, other in combinations(sorted({coder for own in shared.values() for coder in own}), 2):
        both = {unit: own for unit, own in shared.items() if one in own and other in own}
        if both:
            alike = sum(own[one] == own[other] for own in both.values())
            ratings = [(coder, unit, own[coder]) for unit, own in both.items() for coder in (one, other)]
            yield Pair(coders=(one, other), turns=len(both), alike=alike, kappa=kappa(ratings))


def _masi(one: frozenset[str], other: frozenset[str]) -> float:
    from nltk.metrics.distance import masi_distance

    return float(masi_distance(one, other))  # of single values: 0 or 1, so nominal; it fails on two empty sets


def ordinal(ranked: Sequence[Rating]) -> Callable[[int, int], float]:
    """Krippendorff's ordinal distance: how many values lie between two, the ends counted half, squared."""
    units = Counter(unit for _, unit, _ in ranked)
    n = Counter(rank for _, unit, rank in ranked if units[unit] > 1)

    def distance(one: int, other: int) -> float:
        low, high = sorted((one, other))
        return (sum(n[rank] for rank in range(low, high + 1)) - (n[low] + n[high]) / 2) ** 2

    return distance


def _task() -> Any:
    try:
        from nltk.metrics.agreement import AnnotationTask
    except ImportError:
        raise not_installed("agreement between coders", "nltk") from None
    return AnnotationTask


# ── shown ────────────────────────────────────────────────────────────────────────────────────────────────────────────

_HEAD = ("Code", "Alpha", "Ordinal", "Kappa", "Coders", "Turns", "Alike", "Missing")
_LEGEND = (
    ("alike", "so many of the turns with values of two coders or more, which alone enter, have the same from all"),
    ("missing", "values not given, of each coder on each of the turns"),
)
_NONE = ("none", "of a code that takes several values: the coder noted the turn and gave none of them")


def document(found: Sequence[Agreement]) -> Document:
    """A line for each code; then kappa for each two coders, where there are more."""
    if not found:
        return Document(sort="Agreement", blocks=(Paragraph("No coder has given a code yet."),))
    pairs = [(a.code, pair) for a in found if len(a.pairs) > 1 for pair in a.pairs]
    lines = ((code, listed(p.coders), _number(p.kappa), f"{p.alike} of {p.turns}") for code, p in pairs)
    two = Section(title="Each two coders", blocks=(table(("Code", "Coders", "Kappa", "Alike"), lines, 2, 3),))
    remarks: dict[str, list[str]] = defaultdict(list)
    for a in found:
        remarks[a.remark].append(a.code)
    without = Items(tuple(f"{remark}: {listed(codes)}" for remark, codes in remarks.items() if remark))
    none = Section(title="Where there is no alpha", blocks=(without,))
    taken = [_NONE] if any(a.assumed for a in found) else []
    legend = Section(title="The unit is a turn", blocks=(Facts((*_LEGEND, *taken)),))
    blocks: tuple[Block, ...] = (
        table(_HEAD, map(_cells, found), *range(1, 8)),
        *([two] if pairs else []),
        *([none] if without.items else []),
        legend,
    )
    return Document(sort="Agreement", blocks=blocks)


def _cells(a: Agreement) -> tuple[str, ...]:
    kappa = _number(a.pairs[0].kappa) if len(a.pairs) == 1 else "below" if a.pairs else "–"
    code = a.code if a.measure == "nominal" else f"{a.code} ({a.measure})"
    alike = f"{a.alike} of {a.shared}"
    return (code, _number(a.alpha), _number(a.ordinal), kappa, str(len(a.coders)), str(a.turns), alike, str(a.missing))


def _number(value: float | None) -> str:
    return "–" if value is None else f"{value:.3f}".replace("-0.000", "0.000")
