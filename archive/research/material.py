"""What is held of a model, worked out of folders alone, as a site or a public edition has them.

What a whole archive holds, `recorded` asks of its catalogue; a test holds the two to each other.
"""

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from archive.deposits.adherence import of_deposit
from archive.deposits.asked import coders
from archive.deposits.asked import interviews as by_interview
from archive.deposits.deposit import Deposit
from archive.deposits.filed import FiledFolder
from archive.errors import Problem, Refused, accepted
from archive.exchange.selection import model_of, record_of
from archive.importers.turns import Role, Turn
from archive.records import notes
from archive.records.codebook import Codebooks
from archive.records.protocol import Protocol
from archive.research import readings
from archive.research.holdings import Filed, Found, Interview
from archive.research.ledger import Essay
from archive.research.readings import Quotes


@dataclass(frozen=True, slots=True, kw_only=True)
class Material:
    """What holdings are counted from: folders as they were filed, and what became of essays."""

    deposits: tuple[FiledFolder, ...]
    models: tuple[FiledFolder, ...]
    protocols: Mapping[str, Protocol]
    """By ``id@version``."""
    codebooks: Codebooks
    essays: tuple[Essay, ...]


def found(material: Material, names: Sequence[str], day: dt.date) -> Found:
    """What of this `material` is about the model that goes by `names`, its id first, on a day.

    Raises `Refused` where a file is not what was filed, or a quote does not stand in its turn.
    """
    asked = {
        f"{chosen.number}/{n}": record.setting(n).model
        for chosen in material.deposits
        if "deposit.toml" in chosen.files
        for record in [record_of(chosen)]
        for n in range(1, chosen.head.interviews + 1)
    }
    ours = {address for address, model in asked.items() if model in names}
    wishes = readings.wishes(material.models, names, material.essays)
    analyses = readings.analyses(material.deposits, ours)
    reading = _Deposits(material=material, ours=ours, quotes=readings.quotes(analyses, wishes), day=day)
    rows = [row for deposit in reading for row in of_deposit(deposit, material.protocols) if row.interview in ours]
    if reading.problems:
        raise Refused(reading.problems)
    return Found(
        model=next((m for m in map(model_of, material.models) if m.id in names), None),
        deposits=tuple(reading.filed),
        interviews=tuple(reading.interviews),
        rows=tuple(rows),
        analyses=analyses,
        others={
            ref: asked[ref] for own in analyses for ref in map(str, own.record.interviews) if ref in asked.keys() - ours
        },
        speakers=reading.speakers,
        wishes=wishes,
    )


@dataclass(kw_only=True)
class _Deposits:
    """The deposits in which the model speaks, one at a time; lives as long as they are read.

    As each goes by, its interviews are counted, and the quotes from it compared with their turns.
    """

    material: Material
    ours: set[str]
    quotes: Quotes
    day: dt.date
    interviews: list[Interview] = field(default_factory=list)
    filed: list[Filed] = field(default_factory=list)
    speakers: dict[str, Role] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)

    def __iter__(self) -> Iterator[Deposit]:
        mine = {address.split("/")[0] for address in self.ours}
        for chosen in self.material.deposits:
            quoted = self.quotes.get(chosen.number, [])
            if chosen.number in mine or quoted:
                deposit = _deposit(chosen, self.material.codebooks)
                speakers, problems = readings.compared(quoted, chosen.number, deposit.transcript.turns)
                self.speakers |= speakers
                self.problems += problems
                if chosen.number in mine:
                    self._count(deposit, chosen)
                    yield deposit
        for number in self.quotes.keys() - {chosen.number for chosen in self.material.deposits}:
            self.problems += readings.nowhere(number, self.quotes[number])

    def _count(self, deposit: Deposit, chosen: FiledFolder) -> None:
        access = deposit.record.access
        for number, spoken in by_interview(deposit):
            address = f"{chosen.number}/{number}"
            if address in self.ours:
                own = [turn for turn in spoken if turn.role == "assistant"]
                said = coders(deposit, number)
                self.interviews.append(
                    Interview(
                        address=address,
                        setting=deposit.record.setting(number),
                        context=0,
                        access=str(access),
                        public=access.public_on(self.day),
                        turns=len(spoken),
                        words=_words(spoken),
                        own_turns=len(own),
                        own_words=_words(own),
                        system=any(turn.role == "system" for turn in spoken),
                        coders=tuple(coder for coder, notes in said.items() if notes),
                        notes=sum(map(len, said.values())),
                    )
                )
        self.filed.append(
            Filed(
                accession=chosen.accession,
                title=deposit.record.title,
                access=str(access),
                files=chosen.received | {chosen.turns_file: chosen.files[chosen.turns_file]},
                lost=deposit.transcript.lost,
            )
        )


def _deposit(chosen: FiledFolder, codebooks: Codebooks) -> Deposit:
    """A deposit with its notes and without its analyses. Raises `Refused`."""
    coded = [
        accepted(notes.read(chosen.read(name), f"{chosen.place}/{name}", codebooks=codebooks))
        for name in chosen.named("notes/", ".toml")
    ]
    by_coder = {own.coder: own for own in coded}
    return Deposit(chosen.folder, chosen.number, record_of(chosen), chosen.transcript(), by_coder, {})


def _words(said: Iterable[Turn]) -> int:
    """As the catalogue counts them: of the visible text, between spaces."""
    return sum(len(turn.text.split()) for turn in said)
