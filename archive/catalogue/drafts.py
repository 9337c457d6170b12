"""What the catalogue does not tell of: what lies beside what a search found and was not filed, what cannot be read."""

from collections.abc import Iterable

from archive.catalogue.catalogue import ask
from archive.catalogue.reader import deposit_folder
from archive.deposits.filed import CHECK, filed_folders
from archive.deposits.shelf import PROTOCOLS
from archive.deposits.unfiled import unfiled
from archive.errors import Problem
from archive.home.home import Home


def beside(home: Home, deposits: Iterable[str]) -> list[Problem]:
    """In the folders of these deposits (``2026-0041``): what was changed or added since they were filed."""
    named = list(dict.fromkeys(deposits))
    folders = ask(home, lambda reader: [home.root / deposit_folder(reader, number) for number in named])
    return [draft for filed in filed_folders(home, folders)[0] for draft in filed.drafts()]


def left_out(home: Home) -> list[Problem]:
    """What a reading of all deposits and protocols does not tell of: what was never filed, and what cannot be read.

    What else lies in the folders of deposits, `archive check` says: they are not opened for this.
    """
    never = unfiled(home)
    return [*never["deposit"], *unread(home), *never["protocol"], *PROTOCOLS.drafts(home)]


def unread(home: Home) -> list[Problem]:
    """The deposits that were filed and that the catalogue does not have, as nothing of them could be read."""
    index = home.register.index if home.register.size else None
    if index is None or not (filed := index.count().get("deposit", 0)):
        return []
    held = ask(home, lambda reader: reader.one("SELECT count(*) AS deposits FROM deposit"))
    if held and held["deposits"] == filed:
        return []
    rows = ask(home, lambda reader: reader.rows("SELECT accession FROM deposit"))
    what = "was filed, and what was filed cannot be read: all of it was left out"
    return [Problem(n, what, CHECK) for n in index.numbers("deposit") if n not in {row["accession"] for row in rows}]
