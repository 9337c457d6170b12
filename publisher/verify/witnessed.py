"""What the witnesses of a site have seen of its register, and between which times each statement came into it."""

import dataclasses
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

from archive.errors import Malformed, Problem, VerificationError
from archive.register.bracket import Bracket, Sighting, bracket
from archive.register.cosigned import NAME
from archive.register.policy import NONE, Log, Policy, Seen, made
from archive.wording import many
from publisher.verify.opened import Opened

FOLDER = f"register/{NAME}/"
_LARGEST = 1 << 16
"""Bytes of a checkpoint with all its cosignatures."""


@dataclass(frozen=True, slots=True)
class Witnessed:
    """A policy, and which of its witnesses have seen what; by the site's own word who they are."""

    policy: Policy
    sightings: Sequence[Sighting]
    """From the smallest."""

    @property
    def of(self) -> int:
        """How many witnesses there are."""
        return len(self.policy.witnesses)

    @property
    def keys(self) -> list[str]:
        """The names they sign under: ``kestrel.example/witness``."""
        return [witness.key.name for witness in self.policy.witnesses]

    def bracket(self, index: int) -> Bracket:
        """Between which times entry `index` came into the register."""
        return bracket(index, self.sightings, self.policy)

    def seen_before(self, index: int, later: int) -> bool:
        """Whether enough of them had seen entry `index` while entry `later` was not there yet."""
        names = {name for each in self.sightings if index < each.size <= later for name in each.times}
        return self._quorum(names)

    def seen(self, size: int) -> tuple[str, ...]:
        """Who has seen a register of `size` statements or more."""
        names = {name for sighting in self.sightings if sighting.size >= size for name in sighting.times}
        return tuple(each.name for each in self.policy.witnesses if each.name in names)

    def enough(self, size: int) -> bool:
        """Whether those are a quorum; never without a witness."""
        return self._quorum(self.seen(size))

    def _quorum(self, names: Collection[str]) -> bool:
        return bool(names) and (self.policy.quorum == NONE or self.policy.enough(names))

    def facts(self, size: int) -> Mapping[str, object]:
        """For programs: how far each has seen a register of `size` statements."""
        last = {name: each.size for each in self.sightings for name in each.times}
        seen = {each.name: last.get(each.name, 0) for each in self.policy.witnesses}
        return {"witnesses": seen, "quorum": self.enough(size)}


def policy_of(site: Opened) -> Policy:
    """The one the site names its witnesses in, for the register that is being checked. Raises `Refused`."""
    own = Policy.parse(site.folder.data("register/policy"), "register/policy")
    return dataclasses.replace(own, logs=(Log(site.register.key),))


def read(site: Opened) -> Witnessed:
    """Raises `Error` where `problems` finds something."""
    policy = policy_of(site)
    notes = [site.folder.text(name) for _, name in _names(site)]
    notes.append(site.folder.text("register/checkpoint"))
    seen = [policy.satisfied(note) for note in notes]
    return Witnessed(policy, [Sighting(each.checkpoint.size, each.times) for each in seen])


def problems(site: Opened) -> Iterator[Problem]:
    """Whatever lies under ``register/cosigned/`` and is no beginning of this register that witnesses have seen."""
    policy, latest = policy_of(site), dict[str, int]()
    logged = site.policies[-1].data if site.policies else bytes(made([Log(site.register.key)], (), 0))
    if site.folder.data("register/policy") != logged:
        yield Problem("register/policy", "is not the one that was logged last before what is shown")
    for name in sorted(name for name in site.folder.names if name.startswith(FOLDER)):
        if name not in [each for _, each in _names(site)]:
            yield Problem(name, "is not called by the size of a cosigned checkpoint")
    for size, name in _names(site):
        try:
            seen = _seen(site, policy, size, name)
        except VerificationError as error:
            yield Problem(name, str(error))
            continue
        for witness, time in seen.times.items():
            if time < latest.get(witness, 0):
                yield Problem(name, f"{witness} saw it before it saw fewer statements: times never run backwards")
            latest[witness] = max(time, latest.get(witness, 0))
    try:
        policy.satisfied(site.folder.text("register/checkpoint"))
    except VerificationError as error:
        yield Problem("register/checkpoint", str(error))


def _names(site: Opened) -> list[tuple[int, str]]:
    """Size and path of the cosigned checkpoints, from the smallest."""
    names = ((name.removeprefix(FOLDER), name) for name in site.folder.names if name.startswith(FOLDER))
    return sorted((int(last), name) for last, name in names if last.isdecimal() and str(int(last[:18])) == last)


def _seen(site: Opened, policy: Policy, size: int, name: str) -> Seen:
    """Raises `VerificationError` unless it is a checkpoint of this register, and its cosignatures are good."""
    if len(site.folder.data(name)) > _LARGEST:
        raise Malformed("is larger than any checkpoint")
    seen = policy.satisfied(site.folder.text(name))
    if seen.checkpoint.size != size:
        raise VerificationError(f"is the checkpoint of {many(seen.checkpoint.size, 'statement')}")
    if size > site.register.size or site.register.tree.root(size) != seen.checkpoint.root:
        what = "is signed by this register's key, and is no beginning of this register"
        raise VerificationError(f"{what}: two histories; keep both checkpoints")
    return seen
