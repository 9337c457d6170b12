"""Whose notes a comparison leaves out, since somebody is coding blind."""

from archive.catalogue.catalogue import ask
from archive.catalogue.reader import deposit_folder
from archive.deposits.filed import filed_folders
from archive.desk.coding import visible
from archive.home.home import Home
from archive.research.comparison import Comparison


def hidden(home: Home, found: Comparison, coder: str) -> dict[str, frozenset[str]]:
    """Deposit → the coders whose notes in it `coder` may not see now."""
    noted = {reply.interview.partition("/")[0] for reply in found.answers if reply.notes}
    folders = ask(home, lambda reader: [home.root / deposit_folder(reader, number) for number in sorted(noted)])
    unseen = {}
    for filed in filed_folders(home, folders)[0]:
        if others := visible.states(filed).keys() - visible.visible_of(filed, coder):
            unseen[filed.number] = frozenset(others)
    return unseen
