"""Witnesses made for tests, and what they sign."""

import hashlib

from archive.register import cosignature
from archive.register.note import Signer
from archive.register.policy import Log, Policy, Witness, made
from tests.example_register import SIGNER


def witness(name: str) -> Signer:
    return Signer(f"{name}.example/witness", hashlib.sha256(name.encode()).digest())


KESTREL, PLOVER, RAIL = map(witness, ("kestrel", "plover", "rail"))


def policy(quorum: int, *signers: Signer) -> Policy:
    """That any `quorum` of these must have seen the example register; each is called as its key is before the dot."""
    return made([Log(SIGNER.key)], [Witness(s.name.split(".")[0], cosignature.key(s)) for s in signers], quorum)


def cosigned(note: str, *when: tuple[Signer, int]) -> str:
    """A note with the cosignatures of these, each at its time."""
    text = cosignature.text_of(note)
    return cosignature.joined(note, [cosignature.cosign(signer, text, time) for signer, time in when])
