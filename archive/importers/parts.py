"""Taking apart what holds many conversations, so that each becomes a deposit of its own and can fail on its own.

A folder or a zip file gives one part for each file in it, two files of an exchange together; an export of a chat
service (``conversations.json``, ``conversations-000.json``) or Open WebUI one for each conversation, cut out byte for
byte. Every other file is one part: a log of repeated runs belongs together.
"""

import hashlib
import re
import shutil
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path, PurePosixPath
from tempfile import mkdtemp
from typing import TYPE_CHECKING

from archive.errors import Problem, Refused
from archive.importers.source import Source
from archive.importers.strictjson import Reader

if TYPE_CHECKING:
    from archive.importers.zipped import Archive

_EXPORT = re.compile(r"conversations(-\d+)?\.json")
_HIDDEN = re.compile(r"(?:^|[/\\])(?:\.(?!\.?[/\\])|__MACOSX[/\\])")
_MAX_MEMBER = 2 << 30
_MAX_DEPTH = 8


@dataclass(frozen=True)
class Export:
    """A file that holds many conversations, as it came. Lives as long as its parts."""

    path: Path

    @cached_property
    def sha256(self) -> str:
        with self.path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()

    @cached_property
    def size(self) -> int:
        return self.path.stat().st_size


@dataclass(frozen=True, slots=True)
class Cut:
    """Where in an export a file stands: the bytes from `start` up to `end`, counted from 0."""

    export: Export
    members: tuple[str, ...]
    """Of a zip file the member whose bytes are counted; of zip files in each other, one in each."""
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Part:
    """What becomes one deposit: its file, or the two of an exchange, by name."""

    name: str
    """Where it comes from, for a person: ``export.zip/conversations.json [3]``."""
    files: Mapping[str, Path]
    cuts: Mapping[str, Cut] = field(default_factory=dict)
    """Where each of the files was cut from; none where it came as it is."""


@dataclass(frozen=True, slots=True)
class Passed:
    """A file that is passed over, and why."""

    name: str
    why: str


def split(path: Path, scratch: Path) -> Iterator[Part | Passed | Refused]:
    """The parts of what lies at `path`, in the order of their names; a `Refused` for what cannot be taken apart.

    What is cut out of a larger file is put into the folder `scratch`, which must outlive the use of the parts.
    """
    if path.is_dir():
        yield from _folder(path, path.name, scratch, 0)
    else:
        yield from _file(path, path.name, scratch, _Within(Export(path)))


@dataclass(frozen=True, slots=True)
class _Within:
    """In which export, and which members of it, something stands."""

    export: Export
    members: tuple[str, ...] = ()

    def member(self, name: str) -> "_Within":
        return _Within(self.export, (*self.members, name))

    def all(self, path: Path) -> dict[str, Cut]:
        """The whole of a member, unpacked to `path`; nothing for what is no member."""
        return {path.name: Cut(self.export, self.members, 0, path.stat().st_size)} if self.members else {}


def _folder(folder: Path, label: str, scratch: Path, depth: int) -> Iterator[Part | Passed | Refused]:
    entries = sorted(entry for entry in folder.iterdir() if not entry.name.startswith("."))
    files = [entry for entry in entries if entry.is_file() and not entry.is_symlink()]
    passed = (entry for entry in entries if entry.is_symlink())
    yield from (Passed(f"{label}/{entry.name}", "a link; name what it points at") for entry in passed)
    if any(re.match(r"received\.|intake\.sums", file.name) for file in files):
        yield Passed(label, "a deposit of its own; file it by its name")
        return
    for names in exchanges(file.name for file in files):
        if len(names) == 2:
            yield Part(f"{label}/{names[0]}", {name: folder / name for name in names})
        else:
            path = folder / names[0]
            yield from _file(path, f"{label}/{names[0]}", scratch, _Within(Export(path)))
    for entry in entries:
        if entry.is_dir() and not entry.is_symlink() and depth < _MAX_DEPTH:
            yield from _folder(entry, f"{label}/{entry.name}", scratch, depth + 1)


def exchanges(names: Iterable[str]) -> list[list[str]]:
    """File names or paths, a request beside its response."""
    found: dict[str, list[str]] = {}
    for name in names:
        found.setdefault(re.sub(r"(^|[/._-])(request|response)(?=\.[^.]*$)", r"\1", name), []).append(name)
    return [part for group in found.values() for part in ([group] if len(group) == 2 else [[name] for name in group])]


def _file(path: Path, label: str, scratch: Path, within: _Within) -> Iterator[Part | Passed | Refused]:
    source = Source({path.name: path})
    try:
        if source.kind == "zip" and not _log(source):
            yield from _zip(path, label, scratch, within)
        elif source.kind == "array" and _export(source):
            yield from _conversations(source, label, scratch, within)
        elif _card(source):
            yield Passed(label, "a character's card of SillyTavern, and no conversation; file its chats")
        else:
            yield Part(label, {path.name: path}, within.all(path))
    except Refused as refused:
        yield refused


def _log(source: Source) -> bool:
    from archive.importers import inspect_log

    return inspect_log.sniff(source)


def _export(source: Source) -> bool:
    from archive.importers import chatgpt, claude_ai, open_webui

    return chatgpt.sniff(source) or claude_ai.sniff(source) or open_webui.sniff(source)


def _card(source: Source) -> bool:
    """Whether it may be a character's card, and is one."""
    if not (source.head.startswith(b"\x89PNG") or b'"first_mes"' in source.head):
        return False
    from archive.importers import sillytavern

    return sillytavern.card(source)


def _conversations(source: Source, label: str, scratch: Path, within: _Within) -> Iterator[Part]:
    stem = PurePosixPath(source.name).stem
    with source.open() as file:
        reader = Reader(file, label)
        for number in reader.items():
            kept = _kept(scratch, f"{stem}-{number + 1}.json")
            reader.peek()
            start = reader.offset()
            kept.write_bytes(reader.source().encode())
            cut = Cut(within.export, within.members, start, reader.offset())
            yield Part(f"{label} [{number + 1}]", {kept.name: kept}, {kept.name: cut})
        reader.end()


def _zip(path: Path, label: str, scratch: Path, within: _Within) -> Iterator[Part | Passed | Refused]:
    from archive.importers.zipped import Archive

    if len(within.members) >= _MAX_DEPTH:
        raise Refused([Problem(label, f"is a zip file {_MAX_DEPTH} deep in others")])
    with path.open("rb") as file:
        archive = Archive(file, label)
        names = [name for name in sorted(archive.names) if not _HIDDEN.search(name)]
        if "project.qde" in names:
            yield Passed(label, "codings in REFI-QDA, and no conversation; file it by its name, which ends in .qdpx")
            return
        exported = [name for name in names if _EXPORT.fullmatch(PurePosixPath(name).name)]
        for name in names if exported else ():
            if name not in exported:
                yield Passed(f"{label}/{name}", "part of the export, no conversation")
        for group in exchanges(exported or names):
            try:
                kept = [_unpacked(archive, name, f"{label}/{name}", scratch) for name in group]
            except Refused as refused:
                yield refused
                continue
            if len(group) == 2:
                cuts = [within.member(name).all(path) for name, path in zip(group, kept, strict=True)]
                yield Part(f"{label}/{group[0]}", {path.name: path for path in kept}, cuts[0] | cuts[1])
            else:
                yield from _file(kept[0], f"{label}/{group[0]}", scratch, within.member(group[0]))


def _unpacked(archive: "Archive", name: str, label: str, scratch: Path) -> Path:
    if archive.size(name) > _MAX_MEMBER:
        raise Refused(
            [Problem(label, f"unpacks to more than {_MAX_MEMBER >> 30} GiB", "unpack it and file it by name")]
        )
    kept = _kept(scratch, PurePosixPath(name.replace("\\", "/")).name)
    with archive.open(name) as member, kept.open("xb") as out:
        shutil.copyfileobj(member, out)
    return kept


def _kept(scratch: Path, name: str) -> Path:
    """A new place in `scratch` for a file called `name`, of which only plain characters are taken."""
    return Path(mkdtemp(dir=scratch)) / (re.sub(r"[^A-Za-z0-9._-]", "_", name)[-80:].lstrip(".") or "file")
