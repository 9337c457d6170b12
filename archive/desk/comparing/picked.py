"""Turns that were picked while reading, to be compared: kept in ``.archive/desk/`` until they are put away."""

import json
import re
from collections.abc import Iterable
from pathlib import Path

from archive.errors import Error
from archive.register import durable

ADDRESS = re.compile(r"\d{4}-\d{4,}/[1-9]\d*#[1-9]\d*")
_MOST = 200


def picked(folder: Path) -> tuple[str, ...]:
    """In the order in which they were picked."""
    try:
        found = json.loads((folder / "picked.json").read_bytes())
    except (OSError, ValueError):
        return ()
    return tuple(each for each in found if isinstance(each, str)) if isinstance(found, list) else ()


def pick(folder: Path, turn: str) -> tuple[str, ...]:
    """One more. Raises `Error` where it is no turn's address."""
    if not ADDRESS.fullmatch(turn):
        raise Error(f"expected a turn, as in 2026-0041/3#12, found {turn[:60]!r}")
    return _kept(folder, [*(each for each in picked(folder) if each != turn), turn])


def put_away(folder: Path, turn: str = "") -> tuple[str, ...]:
    """One, or all."""
    return _kept(folder, [each for each in picked(folder) if turn and each != turn])


def _kept(folder: Path, turns: Iterable[str]) -> tuple[str, ...]:
    kept = [*turns][-_MOST:]
    durable.write(folder / "picked.json", json.dumps(kept).encode())
    return tuple(kept)
