"""RFC 6962 trees: against foreign vectors, against the RFC's own words, for every size to 70."""

import base64
import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.errors import VerificationError
from archive.register import merkle

HASHES = [merkle.leaf_hash(bytes([n])) for n in range(70)]


def rfc_root(hashes: Sequence[bytes]) -> bytes:
    """RFC 6962 §2.1, word for word."""
    if len(hashes) == 1:
        return hashes[0]
    k = max(1 << i for i in range(8) if 1 << i < len(hashes))
    return merkle.node_hash(rfc_root(hashes[:k]), rfc_root(hashes[k:]))


ROOTS = [merkle.root([]), *(rfc_root(HASHES[:size]) for size in range(1, 71))]


def wrongly_judged(folder: Path, accepts: Callable[[dict[str, Any]], None]) -> tuple[int, set[str]]:
    wrong, count = set(), 0
    for path in sorted(folder.rglob("*.json")):
        case = json.loads(path.read_text())
        try:
            accepts(case)
            refused = False
        except VerificationError:
            refused = True
        if refused != case["wantErr"]:
            wrong.add(path.relative_to(folder).as_posix())
        count += 1
    return count, wrong


def test_all_inclusion_vectors_of_transparency_dev_are_judged_as_they_say(shared: Path) -> None:
    def accepts(case: dict[str, Any]) -> None:
        path = [base64.b64decode(h) for h in case["proof"] or []]
        leaf = base64.b64decode(case["leafHash"] or "")
        if merkle.root_from_inclusion(case["leafIdx"], case["treeSize"], leaf, path) != base64.b64decode(case["root"]):
            raise VerificationError("another root")

    assert wrongly_judged(shared / "vectors/merkle/inclusion", accepts) == (98, set())


def test_all_consistency_vectors_are_judged_as_they_say_but_for_the_convention_on_nothing(shared: Path) -> None:
    def accepts(case: dict[str, Any]) -> None:
        roots = [base64.b64decode(case[key] or "") for key in ("root1", "root2")]
        path = [base64.b64decode(h) for h in case["proof"] or []]
        merkle.check_consistency(case["size1"], case["size2"], roots[0], roots[1], path)

    # C2SP tlog-witness: a tree of nothing is a prefix of all, by an empty proof. transparency-dev refuses that.
    convention = {"additional/size1-is-zero-and-size2-is-not-zero.json"}
    assert wrongly_judged(shared / "vectors/merkle/consistency", accepts) == (98, convention)


def test_the_root_of_nothing_is_the_hash_of_nothing() -> None:
    assert merkle.root([]).hex() == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"


def test_every_root_to_size_70_is_that_of_the_rfc() -> None:
    assert [merkle.root(HASHES[:size]) for size in range(71)] == ROOTS


def test_every_leaf_of_every_tree_to_size_70_is_included_at_its_index_and_at_no_other() -> None:
    for size in range(1, 71):
        for index in range(size):
            path = merkle.inclusion(index, size, merkle.among(HASHES))
            accepted = []
            for claimed in range(size):
                try:
                    if merkle.root_from_inclusion(claimed, size, HASHES[index], path) == ROOTS[size]:
                        accepted.append(claimed)
                except VerificationError:
                    pass
            assert accepted == [index], (size, index)


def test_every_tree_to_size_70_is_consistent_with_every_smaller_one_and_not_under_another_size_or_root() -> None:
    for size2 in range(1, 71):
        for size1 in range(1, size2):
            path = merkle.consistency(size1, size2, merkle.among(HASHES))
            root1, root2 = ROOTS[size1], ROOTS[size2]
            merkle.check_consistency(size1, size2, root1, root2, path)
            wrong = [
                (size1 - 1, size2, root1, root2, path),
                (size1 + 1, size2, root1, root2, path),
                (size1, size2, root2, root1, path),
                (size1, size2, ROOTS[size1 - 1], root2, path),
                (size1, size2, root1, ROOTS[size2 - 1], path),
                (size1, size2, root1, root2, path[:-1]),
                (size1, size2, root1, root2, [*path, root1]),
                (size1, size2, root1, root2, [*path[:-1], root1]),
            ]
            for case in wrong:
                with pytest.raises(VerificationError):
                    merkle.check_consistency(*case)


@given(st.data())
def test_an_inclusion_proof_with_one_flipped_bit_leads_to_another_root(data: st.DataObject) -> None:
    size = data.draw(st.integers(2, 70))
    index = data.draw(st.integers(0, size - 1))
    hashes = [HASHES[index], *merkle.inclusion(index, size, merkle.among(HASHES))]
    at, bit = data.draw(st.integers(0, len(hashes) - 1)), data.draw(st.integers(0, 255))
    hashes[at] = (int.from_bytes(hashes[at], "big") ^ 1 << bit).to_bytes(32, "big")
    assert merkle.root_from_inclusion(index, size, hashes[0], hashes[1:]) != ROOTS[size]


@pytest.mark.parametrize(
    ("index", "size", "path"),
    [
        pytest.param(0, 0, [], id="a leaf of an empty tree"),
        pytest.param(-1, 4, [], id="a negative index"),
        pytest.param(4, 4, [], id="an index behind the last"),
        pytest.param(10**30, 4, [], id="a huge index"),
        pytest.param(0, 10**30, [], id="a huge tree and no path"),
        pytest.param(0, 1, [ROOTS[1]], id="a path in a tree of one"),
        pytest.param(3, 70, [ROOTS[1]] * 63, id="a path of 63 hashes"),
    ],
)
def test_an_inclusion_proof_that_fits_no_tree_is_refused(index: int, size: int, path: list[bytes]) -> None:
    with pytest.raises(VerificationError):
        merkle.root_from_inclusion(index, size, HASHES[0], path)


@pytest.mark.parametrize(
    ("size1", "size2", "root1", "path"),
    [
        pytest.param(5, 4, ROOTS[5], [], id="the earlier tree is larger"),
        pytest.param(-1, 4, ROOTS[1], [], id="a negative size"),
        pytest.param(4, 4, ROOTS[3], [], id="two trees of one size"),
        pytest.param(4, 4, ROOTS[4], [ROOTS[4]], id="one tree with a path"),
        pytest.param(0, 4, ROOTS[0], [ROOTS[4]], id="nothing with a path"),
        pytest.param(2, 4, ROOTS[2], [], id="no path"),
    ],
)
def test_a_consistency_proof_that_fits_no_tree_is_refused(
    size1: int, size2: int, root1: bytes, path: list[bytes]
) -> None:
    with pytest.raises(VerificationError):
        merkle.check_consistency(size1, size2, root1, ROOTS[4], path)


def test_litewitness_requests_are_consistent_where_the_witness_said_so(shared: Path) -> None:
    text = (shared / "vectors/torchwood/cmd/litewitness/testdata/litewitness.txt").read_text()
    seen, judged = {0: ROOTS[0]}, []
    for exchange in text.split("POST http://localhost:7380/add-checkpoint\n```\n")[1:]:
        proof, checkpoint, *_ = exchange.split("\n\n")
        old, *path = proof.split("\n")
        _, size, root = checkpoint.split("\n")
        status = exchange.split("HTTP ")[1][:3]
        if status not in ("200", "422"):
            continue  # about signatures, unknown logs and sizes
        size1, hashes = int(old[4:]), [base64.b64decode(line) for line in path]
        try:
            merkle.check_consistency(size1, int(size), seen[size1], base64.b64decode(root), hashes)
            judged.append((status, "consistent"))
            seen[int(size)] = base64.b64decode(root)
        except VerificationError:
            judged.append((status, "refused"))
    good, bad = ("200", "consistent"), ("422", "refused")
    assert judged == [good, bad, bad, good, good]
