"""What the store has on other machines, beside what it must have."""

from collections.abc import Iterable
from dataclasses import replace

from archive.audit.account import Account
from archive.home.store import STORE, Elsewhere
from archive.wording import many


def again(elsewhere: Elsewhere, restored: Iterable[str], *, deep: bool) -> Elsewhere:
    """The same, once those of the copies that were `restored` (by path in a home) have been verified again."""
    digests = [_digest(path) for path in restored if path.startswith(STORE)]
    return replace(elsewhere, found={**elsewhere.found, **dict(elsewhere.store.verified(digests, deep=deep))})


def named(elsewhere: Elsewhere, path: str) -> str:
    """What was restored (by path in a home), as people are told of it."""
    return elsewhere.store.named(_digest(path)) if path.startswith(STORE) else path


def _digest(path: str) -> str:
    return path.removeprefix(STORE).replace("/", "")


def remarks(account: Account) -> None:
    """How far a check had come before, what waits to be moved there, what does not belong there."""
    elsewhere, here = account.elsewhere, [path for path in account.lying.digests if path.startswith(STORE)]
    if elsewhere.before:
        n, of = elsewhere.before, many(len(elsewhere.found), "object")
        account.remarks.append(f"{n:,} of {of} had been verified by a check that was stopped; the next one begins anew")
    if here and elsewhere.address:
        account.remarks.append(f"{STORE} still has {many(len(here), 'copy')}: `archive store` moves them")
    unnamed = {digest for digest, actual in elsewhere.found.items() if actual} - account.stored
    if unnamed:
        what = "older versions of what people edit, or left by a command that was stopped; they do no harm"
        account.remarks.append(f"{elsewhere.address} has {many(len(unnamed), 'copy')} that no list names: {what}")
    for place in elsewhere.strange:
        account.find("foreign", place, "lies among the copies of the store and is none", "move it away")
