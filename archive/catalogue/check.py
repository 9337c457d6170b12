"""`archive check`: folders, store, register and catalogue compared; every sidecar and quote read again."""

import os
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from archive.catalogue import building as catalogue
from archive.deposits import deposit, references
from archive.deposits.collection import unfiled
from archive.deposits.deposit import OWN, SIDECARS, VERSIONED, names
from archive.deposits.lists import list_digests
from archive.deposits.shelf import CODEBOOKS
from archive.documents.document import Document, Items, Paragraph, Section
from archive.errors import Malformed, Problem, Refused
from archive.home import modes
from archive.home.accession import intake_lists
from archive.home.home import Home
from archive.home.store import digest_of
from archive.records import ai_model, export, preference
from archive.records.codebook import Codebooks
from archive.wording import many

_COUNTED = ("deposits", "models", *VERSIONED, "essays")


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """What was compared, and everything that is wrong."""

    counts: Mapping[str, int]
    """How much was compared, by what it is called: ``{"deposit": 12, "model": 3, …, "statement": 41}``."""
    problems: tuple[Problem, ...]
    remarks: tuple[str, ...]
    """Nothing wrong, but somebody should act."""

    @property
    def sentence(self) -> str:
        counted = ", ".join(
            many(n, what) for what, n in self.counts.items() if n or what not in ("protocol", "codebook")
        )
        return f"{counted}: {many(len(self.problems), 'problem') if self.problems else 'all as logged'}"


def check(home: Home, *, deep: bool = False) -> Report:
    """Read everything, change nothing. `deep` also hashes every copy in the store."""
    versioned = {name: f"transcripts/{name}/*" for name in VERSIONED}
    kinds = {"models": "transcripts/*", **versioned, "essays": "essays/*"}
    folders = {k: sorted(p.parent for p in home.root.glob(f"{glob}/intake.sums")) for k, glob in kinds.items()}
    folders["deposits"] = deposit.folders(home)
    problems: list[Problem] = modes.problems(home.root)
    remarks: list[str] = []
    for kind, found in folders.items():
        for folder in found:
            problems += _tried(home, folder, partial(_fixity, home, strict=kind != "essays"))
    problems += _missing(home, [folder for found in folders.values() for folder in found])
    codebooks = CODEBOOKS.filed(home)
    for folder in folders["deposits"]:
        problems += _tried(home, folder, partial(_sidecars, home, codebooks=codebooks))
    for folder in folders["models"]:
        problems += _tried(home, folder, partial(_model, home, remarks=remarks))
    remarks += [
        f"{p.place} is not filed yet: archive file {p.place}" for found in unfiled(home).values() for p in found
    ]
    problems += _store(home) if deep else []
    problems += [] if problems else catalogue.problems(home)
    return Report(
        counts={kind.removesuffix("s"): len(folders[kind]) for kind in _COUNTED} | {"statement": home.register.size},
        problems=tuple(problems),
        remarks=tuple(remarks),
    )


def document(report: Report) -> Document:
    """What was compared, and below that what is wrong and what somebody should see to."""
    found = (("To mend", tuple(map(str, report.problems))), ("To see to", report.remarks))
    sections = (Section(title=title, blocks=(Items(said),)) for title, said in found if said)
    return Document(sort="Check", blocks=(Paragraph(report.sentence), *sections))


def _fixity(home: Home, folder: Path, *, strict: bool) -> Iterator[Problem]:
    """Lists against the register, files against their newest list, copies against the store.

    `strict`: every file must be listed (an essay's ``essay.toml``, reviews and editors' notes grow beside it).
    """
    for path in intake_lists(folder):
        if home.lives.listed(digest_of(path)) is None:
            what = "is not in the register: it was changed by hand, or comes from another archive"
            yield Problem(home.relative(path), what, "bring it back from .archive/store")
            return
    try:
        lists = list_digests(folder)
    except Malformed as error:
        yield Problem(home.relative(folder), str(error), "bring it back from .archive/store")
        return
    for name, digest in lists[-1].items():
        path = folder / name
        restore = f"the copy is .archive/store/{digest[:2]}/{digest[2:]}"
        if not path.is_file():
            yield Problem(home.relative(path), "was filed and is missing", restore)
        elif (actual := digest_of(path)) != digest:
            may_change = name == "model.toml" or (SIDECARS.fullmatch(name) and name != export.NAME)
            remedy = f"archive file {home.relative(folder)}" if may_change else ""
            what = f"is not what was filed: expected SHA-256 {digest}, found {actual}"
            yield Problem(
                home.relative(path), what, f"{restore}{f'; if the change is meant: {remedy}' if remedy else ''}"
            )
        if not home.store.path(digest).exists():
            yield Problem(home.relative(path), f"has no copy in the store ({digest})", "bring back .archive/store")
    if strict:
        for path in sorted(path for glob in ("*.toml", "*/*.toml", "*/*.md") for path in folder.glob(glob)):
            if not path.is_file() and path.relative_to(folder).as_posix() not in lists[-1]:
                yield Problem(home.relative(path), "expected a file, found something else", "move it away")
        own = {n for n in names(folder) if "/" not in n or n.split("/")[0] in ("notes", "analyses", "preferences")}
        for name in sorted(own - lists[-1].keys()):
            if not OWN.fullmatch(name):
                remedy = f"archive file {home.relative(folder)}"
                yield Problem(home.relative(folder / name), "lies here and was never filed", remedy)


def _tried(home: Home, folder: Path, look: Callable[[Path], Iterable[Problem]]) -> list[Problem]:
    """What a look at a folder finds; where it cannot be read to the end, that too."""
    try:
        return list(look(folder))
    except OSError as error:
        place = Path(os.fsdecode(error.filename)) if error.filename else folder
        name = home.relative(place) if place.is_relative_to(home.root) else str(place)
        return [Problem(name, f"cannot be read: {error.strerror}", "let yourself read it, or bring it back")]


def _missing(home: Home, folders: list[Path]) -> Iterator[Problem]:
    """Intakes of the register that have no folder."""
    here = {digest_of(path) for folder in folders for path in intake_lists(folder)}
    for index, statement in enumerate(home.register.statements):
        if statement.kind == "intake":
            for name, digest in statement.subjects.items():
                if digest not in here:
                    what = f"was logged as entry {index}, and no folder holds its list"
                    yield Problem(
                        name, what, f"bring the folder back; the list is .archive/store/{digest[:2]}/{digest[2:]}"
                    )


def _sidecars(home: Home, folder: Path, codebooks: Codebooks) -> list[Problem]:
    accession = home.accession(folder)
    if accession is None:
        return []
    try:
        place, transcript = home.relative(folder), deposit.read_transcript(folder, home.relative(folder))
        there = references.known(home, references.of_folder(folder))
        deposit.read(
            deposit.sidecars(folder),
            transcript,
            folder=folder,
            place=place,
            codebooks=codebooks,
            accession=accession.number,
            there=there,
            sizes={path.name: path.stat().st_size for path in deposit.received(folder)} or None,
        )
    except Refused as refused:
        return list(refused.problems)
    return []


def _model(home: Home, folder: Path, remarks: list[str]) -> list[Problem]:
    """What is wrong in a model's folder; `remarks` get its preferences that have no answer."""
    if not (folder / "model.toml").is_file():
        return []  # that it is missing, the comparison with its list has said
    record = ai_model.read((folder / "model.toml").read_bytes(), home.relative(folder / "model.toml"))
    problems = record if isinstance(record, list) else []
    model = None if isinstance(record, list) else record.id
    known = references.known(home, references.of_folder(folder), model=model)
    for path in sorted(path for path in (folder / "preferences").glob("*.toml") if path.is_file()):
        wish = preference.read(path.read_bytes(), home.relative(path), there=known)
        if isinstance(wish, list):
            problems += wish
        elif wish.open_since:
            remarks.append(f"{home.relative(path)} has no answer; open since {wish.open_since}")
    return problems


def _store(home: Home) -> Iterator[Problem]:
    for digest in home.store.digests():
        if digest_of(home.store.path(digest)) != digest:
            yield Problem(f".archive/store/{digest[:2]}/{digest[2:]}", "is not what its name says", "bring it back")
