"""What a witness keeps on disk::

    key             PRIVATE+KEY+kestrel.example/witness+…, made at the first run, for its owner alone
    policy          the registers it knows, as C2SP tlog-policy: a line «log VKEY» each
    seen/<SHA-256>  of an origin: the checkpoint it cosigned last, with the register's and its own signature
    lock

A checkpoint is written, synced and renamed before anybody is told of it. So killed anywhere, it has not cosigned
anything that it does not know of, and never cosigns two histories.
"""

import contextlib
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from archive.errors import Error, Malformed, Problem, Refused, VerificationError
from archive.register import cosignature, durable, register
from archive.register.note import Signer, VerifierKey, open_note, read
from archive.register.policy import Log, Policy
from archive.register.witness import Answer, answer, place


@dataclass(frozen=True)
class Witness:
    """One that is at work: nobody else has its folder."""

    folder: Path
    signer: Signer
    logs: tuple[VerifierKey, ...]
    now: Callable[[], int] = lambda: int(time.time())
    """POSIX seconds."""

    @property
    def key(self) -> VerifierKey:
        """As those who ask it are given it."""
        return cosignature.key(self.signer)

    def add_checkpoint(self, data: bytes) -> Answer:
        """What it answers to a request; a checkpoint that it cosigns is kept before this returns."""
        said = answer(data, self.logs, self.seen, self.signer, self.now())
        if said.kept:
            durable.write(self.folder / "seen" / place(said.origin), said.kept.encode())
        return said

    def seen(self, origin: str) -> str:
        """The checkpoint it cosigned last of an origin; empty where it never did. Raises `VerificationError`."""
        return self.shown(place(origin))

    def shown(self, name: str) -> str:
        """The same by the SHA-256 of the origin, as it is asked for over HTTP."""
        path = self.folder / "seen" / name
        try:
            note = read(path)
            open_note(note, [self.key])
        except FileNotFoundError:
            return ""
        except VerificationError as error:
            raise VerificationError(f"{path}: is not what was cosigned; bring it back from a copy: {error}") from None
        return note


@contextlib.contextmanager
def at_work(folder: Path, *, name: str | None = None, logs: Sequence[VerifierKey] = ()) -> Iterator[Witness]:
    """The witness in a folder, made where there is none; it knows `logs` from now on, besides those of its policy.

    Raises `Error` where another one is at work there, or where a new one has no `name`; `Refused` with everything that
    is wrong in its policy.
    """
    try:
        with register.lock(folder):
            yield Witness(folder, _signer(folder, name), _known(folder, logs))
    except Error as error:
        if str(error).startswith("another command"):
            raise Error(f"{folder}: another witness is at work here; end that one first") from None
        raise


def _signer(folder: Path, name: str | None) -> Signer:
    path = folder / "key"
    try:
        signer = Signer.parse(read(path))
    except FileNotFoundError:
        if name is None:
            what = "expected a witness's key, found none; --name NAME makes one, such as kestrel.example/witness"
            raise Error(f"{path}: {what}") from None
        if any((folder / "seen").glob("*")):
            raise Error(f"{path}: is missing, though it has cosigned; bring it back from its backup") from None
        signer = Signer.generate(name)
        durable.write(path, f"{signer}\n".encode())
    except Malformed as error:
        raise Error(f"{path}: {error}; bring it back from its backup") from None
    if name not in (None, signer.name):
        raise Error(f"--name: the witness in {folder} is called {signer.name}, not {name}")
    return signer


def _known(folder: Path, logs: Sequence[VerifierKey]) -> tuple[VerifierKey, ...]:
    """Those of its policy with `logs`, which are added to it."""
    path = folder / "policy"
    data = durable.content(path) if path.exists() else b"quorum none\n"
    kept = Policy.parse(data, str(path))
    there = [log.key.public for log in kept.logs]
    new = [key for key in dict.fromkeys(logs) if key.public not in there]
    if wrong := [key for key in new if key.algorithm != 1]:
        raise Error(f"--log: expected a register's key (its type is 0x01), found {wrong[0]}")
    if new:
        lines = bytes(Policy(tuple(map(Log, new)))).removesuffix(b"quorum none\n")
        durable.write(path, lines + data)
    if not kept.logs and not new:
        raise Refused([Problem(str(path), "it knows no register", "name one with --log VKEY")])
    return (*(log.key for log in kept.logs), *new)
