"""Who codes an interview, blind to whom, and how far; when they are done, what they say side by side."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from starlette.responses import Response

from archive.deposits import note_entry
from archive.deposits.deposit import Deposit
from archive.deposits.scripted import CODER as SCRIPT
from archive.deposits.shelf import CODEBOOKS
from archive.deposits.target import Target, target
from archive.desk.ask import Ask, goto, page
from archive.desk.coding.answer import shown
from archive.desk.coding.visible import READS, newcomer, visible
from archive.desk.coding.words import Words
from archive.desk.section import Waiting
from archive.errors import Error
from archive.importers.turns import Turn
from archive.records import sidecar
from archive.records.notes import Note, Notes
from archive.research import agreement
from archive.research.agreement import Agreement
from archive.wording import plainly


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """What coders say of one turn."""

    turn: Turn
    said: Mapping[str, tuple[Note, ...]]
    """By coder."""


def who(words: Words) -> Response:
    """Asks who codes, before anything is written under a name."""
    back = f"interviews/{words.interview}#t{words.turn.turn}"
    return shown(words.ask, "coding/who.html", words=words, back=back)


def interview(ask: Ask) -> Response:
    """Who is at work on it; and what those say who are done."""
    place, deposit = _read(ask)
    coder = ask.coder
    new = newcomer(deposit, coder, ask.cookies)
    seen = () if new else sorted(visible(deposit, coder))
    noted = {name: _of(deposit.notes[name], place) for name in seen}
    people = {name: said for name, said in noted.items() if said.note}
    compared, problem = _compared(deposit, {name: said for name, said in people.items() if name != SCRIPT})
    return page(
        ask, "coding/interview.html", place=place, deposit=deposit, coder=coder, number=place.filed.number,
        plainly=plainly, n=place.interview, mine=deposit.notes.get(coder), newcomer=new, people=sorted(people),
        blind=[name for name, said in deposit.notes.items() if name != coder and said.state],
        rows=list(_rows(place, people)), hidden=len(deposit.notes) - len(seen), compared=compared, problem=problem,
    )  # fmt: skip


def state(ask: Ask) -> Response:
    """Begin blind, or be done."""
    place, _ = _read(ask)
    said = ask.form["state"]
    note_entry.note(ask.home, place.filed.number, note_entry.Said(), coder=ask.coder, state=said, file=True)
    own = f"{place.filed.number}/{place.interview}"
    return goto(ask, f"interviews/{own}" if said == "coding" else f"coding/{own}")


def read(ask: Ask) -> Response:
    """A newcomer wants to see what others say."""
    place, _ = _read(ask)
    answer = goto(ask, f"interviews/{place.filed.number}/{place.interview}")
    answer.set_cookie(READS + place.filed.number, "yes", path=ask.desk.at(), httponly=True, samesite="strict")
    return answer


def waiting(ask: Ask) -> list[Waiting]:
    """What the coder has begun blind and is not done with."""
    return [*_begun(ask)]


def _begun(ask: Ask) -> Iterator[Waiting]:
    for path in sorted((ask.desk.root / "transcripts").glob(f"*/*/notes/{ask.coder}.toml")) if ask.coder else ():
        table = sidecar.parse(path.read_bytes(), path.name)
        known = ask.home.accession(path.parents[1])
        if isinstance(table, Mapping) and table.get("state") == "coding" and known:
            yield Waiting(what=f"{known.number}: you code it, blind to others", place=f"coding/{known.number}/1")


def _read(ask: Ask) -> tuple[Target, Deposit]:
    place = target(ask.home, f"{ask.path['number']}/{ask.path['n']}")
    return place, place.filed.deposit(CODEBOOKS.filed(ask.home))


def _of(said: Notes, place: Target) -> Notes:
    """What a coder says of this interview alone."""
    return said.model_copy(update={"note": tuple(note for note in said.note if note.interview == place.interview)})


def _rows(place: Target, people: Mapping[str, Notes]) -> Iterator[Row]:
    for turn in place.turns:
        said = {name: tuple(n for n in notes.note if n.turn == turn.turn) for name, notes in people.items()}
        if any(said.values()):
            yield Row(turn=turn, said=said)


def _compared(deposit: Deposit, people: Mapping[str, Notes]) -> tuple[tuple[Agreement, ...], str]:
    """How far they agree, code by code; or what keeps that from being measured."""
    if len(people) < 2:
        return (), ""
    try:
        return agreement.measure([replace(deposit, notes=people)]), ""
    except Error as error:
        return (), str(error)
