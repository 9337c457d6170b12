"""The keys of a home: those that sign its register, and those of its reviewers."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from archive.home import keys, rotation
from archive.home.home import Home
from archive.home.rotation import Signing


@dataclass(frozen=True, slots=True)
class Reviewer:
    """A line of ``allowed_signers`` as it is now."""

    name: str
    key: str
    """Its fingerprint: ``SHA256:…``."""
    options: Mapping[str, str]
    since: int | None
    """Entry of the first list that had the key and from which on every one had it; None while none was logged."""


@dataclass(frozen=True, slots=True)
class Held:
    """All of them."""

    origin: str
    register: tuple[Signing, ...]
    """The newest first."""
    missing: tuple[str, ...]
    """Where the private half of a key that signs should lie, and does not."""
    reviewers: tuple[Reviewer, ...]


def held(home: Home) -> Held:
    """Raises `NotFound`, `VerificationError` where a list that was logged is not what it was."""
    size = home.register.size
    reviewers = [
        Reviewer(line.name, line.fingerprint, line.options, version.index if version else None)
        for line in home.signers.listed
        for version in [home.reviewers.since(size, line.fingerprint)]
    ]
    missing = keys.missing(home.root, home.keys, keys.every(home.policies, home.register.key))
    return Held(home.register.key.name, tuple(rotation.signing(home)), tuple(missing), tuple(reviewers))


def plain(found: Held) -> dict[str, Any]:
    """For programs; an entry is a position in the register, from 0, and null where there is none."""
    register = [
        {"key": str(each.key), "since": each.since, "until": each.until, "signs": each.until is None}
        for each in found.register
    ]
    reviewers = [
        {
            "name": each.name,
            "key": each.key,
            "namespaces": each.options.get("namespaces"),
            "valid_after": each.options.get("valid-after"),
            "valid_before": each.options.get("valid-before"),
            "listed_since": each.since,
        }
        for each in found.reviewers
    ]
    return {
        "origin": found.origin,
        "register": register,
        "missing": list(found.missing),
        "reviewers": reviewers,
    }
