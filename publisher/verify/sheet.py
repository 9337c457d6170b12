"""Whether two style sheets are the same, where a browser wrote one of them out again while it saved a page.

It writes ``0`` as ``0px`` and ``#181715`` as ``rgb(24, 23, 21)``, parts rules by empty lines, leaves comments out and
what it does not know, and writes some shorthands in parts. No rule more, none less, none elsewhere, and no declaration
that is another passes.
"""

import re
from collections.abc import Iterator

LARGEST = 1 << 18
"""Characters of a style sheet that are read."""

_PARTS = re.compile(r"border(-(top|right|bottom|left|image))?|font(-[a-z]+)*")
"""What a browser may write in parts, or leave empty, where a variable stands in the shorthand."""
_HARMLESS = re.compile(r"border-(top|right|bottom|left|image):(0|none)|[a-z-]+:")

Rule = tuple[str, list[str]]
"""Where and for what it counts, ``@media print | .top nav,.skip``, and its declarations, ``display:none``."""


def same(found: str, ours: str) -> bool:
    """Whether a browser that saved `ours` may have written `found`."""
    if len(found) > LARGEST:
        return False
    theirs, own = [*rules(found)], [*rules(ours)]
    return [place for place, _ in theirs] == [place for place, _ in own] and all(
        _fits(saved, written) for (_, saved), (_, written) in zip(theirs, own, strict=True)
    )


def rules(css: str) -> Iterator[Rule]:
    """The rules of a style sheet without nesting but that of ``@media``."""
    css = re.sub(r"/\*.*?(\*/|\Z)", " ", css, flags=re.DOTALL)
    css = re.sub(r'^\s*@charset "utf-8";', "", css, flags=re.IGNORECASE)
    around: list[str] = []
    for before, brace in re.findall(r"([^{}]*)([{}]|\Z)", css):
        if brace == "{":
            around.append(re.sub(r"\s*,\s*", ",", " ".join(before.split())))
            continue
        declared = [each for each in map(_plain, before.split(";")) if each]
        if declared or (brace and around and not around[-1].startswith("@media")):
            yield " | ".join(around), declared
        if around:
            around.pop()


def _fits(saved: list[str], ours: list[str]) -> bool:
    more, less = [each for each in saved if each not in ours], [each for each in ours if each not in saved]
    in_order = [each for each in ours if each in saved] == [each for each in saved if each in ours]
    spelt_out = bool(more) and all(_HARMLESS.fullmatch(each) for each in more)
    return (
        in_order
        and all(each.startswith("-") or (spelt_out and _PARTS.fullmatch(each.partition(":")[0])) for each in less)
        and (not more or spelt_out)
    )


def _plain(declaration: str) -> str:
    css = re.sub(r"(?<![\w.])0(px|em|rem|%)(?![\w%])", "0", " ".join(declaration.split()).replace("'", '"'))
    css = re.sub(r"#([0-9a-f]{6})\b", lambda colour: f"rgb({','.join(map(str, bytes.fromhex(colour[1])))})", css)
    return re.sub(r"\s*([:,])\s*", r"\1", css)
