"""Whose keys count for a review: ``allowed_signers`` as it was logged before it.

A list counts from the notice that logged it: what a later one adds makes no earlier review count. No line is ever taken
out of a list: ``valid-before`` in it says until when its key may decide.
"""

from collections.abc import Iterator, Sequence

from archive.errors import Problem
from archive.home.signers import NAME, Signers
from archive.home.versions import Version
from archive.wording import many


class Reviewers:
    """Every list that was logged, oldest first. Lives as long as what it was read from."""

    def __init__(self, versions: Sequence[Version]) -> None:
        self.versions = tuple(versions)
        self._read: dict[int, Signers] = {}

    def version(self, size: int) -> Version | None:
        """The newest that was logged among the first `size` statements: what entry `size` rests on."""
        return next((each for each in reversed(self.versions) if each.index < size), None)

    def before(self, size: int) -> Signers:
        """The signers in it; nobody where none was logged."""
        version = self.version(size)
        if version is None:
            return Signers.of(b"")
        if version.index not in self._read:
            self._read[version.index] = Signers.of(version.data)
        return self._read[version.index]


def dropped(before: Signers, now: Signers) -> Iterator[Problem]:
    """The lines of a list that a later one leaves out."""
    listed = {(signer.name, signer.fingerprint) for signer in now.listed}
    for signer in before.listed:
        if (signer.name, signer.fingerprint) not in listed:
            what = f"no longer lists {signer.name} with the key {signer.fingerprint}, as it was logged"
            remedy = 'bring the line back: valid-before="20261231120000Z" in it says until when the key may decide'
            yield Problem(NAME, what, remedy)


def changed(before: Signers, now: Signers) -> str:
    """What a list says otherwise than the one before it: ``1 key is new, 2 keys have other options``."""
    was = {(signer.name, signer.fingerprint): signer.options for signer in before.listed}
    own = [(was.get((signer.name, signer.fingerprint)), signer.options) for signer in now.listed]
    new, other = sum(old is None for old, _ in own), sum(old not in (None, options) for old, options in own)
    said = [f"{many(new, 'key')} {'is' if new == 1 else 'are'} new"] if new else []
    said += [f"{many(other, 'key')} {'has' if other == 1 else 'have'} other options"] if other else []
    return ", ".join(said) or "its keys are the same"
