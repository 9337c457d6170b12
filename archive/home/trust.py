"""The trust policy of a home (``register/policy``), from what ``archive.toml`` says of its witnesses."""

from collections.abc import Sequence

from archive.home.configuration import Witness
from archive.register import policy
from archive.register.note import VerifierKey
from archive.register.policy import Policy


def trust(keys: Sequence[VerifierKey], witnesses: Sequence[Witness], quorum: int) -> Policy:
    """What ``register/policy`` says: whose register it is, and that any `quorum` of these must have seen it."""
    known = [policy.Witness(each.name, VerifierKey.parse(each.key), each.url) for each in witnesses]
    return policy.made([policy.Log(key) for key in keys], known, quorum)
