"""Codings that come back from a program for coding (REFI-QDA), filed as notes of the deposits they belong to.

A coder is a user of the project. A code of ours is known by its name or GUID, any other becomes one of a codebook that
is filed with the notes. Everything that a project changes is one change, whole or not at all.
"""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import nullcontext
from dataclasses import dataclass, field
from functools import cached_property
from itertools import groupby
from pathlib import Path

from archive.coding import merging, reader
from archive.coding.code_names import meanings
from archive.coding.guid import guid
from archive.coding.placing import related
from archive.coding.project import Project, Source
from archive.coding.said import Reading, Said
from archive.coding.source_text import SourceText
from archive.coding.themes import Themes
from archive.deposits import deposit_draft, filing, shelf
from archive.deposits.batch import Batch, rehearsed
from archive.deposits.deposit import folders
from archive.deposits.draft import Draft, Filed, Item
from archive.deposits.filed import FiledFolder, filed_folders
from archive.deposits.here import Here
from archive.deposits.target import refuse_unfiled
from archive.errors import Problem, Refused, accepted
from archive.home.home import Home, Writer
from archive.importers.turns import Turn
from archive.records import codebook, notes
from archive.records.notes import Notes
from archive.wording import many, shorten

_ADDRESS = re.compile(r"\b(\d{4}-\d{4,}) interview ([1-9]\d*)\b")
LOSSES = {
    "quote of a claim or wish": "quotes of claims and wishes",
    "selection in other text": "selections in other texts",
    "whole-text coding": "codings of a whole text",
}
"""What of a project does not come along, where its plural is not an s."""
_OURS = re.compile(r"#1 (system|user|assistant|tool)( reasoning)?\r?\n")
"""How the text of an interview begins."""


def file_projects(home: Home, paths: Sequence[Path], *, dry_run: bool) -> Batch:
    """File the codings of each project, whole or not at all; with `dry_run`, say what would be done."""
    filed: list[Filed] = []
    problems: list[Problem] = []
    remarks: list[str] = []
    for path in paths:
        try:
            with nullcontext() if dry_run else home.writing() as writer:
                current = writer.home if isinstance(writer, Writer) else home
                taken = _Taking(current, path)
                items = taken.items()
                filed += filing.file(writer, items) if isinstance(writer, Writer) else rehearsed(items)
                home = writer.home if isinstance(writer, Writer) else home
            remarks += taken.remarks()
        except OSError as error:
            if error.filename != str(path):
                raise
            problems.append(Problem(str(path), f"cannot be read: {error.strerror}"))
        except Refused as refused:
            problems += refused.problems
    return Batch(filed=tuple(filed), problems=tuple(problems), passed=tuple(remarks))


@dataclass
class _Interviews:
    """One deposit and what a project says of it."""

    filed: FiledFolder
    said: dict[str, dict[int, list[Said]]] = field(default_factory=dict)
    """By coder and interview."""
    turns: dict[tuple[int, int], Turn] = field(default_factory=dict)
    present: set[int] = field(default_factory=set)
    """The interviews that the project holds."""

    @cached_property
    def lines(self) -> dict[int, list[dict[str, object]]]:
        """Of ``turns.jsonl``, by interview."""
        return {n: [*lines] for n, lines in groupby(self.filed.turns(), key=lambda turn: int(turn["interview"]))}


class _Taking:
    """Makes drafts of one project. Lives as long as that is filed."""

    def __init__(self, home: Home, path: Path) -> None:
        self.home, self.path, self.place = home, path, str(path)
        self.project: Project = reader.read(path, self.place)
        self.here = Here(home)
        self.origin = home.register.key.name
        shelved = home.root / shelf.CODEBOOKS.place
        taken = [path.name for path in shelved.iterdir()] if shelved.is_dir() else []
        self.themes = Themes(self.project, self.here.codebooks, taken)
        codes = meanings(self.origin, shelf.codes(home))
        self.reading = Reading(self.project, codes, self.themes, self.place)
        self.deposits: dict[str, _Interviews] = {}
        self.beside: Counter[str] = Counter()

    def items(self) -> list[Item]:
        """What is to be filed. Raises `Refused` with everything that is wrong."""
        problems = [*self.reading.alike()]
        for source in self.project.sources:
            self._read(source, problems)
        problems += self.reading.problems
        if problems:
            raise Refused(problems)
        themes = self.themes.book()
        drafts: list[Item] = [self._codebook(themes)] if themes else []
        for number in sorted(self.deposits):
            try:
                drafts.append(self._draft(self.deposits[number]))
            except Refused as refused:
                problems += refused.problems
        if problems:
            raise Refused(problems)
        return drafts

    def remarks(self) -> Iterator[str]:
        """What did not come along, and what the project does not say of what was filed."""
        lost = Counter(self.project.lost) + Counter(self.reading.lost)
        if lost:
            counted = (many(number, what, LOSSES.get(what, "")) for what, number in sorted(lost.items()))
            yield f"{self.place}: {', '.join(counted)}"
        for place, number in sorted((+self.beside).items()):
            yield f"{self.place}: {many(number, 'code')} of {place} not in it, kept as filed"

    # ── texts ────────────────────────────────────────────────────────────────────────────────────────────────────────

    def _read(self, source: Source, problems: list[Problem]) -> None:
        """What is said of one text; its interview is known by its GUID or its name."""
        number, interview = self._address(source)
        known = self._deposit(number) if number else None
        if known is None or interview not in known.lines:
            if source.selections and (number or _OURS.match(source.text)):
                what = "is no interview of this archive" if number else "may be an interview of this archive"
                remedy = "call the text as it was exported, as in “2026-0041 interview 1”"
                problems.append(Problem(f"{self.place} {shorten(source.name)}", what, remedy))
            elif source.selections:
                self.reading.lose("selection in other text", len(source.selections))
            return
        lines = known.lines[interview]
        known.present.add(interview)
        kept = ("interview", "turn", "role", "text", "reasoning")
        turns = [Turn(**{key: turn[key] for key in kept if key in turn}) for turn in lines]  # type: ignore[arg-type]
        known.turns |= {(interview, turn.turn): turn for turn in turns}
        if not source.selections:
            return
        ours = SourceText(lines)
        if not related(source, ours):
            what = f"is not the text of {number}/{interview}: less than half of its lines stand in it"
            remedy = "code the text as this archive exports it"
            problems.append(Problem(f"{self.place} {shorten(source.name)}", what, remedy))
            return
        words = {(block.turn, block.part): block.words for block in ours.blocks}
        for said in self.reading.of(source, ours, words):
            known.said.setdefault(said.coder, {}).setdefault(interview, []).append(said)

    def _address(self, source: Source) -> tuple[str, int]:
        """The deposit and interview that a text is; an empty number where it says none."""
        if found := self._guids.get(source.guid):
            return found
        named = _ADDRESS.search(source.name)
        return (named[1], int(named[2])) if named else ("", 0)

    @cached_property
    def _guids(self) -> dict[str, tuple[str, int]]:
        """The interviews that texts without our names in them may be, by GUID."""
        if all(_ADDRESS.search(source.name) for source in self.project.sources):
            return {}
        filed = filed_folders(self.home, [*self._folders.values()])[0]
        return {
            guid(self.origin, each.number, n): (each.number, n)
            for each in filed
            for n in range(1, each.head.interviews + 1)
        }

    @cached_property
    def _folders(self) -> dict[str, Path]:
        """Of every deposit, by its number."""
        known = ((self.home.accession(folder), folder) for folder in folders(self.home))
        return {found.number: folder for found, folder in known if found}

    def _deposit(self, number: str) -> _Interviews | None:
        """Raises `Refused` where it is damaged."""
        if number not in self._folders:
            return None
        if number not in self.deposits:
            filed, problems = filed_folders(self.home, [self._folders[number]])
            if not filed:
                raise Refused(problems)
            self.deposits[number] = _Interviews(filed[0])
        return self.deposits[number]

    # ── drafts ───────────────────────────────────────────────────────────────────────────────────────────────────────

    def _codebook(self, data: bytes) -> Draft:
        made = accepted(codebook.read(data, f"{self.place} codes"))
        self.here.codebooks[made.ref] = made
        folder = f"{shelf.CODEBOOKS.place}/{made.id}"
        return Draft(source=self.path, kind="codebook", folder=folder, files={"1.toml": data})

    def _draft(self, known: _Interviews) -> Item:
        """The deposit with the notes that are new. Raises `Refused`."""
        filed, changed, problems = known.filed, {}, []
        for coder in sorted({*known.said, *(Path(name).stem for name in filed.named("notes/"))}):
            said = {n: known.said.get(coder, {}).get(n, []) for n in sorted(known.present)}
            name = f"notes/{coder}.toml"
            before = filed.read(name) if name in filed.files else None
            merged = merging.merge(self._notes(before, f"{filed.place}/{name}"), said, known.turns)
            remedy = "correct one of the two: the file and file it again, or the project"
            problems += [Problem(f"{filed.place}/{name}", what, remedy) for what in merged.differing]
            self.beside[f"{coder} in {filed.number}"] += merged.beside
            if merged.added:
                changed[name] = merging.written(before, coder, merged, self.home.now().date())
        if problems:
            raise Refused(problems)
        if not changed:
            return Filed(source=self.path, status="already filed", accession=filed.number, folder=filed.place)
        refuse_unfiled(filed)
        return deposit_draft.refiled(self.here, filed.folder, changed)

    def _notes(self, data: bytes | None, place: str) -> Notes | None:
        return None if data is None else accepted(notes.read(data, place, codebooks=self.here.codebooks))
