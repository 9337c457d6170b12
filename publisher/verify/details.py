"""What stands behind a proved text, as far as it is at hand: from its arrival to what was logged about it last.

The proof alone tells which statement names the text, by which key it was approved, and when. When the text was fixed,
whose key that is and since when it is listed, what came later and who has seen the register stand in the site's
register; it is asked where a site is at hand, and has to be the one that the proof is of.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

from archive.errors import Error, VerificationError
from archive.home.reviewers import Reviewers
from archive.register import sums
from archive.register.proof import Proof, verify
from archive.register.statement import Statement
from archive.wording import listed, many
from publisher.essays import signature
from publisher.verify import message
from publisher.verify.evidence import Evidence
from publisher.verify.place import SiteFolder
from publisher.verify.site import candidate, sightings
from publisher.verify.site.essay import settings_of
from publisher.verify.site.folder import Folder
from publisher.verify.site.register import Opened, opened, readable
from publisher.verify.text import Proved
from publisher.verify.verdict import ORDER, SIGNED

_NOT_HERE = "not at hand (--site DIR)"
_MOST_REVIEWS = 100
_HOLDS = "holds"

Fact = dict[str, object]


@dataclass(slots=True)
class Details:
    """What is known of one text."""

    subject: str
    rows: list[tuple[str, str]] = field(default_factory=list)
    """For people: ``("fixed", "entry 0, 2026-11-02T09:00:00Z, when it arrived")``."""
    facts: Fact = field(default_factory=dict)
    """The same for programs; None where it is not at hand."""
    proves: set[str] = field(default_factory=set)
    """What is no limit of the check any more."""
    limits: list[str] = field(default_factory=list)
    """What is one instead."""

    def add(self, label: str, text: str, fact: object) -> None:
        self.rows.append((label, text))
        self.facts[label] = fact

    def __str__(self) -> str:
        return "\n".join([self.subject, *(f"  {label:<10} {text}" for label, text in self.rows)])


@dataclass(frozen=True)
class Behind:
    """The site at hand with its register, and what rests on it. Lives as long as one check."""

    evidence: Evidence
    site: Opened | None = None
    """None where there is no site here, or not one whose register the key signed."""
    fault: str = ""
    """Why the register of the site cannot be read; empty where it can, or where there is none."""

    @classmethod
    def of(cls, evidence: Evidence) -> "Behind":
        if not isinstance(evidence.site, SiteFolder):
            return cls(evidence)
        try:
            return cls(evidence, opened(Folder.read(evidence.site.root), evidence.key))
        except (Error, OSError) as error:
            return cls(evidence, fault=f"; that of {evidence.site.name} cannot be read: {message.shown(str(error))}")

    @cached_property
    def witnesses(self) -> sightings.Witnessed:
        """Raises `Error` where the site's policy, or a cosignature, is not what it should be."""
        assert self.site
        return sightings.read(self.site)


def details(texts: Sequence[Proved], evidence: Evidence) -> list[Details]:
    """What is known of each text. Raises `VerificationError` where the register at hand says otherwise than a proof."""
    behind = Behind.of(evidence)
    return [_details(text, behind) for text in texts]


def _details(text: Proved, behind: Behind) -> Details:
    verified = text.verified
    found, said = Details(verified.subject), verified.statement
    behind = _same(text, behind)
    found.add("text", text.measure, {"bytes": len(text.text), "sha256": text.sha256})
    if said.kind == "review":
        _fixed(found, text, behind)
        _asked(found, text, behind)
        _review(found, text)
        _reviewer(found, text, behind)
        _published(found, text, behind)
    else:
        what = said.kind if said.kind != "notice" else f"notice «{said.predicate['kind']}»"
        found.add("statement", f"{what}, {_entry(verified.index, said)}", _logged(verified.index, said))
    _seen(found, text, behind)
    checkpoint = behind.site.register.checkpoint if behind.site else verified.checkpoint
    size, root = checkpoint.size, checkpoint.root.hex()
    whole = f"{checkpoint.origin}, {many(size, 'statement')}, root hash {root}{behind.fault}"
    found.add("register", whole, {"origin": checkpoint.origin, "tree_size": size, "root_hash": root})
    return found


def _same(text: Proved, behind: Behind) -> Behind:
    """Itself where its register goes on from the one that the proof is of, nothing where it is too old to tell."""
    proof = text.verified
    if behind.site is None or behind.site.register.size < proof.checkpoint.size:
        return Behind(replace(behind.evidence, site=None), fault=behind.fault)
    if behind.site.register.tree.root(proof.checkpoint.size) != proof.checkpoint.root:
        where = f"{proof.subject}: its proof is of a register that is no beginning of the one in the site"
        raise VerificationError(f"{where}, and one key signed both: two histories; keep both")
    return behind


# What was logged of an essay.


def _fixed(found: Details, text: Proved, behind: Behind) -> None:
    index = text.verified.statement.predicate["intake"]
    said = behind.site.register.statement(index) if behind.site else _intake_beside(text, behind.evidence)
    if said is None:
        found.add("fixed", f"entry {index}; its time: {_NOT_HERE}", None)
        return
    if said.kind != "intake" or not said.subjects.items() <= text.verified.statement.subjects.items():
        raise VerificationError(f"{found.subject}: entry {index} is not its intake, though its review says so")
    found.add("fixed", f"{_entry(index, said)}, when it arrived, before anyone read it", _logged(index, said))


def _asked(found: Details, text: Proved, behind: Behind) -> None:
    """Of how many it is one, where the list of what arrived says that it came of a sampling.

    Raises `VerificationError` where the essay, its list and the register do not say the same.
    """
    site, place = behind.site, f"essays/{behind.evidence.slug(text.sha256)}"
    if site is None or f"{place}/intake.sums" not in site.folder.names:
        return
    listing = site.folder.data(f"{place}/intake.sums")
    issued = [i for i, said in site.register.of_kind("issue") if text.accession in said.predicate["essays"]]
    if sums.digest(listing) not in text.verified.statement.subjects.values() or not issued:
        return
    listed, intake = sums.parse(listing, f"{place}/intake.sums"), text.verified.statement.predicate["intake"]
    rules = settings_of(site, issued[0])
    wrong = [*readable(candidate.problems(site, place, text.accession, intake, issued[0], listed, rules), place)]
    if wrong:
        raise VerificationError(message.each(f"{found.subject}: what was asked for is not what was logged:", wrong))
    if asked := site.samplings.by_accession.get(text.accession):
        entry, number = _entry(asked.logged.index, site.register.statement(asked.logged.index)), len(asked.came)
        others = [each for each in asked.came if each != text.accession]
        told = f"; the others: {', '.join(others)}" if others else ""
        what = (
            f"{entry}, for {many(asked.candidates, 'text')}: {number} came, this one as {asked.number(text.accession)}"
        )
        fact = {"index": asked.logged.index, "candidates": asked.candidates, "came": asked.came}
        found.add("asked", f"{what}{told}", fact)


def _intake_beside(text: Proved, evidence: Evidence) -> Statement | None:
    """The statement that the list of what arrived proves, where that lies beside the text."""
    place = SiteFolder(evidence.folder)
    data, proof = place.read("intake.sums"), place.read("intake.sums.tlog-proof")
    if not data or not proof or sums.digest(data) not in text.verified.statement.subjects.values():
        return None
    verified = verify(data, Proof.parse(proof), evidence.key)
    return verified.statement if verified.index == text.verified.statement.predicate["intake"] else None


def _review(found: Details, text: Proved) -> None:
    said = text.verified.statement
    criteria = [str(each) for each in said.predicate["criteria"]]
    under = f", under {listed(criteria)}" if criteria else ""
    decided = {"decision": said.predicate["decision"], "criteria": criteria}
    entry = _entry(text.verified.index, said)
    found.add("review", f"{entry}: {said.predicate['decision']}{under}", _logged(text.verified.index, said) | decided)


def _reviewer(found: Details, text: Proved, behind: Behind) -> None:
    key, index = str(text.verified.statement.predicate["reviewer"]), text.verified.index
    fact: Fact = {"key": key, "name": None, "listed_since": None, "signed": None}
    if behind.site is None:
        found.add("reviewer", f"key {key}; whose, and listed since when: {_NOT_HERE}", fact)
        return
    lists = behind.site.reviewers
    name, since = lists.before(index).name(key, text.verified.statement.time), lists.since(index, key)
    who = f"{message.shown(name)}, key {key}" if name else f"key {key}, in no list that was logged before its review"
    if name and since:
        said = behind.site.register.statement(since.index)
        who += f", listed since {_entry(since.index, said)}"
        fact |= {"name": name, "listed_since": _logged(since.index, said)}
    signed = _signed(text, behind.evidence, lists)
    who += f"; its signature {signed}"
    if signed == _HOLDS:
        fact["signed"] = True
        found.proves.add(SIGNED)
    found.add("reviewer", who, fact)


def _signed(text: Proved, evidence: Evidence, lists: Reviewers) -> str:
    """That the signature beside the review was made by a key that was listed then, or why that cannot be told."""
    site, slug = evidence.site, evidence.slug(text.sha256)
    for number in range(1, _MOST_REVIEWS) if site and slug else ():
        leaf = site.read(f"essays/{slug}/reviews/{number}.json") if site else None
        if leaf is None:
            break
        if Statement.encode(text.verified.statement) == leaf:
            sig = (site.read(f"essays/{slug}/reviews/{number}.json.sig") if site else None) or b""
            try:
                signature.check(leaf, sig, lists.before(text.verified.index))
            except Error as error:
                return f"does not count: {message.shown(str(error))}"
            return _HOLDS
    return "is not at hand"


def _published(found: Details, text: Proved, behind: Behind) -> None:
    if behind.site is None:
        found.add("published", _NOT_HERE, None)
        found.add("later", _NOT_HERE, None)
        return
    register = behind.site.register
    issues = [each for each in register.of_kind("issue") if text.accession in each[1].predicate["essays"]]
    weeks = [f"{said.predicate['week']}, {_entry(index, said)}" for index, said in issues]
    fact = [_logged(index, said) | {"week": said.predicate["week"]} for index, said in issues]
    found.add("published", listed(weeks) if weeks else "in no issue yet", fact[0] if fact else None)
    about = [(index, register.statement(index)) for index in register.index.about(text.accession)]
    notices = [each for each in about if each[0] > text.verified.index and each[1].kind in ("notice", "review")]
    what = [f"{_what(said)}, {_entry(index, said)}" for index, said in notices]
    nothing = f"nothing more is said of it in {many(register.size, 'statement')}"
    later = [_logged(index, said) | {"what": _what(said)} for index, said in notices]
    found.add("later", "; ".join(what) or nothing, later)


def _what(said: Statement) -> str:
    return str(said.predicate["kind"] if said.kind == "notice" else f"review: {said.predicate['decision']}")


# Who has seen it.


def _seen(found: Details, text: Proved, behind: Behind) -> None:
    others = list(_others(text))
    if behind.site is None:
        by = f"perhaps by {listed(others)}: whose keys these are: {_NOT_HERE}"
        found.add("seen", by if others else "by no witness: its checkpoint has one signature", None)
        return
    try:
        witnesses = behind.witnesses
    except Error as error:
        found.add("seen", f"cannot be told: {message.shown(str(error))}", None)
        return
    if not (count := len(witnesses.keys)):
        found.add("seen", "by no witness: the site names none", {"witnesses": 0, "by": [], "between": None})
        return
    bracket = witnesses.bracket(text.verified.index)
    names = witnesses.seen(text.verified.index + 1)
    intake = text.verified.statement.predicate.get("intake")
    if isinstance(intake, int) and witnesses.seen_before(intake, text.verified.index):
        found.proves.add(ORDER)
        found.limits.append(
            f"that its witnesses are independent of it: {', '.join(map(message.shown, witnesses.keys))}"
        )
    fact = {"witnesses": count, "by": list(names), "between": str(bracket) if bracket.before else None}
    found.add("seen", message.shown(f"{bracket}{f' ({listed(names)})' if names else ''}"), fact)


def _others(text: Proved) -> Iterator[str]:
    """Whose signatures stand under the proof's checkpoint beside the register's own."""
    for line in text.note.rpartition("\n\n")[2].splitlines():
        if len(parts := line.split(" ")) == 3 and parts[1] != text.verified.checkpoint.origin:
            yield message.shown(parts[1])


# In words.


def _entry(index: int, said: Statement) -> str:
    return f"entry {index}, {said.predicate['time']}"


def _logged(index: int, said: Statement) -> Fact:
    return {"index": index, "time": said.predicate["time"]}
