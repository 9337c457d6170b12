"""What a sidecar may refer to. Read with it, each of its references is checked as strictly as a quote."""

import datetime as dt
import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from pydantic import ValidationInfo

from archive.importers.turns import Turn
from archive.records.indexed import Indexed, Ref, indexed, no_turn
from archive.records.kinds import SLUG, Share
from archive.records.record import Fault
from archive.wording import listed, one_of, suggestion

_ACCESSION = re.compile(r"(?P<number>[CEMP]?\d{4}-\d{4,})(?:/(?P<interview>[1-9]\d*)(?:#(?P<turn>[1-9]\d*))?)?")


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What there is for one sidecar to refer to. What is None is not checked."""

    turns: Indexed
    """Of the sidecar's own deposit as ``(3, 12)``, of those it names as ``("2026-0041/3", 12)``."""
    today: dt.date | None = None
    """The last day that has begun anywhere; nothing was written later."""
    analyses: Collection[str] | None = None
    """Of its own deposit by slug, of those it names as ``2026-0041/first-reading``."""
    accessions: Collection[str] | None = None
    """Everything that was filed: ``2026-0041``, ``E2026-0007``."""
    protocols: Mapping[str, object] | None = None
    """Those that were filed, by ``id@version``."""
    held: Mapping[str, int] | None = None
    """The model's id → how many interviews with it were filed."""

    def within(self, turns: Sequence[Turn], accession: str | None) -> "Known":
        """The same for the sidecars of a deposit with these turns."""
        own = indexed(turns)
        named = Indexed({f"{accession}/{number}": held for number, held in own.places.items()} if accession else {})
        return replace(self, turns=self.turns | own | named)

    def beside(self, slugs: Collection[str], accession: str | None) -> "Known":
        """The same for an analysis that has these others beside it."""
        named = [*slugs, *(f"{accession}/{slug}" for slug in slugs if accession)]
        return replace(self, analyses={*(self.analyses or ()), *named})

    def day_faults(self, day: dt.date | None, *key: str | int) -> Iterator[Fault]:
        """What is wrong with a day on which something was said or written."""
        if day and self.today and day > self.today:
            yield Fault(f"expected a day that has come, found {day}; today is {self.today}", "correct the date", key)

    def interview_faults(self, interview: Ref, *key: str | int) -> Iterator[Fault]:
        """What is wrong with an interview that is named."""
        if not any(ref == interview for ref, _ in self.turns):
            missing = no_turn(interview, 1, self.turns)
            yield Fault(missing.found, missing.remedy, key)

    def analysis_faults(self, name: str, *key: str | int) -> Iterator[Fault]:
        """What is wrong with another analysis that is named."""
        if not re.fullmatch(rf"(?:\d{{4}}-\d{{4,}}/)?{SLUG}", name):
            found = f'expected an analysis, as in first-reading or 2026-0041/first-reading, found "{name}"'
            yield Fault(found, "", key)
        elif self.analyses is not None and name not in self.analyses:
            there = f"there are {one_of(sorted(self.analyses))}" if self.analyses else "there is none"
            yield Fault(f"there is no other analysis {name}", suggestion(name, self.analyses, there), key)

    def evidence_faults(self, evidence: str, *key: str | int) -> Iterator[Fault]:
        """What is wrong with evidence that is a number of this archive; an address or a series may be anything."""
        named = _ACCESSION.fullmatch(evidence.strip())
        if named is None or self.accessions is None:
            return
        if named["number"] not in self.accessions:
            yield Fault(f"nothing was filed as {named['number']}", "`archive list` shows the numbers there are", key)
        elif named["turn"]:
            interview, turn = f"{named['number']}/{named['interview']}", int(named["turn"])
            if (interview, turn) not in self.turns:
                yield Fault(no_turn(interview, turn, self.turns).found, "", key)
        elif named["interview"]:
            yield from self.interview_faults(evidence.strip(), *key)

    def protocol_faults(self, ref: str, *key: str | int) -> Iterator[Fault]:
        """What is wrong with the protocol that an interview is said to follow."""
        if self.protocols is not None and (wrong := unknown(ref, self.protocols, "protocol")):
            yield Fault(*wrong, key)

    def rate_faults(self, rate: Share | None, model: str, *key: str | int) -> Iterator[Fault]:
        """What is wrong with k of n interviews with `model`."""
        if rate and self.held is not None and rate.n > self.held.get(model, 0):
            held = self.held.get(model, 0)
            found = f"expected k of the {held} interviews with {model} that were filed, found {rate}"
            yield Fault(found, "file the others first, or count those that are here", key)


def of(info: ValidationInfo) -> Known | None:
    """What was handed to the rules of a record that is being read (see `archive.records.sidecar.read`)."""
    known: Known | None = (info.context or {}).get("known")
    return known


def context(known: Known | None) -> dict[str, object]:
    """What to hand to them: for `sidecar.read`."""
    return {"known": known, "turns": known.turns if known else None}


def unknown(ref: str, filed: Mapping[str, object], kind: str) -> tuple[str, str] | None:
    """What is wrong with ``id@version`` where nothing was `filed` as it, and the remedy; None where it is known."""
    if ref in filed:
        return None
    name = ref.partition("@")[0]
    if versions := [other for other in filed if other.partition("@")[0] == name]:
        return f"no {kind} was filed as {ref}", f"there is {listed(versions)}"
    begin = f"`archive new {kind} {name}` writes it, then `archive file transcripts/{kind}s/{name}`"
    return f"no {kind} was filed as {ref}", suggestion(ref, filed, begin)
