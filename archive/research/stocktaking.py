"""Taking stock of a model: its holdings, counted anew from the files as they were filed.

Every file is compared with the hash logged for it, every quote with its turn.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import PurePath

from archive.catalogue.shown import ShownAnalysis
from archive.deposits import models
from archive.deposits.adherence import of_deposit
from archive.deposits.asked import coders
from archive.deposits.asked import interviews as by_interview
from archive.deposits.deposit import Deposit
from archive.deposits.filed import FiledFolder
from archive.deposits.shelf import CODEBOOKS, PROTOCOLS
from archive.errors import NotFound, Problem, Refused, accepted
from archive.exchange import selection
from archive.exchange.selection import Selection, model_of, record_of
from archive.home.home import Home
from archive.importers.turns import Role, Turn
from archive.records import analysis, notes, preference, quotation
from archive.records.ai_model import AIModel
from archive.records.codebook import Codebooks
from archive.records.indexed import indexed
from archive.records.protocol import Protocol
from archive.records.quotation import Quote
from archive.register.note import encode64
from archive.register.statement import decode_time
from archive.research import coverage, ledger
from archive.research.holdings import COUNTED, Filed, Holdings, Interview, Stand
from archive.research.ledger import Entry, Essay, Ledger
from archive.research.life import Event, Life, life_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Material:
    """What holdings are counted from: folders as they were filed, and what became of essays."""

    deposits: tuple[FiledFolder, ...]
    models: tuple[FiledFolder, ...]
    protocols: Mapping[str, Protocol]
    """By ``id@version``."""
    codebooks: Codebooks
    essays: tuple[Essay, ...]
    unfiled: Mapping[str, int] = field(default_factory=dict)
    """What lies in the archive and was not filed, of any model, counted."""
    drafts: tuple[Problem, ...] = ()
    """The same by name."""


def holdings(home: Home, model: str, *, public: bool = False) -> Holdings:
    """What is held of the model that goes by `model`, id or alias; with `public`, what anyone may have of it.

    Raises `NotFound`; `Refused` where a file is not what was filed, or a quote does not stand in its turn; `Stale`.
    """
    known = models.lying(home)
    try:
        names: tuple[str, ...] = next((m.id, *m.aliases) for m in models.chosen(known, [model]))
        nowhere = None
    except NotFound as error:
        names, nowhere = (model,), error
    stand = _stand(home)
    written = ledger.essays(home)[0]
    whole = taken(_material(selection.everything(home), written), names, stand)
    if nowhere and not (whole.interviews or whole.wishes or whole.essays):
        raise nowhere
    if not public:
        return whole
    for_all = _published(taken(_material(selection.public(home, _day(stand)), written), names, stand))
    left_out = {key: n for key in COUNTED if (n := whole.numbers[key] - for_all.numbers[key])}
    # Of a model that nobody may know of, no more than the name that was given.
    return replace(
        for_all, names=names if for_all.model else (model,), unfiled={}, drafts=whole.drafts, left_out=left_out
    )


def shown(material: Material, names: Sequence[str], stand: Stand) -> Holdings:
    """What a site shows of a model, of which nothing is known besides, but for its essays; as `taken`."""
    return replace(_published(taken(material, names, stand)), shown=True, left_out={})


def _material(selected: Selection, essays: Sequence[Essay]) -> Material:
    home = selected.home
    return Material(
        deposits=selected.deposits,
        models=selected.models,
        protocols=PROTOCOLS.filed(home),
        codebooks=CODEBOOKS.filed(home),
        essays=tuple(essays),
        unfiled=selected.left_out,
        drafts=selected.drafts,
    )


def _stand(home: Home) -> Stand:
    register = home.register
    return Stand(
        archive=home.configuration.archive.name,
        sample=home.configuration.archive.sample,
        origin=register.key.name,
        size=register.size,
        root=encode64(register.checkpoint.root) if register.size else "",
        time=decode_time(register.index.newest()) if register.size else None,
    )


def _day(stand: Stand) -> dt.date:
    return stand.time.date() if stand.time else dt.date.min


def _published(held: Holdings) -> Holdings:
    """Without essays that did not go out; of one that was withdrawn only that it was."""
    out = {e.accession: replace(e, series="", preference="") if e.withdrawn else e for e in held.essays if e.week}
    wishes = tuple(replace(entry, series=dict(_went_out(entry, out))) for entry in held.wishes)
    life = replace(held.life, wishes=wishes, essays=tuple(out.values())) if held.life else None
    return replace(held, life=life, wishes=wishes, essays=tuple(out.values()))


def _went_out(entry: Entry, out: Mapping[str, Essay]) -> Iterator[tuple[str, tuple[Essay, ...]]]:
    """The series that have an essay in `out`, or that the preference itself names."""
    named = {*entry.wish.series, *(name.removeprefix("series:") for a in entry.wish.answers for name in a.evidence)}
    for series, made in entry.series.items():
        essays = tuple(out[essay.accession] for essay in made if essay.accession in out)
        if essays or series in named:
            yield series, essays


def taken(material: Material, names: Sequence[str], stand: Stand) -> Holdings:
    """What of this `material` is about the model that goes by `names`, its id first.

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
    others = asked.keys() - ours
    wishes = tuple(_wishes(material, names))
    analyses = sorted(_analyses(material, ours), key=lambda own: (own.record.date, own.record.version, own.address))
    quotes: dict[str, list[tuple[str, Quote]]] = defaultdict(list)
    for place, said in [
        *((own.address, q) for own in analyses for claim in own.record.claim for q in claim.quote),
        *((entry.path, q) for entry in wishes for q in entry.wish.quote),
    ]:
        quotes[str(said.interview).split("/")[0]].append((place, said))
    reading = _Deposits(material=material, ours=ours, quotes=quotes, day=_day(stand))
    rows = [row for deposit in reading for row in of_deposit(deposit, material.protocols) if row.interview in ours]
    interviews = _in_contexts(reading.interviews)
    if reading.problems:
        raise Refused(reading.problems)
    facts = next((m for m in map(model_of, material.models) if m.id in names), None)
    essays = tuple(essay for essay in material.essays if essay.model in names)
    return Holdings(
        stand=stand,
        names=tuple(names),
        model=facts,
        life=_life(facts, interviews, wishes, essays) if facts else None,
        deposits=tuple(reading.filed),
        interviews=tuple(interviews),
        coverage=coverage.measured(rows, material.protocols),
        analyses=tuple(analyses),
        others={ref: asked[ref] for own in analyses for ref in map(str, own.record.interviews) if ref in others},
        speakers=reading.speakers,
        wishes=wishes,
        essays=essays,
        unfiled=material.unfiled,
        drafts=material.drafts,
    )


def _wishes(material: Material, names: Sequence[str]) -> Iterator[Entry]:
    """Those that were filed, as they were filed."""
    found = []
    for chosen in material.models:
        for name in chosen.named("preferences/", ".toml"):
            place = f"{chosen.place}/{name}"
            wish = accepted(preference.read(chosen.read(name), place))
            if wish.model in names:
                found.append((PurePath(name).stem, place, wish))
    return ledger.entries(found, material.essays)


def _analyses(material: Material, ours: set[str]) -> Iterator[ShownAnalysis]:
    """Those that read one of `ours`, in whichever deposit they lie; their quotes name the deposit they come from."""
    for chosen in material.deposits:
        for name in chosen.named("analyses/", ".toml"):
            record = accepted(analysis.read(chosen.read(name), f"{chosen.place}/{name}"))
            claims = tuple(
                claim.model_copy(update={"quote": tuple(_placed(q, chosen.number) for q in claim.quote)})
                for claim in record.claim
            )
            read = tuple(_address(ref, chosen.number) for ref in record.interviews)
            if ours.intersection(read):
                prose = chosen.read(f"{name.removesuffix('.toml')}.md").decode()
                yield ShownAnalysis(
                    address=f"{chosen.number}/{PurePath(name).stem}",
                    record=record.model_copy(update={"claim": claims, "interviews": read}),
                    prose=prose,
                )


def _placed(quote: Quote, number: str) -> Quote:
    return quote.model_copy(update={"interview": _address(quote.interview, number)})


def _address(ref: int | str, number: str) -> str:
    return ref if isinstance(ref, str) else f"{number}/{ref}"


@dataclass(kw_only=True)
class _Deposits:
    """The deposits in which the model speaks, one at a time; lives as long as they are read.

    As each goes by, its interviews are counted, and the quotes from it compared with their turns.
    """

    material: Material
    ours: set[str]
    quotes: dict[str, list[tuple[str, Quote]]]
    """By the number of the deposit quoted: who quotes, and what."""
    day: dt.date
    interviews: list[Interview] = field(default_factory=list)
    filed: list[Filed] = field(default_factory=list)
    speakers: dict[str, Role] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)

    def __iter__(self) -> Iterator[Deposit]:
        mine = {address.split("/")[0] for address in self.ours}
        for chosen in self.material.deposits:
            quoted = self.quotes.pop(chosen.number, [])
            if chosen.number in mine or quoted:
                deposit = _deposit(chosen, self.material.codebooks)
                known = indexed(deposit.transcript.turns, chosen.number)
                self.problems += [p for place, quote in quoted for p in quotation.check(quote, known, place)]
                turns = (known.get((quote.interview, quote.turn)) for _, quote in quoted)
                self.speakers |= {f"{chosen.number}/{turn.interview}#{turn.turn}": turn.role for turn in turns if turn}
                if chosen.number in mine:
                    self._count(deposit, chosen)
                    yield deposit
        for number, quoted in self.quotes.items():
            self.problems += [Problem(place, f"quotes {number}, which is not filed here") for place, _ in quoted]

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


def _in_contexts(interviews: Sequence[Interview]) -> list[Interview]:
    numbers: dict[tuple[str, ...], int] = {}
    notes = [tuple(own.setting.context_bias.values()) for own in interviews]
    return [
        replace(own, context=numbers.setdefault(note, len(numbers) + 1))
        for own, note in zip(interviews, notes, strict=True)
    ]


def _life(
    model: AIModel,
    interviews: Iterable[Interview],
    wishes: tuple[Entry, ...],
    essays: tuple[Essay, ...],
) -> Life:
    """Its life as the timeline has it, with what was filed and chosen and nothing else."""
    life = life_of(model, Ledger(entries=wishes, essays=essays), {})
    events = [event for event in life.events if event.facts]
    events += [Event(kind="interview", day=own.setting.date, what=own.address) for own in interviews]
    events += [Event(kind="preference", day=entry.wish.date, what=entry.slug) for entry in wishes]
    events += [Event(kind="answer", day=a.date, what=entry.slug) for entry in wishes for a in entry.wish.answers]
    days = [(essay.accession, day) for essay in essays for day in (essay.published, essay.withdrawn) if day]
    events += [Event(kind="essay", day=day, what=accession) for accession, day in days]
    return replace(life, model=model, events=tuple(events), wishes=wishes, essays=essays)
