"""A drawing for the place of a newsletter's title: SVG of shapes alone, with nothing that runs, loads, or is text.

Letters drawn as shapes cannot be told from other shapes; so it stands on the first page only, small, and never beside
an essay.
"""

import re
from collections.abc import Iterator

from archive.records.record import Fault, Faults

LARGEST = 32 << 10
"""Characters."""
_SVG = "{http://www.w3.org/2000/svg}"
_ELEMENTS = frozenset(
    (
        *("svg", "g", "path", "rect", "circle", "ellipse", "line", "polyline", "polygon"),
        *("defs", "linearGradient", "radialGradient", "stop", "clipPath"),
    )
)
_ATTRIBUTES = re.compile(
    "viewBox|width|height|d|points|x|y|x1|y1|x2|y2|cx|cy|r|rx|ry|fx|fy|id|offset|transform|opacity|fill|fill-opacity|"
    "fill-rule|clip-rule|clip-path|clipPathUnits|stroke|stroke-(width|linecap|linejoin|miterlimit|dasharray|dashoffset|"
    "opacity)|stop-color|stop-opacity|gradientUnits|gradientTransform|spreadMethod|preserveAspectRatio|version"
)
_VALUE = re.compile(
    r"url\(#[\w-]+\)|[^:()\\&/]*?((matrix|translate|rotate|scale|skew[XY]|rgba?|hsla?)\([\d\s.,%+e-]*\)[^:()\\&/]*?)*"
)
"""No address but one within the drawing, and no function of CSS but those of places and colours."""
_NUMBER = r"\d+(\.\d+)?"
_VIEW_BOX = re.compile(rf"(-?{_NUMBER}[ ,]+){{2}}(?!0+(\.0+)?[ ,]){_NUMBER}[ ,]+(?!0+(\.0+)?$){_NUMBER}")


def drawing(svg: str) -> str:
    """The drawing itself, where all in it is allowed; the empty text is none. Raises `Faults` with all that is not."""
    if faults := [*dict.fromkeys(_faults(svg))] if svg else []:
        raise Faults(faults)
    return svg


def _faults(svg: str) -> Iterator[Fault]:
    from xml.etree import ElementTree  # for those that have one

    if len(svg) > LARGEST:
        yield Fault(f"expected at most {LARGEST:,} characters of SVG, found {len(svg):,}", "simplify its paths")
        return
    if re.search(r"<[!?]", svg.removeprefix('<?xml version="1.0" encoding="UTF-8"?>')):
        yield Fault("holds a declaration, a comment or an instruction", "take out whatever begins with <! or <?")
        return
    try:
        root = ElementTree.fromstring(svg)
    except (ElementTree.ParseError, ValueError) as error:
        yield Fault(f"is not SVG that can be read: {error}", "save it as plain SVG")
        return
    if root.tag != f"{_SVG}svg" or not _VIEW_BOX.fullmatch(root.get("viewBox", "")):
        yield Fault(
            "expected <svg> with its xmlns and a viewBox of four numbers, the last two above 0", "save it as plain SVG"
        )
    for element in root.iter():
        name = str(element.tag).removeprefix(_SVG)
        if name not in _ELEMENTS:
            yield Fault(f"holds <{name[:40]}>, which is no plain shape", "draw it as paths, without text or images")
        if f"{element.text or ''}{element.tail or ''}".strip():
            yield Fault(f"holds text in <{name[:40]}>", "draw it as paths")
        for key, value in element.attrib.items():
            if not _ATTRIBUTES.fullmatch(key):
                yield Fault(f"<{name[:40]}> has the attribute {key[:40]}", "save it as plain SVG, without styles")
            elif not _VALUE.fullmatch(value):
                yield Fault(f"{key} of <{name[:40]}> may lead elsewhere: {value[:40]}", "keep it within the drawing")
