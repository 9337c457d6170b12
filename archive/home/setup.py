"""What a home is set up by, filed: ``archive.toml`` noted as it is now, ``allowed_signers`` logged where it is new.

Before anything is published, so is who the witnesses are, where somebody changed that.
"""

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import replace

from archive.errors import Problem, Refused
from archive.home import account
from archive.home.change import Change
from archive.home.home import Home, Writer
from archive.home.reviewers import changed, dropped
from archive.home.signers import NAME
from archive.home.store import stored_at
from archive.home.versions import ALLOWED_SIGNERS, POLICY
from archive.home.witnesses import policy
from archive.register import statement, sums
from archive.register.policy import Log, made


def file(home: Home, names: Iterable[str]) -> bool:
    """Check both and note what they hold, so that `archive check` compares with that; False where it was so already.

    ``allowed_signers`` is logged where it is among `names` and not the list that was logged last. Raises `Refused`
    with everything that is wrong in it.
    """
    with home.writing() as writer:
        if found := problems(writer.home):
            raise Refused(found)
        change = reviewers(writer.home, writer.now()) if NAME in names else Change()
        change = replace(change, files={**account.of_home(home.root, home.store), **change.files})
        if change.files or change.leaves:
            writer.commit(change)
        return bool(change.files or change.leaves)


def problems(home: Home) -> list[Problem]:
    """Everything that is wrong with ``allowed_signers`` as it is now, beside the list that was logged last."""
    return [*home.signers.problems, *dropped(home.reviewers.before(home.register.size), home.signers)]


def reviewers(home: Home, time: dt.datetime) -> Change:
    """What logs the reviewers' list as it is now, and keeps it; nothing where it is the one that was logged last.

    Raises `Refused` with everything that is wrong in it.
    """
    logged, signers = home.reviewers.version(home.register.size), home.signers
    if found := problems(home):
        raise Refused(found)
    if logged and logged.data == signers.data:
        return Change()
    return naming(home, ALLOWED_SIGNERS, signers.data, reason="reviewers", time=time)


def naming(home: Home, name: str, data: bytes, *, reason: str, time: dt.datetime) -> Change:
    """What logs a version of a file, and keeps it in the store."""
    notice = statement.notice("keys", {name: sums.digest(data)}, reason=reason, time=time)
    return Change(leaves=[notice.encode()], files=copied(home, data))


def copied(home: Home, data: bytes) -> dict[str, bytes]:
    """The copy that the store keeps of a version of one of these files; nothing where it is there."""
    digest = sums.digest(data)
    return {} if home.store.has(digest) else {stored_at(digest): data}


def witnesses(home: Home, time: dt.datetime) -> Change:
    """What logs who cosigns the register, and keeps it; nothing where it is what was logged last, or none ever was."""
    now = bytes(policy(home))
    before = home.policies[-1].data if home.policies else bytes(made([Log(home.register.key)], (), 0))
    if now == before:
        return Change()
    return naming(home, POLICY, now, reason="witnesses", time=time)


def log_witnesses(writer: Writer, time: dt.datetime) -> None:
    """Log who they are, where that is new."""
    change = witnesses(writer.home, time)
    if change.leaves:
        writer.commit(change)


def log_reviewers(writer: Writer, time: dt.datetime) -> None:
    """Log that list, where it is new. Raises `Refused`."""
    change = reviewers(writer.home, time)
    if change.leaves:
        writer.commit(change)


def told(home: Home, size: int) -> Iterator[str]:
    """What was logged about reviewers and witnesses since the register held `size` statements, a sentence each."""
    for version in home.reviewers.versions:
        if version.index >= size:
            what = changed(home.reviewers.before(version.index), home.reviewers.before(version.index + 1))
            yield f"{NAME} as it is now was logged (entry {version.index}): {what}"
    for version in home.policies:
        if version.index >= size:
            names = ", ".join(each.name for each in home.configuration.witness) or "nobody"
            yield f"who cosigns the register was logged (entry {version.index}): {names}"
