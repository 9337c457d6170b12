"""The checkpoints that witnesses cosigned, in a home and on its site, each compared with what was signed."""

import re
from collections.abc import Iterator, Mapping, Sequence

from archive.audit.account import Account
from archive.errors import Problem, VerificationError
from archive.home.configuration import Configuration
from archive.home.trust import trust
from archive.records.sidecar import read
from archive.register.cosigned import NAME, SIZES, listing
from archive.register.note import VerifierKey
from archive.register.policy import Policy

_PATH = re.compile(rf"(\.archive|site)/register/{NAME}/([1-9]\d*)", re.ASCII)


def wanted(account: Account, keys: Sequence[VerifierKey], signed: Mapping[int, bytes]) -> dict[str, bytes]:
    """What lies under ``cosigned/`` in both folders, from the better of both copies; the newest as it is published.

    `signed` are the checkpoints as they were signed, by tree size.
    """
    policy, found = _policy(account, keys), dict[str, bytes]()
    for size in {int(form[2]) for path in account.lying.kept if (form := _PATH.fullmatch(path))}:
        paths = [f"{folder}/register/{NAME}/{size}" for folder in (".archive", "site")]
        copies = [data for path in paths if (data := account.lying.kept.get(path))]
        ranked = sorted(_ranked(copies, signed.get(size), policy))
        if ranked:
            found |= dict.fromkeys(paths, ranked[-1][-1])
            continue
        for path in paths:
            if path in account.lying.kept:
                account.seen.add(path)
                what = "is not what was signed and cosigned"
                account.find("damaged", path, what, "bring it back from a backup, or move it away")
    if found:
        found[f"site/register/{SIZES}"] = listing({int(path.rpartition("/")[2]) for path in found})
    if newest := found.get(f"site/register/{NAME}/{max(signed)}"):
        found["site/register/checkpoint"] = newest
    return found


def _ranked(copies: list[bytes], signed: bytes | None, policy: Policy) -> Iterator[tuple[int, int, bytes]]:
    """Those that are whole, with how many known witnesses signed and how long they are."""
    for data in copies:
        try:
            if signed and data.startswith(signed):
                yield len(policy.satisfied(data.decode()).times), len(data), data
        except (UnicodeDecodeError, VerificationError):
            pass


def _policy(account: Account, keys: Sequence[VerifierKey]) -> Policy:
    """The witnesses of archive.toml; none where that cannot be read, which is said elsewhere."""
    try:
        data = (account.root / "archive.toml").read_bytes()
    except OSError:
        data = b""
    configuration: Configuration | list[Problem] = read(data, "archive.toml", Configuration)
    known = () if isinstance(configuration, list) else configuration.witness
    return trust(keys, known, 0)
