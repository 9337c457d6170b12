"""What the marks of a deposit come to: the words they cover, the copy that anyone may have, what gives them away."""

import io
import sys
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any

from archive.deposits.covering import Covered, cover
from archive.deposits.disclosure import Secrets, pointing, secrets, written
from archive.deposits.filed import FiledFolder, kept, lists_of
from archive.deposits.names import RECEIVED, SIDECARS
from archive.errors import Problem, Refused, VerificationError, accepted
from archive.home.accession import Life
from archive.home.home import Home
from archive.home.store import Content, bytes_of
from archive.importers.turns import Turn
from archive.records import quotation, redactions
from archive.records.deposit_record import deposit_form
from archive.records.indexed import Turns, indexed
from archive.records.quotation import Quote
from archive.records.redactions import Redaction, Redactions, words
from archive.register import excerpt, redaction

_CHANGED = "bring back {} from .archive/store: without it nothing can be proved of this deposit"


@dataclass(frozen=True, slots=True, kw_only=True)
class Marks:
    """Of a deposit that has any."""

    record: Redactions
    covered: Covered
    secrets: Secrets
    turns: Turns
    """Of the deposit, by interview and turn."""
    accession: str
    """Its number; empty where it has none yet."""
    exempt: frozenset[str]
    """Words that say nothing of it wherever they stand: those of the program's own forms, and of the model's id."""
    held_back: Mapping[str, str]
    """Sidecars that others do not get, each with how it shows what is covered; under an empty name the folder's."""

    def given_away(self, data: bytes, *, own: bool = False) -> str | None:
        """How a sidecar shows what is covered, as it is said of it: ``says “Ann”``; `own` lies beside these turns."""
        named = (self.accession, *([""] if own else ()))
        for said in pointing(data):
            turn = self._turn(said, named)
            if turn and (found := self._shown(said, turn)):
                return found
        return _says(self.secrets.given_away(written(data), self.exempt))

    def _turn(self, said: Mapping[str, Any], named: Sequence[str]) -> Turn | None:
        """The turn of this deposit that is pointed at."""
        of, _, interview = str(said["interview"]).rpartition("/")
        return self.turns.get((int(interview), said["turn"])) if of in named and interview.isdecimal() else None

    def _shown(self, said: Mapping[str, Any], turn: Turn) -> str | None:
        """How a quote shows covered words of a turn: it, what stands around it, or the turn's hash."""
        part, at = said.get("part", "text"), f"{turn.interview}#{turn.turn}"
        spans = [place.span for _, place in self.covered.places if (place.turn, place.part) == (at, part)]
        if not spans or not isinstance(exact := said.get("exact", said.get("quote", "")), str):
            return None
        if said.get("sha256"):
            return f"has the SHA-256 of {at}, of which words are covered; take that line out"
        prefix, suffix = (said.get(key, "") for key in ("prefix", "suffix"))
        bare = Quote.model_construct(
            interview=turn.interview, turn=turn.turn, part=part, exact=exact, prefix=prefix, suffix=suffix
        )
        start, end = quotation.locate(bare, turn) or (0, sys.maxsize)
        start, end = start - len(prefix), end + len(suffix)
        return _says(exact) if exact and any(a < end and start < b for a, b in spans) else None

    @property
    def remarks(self) -> tuple[str, ...]:
        """What an archivist should know before others see it: what is cut, can still be read, gives words away."""
        cut, still = self.covered.cut, self.covered.still
        said = [f"all of a word is covered: {place.turn} {place.part} “{_line(place.words)}”" for place in cut]
        said += [f"can still be read: {place.turn} {place.part} “{place.around}”" for place in still]
        for name, how in self.held_back.items():
            what = {"": "its folder's name", "deposit.toml": "deposit.toml"}.get(name)
            closed = f"nothing of it is public while {what} {how}: change that, and file it again"
            said.append(closed if what else f"not public: {name} {how}")
        return tuple(said)

    @property
    def open(self) -> bool:
        """Whether the deposit can be shown to others at all: its record, and what its folder is called, say nothing."""
        return not {"deposit.toml", ""} & self.held_back.keys()

    def private(self, names: Iterable[str]) -> set[str]:
        """Of files of a deposit that is public, what is private all the same."""
        never = {redactions.NAME, "export.toml", "turns.jsonl", *self.held_back}
        return {name for name in names if name in never or RECEIVED.fullmatch(name) or _beside(name) in never}

    def copy(self, accession: str, data: bytes, seed: bytes) -> bytes:
        """``turns.redacted.json`` of the bytes of a ``turns.jsonl``."""
        hidden = {line: frozenset(words) for line, words in self.covered.hidden.items()}
        reasons = {line: self.covered.reasons(line) for line in hidden}
        return excerpt.encode(excerpt.make(accession, redaction.redact(data, seed, hidden), reasons=reasons))


def marks(
    files: Mapping[str, Content], data: bytes, folder: str, turns: Sequence[Turn], accession: str = ""
) -> Marks | None:
    """What ``redactions.toml`` among the `files` of a deposit comes to; None where nothing is covered.

    `data` is its ``turns.jsonl``, `turns` what that says, `folder` its path. Raises `Refused` for marks whose words do
    not stand there.
    """
    if redactions.NAME not in files:
        return None
    place = f"{folder}/{redactions.NAME}"
    record = accepted(redactions.read(bytes_of(files[redactions.NAME]), place))
    if not record.standing:
        return None
    lines = io.BytesIO(data).readlines()
    covered = cover(lines, record.standing)
    if covered.missing:
        raise Refused(_missing(mark, indexed(turns), place) for mark in covered.missing)
    secret = secrets(lines, covered)
    model = {word.casefold() for word in words(folder.split("/")[-2])}
    found = Marks(
        record=record,
        covered=covered,
        secrets=secret,
        turns=indexed(turns),
        accession=accession,
        exempt=_program() | model,
        held_back={},
    )
    held = {"": _says(secret.given_away(folder.rpartition("/")[2], found.exempt))}
    for name in filter(_judged, files):
        held[name] = _says(secret.given_away(name, found.exempt)) or found.given_away(bytes_of(files[name]), own=True)
    return replace(found, held_back={name: how for name, how in held.items() if how})


def of_filed(filed: FiledFolder) -> Marks | None:
    """Those of a deposit as it was filed. Raises `Refused`."""
    if redactions.NAME not in filed.files:
        return None
    files = {name: filed.read(name) for name in filed.files if SIDECARS.fullmatch(name)}
    return marks(files, filed.read("turns.jsonl"), filed.place, filed.transcript().turns, filed.number)


def telling(chosen: FiledFolder, marked: Mapping[str, Marks]) -> set[str]:
    """Which analyses and preferences, by path without its ending, give away what is covered in another deposit."""
    found = set()
    for name in [*chosen.named("analyses/"), *chosen.named("preferences/")]:
        data = chosen.read(name)
        beside = chosen.read(f"{stem(name)}.toml") if f"{stem(name)}.toml" in chosen.files else b""
        named = [number for number in marked if number != chosen.number and number.encode() in data + beside]
        if any(marked[number].given_away(data) for number in named):
            found.add(stem(name))
    return found


def stem(name: str) -> str:
    """A path without its ending: what an analysis and its prose have in common."""
    return name.rpartition(".")[0]


def commitment(home: Home, folder: Path, life: Life) -> dict[str, bytes]:
    """``redaction.root`` and ``redaction.seed``, as they were filed first. Raises `Refused` where they are nowhere."""
    return {name: _own(home, folder, life, name) for name in ("redaction.root", "redaction.seed")}


def _own(home: Home, folder: Path, life: Life, name: str) -> bytes:
    place = home.relative(folder / name)
    try:
        listed, hidden = lists_of(home, folder, life, 1)
    except VerificationError as error:
        raise Refused([Problem(place, str(error), _CHANGED.format("the list"))]) from None
    digest = (listed | hidden).get(name)
    path = kept(home.store, folder / name, digest) if digest else None
    if path is None:
        raise Refused([Problem(place, "is not what was filed", _CHANGED.format(name))])
    return path.read_bytes()


def _beside(name: str) -> str:
    """An analysis and its prose go together: what one gives away keeps the other back."""
    other = {"md": "toml", "toml": "md"}.get(name.rpartition(".")[2], "")
    return f"{name.rpartition('.')[0]}.{other}" if name.startswith("analyses/") else name


def _judged(name: str) -> bool:
    return SIDECARS.fullmatch(name) is not None and name not in (redactions.NAME, "export.toml")


def _missing(mark: Redaction, turns: Turns, place: str) -> Problem:
    """That words do not stand where a mark says, with the nearest that do."""
    where = f"{place} {mark.place} “{mark.text}”"
    if mark.turn and "#" in mark.turn:
        interview, number = map(int, mark.turn.split("#"))
        if (turn := turns.get((interview, number))) is None or mark.text not in f"{turn.text}\n{turn.reasoning}":
            (problem, *_) = quotation.check(Quote(interview=interview, turn=number, exact=mark.text), turns, "")
            return Problem(where, problem.found, problem.remedy)
        return Problem(where, f"these words do not stand {mark.occurrence} times in {mark.turn}", "correct the number")
    what = "these words stand in no turn of it where they can be covered"
    return Problem(where, what, "copy the words exactly as they stand in the turn")


@cache
def _program() -> frozenset[str]:
    """Words of the program's own form: keys, hints, values of lists. They say nothing of a deposit."""
    return frozenset(word.casefold() for word in words(deposit_form(model="m")))


def _says(word: str | None) -> str | None:
    return f"says “{_line(word)}”" if word else None


def _line(text: str) -> str:
    return " ".join(text.split())
