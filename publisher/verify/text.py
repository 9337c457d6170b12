"""A text that is at hand whole, with a proof that holds, and what that shows: for people, and for programs."""

from collections.abc import Mapping
from dataclasses import dataclass

from archive.errors import VerificationError
from archive.register import sums
from archive.register.note import VerifierKey
from archive.register.proof import Proof, Verified, verify
from archive.register.statement import Statement


@dataclass(frozen=True, slots=True)
class Proved:
    """An essay, or another file, that was found whole, with a proof that holds."""

    accession: str
    """Empty of what belongs to none."""
    sha256: str
    text: bytes
    verified: Verified
    note: str
    """The proof's checkpoint, with its signatures."""

    @property
    def measure(self) -> str:
        """``156 bytes, SHA-256 6c5438b8…``"""
        return f"{len(self.text):,} bytes, SHA-256 {self.sha256}"

    @classmethod
    def of(cls, data: bytes, proof: Proof, key: VerifierKey) -> "Proved":
        """Raises `VerificationError` where the proof does not hold for `data`."""
        verified = verify(data, proof, key)
        accession, slash, _ = verified.subject.partition("/")
        return cls(accession if slash else "", sums.digest(data), data, verified, proof.note)


def prove(proof: Proof, texts: Mapping[str, bytes], key: VerifierKey) -> Proved | list[str]:
    """The essay that a proof proves, among `texts` by SHA-256, or what it is about where that is not among them.

    Raises `VerificationError` where the proof does not hold, or is of anything else than an approved essay.
    """
    subjects = Statement.decode(proof.leaf).subjects
    text = next((texts[digest] for digest in subjects.values() if digest in texts), None)
    if text is None:
        return [*subjects]
    found = Proved.of(text, proof, key)
    subject, said = found.verified.subject, found.verified.statement
    if said.kind != "review" or not subject.endswith("/essay.md") or said.predicate["decision"] != "publish":
        raise VerificationError(f"proves {subject}, not an essay approved for publication")
    return found


def facts(found: Proved, **more: object) -> dict[str, object]:
    """What the proof shows of a file, for programs, and what `more` there is to tell."""
    verified = found.verified
    return {
        "subject": verified.subject,
        "sha256": found.sha256,
        "bytes": len(found.text),
        "statement": verified.statement.kind,
        "index": verified.index,
        "origin": verified.checkpoint.origin,
        "tree_size": verified.checkpoint.size,
        "root_hash": verified.checkpoint.root.hex(),
        "predicate": dict(verified.statement.predicate),
        **more,
    }


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
