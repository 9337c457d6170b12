"""Which register follows one whose key is lost, by the word of reviewers whom that key named: one text file.

::

    The key of a register is lost, and another register follows it
    register letters.example.org/register+9e9f2f51+AWxl…    its key
    checkpoint 12 qINS1GRFhWHwdkUeqLEoP4yEMkTBBzxBkGwGQlVlVcs=    its last one
    successor letters.example.org/register-2+5d30cbb1+AfQz…
    namespace review@letters.example.org
    time 2026-11-24T15:00:00Z
    == signature
    (of the lines above, by ssh-keygen -Y sign; at least two such parts)
    == checkpoint
    (the signed note)
    == the first 7 statements
    (root hashes of the full subtrees that they make, from the largest to the smallest)
    == the statements from 7 on
    (the notice that logged the newest list of reviewers, and all after it, a line each)
    == allowed_signers
    (that list)

All statements from the list's on are there, so that nobody can show an older list, in which a key still counts that was
revoked since. This is evidence by people, never a proof by the key that is lost.
"""

import datetime as dt
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from archive.errors import Malformed, Problem, VerificationError
from archive.home.signers import Signers
from archive.home.versions import ALLOWED_SIGNERS
from archive.register import merkle, sshsig, sums
from archive.register.note import Checkpoint, VerifierKey, decode64, encode64, number, open_checkpoint
from archive.register.statement import Statement, decode_time, encode_time
from archive.wording import many

MAGIC = "The key of a register is lost, and another register follows it\n"
NEEDED = 2
"""Reviewers who must have signed: different names, different keys."""
_WORDS = re.compile(
    rf"{MAGIC}register (\S+)\ncheckpoint (\d+) (\S+)\nsuccessor (\S+)\nnamespace ([A-Za-z0-9._@-]+)\ntime (\S+)\n",
    re.ASCII,
)
_SIGNATURE = rb"-----BEGIN SSH SIGNATURE-----\n(?:[A-Za-z0-9+/=]+\n)+-----END SSH SIGNATURE-----\n"
_FORM = re.compile(
    rb"((?:[^=\n][^\n]*\n)+)"
    rb"((?:== signature\n" + _SIGNATURE + rb")*)"
    rb"== checkpoint\n((?:[^=\n][^\n]*\n)+\n(?:[^=\n][^\n]*\n)+)"
    rb"== the first (\d+) statements\n((?:[^=\n]+=\n)*)"
    rb"== the statements from \4 on\n((?:\{[^\n]*\n)+)"
    rb"== allowed_signers\n(.*)",
    re.DOTALL,
)


@dataclass(frozen=True, slots=True)
class Words:
    """What the reviewers sign."""

    register: VerifierKey
    """Its key, which is lost."""
    last: Checkpoint
    successor: VerifierKey
    namespace: str
    """In which they sign, as they do reviews."""
    time: dt.datetime

    @classmethod
    def parse(cls, data: bytes) -> "Words":
        """Raises `Malformed`."""
        form = _WORDS.fullmatch(data.decode("utf-8", "replace"))
        if form is None:
            raise Malformed(f"expected the six lines that begin with «{MAGIC.strip()}», found others")
        register, successor = VerifierKey.parse(form[1]), VerifierKey.parse(form[4])
        last = Checkpoint(register.name, number(form[2], "the tree size"), decode64(form[3], "the root hash"))
        if successor.name == register.name or successor.algorithm != register.algorithm:
            raise Malformed(f"expected the key of another register, with an origin of its own, found {successor}")
        return cls(register, last, successor, form[5], decode_time(form[6]))

    def __bytes__(self) -> bytes:
        last = f"checkpoint {self.last.size} {encode64(self.last.root)}\nsuccessor {self.successor}"
        return (
            f"{MAGIC}register {self.register}\n{last}\nnamespace {self.namespace}\ntime {encode_time(self.time)}\n"
        ).encode()


@dataclass(frozen=True, slots=True)
class Succession:
    """What such a file shows."""

    words: Words
    entry: int
    """Of the notice that logged the newest list."""
    reviewers: Mapping[str, str]
    """Who signed, of those it lists: name → fingerprint of the key."""


@dataclass(frozen=True, slots=True)
class Logged:
    """The newest list of reviewers, with what shows that it is the newest under a checkpoint."""

    note: str
    entry: int
    peaks: Sequence[bytes]
    """Of the tree of all statements before its notice."""
    leaves: Sequence[bytes]
    """The notice, and all statements after it."""
    data: bytes

    def check(self, words: Words, key: VerifierKey) -> None:
        """Raises `VerificationError` unless that is the checkpoint in the words, and this its newest list."""
        for each in (words.register, key):
            if open_checkpoint(self.note, each) != words.last:
                raise VerificationError(f"the checkpoint is not the one of {many(words.last.size, 'statement')} named")
        hashes = map(merkle.leaf_hash, self.leaves)
        whole = self.entry + len(self.leaves) == words.last.size and len(self.peaks) == self.entry.bit_count()
        if not whole or merkle.grown(self.entry, self.peaks, hashes) != words.last.root:
            raise VerificationError("the statements are not those that the checkpoint commits to")
        said = [Statement.decode(leaf) for leaf in self.leaves]
        lists = [index for index, each in enumerate(said, self.entry) if _names_list(each)]
        if lists != [self.entry]:
            found = f"those of entries {', '.join(map(str, lists))}" if lists else "none"
            raise VerificationError(f"expected one list of reviewers, in entry {self.entry}, found {found}")
        if sums.digest(self.data) != said[0].subjects[ALLOWED_SIGNERS]:
            raise VerificationError(f"allowed_signers is not the list that entry {self.entry} logged")
        # A key that was revoked counts until that very second.
        if words.time <= max(each.time for each in said):
            raise VerificationError(f"{encode_time(words.time)} is not after the newest statement of the register")


def _names_list(said: Statement) -> bool:
    return said.predicate.get("kind") == "keys" and ALLOWED_SIGNERS in said.subjects


def made(words: Words, signatures: Mapping[str, bytes], logged: Logged) -> bytes:
    """The file, of signatures by the names of the files they came in.

    Raises `VerificationError` as `signed` does.
    """
    logged.check(words, words.register)
    signed(words, signatures, Signers.of(logged.data))
    parts = [b"== signature\n" + each.rstrip(b"\n") + b"\n" for each in dict.fromkeys(signatures.values())]
    hashes = "".join(f"{encode64(each)}\n" for each in logged.peaks)
    return b"".join(
        [
            bytes(words),
            *parts,
            f"== checkpoint\n{logged.note}== the first {logged.entry} statements\n{hashes}".encode(),
            f"== the statements from {logged.entry} on\n".encode(),
            *(leaf + b"\n" for leaf in logged.leaves),
            b"== allowed_signers\n",
            logged.data,
        ]
    )


def signed(words: Words, signatures: Mapping[str, bytes], signers: Signers) -> dict[str, str]:
    """Who signed the words, of those in a list: name → fingerprint.

    Raises `VerificationError` with every signature that does not count, or where two reviewers have not signed.
    """
    found: dict[str, str] = {}
    problems: list[Problem] = []
    for place, signature in signatures.items():
        try:
            key = sshsig.signature_key(signature)
            if why := signers.fault(key, words.namespace, words.time):
                raise VerificationError(f"by the newest list that was logged, {why}")
            name = sshsig.verify(bytes(words), signature, signers.data, words.namespace, words.time)
            found.setdefault(name, key)
        except VerificationError as error:
            problems.append(Problem(place, str(error)))
    if problems:
        raise VerificationError("\n".join(map(str, problems)))
    if len(found) < NEEDED:
        names = f"only {' and '.join(found)} signed" if found else "nobody signed"
        raise VerificationError(f"{names}, and it takes {NEEDED} reviewers, each with a name and a key of their own")
    return found


def check(data: bytes, key: VerifierKey) -> Succession:
    """What such a file shows to whoever has the key that was lost. Raises `Malformed`, or `VerificationError`."""
    form = _FORM.fullmatch(data)
    if form is None:
        raise Malformed(
            f"expected a file that begins with «{MAGIC.strip()}», with signatures and all its parts, byte for byte"
        )
    words = Words.parse(form[1])
    if key.name != words.register.name:
        raise VerificationError(
            f"this is about the key of {words.register.name}, and the one at hand is of {key.name}: "
            "give the one that was lost, as you have it from before"
        )
    hashes = tuple(decode64(line.decode("utf-8", "replace"), "a root hash") for line in form[5].splitlines())
    note, entry = form[3].decode("utf-8", "replace"), number(form[4].decode(), "the number of statements")
    Logged(note, entry, hashes, form[6].split(b"\n")[:-1], form[7]).check(words, key)
    signatures = {f"signature {row}": each for row, each in enumerate(_signatures(form[2]), 1)}
    return Succession(words, entry, signed(words, signatures, Signers.of(form[7])))


def _signatures(part: bytes) -> Iterator[bytes]:
    return iter(part.split(b"== signature\n")[1:])
