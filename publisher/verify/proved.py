"""A text that is at hand whole, with a proof that holds."""

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

    @classmethod
    def of(cls, data: bytes, proof: Proof, key: VerifierKey) -> "Proved":
        """Raises `VerificationError` where the proof does not hold for `data`."""
        verified = verify(data, proof, key)
        accession, slash, _ = verified.subject.partition("/")
        return cls(accession if slash else "", sums.digest(data), data, verified, proof.note)


def proved(proof: Proof, texts: Mapping[str, bytes], key: VerifierKey) -> Proved | list[str]:
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
