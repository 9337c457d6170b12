"""The addresses of the section.

``coding/2026-0041/1/act?turn=12&exact=WORDS&occurrence=1&part=text`` is what can be done with words of a turn, for the
element ``#act`` of a page; with no ``exact``, with the turn. What is filed there is told to that page by the event
``noted``, with the turn.
"""

from collections.abc import Callable, Mapping
from pathlib import Path

from starlette.responses import Response

from archive.desk.ask import Ask
from archive.desk.coding import blind, claiming, covering, noting, wishing
from archive.desk.coding.words import Words
from archive.desk.section import Route, Section
from archive.errors import NotFound

KINDS: Mapping[str, Callable[[Words], Response]] = {
    "note": noting.form,
    "claim": claiming.form,
    "wish": wishing.form,
    "cover": covering.form,
}


def act(ask: Ask) -> Response:
    """What can be done with words: ``kind`` says which form, a note first."""
    words = Words.of(ask, ask.query)
    kind = ask.query["kind"] or "note"
    if kind not in KINDS:
        raise NotFound(f"{kind}: nothing that can be made of words")
    return KINDS[kind](words) if ask.coder else blind.who(words)


_AT = "coding/{number}/{n:int}"
SECTION = Section(
    name="coding",
    title="",
    key="",
    folder=Path(__file__).parent,
    routes=(
        Route("GET", _AT, blind.interview),
        Route("POST", f"{_AT}/state", blind.state),
        Route("POST", f"{_AT}/read", blind.read),
        Route("GET", f"{_AT}/act", act),
        Route("POST", f"{_AT}/note", noting.post),
        Route("GET", f"{_AT}/edit", noting.edit),
        Route("POST", f"{_AT}/edit", noting.correct),
        Route("POST", f"{_AT}/take-back", noting.take_back),
        Route("POST", f"{_AT}/claim", claiming.post),
        Route("POST", f"{_AT}/wish", wishing.post),
        Route("POST", f"{_AT}/cover", covering.post),
    ),
    waiting=blind.waiting,
)
