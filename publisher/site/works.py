"""What pages about several essays know of each: its line in lists, read out of what is told of its issue."""

import datetime as dt
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from archive.research.ledger import Essay
from publisher.site.index import objects
from publisher.site.site import Issue, Site


@dataclass(frozen=True, slots=True, kw_only=True)
class Work:
    """One essay that was published and not withdrawn."""

    accession: str
    slug: str
    title: str
    model: str
    language: str
    series: str
    preference: str
    week: str
    time: dt.datetime
    """Of its issue."""


def works(site: Site, model: str) -> Iterator[Work]:
    """Those of one model, by its id; in the order of publishing."""
    for issue in site.issues:
        if any(site.id_of(author) == model for author in issue.authors.values()):
            yield from (work for work in _of_issue(site, issue) if site.id_of(work.model) == model)


def _of_issue(site: Site, issue: Issue) -> Iterator[Work]:
    told = issue.told.essays if issue.told else objects(site, issue)[1]
    for said in map(json.loads, told):
        yield Work(
            **{key: said[key] for key in ("accession", "slug", "title", "model", "language", "week")},
            series=said["series"] or "",
            preference=said["preference"] or "",
            time=issue.time,
        )


def in_ledger(written: Iterable[Work], model: str) -> tuple[Essay, ...]:
    """A model's essays as the ledger has them; by accession."""
    out = [
        Essay(
            accession=work.accession,
            slug=work.slug,
            model=model,
            series=work.series,
            preference=work.preference,
            title=work.title,
            week=work.week,
            published=work.time.date(),
            withdrawn=None,
            standing="published",
        )
        for work in written
    ]
    return tuple(sorted(out, key=lambda essay: essay.accession))
