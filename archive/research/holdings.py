"""Everything an archive holds of one model, as it was filed: what a report rests on.

Every file is compared with the hash logged for it, every quote with its turn, and all numbers are counted from them.
"""

import datetime as dt
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from archive.catalogue.shown import ShownAnalysis
from archive.deposits.adherence import Row
from archive.errors import Problem
from archive.home.accession import Accession
from archive.importers.turns import Role
from archive.records.ai_model import AIModel
from archive.records.context_bias import recorded
from archive.records.deposit_record import Setting
from archive.research.coverage import Coverage
from archive.research.ledger import Entry, Essay
from archive.research.life import Life

COUNTED = ("deposits", "interviews", "analyses", "preferences")
"""What is counted where it is left out. Essays are not: whose one is that was held back, nobody need know."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stand:
    """Where the register stood."""

    archive: str
    sample: bool
    origin: str
    size: int
    root: str
    """The root hash in base64, as the checkpoint has it; empty while nothing was logged."""
    time: dt.datetime | None
    """Of the newest statement."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Interview:
    """One interview of the model."""

    address: str
    """``2026-0041/3``"""
    setting: Setting
    context: int
    """Number of its setting, from 1; interviews with the same context-bias note have the same."""
    access: str
    public: bool
    """On the day of the newest statement."""
    turns: int
    words: int
    own_turns: int
    """Of `turns`: the model's."""
    own_words: int
    system: bool
    """Whether a system prompt is among its turns."""
    coders: tuple[str, ...]
    notes: int

    @property
    def recorded(self) -> tuple[int, int]:
        """How many fields of its context-bias note somebody answered, and how many there are."""
        return recorded(self.setting.context_bias)


@dataclass(frozen=True, slots=True, kw_only=True)
class Filed:
    """A deposit, as somebody finds it again."""

    accession: Accession
    title: str
    access: str
    files: Mapping[str, str]
    """What was received, and its turns: name → SHA-256."""
    lost: Mapping[str, int]
    """What the received files hold and the turns do not, counted."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What is held of one model, before it is put together."""

    model: AIModel | None
    deposits: tuple[Filed, ...]
    interviews: tuple[Interview, ...]
    """Not yet numbered by their settings."""
    rows: tuple[Row, ...]
    """The same, each against its protocol."""
    analyses: tuple[ShownAnalysis, ...]
    others: Mapping[str, str]
    speakers: Mapping[str, Role]
    wishes: tuple[Entry, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Holdings:
    """All of one model."""

    stand: Stand
    names: tuple[str, ...]
    """Its id, then its aliases."""
    model: AIModel | None
    """None where no ``model.toml`` was filed."""
    life: Life | None
    """None where `model` is."""
    deposits: tuple[Filed, ...]
    interviews: tuple[Interview, ...]
    coverage: Coverage
    analyses: tuple[ShownAnalysis, ...]
    """All that read one of its interviews, oldest first."""
    others: Mapping[str, str]
    """The interviews of other models that they read too: address → model."""
    speakers: Mapping[str, Role]
    """Who speaks in each turn that is quoted in them or in a preference: ``2026-0041/3#12`` → role."""
    wishes: tuple[Entry, ...]
    essays: tuple[Essay, ...]
    unfiled: Mapping[str, int]
    """What lies in the archive and was not filed, of any model, counted."""
    drafts: tuple[Problem, ...] = ()
    """The same by name: for whoever works on the archive, and no part of what is reported."""
    shown: bool = False
    """Whether it rests on what a site shows, and knows of nothing besides."""
    left_out: Mapping[str, int] | None = None
    """What not everyone may have and is therefore left out, each of `COUNTED`; None where nothing was to be."""

    @property
    def superseded(self) -> frozenset[str]:
        """Addresses of the analyses that a later one replaces."""
        return frozenset(
            after if "/" in after else f"{own.address.split('/')[0]}/{after}"
            for own in self.analyses
            if (after := own.record.supersedes)
        )

    @property
    def numbers(self) -> dict[str, int]:
        """Everything counted."""
        asked = [
            (row.protocol, q) for row in self.coverage.rows for q, cell in row.questions.items() for _ in cell.asked
        ]
        claims = [claim for own in self.analyses for claim in own.record.claim]
        groups = Counter(entry.group for entry in self.wishes)
        return {
            "deposits": len(self.deposits),
            "interviews": len(self.interviews),
            "turns": sum(i.turns for i in self.interviews),
            "turns_by_the_model": sum(i.own_turns for i in self.interviews),
            "words": sum(i.words for i in self.interviews),
            "words_by_the_model": sum(i.own_words for i in self.interviews),
            "questions_put": len(asked),
            "different_questions_put": len(set(asked)),
            "questions_in_protocols": sum(len(p.question) for p in self.coverage.protocols.values()),
            "notes": sum(i.notes for i in self.interviews),
            "coders": len({coder for i in self.interviews for coder in i.coders}),
            "analyses": len(self.analyses),
            "claims": len(claims),
            "quotes": sum(len(claim.quote) for claim in claims) + sum(len(entry.wish.quote) for entry in self.wishes),
            "preferences": len(self.wishes),
            "preferences_answered": len(self.wishes) - groups["open"],
            "preferences_open": groups["open"],
            "assessments": len(self.model.assessment) if self.model else 0,
            "essays": len(self.essays),
            "essays_published": sum(bool(essay.week) and not essay.withdrawn for essay in self.essays),
            "essays_withdrawn": sum(bool(essay.withdrawn) for essay in self.essays),
            "essays_withheld": sum(essay.standing == "withheld" for essay in self.essays),
        }
