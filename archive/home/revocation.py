"""Ending a reviewer's key: ``valid-before`` in its lines of ``allowed_signers``, logged at once."""

import datetime as dt
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from archive.errors import Error, NotFound, Problem, Refused
from archive.home import setup
from archive.home.accession import Decision
from archive.home.home import Home
from archive.home.signers import NAME, Signers
from archive.home.versions import ALLOWED_SIGNERS
from archive.register import sshsig
from archive.register.sshsig import AllowedSigner

_STAMP = "%Y%m%d%H%M%SZ"
_TIMES = ("%Y-%m-%d", "%Y-%m-%dT%H:%M:%SZ", _STAMP)


@dataclass(frozen=True, slots=True, kw_only=True)
class Revoked:
    """What came of it."""

    ended: tuple[AllowedSigner, ...]
    """Whose keys end now earlier than they did; none where they had ended by then."""
    time: dt.datetime
    taken_back: tuple[tuple[str, Decision, str | None], ...] = ()
    """Accession, review and, where it was published, week of each review that does not count any more."""


def time_of(text: str) -> dt.datetime:
    """``2026-11-24``, ``2026-11-24T15:00:00Z`` or ``20261124150000Z``; a day begins at 0:00 UTC. Raises `Error`."""
    for form in _TIMES:
        try:
            return dt.datetime.strptime(text, form).replace(tzinfo=dt.UTC)
        except ValueError:
            continue
    raise Error(f"--from: expected a day or a time in UTC such as 2026-11-24T15:00:00Z, found {text!r}")


def revoke(home: Home, who: str, since: dt.datetime | None = None) -> Revoked:
    """End every key of a reviewer (a name), or one key (its fingerprint), now or at a time; the list is logged with it.

    What the key signed until then stands. Raises `NotFound`, `Refused`.
    """
    with home.writing() as writer:
        if found := setup.problems(writer.home):
            raise Refused(found)
        now = writer.now()
        end = since or now
        lines = [line for line in writer.home.signers.listed if who in (line.name, line.fingerprint)]
        if not lines:
            known = ", ".join(f"{line.name} ({line.fingerprint})" for line in writer.home.signers.listed) or "nobody"
            raise NotFound(f"{NAME}: expected a reviewer or a key {who}, found none; it lists {known}")
        open_ = [line for line in lines if not _has_ended(line, end)]
        if not open_:
            return Revoked(ended=(), time=end)
        data = _ended(writer.home.signers.data, {line.fingerprint for line in open_}, who, end)
        signers = Signers.of(data)
        if signers.problems:  # there were none before, so it is the time that was asked for
            remedy = f"name a time after the valid-after of its line in {NAME}"
            raise Refused(dict.fromkeys(Problem("--from", problem.found, remedy) for problem in signers.problems))
        change = setup.naming(writer.home, ALLOWED_SIGNERS, data, reason="reviewers", time=now)
        before = writer.home
        writer.commit(replace(change, files={**change.files, NAME: data}))
        return Revoked(ended=tuple(open_), time=end, taken_back=tuple(_taken_back(before, writer.home)))


def _has_ended(line: AllowedSigner, end: dt.datetime) -> bool:
    """Whether a key decides nothing after `end` already, whatever it did before."""
    only = {name: value for name, value in line.options.items() if name == "valid-before"}
    return not sshsig.is_valid(replace(line, options=only), end + dt.timedelta(seconds=1))


def _ended(data: bytes, keys: set[str], who: str, end: dt.datetime) -> bytes:
    """The file with an end in the lines of these keys; every other byte as it was."""
    stamp = end.astimezone(dt.UTC).strftime(_STAMP).zfill(15)
    rows = data.decode().split("\n")
    for number, row in enumerate(rows):
        named = [each for each in Signers.of(row.encode()).listed if who in (each.name, each.fingerprint)]
        if any(each.fingerprint in keys for each in named):
            rows[number] = _row(row, named[0].options, stamp)
    return "\n".join(rows).encode()


def _row(row: str, options: dict[str, str], stamp: str) -> str:
    if "valid-before" in options:
        return re.sub(r'valid-before="[^"]*"', f'valid-before="{stamp}"', row, count=1)
    form = re.match(r'([ \t]*(?:"[^"]*"|[^\s"]+)[ \t]+)', row)
    start = form[1] if form else ""
    comma = "," if options else " "
    return f'{start}valid-before="{stamp}"{comma}{row.removeprefix(start)}'


def _taken_back(before: Home, now: Home) -> Iterator[tuple[str, Decision, str | None]]:
    for life in before.lives.of("essay"):
        number = life.accession.number
        for old, new in zip(life.decisions, now.lives[number].decisions, strict=True):
            if new.refused and not old.refused:
                yield number, new, life.week


def told(revoked: Revoked) -> Iterator[str]:
    """What an editor should know of the reviews that do not count any more, a sentence each."""
    for number, review, week in revoked.taken_back:
        stays = f"it was published in {week}, which stays, and whoever verifies the site is told"
        then = stays if week else "have it reviewed again"
        yield f"{number}: its review «{review.decision}», entry {review.index}, does not count any more; {then}"
