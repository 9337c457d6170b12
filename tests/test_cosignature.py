"""Cosignatures: other people's are read, ours are what others read, and none counts that was changed."""

import json
import re
import subprocess
from pathlib import Path

import pytest

from archive.errors import VerificationError
from archive.register import cosignature
from archive.register.note import Checkpoint, Signer, VerifierKey
from tests.example_register import SIGNER
from tests.example_witness import KESTREL, PLOVER, cosigned

NOTE = SIGNER.sign(str(Checkpoint(SIGNER.name, 12, b"r" * 32)))
README = Path(__file__).parents[1] / "archive/register/README.md"
BY_KESTREL = cosignature.key(KESTREL)


def test_a_cosignature_of_sunlights_and_one_of_ours_stand_under_one_checkpoint(shared: Path) -> None:
    folder = shared / "vectors/sunlight/witness2"
    theirs = VerifierKey.parse(json.loads((folder / "witness.v0.json").read_text())["verifier_keys"][0])
    note = next(folder.rglob("checkpoint")).read_text()
    (line,) = cosignature.lines_of(note, [theirs])
    ours = Signer(theirs.name, b"s" * 32)
    made = cosignature.cosign(ours, cosignature.text_of(note), 1767139200)
    assert (made.split(" ")[:2], len(made)) == (line.split(" ")[:2], len(line))
    log = Signer("milan2026h1.example.org", b"l" * 32)
    signed = log.sign(cosignature.text_of(note)) + line + made
    when = cosignature.times(signed, log.key, [theirs, cosignature.key(ours)])
    assert when == {theirs: 1767139200, cosignature.key(ours): 1767139200}


def test_openssl_verifies_a_cosignature_as_the_readme_says(tmp_path: Path) -> None:
    """Among two witnesses' lines; and none that was made for another checkpoint."""
    (block,) = re.findall(r"^```sh\n(SEEN=.*?)^```$", README.read_text(), re.MULTILINE | re.DOTALL)
    program = re.sub(r"WITNESS='[^']*'", f"WITNESS='{BY_KESTREL}'", block).replace("register/cosigned/", "")
    good = cosigned(NOTE, (PLOVER, 1795521600), (KESTREL, 1795521605))
    for note, verified in ((good, True), (good.replace("\n12\n", "\n13\n"), False)):
        (tmp_path / "12").write_text(note)
        done = subprocess.run(["sh", "-c", program], cwd=tmp_path, capture_output=True, text=True, check=False)
        assert ("Signature Verified Successfully" in done.stdout) == verified, done.stderr
        assert "12:00:05" in done.stdout


def test_the_key_of_a_witness_has_the_id_that_the_spec_gives_it() -> None:
    assert str(BY_KESTREL).startswith(f"kestrel.example/witness+{BY_KESTREL.id.hex()}+B")
    assert BY_KESTREL.id != KESTREL.key.id
    assert VerifierKey.parse(str(BY_KESTREL)) == BY_KESTREL


def test_a_checkpoint_says_when_each_witness_saw_it_and_passes_over_others() -> None:
    note = cosigned(NOTE, (KESTREL, 1000), (PLOVER, 1060))
    assert cosignature.times(note, SIGNER.key, [BY_KESTREL]) == {BY_KESTREL: 1000}
    assert cosignature.times(NOTE, SIGNER.key, [BY_KESTREL]) == {}


def test_of_one_witness_the_first_cosignature_stays() -> None:
    note = cosigned(NOTE, (KESTREL, 1000))
    assert cosigned(note, (KESTREL, 2000), (PLOVER, 2000)) == cosigned(note, (PLOVER, 2000))


def test_a_cosignature_of_another_time_another_text_or_another_register_is_refused() -> None:
    note = cosigned(NOTE, (KESTREL, 1000))
    (line,) = cosignature.lines_of(note, [BY_KESTREL])
    later = cosigned(NOTE, (KESTREL, 1001))
    mixed = line[: len(line) - 40] + later[-40:]
    longer = SIGNER.sign(str(Checkpoint(SIGNER.name, 13, b"r" * 32)))
    for wrong in (NOTE + mixed, longer + line):
        with pytest.raises(VerificationError, match=r"kestrel\.example/witness does not fit"):
            cosignature.times(wrong, SIGNER.key, [BY_KESTREL])
    with pytest.raises(VerificationError, match="not signed by other"):
        cosignature.times(note, Signer("other", b"o" * 32).key, [BY_KESTREL])
