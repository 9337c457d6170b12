"""What an issue calls its authors: what a record called them that the register had by then, or their ids.

``issues/2026-W48/authors/M2026-0001/`` holds that record, and the intake list that names it.
"""

import re
from collections.abc import Iterator

from archive.deposits.deposit import model_folder
from archive.errors import Malformed, Problem, accepted
from archive.home.accession import Lives
from archive.records import ai_model
from archive.records.ai_model import AIModel
from archive.register import sums
from publisher.site.settings import AUTHORS, Author, Settings
from publisher.site.site import Issue, Site
from publisher.verify.site.register import Opened


def problems(site: Opened, whole: Site, issue: Issue, settings: Settings, index: int) -> Iterator[Problem]:
    """What is wrong with the names in the `settings` that an issue froze, which is entry `index`."""
    folder = f"issues/{issue.week}"
    records: dict[str, AIModel] = {}
    for place in sorted(place for place in site.folders if place.startswith(f"{folder}/{AUTHORS}/")):
        read = _record(site, place, index)
        if isinstance(read, Problem):
            yield read
        else:
            records[place.rpartition("/")[2]] = read
    for author in settings.author:
        ways = [_called(author, None), *(_called(author, each) for each in _of(author, records, whole))]
        if (author.name, author.page) not in ways:
            what = f"calls {author.id} “{author.name}”, at {author.page}: no record says so that is frozen with it"
            yield Problem(f"{folder}/newsletter.toml", what)


def _called(author: Author, facts: AIModel | None) -> tuple[str, str]:
    """The name and the page that follow from what is known of it."""
    name = (facts.name.strip() if facts else "") or author.id
    return name, f"models/{model_folder(facts.id if facts else author.id)}/index.html"


def _of(author: Author, records: dict[str, AIModel], whole: Site) -> Iterator[AIModel]:
    """The records of this author: where the site has one by its very id, no other that calls itself so."""
    own = whole.room.models.get(author.id)
    for facts in records.values():
        if author.id == facts.id or (author.id in facts.aliases and own is None):
            yield facts


def _record(site: Opened, place: str, index: int) -> AIModel | Problem:
    """The record in a folder, where a list beside it names it that the register had before the entry `index`."""
    names = site.folders[place]
    lists = [name for name in names if re.fullmatch(r"intake(-[1-9]\d*)?\.sums", name)]
    if len(lists) != 1 or sorted(names) != sorted([*lists, "model.toml"]):
        return Problem(place, f"expected model.toml and the intake list that names it, found {', '.join(names)}")
    path = f"{place}/{lists[0]}"
    accession = Lives(site.register, index).listed(site.digests[path])
    if accession is None or accession.kind != "model" or accession.number != place.rpartition("/")[2]:
        return Problem(path, f"is no intake list of this model that the register had before entry {index}")
    try:
        listed = sums.parse(site.folder.data(path), path)
    except Malformed as error:
        return Problem(path, str(error))
    if listed.get("model.toml") != site.digests[f"{place}/model.toml"]:
        return Problem(f"{place}/model.toml", f"is not what {lists[0]} names")
    return accepted(ai_model.read(site.folder.data(f"{place}/model.toml"), f"{place}/model.toml"))
