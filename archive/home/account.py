"""What a home's own files held when something was last logged that rests on them.

Intake lists name what was filed. What no list names has its own here, in ``.archive/account/``, written with the change
itself: ``home.sums`` for ``archive.toml`` and ``allowed_signers``, ``essays/<folder>.sums`` for what grows beside an
essay (``essay.toml``, ``reviews/``, ``editors/``). Each is a ``sha256sum`` list that is checked from the home's root,
and the store has a copy of every version of every file they name. Nothing is believed because of them: they only tell
a change that somebody made from none.
"""

import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from types import MappingProxyType

from archive.errors import Malformed
from archive.home.change import Change
from archive.home.store import Store, digest_of, stored_at
from archive.register import sums

FOLDER = ".archive/account"
OWN = ("archive.toml", "allowed_signers")
"""What a home is set up by."""
HOME = f"{FOLDER}/home.sums"
BESIDE = re.compile(r"essay\.toml|editors/[^/]+\.toml|reviews/[1-9]\d*\.json(\.sig)?")
"""What grows beside an essay, and is in no intake list: by path in its folder."""


def own(root: Path, paths: Iterable[Path]) -> tuple[str, ...]:
    """Those of the home's own two files that are among these paths."""
    given = {path.resolve() for path in paths}
    return tuple(name for name in OWN if root / name in given)


def list_of(folder: str) -> str:
    """``essays/2026-11-20-on-commas`` → ``.archive/account/essays/2026-11-20-on-commas.sums``"""
    return f"{FOLDER}/{folder}.sums"


def read(root: Path, name: str) -> dict[str, str]:
    """One of these lists, path in the home → SHA-256; empty where there is none, or none that can be read."""
    try:
        return sums.parse((root / name).read_bytes(), name)
    except (FileNotFoundError, Malformed):
        return {}


def of_change(root: Path, store: Store, change: Change) -> dict[str, bytes]:
    """What a change has to write besides, so that all it rests on is accounted for: lists and copies, by path."""
    touched = {"/".join(name.split("/")[:2]) for name in change.files if name.startswith("essays/")}
    written = of_essays(root, store, sorted(touched), change.files, anew=bool(change.leaves))
    written |= of_home(root, store, change.files) if change.leaves else {}
    return {name: data for name, data in written.items() if name not in change.files}


def of_home(root: Path, store: Store, files: Mapping[str, bytes | Path] = MappingProxyType({})) -> dict[str, bytes]:
    """What has to be written for ``archive.toml`` and ``allowed_signers`` as they are now, or will be with `files`.

    Nothing if it is there.
    """
    coming = {name: files[name] for name in OWN if name in files}
    lying = {name: (root / name).read_bytes() for name in OWN if name not in coming and (root / name).is_file()}
    return _noted(root, store, HOME, lying, coming)


def of_essays(
    root: Path,
    store: Store,
    folders: Iterable[str],
    files: Mapping[str, bytes | Path] | None = None,
    *,
    anew: bool = True,
) -> dict[str, bytes]:
    """The same for what lies beside essays, or will with `files`; folders as in ``essays/2026-11-20-on-commas``.

    Unless `anew`, what lies there stays noted as it was.
    """
    found: dict[str, bytes] = {}
    for folder in folders:
        coming = {name: content for name, content in (files or {}).items() if _is_beside(name, folder)}
        found_there = (path for glob in ("*", "editors/*", "reviews/*") for path in (root / folder).glob(glob))
        paths = {path.relative_to(root).as_posix(): path for path in found_there if anew and path.is_file()}
        lying = {
            name: path.read_bytes() for name, path in paths.items() if name not in coming and _is_beside(name, folder)
        }
        found |= _noted(root, store, list_of(folder), lying, coming, anew=anew)
    return found


def _is_beside(name: str, folder: str) -> bool:
    return name.startswith(f"{folder}/") and BESIDE.fullmatch(name.removeprefix(f"{folder}/")) is not None


def _noted(
    root: Path,
    store: Store,
    name: str,
    lying: Mapping[str, bytes],
    coming: Mapping[str, bytes | Path] = MappingProxyType({}),
    *,
    anew: bool = True,
) -> dict[str, bytes]:
    """A list of all of these, and copies of what is `lying`: of what is `coming`, the change itself keeps them."""
    before = read(root, name)
    digests = {path: digest_of(content) for path, content in {**lying, **coming}.items()}
    digests |= {
        path: digest for path, digest in before.items() if path not in coming and (not anew or _signed(path, before))
    }
    if not digests or digests == before:
        return {}
    copies = {digests[path]: data for path, data in lying.items() if not _signed(path, before)}
    return {stored_at(digest): data for digest, data in copies.items() if not store.has(digest)} | {
        name: sums.write(digests)
    }


def _signed(path: str, listed: Mapping[str, str]) -> bool:
    """Whether a path is that of a review or its signature, which no change after it may alter."""
    return "/reviews/" in path and (path.endswith(".sig") or f"{path}.sig" in listed)
