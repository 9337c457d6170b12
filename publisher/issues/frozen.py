"""What an issue froze: ``.archive/issues/<week>/`` keeps it by site path, and it is compared with the register.

Nothing of an old issue is read before something is made of it.
"""

import os
import re
from collections.abc import Mapping
from pathlib import Path

from archive.errors import Problem, Refused, VerificationError, accepted
from archive.home.accession import Life
from archive.home.home import Home
from archive.records.sidecar import read as read_sidecar
from archive.register import sums
from archive.register.statement import Statement
from archive.register.sums import LIST
from publisher.essays.essay import EditorsNote, EssayRecord, PublishedEssay
from publisher.essays.submission import folders_of, parse_reviews, read_file
from publisher.site.site import Contents, Files


def frozen_folder(home: Home, week: str) -> Path:
    """``.archive/issues/2026-W48``"""
    return home.hidden / "issues" / week


def listing(home: Home, statement: Statement) -> dict[str, str]:
    """The list of an issue, as path → SHA-256. Raises `VerificationError` where it is not the one that was logged."""
    week = statement.predicate["week"]
    name = f"issues/{week}/{LIST}"
    data = read_file(frozen_folder(home, week) / name)
    if sums.digest(data) != statement.subjects[name]:
        raise VerificationError(
            f".archive/issues/{week}/{name} is not what was logged: "
            f"expected SHA-256 {statement.subjects[name]}, found {sums.digest(data)}; "
            "bring the folder back from a copy"
        )
    return sums.parse(data, name)


def slugs(home: Home, statement: Statement) -> dict[str, str]:
    """Accession → slug of an issue's essays in their order, by the hash of their intake lists."""
    forms = {re.fullmatch(r"essays/([^/]+)/intake\.sums", path): sha for path, sha in listing(home, statement).items()}
    known = {home.lives.listed(sha): form[1] for form, sha in forms.items() if form}
    numbers = {accession.number: slug for accession, slug in known.items() if accession}
    return {accession: numbers[accession] for accession in statement.predicate["essays"]}


def contents(home: Home, statement: Statement, slugs: Mapping[str, str]) -> Contents:
    """All that an issue brought. Raises `VerificationError` or `Refused` where it is not what was logged."""
    frozen = _files(home, statement)
    essays = []
    for accession, slug in slugs.items():
        own = {n.removeprefix(f"essays/{slug}/"): d for n, d in frozen.items() if n.startswith(f"essays/{slug}/")}
        essays.append(published(home, home.lives[accession], slug, own))
    return Contents(tuple(essays), frozen)


def _files(home: Home, statement: Statement) -> Files:
    folder, found, problems = frozen_folder(home, statement.predicate["week"]), {}, []
    for path, digest in listing(home, statement).items():
        if not (folder / path).is_file():
            problems.append(Problem(f".archive/issues/{folder.name}/{path}", "is missing", "bring it back from a copy"))
            continue
        found[path] = read_file(folder / path)
        if sums.digest(found[path]) != digest:
            what = f"was changed: expected SHA-256 {digest}, found {sums.digest(found[path])}"
            problems.append(Problem(f".archive/issues/{folder.name}/{path}", what, "bring it back from a copy"))
    if problems:
        raise Refused(problems)
    return found


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
        editors=tuple(editors(folders_of(home.root, slug))),
    )


def editors(folders: list[Path]) -> list[EditorsNote]:
    """The editors' notes in an essay's folder, by file name. Raises `Refused` with all that is wrong in them."""
    notes, problems = [], []
    for folder in folders[-1:]:
        for name, data in notes_in(folder).items():
            note = read_sidecar(data, f"essays/{folder.name}/editors/{name}", EditorsNote)
            if isinstance(note, list):
                problems += note
            else:
                notes.append(note)
    if problems:
        raise Refused(problems)
    return notes


def notes_in(folder: Path) -> Files:
    """The files of the editors' notes in an essay's folder, by name."""
    try:
        names = sorted(name for name in os.listdir(f"{folder}/editors") if name.endswith(".toml"))
    except (FileNotFoundError, NotADirectoryError):
        return {}
    return {name: read_file(folder / "editors" / name) for name in names}
