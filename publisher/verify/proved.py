"""An essay whose text is at hand whole, with a proof that holds."""

from collections.abc import Mapping
from dataclasses import dataclass

from archive.errors import VerificationError
from archive.register import sums
from archive.register.note import VerifierKey
from archive.register.proof import Proof, Verified, verify
from archive.register.statement import Statement


@dataclass(frozen=True, slots=True)
class Proved:
    """An essay whose text was found whole, with a proof that holds."""

    accession: str
    sha256: str
    text: bytes
    verified: Verified


def proved(proof: Proof, texts: Mapping[str, bytes], key: VerifierKey) -> Proved | list[str]:
    """The essay that a proof proves, among `texts` by SHA-256, or what it is about where that is not among them.

    Raises `VerificationError` where the proof does not hold, or is of anything else than an approved essay.
    """
    subjects = Statement.decode(proof.leaf).subjects
    text = next((texts[digest] for digest in subjects.values() if digest in texts), None)
    if text is None:
        return [*subjects]
    verified = verify(text, proof, key)
    accession, _, name = verified.subject.partition("/")
    said = verified.statement
    if said.kind != "review" or name != "essay.md" or said.predicate["decision"] != "publish":
        raise VerificationError(f"proves {verified.subject}, not an essay approved for publication")
    return Proved(accession, sums.digest(text), text, verified)
