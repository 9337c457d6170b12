"""The signature under a review: one rule, asked before it is logged, before a text is published, and by any reader."""

from archive.errors import VerificationError
from archive.register import sshsig
from archive.register.statement import Statement


def check(leaf: bytes, signature: bytes, allowed: bytes) -> str:
    """Who signed a review: a key that `allowed` lists for reviews, that was valid when the review was written.

    `leaf` is ``reviews/N.json``; the key must be the one it names, and every line of that key in ``allowed_signers``
    must say for which namespaces it counts. Raises `VerificationError`.
    """
    said = Statement.decode(leaf)
    name = sshsig.verify(leaf, signature, allowed, sshsig.signature_namespace(signature), said.time)
    key = sshsig.signature_key(signature)
    if key != said.predicate["reviewer"]:
        raise VerificationError(f"was made by {key}, and the review names {said.predicate['reviewer']}")
    namespace = sshsig.signature_namespace(signature)
    for line in sshsig.parse_allowed(allowed)[0]:
        if line.fingerprint == key and namespace not in line.options.get("namespaces", "").split(","):
            found = f"for «{line.options['namespaces']}»" if "namespaces" in line.options else "without namespaces"
            raise VerificationError(
                f"the key {key} is listed {found}, not for {namespace} itself: it may have signed for anything"
            )
    return name
