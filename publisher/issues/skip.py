"""Explaining a week without an issue."""

from collections.abc import Sequence, Set

from archive.characters import carried
from archive.errors import Error
from archive.home.change import Change
from archive.home.home import Home
from archive.records.toml import toml
from archive.register import statement, sums
from publisher.issues.source import frozen_folder
from publisher.issues.statements import explained, issued
from publisher.week import Week

REASONS = {
    "nothing-submitted": "Nothing was submitted.",
    "nothing-approved": "Nothing that was submitted was approved in time.",
    "holiday": "The editors were away.",
    "technical": "Something broke.",
    "not-started": "The newsletter had not started yet.",
    "other": "",
}
"""Why a week had no issue: the code that is logged, and the words that are shown."""


def skip(home: Home, weeks: Sequence[Week], reason: str) -> list[Week]:
    """Explain weeks without an issue: `reason` is a code of `REASONS`, or the words themselves. The new ones."""
    code = reason if REASONS.get(reason) else "other"
    words = REASONS[code] or reason.strip()
    if not words or reason == "other":
        raise Error(
            f"--reason: expected one of {', '.join(c for c in REASONS if REASONS[c])}, or a sentence for readers"
        )
    if carried(words) != words:
        raise Error(f"--reason: expected words that can be shown, found control characters in them: {carried(words)}")
    with home.writing() as writer:
        known = explained(writer.home.register)
        if taken := [str(week) for week in weeks if str(week) in issued(writer.home.register)]:
            raise Error(f"{', '.join(taken)}: an issue was published then; there is nothing to explain")
        _not_before_the_first(writer.home, weeks, {*known, *issued(writer.home.register)})
        new = [week for week in weeks if str(week) not in known]
        leaves, kept = [], {}
        for week in new:
            text = f"format = 1\nweek = {toml(str(week))}\nreason = {toml(code)}\nwords = {toml(words)}\n".encode()
            name = f"issues/{week}/notice.toml"
            subjects = {name: sums.digest(text)}
            notice = statement.notice("no-issue", subjects, reason=code, week=str(week), time=writer.now())
            leaves.append(notice.encode())
            kept[home.relative(frozen_folder(home, str(week)) / name)] = text
        if new:
            writer.commit(Change(leaves=leaves, files=kept))
        return new


def _not_before_the_first(home: Home, weeks: Sequence[Week], known: Set[str]) -> None:
    """Raises `Error` for a week before all that are `known`, unless it is promised: all between would want a reason."""
    letter = home.configuration.newsletter
    first = letter.run.since if letter and letter.run.since else min(known, default="")
    if early := [str(week) for week in weeks if str(week) < first]:
        raise Error(f"{', '.join(early)}: the newsletter begins with {first}; no week before that needs a reason")
