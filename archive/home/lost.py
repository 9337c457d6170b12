"""The register's key is lost: what can be said of a home that has it no more, and which reviewers can say it."""

import datetime as dt
from collections.abc import Iterator, Mapping

from archive.errors import Error, VerificationError
from archive.home import keys, succession
from archive.home.home import Home
from archive.home.signers import Signers
from archive.home.succession import NEEDED, Logged, Words
from archive.home.versions import Version
from archive.register import merkle, sshsig
from archive.register import register as registers
from archive.register.note import VerifierKey
from archive.register.sshsig import AllowedSigner
from archive.register.statement import decode_time
from archive.wording import many


def words(home: Home, successor: VerifierKey) -> Words:
    """What two reviewers must sign. Raises `Error` where the key is not lost, or fewer than two can sign."""
    _refuse_needless(home)
    _newest(home)  # raises where there is none
    checkpoint = home.register.checkpoint
    # The clock may stand at the newest statement, by whose time a key that is revoked in it still counts.
    time = max(home.now(), decode_time(home.register.index.newest()) + dt.timedelta(seconds=1))
    made = Words(home.keys[0], checkpoint, successor, home.configuration.review.namespace, time)
    made = Words.parse(bytes(made))  # refuses a successor with the same origin
    if len(names := {line.name for line in reviewers(home, made)}) < NEEDED:
        who = f" ({', '.join(names)})" if names else ""
        raise Error(
            f"the newest list of reviewers that was logged has {many(len(names), 'reviewer')} whose key counts{who}, "
            f"and it takes {NEEDED}: nobody can say for this register which one follows it"
        )
    return made


def reviewers(home: Home, said: Words) -> Iterator[AllowedSigner]:
    """The lines of the newest list that was logged whose keys count for these words."""
    signers = Signers.of(_newest(home).data)
    for line in signers.listed:
        counts = not signers.fault(line.fingerprint, said.namespace, said.time)
        if counts and not sshsig.why_not(line, said.namespace, said.time):
            yield line


def collected(home: Home, data: bytes, signatures: Mapping[str, bytes]) -> tuple[bytes, dict[str, str]]:
    """The file that anyone can check, and who signed, of the words in `data` and signatures by their files' names.

    Raises `VerificationError` where the words are not about the home as it is now, a signature does not count, or two
    reviewers have not signed; `Error` where the key is not lost.
    """
    _refuse_needless(home)
    said, register, list_ = Words.parse(data), home.register, _newest(home)
    if (said.register, said.last) != (home.keys[0], register.checkpoint):
        raise VerificationError(
            f"the words name {said.register} and a checkpoint of {many(said.last.size, 'statement')}, which is not the "
            f"newest here: expected {home.keys[0]} and the one of {register.size}; have the words written anew"
        )
    peaks = merkle.peaks(list_.index, register.tree.subtree)
    logged = Logged(register.note, list_.index, peaks, register.tree.since(list_.index), list_.data)
    made = succession.made(said, signatures, logged)
    return made, dict(succession.check(made, said.register).reviewers)


def _newest(home: Home) -> Version:
    if not home.reviewers.versions:
        raise Error("no list of reviewers was ever logged in this register: nobody can say which one follows it")
    return home.reviewers.versions[-1]


def _refuse_needless(home: Home) -> None:
    """Where the newest key is here, the register goes on; where a newer copy is public, this one is a backup."""
    registers.refuse_fork(home.register, home.site / "register")
    ever = keys.every(home.policies, home.register.key)
    try:
        keys.signer(home.root, home.keys[:1], ever)
    except Error:
        return
    alone = keys.missing(home.root, home.keys, ever)
    goes_on = "archive keys retire --early goes on with it" if alone else "archive keys rotate makes another beside it"
    raise Error(f"the key that signs this register is here, so it is not lost: {goes_on}")
