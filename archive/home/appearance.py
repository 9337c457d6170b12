"""``[appearance]`` in ``archive.toml``: looks of one's own that can hide no word. A site has no other way.

::

    [appearance]
    accent = "#0b5563"        # of links; it must be readable on light ground, and is made lighter for dark
    face = "sans"             # serif | sans
    masthead = '''<svg …>'''  # a drawing in the place of the title on the first page (`archive.home.masthead`)

    [[appearance.links]]
    name = "Mastodon"
    url = "https://social.example.org/@letters"
"""

from typing import Annotated

from pydantic import AfterValidator

from archive import characters
from archive.home.colour import AA, LIGHT, contrast, nearest
from archive.home.masthead import drawing
from archive.records.kinds import Many, Text, choice, pattern
from archive.records.record import Fault, Faults, Record

FACES = {"serif": "", "sans": ""}
MOST = 12
"""Links."""


def _readable(colour: str) -> str:
    if colour and (near := nearest(colour, LIGHT)) != colour:
        least = min(contrast(colour, ground) for ground in LIGHT)
        found = f"{colour} has a contrast of {least:.1f} on our light ground, and {AA} is needed (WCAG 2.2, AA)"
        raise Faults([Fault(found, f"the nearest that has it is {near}")])
    return colour


def _few(links: "tuple[Link, ...]") -> "tuple[Link, ...]":
    if len(links) > MOST:
        raise Faults([Fault(f"expected at most {MOST} links, found {len(links)}", "keep those that readers need")])
    return links


class Link(Record):
    """``[[appearance.links]]``: another place of the same people, at the foot of every page, with ``rel=me``."""

    name: Annotated[Text, pattern(characters.LINE, "one line of text that can be shown")]
    url: Annotated[str, pattern(r"https://[a-z0-9][!-~]*", "an https:// address")]


class Appearance(Record):
    """``[appearance]``; each key may be left out."""

    accent: Annotated[
        str, pattern(r"(#[0-9a-f]{6})?", "a colour such as #0b5563, in lower case"), AfterValidator(_readable)
    ] = ""
    face: Annotated[str, choice(FACES)] = "serif"
    """What the essays and headings are set in."""
    masthead: Annotated[str, AfterValidator(drawing)] = ""
    links: Annotated[Many[Link], AfterValidator(_few)] = ()
