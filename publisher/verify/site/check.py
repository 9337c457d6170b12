"""Checking a whole site as a stranger would: every file, back to the register.

The steps stand in the order in which each rests on the one before; what is inside a file is read only where the file
is the one that is listed.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path

from archive.cores import portions, spread
from archive.errors import Error, Malformed, Problem, VerificationError
from archive.home import keys
from archive.home.versions import POLICY
from archive.register import sums, times
from archive.register.note import VerifierKey, open_checkpoint
from archive.register.proof import Proof, verify
from archive.register.statement import Statement
from archive.register.sums import LIST
from archive.wording import many
from publisher.issues import verifier
from publisher.issues.statements import clock
from publisher.site import settings
from publisher.site.settings import PROGRAM
from publisher.site.verifier import PAGE
from publisher.verify import message
from publisher.verify.place import OWN_KEY, SiteFolder, own_key
from publisher.verify.site import essay, rebuild, sightings
from publisher.verify.site.folder import LARGEST, Folder
from publisher.verify.site.issue import order
from publisher.verify.site.register import Opened, opened, readable, tiles
from publisher.verify.verdict import LIMITS, ORDER, SAME, SIGNED, Verdict

_LIVE = re.compile(r"register/checkpoint|register/tile/.*|register/cosigned/.*|(.*/)?SHA256SUMS\.tlog-proof|SHA256SUMS")


def verify_site(path: Path, key: VerifierKey | None) -> Verdict:
    """Check every file of a site. Raises `VerificationError` with all that is wrong."""
    folder = Folder.read(path)
    limits = [limit for limit in LIMITS if limit != SIGNED]
    if key is None:
        key = own_key(SiteFolder(path))
        limits.insert(0, OWN_KEY)
    # 1. The register: a signed checkpoint, the statements and hashes it commits to, and times that run forwards.
    site = opened(folder, key)
    found = [*folder.problems(), *tiles(site)]
    found += [Problem("register", f"entry {index} {fault}") for index, fault in times.faults(site.register.statements)]
    found += readable(_signed(site), "register/policy")
    found += readable(_witnesses(site), "register/policy")
    # 2. The newest statement about the site names its list; that and the issues' lists name every file.
    listed, problems = _lists(site)
    found += problems
    found += _verifier(site)
    # 3. Every file is as listed, and no other file is there.
    found += _files(site, listed)
    # 4. Every proof leads to the register.
    found += _proofs(site)
    # 5. Each essay: received before it was reviewed, reviewed before it was published, signed by a listed key; and no
    #    list of keys has fewer lines than the one before it.
    found += readable(_keys(site), "register/keys")
    found += readable(order(site), "issues")
    found += essay.twice(site)
    found += _essays(site, {name for name, digest in listed.items() if site.digests.get(name) == digest})
    # 6. The site is made again of its records, and each byte compared; only where all was found as it was logged.
    if not found:
        found += readable(rebuild.problems(site), settings.NAME)
    if found:
        raise VerificationError(message.each("the site is not what was logged:", found))
    return _checked(site, limits)


def _checked(site: Opened, limits: list[str]) -> Verdict:
    total, issues = len(site.folder.names), [issue for _, issue in site.register.of_kind("issue")]
    published = [accession for issue in issues for accession in issue.predicate["essays"]]
    gone = [accession for accession in published if accession not in site.essays]
    withdrawn = f" {many(len(gone), 'essay')} more {'was' if len(gone) == 1 else 'were'} withdrawn." if gone else ""
    sentence = (
        f"{site.folder.path.name}: all {total} files are what {site.register.key.name} logged ({site.register.size} "
        f"statements), and byte for byte what {PROGRAM} makes of the records in it: every page, mail, feed and style "
        f"sheet. {many(len(published) - len(gone), 'essay')} in {many(len(issues), 'issue')}, each as received, "
        f"approved by a signature after its intake and before its issue.{withdrawn}"
    )
    uncounted = [said for index, issue in site.register.of_kind("issue") for said in _uncounted(site, index, issue)]
    if uncounted:
        sentence += f" To be told: {'; '.join(uncounted)}."
    facts: dict[str, object] = {
        "verified": True,
        "channel": "site",
        "files": total,
        "origin": site.register.key.name,
        "tree_size": site.register.size,
        "root_hash": site.register.checkpoint.root.hex(),
        "essays": [accession for accession in published if accession not in gone],
        "withdrawn": gone,
        "issues": [issue.predicate["week"] for issue in issues],
        "uncounted": uncounted,
    }
    said, more, limits = _seen(site, limits)
    return Verdict(sentence=f"{sentence}{said}", limits=tuple(limits), facts=facts | more)


def _seen(site: Opened, limits: list[str]) -> tuple[str, dict[str, object], list[str]]:
    """What its witnesses have seen, in a sentence and for programs, and the limits with what that lifts and adds."""
    seen = sightings.read(site)
    if not seen.of:
        return "", {}, limits
    names = seen.seen(site.register.size)
    sentence = f" Of {many(seen.of, 'witness', 'witnesses')}, {many(len(names), 'has', 'have')} seen all of it."
    contradicted = [*seen.contradicted(site.register.statements)]
    facts = {**seen.facts(site.register.size), "times": _times(site, seen), "contradicted": contradicted}
    if contradicted:
        others = f", and {many(len(contradicted) - 1, 'other')}" if len(contradicted) > 1 else ""
        limits = [f"that its dates are right: {contradicted[0]}{others}", *limits]
    if len(left := [limit for limit in limits if not _lifted(site, seen, limit)]) < len(limits):
        limits = [*left, f"that its witnesses are independent of it: {', '.join(seen.keys)}"]
    return sentence, facts, limits


def _signed(site: Opened) -> Iterator[Problem]:
    """The checkpoint is signed by every key that the newest policy in the site lists: a retired one is not enough.

    Of a policy that was logged since the site was made only the hash is at hand, which anybody who signs could have
    logged: then one of those keys must have signed, or nothing here tells whose the register is now.
    """
    said, known = site.folder.text("register/checkpoint"), clock(site.register) or 0
    listed = keys.in_force(site.policies, site.register.key, known)
    missing = [key for key in listed if not _signs(key, said)]
    since = [index for index, notice in site.register.of_kind("notice", "keys") if POLICY in notice.subjects]
    pending = next((index for index in reversed(since) if index >= known), None)
    if missing and (pending is None or missing == [*listed]):
        what = f"is not signed by {missing[0]}, as the register itself says it is"
        logged = f"entry {pending} logged other keys, and is not published yet: `publisher publish --site` does that"
        yield Problem("register/checkpoint", what if pending is None else f"{what} up to this site; {logged}")


def _signs(key: VerifierKey, note: str) -> bool:
    try:
        open_checkpoint(note, key)
    except VerificationError:
        return False
    return True


def _witnesses(site: Opened) -> Iterator[Problem]:
    yield from sightings.look(site).problems


def _times(site: Opened, seen: sightings.Witnessed) -> dict[str, dict[str, str]]:
    """Essay → statement → between which times it came into the register, as witnesses have it."""
    found: dict[str, dict[str, str]] = {}
    for index, issue in site.register.of_kind("issue"):
        for accession in issue.predicate["essays"]:
            about = {i: site.register.statement(i).kind for i in site.register.index.about(accession) if i < index}
            found[accession] = {kind: str(seen.bracket(i)) for i, kind in {**about, index: "issue"}.items()}
    return found


def _lifted(site: Opened, seen: sightings.Witnessed, limit: str) -> bool:
    """Whether what enough witnesses have cosigned does away with a limit."""
    if limit == SAME:
        return seen.enough(site.register.size)
    return limit == ORDER and all(
        seen.seen_before(review.predicate["intake"], index) for index, review in site.register.of_kind("review")
    )


def _uncounted(site: Opened, index: int, issue: Statement) -> Iterator[str]:
    for accession in issue.predicate["essays"]:
        if accession in site.essays:
            yield from essay.uncounted(site, index, accession)


def _keys(site: Opened) -> Iterator[Problem]:
    yield from site.reviewers.problems()


def _lists(site: Opened) -> tuple[dict[str, str], list[Problem]]:
    """Every listed path → SHA-256, and what is wrong with the lists."""
    newest = clock(site.register)
    said = {} if newest is None else site.register.statement(newest).subjects
    if LIST not in said:
        return {}, [Problem(LIST, "no statement of the register names it")]
    wanted = {LIST: said[LIST]}
    for _, issue in site.register.of_kind("issue"):
        wanted |= {name: digest for name, digest in issue.subjects.items() if name != LIST}
    listed: dict[str, str] = {}
    problems = []
    for name, digest in wanted.items():
        if site.folder.is_odd(name):
            continue
        if name not in site.folder.names:
            problems.append(Problem(name, "is named in the register and missing"))
            continue
        if site.digests[name] != digest:
            problems.append(Problem(name, f"expected SHA-256 {digest}, as logged, found {site.digests[name]}"))
        try:
            own = sums.parse(site.folder.data(name), name)
            if name != LIST and (size := sum(site.folder.sizes.get(path, 0) for path in own)) > LARGEST:
                raise Malformed(f"lists files of {size:,} bytes together, more than any issue has")
            listed |= own
        except Malformed as error:
            problems.append(Problem(name, str(error)))
    return listed, problems


def _verifier(site: Opened) -> Iterator[Problem]:
    """The page that checks in a browser is the one that the newest notice before the site names."""
    expected = verifier.logged(site.register, clock(site.register) or 0)
    if PAGE in site.digests and site.digests[PAGE] != expected:
        named = (
            f"the newest notice «verifier» names SHA-256 {expected}" if expected else "no notice «verifier» names one"
        )
        yield Problem(PAGE, f"is not the page that was logged: {named}, found {site.digests[PAGE]}")


def _files(site: Opened, listed: Mapping[str, str]) -> Iterator[Problem]:
    for name, digest in listed.items():
        actual = site.digests.get(name)
        if name in site.withdrawn:
            if actual is not None:
                yield Problem(name, f"was withdrawn (entry {site.withdrawn[name]}), and something is here again")
        elif actual is None and not site.folder.is_odd(name):
            yield Problem(name, "is listed and missing")
        elif actual not in (None, digest) and name.rpartition("/")[2] != LIST:  # a list was compared already
            yield Problem(name, f"expected SHA-256 {digest}, found {actual}")
    for name in sorted(site.folder.names - listed.keys()):
        if not _LIVE.fullmatch(name):
            yield Problem(name, "is in no list: it was not published")


def _proofs(site: Opened) -> Iterator[Problem]:
    proofs = {name for name in site.folder.names if name.endswith(".tlog-proof")}
    proofs |= {f"issues/{issue.predicate['week']}/{LIST}.tlog-proof" for _, issue in site.register.of_kind("issue")}
    names = sorted(proofs | {f"{LIST}.tlog-proof"})
    for found in spread(partial(_proved, site), portions(names, 2_000)):
        yield from found


def _proved(site: Opened, names: Sequence[str]) -> list[Problem]:
    """What is wrong with some of the proofs."""
    return [problem for name in names for problem in _proof(site, name)]


def _proof(site: Opened, name: str) -> Iterator[Problem]:
    subject = name.removesuffix(".tlog-proof")
    if site.folder.is_odd(name) or site.folder.is_odd(subject):
        return
    if subject in site.withdrawn and name in site.folder.names:
        return  # it is the file that its issue listed; what it proves is gone
    if name not in site.folder.names or subject not in site.folder.names:
        yield Problem(name, "is missing, or the file that it proves")
        return
    try:
        proof = Proof.parse(site.folder.data(name))
        verified = verify(site.folder.data(subject), proof, *site.keys)
        if verified.index >= site.register.size or site.register.tree.leaf(verified.index) != proof.leaf:
            yield Problem(name, "its statement is not in this register")
    except Error as error:
        yield Problem(name, str(error))


def _essays(site: Opened, whole: set[str]) -> Iterator[Problem]:
    """Step 5, for what is as it was listed; the rest has been named already."""
    gone = {site.register.index.listed(digest) for digest in _taken(site)}
    published = [
        (index, issue.predicate["week"], accession)
        for index, issue in site.register.of_kind("issue")
        for accession in issue.predicate["essays"]
    ]
    for found in spread(partial(_received, site, whole, gone), portions(published, 600)):
        yield from found


def _received(
    site: Opened, whole: set[str], gone: set[str | None], published: Sequence[tuple[int, str, str]]
) -> list[Problem]:
    """What is wrong with some of the essays: entry and week of the issue, and accession."""
    found: list[Problem] = []
    for index, week, accession in published:
        slug = site.essays.get(accession)
        if slug is not None and _needed(slug) <= whole:
            found += readable(essay.problems(site, index, accession), f"essays/{slug}")
        elif slug is None and accession not in gone and not site.folder.is_odd("essays"):
            found.append(Problem(f"issues/{week}", f"its essay {accession} is not there"))
    return found


def _taken(site: Opened) -> Iterator[str]:
    """The SHA-256 of everything that was withdrawn."""
    for _, notice in site.register.of_kind("notice", "withdrawn"):
        yield from notice.subjects.values()


def _needed(slug: str) -> set[str]:
    return {f"essays/{slug}/{name}" for name in ("essay.md", "essay.toml", "intake.sums")}
