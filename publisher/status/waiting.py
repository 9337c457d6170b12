"""The essays that are not published, or of which something is gone: for whom each waits, since when."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

from archive.errors import Problem, VerificationError
from archive.home.configuration import ReviewRules
from archive.home.home import Home
from archive.register.statement import Statement, encode_time
from archive.wording import listed
from publisher.essays.submission import Submission
from publisher.issues.action import Action

_LONG = 40
"""A slug that is longer is not typed: its number goes as well."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """One of them."""

    accession: str
    slug: str
    state: str
    received: str
    """RFC 3339"""
    waits_for: str
    """``a reviewer``"""
    since: str
    """RFC 3339"""
    missing: tuple[Problem, ...]
    """What keeps it from being approved or published."""
    intake: int
    """Its intake's entry in the register."""
    unread: bool
    """Whether nobody has decided about it yet, so that its intake must be seen elsewhere before anybody reads it."""


def waiting(home: Home, submission: Submission) -> tuple[Waiting, list[Action]] | None:
    """An essay, and who must act on it; None where nothing waits and nothing is gone."""
    rules = home.configuration.review
    state, changed = submission.state(rules), submission.changed()
    over = state in ("published", "withheld", "withdrawn")
    if state == "withdrawn" or (over and not changed):
        return None
    unsaid = submission.record if isinstance(submission.record, list) and not over else []
    whom, since = ("somebody", submission.intake.time) if changed else _whom(home, submission, state, rules)
    essay = Waiting(
        accession=submission.accession,
        slug=submission.slug,
        state=state,
        received=encode_time(submission.intake.time),
        waits_for=whom,
        since=encode_time(since),
        missing=(*changed, *unsaid),
        intake=submission.intake.index,
        unread=state == "waiting" and not submission.reviews,
    )
    return essay, [*_actions(home, submission, state, changed=bool(changed), unsaid=bool(unsaid))]


def _actions(home: Home, submission: Submission, state: str, *, changed: bool, unsaid: bool) -> Iterator[Action]:
    folder, long = home.relative(submission.folder), len(submission.slug) > _LONG
    if changed:
        what = f"what was logged is missing or changed in {folder}; somebody brings it back"
        yield Action(what=what, command="archive check --restore", failed=True)
    if unsaid:
        command = "" if long else f"publisher submit {folder}"
        yield Action(what=f"an editor completes {folder}/essay.toml", command=command)
    if state in ("waiting", "held"):
        name = submission.accession if long else submission.slug
        yield Action(what=f"a reviewer decides about {submission.name}", command=f"publisher review {name} …")


def _whom(home: Home, submission: Submission, state: str, rules: ReviewRules) -> tuple[str, dt.datetime]:
    """For whom it waits, and since when."""
    standing = submission.standing()
    last = max((review.time for review in standing), default=submission.intake.time)
    if state == "approved":
        return "its week", last
    if state == "held":
        return listed(
            dict.fromkeys(f"{r.name}, who said {r.decision}" for r in standing if r.decision != "publish")
        ), last
    if unsigned := _unsigned(home, submission):
        return unsigned
    if isinstance(submission.record, list):
        return "an editor", submission.intake.time
    return "a second reviewer" if standing else "a reviewer", last


def _unsigned(home: Home, submission: Submission) -> tuple[str, dt.datetime] | None:
    """Whose signature is awaited under the newest review that was prepared, and since when."""
    for path in sorted((submission.folder / "reviews").glob("*.json"), reverse=True):
        if path.with_name(f"{path.name}.sig").exists():
            continue
        try:
            prepared = Statement.decode(path.read_bytes())
        except (VerificationError, OSError):
            continue
        name = home.signers.name(str(prepared.predicate.get("reviewer")), prepared.time)
        return f"the signature of {name or 'a reviewer'} under {path.name}", prepared.time
    return None
