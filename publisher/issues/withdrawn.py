"""What was published and taken down, as its notice in the register and the words beside it have it.

``essays/<slug>/notice.toml`` holds the words, and its hash stands in the notice with those of the files that went::

    format = 1
    accession = "E2026-0007"
    reason = "model-request"
    words = "The model asked for it."
"""

import re
from collections.abc import Iterable, Mapping

from archive.errors import Problem, Refused, VerificationError, accepted
from archive.home.accession import Logged
from archive.records.record import Sidecar
from archive.records.sidecar import read as read_sidecar
from archive.register.statement import Statement
from publisher.essays.essay import Text
from publisher.essays.submission import review_of
from publisher.issues.frozen import listing
from publisher.issues.source import Source
from publisher.issues.statements import issued
from publisher.site.site import Issue, Withdrawn

STAYS = "essay.md.tlog-proof"
"""Of an essay's files, what stays: hashes and a signature, by which a copy that somebody kept is still checked."""


class WithdrawalNotice(Sidecar):
    """``essays/<slug>/notice.toml``"""

    accession: str
    reason: str
    words: Text


def notice_of(slug: str) -> str:
    """Site path of the words: ``essays/on-commas/notice.toml``"""
    return f"essays/{slug}/notice.toml"


def leaving(listed: Mapping[str, str], week: str, slug: str) -> dict[str, str]:
    """What goes with an essay out of its issue's list, path → SHA-256: its files, what was said beside it, the mail."""
    places = (f"essays/{slug}/", f"issues/{week}/editors/{slug}/", f"issues/{week}/issue.eml")
    stays = f"essays/{slug}/{STAYS}"
    return {path: sha for path, sha in listed.items() if path.startswith(places) and path != stays}


def withdrawals(source: Source, issues: Iterable[Issue]) -> dict[str, Withdrawn]:
    """By accession, in the order of the register.

    Raises `VerificationError` where a notice takes down more, less or something else than one essay that was
    published, or where the words are not those that were logged.
    """
    if not source.withdrawals:
        return {}
    places = {slug: (issue, accession) for issue in issues for accession, slug in issue.slugs.items()}
    found: dict[str, Withdrawn] = {}
    gone: set[str] = set()
    for index, notice in source.withdrawals:
        form = next(filter(None, (re.fullmatch(r"essays/([^/]+)/essay\.md", name) for name in notice.subjects)), None)
        issue, accession = places.get(form[1] if form else "", (None, ""))
        if form is None or issue is None or accession in found:
            raise VerificationError(f"register: entry {index} withdraws what was not published")
        _check(source, index, notice, issue, form[1], gone)
        gone |= notice.subjects.keys()
        found[accession] = _withdrawn(source, index, notice, str(issue.week), accession, form[1])
    return found


def _check(source: Source, index: int, notice: Statement, issue: Issue, slug: str, gone: set[str]) -> None:
    """That a notice names exactly what goes with one essay, after its issue. `gone` went before."""
    week = str(issue.week)
    published = issued(source.register).get(week, index)
    listed = listing(source, source.register.statement(published)) if published < index else {}
    going = {path: sha for path, sha in leaving(listed, week, slug).items() if path not in gone}
    named = {path: sha for path, sha in notice.subjects.items() if path != notice_of(slug)}
    if named != going or notice.predicate.get("week") != week or len(named) == len(notice.subjects):
        odd = sorted(path for path in named | going if named.get(path) != going.get(path))
        raise VerificationError(
            f"register: entry {index} withdraws other files than those of essays/{slug}: "
            f"{', '.join(odd) or 'it does not name its week and its words'}"
        )


def _withdrawn(source: Source, index: int, notice: Statement, week: str, accession: str, slug: str) -> Withdrawn:
    name, life = notice_of(slug), source.lives[accession]
    data = source.notice(week, name, notice.subjects[name])
    said = accepted(read_sidecar(data, name, WithdrawalNotice))
    if (said.accession, said.reason) != (accession, notice.predicate["reason"]):
        raise Refused([Problem(name, "does not say what was logged", "bring it back from a copy")])
    approving = [decision for decision in life.last() if decision.decision == "publish"]
    return Withdrawn(
        accession=accession,
        slug=slug,
        sha256=notice.subjects[f"essays/{slug}/essay.md"],
        intake=life.intakes[0],
        reviews=tuple(review_of(source, decision) for decision in approving),
        logged=Logged(index, notice.time),
        code=said.reason,
        reason=said.words,
        notice=data,
    )
