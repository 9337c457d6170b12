"""Reviewers' public keys, and the lines that list them in ``allowed_signers``."""

import datetime as dt
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from archive.errors import Error, Problem, Refused
from archive.home.signers import NAME, Signers
from archive.register import durable, sshsig


@dataclass(frozen=True, slots=True)
class PublicKey:
    """A key as ``ssh-keygen`` writes it: ``ssh-ed25519 AAAAC3… ada@laptop``."""

    path: Path
    text: str
    """Kind and key, without the comment."""
    comment: str
    fingerprint: str
    """``SHA256:…``"""


@dataclass(frozen=True, slots=True)
class Reviewer:
    """Somebody who is to be listed."""

    name: str
    """``ada@example.org``"""
    key: PublicKey


def public_key(path: Path) -> PublicKey:
    """The key in a file, or beside it where `path` is its private half. Raises `Error`."""
    beside = path.with_name(f"{path.name}.pub")
    file = beside if path.suffix != ".pub" and beside.is_file() else path
    remedy = f"`ssh-keygen -t ed25519 -f {path.with_suffix('')}` makes one"
    try:
        data = durable.content(file) if file.is_file() else b""
    except OSError as error:
        raise Error(f"{file}: cannot be read ({error.strerror})") from None
    rows = data.decode(errors="replace").split("\n") if data else []
    words = [row.split(None, 2) for row in rows if row.strip()]
    if len(words) == 1 and len(words[0]) > 1:
        text = " ".join(words[0][:2])
        listed, wrong = sshsig.parse_allowed(f"name {text}".encode())
        if listed and not wrong:
            return PublicKey(file, text, " ".join(words[0][2:]).strip(), listed[0].fingerprint)
    found = "something else" if data else "no file" if not file.exists() else "nothing"
    raise Error(f"{file}: expected a public SSH key such as ssh-ed25519 AAAA…, found {found}; {remedy}")


def offered(folder: Path) -> list[PublicKey]:
    """The keys in ``~/.ssh``, or wherever a person has them, by name."""
    found = []
    for path in sorted(folder.glob("*.pub")):
        try:
            found.append(public_key(path))
        except Error:  # a certificate, or no key at all
            continue
    return found


def taken(name: str, key: PublicKey) -> Reviewer:
    """Somebody by that name, where it can be one. Raises `Refused`."""
    reviewer = Reviewer(name, key)
    listed, wrong = sshsig.parse_allowed(line(reviewer, "review", dt.datetime.now(dt.UTC)).encode())
    if wrong or [each.name for each in listed] != [name]:
        what, remedy = f"expected the name of a person, found {name[:60]!r}", "such as ada@example.org"
        raise Refused([Problem("--reviewer", what, remedy)])
    return reviewer


def parse(text: str) -> Reviewer:
    """``ada@example.org=~/.ssh/id_ed25519.pub``. Raises `Refused`."""
    name, _, path = text.partition("=")
    if not name.strip() or not path.strip():
        what = f"expected a name and the file of a public key, found {text[:60]!r}"
        raise Refused([Problem("--reviewer", what, "as in ada@example.org=~/.ssh/id_ed25519.pub")])
    try:
        key = public_key(Path(path.strip()).expanduser())
    except Error as error:
        raise Refused([Problem("--reviewer", str(error))]) from None
    return taken(name.strip(), key)


def line(reviewer: Reviewer, namespace: str, now: dt.datetime) -> str:
    """That of ``allowed_signers``: the key counts in this namespace alone, from the beginning of the day (UTC) on."""
    name = f'"{reviewer.name}"' if " " in reviewer.name else reviewer.name
    return f'{name} namespaces="{namespace}",valid-after="{now:%Y%m%d}000000Z" {reviewer.key.text}\n'


def problems(listed: Signers, reviewers: Sequence[Reviewer], namespace: str, now: dt.datetime) -> Iterator[Problem]:
    """Who cannot be listed, and why."""
    names = {each.fingerprint: each.name for each in listed.listed}
    for each in reviewers:
        key = each.key.fingerprint
        if (name := names.setdefault(key, each.name)) != each.name:
            what = f"the key {key} is {name}'s, not {each.name}'s"
            yield Problem("--reviewer", what, "each reviewer has a key of their own")
        elif key in {known.fingerprint for known in listed.listed} and (why := listed.fault(key, namespace, now)):
            yield Problem("--reviewer", f"by {NAME}, {why}", "list another key of theirs")


def added(listed: Signers, reviewers: Sequence[Reviewer], namespace: str, now: dt.datetime) -> bytes:
    """``allowed_signers`` with those that it does not list yet; every other byte as it was."""
    known = {(each.name, each.fingerprint) for each in listed.listed}
    new = {(each.name, each.key.fingerprint): each for each in reviewers}
    lines = "".join(line(each, namespace, now) for identity, each in new.items() if identity not in known)
    ended = b"" if not lines or not listed.data or listed.data.endswith(b"\n") else b"\n"
    return listed.data + ended + lines.encode()


def proposed_name(key: PublicKey) -> str:
    """Whose key it is, by its comment: ``ada@laptop``; empty where that is no name."""
    return key.comment if re.fullmatch(r"[^\s,!*?\"=]+@[^\s,!*?\"=]+", key.comment) else ""
