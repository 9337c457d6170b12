"""What lies beside what a search found and is not what was filed."""

from collections.abc import Iterable

from archive.catalogue.catalogue import ask
from archive.catalogue.reader import deposit_folder
from archive.deposits.filed import filed_folders
from archive.errors import Problem
from archive.home.home import Home


def beside(home: Home, deposits: Iterable[str]) -> list[Problem]:
    """In the folders of these deposits (``2026-0041``): what was changed or added since they were filed."""
    named = list(dict.fromkeys(deposits))
    folders = ask(home, lambda reader: [home.root / deposit_folder(reader, number) for number in named])
    return [draft for filed in filed_folders(home, folders)[0] for draft in filed.drafts()]
