"""Everything an archive holds of one model, as it was filed: what a report rests on.

Every file is compared with the hash logged for it, every quote with its turn, and all numbers are counted from them.
"""

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import PurePath

from archive.catalogue.shown import ShownAnalysis
from archive.deposits import models
from archive.deposits.deposit import Deposit
from archive.deposits.filed import FiledFolder
from archive.deposits.shelf import CODEBOOKS, PROTOCOLS
from archive.errors import NotFound, Problem, Refused, accepted
from archive.exchange import selection
from archive.exchange.selection import Selection, model_of, record_of
from archive.home.accession import Accession
from archive.home.home import Home
from archive.importers.turns import Role, Turn
from archive.records import analysis, notes, quotation
from archive.records.ai_model import AIModel
from archive.records.codebook import Codebooks
from archive.records.context_bias import recorded
from archive.records.deposit_record import Setting
from archive.records.indexed import indexed
from archive.records.quotation import Quote
from archive.register.note import encode64
from archive.register.statement import decode_time
from archive.research import coverage, timeline
from archive.research.asked import coders
from archive.research.asked import interviews as by_interview
from archive.research.coverage import Coverage
from archive.research.ledger import Entry, Essay, Ledger, ledger
from archive.research.life import Event, Life

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


# ── reading ──────────────────────────────────────────────────────────────────────────────────────────────────────────


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
    whole = _read(selection.everything(home), names, stand)
    if nowhere and not (whole.interviews or whole.wishes or whole.essays):
        raise nowhere
    if not public:
        return whole
    for_all = _published(_read(selection.public(home, _day(stand)), names, stand))
    left_out = {key: n for key in COUNTED if (n := whole.numbers[key] - for_all.numbers[key])}
    # Of a model that nobody may know of, no more than the name that was given.
    return replace(
        for_all, names=names if for_all.model else (model,), unfiled={}, drafts=whole.drafts, left_out=left_out
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


def _read(selected: Selection, names: Sequence[str], stand: Stand) -> Holdings:
    home = selected.home
    asked = {
        f"{chosen.number}/{n}": record.setting(n).model
        for chosen in selected.deposits
        if "deposit.toml" in chosen.files
        for record in [record_of(chosen)]
        for n in range(1, chosen.head.interviews + 1)
    }
    ours = {address for address, model in asked.items() if model in names}
    others = asked.keys() - ours
    whole = ledger(home)
    wishes = tuple(_wishes(selected, whole, names))
    analyses = sorted(_analyses(selected, ours), key=lambda own: (own.record.date, own.record.version, own.address))
    quotes: dict[str, list[tuple[str, Quote]]] = defaultdict(list)
    for place, said in [
        *((own.address, q) for own in analyses for claim in own.record.claim for q in claim.quote),
        *((entry.path, q) for entry in wishes for q in entry.wish.quote),
    ]:
        quotes[str(said.interview).split("/")[0]].append((place, said))
    reading = _Deposits(selected=selected, ours=ours, quotes=quotes, day=_day(stand))
    covered = coverage.measure(reading, PROTOCOLS.filed(home))
    interviews = _in_contexts(reading.interviews)
    if reading.problems:
        raise Refused(reading.problems)
    rows = tuple(row for row in covered.rows if row.interview in ours)
    facts = next((m for m in map(model_of, selected.models) if m.id in names), None)
    essays = tuple(essay for essay in whole.essays if essay.model in names)
    return Holdings(
        stand=stand,
        names=tuple(names),
        model=facts,
        life=_life(home, facts, interviews, wishes, essays) if facts else None,
        deposits=tuple(reading.filed),
        interviews=tuple(interviews),
        coverage=Coverage(
            rows=rows,
            topics=tuple(topic for topic in covered.topics if topic.model in names),
            protocols={ref: p for ref, p in covered.protocols.items() if any(row.protocol == ref for row in rows)},
        ),
        analyses=tuple(analyses),
        others={ref: asked[ref] for own in analyses for ref in map(str, own.record.interviews) if ref in others},
        speakers=reading.speakers,
        wishes=wishes,
        essays=essays,
        unfiled=selected.left_out,
        drafts=selected.drafts,
    )


def _wishes(selected: Selection, whole: Ledger, names: Sequence[str]) -> Iterator[Entry]:
    """Those that were filed, as they were filed."""
    entries = {entry.path: entry for entry in whole.entries if entry.wish.model in names}
    found = []
    for chosen in selected.models:
        for name in chosen.named("preferences/", ".toml"):
            if entry := entries.get(f"{chosen.place}/{name}"):
                chosen.read(name)
                found.append(entry)
    yield from sorted(found, key=lambda entry: (entry.wish.date, entry.slug))


def _analyses(selected: Selection, ours: set[str]) -> Iterator[ShownAnalysis]:
    """Those that read one of `ours`, in whichever deposit they lie; their quotes name the deposit they come from."""
    for chosen in selected.deposits:
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

    selected: Selection
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
        codebooks = CODEBOOKS.filed(self.selected.home)
        for chosen in self.selected.deposits:
            quoted = self.quotes.pop(chosen.number, [])
            if chosen.number in mine or quoted:
                deposit = _deposit(chosen, codebooks)
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
    home: Home,
    model: AIModel,
    interviews: Iterable[Interview],
    wishes: tuple[Entry, ...],
    essays: tuple[Essay, ...],
) -> Life:
    """Its life as the timeline has it, with what was filed and chosen and nothing else."""
    [life] = timeline.timeline(home, [model.id]).lives
    events = [event for event in life.events if event.facts]
    events += [Event(kind="interview", day=own.setting.date, what=own.address) for own in interviews]
    events += [Event(kind="preference", day=entry.wish.date, what=entry.slug) for entry in wishes]
    events += [Event(kind="answer", day=a.date, what=entry.slug) for entry in wishes for a in entry.wish.answers]
    days = [(essay.accession, day) for essay in essays for day in (essay.published, essay.withdrawn) if day]
    events += [Event(kind="essay", day=day, what=accession) for accession, day in days]
    return replace(life, model=model, events=tuple(events), wishes=wishes, essays=essays)
