"""What the register names by its versions: ``allowed_signers`` as it was each time it was logged.

A notice ``keys`` names such a file with its SHA-256. The store keeps every version of it, and the site publishes each
under the entry of its notice: ``register/keys/7/allowed_signers``.
"""

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from archive.errors import VerificationError
from archive.register import sums
from archive.register.register import Register

ALLOWED_SIGNERS = "register/allowed_signers"
"""What notices call the list of the reviewers' keys."""
POLICY = "register/policy"
"""What they call which keys sign the register, and who must have seen a checkpoint; the first form needs no notice."""
Reader = Callable[[str, str], bytes]
"""Gives the bytes of a version by its site path and its SHA-256."""


@dataclass(frozen=True, slots=True)
class Version:
    """A file as it was logged once."""

    name: str
    """``register/allowed_signers``"""
    index: int
    """Of the notice that named it, from 0: what came after that rests on it."""
    time: dt.datetime
    data: bytes
    proof: bytes = b""
    """``policy.tlog-proof``: that it was logged, under the first checkpoint that contains the notice."""

    @property
    def path(self) -> str:
        """Where the site publishes it: ``register/keys/7/allowed_signers``."""
        return path(self.name, self.index)


def path(name: str, index: int) -> str:
    """``register/allowed_signers``, 7 → ``register/keys/7/allowed_signers``"""
    folder, _, last = name.rpartition("/")
    return f"{folder}/keys/{index}/{last}"


def newest(of: Sequence[Version], size: int) -> Version | None:
    """The last of these that was logged among the first `size` statements: what entry `size` rests on."""
    return next((each for each in reversed(of) if each.index < size), None)


def versions(register: Register, name: str, read: Reader, size: int | None = None) -> tuple[Version, ...]:
    """Every version of a file, oldest first; those among the first `size` statements where that is given.

    Raises `VerificationError` where one is not what was logged.
    """
    found = []
    for index, notice in register.of_kind("notice", "keys"):
        if name not in notice.subjects or (size is not None and index >= size):
            continue
        data, digest = read(path(name, index), notice.subjects[name]), notice.subjects[name]
        if sums.digest(data) != digest:
            raise VerificationError(
                f"{path(name, index)}: is not what entry {index} logged: expected SHA-256 {digest}, "
                f"found {sums.digest(data)}"
            )
        found.append(Version(name, index, notice.time, data))
    return tuple(found)
