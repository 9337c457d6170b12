"""What the witnesses of a site have seen of its register, and between which times each statement came into it."""

import dataclasses
import datetime as dt
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from archive.errors import Malformed, Problem, VerificationError
from archive.register.bracket import Bracket, Sighting, Sightings
from archive.register.cosigned import NAME, SIZES, listing
from archive.register.policy import Log, Policy, Seen, made
from archive.register.statement import Statement, encode_time
from archive.wording import many
from publisher.verify.site.register import Opened

FOLDER = f"register/{NAME}/"
SLACK = dt.timedelta(hours=1)
"""By which the clocks of a publisher and a witness may differ before a date is in doubt."""
_LARGEST = 1 << 16
"""Bytes of a checkpoint with all its cosignatures."""


@dataclass(frozen=True, slots=True)
class Witnessed:
    """Which of a site's witnesses have seen what, by the site's own word who they are; and what is wrong with that."""

    sightings: Sightings
    problems: tuple[Problem, ...]

    @property
    def of(self) -> int:
        """How many witnesses there are."""
        return len(self.sightings.policy.witnesses)

    @property
    def keys(self) -> list[str]:
        """The names they sign under: ``kestrel.example/witness``."""
        return [witness.key.name for witness in self.sightings.policy.witnesses]

    def bracket(self, index: int) -> Bracket:
        """Between which times entry `index` came into the register."""
        return self.sightings.bracket(index)

    def seen_before(self, index: int, later: int) -> bool:
        """Whether enough of them had seen entry `index` while entry `later` was not there yet."""
        return self.sightings.enough(self.sightings.between(index, later))

    def seen(self, size: int) -> list[str]:
        """Who has seen a register of `size` statements or more."""
        return [name for name, largest in self.sightings.largest().items() if largest >= size]

    def enough(self, size: int) -> bool:
        """Whether those are a quorum; never without a witness."""
        return self.sightings.enough(self.seen(size))

    def facts(self, size: int) -> Mapping[str, object]:
        """For programs: how far each has seen a register of `size` statements."""
        largest = self.sightings.largest()
        seen = {each.name: largest.get(each.name, 0) for each in self.sightings.policy.witnesses}
        return {"witnesses": seen, "quorum": self.enough(size)}

    def contradicted(self, statements: Sequence[Statement]) -> Iterator[str]:
        """Statements that say a time at which they cannot have been made, by their witnesses; a sentence each.

        A review alone may be earlier than its entry, since somebody signs it elsewhere.
        """
        for index, statement in enumerate(statements):
            found = self.bracket(index)
            late = found.before and statement.time > found.before.time + SLACK
            early = found.after and statement.time < found.after.time - SLACK and statement.kind != "review"
            if late or early:
                yield f"entry {index} says {encode_time(statement.time)}, and its witnesses saw it come in {found}"


def read(site: Opened) -> Witnessed:
    """What they have seen. Raises `Error` where `look` finds a problem."""
    seen = look(site)
    if seen.problems:
        raise VerificationError(str(seen.problems[0]))
    return seen


def look(site: Opened) -> Witnessed:
    """Whatever lies under ``register/cosigned/``, compared with the register. Raises `Error` without a policy."""
    own = Policy.parse(site.folder.data("register/policy"), "register/policy")
    policy = dataclasses.replace(own, logs=tuple(map(Log, site.keys)))
    problems = [*_strange(site)]
    logged = site.policies[-1].data if site.policies else bytes(made([Log(site.register.key)], (), 0))
    if site.folder.data("register/policy") != logged:
        problems.append(Problem("register/policy", "is not the one that was logged last before what is shown"))
    sightings, latest = [], dict[str, int]()
    for size, name in [*_names(site), (site.register.size, "register/checkpoint")]:
        try:
            seen = _seen(site, policy, size, name)
        except VerificationError as error:
            problems.append(Problem(name, str(error)))
        else:
            sightings.append(Sighting(size, seen.times))
            backwards = [witness for witness, time in seen.times.items() if time < latest.get(witness, 0)]
            what = "saw it before it saw fewer statements: times never run backwards"
            problems += [Problem(name, f"{witness} {what}") for witness in backwards]
            latest |= seen.times
    return Witnessed(Sightings(policy, sightings), tuple(problems))


def _strange(site: Opened) -> Iterator[Problem]:
    known = {name for _, name in _names(site)}
    listed = f"register/{SIZES}"
    for name in sorted(name for name in site.folder.names if name.startswith(FOLDER)):
        if name not in {*known, listed}:
            yield Problem(name, "is not called by the size of a cosigned checkpoint")
    if known and listed not in site.folder.names:
        yield Problem(listed, "is missing, though there are cosigned checkpoints")
    elif listed in site.folder.names and site.folder.data(listed) != listing(size for size, _ in _names(site)):
        yield Problem(listed, "does not list the cosigned checkpoints that are there")


def _names(site: Opened) -> list[tuple[int, str]]:
    """Size and path of the cosigned checkpoints, from the smallest."""
    names = ((name.removeprefix(FOLDER), name) for name in site.folder.names if name.startswith(FOLDER))
    return sorted((int(last), name) for last, name in names if re.fullmatch(r"0|[1-9]\d{0,17}", last, re.ASCII))


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
