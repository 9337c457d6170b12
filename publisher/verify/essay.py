"""An essay of a site: received before it was reviewed, reviewed before it was published, signed by a listed key."""

import re
from collections.abc import Iterator

from archive.errors import Error, Problem
from archive.register import sums
from archive.register.statement import Statement
from publisher.essays import signature
from publisher.verify.opened import Opened


def problems(site: Opened, issued: int, accession: str) -> Iterator[Problem]:
    """What is wrong with the essay `accession` of the issue that is entry `issued`. Raises `Error`."""
    place = f"essays/{site.essays[accession]}"
    about = {index: site.register.statement(index) for index in site.register.index.about(accession)}
    intakes = [i for i, said in about.items() if said.kind == "intake" and f"{accession}/intake.sums" in said.subjects]
    if len(intakes) != 1:
        yield Problem(place, f"expected one intake of {accession} in the register, found {len(intakes) or 'none'}")
        return
    for name, digest in sums.parse(site.folder.data(f"{place}/intake.sums"), f"{place}/intake.sums").items():
        if site.digests.get(f"{place}/{name}", digest) != digest:
            yield Problem(f"{place}/{name}", "is not what was logged at intake")
    reviews = {i: said for i, said in about.items() if said.kind == "review" and intakes[0] < i < issued}
    signed: set[int] = set()
    yield from _signatures(site, place, reviews, signed)
    yield from _last_reviews(site, accession, intakes[0], reviews, signed)


def _signatures(site: Opened, place: str, reviews: dict[int, Statement], signed: set[int]) -> Iterator[Problem]:
    """Each review that lies there is one of these and is signed; their indexes are added to `signed`."""
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
            signature.check(leaf, site.folder.data(f"{path}.sig"), site.reviewers.before(leaves[leaf]).data)
            signed.add(leaves[leaf])
        except Error as error:
            yield Problem(f"{path}.sig", str(error))


def _last_reviews(
    site: Opened, accession: str, intake: int, reviews: dict[int, Statement], signed: set[int]
) -> Iterator[Problem]:
    """The register says which review of each reviewer was the last; without one a site would tell it otherwise."""
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
        yield Problem(place, "no review approves this text with this essay.toml")
