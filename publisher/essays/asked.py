"""What the register says was asked for: how many texts, since when, and what came of it.

A notice ``asked`` names the hash of ``sampling.toml`` and how many texts it asks for, before the first call. With the
intake of each text that came another one is logged, which names that hash and the text's list of what arrived. So the
candidates are counted from the register alone; what they were asked, only who has one of them knows.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from archive.home.accession import Logged
from archive.register.register import Register
from archive.register.statement import SAMPLING


@dataclass(frozen=True, slots=True)
class Asked:
    """One sampling, as far as the register says."""

    digest: str
    """SHA-256 of ``sampling.toml``."""
    logged: Logged
    """Where that was logged."""
    candidates: int
    """How many texts were asked for."""
    came: list[str] = field(default_factory=list)
    """Accessions of those that came, in their order."""
    again: list[int] = field(default_factory=list)
    """Where the same was logged once more, as no program of ours does."""

    def number(self, accession: str) -> int:
        """1 for the first that came."""
        return self.came.index(accession) + 1


@dataclass(frozen=True, slots=True)
class Samplings:
    """All of them, oldest first, and which candidate belongs to which."""

    by_digest: Mapping[str, Asked]
    by_accession: Mapping[str, Asked]


def samplings(register: Register, size: int | None = None) -> Samplings:
    """Those among the first `size` statements; all of them unless told.

    Where a hash was logged twice, or an intake, the first time counts. Who says so of something that was never logged
    before says nothing.
    """
    by_digest: dict[str, Asked] = {}
    by_accession: dict[str, Asked] = {}
    for index, said in register.of_kind("notice", "asked"):
        if size is not None and index >= size:
            break
        digest, *others = said.subjects.values()
        if not others:
            if digest in by_digest:
                by_digest[digest].again.append(index)
            else:
                by_digest[digest] = Asked(digest, Logged(index, said.time), said.predicate["candidates"])
            continue
        accession = next(name for name in said.subjects if name != SAMPLING).partition("/")[0]
        if digest in by_digest and accession not in by_accession:
            by_digest[digest].came.append(accession)
            by_accession[accession] = by_digest[digest]
    return Samplings(by_digest, by_accession)
