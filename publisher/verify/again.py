"""Making a site again out of the records that lie in it, with the function that published it, and comparing each byte.

Nothing is looked for in pages, mails or feeds: whatever they show, it is what the records and the program give, or it
is named.
"""

import dataclasses
from collections.abc import Iterator
from pathlib import Path

from archive.errors import Error, Problem, Refused, accepted
from archive.records.sidecar import read as read_sidecar
from archive.register import sums
from archive.register.statement import Statement
from archive.register.sums import LIST
from publisher.essays.essay import PublishedEssay
from publisher.essays.render import RENDERER, article
from publisher.essays.words import lines, visible
from publisher.issues.frozen import contents
from publisher.issues.records import read
from publisher.issues.source import Notes, Source
from publisher.issues.statements import clock, issued
from publisher.site import mail, settings
from publisher.site.compose import compose, is_live
from publisher.site.settings import PROGRAM, Settings
from publisher.site.site import Files, Issue, Site
from publisher.verify.opened import Opened


def problems(site: Opened) -> Iterator[Problem]:
    """What is not what is made of the records.

    The lists were compared with the register before, and every file with them; no link is among them. Raises `Error`
    where a record cannot be read.
    """
    source = of_site(site)
    newest = clock(source.register)
    if newest is None:
        return
    made = compose(read(source, size=newest, time=source.register.statement(newest).time))
    yield from _files(site, made.files, _by(source))
    for issue, index in zip(made.site.issues, issued(source.register).values(), strict=False):
        yield from _issue(site, source, made.site, issue, index)


def _files(site: Opened, made: Files, by: str) -> Iterator[Problem]:
    for name in sorted(made.keys() - {LIST}):  # it lists the others
        if name not in site.digests:
            yield Problem(name, f"is made of the records, and missing{by}")
        elif site.digests[name] != sums.digest(made[name]):
            yield Problem(name, f"is not what is made of the records{by}")
    for name in sorted(site.digests.keys() - made.keys()):
        if not _beside(name):
            yield Problem(name, f"is made of no record{by}")


def of_site(site: Opened) -> Source:
    """The records of a published site. Raises `Refused` with all that is wrong in ``newsletter.toml``."""
    folder = site.folder.path
    return Source(
        settings=accepted(read_sidecar(site.folder.data(settings.NAME), settings.NAME, Settings)),
        register=site.register,
        reviewers=site.reviewers,
        frozen=lambda week: folder,
        place="",
        notes=_notes(site, "essays/", "/editors/"),
    )


def _notes(site: Opened, start: str, middle: str) -> Notes:
    """The editors' notes whose paths are `start`, a slug, `middle`, and a name."""
    found: dict[str, dict[str, bytes]] = {}
    for name in sorted(site.folder.names):
        slug, is_note, rest = name.removeprefix(start).partition(middle)
        if name.startswith(start) and is_note and "/" not in slug + rest:
            found.setdefault(slug, {})[name] = site.folder.data(name)
    return found


def _beside(name: str) -> bool:
    """Whether a file is no part of what is made: the register, and the proofs, which are checked against it."""
    return is_live(name) or Path(name).name == f"{LIST}.tlog-proof"


def _by(source: Source) -> str:
    program = source.settings.program
    return "" if program == PROGRAM else f": {program} made the site, and this is {PROGRAM}; ask the other one"


def _issue(site: Opened, source: Source, whole: Site, issue: Issue, index: int) -> Iterator[Problem]:
    """What pages, mail and feeds show of an issue is what its texts give, as it was configured then."""
    statement, name = source.register.statement(index), f"issues/{issue.week}/issue.eml"
    for essay in issue.essays:
        yield from _body(essay, statement.predicate["renderer"])
    try:
        then = _then(site, source, f"issues/{issue.week}")
        made = _mail(then, whole, issue, index, statement) if issue.mail else None
    except Error as error:
        yield Problem(name, f"cannot be made of what was frozen with it: {error}")
        return
    if made != issue.frozen.get(name):
        yield Problem(name, f"is not what is made of what was frozen with it{_by(then)}")


def _then(site: Opened, source: Source, folder: str) -> Source:
    """The records as an issue froze them: its own settings and notes."""
    name = f"{folder}/{settings.NAME}"
    return dataclasses.replace(
        source,
        settings=accepted(read_sidecar(site.folder.data(name), name, Settings)),
        notes=_notes(site, f"{folder}/editors/", "/"),
    )


def _mail(then: Source, whole: Site, issue: Issue, index: int, statement: Statement) -> bytes:
    held = contents(then, statement, issue.slugs)
    draft = Issue.whole(week=issue.week, number=issue.number, time=issue.time, essays=held.essays, frozen=held.frozen)
    return mail.written_out(dataclasses.replace(whole, **then.constants(), time=issue.time, statements=index), draft)


def _body(essay: PublishedEssay, renderer: str) -> Iterator[Problem]:
    """An essay's HTML and its words are what the renderer makes of its text."""
    place = f"essays/{essay.slug}"
    by = "" if renderer == RENDERER else f": it was made by {renderer}, and this program has {RENDERER}"
    try:
        body = article(essay.text.decode())
    except (UnicodeDecodeError, Refused) as error:
        yield Problem(f"{place}/essay.md", f"cannot be shown faithfully: {error}")
        return
    if body != essay.article:
        yield Problem(f"{place}/article.html", f"is not what the renderer makes of the text{by}")
    elif lines(visible(body)) != essay.files.get("words.txt"):
        yield Problem(f"{place}/words.txt", f"is not what article.html shows{by}")
