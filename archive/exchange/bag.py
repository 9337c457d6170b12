"""A bag: a folder that carries the hash of every file in it (BagIt 1.0, RFC 8493)::

    bagit.txt  bag-info.txt  manifest-sha256.txt  tagmanifest-sha256.txt
    data/…                                        what is kept

bagit-python accepts such a bag, and ``sha256sum -c manifest-sha256.txt`` checks it. Names under ``data/`` are ASCII:
what is not a letter, a digit, or one of ``. _ - + , @ ~`` stands as ``=C3=A9``, byte by byte. So no file system makes
one name of two, and nobody has to know that RFC 8493 writes ``%`` as ``%25`` where bagit-python does not. Own code,
because bagit-python moves the files it bags and writes version 0.97, and in checking stops at a wrong count of bytes
and follows links.
"""

import contextlib
import hashlib
import os
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import Executor, ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from archive.errors import Malformed, Problem, Refused
from archive.home.store import digest_of
from archive.register import sums

Source = bytes | Path | Callable[[Path], None]
"""What goes in: the bytes, the file that has them, or what writes them into a new file."""
Progress = Callable[[int, int], None]
"""Called with how many are done, and of how many."""

_DECLARATION = b"BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n"
_MANIFEST, _TAGS = "manifest-sha256.txt", "tagmanifest-sha256.txt"
_REQUIRED = ("bagit.txt", "bag-info.txt", _MANIFEST)
_AGAIN = "take the bag from another copy"
_LINE = re.compile(r"([0-9A-Fa-f]{64})[ \t]+(\S|\S.*\S)")
_FOREIGN = re.compile(r"[^A-Za-z0-9._+,@~/-]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Bag:
    """A bag whose manifest could be read; whether its files agree with it shows in `unpack`."""

    folder: Path
    files: Mapping[str, str]
    """Name → SHA-256 of everything that was put in."""
    problems: tuple[Problem, ...]
    """What is wrong with the bag's own files, and with the names of others."""


def encode(name: str) -> str:
    """How a path is written in a bag: ``notes/anné.toml`` → ``notes/ann=C3=A9.toml``."""
    return _FOREIGN.sub(lambda m: f"={ord(m[0]):02X}", os.fsencode(name).decode("latin-1"))


def decode(name: str) -> str | None:
    """The path that `encode` writes so; None where it writes none so."""
    data = re.sub(r"=([0-9A-F]{2})", lambda m: chr(int(m[1], 16)), name).encode("latin-1", "replace")
    found = os.fsdecode(data)
    return found if b"\0" not in data and encode(found) == name else None


# ── writing ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def write(
    folder: Path,
    payload: Mapping[str, Source],
    *,
    info: Mapping[str, str],
    tags: Mapping[str, bytes],
    progress: Progress | None = None,
) -> dict[str, str]:
    """Put copies of `payload`, by name, into a new bag; the SHA-256 of each.

    `tags` are further files beside ``data/``. The manifests come last: without them it is no bag.
    """
    (folder / "data").mkdir(parents=True)
    digests, total = {}, 0
    with _threads() as threads:
        copied = threads.map(lambda name: copy(payload[name], folder / "data" / encode(name)), payload)
        for done, (name, (digest, size)) in enumerate(zip(payload, copied, strict=True), 1):
            digests[name], total = digest, total + size
            if progress:
                progress(done, len(payload))
    said = {**info, "Payload-Oxum": f"{total}.{len(payload)}"}
    own = {
        **tags,
        "bagit.txt": _DECLARATION,
        "bag-info.txt": "".join(f"{key}: {' '.join(value.split())}\n" for key, value in said.items()).encode(),
        _MANIFEST: sums.write({f"data/{encode(name)}": digest for name, digest in digests.items()}),
    }
    own[_TAGS] = sums.write({name: sums.digest(data) for name, data in own.items()})
    for name, data in own.items():
        copy(data, folder / name)
    return digests


def copy(source: Source, target: Path) -> tuple[str, int]:
    """Write a new file; SHA-256 and length of what was written."""
    target.parent.mkdir(parents=True, exist_ok=True)
    if isinstance(source, bytes):
        target.write_bytes(source)
        return sums.digest(source), len(source)
    if not isinstance(source, Path):
        source(target)
        return digest_of(target), target.stat().st_size
    hashed, size = hashlib.sha256(), 0
    with source.open("rb") as original, target.open("xb") as file:
        while chunk := original.read(1 << 20):
            hashed.update(chunk)
            size += file.write(chunk)
    return hashed.hexdigest(), size


@contextlib.contextmanager
def _threads() -> Iterator[Executor]:
    """One for each processor: hashing and copying let go of Python's lock. Stopped at once by an exception."""
    threads = ThreadPoolExecutor(os.cpu_count())
    try:
        yield threads
    finally:
        threads.shutdown(cancel_futures=True)


# ── reading ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def read(folder: Path) -> Bag:
    """What a bag says it holds. Raises `Refused` where that cannot be read."""
    there = {name: _plain(folder / name) for name in (*_REQUIRED, _TAGS)}
    if missing := [name for name, plain in there.items() if not plain]:
        what = f"expected a bag, with {', '.join(there)}; found no {', no '.join(missing)}"
        raise Refused([Problem(str(folder), what, "name a folder that `archive export DIR --as bagit` made")])
    try:
        listed, tags = (_manifest((folder / name).read_bytes(), name) for name in (_MANIFEST, _TAGS))
    except Malformed as error:
        raise Refused([Problem(str(folder), str(error), _AGAIN)]) from None
    problems = [*_wrong_tags(folder, tags)]
    files = {}
    for name, digest in listed.items():
        inner = decode(name.removeprefix("data/")) if name.startswith("data/") else None
        if inner is None:
            problems.append(Problem(f"{_MANIFEST} {name}", "is no name that an export writes", _AGAIN))
        else:
            files[inner] = digest
    return Bag(folder=folder, files=files, problems=tuple(problems))


def unpack(bag: Bag, target: Path, progress: Progress | None = None) -> list[Problem]:
    """Copy what a bag holds into a folder; everything that is damaged, missing, added or no plain file."""
    data = bag.folder / "data"
    if data.is_symlink() or not data.is_dir():
        return [Problem("data", "expected a folder, found none", _AGAIN)]
    plain, strange = walk(data)
    problems = [Problem(f"data/{name}", "is a link or a device; a bag holds plain files", _AGAIN) for name in strange]
    expected = {encode(name): name for name in bag.files}
    for name in sorted(set(plain) - expected.keys()):
        problems.append(Problem(f"data/{name}", "lies in the bag, and its manifest does not list it", _AGAIN))
    for name in sorted(expected.keys() - set(plain) - set(strange)):
        problems.append(Problem(f"data/{name}", "is listed in the manifest and missing", _AGAIN))
    here = sorted(expected.keys() & set(plain))

    def unpacked(name: str) -> Problem | None:
        wanted = bag.files[expected[name]]
        try:
            found, _ = copy(data / name, target / expected[name])
        except FileExistsError:
            return Problem(f"data/{name}", "has the same name as another, to this file system", "use another")
        except OSError as error:
            return Problem(f"data/{name}", f"cannot be copied: {error.strerror}")
        if found != wanted:
            return Problem(f"data/{name}", f"is damaged: expected SHA-256 {wanted}, found {found}", _AGAIN)
        return None

    with _threads() as threads:
        for done, problem in enumerate(threads.map(unpacked, here), 1):
            problems += [problem] if problem else []
            if progress:
                progress(done, len(here))
    return problems


def walk(folder: Path) -> tuple[list[str], list[str]]:
    """Every plain file under a folder by its path there, and everything else that is no folder: links, devices."""
    plain: list[str] = []
    strange: list[str] = []
    waiting = [""]
    while waiting:
        inside = waiting.pop()
        for entry in os.scandir(folder / inside):
            name = f"{inside}{entry.name}"
            if entry.is_dir(follow_symlinks=False):
                waiting.append(f"{name}/")
            else:
                (plain if entry.is_file(follow_symlinks=False) else strange).append(name)
    return sorted(plain), sorted(strange)


def _manifest(data: bytes, place: str) -> dict[str, str]:
    """Path → SHA-256, in any order, as other programs write it too. Raises `Malformed`."""
    found: dict[str, str] = {}
    for row, line in enumerate(data.decode(errors="replace").removesuffix("\n").split("\n"), 1):
        form = _LINE.fullmatch(line)
        if not form or form[2] in found:
            raise Malformed(f"{place}:{row}: expected a SHA-256 and a new path, found {line[:90]!r}")
        if {"", ".", ".."} & {*form[2].split("/")}:
            raise Malformed(f"{place}:{row}: expected a plain path inside the folder, found {form[2]}")
        found[form[2]] = form[1].lower()
    return found


def _wrong_tags(folder: Path, tags: Mapping[str, str]) -> Iterable[Problem]:
    for name in _REQUIRED:
        if name not in tags:
            yield Problem(_TAGS, f"does not list {name}", _AGAIN)
    for name, digest in tags.items():
        if not _plain(folder / name):
            yield Problem(name, "is listed among the bag's own files and missing", _AGAIN)
        elif (found := digest_of(folder / name)) != digest:
            yield Problem(name, f"is damaged: expected SHA-256 {digest}, found {found}", _AGAIN)
    if (folder / "fetch.txt").exists():
        yield Problem("fetch.txt", "says that files are still to be fetched; a whole bag has none", _AGAIN)


def _plain(path: Path) -> bool:
    return path.is_file() and not path.is_symlink()
