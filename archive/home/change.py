"""One change of a home, whole or not at all: files are staged, statements logged, files put in place.

Killed before the statements stand in the register, the change never happened and the next run starts afresh; killed
after it, the next run puts the staged bytes in place. ``.archive/pending/plan.json`` is written last in staging, and
taken away last of all.
"""

import base64
import json
import os
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from archive.errors import Error
from archive.home import modes
from archive.home.store import Store
from archive.register import durable
from archive.register.note import Signer
from archive.register.register import Register, append

_KEYS = {"size", "leaves", "files", "remove", "proofs"}
"""Of a plan."""


_KEPT = ("transcripts/", "essays/")
"""Of these the store keeps a copy; only of what was logged, so that a change that never happened leaves nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """What one command does to a home. Paths are relative to it."""

    leaves: Sequence[bytes] = ()
    """Statements to log, under one checkpoint."""
    files: Mapping[str, bytes | Path] = field(default_factory=dict)
    """Path → what it will hold; a `Path` is copied from there."""
    remove: Sequence[str] = ()
    proofs: Mapping[str, int] = field(default_factory=dict)
    """Path → which of `leaves` it will hold the proof of, under the first checkpoint that contains it."""


def commit(root: Path, register: Register, signer: Signer | None, change: Change) -> Register:
    """Carry a change out; the caller holds the register's lock. The register as it is then.

    A change that logs nothing needs no `signer`.
    """
    _stage(root, register.size, change)
    grown = append(register, root / "site" / "register", signer, change.leaves) if signer else register
    _install(root, grown)
    _clear(root)
    return grown


def left(root: Path) -> bool:
    """Whether a run is changing the home just now, or was killed while it did."""
    return _folder(root).exists()


def recover(root: Path, register: Register) -> None:
    """Finish or forget what a killed run left."""
    plan = _plan(root)
    if plan:
        logged = [base64.b64encode(leaf).decode() for leaf in register.tree.since(plan["size"])]
        if logged[: len(plan["leaves"])] == plan["leaves"]:
            _install(root, register)
    _clear(root)


def _folder(root: Path) -> Path:
    return root / ".archive" / "pending"


def _stage(root: Path, size: int, change: Change) -> None:
    _clear(root)
    folder = _folder(root)
    durable.folder(folder)
    names = list(change.files)
    for number, name in enumerate(names):
        source = change.files[name]
        handle = os.open(folder / str(number), os.O_WRONLY | os.O_CREAT | os.O_TRUNC, modes.mode(name))
        with open(handle, "wb") as file:
            os.fchmod(handle, modes.mode(name))
            if isinstance(source, Path):
                with source.open("rb") as original:
                    shutil.copyfileobj(original, file, 1 << 20)
            else:
                file.write(source)
            file.flush()
            os.fsync(file.fileno())
    plan = {
        "size": size,
        "leaves": [base64.b64encode(leaf).decode() for leaf in change.leaves],
        "files": names,
        "remove": list(change.remove),
        "proofs": dict(change.proofs),
    }
    durable.write(folder / "plan.json", json.dumps(plan).encode())


def _install(root: Path, register: Register) -> None:
    plan = _plan(root)
    if plan is None:
        return
    for number, name in enumerate(plan["files"]):
        staged = _folder(root) / str(number)
        if staged.exists():
            if name.startswith(_KEPT):
                Store(root / ".archive" / "store").put(staged)
            durable.folder((root / name).parent, public=modes.mode(name) == durable.PUBLIC)
            os.replace(staged, root / name)
    for name, k in plan["proofs"].items():
        durable.update(root, {name: bytes(register.first_proof(plan["size"] + k))}, mode=modes.mode(name))
    for name in plan["remove"]:
        durable.remove(root / name, root)
    for folder in {(root / name).parent for name in plan["files"]}:
        durable.sync(folder)


def _plan(root: Path) -> Any:
    """Raises `Error` where the plan is none that `_stage` wrote."""
    file = _folder(root) / "plan.json"
    try:
        plan = json.loads(file.read_bytes())
    except FileNotFoundError:
        return None
    except ValueError:
        plan = None
    if not isinstance(plan, dict) or not plan.keys() >= _KEYS:
        raise Error(
            f"{file}: expected what a stopped command had still to do, found something else; move {file.parent} out of "
            "the home, then `archive check` names what is missing"
        )
    return plan


def _clear(root: Path) -> None:
    folder = _folder(root)
    if folder.exists():
        # The plan goes first: without it, what is left is rubbish that no run will install.
        (folder / "plan.json").unlink(missing_ok=True)
        shutil.rmtree(folder)
