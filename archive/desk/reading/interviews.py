"""One interview: its setting first, then its turns, part after part, with what is said of them beside."""

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from starlette.responses import JSONResponse, PlainTextResponse, Response

from archive.catalogue import show
from archive.desk.ask import Ask, page
from archive.desk.reading.asking import DEPTHS, covered
from archive.desk.reading.held import Held, numbered
from archive.desk.reading.utterance import stretches
from archive.documents.words import Span, Words, spans
from archive.exchange import citation
from archive.importers.turns import Turn
from archive.records.context_bias import COMMITMENTS, CONTEXT_BIAS, recorded, unanswered
from archive.records.wording import said
from archive.wording import plainly

FIRST = (40, 12_000)
"""Turns, and characters of them, that come with the page, so that it is there at once."""
LATER = (150, 100_000)
"""As many in each part that comes after it."""


@dataclass(frozen=True, slots=True)
class Part:
    """Turns that are sent together."""

    first: int
    last: int
    characters: int
    """How many they say, so that the page knows about how high they will be."""


def interview(ask: Ask) -> Response:
    """The page; ``?from=12`` has the part with that turn first in it, for a browser that runs no script."""
    held = Held.of(ask)
    found = list(parts(held.turns)) or [Part(1, 0, 0)]
    shown = next((part for part in found if part.first <= _number(ask, "from", 1) <= part.last), found[0])
    return page(
        ask, "interviews/interview.html", held=held, parts=found, shown=shown,
        stretches=stretches(held, shown.first, shown.last), bias=list(bias(held)), spans=spans, plainly=plainly,
        as_json=as_json, depths=DEPTHS, recorded=recorded(held.setting.context_bias), silent=_silent(held),
        drafts=list(held.filed.drafts()), analyses=_analyses(held), last=held.deposit.transcript.interviews,
        **covered(ask, held),
    )  # fmt: skip


def turns(ask: Ask) -> Response:
    """A part of it: the turns ``?from=41&to=190``."""
    held = Held.of(ask)
    first = _number(ask, "from", 1)
    found = stretches(held, first, _number(ask, "to", first))
    return page(ask, "interviews/turns.html", held=held, stretches=found, plainly=plainly, as_json=as_json)


def filed(ask: Ask) -> Response:
    """What it was filed as at last, so that a page notices when that is another."""
    return JSONResponse({"filed": show.filed(ask.home, ask.path["number"]).life.lists[-1]})


def as_json(value: Any) -> str:
    """What a tool was called with, or gave back, to be read."""
    return json.dumps(value, ensure_ascii=False, indent=2)


def cite(ask: Ask) -> Response:
    """How it is cited, or a turn of it, for people and for reference managers; ``?as=ris`` is that alone."""
    held, turn = Held.of(ask), ask.query["turn"]
    made = citation.cite(ask.home, f"{held.address}#{turn}" if turn else held.address)
    if ask.query["as"] in citation.FORMS:
        return PlainTextResponse(citation.FORMS[ask.query["as"]](made))
    forms = {name: form(made) for name, form in citation.FORMS.items()}
    return page(ask, "interviews/cite.html", held=held, anchor=made.anchor, turn=turn, forms=forms)


def parts(turns: Sequence[Turn]) -> Iterator[Part]:
    """The turns of an interview, a few at first and then many at a time."""
    first, characters, at_most = 1, 0, FIRST
    for turn in turns:
        characters += len(turn.text)
        if turn.turn == len(turns) or turn.turn - first + 1 >= at_most[0] or characters >= at_most[1]:
            yield Part(first, turn.turn, characters)
            first, characters, at_most = turn.turn + 1, 0, LATER


def bias(held: Held) -> Iterator[tuple[str, list[tuple[str, str, Words]]]]:
    """What is recorded of the setting, by its headings: what each field is called, what it means, what is said."""
    note = held.setting.context_bias
    shown = [f for f in CONTEXT_BIAS if f.group == COMMITMENTS or note[f.key] not in ("not_recorded", "not_applicable")]
    for heading, own in groupby(shown, key=lambda f: f.heading):
        yield heading, [(plainly(f.key).capitalize(), f.means, _led(said(note[f.key], f))) for f in own]


def _led(words: Words) -> Words:
    """What is said of the setting, with the turns it names leading there."""
    return tuple(
        Span(part, span.style, f"#t{named[1]}" if (named := _TURN.fullmatch(part)) else "")
        for span in spans(words)
        for part in _TURNS.split(span.text)
        if part
    )


_TURN = re.compile(r"turn ([1-9][0-9]{0,6})")
_TURNS = re.compile(r"(\bturn [1-9][0-9]{0,6}\b)")


def _silent(held: Held) -> list[str]:
    return [plainly(key) for key in unanswered(held.setting.context_bias)]


def _analyses(held: Held) -> list[tuple[str, str, str]]:
    """Those of its deposit that read it: where, title, author."""
    own = {held.number, held.address}
    read = ((s, a) for s, a in held.deposit.analyses.items() if own & set(a.interviews) and held.seen.readings)
    return [(f"{held.filed.number}/{slug}", made.title, made.author) for slug, made in read]


def _number(ask: Ask, name: str, otherwise: int) -> int:
    return int(ask.query[name]) if numbered(ask.query[name]) else otherwise
