"""From the paths of a command to portions of drafts: what is found is drafted as it is reached, one by one.

So a batch needs the memory of a portion, and what was filed of it when it is killed is all portions before.
"""

import re
import shutil
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from tempfile import mkdtemp

from archive.deposits import deposit_draft, filing
from archive.deposits.arrival import part_arrival
from archive.deposits.draft import Draft, Item, Options, Twin
from archive.deposits.here import Here, Received
from archive.deposits.names import RECEIVED
from archive.errors import Problem, Refused
from archive.home import dated
from archive.home.home import Home
from archive.home.store import size_of
from archive.importers.parts import Part, Passed, exchanges, split

PORTION, BYTES = 100, 32 << 20
"""At so many deposits, or so many bytes of them, a portion is full: it is logged, and lies in its place, as one."""
_PREPARED = {
    *("1.toml", "deposit.toml", "model.toml", "intake.sums", "request.json", "response.json", "notes", "analyses"),
}


@dataclass(frozen=True, slots=True)
class Found:
    """Something that is filed as one, passed over, or refused before it is looked into."""

    source: Path
    what: Path | Part | Passed | Refused


def found(paths: Sequence[Path], scratch: Path) -> Iterator[Found]:
    """All that lies at these paths; what is cut out of zip files and exports lies in `scratch`."""
    for group in _together(paths):
        for what in _each(group, scratch):
            yield Found(group[0], what)


def picked(things: Iterator[Found], only: Collection[str], problems: list[Problem]) -> Iterator[Found]:
    """Of what was cut out of larger files only that which is named, by number or name, in `only`, if there are any.

    What is named and not there is a problem, once all was looked at.
    """
    left = set(only)
    for each in things:
        if not (only and isinstance(each.what, Part) and each.what.cuts):
            yield each
        elif named := _names(each.what) & {*only}:
            left -= named
            yield each
    problems += [
        Problem("--only", f"there is no conversation {name} in it", "--dry-run names them") for name in sorted(left)
    ]


def _names(part: Part) -> set[str]:
    """``3`` and ``export.zip/conversations.json [3]``"""
    number = re.search(r" \[(\d+)\]\Z", part.name)
    return {part.name, *([number[1]] if number else ())}


def _together(paths: Sequence[Path]) -> list[list[Path]]:
    """The paths, each once, and the two files of an exchange as one."""
    groups = [[Path(name) for name in group] for group in exchanges(dict.fromkeys(map(str, paths)))]
    return [part for group in groups for part in ([group] if all(p.is_file() for p in group) else [[p] for p in group])]


def _each(paths: Sequence[Path], scratch: Path) -> Iterator[Path | Part | Passed | Refused]:
    """What is filed as one: a prepared folder, a file, an exchange, or each conversation of what holds many."""
    path, *others = paths
    if others:
        yield Part(str(path), {each.name: each for each in paths})
    elif not path.is_file() and not path.is_dir():
        there = "a device or a pipe" if path.exists() else "nothing"
        yield Refused([Problem(str(path), f"expected a file or a folder, found {there}", "check the name")])
    elif _prepared(path):
        yield path
    else:
        for part in split(path, scratch):
            yield path if isinstance(part, Part) and list(part.files.values()) == [path] else part


def _prepared(path: Path) -> bool:
    """Whether a path is filed as it is: a folder that people made for filing, or a version of a protocol."""
    if path.is_file():
        return re.fullmatch(r"[1-9]\d*\.toml", path.name) is not None
    return any(p.name in _PREPARED or RECEIVED.fullmatch(p.name) for p in path.iterdir())


@dataclass
class Portion:
    """Drafts that are filed together, what each was made of, and the home as it stood before the first."""

    here: Here
    mark: object
    scratch: Path
    """What was read for these drafts; goes with them."""
    found: list[Found] = field(default_factory=list)
    items: list[Item] = field(default_factory=list)
    size: int = 0

    def add(self, found: Found, item: Item) -> None:
        self.found.append(found)
        self.items.append(item)
        if isinstance(item, Draft):
            self.here.drafted |= {item.received} if item.received else set()
            self.here.slugs.add(dated.parse(Path(item.folder).name).slug)
            contents = (*item.files.values(), *item.written.values())
            self.size += sum(map(size_of, contents))

    @property
    def full(self) -> bool:
        return len(self.items) >= PORTION or self.size >= BYTES

    def drop(self, scratch: Path) -> None:
        """Take away what was read, and what was cut out into the command's `scratch`."""
        shutil.rmtree(self.scratch, ignore_errors=True)
        for each in self.found:
            for path in each.what.files.values() if isinstance(each.what, Part) else ():
                if path.is_relative_to(scratch):
                    path.unlink(missing_ok=True)


@dataclass
class Drafting:
    """Makes drafts of what is found. Lives as long as a command, and holds all that is wrong until its end."""

    home: Home
    """As it stands after what was filed last."""
    options: Options
    scratch: Path
    problems: list[Problem] = field(default_factory=list)
    passed: list[str] = field(default_factory=list)
    received: Received = field(default_factory=Received)

    def portions(self, found: Iterator[Found]) -> Iterator[Portion]:
        """Each as soon as it is full; it is for the caller to file it before the next is made."""
        portion = self._portion()
        for each in found:
            if item := self._drafted(each, portion):
                portion.add(each, item)
            if portion.full:
                yield portion
                portion.drop(self.scratch)
                portion = self._portion()
        yield portion
        portion.drop(self.scratch)

    def still(self, home: Home, portion: Portion) -> Portion:
        """The portion as it is right in a `home` that is locked: what cannot stand any more is drafted again.

        Other commands may have taken a slug, or filed the very bytes, or what a folder was to be compared with.
        """
        changed = home.mark() != portion.mark
        here = Here(home, self.received)
        stands = [not isinstance(item, Draft) or _stands(item, here, changed) for item in portion.items]
        if all(stands):
            return portion
        now = replace(portion, here=here, found=[], items=[], size=0)
        for each, item, as_it_was in zip(portion.found, portion.items, stands, strict=True):
            kept = item if as_it_was and not isinstance(item, Twin) else self._drafted(each, now)
            if kept:
                now.add(each, kept)
        return now

    def again(self, folder: Path) -> Item:
        """A draft of a folder that a person has edited. Raises `Refused`."""
        return filing.draft(Here(self.home, self.received), folder, self.options, Path(mkdtemp(dir=self.scratch)))

    def _portion(self) -> Portion:
        return Portion(Here(self.home, self.received), self.home.mark(), Path(mkdtemp(dir=self.scratch)))

    def _drafted(self, found: Found, portion: Portion) -> Item | None:
        """None for what was passed over or refused, which is remembered."""
        try:
            match found.what:
                case Passed(name, why):
                    self.passed.append(f"{name}: {why}")
                case Refused() as refused:
                    raise refused
                case Path() as path:
                    return filing.draft(portion.here, path, self.options, portion.scratch)
                case Part() as part:
                    arrived = part_arrival(found.source, part)
                    return deposit_draft.new(portion.here, arrived, self.options, portion.scratch)
        except Refused as refused:
            self.problems += refused.problems
        return None


def _stands(draft: Draft, here: Here, changed: bool) -> bool:
    """Whether a draft is right in a home that may have `changed` since it was made."""
    if draft.kind != "deposit" or draft.version > 1:
        return not changed
    taken = (here.home.root / draft.folder).exists() and not _lies_there(draft, here)
    if not changed:
        return not taken
    known = draft.received and here.received.before(here.home, draft.received)
    slug = dated.parse(Path(draft.folder).name).slug
    return not taken and not known and (slug not in here.slugs or _lies_there(draft, here))


def _lies_there(draft: Draft, here: Here) -> bool:
    """Whether a draft was made of the very folder it will be filed as."""
    return draft.source.resolve() == here.home.root / draft.folder
