"""The one style sheet of the site, ``style.css``: what lies in ``templates/style/``, joined in a fixed order.

First come the colours of drawings on a dark page, as `archive.research.strokes` has them; ``model.css`` gives those
that a page has too the page's own.
"""

import re
from functools import cache

from archive.documents.page import TOKENS
from archive.home.colour import DARK, nearest
from archive.research import strokes
from publisher.site.shared import TEMPLATES
from publisher.site.site import Site

PATH = "style.css"
"""Where it is published."""
PARTS = (
    *("tokens", "base", "essay", "index", "document", "model", "interview", "compare", "register", "search"),
    *("received", "verify", "print"),
)
"""One noun each, with its own rules for narrow screens; first what all draw on, last what paper changes."""
ALONE = ("tokens", "base", "verify", "print")
"""What the page that checks needs, which holds its sheet, without comments."""
SANS = "sans"
"""The part that follows where the newsletter is set in sans; it gives the faces that earlier ones name anew."""


_COMMENT = re.compile(r"^/\*.*?\*/\n|^\n", re.MULTILINE | re.DOTALL)
ACCENT = "#83311c", "#e0a189"
"""Of links, on light ground and on dark, where the newsletter has none of its own."""


def of_site(site: Site) -> str:
    """The sheet with the newsletter's own looks."""
    return sheet(site.appearance.accent, site.appearance.face)


@cache
def sheet(accent: str = "", face: str = "serif") -> str:
    """The sheet with an `accent` that is readable on light ground, and in one of `archive.home.appearance.FACES`."""
    parts = {name: _part(name) for name in (*PARTS, SANS)}
    if accent:
        for ours, own in zip(ACCENT, (accent, nearest(accent, DARK)), strict=True):
            parts["tokens"] = parts["tokens"].replace(f"--link: {ours};", f"--link: {own};")
    if face == SANS:
        parts["essay"] += "\n" + parts[SANS]
    return "\n".join([f"{strokes.dark()}\n", *(parts[name] for name in PARTS)])


@cache
def alone() -> str:
    """That of the page that checks, with our own accent and face: its policy and the headers name this one."""
    return "".join(_COMMENT.sub("", _part(name)) for name in ALONE)


def _part(name: str) -> str:
    return (TOKENS if name == TOKENS.stem else TEMPLATES / f"style/{name}.css").read_text("utf-8")
