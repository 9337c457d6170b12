"""The codes that can be given to a turn, in the order in which a coder reaches for them; what a form says of each."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from archive.deposits.shelf import CODEBOOKS
from archive.desk.ask import Form
from archive.home.home import Home
from archive.importers.turns import Turn
from archive.records.codes import TURN_CODES
from archive.records.field import Field
from archive.records.notes import Note, Notes
from archive.records.values import SILENCES


@dataclass(frozen=True, slots=True, kw_only=True)
class Code:
    """One code, and what is said with it."""

    field: Field
    said: Mapping[str, str]
    """Value → what was added; of a code without values the lines that were written, under ``""``."""
    used: bool = False
    """Whether the coder gave it before."""

    @property
    def options(self) -> Mapping[str, str]:
        """Value → what it means."""
        return {**self.field.values, **SILENCES} if self.field.shape == "choice" else {}


def offered(home: Home, turn: Turn, own: Notes | None) -> list[Code]:
    """Those of the vocabulary and of codebooks that may be said of `turn`; what the coder gave last stands first."""
    last = {f.name: at for at, f in enumerate(_given(own))} if own else {}
    found = [f for f in (*TURN_CODES, *_own(home, own)) if not f.roles or turn.role in f.roles]
    found.sort(key=lambda f: -last.get(f.name, -1))
    return [Code(field=f, said={}, used=f.name in last) for f in found]


def _given(own: Notes) -> Iterator[Field]:
    for note in own.note:
        yield from (coded.field for coded in note.coded)


def _own(home: Home, own: Notes | None) -> Iterator[Field]:
    """Of the codebooks that the coder's file names, and the newest version of every other."""
    named = own.codebooks if own else ()
    taken = {ref.partition("@")[0] for ref in named}
    newest = {book.id: book for book in CODEBOOKS.filed(home).values() if book.id not in taken}
    books = [book for ref, book in CODEBOOKS.filed(home).items() if ref in named] if named else []
    for book in (*books, *newest.values()):
        yield from book.fields


# ── what is said with them ───────────────────────────────────────────────────────────────────────────────────────────


def of_note(codes: Iterable[Code], note: Note) -> list[Code]:
    """As a note says it."""
    return [replace(code, said=_answers(code.field, note)) for code in codes]


def _answers(field: Field, note: Note) -> dict[str, str]:
    given = [coded for coded in note.coded if coded.field.name == field.name]
    if field.shape == "text":
        return {"": "\n".join(c.value + (f": {c.text}" if c.text else "") for c in given)} if given else {}
    return {coded.value: coded.text for coded in given}


def of_form(codes: Iterable[Code], form: Form) -> list[Code]:
    """As it stands in a form: ``code:elicitation`` has the values, ``more:elicitation:spontaneous`` what was added."""
    return [replace(code, said=_typed(code, form)) for code in codes]


def _typed(code: Code, form: Form) -> dict[str, str]:
    values = form.every(f"code:{code.field.name}")
    if code.field.shape == "text":
        return {"": values[0]} if values else {}
    return {value: form[f"more:{code.field.name}:{value}"].strip() for value in values}


def spoken(codes: Iterable[Code]) -> list[str]:
    """As a command line says it: ``elicitation=spontaneous: after a pause``."""
    return [f"{code.field.name}={said}" for code in codes for said in _spoken(code)]


def _spoken(code: Code) -> Iterator[str]:
    if code.field.shape != "text":
        yield from (f"{value}: {more}" if more else value for value, more in code.said.items())
        return
    text = code.said.get("", "").strip()
    yield from (line.strip() for line in text.splitlines() if line.strip()) if code.field.many else filter(None, [text])
