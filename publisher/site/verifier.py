"""Checking without our program: the page that checks in a browser, and what is published beside it.

``verify/index.html`` is one file: its style and its script stand in it, and its content security policy names their
hashes and allows nothing else. Its bytes are logged by a notice «verifier» before they are published.
"""

import base64
import hashlib
import re
from functools import cache

from markupsafe import Markup

from archive.register.cosignature import lines_of
from archive.register.note import VerifierKey
from publisher.site.shared import TEMPLATES
from publisher.site.site import Site
from publisher.site.style import alone

PAGE = "verify/index.html"
"""The site path whose bytes are logged."""
PROGRAMS = ("verify.sh", "register.go")
"""Published beside the page."""
SCRIPTS = (
    *("bytes", "note", "tree", "statement", "entries", "proof", "signature", "words", "mail"),
    *("results", "site", "memory", "page"),
)
"""What the page's script is joined from, in this order: first the checks, which know no page, then the page."""

_COMMENT = re.compile(r"^ *//.*\n|^\n", re.MULTILINE)
_INDENT = re.compile(r"^(?:  )+", re.MULTILINE)


@cache
def script() -> str:
    """The page's own; a pure function of the program.

    A page of this site has at most 60 kB, so lines of comment stay behind and a tab stands for two blanks of indent.
    """
    joined = "".join((TEMPLATES / f"verify/{name}.js").read_text("utf-8") for name in SCRIPTS)
    return _INDENT.sub(lambda found: "\t" * (len(found[0]) // 2), _COMMENT.sub("", joined))


def source(text: str) -> str:
    """How a content security policy names an inline script or style: ``'sha256-…'``."""
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


def policy() -> str:
    """What the page may do: run its script, have its style, ask the site it came from."""
    return (
        f"default-src 'none'; script-src {source(script())}; style-src {source(alone())}; connect-src 'self'; "
        "base-uri 'none'; form-action 'none'"
    )


def page_values() -> dict[str, object]:
    """What the template of the page is given; it looks the same whatever a newsletter's own looks are."""
    return {"policy": policy(), "script": Markup(script()), "style": Markup(alone())}


def key_of(site: Site, note: str) -> str:
    """The key that signed a checkpoint: the register's, or one before it."""
    keys = (site.vkey, *site.older)
    return next((key for key in keys if site.older and lines_of(note, [VerifierKey.parse(key)])), site.vkey)
