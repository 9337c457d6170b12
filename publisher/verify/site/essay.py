"""An essay of a site: received before it was reviewed, reviewed before it was published, signed by a listed key."""

import re
from collections.abc import Iterator, Mapping
from functools import lru_cache

from archive.errors import Error, Problem, accepted
from archive.home.reviewers import Reviewers
from archive.records.sidecar import read as read_sidecar
from archive.register import sums
from archive.register.statement import SAMPLING, Statement
from publisher.essays import signature
from publisher.site import settings
from publisher.site.settings import Settings
from publisher.verify.site import candidate
from publisher.verify.site.register import Opened

_RECEIVED = ("essay.md", "nonce", "request.json", "response.json", SAMPLING)
"""What comes with an essay, or is made when it comes."""


def problems(site: Opened, issued: int, accession: str) -> Iterator[Problem]:
    """What is wrong with the essay `accession` of the issue that is entry `issued`. Raises `Error`."""
    place = f"essays/{site.essays[accession]}"
    about = {index: site.register.statement(index) for index in site.register.index.about(accession)}
    intakes = [i for i, said in about.items() if said.kind == "intake" and f"{accession}/intake.sums" in said.subjects]
    if len(intakes) != 1:
        yield Problem(place, f"expected one intake of {accession} in the register, found {len(intakes) or 'none'}")
        return
    listed = sums.parse(site.folder.data(f"{place}/intake.sums"), f"{place}/intake.sums")
    for name, digest in listed.items():
        if site.digests.get(f"{place}/{name}", digest) != digest:
            yield Problem(f"{place}/{name}", "is not what was logged at intake")
    for name in _RECEIVED:
        if f"{place}/{name}" in site.digests and name not in listed:
            yield Problem(f"{place}/{name}", "was not logged at intake")
    yield from candidate.problems(site, place, accession, intakes[0], issued, listed, settings_of(site, issued))
    reviews = {i: said for i, said in about.items() if said.kind == "review" and intakes[0] < i < issued}
    lists, namespace = site.reviewers.until(issued), settings_of(site, issued).review.namespace
    counted = {i: said for i, said in reviews.items() if not _fault(lists, i, said, namespace)}
    signed: set[int] = set()
    yield from _signatures(site, place, reviews, lists, namespace, signed)
    yield from _last_reviews(site, accession, intakes[0], counted, signed)


def twice(site: Opened) -> Iterator[Problem]:
    """Essays that lie in two folders: one would be checked, and the other read."""
    found: dict[str, str] = {}
    for name in site.digests:
        form = re.fullmatch(r"(essays/[^/]+)/intake\.sums", name)
        if form and (accession := site.register.index.listed(site.digests[name])):
            if accession in found:
                yield Problem(form[1], f"has the intake of {accession}, which lies in {found[accession]} too")
            found[accession] = form[1]


def uncounted(site: Opened, issued: int, accession: str) -> Iterator[str]:
    """Reviews of an essay that do not count, or that a list which was logged later says do not: a sentence each."""
    place, namespace = f"essays/{site.essays[accession]}", settings_of(site, issued).review.namespace
    for index in site.register.index.about(accession):
        said = site.register.statement(index)
        if said.kind != "review" or index > issued:
            continue
        if why := _fault(site.reviewers.until(issued), index, said, namespace):
            yield f"{place}: entry {index} is a review that does not count: {why}"
        elif why := _fault(site.reviewers, index, said, namespace):
            yield f"{place}: entry {index} is a review that counted when the essay was published; {why}"


def settings_of(site: Opened, issued: int) -> Settings:
    """Those that an issue froze: in which namespace reviews were signed, by which rules. Raises `Refused`."""
    name = f"issues/{site.register.statement(issued).predicate['week']}/{settings.NAME}"
    return _settings_in(site.folder.data(name))


@lru_cache(maxsize=4)
def _settings_in(data: bytes) -> Settings:
    """Most issues froze the same settings: they are read once."""
    return accepted(read_sidecar(data, settings.NAME, Settings))


def _fault(lists: Reviewers, index: int, said: Statement, namespace: str) -> str:
    return lists.fault(index, said.predicate["reviewer"], namespace, said.time)


def _signatures(
    site: Opened, place: str, reviews: Mapping[int, Statement], lists: Reviewers, namespace: str, signed: set[int]
) -> Iterator[Problem]:
    """Each review that lies there is one of these, is signed, and counts; their indexes are added to `signed`."""
    leaves = {site.register.tree.leaf(index): index for index in reviews}
    for name in site.folders.get(f"{place}/reviews", ()):
        path = f"{place}/reviews/{name}"
        if not re.fullmatch(r"\d+\.json", name):
            continue
        leaf = site.folder.data(path)
        if leaf not in leaves:
            yield Problem(path, "does not stand in the register between the essay's intake and its issue")
            continue
        try:
            index = leaves[leaf]
            if why := _fault(lists, index, reviews[index], namespace):
                yield Problem(f"{path}.sig", f"entry {index} does not count: {why}")
                continue
            signature.check(leaf, site.folder.data(f"{path}.sig"), lists.before(index), namespace)
            signed.add(index)
        except Error as error:
            yield Problem(f"{path}.sig", str(error))


def _last_reviews(
    site: Opened, accession: str, intake: int, reviews: Mapping[int, Statement], signed: set[int]
) -> Iterator[Problem]:
    """The register says which review of each reviewer was the last of those that count; without it a site would lie."""
    place = f"essays/{site.essays[accession]}"
    subjects = {f"{accession}/{name}": site.digests[f"{place}/{name}"] for name in ("essay.md", "essay.toml")}
    last = {said.predicate["reviewer"]: index for index, said in reviews.items()}
    for reviewer, index in last.items():
        said = reviews[index]
        if said.predicate["decision"] != "publish" or not subjects.items() <= said.subjects.items():
            decision = said.predicate["decision"]
            yield Problem(place, f"the last review by {reviewer} (entry {index}) is «{decision}», and not of this text")
        elif said.predicate["intake"] != intake:
            yield Problem(place, f"the review by {reviewer} (entry {index}) names another intake than entry {intake}")
        elif index not in signed:
            yield Problem(place, f"the signed review by {reviewer} (entry {index}) is not here, or its signature fails")
    if not last:
        yield Problem(place, "no review that counts approves this text with this essay.toml")
