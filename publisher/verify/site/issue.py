"""An issue of a site: its bodies, words and mail are what its texts give, as it was configured then."""

import dataclasses
import datetime as dt
import re
from collections.abc import Iterator, Mapping

from archive.errors import Error, Problem, Refused, accepted
from archive.records.sidecar import read as read_sidecar
from archive.register.statement import encode_time
from publisher.essays.essay import PublishedEssay
from publisher.essays.render import RENDERER, RENDERERS, article
from publisher.essays.words import lines, visible
from publisher.issues.frozen import editors
from publisher.issues.source import Notes, Source
from publisher.site import mail, settings
from publisher.site.settings import PROGRAM, Settings
from publisher.site.site import Issue, Site
from publisher.verify.site import authors
from publisher.verify.site.register import Opened
from publisher.week import Week

_AHEAD = dt.timedelta(hours=14)
"""By which a newsletter's own clock may be ahead of UTC."""
_OF_ESSAY = re.compile(
    r"essays/([^/]+)/(essay\.(md|toml)|intake\.sums|(essay\.md|intake\.sums)\.tlog-proof|nonce|re(quest|sponse)\.json|"
    r"sampling\.toml(\.tlog-proof)?|"
    r"article\.html|words\.txt|reviews/[1-9]\d*\.json(\.sig)?)"
)
_OF_WEEK = re.compile(
    rf"issues/([^/]+)/(issue\.eml|{re.escape(settings.NAME)}|editors/([^/]+)/[^/]+\.toml|"
    rf"{settings.AUTHORS}/M\d{{4}}-\d{{4,}}/(model\.toml|intake(-[1-9]\d*)?\.sums))"
)


def order(site: Opened) -> Iterator[Problem]:
    """Weeks go out in order, each once and none before it began; and no essay goes out twice."""
    before, out = "", dict[str, str]()
    for _, said in site.register.of_kind("issue"):
        week = said.predicate["week"]
        if week <= before:
            yield Problem(f"issues/{week}", f"was logged after {before}: weeks go out in order, each once")
        if Week.parse(week) > Week.of((said.time + _AHEAD).date()):
            yield Problem(f"issues/{week}", f"had not begun on {encode_time(said.time)}, when it was logged")
        for accession in said.predicate["essays"]:
            if accession in out:
                yield Problem(f"issues/{week}", f"its essay {accession} was in the issue {out[accession]} already")
            out[accession] = week
        before = max(before, week)


def freezes(issue: Issue, name: str) -> bool:
    """Whether a file belongs to what an issue freezes: by its path alone, since its list could name anything."""
    if form := _OF_ESSAY.fullmatch(name):
        return form[1] in issue.slugs.values()
    form = _OF_WEEK.fullmatch(name)
    return form is not None and form[1] == str(issue.week) and form[3] in (None, *issue.slugs.values())


def problems(site: Opened, source: Source, whole: Site, issue: Issue, index: int) -> Iterator[Problem]:
    """What is wrong with the issue that is entry `index`; `source` and `whole` are the site's own."""
    statement, name = source.register.statement(index), f"issues/{issue.week}/issue.eml"
    for essay in issue.essays:
        yield from _body(essay, statement.predicate["renderer"])
    try:
        then = _then(site, source, issue)
        yield from authors.problems(site, whole, issue, then.settings, index)
        made = _mail(then, whole, issue, index) if issue.mail else None
    except Error as error:
        yield Problem(name, f"cannot be made of what was frozen with it: {error}")
        return
    if made != issue.frozen.get(name):
        yield Problem(name, f"is not what is made of what was frozen with it{by(then)}")


def _then(site: Opened, source: Source, issue: Issue) -> Source:
    """The records as an issue froze them: its own settings and notes."""
    folder = f"issues/{issue.week}"
    name = f"{folder}/{settings.NAME}"
    return dataclasses.replace(
        source,
        settings=accepted(read_sidecar(site.folder.data(name), name, Settings)),
        notes=notes(site, {slug: f"{folder}/editors/{slug}" for slug in issue.slugs.values()}),
    )


def _mail(then: Source, whole: Site, issue: Issue, index: int) -> bytes:
    essays = (dataclasses.replace(essay, editors=editors(then.notes.get(essay.slug, {}))) for essay in issue.essays)
    constants = then.constants() | then.keyed(index) | {"mailing": settings.mailing(then.settings)}
    return mail.written_out(
        dataclasses.replace(whole, **constants, time=issue.time, statements=index), issue.with_essays(*essays)
    )


def _body(essay: PublishedEssay, renderer: str) -> Iterator[Problem]:
    """An essay's HTML and its words are what the renderer makes of its text."""
    place = f"essays/{essay.slug}"
    by = "" if renderer in RENDERERS else f": it was made by {renderer}, and the newest here is {RENDERER}"
    try:
        body = article(essay.text.decode(), renderer)
    except (UnicodeDecodeError, Refused) as error:
        yield Problem(f"{place}/essay.md", f"cannot be shown faithfully: {error}")
        return
    if body != essay.article:
        yield Problem(f"{place}/article.html", f"is not what the renderer makes of the text{by}")
    elif lines(visible(body)) != essay.files.get("words.txt"):
        yield Problem(f"{place}/words.txt", f"is not what article.html shows{by}")


def notes(site: Opened, places: Mapping[str, str]) -> Notes:
    """The editors' notes in some folders: `places` says which is whose, slug → folder."""
    found = {
        slug: {
            f"{place}/{name}": site.folder.data(f"{place}/{name}")
            for name in site.folders.get(place, ())
            if name.endswith(".toml")  # nothing else is a note, as in a home
        }
        for slug, place in places.items()
    }
    return {slug: files for slug, files in found.items() if files}


def by(source: Source) -> str:
    """Which program made it, to stand after what is wrong; empty where that was this one."""
    program = source.settings.program
    return "" if program == PROGRAM else f": {program} made the site, and this is {PROGRAM}; ask the other one"
