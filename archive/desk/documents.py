"""A document of a reading command on a page: what the command writes with ``--to``, and that very file to be had.

Where it names an interview or a turn, the page leads there: `2026-0041/3#12`. The file does not, it lies anywhere.
"""

import re
from collections.abc import Mapping

from markupsafe import Markup, escape
from starlette.responses import Response

from archive.desk.desk import Desk
from archive.documents.document import Document
from archive.documents.edition import KINDS, edition
from archive.documents.html import fragment
from archive.errors import NotFound

_TAG = re.compile(r"(<[^>]*>)")
_HEADING = re.compile(r"(</?h)([1-6])\b")
_NAME = re.compile(r"</?([a-z0-9]+)")
_PLACE = re.compile(r"(?<![\w/#.-])(\d{4}-\d{4,})(?:/([1-9]\d*)(?:#([1-9]\d*))?)?(?![\w/#-])")
_OWN = ("a", "code", "svg", "blockquote", "pre")
"""Elements in which nothing is made a link."""
_WORDS = ('class="words', 'class="prose')
"""Likewise, of what somebody said: it may look like an address, and is none of ours."""


def shown(desk: Desk, document: Document, ways: Mapping[str, str] | None = None, *, below: int = 0) -> Markup:
    """The document for a page of the desk, which links ``static/desk/document.css``; it has the page's ``h1``.

    `ways` are commands in it, and the pages of the desk where the same is done. In a page that has headings of its own
    it stands `below` one of that order.
    """
    html = _led(fragment(document), desk)
    html = _HEADING.sub(lambda found: f"{found[1]}{min(6, int(found[2]) + below)}", html)
    for command, place in (ways or {}).items():
        said = f"<code>{escape(command)}</code>"
        html = html.replace(said, f'<a href="{escape(desk.at(place))}">{said}</a>')
    return Markup(html)


def file(document: Document, name: str, form: str) -> Response:
    """The file that a command writes with ``--to NAME.FORM``, to be kept. Raises `Error`."""
    suffix = f".{form}"
    if suffix not in KINDS:
        raise NotFound(f"{form}: expected html, md or svg")
    return attached(edition(document, f"{name}{suffix}", suffix), f"{name}{suffix}", KINDS[suffix])


def attached(data: bytes, name: str, kind: str) -> Response:
    """A file to be kept, under what of this name every system takes."""
    plain = re.sub(r"[^\w.-]+", "-", name, flags=re.ASCII).strip("-.") or "file"
    return Response(data, media_type=kind, headers={"Content-Disposition": f'attachment; filename="{plain}"'})


def _led(html: str, desk: Desk) -> str:
    """HTML of ours whose texts are escaped, with links where the archive's own words name a place in it."""
    inside, depth = "", 0
    parts = []
    for part in _TAG.split(html):
        named = _NAME.match(part)
        if named is None:
            part = part if inside else _PLACE.sub(lambda found: _link(found, desk), part)
        elif inside:
            depth += (named[1] == inside) * (-1 if part.startswith("</") else 1)
            inside = inside if depth else ""
        elif not part.startswith("</") and (named[1] in _OWN or any(each in part for each in _WORDS)):
            inside, depth = named[1], 1
        parts.append(part)
    return "".join(parts)


def _link(found: re.Match[str], desk: Desk) -> str:
    deposit, interview, turn = found.groups()
    place = f"{deposit}/{interview}" if interview else deposit
    return f'<a href="{desk.at(f"interviews/{place}")}{f"#t{turn}" if turn else ""}">{found[0]}</a>'
