"""``newsletter.toml``: what of ``archive.toml`` a site is made with, and by which program.

Who checks the site reads it back.
"""

from archive import __version__
from archive.home.configuration import About, Archive, Newsletter, ReviewRules, Witness
from archive.records.kinds import Many
from archive.records.record import Record
from archive.records.toml import table
from publisher.site.site import Files, Issue, Site

NAME = "newsletter.toml"
PROGRAM = f"emeritus {__version__}"


class Settings(Record):
    """All of ``newsletter.toml``."""

    program: str
    """Which made the site: ``emeritus 0.1.0``."""
    archive: Archive
    newsletter: Newsletter
    about: About = About()
    review: ReviewRules
    witness: Many[Witness] = ()


def made_with(site: Site, issue: Issue) -> Files:
    """What a mail is made with beside the texts; frozen with them, so that it can be made again when these changed."""
    folder = f"issues/{issue.week}"
    found = {f"{folder}/{NAME}": write(site)}
    for slug in issue.slugs.values():
        for path, data in site.notes.get(slug, {}).items():
            found[f"{folder}/editors/{slug}/{path.rpartition('/')[2]}"] = data
    return found


def write(site: Site) -> bytes:
    """The file; `Settings` reads it back."""
    archive = {"name": site.name, "origin": site.origin, "sample": site.sample}
    archive |= {"quorum": site.quorum} if site.quorum else {}
    newsletter = site.newsletter.model_dump(by_alias=True, exclude_none=True)
    about = {key: value for key, value in site.about.model_dump().items() if value != ""}
    review = {"namespace": site.namespace, "two_reviewers_for": list(site.two_reviewers_for)}
    tables = [
        "# What this site was made with: the public part of its archive.toml.\n" + table("", {"program": site.program}),
        table("[archive]", archive),
        table("[newsletter]", {key: value for key, value in newsletter.items() if value != ""}),
        *([table("[about]", about)] if about else []),
        table("[review]", review),
        *(table("[[review.criteria]]", {"id": each.id, "text": each.text}) for each in site.criteria),
        *(table("[[witness]]", each.model_dump()) for each in site.witnesses),
    ]
    return "\n".join(tables).encode()
