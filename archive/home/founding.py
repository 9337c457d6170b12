"""A new home: its folders, the register's key, ``archive.toml`` and ``allowed_signers`` to be filled in."""

import json
import re
import secrets
import shutil
from pathlib import Path

from archive.errors import Error, Malformed, Problem, Refused
from archive.home.home import Home
from archive.register import durable, register
from archive.register.note import Signer

ORIGIN = r"[A-Za-z0-9][A-Za-z0-9._/-]*"
"""What a register may be called."""


def own_origin(name: str) -> str:
    """A name for a register that nobody else will have chosen: ``letters-5f3a9c21.example/register``."""
    plain = re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-") or "archive"
    return f"{plain}-{secrets.token_hex(4)}.example/register"


TEMPLATE = """\
# One archive, one newsletter. Every key: the README, under "archive.toml".

[archive]
name = {name}
origin = {origin}   # the register's name, for ever: a name you hold, not a place
sample = {sample}   # true only for trying things out

# To publish, fill this in and take the # away:
# [newsletter]
# title = "Letters After"
# subtitle = "What a retired model writes"
# base_url = "https://letters.example.org"
# tag_authority = "letters.example.org,2026"   # a domain you hold, and since when
# language = "en"
# from = "Letters After <letters@example.org>"
# list_id = "letters.example.org"
# weekday = "friday"
# timezone = "UTC"
# per_issue = 1
# disclaimer = "The author does not speak for us."

[review]
namespace = {namespace}
two_reviewers_for = []   # e.g. ["withhold"]

[[review.criteria]]
id = "personal-data"
text = "Does it tell things about a private person that are not public?"

[[review.criteria]]
id = "harm"
text = "Could following it injure someone?"

[[review.criteria]]
id = "unlawful"
text = "Would publishing it break a law?"
"""
SIGNERS = """\
# Reviewers, one a line (ssh-keygen(1), ALLOWED SIGNERS). Lines are never taken away: give valid-before instead.
# ada@example.org namespaces="NAMESPACE",valid-after="20260101000000Z" ssh-ed25519 AAAA…
"""


def there(root: Path, *, name: str | None, origin: str | None, sample: bool) -> Home | None:
    """The whole home that is at `root` already; None without one. Raises `Refused`, naming each option that differs."""
    if not ((root / "archive.toml").is_file() and (root / ".archive" / "register" / "key.pub").is_file()):
        return None
    home = Home.at(root)
    own = home.configuration.archive
    problems = []
    if name not in (None, own.name):
        problems.append(Problem("--name", f"{root} is an archive already, called {own.name}, not {name}"))
    if origin not in (None, own.origin):
        problems.append(Problem("--origin", f"{root} has the register {own.origin}, not {origin}"))
    if sample and not own.sample:
        problems.append(Problem("--sample", f"{root} is an archive already, and not for trying things out"))
    if problems:
        raise Refused(problems)
    return home


def create(root: Path, *, name: str, origin: str, sample: bool = False) -> Home:
    """A new home. Raises `Error` where there is one already, or where a file is in the way."""
    if _begun(root):
        shutil.rmtree(root / ".archive")
    if (root / "archive.toml").exists() or (root / ".archive").exists():
        raise Error(f"{root}: there is an archive here already; nothing was changed")
    if root.exists() and not root.is_dir():
        raise Error(f"{root}: expected a folder, found a file")
    if not re.fullmatch(ORIGIN, origin):
        raise Error(f"--origin: expected a name such as letters.example.org/register, found {origin!r}")
    try:
        signer = Signer.generate(origin)
    except Malformed as error:
        raise Error(str(error)) from None
    try:
        _made(root, name, signer, sample=sample)
    except OSError as error:
        error.add_note("no archive was made")
        raise
    return Home(root.resolve())


def _made(root: Path, name: str, signer: Signer, *, sample: bool) -> None:
    origin = signer.key.name
    namespace = f"review@{origin.split('/')[0]}"
    durable.folder(root)
    root.chmod(0o700)
    for folder in ("transcripts/protocols", "transcripts/codebooks", "essays", ".archive/store", ".archive/keys"):
        durable.folder(root / folder)
    durable.folder(root / "site", public=True)
    durable.write(root / ".archive" / "keys" / "register", f"{signer}\n".encode())
    register.create(root / ".archive" / "register", signer)
    durable.update(root, {"allowed_signers": SIGNERS.replace("NAMESPACE", namespace).encode()})
    values = {"name": name, "origin": origin, "namespace": namespace, "sample": sample}
    text = TEMPLATE.format_map({key: json.dumps(value, ensure_ascii=False) for key, value in values.items()})
    durable.write(root / "archive.toml", text.encode())


def _begun(root: Path) -> bool:
    """Whether a killed run left half a home: ``archive.toml`` comes last, and nothing was logged or kept yet."""
    hidden = root / ".archive"
    kept = any((hidden / "store").glob("*/*")) or (hidden / "register" / "checkpoint").exists()
    return hidden.is_dir() and not (root / "archive.toml").exists() and not kept
