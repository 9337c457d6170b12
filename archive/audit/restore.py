"""`archive check --restore`: damaged files put back as they were logged, whole or not at all; the damaged ones kept.

Only what may never change is put back: what was received, frozen, signed, or written by the program. What people may
edit is never touched. What is replaced is kept in ``.archive/damaged/<time>/`` until somebody removes it.
"""

import datetime as dt
from collections.abc import Mapping
from pathlib import Path

from archive.audit.audit import audit
from archive.audit.logged import OWN, PUBLIC
from archive.home import modes
from archive.home.change import Change
from archive.home.home import Home, Patience
from archive.home.store import STORE, Elsewhere, Held, Kept
from archive.register import durable, register

ASIDE = ".archive/damaged"


def restore(root: Path, patience: Patience, elsewhere: Elsewhere) -> tuple[str, ...]:
    """Bring back everything that is damaged and has a good copy, here or `elsewhere`; the paths. Raises `Error`.

    The register comes first, file by file, since nothing else can be written without it; the rest is one change.
    """
    aside = f"{ASIDE}/{dt.datetime.now(dt.UTC):%Y-%m-%dT%H%M%SZ}"
    with register.lock(root / ".archive/register", patience.seconds, patience.say):
        mends = _possible(root, audit(root, elsewhere).mends, elsewhere)
        own = {path: data for path, data in mends.items() if path.startswith((OWN, PUBLIC)) and isinstance(data, bytes)}
        for path, data in own.items():
            if (root / path).exists():
                durable.write(root / aside / path, (root / path).read_bytes())
            durable.write(root / path, data, mode=modes.mode(path))
    with Home(root, patience).writing() as writer:
        files = _possible(root, audit(root, elsewhere).mends, elsewhere)
        before = {f"{aside}/{path}": root / path for path in files if (root / path).exists()}
        if files:
            writer.commit(Change(files={**before, **files}))
    return tuple(sorted({*own, *files}))


def _possible(root: Path, mends: Mapping[str, Held], elsewhere: Elsewhere) -> dict[str, bytes | Path]:
    """Those in whose way no folder and no link lies; the store's first, which others are compared with."""
    free = [path for path in mends if not (root / path).is_dir() and not (root / path).is_symlink()]
    free = [path for path in free if all(not p.exists() or p.is_dir() for p in (root / path).parents)]
    ordered = sorted(free, key=lambda path: (not path.startswith(STORE), path))
    found = {path: _here(mends[path], elsewhere) for path in ordered}
    return {path: content for path, content in found.items() if content is not None}


def _here(mend: Held, elsewhere: Elsewhere) -> bytes | Path | None:
    return elsewhere.store.find(mend.digest) if isinstance(mend, Kept) else mend
