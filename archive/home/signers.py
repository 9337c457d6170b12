"""``allowed_signers`` as it lies in a home: whose keys count, and everything that is wrong with the file."""

import datetime as dt
from dataclasses import dataclass
from pathlib import Path

from archive.errors import Problem
from archive.register import sshsig
from archive.register.sshsig import AllowedSigner

NAME = "allowed_signers"


@dataclass(frozen=True, slots=True)
class Signers:
    """Lives as long as the opened home."""

    data: bytes
    """The file, as `sshsig.verify` and readers get it."""
    listed: tuple[AllowedSigner, ...]
    problems: tuple[Problem, ...]

    @classmethod
    def read(cls, root: Path) -> "Signers":
        """Those of a home; none, and a problem, where the file is missing."""
        path = root / NAME
        what = "is no file" if path.exists() else "is missing"
        try:
            data = path.read_bytes() if path.is_file() else None
        except OSError as error:
            data, what = None, f"cannot be read ({error.strerror})"
        if data is None:
            remedy = "bring it back: reviewers' keys are listed there, one a line, as ssh-keygen(1) says"
            return cls(b"", (), (Problem(NAME, what, remedy),))
        return cls.of(data)

    @classmethod
    def of(cls, data: bytes) -> "Signers":
        """Those in the bytes of such a file."""
        listed, problems = sshsig.parse_allowed(data)
        return cls(data, tuple(listed), tuple(problems))

    def name(self, key: str, time: dt.datetime) -> str:
        """Whose key that was at a time, by its fingerprint: ``ada@example.org``; empty where it was nobody's."""
        lines = [line for line in self.listed if line.fingerprint == key]
        return next((line.name for line in lines if sshsig.is_valid(line, time)), "")

    def fault(self, key: str, namespace: str, time: dt.datetime) -> str:
        """Why this key may not sign in exactly this namespace at this time; empty where it may.

        Every line of the key must say for which namespaces it counts: else what it signed for anything else, or for
        anybody, would be a review.
        """
        if self.problems:
            return f"nobody counts while the list is wrong: {self.problems[0]}"
        lines = [line for line in self.listed if line.fingerprint == key]
        if not lines:
            return f"the key {key} is not listed"
        for line in lines:
            if namespace not in line.options.get("namespaces", "").split(","):
                found = f"for «{line.options['namespaces']}»" if "namespaces" in line.options else "without namespaces"
                return f"the key {key} is listed {found}, not for {namespace} itself: it may have signed for anything"
        why = [sshsig.why_not(line, namespace, time) for line in lines]  # one key may have had several names
        return "" if "" in why else f"the signature of {lines[0].name} ({key}) {why[0]}"
