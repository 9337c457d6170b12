"""Cosignatures (C2SP tlog-cosignature, Ed25519): what a witness says about somebody else's register, and when.

Its line stands under the register's own signature. What it signs is the note's text behind two lines of its own::

    cosignature/v1
    time 1679315147
    letters.example.org/register
    12
    qINS1GRFhWHwdkUeqLEoP4yEMkTBBzxBkGwGQlVlVcs=

and means: at that time (POSIX seconds), this was the largest register of that origin that it had seen, and each one it
saw before is the beginning of this one.
"""

from collections.abc import Iterable, Sequence

from archive.errors import Malformed, VerificationError

from .note import Signer, VerifierKey, decode64, encode64, open_note

ALGORITHM = 4
"""The algorithm's byte in keys: Ed25519 over a text with its time."""
_LATEST = (1 << 63) - 1


def key(signer: Signer) -> VerifierKey:
    """The key that a witness is known by, ``name+hash+key``; no other than `signer` cosigns with it."""
    return VerifierKey(signer.name, ALGORITHM, signer.key.public)


def cosign(signer: Signer, text: str, time: int) -> str:
    """The line that says so, with its newline: ``— witness.example jWbPPwAAAABkGFDL…``. The text ends in a newline."""
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    message = f"cosignature/v1\ntime {time}\n{text}".encode()
    signature = Ed25519PrivateKey.from_private_bytes(signer.seed).sign(message)
    return f"— {signer.name} {encode64(key(signer).id + time.to_bytes(8, 'big') + signature)}\n"


def text_of(note: str) -> str:
    """The text of a note, with its last newline; nothing is checked."""
    return note.rpartition("\n\n")[0] + "\n"


def lines_of(note: str, keys: Iterable[VerifierKey]) -> list[str]:
    """The signature lines of a note that name one of these keys, in the order of the note; nothing is checked."""
    known = {(each.name, each.id) for each in keys}
    return [line for line in note.rpartition("\n\n")[2].splitlines(keepends=True) if _names(line) in known]


def joined(note: str, lines: Iterable[str]) -> str:
    """A note with further signature lines; of a key that has one there already, the first stays."""
    there = {_names(line) for line in note.rpartition("\n\n")[2].splitlines(keepends=True)}
    return note + "".join(line for line in lines if _names(line) not in there)


def times(note: str, register: VerifierKey, witnesses: Sequence[VerifierKey]) -> dict[VerifierKey, int]:
    """When each of these witnesses cosigned a note that `register` signed: POSIX seconds, for those that did.

    Raises `Malformed`, or `VerificationError` if the register did not sign it or a witness's cosignature is bad.
    """
    open_note(note, [register])
    return of_witnesses(note, witnesses)


def of_witnesses(note: str, witnesses: Sequence[VerifierKey]) -> dict[VerifierKey, int]:
    """The same of a note whose register has been looked at already. Raises `Malformed` or `VerificationError`."""
    found = {}
    for witness in witnesses:
        if lines_of(note, [witness]):
            _, signed = open_note(note, [witness])
            time = signed[witness.name]
            if witness.algorithm != ALGORITHM or time is None or time > _LATEST:
                raise VerificationError(f"the signature of {witness.name} says no time")
            found[witness] = time
    return found


def _names(line: str) -> tuple[str, bytes] | None:
    """Name and key id of a signature line; None of what is none."""
    parts = line.removesuffix("\n").split(" ")
    try:
        return (parts[1], decode64(parts[2], "a signature")[:4]) if len(parts) == 3 and parts[0] == "—" else None
    except Malformed:
        return None
