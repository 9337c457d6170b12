"""What is neither filed nor published: the configuration, the private key, the program's own files, and strays."""

import re
from collections.abc import Collection

from archive.audit import folders, lying
from archive.audit.account import Account
from archive.audit.logged import Logged
from archive.home import account as notes
from archive.home import modes
from archive.register.note import Signer
from archive.wording import many

_KEPT_ASIDE = ".archive/damaged/"
"""Where `archive check --restore` puts what it replaces."""


def configuration(account: Account, logged: Logged, keys: Collection[str]) -> None:
    """``archive.toml`` and ``allowed_signers`` as they were when something was last logged; `keys`: all that were."""
    account.stored |= {*keys}
    listed = folders.noted(account, notes.HOME)
    for path in notes.OWN:
        account.seen.add(path)
        if listed and path in listed:
            account.expect(path, listed[path], "in use when something was last logged", f"archive file {path}")
            account.stored.add(listed[path])
        elif path not in account.lying.digests and path in notes.OWN:
            account.find("damaged", path, "is missing", "bring it back from a backup")
    if listed is None and logged.leaves:
        account.remarks.append("archive.toml and allowed_signers are not noted yet; whatever is logged next notes them")


def private_keys(account: Account, logged: Logged) -> None:
    """The keys that sign the register: they fit it, and nobody else can read them."""
    for path, key in logged.places(len(logged.leaves)).items():
        account.seen.add(path)
        if path in account.lying.strange:
            account.find("damaged", path, account.lying.strange[path], "bring it back from its backup")
        elif path not in account.lying.digests:
            account.remarks.append(f"{path} is not here: bring it back from its backup before anything is logged")
        elif not (signer := logged.signers.get(path)) or signer.key != key or not _as_written(account, path, signer):
            what = "is not the signing key that fits .archive/register/key.pub"
            account.find("damaged", path, what, "bring it back from its backup; without it nothing can be logged")
        elif lying.is_open(account.root, path):
            what = "is the signing key, and others can get at it"
            account.find("exposed", path, what, f"chmod 600 {account.root / path}")
    for path in sorted(logged.signers.keys() - account.seen):
        account.seen.add(path)
        account.remarks.append(f"{path} signs nothing yet: `archive keys rotate` takes it")


def _as_written(account: Account, path: str, signer: Signer) -> bool:
    return (account.root / path).read_bytes() == f"{signer}\n".encode()


def access(account: Account) -> None:
    """What others can read."""
    for problem in modes.problems(account.root):
        account.find("exposed", problem.place, problem.found, problem.remedy)


def rest(account: Account) -> None:
    """Everything that is left: kept aside, beside the home's parts, or foreign."""
    aside = 0
    every = [*account.lying.digests, *account.lying.kept, *account.lying.strange]
    for path in sorted({*every} - account.expected.keys() - account.seen):
        if path.startswith(_KEPT_ASIDE):
            aside += 1
        elif re.search(r"/\.[^/]+\.new$", path):
            account.find("foreign", path, "was left by a command that was stopped", "remove it")
        else:
            what = account.lying.strange.get(path, "belongs to nothing that was filed, logged or published here")
            account.find("foreign", path, what, "move it away")
    if aside:
        account.remarks.append(f"{_KEPT_ASIDE} keeps {many(aside, 'file')} as they were before they were restored")
    strays = [name for name in account.lying.strays if not name.startswith(".")]
    if strays:
        account.remarks.append(f"no part of the home, and in no export of it: {', '.join(strays)}")
