"""The reading room: what of the archive anyone may consult, as it stood when the register had so many statements.

It is told by the register and the store alone; what lies in a folder now changes nothing. Each folder is shown as one
of its open lists has it, the newest of which every file may be seen: so a stranger can hold each file against the
register, and misses none that the list names.

==============  =======================================================================================================
deposits        that are public or were released, whole but for what their open list leaves out (`deposits.filing`);
                of those that are described only ``deposit.toml``
models          that one of these, or an essay that was published, names
protocols       that one of these followed, with the versions before it; codebooks likewise, that their notes name
==============  =======================================================================================================

What is in it is chosen by `archive.exchange.choice`; whoever checks a site takes what lies there.
"""

import html
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from typing import Literal, TypeVar

from archive.deposits.deposit import Deposit
from archive.deposits.filed import FiledFolder, kept, versioned
from archive.deposits.names import COPY
from archive.errors import Problem, Refused, accepted
from archive.exchange.selection import model_of, record_of
from archive.home.accession import Logged
from archive.importers.turns import Turn
from archive.records import codebook, notes, preference, protocol
from archive.records.ai_model import AIModel
from archive.records.codebook import Codebook
from archive.records.deposit_record import DepositRecord, Setting
from archive.records.preference import Preference
from archive.records.protocol import Protocol

PRIVATE = re.compile(r"private(-\d+)?\.sums")
"""What an open list names and nobody may see."""
Access = Literal["public", "described"]
R = TypeVar("R")


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """A folder as it is shown: what one of its open lists names, that list, its nonce, and the proof of it."""

    filed: FiledFolder
    """Its files are those of the list, and the list."""
    version: int
    """Which of its lists that is, from 1."""
    proof: Callable[[], bytes]
    """That the register has the list: a C2SP tlog-proof, made or read when it is asked for."""

    @property
    def number(self) -> str:
        """Its accession."""
        return self.filed.number

    @property
    def name(self) -> str:
        """One that never means anything else in one register: ``2026-0041:2``."""
        return f"{self.number}:{self.version}"

    @property
    def logged(self) -> Logged:
        """Where the list stands in the register."""
        return self.filed.life.intakes[self.version - 1]

    @property
    def list(self) -> str:
        """``intake-2.sums``"""
        return versioned("intake.sums", self.version)

    @property
    def files(self) -> Mapping[str, str]:
        """Everything that is shown of it but the proof: path in the folder → SHA-256; also what the program wrote."""
        listed = {name: digest for name, digest in self.filed.listed.items() if not PRIVATE.fullmatch(name)}
        return {**listed, self.list: self.filed.life.lists[self.version - 1]}

    def read(self, name: str) -> bytes:
        """One of these files. Raises `Refused` where its bytes are nowhere."""
        found = kept(self.filed.store, self.filed.folder / name, self.files[name])
        if found is None:
            raise Refused([self.filed.lost(name)])
        return found.read_bytes()


Sizes = Mapping[int, tuple[int, ...]]
"""Interview → about how many bytes of HTML each turn takes, with its notes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Considered:
    """A deposit of which something may be seen: what came of it."""

    index: int
    """Of the statement that it was first filed with."""
    shown: Shown | None
    """None where each of its lists names something that may not be seen."""
    rests: frozenset[str]
    """Numbers of the other deposits that its analyses rest on: this changes with what becomes of them."""
    codebooks: frozenset[str]
    """``id@version``, that its notes name."""
    settings: tuple[Setting, ...]
    """Of its interviews, from the first on."""


@dataclass(frozen=True, kw_only=True)
class ReadingRoom:
    """What anyone may consult; every record in it is read once, when somebody asks for it."""

    deposits: Mapping[str, Shown]
    """By number, in the order of filing."""
    models: Mapping[str, Shown]
    """By id."""
    protocols: Mapping[str, Shown]
    """By id."""
    codebooks: Mapping[str, Shown]
    """By id."""
    size: int = 0
    """By how many statements it was chosen."""
    named: frozenset[str] = frozenset()
    """The models, protocols and codebooks that were looked for."""
    considered: Mapping[str, Considered] = field(default_factory=dict)
    """By number, where it was chosen and not found."""
    measured: Mapping[str, Sizes] = field(default_factory=dict)
    """Of `sizes`, those that are known."""

    @property
    def problems(self) -> tuple[Problem, ...]:
        """What might be shown and cannot be, and why."""
        what = "may be seen, and each of its intake lists names something that may not"
        closed = [number for number, each in self.considered.items() if each.shown is None]
        return tuple(Problem(number, what, "file its folder again: `archive file`") for number in closed)

    def names(self, numbers: Iterable[str]) -> tuple[str, ...]:
        """`Shown.name` of those of these deposits that are shown, in the order of filing."""
        wanted = {*numbers}
        return tuple(each.name for number, each in self.deposits.items() if number in wanted)

    def rests(self, number: str) -> tuple[str, ...]:
        """`Shown.name` of the other deposits that its analyses rest on; of all, where that is not known."""
        known = self.considered.get(number)
        return self.names(known.rests if known else self.deposits)

    @cached_property
    def settings(self) -> Mapping[str, tuple[Setting, ...]]:
        """Of each interview of each deposit, by number. Raises `Refused`."""
        known = self.considered
        return {n: known[n].settings if n in known else settings_of(each.filed) for n, each in self.deposits.items()}

    def record(self, number: str) -> DepositRecord:
        """Of one deposit. Raises `Refused`."""
        if number not in self._records:
            self._records[number] = record_of(self.deposits[number].filed)
        return self._records[number]

    @cached_property
    def _records(self) -> dict[str, DepositRecord]:
        return {}

    def access(self, number: str) -> Access:
        """Whether a deposit can be read, or is only described."""
        return "public" if _turns(self.deposits[number].filed) else "described"

    @cached_property
    def sizes(self) -> Mapping[str, Sizes]:
        """Of each public deposit, by number. Raises `Refused`."""
        public = {number: each.filed for number, each in self.deposits.items() if _turns(each.filed)}
        return {number: self.measured.get(number) or self._sizes(filed) for number, filed in public.items()}

    def _sizes(self, filed: FiledFolder) -> Sizes:
        found: dict[int, list[int]] = {interview: [] for interview in range(1, filed.head.interviews + 1)}
        for turn in filed.turns():
            found[turn["interview"]].append(sum(map(_size, turn.values())))
        for name in filed.named("notes/", ".toml"):
            for note in accepted(notes.read(filed.read(name), f"{filed.place}/{name}", codebooks=self.coding)).note:
                said = (note.quote, note.text, *(part for c in note.coded for part in (c.code, c.value, c.text)))
                if note.turn <= len(found.get(note.interview, ())):  # else whoever checks the records says so
                    found[note.interview][note.turn - 1] += _NOTED + sum(map(_size, said))
        return {interview: tuple(own) for interview, own in found.items()}

    @cached_property
    def facts(self) -> Mapping[str, AIModel]:
        """Of each model, by id. Raises `Refused`."""
        return {name: model_of(each.filed) for name, each in self.models.items()}

    @cached_property
    def wishes(self) -> Mapping[str, Mapping[str, Preference]]:
        """Model → slug → the preferences that are shown, by slug. Raises `Refused`."""
        return {name: dict(wishes_of(each.filed)) for name, each in self.models.items()}

    @cached_property
    def asking(self) -> Mapping[str, Protocol]:
        """The protocols by ``id@version``, the versions of each in order. Raises `Refused`."""
        return {each.ref: each for shown in self.protocols.values() for each in _versions(shown.filed, protocol.read)}

    @cached_property
    def coding(self) -> Mapping[str, Codebook]:
        """The codebooks by ``id@version``. Raises `Refused`."""
        return {each.ref: each for shown in self.codebooks.values() for each in _versions(shown.filed, codebook.read)}

    def deposit(self, number: str) -> Deposit:
        """One that is public, read whole; the last one is kept, since pages come in their order. Raises `Refused`."""
        return self._deposit(number)

    def spoken(self, number: str, interview: int) -> tuple[Turn, ...]:
        """The turns of one interview of a public deposit; kept likewise. Raises `Refused`."""
        return self._spoken(number, interview)

    @cached_property
    def _spoken(self) -> Callable[[str, int], tuple[Turn, ...]]:
        def read(number: str, interview: int) -> tuple[Turn, ...]:
            return tuple(turn for turn in self.deposit(number).transcript.turns if turn.interview == interview)

        return lru_cache(maxsize=1)(read)

    @cached_property
    def _deposit(self) -> Callable[[str], Deposit]:
        return lru_cache(maxsize=1)(lambda number: self.deposits[number].filed.deposit(self.coding))


NOTHING = ReadingRoom(deposits={}, models={}, protocols={}, codebooks={})


# ── reading ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def settings_of(filed: FiledFolder) -> tuple[Setting, ...]:
    """Of a deposit's interviews; of one that is only described there is one. Raises `Refused`."""
    record = record_of(filed)
    return tuple(record.setting(n) for n in range(1, (filed.head.interviews if _turns(filed) else 1) + 1))


def wishes_of(filed: FiledFolder) -> Iterator[tuple[str, Preference]]:
    """The preferences in a model's folder, each with its slug. Raises `Refused`."""
    for name in filed.named("preferences/", ".toml"):
        slug = name.removeprefix("preferences/").removesuffix(".toml")
        yield slug, accepted(preference.read(filed.read(name), f"{filed.place}/{name}"))


_NOTED = 160
"""Bytes of HTML about a note that it does not say."""


def _size(value: object) -> int:
    return len(html.escape(str(value)).encode())


def _turns(filed: FiledFolder) -> bool:
    return not {"turns.jsonl", COPY}.isdisjoint(filed.files)


def _versions(filed: FiledFolder, read: Callable[[bytes, str], R | list[Problem]]) -> Iterator[R]:
    for name in sorted(filed.named("", ".toml"), key=lambda name: int(name.removesuffix(".toml"))):
        yield accepted(read(filed.read(name), f"{filed.place}/{name}"))
