"""How far an interview went into its protocol; and where a question was asked, as a person says it.

That is a note on the turn, as any other (`archive.deposits.asked`), and what the command line writes for::

    archive new note 2026-0041/3#12 --code question_id=wishes --file
    archive new note 2026-0041/3#12 --code question_id=wishes --code question_wording=not_asked --file

Who says otherwise than before has their own note corrected, as ``archive amend`` does it.
"""

import json
from collections.abc import Mapping
from typing import Any

from starlette.responses import Response

from archive.deposits import note_entry
from archive.deposits.adherence import Cell
from archive.desk.ask import Ask, page
from archive.desk.reading.held import Held
from archive.errors import Error, NotFound
from archive.importers.turns import Turn
from archive.records.codes import ASKING
from archive.records.notes import Note
from archive.research.coverage import departures


def covered(ask: Ask, held: Held) -> dict[str, Any]:
    """What ``interviews/coverage.html`` shows."""
    questions = held.protocol.question if held.protocol else ()
    cells = held.row.questions
    return {
        "asked": [(q, cells[q.id], depth(cells[q.id])) for q in questions],
        "came_up": sum(bool(cell.asked or cell.raised) for cell in cells.values()),
        "departures": list(departures(held.row)),
        "topics": {topic: depth(cell) for topic, cell in held.row.topics.items()} if not questions else {},
    }


DEPTHS: Mapping[str, str] = {
    "probed": "asked, and followed up",
    "touched": "asked",
    "raised": "the model came to it itself",
    "not_asked": "not asked",
    "not_found": "not found in the protocol’s words",
}


def depth(cell: Cell) -> str:
    """What `DEPTHS` says, as ``archive coverage`` tells them apart."""
    if cell.depth == "not_asked":
        return "not_asked" if cell.by == "person" else "not_found"
    return "raised" if cell.raised and not cell.asked else cell.depth


def note(ask: Ask) -> Response:
    """Say that a turn asks a question, or (``says=not_asked``) that it does not; the page then shows both anew.

    Of a turn of the model it says that the model came to the question itself, or not.
    """
    held = Held.of(ask)
    turn = next((turn for turn in held.turns if str(turn.turn) == ask.form["turn"]), None)
    question = ask.form["question"]
    if turn is None or question not in held.row.questions:
        raise NotFound(f"{held.address}: expected one of its turns and a question of its protocol")
    if not ask.coder:
        raise Error("say first who codes, under the list of questions: it becomes a note of yours")
    _say(ask, held, turn, question, asks=ask.form["says"] != "not_asked")
    return Response(status_code=204, headers={"HX-Trigger": json.dumps({"noted": {"turn": turn.turn}})})


def _say(ask: Ask, held: Held, turn: Turn, question: str, *, asks: bool) -> None:
    """In a new note, or by correcting what the same coder said before of this turn and question."""
    wording = ("question_wording=not_asked",) if turn.role in ASKING and not asks else ()
    _, own = note_entry.own(ask.home, held.filed.number, ask.coder)
    for number, before in enumerate(own.note if own else (), 1):
        here = (before.interview, before.turn) == (held.number, turn.turn)
        if here and before.code.get("question_id") == question:
            said = _otherwise(before, wording if wording or asks else None)
            note_entry.correct(ask.home, held.filed.number, number, said, coder=ask.coder)
            return
    if asks or wording:
        said = note_entry.Said(codes=(f"question_id={question}", *wording))
        note_entry.note(ask.home, f"{held.address}#{turn.turn}", said, coder=ask.coder, file=True)


def _otherwise(before: Note, wording: tuple[str, ...] | None) -> note_entry.Said | None:
    """A note with another wording of its question, or (None) without the question; None where nothing is left of it."""
    gone = {"question_wording"} if wording is not None else {"question_wording", "question_id"}
    left = ((key, value) for key, value in before.code.items() if key not in gone)
    codes = [f"{key}={each}" for key, value in left for each in ([value] if isinstance(value, str) else value)]
    if not codes and not before.text.strip():
        return None
    return note_entry.Said(codes=(*codes, *(wording or ())), text=before.text, confidence=before.confidence or "")


def coverage(ask: Ask) -> Response:
    """The list of questions, as it stands now."""
    held = Held.of(ask)
    return page(ask, "interviews/coverage.html", held=held, depths=DEPTHS, **covered(ask, held))
