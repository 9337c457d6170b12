"""The keys with which a person can review here and now: in ssh-agent or in ``~/.ssh``, and listed for it.

Nothing of a private key is read here: which one it is, its public half says; ssh-keygen or the agent signs.
"""

import contextlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from archive.errors import Problem, Refused
from archive.home.home import Home
from archive.register import sshsig
from publisher.setup.reviewers import PublicKey, offered


@dataclass(frozen=True, slots=True, kw_only=True)
class Key:
    """One that counts for reviews, and that can sign."""

    reviewer: str
    """Whose it is, as ``allowed_signers`` has it."""
    fingerprint: str
    text: str
    """Kind and key, as ``ssh-keygen`` writes them."""
    file: Path | None
    """Its private half; None where only ssh-agent has that."""
    agent: bool
    """Whether ssh-agent signs with it, so that no passphrase is asked for."""
    locked: bool = False
    """Whether a passphrase has to be asked for."""

    @property
    def kind(self) -> str:
        """``ssh-ed25519``"""
        return self.text.partition(" ")[0]


def at_hand(home: Home, folder: Path) -> list[Key]:
    """Those in ssh-agent, then those in a `folder` such as ``~/.ssh``, whose reviews would count now."""
    agent = dict.fromkeys(" ".join(line.split(None, 2)[:2]) for line in sshsig.agent_keys())
    files = {each.text: each for each in offered(folder) if _private(each).is_file()}
    found = []
    for text in dict.fromkeys([*agent, *files]):
        fingerprint = files[text].fingerprint if text in files else _fingerprint(text)
        file = _private(files[text]) if text in files else None
        names = _names(home, fingerprint)
        locked = file is not None and bool(names) and text not in agent and sshsig.is_locked(file)
        for name in names:
            key = Key(reviewer=name, fingerprint=fingerprint, text=text, file=file, agent=text in agent, locked=locked)
            found.append(key)
    return found


def reviewer_of(home: Home, file: Path) -> str:
    """Whose key a file is. Raises `Error`, `Refused` where its reviews would not count."""
    fingerprint = sshsig.key_fingerprint(file)
    namespace, now = home.configuration.review.namespace, home.now()
    if why := home.signers.fault(fingerprint, namespace, now):
        raise Refused([Problem("allowed_signers", why, "`publisher setup` lists a reviewer's key")])
    return next(iter(_names(home, fingerprint)))


@contextlib.contextmanager
def for_signing(home: Home, key: Key) -> Iterator[Path]:
    """The file that ssh-keygen is given: the private half, or the public one of a key that ssh-agent holds."""
    if key.file:
        yield key.file
        return
    with home.scratch() as folder:
        public = folder / "key.pub"
        public.write_text(f"{key.text}\n")
        yield public


def _names(home: Home, fingerprint: str) -> list[str]:
    """Under which names this key may review now."""
    namespace, now = home.configuration.review.namespace, home.now()
    if home.signers.fault(fingerprint, namespace, now):
        return []
    lines = [line for line in home.signers.listed if line.fingerprint == fingerprint]
    return list(dict.fromkeys(line.name for line in lines if not sshsig.why_not(line, namespace, now)))


def _fingerprint(text: str) -> str:
    """Of a public key in one line; empty where it is none, as of a certificate."""
    listed, wrong = sshsig.parse_allowed(f"name {text}".encode())
    return listed[0].fingerprint if listed and not wrong else ""


def _private(key: PublicKey) -> Path:
    return key.path.with_suffix("")
