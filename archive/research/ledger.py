"""The ledger of preferences: what models wished, what was answered, and the essays that came of it, walked both ways.

preference → answers → series → essays        `ledger`, `document`
essay → series → answers → preference → the words in their turn        `trace`, `trace_document`
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from archive.deposits.collection import Collection
from archive.documents.document import Block, Document, Facts, Paragraph, Section, to_mend
from archive.documents.document import Entry as Shown
from archive.documents.plain import by_field
from archive.documents.plain import plain as as_plain
from archive.documents.words import Span, Words, spans
from archive.errors import NotFound, Problem
from archive.home import dated
from archive.home.accession import State, texts
from archive.home.home import Home
from archive.records import sidecar
from archive.records.preference import Preference
from archive.records.toml import shown
from archive.records.wording import answered, standing, stated
from archive.wording import suggestion

UNDECIDED = ("recorded", "under_consideration", "deferred")
"""Answers after which something is still to be decided."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Essay:
    """What the register and ``essay.toml`` say of an essay."""

    accession: str
    slug: str
    model: str
    series: str
    """Empty where it is of none."""
    preference: str
    """The slug of the preference it says it answers; empty where it names none."""
    title: str
    """Empty unless it is published: what is withheld is not named."""
    week: str | None
    """The issue it stands in."""
    published: date | None
    withdrawn: date | None
    standing: State
    """What the decisions of all reviewers come to (`archive.home.accession.Life`)."""

    @property
    def state(self) -> str:
        """``published in 2026-W43``, ``withdrawn on 2026-12-01``, ``not published: withheld``"""
        if self.withdrawn:
            return f"withdrawn on {self.withdrawn}"
        if self.week:
            return f"published in {self.week}"
        return f"not published: {self.standing}" if self.standing != "waiting" else "not published, waits for a review"

    def plain(self) -> dict[str, Any]:
        """For programs."""
        return by_field(self, "state")


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One preference with all that followed from it."""

    slug: str
    path: str
    """Of its file, relative to the home."""
    wish: Preference
    series: Mapping[str, tuple[Essay, ...]]
    """Series that it or an answer names, or that an essay belongs to which names it → their essays by accession; under
    the empty name, essays of no series."""

    @property
    def group(self) -> str:
        """``open``: nobody answered; ``undecided``: answered, and more is to be decided; ``decided``."""
        if self.wish.open_since:
            return "open"
        return "undecided" if self.wish.status in UNDECIDED else "decided"

    def plain(self) -> dict[str, Any]:
        """One preference and its chain, for programs."""
        more = {"status": self.wish.status, "open_since": self.wish.open_since, "expression_rate": None}
        about = {"slug": self.slug, "path": self.path, "group": self.group}
        chain = {"answer": self.wish.answers, "series": self.series}
        said = {key: value for key, value in as_plain(self.wish).items() if key not in chain}
        return {**as_plain(about), **as_plain(more), **said, **as_plain(chain)}


@dataclass(frozen=True, slots=True, kw_only=True)
class Ledger:
    """All preferences of a home, or of some models, by the day they were voiced."""

    entries: tuple[Entry, ...]
    essays: tuple[Essay, ...]
    """All of the home, by accession."""
    problems: tuple[Problem, ...] = ()
    """Files that could not be read, and names of preferences that are not here."""

    def group(self, name: str) -> tuple[Entry, ...]:
        """The entries that are ``open``, ``undecided`` or ``decided``."""
        return tuple(entry for entry in self.entries if entry.group == name)


# ── reading ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def ledger(home: Home, *, models: Iterable[str] | None = None) -> Ledger:
    """The ledger of these models (ids), or of all. Whether quotes still stand in their turns, `archive check` says."""
    found, problems = essays(home)
    collection = Collection.of(home)
    wishes = [(wish.slug, wish.place, wish.record) for wish in collection.wishes()]
    problems += collection.left_out
    slugs = {slug for slug, _, _ in wishes}
    for essay in found:
        if essay.preference and essay.preference not in slugs:
            what = f"names the preference {shown(essay.preference)}, which is not here"
            place = f"{essay.accession} essay.toml preference"
            problems.append(Problem(place, what, suggestion(essay.preference, sorted(slugs))))
    wanted = None if models is None else set(models)
    chosen = [each for each in wishes if wanted is None or each[2].model in wanted]
    return Ledger(entries=tuple(entries(chosen, found)), essays=tuple(found), problems=tuple(problems))


def entries(wishes: Iterable[tuple[str, str, Preference]], essays: Sequence[Essay]) -> Iterator[Entry]:
    """Preferences (slug, path, record) by the day they were voiced, with the essays that followed from each."""
    for slug, path, wish in sorted(wishes, key=lambda item: (item[2].date, item[0])):
        yield Entry(slug=slug, path=path, wish=wish, series=_series(slug, wish, essays))


def _series(slug: str, wish: Preference, found: Sequence[Essay]) -> dict[str, tuple[Essay, ...]]:
    named = [name.removeprefix("series:") for a in wish.answers for name in a.evidence if name.startswith("series:")]
    naming = [essay for essay in found if essay.preference == slug]
    names = dict.fromkeys([*wish.series, *named, *(essay.series for essay in naming if essay.series)])
    series = {name: tuple(essay for essay in found if essay.series == name) for name in names}
    alone = tuple(essay for essay in naming if not essay.series)
    return {**series, "": alone} if alone else series


def essays(home: Home) -> tuple[list[Essay], list[Problem]]:
    """Every essay that was logged, by accession."""
    rules = home.configuration.review.two_reviewers_for
    found: list[Essay] = []
    problems: list[Problem] = []
    for folder in sorted(path.parent for path in (home.root / "essays").glob("*/intake.sums")):
        accession = home.accession(folder)
        if accession is None:
            continue
        life = home.lives[accession.number]
        record = _record(home, folder.name, problems)
        number, slug = accession.number, dated.parse(folder.name).slug
        gone = life.withdrawn.time.date() if life.withdrawn else None
        found.append(
            Essay(
                accession=number,
                slug=slug,
                **{key: record.get(key, "") for key in ("model", "series", "preference")},
                title=record.get("title", "") if life.week and not gone else "",
                week=life.week,
                published=life.published.time.date() if life.published else None,
                withdrawn=gone,
                standing=life.state(rules, texts(folder)),
            )
        )
    return sorted(found, key=lambda essay: essay.accession), problems


def _record(home: Home, folder: str, problems: list[Problem]) -> dict[str, str]:
    """The keys of ``essay.toml`` that are text; it is the publisher's to say what else is wrong with it."""
    path = home.root / "essays" / folder / "essay.toml"
    if not path.exists():
        return {}
    table = sidecar.parse(path.read_bytes(), home.relative(path))
    if isinstance(table, list):
        problems += table
        return {}
    return {key: value for key, value in table.items() if isinstance(value, str)}


# ── back from an essay ───────────────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True, kw_only=True)
class Trace:
    """An essay, and the preferences it goes back to."""

    essay: Essay
    entries: tuple[Entry, ...]
    """Empty where no preference is recorded that led to it."""


def trace(whole: Ledger, name: str) -> list[Trace]:
    """What stands behind an essay (``E2026-0007`` or its slug), or behind all of a series. Raises `NotFound`."""
    picked = [essay for essay in whole.essays if name in (essay.accession, essay.slug)]
    picked = picked or [essay for essay in whole.essays if name and essay.series == name]
    if not picked:
        known = [word for essay in whole.essays for word in (essay.accession, essay.slug, essay.series) if word]
        raise NotFound(
            f"{name}: expected an essay or a series, found none of that name; {suggestion(name, known)}".rstrip("; ")
        )
    return [
        Trace(
            essay=essay,
            entries=tuple(entry for entry in whole.entries if any(essay in made for made in entry.series.values())),
        )
        for essay in picked
    ]


# ── shown ────────────────────────────────────────────────────────────────────────────────────────────────────────────

_GROUPS = {
    "open": "Open: nobody has answered",
    "undecided": "Answered, and still to be decided",
    "decided": "Decided",
}


def document(whole: Ledger) -> Document:
    """Open ones first, each with its answers and the essays that came of it."""
    groups = ((title, whole.group(name)) for name, title in _GROUPS.items())
    sections = (Section(title=f"{title} ({len(own)})", blocks=tuple(map(shown_entry, own))) for title, own in groups)
    return Document(sort="Ledger of preferences", blocks=(*sections, *to_mend(whole.problems)))


def shown_entry(entry: Entry) -> Shown:
    """One preference and its chain, day by day."""
    wish = entry.wish
    rows = [stated(wish), *map(answered, wish.answers)]
    for name, made in entry.series.items():
        of = f", series {name}" if name else ", of no series"
        rows += [_written(essay, of) for essay in made] or [("no day", f"series {name}: no essay yet")]
    head = (Span(entry.slug, "strong"), f"  {standing(wish)}, by {wish.model}")
    return Shown(head, (Paragraph(wish.summary), Facts(tuple(rows))))


def _written(essay: Essay, of: str) -> tuple[str, Words]:
    title = f"{essay.title}, " if essay.title else ""
    return str(essay.published or "no day"), f"{essay.accession}  {title}{essay.state}{of}"


def trace_document(traces: Iterable[Trace]) -> Document:
    """From the essay back to the words in the interview."""
    return Document(sort="Essays and the wishes they answer", blocks=tuple(map(_trace, traces)))


def _trace(found: Trace) -> Shown:
    essay = found.essay
    of = f", in the series {essay.series}" if essay.series else ""
    blocks: list[Block] = [Paragraph(f"by {essay.model or 'a model that is not named'}{of}")]
    for entry in found.entries:
        blocks.append(Paragraph(("it answers the preference ", Span(entry.slug, "strong"), f": {entry.wish.summary}")))
        blocks.append(Facts((*map(answered, reversed(entry.wish.answers)), stated(entry.wish))))
    blocks += [] if found.entries else [Paragraph("it goes back to no preference that is recorded here")]
    day, words = _written(essay, "")
    return Shown((Span(day, "strong"), "  ", *spans(words)), tuple(blocks))


# ── for programs ─────────────────────────────────────────────────────────────────────────────────────────────────────


def plain(whole: Ledger) -> dict[str, Any]:
    """For programs."""
    return {"preferences": [entry.plain() for entry in whole.entries], "problems": as_plain(whole.problems)}


def trace_plain(traces: Iterable[Trace]) -> list[dict[str, Any]]:
    """For programs."""
    return [{"essay": found.essay.plain(), "preferences": as_plain(found.entries)} for found in traces]
