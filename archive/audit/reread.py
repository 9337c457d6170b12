"""Records read again: whether what they say can be, and every quote stands where it says."""

from collections.abc import Iterator, Mapping
from pathlib import Path

from archive.audit.finding import Finding
from archive.deposits import deposit, references
from archive.deposits.marks import commitment, marks
from archive.deposits.names import COPY
from archive.deposits.shelf import CODEBOOKS
from archive.errors import Error, Problem, Refused
from archive.home.home import Home
from archive.records import ai_model, preference
from archive.records.codebook import Codebooks


def unsound(home: Home, folders: Mapping[str, str]) -> list[Finding]:
    """What is wrong in the records that lie in these folders now, each with its kind; whatever their hashes say."""
    codebooks = CODEBOOKS.filed(home)
    problems: list[Problem] = []
    for folder, kind in folders.items():
        try:
            if kind == "deposit":
                _deposit(home, home.root / folder, codebooks)
            elif kind == "model":
                problems += _model(home, home.root / folder)
        except Refused as refused:
            problems += refused.problems
        except (Error, OSError) as error:
            problems.append(Problem(folder, f"cannot be read again: {error}", "mend what is damaged first"))
    return [Finding(problem.place, problem.found, problem.remedy, "unsound") for problem in problems]


def _deposit(home: Home, folder: Path, codebooks: Codebooks) -> None:
    """Raises `Refused`."""
    accession = home.accession(folder)
    if accession is None:
        return
    place, sidecars = home.relative(folder), deposit.sidecars(folder)
    transcript = deposit.read_transcript(folder, place)
    deposit.read(
        sidecars,
        transcript,
        folder=folder,
        place=place,
        codebooks=codebooks,
        accession=accession.number,
        there=references.known(home, references.of_folder(folder)),
        sizes={path.name: path.stat().st_size for path in deposit.received(folder)} or None,
    )
    data = (folder / "turns.jsonl").read_bytes()
    if found := marks(sidecars, data, place, transcript.turns, accession.number):
        seed = commitment(home, folder, home.lives[accession.number])["redaction.seed"]
        made = found.copy(accession.number, data, bytes.fromhex(seed.decode()))
        if (folder / COPY).read_bytes() != made:
            raise Refused([Problem(f"{place}/{COPY}", "is not the copy that its marks make", f"archive file {place}")])


def _model(home: Home, folder: Path) -> Iterator[Problem]:
    file = folder / "model.toml"
    if not file.is_file():
        return  # that it is missing is said already
    record = ai_model.read(file.read_bytes(), home.relative(file))
    yield from record if isinstance(record, list) else ()
    model = None if isinstance(record, list) else record.id
    known = references.known(home, references.of_folder(folder), model=model)
    for path in sorted(path for path in (folder / "preferences").glob("*.toml") if path.is_file()):
        wish = preference.read(path.read_bytes(), home.relative(path), there=known)
        yield from wish if isinstance(wish, list) else ()
