"""A deposit: a folder that was filed, or that is about to be; the received file and everything said about it.

::

    received.json                   (an exchange is two: received.request.json, received.response.json)
    export.toml                     of what was cut out of an export, where it stood there
    turns.jsonl                     what the importer read
    deposit.toml                    the record and the context-bias note
    notes/ann.toml                  notes on turns
    analyses/first-reading.md .toml
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote as percent

from archive.deposits.shelf import CODEBOOKS
from archive.errors import Malformed, Problem, Refused
from archive.home import dated
from archive.home.home import Home
from archive.importers import turns
from archive.importers.turns import Transcript
from archive.records import analysis, deposit_record, export, notes
from archive.records.analysis import Analysis
from archive.records.codebook import Codebooks
from archive.records.deposit_record import DepositRecord
from archive.records.known import Known
from archive.records.notes import Notes

RECEIVED = re.compile(r"received(\.(request|response))?(\.[A-Za-z0-9]+)*")
OWN = re.compile(r"turns\.jsonl|redaction\.(seed|root)|(nonce|private|intake)(-\d+)?(\.(nonce|sums))?")
"""Files that the program writes."""
VERSIONED = ("protocols", "codebooks")
"""The folders of ``transcripts/`` that are no model's; see `archive.deposits.shelf`."""
SIDECARS = re.compile(r"(deposit|export)\.toml|notes/[^/]+\.toml|analyses/[^/]+\.(md|toml)")


@dataclass(frozen=True)
class Deposit:
    """What a deposit's folder holds, read and checked."""

    folder: Path
    accession: str | None
    """None before it is filed."""
    record: DepositRecord
    transcript: Transcript
    notes: Mapping[str, Notes]
    """By coder."""
    analyses: Mapping[str, Analysis]
    """By slug."""

    @property
    def slug(self) -> str:
        return dated.parse(self.folder.name).slug


def names(folder: Path) -> list[str]:
    """Every file of a folder by its path in it, but those that begin with a dot."""
    found = (path.relative_to(folder) for path in folder.rglob("*") if path.is_file())
    return sorted(name.as_posix() for name in found if not any(part.startswith(".") for part in name.parts))


def received(folder: Path) -> list[Path]:
    """The received file, or the two of an exchange."""
    return sorted(path for path in folder.glob("received*") if RECEIVED.fullmatch(path.name))


def read(
    folder: Path,
    transcript: Transcript,
    *,
    place: str,
    codebooks: Codebooks,
    accession: str | None = None,
    there: Known | None = None,
) -> Deposit:
    """Read the sidecars of a folder; `codebooks` are those of the home. Raises `Refused` with everything that is wrong.

    With `there`, what is known outside this deposit, everything that they refer to is checked too.
    """
    problems: list[Problem] = []
    slugs = {path.stem for path in (folder / "analyses").glob("*.toml")}
    own_turns = there.within(transcript.turns, accession) if there else None
    record = deposit_record.read(
        _bytes(folder / "deposit.toml"), f"{place}/deposit.toml", interviews=transcript.interviews, there=there
    )
    coded: dict[str, Notes] = {}
    for path in sorted((folder / "notes").glob("*.toml")):
        name = f"{place}/notes/{path.name}"
        own = notes.read(path.read_bytes(), name, codebooks=codebooks, there=own_turns)
        if isinstance(own, list):
            problems += own
        elif own.coder != path.stem:
            what = f"expected coder = “{path.stem}”, as the file is called, found “{own.coder}”"
            problems.append(Problem(f"{place}/notes/{path.name} coder", what, "rename one of the two"))
        else:
            coded[path.stem] = own
    analyses: dict[str, Analysis] = {}
    for path in sorted((folder / "analyses").glob("*.toml")):
        prose = path.with_suffix(".md")
        others = own_turns.beside(slugs - {path.stem}, accession) if own_turns else None
        read_analysis = analysis.read(path.read_bytes(), f"{place}/analyses/{path.name}", there=others)
        if isinstance(read_analysis, list):
            problems += read_analysis
        else:
            analyses[path.stem] = read_analysis
        if prose.is_file():
            problems += analysis.prose_problems(prose.read_bytes(), f"{place}/analyses/{prose.name}")
        else:
            what = "expected the prose of the analysis beside it, found none"
            problems.append(Problem(f"{place}/analyses/{prose.name}", what, "write it, or take the .toml away"))
    for prose in sorted((folder / "analyses").glob("*.md")):
        if not prose.with_suffix(".toml").is_file():
            what = "expected its claims in a .toml beside it, found none"
            problems.append(Problem(f"{place}/analyses/{prose.name}", what, "`archive new analysis` writes the form"))
    if (folder / export.NAME).is_file():
        sizes = {path.name: path.stat().st_size for path in received(folder)} or None
        cut = export.read((folder / export.NAME).read_bytes(), f"{place}/{export.NAME}", sizes=sizes)
        problems += cut if isinstance(cut, list) else []
    if isinstance(record, list):
        problems += record
    if problems or isinstance(record, list):
        raise Refused(problems)
    return Deposit(folder, accession, record, transcript, coded, analyses)


def _bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except FileNotFoundError:
        return b""


def read_transcript(folder: Path, place: str) -> Transcript:
    """``turns.jsonl`` of a filed deposit. Raises `Refused`."""
    try:
        return turns.decode((folder / "turns.jsonl").read_bytes())
    except (FileNotFoundError, Malformed) as error:
        what = "is missing" if isinstance(error, FileNotFoundError) else str(error)
        raise Refused([Problem(f"{place}/turns.jsonl", what, "bring it back from .archive/store")]) from None


def folders(home: Home) -> list[Path]:
    """The folder of every filed deposit, by path."""
    lists = (home.root / "transcripts").glob("*/*/intake.sums")
    return sorted(path.parent for path in lists if path.parent.parent.name not in VERSIONED)


def read_all(home: Home) -> Iterator[Deposit]:
    """Every deposit that was filed, by path; its sidecars are checked when it is filed and by `archive check`.

    Raises `Refused` at the first that cannot be read.
    """
    codebooks = CODEBOOKS.filed(home)
    for folder in folders(home):
        if accession := home.accession(folder):
            yield read_filed(home, folder, accession.number, codebooks)


def read_filed(home: Home, folder: Path, accession: str, codebooks: Codebooks, there: Known | None = None) -> Deposit:
    """A filed deposit; what it refers to was checked when it was filed, and is again where `there` is given."""
    place = home.relative(folder)
    transcript = read_transcript(folder, place)
    return read(folder, transcript, place=place, codebooks=codebooks, accession=accession, there=there)


def model_folder(model: str) -> str:
    """The folder of a model under ``transcripts/``: its id, percent-encoded; never hidden, never another's."""
    name = percent(model, safe="@:+,=")
    return f"%{ord(name[0]):02X}{name[1:]}" if name.startswith(".") or name in VERSIONED else name
