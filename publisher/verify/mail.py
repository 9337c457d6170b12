"""Verifying a mail as a reader holds it: each essay's text, its proof, and what the HTML part shows of it.

The text is looked for where it stands whole: between its marker lines, or attached. What was changed on the way without
changing the text is said; what touches the text, or cannot be told, is not verified.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from archive.characters import marked as made_visible
from archive.errors import Error, Malformed, VerificationError
from archive.register import sums
from archive.register.note import VerifierKey
from archive.register.proof import Proof, Verified, verify
from archive.register.statement import Statement
from archive.wording import listed, many
from publisher.essays.words import difference, split
from publisher.site.cut import CutEssay, Damaged
from publisher.verify import held, shown
from publisher.verify.checked import LIMITS, Checked
from publisher.verify.file import facts, in_words, read_bytes
from publisher.verify.received import LARGEST, Letter, Part, letters

MOST_PROBLEMS = 20

_AROUND = "that what stands around the essays is ours: subject, titles, notes, footers"
_SAVE = "save the mail itself, not a reply to it"


@dataclass(frozen=True, slots=True)
class Proved:
    """An essay whose text was found whole, with a proof that holds."""

    accession: str
    sha256: str
    text: bytes
    verified: Verified


@dataclass(slots=True)
class _Mail:
    """A letter on its way to being judged."""

    letter: Letter
    cuts: list[CutEssay | Damaged]
    attached: list[Part]
    proofs: list[Part]
    proved: dict[str, Proved] = field(default_factory=dict)
    """By accession."""
    said: list[str] = field(default_factory=list)
    """What was changed on the way without changing a text."""
    problems: list[str] = field(default_factory=list)
    shown: set[str] = field(default_factory=set)
    """The SHA-256 of each essay whose words the HTML part shows."""


def verify_mail(path: Path, key: VerifierKey) -> Checked:
    """Check every essay in a mail or an mbox. Raises `VerificationError` with all that touches a text, and where."""
    if path.is_file() and path.stat().st_size > LARGEST:
        raise Error(f"{path}: expected a mail, found {path.stat().st_size:,} bytes; {_SAVE}")
    data = read_bytes(path, "a mail", _SAVE)
    try:
        mails = [_judged(letter, key) for letter in letters(data) if held.ours(letter)]
    except Malformed as error:
        raise Malformed(f"{_name(path)}: {error}") from None
    if not mails:
        raise Malformed(
            f"{_name(path)}: expected an essay between its marker lines, or attached with its proof, found no essay; "
            f"{_SAVE}"
        )
    if problems := list(dict.fromkeys(problem for mail in mails for problem in mail.problems)):
        raise VerificationError(_listing(path, problems))
    return _checked(path, mails)


def _judged(letter: Letter, key: VerifierKey) -> _Mail:
    texts = [part for part in letter.parts if held.is_text(part)]
    mail = _Mail(letter, [], *held.files(letter))
    for part in texts:
        cuts, mended = held.cuts(part)
        mail.cuts += cuts
        mail.said += [mended] if mended else []
    # 1. Each proof holds, and its text is in the mail.
    _proofs(mail, key)
    # 2. Each essay of the text part is the text that was proved, or has at least its words.
    for cut in mail.cuts:
        mail.problems += _cut(mail, cut)
    # 3. Each text attached is one that was proved.
    mail.problems += _attached(mail)
    # 4. The HTML part shows the words that were proved; there is no other view.
    mail.problems += [*_views(mail), *_html(mail)]
    if not mail.proved and not mail.problems:
        mail.problems.append("no essay in it could be compared with a proof")
    mail.said += [*_changes(mail, texts)]
    return mail


# Judging.


def _proofs(mail: _Mail, key: VerifierKey) -> None:
    whole = [cut.text for cut in mail.cuts if isinstance(cut, CutEssay)]
    whole += [data for part in mail.attached for data, _ in held.mended(part.data)]
    texts = {sums.digest(text): text for text in whole if text}
    for part in mail.proofs:
        name = _shown(part.name) or "a proof"
        try:
            proved = _proved(Proof.parse(part.data), texts, key)
        except VerificationError as error:
            mail.problems.append(f"{name}: {error}")
            continue
        if isinstance(proved, Proved):
            mail.proved[proved.accession] = proved
        elif not any(
            subject.startswith(f"{cut.accession}/") for cut in mail.cuts for subject in proved if cut.accession
        ):
            mail.problems.append(f"{name}: proves {_shown(', '.join(proved))}, which is not in this mail")


def _proved(proof: Proof, texts: Mapping[str, bytes], key: VerifierKey) -> Proved | list[str]:
    """The essay that a proof proves, among `texts` by SHA-256, or what it is about where that is not among them."""
    subjects = Statement.decode(proof.leaf).subjects
    text = next((texts[digest] for digest in subjects.values() if digest in texts), None)
    if text is None:
        return [*subjects]
    verified = verify(text, proof, key)
    accession, _, name = verified.subject.partition("/")
    said = verified.statement
    if said.kind != "review" or name != "essay.md" or said.predicate["decision"] != "publish":
        raise VerificationError(f"proves {verified.subject}, not an essay approved for publication")
    return Proved(accession, sums.digest(text), text, verified)


def _cut(mail: _Mail, cut: CutEssay | Damaged) -> Iterator[str]:
    proved = mail.proved.get(cut.accession)
    if isinstance(cut, CutEssay):
        if not proved or proved.text != cut.text:
            yield _unproved(mail, cut)
        return
    if not proved:
        yield f"{cut.fault}; no whole copy with its proof is attached" if cut.accession else cut.fault
        return
    logged, found = (split(text.decode(errors="replace")) for text in (proved.text, cut.text))
    if cut.sha256 != proved.sha256 or cut.text == proved.text:
        yield f"{cut.accession}: its marker line in the text part gives another length or SHA-256 than was logged"
    elif differs := difference(logged, found):
        yield f"{cut.accession}: its text part {_shown(differs)}; another copy in this mail is as it was logged"
    elif more := len(found) - len(logged):
        yield f"{cut.accession}: its text part has {many(more, 'word')} more between the marker lines"
    else:
        same = "has the same words in its text part, on other lines or with other spaces"
        mail.said.append(f"{cut.accession} {same}; the attached text is whole")


def _unproved(mail: _Mail, cut: CutEssay) -> str:
    for proved in mail.proved.values():
        if proved.text == cut.text:
            return f"{cut.accession}: the text under this number in the text part was logged as {proved.accession}"
    fits = f"{cut.accession}: the text in the text part fits its marker line"
    if mail.proofs:
        return f"{fits}, but there is no proof in this mail that holds for it"
    return (
        f"{fits}, but there is no proof in this mail; get it at {held.address(mail.letter)}, then verify text and proof"
    )


def _attached(mail: _Mail) -> Iterator[str]:
    known = {proved.sha256 for proved in mail.proved.values()}
    named = {cut.sha256 for cut in mail.cuts if isinstance(cut, CutEssay)}
    beside = {part.name.removesuffix(".tlog-proof") for part in mail.proofs}
    for part in mail.attached:
        digests = {sums.digest(data) for data, _ in held.mended(part.data)}
        if not digests & (known | named):
            why = "is not the text that was logged" if part.name in beside else "nothing in this mail proves it"
            yield f"{_shown(part.name or 'a text attached')}: {why}; SHA-256 {sums.digest(part.data)}"


def _views(mail: _Mail) -> Iterator[str]:
    """A mail program shows one view of several, mostly the last: there is one of each kind, and no kind but these."""
    for view in sorted({part.view for part in mail.letter.parts if part.view}):
        kinds = [part.kind for part in mail.letter.parts if part.view == view and not part.kind.startswith("image/")]
        for kind, name in (("text/plain", "text"), ("text/html", "HTML")):
            if kinds.count(kind) > 1:
                yield f"there is more than one {name} part to show, and a mail program shows either"
        for kind in sorted(set(kinds) - {"text/plain", "text/html"}):
            yield f"a view of the kind {_shown(kind)} was added, which is not compared"


def _html(mail: _Mail) -> Iterator[str]:
    essays = {proved.sha256: proved.text for proved in mail.proved.values()}
    if not essays:
        return
    pages = [part for part in mail.letter.parts if part.kind == "text/html" and (part.view or not part.attached)]
    for place, part in enumerate(pages):
        if part.view or place == 0:  # others stand below, as a list's footer does
            problems, found = shown.compared(part.data.decode(errors="replace"), essays)
            mail.shown |= found
            yield from (f"the HTML part {_shown(problem)}" for problem in problems)
    if pages and (linked := [each.accession for each in mail.proved.values() if each.sha256 not in mail.shown]):
        mail.said.append(f"the HTML part does not show {listed(linked)}, and says where it stands")
    if not pages:
        mail.said.append("there is no HTML part to compare")


def _changes(mail: _Mail, texts: list[Part]) -> Iterator[str]:
    """What was changed on the way, as far as it can be told from how our mails are written."""
    letter, tag = mail.letter, re.match(r"\[[^\]]{1,60}\]", mail.letter.headers["subject"].strip())
    if letter.boxed:
        yield "out of an mbox"
    if letter.inside:
        yield "inside another mail"
    if tag:
        yield f"the subject begins with {_shown(tag[0])}"
    if letter.headers["from"] != letter.headers["to"]:
        yield "From is not who it was written to"
    ours = [part for part in texts if held.begins(part)]
    for part in ours:
        if part.encoding != "quoted-printable":
            yield f"the text part came as {_shown(part.encoding)}"
        if part.charset.lower() not in ("utf-8", "us-ascii"):
            yield f"the text part came in the charset {_shown(part.charset[:40])}"
        foot = re.split(rb"(?m)^\xe2\x80\x94 \S+ [A-Za-z0-9+/=]+$", part.data)
        if len(foot) > 1 and (added := len(foot[-1].split())):
            yield f"{many(added, 'word')} added at the end of its text part"
    if not ours:
        yield "no text part holds it"
    elif len(texts) > len(ours):
        yield "a text part added"
    if mail.proved and not mail.attached:
        yield "the text itself is not attached"


# Telling.


def _checked(path: Path, mails: list[_Mail]) -> Checked:
    sentences, found = [], []
    for mail in mails:
        on_the_way = [*dict.fromkeys(mail.said)]
        for essay in mail.proved.values():
            sentence = (
                f"{_name(path)}: the text in the {listed(places := _places(mail, essay))} ({len(essay.text):,} bytes, "
                f"SHA-256 {essay.sha256}) is {in_words(essay.verified)}"
            )
            sentences.append(sentence + (f"; on the way: {'; '.join(on_the_way)}" if on_the_way else "") + ".")
            found.append({**facts(essay.verified, essay.text), "on_the_way": on_the_way, "found_in": places})
    return Checked(
        sentence="\n".join(dict.fromkeys(sentences)),
        limits=(_AROUND, *LIMITS),
        facts={"verified": True, "essays": found},
    )


def _places(mail: _Mail, essay: Proved) -> list[str]:
    """Where an essay was found: whole, and in the HTML part word for word."""
    text = [cut for cut in mail.cuts if isinstance(cut, CutEssay) and cut.sha256 == essay.sha256]
    attached = [
        part for part in mail.attached if essay.sha256 in {sums.digest(data) for data, _ in held.mended(part.data)}
    ]
    return [
        *(["text part"] if text else []),
        *(["attachment"] if attached else []),
        *(["HTML part (by its words)"] if essay.sha256 in mail.shown else []),
    ]


def _listing(path: Path, problems: list[str]) -> str:
    """One sentence where there is one problem, else a line each, the first of them."""
    if len(problems) == 1:
        return f"{_name(path)}: {problems[0]}"
    more = [f"and {len(problems) - MOST_PROBLEMS:,} more"] if len(problems) > MOST_PROBLEMS else []
    return "\n  ".join([f"{_name(path)}: {many(len(problems), 'problem')}:", *problems[:MOST_PROBLEMS], *more])


def _name(path: Path) -> str:
    return made_visible(path.name)


def _shown(text: str) -> str:
    """A stranger's words, on one line, with nothing left that a terminal would obey."""
    return made_visible(" ".join(text.split()))[:500]
