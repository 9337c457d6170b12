"""``allowed_signers`` as it lies in a home: whose keys count, and everything that is wrong with the file."""

from collections.abc import Mapping
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

    @property
    def names(self) -> Mapping[str, str]:
        """Fingerprint → whose key it is."""
        return {signer.fingerprint: signer.name for signer in self.listed}
