"""The things of an archive as they are shown: what the files say, and who quotes whom."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from archive.documents.plain import by_field, plain
from archive.importers.turns import Turn
from archive.records.ai_model import AIModel, Conflict
from archive.records.analysis import Analysis
from archive.records.export import Export
from archive.records.notes import Coded, by_code
from archive.records.preference import Preference


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownNote:
    """What one coder says of a turn."""

    coder: str
    date: date
    codes: tuple[Coded, ...]
    quote: str
    text: str
    confidence: str | None

    def plain(self) -> dict[str, Any]:
        """For programs."""
        added = {coded.code: coded.text for coded in self.codes if coded.text}
        return {**by_field(self), "codes": by_code(self.codes), "added": added}


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownTurn:
    """One turn with what is said of it."""

    address: str
    turn: Turn
    notes: tuple[ShownNote, ...]
    quoted_in: tuple[str, ...]
    """Analyses as ``2026-0041/first-reading``, preferences as ``M2026-0001/own-channel``."""

    def plain(self) -> dict[str, Any]:
        """For programs; what a turn does not have is left out of it."""
        said = {key: value for key, value in plain(by_field(self.turn)).items() if value is not None}
        return {**by_field(self), "turn": said}


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownInterview:
    """An interview, or a single turn of it."""

    address: str
    title: str
    model: str
    kind: str
    protocol: str
    date: date | None
    access: str
    licence: str
    run: str
    """What holds of this run alone, of an interview that the archive held; see `archive.records.deposit_record`."""
    context_bias: Mapping[str, str]
    recorded: int
    """How many fields of `context_bias` somebody answered."""
    received: tuple[str, ...]
    """Names of the files as they came."""
    export: Export | None
    """What they were cut from, where they were cut from something."""
    importer: str
    """What read them, and in which version."""
    lost: Mapping[str, int]
    """What the files hold and the turns do not, counted."""
    marks: int
    """How many cover words of it, for others; here they are seen."""
    analyses: tuple[str, ...]
    """Those of its deposit that read it."""
    turns: tuple[ShownTurn, ...]
    whole: bool = True
    """False where only some of its turns are shown."""


@dataclass(frozen=True, slots=True, kw_only=True)
class InterviewLine:
    """An interview among the others of its deposit."""

    address: str
    title: str
    model: str
    date: date | None
    turns: int
    recorded: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownDeposit:
    """A deposit of several interviews."""

    address: str
    title: str
    model: str
    kind: str
    date: date | None
    access: str
    licence: str
    received: tuple[str, ...]
    export: Export | None
    importer: str
    lost: Mapping[str, int]
    marks: int
    coders: tuple[str, ...]
    analyses: tuple[str, ...]
    interviews: tuple[InterviewLine, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownAnalysis:
    """An analysis with its prose."""

    address: str
    record: Analysis
    prose: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownPreference:
    """A preference with its answers, oldest first."""

    address: str
    status: str
    open_since: date | None
    record: Preference


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownModel:
    """What is known of a model, and what the archive holds of it."""

    address: str
    record: AIModel
    conflicts: tuple[Conflict, ...]
    preferences: tuple[str, ...]
    deposits: tuple[str, ...]


Shown = ShownInterview | ShownDeposit | ShownAnalysis | ShownPreference | ShownModel
