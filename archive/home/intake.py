"""What every intake has in common: the list of what arrived, its nonces, its statement.

``intake.sums`` is a ``sha256sum`` list whose ``nonce`` blinds it: its hash in the register says nothing until the list
is published. What must stay private is in ``private.sums``, which has a nonce of its own and is never published.
"""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from archive.home.store import digest_of
from archive.register import sums

Content = bytes | Path


@dataclass(frozen=True, slots=True)
class Intake:
    """Files to be put into the folder, and the SHA-256 of the list that names them."""

    files: dict[str, bytes]
    """The lists and nonces, by name."""
    sums: str
    """Name of the list: ``intake.sums``, ``intake-2.sums``."""
    digest: str


def nonce() -> bytes:
    """32 random bytes as hex, a line."""
    return f"{secrets.token_hex(32)}\n".encode()


def make(public: Mapping[str, Content], private: Mapping[str, Content], version: int = 1) -> Intake:
    """The lists of what arrived, for the `version`-th time (1 for the first)."""
    suffix = f"-{version}" if version > 1 else ""
    files: dict[str, bytes] = {f"nonce{suffix}": nonce()}
    if private:
        files[f"private{suffix}.nonce"] = nonce()
        hidden = {name: digest_of(data) for name, data in private.items()}
        hidden |= {f"private{suffix}.nonce": digest_of(files[f"private{suffix}.nonce"])}
        files[f"private{suffix}.sums"] = sums.write(hidden)
    listed = {name: digest_of(data) for name, data in public.items()}
    listed |= {name: digest_of(data) for name, data in files.items() if not name.endswith(".nonce")}
    name = f"intake{suffix}.sums"
    files[name] = sums.write(listed)
    return Intake(files, name, digest_of(files[name]))
