"""Proofs beside files: what they show, and that nothing else verifies."""

import contextlib
import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.errors import Malformed, VerificationError
from archive.register import merkle, proof, statement
from archive.register.note import Checkpoint, Signer, encode64
from archive.register.proof import Proof, Verified
from archive.register.statement import Statement
from tests.example_register import SIGNER, at, leaves

TEXT = b"They *pause*.\n"
MAKING = b"format = 1\n"
REVIEW = statement.review(
    "E2026-0001",
    "a" * 64,
    {"essay.md": hashlib.sha256(TEXT).hexdigest(), "essay.toml": hashlib.sha256(MAKING).hexdigest()},
    decision="publish",
    intake_index=3,
    reviewer="SHA256:" + "k" * 43,
    criteria=["harm"],
    time=at(7),
)
LEAVES = [*leaves(7), REVIEW.encode(), *leaves(12, 8)]
CHECKPOINT = Checkpoint(SIGNER.name, 12, merkle.root([merkle.leaf_hash(leaf) for leaf in LEAVES]))
NOTE = SIGNER.sign(str(CHECKPOINT))
PROOF = Proof.make(LEAVES, 7, NOTE)
DATA = bytes(PROOF)


def sign(leaf: bytes) -> Proof:
    """A proof of `leaf` as the only entry of a register: what a lying publisher can make."""
    return Proof.make([leaf], 0, SIGNER.sign(str(Checkpoint(SIGNER.name, 1, merkle.leaf_hash(leaf)))))


def test_a_proof_shows_which_file_of_which_statement_at_which_place() -> None:
    assert proof.verify(TEXT, PROOF, SIGNER.key) == Verified("E2026-0001/essay.md", REVIEW, 7, CHECKPOINT)
    assert proof.verify(MAKING, PROOF, SIGNER.key).subject == "E2026-0001/essay.toml"


def test_a_proof_prints_what_it_parses() -> None:
    assert Proof.parse(DATA) == PROOF
    assert DATA.decode() == (
        f"c2sp.org/tlog-proof@v1\nextra {encode64(REVIEW.encode())}\nindex 7\n"
        + "".join(f"{encode64(h)}\n" for h in PROOF.path)
        + f"\n{NOTE}"
    )


def test_every_flipped_byte_of_a_proof_is_refused() -> None:
    for place in range(len(DATA)):
        for bit in (0, 2, 5, 7):
            flipped = bytearray(DATA)
            flipped[place] ^= 1 << bit
            with pytest.raises(VerificationError):
                proof.verify(TEXT, Proof.parse(bytes(flipped)), SIGNER.key)


def test_every_flipped_bit_of_a_text_is_refused() -> None:
    for place in range(len(TEXT)):
        for bit in range(8):
            flipped = bytearray(TEXT)
            flipped[place] ^= 1 << bit
            with pytest.raises(VerificationError, match="the text is not the one that was logged: expected SHA-256"):
                proof.verify(bytes(flipped), PROOF, SIGNER.key)


@given(st.integers(0, len(DATA)), st.integers(0, 40), st.binary(max_size=40))
def test_a_proof_with_bytes_cut_out_or_put_in_is_refused(place: int, cut: int, put: bytes) -> None:
    changed = DATA[:place] + put + DATA[place + cut :]
    if changed != DATA:
        with pytest.raises(VerificationError):
            proof.verify(TEXT, Proof.parse(changed), SIGNER.key)


@given(
    st.binary(max_size=200) | st.binary(max_size=100).map(lambda rest: b"c2sp.org/tlog-proof@v1\nextra e30=\n" + rest)
)
def test_bytes_of_any_kind_are_malformed_and_nothing_else_is_raised(data: bytes) -> None:
    with contextlib.suppress(Malformed):
        assert bytes(Proof.parse(data)) == data


HEAD, BODY = DATA.split(b"\n\n", 1)
HASH = encode64(PROOF.path[0]).encode()


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(b"", id="nothing"),
        pytest.param(DATA.replace(b"\n", b"\r\n"), id="CR LF"),
        pytest.param(b"\xef\xbb\xbf" + DATA, id="a byte order mark"),
        pytest.param(DATA + b"\xff", id="not UTF-8"),
        pytest.param(DATA.replace(b"@v1", b"@v2"), id="another version"),
        pytest.param(HEAD, id="no checkpoint"),
        pytest.param(DATA.replace(b"index 7", b"index 007"), id="leading zeros"),
        pytest.param(DATA.replace(b"index 7", b"index +7"), id="a sign"),
        pytest.param(DATA.replace(b"index 7", b"index 7 "), id="a space after the index"),
        pytest.param(DATA.replace(b"index 7", b"index -5"), id="a negative index"),
        pytest.param(DATA.replace(b"index 7", b"index " + b"9" * 5000), id="a huge index"),
        pytest.param(DATA.replace(b"index 7\n", b""), id="no index"),
        pytest.param(DATA.replace(b"index 7\n", b"index 7\nindex 7\n"), id="two indexes"),
        pytest.param(DATA.replace(b"extra ", b"extra  "), id="two spaces"),
        pytest.param(DATA.replace(b"extra ", b"leaf "), id="no leaf"),
        pytest.param(DATA.replace(b"index 7\n", b"index 7\nnote hello\n"), id="a line of another kind"),
        pytest.param(DATA.replace(HASH, HASH + b" "), id="a space after a hash"),
        pytest.param(DATA.replace(HASH, HASH.rstrip(b"=")), id="no padding"),
        pytest.param(DATA.replace(HASH, encode64(PROOF.path[0][1:]).encode()), id="a hash of 31 bytes"),
        pytest.param(DATA.replace(HASH, HASH + (b"\n" + HASH) * 63), id="more than 63 hashes"),
    ],
)
def test_a_proof_in_any_other_form_is_malformed(data: bytes) -> None:
    with pytest.raises(Malformed):
        Proof.parse(data)


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        pytest.param(Proof(PROOF.leaf, 6, PROOF.path, NOTE), "is not entry 6", id="another index"),
        pytest.param(Proof(PROOF.leaf, 12, PROOF.path, NOTE), "expected an index below", id="an index behind the last"),
        pytest.param(Proof(PROOF.leaf, 7, PROOF.path[:-1], NOTE), "shorter than", id="a hash less"),
        pytest.param(Proof(PROOF.leaf, 7, PROOF.path * 2, NOTE), "longer than", id="hashes more"),
        pytest.param(Proof(PROOF.leaf, 7, PROOF.path[::-1], NOTE), "is not entry 7", id="hashes in another order"),
        pytest.param(Proof(LEAVES[6], 7, PROOF.path, NOTE), "is not entry 7", id="another leaf"),
        pytest.param(Proof.make(LEAVES, 6, NOTE), "the text is not the one", id="the proof of another file"),
        pytest.param(Proof.make(LEAVES[:11], 7, NOTE), "expected the root", id="the proof in a smaller tree"),
        pytest.param(
            Proof.make(LEAVES, 7, Signer(SIGNER.name, b"x" * 32).sign(str(CHECKPOINT))),
            "not signed by",
            id="another key under the same name",
        ),
        pytest.param(sign(b"hello"), "expected a statement", id="a leaf that is no statement"),
    ],
)
def test_a_proof_of_something_else_is_refused_and_says_why(changed: Proof, said: str) -> None:
    with pytest.raises(VerificationError, match=said):
        proof.verify(TEXT, changed, SIGNER.key)


def test_an_empty_file_is_never_verified_even_if_its_hash_was_logged() -> None:
    empty = statement.notice("site", {"SHA256SUMS": hashlib.sha256(b"").hexdigest()}, reason="records", time=at(0))
    with pytest.raises(VerificationError, match="the file is empty"):
        proof.verify(b"", sign(empty.encode()), SIGNER.key)


@pytest.mark.parametrize(
    "leaf",
    [
        pytest.param(REVIEW.encode().replace(b"false", b"true"), id="edited"),
        pytest.param(REVIEW.encode().replace(b'"publish"', b'"withhold"'), id="withheld"),
        pytest.param(REVIEW.encode().replace(b"review/v1", b"praise/v1"), id="an unknown kind"),
        pytest.param(REVIEW.encode().replace(b'"intake":3', b'"intake":3,"intake":3'), id="a key twice"),
        pytest.param(REVIEW.encode().replace(b"essay.md", b"\\u0065ssay.md"), id="an escape"),
        pytest.param(Statement("review", REVIEW.subjects, {"time": "2026-11-02T09:00:00Z"}).encode(), id="no decision"),
    ],
)
def test_a_signed_leaf_that_is_no_approval_in_the_frozen_form_is_refused(leaf: bytes) -> None:
    with pytest.raises(Malformed):
        proof.verify(TEXT, sign(leaf), SIGNER.key)
