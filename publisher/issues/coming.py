"""The issue that comes next: which essays it has and what speaks against them, what it freezes of each, its site.

`publisher.issues.publish` logs it and puts it in place; before that it may be looked at, and nothing is changed by it.
"""

import dataclasses
import datetime as dt
from collections.abc import Container, Iterator, Sequence

from archive.errors import Problem
from archive.home.configuration import Newsletter, ReviewRules
from archive.home.home import Home
from archive.register import cosigned
from archive.register.statement import SAMPLING
from publisher.essays import precedence
from publisher.essays.asked import samplings
from publisher.essays.essay import PublishedEssay
from publisher.essays.render import article
from publisher.essays.submission import Submission, find, read_but, signature_problems
from publisher.essays.words import lines, visible
from publisher.issues.frozen import published
from publisher.issues.kept import Kept
from publisher.issues.records import read
from publisher.issues.source import notes_in, of_home
from publisher.issues.statements import issued
from publisher.site import mail
from publisher.site.settings import made_with
from publisher.site.site import Files, Issue, Site
from publisher.week import Week


def choose(
    home: Home, letter: Newsletter, slugs: Sequence[str], before: Kept | None
) -> tuple[list[Submission], list[Problem]]:
    """The essays of the issue, oldest approved first or those named, and everything that is wrong with them."""
    rules = home.configuration.review
    problems: list[Problem] = []
    if slugs:
        chosen = [find(home, slug) for slug in dict.fromkeys(slugs)]
    else:
        known = {slug for issue in before.issues for slug in issue.slugs.values()} if before else ()
        over = precedence.passed_over(home)
        unpublished = [s for s in read_but(home, known) if s.week is None and s.accession not in over]
        problems += _gone(home, {submission.accession for submission in unpublished})
        approved = [s for s in unpublished if s.state(rules) == "approved"]
        # One that somebody approved is in doubt where that does not hold any more: not to be passed over in silence.
        doubtful = [s for s in unpublished if s not in approved and (s.changed() or s.void() or _in_doubt(s, rules))]
        chosen = doubtful + approved[: letter.per_issue]
        if not chosen:
            states = [(s.name, s.state(rules)) for s in unpublished]
            waiting = ", ".join(f"{name} ({state})" for name, state in states if state != "withheld")
            there = (
                "what came in is withheld" if states and not waiting else f"there are: {waiting or 'none submitted'}"
            )
            remedy = "review one, or `publisher skip` the week"
            problems.append(Problem("essays", f"no essay is approved; {there}", remedy))
    for submission in chosen:
        problems += submission.changed()
        state = submission.state(rules)
        if state != "approved":
            problems += submission.refused() or [_not_approved(submission, state)]
            continue
        if isinstance(submission.record, list):
            problems += submission.record
        problems += precedence.problems(home, submission)
        signed = [review for review in submission.standing() if review.decision == "publish"]
        problems += signature_problems(home, submission, signed)
    return chosen, problems


def _in_doubt(submission: Submission, rules: ReviewRules) -> bool:
    """Whether nothing was decided about an essay but by who may not decide."""
    return submission.state(rules) == "waiting" and bool(submission.refused())


def _gone(home: Home, there: Container[str]) -> Iterator[Problem]:
    """Essays that somebody approved and whose folder is not there any more: not to be passed over in silence."""
    for life in home.lives.unpublished():
        number = life.accession.number
        if number not in there and life.state(home.configuration.review.two_reviewers_for) == "approved":
            remedy = "bring the folder back from a copy; `archive check` names what it held"
            yield Problem("essays", f"{number} was approved, and its folder is gone", remedy)


def _not_approved(submission: Submission, state: str) -> Problem:
    place = f"essays/{submission.folder.name}"
    if state in ("published", "withdrawn"):
        return Problem(place, f"was published in {submission.week}", "an essay is published once")
    if void := submission.void():
        names = ", ".join(review.name for review in void)
        return Problem(place, f"was changed after {names} approved it", "have it reviewed again, as it is now")
    remedy = f"`publisher review {submission.slug} --decision publish --reviewer NAME --key FILE`"
    return Problem(place, f"expected an approved essay, found one that is {state}", remedy)


def freeze(home: Home, submission: Submission, note: str) -> PublishedEssay:
    """Everything that will never change again of an essay: the received, its proofs, its reviews, its body.

    `note` is the checkpoint that the proofs stand under. Nothing of one that nobody approved goes out: it can only be
    looked at, with a proof of its intake where that of its review will be.
    """
    folder = submission.folder
    approving = [review.index for review in submission.standing() if review.decision == "publish"]
    body = article(submission.text.decode())
    own: Files = {name: (folder / name).read_bytes() for name in ("essay.toml", "intake.sums")}
    own |= {name: (folder / name).read_bytes() for name in submission.sums if name != "private.sums"}
    for review in submission.counted():
        own |= {f"reviews/{review.number}.json": review.leaf, f"reviews/{review.number}.json.sig": review.signature}
    own["article.html"] = body.encode()
    own["words.txt"] = lines(visible(body))
    own["essay.md.tlog-proof"] = bytes(home.register.proof(max(approving, default=submission.intake.index), note))
    # The first that a witness saw: its time says since when the text is fixed.
    first = cosigned.first(home.register.folder, submission.intake.index)
    own["intake.sums.tlog-proof"] = bytes(home.register.proof(submission.intake.index, first or note))
    if asked := samplings(home.register).by_accession.get(submission.accession):
        own[f"{SAMPLING}.tlog-proof"] = bytes(home.register.proof(asked.logged.index, note))
    return published(home, submission.life, submission.slug, own, notes_in(home.root, folder.name))


def drawn_up(
    home: Home, week: Week, now: dt.datetime, index: int, essays: tuple[PublishedEssay, ...], before: Kept | None
) -> tuple[Site, Issue]:
    """The site with the new issue, which will be entry `index`, and that: its mail is made of the site."""
    number = len(issued(home.register)) + 1
    frozen = {f"essays/{essay.slug}/{name}": data for essay in essays for name, data in essay.files.items()}
    source = of_home(home, before.notes if before else None)
    draft = Issue.whole(week=week, number=number, time=now, essays=essays, frozen=frozen)
    site = read(source, size=index, time=now, upcoming=[draft], before=before)
    frozen |= made_with(site, draft)
    eml = {f"issues/{week}/issue.eml": mail.message(site, draft)}
    issue = Issue.whole(week=week, number=number, time=now, essays=essays, frozen=frozen | eml)
    return dataclasses.replace(site, issues=(*site.issues[:-1], issue)), issue
