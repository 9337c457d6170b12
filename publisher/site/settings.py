"""``newsletter.toml``: what of ``archive.toml`` a site is made with, and by which program.

Who checks the site reads it back.
"""

from collections.abc import Iterator, Mapping, Sequence

from archive import __version__
from archive.home.appearance import Appearance
from archive.home.configuration import About, Archive, Line, Newsletter, ReviewRules, Search, Serial, Witness
from archive.records.kinds import Many, Ordinal
from archive.records.record import Record
from archive.records.toml import table
from publisher.site.site import Files, Issue, Mailing, Site

NAME = "newsletter.toml"
PROGRAM = f"emeritus {__version__}"
FORM = 2
"""Of mails as they are made now."""
AUTHORS = "authors"
"""Beside it among what an issue froze: in ``authors/M2026-0001/`` a ``model.toml`` and the list that names it."""


class Author(Record):
    """``[[author]]``: a model that wrote something in an issue."""

    id: Line
    name: Line
    page: Line
    """Site path of the page about it."""


class Settings(Record):
    """All of ``newsletter.toml``."""

    program: str
    """Which made the site: ``emeritus 0.1.0``."""
    archive: Archive
    newsletter: Newsletter
    about: About = About()
    appearance: Appearance = Appearance()
    """Of the site; no mail is made with it."""
    search: Search = Search()
    review: ReviewRules
    series: Many[Serial] = ()
    witness: Many[Witness] = ()
    mail: Ordinal = 1
    """Of what an issue froze: the form of its mail, one of those in `publisher.site.mail`."""
    author: Many[Author] = ()
    """And what its authors were called by then."""


def made_with(site: Site, issue: Issue) -> Files:
    """What a mail is made with beside the texts; frozen with them, so that it can be made again when these changed.

    With the records from which its authors have their names: those that are shown later may say something else.
    """
    folder = f"issues/{issue.week}"
    models = dict.fromkeys(issue.authors.values())
    authors = [{"id": each, "name": site.name_of(each), "page": site.page_of(each)} for each in models]
    found = {f"{folder}/{NAME}": write(site, authors)}
    for shown in {site.id_of(each): site.room.models.get(site.id_of(each)) for each in models}.values():
        if shown:
            place = f"{folder}/{AUTHORS}/{shown.number}"
            found |= {f"{place}/{name}": shown.read(name) for name in ("model.toml", shown.list)}
    for slug in issue.slugs.values():
        for path, data in site.notes.get(slug, {}).items():
            found[f"{folder}/editors/{slug}/{path.rpartition('/')[2]}"] = data
    return found


def mailing(settings: Settings) -> Mailing:
    """How the mail was made with which these were frozen."""
    return Mailing(
        form=settings.mail,
        names={each.id: each.name for each in settings.author},
        pages={each.id: each.page for each in settings.author},
    )


def _appearance(site: Site) -> Iterator[str]:
    looks = site.appearance.model_dump(exclude_defaults=True)
    links = looks.pop("links", ())
    yield from [table("[appearance]", looks)] if looks else []
    yield from (table("[[appearance.links]]", each) for each in links)


def write(site: Site, authors: Sequence[Mapping[str, str]] | None = None) -> bytes:
    """The file; of what an issue freezes, with its `authors` and the form of its mail. `Settings` reads it back."""
    archive = {"name": site.name, "origin": site.origin, "sample": site.sample}
    archive |= {"quorum": site.quorum} if site.quorum else {}
    newsletter = site.newsletter.model_dump(by_alias=True, exclude_none=True)
    about = {key: value for key, value in site.about.model_dump().items() if value != ""}
    review = {"namespace": site.namespace, "two_reviewers_for": list(site.two_reviewers_for)}
    tables = [
        "# What this site was made with: the public part of its archive.toml.\n"
        + table("", {"program": site.program, **({} if authors is None else {"mail": FORM})}),
        table("[archive]", archive),
        table("[newsletter]", {key: value for key, value in newsletter.items() if value not in ("", (), False)}),
        *([table("[about]", about)] if about else []),
        *([table("[search]", {"pagefind": site.search})] if site.search else []),
        *(_appearance(site) if authors is None else []),
        table("[review]", review),
        *(table("[[review.criteria]]", {"id": each.id, "text": each.text}) for each in site.criteria),
        *(table("[[series]]", each.model_dump()) for each in site.rules),
        *(table("[[witness]]", each.model_dump()) for each in site.witnesses),
        *(table("[[author]]", each) for each in authors or ()),
    ]
    return "\n".join(tables).encode()
