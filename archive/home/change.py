"""One change of a home, whole or not at all: files are staged, statements logged, files put in place.

::

    1  .archive/pending/0, 1, 2 …     what each file will hold
       .archive/pending/<SHA-256>     once more, for the store: what people edit shares no bytes with its copy
       .archive/pending/plan.json.new
                                      — barrier: all of it lasts —
       copies → s3://…                where the store is on other machines (`archive.home.object_store`)
    2  plan.json.new → plan.json      synced: from here on there is a plan
    3  the register's leaves and tiles, each synced, then its checkpoint: from here on it happened
    4  copies → store/ab/cdef…, files → their places: names change, no byte is written
                                      — barrier: the names last —
    5  plan.json goes, then the folder

Killed, or without power, before 3 is done, the change never happened and the next run starts afresh; after it, the next
run does 4 and 5 again, which does nothing twice and asks no other machine. So a disk that fills up, and a machine that
cannot be reached, are noticed before anything is logged; what may be left are copies there which nothing names. What
has gone from `pending` is in its place; a file is edited there by people, and never put there a second time.

A barrier is one call for any number of files (`archive.register.durable.Barrier`): a change that files a hundred
deposits has as many as one that files one.
"""

import base64
import json
import os
import shutil
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from archive.errors import Changed, Error
from archive.home import modes
from archive.home.store import STORE, Store, copied, digest_of
from archive.register import durable
from archive.register.note import Signer
from archive.register.register import Register, append

_KEYS = {"size", "leaves", "files", "copies", "remove", "proofs"}
"""Of a plan."""


_KEPT = ("transcripts/", "essays/")
"""Of these the store keeps a copy; only of what was logged, so that a change that never happened leaves nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """What one command does to a home. Paths are relative to it."""

    leaves: Sequence[bytes] = ()
    """Statements to log, under one checkpoint."""
    files: Mapping[str, bytes | Path] = field(default_factory=dict)
    """Path → what it will hold; a `Path` is copied from there. ``.archive/store/ab/cdef…`` is the store's copy."""
    digests: Mapping[str, str] = field(default_factory=dict)
    """Path → the SHA-256 of what it will hold, where it is known already, as it is of what a statement names."""
    before: Mapping[str, str | None] = field(default_factory=dict)
    """Path → the SHA-256 of what lay there when it was decided what to write, None for nothing. The change is not
    carried out where another thing lies there now."""
    remove: Sequence[str] = ()
    proofs: Mapping[str, int] = field(default_factory=dict)
    """Path → which of `leaves` it will hold the proof of, under the first checkpoint that contains it."""


def commit(root: Path, store: Store, register: Register, signer: Signer | None, change: Change) -> Register:
    """Carry a change out; the caller holds the register's lock. The register as it is then.

    A change that logs nothing needs no `signer`. Raises `Changed`, before anything is done.
    """
    for name, digest in change.before.items():
        if durable.digest(root / name) != digest:
            raise Changed(name)
    _stage(root, store, register.size, change)
    grown = append(register, root / "site" / "register", signer, change.leaves) if signer else register
    _install(root, store, grown)
    _clear(root)
    return grown


def left(root: Path) -> bool:
    """Whether a run is changing the home just now, or was killed while it did."""
    return _folder(root).exists()


def begun(root: Path) -> int | None:
    """From which statement on a change is under way: what it logged may not lie in its place yet. None without one.

    Raises `Error` where the plan is none.
    """
    plan = _plan(root)
    return int(plan["size"]) if plan else None


def recover(root: Path, store: Store, register: Register) -> None:
    """Finish or forget what a killed run left."""
    plan = _plan(root)
    if plan:
        logged = [base64.b64encode(leaf).decode() for leaf in register.tree.since(plan["size"])]
        if logged[: len(plan["leaves"])] == plan["leaves"]:
            _install(root, store, register)
    _clear(root)


def _folder(root: Path) -> Path:
    return root / ".archive" / "pending"


def _stage(root: Path, store: Store, size: int, change: Change) -> None:
    """Raises `Error` where a file is not what `change` says of it."""
    _clear(root)
    folder = _folder(root)
    durable.folder(folder)
    with durable.Barrier(folder) as barrier:
        placed = [name for name in change.files if not name.startswith(STORE)]
        kept: dict[str, bytes | Path] = {}
        for number, name in enumerate(placed):
            content = change.files[name]
            digest = _written(f"{folder}/{number}", content, change.digests.get(name), modes.mode(name))
            if name.startswith(_KEPT):
                kept[digest] = content
        copies = {digest: kept[digest] for digest in store.lacking(kept)} | _copies(change)
        for digest, content in copies.items():
            _written(f"{folder}/{digest}", content, digest, modes.STORED)
        plan = {
            "size": size,
            "leaves": [base64.b64encode(leaf).decode() for leaf in change.leaves],
            "files": placed,
            "copies": list(copies),
            "remove": list(change.remove),
            "proofs": dict(change.proofs),
        }
        made = folder / "plan.json.new"
        _written(str(made), json.dumps(plan).encode(), None, durable.PRIVATE)
        barrier.wait([*folder.iterdir(), folder, folder.parent])
    store.send({digest: folder / digest for digest in copies})
    made.replace(folder / "plan.json")
    durable.sync(folder)


def _copies(change: Change) -> dict[str, bytes | Path]:
    """What a change has for the store itself, by its SHA-256."""
    names = (name for name in change.files if name.startswith(STORE))
    return {name.removeprefix(STORE).replace("/", ""): change.files[name] for name in names}


def _written(path: str, content: bytes | Path, expected: str | None, mode: int) -> str:
    """Put `content` into a new file, and give its SHA-256. Raises `Error` if it is not the `expected` one."""
    with durable.named(path), open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode), "wb") as file:
        if mode & 0o077:
            os.fchmod(file.fileno(), mode)  # whatever the umask takes away from others
        if isinstance(content, bytes):
            file.write(content)
            return expected or digest_of(content)
        digest = copied(content, file)
    if expected not in (None, digest):
        raise Error(f"{content}: changed while it was being filed; file it again")
    return digest


def _install(root: Path, store: Store, register: Register) -> None:
    plan = _plan(root)
    if plan is None:
        return
    folder = _folder(root)
    with durable.Barrier(root) as barrier:
        store.take({digest: folder / digest for digest in plan["copies"]})
        for number, name in enumerate(plan["files"]):
            _moved(folder / str(number), root / name, public=modes.mode(name) == durable.PUBLIC)
        for name, k in plan["proofs"].items():
            durable.update(root, {name: bytes(register.first_proof(plan["size"] + k))}, mode=modes.mode(name))
        for name in plan["remove"]:
            durable.remove(root / name, root)
        barrier.wait(_touched(root, store, plan))


def _moved(staged: Path, place: Path, *, public: bool) -> None:
    """Put a staged file in its place; one that is not there any more was put there before."""
    try:
        os.replace(staged, place)
    except FileNotFoundError:
        if staged.exists():
            durable.folder(place.parent, public=public)
            os.replace(staged, place)


def _touched(root: Path, store: Store, plan: Mapping[str, Any]) -> Iterator[Path]:
    """The folders in which names came, and those around them, which may be new as well."""
    places = [root / name for name in plan["files"]]
    places += [store.path(digest) for digest in plan["copies"]]
    for folder in dict.fromkeys(place.parent for place in places):
        yield from (each for each in (folder, *folder.parents) if each.is_relative_to(root) and each.exists())


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
