"""Where what goes with a target can be found: the folder of a site, or whatever else is read by a site's paths."""

import re
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from archive.errors import Error, Malformed
from archive.register.note import VerifierKey

LARGEST = 64 << 20
"""Bytes of the largest file that is read from a place."""

_POLICY = 1 << 20
"""Bytes of a policy that are looked through for a key."""

CHECKPOINT = "register/checkpoint"
"""What makes a folder a site."""

OWN_KEY = "whose register this is: its key was read from this very site, give one with --key"
"""What a check does not prove where nobody gave a key."""


class Place(Protocol):
    """A site, read by its paths."""

    @property
    def name(self) -> str:
        """As a person would name it."""

    def read(self, path: str) -> bytes | None:
        """A file of it, ``register/policy``; None where there is none that can be read. Raises `Error` from afar."""


@dataclass(frozen=True, slots=True)
class SiteFolder:
    """A site that lies here."""

    root: Path

    @property
    def name(self) -> str:
        return str(self.root)

    def read(self, path: str) -> bytes | None:
        """Never through a link that leads out of the folder, never from a pipe."""
        file = self.root / path
        try:
            inside = file.resolve().is_relative_to(self.root.resolve())
            return file.read_bytes() if inside and file.is_file() and file.stat().st_size <= LARGEST else None
        except (OSError, ValueError, RuntimeError):  # a name with NUL, a link that leads round in a circle
            return None


class KeyNeededError(Error):
    """Nothing tells whose register it should be: no key was given, and no site is at hand."""


def around(path: Path) -> SiteFolder | None:
    """The site that a file lies in: the nearest folder above it with a checkpoint."""
    folders = path.absolute().parents
    return next((SiteFolder(folder) for folder in folders if (folder / CHECKPOINT).is_file()), None)


def site_folder(path: Path) -> Path:
    """Where a site lies, named itself or by its home."""
    return path / "site" if (path / "archive.toml").is_file() else path


def own_key(place: Place | None, origin: str = "") -> VerifierKey:
    """The newest key that a site gives for its register, or for the one that `origin` names.

    Raises `KeyNeededError` without a site, `Error` where it has none.
    """
    if place is None:
        raise KeyNeededError("give the register's key with --key; take it from a place the publisher cannot change")
    policy = (place.read("register/policy") or b"")[:_POLICY].decode(errors="replace")
    for line in re.finditer(r"(?m)^log (\S+)", policy):
        with suppress(Malformed):
            key = VerifierKey.parse(line[1])
            if origin in ("", key.name):
                return key
    of = f" of {origin[:80]!r}" if origin else ""
    what = f"{place.name}: expected a site with register/policy, found none that names a key{of}"
    raise Error(f"{what}; give the key with --key")
