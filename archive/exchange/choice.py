"""Choosing what is in the reading room, by the register and the store; and again, by what was logged since.

What was chosen before is believed but for what a statement since then is about, and what rests on that. So where no
deposit is new none is read, however many there are, and the same is chosen as from nothing.
"""

import tomllib
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import Literal

from archive.deposits import dependence
from archive.deposits.dependence import Resting, as_filed, is_open, of_preference, open_list, resting_of
from archive.deposits.filed import FiledFolder, is_filed
from archive.deposits.names import COPY
from archive.exchange.reading_room import NOTHING, Considered, ReadingRoom, Shown, settings_of, wishes_of
from archive.exchange.selection import model_of, record_of
from archive.home.accession import Kind, Life, Lives
from archive.home.home import Home
from archive.records import redactions
from archive.register.register import Register


def reading_room(home: Home, size: int, authors: Collection[str], before: ReadingRoom | None = None) -> ReadingRoom:
    """What anyone may consult by the first `size` statements of the register; `authors` are the models of its essays.

    It is the same whether or not it was chosen `before`, by fewer statements of this register. Raises `Refused` where
    the store does not have what was logged.
    """
    known = before if before and before.size <= size else NOTHING
    choice = _Choice(home, size)
    touched = choice.touched(known.size)
    considered = choice.considered(known.considered, {number for number, kind in touched.items() if kind == "deposit"})
    told = [setting for each in considered.values() if each.shown for setting in each.settings]
    coding = {ref for each in considered.values() if each.shown for ref in each.codebooks}
    named = frozenset({*authors, *coding, *(each.model for each in told), *(each.protocol for each in told)})
    room = replace(
        known,
        deposits={number: each.shown for number, each in considered.items() if each.shown},
        size=size,
        named=named,
        considered=considered,
        measured={n: own for n, own in known.measured.items() if considered.get(n) is known.considered[n]},
    )
    if before is known and named == known.named and {"essay"}.issuperset(touched.values()):
        return room
    return replace(
        room,
        models=dict(choice.models(named)),
        protocols=dict(choice.versioned("protocol", {each.protocol for each in told})),
        codebooks=dict(choice.versioned("codebook", coding)),
    )


class _Choice:
    """Lives as long as a reading room is chosen; what it found of deposits it remembers meanwhile."""

    def __init__(self, home: Home, size: int) -> None:
        self.home, self.size, self.lives = home, size, Lives(home.register, size)
        self._found: dict[str, FiledFolder | None] = {}

    def touched(self, size: int) -> dict[str, Kind]:
        """What the statements from index `size` on are about; from the first on, the deposits are enough to know."""
        if not size:
            return {life.accession.number: "deposit" for life in self.lives.of("deposit")}
        since = self.home.register.since(size)[: self.size - size]
        names = sorted({name.split("/")[0] for statement in since for name in statement.subjects})
        return {life.accession.number: life.accession.kind for name in names if (life := self.lives.get(name))}

    def considered(self, before: Mapping[str, Considered], touched: set[str]) -> dict[str, Considered]:
        """The deposits of which something may be seen, in the order of filing; `touched` are other than they were.

        Where one is left out, so is what rests on it: all are considered again.
        """
        found = self._again(before, touched)
        if not all(each.shown for each in (*before.values(), *found.values())):
            found = self._from_nothing()
        return dict(sorted(found.items(), key=lambda item: item[1].index))

    def _again(self, before: Mapping[str, Considered], touched: set[str]) -> dict[str, Considered]:
        stay = {n: each for n, each in before.items() if n not in touched and touched.isdisjoint(each.rests)}
        again = {*touched, *(before.keys() - stay.keys())}
        return stay | {number: each for number in again if (each := self._considered(number))}

    def _from_nothing(self) -> dict[str, Considered]:
        numbers = [life.accession.number for life in self.lives.of("deposit")]
        closed: dict[str, Considered] = {}
        while True:
            found = {number: each for number in numbers if (each := self._considered(number))}
            more = {number: each for number, each in found.items() if not each.shown}
            if not more:
                return found | closed
            closed |= more
            self._found |= dict.fromkeys(more)  # what rests on these does not rest on anything that is shown

    def _considered(self, number: str) -> Considered | None:
        filed = self._open(number)
        if filed is None:
            return None
        resting = [resting_of(filed, name) for name in filed.named("analyses/", ".toml")]
        shown = self._shown(filed.life, self._without(filed, resting))
        return Considered(
            index=filed.accession.index,
            shown=shown,
            rests=frozenset().union(*(each.numbers for each in resting)),
            codebooks=frozenset(_coding(shown.filed)) if shown else frozenset(),
            settings=settings_of(shown.filed) if shown else (),
        )

    def models(self, named: frozenset[str]) -> Iterator[tuple[str, Shown]]:
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
                for slug, wish in wishes_of(filed)
                for name in [f"preferences/{slug}.toml"]
            ]
            if shown := self._shown(life, self._without(filed, wishes)):
                yield facts.id, shown

    def versioned(self, kind: Literal["protocol", "codebook"], named: Collection[str]) -> Iterator[tuple[str, Shown]]:
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

    def _open(self, number: str) -> FiledFolder | None:
        """A deposit that may be seen, as its newest open list has it; None of one that may not."""
        if number not in self._found:
            life = self.lives.get(number)
            self._found[number] = self._opened(life) if life and life.accession.kind == "deposit" else None
        return self._found[number]

    def _opened(self, life: Life) -> FiledFolder | None:
        if "deposit.toml" not in open_list(self.home.store, life):
            return None
        whole = as_filed(self.home.store, life)
        if any(said.kind == "redacted" for said in life.noticed) and redactions.NAME not in whole.files:
            return None  # covered words were taken out of the record of what is covered
        filed = self._listed(life)
        return filed if is_open(self.home.store, life) or record_of(filed).access.level == "described" else None

    def _listed(self, life: Life, version: int = 0) -> FiledFolder:
        """What one of its open lists names, the newest unless told, and nothing else."""
        filed = as_filed(self.home.store, life, version)
        return replace(filed, files={name: digest for name, digest in filed.listed.items() if is_filed(name)})

    def _without(self, filed: FiledFolder, resting: Sequence[Resting]) -> dict[str, str]:
        """Its files but those that rest on what may not be seen, or give covered words away."""
        others = {number: self._open(number) for each in resting for number in each.numbers}
        lives = {number: each.life for number, each in others.items() if each}
        closed = dependence.closed(self.home.store, lives, resting, filed.number)
        return {name: digest for name, digest in filed.files.items() if name not in closed}

    def _shown(self, life: Life, seen: Mapping[str, str]) -> Shown | None:
        """By the newest of its lists whose every file may be `seen`; None where there is none."""
        needed = {"deposit.toml", "turns.jsonl", COPY} & seen.keys()
        for version in range(len(life.lists), 0, -1):
            filed = self._listed(life, version)
            if filed.files and needed <= filed.files.keys() and filed.files.items() <= dict(seen).items():
                proof = partial(proof_of, self.home.register, life.intakes[version - 1].index)
                return Shown(filed=filed, version=version, proof=proof)
        return None


def proof_of(register: Register, index: int) -> bytes:
    """That the register has a list: as `Shown.proof` gives it."""
    return bytes(register.first_proof(index))


def _coding(filed: FiledFolder) -> Iterator[str]:
    """The codebooks that its notes name; what they say besides is not read."""
    for name in filed.named("notes/", ".toml"):
        named = tomllib.loads(filed.read(name).decode()).get("codebooks", [])
        yield from (ref for ref in named if isinstance(ref, str))
