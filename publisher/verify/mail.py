"""Verifying a mail as a reader holds it: each essay's text, its proof, and what the HTML part shows of it.

The text is looked for where it stands whole: between its marker lines, or attached. What was changed on the way without
changing the text is said; what touches the text, or cannot be told, is not verified.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from archive.errors import Malformed, VerificationError
from archive.register import sums
from archive.register.note import VerifierKey
from archive.register.proof import Proof
from archive.wording import listed, many
from publisher.essays.words import difference, split
from publisher.site.cut import CutEssay, Damaged
from publisher.verify import enclosure, markup, message
from publisher.verify.evidence import Evidence
from publisher.verify.file import read_bytes
from publisher.verify.letter import LARGEST, Letter, Part, letters
from publisher.verify.text import Proved, prove
from publisher.verify.verdict import Found, Verdict, of_channel

_AROUND = "that what stands around the essays is ours: subject, titles, notes, footers"
_SAVE = "save the mail itself, not a reply to it"


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


def verify_mail(path: Path, evidence: Evidence) -> Verdict:
    """Check every essay in a mail or an mbox, with proofs from elsewhere for those that came without theirs.

    Raises `VerificationError` with all that touches a text, and where.
    """
    data = read_bytes(path, "a mail", _SAVE, LARGEST)
    try:
        mails = [_judged(letter, evidence) for letter in letters(data) if enclosure.ours(letter)]
    except Malformed as error:
        raise Malformed(f"{message.name(path)}: {error}") from None
    if not mails:
        raise Malformed(
            f"{message.name(path)}: expected an essay between its marker lines, or attached with its proof, found no "
            f"essay; {_SAVE}"
        )
    if problems := list(dict.fromkeys(problem for mail in mails for problem in mail.problems)):
        raise VerificationError(message.listing(message.name(path), problems))
    return _checked(path, mails)


def _judged(letter: Letter, evidence: Evidence) -> _Mail:
    texts = [part for part in letter.parts if enclosure.is_text(part)]
    mail = _Mail(letter, [], *enclosure.files(letter))
    for part in texts:
        mail.problems += [f"the text part {message.shown(part.fault)}"] if part.fault and enclosure.begins(part) else []
        cuts, mended = enclosure.cuts(part)
        mail.cuts += cuts
        mail.said += [mended] if mended else []
    # 1. Each proof holds, and its text is in the mail.
    _proofs(mail, evidence.key)
    _from_elsewhere(mail, evidence)
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
    whole += [data for part in mail.attached for data, _ in enclosure.mended(part.data)]
    texts = {sums.digest(text): text for text in whole if text}
    for part in mail.proofs:
        name = message.shown(part.name) or "a proof"
        try:
            proved = prove(Proof.parse(part.data), texts, key)
        except VerificationError as error:
            mail.problems.append(f"{name}: {error}")
            continue
        if isinstance(proved, Proved):
            mail.proved[proved.accession] = proved
        elif not any(
            subject.startswith(f"{cut.accession}/") for cut in mail.cuts for subject in proved if cut.accession
        ):
            mail.problems.append(f"{name}: proves {message.shown(', '.join(proved))}, which is not in this mail")


def _from_elsewhere(mail: _Mail, evidence: Evidence) -> None:
    """Proofs of the essays, where all proofs were stripped on the way."""
    for cut in mail.cuts if not mail.proofs else ():
        if cut.accession and cut.accession not in mail.proved:
            try:
                essay = evidence.of(cut.sha256)
            except VerificationError as error:
                mail.problems.append(f"{cut.accession}: {error}")
                continue
            if essay and essay.accession == cut.accession:
                mail.proved[essay.accession] = essay
                mail.said.append(f"the proof of {essay.accession} is not in it, and was taken from elsewhere")


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
        yield f"{cut.accession}: its text part {message.shown(differs)}; another copy in this mail is as it was logged"
    elif more := len(found) - len(logged):
        yield f"{cut.accession}: its text part has {many(more, 'word')} more between the marker lines"
    else:
        same = "has the same words in its text part, on other lines or with other spaces"
        mail.said.append(f"{cut.accession} {same}; the text with the proof is whole")


def _unproved(mail: _Mail, cut: CutEssay) -> str:
    for proved in mail.proved.values():
        if proved.text == cut.text:
            return f"{cut.accession}: the text under this number in the text part was logged as {proved.accession}"
    fits = f"{cut.accession}: the text in the text part fits its marker line"
    if mail.proofs:
        return f"{fits}, but there is no proof in this mail that holds for it"
    return (
        f"{fits}, but there is no proof in this mail; get it at {enclosure.address(mail.letter)}, "
        "then verify text and proof, or name the site with --site"
    )


def _attached(mail: _Mail) -> Iterator[str]:
    known = {proved.sha256 for proved in mail.proved.values()}
    named = {cut.sha256 for cut in mail.cuts if isinstance(cut, CutEssay)}
    beside = {part.name.removesuffix(".tlog-proof") for part in mail.proofs}
    for part in mail.attached:
        digests = {sums.digest(data) for data, _ in enclosure.mended(part.data)}
        if not digests & (known | named):
            why = "is not the text that was logged" if part.name in beside else "nothing in this mail proves it"
            yield f"{message.shown(part.name or 'a text attached')}: {why}; SHA-256 {sums.digest(part.data)}"


def _views(mail: _Mail) -> Iterator[str]:
    """A mail program shows one view of several, mostly the last: there is one of each kind, and no kind but these."""
    for view in sorted({part.view for part in mail.letter.parts if part.view}):
        kinds = [part.kind for part in mail.letter.parts if part.view == view and not part.kind.startswith("image/")]
        for kind, name in (("text/plain", "text"), ("text/html", "HTML")):
            if kinds.count(kind) > 1:
                yield f"there is more than one {name} part to show, and a mail program shows either"
        for kind in sorted(set(kinds) - {"text/plain", "text/html"}):
            yield f"a view of the kind {message.shown(kind)} was added, which is not compared"


def _html(mail: _Mail) -> Iterator[str]:
    essays = {proved.sha256: proved.text for proved in mail.proved.values()}
    if not essays:
        return
    pages = [part for part in mail.letter.parts if part.kind == "text/html" and (part.view or not part.attached)]
    for place, part in enumerate(pages):
        if part.view or place == 0:  # others stand below, as a list's footer does
            yield from [f"the HTML part {message.shown(part.fault)}"] if part.fault else []
            problems, found = markup.compared(part.data.decode(errors="replace"), essays)
            mail.shown |= found
            yield from (f"the HTML part {message.shown(problem)}" for problem in problems)
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
        yield f"the subject begins with {message.shown(tag[0])}"
    if letter.headers["from"] != letter.headers["to"]:
        yield "From is not who it was written to"
    ours = [part for part in texts if enclosure.begins(part)]
    for part in ours:
        if part.encoding != "quoted-printable":
            yield f"the text part came as {message.shown(part.encoding)}"
        if part.charset.lower() not in ("utf-8", "us-ascii"):
            yield f"the text part came in the charset {message.shown(part.charset[:40])}"
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


def _checked(path: Path, mails: list[_Mail]) -> Verdict:
    found = []
    for mail in mails:
        for essay in mail.proved.values():
            places = _places(mail, essay)
            sentence = f"{message.name(path)}: the text in the {listed(places)} ({essay.measure}) is"
            found.append(Found(essay, sentence, places, mail.said))
    return of_channel("mail", found, (_AROUND,))


def _places(mail: _Mail, essay: Proved) -> list[str]:
    """Where an essay was found: whole, and in the HTML part word for word."""
    text = [cut for cut in mail.cuts if isinstance(cut, CutEssay) and cut.sha256 == essay.sha256]
    attached = [
        part for part in mail.attached if essay.sha256 in {sums.digest(data) for data, _ in enclosure.mended(part.data)}
    ]
    return [
        *(["text part"] if text else []),
        *(["attachment"] if attached else []),
        *(["HTML part (by its words)"] if essay.sha256 in mail.shown else []),
    ]
