"""Notes on turns that are said in one breath: a new one, one's own corrected or taken back, how far one is."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from archive.deposits import amending, shelf, template
from archive.deposits.batch import Batch
from archive.deposits.entry import Entry, putting
from archive.deposits.target import named
from archive.deposits.target import target as target_of
from archive.errors import Error, NotFound, Problem, Refused, accepted
from archive.home.home import Home
from archive.importers.turns import Turn
from archive.records import filled, notes, quotation
from archive.records.codebook import Codebooks
from archive.records.codes import TURN_CODES, called
from archive.records.field import Field
from archive.records.notes import Notes
from archive.records.places import Place
from archive.register import durable
from archive.wording import one_of, suggestion


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """What a coder says about a turn."""

    codes: Sequence[str] = ()
    """``elicitation=spontaneous: after a long silence``; of a code that takes several values, one each."""
    quote: str = ""
    """The exact words meant; empty for the whole turn."""
    occurrence: int | None = None
    """Which, where they stand there more than once."""
    part: str = "text"
    text: str = ""
    confidence: str = ""

    def __bool__(self) -> bool:
        return bool(self.codes or self.quote or self.text or self.confidence)


def note(
    home: Home,
    target: str,
    said: Said,
    *,
    coder: str | None = None,
    codebooks: Sequence[str] = (),
    state: str = "",
    file: bool = False,
) -> Entry:
    """Put a note on a turn at the end of a coder's file, or say how far the coder is, or both.

    A codebook whose codes are used is named there. Raises `Error`, `Refused` with all that is wrong.
    """
    if not (said or state):
        raise Refused([Problem(target, "this note says nothing yet", "give a code or a text")])
    name = f"notes/{template.slug_of(template.login() if coder is None else coder)}.toml"
    with putting(home, file=file) as at:
        place = target_of(at.home, target)
        if said and not place.turn:
            raise Error(f"{target}: expected a turn to say something of, as in {place.filed.number}/1#2")
        path = place.filed.folder / name
        before = path.read_bytes() if path.exists() else None
        books = shelf.CODEBOOKS.filed(at.home)
        known = _read(before, at.home.relative(path), books) if before is not None else None
        named = [*dict.fromkeys([*(known.codebooks if known else ()), *codebooks])]
        added = [_table(said, place.turns[0], named, books)] if said else []
        day = at.home.now().date()
        made = filled.with_notes(before, added, coder=path.stem, day=day, codebooks=named, state=state)
        if before is not None and _says_it_again(_read(made, at.home.relative(path), books), known, state):
            made = before
        return at.put(place.filed, name, {name: made})


def correct(home: Home, target: str, number: int, said: Said | None, *, coder: str, before: str | None = None) -> Batch:
    """Change what a coder's own note says, or take it back (None), and file that; `target` is the deposit.

    `number` counts from 1; `before` is the SHA-256 of the file as it was when that was decided. The words meant,
    comments and the rest of the file stay. Raises `NotFound`, `Refused`, `Changed`.
    """
    place, known = own(home, target, coder)
    if known is None or not 0 < number <= len(known.note):
        raise NotFound(f"{place} has no note {number}")
    values = _differences(known, number - 1, said, shelf.CODEBOOKS.filed(home))
    return amending.file_amended(home, place, values, before or durable.digest(home.root / place))


def _read(data: bytes, place: str, books: Codebooks) -> Notes:
    return accepted(notes.read(data, place, codebooks=books))


def _says_it_again(made: Notes, known: Notes | None, state: str) -> bool:
    """Whether the last note stands there already, and so does everything else."""
    if known is None or made.codebooks != known.codebooks or state not in ("", known.state):
        return False
    return made.note == known.note or (len(made.note) > len(known.note) and made.note[-1] in known.note)


# ── what it says ─────────────────────────────────────────────────────────────────────────────────────────────────────


def _table(said: Said, turn: Turn, named: list[str], books: Codebooks) -> dict[str, Any]:
    """The note as its file has it; codebooks that it needs are added to those `named`."""
    found: dict[str, Any] = {"interview": turn.interview, "turn": turn.turn}
    if codes := _codes(said.codes, named, books):
        found["code"] = codes
    if said.quote.strip():
        place = quotation.place(turn, said.quote, part=said.part, occurrence=said.occurrence)
        quote = quotation.standing(turn, *place, part=said.part)
        found |= {"quote": quote.exact, "prefix": quote.prefix, "suffix": quote.suffix}
    found |= {"part": said.part} if said.part != "text" and said.quote.strip() else {}
    found |= {"text": said.text, "confidence": said.confidence}
    return {key: value for key, value in found.items() if value}


def _codes(said: Iterable[str], named: list[str], books: Codebooks) -> dict[str, str | list[str]]:
    """Code → answer, or answers where the code takes several."""
    found: dict[str, list[str]] = {}
    several: dict[str, bool] = {}
    for text in said:
        name, equals, value = text.partition("=")
        if not equals:
            raise Error(f"--code: expected CODE=VALUE, as in elicitation=spontaneous, found {text[:60]!r}")
        code = _code(name.strip(), named, books)
        found.setdefault(code.key, []).append(value)
        several[code.key] = code.many
    return {key: own[0] if len(own) == 1 and not several[key] else own for key, own in found.items()}


def _code(name: str, named: list[str], books: Codebooks) -> Field:
    """What `name` means: a built-in code, else one of the codebooks named, else of the one that has it."""
    every = [*TURN_CODES, *(field for book in books.values() for field in book.fields)]
    meant = called(name, every)
    meant = [f for f in meant if f.codebook in ("", *named)] or meant
    if not meant:
        raise Refused([Problem(f"--code {name}", "there is no such code", suggestion(name, [f.name for f in every]))])
    if len(meant) > 1:
        which = one_of(field.name for field in meant)
        raise Refused([Problem(f"--code {name}", f"is a code of {len(meant)} codebooks", f"say which: {which}")])
    if meant[0].codebook and meant[0].codebook not in named:
        named.append(meant[0].codebook)
    return meant[0]


def _differences(known: Notes, number: int, said: Said | None, books: Codebooks) -> dict[Place, Any]:
    """The values of a note that change; None is one that goes."""
    if said is None:
        return {("note", number): None}
    named = list(known.codebooks)
    old = known.note[number]
    new = _codes(said.codes, named, books)
    codes = {key: new.get(key) for key in [*old.code, *new] if new.get(key) != _plain(old.code.get(key))}
    found: dict[Place, Any] = {("note", number, "code", key): value for key, value in codes.items()}
    if not old.code and new:
        found = {("note", number, "code"): new}
    elif old.code and not new:
        found = {("note", number, "code"): None}
    for key, now, value in (("text", old.text, said.text), ("confidence", old.confidence or "", said.confidence)):
        if now != value:
            found["note", number, key] = value or None
    if named != list(known.codebooks):
        found["codebooks",] = named
    return found


def _plain(value: Any) -> Any:
    return list(value) if isinstance(value, tuple) else value


def own(home: Home, number: str, coder: str) -> tuple[str, Notes | None]:
    """The path of a coder's file on a deposit, and what it says as it lies there; None where there is none."""
    folder = named(home, number).folder
    path = folder / "notes" / f"{template.slug_of(coder)}.toml"
    place = home.relative(path)
    return place, _read(path.read_bytes(), place, shelf.CODEBOOKS.filed(home)) if path.exists() else None
