"""The signature under a review: one rule, asked before it is logged, before a text is published, and by any reader."""

from archive.errors import VerificationError
from archive.home.signers import Signers
from archive.register import sshsig
from archive.register.statement import Statement


def check(leaf: bytes, signature: bytes, signers: Signers, namespace: str | None = None) -> str:
    """Who signed a review: a key that `signers` lists for reviews, that was valid when the review was written.

    `leaf` is ``reviews/N.json``; the key must be the one it names, and signed in this `namespace`, where one is given.
    Raises `VerificationError`.
    """
    said = Statement.decode(leaf)
    key, made_for = sshsig.signature_key(signature), sshsig.signature_namespace(signature)
    if key != said.predicate["reviewer"]:
        raise VerificationError(f"was made by {key}, and the review names {said.predicate['reviewer']}")
    if why := signers.fault(key, namespace or made_for, said.time):
        raise VerificationError(why)
    return sshsig.verify(leaf, signature, signers.data, namespace or made_for, said.time)
