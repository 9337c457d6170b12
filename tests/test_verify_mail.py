"""A reader with one mail and a key: what a mail may go through on its way, and what can never pass."""

import base64
import email
import hashlib
import json
import mailbox
import quopri
import re
from collections.abc import Callable
from email.message import Message
from email.policy import compat32
from pathlib import Path

import pytest

from archive.errors import Error, VerificationError
from archive.register import merkle
from archive.register.note import Checkpoint
from archive.register.proof import Proof
from publisher.essays.render import article
from publisher.verify.evidence import Evidence
from publisher.verify.mail import verify_mail
from publisher.verify.markup import compared
from publisher.verify.verdict import Verdict
from tests.conftest import Programs
from tests.example_register import SIGNER
from tests.golden_site import GOLDEN, KEY

MAIL = (GOLDEN / "issues/2026-W45/issue.eml").read_bytes()
OTHER = (GOLDEN / "issues/2026-W47/issue.eml").read_bytes()
TEXT = (GOLDEN / "essays/odd/essay.md").read_bytes()
POLICY = compat32.clone(linesep="\r\n", mangle_from_=False)


# How a mail is changed: every change takes the bytes of a mail and gives those of another.

Change = Callable[[bytes], bytes]


def check(path: Path) -> Verdict:
    return verify_mail(path, Evidence(path.parent, None, KEY))


def parsed(eml: bytes) -> Message:
    return email.message_from_bytes(eml, policy=POLICY)


def one(mail: Message, kind: str, place: int = 0) -> Message:
    return [part for part in mail.walk() if part.get_content_type() == kind][place]


def set_part(part: Message, data: bytes, encoding: str = "8bit", charset: str = "utf-8") -> None:
    del part["Content-Transfer-Encoding"]
    part["Content-Transfer-Encoding"] = encoding
    part.set_param("charset", charset)
    encode = {"base64": base64.encodebytes, "quoted-printable": quopri.encodestring, "8bit": bytes}[encoding]
    part.set_payload(encode(data).decode("ascii", "surrogateescape"))


def coded(kind: str, encoding: str, charset: str = "utf-8", of: str = "utf-8") -> Change:
    """A part in another transfer encoding and charset."""

    def change(eml: bytes) -> bytes:
        mail = parsed(eml)
        part = one(mail, kind)
        data = part.get_payload(decode=True).decode(of)
        set_part(part, data.encode(charset), encoding, charset)
        return mail.as_bytes()

    return change


def said(kind: str, what: str, by: str, encoding: str = "base64", place: int = 0) -> Change:
    """A part with other words in it."""

    def change(eml: bytes) -> bytes:
        mail = parsed(eml)
        part = one(mail, kind, place)
        data = part.get_payload(decode=True).decode().replace("\r\n", "\n")
        changed = re.sub(what, by.replace("\\", "\\\\") if "\\g" not in by else by, data, count=1, flags=re.DOTALL)
        assert changed != data
        set_part(part, changed.encode(), encoding)
        return mail.as_bytes()

    return change


def charset(kind: str, name: str) -> Change:
    """A part whose header names another charset than it is in."""

    def change(eml: bytes) -> bytes:
        mail = parsed(coded(kind, "8bit")(eml))
        one(mail, kind).set_param("charset", name)
        return mail.as_bytes()

    return change


def two_encodings(eml: bytes) -> bytes:
    """The HTML part says in two ways how its bytes are meant."""
    eml = coded("text/html", "8bit")(eml)
    place = eml.index(b"Content-Transfer-Encoding: 8bit", eml.index(b"text/html"))
    return eml[:place] + b"Content-Transfer-Encoding: quoted-printable\r\n" + eml[place:]


def related(eml: bytes) -> bytes:
    """The HTML part, and another one beside it that the mail begins with."""
    mail = parsed(eml)
    kept = [part for part in mail.walk() if part.get_content_disposition() == "attachment"]
    pages = [one(mail, "text/html").as_bytes(), b"Content-Type: text/html\r\nContent-ID: <e>\r\n\r\n<p>Else.</p>\r\n"]
    held = b"".join(b"--r\r\n" + page + b"\r\n" for page in pages) + b"--r--\r\n"
    first = b'Content-Type: multipart/related; boundary=r; start="<e>"\r\n\r\n' + held
    parts = b"".join(b"--m\r\n" + part + b"\r\n" for part in (first, *(part.as_bytes() for part in kept)))
    return b"Content-Type: multipart/mixed; boundary=m\r\n\r\n" + parts + b"--m--\r\n"


def header(name: str, value: str) -> Change:
    def change(eml: bytes) -> bytes:
        mail = parsed(eml)
        del mail[name]
        mail[name] = value
        return mail.as_bytes()

    return change


def without(*kinds: str) -> Change:
    """Parts of these kinds stripped."""

    def change(eml: bytes) -> bytes:
        mail = parsed(eml)
        for part in mail.walk():
            if part.is_multipart():
                part.set_payload([p for p in part.get_payload() if p.get_content_type() not in kinds])
        return mail.as_bytes()

    return change


def plain_only(eml: bytes) -> bytes:
    data = one(parsed(eml), "text/plain").get_payload(decode=True)
    head = b"From: a@example.org\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\n"
    return head + data


def flowed(eml: bytes) -> bytes:
    """Long lines broken behind a space, as programs that write format=flowed do."""
    mail = parsed(eml)
    part = one(mail, "text/plain")
    data = part.get_payload(decode=True).decode().replace("\r\n", "\n")
    set_part(part, data.replace("here on: ", "here on: \n").encode(), "quoted-printable")
    part.set_param("format", "flowed")
    return mail.as_bytes()


def forwarded(eml: bytes, boundary: str = "f") -> bytes:
    head = f"From: b@example.org\r\nContent-Type: multipart/mixed; boundary={boundary}\r\n\r\n"
    head += f"--{boundary}\r\n\r\nLook.\r\n"
    held = f"--{boundary}\r\nContent-Type: message/rfc822\r\n\r\n"
    return head.encode() + held.encode() + eml + f"\r\n--{boundary}--\r\n".encode()


def quoting(eml: bytes) -> bytes:
    """Forwarded in the text of another mail, each line behind ``> ``; nothing attached."""
    data = one(parsed(eml), "text/plain").get_payload(decode=True).decode().replace("\r\n", "\n")
    quoted = "".join(f"> {line}\n" for line in data.split("\n"))
    return b"From: b@example.org\nContent-Type: text/plain; charset=utf-8\n\nLook:\n\n" + quoted.encode()


def in_mbox(eml: bytes) -> bytes:
    raw = coded("text/plain", "8bit")(eml).replace(b"\r\n", b"\n")
    return b"From MAILER-DAEMON Fri Nov  6 09:00:00 2026\n" + re.sub(rb"(?m)^(>*From )", rb">\1", raw) + b"\n"


def box_of_two(eml: bytes) -> bytes:
    def mail(each: bytes) -> bytes:
        return b"From a@example.org Fri Nov  6 09:00:00 2026\n" + each.replace(b"\r\n", b"\n") + b"\n"

    return mail(b"Subject: hello\n\nFriday?\n") + mail(OTHER) + mail(eml)


def through(*changes: Change) -> Change:
    def change(eml: bytes) -> bytes:
        for each in changes:
            eml = each(eml)
        return eml

    return change


def attached(part: str, at: str = "--=_mail_") -> Change:
    """One part more, before the first one."""

    def change(eml: bytes) -> bytes:
        place = eml.index(at.encode(), eml.index(b"\r\n\r\n"))
        line = eml[place : eml.index(b"\r\n", place)]
        return eml[:place] + line + b"\r\n" + part.replace("\n", "\r\n").encode() + b"\r\n" + eml[place:]

    return change


def alternative(kind: str, text: str) -> Change:
    """One view more of the mail, the last one, which mail programs prefer."""

    def change(eml: bytes) -> bytes:
        end = re.search(rb"--(=_body_[0-9a-f]+)--", eml)
        assert end
        part = f"--{end[1].decode()}\r\nContent-Type: {kind}\r\n\r\n{text}\r\n".encode()
        return eml[: end.start()] + part + eml[end.start() :]

    return change


def by_another_key(eml: bytes) -> bytes:
    """The whole mail made again by somebody with another register."""
    old = one(parsed(eml), "application/octet-stream").get_payload(decode=True)
    leaf = Proof.parse(old).leaf
    new = bytes(Proof.make([leaf], 0, SIGNER.sign(str(Checkpoint(SIGNER.name, 1, merkle.leaf_hash(leaf))))))
    return said("application/octet-stream", ".*", new.decode())(eml)


def forged(eml: bytes) -> bytes:
    """Another text with a marker, an attachment and an HTML part that fit it; the proof is the old one."""
    text = TEXT.replace(b"here", b"there")
    old, new = hashlib.sha256(TEXT).hexdigest(), hashlib.sha256(text).hexdigest()
    mail = parsed(eml)
    part = one(mail, "text/plain")
    data = part.get_payload(decode=True).replace(b"\r\n", b"\n").replace(TEXT, text).replace(old.encode(), new.encode())
    set_part(part, data.replace(b"156 bytes", b"%d bytes" % len(text)), "base64")
    set_part(one(mail, "text/markdown"), text, "base64")
    part = one(mail, "text/html")
    shown = part.get_payload(decode=True).decode().replace("\r\n", "\n").replace(old, new)
    set_part(part, shown.replace(article(TEXT.decode()), article(text.decode())).encode(), "base64")
    return mail.as_bytes()


def other_accession(eml: bytes) -> bytes:
    mail = parsed(eml)
    part = one(mail, "text/plain")
    set_part(part, part.get_payload(decode=True).replace(b"E2026-0001", b"E2026-0009"), "base64")
    return mail.as_bytes()


SPACES = r"(?P<a>----- BEGIN ESSAY.*?-----\n.*?on:) (?P<b>.*)"
INSIDE = r'(?P<a><div class="essay"[^>]*>)'
FOOT = "\n_______\nTo leave this list, write to us\n"

ACCEPTED: dict[str, tuple[Change, str]] = {
    "as it was sent": (bytes, "byte for byte E2026-0001/essay.md"),
    "line feeds alone": (lambda eml: eml.replace(b"\r\n", b"\n"), "text part, attachment and HTML part (by its words)"),
    "text in base64": (coded("text/plain", "base64"), "base64"),
    "text in 8bit": (coded("text/plain", "8bit"), "8bit"),
    "HTML in base64": (coded("text/html", "base64"), "HTML part"),
    "HTML in 8bit": (coded("text/html", "8bit"), "HTML part"),
    "text in UTF-16": (coded("text/plain", "base64", "utf-16"), "charset utf-16"),
    "headers wrapped anew": (lambda e: e.replace(b'mixed; boundary="', b'mixed;\r\n\t boundary="'), "byte for byte"),
    "a list's footer": (said("text/plain", r"\Z", FOOT), "8 words added at the end of its text part"),
    "a list's footer as a part": (
        lambda e: re.sub(rb"(--=_mail_[0-9a-f]+)--", rb"\1\r\nContent-Type: text/plain\r\n\r\nLeave us\r\n\1--", e),
        "a text part added",
    ),
    "a tag in the subject": (header("Subject", "[letters] On commas"), "subject begins with [letters]"),
    "From munged": (header("From", "Letters via list <list@lists.example.net>"), "From is not who it was written to"),
    "forwarded as an attachment": (forwarded, "inside another mail"),
    "forwarded twice": (lambda eml: forwarded(forwarded(eml), "g"), "inside another mail"),
    "out of an mbox, with >From": (in_mbox, ">From"),
    "an mbox of three": (box_of_two, "E2026-0002/essay.md"),
    "text alone, proof and text attached": (without("text/html"), "no HTML part"),
    "the text not attached": (without("text/markdown"), "not attached"),
    "format=flowed, attachment whole": (flowed, "the same words in its text part, on other lines"),
    "trailing spaces lost": (said("text/plain", "here on: 2", "here on:\n2"), "same words"),
    "text part lost, attachment whole": (without("text/plain"), "no text part"),
    "the attachment renamed": (lambda e: e.replace(b'"odd.md"', b'"noname"'), "byte for byte"),
    "data attributes stripped": (said("text/html", ' data-sha256="[0-9a-f]{64}"', ""), "HTML part"),
    "the style sheet stripped": (said("text/html", "<style>.*?</style>", ""), "HTML part"),
}
"""What was changed on the way without changing the text: name → how, and what is said of it."""

REFUSED: dict[str, tuple[Change, str]] = {
    "the attachments stripped": (
        without("text/markdown", "application/octet-stream"),
        r"fits its marker line, but there is no proof in this mail; get it at https://\S+/essays/odd/essay.md.tlog-proof",
    ),
    "plain text only": (plain_only, "no proof in this mail"),
    "quoted in a reply": (quoting, "no essay"),
    "format=flowed, nothing attached": (through(flowed, without("text/markdown")), "another length; no whole copy"),
    "a word of the text": (said("text/plain", "here on", "there on"), r"text part.*differs at word 5 of"),
    "a word of the attachment": (said("text/markdown", "here on", "there on"), r"odd\.md.*not the text"),
    "a word of the text and of the attachment": (
        through(said("text/plain", "here on", "hers on"), said("text/markdown", "here on", "hers on")),
        "another SHA-256",
    ),
    "a word of the HTML": (said("text/html", "From here on", "From there on"), r"HTML part.*differs at word 4 of"),
    "a word added to the HTML": (said("text/html", INSIDE, r"\g<a><p>Preface.</p>"), r"HTML part.*more"),
    "a paragraph taken out of the HTML": (said("text/html", "<blockquote>.*?</blockquote>", ""), "HTML part.*differs"),
    "the HTML's essay hidden": (said("text/html", INSIDE, r"<div hidden>\g<a>"), "HTML part"),
    "the HTML's essay hidden by a rule": (
        said("text/html", "</style>", ".essay p { font-size: 0 }</style>"),
        "style sheet",
    ),
    "the HTML's essay hidden by a style": (
        said("text/html", INSIDE, r'\g<a><div style="font-size:0">'),
        "style",
    ),
    "another HTML part": (said("text/html", ".*", "<p>Something else.</p>"), r"HTML part.*does not show it"),
    "an HTML part that sends readers elsewhere": (
        said("text/html", '<div class="essay".*?</div>', "<p>See https://example.com</p>"),
        "HTML part",
    ),
    "an HTML part that says it had no room": (
        said("text/html", '<div class="essay".*?</div>', "<p>Else. It stands in the attached file odd.md</p>"),
        "HTML part does not show it",
    ),
    "a link of the essay in the HTML that leads elsewhere": (
        said("text/html", 'href="https://example.com/h.png"', 'href="https://example.net/"'),
        "HTML part differs in a link.*https://example.net/",
    ),
    "other numbers in a list of the HTML": (
        said("text/html", r"(?P<a><div class=.essay.*?<ol)>", r'\g<a> start="7">'),
        "HTML part differs in a link or a list.*start=7",
    ),
    "an essay more in the HTML": (
        said("text/html", "</body>", f'<div class="essay" data-sha256="{"0" * 64}">Mine.</div></body>'),
        "none of these essays",
    ),
    "a picture in the HTML's essay": (said("text/html", INSIDE, r'\g<a><img src="x.png">'), "<img>"),
    "a script in the HTML": (said("text/html", "</body>", "<script>x</script></body>"), "<script>"),
    "a view more": (alternative("text/html", "<p>Else.</p>"), "more than one HTML"),
    "a view of another kind": (alternative("text/x-amp-html", "<p>Else.</p>"), "text/x-amp-html"),
    "a plain view more": (alternative("text/plain", "Else."), "more than one text"),
    "a view more, called an attachment": (
        alternative("text/html\r\nContent-Disposition: attachment", "<p>Else.</p>"),
        "more than one HTML.*does not show it",
    ),
    "a view within a view": (
        alternative(
            "multipart/alternative; boundary=v",
            "--v\r\nContent-Type: text/html\r\n\r\n<p>Else.</p>\r\n--v--",
        ),
        "HTML part does not show it",
    ),
    "markers in an attachment alone": (
        lambda eml: b"Content-Type: text/plain\nContent-Disposition: attachment\n\n----- BEGIN ESSAY x",
        "marker line",
    ),
    "markers in a part of another kind": (
        lambda eml: b"Content-Type: text/enriched\n\n----- BEGIN ESSAY x",
        "could be compared",
    ),
    "a second essay under the same number": (
        said(
            "text/plain",
            r"\Z",
            f"\n----- BEGIN ESSAY E2026-0001 1 bytes sha256:{hashlib.sha256(b'x').hexdigest()} -----\nx\n"
            "----- END ESSAY E2026-0001 -----\n",
        ),
        "no proof in this mail that holds for it",
    ),
    "an escape for the terminal in a name": (
        lambda eml: through(said("text/markdown", "here", "there"))(eml).replace(b'"odd.md"', b'"o\x1b[31m.md"'),
        r"o⟨U\+001B⟩\[31m\.md",
    ),
    "markers that point at one end far away": (
        lambda eml: (
            b"Content-Type: text/plain\n\n"
            + b"----- BEGIN ESSAY E2026-0001 2000000 bytes sha256:%s -----\n" % (b"0" * 64) * 20_000
            + b"\n----- END ESSAY E2026-0001 -----\n"
        ),
        "another length",
    ),
    "an HTML part before it": (attached("Content-Type: text/html\n\n<p>Else.</p>"), "HTML part.*does not show it"),
    "a text attached that nothing proves": (
        attached('Content-Type: text/markdown\nContent-Disposition: attachment; filename="new.md"\n\nMine.'),
        r"new\.md.*nothing in this mail proves",
    ),
    "everything but the proof": (forged, "no proof in this mail"),
    "another accession": (other_accession, "E2026-0009"),
    "the proof of another essay": (
        lambda eml: said(
            "application/octet-stream",
            ".*",
            one(parsed(OTHER), "application/octet-stream").get_payload(decode=True).decode(),
        )(eml),
        "no proof",
    ),
    "a byte of the proof": (said("application/octet-stream", "index 5|index", "index 0 index"), "proof"),
    "another register": (by_another_key, "letters.example.org"),
    "a marker with a longer hash": (said("text/plain", "sha256:", "sha256:0"), "marker line"),
    "a length beyond the mail": (said("text/plain", "156 bytes", "999999999999 bytes"), "another length"),
    "a length of many digits": (said("text/plain", "156 bytes", "9" * 10_000 + " bytes"), "marker line"),
    "no mail": (lambda eml: b"\x00\xff" * 5000, "no essay"),
    "an empty mail": (lambda eml: b"", "no essay"),
    "parts within parts": (
        lambda eml: b"".join(b"Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\n" % (n, n) for n in range(2000)),
        "more parts",
    ),
    "mails within mails": (lambda eml: b"Content-Type: message/rfc822\n\n" * 5000 + eml, "parts|no essay"),
    "ten thousand parts": (
        lambda eml: b"Content-Type: multipart/mixed; boundary=b\n\n" + b"--b\n\nx\n" * 10_000,
        "more parts",
    ),
    "a million lines and many boundaries": (
        lambda eml: (
            b"".join(b"Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\n" % (n, n) for n in range(60))
            + b"\n" * 1_000_000
        ),
        "more parts",
    ),
    "a charset without an end": (
        lambda eml: b'Content-Type: text/plain; charset="utf-8\0"\n\n' + b"----- BEGIN ESSAY x",
        "marker line",
    ),
    "a charset that takes for ever": (
        lambda eml: b"Content-Type: text/plain; charset=punycode\n\n" + b"----- BEGIN ESSAY " + b"a" * 1_000_000,
        "marker line",
    ),
    "a charset that is no text": (charset("text/plain", "bz2"), "text part is not in the charset bz2"),
    "a charset in which the text is another": (charset("text/plain", "utf-7"), "text part is not in the charset utf-7"),
    "a charset in which the HTML is another": (charset("text/html", "utf-7"), "HTML part is not in the charset utf-7"),
    "a charset that few programs know": (charset("text/html", "hz"), "HTML part is not in the charset hz"),
    "a charset that the HTML itself names": (
        said("text/html", '<meta charset="utf-8">', '<meta charset="iso-2022-jp">'),
        "in the charset iso-2022-jp",
    ),
    "two transfer encodings": (two_encodings, "more than one header Content-Transfer-Encoding"),
    "a page beside the HTML that is shown instead": (related, "more than one HTML"),
    "a picture in an essay that nothing marks": (
        through(
            said("text/html", ' data-sha256="[0-9a-f]{64}"', ""),
            said("text/html", "From here", 'From <img src="x"> here'),
        ),
        "<img> within the essay",
    ),
    "letters that are turned before an essay that nothing marks": (
        through(
            said("text/html", ' data-sha256="[0-9a-f]{64}"', ""), said("text/html", "A heading", "\u202e A heading")
        ),
        r"turns its letters: ⟨U\+202E⟩",
    ),
    "an attribute that hides": (
        said("text/html", '<div class="page"', '<div popover class="page"'),
        "attribute popover",
    ),
    "a comment that some programs take for the end of the text": (
        said("text/html", INSIDE, r"<!--[if !mso]><!-->\g<a>"),
        "comment that some programs read",
    ),
    "words in a comment that some programs show": (
        said("text/html", "</body>", "<!--[if mso]><p>Else.</p><![endif]--></body>"),
        "comment that some programs read",
    ),
    "a font of other signs": (said("text/html", INSIDE, r'\g<a><font face="Webdings">'), "font.*Webdings"),
    "a class of ours that does not belong there": (
        said("text/html", '<div class="essay"', '<div class="checkpoint essay"'),
        "class checkpoint",
    ),
    "HTML nested without end": (said("text/html", INSIDE, r"\g<a>" + "<div>" * 20_000), "HTML part|byte for byte"),
}
"""What touches the text, or cannot be told: name → how, and what is said of it."""


def judged(change: Change, folder: Path) -> str:
    path = folder / "kept.eml"
    path.write_bytes(change(MAIL))
    return check(path).sentence


@pytest.mark.parametrize("name", ACCEPTED)
def test_what_a_mail_goes_through_without_its_text_changing_is_said_and_accepted(name: str, tmp_path: Path) -> None:
    change, expected = ACCEPTED[name]
    sentence = judged(change, tmp_path)
    assert "byte for byte E2026-0001/essay.md" in sentence
    assert expected in sentence
    assert ("«>From »" in sentence) == (">From" in name)


@pytest.mark.parametrize("name", REFUSED)
def test_what_touches_the_text_is_not_verified_and_named(name: str, tmp_path: Path) -> None:
    change, expected = REFUSED[name]
    with pytest.raises(VerificationError) as refused:
        judged(change, tmp_path)
    assert re.search(expected, str(refused.value), re.DOTALL), str(refused.value)
    assert len(str(refused.value)) < 4000
    assert "\x1b" not in str(refused.value)


def test_the_command_tells_a_mail_by_its_name_or_its_headers(tmp_path: Path, programs: Programs) -> None:
    for name in ("issue.eml", "Inbox"):
        (tmp_path / name).write_bytes(MAIL)
        done = programs.publisher("verify", tmp_path / name, "--key", str(KEY))
        assert done.output.startswith(f"{name}: the text in the text part, attachment and HTML part")
        assert "This does not prove" in done.output


def test_programs_are_told_of_each_essay(tmp_path: Path, programs: Programs) -> None:
    (tmp_path / "box").write_bytes(box_of_two(MAIL))
    told = json.loads(programs.publisher("verify", tmp_path / "box", "--key", str(KEY), "--json").output)
    assert [(each["subject"], each["found_in"]) for each in told["essays"]] == [
        ("E2026-0002/essay.md", ["text part", "attachment", "HTML part (by its words)"]),
        ("E2026-0001/essay.md", ["text part", "attachment", "HTML part (by its words)"]),
    ]
    assert told["essays"][0]["on_the_way"] == ["out of an mbox"]


def test_every_flipped_byte_of_a_text_is_refused_unless_it_changes_no_word(tmp_path: Path) -> None:
    path = tmp_path / "kept.eml"
    passed = {}
    for kind in ("text/plain", "text/markdown"):
        base = coded(kind, "8bit")(MAIL)
        start = base.index(b"# A heading", base.index(b"text/markdown") if kind == "text/markdown" else 0)
        for place in range(start, base.index(b"without a newline", start), 3):
            flipped = bytearray(base)
            flipped[place] ^= 1
            path.write_bytes(flipped)
            try:
                passed[kind, base[place : place + 1]] = check(path).sentence
            except VerificationError:
                continue
    assert passed.keys() <= {("text/plain", b"\n"), ("text/plain", b"\r")}
    assert [sentence for sentence in passed.values() if "has the same words" not in sentence] == []


def test_a_mail_kept_by_a_mail_program_in_an_mbox_is_verified(tmp_path: Path) -> None:
    box = mailbox.mbox(tmp_path / "inbox")
    for eml in (b"Subject: hello\n\nFrom here\n", coded("text/plain", "8bit")(MAIL), OTHER):
        box.add(eml)
    box.close()
    assert b"\n>From here on" in (tmp_path / "inbox").read_bytes()
    told = check(tmp_path / "inbox")
    assert [each["subject"] for each in told.facts["essays"]] == ["E2026-0001/essay.md", "E2026-0002/essay.md"]  # type: ignore[attr-defined]
    assert "«>From »" in told.sentence.split("\n")[0]


def test_a_file_that_is_no_file_or_too_large_is_an_error_in_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(Error, match="found none"):
        check(tmp_path / "kept.eml")
    with (tmp_path / "large.eml").open("wb") as file:
        file.truncate(1 << 30)
    with pytest.raises(Error, match="found 1,073,741,824 bytes"):
        check(tmp_path / "large.eml")


def test_a_text_beyond_all_bounds_is_not_rendered() -> None:
    text = b"> " * 600_000
    assert "cannot be compared with a text of 1,200,000 bytes" in compared("<p>", {"0" * 64: text})[0][0]


def test_a_long_issue_whose_html_has_no_room_for_an_essay_says_so() -> None:
    text = b"A word of many. " * 6000
    html = "<p>It stands whole in the attached file long.md</p>"
    essays = {hashlib.sha256(text).hexdigest(): text}
    assert compared(html + "<p>" + "x" * 2000, essays) == ([], set())
    assert "does not show it" in compared("<p>Else.</p>", essays)[0][0]
