"""The witness protocol (C2SP tlog-witness): what a register asks, and what a witness answers. Pure.

::

    POST …/add-checkpoint            200, with the witness's line to put under the checkpoint
                                     409, with the size that it has seen, where that is not `old`
    old 7                            400 no such request · 404 it does not know that register
    CbT1ye5Q8NSXFYGv…                403 not signed by that register
    qINS1GRFhWHwdkUe…                422 the proof does not lead from what it has seen to this

    letters.example.org/register
    12
    qINS1GRFhWHwdkUeqLEoP4yEMkTBBzxBkGwGQlVlVcs=

    — letters.example.org/register Az3grlgtzPICa5OS…
"""

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from archive.errors import Malformed, VerificationError

from . import cosignature, merkle
from .note import Checkpoint, Signer, VerifierKey, decode64, encode64, number, open_note

ADD = "add-checkpoint"
"""The last part of the address."""
SIZE = "text/x.tlog.size"
"""Content type of the answer 409."""
LARGEST = 1 << 16
"""Bytes of a request or an answer."""
_HASHES = 63


@dataclass(frozen=True, slots=True)
class Request:
    """That a register which had `old` statements has grown to the checkpoint in `note`."""

    old: int
    proof: tuple[bytes, ...]
    note: str

    @classmethod
    def parse(cls, data: bytes) -> "Request":
        """Raises `Malformed`, saying what was expected."""
        try:
            head, gap, note = data.decode().partition("\n\n")
        except UnicodeDecodeError:
            raise Malformed("expected a request in UTF-8, found other bytes") from None
        first, *lines = head.split("\n")
        if not gap or not first.startswith("old "):
            raise Malformed("expected a line «old N», hashes, an empty line, a checkpoint")
        proof = tuple(decode64(line, "a hash of the proof") for line in lines)
        if len(proof) > _HASHES or any(len(each) != 32 for each in proof):
            raise Malformed(f"expected at most {_HASHES} hashes of 32 bytes")
        return cls(number(first[4:], "the old size"), proof, note)

    def __bytes__(self) -> bytes:
        return ("\n".join([f"old {self.old}", *map(encode64, self.proof)]) + "\n\n" + self.note).encode()


@dataclass(frozen=True, slots=True)
class Answer:
    """What a witness answers, and what it must have kept before it does."""

    status: int
    body: str
    kept: str = ""
    """The checkpoint with the register's and its own signature, where it cosigned."""
    origin: str = ""
    """Of which register, where it is a known one."""


def answer(data: bytes, logs: Sequence[VerifierKey], kept: Callable[[str], str], signer: Signer, now: int) -> Answer:
    """What a witness answers to a request. `logs` are the registers it knows; several keys under one name are one's.

    `kept` gives the checkpoint it cosigned last of an origin, empty where it never did; `now` is POSIX seconds. Nobody
    else may cosign with this key between asking `kept` and keeping `Answer.kept`.
    """
    try:
        request = Request.parse(data)
        checkpoint = Checkpoint.parse(cosignature.text_of(request.note))
    except Malformed as error:
        return Answer(400, f"{error}\n")
    origin = checkpoint.origin
    keys = [key for key in logs if key.name == origin]
    if not keys:
        return Answer(404, "unknown log\n")
    try:
        text, _ = open_note(request.note, keys)
    except VerificationError as error:  # also where a signature cannot be read: then none of its own is there
        return Answer(403, f"invalid signature: {error}\n", origin=origin)
    if request.old > checkpoint.size:
        return Answer(400, "the old size is larger than the checkpoint's\n", origin=origin)
    before = kept(origin)
    if refusal := _refusal(request, checkpoint, before, signer, now):
        return refusal
    line = cosignature.cosign(signer, text, now)
    signed = text + "\n" + "".join(cosignature.lines_of(request.note, keys)) + line
    return Answer(200, line, signed, origin)


def _refusal(request: Request, checkpoint: Checkpoint, before: str, signer: Signer, now: int) -> Answer | None:
    """Why the checkpoint, which its register signed, does not follow the one cosigned `before`; None where it does."""
    origin = checkpoint.origin
    seen = Checkpoint.parse(cosignature.text_of(before)) if before else Checkpoint(origin, 0, merkle.root(()))
    if request.old != seen.size:
        return Answer(409, f"{seen.size}\n", origin=origin)
    if not checkpoint.size and checkpoint.root != merkle.root(()):
        return Answer(422, "a register of nothing has another root\n", origin=origin)
    try:
        merkle.check_consistency(seen.size, checkpoint.size, seen.root, checkpoint.root, request.proof)
    except VerificationError as error:
        return Answer(422, f"consistency proof: {error}\n", origin=origin)
    if before and now < _time(before, signer):
        return Answer(503, "the witness's clock stands behind its last cosignature\n", origin=origin)
    return None


def place(origin: str) -> str:
    """Under which name a witness shows what it cosigned of a register: the SHA-256 of its origin, in hex."""
    return hashlib.sha256(origin.encode()).hexdigest()


def _time(note: str, signer: Signer) -> int:
    """When it cosigned what it kept."""
    _, signed = open_note(note, [cosignature.key(signer)])
    return signed[signer.name] or 0
