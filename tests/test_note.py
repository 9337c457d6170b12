"""Signed notes, their keys and checkpoints: other people's, byte for byte, and everything that must be refused."""

import json
import re
import traceback
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.errors import Malformed, VerificationError
from archive.register.note import (
    Checkpoint,
    Signer,
    VerifierKey,
    encode64,
    number,
    open_checkpoint,
    open_note,
    read,
)
from tests.example_register import SIGNER

TESSERA = "PRIVATE+KEY+example.com/log/testdata+33d7b496+AeymY/SZAX0jZcJ8enZ5FY1Dz+wTML2yWSkK+9DSF3eg"
CHECKPOINT = Checkpoint(SIGNER.name, 12, b"r" * 32)
NOTE = SIGNER.sign(str(CHECKPOINT))
SIGNATURE = NOTE.split(" ")[-1].strip()
OTHER = Signer("other.example.org/register", b"o" * 32)
names = st.text(st.characters(exclude_categories=["C", "Z"], exclude_characters="+"), min_size=1)
seeds = st.binary(min_size=32, max_size=32)


def test_all_checkpoints_of_tessera_are_signed_again_byte_for_byte(shared: Path) -> None:
    signer = Signer.parse(TESSERA)
    paths = sorted((shared / "vectors/tessera/log").glob("checkpoint*"))
    notes = [path.read_text() for path in paths]
    assert len(notes) == 17
    assert [signer.sign(str(open_checkpoint(note, signer.key))) for note in notes] == notes


def test_a_witness_cosignature_gives_its_time_beside_a_signature_of_an_unknown_log(shared: Path) -> None:
    found = {}
    for path in sorted((shared / "vectors/sunlight").rglob("checkpoint")):
        if (note := path.read_text()).startswith("decoy"):
            continue
        described = next(f for folder in path.parents for f in folder.glob("*.v0.json"))
        key = VerifierKey.parse(json.loads(described.read_text())["verifier_keys"][0])
        text, signed = open_note(note, [key])
        found[text.split("\n")[0], key.name] = signed
    assert found == {
        ("rome2026h1.example.org", "witness.example.org"): {"witness.example.org": 1767139200},
        ("milan2026h1.example.org", "witness2.example.org"): {"witness2.example.org": 1767139200},
        ("rome2026h1.example.org", "mirror.example.org"): {"mirror.example.org": 1767139200},
    }


def test_a_cosignature_is_over_its_time_too(shared: Path) -> None:
    folder = shared / "vectors/sunlight/witness2"
    key = VerifierKey.parse(json.loads((folder / "witness.v0.json").read_text())["verifier_keys"][0])
    note = next(folder.rglob("checkpoint")).read_text()
    with pytest.raises(VerificationError):
        open_note(note.replace("LlW4lgAAAABpVGeA", "LlW4lgAAAABpVGeB"), [key])


def test_the_checkpoint_of_gos_checksum_database_is_opened_though_its_origin_is_not_its_keys_name(shared: Path) -> None:
    script = (shared / "vectors/torchwood/cmd/litewitness/testdata/sumdb.txt").read_text()
    key = VerifierKey.parse(re.findall(r"-key (sum\.golang\.org\+\S+)", script)[0])
    note = script[script.index("go.sum database tree\n35") : script.index("\n```\nHTTP 200") + 1]
    text, signed = open_note(note, [key])
    assert (Checkpoint.parse(text).size, signed) == (35225469, {"sum.golang.org": None})
    with pytest.raises(VerificationError, match=r"expected the origin sum\.golang\.org, found go\.sum database tree"):
        open_checkpoint(note, key)


@given(names, seeds)
def test_keys_print_what_they_parse(name: str, seed: bytes) -> None:
    signer = Signer(name, seed)
    assert Signer.parse(str(signer)) == signer
    assert VerifierKey.parse(str(signer.key)) == signer.key


def test_of_two_keys_as_a_policy_lists_them_after_a_rotation_one_must_be_given() -> None:
    with pytest.raises(Malformed, match="expected one verifier key, found 2; give one of them"):
        VerifierKey.parse(f"{SIGNER.key}\n{SIGNER.key}")


@given(names, st.integers(0, 10**19 - 1), seeds)
def test_checkpoints_print_what_they_parse(origin: str, size: int, root: bytes) -> None:
    assert Checkpoint.parse(str(Checkpoint(origin, size, root))) == Checkpoint(origin, size, root)


def test_extension_lines_of_a_checkpoint_are_passed_over_and_signed() -> None:
    note = SIGNER.sign(f"{CHECKPOINT}extension 1\nextension 2\n")
    assert open_checkpoint(note, SIGNER.key) == CHECKPOINT


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("o\n012\n" + encode64(b"r" * 32) + "\n", id="a leading zero"),
        pytest.param("o\n+12\n" + encode64(b"r" * 32) + "\n", id="a sign"),
        pytest.param("o\n1_2\n" + encode64(b"r" * 32) + "\n", id="an underscore"),
        pytest.param("o\n١٢\n" + encode64(b"r" * 32) + "\n", id="other digits"),
        pytest.param("o\n12 \n" + encode64(b"r" * 32) + "\n", id="a space after the size"),
        pytest.param("o\n" + "9" * 5000 + "\n" + encode64(b"r" * 32) + "\n", id="a huge size"),
        pytest.param("o\n12\n" + encode64(b"r" * 32) + " \n", id="a space after the root"),
        pytest.param("o\n12\n" + encode64(b"r" * 31) + "\n", id="a short root"),
        pytest.param("o\n12\n" + encode64(b"r" * 32).replace("=", "") + "\n", id="no padding"),
        pytest.param("o\n12\n" + encode64(b"\0" * 32)[:-2] + "B=\n", id="base64 that is not canonical"),
        pytest.param("o\n12\n" + encode64(b"r" * 32), id="no final newline"),
        pytest.param("\n12\n" + encode64(b"r" * 32) + "\n", id="no origin"),
        pytest.param("o\n12\n", id="no root"),
        pytest.param("", id="nothing"),
    ],
)
def test_a_checkpoint_in_any_other_form_is_malformed(text: str) -> None:
    with pytest.raises(Malformed):
        Checkpoint.parse(text)


@pytest.mark.parametrize("text", ["", "007", "-1", "+1", " 1", "1 ", "1\n", "1.0", "1e3", "٣", "9" * 20])
def test_a_number_is_decimal_without_sign_or_leading_zeros(text: str) -> None:
    with pytest.raises(Malformed):
        number(text, "a number")


def test_every_flipped_byte_of_a_checkpoint_is_refused(tmp_path: Path) -> None:
    path, data = tmp_path / "checkpoint", NOTE.encode()
    for at in range(len(data)):
        for bit in (1, 7, 0x20, 0x80):  # 7 makes CR of LF
            flipped = bytearray(data)
            flipped[at] ^= bit
            path.write_bytes(flipped)
            with pytest.raises(VerificationError):
                open_checkpoint(read(path), SIGNER.key)


def test_a_file_of_a_note_is_read_exactly(tmp_path: Path) -> None:
    path = tmp_path / "checkpoint"
    path.write_bytes(NOTE.replace("\n", "\r\n").encode())
    assert read(path) == NOTE.replace("\n", "\r\n")
    path.write_bytes(NOTE.encode("utf-16"))
    with pytest.raises(Malformed, match="expected UTF-8"):
        read(path)


@pytest.mark.parametrize(
    "note",
    [
        pytest.param("", id="nothing"),
        pytest.param(str(CHECKPOINT), id="no signature"),
        pytest.param(f"{CHECKPOINT}\n", id="an empty block of signatures"),
        pytest.param(NOTE.rstrip("\n"), id="no final newline"),
        pytest.param(NOTE + "\n", id="an empty line at the end"),
        pytest.param(NOTE.replace("\n", "\r\n"), id="CR LF"),
        pytest.param(NOTE.replace("—", "-"), id="a hyphen for the dash"),
        pytest.param(NOTE.replace("— ", "—  "), id="two spaces"),
        pytest.param(NOTE.rstrip("\n") + " \n", id="a space at the end of a signature"),
        pytest.param(NOTE.replace(SIGNATURE, SIGNATURE.rstrip("=")), id="no padding"),
        pytest.param(NOTE.replace(SIGNATURE, "AAA="), id="a signature of two bytes"),
        pytest.param(NOTE.replace(SIGNATURE, "!!!!"), id="a signature that is not base64"),
        pytest.param(NOTE + "— a\u00a0b AAAAAAAA\n", id="a name with a no-break space"),
        pytest.param(NOTE + "— a+b AAAAAAAA\n", id="a name with a plus"),
        pytest.param("\ud800" + NOTE, id="a lone surrogate"),
        pytest.param("a\tb\n" + NOTE, id="a tab"),
    ],
)
def test_a_note_in_any_other_form_is_malformed(note: str) -> None:
    with pytest.raises(Malformed):
        open_note(note, [SIGNER.key])


def test_lines_of_unknown_keys_are_passed_over_even_many() -> None:
    others = "".join(Signer(f"w{n}", bytes([n]) * 32).sign(str(CHECKPOINT)).split("\n\n")[1] for n in range(40))
    text, signature = NOTE.split("\n\n")
    assert open_note(f"{text}\n\n{others}{signature}", [SIGNER.key])[1] == {SIGNER.name: None}


def test_a_bad_signature_of_a_known_key_refuses_the_note_though_another_is_good() -> None:
    bad = OTHER.sign("something else\n").split("\n\n")[1]
    with pytest.raises(VerificationError, match=r"the signature of other\.example\.org/register does not fit"):
        open_note(NOTE + bad, [SIGNER.key, OTHER.key])


def test_the_text_of_a_note_goes_to_its_last_empty_line() -> None:
    note = SIGNER.sign("a\n\nb\n")
    assert open_note(note, [SIGNER.key])[0] == "a\n\nb\n"


def test_a_note_of_another_key_or_of_the_same_key_under_another_name_is_not_verified() -> None:
    for key in (OTHER.key, Signer("elsewhere", SIGNER.seed).key, Signer(SIGNER.name, OTHER.seed).key):
        with pytest.raises(VerificationError, match="the note is not signed by"):
            open_note(NOTE, [key])


def test_a_checkpoint_signed_under_another_origin_is_not_verified() -> None:
    note = SIGNER.sign(str(Checkpoint("elsewhere", 12, b"r" * 32)))
    with pytest.raises(VerificationError, match="expected the origin"):
        open_checkpoint(note, SIGNER.key)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "name",
        "name+00000000",
        "+00000000+" + encode64(b"\1" + b"k" * 32),
        str(SIGNER.key) + " ",
        " " + str(SIGNER.key),
        str(SIGNER.key) + "\n",
        str(SIGNER.key).replace("+Ac", "+ac"),
        str(SIGNER.key).replace("register", "Register"),
        str(SIGNER.key) + "=",
        str(VerifierKey("name", 2, b"k" * 32)),
        str(VerifierKey("name", 1, b"k" * 31)),
        str(VerifierKey("two words", 1, b"k" * 32)),
        "\udc80+00000000+" + encode64(b"\1" + b"k" * 32),
    ],
)
def test_a_damaged_verifier_key_is_malformed(text: str) -> None:
    with pytest.raises(Malformed):
        VerifierKey.parse(text)


def test_a_signing_key_in_the_place_of_a_verifier_key_is_not_shown() -> None:
    signer = Signer.generate("letters.example.org/register")
    with pytest.raises(Malformed, match="found a signing key") as refused:
        VerifierKey.parse(str(signer))
    assert str(signer).split("+", 4)[4][:8] not in str(refused.value)


def test_every_flipped_bit_of_a_verifier_key_is_refused() -> None:
    text = str(SIGNER.key).encode()
    for at in range(len(text)):
        for bit in range(7):
            flipped = bytearray(text)
            flipped[at] ^= 1 << bit
            with pytest.raises(Malformed):
                VerifierKey.parse(flipped.decode())


@pytest.mark.parametrize(
    "text",
    [
        "",
        "PRIVATE+KEY",
        str(SIGNER.key),
        f"{SIGNER} ",
        f" {SIGNER}",
        f"{SIGNER}\n\n",
        str(SIGNER).replace(SIGNER.key.id.hex(), "00000000"),
        str(SIGNER)[:-4] + "AAAA",
        str(SIGNER)[:-4],
        str(SIGNER)[:-4] + "!!!!",
        str(Signer("two words", SIGNER.seed)),
    ],
)
def test_a_damaged_signing_key_is_malformed_and_not_shown(text: str) -> None:
    with pytest.raises(Malformed) as caught:
        Signer.parse(text)
    shown = "".join(traceback.format_exception_only(caught.value)) + repr(SIGNER)
    assert encode64(b"\1" + SIGNER.seed)[:12] not in shown


def test_nothing_is_generated_under_a_name_that_nothing_could_be_verified_under() -> None:
    assert VerifierKey.parse(str(Signer.generate("a.example/register").key)).name == "a.example/register"
    for name in ("", "two words", "a+b", "a\nb", "\udc80"):
        with pytest.raises(Malformed):
            Signer.generate(name)
