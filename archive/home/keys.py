"""Which keys sign a home's register: those of the policy that was logged last, or the one it was founded with.

A notice ``keys`` (reason ``register-key``) logs ``register/policy``. Each checkpoint is signed by the keys that the
newest policy among its statements lists: after a rotation by the new key and the one before, once that is retired by
the new one alone. The private keys lie in ``.archive/keys/``: ``register``, with which the register was founded,
``register-2``, ``register-3``.
"""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from archive.errors import Error, Malformed, NotFound
from archive.home.versions import Version, newest
from archive.register import durable
from archive.register.note import Signer, VerifierKey

FOLDER = ".archive/keys"
_BACK = "bring it back from its backup: without it nothing can be logged"


def listed(version: Version) -> tuple[VerifierKey, ...]:
    """The keys in a policy, the newest first. Raises `Refused`, or `Malformed` where there is none."""
    from archive.register.policy import Policy

    found = tuple(log.key for log in Policy.parse(version.data, version.path).logs)
    if not found or len({key.name for key in found}) > 1:
        raise Malformed(f"{version.path}: expected the keys of one register (log VKEY), found {len(found) or 'none'}")
    return found


def in_force(policies: Sequence[Version], key: VerifierKey, size: int) -> tuple[VerifierKey, ...]:
    """The keys that sign a register of `size` statements; `key` is its key where none was ever logged."""
    logged = newest(policies, size)
    return listed(logged) if logged else (every(policies, key)[-1],)


def every(policies: Sequence[Version], key: VerifierKey) -> tuple[VerifierKey, ...]:
    """All keys that ever signed, the newest first."""
    return tuple(dict.fromkeys([each for policy in reversed(policies) for each in listed(policy)])) or (key,)


def name_of(number: int) -> str:
    """Where the private half of a register's first, second, third key lies, by path in the home."""
    return f"{FOLDER}/register-{number}" if number > 1 else f"{FOLDER}/register"


def places(keys: Sequence[VerifierKey], ever: Sequence[VerifierKey]) -> dict[str, VerifierKey]:
    """Where the private halves of these lie; `ever` are all that ever signed, the newest first."""
    return {name_of(len(ever) - ever.index(key)): key for key in keys}


def missing(root: Path, keys: Sequence[VerifierKey], ever: Sequence[VerifierKey]) -> list[str]:
    """Where the private half of one of these should lie, and does not."""
    return [path for path in places(keys, ever) if not (root / path).is_file()]


def signer(root: Path, keys: Sequence[VerifierKey], ever: Sequence[VerifierKey]) -> Signer:
    """The private keys of these, as one that signs with all of them. Raises `NotFound`, or `Error` for another key."""
    first, *others = (_read(root / path, key) for path, key in places(keys, ever).items())
    return replace(first, also=tuple(others))


def _read(path: Path, key: VerifierKey) -> Signer:
    try:
        found = Signer.parse(durable.content(path).decode("ascii", "replace"))
    except FileNotFoundError:
        raise NotFound(f"{path}: expected the register's signing key, found none; {_BACK}") from None
    except Malformed as error:
        raise Error(f"{path}: {error}; {_BACK}") from None
    if found.key != key:
        raise Error(f"{path}: expected the signing key of {key}, found that of {found.key}; {_BACK}")
    return found
