"""One week as it would go out now, or as it went out: its files by their paths on the site, and what is to be said.

What is not approved is drawn up as well, so that it can be looked at; why it would not go out stands beside it.
"""

import dataclasses
import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from archive.errors import Error, Problem, Refused, accepted
from archive.home import setup
from archive.home.configuration import Newsletter
from archive.home.home import Home
from archive.register.register import shown
from archive.register.statement import encode_time
from archive.wording import many, written
from publisher.delivery.preview.files import Coming, Out, SiteFiles
from publisher.essays import precedence
from publisher.essays.essay import PublishedEssay, Review
from publisher.essays.inspection import Inspection, inspect
from publisher.essays.render import unfaithful
from publisher.essays.submission import Submission, read_but
from publisher.issues import kept
from publisher.issues.coming import choose, drawn_up, freeze
from publisher.issues.frozen import contents
from publisher.issues.frozen import slugs as slugs_of
from publisher.issues.kept import Kept
from publisher.issues.source import newsletter, of_home
from publisher.issues.statements import explained, issued
from publisher.issues.verifier import page_notice
from publisher.issues.weeks import this_week, week_problems
from publisher.site import by_hand, mail
from publisher.week import Week

NOBODY = "nobody yet"
"""Who stands on a page as the reviewer of a text that was not approved."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Text:
    """One essay of the week."""

    accession: str
    slug: str
    title: str
    said: str
    """``approved, 1,204 words``"""
    notable: tuple[Problem, ...] = ()
    """What a reviewer should look at."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """What there is to see of one week."""

    newsletter: str = ""
    address: str = ""
    """Where readers find the site."""
    week: str = ""
    out: str = ""
    """When it went out; empty while it is coming."""
    texts: tuple[Text, ...] = ()
    """Those that can be shown, in the order of the issue."""
    refusals: tuple[Problem, ...] = ()
    """Why `publish` would refuse."""
    warnings: tuple[Problem, ...] = ()
    files: SiteFiles | None = None
    """None where there is nothing that could be shown."""


def draft(home: Home, week: Week | None, slugs: Sequence[str] = ()) -> Draft:
    """A week, or the next that is neither published nor explained; these essays, or those that `publish` would take.

    Raises `Error` or `OSError` where nothing can be said of it before that is mended.
    """
    letter, now = newsletter(home), home.now()
    if week and str(week) in issued(home.register):
        return _published(home, letter, str(week))
    week = week or _next(home, letter, now)
    before = kept.read(home)
    chosen, refused = choose(home, letter, slugs, before)
    looked = [(each, inspect(home, each.accession)) for each in chosen or _undecided(home, before, letter.per_issue)]
    refusals = [*_clock(home, now), *setup.problems(home), *week_problems(home, letter, week, this_week(letter, now))]
    refusals += [*refused, *(problem for _, inspection in looked for problem in inspection.blocking)]
    whole = [(each, inspection) for each, inspection in looked if _showable(each)]
    files = _drawn(home, week, now, [each for each, _ in whole], before) if whole else None
    size = mail.html_size_problem(files(f"issues/{week}/issue.eml") or b"") if files else None
    return Draft(
        newsletter=letter.title,
        address=letter.base_url,
        week=str(week),
        texts=tuple(_text(home, *pair) for pair in whole),
        refusals=tuple(dict.fromkeys(refusals)),
        warnings=(size,) if size else (),
        files=files,
    )


def drafted(opened: Callable[[], Home], week: Week | None, slugs: Sequence[str] = ()) -> Draft:
    """The same of a home that is still to be opened; what keeps any of it from being read is a refusal in its place."""
    try:
        return draft(opened(), week, slugs)
    except Refused as refused:
        return Draft(week=str(week or ""), refusals=refused.problems)
    except Error as error:
        return Draft(week=str(week or ""), refusals=(Problem("", str(error)),))
    except OSError as error:
        wrong = Problem(str(error.filename or ""), f"cannot be read ({error.strerror})")
        return Draft(week=str(week or ""), refusals=(wrong,))


def _next(home: Home, letter: Newsletter, now: dt.datetime) -> Week:
    """This week, or the first after it of which nothing is said yet."""
    week, known = this_week(letter, now), {*issued(home.register), *explained(home.register)}
    while str(week) in known:
        week = week.next
    return week


def _undecided(home: Home, before: Kept | None, most: int) -> list[Submission]:
    """The oldest essays that may still be approved."""
    out = {slug for issue in before.issues for slug in issue.slugs.values()} if before else ()
    rules, over = home.configuration.review, precedence.passed_over(home)
    there = (each for each in read_but(home, out) if each.accession not in over)
    return [each for each in there if each.state(rules) in ("waiting", "held")][:most]


def _clock(home: Home, now: dt.datetime) -> list[Problem]:
    newest = home.register.index.newest()
    if newest <= encode_time(now):
        return []
    what = f"says {encode_time(now)}, but the newest statement in the register was made at {newest}"
    return [Problem("the clock", what, "set the clock right")]


def _showable(submission: Submission) -> bool:
    """Whether a page could be made of it: all that lies in its folder can be read, and it did not go out before."""
    there = submission.text and not isinstance(submission.record, list)
    listed = [name for name in submission.sums if name != "private.sums"]
    missing = [name for name in listed if not (submission.folder / name).is_file()]
    return bool(there) and not missing and not unfaithful(submission.text) and submission.week is None


def _drawn(home: Home, week: Week, now: dt.datetime, chosen: Sequence[Submission], before: Kept | None) -> Coming:
    """As `publish` draws it up, with nothing logged before it."""
    note, index = shown(home.register), home.register.size + len(page_notice(home, now))
    essays = [freeze(home, each, note) for each in chosen]
    approved = all(essay.reviews for essay in essays)
    site, _ = drawn_up(home, week, now, index, tuple(_reviewed(essay, index, now) for essay in essays), before)
    return Coming(home.site, site, but=() if approved else (by_hand.PAGE,))  # that takes a signature apart


def _reviewed(essay: PublishedEssay, index: int, now: dt.datetime) -> PublishedEssay:
    """Itself; where nobody approved it, with a review by nobody in the place of the one that it needs."""
    if essay.reviews:
        return essay
    nobody = Review(
        number=1,
        decision="publish",
        criteria=(),
        reviewer="no key",
        name=NOBODY,
        listed="register/allowed_signers",
        time=now,
        index=index,
        leaf=b"",
        signature=b"",
    )
    return dataclasses.replace(essay, reviews=(nobody,))


def _text(home: Home, submission: Submission, inspection: Inspection) -> Text:
    record = accepted(submission.record)
    words = many(len(submission.text.split()), "word")
    return Text(
        accession=submission.accession,
        slug=submission.slug,
        title=record.title,
        said=f"{submission.state(home.configuration.review)}, {words}",
        notable=inspection.notable,
    )


def _published(home: Home, letter: Newsletter, week: str) -> Draft:
    """As it went out, and lies in the site."""
    source = of_home(home)
    statement = home.register.statement(issued(home.register)[week])
    named = slugs_of(source, statement)
    there = {essay.accession: essay for essay in contents(source, statement, named).essays}
    texts = [
        Text(
            accession=accession,
            slug=slug,
            title=there[accession].record.title if accession in there else slug,
            said="published" if accession in there else "withdrawn",
        )
        for accession, slug in named.items()
    ]
    return Draft(
        newsletter=letter.title,
        address=letter.base_url,
        week=week,
        out=written(statement.time),
        texts=tuple(texts),
        files=Out(home.site),
    )
