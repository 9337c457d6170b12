"""Taking stock of a model: its holdings, counted from what was filed.

What a whole archive holds, its catalogue says; what anyone may have of it, the folders that anyone may have. Either way
records that are quoted are compared with the hashes logged for them, and quotes with their turns.
"""

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from archive.catalogue import drafts
from archive.deposits import models
from archive.deposits.shelf import CODEBOOKS, PROTOCOLS
from archive.deposits.unfiled import unfiled
from archive.errors import NotFound
from archive.exchange import selection
from archive.home.home import Home
from archive.records.ai_model import AIModel
from archive.records.protocol import Protocol
from archive.register.note import encode64
from archive.register.statement import decode_time
from archive.research import coverage, ledger, recorded
from archive.research import material as materials
from archive.research.holdings import COUNTED, Found, Holdings, Interview, Stand
from archive.research.ledger import Entry, Essay, Ledger
from archive.research.life import Event, Life, life_of
from archive.research.material import Material


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
    essays = ledger.essays(home)[0]
    protocols = PROTOCOLS.filed(home)
    found = recorded.found(home, names, _day(stand), essays)
    never, unread = [folder for own in unfiled(home).values() for folder in own], drafts.unread(home)
    beside = {"folders that were not filed yet": len(never), "folders that cannot be read": len(unread)}
    whole = replace(
        _held(found, names, stand, protocols, essays),
        unfiled={what: n for what, n in beside.items() if n},
        drafts=(*never, *unread),
    )
    if nowhere and not (whole.interviews or whole.wishes or whole.essays):
        raise nowhere
    if not public:
        return whole
    chosen = selection.public(home, _day(stand))
    seen = Material(
        deposits=chosen.deposits,
        models=chosen.models,
        protocols=protocols,
        codebooks=CODEBOOKS.filed(home),
        essays=tuple(essays),
    )
    for_all = shown(seen, names, stand)
    left = {key: n for key in COUNTED if (n := whole.numbers[key] - for_all.numbers[key])}
    # Of a model that nobody may know of, no more than the name that was given.
    names = names if for_all.model else (model,)
    return replace(for_all, names=names, shown=False, drafts=whole.drafts, left_out=left)


def shown(material: Material, names: Sequence[str], stand: Stand) -> Holdings:
    """What a site shows of a model, of which nothing is known besides, but for its essays.

    Raises `Refused` where a file is not what was filed, or a quote does not stand in its turn.
    """
    found = materials.found(material, names, _day(stand))
    held = _held(found, names, stand, material.protocols, material.essays)
    return replace(_published(held), shown=True, left_out={})


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


def _held(
    found: Found, names: Sequence[str], stand: Stand, protocols: Mapping[str, Protocol], essays: Iterable[Essay]
) -> Holdings:
    own = tuple(essay for essay in essays if essay.model in names)
    interviews = tuple(_in_contexts(found.interviews))
    return Holdings(
        stand=stand,
        names=tuple(names),
        model=found.model,
        life=_life(found.model, interviews, found.wishes, own) if found.model else None,
        deposits=found.deposits,
        interviews=interviews,
        coverage=coverage.measured(found.rows, protocols),
        analyses=found.analyses,
        others=found.others,
        speakers=found.speakers,
        wishes=found.wishes,
        essays=own,
        unfiled={},
    )


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
