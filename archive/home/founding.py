"""A new home: its folders, the register's key, ``archive.toml`` and ``allowed_signers`` to be filled in."""

import re
import secrets
import shutil
from collections.abc import Iterator
from pathlib import Path

from archive.errors import Error, Malformed, Problem, Refused
from archive.home.home import Home
from archive.records.toml import toml
from archive.register import durable, register
from archive.register.note import Signer

ORIGIN = r"[A-Za-z0-9][A-Za-z0-9._/-]*"
"""What a register may be called."""


def own_origin(name: str) -> str:
    """A name for a register that nobody else will have chosen: ``letters-5f3a9c21.example/register``."""
    plain = re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-") or "archive"
    return f"{plain}-{secrets.token_hex(4)}.example/register"


NEWSLETTER = "# [newsletter]: `publisher setup` asks what one needs, and writes it here.\n"
"""What stands in ``archive.toml`` where the newsletter will be."""

TEMPLATE = f"""\
# One archive, one newsletter. Every key: the README, under "archive.toml".

[archive]
# What this archive is called.
name = {{name}}
# The register's name, for ever: a name you hold, not a place.
origin = {{origin}}
# true only for trying things out
sample = {{sample}}

{NEWSLETTER}
[review]
# What reviewers' signatures are made for, and for nothing else: ssh-keygen -Y sign -n …
namespace = {{namespace}}
# Decisions that need two people, e.g. ["withhold"].
two_reviewers_for = []

# What reviewers ask of each text, one table a question. The ids stand in the register, the questions on the site.
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


def origin_problems(name: str) -> list[Problem]:
    """Why no register can be called so; empty where one can."""
    if re.fullmatch(ORIGIN, name):
        return []
    return [Problem("--origin", f"expected a name such as letters.example.org/register, found {name!r}")]


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
    if found := origin_problems(origin):
        raise Refused(found)
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
    durable.folder(root)
    root.chmod(0o700)
    for folder in ("transcripts/protocols", "transcripts/codebooks", "essays", ".archive/store", ".archive/keys"):
        durable.folder(root / folder)
    durable.folder(root / "site", public=True)
    durable.write(root / ".archive" / "keys" / "register", f"{signer}\n".encode())
    register.create(root / ".archive" / "register", signer)
    durable.update(root, {"allowed_signers": SIGNERS.replace("NAMESPACE", _namespace(origin)).encode()})
    durable.write(root / "archive.toml", form(name=name, origin=origin, sample=sample).encode())


def form(*, name: str, origin: str, sample: bool = False) -> str:
    """``archive.toml`` of a new home."""
    values: dict[str, str | bool] = {
        "name": name,
        "origin": origin,
        "namespace": _namespace(origin),
        "sample": sample,
    }
    return TEMPLATE.format_map({key: toml(value) for key, value in values.items()})


def _namespace(origin: str) -> str:
    return f"review@{origin.split('/')[0]}"


def told(home: Home) -> Iterator[str]:
    """What a person should know of a new home, a sentence each."""
    yield f"The register is called {home.register.key.name}, for ever."
    yield f"Its key: {home.hidden / 'keys' / 'register'}. Keep a copy elsewhere."


def _begun(root: Path) -> bool:
    """Whether a killed run left half a home: ``archive.toml`` comes last, and nothing was logged or kept yet."""
    hidden = root / ".archive"
    kept = any((hidden / "store").glob("*/*")) or (hidden / "register" / "checkpoint").exists()
    return hidden.is_dir() and not (root / "archive.toml").exists() and not kept
