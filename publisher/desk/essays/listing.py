"""What waits, oldest first, and what has been decided; what was dropped and not logged yet stands above it."""

from collections.abc import Sequence
from urllib.parse import unquote

from starlette.responses import Response

from archive.desk.ask import Ask, page
from archive.desk.section import Waiting as Waits
from archive.home.home import Home
from archive.records.sidecar import parse
from archive.register.statement import decode_time
from archive.wording import many, written
from publisher.desk.essays import coming
from publisher.essays.essay import AUTHORS
from publisher.essays.submission import Submission, read_all
from publisher.status.choice import Known, together
from publisher.status.waiting import Waiting, waiting


def listing(ask: Ask) -> Response:
    """All essays of the home."""
    essays = read_all(ask.home)
    waits = _waiting(ask.home, essays)
    by = {each.accession: each for each in essays}
    shown = {each.accession for each in waits}
    rules = ask.home.configuration.review
    return page(
        ask,
        "essays/list.html",
        here="essays",
        waits=[(each, by[each.accession]) for each in waits],
        decided=[(each, each.state(rules)) for each in reversed(essays) if each.accession not in shown],
        trays=coming.trays(ask),
        roles=coming.ROLES,
        authors=dict(reversed(AUTHORS.items())),
        models=models(ask.home),
        said=said,
        day=day,
    )


def waits(ask: Ask) -> Sequence[Waits]:
    """For the first page: what waits for a person, and what was dropped and not logged."""
    found = []
    if trays := coming.trays(ask):
        found.append(Waits(what=f"{many(len(trays), 'text')} dropped and not logged yet", place="essays"))
    essays = read_all(ask.home)
    titles = {each.accession: said(each, "title") or each.slug for each in essays}
    for each in _waiting(ask.home, essays):
        if each.state != "approved" or each.missing:
            what = f"{titles[each.accession]} ({each.accession}) waits for {each.waits_for} since {day(each.since)}"
            found.append(Waits(what=what, place=f"essays/{each.slug}"))
    return found


def next_to(home: Home, submission: Submission) -> tuple[str, str]:
    """The slugs of what waits before and after an essay; empty where there is none."""
    slugs = [each.slug for each in _waiting(home, read_all(home))]
    if submission.slug not in slugs:
        return "", slugs[0] if slugs else ""
    at = slugs.index(submission.slug)
    return slugs[at - 1] if at else "", slugs[at + 1] if at + 1 < len(slugs) else ""


def models(home: Home) -> list[str]:
    """The ids of those that are known here."""
    return sorted(unquote(path.parent.name) for path in (home.root / "transcripts").glob("*/model.toml"))


def said(submission: Submission, key: str) -> str:
    """A line of essay.toml, as far as it is said there, whatever else is missing."""
    table = parse(submission.record_bytes, "essay.toml")
    value = "" if isinstance(table, list) else table.get(key, "")
    return value if isinstance(value, str) else ""


def day(time: str) -> str:
    """``27 November 2026``"""
    return written(decode_time(time))


def _waiting(home: Home, essays: Sequence[Submission]) -> list[Waiting]:
    known = [Known(each, *found) for each in essays if (found := waiting(home, each))]
    return together(home, known)[0]
