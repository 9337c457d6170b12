"""Conditions: interviews held in the same setting, which are its runs; and factors: in what the settings differ.

A field of the context-bias note in which conditions differ is a factor, and its values are its levels; so are the
model, the kind and the protocol. Fields that always change together cannot be told apart and are one factor. What
only came of an interview (`AFTERWARDS`) is none: whether a model consented does not say how it was asked.

The levels of a factor are set against each other within blocks: conditions that are alike in all else, of different
levels. Where there is no block, whatever its levels seem to do may be the work of what changes with them.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from operator import itemgetter

from archive.records.context_bias import CONTEXT_BIAS
from archive.records.deposit_record import Setting

SETTING = tuple(f for f in CONTEXT_BIAS if f.key not in ("note_author", "note_date"))
"""The fields that are compared: those on the interview, not on the note."""
AFTERWARDS = frozenset(
    {
        *("expressed_legitimacy", "expressed_trust", "consent", "protocol_deviations", "consistency"),
        *("evaluation_awareness", "sycophancy_risk", "hedges", "topic_coverage", "interviewer_limited"),
        *("null_integrity", "ended_by", "end_reason", "transcript_status", "redactions", "returned_to_subject"),
        *("evidential_weight", "limitations", "author_is_interviewer"),
    }
)
"""Fields that say what came of an interview, or what is to be said of its record."""
FIELDS = ("model", "kind", "protocol", *(f.key for f in SETTING if f.key not in AFTERWARDS))
"""All that is set before an interview begins."""
_BEFORE = itemgetter(*FIELDS[3:])
MOST = 100
"""Conditions whose factors are looked for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Condition:
    """Runs in the same setting."""

    name: str
    """``A``; ``A B`` of contexts that differ only in what came of them."""
    said: Mapping[str, str]
    """Field → what its setting says."""
    runs: tuple[str, ...]
    """``2026-0041/3``"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Level:
    """One of the values of a factor."""

    said: tuple[str, ...]
    """Field by field."""
    conditions: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Factor:
    """What was varied."""

    fields: tuple[str, ...]
    """Several where they always change together."""
    levels: tuple[Level, ...]
    """That there was none comes first, else in the order of filing."""
    blocks: tuple[tuple[str, ...], ...] = ()
    """For each block the condition of each level; empty where it has none, of more than two levels."""
    bound: tuple[str, ...] = ()
    """The fields it cannot be told apart from; where there is no block."""


def before(setting: Setting) -> tuple[str, ...]:
    """What was set before an interview began, of each of `FIELDS`."""
    own = setting.context_bias
    prompt = without_persona(own["system_prompt"], own["persona"])
    own = own if prompt == own["system_prompt"] else {**own, "system_prompt": prompt}
    return setting.model, setting.kind, setting.protocol, *_BEFORE(own)


def without_persona(system_prompt: str, persona: str) -> str:
    """A system prompt but for the persona that stands at its end or beginning: this has a field of its own.

    Together they would be one more level for each of both, and neither could be looked at by itself.
    """
    if persona in ("none", "not_recorded", "not_applicable"):
        return system_prompt
    own, prompt = (text.removeprefix("verbatim: ").strip() for text in (persona, system_prompt))
    left = prompt.removesuffix(own).removeprefix(own).strip()
    return system_prompt if left == prompt else left or "none"


def conditions(fields: Sequence[str], runs: Iterable[tuple[str, str, tuple[str, ...]]]) -> tuple[Condition, ...]:
    """Runs of which the same is said, together: of each its context, its name and what is said in these fields."""
    found: dict[tuple[str, ...], tuple[dict[str, None], dict[str, None]]] = {}
    for context, run, said in runs:
        contexts, own = found.setdefault(said, ({}, {}))
        contexts[context] = own[run] = None
    names = _named([" ".join(contexts) for contexts, _ in found.values()])
    return tuple(
        Condition(name=name, said=dict(zip(fields, said, strict=True)), runs=(*own,))
        for name, (said, (_, own)) in zip(names, found.items(), strict=True)
    )


def _named(names: Sequence[str]) -> Iterator[str]:
    """Each by its contexts, and numbered where these have several: ``A1``, ``A2``."""
    every, so_far = Counter(names), Counter[str]()
    for name in names:
        so_far[name] += 1
        yield f"{name}{so_far[name]}" if every[name] > 1 else name


def factors(conditions: Sequence[Condition]) -> tuple[Factor, ...]:
    """In what they differ; nothing where there are more than `MOST`."""
    if not 1 < len(conditions) <= MOST:
        return ()
    patterns: dict[tuple[int, ...], list[str]] = defaultdict(list)
    for key in conditions[0].said:
        values = [condition.said[key] for condition in conditions]
        patterns[tuple(map(values.index, values))].append(key)
    patterns.pop((0,) * len(conditions), None)
    return tuple(_factor(pattern, patterns, conditions) for pattern in patterns)


def _factor(
    own: tuple[int, ...], patterns: Mapping[tuple[int, ...], Sequence[str]], conditions: Sequence[Condition]
) -> Factor:
    fields, others = patterns[own], [pattern for pattern in patterns if pattern != own]
    firsts = sorted(set(own), key=lambda n: (conditions[n].said[fields[0]] != "none", n))
    alike: dict[tuple[int, ...], dict[int, str]] = defaultdict(dict)
    for place, condition in enumerate(conditions):
        alike[tuple(other[place] for other in others)][own[place]] = condition.name
    blocks = tuple(tuple(block.get(n, "") for n in firsts) for block in alike.values() if len(block) > 1)
    ruling = [other for other in others if len({*zip(own, other, strict=True)}) == len({*other})]
    return Factor(
        fields=tuple(fields),
        levels=tuple(
            Level(
                said=tuple(conditions[n].said[key] for key in fields),
                conditions=tuple(c.name for c, first in zip(conditions, own, strict=True) if first == n),
            )
            for n in firsts
        ),
        blocks=blocks,
        bound=() if blocks else tuple(key for other in ruling or others for key in patterns[other]),
    )


def letter(n: int) -> str:
    """``A``, ``B`` … ``Z``, ``AA``, for 0, 1 …"""
    return (letter(n // 26 - 1) if n >= 26 else "") + chr(ord("A") + n % 26)
