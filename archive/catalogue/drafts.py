"""What lies in a home and is not what was filed: named by commands that show what was."""

from collections.abc import Iterable

from archive.catalogue.catalogue import reading
from archive.catalogue.reader import deposit_folder
from archive.deposits.deposit import VERSIONED
from archive.deposits.filed import filed_folders
from archive.errors import Problem
from archive.home.accession import intake_lists
from archive.home.home import Home


def beside(home: Home, deposits: Iterable[str]) -> list[Problem]:
    """In the folders of these deposits (``2026-0041``): what was changed or added since they were filed."""
    with reading(home) as reader:
        folders = [home.root / deposit_folder(reader, number) for number in dict.fromkeys(deposits)]
    return [draft for filed in filed_folders(home, folders)[0] for draft in filed.drafts()]


def unfiled(home: Home) -> list[Problem]:
    """Folders that were never filed."""
    globs = ("*/*/deposit.toml", "*/model.toml", *(f"{name}/*/1.toml" for name in VERSIONED))
    folders = {path.parent for glob in globs for path in (home.root / "transcripts").glob(glob)}
    places = sorted(home.relative(folder) for folder in folders if not intake_lists(folder))
    return [Problem(p, "is not filed yet and was left out", f"`archive file {p}` files it") for p in places]
