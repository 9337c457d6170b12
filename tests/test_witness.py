"""What a witness answers: to other people's requests, to everything that is wrong, and never twice in contradiction."""

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.errors import Malformed
from archive.register import cosignature, merkle
from archive.register.note import Checkpoint, Signer, VerifierKey, encode64
from archive.register.witness import Answer, Request, answer
from tests.example_register import SIGNER, leaves
from tests.example_witness import KESTREL

HASHES = [merkle.leaf_hash(leaf) for leaf in leaves(40)]
OTHERS = [merkle.leaf_hash(b"another %d" % n) for n in range(40)]


class Kept(dict[str, str]):
    """A witness as a value: what it keeps, and what it answers."""

    def __init__(self, *logs: VerifierKey) -> None:
        self.logs, self.now = logs, 1_000_000

    def asked(self, data: bytes) -> Answer:
        self.now += 1
        said = answer(data, self.logs, lambda origin: self.get(origin, ""), KESTREL, self.now)
        if said.kept:
            self[said.origin] = said.kept
        return said


def request(old: int, size: int, hashes: list[bytes] = HASHES, signer: Signer = SIGNER) -> bytes:
    note = signer.sign(str(Checkpoint(signer.name, size, merkle.root(hashes[:size]))))
    return bytes(Request(old, tuple(merkle.consistency(old, size, merkle.among(hashes))), note))


def test_the_nine_requests_of_litewitness_get_the_answers_they_expect(shared: Path) -> None:
    """But one: an unknown register is 404 since the specification says so, where theirs says 403."""
    text = (shared / "vectors/torchwood/cmd/litewitness/testdata/litewitness.txt").read_text()
    public = bytes.fromhex(re.findall(r"add-sigsum-log -key=(\w+)", text)[0])
    asked = re.findall(r"(?s)POST \S+add-checkpoint\n```\n(.*?)```\nHTTP (\d+)\n\[Asserts\]\nbody ([^\n]*)", text)
    assert len(asked) == 9
    origin = asked[0][0].split("\n")[2]
    kept = Kept(VerifierKey(origin, 1, public))
    for body, status, said in asked:
        got = kept.asked(body.encode())
        expected = "404" if "unknown log" in said else status
        assert str(got.status) == expected, body
        if said.startswith("=="):
            assert got.body == said.removeprefix('== "').removesuffix('"').replace("\\n", "\n")
        elif status != "200":
            assert said.removeprefix('contains "').removesuffix('"') in got.body
    assert Checkpoint.parse(cosignature.text_of(kept[origin])).size == 5


def test_a_register_that_grows_is_cosigned_each_time_and_the_line_verifies() -> None:
    kept, old = Kept(SIGNER.key), 0
    for size in (0, 1, 2, 7, 7, 8, 31, 40):
        got = kept.asked(request(old, size))
        assert got.status == 200
        note = SIGNER.sign(str(Checkpoint(SIGNER.name, size, merkle.root(HASHES[:size])))) + got.body
        assert cosignature.times(note, SIGNER.key, [cosignature.key(KESTREL)]) == {cosignature.key(KESTREL): kept.now}
        assert kept[SIGNER.name] == note
        old = size


def test_every_status_of_the_specification() -> None:
    kept = Kept(SIGNER.key)
    kept.asked(request(0, 7))
    stranger = Signer("stranger.example/register", b"s" * 32)
    thief = Signer(SIGNER.name, b"t" * 32)
    good = request(7, 12)
    proof = Request.parse(good)
    empty = SIGNER.sign(str(Checkpoint(SIGNER.name, 0, b"r" * 32)))
    asked = {
        b"": 400,
        b"old 7\n": 400,
        b"new 7\n\n" + proof.note.encode(): 400,
        good.replace(b"old 7", b"old 07"): 400,
        good.replace(b"old 7", b"old -7"): 400,
        good.replace(b"\n12\n", b"\n012\n"): 400,
        good[:-1]: 403,
        good.replace(b"old 7", b"old 13"): 400,
        good.replace(b"old 7", b"old \xff"): 400,
        bytes(Request(7, (b"short",), proof.note)): 400,
        bytes(Request(7, (b"h" * 32,) * 64, proof.note)): 400,
        request(7, 12, signer=stranger): 404,
        request(7, 12, signer=thief): 403,
        good.replace(b"\n12\n", b"\n13\n"): 403,
        request(0, 12): 409,
        request(6, 12): 409,
        request(12, 12): 409,
        bytes(Request(7, (), proof.note)): 422,
        bytes(Request(7, (b"h" * 32,) * 63, proof.note)): 422,
        bytes(Request(7, (*proof.proof, b"h" * 32), proof.note)): 422,
        request(7, 12, OTHERS): 422,
        request(7, 7, OTHERS): 422,
        good: 200,
    }
    before = dict(kept)
    for data, status in asked.items():
        assert (kept.asked(data).status, data) == (status, data)
        assert status == 200 or kept == before
    assert kept.asked(request(7, 12)).body == "12\n"
    fresh = Kept(SIGNER.key)
    assert fresh.asked(bytes(Request(0, (b"h" * 32,), proof.note))).status == 422
    assert fresh.asked(bytes(Request(0, (), empty))).status == 422


def test_a_second_history_is_refused_at_every_size() -> None:
    for size in range(1, 20):
        kept = Kept(SIGNER.key)
        assert kept.asked(request(0, size)).status == 200
        for other in range(size, 24):
            assert kept.asked(request(size, other, OTHERS)).status == 422
            forked = HASHES[: size - 1] + OTHERS[size - 1 :]
            assert kept.asked(request(size, other, forked)).status == 422


def test_either_key_of_a_register_that_changes_its_key_is_enough_and_both_stay() -> None:
    new = Signer(SIGNER.name, b"n" * 32)
    text = str(Checkpoint(SIGNER.name, 3, merkle.root(HASHES[:3])))
    both = SIGNER.sign(text) + new.sign(text).rpartition("\n\n")[2]
    for keys in ([SIGNER.key], [new.key], [SIGNER.key, new.key]):
        kept = Kept(*keys)
        assert kept.asked(bytes(Request(0, (), both))).status == 200
        assert len(cosignature.lines_of(kept[SIGNER.name], [SIGNER.key, new.key])) == len(keys)


def test_a_clock_that_went_back_signs_nothing() -> None:
    kept = Kept(SIGNER.key)
    kept.asked(request(0, 7))
    kept.now -= 60
    before = dict(kept)
    assert kept.asked(request(7, 12)).status == 503
    assert kept == before


def test_a_request_reads_back_what_it_writes() -> None:
    data = request(7, 12)
    assert bytes(Request.parse(data)) == data
    with pytest.raises(Malformed, match="canonical base64"):
        Request.parse(data.replace(encode64(Request.parse(data).proof[0]).encode(), b"A" * 42 + b"B="))


@given(st.binary(max_size=400))
def test_whatever_is_sent_is_answered_and_nothing_is_cosigned(data: bytes) -> None:
    for sent in (data, b"old 0\n\n" + data, b"old 0\n\n" + SIGNER.name.encode() + b"\n" + data):
        assert Kept(SIGNER.key).asked(sent).status in (400, 403, 404)
