"""What the feeds say: an entry for each essay, published or withdrawn, and for each week without an issue.

An entry's id is a ``tag:`` URI and never changes, nor does its date: the time of its issue, less one second for each
essay before it, since readers sort by time. Where an essay is withdrawn, its entry stays, with the same id and date,
and holds a notice and nothing of the text. That, or what editors add beside a text, is when it was `updated`.
"""

import datetime as dt
from dataclasses import dataclass
from functools import lru_cache
from operator import itemgetter
from typing import NamedTuple

from markupsafe import Markup

from archive.wording import written
from publisher.essays.essay import EditorsNote, PublishedEssay
from publisher.site.colophon import LIMITS, SAMPLE, author, making
from publisher.site.shared import paragraphs
from publisher.site.site import Gap, Issue, Site, Withdrawn


@dataclass(frozen=True, slots=True, kw_only=True)
class File:
    """One that an essay's entry leads to."""

    url: str
    type: str
    size: int
    title: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """What every format says of an essay, or of a week without one."""

    id: str
    url: str
    title: str
    author: str
    author_url: str = ""
    """Of the page about it."""
    language: str
    time: dt.datetime
    summary: str
    html: str
    essay: PublishedEssay | None = None
    withdrawn: Withdrawn | None = None
    files: tuple[File, ...] = ()

    @property
    def updated(self) -> dt.datetime:
        """When it was withdrawn, or the day of what editors said last beside it."""
        if self.withdrawn:
            return self.withdrawn.logged.time
        days = [note.date for note in self.essay.editors] if self.essay else []
        return max([self.time, *(dt.datetime.combine(day, dt.time(), dt.UTC) for day in days)])


class Place(NamedTuple):
    """Where an entry stands among all, and what it is of."""

    time: dt.datetime
    week: str
    before: int
    """Less one for each essay of its issue that stands before it there."""
    inputs: str
    """What it is made from, beside the site's constants."""
    of: Issue | Gap
    accession: str = ""


@lru_cache(maxsize=2)  # each feed asks
def places(site: Site) -> list[Place]:
    """Oldest first; new ones only ever come at the end, since the register's times do not go back."""
    places = [Place(gap.logged.time, str(gap.week), 0, f"{gap.week}:none", gap) for gap in site.gaps]
    for issue in site.issues:
        week = str(issue.week)
        for place, (accession, slug) in enumerate(issue.slugs.items()):
            gone = site.withdrawn.get(accession)
            inputs = (
                gone.name if gone else f"{accession}{site.edited(slug)} {site.known(issue.authors.get(accession, ''))}"
            )
            places.append(Place(issue.time, week, -place, inputs, issue, accession))
    return sorted(places, key=itemgetter(0, 1, 2))


def made(site: Site, places: list[Place]) -> list[Entry]:
    """The entries at these places."""
    return [_entry(site, place) for place in places]


@lru_cache(maxsize=64)  # most stand in several feeds
def _entry(site: Site, place: Place) -> Entry:
    if isinstance(place.of, Gap):
        return _gap(site, place.of)
    time = place.time + dt.timedelta(seconds=place.before)
    if place.accession in site.withdrawn:
        return _withdrawn(site, place.of, site.withdrawn[place.accession], time)
    return _essay(site, place.of.essay(place.accession), time)


def _essay(site: Site, essay: PublishedEssay, time: dt.datetime) -> Entry:
    folder = site.url(f"essays/{essay.slug}/")
    text = File(url=f"{folder}essay.md", type="text/markdown", size=len(essay.text), title="The text as received")
    proof = File(
        url=f"{folder}essay.md.tlog-proof", type="text/plain", size=len(essay.proof), title="The proof of its review"
    )
    return Entry(
        id=site.tag(essay.accession),
        url=folder,
        title=essay.record.title,
        author=author(site, essay),
        author_url=site.url(site.page_of(essay.record.model).removesuffix("index.html")),
        language=essay.record.language or site.newsletter.language,
        time=time,
        summary=f"Not edited. SHA-256 of the text: {essay.sha256}",
        html=_content(site, essay, folder),
        essay=essay,
        files=(text, proof),
    )


def _withdrawn(site: Site, issue: Issue, essay: Withdrawn, time: dt.datetime) -> Entry:
    said = [Markup("<p>{}</p>").format(part) for part in paragraphs(essay.reason)]
    logged = Markup(
        "<p>An essay stood here. It was withdrawn on {}, which is statement {} of the register. "
        "SHA-256 of its text: <code>{}</code></p>"
    )
    return Entry(
        id=site.tag(essay.accession),
        url=site.url(f"essays/{essay.slug}/"),
        title=f"Withdrawn: an essay of issue {issue.number}",
        author=site.name,
        language=site.newsletter.language,
        time=time,
        summary=f"Withdrawn on {written(essay.logged.time)}.",
        html=Markup("\n").join((logged.format(written(essay.logged.time), essay.logged.index, essay.sha256), *said)),
        withdrawn=essay,
    )


def _gap(site: Site, gap: Gap) -> Entry:
    reason = Markup("\n").join(Markup("<p>{}</p>").format(part) for part in paragraphs(gap.reason))
    logged = Markup("<p>Entered in the register on {} as statement {}.</p>")
    return Entry(
        id=site.tag(f"no-issue/{gap.week}"),
        url=site.url(f"issues/{gap.week}/"),
        title=f"No issue in week {gap.week}",
        author=site.name,
        language=site.newsletter.language,
        time=gap.logged.time,
        summary="A week without an issue, and why.",
        html=reason + "\n" + logged.format(written(gap.logged.time), gap.logged.index),
    )


def _content(site: Site, essay: PublishedEssay, folder: str) -> str:
    """An essay as a feed shows it: its hash, its article untouched between two rules, and what is said about it."""
    language = essay.record.language or site.newsletter.language
    provenance = Markup(
        '<p class="provenance">SHA-256 <code>%s</code> · '
        '<a href="%sessay.md">text</a> · <a href="%sessay.md.tlog-proof">proof</a></p>'
    )
    article = Markup('<hr>\n<div class="essay" data-sha256="%s" lang="%s" dir="auto">%s</div>\n<hr>')
    made = Markup('<p>%s <a href="%s">How it came to be, and how to check it</a></p>')
    checkpoint = Markup("<p>The register’s checkpoint, to compare with others’:</p>\n<pre>%s</pre>")
    return Markup("\n").join(
        (
            *([Markup("<p><b>{}</b></p>").format(SAMPLE)] if site.sample else []),
            provenance % (essay.sha256, folder, folder),
            *(_note(note) for note in essay.editors if note.place == "before"),
            article % (essay.sha256, language, Markup(essay.article)),
            *(_note(note) for note in essay.editors if note.place == "after"),
            made % (making(essay, author(site, essay)), folder),
            Markup("<p>%s</p>") % LIMITS,
            *([Markup("<p>{}</p>").format(site.newsletter.disclaimer)] if site.newsletter.disclaimer else []),
            checkpoint % essay.checkpoint,
        )
    )


def _note(note: EditorsNote) -> Markup:
    kind = "Erratum" if note.kind == "erratum" else "Note"
    said = Markup("").join(Markup("<p>{}</p>").format(part) for part in paragraphs(note.text))
    whole = Markup("<blockquote><p><b>{} by the editors, not the model’s words</b></p>{}<p>{}, {}</p></blockquote>")
    return whole.format(kind, said, note.by, written(note.date))
