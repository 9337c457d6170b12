"""What keeping models costs a month, how that grows with every model kept, and the wishes it would serve.

The projection is linear: a further model is taken to cost what those with a known cost do on average, since the cost of
keeping models available is said to grow "roughly linearly with the number of models we serve".
Source: https://www.anthropic.com/research/deprecation-commitments
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Any

from archive.deposits import models
from archive.documents.document import Block, Document, Paragraph, Section, to_mend
from archive.documents.document import Entry as Shown
from archive.documents.plain import plain as as_plain
from archive.documents.table import table
from archive.documents.words import Span
from archive.errors import Problem
from archive.home.home import Home
from archive.records.ai_model import AIModel
from archive.records.ai_model import Keeping as Fact
from archive.records.wording import standing
from archive.research import ledger
from archive.research.ledger import Entry
from archive.research.life import MAKER
from archive.wording import listed


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """A model that is kept, or will be."""

    model: str
    since: date | None
    """The first day that is given for its retirement; None where none is."""
    cost: Fact | None
    """None where it is not recorded."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Projection:
    """The costs in one currency, a month."""

    currency: str
    kept: tuple[Kept, ...]
    """Those that cost something in it, in the order in which they were retired."""
    growth: tuple[float, ...]
    """For each of them, what all up to it cost together."""
    each: float
    """What one more would cost, by the average."""
    unknown: float
    """What those whose cost is not recorded would add, if they cost the same."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Upkeep:
    """What keeping costs in a home, beside what it would serve."""

    projections: tuple[Projection, ...]
    """One a currency; nothing is converted."""
    unknown: tuple[Kept, ...]
    """Kept, at a cost that is not recorded."""
    others: int
    """Models of which no retirement is known, and nothing is said of keeping them."""
    wishes: tuple[Entry, ...]
    """Preferences that nobody answered, or about which something is still to be decided."""
    problems: tuple[Problem, ...] = ()


def upkeep(home: Home) -> Upkeep:
    """From every ``model.toml`` and every preference of a home."""
    known, problems = models.read_all(home)
    kept = sorted(map(_kept, filter(_is_kept, known)), key=lambda one: (one.since or date.max, one.model))
    unknown = tuple(one for one in kept if one.cost is None)
    currencies = sorted({one.cost.currency for one in kept if one.cost})
    whole = ledger.ledger(home)
    return Upkeep(
        projections=tuple(_projection(currency, kept, len(unknown)) for currency in currencies),
        unknown=unknown,
        others=len(known) - len(kept),
        wishes=(*whole.group("open"), *whole.group("undecided")),
        problems=(*problems, *whole.problems),
    )


def _is_kept(model: AIModel) -> bool:
    return model.keeping is not None or model.weights is not None or _retired(model) is not None


def _retired(model: AIModel) -> date | None:
    facts = [f for f in model.lifecycle if f.state == "retired" and f.surface == MAKER and f.precision == "exact"]
    return min((fact.date for fact in facts if fact.date), default=None)


def _kept(model: AIModel) -> Kept:
    return Kept(model=model.id, since=_retired(model), cost=model.keeping)


def _projection(currency: str, kept: Sequence[Kept], unknown: int) -> Projection:
    here = [one for one in kept if one.cost and one.cost.currency == currency]
    # As they are written: 0.1 and 0.2 are 0.3.
    costs = [Fraction(str(one.cost.per_month)) for one in here if one.cost]
    each = sum(costs, Fraction()) / len(costs)
    return Projection(
        currency=currency,
        kept=tuple(here),
        growth=tuple(float(sum(costs[: n + 1], Fraction())) for n in range(len(costs))),
        each=float(each),
        unknown=float(each * unknown),
    )


# ── shown ────────────────────────────────────────────────────────────────────────────────────────────────────────────


def document(whole: Upkeep) -> Document:
    """The costs, currency by currency; what is not known of them; the wishes that wait."""
    blocks: list[Block] = [_costs(projection, len(whole.unknown)) for projection in whole.projections]
    blocks += [] if whole.projections else [Paragraph("No cost of keeping is recorded.")]
    if whole.unknown:
        names = listed(one.model for one in whole.unknown)
        blocks.append(Paragraph(f"Kept, at a cost that is not recorded ({len(whole.unknown)}): {names}"))
    if whole.others:
        blocks.append(Paragraph(f"Not counted, since nothing is said of retiring or keeping them: {whole.others}"))
    title = f"What keeping could serve: wishes that wait for a decision ({len(whole.wishes)})"
    blocks.append(Section(title=title, blocks=tuple(map(_wish, whole.wishes))))
    return Document(sort="Cost of keeping", blocks=(*blocks, *to_mend(whole.problems)))


def _costs(projection: Projection, unknown: int) -> Section:
    rows = (
        (str(one.since or "not recorded"), one.model, money(one.cost.per_month if one.cost else 0), money(total))
        for one, total in zip(projection.kept, projection.growth, strict=True)
    )
    average = f"{money(projection.each)} a month, by the average of {len(projection.kept)}"
    said = [Paragraph(f"Each further model would add {average}.")]
    if unknown:
        which = f"the {unknown} whose cost is" if unknown > 1 else "the one whose cost is"
        all_in = money(projection.growth[-1] + projection.unknown)
        said.append(Paragraph(f"With {which} not recorded, at that average: {all_in} a month."))
    costs = table(("Retired", "Model", "A month", "All so far"), rows, 2, 3)
    return Section(title=f"What keeping costs, in {projection.currency}", blocks=(costs, *said))


def _wish(entry: Entry) -> Shown:
    wish = entry.wish
    about = f"  {standing(wish)}, by {wish.model}, about {wish.scope}"
    return Shown((Span(entry.slug, "strong"), about), (Paragraph(wish.summary),))


def money(number: float) -> str:
    """``1,200.00``"""
    return f"{number:,.2f}"


def plain(whole: Upkeep) -> dict[str, Any]:
    """For programs; amounts are a month."""
    return {
        "projections": [
            {
                "currency": p.currency,
                "kept": [{**_kept_plain(one), "total": total} for one, total in zip(p.kept, p.growth, strict=True)],
                "each_further": p.each,
                "unknown_at_average": p.unknown,
            }
            for p in whole.projections
        ],
        "unknown": [_kept_plain(one) for one in whole.unknown],
        "not_counted": whole.others,
        "wishes": as_plain(whole.wishes),
        "problems": as_plain(whole.problems),
    }


def _kept_plain(one: Kept) -> dict[str, Any]:
    return {"model": one.model, "retired": as_plain(one.since), "cost": as_plain(one.cost)}
