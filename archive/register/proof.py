"""A file's proof (C2SP tlog-proof), kept beside it as ``<name>.tlog-proof``: leaf, inclusion, checkpoint.

::

    c2sp.org/tlog-proof@v1
    extra eyJfdHlwZSI6…          the leaf: the statement that names the file's hash
    index 7
    CbT1ye5Q8NSXFYGvDbFRXRTFpDSUDxxQxLtXxJ+BZgw=

    letters.example.org/register
    12
    qINS1GRFhWHwdkUeqLEoP4yEMkTBBzxBkGwGQlVlVcs=

    — letters.example.org/register Az3grlgtzPICa5OS…
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

from archive.errors import Malformed, VerificationError

from . import merkle
from .note import Checkpoint, VerifierKey, decode64, encode64, number, open_checkpoint
from .statement import Statement

_MAGIC = "c2sp.org/tlog-proof@v1"
_LARGEST = 1 << 18
"""Bytes: of a leaf, sixty-three hashes, and a checkpoint that many have cosigned."""


@dataclass(frozen=True, slots=True)
class Proof:
    """That `leaf` is entry `index` of the register whose signed checkpoint is `note`."""

    leaf: bytes
    index: int
    path: tuple[bytes, ...]
    note: str

    @classmethod
    def make(cls, leaves: Sequence[bytes], index: int, note: str) -> "Proof":
        """Proof of leaf `index` among `leaves`, which are those of the checkpoint in `note`."""
        hashes = [merkle.leaf_hash(leaf) for leaf in leaves]
        return cls(leaves[index], index, tuple(merkle.inclusion(index, len(hashes), merkle.among(hashes))), note)

    @classmethod
    def parse(cls, data: bytes) -> "Proof":
        """Raises `Malformed`, saying what was expected."""
        if len(data) > _LARGEST:
            raise Malformed(f"expected a proof of at most {_LARGEST:,} bytes, found {len(data):,}")
        try:
            head, gap, note = data.decode().partition("\n\n")
        except UnicodeDecodeError:
            raise Malformed("expected a proof in UTF-8, found other bytes") from None
        magic, *lines = head.split("\n")
        if magic != _MAGIC or not gap:
            raise Malformed(f"expected a proof that begins with {_MAGIC}, found {magic[:60]!r}")
        if not lines or not lines[0].startswith("extra "):
            raise Malformed("expected the leaf on a line that begins with «extra »")
        leaf = decode64(lines[0][6:], "the leaf")
        if len(lines) < 2 or not lines[1].startswith("index "):
            raise Malformed("expected a line «index N» after the leaf")
        path = tuple(decode64(line, "a hash of the proof") for line in lines[2:])
        if any(len(h) != 32 for h in path) or len(path) > 63:
            raise Malformed("expected at most 63 hashes of 32 bytes")
        return cls(leaf, number(lines[1][6:], "the index"), path, note)

    def __bytes__(self) -> bytes:
        lines = [_MAGIC, f"extra {encode64(self.leaf)}", f"index {self.index}", *map(encode64, self.path)]
        return ("\n".join(lines) + "\n\n" + self.note).encode()


@dataclass(frozen=True, slots=True)
class Verified:
    """What a proof shows of a file: the statement that names it, where that stands, under which checkpoint."""

    subject: str
    """The name the statement gives the file: ``E2026-0007/essay.md``."""
    statement: Statement
    index: int
    checkpoint: Checkpoint


def verify(data: bytes, proof: Proof, *keys: VerifierKey) -> Verified:
    """Check a file's bytes against its proof and the register's key (or one of its keys), as C2SP tlog-proof says.

    Raises `VerificationError`, saying which step failed and what was expected and found.
    """
    # 1. The checkpoint is signed by the register, under its own origin.
    checkpoint = open_checkpoint(proof.note, *keys)
    # 2. The leaf stands in the tree the checkpoint commits to.
    found = merkle.root_from_inclusion(proof.index, checkpoint.size, merkle.leaf_hash(proof.leaf), proof.path)
    if found != checkpoint.root:
        raise VerificationError(
            f"the statement is not entry {proof.index} of {checkpoint.origin}: "
            f"expected the root {checkpoint.root.hex()}, found {found.hex()}"
        )
    # 3. The leaf is a statement, and one of its subjects is these bytes. A hash of nothing would verify for ever.
    statement = Statement.decode(proof.leaf)
    if not data:
        raise VerificationError("the file is empty; nothing can be checked")
    digest = hashlib.sha256(data).hexdigest()
    for name, logged in statement.subjects.items():
        if logged == digest:
            return Verified(name, statement, proof.index, checkpoint)
    expected = ", ".join(f"{logged} ({name})" for name, logged in statement.subjects.items())
    raise VerificationError(f"the text is not the one that was logged: expected SHA-256 {expected}; found {digest}")
