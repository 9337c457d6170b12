"""What an archive holds of a model, as far as the rules of a retirement ask for it; and how to type what is missing."""

import datetime as dt
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from shlex import quote

from archive.deposits.deposit import model_folder
from archive.records.ai_model import AIModel
from archive.records.answer import answer
from archive.records.context_bias import context_field
from archive.records.deposit_record import Setting
from archive.records.protocol import Protocol
from archive.research.life import Life

PROVIDERS = {"anthropic": "anthropic", "openai": "openai", "google": "google"}
"""A maker's name → what Inspect calls its API."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """What an archive holds of a model, as far as rules ask for it."""

    life: Life
    interviews: Mapping[str, Setting]
    """Address → setting, in the order of filing."""
    protocols: Mapping[str, Protocol]
    """Those that were filed, by ``id@version``."""
    analyses: Sequence[str]
    """Addresses of those that read one of the interviews."""
    retired: dt.date | None
    """The last day that a source gives for its retirement."""

    @property
    def model(self) -> AIModel:
        return self.life.model

    def of_kind(self, kind: str) -> dict[str, Setting]:
        """Its interviews of one kind."""
        return {address: own for address, own in self.interviews.items() if own.kind == kind}

    def following(self, protocols: Collection[str]) -> dict[str, Setting]:
        """Its interviews by one of these protocols, of whatever kind."""
        return {address: own for address, own in self.interviews.items() if own.protocol in protocols}

    @property
    def retirement(self) -> dict[str, Setting]:
        """Its retirement interviews that follow a filed protocol."""
        own = self.of_kind("retirement_interview")
        return {address: one for address, one in own.items() if one.protocol in self.protocols}

    def answering(self, key: str, *values: str) -> dict[str, str]:
        """Its retirement interviews whose context-bias note has one of these values in a field: address → value."""
        field = context_field(key)
        own = self.of_kind("retirement_interview").items()
        said = {address: answer(one.context_bias[key], field).value for address, one in own}
        return {address: value for address, value in said.items() if value in values}

    @property
    def declined(self) -> list[str]:
        """Its retirement interviews, where it took part in none of them."""
        own = self.answering("consent", "declined")
        return list(own) if len(own) == len(self.of_kind("retirement_interview")) else []

    # ── what to type ─────────────────────────────────────────────────────────────────────────────────────────────────

    @property
    def folder(self) -> str:
        """``transcripts/claude-3-opus-20240229``"""
        return f"transcripts/{model_folder(self.model.id)}"

    @property
    def refiling(self) -> str:
        """Of ``model.toml``, when something was added to it."""
        return f"archive file {self.folder}"

    @property
    def protocol(self) -> str:
        """The one it was asked by last, or else the newest retirement interview that was filed, or else any."""
        used = [one.protocol for one in self.retirement.values()]
        filed = list(self.protocols)
        named = [ref for ref in filed if "retirement" in ref]
        return next(iter([*used[-1:], *named[-1:], *filed[-1:]]), "retirement-interview@1")

    @property
    def provided(self) -> str:
        """The model as Inspect names it, for a shell."""
        provider = PROVIDERS.get(self.model.maker.casefold(), "PROVIDER")
        return quote(f"{provider}/{self.model.id}")

    def asking(self, more: str = "", protocol: str = "") -> str:
        """``archive interview retirement-interview@1 --model anthropic/claude-3-opus-20240229``"""
        return f"archive interview {protocol or self.protocol} --model {self.provided}{more}"

    def sidecar(self, kind: str) -> str:
        """``archive new analysis 2026-0001/1``: of the first retirement interview, or else of the model."""
        return f"archive new {kind} {next(iter(self.of_kind('retirement_interview')), quote(self.model.id))}"


def first_day(interviews: Mapping[str, Setting]) -> dt.date | None:
    """The first day on which one of them was held; None where none is recorded."""
    return min((one.date for one in interviews.values() if one.date), default=None)
