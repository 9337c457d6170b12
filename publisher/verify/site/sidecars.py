"""What the records of a reading room say, held against each other: who may see a deposit, whose words are quoted where.

The register names their bytes and says nothing of what is in them, and whoever holds its key could log anything.
"""

import datetime as dt
import re
from collections.abc import Container, Iterator, Mapping

from archive.deposits.names import COPY, OWN, RECEIVED
from archive.errors import Malformed, Problem, VerificationError
from archive.exchange.reading_room import ReadingRoom, Shown
from archive.records import quotation
from archive.records.indexed import Indexed, indexed, no_turn
from archive.records.kinds import ADDRESSED
from archive.records.notes import Notes
from archive.records.quotation import Quote
from archive.register import excerpt, sums

_OWN: Mapping[str, re.Pattern[str]] = {
    "deposit": re.compile(rf"(deposit|export)\.toml|notes/{ADDRESSED}\.toml|analyses/{ADDRESSED}\.(md|toml)"),
    "model": re.compile(rf"model\.toml|preferences/{ADDRESSED}\.toml"),
    "protocol": re.compile(r"[1-9]\d*\.toml"),
    "codebook": re.compile(r"[1-9]\d*\.toml"),
}
"""Kind → what people file of it beside what was received."""


def stranger(kind: str, name: str) -> bool:
    """Whether a file belongs in no folder of this kind, though a list names it."""
    return not (_OWN[kind].fullmatch(name) or OWN.fullmatch(name) or (kind == "deposit" and RECEIVED.fullmatch(name)))


def problems(room: ReadingRoom, time: dt.datetime) -> Iterator[Problem]:
    """What is wrong with them at the site's clock. Raises `Refused` where one cannot be read."""
    yield from _misplaced("protocols", room.protocols, room.asking)
    yield from _misplaced("codebooks", room.codebooks, room.coding)
    for number in room.deposits:
        yield from _closed(room, number, time.date())
    public = {number: each for number, each in room.deposits.items() if room.access(number) == "public"}
    turns = Indexed({})
    for number, shown in public.items():
        yield from _copied(shown, f"interviews/{number}")
        try:
            own = indexed(shown.filed.transcript().turns, number)
            if len(own.places) != shown.filed.head.interviews:
                raise Malformed(f"names {shown.filed.head.interviews} interviews, and holds {len(own.places)}")
        except Malformed as error:
            yield Problem(f"interviews/{number}/{shown.filed.turns_file}", str(error))
            return
        turns |= own
    for number in public:
        yield from _read(room, number, turns)
    for model, wishes in room.wishes.items():
        for slug, wish in wishes.items():
            place = f"models/{model} preferences/{slug}.toml"
            for quote in wish.quote:
                yield from _quoted(quote, turns, place)


def _misplaced(place: str, folders: Mapping[str, Shown], versions: Container[str]) -> Iterator[Problem]:
    """Versions that are of another thing, or another version of it, than their folder and file say."""
    for own, shown in folders.items():
        for name in shown.filed.named("", ".toml"):
            if (ref := f"{own}@{name.removesuffix('.toml')}") not in versions:
                yield Problem(f"{place}/{own}/{name}", f"expected {ref}, as it is called, found something else")


def _closed(room: ReadingRoom, number: str, day: dt.date) -> Iterator[Problem]:
    """Whether more is shown of a deposit than its own record lets anyone see."""
    access, place = room.record(number).access, f"interviews/{number}"
    if room.access(number) == "public":
        if not access.public_on(day):
            yield Problem(place, f"its turns are shown, and its deposit.toml says access = “{access}”")
    elif access.level != "described":
        yield Problem(place, f"is shown without its turns, and its deposit.toml says access = “{access}”")
    elif more := sorted(room.deposits[number].filed.files.keys() - {"deposit.toml"}):
        yield Problem(place, f"is only described, and shows {more[0]}")


def _copied(shown: Shown, place: str) -> Iterator[Problem]:
    """Whether a copy with covered words is what was committed to but for these."""
    if shown.filed.turns_file != COPY:
        return
    copy = excerpt.decode(shown.read(COPY))
    root = sums.digest(f"{copy.commitment.hex()}\n".encode())
    if shown.filed.listed.get(excerpt.COMMITMENT) != root:
        yield Problem(f"{place}/{COPY}", f"is a copy of something else than {excerpt.COMMITMENT} commits to")
    if copy.deposit != shown.number or copy.rest:
        yield Problem(f"{place}/{COPY}", f"is no copy of all turns of {shown.number}")
    try:
        excerpt.check(copy)
    except (VerificationError, Malformed) as error:
        yield Problem(f"{place}/{COPY}", str(error))


def _read(room: ReadingRoom, number: str, turns: Indexed) -> Iterator[Problem]:
    """Whether the notes and readings of a deposit are about words that stand in its turns."""
    deposit, place = room.deposit(number), f"interviews/{number}"
    places = dict(turns.places)
    for ref, at in turns.places.items():
        if str(ref).startswith(f"{number}/"):
            places[int(str(ref)[len(number) + 1 :])] = at  # a sidecar calls its own interviews so
    own = Indexed(places)
    for coder, notes in deposit.notes.items():
        yield from _noted(notes, own, f"{place}/notes/{coder}.toml")
    for slug, made in deposit.analyses.items():
        for claim in made.claim:
            for quote in claim.quote:
                yield from _quoted(quote, own, f"{place}/analyses/{slug}.toml")


def _noted(notes: Notes, turns: Indexed, place: str) -> Iterator[Problem]:
    for note in notes.note:
        if quote := note.quotation:
            yield from _quoted(quote, turns, place)
        elif (note.interview, note.turn) not in turns:
            yield Problem(place, no_turn(note.interview, note.turn, turns).found)


def _quoted(quote: Quote, turns: Indexed, place: str) -> Iterator[Problem]:
    """Whether the words stand there; of an interview that is not in the site nobody could tell."""
    yield from (Problem(each.place, each.found) for each in quotation.check(quote, turns, place))
