"""Checking a whole site as a stranger would: every file, back to the register.

The steps stand in the order in which each rests on the one before.
"""

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from archive.errors import Error, Malformed, Problem, VerificationError
from archive.register import merkle, note, sshsig, sums, tile
from archive.register.note import Checkpoint, VerifierKey, open_checkpoint
from archive.register.proof import Proof, verify
from archive.register.register import read_leaves
from archive.register.statement import Statement
from publisher.verify.file import LIMITS, Checked

LIST = "SHA256SUMS"
_LIVE = re.compile(r"register/checkpoint|register/tile/.*|(.*/)?SHA256SUMS\.tlog-proof|SHA256SUMS")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Site:
    folder: Path
    names: frozenset[str]
    key: VerifierKey
    checkpoint: Checkpoint
    leaves: tuple[bytes, ...]
    statements: tuple[Statement, ...]

    def read(self, name: str) -> bytes:
        return (self.folder / name).read_bytes()

    def issues(self) -> Iterator[tuple[int, Statement]]:
        return ((i, s) for i, s in enumerate(self.statements) if s.kind == "issue")


def verify_site(folder: Path, key: VerifierKey | None) -> Checked:
    """Check every file of a site. Raises `VerificationError` with all that is wrong."""
    limits = [limit for limit in LIMITS if "key signed" not in limit]
    if key is None:
        key = _own_key(folder)
        limits.insert(0, "whose register this is: its key was read from this very site, give one with --key")
    # 1. The register: a signed checkpoint, and the statements and hashes it commits to.
    site = _open(folder, key)
    found = list(_tiles(site))
    # 2. The newest statement about the site names its list; that and the issues' lists name every file.
    listed, problems = _lists(site)
    found += problems
    # 3. Every file is as listed, and no other file is there.
    found += _files(site, listed)
    # 4. Every proof leads to the register.
    found += _proofs(site)
    # 5. Each essay: received before it was reviewed, reviewed before it was published, signed by a listed key.
    essays = {accession: slug for slug, accession in _slugs(site).items()}
    published = [a for _, issue in site.issues() for a in issue.predicate["essays"]]
    for index, issue in site.issues():
        for accession in issue.predicate["essays"]:
            if accession in essays:
                found += _readable(_essay(site, index, accession, essays[accession]), f"essays/{essays[accession]}")
            else:
                found.append(Problem(f"issues/{issue.predicate['week']}", f"its essay {accession} is not there"))
    # 6. Pages, mail and feeds carry the essays' words, no more and no fewer.
    for slug in essays.values():
        found += _readable(_shown(site, slug), f"essays/{slug}")
    found += _readable(_mails(site), "issues")
    if found:
        raise VerificationError("\n".join(["the site is not what was logged:", *(f"  {problem}" for problem in found)]))
    total = len(site.names)
    sentence = (
        f"{folder.name}: all {total} files are what {key.name} logged ({site.checkpoint.size} statements), and "
        f"{_count(len(published), 'essay')} in {_count(sum(1 for _ in site.issues()), 'issue')} stand on pages, in "
        "mails and feeds word for word as received, each approved by a signature after its intake, before its issue."
    )
    facts: dict[str, Any] = {
        "verified": True,
        "files": total,
        "origin": key.name,
        "tree_size": site.checkpoint.size,
        "root_hash": site.checkpoint.root.hex(),
        "essays": published,
        "issues": [issue.predicate["week"] for _, issue in site.issues()],
    }
    return Checked(sentence=sentence, limits=tuple(limits), facts=facts)


def _readable(check: Iterator[Problem], place: str) -> Iterator[Problem]:
    """The problems a check finds, as far as it comes with files that are missing or damaged."""
    try:
        yield from check
    except (OSError, ValueError, KeyError, Error) as error:
        yield Problem(place, f"cannot be read to the end: {error}")


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"


def _own_key(folder: Path) -> VerifierKey:
    try:
        policy = note.read(folder / "register/policy")
        return VerifierKey.parse(re.findall(r"(?m)^log (\S+)", policy)[0])
    except (OSError, IndexError):
        raise Error(f"{folder}: expected a site with register/policy, found none; give the key with --key") from None


def _open(folder: Path, key: VerifierKey) -> _Site:
    names = frozenset(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())
    try:
        checkpoint = open_checkpoint(note.read(folder / "register/checkpoint"), key)
    except OSError:
        raise Error(f"{folder}: expected a site with register/checkpoint, found none") from None
    leaves = read_leaves(folder / "register", checkpoint)
    statements = tuple(map(Statement.decode, leaves))
    return _Site(folder=folder, names=names, key=key, checkpoint=checkpoint, leaves=leaves, statements=statements)


def _tiles(site: _Site) -> Iterator[Problem]:
    hashes = [merkle.leaf_hash(leaf) for leaf in site.leaves]
    newest = tile.hash_tiles(hashes) | tile.bundles(site.leaves)
    there = {name.removeprefix("register/") for name in site.names if name.startswith("register/tile/")}
    for name in sorted(newest.keys() - there):
        yield Problem(f"register/{name}", "is missing")
    for name in sorted(there):
        belongs = tile.belongs(name, site.checkpoint.size)
        if not belongs or site.read(f"register/{name}") != tile.narrower(name, newest):
            yield Problem(f"register/{name}", "is not the tile of this register")


def _lists(site: _Site) -> tuple[dict[str, str], list[Problem]]:
    """Every listed path → SHA-256, and what is wrong with the lists."""
    about = [s for s in site.statements if LIST in s.subjects]
    if not about:
        return {}, [Problem(LIST, "no statement of the register names it")]
    wanted = {LIST: about[-1].subjects[LIST]}
    for _, issue in site.issues():
        wanted |= {name: digest for name, digest in issue.subjects.items() if name != LIST}
    listed: dict[str, str] = {}
    problems = []
    for name, digest in wanted.items():
        data = site.read(name) if name in site.names else b""
        if sums.digest(data) != digest:
            problems.append(Problem(name, f"expected SHA-256 {digest}, as logged, found {sums.digest(data)}"))
        try:
            listed |= sums.parse(data, name)
        except Malformed as error:
            problems.append(Problem(name, str(error)))
    return listed, problems


def _files(site: _Site, listed: Mapping[str, str]) -> Iterator[Problem]:
    for name, digest in listed.items():
        if name not in site.names:
            yield Problem(name, "is listed and missing")
        elif (actual := sums.digest(site.read(name))) != digest:
            yield Problem(name, f"expected SHA-256 {digest}, found {actual}")
    for name in sorted(site.names):
        if name not in listed and not _LIVE.fullmatch(name):
            yield Problem(name, "is in no list: it was not published")


def _proofs(site: _Site) -> Iterator[Problem]:
    proofs = {name for name in site.names if name.endswith(".tlog-proof")}
    for week in [issue.predicate["week"] for _, issue in site.issues()]:
        proofs.add(f"issues/{week}/{LIST}.tlog-proof")
    for name in sorted(proofs | {f"{LIST}.tlog-proof"}):
        subject = name.removesuffix(".tlog-proof")
        if name not in site.names or subject not in site.names:
            yield Problem(name, "is missing, or the file that it proves")
            continue
        try:
            proof = Proof.parse(site.read(name))
            verified = verify(site.read(subject), proof, site.key)
            if verified.index >= site.checkpoint.size or site.leaves[verified.index] != proof.leaf:
                yield Problem(name, "its statement is not in this register")
        except VerificationError as error:
            yield Problem(name, str(error))


def _slugs(site: _Site) -> dict[str, str]:
    """Slug → accession of every essay, by the hash of its intake list."""
    logged = {
        digest: name.split("/")[0]
        for statement in site.statements
        if statement.kind == "intake"
        for name, digest in statement.subjects.items()
    }
    found = {}
    for name in site.names:
        if form := re.fullmatch(r"essays/([^/]+)/intake\.sums", name):
            found[form[1]] = logged.get(sums.digest(site.read(name)), "")
    return found


def _essay(site: _Site, issued: int, accession: str, slug: str) -> Iterator[Problem]:
    place = f"essays/{slug}"
    text, made = site.read(f"{place}/essay.md"), site.read(f"{place}/essay.toml")
    (intake,) = (
        i for i, s in enumerate(site.statements) if s.kind == "intake" and f"{accession}/intake.sums" in s.subjects
    )
    for name, digest in sums.parse(site.read(f"{place}/intake.sums"), f"{place}/intake.sums").items():
        if f"{place}/{name}" in site.names and sums.digest(site.read(f"{place}/{name}")) != digest:
            yield Problem(f"{place}/{name}", "is not what was logged at intake")
    subjects = {f"{accession}/essay.md": sums.digest(text), f"{accession}/essay.toml": sums.digest(made)}
    signed: set[bytes] = set()
    for name in sorted(n for n in site.names if re.fullmatch(rf"{re.escape(place)}/reviews/\d+\.json", n)):
        leaf = site.read(name)
        if leaf not in site.leaves[intake:issued]:
            yield Problem(name, "does not stand in the register between the essay's intake and its issue")
            continue
        try:
            _signature(site, name, leaf)
            signed.add(leaf)
        except Error as error:
            yield Problem(f"{name}.sig", str(error))
    # The register says which review of each reviewer was the last; a site that left one out would tell it otherwise.
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


def _signature(site: _Site, name: str, leaf: bytes) -> None:
    """Raises `Error` unless a key that is listed for reviews signed `leaf`, and is the one it names."""
    allowed = site.read("register/allowed_signers") if "register/allowed_signers" in site.names else b""
    signature = site.read(f"{name}.sig") if f"{name}.sig" in site.names else b""
    said = Statement.decode(leaf)
    sshsig.verify(leaf, signature, allowed, sshsig.signature_namespace(signature), said.time)
    key = sshsig.signature_key(signature)
    if key != said.predicate["reviewer"]:
        raise VerificationError("was made by another key than the review names")
    signers = [signer for signer in sshsig.parse_allowed(allowed)[0] if signer.fingerprint == key]
    if not all("namespaces" in signer.options for signer in signers):
        raise VerificationError(f"the key {key} is listed without namespaces: it may have signed for anything")


def _shown(site: _Site, slug: str) -> Iterator[Problem]:
    from publisher.essays.words import difference, extract_article, lines, visible

    place = f"essays/{slug}"
    text = site.read(f"{place}/essay.md")
    words = visible(site.read(f"{place}/article.html").decode())
    if lines(words) != site.read(f"{place}/words.txt"):
        yield Problem(f"{place}/words.txt", "is not what article.html shows")
    yield from _rendered(site, place, text)
    for name in [f"{place}/index.html", *(n for n in site.names if re.fullmatch(r"feed\.(atom|rss|json)", n))]:
        for page in _contents(site, name, slug):
            body = extract_article(page, sums.digest(text))
            found = visible(body) if body is not None else []
            if (apart := difference(words, found)) or len(found) != len(words):
                yield Problem(name, f"{slug}: {apart or 'it shows more words than were received'}")
    received = _preformatted(site.read(f"{place}/as-received/index.html").decode())
    if received.encode() != text:
        yield Problem(f"{place}/as-received/index.html", "does not show the text as it was received")


def _rendered(site: _Site, place: str, text: bytes) -> Iterator[Problem]:
    """Render the text anew, where the issue was made by the renderer that is installed here."""
    from publisher.essays.render import RENDERER, article

    accession = _slugs(site).get(place.removeprefix("essays/"))
    for _, issue in site.issues():
        same = accession in issue.predicate["essays"] and issue.predicate["renderer"] == RENDERER
        if same and article(text.decode()).encode() != site.read(f"{place}/article.html"):
            yield Problem(f"{place}/article.html", "is not what the renderer makes of the text")


def _contents(site: _Site, name: str, slug: str) -> Iterable[str]:
    """The HTML that a page or a feed shows of one essay; nothing where a feed no longer has it."""
    data = site.read(name)
    if name.endswith(".html"):
        return [data.decode()]
    if name.endswith(".json"):
        items = json.loads(data)["items"]
        return [item["content_html"] for item in items if f"/essays/{slug}/" in item.get("url", "")]
    from lxml import etree

    try:
        root = etree.fromstring(data)
    except etree.XMLSyntaxError as error:
        raise Malformed(f"{name}: {error}") from None
    entries = root.findall(".//{*}entry") + root.findall(".//item")
    found = []
    for entry in entries:
        content = entry.findtext("{http://www.w3.org/2005/Atom}content") or entry.findtext(
            "{http://purl.org/rss/1.0/modules/content/}encoded"
        )
        links = [link.get("href") or link.text or "" for link in entry.findall("{*}link") + entry.findall("link")]
        if content and any(f"/essays/{slug}/" in link for link in links):
            found.append(content)
    return found


def _preformatted(page: str) -> str:
    from selectolax.lexbor import LexborHTMLParser

    node = LexborHTMLParser(page).css_first("pre")
    return node.text() if node else ""


def _mails(site: _Site) -> Iterator[Problem]:
    from publisher.essays.words import difference, extract_article, visible
    from publisher.site.mail import essays

    digests = {
        sums.digest(site.read(n)): n.split("/")[1] for n in site.names if re.fullmatch(r"essays/[^/]+/essay\.md", n)
    }
    for _, issue in site.issues():
        name = f"issues/{issue.predicate['week']}/issue.eml"
        if name not in site.names:
            continue
        try:
            cut = essays(site.read(name))
        except Malformed as error:
            yield Problem(name, str(error))
            continue
        if [essay.accession for essay in cut] != issue.predicate["essays"]:
            yield Problem(name, "does not carry the essays of the issue, in order")
        for essay in cut:
            slug = digests.get(sums.digest(essay.text))
            if slug is None:
                yield Problem(name, f"{essay.accession} is not a text of this site")
                continue
            body = extract_article(_html_part(site.read(name)), essay.sha256)
            words = visible(site.read(f"essays/{slug}/article.html").decode())
            if body is not None and ((apart := difference(words, visible(body))) or len(visible(body)) != len(words)):
                yield Problem(name, f"{slug}: {apart or 'the HTML part shows more words than were received'}")


def _html_part(data: bytes) -> str:
    import email
    import email.policy

    body = email.message_from_bytes(data, policy=email.policy.SMTP).get_body(("html",))
    return str(body.get_content()) if body else ""
