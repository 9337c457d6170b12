"""A register of example statements, the key that signs it, and a killer that strikes at any write."""

import contextlib
import datetime as dt
import hashlib
import itertools
import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest

from archive.register import durable, register, statement, sums
from archive.register.note import Signer
from archive.register.register import Register

SIGNER = Signer("letters.example.org/register", hashlib.sha256(b"a key for tests only").digest())


def at(hours: int) -> dt.datetime:
    return dt.datetime(2026, 11, 2, 9, tzinfo=dt.UTC) + dt.timedelta(hours=hours)


def leaf(number: int) -> bytes:
    """The `number`-th example intake."""
    digest = sums.digest(b"%d" % number)
    return statement.intake(f"2026-{number + 1:04d}", "intake.sums", digest, kind="deposit", time=at(number)).encode()


def leaves(count: int, start: int = 0) -> list[bytes]:
    return [leaf(number) for number in range(start, count)]


def grow(folder: Path, public: Path, batches: Sequence[Sequence[bytes]]) -> Register:
    """A new register with these leaves, a checkpoint for each batch."""
    register.create(folder, SIGNER)
    grown = Register.read(folder)
    for batch in batches:
        grown = register.append(grown, public, SIGNER, batch)
    return grown


def snapshot(*folders: Path) -> dict[str, bytes]:
    """Every file, by its path, but for the register's index, which is a cache."""
    return {
        f"{folder.name}/{path.relative_to(folder).as_posix()}": path.read_bytes()
        for folder in folders
        for path in sorted(folder.rglob("*"))
        if path.is_file() and not path.name.startswith("index.db")
    }


def put_back(folder: Path, files: Mapping[str, bytes]) -> None:
    """Make a folder hold these files of a `snapshot` again and no others; empty folders stay, which is faster."""
    kept = {path: files.get(f"{folder.name}/{path.relative_to(folder).as_posix()}") for path in folder.rglob("*")}
    for path, data in kept.items():
        if data is None and path.is_file() and path.name != "index.db":
            path.unlink()
    for name, data in files.items():
        path = folder / name.removeprefix(f"{folder.name}/")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)


class Killed(BaseException):
    """What a program that is killed would not survive either."""


@contextlib.contextmanager
def killed_at(write: int, root: Path, *, threads: bool = False) -> Iterator[None]:
    """Let the `write`-th change of the disk (from 1) not happen, as when the power fails; with 0 let all happen.

    New files under `root` that were not synced by then keep half their bytes, under whatever name they have.
    Nothing is truly synced, which would only take time. With `threads` no later change happens either, so that other
    threads die too.
    """
    left = itertools.count(write, -1)
    safe = {path.stat().st_ino for path in root.rglob("*")}
    with pytest.MonkeyPatch.context() as patch:

        def deadly(name: str, real: Callable[..., Any]) -> Callable[..., Any]:
            def call(*arguments: Any, **options: Any) -> Any:
                idle = name in ("mkdir", "unlink") and not options
                counts = not (idle and os.path.exists(arguments[0]) == (name == "mkdir"))
                if counts and ((now := next(left)) == 1 or (threads and write and now < 1)):
                    for path in root.rglob("*") if now == 1 else ():
                        if path.is_file() and path.stat().st_ino not in safe:
                            os.truncate(path, path.stat().st_size // 2)
                    raise Killed(f"before {name} {arguments}")
                if name == "syncfs":
                    safe.update(path.stat().st_ino for path in root.rglob("*"))
                elif name == "fsync":
                    safe.add(os.fstat(arguments[0]).st_ino)
                else:
                    return real(*arguments, **options)
                return None

            return call

        for name in ("replace", "fsync", "unlink", "rmdir", "mkdir"):
            patch.setattr(os, name, deadly(name, getattr(os, name)))
        patch.setattr(durable, "syncfs", deadly("syncfs", None))
        yield


def every_death(attempt: Callable[[int], bool]) -> int:
    """Call `attempt` with 1, 2, 3 … until it says that nothing was killed any more; how often that was."""
    return next(n for n in itertools.count(1) if not attempt(n)) - 1
