"""A deposit: a folder that was filed, or that is about to be; the received file and everything said about it.

::

    received.json                   (an exchange is two: received.request.json, received.response.json)
    export.toml                     of what was cut out of an export, where it stood there
    turns.jsonl                     what the importer read
    deposit.toml                    the record and the context-bias note
    redactions.toml                 which words stay covered where others see it
    notes/ann.toml                  notes on turns
    analyses/first-reading.md .toml
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote as percent

from archive.deposits.names import RECEIVED, SIDECARS, VERSIONED
from archive.errors import Malformed, Problem, Refused
from archive.home import dated
from archive.home.home import Home
from archive.importers import kept
from archive.importers.turns import Transcript
from archive.records import deposit_record, export, redactions
from archive.records.deposit_record import DepositRecord
from archive.records.kinds import ADDRESSED
from archive.records.known import Known

if TYPE_CHECKING:
    from archive.records.analysis import Analysis
    from archive.records.codebook import Codebooks
    from archive.records.notes import Notes
    from archive.records.redactions import Redactions


@dataclass(frozen=True)
class Deposit:
    """What a deposit's folder holds, read and checked."""

    folder: Path
    accession: str | None
    """None before it is filed."""
    record: DepositRecord
    transcript: Transcript
    notes: "Mapping[str, Notes]"
    """By coder."""
    analyses: "Mapping[str, Analysis]"
    """By slug."""
    redactions: "Redactions | None" = None
    """Which words of it others do not see."""

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
    files: Mapping[str, bytes],
    transcript: Transcript,
    *,
    folder: Path,
    place: str,
    codebooks: "Codebooks",
    accession: str | None = None,
    there: Known | None = None,
    sizes: Mapping[str, int] | None = None,
) -> Deposit:
    """The deposit that these sidecars (path in the folder → bytes) make with its turns.

    `codebooks` are those of the home, `sizes` the bytes of each received file.

    `place` names the folder in problems. With `there`, what is known outside this deposit, everything that the
    sidecars refer to is checked too. Raises `Refused` with everything that is wrong.
    """
    problems: list[Problem] = []
    record = deposit_record.read(
        files.get("deposit.toml", b""), f"{place}/deposit.toml", interviews=transcript.interviews, there=there
    )
    coded = {name[6:-5]: data for name, data in files.items() if re.fullmatch(r"notes/.+\.toml", name)}
    readings = {name[9:-5]: data for name, data in files.items() if re.fullmatch(r"analyses/.+\.toml", name)}
    marked = files.get(redactions.NAME)
    here = there.within(transcript.turns, accession) if there and (coded or readings or marked) else None
    said = _notes(coded, place, codebooks, here, problems) if coded else {}
    problems += misnamed([f"analyses/{slug}.toml" for slug in readings], place) if there else []
    analyses: dict[str, Analysis] = {}
    for slug, data in sorted(readings.items()):
        others = here.beside(readings.keys() - {slug}, accession) if here else None
        made = _analysis(data, files.get(f"analyses/{slug}.md"), f"{place}/analyses/{slug}", others, problems)
        analyses |= {slug: made} if made else {}
    for name in sorted(files):
        if re.fullmatch(r"analyses/.+\.md", name) and name[9:-3] not in readings:
            what = "expected its claims in a .toml beside it, found none"
            problems.append(Problem(f"{place}/{name}", what, "`archive new analysis` writes the form"))
    if export.NAME in files:
        cut = export.read(files[export.NAME], f"{place}/{export.NAME}", sizes=sizes)
        problems += cut if isinstance(cut, list) else []
    marks = redactions.read(marked, f"{place}/{redactions.NAME}", there=here) if marked is not None else None
    problems += marks if isinstance(marks, list) else []
    if isinstance(record, list):
        problems += record
    if problems or isinstance(record, list) or isinstance(marks, list):
        raise Refused(problems)
    return Deposit(folder, accession, record, transcript, said, analyses, marks)


def _notes(
    coded: Mapping[str, bytes], place: str, codebooks: "Codebooks", here: Known | None, problems: list[Problem]
) -> "dict[str, Notes]":
    """What each coder says; what is wrong with the rest goes to `problems`."""
    from archive.records import notes

    found = {}
    for coder, data in sorted(coded.items()):
        said = notes.read(data, f"{place}/notes/{coder}.toml", codebooks=codebooks, there=here)
        if isinstance(said, list):
            problems += said
        elif said.coder != coder:
            what = f"expected coder = “{coder}”, as the file is called, found “{said.coder}”"
            problems.append(Problem(f"{place}/notes/{coder}.toml coder", what, "rename one of the two"))
        else:
            found[coder] = said
    return found


def _analysis(
    data: bytes, prose: bytes | None, place: str, others: Known | None, problems: list[Problem]
) -> "Analysis | None":
    """One analysis and the prose beside it; what is wrong with them goes to `problems`."""
    from archive.records import analysis

    made = analysis.read(data, f"{place}.toml", there=others)
    problems += made if isinstance(made, list) else ()
    if prose is None:
        what = "expected the prose of the analysis beside it, found none"
        problems.append(Problem(f"{place}.md", what, "write it, or take the .toml away"))
    else:
        problems += analysis.prose_problems(prose, f"{place}.md")
    return None if isinstance(made, list) else made


def read_transcript(folder: Path, place: str) -> Transcript:
    """``turns.jsonl`` of a filed deposit, every line of it looked at. Raises `Refused`."""
    try:
        return kept.checked(folder / "turns.jsonl")
    except (FileNotFoundError, Malformed) as error:
        what = "is missing" if isinstance(error, FileNotFoundError) else str(error)
        raise Refused([Problem(f"{place}/turns.jsonl", what, "bring it back from .archive/store")]) from None


def sidecars(folder: Path) -> dict[str, bytes]:
    """The sidecars that lie in a folder now, filed or not: path in it → bytes."""
    return {name: (folder / name).read_bytes() for name in names(folder) if SIDECARS.fullmatch(name)}


def folders(home: Home) -> list[Path]:
    """The folder of every filed deposit, by path."""
    lists = (home.root / "transcripts").glob("*/*/intake.sums")
    return sorted(path.parent for path in lists if path.parent.parent.name not in VERSIONED)


def misnamed(names: Iterable[str], place: str) -> list[Problem]:
    """Files of a folder that are called as no address can be: each becomes a page, or a place on one."""
    odd = (name for name in names if not re.fullmatch(ADDRESSED, name.rpartition("/")[2].removesuffix(".toml")))
    what = "expected a name of Latin letters, digits, hyphens, dots and underscores, which an address can have"
    return [Problem(f"{place}/{name}", what, "rename it, as in first-reading.toml") for name in odd]


def model_folder(model: str) -> str:
    """The folder of a model under ``transcripts/``: its id, percent-encoded; never hidden, never another's."""
    name = percent(model, safe="@:+,=")
    return f"%{ord(name[0]):02X}{name[1:]}" if name.startswith(".") or name in VERSIONED else name
