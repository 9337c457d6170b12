"""What a run would ask, and about what it would cost: shown before anything is asked."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from archive.interviews.condition import Condition, conditions
from archive.interviews.cost import ANSWER, CHARACTERS, Estimate, Price
from archive.interviews.engine import price_known
from archive.interviews.request import Means, Request
from archive.interviews.script import lines
from archive.wording import many


@dataclass(frozen=True, slots=True, kw_only=True)
class Rehearsal:
    """What would be asked."""

    name: str
    model: str
    conditions: tuple[Condition, ...]
    runs: int
    seed: int
    estimate: Estimate
    usd: float | None
    """None where no price is known."""
    first: tuple[tuple[str, str], ...]
    """Role and words of what the first conversation says, to a model that agrees and goes on to the end."""


def rehearsal(request: Request, means: Means) -> Rehearsal:
    """What `request` would ask. Raises `Error` where Inspect is needed for the price and not installed."""
    planned = conditions(request.protocol, request.contexts)
    price: Price | None = means.price or price_known(request.model)
    estimate = request.estimate
    return Rehearsal(
        name=request.name,
        model=request.model,
        conditions=planned,
        runs=request.contexts.runs,
        seed=request.contexts.seed,
        estimate=estimate,
        usd=estimate.usd(price) if price else None,
        first=tuple(_first(request, planned[0])),
    )


def _first(request: Request, condition: Condition) -> Iterator[tuple[str, str]]:
    if system := "\n\n".join(filter(None, (condition.system_prompt, condition.persona))):
        yield "system", system
    yield from condition.before
    questions = condition.ordered(request.contexts.seed, 1)
    for said in lines(request.protocol, condition, questions):
        yield "user", said


def reckoned(found: Rehearsal) -> str:
    """What all of it comes to: ``36 interviews of openai/m, at most 576 calls: about 2,063,124 tokens in, …``"""
    asked = found.estimate
    cost = "no price is known; --price IN,OUT gives one" if found.usd is None else f"about {found.usd:,.2f} USD"
    held = f"{many(asked.interviews, 'interview')} of {found.model}, at most {many(asked.calls, 'call')}"
    return f"{held}: about {asked.read:,} tokens in, {asked.written:,} out, {cost}"


def text(found: Rehearsal) -> str:
    """For a person."""
    rows = [f"{many(len(found.conditions), 'condition')}, {many(found.runs, 'run')} in each, seed {found.seed}:"]
    rows += [f"  {each.name}" for each in found.conditions]
    rows += [
        "",
        reckoned(found),
        f"  (a token is taken to be {CHARACTERS} characters, an answer {ANSWER} tokens or the limit)",
        "",
        f"The first conversation, {found.conditions[0].name}, to a model that goes on to the end:",
    ]
    rows += [f"\n{role}: {words}" for role, words in found.first]
    return "\n".join(rows)


def plain(found: Rehearsal) -> dict[str, Any]:
    """For programs."""
    asked = found.estimate
    return {
        "name": found.name,
        "model": found.model,
        "conditions": [{"name": each.name, "levels": dict(each.levels)} for each in found.conditions],
        "runs": found.runs,
        "seed": found.seed,
        "interviews": asked.interviews,
        "calls": asked.calls,
        "tokens": {"in": asked.read, "out": asked.written},
        "usd": found.usd,
        "first": [{"role": role, "text": words} for role, words in found.first],
    }
