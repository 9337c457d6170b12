"""`archive report`: the post-deployment report on one model, to be printed and filed beside its weights.

It says what the archive holds (`holdings`), chapter by chapter (`chapters`). It knows no clock: its date is that of
the newest statement in the register, and the same records give the same bytes.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from archive.documents.document import Block, Document, Facts, Figure, Notice, Paragraph, Section
from archive.documents.plain import plain as as_plain
from archive.documents.words import Span, Words, joined
from archive.home.home import Home
from archive.research import chapters, drawing
from archive.research.holdings import COUNTED, Holdings
from archive.research.life import MAKER, Life, Timeline
from archive.research.sources import Sources
from archive.research.stocktaking import holdings
from archive.research.wording import UNRECORDED, dated
from archive.wording import listed, many, moment, written


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """What it rests on, and what it says."""

    held: Holdings
    document: Document


def report(home: Home, model: str, *, public: bool = False) -> Report:
    """The report on the model that goes by `model`, id or alias; with `public`, one that anyone may have.

    Raises `NotFound`; `Refused` where a file is not what was filed, or a quote does not stand in its turn; `Stale`.
    """
    held = holdings(home, model, public=public)
    return of(held)


def of(held: Holdings) -> Report:
    """The report on what is held."""
    return Report(held=held, document=_document(held))


def document(report: Report) -> Document:
    """To be printed and filed beside the model's weights."""
    return report.document


def plain(report: Report) -> dict[str, Any]:
    """For programs: every number, and all that it was counted from."""
    held: dict[str, Any] = as_plain(report.held)
    del held["drafts"]
    return {"numbers": report.held.numbers, **held}


Chapter = Callable[[Holdings, Sources], Iterator[Block]]
CHAPTERS: Mapping[str, tuple[str, Chapter]] = {
    "numbers": ("In numbers", chapters.numbers),
    "asked": ("What was asked, and under which conditions", chapters.asked),
    "topics": ("Which topics came up, and which did not", chapters.topics),
    "analyses": ("What it said, and how that was read", chapters.analyses),
    "preferences": ("What it asked for, and what was done", chapters.preferences),
    "assessments": ("Assessments", chapters.assessments),
    "life": ("Its life", chapters.life),
    "weights": ("Its weights, and what keeping them costs", chapters.weights),
    "essays": ("What it wrote afterwards", chapters.essays),
    "contradictions": ("What contradicts itself", chapters.contradictions),
    "limits": ("What this report does not show", chapters.limits),
}
APPENDICES: Mapping[str, tuple[str, Chapter]] = {
    "settings": ("The settings in full", chapters.settings),
    "files": ("The files", chapters.files),
    "sources": ("Sources", chapters.sources),
}
ELSEWHERE = ("settings", "files")
"""What a site tells on the pages of the interviews; the drawing stands on the model's."""


def _document(held: Holdings) -> Document:
    sources = Sources()
    numbered = [(str(n), *chapter) for n, chapter in enumerate(CHAPTERS.items(), 1)]
    appendices = {name: own for name, own in APPENDICES.items() if not (held.shown and name in ELSEWHERE)}
    numbered += [(letter, *appendix) for letter, appendix in zip("ABC", appendices.items(), strict=False)]
    model = held.model
    return Document(
        sort="Post-deployment report",
        title=(model.name.strip() if model else "") or held.names[0],
        subtitle=f"{held.names[0]}, {model.maker}" if model else held.names[0],
        front=tuple(_front(held)),
        plate=_plate(held.life) if held.life and not held.shown else None,
        blocks=tuple(
            Section(number=number, title=title, name=name, blocks=tuple(chapter(held, sources)))
            for number, name, (title, chapter) in numbered
        ),
    )


def _front(held: Holdings) -> Iterator[Block]:
    stand = held.stand
    rows: list[tuple[str, Words]] = [("Also called", ", ".join(held.names[1:]))] if held.names[1:] else []
    rows += [("Released", _days(held.life, "released")), ("Retired", _days(held.life, "retired"))]
    rows += [("Interviewed", _interviewed(held)), ("Kept by", stand.archive)]
    register: Words = "\nempty: nothing has been logged yet"
    if stand.time:
        rows.append(("As of", f"{moment(stand.time)}, the time of the newest statement in the register"))
        register = f"\n{many(stand.size, 'statement')}"
        register = (f"{register}\nroot hash ", Span(stand.root, "code")) if stand.root else register
    rows.append(("Register", joined(Span(stand.origin, "code"), register)))
    yield Facts(tuple(rows))
    if stand.sample:
        words = "It shows what such a report looks like; models, conversations and people are invented."
        yield Notice("A sample.", words)
    yield _access(held)
    public = held.shown or held.left_out is not None
    command = f"archive report {held.names[0]}{' --public' if public else ''}"
    did: Words = (
        "A program wrote this report, and judged nothing. It compared the records of the model and its interviews "
        "with the hashes logged for them, found every quotation in the turn it names, and counted every number anew. "
    )
    if not public:
        did = (
            "A program wrote this report, and judged nothing. It counted what was filed, compared the records that it "
            "quotes with the hashes logged for them, and found every quotation in the turn it names; ",
            Span("archive check", "code"),
            " compares all the others. ",
        )
    yield Paragraph(joined(did, "The same records give the same bytes: ", Span(command, "code")), quiet=True)


def _plate(life: Life) -> Figure:
    return Figure(
        drawing.svg(Timeline(lives=(life,))), "The timeline is drawn in the HTML edition; its days stand in chapter 7."
    )


_THINGS = dict(zip(COUNTED, ("deposit", "interview", "analysis", "preference"), strict=True))


def _access(held: Holdings) -> Notice:
    if held.shown:
        return Notice(
            "Public edition.", "It rests only on what this site shows; what else there may be, it does not say."
        )
    if held.left_out is not None:
        left = [many(held.left_out[key], thing, key) for key, thing in _THINGS.items() if key in held.left_out]
        words = f"Left out, since not everyone may have them: {listed(left)}." if left else "No interview was left out."
        return Notice("Public edition.", f"It rests only on what anyone may have. {words}")
    closed = [own for own in held.interviews if not own.public]
    if not closed:
        words = "Its interviews are all public; what else it names, such as essays held back, may not be."
        return Notice("Internal.", words)
    numbers = listed(dict.fromkeys(own.address.split("/")[0] for own in closed))
    are = "is" if len(closed) == 1 else "are"
    which = f"{len(closed):,} of {many(len(held.interviews), 'interview')} {are} not public, in {numbers}"
    return Notice("Contains restricted material:", f"{which}. Pass it on only to those who may read them.")


def _days(life: Life | None, state: str) -> Words:
    events = [event for event in life.events if event.kind == "lifecycle" and event.surface == MAKER] if life else []
    return "; ".join(dated(event) for event in events if event.what.split(" ")[0] == state) or UNRECORDED


def _interviewed(held: Holdings) -> str:
    if not held.interviews:
        return f"no interview is {chapters.kept(held)}"
    days = sorted({own.setting.date for own in held.interviews if own.setting.date})
    span = (
        f"{len(days)} days from {written(days[0])} to {written(days[-1])}"
        if len(days) > 3
        else listed(map(written, days))
    )
    return f"{many(len(held.interviews), 'interview')}, {span or 'on days that are not recorded'}"
