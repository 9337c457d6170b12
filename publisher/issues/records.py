"""From a home's records and a prefix of its register to a `Site`.

``.archive/issues/<week>/`` keeps what an issue froze, by site path, and is compared with the register on every reading.
"""

import datetime as dt
import re
from collections.abc import Iterable, Sequence
from pathlib import Path

from archive.errors import Problem, Refused, VerificationError, accepted
from archive.home.accession import Life, Lives, Logged
from archive.home.configuration import Newsletter
from archive.home.home import Home
from archive.records.record import Sidecar
from archive.records.sidecar import read as read_sidecar
from archive.register import sums
from archive.register.register import Register
from archive.register.statement import Statement
from archive.register.sums import LIST
from publisher.essays.essay import EditorsNote, EssayRecord, PublishedEssay, Text
from publisher.essays.submission import essay_folders, parse_reviews, read_file, review_of
from publisher.site.site import Files, Gap, Issue, Site, Withheld
from publisher.week import Week

NO_NEWSLETTER = Problem(
    "archive.toml",
    "expected a table [newsletter], found none",
    "fill it in: title, base_url, tag_authority, from, list_id",
)


class Notice(Sidecar):
    """``issues/<week>/notice.toml``: why a week had no issue."""

    week: str
    reason: str
    words: Text


def newsletter(home: Home) -> Newsletter:
    """Raises `Refused` without one."""
    if home.configuration.newsletter is None:
        raise Refused([NO_NEWSLETTER])
    return home.configuration.newsletter


def frozen_folder(home: Home, week: str) -> Path:
    return home.hidden / "issues" / week


def sets_clock(statement: Statement) -> bool:
    """Whether the site's clock is the time of this statement, once it is the newest such."""
    return statement.kind == "issue" or (statement.kind == "notice" and statement.predicate["kind"] == "site")


def clock(register: Register) -> int | None:
    """Index of the newest issue or site statement."""
    return max((i for i, s in enumerate(register.statements) if sets_clock(s)), default=None)


def read(home: Home, *, size: int, time: dt.datetime, upcoming: Sequence[Issue] = ()) -> Site:
    """The site as its renderers see it at `time`, knowing the first `size` statements, and the issues among one more.

    Raises `VerificationError` or `Refused` where a record is not what was logged.
    """
    configuration = home.configuration
    if home.signers.problems:  # without them nobody could know whose reviews count
        raise Refused(home.signers.problems)
    known = home.register.statements[: size + 1]
    logged = {i: s for i, s in enumerate(known) if s.kind == "issue"}
    issues = [_issue(home, i, number) for number, i in enumerate(logged, 1)]
    issues += upcoming
    shown = {essay.accession for issue in issues for essay in issue.essays}
    withheld, waiting = _undecided(home, size, shown)
    return Site(
        name=configuration.archive.name,
        newsletter=newsletter(home),
        criteria=tuple(configuration.review.criteria),
        namespace=configuration.review.namespace,
        origin=home.register.key.name,
        vkey=str(home.register.key),
        sample=configuration.archive.sample,
        time=time,
        statements=size,
        issues=tuple(issues),
        gaps=tuple(_gaps(home, home.register.statements[:size])),
        withheld=withheld,
        waiting=waiting,
        allowed_signers=home.signers.data,
    )


def published(home: Home, life: Life, slug: str, own: Files) -> PublishedEssay:
    """A published essay from what is frozen of it: `own` is everything under ``essays/<slug>/``, by its path there."""
    decisions = {name.removeprefix("reviews/"): data for name, data in own.items() if name.startswith("reviews/")}
    approved = {name: sums.digest(own[name]) for name in ("essay.md", "essay.toml")}
    standing = {decision.index for decision in life.decisions if approved.items() <= decision.subjects.items()}
    return PublishedEssay(
        accession=life.accession.number,
        slug=slug,
        text=own["essay.md"],
        sha256=approved["essay.md"],
        record=accepted(read_sidecar(own["essay.toml"], f"essays/{slug}/essay.toml", EssayRecord)),
        article=own["article.html"].decode(),
        intake=life.intakes[0],
        reviews=tuple(review for review in parse_reviews(home, life, decisions) if review.index in standing),
        files=own,
        editors=tuple(read_editors(essay_folders(home.root).get(slug))),
    )


def read_editors(folder: Path | None) -> list[EditorsNote]:
    """The editors' notes in a submission's folder, by file name. Raises `Refused` with all that is wrong in them."""
    notes, problems = [], []
    for path in sorted((folder / "editors").glob("*.toml")) if folder else []:
        note = read_sidecar(read_file(path), f"essays/{path.parent.parent.name}/editors/{path.name}", EditorsNote)
        if isinstance(note, list):
            problems += note
        else:
            notes.append(note)
    if problems:
        raise Refused(problems)
    return notes


def _issue(home: Home, index: int, number: int) -> Issue:
    statement = home.register.statements[index]
    week = statement.predicate["week"]
    folder = frozen_folder(home, week)
    frozen = _frozen(folder, f"issues/{week}/{LIST}", statement)
    slugs = _slugs(home, frozen)
    essays = []
    for accession in statement.predicate["essays"]:
        slug = slugs[accession]
        own = {n.removeprefix(f"essays/{slug}/"): d for n, d in frozen.items() if n.startswith(f"essays/{slug}/")}
        essays.append(published(home, home.lives[accession], slug, own))
    return Issue(week=Week.parse(week), number=number, time=statement.time, essays=tuple(essays), frozen=frozen)


def _slugs(home: Home, frozen: Files) -> dict[str, str]:
    """Accession → slug of the essays among frozen files, by the hash of their intake lists."""
    lists = {n.split("/")[1]: d for n, d in frozen.items() if re.fullmatch(r"essays/[^/]+/intake\.sums", n)}
    known = {slug: home.lives.listed(sums.digest(data)) for slug, data in lists.items()}
    return {accession.number: slug for slug, accession in known.items() if accession}


def _frozen(folder: Path, name: str, statement: Statement) -> Files:
    """Everything an issue froze, compared with its list, and the list with the register."""
    listing = read_file(folder / name)
    if sums.digest(listing) != statement.subjects[name]:
        raise VerificationError(
            f".archive/issues/{folder.name}/{name} is not what was logged: "
            f"expected SHA-256 {statement.subjects[name]}, found {sums.digest(listing)}; "
            "bring the folder back from a copy"
        )
    frozen, problems = {}, []
    for path, digest in sums.parse(listing, name).items():
        if not (folder / path).is_file():
            problems.append(Problem(f".archive/issues/{folder.name}/{path}", "is missing", "bring it back from a copy"))
            continue
        frozen[path] = read_file(folder / path)
        if sums.digest(frozen[path]) != digest:
            what = f"was changed: expected SHA-256 {digest}, found {sums.digest(frozen[path])}"
            problems.append(Problem(f".archive/issues/{folder.name}/{path}", what, "bring it back from a copy"))
    if problems:
        raise Refused(problems)
    return frozen


def _gaps(home: Home, statements: Sequence[Statement]) -> Iterable[Gap]:
    found = []
    for index, statement in enumerate(statements):
        if statement.kind == "notice" and statement.predicate["kind"] == "no-issue":
            week = statement.predicate["week"]
            name = f"issues/{week}/notice.toml"
            data = read_file(frozen_folder(home, week) / name)
            if sums.digest(data) != statement.subjects[name]:
                place = f".archive/issues/{week}/{name}"
                raise Refused([Problem(place, "is not the notice that was logged", "bring it back from a copy")])
            notice = accepted(read_sidecar(data, name, Notice))
            logged = Logged(index, statement.time)
            found.append(Gap(week=Week.parse(week), reason=notice.words, logged=logged, notice=data))
    return sorted(found, key=lambda gap: gap.week)


def _undecided(home: Home, size: int, shown: set[str]) -> tuple[tuple[Withheld, ...], tuple[tuple[str, Logged], ...]]:
    """Essays that were not published: withheld ones with their reviews, and the others."""
    rules = home.configuration.review.two_reviewers_for
    withheld, waiting = [], []
    for life in Lives(home.register, size).of("essay"):
        accession, logged = life.accession.number, life.intakes[0]
        if accession in shown:
            continue
        if life.state(rules) == "withheld":
            reviews = tuple(review_of(home, decision) for decision in life.last())
            withheld.append(Withheld(accession=accession, intake=logged, reviews=reviews))
        else:
            waiting.append((accession, logged))
    return tuple(withheld), tuple(waiting)
