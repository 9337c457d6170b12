import base64
import dataclasses
import email
import hashlib
import mailbox
import quopri
import re
import smtplib
import socket
from collections.abc import Iterator
from email.message import Message
from email.policy import compat32
from pathlib import Path

import pytest
from aiosmtpd.controller import Controller
from hypothesis import given, settings
from hypothesis import strategies as st

from archive.errors import Malformed, Refused, accepted
from archive.home.configuration import Newsletter
from archive.records.sidecar import read as read_sidecar
from publisher.essays.essay import EditorsNote, PublishedEssay
from publisher.essays.words import difference, visible
from publisher.site import mime
from publisher.site.colophon import nih
from publisher.site.cut import CutEssay, essays
from publisher.site.mail import LIMIT, WARN, html_size_problem, message, written_out
from publisher.site.settings import Settings, made_with, mailing
from publisher.site.site import Issue, Mailing, Site
from tests.conftest import ROOT
from tests.example_site import at, body_in, essay, issue, named, site

NASTY = (
    "no newline at the end",
    "\n",
    "  \n\n\n",
    "From here on\nFrom \n>From there\n",
    ".\n..\n.two\nthree\n.\n.",
    "trailing spaces   \nand a tab\t\n-- \nnot a signature\n",
    "x" * 1200 + "\n" + "word " * 400 + "\n" + "From" * 300 + " " * 80 + "From home\n",
    "=20 =3D =\n=\n==E2=80=A6\n--=_body_0123\n",
    "----- BEGIN ESSAY E2026-0001 1 bytes sha256:" + "0" * 64 + " -----\nx\n----- END ESSAY E2026-0001 -----",
    "----- END ESSAY E2026-0007 -----\n----- END ESSAY E2026-0007 -----\n",
    "日本語の文章。" * 200 + "\n한국어 العربية \u202eabc\u202c 👩‍👩‍👧 e\u0301 \u2028\u2029\u200b\xa0\n",
)
WITHHELD = "".join(map(chr, [*range(0x09), *range(0x0B, 0x20), *range(0x7F, 0xA0), 0xFFFE, 0xFFFF]))
LINES = st.text(st.characters(exclude_categories=["Cs"], exclude_characters=WITHHELD))
TEXTS = st.lists(st.sampled_from(NASTY) | LINES, min_size=1).map("\n".join).filter(bool)

Reader = tuple[Site, Issue]


def saying(text: str, **more: object) -> PublishedEssay:
    made = essay(7, "seven", str(more.pop("title", "Seven")), "Shown.", 9, **more)
    return dataclasses.replace(made, text=text.encode(), sha256=hashlib.sha256(text.encode()).hexdigest())


def mailed(*essays: PublishedEssay) -> bytes:
    return message(site(), issue(1, "2026-W45", 6, *essays))


def cut(text: str) -> list[CutEssay]:
    return [CutEssay("E2026-0007", hashlib.sha256(text.encode()).hexdigest(), text.encode())]


def recoded(eml: bytes, encoding: str, charset: str = "utf-8", footer: bytes = b"", linesep: str = "\r\n") -> bytes:
    """The mail as a server passes it on that chose another transfer encoding, charset, line end, or added a footer."""
    mail = email.message_from_bytes(eml, policy=compat32.clone(linesep=linesep, mangle_from_=False))
    for part in mail.walk():
        if part.get_content_type() == "text/plain":
            data = (part.get_payload(decode=True).decode() + footer.decode()).encode(charset)
            del part["Content-Transfer-Encoding"]
            part["Content-Transfer-Encoding"] = encoding
            part.set_param("charset", charset)
            encode = {"base64": base64.encodebytes, "quoted-printable": quopri.encodestring, "8bit": bytes}[encoding]
            part.set_payload(encode(data).decode("ascii", "surrogateescape"))
    return mail.as_bytes()


def parts(eml: bytes) -> dict[str, list[Message]]:
    found: dict[str, list[Message]] = {}
    for part in email.message_from_bytes(eml).walk():
        found.setdefault(part.get_content_type(), []).append(part)
    return found


def html(eml: bytes) -> str:
    return parts(eml)["text/html"][0].get_payload(decode=True).decode().replace("\r\n", "\n")


def text(eml: bytes) -> str:
    return parts(eml)["text/plain"][0].get_payload(decode=True).decode().replace("\r\n", "\n")


@settings(deadline=None)
@given(TEXTS, st.sampled_from(["quoted-printable", "base64", "8bit"]), st.sampled_from(["\r\n", "\n"]))
def test_a_text_comes_out_of_a_received_mail_byte_for_byte(text: str, encoding: str, linesep: str) -> None:
    eml = recoded(
        mailed(saying(text)), encoding, linesep=linesep, footer=b"\n_______\nTo leave this list, write to us\n"
    )
    assert essays(eml) == cut(text)


@pytest.mark.parametrize("nasty", NASTY)
def test_no_line_of_a_mail_can_be_broken_or_mistaken_on_its_way(nasty: str) -> None:
    _, _, body = mailed(saying(nasty)).partition(b"\r\n\r\n")
    lines = body.split(b"\r\n")
    assert [
        line for line in lines if len(line) > 76 or line == b"." or re.match(rb"From |.*[\n\r\x80-\xff]", line)
    ] == []


def test_several_texts_come_out_in_order_from_a_forwarded_mail() -> None:
    texts = ("no newline", "\n----- END ESSAY E2026-0007 -----", "a\n\n")
    eml = mailed(*(dataclasses.replace(saying(text), accession=f"E2026-{n:04d}") for n, text in enumerate(texts)))
    forwarded = (
        b"Content-Type: multipart/mixed; boundary=f\n\n--f\nContent-Type: message/rfc822\n\n" + eml + b"\n--f--\n"
    )
    assert [(each.accession, each.text.decode()) for each in essays(forwarded)] == [
        ("E2026-0000", texts[0]),
        ("E2026-0001", texts[1]),
        ("E2026-0002", texts[2]),
    ]


def test_a_text_comes_out_of_a_mail_in_another_charset() -> None:
    frame = mailed(saying("Ünédited\n")).replace(b"E28099", b"27")  # our own ’ is not in this charset
    frame = re.sub(rb"=E2=80=99|=E2=80=94", b"-", frame)
    assert essays(recoded(frame, "8bit", charset="iso-8859-1")) == cut("Ünédited\n")


@pytest.fixture
def server() -> Iterator[tuple[int, list[bytes]]]:
    """A mail server on a free port, and what it has received."""
    received: list[bytes] = []

    class Handler:
        async def handle_DATA(self, server: object, session: object, envelope: object) -> str:  # noqa: N802
            received.append(envelope.content)
            return "250 OK"

    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    controller = Controller(Handler(), hostname="127.0.0.1", port=port)
    controller.start()
    yield port, received
    controller.stop()


def test_texts_survive_a_mail_server_and_a_mailbox(server: tuple[int, list[bytes]], tmp_path: Path) -> None:
    port, received = server
    sent = [mailed(saying(nasty)) for nasty in NASTY]
    with smtplib.SMTP("127.0.0.1", port) as smtp:
        for eml in sent:
            smtp.sendmail("letters@example.org", ["list@example.org"], eml)
    box = mailbox.mbox(tmp_path / "inbox")
    for eml in received:
        box.add(eml)
    box.close()
    box = mailbox.mbox(tmp_path / "inbox")
    kept = [box.get_bytes(key) for key in box.iterkeys()]
    box.close()
    assert received == sent
    assert [essays(eml) for eml in kept] == [cut(nasty) for nasty in NASTY]


def test_the_marker_lines_have_the_frozen_form() -> None:
    digest = hashlib.sha256(b"A text\nFrom me").hexdigest()
    assert (
        f"\n----- BEGIN ESSAY E2026-0007 14 bytes sha256:{digest} -----\n"
        "A text\nFrom me\n"
        "----- END ESSAY E2026-0007 -----\n"
    ) in text(mailed(saying("A text\nFrom me")))


@pytest.mark.parametrize(
    ("what", "by", "says"),
    [
        pytest.param("A text", "A next", "another SHA-256", id="a character changed"),
        pytest.param("A text", "A tex", "another length", id="a character lost"),
        pytest.param("text  \n", "text\n", "another length", id="trailing spaces stripped"),
        pytest.param("From me", ">From me", "another length", id="From quoted"),
        pytest.param("----- END ESSAY E2026-0007", "----- END ESSAY E2026-0008", "another length", id="another end"),
        pytest.param("0007 -----", "0007 ----- x", "another length", id="an end with more"),
        pytest.param("sha256:", "sha256:0", "marker line", id="a longer hash"),
        pytest.param("16 bytes", "016 bytes", "marker line", id="a length that is not written plainly"),
        pytest.param("16 bytes", "99999999999 bytes", "another length", id="a length beyond the mail"),
        pytest.param("16 bytes", "0 bytes", "marker line", id="nothing"),
        pytest.param("BEGIN ESSAY", "BEGIN", "found none", id="no marker"),
    ],
)
def test_a_text_that_was_changed_on_its_way_is_refused(what: str, by: str, says: str) -> None:
    eml = recoded(mailed(saying("A text  \nFrom me")), "8bit")
    changed = eml.replace(what.encode(), by.encode()) if "\n" not in what else eml.replace(b"text  \r\n", b"text\r\n")
    assert changed != eml
    with pytest.raises(Malformed, match=says):
        essays(changed)


@settings(deadline=None)
@given(
    st.binary()
    | st.lists(st.sampled_from([b"Content-Type: ", b"multipart/mixed; boundary=a", b"\n", b"--a"])).map(b"".join)
)
def test_what_is_no_mail_of_ours_is_refused(data: bytes) -> None:
    with pytest.raises(Malformed, match="found none"):
        essays(data)


def test_a_mail_nested_without_end_is_refused() -> None:
    nested = b"".join(b"Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\n" % (n, n) for n in range(2000))
    with pytest.raises(Malformed, match="without end"):
        essays(nested)


def test_what_editors_write_is_never_taken_for_an_essay() -> None:
    marker = f"----- BEGIN ESSAY E2026-0001 1 bytes sha256:{hashlib.sha256(b'x').hexdigest()} -----\nx\n"
    words = f"{marker}----- END ESSAY E2026-0001 -----"
    notes = tuple(
        EditorsNote(format=1, kind="note", by="Ada", date=at(3).date(), text=words, place=place)
        for place in ("before", "after")
    )
    assert essays(mailed(dataclasses.replace(saying("Mine."), editors=notes))) == cut("Mine.")


def test_texts_and_proofs_are_attached_byte_for_byte() -> None:
    first, second = saying("Один  \nFrom\n.\nno newline"), essay(2, "two", "Two", "\n\nTwo\n", 9)
    attached = [
        (part.get_filename(), part.get_content_type(), part.get_content_charset(), part.get_payload(decode=True))
        for part in email.message_from_bytes(mailed(first, second)).walk()
        if part.get_content_disposition() == "attachment"
    ]
    assert attached == [
        ("seven.md", "text/markdown", "utf-8", first.text),
        ("seven.md.tlog-proof", "application/octet-stream", None, first.proof),
        ("two.md", "text/markdown", "utf-8", second.text),
        ("two.md.tlog-proof", "application/octet-stream", None, second.proof),
    ]


def test_the_same_issue_gives_the_same_mail() -> None:
    whole = site()
    assert message(whole, whole.issues[1]) == message(site(), site().issues[1])


def test_a_mail_has_these_headers() -> None:
    whole = site()
    headers = dict(email.message_from_bytes(message(whole, whole.issues[1]), policy=email.policy.default).items())
    assert re.fullmatch(r'multipart/mixed; boundary="=_mail_[0-9a-f]{24}"', headers.pop("Content-Type"))
    assert headers == {
        "From": "Letters After <letters@example.org>",
        "To": "Letters After <letters@example.org>",
        "Subject": "Less & <more>: “quotes”, and 1 more",
        "Date": "Fri, 20 Nov 2026 09:00:00 +0000",
        "Message-ID": "<2026-W47.2026@letters.example.org>",
        "List-Id": "<letters.example.org>",
        "List-Archive": "<https://letters.example.org/>",
        "Archived-At": "<https://letters.example.org/issues/2026-W47/>",
        "Content-Language": "en, ru",
        "MIME-Version": "1.0",
    }


def test_long_addresses_and_names_stand_in_headers_as_they_are() -> None:
    address = "https://letters.example.org/" + "long/" * 60 + "end"
    letter = site().newsletter.model_copy(update={"base_url": address, "list_id": "l" * 60 + "." + "e" * 60 + ".org"})
    slug = "-".join(["slug"] * 30)
    eml = message(site(newsletter=letter), issue(1, "2026-W45", 6, dataclasses.replace(saying("x"), slug=slug)))
    wanted = [
        f"List-Id: <{'l' * 60}.{'e' * 60}.org>",
        f"List-Archive: <{address}/>",
        f"Archived-At: <{address}/issues/2026-W45/>",
        f'Content-Disposition: attachment; filename="{slug}.md"',
    ]
    assert [line for line in wanted if f"\r\n{line}\r\n" not in eml.decode()] == []


@pytest.mark.parametrize("title", ["Überschrift " * 40, "=?utf-8?q?x?=", "日本語" * 60])
def test_any_title_makes_a_subject_of_short_lines(title: str) -> None:
    head = mailed(saying("x", title=title)).partition(b"\r\n\r\n")[0]
    assert [line for line in head.split(b"\r\n") if len(line) > 76] == []
    assert email.message_from_bytes(head, policy=email.policy.default)["From"] == "Letters After <letters@example.org>"


def test_the_html_part_holds_each_article_untouched_and_nothing_that_loads() -> None:
    whole = site()
    eml = message(whole, whole.issues[1])
    for each in whole.issues[1].essays:
        assert f'data-sha256="{each.sha256}"' in html(eml)
        assert each.article in html(eml)
        assert difference(visible(each.article), visible(body_in(html(eml), each.sha256) or "")) is None
    assert re.findall(r"<(?:img|script|link|iframe|object|form)|src=|url\(|@import", html(eml)) == []
    assert re.findall(r'href="(?!https://letters\.example\.org/)[^"]*"', html(eml)) == []


def test_both_parts_say_who_wrote_it_and_how_to_check_it() -> None:
    whole = site()
    eml = message(whole, whole.issues[0])
    only = whole.issues[0].essays[0]
    folder = "https://letters.example.org/essays/the-form-asks-for-a-date/"
    said = (
        "https://letters.example.org/issues/2026-W45/",
        "The author does not speak for Example Labs.",
        "A sample: example models",
        "Written by example-heron-1. The title is the model’s own. The model chose the topic. 2 texts were sampled. "
        "Reviewed by ada@example.org on 3 November 2026 (criteria: personal-data, harm). Nothing was edited.",
        "Erratum by the editors, not the model’s words",
        "sha256sum the-form-asks-for-a-date.md",
        "publisher verify the-form-asks-for-a-date.md --key letters.example.org/register+9e9f2f51+",
        "They do not prove that a model wrote the text",
        nih(only.sha256),
        only.checkpoint,
        folder + "essay.md",
        folder + "essay.md.tlog-proof",
    )
    plain = text(eml)
    assert [each for each in said if each not in plain and each not in " ".join(plain.split())] == []
    assert [each for each in said if each not in html(eml)] == []


def long_essay(number: int, size: int) -> PublishedEssay:
    """An essay whose article has `size` bytes."""
    made = essay(number, f"e-{number}", f"Essay {number}", f"Text {number}", 9)
    filling = "é" * ((size - 9) // 2) + "e" * ((size - 9) % 2)
    return dataclasses.replace(made, article=f"<p>{number}{filling}</p>\n")


@settings(max_examples=30, deadline=None)
@given(st.lists(st.integers(50, 60_000) | st.integers(70_000, 110_000), min_size=1, max_size=4))
def test_the_html_part_keeps_to_the_limit_by_linking_what_does_not_fit(sizes: list[int]) -> None:
    made = [long_essay(number, size) for number, size in enumerate(sizes, 1)]
    eml = mailed(*made)
    linked = [each for each in made if each.article not in html(eml)]
    problem = html_size_problem(eml)
    assert len(html(eml).encode()) <= LIMIT
    assert [cut.text for cut in essays(eml)] == [each.text for each in made]
    assert [each.slug for each in linked if f"in the attached file {each.slug}.md" not in html(eml)] == []
    assert linked == [] or str(problem).split(";")[0].endswith(", ".join(each.accession for each in linked))


def test_a_long_html_part_is_a_problem_and_a_short_one_is_none() -> None:
    frame = len(html(mailed(long_essay(1, 100))).encode()) - 100
    sizes = (WARN - frame - 10, WARN - frame + 10)
    problems = [html_size_problem(mailed(long_essay(1, size))) for size in sizes]
    assert [problem and problem.found.split(",")[:2] for problem in problems] == [
        None,
        ["the HTML part has 90", "010 bytes"],
    ]


def test_notes_too_long_for_any_mail_are_refused() -> None:
    note = EditorsNote(format=1, kind="note", by="Ada", date=at(3).date(), text="word " * 20_000)
    with pytest.raises(Refused, match="shorten the editors’ notes"):
        mailed(dataclasses.replace(saying("x"), editors=(note,)))


@pytest.mark.parametrize("text", ["carriage\rreturn", "carriage\r\nreturn", "\r\r\n\n\r"])
def test_even_a_text_that_nobody_could_publish_comes_out_of_a_mail_as_it_went_in(text: str) -> None:
    assert [each.text for each in essays(mailed(saying(text)))] == [text.encode()]


def test_a_hash_is_read_aloud_with_the_check_digit_of_rfc_6920() -> None:
    assert nih("53269057e12fe2b74ba07c892560a2") == "nih:sha-256;5326-9057-e12f-e2b7-4ba0-7c89-2560-a2;f"


@given(st.lists(st.sampled_from([*"ab  \t\n=.é’—F", "From ", "a" * 70]), max_size=60).map("".join))
def test_a_text_part_says_its_text_in_lines_that_no_server_breaks(text: str) -> None:
    written = mime.text(text, "plain")
    lines = written.split(b"\r\n\r\n", 1)[1].split(b"\r\n")
    assert max(map(len, lines)) <= 76
    assert not [line for line in lines if line.endswith((b" ", b"\t")) or line == b"." or line.startswith(b"From ")]
    assert (
        email.message_from_bytes(written).get_payload(decode=True)
        == (text.removesuffix("\n") + "\n").replace("\n", "\r\n").encode()
    )


def test_a_mail_that_went_out_before_is_made_again_as_it_was() -> None:
    whole = dataclasses.replace(site(), mailing=Mailing(form=1, names={}, pages={}))
    assert written_out(whole, whole.issues[0]) == (ROOT / "tests/golden/mail/1.eml").read_bytes()


def test_what_we_write_in_the_text_part_keeps_to_72_columns() -> None:
    note = EditorsNote(format=1, kind="note", by="Ada", date=at(3).date(), text="Word " * 60 + "\nmore\n\nlast")
    said = text(mailed(dataclasses.replace(saying("x" * 300), editors=(note,))))
    free = ("-----", "    ", "https://", "Text: ", "Proof: ", "nih:", "Read on", "x", "—")
    assert [line for line in said.split("\n") if len(line) > 72 and not line.startswith(free)] == []
    assert said.count("| Word Word") == 5
    assert "\n| more\n|\n| last\n" in said


def test_an_author_goes_by_name_with_a_link_and_keeps_the_name_of_the_day() -> None:
    then, later = named("Heron One"), named("Heron the First")
    letter = then.issues[0]
    eml = message(then, letter)
    assert "\nby Heron One\n" in text(eml)
    assert "Written by Heron One (example-heron-1)." in " ".join(text(eml).split())
    assert 'by <a href="https://letters.example.org/models/example-heron-1/">Heron One</a>' in " ".join(
        re.sub(r' style="[^"]*"', "", html(eml)).split()
    )
    frozen = made_with(then, letter)["issues/2026-W45/newsletter.toml"]
    settings = accepted(read_sidecar(frozen, "newsletter.toml", Settings))
    assert written_out(dataclasses.replace(later, mailing=mailing(settings)), letter) == eml
    assert written_out(later, letter) != eml


LEAVE = "https://letters.example.org/leave/" + "a-long-path/" * 25


def test_what_a_list_offers_stands_in_headers_that_programs_can_read() -> None:
    offered = {
        "list_unsubscribe": (LEAVE, "mailto:leave@letters.example.org?subject=unsubscribe"),
        "list_one_click": True,
        "list_help": "https://letters.example.org/help",
        "list_owner": "mailto:editors@letters.example.org",
    }
    letter = site().newsletter.model_copy(update=offered)
    eml = message(site(newsletter=letter), issue(1, "2026-W45", 6, saying("x")))
    lines = [line for line in eml.partition(b"\r\n\r\n")[0].decode().split("\r\n") if line.startswith("List-")]
    assert lines == [
        "List-Id: <letters.example.org>",
        "List-Archive: <https://letters.example.org/>",
        f"List-Unsubscribe: <{LEAVE}>, <mailto:leave@letters.example.org?subject=unsubscribe>",
        "List-Unsubscribe-Post: List-Unsubscribe=One-Click",
        "List-Help: <https://letters.example.org/help>",
        "List-Owner: <mailto:editors@letters.example.org>",
    ]
    assert max(map(len, eml.split(b"\r\n"))) < 998
    frozen = made_with(site(newsletter=letter), site().issues[0])["issues/2026-W45/newsletter.toml"]
    assert accepted(read_sidecar(frozen, "newsletter.toml", Settings)).newsletter == letter


def test_one_click_needs_an_address_for_it() -> None:
    with pytest.raises(ValueError, match="expected an https:// address in list_unsubscribe, found none"):
        Newsletter.model_validate(
            site().newsletter.model_dump(by_alias=True)
            | {"list_one_click": True, "list_unsubscribe": ["mailto:a@b.org"]}
        )
