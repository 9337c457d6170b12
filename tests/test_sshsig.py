"""Reviewers' signatures: OpenSSH's own, ours, and everything that is not one."""

import base64
import datetime as dt
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from archive.errors import Error, Malformed, Problem, VerificationError
from archive.register import sshsig
from archive.register.sshkey import string, strings
from archive.register.sshsig import AllowedSigner
from tests.conftest import Reviewer

NAMESPACE = "review@letters.example.org"
NOW = dt.datetime(2026, 11, 15, 9, tzinfo=dt.UTC)
DATA = b'{"decision":"publish"}'
KINDS = ("ed25519", "ed25519_sk", "rsa", "ecdsa", "mldsa44-ed25519")


@pytest.fixture(scope="module")
def signed(ada: Reviewer) -> bytes:
    return sshsig.sign(DATA, ada.key, NAMESPACE)


def public(reviewer: Reviewer) -> str:
    return " ".join(reviewer.key.with_suffix(".pub").read_text().split()[:2])


@pytest.mark.parametrize("kind", KINDS)
def test_the_signatures_of_openssh_name_their_key_and_namespace(shared: Path, kind: str) -> None:
    folder = shared / "vectors/sshsig"
    signature = (folder / f"{kind}.sig").read_bytes()
    key = base64.b64decode((folder / f"{kind}.pub").read_text().split()[1])
    assert sshsig.signature_key(signature) == sshsig.fingerprint(key)
    assert sshsig.signature_namespace(signature) == (folder / "namespace").read_text().strip() == "unittest"


@pytest.mark.parametrize("kind", KINDS)
def test_the_signatures_of_openssh_are_verified_through_allowed_signers(shared: Path, kind: str) -> None:
    folder = shared / "vectors/sshsig"
    line = f'ada namespaces="unittest" {" ".join((folder / f"{kind}.pub").read_text().split()[:2])}\n'
    data, signature = (folder / "signed-data").read_bytes(), (folder / f"{kind}.sig").read_bytes()
    try:
        assert sshsig.verify(data, signature, line.encode(), "unittest", NOW) == "ada"
    except VerificationError as error:
        if "unknown or unsupported key type" not in str(error):
            raise
        pytest.skip(f"this ssh-keygen does not know {kind}")
    with pytest.raises(VerificationError):
        sshsig.verify(data + b"\n", signature, line.encode(), "unittest", NOW)


def test_what_is_signed_here_is_verified_here(ada: Reviewer, signed: bytes) -> None:
    assert sshsig.verify(DATA, signed, ada.line.encode(), NAMESPACE, NOW) == ada.name
    assert sshsig.signature_key(signed) == sshsig.key_fingerprint(ada.key)
    assert sshsig.key_fingerprint(ada.key) == sshsig.key_fingerprint(ada.key.with_suffix(".pub"))


def test_a_flipped_byte_of_a_signature_is_refused(ada: Reviewer, signed: bytes) -> None:
    lines = [at for at, byte in enumerate(signed) if byte == ord("\n")]
    for at in {*lines, *range(0, len(signed), 5)}:
        flipped = bytearray(signed)
        flipped[at] ^= 1 << at % 7
        with pytest.raises(VerificationError):
            sshsig.verify(DATA, bytes(flipped), ada.line.encode(), NAMESPACE, NOW)


@pytest.mark.parametrize(
    "change",
    [
        pytest.param(lambda s: b"", id="nothing"),
        pytest.param(lambda s: b"\xff" + s, id="not ASCII"),
        pytest.param(lambda s: s + b"Dear reader,\n", id="text after the last line"),
        pytest.param(lambda s: b"Dear reader,\n" + s, id="text before the first line"),
        pytest.param(lambda s: s + s, id="twice"),
        pytest.param(lambda s: s.replace(b"\n", b"\r\n"), id="CR LF"),
        pytest.param(lambda s: s.replace(b"SSH SIGNATURE", b"PGP SIGNATURE"), id="another kind"),
        pytest.param(lambda s: s.replace(b"U1NIU0lH", b"U1NIU0lI"), id="other magic"),
        pytest.param(lambda s: armored(b"SSHSIG\0\0\0\1\0\0\0\xff"), id="a length that leads out of it"),
        pytest.param(lambda s: armored(b"SSHSIG\0\0\0\2"), id="another version"),
        pytest.param(lambda s: armored(b"SSHSIG\0\0\0\1"), id="no key"),
        pytest.param(lambda s: rebuilt(s, namespace=b""), id="no namespace"),
        pytest.param(lambda s: rebuilt(s, namespace=b"a\0b"), id="a zero byte in its namespace"),
        pytest.param(lambda s: rebuilt(s, reserved=b"for later"), id="something unsigned in the reserved field"),
        pytest.param(lambda s: rebuilt(s, algorithm=b"sha1"), id="a hash that nobody trusts"),
        pytest.param(lambda s: armored(decoded(s) + string(b"more")), id="a field more"),
        pytest.param(lambda s: armored(decoded(s)[:-1]), id="cut short"),
    ],
)
def test_anything_that_is_not_just_a_signature_is_malformed(signed: bytes, change: Callable[[bytes], bytes]) -> None:
    for read in (sshsig.signature_key, sshsig.signature_namespace):
        with pytest.raises(Malformed, match="expected an SSH signature"):
            read(change(signed))


def armored(blob: bytes) -> bytes:
    return b"-----BEGIN SSH SIGNATURE-----\n" + base64.b64encode(blob) + b"\n-----END SSH SIGNATURE-----\n"


def decoded(signature: bytes) -> bytes:
    return base64.b64decode(b"".join(signature.split(b"\n")[1:-2]))


def rebuilt(signature: bytes, **fields: bytes) -> bytes:
    """The same signature with other bytes in some of its fields."""
    blob = decoded(signature)
    names = ("public", "namespace", "reserved", "algorithm", "signed")
    whole = dict(zip(names, strings(blob[10:]), strict=True)) | fields
    return armored(blob[:10] + b"".join(map(string, whole.values())))


def test_a_signature_of_other_bytes_of_another_key_or_in_another_namespace_is_refused(
    ada: Reviewer, signed: bytes, make_reviewer: Callable[[str], Reviewer]
) -> None:
    ben = make_reviewer("ben@example.org")
    with pytest.raises(VerificationError, match=r"the signature of ada@example\.org"):
        sshsig.verify(DATA + b" ", signed, ada.line.encode(), NAMESPACE, NOW)
    with pytest.raises(VerificationError, match="is not listed in allowed_signers"):
        sshsig.verify(DATA, signed, ben.line.encode(), NAMESPACE, NOW)
    with pytest.raises(VerificationError, match=r"the signature of ada@example\.org"):
        sshsig.verify(DATA, signed, ada.line.encode(), "review@elsewhere.example", NOW)
    in_another = sshsig.sign(DATA, ada.key, "file")
    with pytest.raises(VerificationError, match=r"the signature of ada@example\.org"):
        sshsig.verify(DATA, in_another, ada.line.encode(), "file", NOW)


def test_a_key_counts_from_valid_after_to_valid_before_wherever_in_the_world(
    ada: Reviewer, signed: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TZ", "Pacific/Auckland")
    line = f'ada valid-after="20261115080000Z",valid-before="20261115100000Z" {public(ada)}\n'.encode()
    judged = []
    for minutes in (-61, -59, 59, 61):
        try:
            judged.append(sshsig.verify(DATA, signed, line, NAMESPACE, NOW + dt.timedelta(minutes=minutes)))
        except VerificationError:
            judged.append("refused")
    assert judged == ["refused", "ada", "ada", "refused"]


def test_a_key_that_changed_its_name_signs_under_the_name_it_had_then(ada: Reviewer, signed: bytes) -> None:
    lines = (
        f'ada@old.example valid-before="20261101000000Z" {public(ada)}\n'
        f'ada@new.example valid-after="20261101000000Z" {public(ada)}\n'
    ).encode()
    before = NOW - dt.timedelta(days=30)
    assert sshsig.verify(DATA, signed, lines, NAMESPACE, NOW) == "ada@new.example"
    assert sshsig.verify(DATA, signed, lines, NAMESPACE, before) == "ada@old.example"


def test_allowed_signers_are_read_with_their_options_and_comments_are_passed_over(ada: Reviewer) -> None:
    key = public(ada)
    data = f'# who may\x0bbe {key}\n\nada,ben {key} a comment\ncyd namespaces="a,b",valid-after="20260101Z" {key}\n'
    mark = sshsig.key_fingerprint(ada.key)
    assert sshsig.parse_allowed(data.encode()) == (
        [
            AllowedSigner("ada", mark, {}),
            AllowedSigner("ben", mark, {}),
            AllowedSigner("cyd", mark, {"namespaces": "a,b", "valid-after": "20260101Z"}),
        ],
        [],
    )


def test_everything_that_is_wrong_with_allowed_signers_is_said_at_once(ada: Reviewer) -> None:
    key = public(ada)
    data = (
        f'ada\nada ssh-ed25519\nada ssh-ed25519 !!!\nada valid-after="20260101" {key}\nada valid-before="now" {key}\n'
    )
    signers, problems = sshsig.parse_allowed(data.encode() + b"\xff\n")
    assert [problem.place for problem in problems] == [f"allowed_signers:{row}" for row in (1, 2, 3, 4, 5, 6)]
    assert all(isinstance(problem, Problem) and problem.remedy for problem in problems)
    assert len(signers) == 2


def test_a_file_that_is_no_key_is_refused_and_a_missing_one_says_how_to_make_one(tmp_path: Path) -> None:
    with pytest.raises(Error, match="`ssh-keygen -t ed25519 -f"):
        sshsig.key_fingerprint(tmp_path / "id")
    (tmp_path / "id").write_text("not a key")
    with pytest.raises(Error, match="expected an SSH key; ssh-keygen says"):
        sshsig.key_fingerprint(tmp_path / "id")
    with pytest.raises(Error, match="expected a key that signs; ssh-keygen says"):
        sshsig.sign(DATA, tmp_path / "id", NAMESPACE)


def test_without_ssh_keygen_it_is_said_what_to_install(
    ada: Reviewer, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(Error, match="ssh-keygen is not installed"):
        sshsig.sign(DATA, ada.key, NAMESPACE)


def test_ssh_keygen_itself_accepts_what_is_signed_here(ada: Reviewer, signed: bytes, tmp_path: Path) -> None:
    (tmp_path / "allowed_signers").write_text(ada.line)
    (tmp_path / "review.sig").write_bytes(signed)
    command = [
        "ssh-keygen",
        "-Y",
        "verify",
        "-f",
        "allowed_signers",
        "-I",
        ada.name,
        "-n",
        NAMESPACE,
        "-s",
        "review.sig",
    ]
    done = subprocess.run(command, cwd=tmp_path, input=DATA, capture_output=True)
    assert done.stdout.startswith(f'Good "{NAMESPACE}" signature for {ada.name} with ED25519 key'.encode())


def test_nothing_is_written_where_a_killed_command_would_leave_it(
    signed: bytes, ada: Reviewer, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "nowhere"))
    kept = sorted(ada.key.parent.iterdir())
    allowed = f'ada namespaces="{NAMESPACE}" {public(ada)}\n'.encode()
    again = sshsig.sign(DATA, ada.key, NAMESPACE)
    assert [sshsig.verify(DATA, each, allowed, NAMESPACE, NOW) for each in (signed, again)] == ["ada", "ada"]
    assert sorted(ada.key.parent.iterdir()) == kept


def test_a_certificate_or_an_authority_in_the_list_lets_nobody_in(ada: Reviewer, signed: bytes, tmp_path: Path) -> None:
    """Who reviews is listed by their own key, not by whoever vouches for them."""
    for name in ("id", "id.pub"):
        (tmp_path / name).write_bytes(ada.key.with_name(name).read_bytes())
    (tmp_path / "id").chmod(0o600)
    certify = ["ssh-keygen", "-q", "-s", "id", "-I", "ada", "-n", "ada", "id.pub"]
    subprocess.run(certify, cwd=tmp_path, check=True, capture_output=True)
    certificate = (tmp_path / "id-cert.pub").read_text()
    for line in (f"ada {certificate}", f"ada cert-authority {public(ada)}\n"):
        assert [problem.place for problem in sshsig.parse_allowed(line.encode())[1]] == ["allowed_signers:1"]
        with pytest.raises(VerificationError, match="nobody's signature counts"):
            sshsig.verify(DATA, signed, f"{ada.line}{line}".encode(), NAMESPACE, NOW)
