"""Which candidate comes first: where the first that comes is taken, none is published before those that came earlier.

The rule is that of the series, as ``sampling.toml`` has it from before the first call: ``take = "first"``.
"""

from collections.abc import Iterator, Sequence

from archive.errors import Problem
from archive.home.home import Home
from archive.register.statement import SAMPLING
from publisher.essays.asked import samplings
from publisher.essays.submission import Submission


def problems(home: Home, submission: Submission) -> Iterator[Problem]:
    """What speaks against publishing an essay: an earlier candidate that was not withheld, or no rule logged before."""
    place, record = f"essays/{submission.folder.name}", submission.record
    rules = {each.slug: each.take for each in home.configuration.series}
    if submission.sampling is None or isinstance(record, list):
        return
    if record.series in rules and submission.sampling.take != rules[record.series]:
        what = f'{SAMPLING} does not say take = "first", as the series {record.series} does'
        yield Problem(place, what, "`publisher sample --series` says it before it asks; leave the series out here")
    if submission.sampling.take == "first":
        for other in _waiting(home, submission):
            what = f"{other} came before it, and in its series the first that comes is taken"
            yield Problem(place, what, f"publish {other}, or withhold it under a criterion")


def passed_over(home: Home) -> set[str]:
    """Accessions of candidates that nobody decided about, and of which another was published: they wait for nobody."""
    found: set[str] = set()
    for one in samplings(home.register).by_digest.values():
        lives = [home.lives[number] for number in one.came]
        if any(life.published for life in lives):
            found |= {life.accession.number for life in lives if not life.published and not life.decisions}
    return found


def _waiting(home: Home, submission: Submission) -> Sequence[str]:
    """The candidates that came before an essay and were not withheld."""
    asked = samplings(home.register).by_accession.get(submission.accession)
    earlier = asked.came[: asked.number(submission.accession) - 1] if asked else []
    needed = home.configuration.review.two_reviewers_for
    return [number for number in earlier if home.lives[number].state(needed) != "withheld"]
