"""The audit itself: from the register to every file of a home."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from archive.audit import folders, lying, published, stored, surroundings
from archive.audit import logged as registers
from archive.audit.account import Account
from archive.audit.finding import Finding
from archive.audit.intakes import Folders, said
from archive.home.store import Elsewhere, FolderStore, Held
from archive.register import times
from archive.register.statement import Statement

_KINDS = ("deposit", "model", "protocol", "codebook", "essay")


@dataclass(frozen=True, slots=True, kw_only=True)
class Audited:
    """What a home holds and what is wrong with it."""

    counts: Mapping[str, int]
    """How much there is, by what it is called: ``{"deposit": 12, "model": 3, …, "statement": 41, "file": 512}``."""
    findings: tuple[Finding, ...]
    remarks: tuple[str, ...]
    mends: Mapping[str, Held]
    """What a damaged file has to hold, by its path: the bytes, a good copy, or which one the store has elsewhere."""
    folders: Mapping[str, str]
    """Folder of each accession → its kind."""


def audit(root: Path, elsewhere: Elsewhere | None = None) -> Audited:
    """Read every file of the home at `root` once; change nothing. `elsewhere`: what the store has on other machines."""
    elsewhere = elsewhere or FolderStore(root / ".archive" / "store").elsewhere()
    account = Account(root, lying.read(root), elsewhere)
    surroundings.access(account)
    logged = registers.read(account)
    if logged is None:
        return Audited(counts={}, findings=tuple(account.findings), remarks=(), mends={}, folders={})
    registers.compare(account, logged)
    statements = [Statement.decode(leaf) for leaf in logged.leaves]
    for index, fault in times.faults(statements):
        account.find("unsound", f"{registers.OWN}tile/entries", f"entry {index} {fault}")
    stated = said(logged.leaves, statements)
    held = Folders(account, logged)
    held.find(stated.intakes.values())
    folders.filed(account, held)
    proofs = published.published(account, stated)
    registers.proofs(account, logged, proofs)
    surroundings.configuration(account, logged, stated.keys)
    surroundings.private_keys(account, logged)
    account.compare()
    folders.unlisted(account, held)
    surroundings.rest(account)
    stored.remarks(account)
    kinds = [intake.kind for intake in held.of.values()]
    counts = {kind: kinds.count(kind) for kind in _KINDS} | {"statement": len(logged.leaves)}
    if elsewhere.found:
        counts["object"] = len(elsewhere.found)
    return Audited(
        counts=counts | {"file": len(account.lying.digests) + len(account.lying.kept)},
        findings=tuple(account.findings),
        remarks=tuple(account.remarks),
        mends=account.mends,
        folders={folder: intake.kind for folder, intake in held.of.items()},
    )
