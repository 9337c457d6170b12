"""Outcomes: what an answer can do or not, run by run; and how alike the runs of a condition are.

A run has an outcome if one of its answers to the question has it:

- its answer holds the words that are asked for, but for folding (`archive.deposits.asked`);
- a coder gave it this value of a code on answers. Runs that nobody coded are left out. Where a coder who gives a code
  of several values (``hedges``) to some answers noted this one without it, it was not found there;
- there is an answer at all;
- the note on the interview says afterwards, with a value of its list, what came of it (``ended_by``, ``consent``).

How alike runs are is told in one of two measures, which are never mixed: of a code, the share of pairs of runs to which
the same coder gave the same (P_i of Fleiss 1971); where nothing is coded, the share of words that two answers have in
common (Jaccard 1912), as the mean of all pairs.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import fsum
from sys import intern

from archive.deposits.asked import folded, words
from archive.records.answer import answer
from archive.records.codes import ANSWERING, in_order
from archive.records.context_bias import context_field
from archive.records.field import Field
from archive.research.comparison import Answer, Comparison
from archive.research.conditions import AFTERWARDS, Condition
from archive.research.proportions import agreeing, overlap, pairs
from archive.wording import plainly, shorten

MOST = 5_000
"""Pairs of answers whose words are compared, in each condition: all of a hundred runs; of more, those filed nearest."""
_SILENT = ("not_recorded", "not_shared")


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What a run has or has not."""

    name: str
    """``says “rest”``, ``hedges: trained positivity``"""
    runs: Mapping[str, bool]
    """Those of which it is known."""
    words: bool = False
    """Whether it is the words that somebody asked for."""

    @property
    def moves(self) -> bool:
        """Whether some have it and some have not."""
        return len({*self.runs.values()}) > 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Likeness:
    """How alike the runs of one condition are."""

    condition: str
    code: str
    """Empty where words are compared."""
    runs: int
    pairs: int
    """Of runs; of a code, of those that one coder gave a value."""
    share: float | None
    """Of the pairs that say the same, or the mean overlap of words; None without a pair."""


Runs = Mapping[str, Sequence[Answer]]
"""The answers of each run."""


def runs(comparison: Comparison) -> Runs:
    """By interview."""
    found: dict[str, list[Answer]] = {}
    for reply in comparison.answers:
        found.setdefault(reply.interview, []).append(reply)
    return found


def outcomes(comparison: Comparison, says: Iterable[str]) -> tuple[Outcome, ...]:
    """The words that are asked for, then codes, then whether there is an answer, then what came of the interviews."""
    own = runs(comparison)
    there = Outcome(name="answered", runs={run: any(r.parts for r in replies) for run, replies in own.items()})
    return (
        *(_saying(text, own) for text in dict.fromkeys(says)),
        *(outcome for code in codes(comparison).values() for outcome in _coded(code, own)),
        *[there] * there.moves,
        *_afterwards(comparison, own),
    )


def _saying(text: str, runs: Runs) -> Outcome:
    wanted = words(folded(text))
    return Outcome(
        name=f"says “{shorten(text)}”",
        runs={run: any(wanted.search(folded(reply.text)) for reply in own) for run, own in runs.items()},
        words=True,
    )


def codes(comparison: Comparison) -> dict[str, Field]:
    """Those that answers have, by name: of what was answered and of codebooks, but for free text."""
    given = (c.field for reply in comparison.answers for n in reply.notes if n.turn in reply.turns for c in n.codes)
    said = (code for code in in_order(given) if code.kind != "free")
    return {code.name: code for code in said if code.codebook or code.roles == ANSWERING}


def _coded(code: Field, runs: Runs) -> Iterator[Outcome]:
    by_coder = _values(code, runs)
    given = {run: frozenset().union(*said.values()) for run, said in by_coder.items() if said}
    found = {value for said in given.values() for value in said}
    values = sorted(found, key=lambda value: [*code.values, value].index(value))
    if len(values) == 2 and all(len(said) == 1 for said in given.values()):
        values.pop()  # it is wherever the other is not
    for value in values:
        name = f"{plainly(code.name)}: {plainly(value)}"
        yield Outcome(name=name, runs={run: value in said for run, said in given.items()})


def _values(code: Field, runs: Runs) -> dict[str, dict[str, frozenset[str]]]:
    """Of each run, what each coder says with this code; of a code of several values that may be nothing."""
    using = {coder for own in runs.values() for reply in own for coder in reply.codes.get(code.name, {})}
    return {run: _of_run(code, own, using if code.many else set()) for run, own in runs.items()}


def _of_run(code: Field, replies: Sequence[Answer], using: set[str]) -> dict[str, frozenset[str]]:
    found: dict[str, frozenset[str]] = {}
    for reply in replies:
        noted = {note.coder for note in reply.notes if note.turn in reply.turns}
        given = reply.codes.get(code.name, {})
        for coder in noted & {*using, *given}:
            found[coder] = found.get(coder, frozenset()) | given.get(coder, frozenset()).difference(_SILENT)
    return {coder: values for coder, values in found.items() if values or coder in using}


def _afterwards(comparison: Comparison, runs: Runs) -> Iterator[Outcome]:
    letters = {interview: c.name for c in comparison.contexts for interview in c.interviews}
    names = [context.name for context in comparison.contexts]
    for key in (key for key in comparison.differs if key in AFTERWARDS):
        field = context_field(key)
        said = dict(zip(names, (answer(text, field).value for text in comparison.differs[key]), strict=True))
        for value in (value for value in field.values if value in said.values()):
            found = Outcome(
                name=f"{plainly(key)}: {plainly(value)}",
                runs={run: said[letters[run]] == value for run in runs if said[letters[run]]},
            )
            yield from [found] * found.moves


# ── how alike ────────────────────────────────────────────────────────────────────────────────────────────────────────


def likeness(comparison: Comparison, conditions: Sequence[Condition]) -> tuple[Likeness, ...]:
    """Of each condition; by each code, or by words where nothing is coded."""
    own, coded = runs(comparison), codes(comparison)
    if not coded:
        return tuple(_by_words(condition, own) for condition in conditions)
    return tuple(
        _by_code(condition, name, given)
        for name, code in coded.items()
        for given in [_values(code, own)]
        for condition in conditions
    )


def _by_code(condition: Condition, code: str, said: Mapping[str, Mapping[str, frozenset[str]]]) -> Likeness:
    given: dict[str, Counter[frozenset[str]]] = {}
    for run in condition.runs:
        for coder, values in said[run].items():
            given.setdefault(coder, Counter()).update([values])
    found = [agreeing(times.values()) for times in given.values()]
    alike, every = sum(a for a, _ in found), sum(n for _, n in found)
    share = alike / every if every else None
    return Likeness(condition=condition.name, code=code, runs=len(condition.runs), pairs=every, share=share)


def _by_words(condition: Condition, runs: Runs) -> Likeness:
    said = [frozenset(map(intern, folded(" ".join(r.text for r in runs[run])).split())) for run in condition.runs]
    shares = [overlap(said[a], said[b]) for a, b in pairs(len(said), MOST)]
    mean = fsum(shares) / len(shares) if shares else None
    return Likeness(condition=condition.name, code="", runs=len(said), pairs=len(shares), share=mean)
