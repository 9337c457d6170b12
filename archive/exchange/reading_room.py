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
"""

import html
import re
import tomllib
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache, partial
from typing import Literal, TypeVar

from archive.deposits import dependence
from archive.deposits.dependence import Resting, as_filed, is_open, of_analysis, of_preference, open_list
from archive.deposits.deposit import Deposit
from archive.deposits.filed import FiledFolder, is_filed, kept, versioned
from archive.deposits.names import COPY
from archive.errors import Problem, Refused, accepted
from archive.home.accession import Life, Lives, Logged
from archive.home.home import Home
from archive.importers.turns import Turn
from archive.records import ai_model, analysis, codebook, deposit_record, notes, preference, protocol, redactions
from archive.records.ai_model import AIModel
from archive.records.codebook import Codebook
from archive.records.deposit_record import DepositRecord
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
    problems: tuple[Problem, ...] = ()
    """What might be shown and cannot be, and why."""

    @cached_property
    def records(self) -> Mapping[str, DepositRecord]:
        """Of each deposit, by number. Raises `Refused`."""
        return {number: record_of(each.filed) for number, each in self.deposits.items()}

    def access(self, number: str) -> Access:
        """Whether a deposit can be read, or is only described."""
        return "public" if _turns(self.deposits[number].filed) else "described"

    @cached_property
    def sizes(self) -> Mapping[str, Mapping[int, tuple[int, ...]]]:
        """Of each public deposit, by number: interview → about how many bytes of HTML each turn takes, with its notes.

        Raises `Refused`.
        """
        return {number: self._sizes(each.filed) for number, each in self.deposits.items() if _turns(each.filed)}

    def _sizes(self, filed: FiledFolder) -> Mapping[int, tuple[int, ...]]:
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
        return {name: dict(_wishes(each.filed)) for name, each in self.models.items()}

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


# ── choosing ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def reading_room(home: Home, size: int, authors: Collection[str]) -> ReadingRoom:
    """What anyone may consult by the first `size` statements of the register; `authors` are the models of its essays.

    Raises `Refused` where the store does not have what was logged.
    """
    chosen = _Choice(home, Lives(home.register, size))
    deposits = dict(chosen.deposits())
    room = ReadingRoom(deposits=deposits, models={}, protocols={}, codebooks={})
    settings = [
        record.setting(n)
        for number, record in room.records.items()
        for n in range(1, (deposits[number].filed.head.interviews if room.access(number) == "public" else 1) + 1)
    ]
    named = {setting.model for setting in settings} | set(authors)
    coding = {ref for each in deposits.values() for ref in _coding(each.filed)}
    return replace(
        room,
        models=dict(chosen.models(named)),
        protocols=dict(chosen.versioned("protocol", {setting.protocol for setting in settings})),
        codebooks=dict(chosen.versioned("codebook", coding)),
        problems=tuple(chosen.problems),
    )


class _Choice:
    """Lives as long as a reading room is made; `problems` grows meanwhile."""

    def __init__(self, home: Home, lives: Lives) -> None:
        self.home, self.lives = home, lives
        self.problems: list[Problem] = []

    def deposits(self) -> Iterator[tuple[str, Shown]]:
        """Those that may be seen, with what rests on others that are not left out."""
        found = dict(self._chosen())
        while found.keys() != self._open.keys():
            self._open = {number: filed for number, filed in self._open.items() if number in found}
            found = dict(self._chosen())
        yield from found.items()

    def _chosen(self) -> Iterator[tuple[str, Shown]]:
        for number, filed in self._open.items():
            analyses = (_resting(filed, name) for name in filed.named("analyses/", ".toml"))
            if shown := self._shown(filed.life, self._without(filed, analyses)):
                yield number, shown

    def models(self, named: set[str]) -> Iterator[tuple[str, Shown]]:
        """Those that go by one of these names."""
        for life in self.lives.of("model"):
            filed = self._listed(life)
            if "model.toml" not in filed.files:
                continue
            facts = model_of(filed)
            if named.isdisjoint((facts.id, *facts.aliases)):
                continue
            wishes = [
                of_preference(name, wish, filed.read(name))
                for slug, wish in _wishes(filed)
                for name in [f"preferences/{slug}.toml"]
            ]
            if shown := self._shown(life, self._without(filed, wishes)):
                yield facts.id, shown

    def versioned(self, kind: Literal["protocol", "codebook"], named: set[str]) -> Iterator[tuple[str, Shown]]:
        """Those of which a version is among these, up to the newest that is."""
        wanted: dict[str, int] = {}
        for ref in named:
            name, _, version = ref.partition("@")
            wanted[name] = max(wanted.get(name, 0), int(version or 0))
        for life in self.lives.of(kind):
            filed = self._listed(life)
            versions = {int(name.removesuffix(".toml")): name for name in filed.named("", ".toml")}
            name = str(tomllib.loads(filed.read(next(iter(versions.values()))).decode())["id"]) if versions else ""
            seen = {own: filed.files[own] for number, own in versions.items() if number <= wanted.get(name, 0)}
            if seen and (shown := self._shown(life, seen)):
                yield name, shown

    @cached_property
    def _open(self) -> Mapping[str, FiledFolder]:
        """The deposits that may be seen, as their newest open list has them."""
        found = {}
        for life in self.lives.of("deposit"):
            listed = open_list(self.home.store, life)
            if "deposit.toml" not in listed:
                continue
            whole = as_filed(self.home.store, life)
            if any(said.kind == "redacted" for said in life.noticed) and redactions.NAME not in whole.files:
                continue  # covered words were taken out of the record of what is covered
            filed = self._listed(life)
            if is_open(self.home.store, life) or record_of(filed).access.level == "described":
                found[life.accession.number] = filed
        return found

    def _listed(self, life: Life, version: int = 0) -> FiledFolder:
        """What one of its open lists names, the newest unless told, and nothing else."""
        filed = as_filed(self.home.store, life, version)
        return replace(filed, files={name: digest for name, digest in filed.listed.items() if is_filed(name)})

    def _without(self, filed: FiledFolder, resting: Iterable[Resting]) -> dict[str, str]:
        """Its files but those that rest on what may not be seen, or give covered words away."""
        lives = {number: each.life for number, each in self._open.items()}
        closed = dependence.closed(self.home.store, lives, resting, filed.number)
        return {name: digest for name, digest in filed.files.items() if name not in closed}

    def _shown(self, life: Life, seen: Mapping[str, str]) -> Shown | None:
        """By the newest of its lists whose every file may be `seen`; None, and a problem, where there is none."""
        needed = {"deposit.toml", "turns.jsonl", COPY} & seen.keys()
        for version in range(len(life.lists), 0, -1):
            filed = self._listed(life, version)
            if filed.files and needed <= filed.files.keys() and filed.files.items() <= dict(seen).items():
                proof = partial(self._proof, life.intakes[version - 1].index)
                return Shown(filed=filed, version=version, proof=proof)
        what = "may be seen, and each of its intake lists names something that may not"
        self.problems.append(Problem(life.accession.number, what, "file its folder again: `archive file`"))
        return None

    def _proof(self, index: int) -> bytes:
        return bytes(self.home.register.first_proof(index))


def _resting(filed: FiledFolder, name: str) -> Resting:
    data, prose = filed.read(name), filed.read(f"{name.removesuffix('.toml')}.md")
    return of_analysis(name, accepted(analysis.read(data, f"{filed.place}/{name}")), data, prose)


def _coding(filed: FiledFolder) -> Iterator[str]:
    """The codebooks that its notes name; what they say besides is not read."""
    for name in filed.named("notes/", ".toml"):
        named = tomllib.loads(filed.read(name).decode()).get("codebooks", [])
        yield from (ref for ref in named if isinstance(ref, str))


# ── reading ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def record_of(filed: FiledFolder) -> DepositRecord:
    """A deposit's record. Raises `Refused`."""
    interviews = filed.head.interviews if _turns(filed) else None
    place = f"{filed.place}/deposit.toml"
    return accepted(deposit_record.read(filed.read("deposit.toml"), place, interviews=interviews))


def model_of(filed: FiledFolder) -> AIModel:
    """A model's facts. Raises `Refused`."""
    return accepted(ai_model.read(filed.read("model.toml"), f"{filed.place}/model.toml"))


_NOTED = 160
"""Bytes of HTML about a note that it does not say."""


def _size(value: object) -> int:
    return len(html.escape(str(value)).encode())


def _turns(filed: FiledFolder) -> bool:
    return not {"turns.jsonl", COPY}.isdisjoint(filed.files)


def _wishes(filed: FiledFolder) -> Iterator[tuple[str, Preference]]:
    for name in filed.named("preferences/", ".toml"):
        slug = name.removeprefix("preferences/").removesuffix(".toml")
        yield slug, accepted(preference.read(filed.read(name), f"{filed.place}/{name}"))


def _versions(filed: FiledFolder, read: Callable[[bytes, str], R | list[Problem]]) -> Iterator[R]:
    for name in sorted(filed.named("", ".toml"), key=lambda name: int(name.removesuffix(".toml"))):
        yield accepted(read(filed.read(name), f"{filed.place}/{name}"))
