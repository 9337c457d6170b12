"""A mail as a reader holds it: the letters in a file and their parts, whichever way a server put them.

A file is a mail or an mbox; a mail may hold another. Everything in it is a stranger's, so all of it is bounded.
"""

import email
import re
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from email.message import Message
from email.policy import compat32

from archive.errors import Malformed

LARGEST = 64 << 20
"""Bytes of the largest file that is read as a mail; servers take 25 to 50 million."""

MOST_PARTS, MOST_STEPS = 1_000, 10_000_000
"""Parts of a file, and its lines times its boundaries: each line is held against every boundary that is open."""

_ESCAPES = re.compile(r"punycode|idna|.*escape|utf[-_ ]?7", re.IGNORECASE)
_CHARSETS = re.compile(
    r"utf-?8|utf-16|(us-)?ascii|iso-8859-\d+|latin1|(windows-|cp)125\d|koi8-[ru]|gb2312|gbk|gb18030|big5|shift_jis|"
    r"euc-(jp|kr)|iso-2022-jp",
    re.IGNORECASE,
)
_ENCODINGS = re.compile("7bit|8bit|binary|quoted-printable|base64")
_ENVELOPE = re.compile(rb"(?m)(?:\A|(?<=\n\n)|(?<=\n\r\n))From \S+ .*\d\d:\d\d.*\r?\n")


@dataclass(frozen=True, slots=True)
class Part:
    """One leaf of a mail."""

    kind: str
    """``text/plain``"""
    name: str
    """Of the file it is attached as, else empty."""
    data: bytes
    """What it holds: the transfer encoding undone; text in UTF-8 with line feeds."""
    encoding: str
    """The transfer encoding, ``quoted-printable``."""
    charset: str
    attached: bool
    view: int | None
    """Of the multipart/alternative, or /related, that it is a view in, else None: one of several is shown."""
    fault: str
    """Why programs may read it in different ways, to stand after what it is; empty where all read it alike."""
    location: str
    """In a page saved as MHTML: the address it was saved from."""


@dataclass(slots=True)
class Letter:
    """One mail in the file, without those inside it."""

    headers: dict[str, str]
    """``from``, ``to`` and ``subject``, as they stand there."""
    inside: bool
    """Whether another mail holds it."""
    boxed: bool
    """Whether it came out of an mbox."""
    parts: list[Part] = field(default_factory=list)


def letters(data: bytes) -> list[Letter]:
    """The letters in a file, those inside others too, in order. Raises `Malformed` where it is beyond all bounds."""
    bounds = len(re.findall(rb"(?i)boundary[0-9*]*\s*=", data)) + data.count(b"message/rfc822")
    if data.count(b"\n") * (bounds + 1) > MOST_STEPS or bounds > MOST_PARTS:
        raise Malformed("expected a mail, found more parts within parts than any mail has")
    mails = _mails(data)
    found: list[Letter] = []
    try:
        for mail in mails:
            found += _letters(email.message_from_bytes(mail, policy=compat32), boxed=mail is not data)
            if sum(len(letter.parts) for letter in found) > MOST_PARTS:
                raise Malformed("expected a mail, found more parts than any mail has")
    except RecursionError:
        raise Malformed("expected a mail, found more parts within parts than any mail has") from None
    except (ValueError, LookupError, TypeError, AttributeError, AssertionError) as error:  # of Python's own parser
        raise Malformed(f"expected a mail, found headers that cannot be read ({type(error).__name__})") from None
    return found


def _mails(data: bytes) -> list[bytes]:
    """The mails of an mbox, each without its envelope line, or the file as it is."""
    starts = list(_ENVELOPE.finditer(data)) if data.startswith(b"From ") else []
    if len(starts) > MOST_PARTS:
        raise Malformed(f"expected a mail, found {len(starts):,} in one file; save the one to be checked")
    ends = [start.start() for start in starts[1:]] + [len(data)]
    return [data[start.end() : end] for start, end in zip(starts, ends, strict=True)] if starts else [data]


def _letters(mail: Message, boxed: bool) -> Iterator[Letter]:
    """A mail, and those inside it. With a stack, since mails nest."""
    whole = Letter(_headers(mail), inside=False, boxed=boxed)
    yield whole
    stack: list[tuple[Message, Letter, int | None]] = [(mail, whole, None)]
    views = 0
    while stack:
        part, letter, view = stack.pop()
        if not part.is_multipart():
            letter.parts.append(_part(part, view))
            continue
        kind = part.get_content_type()
        held = [each for each in part.get_payload() if isinstance(each, Message)]
        if kind == "message/rfc822" and held:
            letter = Letter(_headers(held[0]), inside=True, boxed=boxed)
            yield letter
            view = None
        elif kind == "multipart/alternative" or (kind == "multipart/related" and view is None):
            views += 1
            view = views
        stack += [(each, letter, view) for each in reversed(held)]


def _headers(mail: Message) -> dict[str, str]:
    return {name: str(mail.get(name, ""))[:1000] for name in ("from", "to", "subject")}


def _part(part: Message, view: int | None) -> Part:
    data = part.get_payload(decode=True)
    held = data if isinstance(data, bytes) else b""
    charset = "utf-8"
    with suppress(LookupError, ValueError):  # else as it stands: the hash decides
        charset = str(part.get_content_charset("utf-8"))
        if not _ESCAPES.fullmatch(charset):
            held = held.decode(charset).encode()
    return Part(
        kind=part.get_content_type(),
        name=str(part.get_filename("") or "")[:200],
        data=held.replace(b"\r\n", b"\n"),
        encoding=str(part.get("Content-Transfer-Encoding", "7bit")).strip().lower()[:40],
        charset=charset,
        attached=part.get_content_disposition() == "attachment",
        view=view,
        fault=_fault(part, charset, data if isinstance(data, bytes) else b""),
        location="".join(str(part.get("Content-Location", "")).split())[:2000],
    )


def _fault(part: Message, charset: str, data: bytes) -> str:
    for name in ("Content-Type", "Content-Transfer-Encoding", "Content-Disposition"):
        if len(part.get_all(name, ())) > 1:
            return f"has more than one header {name}, and programs read either"
    encoding = str(part.get("Content-Transfer-Encoding", "7bit")).strip().lower()
    if not _ENCODINGS.fullmatch(encoding):
        return f"is in the transfer encoding {encoding[:40]}, which not all programs read alike"
    try:
        if part.get_content_maintype() != "text" or (_CHARSETS.fullmatch(charset) and data.decode(charset) is not None):
            return ""
    except (LookupError, ValueError):
        pass
    return f"is not in the charset {charset[:40]}, or not all programs read that alike"
