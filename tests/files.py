"""Folders as values, for comparing."""

from pathlib import Path


def tree(folder: Path) -> dict[str, bytes]:
    """Every file under a folder by its path there."""
    return {p.relative_to(folder).as_posix(): p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()}
