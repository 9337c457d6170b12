"""A comparison, and where its answers moved: first what differs, then k of n at each level, then how that is known."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from archive.documents.document import Block, Document, Facts, Figure, Items, Paragraph, Section
from archive.documents.plain import by_field
from archive.documents.table import table
from archive.errors import Error
from archive.research import comparison as comparing
from archive.research import plot
from archive.research.comparison import Comparison
from archive.research.conditions import MOST, Factor
from archive.research.effects import LEVELS, Contrast, Effects, Pair, Rates, effects
from archive.research.levels import PERCENT, apart, between, chance, counted, differing, level, points, together, what
from archive.research.outcomes import Likeness, Outcome
from archive.research.plot import Line
from archive.research.proportions import CHANCE, SURE, Proportion
from archive.wording import listed, many, plainly

SHOWN = 60
"""So many pairs are listed; of more only those that differ."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Moves:
    """Answers to one question, and how they move."""

    comparison: Comparison
    effects: Effects


def moves(comparison: Comparison, says: Sequence[str] = ()) -> Moves:
    """How the answers move with the context; `says` are words that an answer holds or not. Raises `Error`."""
    if not all(text.strip() for text in says):
        raise Error("--says: expected words that an answer may hold, found none; write them in quotes")
    return Moves(comparison=comparison, effects=effects(comparison, says))


# ── for programs ─────────────────────────────────────────────────────────────────────────────────────────────────────


def plain(found: Moves) -> dict[str, Any]:
    """The comparison, and its ``effects``."""
    own = found.effects
    names = [condition.name for condition in own.conditions]
    every = {name: dict(zip(names, map(Proportion.plain, k), strict=True)) for name, k in own.every.items()}
    return {
        **comparing.plain(found.comparison),
        "effects": {
            "sure": SURE,
            "conditions": {condition.name: condition.runs for condition in own.conditions},
            "factors": [by_field(factor) for factor in own.factors],
            "outcomes": every,
            "levels": [
                {"outcome": rates.outcome, **_of(rates.contrast), "level": level.said, **share.plain()}
                for rates in own.rates
                for level, share in zip(rates.contrast.levels, rates.levels, strict=True)
            ],
            "pairs": [_pair_plain(pair) for pair in own.pairs],
            "looked_at": own.looked_at,
            "needed": own.needed,
            "likeness": [by_field(alike) for alike in own.likeness],
        },
    }


def _of(contrast: Contrast) -> dict[str, Any]:
    return {"of": contrast.kind, "fields": contrast.fields, "blocks": len(contrast.blocks)}


def _pair_plain(pair: Pair) -> dict[str, Any]:
    own = by_field(pair, "apart", "differs")
    del own["contrast"], own["levels"]
    return {**_of(pair.contrast), "levels": [level.said for level in pair.levels], **own}


# ── shown ────────────────────────────────────────────────────────────────────────────────────────────────────────────


def document(found: Moves) -> Document:
    """Where answers moved, then the comparison; that alone where nothing was repeated and no words were asked for."""
    own = found.effects
    if not own.repeated and not own.says:
        alone = len(own.conditions) > 1
        first = [Paragraph("One run in each setting: nothing can be said of what moves the answer.")] * alone
        return comparing.document(found.comparison, first)
    blocks = (*_moved(own), *_drawn(found), *_outcomes(own), *_settings(own), *_alike(own), *_known(own))
    return comparing.document(found.comparison, (Section(title="Where answers moved", blocks=blocks),))


def _moved(own: Effects) -> Iterator[Block]:
    """The most important first; what cannot be said is said."""
    differing = sorted((pair for pair in own.pairs if pair.differs), key=lambda pair: -abs(pair.apart))
    if differing:
        yield Items(tuple(map(_told, differing)))
    elif not own.outcomes:
        yield Paragraph("Nothing is counted: no answer is coded. Name words with --says, or file notes with codes.")
    elif not own.pairs:
        still = "no outcome is in some runs and not in others" if own.contrasts else "there is only one setting"
        yield Paragraph(f"Nothing is set against anything, so nothing is claimed: {still}.")
    elif not any(pair.enough for pair in own.pairs):
        yield Paragraph(_too_few(own))
    else:
        one, more = "The pair of levels looked at does not differ", "None of the {:,} pairs of levels looked at differs"
        said = more.format(own.looked_at) if own.looked_at > 1 else one
        yield Paragraph(
            f"{said} by the rule below. That does not show that they are alike: how far apart they may be, the "
            "intervals say."
        )
    yield from _bound(own)


def _told(pair: Pair) -> str:
    one, other = (level(pair.contrast, each) for each in pair.levels)
    return (
        f"{pair.outcome}: {points(pair.apart)} points ({apart(pair.interval)}) by {what(pair.contrast)}. "
        f"{other}: {counted(pair.second)}; {one}: {counted(pair.first)}"
    )


def _too_few(own: Effects) -> str:
    pairs = own.looked_at or len(own.pairs)
    among = f" where {many(pairs, 'pair')} are looked at" if pairs > 1 else ""
    return (
        "Too few runs to claim anything. Even none of n against all of n would be a difference only with "
        f"n = {own.needed} at each level{among}."
    )


def _bound(own: Effects) -> Iterator[Block]:
    """What cannot be told apart."""
    bound = [factor for factor in own.factors if not factor.blocks]
    if bound:
        yield Facts(tuple((together(factor.fields), _cannot(factor)) for factor in bound))
    if any(contrast.kind == "condition" for contrast in own.contrasts):
        yield Paragraph("So contexts are set against each other as they stand, and which field did it is not known.")
    if len(own.conditions) > MOST:
        yield Paragraph(f"{len(own.conditions):,} settings are too many to look for what moves the answer.")
    if wide := [factor for factor in own.factors if len(factor.levels) > LEVELS]:
        names = listed(together(factor.fields) for factor in wide)
        yield Paragraph(f"More than {LEVELS} levels are not set against each other: {names}.")


def _cannot(factor: Factor) -> str:
    names = [*map(plainly, factor.bound[:6]), *[f"{len(factor.bound) - 6} more"] * (len(factor.bound) > 6)]
    return f"cannot be looked at by itself: no settings differ in it that agree in {listed(names)}"


def _drawn(found: Moves) -> Iterator[Block]:
    own = found.effects
    lines = [line for outcome in own.outcomes if outcome.moves for line in _lines(own, outcome)]
    if lines:
        about = found.comparison.question or "different questions"
        yield Figure(plot.svg(f"k of n, with intervals of {PERCENT}: {about}", lines), "")


def _lines(own: Effects, outcome: Outcome) -> Iterator[Line]:
    for rates in own.of(outcome):
        yield Line(f"{outcome.name}, by {what(rates.contrast)}")
        for each, share in zip(rates.contrast.levels, rates.levels, strict=True):
            yield Line(level(rates.contrast, each, plot.LETTERS), share)
    if not own.of(outcome) and len(own.conditions) <= LEVELS:
        yield Line(outcome.name)
        yield from map(Line, (c.name for c in own.conditions), own.every[outcome.name])


def _outcomes(own: Effects) -> Iterator[Block]:
    """Of every outcome k of n, at each level and in each condition; then the pairs."""
    for outcome in own.outcomes:
        rows = [row for rates in own.of(outcome) for row in _rows(rates)]
        if _one_by_one(own):
            every = zip(own.conditions, own.every[outcome.name], strict=True)
            rows += [("context", condition.name, str(share), between(share)) for condition, share in every]
        pairs = [pair for pair in own.pairs if pair.outcome == outcome.name]
        blocks = [table(("By", "Level", "k of n", PERCENT), rows)] * bool(rows)
        yield Section(title=outcome.name, blocks=(*blocks, *_pairs(pairs, whole=len(own.pairs) <= SHOWN)))


def _one_by_one(own: Effects) -> bool:
    """Whether conditions are told by themselves, since no level stands for each."""
    named = any(each.kind == "condition" or len(each.levels) == len(own.conditions) for each in own.contrasts)
    return len(own.conditions) <= LEVELS and not named


def _settings(own: Effects) -> Iterator[Block]:
    if own.outcomes and _one_by_one(own) and (settings := differing(own.conditions)):
        yield Section(title="In what these contexts differ", blocks=(settings,))


def _rows(rates: Rates) -> Iterator[tuple[str, ...]]:
    for each, share in zip(rates.contrast.levels, rates.levels, strict=True):
        yield what(rates.contrast), level(rates.contrast, each), str(share), between(share)


def _pairs(pairs: Sequence[Pair], *, whole: bool) -> Iterator[Block]:
    """What is known of differences."""
    shown = [pair for pair in pairs if whole or pair.differs]
    if shown:
        rows = [
            (
                _less(pair),
                points(pair.apart),
                apart(pair.interval),
                *_judgement(pair),
            )
            for pair in shown
        ]
        yield table(("Pair", "Points", PERCENT, "p", "p of all", ""), rows, 1)
    if left := len(pairs) - len(shown):
        yield Paragraph(f"{many(left, 'pair')} more, which do not differ: --json has them.", quiet=True)


def _less(pair: Pair) -> str:
    """``late less early``; with k of n where they are others than those of all levels together."""
    sides = [
        (level(pair.contrast, each, 24), k) for each, k in zip(pair.levels, (pair.first, pair.second), strict=True)
    ]
    own = [name if pair.contrast.whole == pair.contrast.blocks else f"{name} ({share})" for name, share in sides]
    return " less ".join(reversed(own))


def _judgement(pair: Pair) -> tuple[str, str, str]:
    if pair.p is None or pair.counts_as is None:
        return "", "", "too few"
    return chance(pair.p), chance(pair.counts_as), "differs" if pair.differs else "" if pair.enough else "too few"


def _alike(own: Effects) -> Iterator[Block]:
    """How alike the runs of each condition are."""
    if own.repeated and len(own.conditions) <= LEVELS:
        rows = [
            (plainly(each.code) or "words", each.condition, _share(each), f"{each.pairs:,}") for each in own.likeness
        ]
        how = (
            "Of all pairs of runs so many to which the same coder gave the same (P_i of Fleiss 1971)."
            if any(each.code for each in own.likeness)
            else "The share of words that two answers have in common (Jaccard 1912), as the mean of all pairs of runs. "
            "Other words can say the same, and the same words something else."
        )
        blocks = (table(("In", "Context", "Alike", "Pairs of runs"), rows, 3), Paragraph(how, quiet=True))
        yield Section(title="How alike runs of one context are", blocks=blocks)


def _share(each: Likeness) -> str:
    if each.share is None:
        return "one run: nothing can be said" if each.runs == 1 else "no pair: nothing can be said"
    return f"{100 * each.share:.0f} %"


def _known(own: Effects) -> Iterator[Block]:
    """How it is known, and what it is not."""
    if own.outcomes:
        yield Paragraph(_METHOD, quiet=True)
    if own.pairs:
        yield Paragraph(_RULE.format(looked=many(own.looked_at, "pair")), quiet=True)
    if own.says:
        yield Paragraph("Words that were chosen after reading these answers prove nothing about them.", quiet=True)


_METHOD = (
    "n counts interviews in which the question was put, each once; of a code only those that were coded. Where it was "
    "not put, `archive coverage` says. Intervals of a share are Wilson’s (1927), of a difference Newcombe’s (1998, "
    f"method 10), each {PERCENT} by itself."
)
_RULE = (
    "Levels of a factor are set against each other in contexts that are alike in all else; early and late are halves "
    "of the runs of each context. Two levels differ where the exact p (Fisher), as it counts among the {looked} "
    f"looked at here (Holm 1979), is at most {100 * CHANCE:.0f} %, and the interval leaves out 0. It is taken for "
    "granted that no run knew of another. Whether factors act on each other is not looked at."
)
