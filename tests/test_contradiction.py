"""Evidence of two histories: it is believed for its signatures and its proof, and nothing else passes for it."""

import itertools
import re

import pytest

from archive.errors import VerificationError
from archive.register import contradiction, merkle
from archive.register.note import Checkpoint, Signer
from tests.example_register import SIGNER
from tests.test_witness import HASHES, OTHERS


def note(size: int, hashes: list[bytes] = HASHES, signer: Signer = SIGNER) -> str:
    return signer.sign(str(Checkpoint(signer.name, size, merkle.root(hashes[:size]))))


def test_two_histories_of_any_sizes_are_evidence() -> None:
    for small, large in itertools.combinations_with_replacement(range(1, 18), 2):
        for shared in range(small):
            hashes = HASHES[:shared] + OTHERS[shared:]
            data = contradiction.made(SIGNER.key, note(small), note(large, hashes), hashes[:large])
            first, second = contradiction.check(data)
            assert (first.size, second.size) == (small, large)


def test_one_history_is_none() -> None:
    for small, large in itertools.combinations_with_replacement(range(18), 2):
        with pytest.raises(VerificationError, match="nothing contradicts anything"):
            contradiction.made(SIGNER.key, note(small), note(large), HASHES[:large])


def test_evidence_with_another_key_a_changed_byte_or_without_its_proof_proves_nothing() -> None:
    data = contradiction.made(SIGNER.key, note(7), note(12, OTHERS), OTHERS[:12])
    assert contradiction.check(data)
    thief = Signer(SIGNER.name, b"t" * 32)
    with pytest.raises(VerificationError):
        contradiction.made(SIGNER.key, note(7), note(12, OTHERS, thief), OTHERS[:12])
    with pytest.raises(VerificationError):
        contradiction.check(data.split(b"== the first")[0])
    with pytest.raises(VerificationError):
        contradiction.check(data.replace(str(SIGNER.key).encode(), str(thief.key).encode()))
    essential = re.sub(rb"\n\nBoth.*?== first", b"\n\n== first", data, flags=re.DOTALL)
    for at in range(len(essential)):
        flipped = bytearray(essential)
        flipped[at] ^= 1
        try:
            first, second = contradiction.check(bytes(flipped))
        except VerificationError:
            continue
        assert (first, second) == contradiction.check(essential), flipped.decode("utf-8", "replace")
