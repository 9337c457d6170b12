"""Signed notes (C2SP signed-note), their keys, and the checkpoint (C2SP tlog-checkpoint) that is one.

A checkpoint: origin, tree size, root hash, an empty line, one line a signature::

    letters.example.org/register
    12
    qINS1GRFhWHwdkUeqLEoP4yEMkTBBzxBkGwGQlVlVcs=

    — letters.example.org/register Az3grlgtzPICa5OS…

A verifier key: name, key id, key::

    letters.example.org/register+9e9f2f51+AWxldHRlcnMu…
"""

import base64
import binascii
import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from archive.errors import Malformed, VerificationError

from . import durable

_ED25519, _COSIGNATURE = 1, 4
_PRIVATE = "PRIVATE+KEY+"
_NUMBER = re.compile(r"0|[1-9]\d{0,18}", re.ASCII)
_CONTROL = re.compile(r"[\x00-\x09\x0b-\x1f\ud800-\udfff]")
_NAME = re.compile(r"[^\s+\x00-\x1f\x7f\ud800-\udfff]+")


def read(path: Path) -> str:
    """A note, key or checkpoint exactly as its file holds it. Raises `Malformed` if it is not UTF-8, or `OSError`."""
    try:
        return durable.content(path).decode()  # not read_text(), which takes CR for LF
    except UnicodeDecodeError:
        raise Malformed(f"{path}: expected UTF-8, found other bytes") from None


def encode64(data: bytes) -> str:
    return base64.b64encode(data).decode()


def decode64(text: str, what: str) -> bytes:
    """Canonical base64 only. Raises `Malformed`, saying `what` was expected."""
    try:
        data = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        raise Malformed(f"expected base64 for {what}, found {text[:60]!r}") from None
    if encode64(data) != text:
        raise Malformed(f"expected canonical base64 for {what}, found {text[:60]!r}")
    return data


def number(text: str, what: str) -> int:
    """Decimal without sign or leading zeros. Raises `Malformed`."""
    if not _NUMBER.fullmatch(text):
        raise Malformed(f"expected a number for {what}, found {text[:60]!r}")
    return int(text)


def key_id(name: str, algorithm: int, public: bytes) -> bytes:
    """First four bytes of SHA-256(name ‖ newline ‖ algorithm ‖ key)."""
    return hashlib.sha256(name.encode() + b"\n" + bytes([algorithm]) + public).digest()[:4]


@dataclass(frozen=True, slots=True)
class VerifierKey:
    """A public key with the name it signs under; 0x01 signs notes, 0x04 cosigns them with a time."""

    name: str
    algorithm: int
    public: bytes

    @classmethod
    def parse(cls, text: str) -> "VerifierKey":
        """``name+hash+key`` → key. Raises `Malformed`."""
        if (lines := len(text.splitlines())) > 1:
            raise Malformed(f"expected one verifier key, found {lines}; give one of them")
        if text.lstrip().startswith(_PRIVATE):
            raise Malformed("expected a verifier key, found a signing key: nobody else may have that one")
        parts = text.split("+", 2)
        if len(parts) != 3 or not _NAME.fullmatch(parts[0]):
            raise Malformed(f"expected a verifier key such as name+0123abcd+AZ…, found {text[:80]!r}")
        data = decode64(parts[2], "a verifier key")
        if len(data) != 33 or data[0] not in (_ED25519, _COSIGNATURE):
            raise Malformed(f"expected an Ed25519 verifier key, found {text[:80]!r}")
        key = cls(parts[0], data[0], data[1:])
        if key.id.hex() != parts[1]:
            raise Malformed(f"the verifier key {text[:80]!r} is damaged: its id should be {key.id.hex()}")
        return key

    @property
    def id(self) -> bytes:
        return key_id(self.name, self.algorithm, self.public)

    def __str__(self) -> str:
        return f"{self.name}+{self.id.hex()}+{encode64(bytes([self.algorithm]) + self.public)}"


@dataclass(frozen=True, slots=True, repr=False)
class Signer:
    """A private Ed25519 key with the name it signs under."""

    name: str
    seed: bytes
    also: "tuple[Signer, ...]" = ()
    """Keys that sign beside it, a line each, under the same name."""

    @classmethod
    def generate(cls, name: str) -> "Signer":
        """A new key. Raises `Malformed` if nothing can be signed under that name."""
        if not _NAME.fullmatch(name):
            raise Malformed(f"expected a name without spaces or +, found {name!r}")
        from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

        return cls(name, Ed25519PrivateKey.generate().private_bytes_raw())

    @classmethod
    def parse(cls, text: str) -> "Signer":
        """Go's form, ``PRIVATE+KEY+name+hash+key``. Raises `Malformed`, never showing the key."""
        parts = text.removesuffix("\n").split("+", 4)
        if len(parts) != 5 or parts[:2] != ["PRIVATE", "KEY"] or not _NAME.fullmatch(parts[2]):
            raise Malformed("expected a signing key such as PRIVATE+KEY+name+hash+key")
        try:
            data = decode64(parts[4], "a signing key")
        except Malformed:
            data = b""
        if len(data) != 33 or data[0] != _ED25519:
            raise Malformed(f"the signing key of {parts[2]} is damaged")
        signer = cls(parts[2], data[1:])
        if signer.key.id.hex() != parts[3]:
            raise Malformed(f"the signing key of {parts[2]} is damaged: its id should be {signer.key.id.hex()}")
        return signer

    @property
    def key(self) -> VerifierKey:
        from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

        private = Ed25519PrivateKey.from_private_bytes(self.seed)
        return VerifierKey(self.name, _ED25519, private.public_key().public_bytes_raw())

    def __str__(self) -> str:
        return f"{_PRIVATE}{self.name}+{self.key.id.hex()}+{encode64(bytes([_ED25519]) + self.seed)}"

    def sign(self, text: str) -> str:
        """The whole note: text, empty line, a signature line for each key. The text ends in a newline."""
        return "".join([text, "\n", self._line(text), *(other._line(text) for other in self.also)])

    def _line(self, text: str) -> str:
        from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

        signature = Ed25519PrivateKey.from_private_bytes(self.seed).sign(text.encode())
        return f"— {self.name} {encode64(self.key.id + signature)}\n"


def open_note(note: str, keys: Sequence[VerifierKey]) -> tuple[str, dict[str, int | None]]:
    """Text of a note, and who of `keys` signed it: name → cosignature time (POSIX seconds), or None.

    Lines of unknown keys are passed over, as the spec says; a bad signature of a known key refuses the note.
    Raises `Malformed`, or `VerificationError` if a signature is bad or no key of `keys` signed.
    """
    if _CONTROL.search(note):
        raise Malformed("expected a signed note, found a control character in it")
    text, gap, block = note.rpartition("\n\n")
    if not gap or not block.endswith("\n"):
        raise Malformed("expected a signed note: text, an empty line, signature lines; found none")
    text += "\n"
    known = {(key.name, key.id): key for key in keys}
    signed: dict[str, int | None] = {}
    others: list[str] = []
    for line in block[:-1].split("\n"):
        parts = line.split(" ")
        if len(parts) != 3 or parts[0] != "—" or not _NAME.fullmatch(parts[1]):
            raise Malformed(f"expected a signature line «— name base64», found {line[:80]!r}")
        data = decode64(parts[2], f"the signature of {parts[1]}")
        if len(data) < 5:
            raise Malformed(f"the signature of {parts[1]} is too short")
        key = known.get((parts[1], data[:4]))
        if key:
            signed[key.name] = _verify(key, text, data[4:])
        elif parts[1] in [each.name for each in keys]:
            others.append(data[:4].hex())
    if not signed:
        names = ", ".join(dict.fromkeys(key.name for key in keys))
        then = "where the register's key was changed, give the one of that time"
        bears = f"; it bears the signature of that name's key {' and '.join(others)}: {then}" if others else ""
        raise VerificationError(f"the note is not signed by {names}: another key, or another register{bears}")
    return text, signed


def _verify(key: VerifierKey, text: str, signature: bytes) -> int | None:
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

    time, message = None, text
    if key.algorithm == _COSIGNATURE:
        time, signature = int.from_bytes(signature[:8], "big"), signature[8:]
        message = f"cosignature/v1\ntime {time}\n{text}"
    try:
        Ed25519PublicKey.from_public_bytes(key.public).verify(signature, message.encode())
    except InvalidSignature:
        raise VerificationError(f"the signature of {key.name} does not fit the note") from None
    return time


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """The state of a register: its origin, tree size and root hash."""

    origin: str
    size: int
    root: bytes

    @classmethod
    def parse(cls, text: str) -> "Checkpoint":
        """Text of a note → checkpoint; extension lines are passed over. Raises `Malformed`."""
        lines = text.split("\n")
        if len(lines) < 4 or lines[-1] or not lines[0] or not all(lines[:-1]):
            raise Malformed("expected a checkpoint: origin, tree size, root hash, a line each")
        root = decode64(lines[2], "the root hash")
        if len(root) != 32:
            raise Malformed(f"expected a root hash of 32 bytes, found {len(root)}")
        return cls(lines[0], number(lines[1], "the tree size"), root)

    def __str__(self) -> str:
        return f"{self.origin}\n{self.size}\n{encode64(self.root)}\n"


@lru_cache(maxsize=64)  # many proofs stand under one
def open_checkpoint(note: str, *keys: VerifierKey) -> Checkpoint:
    """The checkpoint in a note that one of these keys of a register signed under its name, which is the origin.

    Raises `Malformed` or `VerificationError`.
    """
    text, _ = open_note(note, keys)
    checkpoint = Checkpoint.parse(text)
    if checkpoint.origin != keys[0].name:
        raise VerificationError(f"expected the origin {keys[0].name}, found {checkpoint.origin}")
    return checkpoint
