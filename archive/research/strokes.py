"""What drawings are made of: lines, texts and colours of SVG; the same values give the same bytes.

The colours for light are attributes, so that a drawing prints and converts anywhere; those for dark are a style sheet.
"""

from collections.abc import Iterator
from html import escape

from archive.documents.words import visible

FACE = "Optima, Candara, 'Noto Sans', 'Segoe UI', system-ui, sans-serif"
COLOURS = {
    "paper": ("#ffffff", "#181715"),
    "ink": ("#1f1d1a", "#dcd7cd"),
    "quiet": ("#625d55", "#a39c90"),
    "rule": ("#e3dfd6", "#35322d"),
    "use": ("#3f6f8c", "#6fa3c2"),
    "ending": ("#d79a3a", "#d9a54c"),
    "gone": ("#8f877b", "#857e72"),
    "mark": ("#83311c", "#e0a189"),
}
"""Each on light and on dark."""


def dark(name: str = "timeline") -> str:
    """The rules of a style sheet that give drawings of that class their colours on a dark page."""
    rules = "".join(f".{name} .f-{c}{{fill:{d}}}.{name} .s-{c}{{stroke:{d}}}" for c, (_, d) in COLOURS.items())
    return f"@media screen and (prefers-color-scheme: dark){{{rules}}}"


def head(name: str, title: str, width: float, height: float, styled: bool = True) -> Iterator[str]:
    """How a drawing of the class `name` begins; unless `styled`, a page's style sheet says what is dark."""
    yield (
        f'<svg xmlns="http://www.w3.org/2000/svg" class="{name}" role="img" viewBox="0 0 {px(width)} {px(height)}" '
        f'width="{px(width)}" height="{px(height)}" font-family="{FACE}" font-size="11.5">'
    )
    yield f"<title>{safe(title)}</title>"
    if styled:
        yield f"<style>{dark(name)}</style>"
    yield rect("paper", 0, 0, width, height)
    yield text(title, 0, 19, more=' font-size="15"')


def px(number: float) -> str:
    """``12`` or ``12.5``"""
    return f"{number:.1f}".removesuffix(".0")


def safe(words: str) -> str:
    """Somebody's words in one line, with nothing in them that commands."""
    return escape(visible(" ".join(words.split())))


def paint(fill: str | None = None, stroke: str | None = None) -> str:
    """The colours of a shape."""
    classes = " ".join([f"f-{fill}"] * bool(fill) + [f"s-{stroke}"] * bool(stroke))
    line = f' stroke="{COLOURS[stroke][0]}"' if stroke else ""
    return f'class="{classes}" fill="{COLOURS[fill][0] if fill else "none"}"{line}'


def text(words: str, x: float, y: float, colour: str = "ink", more: str = "") -> str:
    return f'<text {paint(colour)} x="{px(x)}" y="{px(y)}"{more}>{safe(words)}</text>'


def rect(colour: str, x: float, y: float, width: float, height: float, more: str = "") -> str:
    return f'<rect {paint(colour)} x="{px(x)}" y="{px(y)}" width="{px(width)}" height="{px(height)}"{more}/>'


def line(colour: str, start: float, end: float, y: float, dashes: str = "", width: float = 1) -> str:
    """From left to right."""
    dashed = f' stroke-dasharray="{dashes}"' if dashes else ""
    return f'<path {paint(stroke=colour)} stroke-width="{px(width)}"{dashed} d="M{px(start)} {px(y)}H{px(end)}"/>'


def upright(colour: str, x: float, top: float, bottom: float, more: str = "") -> str:
    """From top to bottom."""
    return f'<path {paint(stroke=colour)}{more} d="M{px(x)} {px(top)}V{px(bottom)}"/>'
