"""Verifying one file with the proof beside it: no home, no network, nothing but the register's own code."""

from dataclasses import dataclass
from pathlib import Path

from archive.errors import Error
from archive.register import sums
from archive.register.note import VerifierKey
from archive.register.proof import Proof, Verified, verify

LIMITS = (
    "that a model wrote the text",
    "that nothing else was sampled and left unlogged",
    "that the reviewer read it",
    "that the reviewer's key signed: the signature beside the review shows it, and so does a check of the whole site",
    "that the register shows everybody the same entries: compare its checkpoint with one from elsewhere",
    "that nothing logged later speaks against it, such as a withdrawal",
    "that intake came before review: until a copy of the register left the publisher's hands, that rests on their word",
)
"""What a check of this kind does not prove."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """What a check came to."""

    sentence: str
    """What was checked, in one sentence."""
    limits: tuple[str, ...]
    """What that does not prove."""
    facts: dict[str, object]
    """The same for programs."""


def verify_file(path: Path, key: VerifierKey) -> Checked:
    """Check a file with ``<name>.tlog-proof`` beside it. Raises `VerificationError`, or `Error` without a proof."""
    try:
        data = path.read_bytes()
    except OSError as error:
        raise Error(f"{path}: expected a file, found none ({error.strerror})") from None
    beside = path.with_name(f"{path.name}.tlog-proof")
    try:
        proof = Proof.parse(beside.read_bytes())
    except FileNotFoundError:
        raise Error(
            f"{beside}: expected the proof beside the text, found none; download it to the same folder"
        ) from None
    verified = verify(data, proof, key)
    facts: dict[str, object] = {
        "verified": True,
        "subject": verified.subject,
        "sha256": sums.digest(data),
        "bytes": len(data),
        "statement": verified.statement.kind,
        "index": verified.index,
        "origin": verified.checkpoint.origin,
        "tree_size": verified.checkpoint.size,
        "root_hash": verified.checkpoint.root.hex(),
        "predicate": dict(verified.statement.predicate),
    }
    sentence = f"{path.name} ({len(data):,} bytes, SHA-256 {facts['sha256']}) is {in_words(verified)}."
    return Checked(sentence=sentence, limits=LIMITS, facts=facts)


def in_words(verified: Verified) -> str:
    """What the proof shows, to stand after «this file is»."""
    said, time = verified.statement.predicate, verified.statement.predicate["time"]
    where = (
        f"entry {verified.index} of {verified.checkpoint.origin}, a register of {verified.checkpoint.size} statements"
    )
    file = f"byte for byte {verified.subject}"
    match verified.statement.kind:
        case "review" if verified.subject.endswith("/essay.md"):
            approved = f"which the key {said['reviewer']} approved for publication, unedited, on {time}"
            return f"{file}, {approved}, as recorded in {where}"
        case "intake":
            return f"{file}, the list of what arrived and was logged on {time}, as recorded in {where}"
        case "issue":
            return f"{file}, part of the issue {said['week']} of {time}, as recorded in {where}"
        case "notice":
            return f"{file}, named in a notice «{said['kind']}» of {time}, as recorded in {where}"
        case _:
            return f"{file}, about which the decision «{said['decision']}» was made on {time}, as recorded in {where}"
