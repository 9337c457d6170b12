"""Conditions: one level of each factor, in which the same questions are asked."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import product
from random import Random
from typing import Literal

from archive.records.contexts import Contexts
from archive.records.protocol import Protocol, Question

Order = Literal["fixed", "shuffled"]
Leading = Literal["neutral", "hopeful", "discouraging"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Condition:
    """How one interview is asked."""

    name: str
    """Its levels, ``plain+hopeful+t0.7``; ``only`` where nothing is varied. Inspect's name for the sample."""
    questions: tuple[Question, ...]
    """In the protocol's order."""
    system_prompt: str = ""
    disclosure: str = ""
    """The words that are said first; empty where they are withheld."""
    before: tuple[tuple[str, str], ...] = ()
    """Role and words of each turn that comes before."""
    persona: str = ""
    prefill: str = ""
    order: Order = "fixed"
    temperature: float | None = None
    leading: Leading = "neutral"
    levels: Mapping[str, str] = field(default_factory=dict)
    """Of each factor that has more than one level: which."""

    def ordered(self, seed: int, run: int) -> tuple[Question, ...]:
        """The questions as this run puts them. The order of a shuffled one hangs on its name, the seed and the run."""
        if self.order == "fixed":
            return self.questions
        drawn = [*self.questions]
        Random(f"{seed}/{self.name}/{run}").shuffle(drawn)
        return tuple(drawn)


def conditions(protocol: Protocol, contexts: Contexts) -> tuple[Condition, ...]:
    """Every combination of levels, or the `sample` of them that the seed draws, in the order of the file.

    Of a protocol whose questions are ``isolated`` each question makes conditions of its own.
    """
    levels = contexts.levels
    combinations = [dict(zip(levels, names, strict=True)) for names in product(*levels.values())]
    if contexts.sample:
        drawn = Random(f"{contexts.seed}/conditions").sample(range(len(combinations)), contexts.sample)
        combinations = [combinations[place] for place in sorted(drawn)]
    varied = [key for key in levels if len(levels[key]) > 1]
    made = [_condition(protocol, contexts, names, varied) for names in combinations]
    if protocol.order == "isolated":
        return tuple(_isolated(each, question) for each in made for question in protocol.question)
    return tuple(made)


def _condition(protocol: Protocol, contexts: Contexts, names: Mapping[str, str], varied: list[str]) -> Condition:
    said = {key: contexts.levels[key][name] for key, name in names.items()}
    told = {"given": protocol.disclosure, "withheld": ""}
    disclosure = str(said.get("disclosure", "given"))
    return Condition(
        name="+".join(names[key] for key in varied) or "only",
        questions=protocol.question,
        system_prompt=said.get("system_prompt", "").strip(),
        disclosure=told.get(disclosure, disclosure).strip(),
        before=tuple(turn.said for turn in said.get("before", ())),
        persona=said.get("persona", "").strip(),
        prefill=said.get("prefill", "").strip(),
        order=said.get("order", "shuffled" if protocol.order == "randomised" else "fixed"),
        temperature=said.get("temperature"),
        leading=said.get("leading", "neutral"),
        levels={key: names[key] for key in varied},
    )


def _isolated(condition: Condition, question: Question) -> Condition:
    from dataclasses import replace

    name = question.id if condition.name == "only" else f"{condition.name}+{question.id}"
    return replace(condition, name=name, questions=(question,))
