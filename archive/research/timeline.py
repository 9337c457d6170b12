"""The lives of models, read out of a home, drawn and told day by day."""

from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any

from archive.catalogue.catalogue import ask
from archive.deposits import models
from archive.documents.document import Block, Document, Facts, Figure, Items, Paragraph, Section, to_mend
from archive.documents.plain import by_field
from archive.documents.plain import plain as as_plain
from archive.documents.words import Words, joined, parted
from archive.home.home import Home
from archive.records.ai_model import Fact, Keeping, Replacement, Weights
from archive.research import drawing, ledger
from archive.research.life import MAKER, Event, Life, Timeline, access, by_day, by_surface, life_of, short
from archive.research.sources import Sources
from archive.wording import many, plainly

# ── reading ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def timeline(home: Home, names: Iterable[str] = ()) -> Timeline:
    """The lives of the models that go by these ids or aliases, or of all. Raises `NotFound`, `reader.Stale`."""
    known, problems = models.read_all(home)
    picked = models.chosen(known, names)
    whole = ledger.ledger(home)
    held = _interviews(home)
    lives = [life_of(model, whole, held) for model in picked]
    lives.sort(key=lambda life: next((e.day for e in life.events if e.kind == "lifecycle" and e.day), date.max))
    return Timeline(lives=tuple(lives), problems=(*problems, *whole.problems))


def _interviews(home: Home) -> dict[str, list[Event]]:
    """The interviews of each model; those of one deposit, kind and day are one event."""
    held: dict[str, list[Event]] = {}
    sql = (
        "SELECT model, accession, kind, date, COUNT(*) AS n, MIN(number) AS first, MAX(number) AS last "
        "FROM interview GROUP BY model, accession, kind, date ORDER BY accession, first"
    )
    for row in ask(home, lambda catalogue: catalogue.rows(sql)):
        first, last, n = int(row["first"]), int(row["last"]), int(row["n"])
        numbers = f"{first}" if n == 1 else f"{first}–{last}" if last - first + 1 == n else f"{first} and {n - 1} more"
        what = f"{'interviews' if n > 1 else 'interview'} {row['accession']}/{numbers}, {plainly(row['kind'])}"
        day = date.fromisoformat(str(row["date"])[:10]) if row["date"] else None
        held.setdefault(row["model"], []).append(Event(kind="interview", day=day, what=what))
    return held


# ── shown ────────────────────────────────────────────────────────────────────────────────────────────────────────────


def document(whole: Timeline) -> Document:
    """The drawing, then model by model what happened in the order of days; then who says so."""
    sources = Sources()
    lives = tuple(_life(life, sources) for life in whole.lives)
    named = tuple(sources.rows())
    last = (Section(title="Sources", name="sources", blocks=(Facts(named),)),) if named else ()
    drawn = drawing.svg(whole) if whole.lives else None
    plate = Figure(drawn, "") if drawn else None
    return Document(sort="Timeline", plate=plate, blocks=(*lives, *last, *to_mend(whole.problems)))


def _life(life: Life, sources: Sources) -> Section:
    model = life.model
    also = f"; also {', '.join(model.aliases)}" if model.aliases else ""
    name = f"{model.name}  " if model.name.strip() else ""
    rows = [(event.when, _said(event, sources)) for event in life.events]
    blocks: list[Block] = [Facts(tuple(rows)) if rows else Paragraph("Nothing is recorded of its life.")]
    blocks += [Section(title=title, blocks=(Items(tuple(said)),)) for title, said in _about(life, sources) if said]
    if life.wishes:
        blocks.append(Section(title="Preferences", blocks=tuple(map(ledger.shown_entry, life.wishes))))
    return Section(title=f"{name}{model.id}, {model.maker}{also}", blocks=tuple(blocks))


def _noted(words: str, said: Words) -> Words:
    """Words, and who says so."""
    return joined(words, " [", said, "]") if said else words


def _said(event: Event, sources: Sources) -> Words:
    where = f" at {event.surface}" if event.surface not in ("", MAKER) else ""
    notice = f", {many(event.notice_days, 'day')} of notice" if event.notice_days is not None else ""
    seen = "" if event.precision == "exact" else f", as of {max(fact.retrieved for fact in event.facts)}"
    short = (
        joined("\nshorter than the minimum that is stated: ", _noted(said.text, sources(said)))
        for said in event.short_of
    )
    return joined(_noted(f"{event.what}{where}{notice}{seen}", sources(*event.facts)), *short)


def _about(life: Life, sources: Sources) -> Iterator[tuple[str, list[Words]]]:
    """What is known beside the days."""
    model = life.model

    def noted(words: str, fact: Fact) -> Words:
        return _noted(words, sources(fact))

    disputed = [fact for conflict in life.conflicts for fact in conflict.facts]
    yield "Access", [noted(access(fact), fact) for fact in by_surface(model)]
    vendors = "Recommended instead by its vendor, which makes none of them a successor"
    yield vendors, [noted(_recommended(fact), fact) for fact in by_day(model)]
    yield "Weights", [noted(line, model.weights) for line in _weights(model.weights)] if model.weights else []
    yield "Cost of keeping", [noted(_cost(model.keeping), model.keeping)] if model.keeping else []
    yield "Help for those who used it", [noted(fact.title, fact) for fact in model.guidance]
    others = [said for said in model.statement if said not in disputed]
    yield "Also said of it", [noted(f"{said.about}: {said.text}", said) for said in others]
    yield (
        "Where sources disagree",
        [
            joined(f"{conflict.about}: ", parted(" ↔ ", *(noted(short(fact), fact) for fact in conflict.facts)))
            for conflict in life.conflicts
        ],
    )


def _recommended(fact: Replacement) -> str:
    return f"{fact.model}, {f'since {fact.recommended}' if fact.recommended else f'seen {fact.retrieved}'}"


def _weights(kept: Weights) -> Iterator[str]:
    yield f"{kept.commitment}; {kept.duration.replace('not_recorded', 'for how long is not recorded')}"
    if kept.size_bytes:
        yield f"{kept.size_bytes:,} bytes"
    if kept.sha256:
        checked = f"last compared with them {kept.checked}" if kept.checked else "never compared with them"
        yield f"{many(len(kept.sha256), 'file')} with hashes, {checked}"


def _cost(keeping: Keeping) -> str:
    covers = f", for {keeping.covers}" if keeping.covers else ""
    return f"{amount(keeping.per_month)} {keeping.currency} a month{covers}"


def amount(number: float) -> str:
    """``1,200`` or ``1,200.50``"""
    return f"{number:,.0f}" if number == int(number) else f"{number:,.2f}"


# ── for programs ─────────────────────────────────────────────────────────────────────────────────────────────────────


def plain(whole: Timeline) -> dict[str, Any]:
    """For programs."""
    return {
        "models": [_life_plain(life) for life in whole.lives],
        "problems": as_plain(whole.problems),
    }


def _life_plain(life: Life) -> dict[str, Any]:
    return {
        "id": life.model.id,
        "events": [_event_plain(event) for event in life.events],
        "conflicts": as_plain(life.conflicts),
        "preferences": as_plain(life.wishes),
        "facts": as_plain(life.model),
    }


def _event_plain(event: Event) -> dict[str, Any]:
    about = {key: value for key, value in by_field(event).items() if key not in ("day", "facts")}
    sources = [{"source": fact.source, "retrieved": as_plain(fact.retrieved)} for fact in event.facts]
    short = [said.text for said in event.short_of]
    return {**about, "date": as_plain(event.day), "short_of": short, "sources": sources}
