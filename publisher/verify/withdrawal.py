"""What the register of a site at hand says later about what was checked: that it was withdrawn, since when and why."""

import dataclasses
from collections.abc import Iterator
from typing import Any

from archive.errors import Error
from archive.register.note import VerifierKey, open_checkpoint
from archive.register.statement import Statement
from publisher.verify.place import CHECKPOINT, Place
from publisher.verify.tiles import hashes_of, leaves
from publisher.verify.verdict import LATER, Verdict


def told(found: Verdict, place: Place | None, key: VerifierKey) -> Verdict:
    """The same check, with what came later. A text that was withdrawn is still the one that was published."""
    essays = list(_essays(found.facts))
    if place is None or not essays:
        return found
    accessions = {str(essay["subject"]).partition("/")[0]: essay for essay in essays}
    try:
        logged = _statements(place, key)
        notices = [(accession, *notice) for accession in accessions for notice in _withdrawn(logged, accession)]
    except Error as error:
        return _limited(found, f"{LATER}: the register of {place.name} cannot be read ({error})")
    said = []
    for accession, index, notice in notices:
        about = {"index": index, "time": notice.predicate["time"], "reason": notice.predicate["reason"]}
        accessions[accession]["withdrawn"] = about
        said.append(f"{accession} was withdrawn on {about['time']} ({about['reason']}), as entry {index} says.")
    told = dataclasses.replace(found, sentence="\n".join([found.sentence, *dict.fromkeys(said)]))
    return _limited(told, f"{LATER} after entry {len(logged) - 1} of {key.name}")


def _essays(facts: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """What is told of each text that was proved."""
    for each in (facts, *(facts.get("essays") or ())):
        if isinstance(each, dict) and "subject" in each:
            yield each


def _limited(found: Verdict, limit: str) -> Verdict:
    return dataclasses.replace(found, limits=tuple(limit if each.startswith(LATER) else each for each in found.limits))


def _withdrawn(logged: list[bytes], accession: str) -> Iterator[tuple[int, Statement]]:
    """The notice that withdrew an essay: it names the hash of its intake list."""
    name = f"{accession}/intake.sums"
    mine = [Statement.decode(leaf) for leaf in logged if f'"{name}"'.encode() in leaf]
    lists = {said.subjects[name] for said in mine if said.kind == "intake"}
    for index, leaf in enumerate(logged):
        if b'"withdrawn"' in leaf:
            notice = Statement.decode(leaf)
            if notice.predicate.get("kind") == "withdrawn" and lists & {*notice.subjects.values()}:
                yield index, notice


def _statements(place: Place, key: VerifierKey) -> list[bytes]:
    """Every statement of a site's register. Raises `Error` where they are not what its checkpoint commits to."""
    checkpoint = open_checkpoint((place.read(CHECKPOINT) or b"").decode(errors="replace"), key)
    return [leaf for _, leaf in leaves(place, hashes_of(place, checkpoint))]
