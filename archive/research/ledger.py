"""The ledger of preferences: what models wished, what was answered, and the essays that came of it, walked both ways.

preference → answers → series → essays        `ledger`, `text`
essay → series → answers → preference → the words in their turn        `trace`, `trace_text`
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from archive.catalogue.terminal import visible, wrapped
from archive.errors import NotFound, Problem
from archive.home import dated
from archive.home.accession import State, texts
from archive.home.home import Home
from archive.records import preference, sidecar
from archive.records.preference import Answer, Preference
from archive.records.sidecar import shown
from archive.wording import suggestion

UNDECIDED = ("recorded", "under_consideration", "deferred")
"""Answers after which something is still to be decided."""
WIDTH = 100


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
    wishes: list[tuple[str, str, Preference]] = []
    for path in sorted((home.root / "transcripts").glob("*/preferences/*.toml")):
        wish = preference.read(path.read_bytes(), home.relative(path))
        if isinstance(wish, list):
            problems += wish
        else:
            wishes.append((path.stem, home.relative(path), wish))
    slugs = {slug for slug, _, _ in wishes}
    for essay in found:
        if essay.preference and essay.preference not in slugs:
            what = f"names the preference {shown(essay.preference)}, which is not here"
            place = f"{essay.accession} essay.toml preference"
            problems.append(Problem(place, what, suggestion(essay.preference, sorted(slugs))))
    wanted = None if models is None else set(models)
    entries = [
        Entry(slug=slug, path=path, wish=wish, series=_series(slug, wish, found))
        for slug, path, wish in sorted(wishes, key=lambda item: (item[2].date, item[0]))
        if wanted is None or wish.model in wanted
    ]
    return Ledger(entries=tuple(entries), essays=tuple(found), problems=tuple(problems))


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


def trace_text(traces: Iterable[Trace]) -> str:
    """For a terminal: from the essay back to the words in the interview."""
    lines: list[str] = []
    for found in traces:
        lines += [*_essay_lines(found.essay, ""), *_lines(_belongs(found.essay), "  ")]
        for entry in found.entries:
            lines += _lines(f"it answers the preference {entry.slug}", "  ")
            lines += [line for answer in reversed(entry.wish.answers) for line in _answer_lines(answer, "    ")]
            lines += _lines(f"stated: {entry.wish.summary}", f"    {entry.wish.date}  ")
            lines += _origin_lines(entry.wish, " " * 16)
        if not found.entries:
            lines.append("  it goes back to no preference that is recorded here")
        lines.append("")
    return "".join(f"{line}\n" for line in lines)


def _belongs(essay: Essay) -> str:
    return f"by {essay.model or 'a model that is not named'}" + (f", in the series {essay.series}" * bool(essay.series))


# ── forward from a preference ────────────────────────────────────────────────────────────────────────────────────────

_GROUPS = {
    "open": "Open: nobody has answered",
    "undecided": "Answered, and still to be decided",
    "decided": "Decided",
}


def text(whole: Ledger) -> str:
    """For a terminal: open ones first, each with its answers and the essays that came of it."""
    lines: list[str] = []
    for name, title in _GROUPS.items():
        entries = whole.group(name)
        lines += [f"{title} ({len(entries)})", ""]
        for entry in entries:
            lines += [*entry_lines(entry), ""]
    lines += [f"to be mended: {problem}" for problem in whole.problems]
    return "".join(f"{line}\n" for line in lines)


def entry_lines(entry: Entry, indent: str = "  ") -> list[str]:
    """One preference and its chain, for a terminal."""
    wish, deep = entry.wish, indent + "  "
    state = f"open since {wish.open_since}" if wish.open_since else f"{wish.status} since {wish.answers[-1].date}"
    voiced = [f"scope {wish.scope}", f"elicitation {wish.elicitation}", f"form proposed by {wish.proposed_by}"]
    voiced += [f"in {wish.expression_rate} interviews"] if wish.expression_rate else []
    lines = _lines(f"{state}, by {wish.model}", f"{indent}{entry.slug}  ")
    lines += _lines(wish.summary, deep)
    lines += _lines(f"stated, {', '.join(voiced)}", f"{deep}{wish.date}  ")
    lines += _origin_lines(wish, deep + " " * 12)
    lines += [line for answer in wish.answers for line in _answer_lines(answer, deep)]
    for name, made in entry.series.items():
        lines += _lines(f"series {name}" if name else "essays of no series", deep)
        lines += [line for essay in made for line in _essay_lines(essay, f"{deep}  ")] or [f"{deep}  no essay yet"]
    return lines


def _origin_lines(wish: Preference, indent: str) -> list[str]:
    return [line for quote in wish.quote for line in _lines(f"“{quote.exact}”", f"{indent}{quote.anchor}  ")]


def _answer_lines(answer: Answer, indent: str) -> list[str]:
    reason = f": {answer.reason}" if answer.reason.strip() else ""
    details = [
        f"cost {answer.cost}" if answer.cost != "not_recorded" else "",
        f"evidence {', '.join(answer.evidence)}" if answer.evidence else "",
        f"the model was told: {answer.told_model}" + (f"; it said “{answer.model_said}”" if answer.model_said else ""),
    ]
    lines = _lines(f"{answer.status}, by {answer.by}{reason}", f"{indent}{answer.date}  ")
    return lines + _lines("; ".join(filter(None, details)), indent + " " * 12)


def _essay_lines(essay: Essay, indent: str) -> list[str]:
    title = f"{essay.title}, " if essay.title else ""
    return _lines(f"{title}{essay.state}", f"{indent}{essay.published or ' ' * 10}  {essay.accession}  ")


def _lines(words: str, first: str) -> list[str]:
    return wrapped(" ".join(words.split()), WIDTH, visible(first))


# ── for programs ─────────────────────────────────────────────────────────────────────────────────────────────────────


def plain(whole: Ledger) -> dict[str, Any]:
    """For programs."""
    return {
        "preferences": [entry_plain(entry) for entry in whole.entries],
        "problems": [p.plain() for p in whole.problems],
    }


def entry_plain(entry: Entry) -> dict[str, Any]:
    """One preference and its chain, for programs."""
    wish = entry.wish
    said = wish.model_dump(mode="json", exclude={"format", "expression_rate", "series", "answer"})
    return {
        "slug": entry.slug,
        "path": entry.path,
        "group": entry.group,
        "status": wish.status,
        "open_since": wish.open_since.isoformat() if wish.open_since else None,
        **said,
        "expression_rate": str(wish.expression_rate) if wish.expression_rate else None,
        "answer": [answer.model_dump(mode="json") for answer in wish.answers],
        "series": {name: [_essay_plain(essay) for essay in made] for name, made in entry.series.items()},
    }


def trace_plain(traces: Iterable[Trace]) -> list[dict[str, Any]]:
    """For programs."""
    return [
        {"essay": _essay_plain(found.essay), "preferences": [entry_plain(entry) for entry in found.entries]}
        for found in traces
    ]


def _essay_plain(essay: Essay) -> dict[str, Any]:
    return {name: _json(getattr(essay, name)) for name in (*Essay.__slots__, "state")}


def _json(value: object) -> object:
    return value.isoformat() if isinstance(value, date) else value
