"""Notes in the pane: a new one on the words that are selected, one's own corrected or taken back."""

from dataclasses import replace

from starlette.responses import Response

from archive.deposits import note_entry
from archive.desk.ask import Ask
from archive.desk.coding import answer, blind, codes
from archive.desk.coding.codes import Code
from archive.desk.coding.words import Words
from archive.errors import NotFound, Refused
from archive.records import quotation
from archive.records.notes import Note, Notes
from archive.records.values import CONFIDENCE


def form(words: Words) -> Response:
    """What can be said of them."""
    own = _own(words)
    return _form(words, codes.offered(words.ask.home, words.turn, own), own)


def post(ask: Ask) -> Response:
    """File a note."""
    words = Words.of(ask, ask.form)
    if not ask.coder:
        return blind.who(words)
    own = _own(words)
    given = codes.of_form(codes.offered(ask.home, words.turn, own), ask.form)
    try:
        entry = note_entry.note(ask.home, words.target, _said(words, given), coder=ask.coder, file=True)
    except Refused as refused:
        return _form(words, given, own, refused)
    return answer.done(words, entry.filed)


def edit(ask: Ask) -> Response:
    """One's own note, to be corrected: ``?note=3``."""
    words, own, number = _mine(ask, Words.of(ask, ask.query))
    note = own.note[number - 1]
    words = _meant(words, note)
    given = codes.of_note(codes.offered(ask.home, words.turn, own), note)
    return _form(words, given, own, number=number, text=note.text, confidence=note.confidence or "")


def correct(ask: Ask) -> Response:
    """File it as it is now."""
    words, own, number = _mine(ask, Words.of(ask, ask.form))
    given = codes.of_form(codes.offered(ask.home, words.turn, own), ask.form)
    said = _said(words, given)
    try:
        batch = note_entry.correct(ask.home, words.number, number, said, coder=ask.coder, before=_before(words))
    except Refused as refused:
        return _form(words, given, own, refused, number=number)
    return answer.told(words, batch)


def take_back(ask: Ask) -> Response:
    """It is not said any more; the versions before keep it."""
    words, _, number = _mine(ask, Words.of(ask, ask.form))
    batch = note_entry.correct(ask.home, words.number, number, None, coder=ask.coder, before=_before(words))
    return answer.told(words, batch)


def _said(words: Words, given: list[Code]) -> note_entry.Said:
    form = words.ask.form
    return note_entry.Said(
        codes=codes.spoken(given),
        quote=words.exact,
        occurrence=words.occurrence,
        part=words.part,
        text=form["text"].strip(),
        confidence=form["confidence"],
    )


def _own(words: Words) -> Notes | None:
    return note_entry.own(words.ask.home, words.number, words.ask.coder)[1] if words.ask.coder else None


def _mine(ask: Ask, words: Words) -> tuple[Words, Notes, int]:
    """Raises `NotFound` for a note that is not there, or on another turn."""
    said = ask.form["note"] or ask.query["note"]
    own = _own(words)
    number = int(said) if said.isascii() and said.isdigit() and len(said) < 10 else 0
    if own is None or not 0 < number <= len(own.note) or not _on(words, own.note[number - 1]):
        raise NotFound(f"you have no note {said} on {words.target}")
    return words, own, number


def _on(words: Words, note: Note) -> bool:
    return (note.interview, note.turn) == (words.turn.interview, words.turn.turn)


def _meant(words: Words, note: Note) -> Words:
    """Those that a note is about."""
    place = quotation.locate(note.quotation, words.turn) if note.quotation else None
    return replace(words, start=place[0], end=place[1], part=note.part) if place else words


def _before(words: Words) -> str | None:
    return words.ask.before.get(words.place_of_notes)


def _form(
    words: Words,
    given: list[Code],
    own: Notes | None,
    refused: Refused | None = None,
    *,
    number: int = 0,
    text: str = "",
    confidence: str = "",
) -> Response:
    fields = {f"code.{code.field.key}" for code in given} | {"text", "quote", "confidence"}
    wrong, others = answer.at_fields(refused, fields)
    form = words.ask.form
    mine = [(n, note) for n, note in enumerate(own.note, 1) if _on(words, note)] if own else []
    return answer.shown(
        words.ask, "coding/note.html", status=422 if refused else 200, words=words, kind="note", codes=given,
        confidences=CONFIDENCE, text=form["text"] or text, confidence=form["confidence"] or confidence, number=number,
        mine=mine, wrong=wrong, problems=others,
    )  # fmt: skip
