"""The page of one essay: its text in a frame, what a reviewer should see of it, how it was made, what is decided."""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from starlette.responses import Response

from archive import characters
from archive.desk.ask import Ask, page
from archive.errors import Problem
from archive.home import setup, witnesses
from archive.home.home import Home
from archive.wording import listed, moment
from publisher.desk.essays import listing, making, margin, noting, text
from publisher.essays import keys
from publisher.essays.asked import samplings
from publisher.essays.essay import NOTES, Review
from publisher.essays.inspection import Inspection, inspect
from publisher.essays.review import unsigned
from publisher.essays.submission import Submission
from publisher.status import elsewhere
from publisher.status.status import alone
from publisher.status.waiting import waiting
from publisher.verify.follow import own_state

_LOOKS = {
    "problems": "With problems",
    "page": "As readers see it",
    "phone": "On a phone",
    "received": "As received",
    "request": "What was asked",
    "response": "The response",
}


def show(ask: Ask) -> Response:
    """One essay."""
    return _page(ask, inspect(ask.home, ask.path["name"]))


def make(ask: Ask) -> Response:
    """What was said of how it was made; with what is wrong in it at its field, where it could not be written."""
    saved = making.save(ask)
    if isinstance(saved, Response):
        return saved
    submission, said, problems = saved
    return _page(ask, inspect(ask.home, submission.accession), said, problems)


def _page(
    ask: Ask, shown: Inspection, said: Mapping[str, Any] | None = None, problems: Sequence[Problem] = ()
) -> Response:
    submission = shown.submission
    base = ask.form["_base"] if said else ask.base(making.place_of(ask.home, submission))
    wrong = problems if said else submission.record if isinstance(submission.record, list) else ()
    form = making.shown(said or making.values_of(submission), wrong)
    values = {"submission": submission, "making": form, "base": base, "series": _series(ask.home)}
    values["models"] = listing.models(ask.home)
    values["void"] = listed(review.name for review in submission.standing() if review.decision == "publish")
    if said and ask.partial:
        return page(ask, "essays/making.html", status=422, **values)
    return page(ask, "essays/essay.html", status=422 if said else 200, **values, **_around(ask, shown))


def _around(ask: Ask, shown: Inspection) -> dict[str, Any]:
    """What else stands on the page."""
    home, submission = ask.home, shown.submission
    waits = waiting(home, submission)
    before, later = listing.next_to(home, submission)
    alone_yet = _alone(home, submission)
    of_text = [each for each in (*shown.blocking, *shown.notable) if margin.line_of(each)]
    return {
        "here": "essays",
        "title": listing.said(submission, "title") or submission.slug,
        "model": listing.said(submission, "model"),
        "state": submission.state(home.configuration.review),
        "waits": waits[0] if waits else None,
        "day": listing.day,
        "moment": moment,
        "marked": characters.marked,
        "shown": shown,
        "general": [each for each in shown.blocking if not margin.line_of(each) and not making.field_of(each)],
        "of_text": of_text,
        "line_of": margin.line_of,
        "looks": _looks(submission, noted=bool(of_text)),
        "criteria": home.configuration.review.criteria,
        "keys": keys.at_hand(home, Path.home() / ".ssh"),
        "reviewers": list(dict.fromkeys(each.name for each in home.signers.listed)),
        "namespace": home.configuration.review.namespace,
        "prepared": unsigned(submission),
        "standing": {review.index for review in submission.standing()},
        "notes": noting.notes(home, submission),
        "kinds": NOTES,
        "candidates": _candidates(home, submission),
        "earlier": before,
        "later": later,
        "told": list(_told(ask, submission)),
        "alone": alone_yet,
        "unread": bool(alone_yet) and not ask.query["read"] and not ask.form["read"],
    }


def _looks(submission: Submission, *, noted: bool) -> list[tuple[str, str, str]]:
    """Each look that there is: its name, its frame, its label."""
    there = [*["problems"] * noted, "page", "phone"] if text.is_shown(submission) else []
    there += ["received"] * bool(submission.text)
    there += [name for name, file in text.EXCHANGE.items() if (submission.folder / file).is_file()]
    return [(name, "page" if name == "phone" else name, _LOOKS[name]) for name in there]


def _series(home: Home) -> list[str]:
    return [each.slug for each in home.configuration.series]


def _candidates(home: Home, submission: Submission) -> list[tuple[str, str]]:
    """Accession and state of all that came of the sampling it came of, in their order; none where it came of none."""
    one = samplings(home.register).by_accession.get(submission.accession)
    needed = home.configuration.review.two_reviewers_for
    return [(number, home.lives[number].state(needed)) for number in one.came] if one else []


def _alone(home: Home, submission: Submission) -> list[str]:
    """Why it is better not to read it yet: nobody else could have seen that it came."""
    found = waiting(home, submission)
    if not found or not found[0].unread:
        return []
    return list(alone(home, witnesses.sights(home), elsewhere.copies(home, own_state()), [found[0]]))


def _told(ask: Ask, submission: Submission) -> Iterator[str]:
    """What came of the form that led here, as the command says it: read anew from what lies there."""
    said = ask.query
    if submitted := said["submitted"]:
        how = "submitted" if submitted == "new" else "already submitted"
        yield f"{submission.accession}  {ask.home.relative(submission.folder)}  {how}"
    if said["entry"].isdecimal() and said["size"].isdecimal():
        entry, size = int(said["entry"]), int(said["size"])
        for review in submission.reviews:
            if review.index == entry:
                yield from _decided(ask.home, submission, review, size)
    if said["saved"]:
        yield "essay.toml is saved."
        if void := submission.void():
            yield f"{listed(review.name for review in void)} approved it as it was before: have it reviewed again."
    if name := said["prepared"]:
        yield f"reviews/{name} is written, and waits for its signature."
    if said["already"]:
        yield "This reviewer decided so already; nothing was written."
    if name := said["note"]:
        yield f"{submission.accession}  editors/{name}  {'filed' if said['new'] else 'there already'}"
        yield "The next issue shows it." if submission.week else "It is shown with the essay once that is published."


def _decided(home: Home, submission: Submission, review: Review, size: int) -> Iterator[str]:
    yield f"{submission.accession}  {review.decision}  {review.name}  {review.reviewer}  entry {review.index}"
    if review.index < size:
        yield f"{review.name} decided so already; nothing was logged"
    yield from setup.told(home, size)
    yield f"{submission.slug} is {submission.state(home.configuration.review)}."
