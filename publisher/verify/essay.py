"""An essay of a site: received before it was reviewed, reviewed before it was published, signed by a listed key."""

import re
from collections.abc import Iterator

from archive.errors import Error, Problem
from archive.register import sums
from publisher.essays import signature
from publisher.verify.opened import Opened


def problems(site: Opened, issued: int, accession: str) -> Iterator[Problem]:
    """What is wrong with the essay `accession` of the issue that is entry `issued`. Raises `Error`."""
    place = f"essays/{site.essays[accession]}"
    intake = _intake(site, accession)
    if intake is None:
        yield Problem(place, f"expected one intake of {accession} in the register, found none or several")
        return
    for name, digest in sums.parse(site.folder.data(f"{place}/intake.sums"), f"{place}/intake.sums").items():
        if site.digests.get(f"{place}/{name}", digest) != digest:
            yield Problem(f"{place}/{name}", "is not what was logged at intake")
    signed: set[bytes] = set()
    between = set(site.leaves[intake:issued])
    for name in site.matching(rf"{re.escape(place)}/reviews/\d+\.json"):
        leaf = site.folder.data(name)
        if leaf not in between:
            yield Problem(name, "does not stand in the register between the essay's intake and its issue")
            continue
        try:
            signature.check(leaf, site.folder.data(f"{name}.sig"), _allowed(site))
            signed.add(leaf)
        except Error as error:
            yield Problem(f"{name}.sig", str(error))
    yield from _last_reviews(site, issued, accession, intake, signed)


def _last_reviews(site: Opened, issued: int, accession: str, intake: int, signed: set[bytes]) -> Iterator[Problem]:
    """The register says which review of each reviewer was the last; without one a site would tell it otherwise."""
    place = f"essays/{site.essays[accession]}"
    subjects = {f"{accession}/{name}": site.digests[f"{place}/{name}"] for name in ("essay.md", "essay.toml")}
    last: dict[str, int] = {}
    for index, said in enumerate(site.statements[:issued]):
        if said.kind == "review" and f"{accession}/intake.sums" in said.subjects:
            last[said.predicate["reviewer"]] = index
    for reviewer, index in last.items():
        said = site.statements[index]
        if said.predicate["decision"] != "publish" or not subjects.items() <= said.subjects.items():
            decision = said.predicate["decision"]
            yield Problem(place, f"the last review by {reviewer} (entry {index}) is «{decision}», and not of this text")
        elif said.predicate["intake"] != intake:
            yield Problem(place, f"the review by {reviewer} (entry {index}) names another intake than entry {intake}")
        elif site.leaves[index] not in signed:
            yield Problem(place, f"the signed review by {reviewer} (entry {index}) is not here, or its signature fails")
    if not last:
        yield Problem(place, "no review approves this text with this essay.toml")


def _intake(site: Opened, accession: str) -> int | None:
    name = f"{accession}/intake.sums"
    found = [i for i, said in enumerate(site.statements) if said.kind == "intake" and name in said.subjects]
    return found[0] if len(found) == 1 else None


def _allowed(site: Opened) -> bytes:
    name = "register/allowed_signers"
    return site.folder.data(name) if name in site.folder.names else b""
