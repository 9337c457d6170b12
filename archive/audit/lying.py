"""What lies in a home: every file of it, read once and hashed once."""

import hashlib
import os
import re
import stat
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

from archive.home.store import digest_of

PARTS = ("transcripts", "essays", "site", ".archive", "archive.toml", "allowed_signers")
"""What a home consists of."""
LISTS = re.compile(r"(intake|private)(-\d+)?\.sums|SHA256SUMS(\.tlog-proof)?")
"""Whose bytes are kept while the rest is read: they say what the rest should be."""
_COMPARED = re.compile(r"(\.archive|site)/register/(checkpoint|tile/|checkpoints/|cosigned/|key\.pub)")
"""Files of the register, which are compared with what the leaves give and need no hash."""
_PASSED = re.compile(
    r"\.archive/(register/(lock|index\.db.*)|\.?catalogue\.(db.*|lock)|\.?\w+\.kept(\.new)?|(copies|sampling)/lock|\.?again\.json(\.new)?|store\.lock|\.?store\.db(\.new)?(-journal)?|(pending|tmp|cache|asking|desk)/.*)"
)
"""Locks, caches, and what commands are doing just now, or were doing when they were killed: interviews among it,
and what was begun at a desk."""
_CHUNK = 1 << 16


@dataclass(slots=True)
class Lying:
    """By path in the home."""

    root: str
    digests: dict[str, str] = field(default_factory=dict)
    """SHA-256 of every plain file but those of the register and the caches."""
    kept: dict[str, bytes] = field(default_factory=dict)
    """The bytes of lists, and of the register's files."""
    strange: dict[str, str] = field(default_factory=dict)
    """What is no plain file, or could not be read, and why."""
    folders: set[str] = field(default_factory=set)
    strays: list[str] = field(default_factory=list)
    """What lies beside the parts of a home."""


def read(root: Path) -> Lying:
    """Everything in a home. A whole part of it may be a link; below that, a link is none of its files."""
    lying = Lying(str(root))
    large: list[str] = []
    for name in sorted(os.listdir(root)):
        if name not in PARTS:
            lying.strays.append(name)
        elif os.path.isdir(root / name):
            _walk(lying, name, large)
        else:
            _file(lying, name, name, large)
    if large:
        with ThreadPoolExecutor(os.cpu_count()) as threads:  # hashing lets go of Python's lock
            hashed = threads.map(lambda name: digest_of(root / name), large)
            lying.digests |= zip(large, hashed, strict=True)
    return lying


def _walk(lying: Lying, top: str, large: list[str]) -> None:
    waiting = [top]
    while waiting:
        folder = waiting.pop()
        try:
            entries = sorted(os.scandir(f"{lying.root}/{folder}"), key=lambda entry: entry.name)
        except OSError as error:
            lying.strange[folder] = f"cannot be read: {error.strerror}"
            continue
        for entry in entries:
            name = f"{folder}/{entry.name}"
            if entry.is_dir(follow_symlinks=False) or (folder == ".archive" and entry.is_dir()):
                lying.folders.add(name)
                waiting.append(name)
            elif _PASSED.fullmatch(name) is None if folder[:1] == "." else True:
                if entry.is_file(follow_symlinks=False):
                    _file(lying, name, entry.name, large)
                else:
                    lying.strange[name] = "is a link or a device, and no file of its own"


def _file(lying: Lying, name: str, last: str, large: list[str]) -> None:
    try:
        handle = os.open(f"{lying.root}/{name}", os.O_RDONLY | os.O_NONBLOCK)
        try:
            data = os.read(handle, _CHUNK)
            compared = _COMPARED.match(name)
            if len(data) == _CHUNK:
                if os.fstat(handle).st_size > _CHUNK << 4 and not compared:
                    large.append(name)
                    return
                data += b"".join(_rest(handle))
        finally:
            os.close(handle)
    except OSError as error:
        lying.strange[name] = f"cannot be read: {error.strerror}"
        return
    if compared:
        lying.kept[name] = data
        return
    lying.digests[name] = hashlib.sha256(data).hexdigest()
    if LISTS.fullmatch(last):
        lying.kept[name] = data


def _rest(handle: int) -> Iterator[bytes]:
    while chunk := os.read(handle, 1 << 20):
        yield chunk


def is_open(root: Path, name: str) -> bool:
    """Whether others than its owner can do anything with a file."""
    try:
        return bool(stat.S_IMODE((root / name).stat().st_mode) & 0o077)
    except OSError:
        return False
