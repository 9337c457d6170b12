"""A timeline as one SVG: a row a model, bars for its life on each surface, marks for what was asked, wished, answered.

Exact days stand in words at the right, so that nothing has to be measured and no two labels can meet. The colours for
light are attributes, so that it prints and converts anywhere; those for dark are a style sheet inside it.
"""

import textwrap
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from archive.research import strokes
from archive.research.ledger import Entry, Essay
from archive.research.life import MAKER, Life, Timeline, named
from archive.research.stages import Stage
from archive.wording import many

WIDTH, START, END, WORDS = 1000.0, 236.0, 646.0, 668.0
"""Of the whole, of the chart, of the words at the right; in pixels, as everything here."""
HEAD, LINE, BAR, WEDGE = 77.0, 15.0, 9.0, 30.0
"""How high are what stands above the rows, a line of text, a bar; how long the wedge of one without a beginning."""
NAME_LETTERS, WORDS_LETTERS = 32, 48
"""How many fit in a line at the left and at the right, in the widest of the usual faces."""
BARS = {"in use": "use", "deprecated": "ending", "retired": "gone"}


@dataclass(frozen=True, slots=True)
class Mark:
    """One thing on a day."""

    day: date
    form: str
    """``hollow`` of what is stated, ``diamond`` of what is held or answered, ``dot`` of what is published."""
    what: str
    """For who points at it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Lane:
    """One line of a row."""

    name: str
    words: tuple[str, ...]
    stages: tuple[Stage, ...] | None = None
    """None where the lane holds marks."""
    marks: tuple[Mark, ...] = ()
    pending: bool = False
    """Whether the first mark still waits for what would end it."""

    @property
    def days(self) -> list[date]:
        of_stages = [day for stage in self.stages or () for day in (stage.begins, stage.disputed_until) if day]
        return [*of_stages, *(mark.day for mark in self.marks)]


def svg(whole: Timeline, *, styled: bool = True) -> bytes:
    """The drawing; the same timeline gives the same bytes. Unless `styled`, a page's style sheet says what is dark."""
    rows = [(life, list(_lanes(life))) for life in whole.lives]
    known = _known(whole)
    axis = _axis([*(day for _, lanes in rows for lane in lanes for day in lane.days), *([known] if known else [])])
    body: list[str] = []
    y = HEAD
    for life, lanes in rows:
        body.append(strokes.line("rule", 0, WIDTH, y))
        y += 5
        for number, lane in enumerate(lanes):
            names = [(lane.name, "quiet", 12.0)] if number else _names(life)
            drawn, height = _drawn(lane, names, axis, y, life.known)
            body += drawn
            y += height + 4
        y += 2
    one = len(whole.lives) == 1 and (whole.lives[0].model.name.strip() or whole.lives[0].model.id)
    title = f"Timeline of {one or f'{len(whole.lives)} models'}"
    parts = [
        *strokes.head("timeline", title, WIDTH, y + 2, styled),
        *_grid(axis, y),
        *body,
        *_veil(axis, known, y),
        *_legend(known),
        "</svg>",
    ]
    return "".join(f"{part}\n" for part in parts).encode()


def _known(whole: Timeline) -> date | None:
    """The last day of which anything is known; what is drawn after it is announced."""
    looked = [life.known for life in whole.lives if life.known]
    happened = [event.day for life in whole.lives for event in life.events if event.day and not event.facts]
    return max([*looked, *happened], default=None)


# ── what is drawn ────────────────────────────────────────────────────────────────────────────────────────────────────


def _lanes(life: Life) -> Iterator[Lane]:
    for surface, stages in life.surfaces.items():
        name = "" if surface == MAKER else surface
        yield Lane(name=name, words=_surface_words(life, surface) or ("no day is recorded",), stages=stages)
    held = [Mark(event.day, "diamond", event.what) for event in life.events if event.kind == "interview" and event.day]
    if held or any(event.kind == "interview" for event in life.events):
        words = _span(mark.day for mark in held) or "no day is recorded"
        yield Lane(name="interviews", words=(words,), marks=tuple(held))
    for entry in life.wishes:
        yield _wish(entry)
    chained = {essay.accession for entry in life.wishes for made in entry.series.values() for essay in made}
    others = [essay for essay in life.essays if essay.published and essay.accession not in chained]
    if others:
        yield Lane(name="other essays", words=(_essay_words(others),), marks=_dots(others))


def _surface_words(life: Life, surface: str) -> tuple[str, ...]:
    """What the sources say, each thing once: ``deprecated 2025-06-30``, ``retired 2026-01-05, 189 days’ notice``."""
    words = []
    for event in life.events:
        if event.kind == "lifecycle" and event.surface == surface:
            notice = f", {many(event.notice_days, 'day')}’ notice" if event.notice_days is not None else ""
            short = ", less than promised" if event.short_of else ""
            words.append(f"{event.what}{':' * (not event.day)} {event.when}{notice}{short}")
    return tuple(dict.fromkeys(words))


def _span(dated: Iterable[date]) -> str:
    few = [str(day) for day in sorted(set(dated))]
    return ", ".join(few) if len(few) < 4 else f"{len(few)} days from {few[0]} to {few[-1]}"


def _wish(entry: Entry) -> Lane:
    wish = entry.wish
    made = [essay for essays in entry.series.values() for essay in essays if essay.published]
    words = [f"stated {wish.date}", *(f"{a.status.replace('_', ' ')} {a.date}" for a in wish.answers)]
    marks = [Mark(wish.date, "hollow", f"stated: {wish.summary}")]
    marks += [Mark(answer.date, "diamond", f"{answer.status}, by {answer.by}") for answer in wish.answers]
    return Lane(
        name=entry.slug,
        words=(*(words if wish.answer else [f"open since {wish.date}"]), *([_essay_words(made)] if made else [])),
        marks=(*marks, *_dots(made)),
        pending=entry.group != "decided",
    )


def _dots(essays: Iterable[Essay]) -> tuple[Mark, ...]:
    """One a day: a model can have written thousands."""
    days: dict[date, list[Essay]] = {}
    for essay in essays:
        if essay.published:
            days.setdefault(essay.published, []).append(essay)
    return tuple(Mark(day, "dot", _named(those)) for day, those in days.items())


def _named(essays: Sequence[Essay]) -> str:
    first = essays[0]
    return named(essays) if len(essays) > 1 else f"{first.accession} {first.title}".rstrip()


def _essay_words(essays: Sequence[Essay]) -> str:
    count = many(len(essays), "essay")
    return f"{count}: {_span(essay.published for essay in essays if essay.published)}"


# ── the axis ─────────────────────────────────────────────────────────────────────────────────────────────────────────

_STEPS = (1, 3, 6, *(12 * years for years in (1, 2, 5, 10, 20, 50, 100, 250, 500, 1000, 2500)))
"""Months between two labels."""


@dataclass(frozen=True, slots=True)
class Axis:
    """Days from left to right. Edges are months counted from the year 0, so no date is too early or too late."""

    first: int
    last: int
    step: int

    def x(self, day: date) -> float:
        return self._at(_month(day) + (day.day - 1) / 31)

    def labels(self) -> Iterator[tuple[float, str]]:
        for month in range(self.first, self.last + 1, self.step):
            year = f"{month // 12:04d}"
            yield self._at(month), year if self.step % 12 == 0 else f"{year}-{month % 12 + 1:02d}"

    def _at(self, month: float) -> float:
        return START + (END - START) * (month - self.first) / (self.last - self.first)


def _month(day: date) -> int:
    return day.year * 12 + day.month - 1


def _axis(dates: Sequence[date]) -> Axis | None:
    """An axis of a year or more, with at most nine labels; None without a day."""
    if not dates:
        return None
    first, last = _month(min(dates)), _month(max(dates)) + 1
    first -= max(0, (13 - (last - first)) // 2)
    last = max(last, first + 12)
    step = next(step for step in _STEPS if (last - first) / step <= 8 or step == _STEPS[-1])
    return Axis(first // step * step, -(-last // step) * step, step)


# ── SVG ──────────────────────────────────────────────────────────────────────────────────────────────────────────────


def _point(x: float, y: float, form: str, what: str = "") -> str:
    title = f"<title>{strokes.safe(what)}</title>" if what else ""
    if form == "dot":
        return f'<circle {strokes.paint("mark")} cx="{strokes.px(x)}" cy="{strokes.px(y)}" r="2.4">{title}</circle>'
    fill = "paper" if form == "hollow" else "mark"
    return f'<path {strokes.paint(fill, "mark")} d="M{strokes.px(x)} {strokes.px(y - 5)}l5 5l-5 5l-5-5z">{title}</path>'


def _wedge(colour: str, start: float, end: float, y: float) -> str:
    tip, back, top, high = map(strokes.px, (start, end, y - BAR / 2, BAR))
    return f'<path {strokes.paint(colour)} d="M{tip} {strokes.px(y)}L{back} {top}v{high}z"/>'


def _legend(known: date | None) -> Iterator[str]:
    x, y = 0.0, 39.0
    for name in ("start not recorded", *BARS):
        if name == "retired":
            yield strokes.line("gone", x, x + 20, y)
        else:
            yield strokes.rect(BARS[name], x, y - BAR / 2, 20, BAR) if name in BARS else _wedge("use", x, x + 20, y)
        yield strokes.text(name, x + 26, y + 4, "quiet")
        x += 42 + 6.4 * len(name)
    for form, name in (("hollow", "stated"), ("diamond", "asked, answered"), ("dot", "published")):
        yield _point(x + 5, y, form)
        yield strokes.text(name, x + 15, y + 4, "quiet")
        x += 31 + 6.4 * len(name)
    if known:
        yield strokes.upright("mark", WORDS, 8, 22, ' stroke-dasharray="1 2"')
        yield strokes.text(f"known up to {known}, announced after it", WORDS + 10, 19, "quiet")


def _grid(axis: Axis | None, bottom: float) -> Iterator[str]:
    for x, label in axis.labels() if axis else ():
        yield strokes.upright("rule", x, HEAD - 6, bottom)
        yield strokes.text(label, x, HEAD - 12, "quiet", ' text-anchor="middle"')


def _veil(axis: Axis | None, known: date | None, bottom: float) -> Iterator[str]:
    if axis and known:
        x = axis.x(known)
        yield strokes.rect("paper", x, HEAD + 1, END - x + 6, bottom - HEAD - 1, ' opacity="0.5"')
        yield strokes.upright("mark", x, HEAD - 6, bottom, ' stroke-dasharray="1 2"')


def _names(life: Life) -> list[tuple[str, str, float]]:
    name = life.model.name.strip()
    return [(name, "ink", 0.0), (life.model.id, "quiet", 0.0)] if name else [(life.model.id, "ink", 0.0)]


def _drawn(
    lane: Lane, names: Sequence[tuple[str, str, float]], axis: Axis | None, top: float, known: date | None
) -> tuple[list[str], float]:
    """What is drawn of it, and how high it is."""
    left = [(line, colour, x) for words, colour, x in names for line in textwrap.wrap(words, NAME_LETTERS)]
    right = _flowed(lane.words)
    drawn = [strokes.text(line, x, top + 11 + n * LINE, colour) for n, (line, colour, x) in enumerate(left)]
    drawn += [strokes.text(line, WORDS, top + 11 + n * LINE) for n, line in enumerate(right)]
    if axis and lane.stages is not None:
        drawn += _bars(lane.stages, axis, top + 7, known)
    elif axis:
        drawn += _marks(lane, axis, top + 7)
    return drawn, max(len(left), len(right), 1) * LINE


def _flowed(words: Sequence[str]) -> list[str]:
    """Lines that break between two things said, and within one only where it is longer than a line."""
    lines = [""]
    for said in words:
        if lines[-1] and len(lines[-1]) + len(said) + 3 <= WORDS_LETTERS:
            lines[-1] += f" · {said}"
        else:
            lines += textwrap.wrap(said, WORDS_LETTERS)
    return lines[1:]


def _bars(stages: Sequence[Stage], axis: Axis, y: float, known: date | None) -> Iterator[str]:
    for n, stage in enumerate(stages):
        colour = BARS[stage.state]
        start = axis.x(stage.disputed_until or stage.begins) if stage.begins else START
        following = stages[n + 1].begins if n + 1 < len(stages) else None
        end = max(start, axis.x(following) if following else END)
        # A bar goes as far as something is known; a line of dots says that it may go on.
        solid = end if following or not known else min(end, max(start, axis.x(known)))
        if stage.state == "retired":
            yield strokes.line(colour, start, end, y, "" if stage.firm else "1 3")
        else:
            if stage.begins is None:
                start = max(START, solid - WEDGE)
                yield _wedge(colour, start, solid, y)
            else:
                yield strokes.rect(colour, start, y - BAR / 2, solid - start, BAR)
            if end > solid:
                yield strokes.line(colour, solid, end, y, "1 3")
    for stage in stages:
        if stage.begins and stage.disputed_until:
            yield strokes.line("mark", axis.x(stage.begins), axis.x(stage.disputed_until), y, "2 2", BAR)
        if stage.begins:
            yield strokes.upright(
                "ink", axis.x(stage.begins), y - 7, y + 7, "" if stage.firm else ' stroke-dasharray="2 2"'
            )


def _marks(lane: Lane, axis: Axis, y: float) -> Iterator[str]:
    known = sorted(lane.marks, key=lambda mark: mark.day)
    if known and known[0].form == "hollow":
        yield strokes.line("mark", axis.x(known[0].day), axis.x(known[-1].day), y)
        if lane.pending:
            yield strokes.line("mark", axis.x(known[-1].day), END, y, "1 3")
    for mark in known:
        yield _point(axis.x(mark.day), y, mark.form, f"{mark.day} {mark.what}")
