"""Reviewing: a signed decision about a text that nobody can edit.

``reviews/N.json`` is the statement that is signed (``ssh-keygen -Y sign``) and logged, byte for byte.
"""

import re
from collections.abc import Callable, Sequence
from pathlib import Path

from archive.errors import Error, Problem, Refused, VerificationError
from archive.home import setup
from archive.home.accession import DecisionName
from archive.home.change import Change
from archive.home.home import Home, Writer
from archive.register import durable, sshsig, statement, sums
from archive.register.statement import Statement
from publisher.essays import precedence
from publisher.essays import signature as signatures
from publisher.essays.essay import Review
from publisher.essays.inspection import inspect
from publisher.essays.render import unfaithful
from publisher.essays.submission import Submission, find

Sign = Callable[[bytes, Path, str], bytes]
"""Signs a review with a key, in a namespace, as `sshsig.sign` does."""
_OTHER = "{}: what you were shown was changed meanwhile; nothing was signed: read it again"


def review(
    home: Home,
    name: str,
    *,
    decision: DecisionName,
    reviewer: str,
    key: Path,
    criteria: Sequence[str] = (),
    shown: str = "",
    sign: Sign = sshsig.sign,
) -> Submission:
    """Sign and log a decision; nothing if `said_already`. Raises `Refused` with every reason why it cannot be taken.

    `shown` is the `Inspection.digest` of what the reviewer has read. While it is signed, which may take a person with a
    passphrase, others may write to the home; that nothing of the essay was changed meanwhile is seen to afterwards.
    """
    fingerprint = sshsig.key_fingerprint(key)
    with home.writing() as writer:
        submission = find(writer.home, name)
        said = said_already(writer.home, submission, decision, fingerprint, criteria)
        if said and said.name == reviewer:
            return submission
        _as_shown(writer.home, name, shown)
        leaf, _, _ = _prepare(writer, name, decision, fingerprint, reviewer, criteria)
    signature = sign(leaf, key, home.configuration.review.namespace)
    with home.writing() as writer:
        submission = find(writer.home, name)
        if not _same_subjects(submission, Statement.decode(leaf)):
            raise Error(_OTHER.format(submission.slug))
        _check(writer, submission, decision, _criteria(writer.home, decision, criteria))
        return _log(writer, submission, _next(submission), leaf, signature)


def check(
    home: Home, name: str, *, decision: DecisionName, reviewer: str, key: Path, criteria: Sequence[str] = ()
) -> None:
    """Raises as `review` would, and signs nothing: for whoever is yet to read the text."""
    fingerprint = sshsig.key_fingerprint(key)
    with home.writing() as writer:
        if not said_already(writer.home, find(writer.home, name), decision, fingerprint, criteria):
            _prepare(writer, name, decision, fingerprint, reviewer, criteria)


def said_already(
    home: Home, submission: Submission, decision: DecisionName, fingerprint: str, criteria: Sequence[str]
) -> Review | None:
    """This reviewer's last review, if it stands and says the same of the same text and ``essay.toml``."""
    chosen = set(_criteria(home, decision, criteria))
    for review in [] if submission.changed() else submission.standing():
        if (review.reviewer, review.decision, set(review.criteria)) == (fingerprint, decision, chosen):
            return review
    return None


def _criteria(home: Home, decision: DecisionName, given: Sequence[str]) -> list[str]:
    """What a decision is taken under: to publish, by every criterion unless told."""
    known = [criterion.id for criterion in home.configuration.review.criteria]
    return list(given) or (known if decision == "publish" else [])


def prepare(
    home: Home, name: str, *, decision: DecisionName, reviewer: str, criteria: Sequence[str] = (), shown: str = ""
) -> Path | None:
    """Write ``reviews/N.json`` for someone to sign elsewhere; nothing is logged yet. None if `said_already`.

    The one that lies there unsigned, if it says the same. `shown` is as in `review`. Raises `Refused`.
    """
    with home.writing() as writer:
        listed, problems = writer.home.signers.listed, setup.problems(writer.home)
        keys = [signer.fingerprint for signer in listed if signer.name == reviewer]
        if problems or len(keys) != 1:
            found = f"expected exactly one key of {reviewer}, found {len(keys)}"
            raise Refused(problems or [Problem("allowed_signers", found, "list the key, or sign here with --key")])
        if said_already(writer.home, find(writer.home, name), decision, keys[0], criteria):
            return None
        _as_shown(writer.home, name, shown)
        leaf, number, submission = _prepare(writer, name, decision, keys[0], reviewer, criteria)
        for path in unsigned(submission):
            if _same(path.read_bytes(), leaf):
                return path
        path = submission.folder / "reviews" / f"{number}.json"
        writer.commit(Change(files={home.relative(path): leaf}))
        return path


def complete(home: Home, name: str, signature: bytes) -> Submission:
    """Log the prepared review that `signature` signs; nothing if it stands already.

    Raises `Refused` if there is none, or it cannot be taken now.
    """
    with home.writing() as writer:
        submission = find(writer.home, name)
        if any(review.signature == signature for review in submission.standing()):
            return submission
        path, leaf = _signed(writer.home, submission, signature)
        decided = Statement.decode(leaf)
        place = home.relative(path)
        _check(writer, submission, decided.predicate["decision"], decided.predicate["criteria"])
        if decided.time > writer.now():
            raise Refused([Problem(place, "was written later than now", "set the clock right")])
        if not _same_subjects(submission, decided):
            found = "names another essay.toml than the one here"
            raise Refused([Problem(place, found, "prepare the review anew and sign that")])
        return _log(writer, submission, int(path.stem), leaf, signature)


def _signed(home: Home, submission: Submission, signature: bytes) -> tuple[Path, bytes]:
    """The prepared review that a signature fits, among all that its signer has not signed yet. Raises `Error`."""
    if problems := setup.problems(home):
        raise Refused(problems)
    signer, namespace = sshsig.signature_key(signature), home.configuration.review.namespace
    if (found := sshsig.signature_namespace(signature)) != namespace:
        raise Error(f"--signature: expected one made with ssh-keygen -Y sign -n {namespace}, found -n {found}")
    said = []
    for path in unsigned(submission):
        leaf = path.read_bytes()
        try:
            if Statement.decode(leaf).predicate.get("reviewer") == signer:
                signatures.check(leaf, signature, home.signers, namespace)
                return path, leaf
        except VerificationError as error:
            said.append(f"{path.name}: {error}")
    place = home.relative(submission.folder / "reviews")
    if said:
        raise VerificationError(f"{place}: the signature fits no prepared review; {'; '.join(said)}")
    what = f"expected a prepared review by {signer}, found none"
    raise Refused([Problem(place, what, "run the command without --signature first")])


def unsigned(submission: Submission) -> list[Path]:
    """The reviews that nobody has signed yet, newest first; other files beside them are passed over."""
    numbered = {
        int(path.stem): path for path in (submission.folder / "reviews").glob("*.json") if _is_number(path.stem)
    }
    return [
        path for _, path in sorted(numbered.items(), reverse=True) if not path.with_name(f"{path.name}.sig").exists()
    ]


def _same(leaf: bytes, other: bytes) -> bool:
    """Whether two statements say the same, but for when."""
    try:
        one, two = Statement.decode(leaf), Statement.decode(other)
    except VerificationError:
        return False
    untimed = [{key: value for key, value in s.predicate.items() if key != "time"} for s in (one, two)]
    return one.subjects == two.subjects and untimed[0] == untimed[1]


def _is_number(text: str) -> bool:
    return re.fullmatch(r"[1-9]\d*", text, re.ASCII) is not None


def _prepare(
    writer: Writer, name: str, decision: DecisionName, fingerprint: str, reviewer: str, criteria: Sequence[str]
) -> tuple[bytes, int, Submission]:
    submission = find(writer.home, name)
    rules = writer.home.configuration.review
    listed, problems = writer.home.signers.listed, setup.problems(writer.home)
    own = [signer for signer in listed if signer.name == reviewer and signer.fingerprint == fingerprint]
    if own and not all(rules.namespace in signer.options.get("namespaces", "").split(",") for signer in own):
        found = f'expected namespaces="{rules.namespace}" for {reviewer}, found another or none'
        problems.append(Problem("allowed_signers", found, "without it a signature for anything else would count"))
    if not own:
        found = f"expected the key {fingerprint} under the name {reviewer}, found it not listed"
        line = f'{reviewer} namespaces="{rules.namespace}",valid-after="…Z" ssh-ed25519 …'
        problems.append(Problem("allowed_signers", found, f"`publisher setup` lists it, or add the line: {line}"))
    chosen = _criteria(writer.home, decision, criteria)
    _check(writer, submission, decision, chosen, problems)
    published = {}
    if decision == "publish":
        published = {
            "essay.md": sums.digest(submission.text),
            "essay.toml": sums.digest(submission.record_bytes),
        }
    leaf = statement.review(
        submission.accession,
        sums.digest((submission.folder / "intake.sums").read_bytes()),
        published,
        decision=decision,
        intake_index=submission.intake.index,
        reviewer=fingerprint,
        criteria=chosen,
        time=writer.now(),
    ).encode()
    return leaf, _next(submission), submission


def _next(submission: Submission) -> int:
    """The first number of a review that none has yet."""
    numbers = [int(p.stem) for p in (submission.folder / "reviews").glob("*.json") if _is_number(p.stem)]
    return max(numbers, default=0) + 1


def _as_shown(home: Home, name: str, shown: str) -> None:
    """Raises `Error` where it is not what the reviewer has read any more."""
    if shown and (now := inspect(home, name)).digest != shown:
        raise Error(_OTHER.format(now.submission.slug))


def _check(
    writer: Writer,
    submission: Submission,
    decision: DecisionName,
    criteria: Sequence[str],
    problems: Sequence[Problem] = (),
) -> None:
    """Raises `Refused` with all that speaks against taking this decision now, besides `problems`."""
    found = [*problems, *submission.changed()]
    place = f"essays/{submission.folder.name}"
    known = [criterion.id for criterion in writer.home.configuration.review.criteria]
    if submission.week:
        remedy = "what was published can only be withdrawn"
        found.append(Problem(place, f"was published in {submission.week}", remedy))
    for criterion in criteria:
        if criterion not in known:
            what = f"expected a criterion of archive.toml ({', '.join(known) or 'none is there'}), found {criterion}"
            found.append(Problem("--criterion", what, "add it to [[review.criteria]], or name one of these"))
    if not criteria and decision != "hold":
        remedy = "name what it was decided under with --criterion; archive.toml lists them under [[review.criteria]]"
        found.append(Problem(place, f"expected a criterion for the decision {decision}, found none", remedy))
    if decision == "publish":
        found += unfaithful(submission.text) if submission.text else []
        if isinstance(submission.record, list):
            found += submission.record
        found += precedence.problems(writer.home, submission)
    if found:
        raise Refused(found)


def _same_subjects(submission: Submission, decided: Statement) -> bool:
    now = {"essay.md": submission.text, "essay.toml": submission.record_bytes}
    subjects = {name.split("/", 1)[1]: digest for name, digest in decided.subjects.items()}
    return all(sums.digest(data) == subjects.get(name) for name, data in now.items() if name in subjects)


def _log(writer: Writer, submission: Submission, number: int, leaf: bytes, signature: bytes) -> Submission:
    """Check the signature as every reader will, then log the review, and before it the list of keys where it is new."""
    signatures.check(leaf, signature, writer.home.signers, writer.home.configuration.review.namespace)
    listed = setup.reviewers(writer.home, writer.now())
    folder = writer.home.relative(submission.folder)
    files = {f"{folder}/reviews/{number}.json": leaf, f"{folder}/reviews/{number}.json.sig": signature}
    writer.commit(Change(leaves=[*listed.leaves, leaf], files={**listed.files, **files}))
    return find(writer.home, submission.accession)


def read_signature(path: Path) -> bytes:
    """The bytes of a signature file. Raises `Error`."""
    try:
        return durable.content(path)
    except OSError as error:
        raise Error(f"{path}: expected a signature, found none ({error.strerror})") from None
