"""What every intake has in common: the list of what arrived, its nonces, its statement.

``intake.sums`` is a ``sha256sum`` list whose ``nonce`` blinds it: its hash in the register says nothing until the list
is published. What must stay private is in ``private.sums``, which has a nonce of its own and is never published.
"""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass

from archive.home.store import Content, Held, Kept, Store, digest_of, size_of, stored_at
from archive.register import sums


@dataclass(frozen=True, slots=True)
class Intake:
    """Everything that is put into the folder, and the SHA-256 of the list that names it."""

    files: dict[str, Held]
    """What arrived, the lists and nonces, by name."""
    digests: dict[str, str]
    """SHA-256 of each of these."""
    sums: str
    """Name of the list: ``intake.sums``, ``intake-2.sums``."""

    @property
    def digest(self) -> str:
        """Of the list; what is logged."""
        return self.digests[self.sums]

    def placed(self, folder: str, store: Store) -> dict[str, Content]:
        """What a change has to write for it, by path in the home: each file in its folder.

        What was received and is large goes to a store on other machines alone; what is there is not written again.
        """
        written = {name: data for name, data in self.files.items() if not isinstance(data, Kept)}
        apart = {name for name, data in written.items() if name.startswith("received") and store.apart(size_of(data))}
        return {
            stored_at(self.digests[name]) if name in apart else f"{folder}/{name}": data
            for name, data in written.items()
        }


def nonce() -> bytes:
    """32 random bytes as hex, a line."""
    return f"{secrets.token_hex(32)}\n".encode()


def make(public: Mapping[str, Held], private: Mapping[str, Held], version: int = 1) -> Intake:
    """The lists of what arrived, for the `version`-th time (1 for the first)."""
    suffix = f"-{version}" if version > 1 else ""
    files: dict[str, Held] = {}
    digests: dict[str, str] = {}

    def add(new: Mapping[str, Held]) -> dict[str, str]:
        files.update(new)
        added = {name: digest_of(data) for name, data in new.items()}
        digests.update(added)
        return added

    listed = add(public) | add({f"nonce{suffix}": nonce()})
    if private:
        hidden = add({**private, f"private{suffix}.nonce": nonce()})
        listed |= add({f"private{suffix}.sums": sums.write(hidden)})
    add({f"intake{suffix}.sums": sums.write(listed)})
    return Intake(files, digests, f"intake{suffix}.sums")
