"""An essay that is one of several: asked for before any came, as many as it says, and none chosen against the rule."""

from collections.abc import Iterator, Mapping

from archive.errors import Problem, accepted
from archive.home.accession import Lives
from archive.records.sidecar import read as read_sidecar
from archive.register import sums
from archive.register.statement import SAMPLING
from publisher.essays.asked import Asked
from publisher.essays.essay import EssayRecord
from publisher.essays.sampling import Sampling, contradictions, read_back
from publisher.site.settings import Settings
from publisher.verify.site.register import Opened


def problems(
    site: Opened, place: str, accession: str, intake: int, issued: int, listed: Mapping[str, str], settings: Settings
) -> Iterator[Problem]:
    """What is wrong with what is said of the sampling that an essay came of; nothing where it came some other way.

    `intake` and `issued` are its entries in the register, `listed` is its list of what arrived, `settings` are those of
    its issue. Raises `Error` where a record cannot be read.
    """
    links = [i for i in site.register.index.about(accession) if _is_link(site, i)]
    digest = listed.get(SAMPLING)
    if digest is None:
        for index in links[:1]:
            yield Problem(place, f"entry {index} says that it came of a sampling, and its list names no {SAMPLING}")
        return
    if not _is(site, f"{place}/{SAMPLING}", digest):
        yield Problem(f"{place}/{SAMPLING}", "was logged at intake, and is not here")
        return
    if f"{place}/{SAMPLING}.tlog-proof" not in site.folder.names:
        yield Problem(f"{place}/{SAMPLING}.tlog-proof", "is missing: it proves when so many were asked for")
    asked = site.samplings.by_digest.get(digest)
    if asked is None or asked.logged.index > intake:
        since = "never logged" if asked is None else f"logged in entry {asked.logged.index}, after its intake"
        yield Problem(f"{place}/{SAMPLING}", f"was {since} (entry {intake})" if asked else f"was {since}")
        return
    yield from _linked(site, place, accession, asked, links)
    sampling = accepted(read_back(site.folder.data(f"{place}/{SAMPLING}"), f"{place}/{SAMPLING}"))
    if sampling.candidates != asked.candidates:
        what = f"says {sampling.candidates}, and entry {asked.logged.index} that {asked.candidates} were asked for"
        yield Problem(f"{place}/{SAMPLING}", what)
    name = f"{place}/essay.toml"
    record = accepted(read_sidecar(site.folder.data(name), name, EssayRecord))
    yield from contradictions(sampling, record, name)
    yield from _turn(site, place, accession, issued, asked, sampling, record, settings)


def _is(site: Opened, name: str, digest: str) -> bool:
    return name in site.folder.names and sums.digest(site.folder.data(name)) == digest


def _is_link(site: Opened, index: int) -> bool:
    said = site.register.statement(index)
    return said.kind == "notice" and said.predicate["kind"] == "asked"


def _linked(site: Opened, place: str, accession: str, asked: Asked, links: list[int]) -> Iterator[Problem]:
    """That the register counts it among its candidates, once, and that none of them came before they were asked for."""
    said = [site.register.statement(index).subjects.get(SAMPLING) for index in links]
    if said != [asked.digest] or accession not in asked.came:
        yield Problem(
            place, f"expected one entry that counts it as asked for in entry {asked.logged.index}, after that"
        )
    for index in asked.again:
        yield Problem(f"{place}/{SAMPLING}", f"was logged again in entry {index}")
    if len(asked.came) > asked.candidates:
        yield Problem(place, f"{len(asked.came)} came of the {asked.candidates} that were asked for")
    for other in asked.came:
        if (index := site.register.index.about(other)[0]) < asked.logged.index:
            what = f"{other} was taken in as entry {index}, before it was asked for in entry {asked.logged.index}"
            yield Problem(place, what)


def _turn(
    site: Opened,
    place: str,
    accession: str,
    issued: int,
    asked: Asked,
    sampling: Sampling,
    record: EssayRecord,
    settings: Settings,
) -> Iterator[Problem]:
    """That where the first is taken, each that came before it had been withheld when it went out."""
    rules = {each.slug: each.take for each in settings.series}
    if record.series in rules and sampling.take != rules[record.series]:
        yield Problem(place, f"its series takes the first that comes, and its {SAMPLING} does not say so")
    if sampling.take != "first" or accession not in asked.came:
        return
    judge = site.reviewers.until(issued).judge(settings.review.namespace)
    lives = Lives(site.register, issued, judge=judge)
    for other in asked.came[: asked.number(accession) - 1]:
        state = lives[other].state(settings.review.two_reviewers_for)
        if state != "withheld":
            yield Problem(place, f"{other} came before it and was {state}, and in its series the first is taken")
