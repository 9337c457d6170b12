"""From a home's records and a prefix of its register to a `Site`, and from a `Site` to the files of the site.

``.archive/issues/<week>/`` keeps what an issue froze, by site path, and is compared with the register on every reading.
"""

import datetime as dt
from collections.abc import Iterable, Sequence
from pathlib import Path

from archive.errors import Problem, Refused, VerificationError, accepted
from archive.home.accession import Logged, decided
from archive.home.home import Home
from archive.records.sidecar import Sidecar
from archive.records.sidecar import read as read_sidecar
from archive.register import sums
from archive.register.register import Register
from archive.register.statement import Statement
from publisher.essays.essay import EditorsNote, EssayRecord, PublishedEssay, Text
from publisher.essays.submission import essay_folders, parse_reviews
from publisher.site import feed, pages
from publisher.site.site import Files, Gap, Issue, Site, Withheld
from publisher.week import Week

LIST = "SHA256SUMS"
NO_NEWSLETTER = Problem(
    "archive.toml",
    "expected a table [newsletter], found none",
    "fill it in: title, base_url, tag_authority, from, list_id",
)
LIVE = ("register/checkpoint", "register/tile/")
"""Under the site, but outside its lists: they change with every statement."""


class Notice(Sidecar):
    """``issues/<week>/notice.toml``: why a week had no issue."""

    week: str
    reason: str
    words: Text


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
    if configuration.newsletter is None:
        raise Refused([NO_NEWSLETTER])
    known = home.register.statements[: size + 1]
    logged = {i: s for i, s in enumerate(known) if s.kind == "issue"}
    issues = [_issue(home, i, number) for number, i in enumerate(logged, 1)]
    issues += upcoming
    shown = {essay.accession for issue in issues for essay in issue.essays}
    withheld, waiting = _undecided(home, size, shown)
    return Site(
        name=configuration.archive.name,
        newsletter=configuration.newsletter,
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


def files(site: Site) -> Files:
    """Every file of the site but the lists' proofs and what is live under ``register/``."""
    rendered = pages.render(site) | feed.render(site)
    rendered["register/policy"] = f"log {site.vkey}\nquorum none\n".encode()
    rendered["register/allowed_signers"] = site.allowed_signers
    rendered |= {f"issues/{gap.week}/notice.toml": gap.notice for gap in site.gaps}
    frozen: Files = {}
    for issue in site.issues:
        frozen |= issue.frozen
        rendered[f"issues/{issue.week}/{LIST}"] = issue_list(issue)
    root = sums.write({name: sums.digest(data) for name, data in rendered.items()})
    return rendered | frozen | {LIST: root}


def issue_list(issue: Issue) -> bytes:
    """``issues/<week>/SHA256SUMS``: what is frozen, by site path."""
    return sums.write({name: sums.digest(data) for name, data in issue.frozen.items()})


def published(
    accession: str,
    slug: str,
    intake: Logged,
    own: Files,
    home: Home,
    editors: Iterable[EditorsNote],
) -> PublishedEssay:
    """A published essay from what is frozen of it: `own` is everything under ``essays/<slug>/``, by its path there."""
    positions = {leaf: index for index, leaf in enumerate(home.register.leaves)}
    decisions = {name.removeprefix("reviews/"): data for name, data in own.items() if name.startswith("reviews/")}
    expected = {f"{accession}/{name}": sums.digest(own[name]) for name in ("essay.md", "essay.toml")}
    reviews = [r for r in parse_reviews(decisions, positions, home.signers.names) if r.decision == "publish"]
    record = accepted(read_sidecar(own["essay.toml"], f"essays/{slug}/essay.toml", EssayRecord))
    return PublishedEssay(
        accession=accession,
        slug=slug,
        text=own["essay.md"],
        sha256=sums.digest(own["essay.md"]),
        record=record,
        article=own["article.html"].decode(),
        intake=intake,
        reviews=tuple(r for r in reviews if expected.items() <= Statement.decode(r.leaf).subjects.items()),
        files=own,
        editors=tuple(editors),
    )


def read_editors(folder: Path | None) -> list[EditorsNote]:
    """The editors' notes in a submission's folder, by file name. Raises `Refused` with all that is wrong in them."""
    notes, problems = [], []
    for path in sorted((folder / "editors").glob("*.toml")) if folder else []:
        note = read_sidecar(path.read_bytes(), f"essays/{path.parent.parent.name}/editors/{path.name}", EditorsNote)
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
    intakes = {
        name.split("/")[0]: Logged(i, s.time)
        for i, s in enumerate(home.register.statements)
        for name in (s.subjects if s.kind == "intake" else ())
    }
    slugs = _slugs(frozen, intakes, home.register)
    folders = essay_folders(home.root)
    essays = []
    for accession in statement.predicate["essays"]:
        slug = slugs[accession]
        own = {n.removeprefix(f"essays/{slug}/"): d for n, d in frozen.items() if n.startswith(f"essays/{slug}/")}
        editors = read_editors(folders.get(slug))
        essays.append(published(accession, slug, intakes[accession], own, home, editors))
    return Issue(week=Week.parse(week), number=number, time=statement.time, essays=tuple(essays), frozen=frozen)


def _slugs(frozen: Files, intakes: dict[str, Logged], register: Register) -> dict[str, str]:
    """Accession → slug of the essays among frozen files, by the hash of their intake lists."""
    by_digest = {d: a for a, logged in intakes.items() for d in register.statements[logged.index].subjects.values()}
    return {
        by_digest[sums.digest(data)]: name.split("/")[1]
        for name, data in frozen.items()
        if name.startswith("essays/") and name.count("/") == 2 and name.endswith("/intake.sums")
    }


def _frozen(folder: Path, name: str, statement: Statement) -> Files:
    """Everything an issue froze, compared with its list, and the list with the register."""
    try:
        listing = (folder / name).read_bytes()
    except FileNotFoundError:
        listing = b""
    if sums.digest(listing) != statement.subjects[name]:
        raise VerificationError(
            f".archive/issues/{folder.name}/{name} is not what was logged: "
            f"expected SHA-256 {statement.subjects[name]}, found {sums.digest(listing)}; "
            "bring the folder back from a copy"
        )
    frozen, problems = {}, []
    for path, digest in sums.parse(listing, name).items():
        try:
            frozen[path] = (folder / path).read_bytes()
        except FileNotFoundError:
            problems.append(Problem(f".archive/issues/{folder.name}/{path}", "is missing", "bring it back from a copy"))
            continue
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
            path = frozen_folder(home, week) / name
            try:
                data = path.read_bytes()
            except FileNotFoundError:
                data = b""
            if sums.digest(data) != statement.subjects[name]:
                place = f".archive/issues/{week}/{name}"
                raise Refused([Problem(place, "is not the notice that was logged", "bring it back from a copy")])
            notice = accepted(read_sidecar(data, name, Notice))
            logged = Logged(index, statement.time)
            found.append(Gap(week=Week.parse(week), reason=notice.words, logged=logged, notice=data))
    return sorted(found, key=lambda gap: gap.week)


def _undecided(home: Home, size: int, shown: set[str]) -> tuple[tuple[Withheld, ...], tuple[tuple[str, Logged], ...]]:
    """Essays that were not published: withheld ones with their reviews, and the others."""
    from publisher.essays.submission import read_reviews

    folders = {}
    for path in (home.root / "essays").glob("*/intake.sums"):
        folders[sums.digest(path.read_bytes())] = path.parent
    withheld, waiting = [], []
    for life in home.lives.of("essay"):
        accession, logged = life.accession.number, life.intakes[0]
        if accession in shown or logged.index >= size:
            continue
        reviews = []
        if folder := folders.get(life.lists[0]):
            reviews = [r for r in read_reviews(home, folder, accession) if r.index < size]
        last = {review.reviewer: review for review in reviews}
        if decided([r.decision for r in last.values()], home.configuration.review.two_reviewers_for) == "withheld":
            withheld.append(Withheld(accession=accession, intake=logged, reviews=tuple(last.values())))
        else:
            waiting.append((accession, logged))
    return tuple(withheld), tuple(waiting)


def is_live(name: str) -> bool:
    """Whether a site path is outside the lists because it changes with every statement."""
    return name == LIVE[0] or name.startswith(LIVE[1])
