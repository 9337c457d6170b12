"""The one style sheet of the site, ``style.css``: what lies in ``templates/style/``, joined in a fixed order."""

from functools import cache

from publisher.site.shared import TEMPLATES

PATH = "style.css"
"""Where it is published."""
PARTS = ("tokens", "base", "essay", "index", "model", "interview", "register", "search", "received", "verify", "print")
"""One noun each, with its own rules for narrow screens; first what all draw on, last what paper changes."""


@cache
def sheet() -> str:
    """A pure function of the program."""
    return "\n".join((TEMPLATES / f"style/{name}.css").read_text("utf-8") for name in PARTS)
