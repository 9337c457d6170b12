"""The published script, under each shell: it accepts what was logged and refuses every other byte."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from archive.register import merkle
from archive.register.note import Checkpoint, Signer
from archive.register.proof import Proof
from tests.conftest import ROOT

SITE = ROOT / "tests/golden/site"
SCRIPT = SITE / "verify/verify.sh"
KEY = (SITE / "register/policy").read_text().split()[1]
SIGNER = Signer("letters.example.org/register", bytes(range(32)))
"""The golden site's own."""
PROOF = Proof.parse((SITE / "essays/odd/essay.md.tlog-proof").read_bytes())
INDEX, SIZE = f"index {PROOF.index}".encode(), PROOF.note.split("\n")[1]
SHELLS = (["sh"], ["dash"], ["bash", "--posix"], ["busybox", "sh"])

pytestmark = pytest.mark.skipif(not shutil.which("openssl"), reason="no openssl on this machine")


def run(path: Path, *arguments: str, shell: list[str] | None = None) -> tuple[int, str]:
    command = [*(shell or ["sh"]), SCRIPT, path.name, *(arguments or (KEY,))]
    done = subprocess.run(command, cwd=path.parent, capture_output=True, text=True)
    return done.returncode, done.stdout + done.stderr


@pytest.fixture
def essay(tmp_path: Path) -> Path:
    for name in ("essay.md", "essay.md.tlog-proof", "intake.sums", "intake.sums.tlog-proof"):
        shutil.copy(SITE / "essays/odd" / name, tmp_path)
    return tmp_path / "essay.md"


@pytest.mark.parametrize("shell", SHELLS, ids=" ".join)
def test_each_shell_gives_the_same_answer(shell: list[str], essay: Path) -> None:
    if not shutil.which(shell[0]):
        pytest.skip(f"no {shell[0]} on this machine")
    said = (
        "verified: essay.md is E2026-0001/essay.md, in a statement (review «publish», 2026-11-03T09:00:00Z) that is "
        f"entry {PROOF.index} of letters.example.org/register, a register of {SIZE} entries\n"
    )
    assert run(essay, shell=shell) == (0, said)
    essay.write_bytes(essay.read_bytes() + b"\n")
    code, refused = run(essay, shell=shell)
    assert (code, "essay.md is not the file that was logged: its SHA-256 is" in refused) == (1, True)


def test_every_proof_of_a_site_is_accepted() -> None:
    proofs = sorted(SITE.rglob("*.tlog-proof"))
    judged = {proof: run(proof.with_name(proof.name.removesuffix(".tlog-proof"))) for proof in proofs}
    assert [proof for proof, (code, _) in judged.items() if code] == []
    assert len(proofs) == 7


def test_one_flipped_bit_of_text_or_proof_is_refused(essay: Path, request: pytest.FixtureRequest) -> None:
    step = 1 if request.config.getoption("--every") else 23
    for path in (essay, essay.with_name("essay.md.tlog-proof")):
        data = path.read_bytes()
        accepted = []
        for at in {*range(0, len(data), step), len(data) - 1}:
            path.write_bytes(data[:at] + bytes([data[at] ^ 1 << at % 7]) + data[at + 1 :])
            if run(essay)[0] != 1:
                accepted.append(at)
        assert accepted == [], path.name
        path.write_bytes(data)
    assert run(essay)[0] == 0


@pytest.mark.parametrize(
    ("key", "said"),
    [
        (str(Signer("letters.example.org/register", b"o" * 32).key), "is not signed by letters.example.org/register"),
        (str(Signer("other.example/register", bytes(range(32))).key), "expected the register other.example/register"),
        (KEY.replace("+a1d0c5bb+", "+a1d0c5bc+"), "the key is damaged"),
        (KEY[:-4], "expected"),
        ("", "expected"),
    ],
)
def test_another_key_is_refused(essay: Path, key: str, said: str) -> None:
    code, found = run(essay, key)
    assert (code, said in found) == (1, True), found


def proved(leaf: bytes, note: str, path: tuple[bytes, ...] = ()) -> bytes:
    return bytes(Proof(leaf, 0, path, note))


def checkpoint(leaf: bytes, size: int = 1) -> str:
    return str(Checkpoint(SIGNER.name, size, merkle.leaf_hash(leaf)))


def test_signatures_of_others_are_passed_over_and_a_bad_one_of_the_register_refuses(essay: Path) -> None:
    beside = essay.with_name("essay.md.tlog-proof")
    data = beside.read_bytes()
    other = Signer("witness.example", b"w" * 32).sign("other\n").split("\n")[2]
    beside.write_bytes(data + f"{other}\n".encode())
    assert run(essay)[0] == 0
    bad = SIGNER.sign("other\n").split("\n")[2]
    beside.write_bytes(data + f"{bad}\n".encode())
    assert "does not fit the checkpoint" in run(essay)[1]


def test_what_the_register_itself_signed_must_be_a_statement(essay: Path) -> None:
    """A publisher who cheats can log anything; the hash alone, somewhere in an entry, shows nothing."""
    beside = essay.with_name("essay.md.tlog-proof")
    leaf = Proof.parse(beside.read_bytes()).leaf
    beside.write_bytes(proved(leaf, SIGNER.sign(checkpoint(leaf))))
    assert run(essay)[0] == 0
    for forged in (
        leaf + b"\n" + leaf,
        leaf.replace(b"emeritus.example/review", b"emeritus.example/other"),
        leaf.replace(b'"decision":"publish"', b'"decision":{"decision":"publish"}'),
        leaf.replace(b'"subject":[', b'"subjects":['),
        leaf.replace(b"{", b"{ ", 1),
    ):
        beside.write_bytes(proved(forged, SIGNER.sign(checkpoint(forged))))
        code, said = run(essay)
        assert (code, "is no statement" in said) == (1, True), said


@pytest.mark.parametrize(
    "change",
    [
        pytest.param(lambda proof: proof[:-1], id="no last newline"),
        pytest.param(lambda proof: proof + b"\n", id="an empty line more"),
        pytest.param(lambda proof: proof.replace(b"\n", b"\r\n"), id="CR LF"),
        pytest.param(lambda proof: proof.replace(INDEX, INDEX.replace(b" ", b" 0")), id="a leading zero"),
        pytest.param(lambda proof: proof.replace(INDEX, b"index 2"), id="another index"),
        pytest.param(lambda proof: proof.replace(INDEX, b"index " + b"9" * 21), id="an absurd index"),
        pytest.param(lambda proof: proof.replace(INDEX, INDEX + b"\n" + b"A" * 43 + b"="), id="a longer path"),
        pytest.param(lambda proof: proof.replace(b"extra ", b"extra  "), id="a space more"),
        pytest.param(lambda proof: b"", id="nothing"),
    ],
)
def test_anything_that_is_not_just_a_proof_is_refused(essay: Path, change: object) -> None:
    beside = essay.with_name("essay.md.tlog-proof")
    beside.write_bytes(change(beside.read_bytes()))  # type: ignore[operator]
    assert run(essay)[0] == 1


def test_an_empty_file_and_a_missing_proof_are_refused(essay: Path) -> None:
    essay.write_bytes(b"")
    assert "expected a file that is not empty" in run(essay)[1]
    (essay.with_name("other.md")).write_text("Other.\n")
    assert "other.md.tlog-proof: expected the proof" in run(essay.with_name("other.md"))[1]


def test_nothing_is_left_behind(essay: Path, tmp_path: Path) -> None:
    (tmp_path / "tmp").mkdir()
    environment = os.environ | {"TMPDIR": str(tmp_path / "tmp")}
    subprocess.run(["sh", SCRIPT, "essay.md", KEY], cwd=tmp_path, env=environment, check=True, capture_output=True)
    assert list((tmp_path / "tmp").iterdir()) == []
