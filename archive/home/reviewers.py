"""Whose keys count for a review: ``allowed_signers`` as it was logged before it.

A list counts from the notice that logged it: what a later one adds makes no earlier review count. No line is ever taken
out of a list: ``valid-before`` in it says until when its key may decide.
"""

import datetime as dt
from collections.abc import Iterator, Sequence

from archive.errors import Problem
from archive.home.accession import Judge
from archive.home.signers import NAME, Signers
from archive.home.versions import Version, newest
from archive.wording import many


class Reviewers:
    """Every list that was logged, oldest first. Lives as long as what it was read from."""

    def __init__(self, versions: Sequence[Version]) -> None:
        self.versions = tuple(versions)
        self._read: dict[int, Signers] = {}

    def version(self, size: int) -> Version | None:
        """The newest that was logged among the first `size` statements: what entry `size` rests on."""
        return newest(self.versions, size)

    def before(self, size: int) -> Signers:
        """The signers in it; nobody where none was logged."""
        version = self.version(size)
        return self._signers(version) if version else Signers.of(b"")

    def until(self, size: int | None) -> "Reviewers":
        """The lists among the first `size` statements; all of them with None."""
        then = Reviewers([each for each in self.versions if size is None or each.index < size])
        then._read = self._read
        return then

    def since(self, index: int, key: str) -> Version | None:
        """The list from which on the key stood in every one up to entry `index`; None where it was in none then."""
        found = None
        for version in self.versions:
            listed = any(line.fingerprint == key for line in self._signers(version).listed)
            if version.index < index:
                found = (found or version) if listed else None
        return found

    def fault(self, index: int, key: str, namespace: str, time: dt.datetime) -> str:
        """Why the review that is entry `index`, made at `time`, does not count; empty where it does.

        It counts by the list that was logged before it, while the newest one does not say that its key had ended by
        then: so a key that was stolen can be ended from the day it was stolen on.
        """
        version = self.version(index)
        if version is None:
            return "no list of reviewers was logged before it"
        for each in dict.fromkeys((version, self.versions[-1])):
            if why := self._signers(each).fault(key, namespace, time):
                return f"by the list that entry {each.index} logged, {why}"
        return ""

    def judge(self, namespace: str) -> Judge:
        """`fault`, for `archive.home.accession.Lives`."""
        return lambda decision: self.fault(decision.index, decision.reviewer, namespace, decision.time)

    def problems(self) -> Iterator[Problem]:
        """Lines that a list has no more, and lists with which something is wrong."""
        for before, now in zip((None, *self.versions), self.versions, strict=False):
            found = [
                *self._signers(now).problems,
                *(dropped(self._signers(before), self._signers(now)) if before else ()),
            ]
            yield from (Problem(now.path, f"{problem.place}: {problem.found}") for problem in found)

    def _signers(self, version: Version) -> Signers:
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
