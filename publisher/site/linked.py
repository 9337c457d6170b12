"""Addresses in a document made links: where ``2026-0041/3#12`` stands in its HTML, it leads to that turn.

What is between ``<a>`` and ``</a>`` or in a drawing stays as it is; so does an address of which nothing is shown.
"""

import re
from collections.abc import Iterator

from publisher.site.held import turn_page
from publisher.site.site import Site

_TAG = re.compile(r"(<[^>]*>)")
_ADDRESS = re.compile(r"\b(\d{4}-\d{4,})/(?:([1-9]\d*)(?:#([1-9]\d*))?|([a-z][\w-]*))(?![\w/])")
_CLOSED = ("a", "svg")


def linked(site: Site, html: str, root: str) -> str:
    """The same HTML, well formed as our templates make it; `root` leads from its page to the site's root."""
    return "".join(_parts(site, html, root))


def _parts(site: Site, html: str, root: str) -> Iterator[str]:
    depth = 0
    for part in _TAG.split(html):
        if part.startswith("<"):
            name = part.strip("</>").split()[0] if part.strip("</> ") else ""
            depth += (name in _CLOSED) * (-1 if part.startswith("</") else 1)
            yield part
        else:
            yield part if depth else _ADDRESS.sub(lambda found: _link(site, found, root), part)


def _link(site: Site, found: re.Match[str], root: str) -> str:
    number, interview, turn, slug = found.groups()
    if slug:
        shown = site.room.deposits.get(number)
        there = shown is not None and f"analyses/{slug}.toml" in shown.files
        path = f"interviews/{number}/analyses/{slug}/index.html" if there else ""
    else:
        path = turn_page(site, f"{number}/{interview}", int(turn or 1))
        path = path if turn else path.partition("#")[0]
    return f'<a href="{root}{path}">{found[0]}</a>' if path else found[0]
