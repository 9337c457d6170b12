"""A reader with one file, its proof and a key: what they are told, and what can never pass."""

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from archive.errors import Error, VerificationError
from archive.register import merkle, statement, sums
from archive.register.note import Checkpoint, Signer, VerifierKey
from archive.register.proof import Proof
from archive.register.statement import Statement
from publisher.verify.file import verify_file
from publisher.verify.verdict import LIMITS
from tests.conftest import ROOT, Programs
from tests.example_register import SIGNER, at

GOLDEN = ROOT / "tests/golden/register"
VERIFY = ROOT / "publisher/site/templates/verify.sh"
KEY = SIGNER.key
TEXT = (GOLDEN / "site/essays/on-commas/essay.md").read_bytes()
REVIEW = Statement.decode((GOLDEN / "site/essays/on-commas/reviews/1.json").read_bytes())


@pytest.fixture
def site(tmp_path: Path) -> Path:
    """A copy of the golden site."""
    return Path(shutil.copytree(GOLDEN / "site", tmp_path / "site"))


@pytest.fixture
def essay(site: Path) -> Path:
    return site / "essays/on-commas/essay.md"


def lying(leaf: bytes) -> bytes:
    """The proof of any leaf, by a publisher who signs anything."""
    return bytes(Proof.make([leaf], 0, SIGNER.sign(str(Checkpoint(SIGNER.name, 1, merkle.leaf_hash(leaf))))))


def changed(**predicate: object) -> bytes:
    return Statement("review", REVIEW.subjects, {**REVIEW.predicate, **predicate}).encode()


def test_an_essay_is_verified_with_what_was_logged_and_what_that_does_not_prove(essay: Path) -> None:
    checked = verify_file(essay, KEY)
    digest = sums.digest(TEXT)
    for words in (
        f"{len(TEXT)} bytes",
        digest,
        "E2026-0001/essay.md",
        "approved for publication, unedited",
        "entry 256",
    ):
        assert words in checked.sentence
    assert checked.limits == LIMITS
    assert {name: checked.facts[name] for name in ("verified", "subject", "sha256", "bytes", "statement", "index")} == {
        "verified": True,
        "subject": "E2026-0001/essay.md",
        "sha256": digest,
        "bytes": len(TEXT),
        "statement": "review",
        "index": 256,
    }


def test_everything_with_a_proof_is_verified_under_the_name_it_was_logged_by(site: Path) -> None:
    found = {}
    for beside in site.rglob("*.tlog-proof"):
        facts = verify_file(beside.with_suffix(""), KEY).facts
        found[beside.relative_to(site).as_posix()] = (facts["subject"], facts["statement"], facts["tree_size"])
    assert found == {
        "essays/on-commas/essay.md.tlog-proof": ("E2026-0001/essay.md", "review", 257),
        "essays/on-commas/intake.sums.tlog-proof": ("E2026-0001/intake.sums", "intake", 257),
        "issues/2026-W46/SHA256SUMS.tlog-proof": ("issues/2026-W46/SHA256SUMS", "issue", 259),
        "SHA256SUMS.tlog-proof": ("SHA256SUMS", "issue", 259),
    }


def test_every_flipped_byte_of_the_text_is_refused(essay: Path) -> None:
    for place in range(len(TEXT)):
        flipped = bytearray(TEXT)
        flipped[place] ^= 1 << place % 8
        essay.write_bytes(flipped)
        with pytest.raises(VerificationError):
            verify_file(essay, KEY)


def test_a_flipped_byte_of_the_proof_is_refused(essay: Path) -> None:
    beside = essay.with_name("essay.md.tlog-proof")
    data = beside.read_bytes()
    for place in range(0, len(data), 3):
        flipped = bytearray(data)
        flipped[place] ^= (1, 7, 0x20, 0x80)[place % 4]  # 7 makes CR of LF
        beside.write_bytes(flipped)
        with pytest.raises(VerificationError):
            verify_file(essay, KEY)


SUBJECT = Proof.parse((GOLDEN / "site/essays/on-commas/essay.md.tlog-proof").read_bytes())
DATA = bytes(SUBJECT)
LEAF = REVIEW.encode()
ATTACKS = {
    "CR LF": DATA.replace(b"\n", b"\r\n"),
    "a line more": DATA.replace(b"index 256\n", b"index 256\nhello world\n"),
    "a hash more": DATA.replace(b"index 256\n", b"index 256\n" + b"A" * 43 + b"=\n"),
    "text behind it": DATA + b"Dear reader\n",
    "an empty line more": DATA.replace(b"\n\n", b"\n\n\n"),
    "a huge index": DATA.replace(b"index 256", b"index " + b"9" * 19),
    "an index of many digits": DATA.replace(b"index 256", b"index " + b"9" * 100_000),
    "a huge size": DATA.replace(b"\n257\n", b"\n18446744073709551615\n"),
    "nothing": b"",
    "bytes": bytes(range(256)),
    "a page instead": b"<!doctype html><title>Not found</title>",
    "the proof of another file": (GOLDEN / "site/essays/on-commas/intake.sums.tlog-proof").read_bytes(),
    "another key of the same name": bytes(
        Proof.make([LEAF], 0, Signer(KEY.name, b"x" * 32).sign(str(Checkpoint(KEY.name, 1, merkle.leaf_hash(LEAF)))))
    ),
    "withheld": lying(changed(decision="withhold")),
    "on hold": lying(changed(decision="hold")),
    "no decision": lying(changed(decision=None)),
    "edited": lying(changed(edited=True)),
    "edited, perhaps": lying(changed(edited=0)),
    "a key more": lying(changed(corrected="two commas")),
    "an unknown kind": lying(LEAF.replace(b"/review/v1", b"/praise/v1")),
    "a later version": lying(LEAF.replace(b"/review/v1", b"/review/v2")),
    "a key twice": lying(LEAF.replace(b'"edited":false', b'"edited":true,"edited":false')),
    "a subject twice": lying(LEAF.replace(b']}', b',' + LEAF[LEAF.rindex(b'{"digest"') :])),
    "escapes": lying(LEAF.replace(b"essay.md", b"essay\\u002emd")),
    "spaces": lying(LEAF.replace(b":", b": ")),
    "another order": lying(json.dumps(json.loads(LEAF), separators=(",", ":")).encode()[::-1]),
    "a number for a hash": lying(re.sub(rb'"sha256":"[0-9a-f]{64}"', b'"sha256":0', LEAF)),
    "not a statement": lying(b"essay.md " + sums.digest(TEXT).encode()),
    "depth": lying(b"[" * 60_000),
    "NaN": lying(b"NaN"),
}  # fmt: skip


@pytest.mark.parametrize("attack", ATTACKS)
def test_no_other_proof_passes_and_the_program_says_not_verified(essay: Path, attack: str) -> None:
    essay.with_name("essay.md.tlog-proof").write_bytes(ATTACKS[attack])
    result = Programs().publisher("verify", essay, "--key", KEY)
    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr.startswith("NOT VERIFIED: ")


@pytest.mark.parametrize("text", [b"", TEXT + b"\n", b"\xef\xbb\xbf" + TEXT, TEXT.replace(b"\n", b"\r\n"), TEXT[:-1]])
def test_no_other_text_passes(essay: Path, text: bytes) -> None:
    essay.write_bytes(text)
    result = Programs().publisher("verify", essay, "--key", KEY)
    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr.startswith("NOT VERIFIED: ")


KEPT = b"They pause.\nSo do I.\n"


@pytest.mark.parametrize(
    ("changed", "how"),
    [
        (KEPT.replace(b"\n", b"\r\n"), "with CR LF for line feeds:"),
        (b"\xef\xbb\xbf" + KEPT, "behind a byte order mark:"),
        (KEPT + b"\n", "with a line feed more at its end:"),
        (KEPT.replace(b"\n", b"\r\n") + b"\r\n", "with CR LF for line feeds, and one more:"),
        (KEPT[:-1], "without the line feed at its end:"),
        (KEPT.replace(b"So", b"No").replace(b"\n", b"\r\n"), ""),
    ],
    ids=["CR LF", "a mark", "a line feed more", "CR LF and one more", "a line feed less", "a word too"],
)
def test_what_an_editor_does_to_a_text_without_touching_a_word_is_refused_and_told(
    essay: Path, changed: bytes, how: str
) -> None:
    leaf = Statement("review", {**REVIEW.subjects, "E2026-0001/essay.md": sums.digest(KEPT)}, REVIEW.predicate)
    essay.with_name("essay.md.tlog-proof").write_bytes(lying(leaf.encode()))
    essay.write_bytes(KEPT)
    verify_file(essay, KEY)
    essay.write_bytes(changed)
    with pytest.raises(VerificationError) as refused:
        verify_file(essay, KEY)
    told = f"; it is that text {how} something on the way changed that, and no word" if how else ""
    assert str(refused.value).endswith(f"found {sums.digest(changed)}{told}")


def test_a_proof_without_end_is_not_read(essay: Path) -> None:
    beside = essay.with_name("essay.md.tlog-proof")
    beside.write_bytes(DATA + b"A" * (1 << 20))
    with pytest.raises(Error, match=r"expected the proof beside the text, found 1,0.* bytes"):
        verify_file(essay, KEY)


def test_a_text_that_was_withdrawn_is_not_told_as_approved(essay: Path) -> None:
    subjects = {"E2026-0001/essay.md": sums.digest(TEXT)}
    notice = statement.notice("withdrawn", subjects, reason="law", time=at(300))
    essay.with_name("essay.md.tlog-proof").write_bytes(lying(notice.encode()))
    checked = verify_file(essay, KEY)
    assert "approved" not in checked.sentence
    assert checked.facts["predicate"] == {"kind": "withdrawn", "reason": "law", "time": "2026-11-14T21:00:00Z"}


@pytest.mark.parametrize(
    "key",
    [
        str(Signer("other.example.org/register", b"x" * 32).key),
        str(Signer(KEY.name, b"x" * 32).key),
        str(VerifierKey(KEY.name, 4, KEY.public)),
        str(KEY)[:-1],
        f"{KEY} ",
        str(SIGNER),
        "\udc80",
    ],
)
def test_under_another_key_nothing_is_verified(essay: Path, key: str) -> None:
    result = Programs().publisher("verify", essay, "--key", key)
    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr.startswith("NOT VERIFIED: ")


def test_without_a_key_a_proof_or_a_file_it_is_said_what_to_do(essay: Path) -> None:
    alone = shutil.copytree(essay.parent, essay.parents[4] / "alone") / "essay.md"
    assert Programs().publisher("verify", alone).exit_code == 2
    assert "whose register this is" in Programs().publisher("verify", essay).stdout
    essay.with_name("essay.md.tlog-proof").unlink()
    for path in (essay, essay.with_name("nothing.md")):
        with pytest.raises(Error, match="expected"):
            verify_file(path, KEY)


@pytest.mark.parametrize("arguments", [(), ("--key", KEY), ("--words",), ("--site", "nowhere")])
def test_a_name_that_nothing_goes_by_is_said_before_a_key_is_asked_for(
    arguments: tuple[object, ...], tmp_path: Path
) -> None:
    done = Programs().publisher("verify", tmp_path / "esay.md", *arguments)
    assert (done.exit_code, done.stdout) == (1, "")
    assert done.stderr.startswith(f"{tmp_path}/esay.md: expected a file, a folder or an https:// address, found none")


def test_a_key_that_is_none_is_told_to_programs_too(essay: Path) -> None:
    done = Programs().publisher("verify", essay, "--key", "letters", "--json")
    told = json.loads(done.stdout)
    assert (done.exit_code, told["verified"]) == (1, False)
    assert told["problem"].startswith("expected a verifier key")
    assert "NOT VERIFIED" in done.stderr


def test_verifying_a_file_loads_nothing_heavy_and_opens_no_home(essay: Path, tmp_path: Path) -> None:
    program = (
        "import sys\nfrom publisher.cli.commands import main\n"
        "try: main(['verify', sys.argv[1], '--key', sys.argv[2]])\n"
        "except SystemExit as end: assert not end.code\n"
        "heavy = {'sqlalchemy', 'sqlmodel', 'pydantic', 'lxml', 'jinja2', 'markdown_it', 'selectolax', 'feedgen'}\n"
        "loaded = (heavy | {'archive.home.home', 'archive.home.configuration'}) & set(sys.modules)\n"
        "assert not loaded, loaded\n"
    )
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    subprocess.run([sys.executable, "-c", program, essay, str(KEY)], cwd=tmp_path, env=environment, check=True)


# ── foreign judges ───────────────────────────────────────────────────────────────────────────────────────────────────


def shell(*command: str | Path, cwd: Path) -> subprocess.CompletedProcess[str]:
    missing = [tool for tool in ("sh", "sha256sum", "openssl", "xxd", "base64", "awk") if not shutil.which(tool)]
    if missing:
        pytest.skip(f"needs {', '.join(missing)}")
    return subprocess.run(
        [*map(str, command)], cwd=cwd, capture_output=True, text=True, env=os.environ | {"KEY": str(KEY)}
    )


def test_sh_sha256sum_and_openssl_verify_the_essay(essay: Path) -> None:
    done = shell("sh", VERIFY, essay.name, str(KEY), cwd=essay.parent)
    assert done.stdout.startswith("verified: essay.md is E2026-0001/essay.md, in a statement (review «publish», ")


@pytest.mark.parametrize("attack", ATTACKS)
def test_the_shell_is_not_fooled_either(essay: Path, attack: str) -> None:
    essay.with_name("essay.md.tlog-proof").write_bytes(ATTACKS[attack])
    done = shell("sh", VERIFY, essay.name, str(KEY), cwd=essay.parent)
    assert done.returncode == 1


def test_the_shell_refuses_a_changed_text_and_changed_proofs(essay: Path) -> None:
    beside = essay.with_name("essay.md.tlog-proof")
    accepted = []
    for place in range(0, len(DATA), 61):
        flipped = bytearray(DATA)
        flipped[place] ^= 1
        beside.write_bytes(flipped)
        if not shell("sh", VERIFY, essay.name, str(KEY), cwd=essay.parent).returncode:
            accepted.append(place)
    assert accepted == []
    beside.write_bytes(DATA)
    essay.write_bytes(TEXT + b"\n")
    done = shell("sh", VERIFY, essay.name, str(KEY), cwd=essay.parent)
    assert (done.returncode, done.stderr) == (
        1,
        f"NOT VERIFIED: essay.md is not the file that was logged: its SHA-256 is {sums.digest(essay.read_bytes())}\n",
    )


def test_webcrypto_verifies_the_essay(essay: Path, shared: Path) -> None:
    if not shutil.which("node"):
        pytest.skip("needs node")
    program = (
        f"import {{ verify }} from {json.dumps(str(shared / 'prototypes/verify.mjs'))};"
        "import { readFileSync } from 'fs';"
        "const [file, key] = process.argv.slice(1);"
        "const found = await verify(readFileSync(file), readFileSync(file + '.tlog-proof', 'utf8'), key);"
        "console.log(JSON.stringify([found.subject, found.index, found.size, found.predicate.decision]));"
    )
    command = ["node", "--input-type=module", "-e", program, str(essay), str(KEY)]
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.stdout == '["E2026-0001/essay.md",256,257,"publish"]\n', done.stderr


# ── archive/register/README.md ───────────────────────────────────────────────────────────────────────────────────────

README = (ROOT / "archive/register/README.md").read_text()


def blocks(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```$", README, re.M | re.S)


def test_every_command_of_the_readme_prints_what_it_says(site: Path) -> None:
    shutil.copy(VERIFY, site)
    assert re.findall(r"KEY='(.*?)'", "".join(blocks("sh"))) == [str(KEY)]
    ran = 0
    for block in blocks("console"):
        for part in re.split(r"^\$ ", block, flags=re.M)[1:]:
            command, _, expected = part.partition("\n")
            done = shell("sh", "-c", command, cwd=site)
            pattern = re.escape(expected).replace("…", "[^\n]*")
            assert done.returncode == 0, (command, done.stderr)
            assert re.fullmatch(pattern, done.stdout), (command, done.stdout)
            ran += 1
    assert ran == 12


def test_the_programs_of_the_readme_print_the_two_roots(site: Path) -> None:
    register, redaction, _ = blocks("python")  # the third: tests/test_redact.py
    run = [sys.executable, "-I", "-c"]
    printed = subprocess.run([*run, register], cwd=site, capture_output=True, text=True, check=True).stdout.split("\n")
    assert printed[-2] == (site / "register/checkpoint").read_text().split("\n")[2]
    assert printed[256] == LEAF.decode()
    made = subprocess.run([*run, redaction], cwd=GOLDEN / "deposit", capture_output=True, check=True).stdout
    assert made == (GOLDEN / "deposit/redaction.root").read_bytes()


def test_who_is_shown_the_private_list_can_check_all_of_it(tmp_path: Path) -> None:
    folder = Path(shutil.copytree(GOLDEN / "deposit", tmp_path / "deposit"))
    done = shell("sha256sum", "-c", "intake.sums", "private.sums", cwd=folder)
    names = [
        "nonce",
        "private.sums",
        "redaction.root",
        "private.nonce",
        "received.txt",
        "redaction.seed",
        "turns.jsonl",
    ]
    assert done.stdout == "".join(f"{name}: OK\n" for name in names)
    public = sums.parse((folder / "intake.sums").read_bytes(), "intake.sums")
    private = sums.parse((folder / "private.sums").read_bytes(), "private.sums")
    assert not set(public.values()) & set(private.values())


def test_names_that_a_stranger_chose_move_no_terminal(tmp_path: Path, programs: Programs) -> None:
    signer = Signer.generate("letters.example.org/\u202eregister\x9b2J")
    text, time = b"x\n", at(0)
    said = statement.notice("sent", {"essay\u202e\x9b31m.md": sums.digest(text)}, reason="sent", time=time)
    leaf = said.encode()
    note = signer.sign(str(Checkpoint(signer.name, 1, merkle.leaf_hash(leaf))))
    (tmp_path / "x.md").write_bytes(text)
    (tmp_path / "x.md.tlog-proof").write_bytes(bytes(Proof.make([leaf], 0, note)))
    for more in ((), ("--details",)):
        done = programs.publisher("verify", tmp_path / "x.md", "--key", signer.key, *more)
        assert (done.exit_code, "⟨U+202E⟩" in done.output) == (0, True), done.output
        assert not re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202e]", done.output)
