"""What was received and is large lies in a store on other machines alone, where there is one: not in its folder."""

from collections.abc import Mapping
from pathlib import Path

from archive.deposits.names import RECEIVED
from archive.home.store import Kept, Store


def may_lie_apart(store: Store, name: str, digest: str) -> bool:
    """Whether a file of a deposit with this SHA-256 may be missing from its folder, since the store has it alone."""
    if not RECEIVED.fullmatch(name):
        return False
    size = store.size(digest)
    return size is not None and store.apart(size)


def filed_apart(store: Store, folder: Path, listed: Mapping[str, str]) -> dict[str, Kept]:
    """Those of the files that a deposit's list names (name → SHA-256) that the store alone has."""
    names = [n for n, digest in listed.items() if not (folder / n).exists() and may_lie_apart(store, n, digest)]
    return {name: Kept(listed[name], store.size(listed[name]) or 0) for name in names}
