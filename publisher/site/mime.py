"""A mail's parts, written out (RFC 2045, 2046): few forms, always the same ones, whatever Python makes the mail.

`email` writes them too, at ten times the cost, and folds and orders their headers as its version does.
"""

import base64
import re
from collections.abc import Iterator, Sequence

END = b"\r\n"
WIDTH = 74
"""Characters of an encoded line: 76 are allowed, and ``=46rom`` adds two."""

_PLAIN = bytes([*b"\t\n", *range(32, 127)])
_UNSAFE = re.compile(rb"[^\t\n -~]")
_MISREAD = re.compile(rb"\n(?:F(?=rom )|\.(?=\r\n))")
_ESCAPES = [b"=%02X" % byte for byte in range(256)]


def headers(fields: Sequence[str]) -> bytes:
    """The head of a part, and the empty line after it."""
    return "".join(f"{field}\r\n" for field in [*fields, ""]).encode()


def multipart(parts: Sequence[bytes], boundary: str) -> bytes:
    """The body of a part that is made of others."""
    line = f"--{boundary}".encode()
    return b"".join(line + END + part + END for part in parts) + line + b"--" + END


def alternative(parts: Sequence[bytes], boundary: str) -> bytes:
    """The same text in several ways, the plainest first."""
    return headers(["Content-Type: multipart/alternative;", f' boundary="{boundary}"']) + multipart(parts, boundary)


def text(content: str, subtype: str) -> bytes:
    """A part in quoted-printable, safe from programs that quote ``From `` or take a lone dot for the end."""
    fields = [f'Content-Type: text/{subtype}; charset="utf-8"', "Content-Transfer-Encoding: quoted-printable"]
    marked = content.removesuffix("\n").encode().replace(b"=", b"=3D")
    if marked.translate(None, _PLAIN):
        marked = _UNSAFE.sub(_escaped, marked)
    lines = [part for line in marked.split(b"\n") for part in _broken(line)]
    return _MISREAD.sub(_escaped, headers(fields) + END.join([*lines, b""]))


def _escaped(found: re.Match[bytes]) -> bytes:
    """What was found with its last byte escaped."""
    return found[0][:-1] + _ESCAPES[found[0][-1]]


def _broken(line: bytes) -> Iterator[bytes]:
    """A line in lines that are no longer than `WIDTH`; no escape is broken, and no white space ends one."""
    start, last = 0, len(line) - WIDTH
    while start < last:
        stop = start + WIDTH - 1
        before = line.rfind(b"=", stop - 2, stop)
        stop = before if before >= 0 else stop
        yield line[start:stop] + b"="
        start = stop
    rest = line[start:]
    if rest[-1:] in (b" ", b"\t"):
        coded = b"=%02X" % rest[-1]
        if len(rest) == WIDTH - 1:
            yield from (rest + b"=", b"")
        elif len(rest) == WIDTH:
            yield from (rest[:-1] + b"=", coded)
        else:
            yield rest[:-1] + coded
    else:
        yield rest


def attached_text(content: bytes, subtype: str, name: str) -> bytes:
    """A text of ours in UTF-8 as a file, byte for byte."""
    return _attached(content, name, [], [f'Content-Type: text/{subtype}; charset="utf-8"'])


def attached_file(content: bytes, name: str) -> bytes:
    """A file that no mail program shows."""
    return _attached(content, name, ["Content-Type: application/octet-stream"], [])


def _attached(content: bytes, name: str, before: Sequence[str], after: Sequence[str]) -> bytes:
    encoding = ["Content-Transfer-Encoding: base64", f'Content-Disposition: attachment; filename="{name}"']
    encoded, width = base64.b64encode(content), WIDTH // 4 * 4
    lines = [encoded[start : start + width] + END for start in range(0, len(encoded), width)]
    return headers([*before, *encoding, *after]) + b"".join(lines)
