"""What is made from the rest and can be made again: the register's index, the catalogue, what a site was made from."""

import contextlib
import json
import tomllib
from pathlib import Path

from archive.home.home import Home
from archive.home.store import digest_of
from archive.register import durable, sums
from archive.register.register import head

_STAMP = "catalogue.db.checked"
"""What the catalogue's file was when it was last compared with the files."""
_KEPT = {
    "site.kept": ("what the site was last made from", "publishing makes it again"),
    "embargoes.kept": ("what was noted of embargoes", "publishing makes it again"),
    "copies.kept": ("what was noted of copies elsewhere", "the next `publisher deploy` notes it"),
}


def made_again(home: Home, *, deep: bool) -> list[str]:
    """What was missing, damaged or behind and has been made again, in words; nothing is asked and nothing lost."""
    said = []
    if home.register.size and home.register.indexed.differs():
        home.register.indexed.make_again()
        said.append("the register's index said something else than the statements: it has been made again")
    for name, (what, remedy) in _KEPT.items():
        said += _kept(home.hidden / name, what, remedy)
    return said + _catalogue(home, deep=deep)


def _kept(file: Path, what: str, remedy: str) -> list[str]:
    """Its first line is the SHA-256 of the rest."""
    try:
        first, _, rest = file.read_bytes().partition(b"\n")
    except OSError:
        return []
    if first == sums.digest(rest).encode():
        return []
    with contextlib.suppress(OSError):
        file.unlink()
    return [f"{what} was not as it was left: {remedy}"]


def _catalogue(home: Home, *, deep: bool) -> list[str]:
    """The file is hashed, and only where that says nothing are its rows compared with the files."""
    if not home.register.size:
        return []
    file, stamp = home.hidden / "catalogue.db", home.hidden / _STAMP
    ours = not _database(home)
    known = _read(stamp) if ours else None
    newest = list(head(home.hidden / "register") or ())
    if known and file.is_file() and known["newest"] == newest:
        if known["sha256"] == digest_of(file) and not deep:
            return []
        if known["sha256"] != digest_of(file):
            _reindex(home)
            _note(home, file, stamp, newest)
            return ["the catalogue was not as it was left: it has been made again"]
    from archive.catalogue import building  # which a check that finds the file as it was left does without

    differ = building.problems(home)
    if differ:
        _reindex(home)
    if ours:
        _note(home, file, stamp, newest)
    return ["the catalogue said something else than the files: it has been made again"] if differ else []


def _reindex(home: Home) -> None:
    from archive.catalogue import building

    building.reindex(home)


def _database(home: Home) -> str:
    """The address of the database where archive.toml names one: then the catalogue is no file of ours."""
    with contextlib.suppress(OSError, ValueError):
        return str(tomllib.loads((home.root / "archive.toml").read_text()).get("database", {}).get("url", ""))
    return ""


def _note(home: Home, file: Path, stamp: Path, newest: list[object]) -> None:
    with contextlib.suppress(OSError):  # a home that can only be read is checked the long way each time
        durable.write(stamp, json.dumps({"newest": newest, "sha256": digest_of(file)}).encode())


def _read(stamp: Path) -> dict[str, object] | None:
    try:
        known = json.loads(stamp.read_bytes())
    except (OSError, ValueError):
        return None
    return known if isinstance(known, dict) and known.keys() == {"newest", "sha256"} else None
