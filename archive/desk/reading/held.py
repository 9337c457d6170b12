"""One interview as it was filed, with what may be shown of it to whoever asks."""

import io
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from archive.catalogue.catalogue import ask as asked_of
from archive.catalogue.reader import Reader, Row
from archive.catalogue.show import filed as filed_as
from archive.deposits import adherence
from archive.deposits.asked import Coders, coders
from archive.deposits.covering import Place, cover
from archive.deposits.deposit import Deposit
from archive.deposits.filed import FiledFolder
from archive.deposits.shelf import CODEBOOKS, PROTOCOLS
from archive.desk.ask import Ask
from archive.desk.reading.seen import Seen, of_deposit
from archive.errors import NotFound
from archive.home.home import Home
from archive.importers.turns import Turn
from archive.records.deposit_record import Setting
from archive.records.notes import Note
from archive.records.protocol import Protocol
from archive.records.quotation import Quote, locate
from archive.records.redactions import Redaction
from archive.wording import many


@dataclass(frozen=True, slots=True, kw_only=True)
class Quoting:
    """Words of a turn that an analysis or a preference quotes."""

    where: str
    """``2026-0041/first-reading``, ``M2026-0001/own-channel``"""
    claim: int
    """Of an analysis, from 1; 0 of a preference."""
    turn: int
    part: str
    exact: str
    span: tuple[int, int] | None
    """Where they stand in the turn, in code points; None where it is not clear which of several places is meant."""


AT_HAND = 4
"""Interviews whose turns are not read anew for each part of them: what has this SHA-256 stays as it is."""
_SPOKEN: dict[tuple[str, int], tuple[Turn, ...]] = {}


@dataclass(frozen=True)
class Held:
    """An interview. Lives as long as a request."""

    home: Home
    filed: FiledFolder
    deposit: Deposit
    number: int
    """In its deposit."""
    coder: str
    """Who asks."""
    seen: Seen

    @classmethod
    def of(cls, ask: Ask) -> "Held":
        """The one at ``interviews/2026-0041/3``. Raises `NotFound`; `Refused` where it is damaged."""
        filed, deposit = read(ask.home, ask.path["number"])
        named, last = ask.path.get("n") or ask.path["name"], deposit.transcript.interviews
        number = int(named) if numbered(named) else 0
        if not 1 <= number <= last:
            raise NotFound(f"{filed.number}/{named}: the deposit has {many(last, 'interview')}")
        return cls(ask.home, filed, deposit, number, ask.coder, of_deposit(ask, deposit))

    @property
    def address(self) -> str:
        return f"{self.filed.number}/{self.number}"

    @cached_property
    def turns(self) -> tuple[Turn, ...]:
        """What was said in it."""
        digest = self.filed.files.get("turns.jsonl")
        found = _SPOKEN.get((digest, self.number)) if digest else None
        if found is None:
            found = tuple(turn for turn in self.deposit.transcript.turns if turn.interview == self.number)
        if digest:
            _SPOKEN[digest, self.number] = found
            while len(_SPOKEN) > AT_HAND:
                _SPOKEN.pop(next(iter(_SPOKEN)), None)
        return found

    @cached_property
    def setting(self) -> Setting:
        return self.deposit.record.setting(self.number)

    @cached_property
    def coded(self) -> Coders:
        """What those coders say of it whose notes may be seen."""
        every = sorted(coders(self.deposit, self.number).items())
        return {coder: own for coder, own in every if coder in self.seen.coders}

    @property
    def numbered(self) -> Iterator[tuple[str, Note, int]]:
        """The same, one by one, each with its number in the coder's file, from 1."""
        for coder in self.coded:
            for number, note in enumerate(self.deposit.notes[coder].note, 1):
                if note.interview == self.number:
                    yield coder, note, number

    @cached_property
    def protocol(self) -> Protocol | None:
        """What it followed, where that was filed."""
        return PROTOCOLS.filed(self.home).get(self.setting.protocol)

    @cached_property
    def row(self) -> adherence.Row:
        """How far it went into its protocol, as ``archive coverage`` says, by the notes that may be seen."""
        return adherence.of_interview(self.address, self.setting, self.protocol, self.turns, self.coded)

    @cached_property
    def quoted(self) -> Mapping[int, list[Quoting]]:
        """Who quotes which words of which turn; nobody, where that may not be seen."""
        found: dict[int, list[Quoting]] = defaultdict(list)
        if not self.seen.readings:
            return found
        own = {quoting.where for quoting in self._claimed()}
        for quoting in (*self._claimed(), *self._elsewhere(own)):
            found[quoting.turn].append(quoting)
        return found

    @cached_property
    def covered(self) -> Mapping[int, list[tuple[Redaction, Place]]]:
        """Which words of which turn others do not see, and by which mark; here they are seen."""
        found: dict[int, list[tuple[Redaction, Place]]] = defaultdict(list)
        marks = self.deposit.redactions
        if marks and marks.standing and "turns.jsonl" in self.filed.files:
            lines = io.BytesIO(self.filed.read("turns.jsonl")).readlines()
            for mark, place in cover(lines, marks.standing).places:
                interview, _, turn = place.turn.partition("#")
                if interview == str(self.number):
                    found[int(turn)].append((mark, place))
        return found

    def _claimed(self) -> Iterator[Quoting]:
        """By the analyses of the same deposit, each at its very place."""
        turns = {turn.turn: turn for turn in self.turns}
        for slug, made in sorted(self.deposit.analyses.items()):
            for number, claim in enumerate(made.claim, 1):
                for quote in claim.quote:
                    if quote.interview in (self.number, self.address) and quote.turn in turns:
                        span = locate(quote, turns[quote.turn])
                        yield _quoting(f"{self.filed.number}/{slug}", number, quote, span)

    def _elsewhere(self, own: set[str]) -> Iterator[Quoting]:
        """By preferences, and by the analyses of other deposits, as the catalogue knows them."""
        turns = {turn.turn: turn for turn in self.turns}
        for row in asked_of(self.home, self._quotes):
            where = f"{row['accession']}/{row['slug']}"
            if where not in own and row["turn"] in turns:
                quote = Quote(interview=self.number, turn=row["turn"], part=row["part"], exact=row["exact"])
                claim = 0 if row["accession"].startswith("M") else row["claim"]
                yield _quoting(where, claim, quote, locate(quote, turns[row["turn"]]))

    def _quotes(self, reader: Reader) -> list[Row]:
        where = "quoted = :number AND interview = :interview ORDER BY accession, slug, claim, number"
        return reader.rows(f"SELECT * FROM quote WHERE {where}", number=self.filed.number, interview=self.number)


def numbered(name: str) -> bool:
    """Whether it is a number, as interviews and turns have them."""
    return bool(re.fullmatch(r"[1-9][0-9]{0,8}", name))


def read(home: Home, number: str) -> tuple[FiledFolder, Deposit]:
    """The deposit of this number, as it was filed. Raises `NotFound`; `Refused` where it is damaged."""
    filed = filed_as(home, number)
    return filed, filed.deposit(CODEBOOKS.filed(home))


def _quoting(where: str, claim: int, quote: Quote, span: tuple[int, int] | None) -> Quoting:
    return Quoting(where=where, claim=claim, turn=quote.turn, part=quote.part, exact=quote.exact, span=span)
