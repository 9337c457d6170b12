"""Who may read a home: its owner alone (0700, files 0600). Only ``site/`` is public (0755, 0644)."""

import stat
from collections.abc import Iterator
from pathlib import Path

from archive.errors import Problem
from archive.register import durable

_PUBLIC = "site"
STORED = 0o400
"""That of what the store keeps."""
_ENTERED = 0o711
"""A home that others may pass through, so that a web server gets to ``site/``, shows them nothing else."""


def mode(name: str) -> int:
    """That of a file, by its path in the home."""
    if name.startswith(".archive/store/"):
        return STORED
    return durable.PUBLIC if name.split("/")[0] == _PUBLIC else durable.PRIVATE


def close(root: Path) -> None:
    """Give every folder and file of a home the mode it should have; what is write-protected stays so."""
    root.chmod(0o700)
    for path in root.rglob("*"):
        if path.is_symlink():
            continue
        public = path.relative_to(root).parts[0] == _PUBLIC
        if path.is_dir():
            path.chmod(0o755 if public else 0o700)
        else:
            path.chmod((0o644 if public else 0o600) & (path.stat().st_mode | 0o066 | 0o400))


def problems(root: Path) -> list[Problem]:
    """What others can read, change or enter, in one problem that says how to mend all of it."""
    exposed = [*_exposed(root)]
    if not exposed:
        return []
    more = f" and {len(exposed) - 1:,} more" if len(exposed) > 1 else ""
    what = f"expected it closed to everybody but its owner (0700, files 0600), found it open{more}"
    return [Problem(exposed[0], what, f"chmod -R go= {root} && chmod -R go=rX {root / _PUBLIC}")]


def _exposed(root: Path) -> Iterator[str]:
    """What others get to: a home nobody else can enter hides all that is in it, whatever its modes."""
    own = stat.S_IMODE(root.stat().st_mode)
    if own & 0o077 & ~_ENTERED:
        yield str(root)
    if own & 0o011:
        for path in sorted(root.iterdir()):
            if path.name != _PUBLIC and not path.is_symlink() and path.stat().st_mode & 0o077:
                yield path.name
