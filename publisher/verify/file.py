"""Verifying one file with the proof beside it: no home, no network, nothing but the register's own code."""

from contextlib import suppress
from pathlib import Path

from archive.errors import Error, Malformed, VerificationError
from archive.register.note import VerifierKey
from archive.register.proof import Proof, verify
from publisher.verify.text import Proved, facts, in_words
from publisher.verify.verdict import LIMITS, Verdict

LARGEST = 1 << 30
"""Bytes of the largest file that is read."""


def verify_file(path: Path, key: VerifierKey) -> Verdict:
    """Check a file with ``<name>.tlog-proof`` beside it. Raises `VerificationError`, or `Error` without a proof."""
    data = read_bytes(path, "a file", "name the text that was downloaded")
    beside = path.with_name(f"{path.name}.tlog-proof")
    what = "the proof beside the text"
    proof = Proof.parse(read_bytes(beside, what, "download it to the same folder", 1 << 20))
    try:
        return checked(path, Proved.of(data, proof, key))
    except Malformed:
        raise
    except VerificationError as error:
        if how := _mended(data, proof, key):
            raise VerificationError(f"{error}; {how}: something on the way changed that, and no word") from None
        raise


def _mended(data: bytes, proof: Proof, key: VerifierKey) -> str:
    """What programs do to a text that was only to be kept, where that is all that was done."""
    mended = {
        "it is that text with CR LF for line feeds": data.replace(b"\r\n", b"\n"),
        "it is that text behind a byte order mark": data.removeprefix(b"\xef\xbb\xbf"),
        "it is that text with a line feed more at its end": data.removesuffix(b"\n"),
        "it is that text with CR LF for line feeds, and one more": data.replace(b"\r\n", b"\n").removesuffix(b"\n"),
        "it is that text without the line feed at its end": data + b"\n",
    }
    for how, text in mended.items():
        if text not in (b"", data):
            with suppress(VerificationError):
                verify(text, proof, key)
                return how
    return ""


def checked(path: Path, found: Proved) -> Verdict:
    """What there is to say of a file whose proof holds."""
    return Verdict(
        sentence=f"{path.name} ({found.measure}) is {in_words(found.verified)}.",
        limits=LIMITS,
        facts={"verified": True, "channel": "file", **facts(found)},
        essays=(found,),
    )


def read_bytes(path: Path, expected: str, remedy: str, most: int = LARGEST) -> bytes:
    """Of a file of at most so many bytes, never of a pipe that nobody writes to. Raises `Error`."""
    found = "something else" if path.exists() else "none"
    try:
        if path.is_file():
            if (size := path.stat().st_size) <= most:
                return path.read_bytes()
            found = f"{size:,} bytes"
    except OSError as error:
        found = f"one that cannot be read ({error.strerror})"
    raise Error(f"{path}: expected {expected}, found {found}; {remedy}")
