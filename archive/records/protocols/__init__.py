"""Lists of questions: those that come with this program, and those of a home.

They lie in a home as ``transcripts/protocols/<id>/<version>.toml`` (see `archive.records.protocol`).
"""

from pathlib import Path

from archive.errors import Problem, Refused
from archive.home.home import Home
from archive.records import protocol
from archive.records.protocol import Protocol

PLACE = "transcripts/protocols"


def shipped() -> dict[str, bytes]:
    """What comes with this program, by its path under ``transcripts/protocols``: ``retirement-interview/1.toml``."""
    files = sorted(Path(__file__).parent.glob("*.toml"))
    return {"/".join(path.name.rsplit("-", 1)): path.read_bytes() for path in files}


def of(home: Home) -> dict[str, Protocol]:
    """Every protocol of a home, by ``id@version``; the versions of each in their order.

    Raises `Refused` with everything that is wrong in them.
    """
    found: dict[str, Protocol] = {}
    problems: list[Problem] = []
    for path in sorted((home.root / PLACE).glob("*/*.toml"), key=_order):
        read = protocol.read(path.read_bytes(), home.relative(path))
        if isinstance(read, list):
            problems += read
        elif (read.id, str(read.version)) != (path.parent.name, path.stem):
            what = f"expected {path.parent.name}@{path.stem}, as the file is called, found {read.ref}"
            problems.append(Problem(home.relative(path), what, "correct id and version, or move the file"))
        else:
            found[read.ref] = read
    if problems:
        raise Refused(problems)
    return found


def _order(path: Path) -> tuple[str, int, str]:
    return path.parent.name, int(path.stem) if path.stem.isdecimal() else 0, path.stem
