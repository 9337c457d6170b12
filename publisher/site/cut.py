"""Cutting essays out of the text part of a mail: between the marker lines that `publisher.site.mail` writes."""

import email
import hashlib
import re
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from email.message import Message
from email.policy import compat32

from archive.errors import Malformed

_ANY = re.compile(rb"^----- BEGIN ESSAY .*$", re.MULTILINE)
_BEGIN = re.compile(rb"----- BEGIN ESSAY (E\d{4}-\d{4,12}) ([1-9]\d{0,11}) bytes sha256:([0-9a-f]{64}) -----")


@dataclass(frozen=True, slots=True)
class CutEssay:
    """An essay as it was cut out of a mail; its hash fits, whether the register knows it is another question."""

    accession: str
    sha256: str
    text: bytes


@dataclass(frozen=True, slots=True)
class Damaged:
    """What stands where an essay should: its marker line is no marker line, or the text does not fit it."""

    accession: str
    """Empty where the marker line itself is damaged."""
    sha256: str
    text: bytes
    """What is left of it: up to its last line, or to the end where there is none."""
    fault: str
    """``E2026-0007: expected 14 bytes of text between …``"""


def essays(eml: bytes) -> list[CutEssay]:
    """The essays in the text part of a mail as it was sent, received or saved, in order, byte for byte.

    Raises `Malformed` where there is none, or where one was changed on its way.
    """
    found = []
    for text in bodies(eml, "text/plain"):
        for cut in marked(text):
            if isinstance(cut, Damaged):
                tried = "; the mail was changed on its way, try its attachment" if cut.accession else ""
                raise Malformed(cut.fault + tried)
            found.append(cut)
    if not found:
        raise Malformed("expected a mail with an essay between its marker lines in the text part, found none")
    return found


def marked(text: bytes) -> Iterator[CutEssay | Damaged]:
    """What stands between the marker lines of a text part, in order."""
    end = 0
    while line := _ANY.search(text, end):
        found = _after(text, line)
        yield found
        end = line.end() + 1 + len(found.text)


def _after(text: bytes, line: re.Match[bytes]) -> CutEssay | Damaged:
    begin, start = _BEGIN.fullmatch(line[0]), line.end() + 1
    if not begin:
        found = f"expected a marker line as in issue.eml, found {line[0][:120].decode(errors='replace')!r}"
        return Damaged("", "", b"", found)
    accession, sha256, size = begin[1].decode(), begin[3].decode(), int(begin[2])
    essay, last = text[start : start + size], f"\n----- END ESSAY {accession} -----".encode()
    after = start + size + len(last)
    if not text.startswith(last, start + size) or text[after : after + 1] not in (b"", b"\n"):
        end = text.find(last, start)
        fault = f"{accession}: expected {size} bytes of text between the marker lines, found another length"
        return Damaged(accession, sha256, text[start : end if end >= 0 else len(text)], fault)
    if hashlib.sha256(essay).hexdigest() != sha256:
        fault = f"{accession}: the text between the marker lines has another SHA-256 than they say"
        return Damaged(accession, sha256, essay, fault)
    return CutEssay(accession, sha256, essay)


def bodies(eml: bytes, kind: str) -> list[bytes]:
    """The parts of a mail that are shown, of one kind. Raises `Malformed`."""
    try:
        return [
            _payload(part) for part in email.message_from_bytes(eml, policy=compat32).walk() if _is_body(part, kind)
        ]
    except RecursionError:
        raise Malformed("expected a mail, found parts within parts without end") from None


def _is_body(part: Message, kind: str) -> bool:
    return part.get_content_type() == kind and part.get_content_disposition() != "attachment"


def _payload(part: Message) -> bytes:
    """The bytes of a text part in UTF-8 with line feeds, whichever encoding, charset and line ends a server chose."""
    data = part.get_payload(decode=True)
    if not isinstance(data, bytes):
        return b""
    with suppress(LookupError, UnicodeError):  # else as it stands: the hash decides
        data = data.decode(part.get_content_charset("utf-8")).encode()
    return data.replace(b"\r\n", b"\n")
