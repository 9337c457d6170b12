"""What waits for a deposit to be opened: analyses and preferences that quote it, kept in private lists until then."""

from collections.abc import Iterable, Iterator

from archive.deposits.dependence import Resting, resting_of
from archive.deposits.filed import FiledFolder, filed_folders
from archive.deposits.names import COPY
from archive.home.home import Home


def waiting(home: Home, numbers: Iterable[str]) -> Iterator[tuple[str, str]]:
    """Folders that hold something that rests on one of these deposits and is private: their places, and which one.

    Filing such a folder again opens it, if nothing else it rests on is closed. Folders that are closed themselves are
    passed over. Raises `Refused` where a sidecar is not what was filed.
    """
    opened = frozenset(numbers)
    for filed in filter(_is_open, filed_folders(home)[0]):
        for number in sorted(opened & {number for each in _resting(filed) for number in each.numbers}):
            yield filed.place, number


def _is_open(filed: FiledFolder) -> bool:
    return filed.accession.kind == "model" or not {"turns.jsonl", COPY}.isdisjoint(filed.listed)


def _resting(filed: FiledFolder) -> Iterator[Resting]:
    """Those of its sidecars that are private."""
    for name in filed.files.keys() - filed.listed.keys():
        if name.startswith("preferences/") or (name.startswith("analyses/") and name.endswith(".toml")):
            yield resting_of(filed, name)
