"""Somebody without the register's key: whatever is done to a file of a site, it is found, N of N."""

import os
import random
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from archive.errors import Error
from archive.register.tile import names
from publisher.verify.site.check import verify_site
from tests.conftest import ROOT
from tests.files import tree

GOLDEN = ROOT / "tests/golden/site"
Way = Callable[[Path, random.Random], None]


def flip(file: Path, rng: random.Random) -> None:
    data = bytearray(file.read_bytes())
    data[rng.randrange(len(data))] ^= 1 << rng.randrange(8)
    file.write_bytes(data)


def cut(file: Path, rng: random.Random) -> None:
    file.write_bytes(file.read_bytes()[: rng.randrange(file.stat().st_size)])


def add(file: Path, rng: random.Random) -> None:
    with file.open("ab") as open_file:
        open_file.write(rng.choice([b"\n", b" ", b"\0", b"<p>More.</p>"]))


def swap_lines(file: Path, rng: random.Random) -> None:
    """Two lines that differ change places; a file that has no two is cut instead."""
    lines = file.read_bytes().splitlines(keepends=True)
    pairs = [at for at in range(len(lines) - 1) if lines[at] != lines[at + 1]]
    if not pairs:
        cut(file, rng)
        return
    at = rng.choice(pairs)
    lines[at : at + 2] = lines[at + 1], lines[at]
    changed = b"".join(lines)
    file.write_bytes(changed if changed != file.read_bytes() else changed + b"\n")


def remove(file: Path, rng: random.Random) -> None:
    file.unlink()


def rename(file: Path, rng: random.Random) -> None:
    file.rename(file.with_name(f"{file.name}.old"))


def link(file: Path, rng: random.Random) -> None:
    """The same bytes, from elsewhere."""
    aside = file.with_name(f"{file.name}-aside")
    file.rename(aside)
    file.symlink_to(aside.name)


def pipe(file: Path, rng: random.Random) -> None:
    file.unlink()
    os.mkfifo(file)


def folder(file: Path, rng: random.Random) -> None:
    file.unlink()
    file.mkdir()


def stranger(file: Path, rng: random.Random) -> None:
    file.with_name(f"{file.name}-2").write_bytes(file.read_bytes())


WAYS: tuple[Way, ...] = (flip, cut, add, swap_lines, remove, rename, link, pipe, folder, stranger)


def may_be_absent(size: int) -> Callable[[str], bool]:
    """A partial tile that a wider one took the place of: who publishes may take it away (C2SP tlog-tiles)."""
    needed = {f"register/{name}" for name in names(size)}
    return lambda name: name.startswith("register/tile/") and name not in needed


def test_whatever_is_done_to_any_file_of_a_site_is_found(site: Path, request: pytest.FixtureRequest) -> None:
    """One way for each file, another at each run; ``--every``: each way for each file."""
    before, seed = tree(site), random.randrange(1 << 30)
    rng, optional = random.Random(seed), may_be_absent(verify_site(site, None).facts["tree_size"])
    missed, tried = [], 0
    for name in before:
        for way in WAYS if request.config.getoption("--every") else [rng.choice(WAYS)]:
            if way is remove and optional(name):
                continue
            way(site / name, rng)
            tried += 1
            try:
                verify_site(site, None)
            except Error:
                pass
            else:
                missed.append((name, way.__name__))
            shutil.rmtree(site)
            shutil.copytree(GOLDEN, site)
    assert missed == [], f"of {tried} with seed {seed}"
    assert tried > 70
