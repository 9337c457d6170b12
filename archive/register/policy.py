"""Who must have seen a checkpoint for it to be believed: a trust policy (C2SP tlog-policy), as in ``register/policy``.

::

    log letters.example.org/register+9e9f2f51+AWxl… https://letters.example.org/register
    witness kestrel kestrel.example/witness+0f1c3a2b+BGx5… https://witness.kestrel.example
    witness plover plover.example/witness+8d7e6f50+BHh1…
    group QUORUM 1 kestrel plover
    quorum QUORUM

Names of witnesses and groups mean nothing outside the file. ``quorum none`` asks for no witness.
"""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType

from archive.errors import Malformed, Problem, Refused, VerificationError

from . import cosignature
from .note import Checkpoint, VerifierKey, open_checkpoint

NONE = "none"
GROUP = "QUORUM"
"""What `made` calls the group of all witnesses."""
_LONGEST = 1 << 20


@dataclass(frozen=True, slots=True)
class Log:
    """A register that is believed; several with one name are the keys of one register."""

    key: VerifierKey
    url: str = ""


@dataclass(frozen=True, slots=True)
class Witness:
    """Somebody who cosigns."""

    name: str
    key: VerifierKey
    url: str = ""
    """Where it is asked, C2SP tlog-witness's submission prefix; empty where that does not matter."""


@dataclass(frozen=True, slots=True)
class Group:
    """Has seen a checkpoint when `threshold` of its members have: witnesses, or groups."""

    threshold: int
    members: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Seen:
    """A checkpoint, and which of a policy's witnesses have seen it."""

    checkpoint: Checkpoint
    times: Mapping[str, int]
    """Name in the policy → when it cosigned, POSIX seconds."""
    quorum: bool
    """Whether they are enough."""


@dataclass(frozen=True, slots=True)
class Policy:
    """All of a file."""

    logs: tuple[Log, ...] = ()
    witnesses: tuple[Witness, ...] = ()
    groups: Mapping[str, Group] = field(default_factory=lambda: MappingProxyType({}))
    quorum: str = NONE
    """The name of a witness or a group, or ``none``."""

    @classmethod
    def parse(cls, data: bytes, place: str = "policy") -> "Policy":
        """Raises `Refused` with everything that is wrong; `place` is what messages call the file."""
        reading = _Reading(place)
        for number, line in enumerate(_lines(data, reading), 1):
            reading.line(number, line)
        if reading.quorum is None:
            reading.wrong(0, "expected a line «quorum NAME», found none", "«quorum none» asks for no witness")
        if reading.problems:
            raise Refused(reading.problems)
        return cls(tuple(reading.logs), tuple(reading.witnesses), reading.groups, reading.quorum or NONE)

    def __bytes__(self) -> bytes:
        lines = [f"log {log.key} {log.url}" for log in self.logs]
        lines += [f"witness {witness.name} {witness.key} {witness.url}" for witness in self.witnesses]
        lines += [f"group {name} {of.threshold} {' '.join(of.members)}" for name, of in self.groups.items()]
        return "".join(f"{line.rstrip()}\n" for line in [*lines, f"quorum {self.quorum}"]).encode(
            errors="surrogateescape"
        )

    def enough(self, names: Collection[str]) -> bool:
        """Whether these witnesses make the quorum."""
        if self.quorum == NONE:
            return True
        return self._holds(self.quorum, names)

    def _holds(self, name: str, names: Collection[str]) -> bool:
        if name in self.groups:
            group = self.groups[name]
            return sum(self._holds(member, names) for member in group.members) >= group.threshold
        return name in names

    def satisfied(self, note: str) -> Seen:
        """Who has seen the checkpoint in a note. Raises `Malformed`, or `VerificationError` if no log of this policy
        signed it under its own name, or if a cosignature of one of these witnesses is bad.
        """
        origin = note.partition("\n")[0]
        error: VerificationError = VerificationError(f"no log of the policy is called {origin[:80]!r}")
        for log in self.logs:
            if log.key.name == origin:
                try:
                    checkpoint = open_checkpoint(note, log.key)
                except VerificationError as wrong:
                    error = wrong
                    continue
                by_key = cosignature.of_witnesses(note, [witness.key for witness in self.witnesses])
                times = {each.name: by_key[each.key] for each in self.witnesses if each.key in by_key}
                return Seen(checkpoint, times, self.enough(times))
        raise error


def made(logs: Sequence[Log], witnesses: Sequence[Witness], quorum: int) -> Policy:
    """The policy that asks for any `quorum` of the witnesses; for none of them with 0."""
    if not quorum:
        return Policy(tuple(logs), tuple(witnesses))
    group = Group(quorum, tuple(witness.name for witness in witnesses))
    return Policy(tuple(logs), tuple(witnesses), {GROUP: group}, GROUP)


def _lines(data: bytes, reading: "_Reading") -> Iterator[str]:
    """Octets above 127 mean nothing here: what is no UTF-8 is carried along as it is."""
    if len(data) > _LONGEST:
        reading.wrong(0, f"expected at most {_LONGEST:,} bytes, found {len(data):,}")
        return
    text = data.decode(errors="surrogateescape")
    if text and not text.endswith("\n"):
        reading.wrong(text.count("\n") + 1, "expected a newline at its end, found none")
    yield from text.removesuffix("\n").split("\n") if text else ()


class _Reading:
    """A policy file line by line, and all that is wrong with it."""

    def __init__(self, place: str) -> None:
        self.place = place
        self.problems: list[Problem] = []
        self.logs: list[Log] = []
        self.witnesses: list[Witness] = []
        self.groups: dict[str, Group] = {}
        self.quorum: str | None = None
        self._grouped: set[str] = set()

    def wrong(self, number: int, found: str, remedy: str = "") -> None:
        self.problems.append(Problem(f"{self.place}:{number}" if number else self.place, found, remedy))

    def line(self, number: int, line: str) -> None:
        if any((ord(c) < 0x20 and c != "\t") or ord(c) == 0x7F for c in line):
            self.wrong(number, "expected no control characters but tabs, found one")
            return
        words = line.replace("\t", " ").strip(" ").split(" ")
        words = [word for word in words if word]
        if not words or words[0].startswith("#"):
            return
        forms: dict[str, tuple[str, range, Callable[[int, list[str]], None]]] = {
            "log": ("log VKEY [URL]", range(2, 4), self._log),
            "witness": ("witness NAME VKEY [URL]", range(3, 5), self._witness),
            "group": ("group NAME all|any|K NAME…", range(4, len(words) + 1), self._group),
            "quorum": ("quorum NAME", range(2, 3), self._quorum),
        }
        form, lengths, take = forms.get(words[0], ("log, witness, group or quorum", range(0), self._quorum))
        if len(words) not in lengths:
            self.wrong(number, f"expected {form}, found {' '.join(words)[:80]!r}")
        else:
            take(number, words)

    def _key(self, number: int, text: str, algorithm: int, known: Collection[VerifierKey]) -> VerifierKey | None:
        try:
            key = VerifierKey.parse(text)
        except Malformed as error:
            self.wrong(number, str(error))
            return None
        if key.algorithm != algorithm:
            kind = "a register's key (its type is 0x01)" if algorithm == 1 else "a witness's key (its type is 0x04)"
            self.wrong(number, f"expected {kind}, found {text[:80]!r}")
            return None
        if key.public in [each.public for each in known]:
            self.wrong(number, f"has the same key as another line: {text[:80]!r}", "each counts once")
            return None
        return key

    def _log(self, number: int, words: list[str]) -> None:
        key = self._key(number, words[1], 1, [log.key for log in self.logs])
        if key:
            self.logs.append(Log(key, *words[2:]))

    def _witness(self, number: int, words: list[str]) -> None:
        key = self._key(number, words[2], cosignature.ALGORITHM, [witness.key for witness in self.witnesses])
        if self._new(number, words[1]) and key:
            self.witnesses.append(Witness(words[1], key, *words[3:]))

    def _group(self, number: int, words: list[str]) -> None:
        name, needed, *members = words[1:]
        for member in members:
            if not self._known(member):
                self.wrong(number, f"expected witnesses or groups of the lines before, found {member[:80]!r}")
            elif member in self._grouped or members.count(member) > 1:
                self.wrong(number, f"{member[:80]!r} is a member already", "each counts in one way only")
        limit = {"all": len(members), "any": 1}.get(needed)
        if limit is None:
            counted = needed.isascii() and needed.isdecimal() and not needed.startswith("0") and len(needed) < 10
            limit = int(needed) if counted else 0
        if not 1 <= limit <= len(members):
            self.wrong(number, f"expected all, any, or a number from 1 to {len(members)}, found {needed[:80]!r}")
        if self._new(number, name):
            self.groups[name] = Group(limit, tuple(members))
            self._grouped |= {*members}

    def _quorum(self, number: int, words: list[str]) -> None:
        if self.quorum is not None:
            self.wrong(number, "expected one quorum line, found another")
        elif words[1] != NONE and not self._known(words[1]):
            self.wrong(number, f"expected a witness or group of the lines before, found {words[1][:80]!r}")
        self.quorum = words[1]

    def _new(self, number: int, name: str) -> bool:
        """Whether a name is free."""
        if name == NONE or self._known(name):
            what = "is no name for a witness or group" if name == NONE else "is the name of another line"
            self.wrong(number, f"{name[:80]!r} {what}")
            return False
        return True

    def _known(self, name: str) -> bool:
        return name in self.groups or name in [witness.name for witness in self.witnesses]
