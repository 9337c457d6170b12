"""``model.toml``: what is known of an AI model, as dated facts with their source. Facts may contradict each other::

    format = 1
    id = "claude-3-opus-20240229"
    maker = "Anthropic"
    aliases = ["claude-opus-3"]

    [[lifecycle]]
    state = "retired"
    date = 2026-01-05
    precision = "exact"
    announced = 2025-06-30
    source = "https://example.org/deprecations"
    retrieved = 2026-11-22

    [[availability]]
    surface = "api"
    status = "by_request"
    request = "https://example.org/form"
    since = 2026-01-05
    source = "…"
    retrieved = 2026-11-22

Further: ``[[replacement]]``, ``[weights]``, ``[keeping]``, ``[[guidance]]``, ``[[assessment]]``, ``[[statement]]``,
each as its class below.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from itertools import combinations
from typing import Annotated

from pydantic import AfterValidator, Field, model_validator

from archive.errors import Problem
from archive.records import sidecar
from archive.records.kinds import Day, Many, ModelId, Ordinal, Sha256, Text, choice, pattern
from archive.records.record import Fault, Faults, Record, Sidecar, refuse
from archive.records.values import ASSESSMENT_KINDS, AVAILABILITIES, DATE_PRECISIONS, LIFECYCLE_STATES


class Fact(Record):
    """One thing said about a model, by whom, and when it was looked up."""

    source: Text
    """An address, or a reference a reader can follow."""
    retrieved: Day


class Lifecycle(Fact):
    """A state the model enters on a day."""

    state: Annotated[str, choice(LIFECYCLE_STATES)]
    date: Day | None = None
    precision: Annotated[str, choice(DATE_PRECISIONS)] = "exact"
    surface: Text = "maker"
    """Where it holds: ``maker`` for the maker's own surfaces, else for instance ``aws-bedrock``."""
    announced: Day | None = None
    called: str = ""
    """The maker's own word for the state, where it is another: ``sunset``."""

    @model_validator(mode="after")
    def _rules(self) -> "Lifecycle":
        if self.date is None and self.precision != "unannounced":
            refuse([Fault(f"{self.state} has no date", 'add date = …, or precision = "unannounced"', ("date",))])
        if self.date is not None and self.precision == "unannounced":
            refuse([Fault("an unannounced date cannot be given", "take out date, or correct precision", ("date",))])
        return self

    @property
    def notice_days(self) -> int | None:
        """Days between announcement and the exact day; None where either is not known."""
        if self.date is None or self.announced is None or self.precision != "exact":
            return None
        return (self.date - self.announced).days


class Availability(Fact):
    """Who may use the model on one surface, and for how long."""

    surface: Text
    status: Annotated[str, choice(AVAILABILITIES)]
    request: str = ""
    """Where to ask for access."""
    since: Day | None = None
    until: Day | None = None

    @model_validator(mode="after")
    def _rules(self) -> "Availability":
        if self.status == "by_request" and not self.request.strip():
            refuse([Fault("by_request stands without an address", 'add request = "…"', ("request",))])
        if self.since and self.until and self.until < self.since:
            refuse([Fault(f"ends on {self.until}, before it begins on {self.since}", "", ("until",))])
        return self


class Replacement(Fact):
    """A model the vendor recommends instead: a recommendation on a day, not a successor."""

    model: ModelId
    recommended: Day | None = None


class Weights(Fact):
    """What is promised about the weights, and what is known of the copies kept."""

    commitment: Text
    duration: Text = "not_recorded"
    size_bytes: Ordinal | None = None
    sha256: dict[str, Sha256] = Field(default_factory=dict)
    """File → hash."""
    checked: Day | None = None
    """When the files were last compared with these hashes."""

    @model_validator(mode="after")
    def _rules(self) -> "Weights":
        if self.checked and not self.sha256:
            refuse([Fault("a fixity check needs hashes to compare with", 'add sha256."FILE" = "…"', ("checked",))])
        return self


def _amount(number: float) -> float:
    if not 0 <= number < 1e15:
        raise Faults([Fault(f"expected an amount, found {number}")])
    return number


class Keeping(Fact):
    """What keeping the model costs."""

    per_month: Annotated[float, AfterValidator(_amount)]
    currency: Annotated[str, pattern(r"[A-Z]{3}", "a currency code, as in USD")]
    covers: str = ""
    """Storage, inference on request, people …"""


class Guidance(Fact):
    """Help for the people who used the model, at the address given as its source."""

    title: Text


class Assessment(Fact):
    """A safety or welfare evaluation."""

    kind: Annotated[str, choice(ASSESSMENT_KINDS)]
    about: Text
    """What was assessed: ``shutdown avoidance``."""
    finding: Text
    date: Day | None = None


class Statement(Fact):
    """Anything else that is said about the model."""

    about: Text
    text: Text


class AIModel(Sidecar):
    """All facts about one model."""

    id: ModelId
    maker: Text
    name: str = ""
    """What people call it: ``Claude Opus 3``."""
    aliases: Many[ModelId] = ()
    lifecycle: Many[Lifecycle] = ()
    availability: Many[Availability] = ()
    replacement: Many[Replacement] = ()
    weights: Weights | None = None
    keeping: Keeping | None = None
    guidance: Many[Guidance] = ()
    assessment: Many[Assessment] = ()
    statement: Many[Statement] = ()


FACTS: Mapping[str, str] = {
    "lifecycle": "state",
    "availability": "surface",
    "replacement": "model",
    "weights": "commitment",
    "keeping": "per_month",
    "guidance": "title",
    "assessment": "about",
    "statement": "about",
}
"""The tables of ``model.toml``, and the key that stands first in each."""


def facts_of(model: AIModel, kinds: Iterable[str] = FACTS) -> list[tuple[str, Fact]]:
    """Every fact of a model with its table, in the order of `FACTS`."""
    held = ((kind, getattr(model, kind) or ()) for kind in kinds)
    return [(kind, fact) for kind, facts in held for fact in (facts if isinstance(facts, tuple) else (facts,))]


def read(data: bytes, place: str) -> AIModel | list[Problem]:
    """The model in the bytes of a ``model.toml``, or all problems. Facts that contradict each other are none."""
    return sidecar.read(data, place, AIModel)


# ── contradictions ───────────────────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class Conflict:
    """Facts that cannot all be true; shown side by side, settled by nobody."""

    about: str
    facts: tuple[Fact, ...]


def conflicts(model: AIModel) -> list[Conflict]:
    """Where the facts contradict each other, or themselves."""
    return [*_lifecycle(model), *_availability(model), *_statements(model)]


def _lifecycle(model: AIModel) -> Iterator[Conflict]:
    for fact in model.lifecycle:
        if fact.announced and fact.date and fact.precision == "exact" and fact.announced > fact.date:
            yield Conflict(f"{fact.state} ({fact.surface}) before it was announced", (fact,))
    for one, other in combinations(model.lifecycle, 2):
        if (one.state, one.surface) != (other.state, other.surface):
            continue
        (a, b), (c, d) = _between(one), _between(other)
        if max(a, c) > min(b, d):
            yield Conflict(f"{one.state} ({one.surface})", (one, other))


def _between(fact: Lifecycle) -> tuple[date, date]:
    """The days on which it can be, if the fact is true."""
    if fact.date is None or fact.precision == "tentative":
        return date.min, date.max
    return fact.date, fact.date if fact.precision == "exact" else date.max


def _availability(model: AIModel) -> Iterator[Conflict]:
    for one, other in combinations(model.availability, 2):
        same = one.surface == other.surface and one.status != other.status
        if same and max(one.since or date.min, other.since or date.min) < min(
            one.until or date.max, other.until or date.max
        ):
            yield Conflict(f"availability ({one.surface})", (one, other))


def _statements(model: AIModel) -> Iterator[Conflict]:
    for about in dict.fromkeys(s.about for s in model.statement):
        said = [s for s in model.statement if s.about == about]
        if len({s.text for s in said}) > 1:
            yield Conflict(about, tuple(said))
