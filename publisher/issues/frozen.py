"""What an issue froze: ``.archive/issues/<week>/`` keeps it by site path, and it is compared with the register.

Nothing of an old issue is read before something is made of it.
"""

import os
import re
from collections.abc import Mapping

from archive.errors import Problem, Refused, VerificationError, accepted
from archive.home.accession import Life
from archive.records.kinds import SLUG
from archive.records.sidecar import parse
from archive.records.sidecar import read as read_sidecar
from archive.register import sums
from archive.register.statement import Statement
from archive.register.sums import LIST
from publisher.essays.essay import EditorsNote, EssayRecord, PublishedEssay
from publisher.essays.registered import Registered
from publisher.essays.submission import parse_reviews, read_file
from publisher.issues.source import Source
from publisher.site.site import Contents, Files


def listing(source: Source, statement: Statement) -> dict[str, str]:
    """The list of an issue, as path → SHA-256. Raises `VerificationError` where it is not the one that was logged."""
    week = statement.predicate["week"]
    name = f"issues/{week}/{LIST}"
    data = read_file(source.frozen(week) / name)
    if sums.digest(data) != statement.subjects[name]:
        raise VerificationError(
            f"{source.place.format(week)}{name} is not what was logged: "
            f"expected SHA-256 {statement.subjects[name]}, found {sums.digest(data)}; "
            "bring the folder back from a copy"
        )
    return sums.parse(data, name)


def slugs(source: Source, statement: Statement) -> dict[str, str]:
    """Accession → slug of an issue's essays in their order, by the hash of their intake lists."""
    forms = {
        re.fullmatch(r"essays/([^/]+)/intake\.sums", path): sha for path, sha in listing(source, statement).items()
    }
    known = {source.lives.listed(sha): form[1] for form, sha in forms.items() if form}
    numbers = {accession.number: slug for accession, slug in known.items() if accession}
    return {accession: numbers[accession] for accession in statement.predicate["essays"]}


def said(source: Source, week: str, slug: str) -> tuple[str, str]:
    """The model and the series that a frozen ``essay.toml`` names; empty where it names none, or was withdrawn, or
    cannot be read, as is said when something is made of it.
    """
    table = parse(read_file(source.frozen(week) / f"essays/{slug}/essay.toml"), "essay.toml")
    model, series = ("", "") if isinstance(table, list) else (table.get("model"), table.get("series"))
    serial = series if isinstance(series, str) and re.fullmatch(SLUG, series) else ""
    return model if isinstance(model, str) else "", serial


def contents(source: Source, statement: Statement, slugs: Mapping[str, str]) -> Contents:
    """All that an issue brought and nobody withdrew. Raises `VerificationError` or `Refused` unless it is as logged."""
    listed = listing(source, statement)
    withdrawn = {path: sha for path, sha in listed.items() if path in source.withdrawn}
    frozen = _files(source, statement, {path: sha for path, sha in listed.items() if path not in withdrawn})
    own: dict[str, Files] = {slug: {} for slug in slugs.values()}
    for path, data in frozen.items():
        folder, _, rest = path.partition("/")
        slug, _, name = rest.partition("/")
        if folder == "essays" and name and slug in own:
            own[slug][name] = data
    essays = [
        published(source, source.lives[accession], slug, own[slug], source.notes.get(slug, {}))
        for accession, slug in slugs.items()
        if f"essays/{slug}/essay.md" not in withdrawn
    ]
    return Contents(tuple(essays), frozen, withdrawn)


def _files(source: Source, statement: Statement, listed: Mapping[str, str]) -> Files:
    week = statement.predicate["week"]
    folder, place = source.frozen(week), source.place.format(week)
    found: Files = {}
    problems = []
    for path, digest in listed.items():
        found[path] = read_file(f"{folder}/{path}")
        if not found[path] and not os.path.isfile(f"{folder}/{path}"):
            problems.append(Problem(f"{place}{path}", "is missing", "bring it back from a copy"))
            continue
        if (actual := sums.digest(found[path])) != digest:
            what = f"was changed: expected SHA-256 {digest}, found {actual}"
            problems.append(Problem(f"{place}{path}", what, "bring it back from a copy"))
    if problems:
        raise Refused(problems)
    return found


def published(source: Registered, life: Life, slug: str, own: Files, notes: Mapping[str, bytes]) -> PublishedEssay:
    """A published essay from what is frozen of it, and the editors' notes beside it by their paths in the home.

    `own` is everything under ``essays/<slug>/``, by its path there.
    """
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
        reviews=tuple(review for review in parse_reviews(source, life, decisions) if review.index in standing),
        files=own,
        editors=editors(notes),
    )


def editors(files: Mapping[str, bytes]) -> tuple[EditorsNote, ...]:
    """Editors' notes, by file name. Raises `Refused` with all that is wrong in them."""
    read = [read_sidecar(data, path, EditorsNote) for path, data in files.items()]
    if problems := [problem for note in read if isinstance(note, list) for problem in note]:
        raise Refused(problems)
    return tuple(note for note in read if isinstance(note, EditorsNote))
